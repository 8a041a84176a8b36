//! Action plans and the dated updates to them.

use std::sync::Arc;

use async_graphql::{Context, ID, Object};
use chrono::{DateTime, Utc};
use domain::ids::{ObjectiveId, UpdateId};
use views::ActionPlanView;
use views::action_plan::UpdateView;

use super::changes::{TextChange, UpdateChange, UpdateTerms, VisibilityChange};
use super::compact::Compact;
use super::group::Group;
use super::history::Told;
use super::meeting::{MeetingItem, item_naming};
use super::objective::{Objective, ObjectiveConnection};
use super::plan_changes::{self, Between, PlanChangeConnection, Since};
use super::record::{Ending, Missing, Origin};
use super::said::Said;
use super::time::AsOf;
use super::words::Visibility;
use crate::error::ApiError;
use crate::mutations::{Outcome, Shown};
use crate::node::{NodeId, NodeKind};
use crate::paging::{Listed, PageArguments, connections};
use crate::reads::{Reads, reads};

/// A group's action plan.
#[derive(Clone)]
pub struct ActionPlan(Arc<ActionPlanView>);

impl From<Arc<ActionPlanView>> for ActionPlan {
    fn from(view: Arc<ActionPlanView>) -> Self {
        Self(view)
    }
}

impl ActionPlan {
    fn node(&self) -> NodeId {
        NodeId::new(NodeKind::ActionPlan, self.0.ledger, self.0.id.uuid())
    }
}

/// A group's action plan. Nothing in it is overwritten: the plan is its history.
#[Object]
impl ActionPlan {
    /// Its id.
    pub async fn id(&self) -> ID {
        self.node().encode()
    }

    /// The compact it belongs to.
    async fn compact(&self, ctx: &Context<'_>) -> async_graphql::Result<Compact> {
        let compact = reads(ctx).compact(self.0.ledger).await?;
        let compact = compact.ok_or(ApiError::from(Missing("a plan's compact")))?;
        Ok(Compact::from(compact))
    }

    /// Whose plan it is.
    async fn group(&self, ctx: &Context<'_>) -> async_graphql::Result<Option<Group>> {
        let compact = reads(ctx).compact(self.0.ledger).await?;
        Ok(compact.and_then(|compact| Group::of(&compact, self.0.group.id)))
    }

    /// Its title.
    async fn title(&self) -> &str {
        &self.0.title.current
    }

    /// Every change of its title, oldest first.
    async fn title_changes(&self) -> Vec<TextChange> {
        TextChange::all(self.0.ledger, &self.0.title.changes, Clone::clone)
    }

    /// How far it is let out, with its objectives, actions and updates.
    async fn visibility(&self) -> Visibility {
        self.0.visibility.current.into()
    }

    /// Every change of how far it is let out, oldest first.
    async fn visibility_changes(&self) -> Vec<VisibilityChange> {
        VisibilityChange::all(self.0.ledger, &self.0.visibility.changes, |visibility| {
            (*visibility).into()
        })
    }

    /// Its objectives in the order added; dropped ones stay.
    async fn objectives(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The size of the page; 25 when left out, at most 100.")] first: Option<
            u32,
        >,
        #[graphql(desc = "The cursor after which the page starts.")] after: Option<String>,
        #[graphql(desc = "The size of the page when walking backwards; not with `first`.")]
        last: Option<u32>,
        #[graphql(desc = "The cursor before which the page ends.")] before: Option<String>,
    ) -> async_graphql::Result<ObjectiveConnection> {
        let page = PageArguments {
            first,
            after,
            last,
            before,
        };
        let all = Objective::all(&self.0).into_iter();
        let all = all
            .map(|objective| (objective.place(), objective))
            .collect();
        Ok(Listed::of_whole(all, &page, reads(ctx).limits())?.into())
    }

    /// Its updates in the order recorded, each once however many objectives it speaks for; corrected and
    /// withdrawn ones stay.
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
        let updates = self.0.updates.iter();
        Ok(Update::page(&reads(ctx), &self.0, updates, &page)?)
    }

    /// What changed in it: since the last meeting its group held, up to now, where nothing else is asked. Each with old and new
    /// and the words that were said.
    #[expect(
        clippy::too_many_arguments,
        reason = "a field's arguments are the schema's"
    )]
    async fn changes(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Since when; after the last meeting of the group before, when left out.")]
        since: Option<Since>,
        #[graphql(desc = "Up to when; now, when left out.")] until: Option<AsOf>,
        #[graphql(desc = "As it was known at this moment.")] known_at: Option<DateTime<Utc>>,
        #[graphql(desc = "The size of the page; 25 when left out, at most 100.")] first: Option<
            u32,
        >,
        #[graphql(desc = "The cursor after which the page starts.")] after: Option<String>,
        #[graphql(desc = "The size of the page when walking backwards; not with `first`.")]
        last: Option<u32>,
        #[graphql(desc = "The cursor before which the page ends.")] before: Option<String>,
    ) -> async_graphql::Result<PlanChangeConnection> {
        let page = PageArguments {
            first,
            after,
            last,
            before,
        };
        let between = Between {
            since,
            until,
            known_at,
        };
        Ok(plan_changes::changes(ctx, &self.0, between, page).await?)
    }

    /// Where in the record it was set.
    async fn set(&self) -> Origin {
        Origin::new(self.0.ledger, self.0.set)
    }

    /// The last entry that spoke of it.
    async fn last_changed(&self) -> Origin {
        Origin::new(self.0.ledger, self.0.last)
    }

    /// How often it changed: send it as `expectedVersion` to change only what you have seen.
    async fn version(&self) -> u64 {
        self.0.version
    }

    #[graphql(flatten)]
    async fn told(&self) -> Told {
        Told::of(self.node())
    }
}

impl Shown for ActionPlan {
    async fn shown(ctx: &Context<'_>, outcome: &Outcome) -> Result<Option<Self>, ApiError> {
        match &outcome.whole {
            Some(node) => Ok(reads(ctx).plan(node).await?.map(Self)),
            None => Ok(None),
        }
    }
}

connections! {
    /// Updates to a plan, in the order recorded.
    UpdateConnection, UpdateEdge of Update;
}

/// A dated update to a plan.
#[derive(Clone)]
pub struct Update {
    plan: Arc<ActionPlanView>,
    view: UpdateView,
}

impl Update {
    fn node(&self) -> NodeId {
        let ActionPlanView { ledger, id, .. } = &*self.plan;
        NodeId::part(NodeKind::Update, *ledger, id.uuid(), self.view.id.uuid())
    }

    fn new(plan: &Arc<ActionPlanView>, view: &UpdateView) -> Self {
        Self {
            plan: Arc::clone(plan),
            view: view.clone(),
        }
    }

    /// A page of some of a plan's updates, which are in the order recorded.
    pub fn page<'u>(
        reads: &Reads,
        plan: &Arc<ActionPlanView>,
        updates: impl Iterator<Item = &'u UpdateView>,
        page: &PageArguments,
    ) -> Result<UpdateConnection, ApiError> {
        let all = updates.map(|view| (view.made.position, view)).collect();
        let rows = Listed::of_whole(all, page, reads.limits())?;
        Ok(rows.filter_map(|view| Some(Self::new(plan, view))).into())
    }

    fn objectives_of(&self, ids: &[ObjectiveId]) -> Vec<Objective> {
        let ids = ids.iter();
        ids.filter_map(|id| Objective::of(&self.plan, *id))
            .collect()
    }

    /// The update with this id.
    pub fn of(plan: &Arc<ActionPlanView>, id: UpdateId) -> Option<Self> {
        plan.update(id).map(|view| Self::new(plan, view))
    }
}

/// A dated update: one thing said about one or several objectives, from a meeting or between meetings.
#[Object]
impl Update {
    /// Its id.
    pub async fn id(&self) -> ID {
        self.node().encode()
    }

    #[graphql(flatten)]
    async fn told(&self) -> Told {
        Told::of(self.node())
    }

    /// The plan it belongs to.
    async fn action_plan(&self) -> ActionPlan {
        ActionPlan(Arc::clone(&self.plan))
    }

    /// The words.
    async fn text(&self) -> Said {
        Said::new(self.plan.ledger, &self.view.text)
    }

    /// The objectives it speaks for, in the order named.
    async fn objectives(&self) -> Vec<Objective> {
        self.objectives_of(&self.view.objectives)
    }

    /// Every correction, oldest first.
    async fn corrections(&self) -> Vec<UpdateChange> {
        let ledger = self.plan.ledger;
        UpdateChange::all(ledger, &self.view.corrections, |terms| UpdateTerms {
            text: Said::new(ledger, &terms.text),
            objectives: self.objectives_of(&terms.objectives),
        })
    }

    /// Where in the record it comes from.
    async fn made(&self) -> Origin {
        Origin::new(self.plan.ledger, self.view.made)
    }

    /// The item of a meeting's minutes under which it was given.
    async fn given_under(&self, ctx: &Context<'_>) -> async_graphql::Result<Option<MeetingItem>> {
        let (ledger, id) = (self.plan.ledger, self.view.id);
        let item = item_naming(ctx, ledger, &self.view.made, |item| {
            item.updates.iter().any(|said| said.update_id == id)
        });
        Ok(item.await?)
    }

    /// That it was taken back, and why. The changes it carried stay as they are.
    async fn withdrawn(&self) -> Option<Ending> {
        let withdrawn = self.view.withdrawn.as_ref()?;
        Some(Ending::new(self.plan.ledger, withdrawn))
    }
}

impl Shown for Update {
    async fn shown(ctx: &Context<'_>, outcome: &Outcome) -> Result<Option<Self>, ApiError> {
        let Some(node) = &outcome.part else {
            return Ok(None);
        };
        let plan = reads(ctx).plan(&node.whole()).await?;
        Ok(plan.and_then(|plan| Self::of(&plan, node.uuid().into())))
    }
}
