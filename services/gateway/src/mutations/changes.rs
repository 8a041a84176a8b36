//! Changes to actions, and to objectives that have none: each its own mutation, or carried by an update.
//!
//! What a change says is written once, as its own input object. The mutation's input is that object
//! with the plan and the recording around it; an update's `changes` names one of them each.

use async_graphql::{ID, InputObject, OneofObject};
use domain::ActionPlanCommand;
use domain::action_plan::Change;
use domain::ids::{ActionId, IdSource, ObjectiveId};
use domain::timescale::Timescale;
use uuid::Uuid;

use super::action_plan::ask;
use super::draft::new_id;
use super::objectives::objective;
use super::{Draft, Input, Place, Recording, UserError, mutations};
use crate::node::NodeKind;
use crate::types::action::Action;
use crate::types::action_plan::ActionPlan;
use crate::types::objective::Objective;
use crate::types::scalars::Date;

mutations! {
    /// Changes to actions, and to objectives that have none, made between meetings.
    ChangeMutations;

    /// Set a new action under an objective.
    set_action(SetActionInput) -> SetActionPayload {
        /// The plan as it is now.
        action_plan: ActionPlan,
        /// The new action.
        action: Action,
    }
    /// Note that an objective has no action at present, and why.
    note_no_action(NoteNoActionInput) -> NoteNoActionPayload {
        /// The plan as it is now.
        action_plan: ActionPlan,
        /// The objective as it is now.
        objective: Objective,
    }
    /// Say that an action has moved on.
    progress_action(ProgressActionInput) -> ProgressActionPayload {
        /// The plan as it is now.
        action_plan: ActionPlan,
        /// The action as it is now.
        action: Action,
    }
    /// Give an action another timescale. The old one stays in view.
    reschedule_action(RescheduleActionInput) -> RescheduleActionPayload {
        /// The plan as it is now.
        action_plan: ActionPlan,
        /// The action as it is now.
        action: Action,
    }
    /// Give an action another owner.
    reassign_action(ReassignActionInput) -> ReassignActionPayload {
        /// The plan as it is now.
        action_plan: ActionPlan,
        /// The action as it is now.
        action: Action,
    }
    /// Change an action's words.
    reword_action(RewordActionInput) -> RewordActionPayload {
        /// The plan as it is now.
        action_plan: ActionPlan,
        /// The action as it is now.
        action: Action,
    }
    /// Say that an action is done.
    complete_action(CompleteActionInput) -> CompleteActionPayload {
        /// The plan as it is now.
        action_plan: ActionPlan,
        /// The action as it is now.
        action: Action,
    }
    /// Give an action up.
    drop_action(DropActionInput) -> DropActionPayload {
        /// The plan as it is now.
        action_plan: ActionPlan,
        /// The action as it is now.
        action: Action,
    }
    /// Take an action up again after it had ended.
    reopen_action(ReopenActionInput) -> ReopenActionPayload {
        /// The plan as it is now.
        action_plan: ActionPlan,
        /// The action as it is now.
        action: Action,
    }
    /// Let an action go on as part of another in the same plan.
    merge_action(MergeActionInput) -> MergeActionPayload {
        /// The plan as it is now.
        action_plan: ActionPlan,
        /// The action as it is now.
        action: Action,
    }
    /// Give an objective up, and its open actions with it.
    drop_objective(DropObjectiveInput) -> DropObjectivePayload {
        /// The plan as it is now.
        action_plan: ActionPlan,
        /// The objective as it is now.
        objective: Objective,
    }
    /// Take an objective up again. Its dropped actions stay dropped until each is reopened.
    reinstate_objective(ReinstateObjectiveInput) -> ReinstateObjectivePayload {
        /// The plan as it is now.
        action_plan: ActionPlan,
        /// The objective as it is now.
        objective: Objective,
    }
}

/// When something is to be done.
#[derive(InputObject)]
pub struct TimescaleInput {
    /// The words as agreed: "End of July 07".
    text: String,
    /// The last day that honours the words; none where they name no day.
    due_on: Option<Date>,
    /// What was said beside it.
    note: Option<String>,
}

impl From<TimescaleInput> for Timescale {
    fn from(input: TimescaleInput) -> Self {
        Self {
            text: input.text,
            due_on: input.due_on.map(|date| date.0),
            note: input.note.map(Into::into),
        }
    }
}

/// A change as read: where, what is asked, and what it is about.
pub struct ReadChange {
    plan: Place,
    change: Change,
    about: (NodeKind, Uuid),
    makes: bool,
}

impl ReadChange {
    fn of_action(plan: Place, action: ActionId, change: Change) -> Self {
        Self {
            plan,
            change,
            about: (NodeKind::Action, action.uuid()),
            makes: false,
        }
    }

    fn of_objective(plan: Place, objective: ObjectiveId, change: Change) -> Self {
        Self {
            plan,
            change,
            about: (NodeKind::Objective, objective.uuid()),
            makes: false,
        }
    }

    /// The change alone, between meetings.
    fn alone(self) -> Draft {
        let command = ActionPlanCommand::MakeChange {
            change: self.change,
        };
        let (kind, id) = self.about;
        let draft = ask(&self.plan, command).about(kind, id);
        if self.makes { draft.making() } else { draft }
    }

    /// The change as part of an update to `plan`.
    fn carried_by(self, plan: &Place) -> Result<Change, UserError> {
        if self.plan.is(plan) {
            Ok(self.change)
        } else {
            let (kind, _) = self.about;
            Err(UserError::elsewhere("", kind, NodeKind::ActionPlan))
        }
    }
}

fn action(id: &ID) -> Result<(Place, ActionId), UserError> {
    Place::of_part(NodeKind::Action, "actionId", id)
}

/// Writes the mutation inputs around the changes, and the union of changes that an update carries.
macro_rules! changes {
    ($($(#[$doc:meta])* $name:literal $variant:ident: $input:ident($change:ident),)+) => {
        $(
            $(#[$doc])*
            #[derive(InputObject)]
            pub struct $input {
                #[graphql(flatten)]
                change: $change,
                #[graphql(flatten)]
                recording: Recording,
            }

            impl Input for $input {
                fn recording(&self) -> &Recording {
                    &self.recording
                }

                fn draft(self, ids: &dyn IdSource) -> Result<Draft, UserError> {
                    Ok(self.change.read(ids)?.alone())
                }
            }
        )+

        /// One change that an update carries: exactly one of these.
        #[derive(OneofObject)]
        pub enum ChangeInput {
            $($(#[$doc])* #[graphql(name = $name)] $variant($change),)+
        }

        impl ChangeInput {
            /// Which change it is, as the input names it.
            pub const fn name(&self) -> &'static str {
                match self {
                    $(Self::$variant(_) => $name,)+
                }
            }

            /// The change as part of an update to `plan`.
            ///
            /// # Errors
            /// When an id names something else, or a part of another plan.
            pub fn carried_by(
                self,
                plan: &Place,
                ids: &dyn IdSource,
            ) -> Result<Change, UserError> {
                match self {
                    $(Self::$variant(change) => change
                        .read(ids)
                        .and_then(|read| read.carried_by(plan))
                        .map_err(|error| error.inside($name)),)+
                }
            }
        }
    };
}

changes! {
    /// A new action.
    "setAction" SetAction: SetActionInput(SetActionChange),
    /// Why an objective has no action at present.
    "noteNoAction" NoteNoAction: NoteNoActionInput(NoteNoActionChange),
    /// How an action moved on.
    "progressAction" ProgressAction: ProgressActionInput(ProgressActionChange),
    /// An action's new timescale.
    "rescheduleAction" RescheduleAction: RescheduleActionInput(RescheduleActionChange),
    /// An action's new owner.
    "reassignAction" ReassignAction: ReassignActionInput(ReassignActionChange),
    /// An action's new words.
    "rewordAction" RewordAction: RewordActionInput(RewordActionChange),
    /// That an action is done.
    "completeAction" CompleteAction: CompleteActionInput(CompleteActionChange),
    /// Why an action is given up.
    "dropAction" DropAction: DropActionInput(DropActionChange),
    /// Why an action is taken up again.
    "reopenAction" ReopenAction: ReopenActionInput(ReopenActionChange),
    /// The action that carries on.
    "mergeAction" MergeAction: MergeActionInput(MergeActionChange),
    /// Why an objective is given up.
    "dropObjective" DropObjective: DropObjectiveInput(DropObjectiveChange),
    /// Why an objective is taken up again.
    "reinstateObjective" ReinstateObjective: ReinstateObjectiveInput(ReinstateObjectiveChange),
}

/// A new action.
#[derive(InputObject)]
pub struct SetActionChange {
    /// The objective.
    objective_id: ID,
    /// The id of the new action; made when left out.
    new_id: Option<Uuid>,
    /// What will be done.
    text: String,
    /// Who will do it, in the plan's words.
    owner: Option<String>,
    /// When.
    timescale: Option<TimescaleInput>,
}

impl SetActionChange {
    fn read(self, ids: &dyn IdSource) -> Result<ReadChange, UserError> {
        let (plan, objective) = objective(&self.objective_id)?;
        let action: ActionId = new_id(self.new_id, ids);
        let change = Change::SetAction {
            action,
            objective,
            text: self.text.into(),
            owner: self.owner.map(Into::into),
            timescale: self.timescale.map(Timescale::from),
        };
        Ok(ReadChange {
            makes: true,
            ..ReadChange::of_action(plan, action, change)
        })
    }
}

/// Why an objective has no action at present.
#[derive(InputObject)]
pub struct NoteNoActionChange {
    /// The objective.
    objective_id: ID,
    /// Why there is none.
    note: String,
    /// A timescale the plan gives all the same, such as N/A.
    timescale: Option<TimescaleInput>,
}

impl NoteNoActionChange {
    fn read(self, _: &dyn IdSource) -> Result<ReadChange, UserError> {
        let (plan, objective) = objective(&self.objective_id)?;
        let change = Change::NoteNoAction {
            objective,
            note: self.note.into(),
            timescale: self.timescale.map(Timescale::from),
        };
        Ok(ReadChange::of_objective(plan, objective, change))
    }
}

/// How an action moved on.
#[derive(InputObject)]
pub struct ProgressActionChange {
    /// The action.
    action_id: ID,
    /// What was said of it; needed outside an update.
    note: Option<String>,
}

impl ProgressActionChange {
    fn read(self, _: &dyn IdSource) -> Result<ReadChange, UserError> {
        let (plan, action) = action(&self.action_id)?;
        let change = Change::ProgressAction {
            action,
            note: self.note.map(Into::into),
        };
        Ok(ReadChange::of_action(plan, action, change))
    }
}

/// An action's new timescale.
#[derive(InputObject)]
pub struct RescheduleActionChange {
    /// The action.
    action_id: ID,
    /// The new timescale.
    timescale: TimescaleInput,
    /// Why.
    reason: String,
}

impl RescheduleActionChange {
    fn read(self, _: &dyn IdSource) -> Result<ReadChange, UserError> {
        let (plan, action) = action(&self.action_id)?;
        let change = Change::RescheduleAction {
            action,
            timescale: self.timescale.into(),
            reason: self.reason.into(),
        };
        Ok(ReadChange::of_action(plan, action, change))
    }
}

/// An action's new owner.
#[derive(InputObject)]
pub struct ReassignActionChange {
    /// The action.
    action_id: ID,
    /// The new owner, in the plan's words.
    owner: String,
    /// Why, where it was said.
    reason: Option<String>,
}

impl ReassignActionChange {
    fn read(self, _: &dyn IdSource) -> Result<ReadChange, UserError> {
        let (plan, action) = action(&self.action_id)?;
        let change = Change::ReassignAction {
            action,
            owner: self.owner.into(),
            reason: self.reason.map(Into::into),
        };
        Ok(ReadChange::of_action(plan, action, change))
    }
}

/// An action's new words.
#[derive(InputObject)]
pub struct RewordActionChange {
    /// The action.
    action_id: ID,
    /// What will be done.
    text: String,
    /// Why.
    reason: String,
}

impl RewordActionChange {
    fn read(self, _: &dyn IdSource) -> Result<ReadChange, UserError> {
        let (plan, action) = action(&self.action_id)?;
        let change = Change::RewordAction {
            action,
            text: self.text.into(),
            reason: self.reason.into(),
        };
        Ok(ReadChange::of_action(plan, action, change))
    }
}

/// That an action is done.
#[derive(InputObject)]
pub struct CompleteActionChange {
    /// The action.
    action_id: ID,
    /// What was said of it.
    note: Option<String>,
}

impl CompleteActionChange {
    fn read(self, _: &dyn IdSource) -> Result<ReadChange, UserError> {
        let (plan, action) = action(&self.action_id)?;
        let change = Change::CompleteAction {
            action,
            note: self.note.map(Into::into),
        };
        Ok(ReadChange::of_action(plan, action, change))
    }
}

/// Why an action is given up.
#[derive(InputObject)]
pub struct DropActionChange {
    /// The action.
    action_id: ID,
    /// Why.
    reason: String,
}

impl DropActionChange {
    fn read(self, _: &dyn IdSource) -> Result<ReadChange, UserError> {
        let (plan, action) = action(&self.action_id)?;
        let change = Change::DropAction {
            action,
            reason: self.reason.into(),
        };
        Ok(ReadChange::of_action(plan, action, change))
    }
}

/// Why an action is taken up again.
#[derive(InputObject)]
pub struct ReopenActionChange {
    /// The action.
    action_id: ID,
    /// Why.
    reason: String,
}

impl ReopenActionChange {
    fn read(self, _: &dyn IdSource) -> Result<ReadChange, UserError> {
        let (plan, action) = action(&self.action_id)?;
        let change = Change::ReopenAction {
            action,
            reason: self.reason.into(),
        };
        Ok(ReadChange::of_action(plan, action, change))
    }
}

/// The action that carries on.
#[derive(InputObject)]
pub struct MergeActionChange {
    /// The action that ends.
    action_id: ID,
    /// The action that carries on.
    into_id: ID,
    /// Why.
    reason: String,
}

impl MergeActionChange {
    fn read(self, _: &dyn IdSource) -> Result<ReadChange, UserError> {
        let (plan, action) = action(&self.action_id)?;
        let change = Change::MergeAction {
            action,
            into: plan.own(NodeKind::Action, "intoId", &self.into_id)?,
            reason: self.reason.into(),
        };
        Ok(ReadChange::of_action(plan, action, change))
    }
}

/// Why an objective is given up.
#[derive(InputObject)]
pub struct DropObjectiveChange {
    /// The objective.
    objective_id: ID,
    /// Why.
    reason: String,
}

impl DropObjectiveChange {
    fn read(self, _: &dyn IdSource) -> Result<ReadChange, UserError> {
        let (plan, objective) = objective(&self.objective_id)?;
        let change = Change::DropObjective {
            objective,
            reason: self.reason.into(),
        };
        Ok(ReadChange::of_objective(plan, objective, change))
    }
}

/// Why an objective is taken up again.
#[derive(InputObject)]
pub struct ReinstateObjectiveChange {
    /// The objective.
    objective_id: ID,
    /// Why.
    reason: String,
}

impl ReinstateObjectiveChange {
    fn read(self, _: &dyn IdSource) -> Result<ReadChange, UserError> {
        let (plan, objective) = objective(&self.objective_id)?;
        let change = Change::ReinstateObjective {
            objective,
            reason: self.reason.into(),
        };
        Ok(ReadChange::of_objective(plan, objective, change))
    }
}
