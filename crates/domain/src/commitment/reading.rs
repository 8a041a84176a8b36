//! Readings: the figures read off against a commitment's measures.

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

use crate::dated::{Directed, TooEarly};
use crate::ids::{MeasureId, OrganisationId, ReadingId};
use crate::text::Text;
use crate::words::REASON;

use super::Commitment;
use super::command::{CommitmentCommand, ReadingInput};
use super::error::CommitmentError;
use super::event::{ReadingCorrected, ReadingRecorded, ReadingTerms, ReadingWithdrawn};
use super::figures::reading_fits;
use super::measure::Measure;
use super::statement::unchanged;

/// A reading, as far as decisions need it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub(super) struct Reading {
    measure: MeasureId,
    terms: ReadingTerms,
    changed_on: NaiveDate,
    withdrawn_on: Option<NaiveDate>,
}

impl Reading {
    /// Whether it was not taken back.
    pub(super) const fn stands(&self) -> bool {
        self.withdrawn_on.is_none()
    }

    /// What is said in words.
    pub(super) fn texts(&self) -> impl Iterator<Item = &Text> {
        std::iter::once(&self.terms.source).chain(&self.terms.note)
    }
}

impl Commitment {
    /// The one organisation that a reading is made up of; none when more than its part is in the figure.
    pub fn reading_of(&self, id: ReadingId) -> Option<OrganisationId> {
        let terms = &self.readings.get(&id)?.terms;
        match &terms.by_organisation[..] {
            [only] if only.value == terms.value => Some(only.organisation.id),
            _ => None,
        }
    }

    pub(super) fn record_reading(
        &self,
        directed: &Directed<CommitmentCommand>,
        reading_id: ReadingId,
        measure_id: MeasureId,
        asked: &ReadingInput,
    ) -> Result<ReadingRecorded, CommitmentError> {
        let on = directed.occurred_on;
        let measure = self.read_measure(on, measure_id)?;
        if self.readings.contains_key(&reading_id) {
            let (field, thing) = ("readingId", "a reading");
            return Err(CommitmentError::IdTaken { field, thing });
        }
        CommitmentError::no_later("takenOn", asked.taken_on, on)?;
        let terms = reading_fits(measure.kind, asked, &directed.facts)?;
        Ok(ReadingRecorded {
            reading_id,
            measure_id,
            terms,
        })
    }

    pub(super) fn reading_recorded(&mut self, event: ReadingRecorded, on: NaiveDate) {
        self.something_read(event.measure_id, on);
        let reading = Reading {
            measure: event.measure_id,
            terms: event.terms,
            changed_on: on,
            withdrawn_on: None,
        };
        self.readings.insert(event.reading_id, reading);
    }

    pub(super) fn correct_reading(
        &self,
        directed: &Directed<CommitmentCommand>,
        reading_id: ReadingId,
        asked: &ReadingInput,
        reason: &Text,
    ) -> Result<ReadingCorrected, CommitmentError> {
        let on = directed.occurred_on;
        let (reading, measure) = self.changing_reading(on, reading_id)?;
        CommitmentError::no_later("takenOn", asked.taken_on, on)?;
        let to = reading_fits(measure.kind, asked, &directed.facts)?;
        let reason = REASON.accept(reason)?;
        if reading.terms == to {
            return Err(unchanged("value", "this is what the reading says"));
        }
        Ok(ReadingCorrected {
            reading_id,
            measure_id: reading.measure,
            from: reading.terms.clone(),
            to,
            reason,
        })
    }

    pub(super) fn reading_corrected(&mut self, event: ReadingCorrected, on: NaiveDate) {
        self.something_read(event.measure_id, on);
        if let Some(reading) = self.readings.get_mut(&event.reading_id) {
            reading.terms = event.to;
            reading.changed_on = on;
        }
    }

    pub(super) fn withdraw_reading(
        &self,
        on: NaiveDate,
        reading_id: ReadingId,
        reason: &Text,
    ) -> Result<ReadingWithdrawn, CommitmentError> {
        let (reading, _) = self.changing_reading(on, reading_id)?;
        let measure_id = reading.measure;
        let reason = REASON.accept(reason)?;
        Ok(ReadingWithdrawn {
            reading_id,
            measure_id,
            reason,
        })
    }

    pub(super) fn reading_withdrawn(&mut self, event: &ReadingWithdrawn, on: NaiveDate) {
        self.something_read(event.measure_id, on);
        if let Some(reading) = self.readings.get_mut(&event.reading_id) {
            reading.changed_on = on;
            reading.withdrawn_on = Some(on);
        }
    }

    /// A measure that was there and counted on the day something is read off it.
    fn read_measure(&self, on: NaiveDate, id: MeasureId) -> Result<&Measure, CommitmentError> {
        self.open_for_reports(on)?;
        let measure = self.measures.get(&id);
        let measure = measure.ok_or(CommitmentError::UnknownMeasure)?.counting()?;
        TooEarly::check(on, "this measure was added on", Some(measure.added_on))?;
        Ok(measure)
    }

    /// A reading that counts and has not changed since `on`, and its measure.
    pub(super) fn changing_reading(
        &self,
        on: NaiveDate,
        id: ReadingId,
    ) -> Result<(&Reading, &Measure), CommitmentError> {
        self.open_for_reports(on)?;
        let reading = self.readings.get(&id);
        let reading = reading.ok_or(CommitmentError::UnknownReading)?;
        if let Some(on) = reading.withdrawn_on {
            return Err(CommitmentError::ReadingWithdrawn { on });
        }
        let measure = self.read_measure(on, reading.measure)?;
        let what = "this reading was last changed on";
        TooEarly::check(on, what, Some(reading.changed_on))?;
        Ok((reading, measure))
    }

    /// Something was said of a reading that leaves what it says as it is.
    pub(super) fn reading_changed(&mut self, id: ReadingId, on: NaiveDate) {
        let Some(reading) = self.readings.get_mut(&id) else {
            return;
        };
        reading.changed_on = on;
        let measure = reading.measure;
        self.something_read(measure, on);
    }

    fn something_read(&mut self, measure: MeasureId, on: NaiveDate) {
        self.life.reported(on);
        if let Some(measure) = self.measures.get_mut(&measure) {
            measure.read_on = measure.read_on.max(Some(on));
        }
    }
}
