//! Changes to a commitment itself: its words, where it belongs, where it stands.

use async_graphql::{ID, InputObject};
use domain::commitment::{ClassificationInput, CommitmentWords};
use domain::ids::{CommitmentId, IdSource};
use domain::{Command, CommitmentCommand};
use uuid::Uuid;

use super::draft::{new_id, session};
use super::{Draft, Input, Place, Recording, UserError, mutations};
use crate::node::NodeKind;
use crate::types::commitment::Commitment;
use crate::types::scalars::{Date, Session};
use crate::types::words::Conclusion;

mutations! {
    /// Changes to a commitment itself.
    CommitmentMutations;

    /// Write a commitment into a compact's statement, as a draft.
    propose_commitment(ProposeCommitmentInput) -> ProposeCommitmentPayload {
        /// The new commitment.
        commitment: Commitment,
    }
    /// Agree to a commitment.
    agree_commitment(AgreeCommitmentInput) -> AgreeCommitmentPayload {
        /// The commitment as it is now.
        commitment: Commitment,
    }
    /// Begin work on a commitment.
    start_commitment(StartCommitmentInput) -> StartCommitmentPayload {
        /// The commitment as it is now.
        commitment: Commitment,
    }
    /// Change a commitment's words.
    reword_commitment(RewordCommitmentInput) -> RewordCommitmentPayload {
        /// The commitment as it is now.
        commitment: Commitment,
    }
    /// Change a commitment's ref.
    renumber_commitment(RenumberCommitmentInput) -> RenumberCommitmentPayload {
        /// The commitment as it is now.
        commitment: Commitment,
    }
    /// Change the aims, themes and groups a commitment belongs to.
    reclassify_commitment(ReclassifyCommitmentInput) -> ReclassifyCommitmentPayload {
        /// The commitment as it is now.
        commitment: Commitment,
    }
    /// Change a commitment's own due date.
    change_due_date(ChangeDueDateInput) -> ChangeDueDatePayload {
        /// The commitment as it is now.
        commitment: Commitment,
    }
    /// Declare a commitment achieved, partly achieved or not achieved.
    conclude_commitment(ConcludeCommitmentInput) -> ConcludeCommitmentPayload {
        /// The commitment as it is now.
        commitment: Commitment,
    }
    /// Carry a commitment forward into a commitment of a later session.
    carry_forward(CarryForwardInput) -> CarryForwardPayload {
        /// The commitment as it is now.
        commitment: Commitment,
    }
    /// Take a commitment back.
    withdraw_commitment(WithdrawCommitmentInput) -> WithdrawCommitmentPayload {
        /// The commitment as it is now.
        commitment: Commitment,
    }
    /// Take a commitment up again after it had ended.
    reopen_commitment(ReopenCommitmentInput) -> ReopenCommitmentPayload {
        /// The commitment as it is now.
        commitment: Commitment,
    }
}

/// Fields that are plural in these inputs.
const PLURAL: &[(&str, &str)] = &[("groupId", "groupIds")];

/// A new commitment.
#[derive(InputObject)]
pub struct ProposeCommitmentInput {
    /// The compact.
    compact_id: ID,
    /// The id of the new commitment; made when left out.
    new_id: Option<Uuid>,
    /// The session it belongs to.
    session: Session,
    /// Its label in the statement, unique in its session.
    #[graphql(name = "ref")]
    label: String,
    /// What is promised.
    title: String,
    /// What was said about it.
    comment: Option<String>,
    #[graphql(flatten)]
    places: PlacesInput,
    /// The day it is due, where one is named for the commitment itself.
    due_on: Option<Date>,
    #[graphql(flatten)]
    recording: Recording,
}

/// What a commitment belongs to.
#[derive(InputObject)]
pub struct PlacesInput {
    /// The charter's aims it serves, by their refs.
    #[graphql(default)]
    aims: Vec<String>,
    /// The region's themes, by their codes.
    #[graphql(default)]
    themes: Vec<String>,
    /// The compact's groups.
    #[graphql(default)]
    group_ids: Vec<ID>,
}

impl PlacesInput {
    fn read(self, at: &Place) -> Result<ClassificationInput, UserError> {
        let groups = self.group_ids.iter().enumerate();
        let groups =
            groups.map(|(index, id)| at.beside(NodeKind::Group, &format!("groupIds.{index}"), id));
        Ok(ClassificationInput {
            groups: groups.collect::<Result<_, _>>()?,
            aims: self.aims,
            themes: self.themes,
        })
    }
}

impl Input for ProposeCommitmentInput {
    fn recording(&self) -> &Recording {
        &self.recording
    }

    fn draft(self, ids: &dyn IdSource) -> Result<Draft, UserError> {
        let compact = Place::read(NodeKind::Compact, "compactId", &self.compact_id)?;
        let id: CommitmentId = new_id(self.new_id, ids);
        let commitment = Place::fresh(
            NodeKind::Commitment,
            compact.ledger(),
            id.uuid(),
            "compactId",
        );
        let command = CommitmentCommand::ProposeCommitment {
            session: session("session", &self.session)?,
            label: self.label,
            words: CommitmentWords {
                title: self.title,
                comment: self.comment.map(Into::into),
            },
            classification: self.places.read(&compact)?,
            due_on: self.due_on.map(|date| date.0),
        };
        Ok(ask(&commitment, command).making().renaming(PLURAL))
    }
}

/// That a commitment is agreed.
#[derive(InputObject)]
pub struct AgreeCommitmentInput {
    /// The commitment.
    commitment_id: ID,
    #[graphql(flatten)]
    recording: Recording,
}

impl Input for AgreeCommitmentInput {
    fn recording(&self) -> &Recording {
        &self.recording
    }

    fn draft(self, _: &dyn IdSource) -> Result<Draft, UserError> {
        let commitment = place(&self.commitment_id)?;
        Ok(ask(&commitment, CommitmentCommand::AgreeCommitment))
    }
}

/// That work on a commitment begins.
#[derive(InputObject)]
pub struct StartCommitmentInput {
    /// The commitment.
    commitment_id: ID,
    #[graphql(flatten)]
    recording: Recording,
}

impl Input for StartCommitmentInput {
    fn recording(&self) -> &Recording {
        &self.recording
    }

    fn draft(self, _: &dyn IdSource) -> Result<Draft, UserError> {
        let commitment = place(&self.commitment_id)?;
        Ok(ask(&commitment, CommitmentCommand::StartCommitment))
    }
}

/// A commitment's new words.
#[derive(InputObject)]
pub struct RewordCommitmentInput {
    /// The commitment.
    commitment_id: ID,
    /// What is promised.
    title: String,
    /// What is said about it; none takes the comment away.
    comment: Option<String>,
    /// Why.
    reason: String,
    #[graphql(flatten)]
    recording: Recording,
}

impl Input for RewordCommitmentInput {
    fn recording(&self) -> &Recording {
        &self.recording
    }

    fn draft(self, _: &dyn IdSource) -> Result<Draft, UserError> {
        let commitment = place(&self.commitment_id)?;
        let command = CommitmentCommand::RewordCommitment {
            words: CommitmentWords {
                title: self.title,
                comment: self.comment.map(Into::into),
            },
            reason: self.reason.into(),
        };
        Ok(ask(&commitment, command))
    }
}

/// A commitment's new ref.
#[derive(InputObject)]
pub struct RenumberCommitmentInput {
    /// The commitment.
    commitment_id: ID,
    /// The session it belongs to, in which refs are unique.
    session: Session,
    /// The new ref.
    #[graphql(name = "ref")]
    label: String,
    /// Why.
    reason: String,
    #[graphql(flatten)]
    recording: Recording,
}

impl Input for RenumberCommitmentInput {
    fn recording(&self) -> &Recording {
        &self.recording
    }

    fn draft(self, _: &dyn IdSource) -> Result<Draft, UserError> {
        let commitment = place(&self.commitment_id)?;
        let command = CommitmentCommand::RenumberCommitment {
            session: session("session", &self.session)?,
            label: self.label,
            reason: self.reason.into(),
        };
        Ok(ask(&commitment, command))
    }
}

/// What a commitment belongs to from now on.
#[derive(InputObject)]
pub struct ReclassifyCommitmentInput {
    /// The commitment.
    commitment_id: ID,
    #[graphql(flatten)]
    places: PlacesInput,
    /// Why.
    reason: String,
    #[graphql(flatten)]
    recording: Recording,
}

impl Input for ReclassifyCommitmentInput {
    fn recording(&self) -> &Recording {
        &self.recording
    }

    fn draft(self, _: &dyn IdSource) -> Result<Draft, UserError> {
        let commitment = place(&self.commitment_id)?;
        let command = CommitmentCommand::ReclassifyCommitment {
            classification: self.places.read(&commitment)?,
            reason: self.reason.into(),
        };
        Ok(ask(&commitment, command).renaming(PLURAL))
    }
}

/// A commitment's new due date.
#[derive(InputObject)]
pub struct ChangeDueDateInput {
    /// The commitment.
    commitment_id: ID,
    /// The new date; none takes it away.
    due_on: Option<Date>,
    /// Why.
    reason: String,
    #[graphql(flatten)]
    recording: Recording,
}

impl Input for ChangeDueDateInput {
    fn recording(&self) -> &Recording {
        &self.recording
    }

    fn draft(self, _: &dyn IdSource) -> Result<Draft, UserError> {
        let commitment = place(&self.commitment_id)?;
        let command = CommitmentCommand::ChangeDueDate {
            due_on: self.due_on.map(|date| date.0),
            reason: self.reason.into(),
        };
        Ok(ask(&commitment, command))
    }
}

/// How a commitment ends.
#[derive(InputObject)]
pub struct ConcludeCommitmentInput {
    /// The commitment.
    commitment_id: ID,
    /// Which of the three.
    conclusion: Conclusion,
    #[graphql(flatten)]
    recording: Recording,
}

impl Input for ConcludeCommitmentInput {
    fn recording(&self) -> &Recording {
        &self.recording
    }

    fn draft(self, _: &dyn IdSource) -> Result<Draft, UserError> {
        let commitment = place(&self.commitment_id)?;
        let conclusion = self.conclusion.into();
        let command = CommitmentCommand::ConcludeCommitment { conclusion };
        Ok(ask(&commitment, command))
    }
}

/// Where a commitment goes on.
#[derive(InputObject)]
pub struct CarryForwardInput {
    /// The commitment.
    commitment_id: ID,
    /// The commitment of a later session that carries on.
    into_id: ID,
    /// Why.
    reason: String,
    #[graphql(flatten)]
    recording: Recording,
}

impl Input for CarryForwardInput {
    fn recording(&self) -> &Recording {
        &self.recording
    }

    fn draft(self, _: &dyn IdSource) -> Result<Draft, UserError> {
        let commitment = place(&self.commitment_id)?;
        let command = CommitmentCommand::CarryForward {
            into: commitment.beside(NodeKind::Commitment, "intoId", &self.into_id)?,
            reason: self.reason.into(),
        };
        Ok(ask(&commitment, command).renaming(&[("commitmentId", "intoId"), ("into", "intoId")]))
    }
}

/// Why a commitment is taken back.
#[derive(InputObject)]
pub struct WithdrawCommitmentInput {
    /// The commitment.
    commitment_id: ID,
    /// Why.
    reason: String,
    #[graphql(flatten)]
    recording: Recording,
}

impl Input for WithdrawCommitmentInput {
    fn recording(&self) -> &Recording {
        &self.recording
    }

    fn draft(self, _: &dyn IdSource) -> Result<Draft, UserError> {
        let commitment = place(&self.commitment_id)?;
        let reason = self.reason;
        Ok(ask(
            &commitment,
            CommitmentCommand::WithdrawCommitment {
                reason: reason.into(),
            },
        ))
    }
}

/// Why a commitment is taken up again.
#[derive(InputObject)]
pub struct ReopenCommitmentInput {
    /// The commitment.
    commitment_id: ID,
    /// Why.
    reason: String,
    #[graphql(flatten)]
    recording: Recording,
}

impl Input for ReopenCommitmentInput {
    fn recording(&self) -> &Recording {
        &self.recording
    }

    fn draft(self, _: &dyn IdSource) -> Result<Draft, UserError> {
        let commitment = place(&self.commitment_id)?;
        let reason = self.reason;
        Ok(ask(
            &commitment,
            CommitmentCommand::ReopenCommitment {
                reason: reason.into(),
            },
        ))
    }
}

/// Reads the commitment an input names.
pub(super) fn place(id: &ID) -> Result<Place, UserError> {
    Place::read(NodeKind::Commitment, "commitmentId", id)
}

/// A command to a commitment.
pub(super) fn ask(commitment: &Place, command: CommitmentCommand) -> Draft {
    let id = commitment.id();
    Draft::new(commitment, Command::Commitment { id, command })
}
