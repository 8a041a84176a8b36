//! What an address of the desk asks to change: a commitment as a whole, one of its measures, or a reading.

use super::ground::{
    of_measure, of_reading, of_step, typed_of_measure, typed_of_reading, typed_of_step,
};
use super::measure::{self, MeasureStep};
use super::reading::{self, ReadingStep};
use super::sheet::{Differing, Said, Sheet};
use super::step::{self, Step};
use super::take;
use super::{Choosable, Commitment, Measure, Reading};
use crate::address::Address;
use crate::desk::Desk;
use crate::form::{Ground, Problems};
use crate::instead::Instead;
use crate::uk;
use crate::visit::Web;

/// What an address asks to change.
pub struct Asked {
    /// The commitment.
    pub id: String,
    measure: Option<String>,
    reading: Option<String>,
    step: String,
}

/// A change, and what it is of.
pub enum Change<'c> {
    /// A step of the whole.
    Whole(Step),
    /// A step of one of its measures.
    Measure(MeasureStep, &'c Measure),
    /// A step of a reading of one of them.
    Reading(ReadingStep, &'c Measure, &'c Reading),
}

impl Asked {
    /// A step of the whole.
    pub const fn whole(id: String, step: String) -> Self {
        Self {
            id,
            measure: None,
            reading: None,
            step,
        }
    }

    /// A step of a measure.
    pub const fn measure(id: String, measure: String, step: String) -> Self {
        Self {
            id,
            measure: Some(measure),
            reading: None,
            step,
        }
    }

    /// A step of a reading.
    pub const fn reading(id: String, reading: String, step: String) -> Self {
        Self {
            id,
            measure: None,
            reading: Some(reading),
            step,
        }
    }
}

impl<'c> Change<'c> {
    /// The change that an address asks for.
    ///
    /// # Errors
    /// [`Instead::NotHere`] where there is no such step, or nothing to take it with.
    pub fn of(commitment: &'c Commitment, asked: &Asked) -> Result<Self, Instead> {
        let named = &asked.step;
        let change = match (&asked.measure, &asked.reading) {
            (Some(id), _) => {
                let measure = commitment.measures.iter().find(|one| one.id == *id);
                let step = MeasureStep::named(named);
                step.zip(measure)
                    .map(|(step, measure)| Self::Measure(step, measure))
            }
            (None, Some(id)) => {
                let mut all = commitment.measures.iter().flat_map(|measure| {
                    let readings = measure.readings.nodes.iter();
                    readings.map(move |reading| (measure, reading))
                });
                let found = all.find(|(_, reading)| reading.id == *id);
                let step = ReadingStep::named(named);
                step.zip(found)
                    .map(|(step, (measure, reading))| Self::Reading(step, measure, reading))
            }
            (None, None) => Step::named(named).map(Self::Whole),
        };
        change.ok_or(Instead::NotHere)
    }

    /// Whether it can be asked for, as things stand.
    pub fn is_open(&self, commitment: &Commitment) -> bool {
        match self {
            Self::Whole(step) => step.is_open(commitment),
            Self::Measure(step, measure) => step.is_open(commitment, measure),
            Self::Reading(step, _, reading) => step.is_open(reading),
        }
    }

    /// Whether its form offers what there is to choose from.
    pub fn needs_choices(&self) -> bool {
        matches!(self, Self::Whole(step) if step.needs_choices())
    }

    /// Its form.
    pub fn sheet(&self, commitment: &Commitment, choices: Option<&Choosable>) -> Sheet {
        match self {
            Self::Whole(step) => step::sheet(*step, commitment, choices),
            Self::Measure(step, measure) => measure::sheet(*step, measure),
            Self::Reading(step, measure, reading) => reading::sheet(*step, measure, reading),
        }
    }

    /// What it is of, in words.
    pub fn about(&self, commitment: &Commitment) -> String {
        let session = uk::session(&commitment.session);
        let whole = format!("{session}, {}", commitment.called());
        match self {
            Self::Whole(_) => whole,
            Self::Measure(_, measure) | Self::Reading(_, measure, _) => {
                format!("{whole}. Measure: {}", measure.name)
            }
        }
    }

    /// What its form stands on.
    pub fn ground(&self, commitment: &Commitment) -> Ground {
        match self {
            Self::Whole(step) => of_step(*step, commitment),
            Self::Measure(_, measure) => of_measure(commitment, measure),
            Self::Reading(_, measure, reading) => of_reading(commitment, (measure, reading)),
        }
    }

    /// What was typed of a part of that; none where the form does not ask for it.
    pub fn typed(
        &self,
        said: &Said<'_>,
        (part, choices): (&str, Option<&Choosable>),
    ) -> Option<String> {
        match self {
            Self::Whole(step) => typed_of_step(*step, said, (part, choices)),
            Self::Measure(step, measure) => typed_of_measure(*step, measure, (said, part)),
            Self::Reading(step, measure, _) => typed_of_reading(*step, measure, (said, part)),
        }
    }

    /// What it replaces by what, where that is to be seen first.
    pub fn differing(&self, said: &Said<'_>, wrong: &mut Problems) -> Vec<Differing> {
        match self {
            Self::Whole(_) => Vec::new(),
            Self::Measure(step, measure) => measure::differing(*step, measure, said, wrong),
            Self::Reading(step, measure, reading) => {
                reading::differing(*step, (measure, reading), said, wrong)
            }
        }
    }

    /// Records it. What is wrong with it, where something is.
    ///
    /// # Errors
    /// When it cannot be sent.
    pub async fn record(
        &self,
        (web, desk): (&Web, &Desk),
        commitment: &Commitment,
        said: &Said<'_>,
    ) -> Result<Option<Problems>, Instead> {
        let there = (web, desk.looker.caller());
        match self {
            Self::Whole(step) => take::record(*step, there, commitment, said).await,
            Self::Measure(step, measure) => measure::record(*step, there, &measure.id, said).await,
            Self::Reading(step, _, reading) => {
                reading::record(*step, there, &reading.id, said).await
            }
        }
    }

    /// Where to go on to when it is recorded.
    pub fn landing(&self, back: &str) -> String {
        let (done, of) = match self {
            Self::Whole(step) => (step.name().to_owned(), None),
            Self::Measure(step, measure) => (format!("measure-{}", step.name()), Some(&measure.id)),
            Self::Reading(step, _, reading) => {
                (format!("reading-{}", step.name()), Some(&reading.id))
            }
        };
        let there = Address::read(back, "").with("done", &done);
        match of {
            Some(id) => there.with("of", id).to_string(),
            None => there.to_string(),
        }
    }
}
