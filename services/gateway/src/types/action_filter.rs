//! Which actions a list is to have.

use async_graphql::{ID, InputObject};
use domain::ids::{CommitmentId, LedgerId};
use views::queries::ActionFilter;

use super::action::ActionState;
use super::scalars::Date;
use crate::error::ApiError;
use crate::node::NodeKind;
use crate::reads::{Reads, node_of, uuid_in};

/// Which actions; what is left out does not narrow the list.
#[derive(Default, InputObject)]
pub struct ActionFilterInput {
    /// Of this group's plans.
    group_id: Option<ID>,
    /// Of this plan.
    action_plan_id: Option<ID>,
    /// Under objectives that serve this commitment.
    commitment_id: Option<ID>,
    /// Under objectives that serve a commitment with this theme, by its code.
    theme: Option<String>,
    /// Whose owner has this in it, in capitals or not.
    owner: Option<String>,
    /// Whose owner names this organisation as the register calls it; not with `owner`.
    organisation_id: Option<ID>,
    /// That stand so.
    state: Option<ActionState>,
    /// Due before this date.
    due_before: Option<Date>,
    /// Open on this date and past what was then their due date.
    overdue_on: Option<Date>,
    #[graphql(skip)]
    served: Option<CommitmentId>,
}

impl ActionFilterInput {
    /// The actions that serve this commitment.
    pub fn of_commitment(id: CommitmentId) -> Self {
        Self {
            served: Some(id),
            ..Self::default()
        }
    }

    /// What an owner has to have in it: the words asked for, or the name of the organisation. None where there is no such
    /// organisation, or nothing was asked.
    pub(super) async fn owner_named(
        &self,
        reads: &Reads,
        ledger: LedgerId,
    ) -> Result<Option<String>, ApiError> {
        let Some(id) = &self.organisation_id else {
            return Ok(self.owner.clone());
        };
        let bad_input = |message: &str| ApiError::BadInput {
            argument: "organisationId",
            message: message.to_owned(),
        };
        if self.owner.is_some() {
            return Err(bad_input("send either `owner` or `organisationId`"));
        }
        let id = node_of(NodeKind::Organisation, "organisationId", id)?;
        let region = reads.region_of(ledger).await?;
        let named = region.and_then(|region| {
            let organisation = region.organisations.get(&id.uuid().into())?;
            Some(organisation.name.current.clone())
        });
        Ok(named)
    }

    /// Whether an organisation is asked for.
    pub(super) const fn names_an_organisation(&self) -> bool {
        self.organisation_id.is_some()
    }

    /// As the views are asked, of actions whose owner has `owner` in it.
    pub(super) fn read(
        self,
        ledger: LedgerId,
        owner: Option<String>,
    ) -> Result<ActionFilter, ApiError> {
        let id = |kind, argument, id: Option<ID>| {
            id.map(|id| uuid_in(ledger, kind, argument, &id))
                .transpose()
        };
        let commitment = id(NodeKind::Commitment, "commitmentId", self.commitment_id)?;
        Ok(ActionFilter {
            group: id(NodeKind::Group, "groupId", self.group_id)?.map(Into::into),
            plan: id(NodeKind::ActionPlan, "actionPlanId", self.action_plan_id)?.map(Into::into),
            objective: None,
            commitment: self.served.or(commitment.map(Into::into)),
            theme: self.theme,
            owner,
            state: self.state.map(Into::into),
            due_before: self.due_before.map(|date| date.0),
            overdue_at: self.overdue_on.map(|date| date.0),
        })
    }
}
