//! What can be done with a commitment as a whole: the steps of its life, and what the statement says of it.

use gateway::Caller;

use super::sheet::{Said, Sheet, day, stands, when, why};
use super::{Choosable, Commitment};
use crate::documents::document;
use crate::documents::scalars::{Date, Figure, Position, Session, UUID};
use crate::documents::words::{CommitmentStatus, Conclusion, MeasureKind};
use crate::form::{Area, Blank, Choice, Choices, DateField, Field, Fields, Kind, Problems, Select};
use crate::instead::Instead;
use crate::visit::Web;

document!(
    AgreeCommitment,
    "documents/desk/commitment/agree-commitment.graphql",
    one_of
);
document!(
    StartCommitment,
    "documents/desk/commitment/start-commitment.graphql",
    one_of
);
document!(
    ConcludeCommitment,
    "documents/desk/commitment/conclude-commitment.graphql",
    one_of
);
document!(
    WithdrawCommitment,
    "documents/desk/commitment/withdraw-commitment.graphql",
    one_of
);
document!(
    ReopenCommitment,
    "documents/desk/commitment/reopen-commitment.graphql",
    one_of
);
document!(
    RewordCommitment,
    "documents/desk/commitment/reword-commitment.graphql",
    one_of
);
document!(
    RenumberCommitment,
    "documents/desk/commitment/renumber-commitment.graphql",
    one_of
);
document!(
    ReclassifyCommitment,
    "documents/desk/commitment/reclassify-commitment.graphql",
    one_of
);
document!(
    ChangeDueDate,
    "documents/desk/commitment/change-due-date.graphql",
    one_of
);
document!(
    AddMeasure,
    "documents/desk/commitment/add-measure.graphql",
    one_of
);

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
        Step::Reword => Sheet {
            title: "Change its words",
            lead: "The words it had until now stay in its history.",
            stands: Vec::new(),
            blanks: vec![
                Field::words("title", "What is promised")
                    .with(&commitment.title)
                    .into(),
                Area::new("comment", "What is to be said with it")
                    .hinting("May be left empty.")
                    .with(commitment.comment.as_deref().unwrap_or_default())
                    .into(),
                why("Why is it put in other words?"),
                when("When was that decided?"),
            ],
            button: "Record the words",
        },
        Step::Renumber => Sheet {
            title: "Change its number",
            lead: "The number is its label in the statement; every number is there once in a session.",
            stands: Vec::new(),
            blanks: vec![
                short("ref", "The number from now on")
                    .with(&commitment.ref_)
                    .into(),
                why("Why has it another number?"),
                when("When was that decided?"),
            ],
            button: "Record the number",
        },
        Step::Reclassify => Sheet {
            title: "Change what it belongs to",
            lead: "",
            stands: Vec::new(),
            blanks: {
                let mut blanks = places(choices, Some(commitment));
                blanks.push(why("Why is that changed?"));
                blanks.push(when("When was that decided?"));
                blanks
            },
            button: "Record it",
        },
        Step::DueDate => Sheet {
            title: "Change its due date",
            lead: "The date it had until now stays in its history. A measure has a due date of its own.",
            stands: vec![("Due now", super::day_or_none(commitment.due_on.as_ref()))],
            blanks: vec![
                DateField::new("dueOn", "Due from now on")
                    .hinting("For example, 31 3 2009. Leave it empty to take the due date away.")
                    .into(),
                why("Why is it changed?"),
                when("When was that decided?"),
            ],
            button: "Record the due date",
        },
        Step::AddMeasure => Sheet {
            title: "Add a measure",
            lead: "",
            stands: Vec::new(),
            blanks: {
                let mut blanks = measuring(choices);
                blanks.push(when("When was the measure agreed?"));
                blanks
            },
            button: "Add the measure",
        },
    }
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

fn short(name: &'static str, label: &'static str) -> Field {
    Field {
        short: true,
        ..Field::words(name, label)
    }
}

/// The aims, themes and groups of a commitment.
pub fn places(choices: Option<&Choosable>, commitment: Option<&Commitment>) -> Vec<Blank> {
    let themes = choices.and_then(|all| all.themes.as_ref());
    let themes = themes.map(|all| all.nodes.as_slice()).unwrap_or_default();
    let themes = themes.iter().map(|one| Choice::new(&one.code, &one.name));
    let groups = choices.and_then(|all| all.compact.as_ref());
    let groups = groups.map(|all| all.groups.as_slice()).unwrap_or_default();
    let had = |id: &str| {
        let mut own = commitment.into_iter().flat_map(|one| &one.groups);
        own.any(|group| group.id == id)
    };
    let groups = groups
        .iter()
        .filter(|group| group.wound_up.is_none() || had(&group.id))
        .map(|group| Choice::new(&group.id, &group.name));
    let small = |choices: Choices| Choices {
        small: true,
        ..choices
    };
    let own_themes = commitment.into_iter().flat_map(|one| &one.themes);
    let own_themes = own_themes.map(|theme| theme.code.clone());
    let own_groups = commitment.into_iter().flat_map(|one| &one.groups);
    let own_groups = own_groups.map(|group| group.id.clone());
    vec![
        Field::words("aims", "Which aims of the charter does it serve?")
            .hinting("Their numbers, with commas between them, such as 1, 3. May be left empty.")
            .with(&commitment.map_or(String::new(), |one| one.aims.join(", ")))
            .into(),
        small(Choices::new(Kind::Checkboxes, "themes", "Themes", themes).with(own_themes)).into(),
        small(
            Choices::new(Kind::Checkboxes, "groups", "Groups that work on it", groups)
                .with(own_groups),
        )
        .into(),
    ]
}

/// How a measure counts, with what helps to choose.
const KINDS: [(MeasureKind, &str, &str); 5] = [
    (
        MeasureKind::Additional,
        "So many more than before",
        "Each reading says how many have come on top.",
    ),
    (
        MeasureKind::Total,
        "So many in all",
        "Each reading says how many there are.",
    ),
    (
        MeasureKind::IncreaseOnBaseline,
        "So much above where it began",
        "Needs the baseline: the figure it began at, and its day.",
    ),
    (
        MeasureKind::Milestone,
        "Reached or not",
        "Needs something that is counted in yes or no.",
    ),
    (
        MeasureKind::Narrative,
        "Told in words",
        "No figures: what came of it is reported in words.",
    ),
];

/// What is asked of a new measure.
pub fn measuring(choices: Option<&Choosable>) -> Vec<Blank> {
    let known = choices.and_then(|all| all.indicators.as_ref());
    let known = known.map(|all| all.nodes.as_slice()).unwrap_or_default();
    let known = known
        .iter()
        .map(|one| Choice::new(&one.id, format!("{} ({})", one.name, one.unit)));
    let indicators = std::iter::once(Choice::new("", "Choose what is counted")).chain(known);
    let kinds = KINDS.into_iter().map(|(kind, words, hint)| Choice {
        hint: hint.to_owned(),
        ..Choice::new(kind.name(), words)
    });
    let counted = Select {
        hint: "From the region's register, so that compacts count the same things. What is missing there, the regional administrator adds.".into(),
        ..Select::new("indicatorId", "What is counted?", indicators)
    };
    vec![
        counted.into(),
        Choices::new(Kind::Radios, "kind", "How is it counted?", kinds).into(),
        short("target", "The target")
            .hinting("A number, such as 20. May be left empty.")
            .into(),
        DateField::new("dueOn", "By when is it to be reached?")
            .hinting("May be left empty.")
            .into(),
        short("baseline", "The baseline: the figure it begins at")
            .hinting("Leave it empty where it is not counted yet, or where there is none.")
            .into(),
        DateField::new("baselineOn", "On which day is the baseline counted?")
            .hinting("May be left empty.")
            .into(),
    ]
}

/// The aims that were typed, one by one.
pub fn aims(fields: &Fields) -> Vec<String> {
    let typed = fields.one("aims").split([',', ';']);
    let aims = typed.map(str::trim).filter(|aim| !aim.is_empty());
    aims.map(str::to_owned).collect()
}

/// Everything that was ticked under this name.
pub fn ticked(fields: &Fields, name: &str) -> Vec<String> {
    fields.all(name).map(str::to_owned).collect()
}

/// Sends a mutation with what every change says.
macro_rules! send {
    ($there:expr, $said:expr; $name:ident, $module:ident::$input:ident { $($field:ident: $value:expr),* $(,)? }) => {{
        let (web, caller) = $there;
        let input = $module::$input {
            $($field: $value,)*
            command_id: $said.command,
            expected_version: $said.version,
            meeting: None,
            occurred_on: $said.occurred_on,
        };
        let sent = $module::Variables { input };
        $crate::desk::to_mend($crate::change::change::<$name>(&web.gateway, sent, caller).await?)
    }};
}

pub(super) use send;

/// Records a step. What is wrong with it, where something is.
///
/// # Errors
/// When it cannot be sent.
pub async fn record(
    step: Step,
    there: (&Web, Caller),
    commitment: &Commitment,
    said: &Said<'_>,
) -> Result<Option<Problems>, Instead> {
    let commitment_id = commitment.id.clone();
    let reason = said.reason();
    let wrong = match step {
        Step::Agree => {
            send!(there, said; AgreeCommitment, agree_commitment::AgreeCommitmentInput { commitment_id: commitment_id })
        }
        Step::Start => {
            send!(there, said; StartCommitment, start_commitment::StartCommitmentInput { commitment_id: commitment_id })
        }
        Step::Conclude => return conclude(there, commitment_id, said).await,
        Step::Withdraw => {
            send!(there, said; WithdrawCommitment, withdraw_commitment::WithdrawCommitmentInput { commitment_id: commitment_id, reason: reason })
        }
        Step::Reopen => {
            send!(there, said; ReopenCommitment, reopen_commitment::ReopenCommitmentInput { commitment_id: commitment_id, reason: reason })
        }
        Step::Reword => {
            send!(there, said; RewordCommitment, reword_commitment::RewordCommitmentInput {
                commitment_id: commitment_id,
                title: said.fields.some("title").unwrap_or_default(),
                comment: said.fields.text("comment"),
                reason: reason,
            })
        }
        Step::Renumber => {
            send!(there, said; RenumberCommitment, renumber_commitment::RenumberCommitmentInput {
                commitment_id: commitment_id,
                session: commitment.session.clone(),
                ref_: said.fields.some("ref").unwrap_or_default(),
                reason: reason,
            })
        }
        Step::Reclassify => {
            send!(there, said; ReclassifyCommitment, reclassify_commitment::ReclassifyCommitmentInput {
                commitment_id: commitment_id,
                aims: aims(said.fields),
                themes: ticked(said.fields, "themes"),
                group_ids: ticked(said.fields, "groups"),
                reason: reason,
            })
        }
        Step::DueDate => return change_due_date(there, commitment_id, said).await,
        Step::AddMeasure => return add_measure(there, commitment_id, said).await,
    };
    Ok(wrong.map(typed_at))
}

async fn conclude(
    there: (&Web, Caller),
    commitment_id: String,
    said: &Said<'_>,
) -> Result<Option<Problems>, Instead> {
    let Some(conclusion) = Conclusion::named(said.fields.one("conclusion")) else {
        let mut wrong = Problems::default();
        wrong.add("conclusion", "say how it ended");
        return Ok(Some(wrong));
    };
    Ok(
        send!(there, said; ConcludeCommitment, conclude_commitment::ConcludeCommitmentInput {
            commitment_id: commitment_id,
            conclusion: conclusion,
        }),
    )
}

async fn change_due_date(
    there: (&Web, Caller),
    commitment_id: String,
    said: &Said<'_>,
) -> Result<Option<Problems>, Instead> {
    let mut wrong = Problems::default();
    let due_on = day(said.fields, "dueOn", &mut wrong);
    if !wrong.is_empty() {
        return Ok(Some(wrong));
    }
    Ok(
        send!(there, said; ChangeDueDate, change_due_date::ChangeDueDateInput {
            commitment_id: commitment_id,
            due_on: due_on,
            reason: said.reason(),
        }),
    )
}

/// Adds the measure that the fields tell of. What is wrong with it, where something is.
///
/// # Errors
/// When it cannot be sent.
pub async fn add_measure(
    there: (&Web, Caller),
    commitment_id: String,
    said: &Said<'_>,
) -> Result<Option<Problems>, Instead> {
    let mut wrong = Problems::default();
    let due_on = day(said.fields, "dueOn", &mut wrong);
    let counted_on = day(said.fields, "baselineOn", &mut wrong);
    let value = said.figure("baseline");
    if value.is_some() && counted_on.is_none() && wrong.at("baselineOn").is_none() {
        wrong.add("baselineOn", "say on which day the baseline was counted");
    }
    let indicator = said.fields.some("indicatorId");
    if indicator.is_none() {
        wrong.add("indicatorId", "choose what is counted");
    }
    let kind = MeasureKind::named(said.fields.one("kind"));
    if kind.is_none() {
        wrong.add("kind", "say how it is counted");
    }
    let (Some(indicator_id), Some(kind), true) = (indicator, kind, wrong.is_empty()) else {
        return Ok(Some(wrong));
    };
    let wrong = send!(there, said; AddMeasure, add_measure::AddMeasureInput {
        commitment_id: commitment_id,
        indicator_id: indicator_id,
        kind: kind,
        target: said.figure("target"),
        due_on: due_on,
        baseline: counted_on.map(|on| add_measure::BaselineInput { on, value }),
        new_id: None,
    });
    Ok(wrong.map(typed_at))
}

/// What the schema says of a place is said at the field in which that was typed.
pub fn typed_at(problems: Problems) -> Problems {
    problems.renamed(|place| {
        let first = place.split('.').next().unwrap_or_default();
        match (first, place) {
            ("baseline", "baseline.on") => "baselineOn".to_owned(),
            ("baseline" | "aims" | "themes", _) => first.to_owned(),
            ("groupIds", _) => "groups".to_owned(),
            (_, other) => other.to_owned(),
        }
    })
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

    #[test]
    fn aims_are_told_apart_and_what_is_wrong_with_one_is_said_at_their_field() {
        let fields = Fields::from_iter([("aims", " 1, 3;4 ,, ")]);
        assert_eq!(aims(&fields), ["1", "3", "4"]);
        let mut problems = Problems::default();
        problems.add("groupIds.1", "no such group");
        problems.add("baseline.on", "too late");
        let problems = typed_at(problems);
        assert!(problems.at("groups").is_some() && problems.at("baselineOn").is_some());
    }
}
