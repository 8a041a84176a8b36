//! Groups of a compact.

use std::sync::Arc;

use async_graphql::{Context, ID, Object};
use chrono::{DateTime, Utc};
use domain::ids::GroupId;
use views::CompactOverview;
use views::compact_overview::GroupView;

use super::action_plan::ActionPlan;
use super::changes::{ChairChange, OrganisationMention, TextChange};
use super::compact::{ActionPlanConnection, Compact};
use super::history::Told;
use super::paper::{self, MeetingPaper};
use super::record::{Ending, Origin};
use super::region::Organisation;
use super::said::Said;
use super::scalars::Date;
use super::words::GroupKind;
use crate::error::ApiError;
use crate::mutations::{Outcome, Shown};
use crate::node::{NodeId, NodeKind};
use crate::paging::{Listed, PageArguments};
use crate::reads::reads;

/// A group of a compact.
#[derive(Clone)]
pub struct Group {
    compact: Arc<CompactOverview>,
    view: GroupView,
}

impl Group {
    /// The group with this id.
    pub fn of(compact: &Arc<CompactOverview>, id: GroupId) -> Option<Self> {
        compact.group(id).map(|view| Self {
            compact: Arc::clone(compact),
            view: view.clone(),
        })
    }

    fn node(&self) -> NodeId {
        NodeId::new(NodeKind::Group, self.compact.ledger, self.view.id.uuid())
    }
}

/// A group of a compact: its steering group, a theme's, a network, or one with a task.
#[Object]
impl Group {
    /// Its id.
    pub async fn id(&self) -> ID {
        self.node().encode()
    }

    /// The compact it belongs to.
    async fn compact(&self) -> Compact {
        Compact::from(Arc::clone(&self.compact))
    }

    /// Its code: "LD".
    async fn code(&self) -> &str {
        &self.view.code
    }

    /// Its name.
    async fn name(&self) -> &str {
        &self.view.name.current
    }

    /// Every change of its name, oldest first.
    async fn name_changes(&self) -> Vec<TextChange> {
        TextChange::all(self.compact.ledger, &self.view.name.changes, Clone::clone)
    }

    /// What kind of group.
    async fn kind(&self) -> GroupKind {
        self.view.kind.into()
    }

    /// What was said about it when it was formed.
    async fn note(&self) -> Option<Said> {
        Said::maybe(self.compact.ledger, self.view.note.as_ref())
    }

    /// The organisation in the chair.
    async fn chair(&self, ctx: &Context<'_>) -> async_graphql::Result<Option<Organisation>> {
        let Some(chair) = &self.view.chair.current else {
            return Ok(None);
        };
        let region = reads(ctx).region(self.compact.region).await?;
        Ok(region.and_then(|region| Organisation::of(&region, chair.id)))
    }

    /// Every change of the chair, oldest first.
    async fn chair_changes(&self) -> Vec<ChairChange> {
        ChairChange::all(self.compact.ledger, &self.view.chair.changes, |chair| {
            chair.as_ref().map(OrganisationMention::from)
        })
    }

    /// Its action plans, by title.
    async fn action_plans(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The size of the page; 25 when left out, at most 100.")] first: Option<
            u32,
        >,
        #[graphql(desc = "The cursor after which the page starts.")] after: Option<String>,
        #[graphql(desc = "The size of the page when walking backwards; not with `first`.")]
        last: Option<u32>,
        #[graphql(desc = "The cursor before which the page ends.")] before: Option<String>,
    ) -> async_graphql::Result<ActionPlanConnection> {
        let page = PageArguments {
            first,
            after,
            last,
            before,
        };
        let reads = reads(ctx);
        let request = page.request(reads.limits())?;
        let plans = reads.plans_of(self.compact.ledger, self.view.id, request);
        let rows = Listed::from(plans.await?);
        Ok(rows.filter_map(|plan| Some(ActionPlan::from(plan))).into())
    }

    /// The paper for its next meeting, called or not: matters arising, what was put off, minutes to agree, what changed since the
    /// last meeting, what is overdue.
    async fn next_paper(
        &self,
        ctx: &Context<'_>,
        #[graphql(
            desc = "The day of the meeting; when left out, the day for which the next one is called, or tomorrow."
        )]
        on: Option<Date>,
        #[graphql(desc = "As it was known at this moment.")] known_at: Option<DateTime<Utc>>,
    ) -> async_graphql::Result<Option<MeetingPaper>> {
        let (ledger, on) = (self.compact.ledger, on.map(|on| on.0));
        Ok(paper::of_group(ctx, ledger, self.view.id, on, known_at).await?)
    }

    /// Where in the record it was formed.
    async fn formed(&self) -> Origin {
        Origin::new(self.compact.ledger, self.view.formed)
    }

    /// That it ended its work, and why.
    async fn wound_up(&self) -> Option<Ending> {
        let ended = self.view.wound_up.as_ref()?;
        Some(Ending::new(self.compact.ledger, ended))
    }

    #[graphql(flatten)]
    async fn told(&self) -> Told {
        Told::of(self.node())
    }
}

impl Shown for Group {
    async fn shown(ctx: &Context<'_>, outcome: &Outcome) -> Result<Option<Self>, ApiError> {
        let Some(node) = &outcome.part else {
            return Ok(None);
        };
        let compact = reads(ctx).compact(node.ledger).await?;
        Ok(compact.and_then(|compact| Self::of(&compact, node.uuid().into())))
    }
}
