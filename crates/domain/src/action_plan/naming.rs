//! What a refusal names: the part, the deed, the thing and the day, each in the user's words.
//!
//! Kept apart from the refusals so that the sentences read as sentences there, and every word that
//! varies within one is found here.

use std::fmt;

use chrono::NaiveDate;

use crate::text::Text;

use super::state::Ended;

/// What already is as was asked.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Part {
    /// The plan's title.
    Title,
    /// An objective's words.
    ObjectiveWords,
    /// An objective's ref.
    Ref,
    /// The commitment an objective serves, or that it serves none.
    Commitment,
    /// The note that an objective has no action.
    NoAction,
    /// An action's timescale.
    Timescale,
    /// An action's owner.
    Owner,
    /// An action's words.
    ActionWords,
    /// An update's words and the objectives it speaks for.
    UpdateTerms,
}

impl Part {
    pub(super) const fn words(self) -> &'static str {
        match self {
            Self::Title => "the plan's title",
            Self::ObjectiveWords => "what this objective says",
            Self::Ref => "this objective's ref",
            Self::Commitment => "how this objective is linked",
            Self::NoAction => "what is noted of this objective",
            Self::Timescale => "this action's timescale",
            Self::Owner => "this action's owner",
            Self::ActionWords => "what this action says",
            Self::UpdateTerms => "what this update says",
        }
    }

    pub(super) const fn field(self) -> &'static str {
        match self {
            Self::Title | Self::ObjectiveWords => "title",
            Self::Ref => "ref",
            Self::Commitment => "commitmentId",
            Self::NoAction => "note",
            Self::Timescale => "timescale",
            Self::Owner => "owner",
            Self::ActionWords | Self::UpdateTerms => "text",
        }
    }
}

/// What an id was sent for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// An objective.
    Objective,
    /// An action.
    Action,
    /// An update.
    Update,
}

impl Kind {
    pub(super) const fn with_article(self) -> &'static str {
        match self {
            Self::Objective => "an objective",
            Self::Action => "an action",
            Self::Update => "an update",
        }
    }

    pub(super) const fn field(self) -> &'static str {
        match self {
            Self::Objective => "objectiveId",
            Self::Action => "actionId",
            Self::Update => "updateId",
        }
    }
}

/// Which of the two actions a merge names.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ActionField {
    /// The action a change is about.
    Action,
    /// The action that takes it in.
    Into,
}

impl ActionField {
    pub(super) const fn name(self) -> &'static str {
        match self {
            Self::Action => "actionId",
            Self::Into => "intoId",
        }
    }
}

/// What can be asked of an objective that has not been dropped.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ObjectiveDeed {
    /// Other words.
    Reword,
    /// Another ref.
    Renumber,
    /// Another commitment.
    Link,
    /// A new action.
    SetAction,
    /// "None at present".
    NoteNoAction,
    /// To be given up.
    Drop,
}

impl ObjectiveDeed {
    pub(super) const fn words(self) -> &'static str {
        match self {
            Self::Reword => "be reworded",
            Self::Renumber => "be renumbered",
            Self::Link => "be linked",
            Self::SetAction => "be given an action",
            Self::NoteNoAction => "be noted as having no action",
            Self::Drop => "be dropped again",
        }
    }
}

/// What can be asked of an open action.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ActionDeed {
    /// To have moved on.
    Progress,
    /// Another timescale.
    Reschedule,
    /// Another owner.
    Reassign,
    /// Other words.
    Reword,
    /// To be done.
    Complete,
    /// To be given up.
    Drop,
    /// To go on as part of another.
    Merge,
}

impl ActionDeed {
    pub(super) const fn words(self, ended: Ended) -> &'static str {
        match (self, ended) {
            (Self::Progress, _) => "report progress",
            (Self::Reschedule, _) => "be rescheduled",
            (Self::Reassign, _) => "be reassigned",
            (Self::Reword, _) => "be reworded",
            (Self::Complete, Ended::Completed) => "be completed again",
            (Self::Complete, _) => "be completed",
            (Self::Drop, Ended::Dropped) => "be dropped again",
            (Self::Drop, _) => "be dropped",
            (Self::Merge, Ended::Merged) => "be merged again",
            (Self::Merge, _) => "be merged",
        }
    }
}

/// What has a history of its own, which only runs forward.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Thing {
    /// The plan's title.
    Title,
    /// The objective with this ref.
    Objective(String),
    /// An action of the objective with this ref.
    ActionOf(String),
    /// The action a change is about.
    Action,
    /// The action another is merged into.
    Into,
    /// An update.
    Update,
}

impl Thing {
    pub(super) fn words(&self) -> String {
        match self {
            Self::Title => "this plan".to_owned(),
            Self::Objective(label) => format!("objective {label}"),
            Self::ActionOf(label) => format!("an action of objective {label}"),
            Self::Action => "this action".to_owned(),
            Self::Into => "the action that carries on".to_owned(),
            Self::Update => "this update".to_owned(),
        }
    }
}

impl fmt::Display for Ended {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Completed => "completed",
            Self::Dropped => "dropped",
            Self::Merged => "merged",
        })
    }
}

pub(super) fn day(date: NaiveDate) -> String {
    date.format("%-d %B %Y").to_string()
}

pub(super) fn refs(labels: &[String]) -> String {
    match labels {
        [] => "no objective".to_owned(),
        [only] => format!("objective {only}"),
        [first @ .., last] => format!("objectives {} and {last}", first.join(", ")),
    }
}

pub(super) fn outside(objective: &str, action: Option<&Text>) -> String {
    match action {
        Some(text) => {
            let action = beginning(text.shown());
            format!("action “{action}” belongs to objective {objective}")
        }
        None => format!("objective {objective} is not among them"),
    }
}

/// How a text begins: enough to know it by.
pub(super) fn beginning(text: &str) -> String {
    const ENOUGH: usize = 60;
    if text.chars().count() <= ENOUGH {
        return text.to_owned();
    }
    let begun: String = text.chars().take(ENOUGH).collect();
    format!("{}…", begun.trim_end())
}
