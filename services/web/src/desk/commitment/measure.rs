//! What can be done with a measure: its target, its due date and its baseline are changed with a reason, and what they were stays in view.

use gateway::Caller;

use super::sheet::{Differing, Said, Sheet, day, is_figure, when, why};
use super::take::{send, typed_at};
use super::{Commitment, Measure, day_or_none};
use crate::documents::document;
use crate::documents::scalars::{Date, Figure, Position, UUID};
use crate::documents::words::MeasureKind;
use crate::form::{Blank, DateField, Field, Problems};
use crate::instead::Instead;
use crate::uk;
use crate::visit::Web;

document!(
    ChangeTarget,
    "documents/desk/commitment/change-target.graphql",
    one_of
);
document!(
    ChangeMeasureDueDate,
    "documents/desk/commitment/change-measure-due-date.graphql",
    one_of
);
document!(
    SetBaseline,
    "documents/desk/commitment/set-baseline.graphql",
    one_of
);
document!(
    WithdrawMeasure,
    "documents/desk/commitment/withdraw-measure.graphql",
    one_of
);

/// What can be done with a measure.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum MeasureStep {
    /// Another target.
    Target,
    /// Another due date.
    DueDate,
    /// Where it begins.
    Baseline,
    /// It counts no more.
    Withdraw,
}

impl MeasureStep {
    const ALL: [(Self, &'static str); 4] = [
        (Self::Target, "target"),
        (Self::DueDate, "due-date"),
        (Self::Baseline, "baseline"),
        (Self::Withdraw, "withdraw"),
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

    /// Whether it can be taken, as things stand.
    pub fn is_open(self, commitment: &Commitment, measure: &Measure) -> bool {
        let counts = measure.kind != MeasureKind::Narrative;
        let fits = counts || matches!(self, Self::DueDate | Self::Withdraw);
        fits && measure.withdrawn.is_none() && !commitment.has_ended()
    }
}

/// The form of a step.
pub fn sheet(step: MeasureStep, measure: &Measure) -> Sheet {
    let stands = vec![
        ("Target", measure.target()),
        ("Due", day_or_none(measure.due_on.as_ref())),
        ("Baseline", measure.baseline()),
        ("Last reading", measure.latest()),
    ];
    let (title, lead, blanks, button) = asked(step, measure);
    Sheet {
        title,
        lead,
        stands,
        blanks,
        button,
    }
}

/// What a step is called, what it does, what it asks, and what its button says.
fn asked(
    step: MeasureStep,
    measure: &Measure,
) -> (&'static str, &'static str, Vec<Blank>, &'static str) {
    let figure = |name: &'static str, label: &str| Field {
        short: true,
        ..Field::new(name, format!("{label}, in {}", measure.unit), "off")
    };
    match step {
        MeasureStep::Target => (
            "Change the target",
            "The target there was stays in view beside the new one, with the day and your reason.",
            vec![
                figure("target", "The new target").into(),
                why("Why is it changed?"),
                when("On which day was that decided?"),
            ],
            "Continue",
        ),
        MeasureStep::DueDate => (
            "Change the due date of a measure",
            "The date there was stays in view beside the new one, with your reason.",
            vec![
                DateField::new("dueOn", "To be reached by")
                    .hinting("For example, 31 3 2009. Leave it empty to take the due date away.")
                    .into(),
                why("Why is it changed?"),
                when("On which day was that decided?"),
            ],
            "Continue",
        ),
        MeasureStep::Baseline => (
            "Set the baseline",
            "Where the measure begins: what was counted before, and on which day. A figure that was counted is replaced only with a reason.",
            vec![
                figure("baseline", "The baseline")
                    .hinting("Leave it empty where the day is known and the figure is still to be counted.")
                    .into(),
                DateField::new("baselineOn", "On which day is it counted?").into(),
                why("Why, where it replaces a figure"),
                when("On which day was it set?"),
            ],
            "Continue",
        ),
        MeasureStep::Withdraw => (
            "Withdraw a measure",
            "It stays in view with its readings, and counts no more. A measure that was withdrawn does not come back: a new one is added instead.",
            vec![
                why("Why is it withdrawn?"),
                when("On which day was it withdrawn?"),
            ],
            "Withdraw the measure",
        ),
    }
}

/// What a step replaces by what; nothing where there is nothing to compare.
pub fn differing(
    step: MeasureStep,
    measure: &Measure,
    said: &Said<'_>,
    wrong: &mut Problems,
) -> Vec<Differing> {
    let one = match step {
        MeasureStep::Target => {
            said.wants_reason(wrong);
            let target = said.figure("target").filter(|typed| is_figure(typed));
            if target.is_none() {
                wrong.add("target", "enter the new target as a number, such as 25");
            }
            Differing {
                what: "Target",
                from: measure.target(),
                to: target.map_or(String::new(), |typed| measure.figure(&typed)),
            }
        }
        MeasureStep::DueDate => {
            said.wants_reason(wrong);
            let due = day(said.fields, "dueOn", wrong);
            Differing {
                what: "Due",
                from: day_or_none(measure.due_on.as_ref()),
                to: day_or_none(due.as_ref()),
            }
        }
        MeasureStep::Baseline => set_differs(measure, said, wrong),
        MeasureStep::Withdraw => return Vec::new(),
    };
    if one.from == one.to && !said.is_confirmed() {
        let field = match step {
            MeasureStep::Target => "target",
            MeasureStep::DueDate => "dueOn",
            _ => "baseline",
        };
        wrong.add(
            field,
            "that is how it is already; enter another, or leave it as it is",
        );
    }
    vec![one]
}

fn set_differs(measure: &Measure, said: &Said<'_>, wrong: &mut Problems) -> Differing {
    let on = day(said.fields, "baselineOn", wrong);
    if on.is_none() && wrong.at("baselineOn").is_none() {
        wrong.add("baselineOn", "say on which day it is counted");
    }
    let value = said.figure("baseline");
    if value.as_deref().is_some_and(|typed| !is_figure(typed)) {
        wrong.add("baseline", "enter the baseline as a number, such as 25");
    }
    let had = measure.baseline.as_ref();
    if had.is_some_and(|baseline| baseline.value.is_some()) {
        said.wants_reason(wrong);
    }
    let on = on.map_or(String::new(), |on| uk::day(&on));
    Differing {
        what: "Baseline",
        from: measure.baseline(),
        to: match value {
            Some(value) => format!("{} on {on}", measure.figure(&value)),
            None => format!("to be counted on {on}"),
        },
    }
}

/// Records a step. What is wrong with it, where something is.
///
/// # Errors
/// When it cannot be sent.
pub async fn record(
    step: MeasureStep,
    there: (&Web, Caller),
    measure: &str,
    said: &Said<'_>,
) -> Result<Option<Problems>, Instead> {
    let id = measure.to_owned();
    let mut wrong = Problems::default();
    let refused = match step {
        MeasureStep::Target => send!(there, said; ChangeTarget, change_target::ChangeTargetInput {
            measure_id: id,
            target: said.figure("target").unwrap_or_default(),
            reason: said.reason(),
        }),
        MeasureStep::DueDate => {
            send!(there, said; ChangeMeasureDueDate, change_measure_due_date::ChangeMeasureDueDateInput {
                measure_id: id,
                due_on: day(said.fields, "dueOn", &mut wrong),
                reason: said.reason(),
            })
        }
        MeasureStep::Baseline => send!(there, said; SetBaseline, set_baseline::SetBaselineInput {
            measure_id: id,
            baseline: set_baseline::BaselineInput {
                on: day(said.fields, "baselineOn", &mut wrong).unwrap_or_default(),
                value: said.figure("baseline"),
            },
            reason: said.fields.text("reason"),
        }),
        MeasureStep::Withdraw => {
            send!(there, said; WithdrawMeasure, withdraw_measure::WithdrawMeasureInput {
                measure_id: id,
                reason: said.reason(),
            })
        }
    };
    Ok(refused.map(typed_at))
}
