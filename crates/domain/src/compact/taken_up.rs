//! What good practice is taken up in the compact, and by whom.
//!
//! An adoption has a history of its own. That it stands is entered in the compact's as well, because the same practice is taken up
//! once by the compact itself, and once by each organisation of it, until that is given up: two commands that would take it up
//! twice meet here, whichever processes decide them.

use std::collections::BTreeMap;

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

use crate::dated::TooEarly;
use crate::figure::OrganisationFact;
use crate::ids::{AdoptionId, GoodPracticeId, OrganisationId};

use super::Compact;
use super::error::CompactError;
use super::event::{AdoptionEnded, AdoptionEntered};

/// What was taken up, as far as decisions need it.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub(super) struct TakenUp(BTreeMap<AdoptionId, Held>);

/// One practice, by one that took it up.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
struct Held {
    /// The organisation; none for the compact itself.
    by: Option<OrganisationId>,
    practice: GoodPracticeId,
    since: NaiveDate,
    /// The day it was given up.
    until: Option<NaiveDate>,
}

impl Compact {
    pub(super) fn enter_adoption(
        &self,
        on: NaiveDate,
        id: AdoptionId,
        organisation: Option<OrganisationFact>,
        practice: GoodPracticeId,
    ) -> Result<AdoptionEntered, CompactError> {
        let identity = self.existing(on)?;
        self.not_succeeded("take the good practice up there")?;
        let by = organisation.as_ref().map(|it| it.id);
        let name = organisation.as_ref().map(|it| &it.name);
        let who = || name.unwrap_or(&identity.name.value).clone();
        if let Some(held) = self.taken_up.0.get(&id) {
            let (who, on) = (who(), held.since);
            return Err(CompactError::TakenUp { who, on });
        }
        for held in self.taken_up.of(by, practice) {
            match held.until {
                None => {
                    let (who, on) = (who(), held.since);
                    return Err(CompactError::TakenUp { who, on });
                }
                Some(until) if on < until => {
                    let who = who();
                    return Err(CompactError::TakenUpUntil { who, until });
                }
                Some(_) => {}
            }
        }
        Ok(AdoptionEntered {
            adoption_id: id,
            organisation,
            practice_id: practice,
        })
    }

    /// That it ended; also of what was taken up before such things were entered here.
    pub(super) fn end_adoption(
        &self,
        on: NaiveDate,
        id: AdoptionId,
    ) -> Result<AdoptionEnded, CompactError> {
        self.existing(on)?;
        let since = self.taken_up.0.get(&id).map(|held| held.since);
        TooEarly::check(on, "this was taken up on", since)?;
        Ok(AdoptionEnded { adoption_id: id })
    }

    pub(super) fn adoption_entered(&mut self, event: &AdoptionEntered, on: NaiveDate) {
        let held = Held {
            by: event.organisation.as_ref().map(|it| it.id),
            practice: event.practice_id,
            since: on,
            until: None,
        };
        self.taken_up.0.insert(event.adoption_id, held);
        self.begun.began(on);
    }

    pub(super) fn adoption_ended(&mut self, event: &AdoptionEnded, on: NaiveDate) {
        if let Some(held) = self.taken_up.0.get_mut(&event.adoption_id) {
            held.until = Some(on);
        }
    }
}

impl TakenUp {
    fn of(
        &self,
        by: Option<OrganisationId>,
        practice: GoodPracticeId,
    ) -> impl Iterator<Item = &Held> {
        let same = move |held: &&Held| held.by == by && held.practice == practice;
        self.0.values().filter(same)
    }
}
