//! The compact's own beginning and what is put right in it, its name, and the compact that carries on after it.

use chrono::NaiveDate;

use crate::dated::{Since, TooEarly};
use crate::facts::Facts;
use crate::ids::{CompactId, RegionId};
use crate::region::CompactParticulars;
use crate::text::Text;
use crate::words::{Blank, REASON};

use super::error::CompactError;
use super::event::{
    CompactBeginnings, CompactCorrected, CompactEstablished, CompactRenamed, CompactSucceeded,
};
use super::{Compact, Identity};

impl Compact {
    pub(super) fn establish(
        &self,
        compact_id: CompactId,
        region_id: RegionId,
        particulars: &CompactParticulars,
    ) -> Result<CompactEstablished, CompactError> {
        if self.identity.is_some() {
            return Err(CompactError::AlreadyEstablished);
        }
        let asked = particulars.checked()?;
        Ok(CompactEstablished {
            compact_id,
            region_id,
            slug: asked.slug,
            name: asked.name,
            area: asked.area,
            launched_on: asked.launched_on,
            pilot_from_year: asked.pilot_from_year,
        })
    }

    pub(super) fn established(&mut self, event: CompactEstablished, on: NaiveDate) {
        let name = Since {
            value: event.name,
            on,
        };
        let beginnings = Since {
            value: CompactBeginnings {
                area: event.area,
                launched_on: event.launched_on,
                pilot_from_year: event.pilot_from_year,
            },
            on,
        };
        self.identity = Some(Identity {
            id: event.compact_id,
            region: event.region_id,
            established_on: on,
            name,
            beginnings,
        });
    }

    pub(super) fn rename(
        &self,
        on: NaiveDate,
        name: &str,
        reason: &Text,
    ) -> Result<CompactRenamed, CompactError> {
        let identity = self.existing(on)?;
        self.not_succeeded("record this there")?;
        let from = identity
            .name
            .before(on, "this compact was last renamed on")?;
        let to = Blank::title("name", "the compact's name").require(name)?;
        let reason = REASON.accept(reason)?;
        if *from == to {
            return Err(CompactError::Unchanged {
                field: "name",
                what: "this is the compact's name",
            });
        }
        let from = from.clone();
        Ok(CompactRenamed { from, to, reason })
    }

    pub(super) fn renamed(&mut self, event: CompactRenamed, on: NaiveDate) {
        if let Some(identity) = &mut self.identity {
            identity.name.change(event.to, on);
        }
    }

    /// A slip in the record stays one after the succession, so it can still be put right then.
    pub(super) fn correct(
        &self,
        on: NaiveDate,
        asked: &CompactBeginnings,
        reason: &Text,
    ) -> Result<CompactCorrected, CompactError> {
        let identity = self.existing(on)?;
        let what = "what is said of this compact's beginnings was last put right on";
        let from = identity.beginnings.before(on, what)?;
        let to = asked.checked()?;
        let reason = REASON.accept(reason)?;
        if *from == to {
            return Err(CompactError::Unchanged {
                field: "area",
                what: "this is what the record says of area, launch and trial",
            });
        }
        let from = from.clone();
        Ok(CompactCorrected { from, to, reason })
    }

    pub(super) fn corrected(&mut self, event: CompactCorrected, on: NaiveDate) {
        if let Some(identity) = &mut self.identity {
            identity.beginnings.change(event.to, on);
        }
    }

    pub(super) fn succeed(
        &self,
        on: NaiveDate,
        by: CompactId,
        facts: &Facts,
        reason: &Text,
    ) -> Result<CompactSucceeded, CompactError> {
        let identity = self.existing(on)?;
        self.not_succeeded("record what follows there")?;
        if by == identity.id {
            return Err(CompactError::SucceededByItself);
        }
        identity
            .name
            .before(on, "this compact was last renamed on")?;
        let last_formed = self.groups.values().map(|group| group.formed_on).max();
        TooEarly::check(on, "this compact formed its last group on", last_formed)?;
        self.begun.no_later_than(on)?;
        Ok(CompactSucceeded {
            by: facts.compact(by)?,
            reason: REASON.accept(reason)?,
        })
    }

    pub(super) fn not_succeeded(&self, instead: &'static str) -> Result<(), CompactError> {
        match &self.succeeded {
            None => Ok(()),
            Some(succession) => Err(CompactError::Succeeded {
                by: succession.value.name.clone(),
                on: succession.on,
                instead,
            }),
        }
    }
}
