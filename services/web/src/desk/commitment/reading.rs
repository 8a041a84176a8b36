//! A reading that was wrong: put right, or taken back, with a reason.

use gateway::Caller;

use super::sheet::{Differing, Said, Sheet, day, is_figure, when, why};
use super::take::send;
use super::{Measure, Reading};
use crate::documents::document;
use crate::documents::scalars::{Date, Figure, Position, UUID};
use crate::form::{Area, DateField, Field, Problems};
use crate::instead::Instead;
use crate::uk;
use crate::visit::Web;

document!(
    CorrectReading,
    "documents/desk/commitment/correct-reading.graphql",
    one_of
);
document!(
    WithdrawReading,
    "documents/desk/commitment/withdraw-reading.graphql",
    one_of
);

/// What can be done with a reading.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ReadingStep {
    /// It is put right.
    Correct,
    /// It is taken back.
    Withdraw,
}

impl ReadingStep {
    /// The step that an address names.
    pub fn named(name: &str) -> Option<Self> {
        match name {
            "correct" => Some(Self::Correct),
            "withdraw" => Some(Self::Withdraw),
            _ => None,
        }
    }

    /// Whether it can be taken, as things stand. A figure that is made up of its organisations' parts is entered anew with them.
    pub const fn is_open(self, reading: &Reading) -> bool {
        match self {
            Self::Correct => reading.withdrawn.is_none() && reading.by_organisation.is_empty(),
            Self::Withdraw => reading.withdrawn.is_none(),
        }
    }

    /// As addresses name it.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Correct => "correct",
            Self::Withdraw => "withdraw",
        }
    }
}

/// The form of a step.
pub fn sheet(step: ReadingStep, measure: &Measure, reading: &Reading) -> Sheet {
    let stands = vec![
        ("Counted on", uk::day(&reading.taken_on)),
        ("Figure", measure.figure(&reading.value)),
        ("Where it comes from", reading.source.clone()),
        (
            "Note",
            reading.note.clone().unwrap_or_else(|| "none".to_owned()),
        ),
    ];
    match step {
        ReadingStep::Correct => Sheet {
            title: "Correct a reading",
            lead: "What it said until now stays in its history.",
            stands: Vec::new(),
            blanks: vec![
                Field {
                    short: true,
                    ..Field::new("value", format!("The figure, in {}", measure.unit), "off")
                }
                .with(&reading.value)
                .into(),
                DateField::new("takenOn", "On which day was it counted?")
                    .with(Some(reading.taken_on))
                    .into(),
                Field::words("source", "Where does it come from?")
                    .with(&reading.source)
                    .into(),
                Area::new("note", "Note")
                    .hinting("May be left empty.")
                    .with(reading.note.as_deref().unwrap_or_default())
                    .into(),
                why("What was wrong with it?"),
                when("When was it corrected?"),
            ],
            button: "Continue",
        },
        ReadingStep::Withdraw => Sheet {
            title: "Take a reading back",
            lead: "It stays in view, struck out, with your reason, and counts no more. It does not come back: a figure that is right is entered anew.",
            stands,
            blanks: vec![
                why("Why is it taken back?"),
                when("When was it taken back?"),
            ],
            button: "Take the reading back",
        },
    }
}

/// What a correction replaces by what.
pub fn differing(
    step: ReadingStep,
    (measure, reading): (&Measure, &Reading),
    said: &Said<'_>,
    wrong: &mut Problems,
) -> Vec<Differing> {
    said.wants_reason(wrong);
    if step == ReadingStep::Withdraw {
        return Vec::new();
    }
    let value = said.figure("value").filter(|typed| is_figure(typed));
    if value.is_none() {
        wrong.add("value", "enter the figure as a number, such as 25");
    }
    let on = day(said.fields, "takenOn", wrong);
    if on.is_none() && wrong.at("takenOn").is_none() {
        wrong.add("takenOn", "say on which day it was counted");
    }
    let source = said.fields.some("source");
    if source.is_none() {
        wrong.add("source", "say where it comes from");
    }
    let none = || "none".to_owned();
    let all = vec![
        Differing {
            what: "Figure",
            from: measure.figure(&reading.value),
            to: value.map_or(String::new(), |typed| measure.figure(&typed)),
        },
        Differing {
            what: "Counted on",
            from: uk::day(&reading.taken_on),
            to: on.map_or(String::new(), |on| uk::day(&on)),
        },
        Differing {
            what: "Where it comes from",
            from: reading.source.clone(),
            to: source.unwrap_or_default(),
        },
        Differing {
            what: "Note",
            from: reading.note.clone().unwrap_or_else(none),
            to: said.fields.text("note").unwrap_or_else(none),
        },
    ];
    if all.iter().all(|one| one.from == one.to) && !said.is_confirmed() {
        wrong.add(
            "value",
            "that is what it says already; correct something, or leave it as it is",
        );
    }
    all
}

/// Records a step. What is wrong with it, where something is.
///
/// # Errors
/// When it cannot be sent.
pub async fn record(
    step: ReadingStep,
    there: (&Web, Caller),
    reading: &str,
    said: &Said<'_>,
) -> Result<Option<Problems>, Instead> {
    let id = reading.to_owned();
    let mut wrong = Problems::default();
    Ok(match step {
        ReadingStep::Correct => {
            send!(there, said; CorrectReading, correct_reading::CorrectReadingInput {
                reading_id: id,
                by_organisation: Vec::new(),
                value: said.figure("value").unwrap_or_default(),
                taken_on: day(said.fields, "takenOn", &mut wrong).unwrap_or_default(),
                source: said.fields.some("source").unwrap_or_default(),
                note: said.fields.text("note"),
                reason: said.reason(),
            })
        }
        ReadingStep::Withdraw => {
            send!(there, said; WithdrawReading, withdraw_reading::WithdrawReadingInput {
                reading_id: id,
                reason: said.reason(),
            })
        }
    })
}
