//! Evidence: what a reading or an achievement rests on, attached when it is reported or later, and taken back.
//!
//! What was reported stays as it was stored: evidence is an event of its own, and putting a report right leaves its evidence
//! where it is.

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

use crate::dated::{Directed, TooEarly};
use crate::file::{Evidence, EvidenceInput, FileHash};
use crate::ids::{AchievementId, EvidenceId, ReadingId};
use crate::text::Text;
use crate::words::REASON;

use super::Commitment;
use super::command::CommitmentCommand;
use super::error::CommitmentError;
use super::event::{
    AchievementWithdrawn, CommitmentEvent, EvidenceAttached, EvidenceWithdrawn, ReadingWithdrawn,
};
use super::statement::unchanged;

/// What came of a commitment, as others speak of it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(tag = "kind", content = "id", rename_all = "kebab-case")]
pub enum Outcome {
    /// A reading against one of its measures.
    Reading(ReadingId),
    /// An achievement in words.
    Achievement(AchievementId),
}

/// Evidence, as far as decisions need it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub(super) struct Held {
    outcome: Outcome,
    place: Place,
    attached_on: NaiveDate,
    withdrawn_on: Option<NaiveDate>,
}

impl Held {
    const fn withdrawn(&self, evidence_id: EvidenceId, reason: Text) -> EvidenceWithdrawn {
        EvidenceWithdrawn {
            evidence_id,
            outcome: self.outcome,
            file: match self.place {
                Place::File(hash) => Some(hash),
                Place::Link(_) => None,
            },
            reason,
        }
    }
}

/// What takes an outcome back.
pub(super) trait TakesBack {
    /// Why.
    fn reason(&self) -> &Text;
}

impl TakesBack for ReadingWithdrawn {
    fn reason(&self) -> &Text {
        &self.reason
    }
}

impl TakesBack for AchievementWithdrawn {
    fn reason(&self) -> &Text {
        &self.reason
    }
}

/// Where it is to be seen: what tells one piece of evidence from another.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
enum Place {
    Link(String),
    File(FileHash),
}

impl Place {
    const fn field(&self) -> &'static str {
        match self {
            Self::Link(_) => "link.url",
            Self::File(_) => "file",
        }
    }
}

impl From<&Evidence> for Place {
    fn from(evidence: &Evidence) -> Self {
        match evidence {
            Evidence::Link { url, .. } => Self::Link(url.clone()),
            Evidence::File(file) => Self::File(file.hash),
        }
    }
}

impl Commitment {
    /// Its readings and achievements that stand.
    pub fn outcomes(&self) -> impl Iterator<Item = Outcome> {
        let readings = self.readings.iter().filter(|(_, it)| it.stands());
        let told = self.achievements.iter().filter(|(_, it)| it.stands());
        let readings = readings.map(|(id, _)| Outcome::Reading(*id));
        readings.chain(told.map(|(id, _)| Outcome::Achievement(*id)))
    }

    /// What a piece of evidence is attached to, while it is.
    pub fn evidence_of(&self, id: EvidenceId) -> Option<Outcome> {
        Some(self.evidence.get(&id)?.outcome)
    }

    pub(super) fn attach_evidence(
        &self,
        directed: &Directed<CommitmentCommand>,
        evidence_id: EvidenceId,
        outcome: Outcome,
        asked: &EvidenceInput,
    ) -> Result<EvidenceAttached, CommitmentError> {
        self.changing_outcome(directed.occurred_on, outcome)?;
        if self.evidence.contains_key(&evidence_id) {
            let (field, thing) = ("evidenceId", "evidence");
            return Err(CommitmentError::IdTaken { field, thing });
        }
        let evidence = asked.checked(&directed.facts)?;
        let place = Place::from(&evidence);
        let mut standing = self
            .evidence
            .values()
            .filter(|it| it.withdrawn_on.is_none());
        if standing.any(|it| it.outcome == outcome && it.place == place) {
            return Err(unchanged(place.field(), "this is attached to it"));
        }
        Ok(EvidenceAttached {
            evidence_id,
            outcome,
            evidence,
        })
    }

    pub(super) fn evidence_attached(&mut self, event: &EvidenceAttached, on: NaiveDate) {
        self.outcome_changed(event.outcome, on);
        let held = Held {
            outcome: event.outcome,
            place: Place::from(&event.evidence),
            attached_on: on,
            withdrawn_on: None,
        };
        self.evidence.insert(event.evidence_id, held);
    }

    pub(super) fn withdraw_evidence(
        &self,
        on: NaiveDate,
        evidence_id: EvidenceId,
        reason: &Text,
    ) -> Result<EvidenceWithdrawn, CommitmentError> {
        self.open_for_reports(on)?;
        let held = self.evidence.get(&evidence_id);
        let held = held.ok_or(CommitmentError::UnknownEvidence)?;
        if let Some(on) = held.withdrawn_on {
            return Err(CommitmentError::EvidenceWithdrawn { on });
        }
        let what = "this evidence was attached on";
        TooEarly::check(on, what, Some(held.attached_on))?;
        Ok(held.withdrawn(evidence_id, REASON.accept(reason)?))
    }

    /// What takes an outcome back, and with it whatever it rests on: evidence of nothing is not kept in view.
    pub(super) fn with_its_evidence<E>(&self, outcome: Outcome, event: E) -> Vec<CommitmentEvent>
    where
        E: Into<CommitmentEvent> + TakesBack,
    {
        let reason = event.reason().clone();
        let held = self.evidence.iter();
        let held = held.filter(|(_, it)| it.outcome == outcome && it.withdrawn_on.is_none());
        let withdrawn = held.map(|(id, held)| {
            let reason = reason.clone();
            held.withdrawn(*id, reason).into()
        });
        let withdrawn: Vec<_> = withdrawn.collect();
        std::iter::once(event.into()).chain(withdrawn).collect()
    }

    pub(super) fn evidence_withdrawn(&mut self, event: &EvidenceWithdrawn, on: NaiveDate) {
        self.life.reported(on);
        if let Some(held) = self.evidence.get_mut(&event.evidence_id) {
            held.withdrawn_on = Some(on);
        }
    }

    /// Insists that the outcome stands and has not changed since `on`.
    fn changing_outcome(&self, on: NaiveDate, outcome: Outcome) -> Result<(), CommitmentError> {
        match outcome {
            Outcome::Reading(id) => self.changing_reading(on, id).map(|_| ()),
            Outcome::Achievement(id) => self.changing_achievement(on, id).map(|_| ()),
        }
    }

    fn outcome_changed(&mut self, outcome: Outcome, on: NaiveDate) {
        match outcome {
            Outcome::Reading(id) => self.reading_changed(id, on),
            Outcome::Achievement(id) => self.achievement_changed(id, on),
        }
    }
}
