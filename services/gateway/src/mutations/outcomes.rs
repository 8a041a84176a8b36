//! What came of a commitment: readings against its measures, and achievements in words.

use async_graphql::{ID, InputObject};
use domain::CommitmentCommand;
use domain::commitment::{AchievementTerms, OrganisationPart, ReadingInput};
use domain::ids::{AchievementId, IdSource, ReadingId};
use uuid::Uuid;

use super::commitment::{ask, place};
use super::draft::{figure, new_id, registered};
use super::measures::measure;
use super::{Draft, Input, Place, Recording, UserError, mutations};
use crate::node::NodeKind;
use crate::types::commitment::{Achievement, Commitment};
use crate::types::measure::Reading;
use crate::types::scalars::{Date, Figure};
use crate::types::words::Standing;

mutations! {
    /// What came of a commitment.
    OutcomeMutations;

    /// Record a reading against a measure.
    record_reading(RecordReadingInput) -> RecordReadingPayload {
        /// The commitment as it is now.
        commitment: Commitment,
        /// The new reading.
        reading: Reading,
    }
    /// Put a wrong reading right. What it said stays in view.
    correct_reading(CorrectReadingInput) -> CorrectReadingPayload {
        /// The commitment as it is now.
        commitment: Commitment,
        /// The reading as it is now.
        reading: Reading,
    }
    /// Take a reading out of the count.
    withdraw_reading(WithdrawReadingInput) -> WithdrawReadingPayload {
        /// The commitment as it is now.
        commitment: Commitment,
        /// The reading as it is now.
        reading: Reading,
    }
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

/// Fields that lie deeper in these inputs.
const PARTS: &[(&str, &str)] = &[("organisationId", "byOrganisation")];

/// What a reading says.
#[derive(InputObject)]
pub struct ReadingTermsInput {
    /// The day it was counted.
    taken_on: Date,
    /// The figure, in the indicator's unit.
    value: Figure,
    /// Where it came from.
    source: String,
    /// What was said about it.
    note: Option<String>,
    /// The organisations it is made up of, as far as they are known; together at most the figure.
    #[graphql(default)]
    by_organisation: Vec<OrganisationFigureInput>,
}

/// One organisation's part of a reading.
#[derive(InputObject)]
pub struct OrganisationFigureInput {
    /// Whose figure.
    organisation_id: ID,
    /// The figure.
    value: Figure,
}

impl ReadingTermsInput {
    fn read(self) -> Result<ReadingInput, UserError> {
        let parts = self.by_organisation.iter().enumerate();
        let parts = parts.map(|(at, part)| {
            part.read()
                .map_err(|error| error.inside(&format!("byOrganisation.{at}")))
        });
        Ok(ReadingInput {
            by_organisation: parts.collect::<Result<_, _>>()?,
            taken_on: self.taken_on.0,
            value: figure("value", &self.value)?,
            source: self.source.into(),
            note: self.note.map(Into::into),
        })
    }
}

impl OrganisationFigureInput {
    fn read(&self) -> Result<OrganisationPart, UserError> {
        let kind = NodeKind::Organisation;
        Ok(OrganisationPart {
            organisation: registered(kind, "organisationId", &self.organisation_id)?,
            value: figure("value", &self.value)?,
        })
    }
}

/// A new reading.
#[derive(InputObject)]
pub struct RecordReadingInput {
    /// The measure.
    measure_id: ID,
    /// The id of the new reading; made when left out.
    new_id: Option<Uuid>,
    #[graphql(flatten)]
    terms: ReadingTermsInput,
    #[graphql(flatten)]
    recording: Recording,
}

impl Input for RecordReadingInput {
    fn recording(&self) -> &Recording {
        &self.recording
    }

    fn draft(self, ids: &dyn IdSource) -> Result<Draft, UserError> {
        let (commitment, measure) = measure(&self.measure_id)?;
        let reading: ReadingId = new_id(self.new_id, ids);
        let command = CommitmentCommand::RecordReading {
            reading,
            measure,
            terms: self.terms.read()?,
        };
        let draft = ask(&commitment, command).about(NodeKind::Reading, reading.uuid());
        Ok(draft.making().renaming(PARTS))
    }
}

/// What a reading should say.
#[derive(InputObject)]
pub struct CorrectReadingInput {
    /// The reading.
    reading_id: ID,
    #[graphql(flatten)]
    terms: ReadingTermsInput,
    /// Why.
    reason: String,
    #[graphql(flatten)]
    recording: Recording,
}

impl Input for CorrectReadingInput {
    fn recording(&self) -> &Recording {
        &self.recording
    }

    fn draft(self, _: &dyn IdSource) -> Result<Draft, UserError> {
        let (commitment, reading) = reading(&self.reading_id)?;
        let command = CommitmentCommand::CorrectReading {
            reading,
            terms: self.terms.read()?,
            reason: self.reason.into(),
        };
        let draft = ask(&commitment, command).about(NodeKind::Reading, reading.uuid());
        Ok(draft.renaming(PARTS))
    }
}

/// Why a reading no longer counts.
#[derive(InputObject)]
pub struct WithdrawReadingInput {
    /// The reading.
    reading_id: ID,
    /// Why.
    reason: String,
    #[graphql(flatten)]
    recording: Recording,
}

impl Input for WithdrawReadingInput {
    fn recording(&self) -> &Recording {
        &self.recording
    }

    fn draft(self, _: &dyn IdSource) -> Result<Draft, UserError> {
        let (commitment, reading) = reading(&self.reading_id)?;
        let command = CommitmentCommand::WithdrawReading {
            reading,
            reason: self.reason.into(),
        };
        let draft = ask(&commitment, command).about(NodeKind::Reading, reading.uuid());
        Ok(draft)
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
        Ok(draft.making())
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

fn reading(id: &ID) -> Result<(Place, ReadingId), UserError> {
    Place::of_part(NodeKind::Reading, "readingId", id)
}
