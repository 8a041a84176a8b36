//! Changes to a plan itself, and the updates recorded in it.

use async_graphql::{ID, InputObject};
use domain::action_plan::UpdateTerms;
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
    /// Put a wrong update right: its words, the objectives it speaks for, or both. One update is corrected
    /// once for all its objectives, and what it said stays in view. The changes it carried stay as they
    /// are, and it goes on speaking for the objectives they concern.
    correct_update(CorrectUpdateInput) -> CorrectUpdatePayload {
        /// The plan as it is now.
        action_plan: ActionPlan,
        /// The update as it is now.
        update: Update,
    }
    /// Take an update back. It stays in view with the reason. The changes it carried are not undone: an
    /// action goes back by a change of its own, such as `reopenAction`.
    withdraw_update(WithdrawUpdateInput) -> WithdrawUpdatePayload {
        /// The plan as it is now.
        action_plan: ActionPlan,
        /// The update as it is now.
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
            reason: self.reason.into(),
        };
        Ok(ask(&plan, command))
    }
}

/// What an update says, of which objectives, and what it changes.
#[derive(InputObject)]
pub struct UpdateSaidInput {
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
}

impl UpdateSaidInput {
    /// The update, to be recorded.
    pub(super) fn draft(self, ids: &dyn IdSource) -> Result<Draft, UserError> {
        let plan = place(&self.action_plan_id)?;
        let update: UpdateId = new_id(self.new_id, ids);
        let objectives = objectives(&plan, &self.objective_ids)?;
        let names = self.changes.iter().map(ChangeInput::name).collect();
        let changes = self.changes.into_iter().enumerate().map(|(at, change)| {
            let read = change.carried_by(&plan, ids);
            read.map_err(|error| error.inside(&format!("changes.{at}")))
        });
        let command = ActionPlanCommand::RecordUpdate {
            update,
            text: self.text.into(),
            objectives,
            changes: changes.collect::<Result<_, _>>()?,
        };
        let draft = ask(&plan, command).about(NodeKind::Update, update.uuid());
        Ok(draft.making().carrying(names))
    }
}

/// A dated update, from a meeting or between meetings.
#[derive(InputObject)]
pub struct RecordUpdateInput {
    #[graphql(flatten)]
    said: UpdateSaidInput,
    #[graphql(flatten)]
    recording: Recording,
}

impl Input for RecordUpdateInput {
    fn recording(&self) -> &Recording {
        &self.recording
    }

    fn draft(self, ids: &dyn IdSource) -> Result<Draft, UserError> {
        self.said.draft(ids)
    }
}

/// What an update should say.
#[derive(InputObject)]
pub struct CorrectUpdateInput {
    /// The update.
    update_id: ID,
    /// The words.
    text: String,
    /// The objectives it speaks for, in the order named: all of them, also those it spoke for already.
    objective_ids: Vec<ID>,
    /// Why.
    reason: String,
    #[graphql(flatten)]
    recording: Recording,
}

impl Input for CorrectUpdateInput {
    fn recording(&self) -> &Recording {
        &self.recording
    }

    fn draft(self, _: &dyn IdSource) -> Result<Draft, UserError> {
        let (plan, update) = update(&self.update_id)?;
        let command = ActionPlanCommand::CorrectUpdate {
            update,
            terms: UpdateTerms {
                text: self.text.into(),
                objectives: objectives(&plan, &self.objective_ids)?,
            },
            reason: self.reason.into(),
        };
        Ok(ask(&plan, command).about(NodeKind::Update, update.uuid()))
    }
}

/// Why an update is taken back.
#[derive(InputObject)]
pub struct WithdrawUpdateInput {
    /// The update.
    update_id: ID,
    /// Why.
    reason: String,
    #[graphql(flatten)]
    recording: Recording,
}

impl Input for WithdrawUpdateInput {
    fn recording(&self) -> &Recording {
        &self.recording
    }

    fn draft(self, _: &dyn IdSource) -> Result<Draft, UserError> {
        let (plan, update) = update(&self.update_id)?;
        let command = ActionPlanCommand::WithdrawUpdate {
            update,
            reason: self.reason.into(),
        };
        Ok(ask(&plan, command).about(NodeKind::Update, update.uuid()))
    }
}

fn update(id: &ID) -> Result<(Place, UpdateId), UserError> {
    Place::of_part(NodeKind::Update, "updateId", id)
}

/// Reads the objectives of a plan that an input names.
fn objectives(plan: &Place, ids: &[ID]) -> Result<Vec<ObjectiveId>, UserError> {
    let named = ids.iter().enumerate();
    let named = named.map(|(at, id)| {
        let field = format!("objectiveIds.{at}");
        plan.own(NodeKind::Objective, &field, id)
    });
    named.collect()
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
