//! A commitment: one annual priority, its impact measures and what came of it.

mod achievement;
mod command;
mod decide;
mod error;
mod event;
mod evidence;
mod figures;
mod life;
mod measure;
mod reading;
mod release;
mod standing;
mod statement;
mod status;
#[cfg(test)]
mod tests;

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::dated::{Dated, Since};
use crate::facts::CommitmentFact;
use crate::ids::{AchievementId, CommitmentId, EvidenceId, GroupId, MeasureId, ReadingId};
use crate::visibility::Visibility;

pub use command::*;
pub use error::CommitmentError;
pub use event::*;
pub use evidence::Outcome;
pub use figures::FigureError;
pub use measure::Measure;
pub use status::{Conclusion, Standing, Status};

use achievement::Achievement;
use evidence::Held;
use life::Life;
use reading::Reading;
use statement::Statement;

/// The commitment, as far as decisions need it.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Commitment {
    statement: Option<Statement>,
    life: Life,
    /// How far it is let out; none until it is proposed.
    release: Option<Since<Visibility>>,
    measures: BTreeMap<MeasureId, Measure>,
    readings: BTreeMap<ReadingId, Reading>,
    achievements: BTreeMap<AchievementId, Achievement>,
    evidence: BTreeMap<EvidenceId, Held>,
}

impl Commitment {
    /// The commitment as others mention it; none before it was proposed. `id` is its own.
    pub fn fact(&self, id: CommitmentId) -> Option<CommitmentFact> {
        let statement = self.statement.as_ref()?;
        Some(CommitmentFact {
            id,
            session: statement.session,
            label: statement.label.clone(),
            title: statement.words.title.clone(),
        })
    }

    /// Where it stands.
    pub const fn status(&self) -> Status {
        self.life.status
    }

    /// The groups it belongs to; none before it was proposed.
    pub fn groups(&self) -> impl Iterator<Item = GroupId> {
        self.statement.iter().flat_map(Statement::groups)
    }
}

crate::aggregate::aggregate! {
    Commitment, "commitment": CommitmentCommand => CommitmentEvent, CommitmentError
}

impl Commitment {
    fn take(&mut self, dated: Dated<CommitmentEvent>) {
        use CommitmentEvent as E;
        let on = dated.occurred_on;
        if dated.event.changes_the_commitment() {
            self.life.changed(on);
        }
        match dated.event {
            E::Proposed(event) => {
                self.life.proposed(on);
                self.born(on);
                self.statement = Some(event.into());
            }
            E::Agreed(_) => self.life.moved(Status::Agreed, on),
            E::Started(_) => self.life.moved(Status::InProgress, on),
            E::Reworded(event) => self.reworded(event),
            E::Renumbered(event) => self.renumbered(event),
            E::Reclassified(event) => self.reclassified(event),
            E::DueDateChanged(event) => self.due_date_changed(&event),
            E::MeasureAdded(event) => self.measure_added(&event, on),
            E::BaselineSet(event) => self.baseline_set(&event, on),
            E::TargetChanged(event) => self.target_changed(&event, on),
            E::MeasureDueDateChanged(event) => self.measure_due_date_changed(&event, on),
            E::MeasureWithdrawn(event) => self.measure_withdrawn(&event, on),
            E::ReadingRecorded(event) => self.reading_recorded(event, on),
            E::ReadingCorrected(event) => self.reading_corrected(event, on),
            E::ReadingWithdrawn(event) => self.reading_withdrawn(&event, on),
            E::AchievementReported(event) => self.achievement_reported(event, on),
            E::AchievementCorrected(event) => self.achievement_corrected(event, on),
            E::AchievementWithdrawn(event) => self.achievement_withdrawn(&event, on),
            E::EvidenceAttached(event) => self.evidence_attached(&event, on),
            E::EvidenceWithdrawn(event) => self.evidence_withdrawn(&event, on),
            E::Concluded(event) => self.life.moved(event.conclusion.into(), on),
            E::CarriedForward(_) => self.life.moved(Status::CarriedForward, on),
            E::Withdrawn(_) => self.life.moved(Status::Withdrawn, on),
            E::Reopened(event) => self.life.reopened(event.to, on),
            E::VisibilityChanged(event) => self.released(&event, on),
            E::TextRedacted(_) => {}
        }
    }
}

impl CommitmentEvent {
    /// Whether it changes what the statement says of the commitment itself.
    const fn changes_the_commitment(&self) -> bool {
        matches!(
            self,
            Self::Reworded(_)
                | Self::Renumbered(_)
                | Self::Reclassified(_)
                | Self::DueDateChanged(_)
        )
    }
}
