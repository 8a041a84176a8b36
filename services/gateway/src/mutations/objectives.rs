//! Changes to a plan's objectives.

use async_graphql::{ID, InputObject};
use domain::ActionPlanCommand;
use domain::action_plan::ObjectiveWords;
use domain::ids::{CommitmentId, IdSource, ObjectiveId};
use uuid::Uuid;

use super::action_plan::{ask, place};
use super::draft::new_id;
use super::{Draft, Input, Place, Recording, UserError, mutations};
use crate::node::NodeKind;
use crate::types::action_plan::ActionPlan;
use crate::types::objective::Objective;

mutations! {
    /// Changes to a plan's objectives.
    ObjectiveMutations;

    /// Add an objective to a plan.
    add_objective(AddObjectiveInput) -> AddObjectivePayload {
        /// The plan as it is now.
        action_plan: ActionPlan,
        /// The new objective.
        objective: Objective,
    }
    /// Change an objective's words.
    reword_objective(RewordObjectiveInput) -> RewordObjectivePayload {
        /// The plan as it is now.
        action_plan: ActionPlan,
        /// The objective as it is now.
        objective: Objective,
    }
    /// Change an objective's ref.
    renumber_objective(RenumberObjectiveInput) -> RenumberObjectivePayload {
        /// The plan as it is now.
        action_plan: ActionPlan,
        /// The objective as it is now.
        objective: Objective,
    }
    /// Tie an objective to the commitment it serves, or to none.
    link_objective(LinkObjectiveInput) -> LinkObjectivePayload {
        /// The plan as it is now.
        action_plan: ActionPlan,
        /// The objective as it is now.
        objective: Objective,
    }
}

/// A new objective.
#[derive(InputObject)]
pub struct AddObjectiveInput {
    /// The plan.
    action_plan_id: ID,
    /// The id of the new objective; made when left out.
    new_id: Option<Uuid>,
    /// Its label, unique among the plan's objectives that have not been dropped.
    #[graphql(name = "ref")]
    label: String,
    /// What is to be reached.
    title: String,
    /// How one will know, in words.
    indicator: Option<String>,
    /// The commitment it serves.
    commitment_id: Option<ID>,
    #[graphql(flatten)]
    recording: Recording,
}

impl Input for AddObjectiveInput {
    fn recording(&self) -> &Recording {
        &self.recording
    }

    fn draft(self, ids: &dyn IdSource) -> Result<Draft, UserError> {
        let plan = place(&self.action_plan_id)?;
        let objective: ObjectiveId = new_id(self.new_id, ids);
        let command = ActionPlanCommand::AddObjective {
            objective,
            label: self.label,
            words: ObjectiveWords {
                title: self.title,
                indicator: self.indicator.map(Into::into),
            },
            commitment: commitment(&plan, self.commitment_id.as_ref())?,
        };
        let draft = ask(&plan, command).about(NodeKind::Objective, objective.uuid());
        Ok(draft.making())
    }
}

/// An objective's new words.
#[derive(InputObject)]
pub struct RewordObjectiveInput {
    /// The objective.
    objective_id: ID,
    /// What is to be reached.
    title: String,
    /// How one will know, in words; none takes the indicator away.
    indicator: Option<String>,
    /// Why.
    reason: String,
    #[graphql(flatten)]
    recording: Recording,
}

impl Input for RewordObjectiveInput {
    fn recording(&self) -> &Recording {
        &self.recording
    }

    fn draft(self, _: &dyn IdSource) -> Result<Draft, UserError> {
        let (plan, objective) = objective(&self.objective_id)?;
        let command = ActionPlanCommand::RewordObjective {
            objective,
            words: ObjectiveWords {
                title: self.title,
                indicator: self.indicator.map(Into::into),
            },
            reason: self.reason.into(),
        };
        Ok(ask(&plan, command).about(NodeKind::Objective, objective.uuid()))
    }
}

/// An objective's new ref.
#[derive(InputObject)]
pub struct RenumberObjectiveInput {
    /// The objective.
    objective_id: ID,
    /// The new ref.
    #[graphql(name = "ref")]
    label: String,
    /// Why.
    reason: String,
    #[graphql(flatten)]
    recording: Recording,
}

impl Input for RenumberObjectiveInput {
    fn recording(&self) -> &Recording {
        &self.recording
    }

    fn draft(self, _: &dyn IdSource) -> Result<Draft, UserError> {
        let (plan, objective) = objective(&self.objective_id)?;
        let command = ActionPlanCommand::RenumberObjective {
            objective,
            label: self.label,
            reason: self.reason.into(),
        };
        Ok(ask(&plan, command).about(NodeKind::Objective, objective.uuid()))
    }
}

/// The commitment an objective serves.
#[derive(InputObject)]
pub struct LinkObjectiveInput {
    /// The objective.
    objective_id: ID,
    /// The commitment it serves from now on; none unties it.
    commitment_id: Option<ID>,
    /// Why.
    reason: String,
    #[graphql(flatten)]
    recording: Recording,
}

impl Input for LinkObjectiveInput {
    fn recording(&self) -> &Recording {
        &self.recording
    }

    fn draft(self, _: &dyn IdSource) -> Result<Draft, UserError> {
        let (plan, objective) = objective(&self.objective_id)?;
        let command = ActionPlanCommand::LinkObjective {
            objective,
            commitment: commitment(&plan, self.commitment_id.as_ref())?,
            reason: self.reason.into(),
        };
        Ok(ask(&plan, command).about(NodeKind::Objective, objective.uuid()))
    }
}

/// Reads the objective an input names, and where its plan is.
pub(super) fn objective(id: &ID) -> Result<(Place, ObjectiveId), UserError> {
    Place::of_part(NodeKind::Objective, "objectiveId", id)
}

fn commitment(plan: &Place, id: Option<&ID>) -> Result<Option<CommitmentId>, UserError> {
    id.map(|id| plan.beside(NodeKind::Commitment, "commitmentId", id))
        .transpose()
}
