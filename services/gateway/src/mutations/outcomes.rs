//! What came of a commitment, in words.

use async_graphql::{ID, InputObject};
use domain::CommitmentCommand;
use domain::commitment::{AchievementTerms, Outcome};
use domain::ids::{AchievementId, IdSource};
use uuid::Uuid;

use super::commitment::{ask, place};
use super::draft::new_id;
use super::evidence::{self, EvidenceInput};
use super::{Draft, Input, Place, Recording, UserError, mutations};
use crate::node::NodeKind;
use crate::types::achievement::Achievement;
use crate::types::commitment::Commitment;
use crate::types::scalars::Date;
use crate::types::words::Standing;

mutations! {
    /// What came of a commitment, in words.
    OutcomeMutations;

    /// Tell in words what came of a commitment.
    report_achievement(ReportAchievementInput) -> ReportAchievementPayload {
        /// The commitment as it is now.
        commitment: Commitment,
        /// The new achievement.
        achievement: Achievement,
    }
    /// Put a wrong report right. What it said stays in view, and where the commitment stands stays as it
    /// is, whatever the report says now: conclude or reopen the commitment if that was wrong too.
    correct_achievement(CorrectAchievementInput) -> CorrectAchievementPayload {
        /// The commitment as it is now.
        commitment: Commitment,
        /// The achievement as it is now.
        achievement: Achievement,
    }
    /// Take a report back. It stays in view with the reason, and where the commitment stands stays as it is:
    /// reopen the commitment if the report had concluded it.
    withdraw_achievement(WithdrawAchievementInput) -> WithdrawAchievementPayload {
        /// The commitment as it is now.
        commitment: Commitment,
        /// The achievement as it is now.
        achievement: Achievement,
    }
}

/// What came of a commitment, in words.
#[derive(InputObject)]
pub struct ReportAchievementInput {
    /// The commitment.
    commitment_id: ID,
    /// The id of the new achievement; made when left out.
    new_id: Option<Uuid>,
    /// The day it is reported.
    reported_on: Date,
    /// How the report puts it.
    standing: Standing,
    /// The words.
    text: String,
    /// What it rests on, as far as that is at hand.
    #[graphql(default)]
    evidence: Vec<EvidenceInput>,
    #[graphql(flatten)]
    recording: Recording,
}

impl Input for ReportAchievementInput {
    fn recording(&self) -> &Recording {
        &self.recording
    }

    fn draft(self, ids: &dyn IdSource) -> Result<Draft, UserError> {
        let commitment = place(&self.commitment_id)?;
        let achievement: AchievementId = new_id(self.new_id, ids);
        let command = CommitmentCommand::ReportAchievement {
            achievement,
            reported_on: self.reported_on.0,
            standing: self.standing.into(),
            text: self.text.into(),
        };
        let draft = ask(&commitment, command).about(NodeKind::Achievement, achievement.uuid());
        let outcome = Outcome::Achievement(achievement);
        evidence::beside(draft.making(), &commitment, outcome, self.evidence, ids)
    }
}

/// What a report should say.
#[derive(InputObject)]
pub struct CorrectAchievementInput {
    /// The achievement.
    achievement_id: ID,
    /// The day it is reported.
    reported_on: Date,
    /// How the report puts it.
    standing: Standing,
    /// The words.
    text: String,
    /// Why.
    reason: String,
    #[graphql(flatten)]
    recording: Recording,
}

impl Input for CorrectAchievementInput {
    fn recording(&self) -> &Recording {
        &self.recording
    }

    fn draft(self, _: &dyn IdSource) -> Result<Draft, UserError> {
        let (commitment, achievement) = achievement(&self.achievement_id)?;
        let command = CommitmentCommand::CorrectAchievement {
            achievement,
            terms: AchievementTerms {
                reported_on: self.reported_on.0,
                standing: self.standing.into(),
                text: self.text.into(),
            },
            reason: self.reason.into(),
        };
        Ok(ask(&commitment, command).about(NodeKind::Achievement, achievement.uuid()))
    }
}

/// Why a report is taken back.
#[derive(InputObject)]
pub struct WithdrawAchievementInput {
    /// The achievement.
    achievement_id: ID,
    /// Why.
    reason: String,
    #[graphql(flatten)]
    recording: Recording,
}

impl Input for WithdrawAchievementInput {
    fn recording(&self) -> &Recording {
        &self.recording
    }

    fn draft(self, _: &dyn IdSource) -> Result<Draft, UserError> {
        let (commitment, achievement) = achievement(&self.achievement_id)?;
        let command = CommitmentCommand::WithdrawAchievement {
            achievement,
            reason: self.reason.into(),
        };
        Ok(ask(&commitment, command).about(NodeKind::Achievement, achievement.uuid()))
    }
}

fn achievement(id: &ID) -> Result<(Place, AchievementId), UserError> {
    Place::of_part(NodeKind::Achievement, "achievementId", id)
}
