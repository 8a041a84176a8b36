//! What an assessment or a challenge is about: a commitment of a compact, or one outcome of it, as it stood at a place in its ledger.

use serde::{Deserialize, Serialize};

use crate::commitment::Outcome;
use crate::facts::Facts;
use crate::ids::{CommitmentId, CompactId};
use crate::session::Session;

use super::error::AssessmentError;

/// What is judged, as it stood.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct About {
    /// The compact.
    pub compact_id: CompactId,
    /// The commitment.
    pub commitment_id: CommitmentId,
    /// Its session.
    pub session: Session,
    /// Its ref then. What it is called stays in the compact's own ledger: it may be taken back there.
    #[serde(rename = "ref")]
    pub label: String,
    /// The reading or the achievement; none for the commitment as a whole.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub outcome: Option<Outcome>,
    /// The place in the compact's ledger it was judged from: nothing after it was taken into account.
    pub position: u64,
}

impl About {
    /// Whether it is about a figure.
    pub const fn is_of_a_reading(&self) -> bool {
        matches!(self.outcome, Some(Outcome::Reading(_)))
    }
}

/// What is to be judged.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct AboutInput {
    /// The compact.
    pub compact: CompactId,
    /// The commitment.
    pub commitment: CommitmentId,
    /// The reading or the achievement; none for the commitment as a whole.
    pub outcome: Option<Outcome>,
    /// The place in the compact's ledger that was looked at; none for where the ledger ends.
    pub position: Option<u64>,
}

impl AboutInput {
    pub(super) fn checked(&self, facts: &Facts) -> Result<About, AssessmentError> {
        let found = facts.reported.get(&(self.compact, self.commitment));
        let found = found.ok_or(AssessmentError::UnknownCommitment)?;
        if let Some(outcome) = self.outcome.filter(|it| !found.outcomes.contains(it)) {
            return Err(AssessmentError::UnknownOutcome { outcome });
        }
        let position = self.position.unwrap_or(found.head);
        if position > found.head {
            let head = found.head;
            return Err(AssessmentError::Ahead { position, head });
        }
        Ok(About {
            compact_id: self.compact,
            commitment_id: self.commitment,
            session: found.commitment.session,
            label: found.commitment.label.clone(),
            outcome: self.outcome,
            position,
        })
    }
}
