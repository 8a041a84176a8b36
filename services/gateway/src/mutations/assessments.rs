//! What is made of outcomes from outside: assessed, challenged, answered.

use async_graphql::{ID, InputObject};
use domain::assessment::{AboutInput, Judgement};
use domain::ids::{AssessmentId, CommitmentId, CompactId, IdSource};
use domain::{AssessmentCommand, Command};
use uuid::Uuid;

use super::draft::{figure, new_id};
use super::evidence::outcome;
use super::{Draft, Input, Place, Recording, UserError, mutations};
use crate::node::NodeKind;
use crate::types::assessment::{Assessment, Completion, Confidence};
use crate::types::scalars::{Figure, Position};
use crate::types::words::Visibility;

mutations! {
    /// What is made of outcomes from outside: beside the compact's report, and never over it.
    AssessmentMutations;

    /// Say what the funder makes of a commitment, or of one of its outcomes.
    assess(AssessInput) -> AssessPayload {
        /// The new assessment.
        assessment: Assessment,
    }
    /// Come to another view. What it said stays in view.
    revise_assessment(ReviseAssessmentInput) -> ReviseAssessmentPayload {
        /// The assessment as it is now.
        assessment: Assessment,
    }
    /// Take an assessment back. It stays in view with the reason.
    withdraw_assessment(WithdrawAssessmentInput) -> WithdrawAssessmentPayload {
        /// The assessment as it is now.
        assessment: Assessment,
    }
    /// Doubt a commitment's report, independently of the compact and of its funder.
    challenge_outcome(ChallengeOutcomeInput) -> ChallengeOutcomePayload {
        /// The new challenge.
        assessment: Assessment,
    }
    /// Release an assessment to the compact, the region or the public; or take it back, which needs a reason. It is never let out further
    /// than the commitment it is about; to the draft means to those it concerns alone.
    release_assessment(ReleaseAssessmentInput) -> ReleaseAssessmentPayload {
        /// The assessment as it is now.
        assessment: Assessment,
    }
    /// Release a challenge, with what the compact answered, to the compact, the region or the public; or take it back, which needs a
    /// reason. It is never let out further than the commitment it is about; to the draft means to those it concerns alone.
    release_challenge(ReleaseChallengeInput) -> ReleaseChallengePayload {
        /// The challenge as it is now.
        assessment: Assessment,
    }
    /// Answer a challenge, for the compact.
    answer_challenge(AnswerChallengeInput) -> AnswerChallengePayload {
        /// The challenge as it is now.
        assessment: Assessment,
    }
    /// Take a challenge back: it is settled, or was none. It stays in view with the reason.
    withdraw_challenge(WithdrawChallengeInput) -> WithdrawChallengePayload {
        /// The challenge as it is now.
        assessment: Assessment,
    }
}

/// What is judged: a commitment as a whole, or one of its outcomes.
#[derive(InputObject)]
pub struct JudgedInput {
    /// The region in whose record it is judged.
    region_id: ID,
    /// The commitment as a whole; or else a reading or an achievement of it.
    commitment_id: Option<ID>,
    /// The reading.
    reading_id: Option<ID>,
    /// The achievement.
    achievement_id: Option<ID>,
    /// The place in the compact's ledger that was looked at, such as `lastChanged.position` of what was shown; where the ledger ends
    /// when left out.
    position: Option<Position>,
    /// The id of the new record; made when left out.
    new_id: Option<Uuid>,
}

impl JudgedInput {
    /// Where the new record is to be, and what it is about.
    fn read(&self, ids: &dyn IdSource) -> Result<(Place, AboutInput), UserError> {
        let region = Place::read(NodeKind::Region, "regionId", &self.region_id)?;
        let (commitment, outcome) = match &self.commitment_id {
            Some(id) if self.reading_id.is_none() && self.achievement_id.is_none() => {
                let place = Place::read(NodeKind::Commitment, "commitmentId", id)?;
                (place, None)
            }
            Some(_) => {
                let message = "say which commitment, or which outcome of it, and not both";
                return Err(UserError::new("commitmentId", "UNEXPECTED", message));
            }
            None => {
                let (place, outcome) =
                    outcome(self.reading_id.as_ref(), self.achievement_id.as_ref())?;
                (place, Some(outcome))
            }
        };
        let id: AssessmentId = new_id(self.new_id, ids);
        let place = Place::fresh(NodeKind::Assessment, region.ledger(), id.uuid(), "regionId");
        let about = AboutInput {
            compact: CompactId::new(commitment.ledger().uuid()),
            commitment: commitment.id::<CommitmentId>(),
            outcome,
            position: self.position.map(|position| position.0),
        };
        Ok((place, about))
    }
}

/// What is made of an outcome.
#[derive(InputObject)]
pub struct JudgementInput {
    /// How far it was completed.
    completion: Completion,
    /// How sure that is.
    confidence: Confidence,
    /// Why.
    comment: String,
}

impl From<JudgementInput> for Judgement {
    fn from(input: JudgementInput) -> Self {
        Self {
            completion: input.completion.into(),
            confidence: input.confidence.into(),
            comment: input.comment.into(),
        }
    }
}

/// A new assessment.
#[derive(InputObject)]
pub struct AssessInput {
    #[graphql(flatten)]
    judged: JudgedInput,
    #[graphql(flatten)]
    judgement: JudgementInput,
    #[graphql(flatten)]
    recording: Recording,
}

impl Input for AssessInput {
    fn recording(&self) -> &Recording {
        &self.recording
    }

    fn draft(self, ids: &dyn IdSource) -> Result<Draft, UserError> {
        let (place, about) = self.judged.read(ids)?;
        let judgement = self.judgement.into();
        let command = AssessmentCommand::Assess { about, judgement };
        Ok(ask(&place, command).making())
    }
}

/// Another view of an outcome.
#[derive(InputObject)]
pub struct ReviseAssessmentInput {
    /// The assessment.
    assessment_id: ID,
    #[graphql(flatten)]
    judgement: JudgementInput,
    /// Why.
    reason: String,
    #[graphql(flatten)]
    recording: Recording,
}

impl Input for ReviseAssessmentInput {
    fn recording(&self) -> &Recording {
        &self.recording
    }

    fn draft(self, _: &dyn IdSource) -> Result<Draft, UserError> {
        let command = AssessmentCommand::ReviseAssessment {
            judgement: self.judgement.into(),
            reason: self.reason.into(),
        };
        Ok(ask(&place(&self.assessment_id)?, command))
    }
}

/// Why an assessment is taken back.
#[derive(InputObject)]
pub struct WithdrawAssessmentInput {
    /// The assessment.
    assessment_id: ID,
    /// Why.
    reason: String,
    #[graphql(flatten)]
    recording: Recording,
}

impl Input for WithdrawAssessmentInput {
    fn recording(&self) -> &Recording {
        &self.recording
    }

    fn draft(self, _: &dyn IdSource) -> Result<Draft, UserError> {
        let reason = self.reason.into();
        let command = AssessmentCommand::WithdrawAssessment { reason };
        Ok(ask(&place(&self.assessment_id)?, command))
    }
}

/// A new challenge.
#[derive(InputObject)]
pub struct ChallengeOutcomeInput {
    #[graphql(flatten)]
    judged: JudgedInput,
    /// The figure that was found, of a reading, in its unit.
    found: Option<Figure>,
    /// What is doubted, and why.
    comment: String,
    #[graphql(flatten)]
    recording: Recording,
}

impl Input for ChallengeOutcomeInput {
    fn recording(&self) -> &Recording {
        &self.recording
    }

    fn draft(self, ids: &dyn IdSource) -> Result<Draft, UserError> {
        let (place, about) = self.judged.read(ids)?;
        let found = self.found.as_ref().map(|found| figure("found", found));
        let command = AssessmentCommand::ChallengeOutcome {
            about,
            found: found.transpose()?,
            comment: self.comment.into(),
        };
        Ok(ask(&place, command).making())
    }
}

/// The compact's answer to a challenge.
#[derive(InputObject)]
pub struct AnswerChallengeInput {
    /// The challenge.
    assessment_id: ID,
    /// The answer.
    text: String,
    #[graphql(flatten)]
    recording: Recording,
}

impl Input for AnswerChallengeInput {
    fn recording(&self) -> &Recording {
        &self.recording
    }

    fn draft(self, _: &dyn IdSource) -> Result<Draft, UserError> {
        let text = self.text.into();
        let command = AssessmentCommand::AnswerChallenge { text };
        Ok(ask(&place(&self.assessment_id)?, command))
    }
}

/// Why a challenge is taken back.
#[derive(InputObject)]
pub struct WithdrawChallengeInput {
    /// The challenge.
    assessment_id: ID,
    /// Why.
    reason: String,
    #[graphql(flatten)]
    recording: Recording,
}

impl Input for WithdrawChallengeInput {
    fn recording(&self) -> &Recording {
        &self.recording
    }

    fn draft(self, _: &dyn IdSource) -> Result<Draft, UserError> {
        let reason = self.reason.into();
        let command = AssessmentCommand::WithdrawChallenge { reason };
        Ok(ask(&place(&self.assessment_id)?, command))
    }
}

/// How far an assessment is let out from now on.
#[derive(InputObject)]
pub struct ReleaseAssessmentInput {
    /// The assessment.
    assessment_id: ID,
    /// How far it is let out from now on, beyond those it concerns.
    to: Visibility,
    /// Why; needed when fewer people can read it than before.
    reason: Option<String>,
    #[graphql(flatten)]
    recording: Recording,
}

impl Input for ReleaseAssessmentInput {
    fn recording(&self) -> &Recording {
        &self.recording
    }

    fn draft(self, _: &dyn IdSource) -> Result<Draft, UserError> {
        let command = AssessmentCommand::ReleaseAssessment {
            to: self.to.into(),
            reason: self.reason.map(Into::into),
        };
        Ok(ask(&place(&self.assessment_id)?, command))
    }
}

/// How far a challenge is let out from now on.
#[derive(InputObject)]
pub struct ReleaseChallengeInput {
    /// The challenge.
    assessment_id: ID,
    /// How far it is let out from now on, beyond those it concerns.
    to: Visibility,
    /// Why; needed when fewer people can read it than before.
    reason: Option<String>,
    #[graphql(flatten)]
    recording: Recording,
}

impl Input for ReleaseChallengeInput {
    fn recording(&self) -> &Recording {
        &self.recording
    }

    fn draft(self, _: &dyn IdSource) -> Result<Draft, UserError> {
        let command = AssessmentCommand::ReleaseChallenge {
            to: self.to.into(),
            reason: self.reason.map(Into::into),
        };
        Ok(ask(&place(&self.assessment_id)?, command))
    }
}

fn place(id: &ID) -> Result<Place, UserError> {
    Place::read(NodeKind::Assessment, "assessmentId", id)
}

fn ask(assessment: &Place, command: AssessmentCommand) -> Draft {
    let id = assessment.id();
    Draft::new(assessment, Command::Assessment { id, command })
}
