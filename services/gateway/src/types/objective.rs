//! Objectives of a plan.

use std::sync::Arc;

use async_graphql::{Context, ID, Object};
use domain::ids::ObjectiveId;
use views::ActionPlanView;
use views::action_plan::{ActionView, ObjectiveView};

use super::action::{Action, ActionConnection};
use super::action_plan::{ActionPlan, Update, UpdateConnection};
use super::changes::{
    CommitmentMention, LinkChange, ObjectiveState, ObjectiveStateChange, TextChange, Wording,
    WordingChange,
};
use super::commitment::Commitment;
use super::history::Told;
use super::record::Origin;
use super::said::Said;
use crate::error::ApiError;
use crate::mutations::{Outcome, Shown};
use crate::node::{NodeId, NodeKind};
use crate::paging::{Listed, PageArguments, connections};
use crate::reads::reads;

/// An objective of a plan.
#[derive(Clone)]
pub struct Objective {
    plan: Arc<ActionPlanView>,
    at: usize,
}

impl Objective {
    /// Every objective of a plan, in the order added.
    pub fn all(plan: &Arc<ActionPlanView>) -> Vec<Self> {
        let count = plan.objectives.len();
        (0..count).map(|at| Self::at(plan, at)).collect()
    }

    /// The objective with this id.
    pub fn of(plan: &Arc<ActionPlanView>, id: ObjectiveId) -> Option<Self> {
        let at = plan
            .objectives
            .iter()
            .position(|objective| objective.id == id)?;
        Some(Self::at(plan, at))
    }

    fn at(plan: &Arc<ActionPlanView>, at: usize) -> Self {
        Self {
            plan: Arc::clone(plan),
            at,
        }
    }

    /// Its place in the order added: the position of the entry that added it.
    pub fn place(&self) -> u64 {
        self.view().added.position
    }

    /// The plan it is part of.
    pub(super) const fn plan(&self) -> &Arc<ActionPlanView> {
        &self.plan
    }

    pub(super) fn view(&self) -> &ObjectiveView {
        &self.plan.objectives[self.at]
    }

    fn node(&self) -> NodeId {
        let ActionPlanView { ledger, id, .. } = &*self.plan;
        NodeId::part(
            NodeKind::Objective,
            *ledger,
            id.uuid(),
            self.view().id.uuid(),
        )
    }
}

/// What a plan is to reach.
#[Object]
impl Objective {
    /// Its id.
    pub async fn id(&self) -> ID {
        self.node().encode()
    }

    /// The plan it belongs to.
    async fn action_plan(&self) -> ActionPlan {
        ActionPlan::from(Arc::clone(&self.plan))
    }

    /// Its label in the plan.
    #[graphql(name = "ref")]
    async fn label(&self) -> &str {
        &self.view().label.current
    }

    /// Every change of its ref, oldest first.
    async fn ref_changes(&self) -> Vec<TextChange> {
        TextChange::all(self.plan.ledger, &self.view().label.changes, Clone::clone)
    }

    /// What is to be reached.
    async fn title(&self) -> &str {
        &self.view().words.current.title
    }

    /// How one will know, in words.
    async fn indicator(&self) -> Option<Said> {
        let indicator = self.view().words.current.indicator.as_ref();
        Said::maybe(self.plan.ledger, indicator)
    }

    /// Every change of its words, oldest first.
    async fn wording_changes(&self) -> Vec<WordingChange> {
        let ledger = self.plan.ledger;
        WordingChange::all(ledger, &self.view().words.changes, |words| {
            Wording::of_objective(ledger, words)
        })
    }

    /// The commitment it serves, as that is now.
    async fn commitment(&self, ctx: &Context<'_>) -> async_graphql::Result<Option<Commitment>> {
        let Some(served) = &self.view().commitment.current else {
            return Ok(None);
        };
        let node = NodeId::new(NodeKind::Commitment, self.plan.ledger, served.id.uuid());
        Ok(reads(ctx).commitment(&node).await?.map(Commitment::from))
    }

    /// Every change of the commitment it serves, oldest first.
    async fn commitment_changes(&self) -> Vec<LinkChange> {
        let ledger = self.plan.ledger;
        LinkChange::all(ledger, &self.view().commitment.changes, |served| {
            served
                .as_ref()
                .map(|fact| CommitmentMention::new(ledger, fact))
        })
    }

    /// Whether it is pursued, has no action at present, or was dropped.
    async fn state(&self) -> ObjectiveState {
        ObjectiveState::of(self.plan.ledger, &self.view().state.current)
    }

    /// Every change of how it is pursued, oldest first.
    async fn state_changes(&self) -> Vec<ObjectiveStateChange> {
        let ledger = self.plan.ledger;
        ObjectiveStateChange::all(ledger, &self.view().state.changes, |state| {
            ObjectiveState::of(ledger, state)
        })
    }

    /// Its actions in the order set; ended ones stay.
    async fn actions(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The size of the page; 25 when left out, at most 100.")] first: Option<
            u32,
        >,
        #[graphql(desc = "The cursor after which the page starts.")] after: Option<String>,
        #[graphql(desc = "The size of the page when walking backwards; not with `first`.")]
        last: Option<u32>,
        #[graphql(desc = "The cursor before which the page ends.")] before: Option<String>,
    ) -> async_graphql::Result<ActionConnection> {
        let page = PageArguments {
            first,
            after,
            last,
            before,
        };
        let all = self.view().actions.iter().enumerate();
        let all = all.map(|(at, action)| (set_at(action), at)).collect();
        let rows = Listed::of_whole(all, &page, reads(ctx).limits())?;
        let action = |at| Action::in_plan_at(self.clone(), at);
        Ok(rows.filter_map(|at| Some(action(at))).into())
    }

    /// The updates that speak for it as they read now, oldest first; withdrawn ones stay.
    async fn updates(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The size of the page; 25 when left out, at most 100.")] first: Option<
            u32,
        >,
        #[graphql(desc = "The cursor after which the page starts.")] after: Option<String>,
        #[graphql(desc = "The size of the page when walking backwards; not with `first`.")]
        last: Option<u32>,
        #[graphql(desc = "The cursor before which the page ends.")] before: Option<String>,
    ) -> async_graphql::Result<UpdateConnection> {
        let page = PageArguments {
            first,
            after,
            last,
            before,
        };
        let ids = self.view().updates.iter();
        let updates = ids.filter_map(|id| self.plan.update(*id));
        Ok(Update::page(&reads(ctx), &self.plan, updates, &page)?)
    }

    /// Where in the record it joined the plan.
    async fn added(&self) -> Origin {
        Origin::new(self.plan.ledger, self.view().added)
    }

    #[graphql(flatten)]
    async fn told(&self) -> Told {
        Told::of(self.node())
    }
}

impl Shown for Objective {
    async fn shown(ctx: &Context<'_>, outcome: &Outcome) -> Result<Option<Self>, ApiError> {
        let Some(node) = &outcome.part else {
            return Ok(None);
        };
        let plan = reads(ctx).plan(&node.whole()).await?;
        Ok(plan.and_then(|plan| Self::of(&plan, node.uuid().into())))
    }
}

connections! {
    /// Objectives of a plan, in the order added.
    ObjectiveConnection, ObjectiveEdge of Objective;
}

/// An action's place in the order set: the position of the entry that set it.
fn set_at(action: &ActionView) -> u64 {
    let set = action.changes.first();
    set.map_or(0, |set| set.made.position)
}
