//! The region: its register of themes, indicators and organisations, and the compacts it opened.

mod category;
mod command;
mod error;
mod event;
mod grant;
mod indicator;
mod opening;
mod organisation;
#[cfg(test)]
mod tests;
mod theme;

use std::collections::BTreeMap;

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

use crate::dated::{Dated, Directed, Since, TooEarly};
use crate::facts::{CompactFact, ThemeCode};
use crate::figure::{IndicatorFact, OrganisationFact};
use crate::ids::{CompactId, IndicatorId, OrganisationId};
use crate::names::Names;
use crate::redaction::TextRedacted;

pub use category::Category;
pub use command::*;
pub use error::{Named, RegionError};
pub use event::*;
pub use opening::ParticularsError;

pub use grant::DaysHeld;
use grant::Grants;
use organisation::Organisation;

/// The region's register, as far as decisions need it.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Region {
    established_on: Option<NaiveDate>,
    challenge: BTreeMap<String, Since<String>>,
    themes: BTreeMap<ThemeCode, Since<String>>,
    theme_names: Names<ThemeCode>,
    indicators: BTreeMap<IndicatorId, Since<IndicatorTerms>>,
    indicator_names: Names<IndicatorId>,
    organisations: BTreeMap<OrganisationId, Since<Organisation>>,
    organisation_names: Names<OrganisationId>,
    compacts: BTreeMap<CompactId, CompactFact>,
    compact_names: Names<CompactId>,
    compact_slugs: Names<CompactId>,
    #[serde(default)]
    grants: Grants,
}

impl Region {
    /// Whether its record has begun.
    pub const fn is_established(&self) -> bool {
        self.established_on.is_some()
    }

    /// A theme's name.
    pub fn theme(&self, code: &str) -> Option<&str> {
        self.themes.get(code).map(|theme| theme.value.as_str())
    }

    /// An indicator as it is now.
    pub fn indicator(&self, id: IndicatorId) -> Option<IndicatorFact> {
        let terms = &self.indicators.get(&id)?.value;
        Some(IndicatorFact {
            id,
            name: terms.name.clone(),
            unit: terms.unit.clone(),
            additive: terms.additive,
        })
    }

    /// An organisation as it is now.
    pub fn organisation(&self, id: OrganisationId) -> Option<OrganisationFact> {
        let name = self.organisations.get(&id)?.value.name.clone();
        Some(OrganisationFact { id, name })
    }

    /// A compact as the register opened it.
    pub fn compact(&self, id: CompactId) -> Option<CompactFact> {
        self.compacts.get(&id).cloned()
    }

    /// What the command brings about: nothing is written here.
    fn decide(&self, directed: &Directed<RegionCommand>) -> Result<[RegionEvent; 1], RegionError> {
        use RegionCommand as C;
        let (on, facts) = (directed.occurred_on, &directed.facts);
        if !matches!(directed.command, C::EstablishRegion { .. }) {
            self.existing(on)?;
        }
        Ok([match &directed.command {
            C::EstablishRegion {
                slug,
                name,
                funder,
                note,
                secretariat_cost_gbp_per_year: cost,
            } => {
                let established = self.establish(slug, name, funder, note.as_ref())?;
                established.costing(*cost).into()
            }
            C::SetChallenge { label, text } => self.set_challenge(on, label, text)?.into(),
            C::AddTheme { code, name } => self.add_theme(on, code, name)?.into(),
            C::RenameTheme { code, name, reason } => {
                self.rename_theme(on, code, name, reason)?.into()
            }
            C::DefineIndicator { indicator, terms } => {
                self.define_indicator(on, *indicator, terms)?.into()
            }
            C::CorrectIndicator {
                indicator,
                terms,
                reason,
            } => self
                .correct_indicator(on, *indicator, terms, reason)?
                .into(),
            C::RegisterOrganisation {
                organisation,
                name,
                category,
            } => self
                .register_organisation(on, *organisation, name, *category)?
                .into(),
            C::RenameOrganisation {
                organisation,
                name,
                reason,
            } => self
                .rename_organisation(on, *organisation, name, reason)?
                .into(),
            C::RecategoriseOrganisation {
                organisation,
                category,
                reason,
            } => self
                .recategorise_organisation(on, *organisation, *category, reason)?
                .into(),
            C::OpenCompact {
                compact,
                particulars,
            } => self.open_compact(on, *compact, particulars)?.into(),
            C::GrantRole { grant, terms } => self.grant_role(*grant, terms, facts)?.into(),
            C::EndRole { grant, ending } => self.end_role(on, *grant, ending)?.into(),
            C::RedactText { text, reason } => TextRedacted::of(*text, reason)?.into(),
        }])
    }

    /// Refuses whatever is asked of a region that does not exist, or did not on that day.
    fn existing(&self, on: NaiveDate) -> Result<(), RegionError> {
        let established_on = self.established_on.ok_or(RegionError::NotEstablished)?;
        let what = "this region's record begins on";
        Ok(TooEarly::check(on, what, Some(established_on))?)
    }
}

crate::aggregate::aggregate! {
    Region, "region": RegionCommand => RegionEvent, RegionError
}

impl Region {
    fn take(&mut self, dated: Dated<RegionEvent>) {
        let on = dated.occurred_on;
        match dated.event {
            RegionEvent::Established(_) => self.established_on = Some(on),
            RegionEvent::ChallengeSet(event) => self.challenge_set(event, on),
            RegionEvent::ThemeAdded(event) => self.theme_added(event, on),
            RegionEvent::ThemeRenamed(event) => self.theme_renamed(event, on),
            RegionEvent::IndicatorDefined(event) => self.indicator_defined(event, on),
            RegionEvent::IndicatorCorrected(event) => self.indicator_corrected(event, on),
            RegionEvent::OrganisationRegistered(event) => self.organisation_registered(event, on),
            RegionEvent::OrganisationRenamed(event) => self.organisation_renamed(event, on),
            RegionEvent::OrganisationRecategorised(event) => {
                self.organisation_recategorised(&event, on);
            }
            RegionEvent::CompactOpened(event) => self.compact_opened(event),
            RegionEvent::RoleGranted(event) => self.role_granted(event, on),
            RegionEvent::RoleEnded(event) => self.role_ended(&event, on),
            RegionEvent::TextRedacted(_) => {}
        }
    }
}
