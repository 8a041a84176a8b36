//! What readings and achievements rest on: attached when they are reported, or later, and taken back.

use async_graphql::{ID, InputObject};
use domain::CommitmentCommand;
use domain::commitment::Outcome;
use domain::ids::{EvidenceId, IdSource};
use uuid::Uuid;

use super::commitment::ask;
use super::draft::new_id;
use super::files::DocumentInput;
use super::{Draft, Input, Place, Recording, UserError, mutations};
use crate::node::NodeKind;
use crate::types::commitment::Commitment;
use crate::types::evidence::Evidence;

mutations! {
    /// What readings and achievements rest on.
    EvidenceMutations;

    /// Say what a reading or an achievement rests on: a link, or a file that was uploaded.
    attach_evidence(AttachEvidenceInput) -> AttachEvidencePayload {
        /// The commitment as it is now.
        commitment: Commitment,
        /// The new evidence.
        evidence: Evidence,
    }
    /// Take evidence back. It stays in view with the reason.
    withdraw_evidence(WithdrawEvidenceInput) -> WithdrawEvidencePayload {
        /// The commitment as it is now.
        commitment: Commitment,
        /// The evidence as it is now.
        evidence: Evidence,
    }
}

/// What an outcome rests on: a file or a link, one of the two.
#[derive(InputObject)]
pub struct EvidenceInput {
    #[graphql(flatten)]
    document: DocumentInput,
    /// The id of the new evidence; made when left out.
    new_id: Option<Uuid>,
}

impl EvidenceInput {
    /// What attaches it to an outcome, with its new id.
    pub(super) fn read(
        self,
        outcome: Outcome,
        ids: &dyn IdSource,
    ) -> Result<(EvidenceId, CommitmentCommand), UserError> {
        let what = self.document.read()?;
        let evidence: EvidenceId = new_id(self.new_id, ids);
        let command = CommitmentCommand::AttachEvidence {
            evidence,
            outcome,
            what,
        };
        Ok((evidence, command))
    }
}

/// What is asked beside a report: to attach its evidence, each under its name in the input.
pub(super) fn beside(
    draft: Draft,
    commitment: &Place,
    outcome: Outcome,
    evidence: Vec<EvidenceInput>,
    ids: &dyn IdSource,
) -> Result<Draft, UserError> {
    let mut also = Vec::with_capacity(evidence.len());
    for (nth, each) in evidence.into_iter().enumerate() {
        let name = format!("evidence.{nth}");
        let read = each.read(outcome, ids);
        let (_, command) = read.map_err(|error| error.inside(&name))?;
        also.push((name, ask(commitment, command).command));
    }
    Ok(draft.leading_to(also))
}

/// What a reading or an achievement rests on.
#[derive(InputObject)]
pub struct AttachEvidenceInput {
    /// The reading; or else `achievementId`.
    reading_id: Option<ID>,
    /// The achievement; or else `readingId`.
    achievement_id: Option<ID>,
    #[graphql(flatten)]
    evidence: EvidenceInput,
    #[graphql(flatten)]
    recording: Recording,
}

impl Input for AttachEvidenceInput {
    fn recording(&self) -> &Recording {
        &self.recording
    }

    fn draft(self, ids: &dyn IdSource) -> Result<Draft, UserError> {
        let (commitment, outcome) =
            outcome(self.reading_id.as_ref(), self.achievement_id.as_ref())?;
        let (evidence, command) = self.evidence.read(outcome, ids)?;
        let draft = ask(&commitment, command).about(NodeKind::Evidence, evidence.uuid());
        Ok(draft.making())
    }
}

/// Exactly one of a reading and an achievement.
pub(super) fn outcome(
    reading: Option<&ID>,
    achievement: Option<&ID>,
) -> Result<(Place, Outcome), UserError> {
    match (reading, achievement) {
        (Some(id), None) => {
            let (place, id) = Place::of_part(NodeKind::Reading, "readingId", id)?;
            Ok((place, Outcome::Reading(id)))
        }
        (None, Some(id)) => {
            let (place, id) = Place::of_part(NodeKind::Achievement, "achievementId", id)?;
            Ok((place, Outcome::Achievement(id)))
        }
        _ => {
            let message = "say either which reading or which achievement";
            Err(UserError::new("readingId", "MISSING", message))
        }
    }
}

/// Why evidence is taken back.
#[derive(InputObject)]
pub struct WithdrawEvidenceInput {
    /// The evidence.
    evidence_id: ID,
    /// Why.
    reason: String,
    #[graphql(flatten)]
    recording: Recording,
}

impl Input for WithdrawEvidenceInput {
    fn recording(&self) -> &Recording {
        &self.recording
    }

    fn draft(self, _: &dyn IdSource) -> Result<Draft, UserError> {
        let (commitment, evidence): (_, EvidenceId) =
            Place::of_part(NodeKind::Evidence, "evidenceId", &self.evidence_id)?;
        let command = CommitmentCommand::WithdrawEvidence {
            evidence,
            reason: self.reason.into(),
        };
        Ok(ask(&commitment, command).about(NodeKind::Evidence, evidence.uuid()))
    }
}
