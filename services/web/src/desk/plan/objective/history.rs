//! What happened to an objective so far, in order.

use crate::desk::plan::found::Objective;
use crate::documents::scalars::{Date, Position};
use crate::uk;

/// One thing that happened.
pub struct Step {
    at: Position,
    /// What it was.
    pub what: String,
    /// When it was true.
    pub on: Date,
    /// The day of the meeting it came from.
    pub meeting: Option<Date>,
    /// What was there before.
    pub from: Option<String>,
    /// What is there from then on.
    pub to: Option<String>,
    /// Why.
    pub reason: Option<String>,
}

/// Makes a step from a change as the document has it.
macro_rules! step {
    ($change:expr, $what:expr, $from:expr, $to:expr) => {
        Step {
            at: $change.made.position,
            what: $what,
            on: $change.made.occurred_on,
            meeting: $change.made.meeting.as_ref().and_then(|it| it.held_on),
            from: $from,
            to: $to,
            reason: $change.reason.clone(),
        }
    };
}

fn worded(title: &str, indicator: Option<&String>) -> String {
    match indicator {
        Some(indicator) => format!("{title} (indicator: {indicator})"),
        None => title.to_owned(),
    }
}

/// Everything that happened to the objective, the first first.
pub fn steps(objective: &Objective) -> Vec<Step> {
    let added = &objective.added;
    let mut steps = vec![Step {
        at: added.position,
        what: "Added to the plan".to_owned(),
        on: added.occurred_on,
        meeting: added.meeting.as_ref().and_then(|it| it.held_on),
        from: None,
        to: None,
        reason: None,
    }];
    let said = |words: &str| Some(words.to_owned());
    steps.extend(objective.ref_changes.iter().map(|change| {
        let what = "Renumbered".to_owned();
        step!(change, what, said(&change.from), said(&change.to))
    }));
    steps.extend(objective.wording_changes.iter().map(|change| {
        let from = worded(&change.from.title, change.from.comment.as_ref());
        let to = worded(&change.to.title, change.to.comment.as_ref());
        step!(
            change,
            "Put in other words".to_owned(),
            Some(from),
            Some(to)
        )
    }));
    steps.extend(objective.commitment_changes.iter().map(|change| {
        let none = || "no commitment".to_owned();
        let words =
            |label: &str, session: &str| format!("commitment {label} of {}", uk::session(session));
        let from = change.from.as_ref();
        let from = from.map_or_else(none, |it| words(&it.ref_, &it.session));
        let to = change.to.as_ref();
        let to = to.map_or_else(none, |it| words(&it.ref_, &it.session));
        let what = "Serves another commitment".to_owned();
        step!(change, what, Some(from), Some(to))
    }));
    steps.extend(objective.state_changes.iter().map(|change| {
        let mut step = step!(change, change.to.kind.words().to_owned(), None, None);
        step.reason = step.reason.or_else(|| change.to.note.clone());
        step
    }));
    steps.sort_by_key(|step| step.at);
    steps
}
