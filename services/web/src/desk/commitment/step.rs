//! What can be done with a commitment as a whole: the steps of its life, and what the statement says of it.

use super::blanks::{measuring, places, short};
use super::sheet::{Sheet, stands, when, why};
use super::{Choosable, Commitment};
use crate::documents::words::{CommitmentStatus, Conclusion};
use crate::form::{Area, Blank, Choice, Choices, DateField, Field, Kind};

/// A step.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Step {
    /// It becomes a promise.
    Agree,
    /// Work on it begins.
    Start,
    /// It ends on its own ground.
    Conclude,
    /// It is taken back.
    Withdraw,
    /// It is taken up again.
    Reopen,
    /// Other words.
    Reword,
    /// Another ref.
    Renumber,
    /// Other aims, themes and groups.
    Reclassify,
    /// Another due date.
    DueDate,
    /// One more measure.
    AddMeasure,
}

impl Step {
    const ALL: [(Self, &'static str); 10] = [
        (Self::Agree, "agree"),
        (Self::Start, "start"),
        (Self::Conclude, "conclude"),
        (Self::Withdraw, "withdraw"),
        (Self::Reopen, "reopen"),
        (Self::Reword, "words"),
        (Self::Renumber, "ref"),
        (Self::Reclassify, "places"),
        (Self::DueDate, "due-date"),
        (Self::AddMeasure, "add-measure"),
    ];

    /// The step that an address names.
    pub fn named(name: &str) -> Option<Self> {
        let found = Self::ALL.into_iter().find(|(_, own)| *own == name);
        found.map(|(step, _)| step)
    }

    /// As addresses name it.
    pub fn name(self) -> &'static str {
        let found = Self::ALL.into_iter().find(|(step, _)| *step == self);
        found.map_or("", |(_, name)| name)
    }

    /// Whether it can be taken from where the commitment stands.
    pub const fn is_open(self, commitment: &Commitment) -> bool {
        match self {
            Self::Agree => matches!(commitment.status, CommitmentStatus::Draft),
            Self::Start => matches!(commitment.status, CommitmentStatus::Agreed),
            Self::Conclude => matches!(
                commitment.status,
                CommitmentStatus::Agreed | CommitmentStatus::InProgress
            ),
            Self::Reopen => commitment.has_ended(),
            Self::Withdraw
            | Self::Reword
            | Self::Renumber
            | Self::Reclassify
            | Self::DueDate
            | Self::AddMeasure => !commitment.has_ended(),
        }
    }

    /// Whether its form has something to choose from a register.
    pub const fn needs_choices(self) -> bool {
        matches!(self, Self::Reclassify | Self::AddMeasure)
    }
}

/// The form of a step.
pub fn sheet(step: Step, commitment: &Commitment, choices: Option<&Choosable>) -> Sheet {
    match step {
        Step::Agree | Step::Start | Step::Conclude | Step::Withdraw | Step::Reopen => {
            of_its_life(step, commitment)
        }
        Step::Reword | Step::Renumber | Step::DueDate => of_the_statement(step, commitment),
        Step::Reclassify => {
            let mut blanks = places(choices, Some(commitment));
            blanks.push(why("Why is that changed?"));
            blanks.push(when("When was that decided?"));
            plain("Change what it belongs to", "", blanks, "Record it")
        }
        Step::AddMeasure => {
            let mut blanks = measuring(choices);
            blanks.push(when("When was the measure agreed?"));
            plain("Add a measure", "", blanks, "Add the measure")
        }
    }
}

const fn plain(
    title: &'static str,
    lead: &'static str,
    blanks: Vec<Blank>,
    button: &'static str,
) -> Sheet {
    Sheet {
        title,
        lead,
        stands: Vec::new(),
        blanks,
        button,
    }
}

fn of_the_statement(step: Step, commitment: &Commitment) -> Sheet {
    let mut sheet = match step {
        Step::Reword => plain(
            "Change its words",
            "The words it had until now stay in its history.",
            vec![
                Field::words("title", "What is promised")
                    .with(&commitment.title)
                    .into(),
                Area::new("comment", "What is to be said with it")
                    .hinting("May be left empty.")
                    .with(commitment.comment.as_deref().unwrap_or_default())
                    .into(),
                why("Why is it put in other words?"),
            ],
            "Record the words",
        ),
        Step::Renumber => plain(
            "Change its number",
            "The number is its label in the statement; every number is there once in a session.",
            vec![
                short("ref", "The number from now on")
                    .with(&commitment.ref_)
                    .into(),
                why("Why has it another number?"),
            ],
            "Record the number",
        ),
        _ => plain(
            "Change its due date",
            "The date it had until now stays in its history. A measure has a due date of its own.",
            vec![
                DateField::new("dueOn", "Due from now on")
                    .hinting("For example, 31 3 2009. Leave it empty to take the due date away.")
                    .into(),
                why("Why is it changed?"),
            ],
            "Record the due date",
        ),
    };
    if step == Step::DueDate {
        let due = super::day_or_none(commitment.due_on.as_ref());
        sheet.stands.push(("Due now", due));
    }
    sheet.blanks.push(when("When was that decided?"));
    sheet
}

fn of_its_life(step: Step, commitment: &Commitment) -> Sheet {
    let (title, lead, blanks, button) = match step {
        Step::Agree => (
            "Agree this commitment",
            "Once it is agreed it is a promise: figures and reports are recorded against it. It does not become a draft again.",
            vec![when("On which day was it agreed?")],
            "Record that it is agreed",
        ),
        Step::Start => (
            "Work on it has begun",
            "It is in progress from then on.",
            vec![when("On which day did work begin?")],
            "Record that work has begun",
        ),
        Step::Conclude => (
            "Say how it ended",
            "This is the compact's own word. Its measures and its words stay as they are from then on; figures and reports can still come in. It can be taken up again, with a reason.",
            vec![
                Choices::new(Kind::Radios, "conclusion", "How did it end?", conclusions()).into(),
                when("On which day did it end?"),
            ],
            "Record how it ended",
        ),
        Step::Withdraw => (
            "Withdraw this commitment",
            "It stays in the record as withdrawn, with your reason. It can be taken up again.",
            vec![
                why("Why is it withdrawn?"),
                when("On which day was it withdrawn?"),
            ],
            "Withdraw it",
        ),
        _ => (
            "Take it up again",
            "It goes on from where it was: in progress, or as a draft if it had never been agreed.",
            vec![
                why("Why is it taken up again?"),
                when("On which day was it taken up again?"),
            ],
            "Take it up again",
        ),
    };
    Sheet {
        title,
        lead,
        stands: stands(commitment),
        blanks,
        button,
    }
}

fn conclusions() -> impl Iterator<Item = Choice> {
    let all = Conclusion::ALL.iter();
    all.map(|one| Choice::new(one.name(), one.words()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_step_has_a_name_and_is_found_by_it() {
        for (step, name) in Step::ALL {
            assert_eq!((Step::named(name), step.name()), (Some(step), name));
        }
        assert_eq!(Step::named("report"), None);
    }
}
