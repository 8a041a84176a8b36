//! Readings against a commitment's measures: one, or many at a time.

use async_graphql::{ID, InputObject};
use domain::CommitmentCommand;
use domain::commitment::{OrganisationPart, Outcome, ReadingInput};
use domain::ids::{IdSource, ReadingId};
use uuid::Uuid;

use super::commitment::ask;
use super::draft::{figure, new_id, registered};
use super::evidence::{self, EvidenceInput};
use super::measures::measure;
use super::{Draft, Input, Place, Recording, UserError, mutations};
use crate::node::NodeKind;
use crate::types::commitment::Commitment;
use crate::types::reading::Reading;
use crate::types::scalars::{Date, Figure};

mutations! {
    /// Readings against a commitment's measures.
    ReadingMutations;

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
    /// Record readings against several measures of a compact at once: all of them, or none. A refusal names the row it is about
    /// (`readings.3.value`). `expectedVersion` is that of the first row's commitment.
    record_readings(RecordReadingsInput) -> RecordReadingsPayload {
        /// The new readings, in the order of the rows.
        readings: Vec<Reading>,
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

/// One row of several readings.
#[derive(InputObject)]
pub struct ReadingRowInput {
    /// The measure.
    measure_id: ID,
    /// The id of the new reading; made when left out.
    new_id: Option<Uuid>,
    #[graphql(flatten)]
    terms: ReadingTermsInput,
    /// What it rests on, as far as that is at hand.
    #[graphql(default)]
    evidence: Vec<EvidenceInput>,
}

impl ReadingRowInput {
    fn draft(self, ids: &dyn IdSource) -> Result<Draft, UserError> {
        let (commitment, measure) = measure(&self.measure_id)?;
        let reading: ReadingId = new_id(self.new_id, ids);
        let command = CommitmentCommand::RecordReading {
            reading,
            measure,
            terms: self.terms.read()?,
        };
        let draft = ask(&commitment, command).about(NodeKind::Reading, reading.uuid());
        let draft = draft.making().renaming(PARTS);
        evidence::beside(
            draft,
            &commitment,
            Outcome::Reading(reading),
            self.evidence,
            ids,
        )
    }
}

/// A new reading.
#[derive(InputObject)]
pub struct RecordReadingInput {
    #[graphql(flatten)]
    row: ReadingRowInput,
    #[graphql(flatten)]
    recording: Recording,
}

impl Input for RecordReadingInput {
    fn recording(&self) -> &Recording {
        &self.recording
    }

    fn draft(self, ids: &dyn IdSource) -> Result<Draft, UserError> {
        self.row.draft(ids)
    }
}

/// New readings, recorded together.
#[derive(InputObject)]
pub struct RecordReadingsInput {
    /// The readings: at most 200, each against a measure of the same compact.
    readings: Vec<ReadingRowInput>,
    #[graphql(flatten)]
    recording: Recording,
}

impl Input for RecordReadingsInput {
    fn recording(&self) -> &Recording {
        &self.recording
    }

    fn draft(self, ids: &dyn IdSource) -> Result<Draft, UserError> {
        let rows = self.readings.into_iter().map(|row| row.draft(ids));
        Draft::of_rows("readings", rows, NodeKind::Measure)
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

fn reading(id: &ID) -> Result<(Place, ReadingId), UserError> {
    Place::of_part(NodeKind::Reading, "readingId", id)
}
