//! A group's action plan: objectives, actions, and dated updates that speak for several of them.
//!
//! Everything is refused until the plan is set, and nothing may be dated before the day it was.
//! Beyond that, three rules keep the plan true *as of any day*: fold the events dated up to that
//! day, in the order they were recorded, and the result is a plan that could have been.
//!
//! - **One thing's history runs forward.** An event about an objective or an action is not dated
//!   before the last event about the same one (progress included).
//! - **What leans on another thing is not dated before it could.** An action is set or reopened no
//!   earlier than its objective was last added, dropped, reinstated or noted as having none; an
//!   objective is dropped or noted as having none no earlier than its actions last changed; a merge
//!   counts as a change of both actions; an update speaks only for objectives that had joined.
//! - **A ref passes on no earlier than it was given up.**
//!
//! An update's words, by contrast, may be dated any day since the plan was set: minutes are often
//! typed up late. What puts an update right or takes it back is not dated before the update's last change,
//! and leaves the changes it carried as they are.
//!
//! # How an aggregate is used
//! A command comes with its date and its facts; the events that come back are written to the ledger
//! by the caller, and folding them again gives the same plan. A refused command leaves the plan as
//! it was.
//!
//! ```
//! use chrono::NaiveDate;
//! use cqrs_es::Aggregate;
//! use cqrs_es::event_sink::EventSink;
//! use domain::action_plan::{
//!     ActionPlan, ActionPlanCommand, ActionPlanError, Change, ObjectiveWords,
//! };
//! use domain::facts::{Facts, GroupFact};
//! use domain::ids::{ActionId, GroupId, ObjectiveId};
//! use domain::refusal::Refusal;
//! use domain::timescale::Timescale;
//! use domain::{ActionPlanEvent, Dated, Directed};
//! use uuid::Uuid;
//!
//! async fn ask(
//!     plan: &mut ActionPlan,
//!     command: Directed<ActionPlanCommand>,
//! ) -> Result<Vec<Dated<ActionPlanEvent>>, ActionPlanError> {
//!     let sink = EventSink::default();
//!     plan.handle(command, &(), &sink).await?;
//!     Ok(sink.collect().await)
//! }
//!
//! # fn main() -> Result<(), Box<dyn std::error::Error>> {
//! # futures::executor::block_on(async {
//! let group = GroupId::new(Uuid::from_u128(1));
//! let objective = ObjectiveId::new(Uuid::from_u128(2));
//! let action = ActionId::new(Uuid::from_u128(3));
//! let mut facts = Facts::default();
//! facts.groups.insert(
//!     group,
//!     GroupFact {
//!         id: group,
//!         code: "LD".into(),
//!         name: "Learning and Development Theme Group".into(),
//!     },
//! );
//! let on = NaiveDate::from_ymd_opt(2007, 7, 27).ok_or("no such day")?;
//! let directed = |command| Directed {
//!     occurred_on: on,
//!     meeting: None,
//!     facts: facts.clone(),
//!     command,
//! };
//!
//! let mut plan = ActionPlan::default();
//! let mut history = Vec::new();
//! for command in [
//!     ActionPlanCommand::SetActionPlan {
//!         group,
//!         title: "Learning and Development action plan".into(),
//!     },
//!     ActionPlanCommand::AddObjective {
//!         objective,
//!         label: "3".into(),
//!         words: ObjectiveWords {
//!             title: "Good practice seminars".into(),
//!             indicator: None,
//!         },
//!         commitment: None,
//!     },
//!     ActionPlanCommand::MakeChange {
//!         change: Change::SetAction {
//!             action,
//!             objective,
//!             text: "Stage a dissemination event.".into(),
//!             owner: None,
//!             timescale: None,
//!         },
//!     },
//!     ActionPlanCommand::MakeChange {
//!         change: Change::CompleteAction { action, note: None },
//!     },
//! ] {
//!     history.extend(ask(&mut plan, directed(command)).await?);
//! }
//!
//! let late = ActionPlanCommand::MakeChange {
//!     change: Change::RescheduleAction {
//!         action,
//!         timescale: Timescale {
//!             text: "End of November".into(),
//!             due_on: None,
//!             note: None,
//!         },
//!         reason: "it moves from September to November".into(),
//!     },
//! };
//! let refusal = ask(&mut plan, directed(late)).await.unwrap_err();
//! assert_eq!(
//!     refusal.to_string(),
//!     "a completed action cannot be rescheduled; reopen it first"
//! );
//! assert_eq!(refusal.code(), "ACTION_COMPLETED");
//! assert_eq!(refusal.field(), Some("actionId"));
//!
//! let mut replayed = ActionPlan::default();
//! for event in history {
//!     replayed.apply(event);
//! }
//! assert_eq!(replayed, plan);
//! # Ok(())
//! # })
//! # }
//! ```

mod change;
mod command;
mod decide;
mod error;
mod event;
mod naming;
mod objective;
mod standing;
mod state;
#[cfg(test)]
mod tests;
mod update;

pub use command::*;
pub use error::ActionPlanError;
pub use event::*;
pub use naming::{ActionDeed, ActionField, Kind, ObjectiveDeed, Part, Thing};
pub use state::{ActionPlan, Ended};

crate::aggregate::aggregate! {
    ActionPlan, "action-plan": ActionPlanCommand => ActionPlanEvent, ActionPlanError
}
