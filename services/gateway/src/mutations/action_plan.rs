//! Changes to a plan itself, and the updates recorded in it.

use async_graphql::{ID, InputObject};
use domain::ids::{ActionPlanId, GroupId, IdSource, ObjectiveId, UpdateId};
use domain::{ActionPlanCommand, Command};
use uuid::Uuid;

use super::changes::ChangeInput;
use super::draft::new_id;
use super::{Draft, Input, Place, Recording, UserError, mutations};
use crate::node::NodeKind;
use crate::types::action_plan::{ActionPlan, Update};

mutations! {
    /// Changes to a plan itself, and its updates.
    ActionPlanMutations;

    /// Set a group's action plan.
    set_action_plan(SetActionPlanInput) -> SetActionPlanPayload {
        /// The new plan.
        action_plan: ActionPlan,
    }
    /// Give a plan another title.
    retitle_action_plan(RetitleActionPlanInput) -> RetitleActionPlanPayload {
        /// The plan as it is now.
        action_plan: ActionPlan,
    }
    /// Record one update that speaks for one or several objectives and may carry changes.
    record_update(RecordUpdateInput) -> RecordUpdatePayload {
        /// The plan as it is now.
        action_plan: ActionPlan,
        /// The new update.
        update: Update,
    }
}

/// A new action plan.
#[derive(InputObject)]
pub struct SetActionPlanInput {
    /// Whose plan.
    group_id: ID,
    /// The id of the new plan; made when left out.
    new_id: Option<Uuid>,
    /// Its title.
    title: String,
    #[graphql(flatten)]
    recording: Recording,
}

impl Input for SetActionPlanInput {
    fn recording(&self) -> &Recording {
        &self.recording
    }

    fn draft(self, ids: &dyn IdSource) -> Result<Draft, UserError> {
        let at = Place::read(NodeKind::Group, "groupId", &self.group_id)?;
        let group: GroupId = at.id();
        let id: ActionPlanId = new_id(self.new_id, ids);
        let plan = Place::fresh(NodeKind::ActionPlan, at.ledger(), id.uuid(), "groupId");
        let title = self.title;
        Ok(ask(&plan, ActionPlanCommand::SetActionPlan { group, title }).making())
    }
}

/// A plan's new title.
#[derive(InputObject)]
pub struct RetitleActionPlanInput {
    /// The plan.
    action_plan_id: ID,
    /// The new title.
    title: String,
    /// Why.
    reason: String,
    #[graphql(flatten)]
    recording: Recording,
}

impl Input for RetitleActionPlanInput {
    fn recording(&self) -> &Recording {
        &self.recording
    }

    fn draft(self, _: &dyn IdSource) -> Result<Draft, UserError> {
        let plan = place(&self.action_plan_id)?;
        let command = ActionPlanCommand::RetitleActionPlan {
            title: self.title,
            reason: self.reason,
        };
        Ok(ask(&plan, command))
    }
}

/// A dated update, from a meeting or between meetings.
#[derive(InputObject)]
pub struct RecordUpdateInput {
    /// The plan.
    action_plan_id: ID,
    /// The id of the new update; made when left out.
    new_id: Option<Uuid>,
    /// The words.
    text: String,
    /// The objectives it speaks for, in the order named.
    objective_ids: Vec<ID>,
    /// The changes it carries, in order; all of them are recorded or none.
    #[graphql(default)]
    changes: Vec<ChangeInput>,
    #[graphql(flatten)]
    recording: Recording,
}

impl Input for RecordUpdateInput {
    fn recording(&self) -> &Recording {
        &self.recording
    }

    fn draft(self, ids: &dyn IdSource) -> Result<Draft, UserError> {
        let plan = place(&self.action_plan_id)?;
        let update: UpdateId = new_id(self.new_id, ids);
        let objectives = self.objective_ids.iter().enumerate();
        let objectives = objectives.map(|(at, id)| {
            let field = format!("objectiveIds.{at}");
            plan.own(NodeKind::Objective, &field, id)
        });
        let objectives = objectives.collect::<Result<Vec<ObjectiveId>, _>>()?;
        let names = self.changes.iter().map(ChangeInput::name).collect();
        let changes = self.changes.into_iter().enumerate().map(|(at, change)| {
            let read = change.carried_by(&plan, ids);
            read.map_err(|error| error.inside(&format!("changes.{at}")))
        });
        let command = ActionPlanCommand::RecordUpdate {
            update,
            text: self.text,
            objectives,
            changes: changes.collect::<Result<_, _>>()?,
        };
        let draft = ask(&plan, command).about(NodeKind::Update, update.uuid());
        Ok(draft.making().carrying(names))
    }
}

/// Reads the plan an input names.
pub(super) fn place(id: &ID) -> Result<Place, UserError> {
    Place::read(NodeKind::ActionPlan, "actionPlanId", id)
}

/// A command to a plan.
pub(super) fn ask(plan: &Place, command: ActionPlanCommand) -> Draft {
    let id = plan.id();
    Draft::new(plan, Command::ActionPlan { id, command })
}
