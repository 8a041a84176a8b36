//! The region's beginning, its themes, and the challenge put to its employers.

use chrono::NaiveDate;

use crate::dated::Since;
use crate::facts::UnknownFact;
use crate::text::Text;
use crate::words::{Blank, REASON, slug};

use super::Region;
use super::error::{Named, RegionError};
use super::event::{ChallengeSet, RegionEstablished, ThemeAdded, ThemeRenamed};

const NAME: Blank = Blank::title("name", "a name");

impl RegionEstablished {
    /// The same, with what a secretariat costs a year.
    pub(super) fn costing(self, secretariat_cost_gbp_per_year: Option<u32>) -> Self {
        Self {
            secretariat_cost_gbp_per_year,
            ..self
        }
    }
}

impl Region {
    pub(super) fn establish(
        &self,
        address: &str,
        name: &str,
        funder: &str,
        note: Option<&Text>,
    ) -> Result<RegionEstablished, RegionError> {
        if self.established_on.is_some() {
            return Err(RegionError::AlreadyEstablished);
        }
        Ok(RegionEstablished {
            slug: slug("slug", address)?,
            name: NAME.require(name)?,
            funder: Blank::title("funder", "the funder").require(funder)?,
            note: Blank::text("note", "the note").accept_any(note)?,
            secretariat_cost_gbp_per_year: None,
        })
    }

    pub(super) fn set_challenge(
        &self,
        on: NaiveDate,
        label: &str,
        text: &str,
    ) -> Result<ChallengeSet, RegionError> {
        let label = Blank::label("ref", "a ref").require(label)?;
        let text = Blank::text("text", "the text").require(text)?;
        let what = "this point of the challenge was last changed on";
        let standing = self.challenge.get(&label);
        let from = standing.map(|point| point.before(on, what)).transpose()?;
        if from == Some(&text) {
            return Err(RegionError::Unchanged {
                field: "text",
                what: "this point of the challenge has these words",
            });
        }
        let from = from.cloned();
        Ok(ChallengeSet { label, text, from })
    }

    pub(super) fn challenge_set(&mut self, event: ChallengeSet, on: NaiveDate) {
        let value = event.text;
        self.challenge.insert(event.label, Since { value, on });
    }

    pub(super) fn add_theme(
        &self,
        on: NaiveDate,
        code: &str,
        name: &str,
    ) -> Result<ThemeAdded, RegionError> {
        let code = slug("code", code)?;
        let name = NAME.require(name)?;
        if self.themes.contains_key(&code) {
            let named = Named::ThemeCode;
            let holder = code;
            return Err(RegionError::NameTaken { named, holder });
        }
        self.free_theme_name(&name, &code, on)?;
        Ok(ThemeAdded { code, name })
    }

    pub(super) fn theme_added(&mut self, event: ThemeAdded, on: NaiveDate) {
        self.theme_names.give(&event.name, event.code.clone());
        let value = event.name;
        self.themes.insert(event.code, Since { value, on });
    }

    pub(super) fn rename_theme(
        &self,
        on: NaiveDate,
        code: &str,
        name: &str,
        reason: &Text,
    ) -> Result<ThemeRenamed, RegionError> {
        let code = code.trim().to_owned();
        let theme = self.themes.get(&code);
        let theme = theme.ok_or_else(|| UnknownFact::Theme(code.clone()))?;
        let from = theme.before(on, "this theme was last changed on")?.clone();
        let to = NAME.require(name)?;
        let reason = REASON.accept(reason)?;
        if from == to {
            return Err(RegionError::Unchanged {
                field: "name",
                what: "this is the theme's name",
            });
        }
        self.free_theme_name(&to, &code, on)?;
        Ok(ThemeRenamed {
            code,
            from,
            to,
            reason,
        })
    }

    pub(super) fn theme_renamed(&mut self, event: ThemeRenamed, on: NaiveDate) {
        let code = event.code;
        if let Some(theme) = self.themes.get_mut(&code) {
            self.theme_names.change(&theme.value, &event.to, code, on);
            theme.change(event.to, on);
        }
    }

    fn free_theme_name(
        &self,
        name: &str,
        taker: &String,
        on: NaiveDate,
    ) -> Result<(), RegionError> {
        let checked = self.theme_names.check(name, taker, on);
        checked.map_err(|taken| {
            let holder = |code: String| self.theme(&code).map(str::to_owned);
            RegionError::taken(Named::Theme, name, taken, holder)
        })
    }
}
