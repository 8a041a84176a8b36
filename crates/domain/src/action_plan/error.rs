//! Why an action plan refuses a command, in words a secretary can act on.

use chrono::NaiveDate;

use crate::facts::UnknownFact;
use crate::refusal::{Item, Refusal};
use crate::text::{Text, Texts};
use crate::visibility::ReleaseError;
use crate::words::TextError;

use super::naming::{
    ActionDeed, ActionField, Kind, ObjectiveDeed, Part, Thing, beginning, day, outside, refs,
};
use super::state::Ended;

/// Why a command was refused.
#[derive(Clone, Debug, PartialEq, thiserror::Error)]
pub enum ActionPlanError {
    /// A text is missing or too long.
    #[error(transparent)]
    Text(#[from] TextError),
    /// Something mentioned does not exist.
    #[error(transparent)]
    Unknown(#[from] UnknownFact),
    /// It is not released, or taken back, like that.
    #[error(transparent)]
    Release(#[from] ReleaseError),
    /// Nothing can happen to a plan that has not been set.
    #[error("this action plan has not been set yet; set it first")]
    NotSet,
    /// A plan is set once.
    #[error("this action plan is set already; retitle it if its title is to change")]
    AlreadySet,
    /// What is asked for is how things are.
    #[error("that is {} already; enter another, or leave it as it is", .0.words())]
    Unchanged(Part),
    /// The plan has no such objective.
    #[error("that objective is not in this plan; choose one of its objectives")]
    UnknownObjective,
    /// The plan has no such action.
    #[error("that action is not in this plan; choose one of its actions")]
    UnknownAction(ActionField),
    /// An id names one thing for ever.
    #[error("the plan already has {} under the same id; if it is the one you meant, nothing more is needed; if not, start again from an empty form", .0.with_article())]
    IdTaken(Kind),
    /// Two live objectives may not bear one ref.
    #[error(
        "ref “{label}” belongs to “{title}”; choose another ref, or renumber that objective first"
    )]
    RefTaken {
        /// The ref.
        label: String,
        /// The objective that bears it.
        title: String,
    },
    /// The ref was another objective's until after the date given.
    #[error("ref “{label}” belonged to another objective until {}; choose another ref, or date this on or after that day", day(*.until))]
    RefHeld {
        /// The ref.
        label: String,
        /// The last day the other objective bore it.
        until: NaiveDate,
    },
    /// A dropped objective takes nothing but reinstatement.
    #[error("objective {label} has been dropped and cannot {}; reinstate it first", .deed.words())]
    ObjectiveDropped {
        /// The objective's ref.
        label: String,
        /// What was asked of it.
        deed: ObjectiveDeed,
    },
    /// Only a dropped objective can be reinstated.
    #[error("objective {label} has not been dropped, so there is nothing to reinstate")]
    ObjectiveLive {
        /// The objective's ref.
        label: String,
    },
    /// "None at present" would be untrue.
    #[error(
        "objective {label} has an open action, “{}”; complete or drop it before noting that there is none",
        beginning(.action.shown())
    )]
    ActionStillOpen {
        /// The objective's ref.
        label: String,
        /// What the first open action says.
        action: Text,
    },
    /// An action that has ended changes only by being reopened.
    #[error("a {ended} action cannot {}; reopen it first", .deed.words(*.ended))]
    ActionEnded {
        /// How it ended.
        ended: Ended,
        /// What was asked of it.
        deed: ActionDeed,
    },
    /// Only an action that has ended can be reopened.
    #[error("this action is open, so there is nothing to reopen")]
    ActionOpen,
    /// An action cannot be open under an objective that has been given up.
    #[error(
        "this action belongs to objective {label}, which has been dropped; reinstate the objective first"
    )]
    ReopenedUnderDropped {
        /// The objective's ref.
        label: String,
    },
    /// An action cannot carry on as part of itself.
    #[error("an action cannot be merged into itself; choose the action that carries on")]
    MergedIntoItself,
    /// What is merged must carry on.
    #[error("a {ended} action cannot take another in; reopen it first, or choose an open action")]
    MergedIntoEnded {
        /// How the chosen action ended.
        ended: Ended,
    },
    /// An update speaks for something.
    #[error("choose at least one objective that this update speaks for")]
    NoObjectives,
    /// An update names each objective once.
    #[error("objective {label} is named twice; name each objective once")]
    ObjectiveTwice {
        /// The objective's ref.
        label: String,
    },
    /// A change in an update must concern an objective the update speaks for.
    #[error("this update speaks for {}; {}; name that objective in the update too, or make this change separately", refs(.spoken), outside(.objective, .action.as_ref()))]
    NotSpokenFor {
        /// The refs of the objectives the update speaks for.
        spoken: Vec<String>,
        /// The ref of the objective the change concerns.
        objective: String,
        /// What the action says that the change concerns, when it is about one.
        action: Option<Text>,
    },
    /// Nothing happens to a plan before it is set.
    #[error("this plan was set on {}; date this on or after that day", day(*.set_on))]
    BeforePlan {
        /// The day it was set.
        set_on: NaiveDate,
    },
    /// The history of one thing runs forward.
    #[error("{} was last changed on {}; date this on or after that day", .thing.words(), day(*.changed_on))]
    BeforeChange {
        /// What changed.
        thing: Thing,
        /// The day it last changed.
        changed_on: NaiveDate,
    },
    /// An update cannot speak for an objective that was not yet there.
    #[error("objective {label} joined the plan on {}; date this update on or after that day, or leave the objective out", day(*.added_on))]
    BeforeObjective {
        /// The objective's ref.
        label: String,
        /// The day it joined.
        added_on: NaiveDate,
    },
    /// The plan has no such update.
    #[error("that update is not in this plan; choose one of its updates")]
    UnknownUpdate,
    /// A withdrawn update takes nothing more.
    #[error("that update was withdrawn on {}; record a new update instead", day(*.on))]
    UpdateWithdrawn {
        /// The day it was withdrawn.
        on: NaiveDate,
    },
    /// An update cannot be corrected to speak for an objective that was not yet there when it was said.
    #[error("objective {label} joined the plan only after {}, the day of this update; leave the objective out", day(*.said_on))]
    SaidBeforeObjective {
        /// The objective's ref.
        label: String,
        /// The day of the update.
        said_on: NaiveDate,
    },
    /// An update goes on speaking for what it changed.
    #[error(
        "this update carried a change to objective {label}, which putting its words right does not undo; name that objective too"
    )]
    CarriedChange {
        /// The objective's ref.
        label: String,
    },
    /// One of several changes in an update was refused, and so the update was.
    #[error("{}{refusal}", which_change(*.number, *.of))]
    InChange {
        /// Which change, counted from 1.
        number: usize,
        /// How many changes the update carries.
        of: usize,
        /// Why it was refused.
        refusal: Box<ActionPlanError>,
    },
    /// One of the objectives an update speaks for was refused, and so the update was.
    #[error("{refusal}")]
    InList {
        /// Which objective.
        item: Item,
        /// Why it was refused.
        refusal: Box<ActionPlanError>,
    },
}

/// Names the change that was refused, where there are several.
fn which_change(number: usize, of: usize) -> String {
    if of == 1 {
        return String::new();
    }
    format!("change {number} of this update: ")
}

impl Refusal for ActionPlanError {
    fn code(&self) -> &'static str {
        match self {
            Self::Text(error) => error.code(),
            Self::Unknown(error) => error.code(),
            Self::Release(error) => error.code(),
            Self::NotSet => "PLAN_NOT_SET",
            Self::AlreadySet => "PLAN_ALREADY_SET",
            Self::Unchanged(_) => "UNCHANGED",
            Self::UnknownObjective => "UNKNOWN_OBJECTIVE",
            Self::UnknownAction(_) => "UNKNOWN_ACTION",
            Self::IdTaken(_) => "ID_TAKEN",
            Self::RefTaken { .. } => "REF_TAKEN",
            Self::RefHeld { .. } => "REF_HELD",
            Self::ObjectiveDropped { .. } | Self::ReopenedUnderDropped { .. } => {
                "OBJECTIVE_DROPPED"
            }
            Self::ObjectiveLive { .. } => "OBJECTIVE_NOT_DROPPED",
            Self::ActionStillOpen { .. } => "ACTION_STILL_OPEN",
            Self::ActionEnded { ended, .. } | Self::MergedIntoEnded { ended } => match ended {
                Ended::Completed => "ACTION_COMPLETED",
                Ended::Dropped => "ACTION_DROPPED",
                Ended::Merged => "ACTION_MERGED",
            },
            Self::ActionOpen => "ACTION_OPEN",
            Self::MergedIntoItself => "MERGED_INTO_ITSELF",
            Self::NoObjectives => "NO_OBJECTIVES",
            Self::ObjectiveTwice { .. } => "OBJECTIVE_TWICE",
            Self::NotSpokenFor { .. } => "NOT_SPOKEN_FOR",
            Self::UnknownUpdate => "UNKNOWN_UPDATE",
            Self::UpdateWithdrawn { .. } => "UPDATE_WITHDRAWN",
            Self::SaidBeforeObjective { .. } => "OBJECTIVE_NOT_YET_THERE",
            Self::CarriedChange { .. } => "CHANGE_CARRIED",
            Self::BeforePlan { .. } | Self::BeforeChange { .. } | Self::BeforeObjective { .. } => {
                "DATED_TOO_EARLY"
            }
            Self::InChange { refusal, .. } | Self::InList { refusal, .. } => refusal.code(),
        }
    }

    fn field(&self) -> Option<&'static str> {
        match self {
            Self::Text(error) => Some(error.field()),
            Self::Unknown(error) => Some(error.field()),
            Self::Release(error) => Some(error.field()),
            Self::NotSet | Self::AlreadySet => None,
            Self::Unchanged(part) => Some(part.field()),
            Self::UnknownObjective
            | Self::ObjectiveDropped { .. }
            | Self::ObjectiveLive { .. }
            | Self::ActionStillOpen { .. } => Some("objectiveId"),
            Self::UnknownAction(field) => Some(field.name()),
            Self::IdTaken(kind) => Some(kind.field()),
            Self::RefTaken { .. } | Self::RefHeld { .. } => Some("ref"),
            Self::ActionEnded { .. } | Self::ActionOpen | Self::ReopenedUnderDropped { .. } => {
                Some(ActionField::Action.name())
            }
            Self::MergedIntoItself | Self::MergedIntoEnded { .. } => Some(ActionField::Into.name()),
            Self::NoObjectives
            | Self::ObjectiveTwice { .. }
            | Self::NotSpokenFor { .. }
            | Self::SaidBeforeObjective { .. }
            | Self::CarriedChange { .. } => Some("objectiveIds"),
            Self::UnknownUpdate | Self::UpdateWithdrawn { .. } => Some("updateId"),
            Self::BeforePlan { .. } | Self::BeforeChange { .. } | Self::BeforeObjective { .. } => {
                Some("occurredOn")
            }
            Self::InChange { refusal, .. } => refusal.field(),
            Self::InList { item, .. } => Some(item.list),
        }
    }

    fn path(&self) -> Option<String> {
        match self {
            Self::InList { item, .. } => Some(item.to_string()),
            Self::InChange {
                number, refusal, ..
            } => {
                let change = Item::of("changes", number - 1);
                // The update's own fields are not the change's: of these the change itself is told.
                Some(match refusal.field() {
                    None | Some("occurredOn" | "objectiveIds") => change.to_string(),
                    Some(field) => change.field(field).to_string(),
                })
            }
            other => other.field().map(ToOwned::to_owned),
        }
    }
}

/// A refusal may quote what an action says.
impl Texts for ActionPlanError {
    fn texts(&mut self, each: &mut dyn FnMut(&mut Text)) {
        match self {
            Self::ActionStillOpen { action, .. } => action.texts(each),
            Self::NotSpokenFor { action, .. } => action.texts(each),
            Self::InChange { refusal, .. } | Self::InList { refusal, .. } => refusal.texts(each),
            _ => {}
        }
    }
}
