//! The way back from a change of a commitment: a change of its own that restores what there was. It is offered only where nothing is lost by
//! it: what was agreed stays agreed, and what was withdrawn from a measure is entered anew.

use chrono::Datelike;

use super::Commitment;
use super::ground::{of_measure, of_reading, of_step};
use super::step::Step;
use crate::documents::scalars::Date;
use crate::documents::words::CommitmentStatus;
use crate::form::{COMMAND, Ground};
use crate::page::Undo;
use crate::uk;

/// Why the change is made: it stands beside it like any other reason.
const REASON: &str = "Undone at once: it was recorded by mistake.";

/// What was done, in words, and the way back from it.
pub struct Done<'a> {
    /// What was done.
    pub what: &'a str,
    /// The measure or the reading it was done to.
    pub of: &'a str,
}

impl Done<'_> {
    /// What was done, in a sentence.
    pub fn words(&self) -> Option<&'static str> {
        Some(match self.what {
            "proposed" => "The commitment is proposed. It is a draft until it is agreed.",
            "agree" => "It is agreed: the commitment is a promise from now on.",
            "start" => "It is recorded that work has begun.",
            "conclude" => "It is recorded how the commitment ended.",
            "withdraw" => "The commitment is withdrawn.",
            "reopen" => "The commitment is taken up again.",
            "carry-forward" => "The commitment is carried forward.",
            "words" => "The words are changed.",
            "ref" => "The number is changed.",
            "places" => "What it belongs to is changed.",
            "due-date" => "The due date is changed.",
            "add-measure" => "The measure is added.",
            "measure-target" => "The target is changed. The one there was stays in view below.",
            "measure-due-date" => "The due date of the measure is changed.",
            "measure-baseline" => "The baseline is set.",
            "measure-withdraw" => "The measure is withdrawn.",
            "reading-correct" => "The reading is corrected.",
            "reading-withdraw" => "The reading is taken back.",
            _ => return None,
        })
    }

    /// The way back, where there is a safe one; `here` is the commitment's page of the desk, and `command` the id of what is sent. It
    /// stands on what is there now, as a form does: where somebody else changes it first, both versions are shown.
    pub fn undo(&self, here: &str, commitment: &Commitment, command: String) -> Option<Undo> {
        let of = |step: Step| of_step(step, commitment);
        let (undo, ground) = match self.what {
            "conclude" | "withdraw" | "carry-forward" => {
                (reopened(here, commitment)?, of(Step::Reopen))
            }
            "words" => (reworded(here, commitment)?, of(Step::Reword)),
            "ref" => {
                let had = &commitment.ref_changes.last()?.from;
                let words = format!("Undo: make it number {had} again");
                let undo = Undo::new(words, format!("{here}/ref")).with("ref", had);
                (undo, of(Step::Renumber))
            }
            "due-date" => {
                let had = commitment.due_date_changes.last()?.from;
                (dated(format!("{here}/due-date"), had), of(Step::DueDate))
            }
            "reading-correct" => self.corrected(here, commitment)?,
            _ => self.of_a_measure(here, commitment)?,
        };
        let undo = undo.with("reason", REASON).with("confirmed", "yes");
        let undo = undo.with(COMMAND, command);
        let fields = ground.fields().into_iter();
        Some(fields.fold(undo, |undo, (name, value)| undo.with(&name, value)))
    }

    fn of_a_measure(&self, here: &str, commitment: &Commitment) -> Option<(Undo, Ground)> {
        let measure = commitment.measures.iter().find(|one| one.id == self.of)?;
        let there = |step: &str| format!("{here}/measures/{}/{step}", measure.id);
        let undo = match self.what {
            "measure-target" => {
                let had = measure.target_changes.last()?.from.as_ref()?;
                let words = format!("Undo: make the target {} again", measure.figure(had));
                Undo::new(words, there("target")).with("target", had)
            }
            "measure-due-date" => {
                let had = measure.due_date_changes.last()?.from;
                dated(there("due-date"), had)
            }
            "measure-baseline" => {
                let had = measure.baseline_changes.last()?.from.as_ref()?;
                let undo = Undo::new("Undo: put the former baseline back", there("baseline"))
                    .with("baseline", had.value.clone().unwrap_or_default());
                on(undo, "baselineOn", Some(had.on))
            }
            _ => return None,
        };
        Some((undo, of_measure(commitment, measure)))
    }

    fn corrected(&self, here: &str, commitment: &Commitment) -> Option<(Undo, Ground)> {
        let mut readings = commitment.measures.iter().flat_map(|measure| {
            let readings = measure.readings.nodes.iter();
            readings.map(move |reading| (measure, reading))
        });
        let (measure, reading) = readings.find(|(_, one)| one.id == self.of)?;
        let had = &reading.corrections.last()?.from;
        let there = format!("{here}/readings/{}/correct", reading.id);
        let undo = Undo::new("Undo: make it say what it said before", there)
            .with("value", &had.value)
            .with("source", &had.source)
            .with("note", had.note.clone().unwrap_or_default());
        let undo = on(undo, "takenOn", Some(had.taken_on));
        Some((undo, of_reading(commitment, (measure, reading))))
    }
}

/// Taken up again: only from where it goes back to what it was.
fn reopened(here: &str, commitment: &Commitment) -> Option<Undo> {
    let from = commitment.status_changes.last()?.from;
    let exact = matches!(from, CommitmentStatus::InProgress | CommitmentStatus::Draft);
    exact.then(|| Undo::new("Undo: take it up again", format!("{here}/reopen")))
}

fn reworded(here: &str, commitment: &Commitment) -> Option<Undo> {
    let had = &commitment.wording_changes.last()?.from;
    let undo = Undo::new("Undo: put the former words back", format!("{here}/words"));
    let comment = had.comment.clone().unwrap_or_default();
    Some(undo.with("title", &had.title).with("comment", comment))
}

fn dated(there: String, had: Option<Date>) -> Undo {
    let words = had.map_or_else(
        || "Undo: take the due date away again".to_owned(),
        |day| format!("Undo: make it due on {} again", uk::day(&day)),
    );
    on(Undo::new(words, there), "dueOn", had)
}

fn on(undo: Undo, name: &str, day: Option<Date>) -> Undo {
    let Some(day) = day else {
        return undo;
    };
    undo.with(&format!("{name}.day"), day.day().to_string())
        .with(&format!("{name}.month"), day.month().to_string())
        .with(&format!("{name}.year"), day.year().to_string())
}
