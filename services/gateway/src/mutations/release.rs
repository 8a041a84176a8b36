//! Releasing to more people, and taking back.

use async_graphql::{ID, InputObject};
use domain::ids::IdSource;
use domain::{ActionPlanCommand, CommitmentCommand};

use super::{Draft, Input, Recording, UserError, action_plan, commitment, mutations};
use crate::types::action_plan::ActionPlan;
use crate::types::commitment::Commitment;
use crate::types::words::Visibility;

mutations! {
    /// Releasing, and taking back.
    ReleaseMutations;

    /// Release a commitment to the compact, the region or the public, with its measures, readings and
    /// achievements; or take it back, which needs a reason.
    release_commitment(ReleaseCommitmentInput) -> ReleaseCommitmentPayload {
        /// The commitment as it is now.
        commitment: Commitment,
    }
    /// Release an action plan to the compact, the region or the public, with its objectives, actions and
    /// updates; or take it back, which needs a reason.
    release_action_plan(ReleaseActionPlanInput) -> ReleaseActionPlanPayload {
        /// The plan as it is now.
        action_plan: ActionPlan,
    }
}

/// How far a commitment is let out from now on.
#[derive(InputObject)]
pub struct ReleaseCommitmentInput {
    /// The commitment.
    commitment_id: ID,
    /// How far it is let out from now on.
    to: Visibility,
    /// Why; needed when fewer people can read it than before.
    reason: Option<String>,
    #[graphql(flatten)]
    recording: Recording,
}

impl Input for ReleaseCommitmentInput {
    fn recording(&self) -> &Recording {
        &self.recording
    }

    fn draft(self, _: &dyn IdSource) -> Result<Draft, UserError> {
        let at = commitment::place(&self.commitment_id)?;
        let command = CommitmentCommand::ReleaseCommitment {
            to: self.to.into(),
            reason: self.reason.map(Into::into),
        };
        Ok(commitment::ask(&at, command))
    }
}

/// How far an action plan is let out from now on.
#[derive(InputObject)]
pub struct ReleaseActionPlanInput {
    /// The plan.
    action_plan_id: ID,
    /// How far it is let out from now on.
    to: Visibility,
    /// Why; needed when fewer people can read it than before.
    reason: Option<String>,
    #[graphql(flatten)]
    recording: Recording,
}

impl Input for ReleaseActionPlanInput {
    fn recording(&self) -> &Recording {
        &self.recording
    }

    fn draft(self, _: &dyn IdSource) -> Result<Draft, UserError> {
        let at = action_plan::place(&self.action_plan_id)?;
        let command = ActionPlanCommand::ReleaseActionPlan {
            to: self.to.into(),
            reason: self.reason.map(Into::into),
        };
        Ok(action_plan::ask(&at, command))
    }
}
