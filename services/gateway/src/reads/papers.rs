//! What a meeting's paper is drawn up from: a group's meetings and the plans of its actions, as they stood.

use std::collections::BTreeSet;
use std::sync::Arc;

use access::Action;
use domain::Reach;
use domain::ids::{ActionPlanId, GroupId, LedgerId};
use domain::stream::StreamId;
use views::action_plan::difference::{PlanChange, changes_since};
use views::page::PageRequest;
use views::{ActionPlanView, Cut, MeetingView, paper, stream_as_of, stream_between};

use super::Reads;
use super::things::matter_of;
use crate::error::ApiError;
use crate::node::{NodeId, NodeKind};
use crate::seen;
use crate::types::time::When;
use crate::witnessed;

/// How many rows of a list are read at once.
const PAGE: u32 = 100;

impl Reads {
    /// Every meeting of a group that is seen, by day.
    ///
    /// # Errors
    /// When the views cannot be read.
    pub async fn meetings_of_group(
        &self,
        ledger: LedgerId,
        group: GroupId,
    ) -> Result<Vec<Arc<MeetingView>>, ApiError> {
        let (mut all, mut after) = (Vec::new(), None);
        loop {
            let request = PageRequest::first(PAGE, after.take());
            let page = self.meetings(ledger, Some(group), &request).await?;
            let (goes_on, last) = (page.has_next_page, page.edges.last());
            after = last.map(|edge| edge.cursor.clone());
            all.extend(page.into_nodes());
            if !goes_on || after.is_none() {
                return Ok(all);
            }
        }
    }

    /// Every meeting of a group that is seen, from the entries that count.
    ///
    /// # Errors
    /// When the views or the ledger cannot be read.
    pub async fn meetings_then(
        &self,
        ledger: LedgerId,
        group: GroupId,
        cut: Cut,
    ) -> Result<Vec<Arc<MeetingView>>, ApiError> {
        let now = self.meetings_of_group(ledger, group).await?;
        let mut then = Vec::with_capacity(now.len());
        for view in now {
            then.extend(self.meeting_at(&view, cut).await?);
        }
        Ok(then)
    }

    /// A meeting from the entries that count, if its history is seen.
    ///
    /// # Errors
    /// When the views or the ledger cannot be read, or the meeting that is asked about is not one of the compact's.
    pub async fn meeting_then(
        &self,
        node: &NodeId,
        when: When,
    ) -> Result<Option<Arc<MeetingView>>, ApiError> {
        let Some(now) = self.meeting(node).await? else {
            return Ok(None);
        };
        match when.cut(self, node.ledger).await? {
            Some(cut) => self.meeting_at(&now, cut).await,
            None => Ok(Some(now)),
        }
    }

    async fn meeting_at(
        &self,
        now: &MeetingView,
        cut: Cut,
    ) -> Result<Option<Arc<MeetingView>>, ApiError> {
        let Some(compact) = self.compact_of(now.ledger).await? else {
            return Ok(None);
        };
        let matter = matter_of(compact, now);
        if !self.sight.may(Action::ReadHistory, matter).await? {
            return Ok(None);
        }
        let (ledger, stream) = (now.ledger, StreamId::meeting(now.id));
        let view = stream_as_of::<MeetingView>(&self.services.ledger, ledger, stream, cut);
        let Some(view) = view.await.map_err(ApiError::internal)? else {
            return Ok(None);
        };
        let Some(reach) = self.sight.reach(compact).await? else {
            return Ok(None);
        };
        if reach == Reach::EVERYTHING {
            return Ok(Some(Arc::new(view)));
        }
        let was_seen = reach.covers(view.visibility.current, [&view.group.id]);
        Ok(was_seen.then(|| Arc::new(seen::meeting(view))))
    }

    /// The plans that a group's actions are in, from the entries that count: its own, and those that its meetings raised actions
    /// in.
    ///
    /// # Errors
    /// When the views or the ledger cannot be read.
    pub async fn plans_for(
        &self,
        ledger: LedgerId,
        group: GroupId,
        meetings: &[Arc<MeetingView>],
        cut: Cut,
    ) -> Result<Vec<Arc<ActionPlanView>>, ApiError> {
        let mut ids: BTreeSet<ActionPlanId> = paper::plans_raised_in(meetings);
        let mut after = None;
        loop {
            let request = PageRequest::first(PAGE, after.take());
            let page = self.action_plans(ledger, Some(group), &request).await?;
            let (goes_on, last) = (page.has_next_page, page.edges.last());
            after = last.map(|edge| edge.cursor.clone());
            ids.extend(page.into_nodes().iter().map(|plan| plan.id));
            if !goes_on || after.is_none() {
                break;
            }
        }
        let mut plans = Vec::with_capacity(ids.len());
        for id in ids {
            let node = NodeId::new(NodeKind::ActionPlan, ledger, id.uuid());
            plans.extend(self.plan_at(&node, cut).await?);
        }
        Ok(plans)
    }

    async fn plan_at(
        &self,
        node: &NodeId,
        cut: Cut,
    ) -> Result<Option<Arc<ActionPlanView>>, ApiError> {
        let Some(now) = self.plan(node).await? else {
            return Ok(None);
        };
        let (_, then) = self.two_standings(node, &now, (cut, cut)).await?;
        Ok(then)
    }

    /// What changed in a plan between two points, with the plan as it stood at the later; none where that, or its history, is
    /// not seen.
    ///
    /// # Errors
    /// When the views or the ledger cannot be read.
    pub async fn plan_between(
        &self,
        node: &NodeId,
        since: Cut,
        until: Cut,
    ) -> Result<Option<(Arc<ActionPlanView>, Vec<PlanChange>)>, ApiError> {
        let Some(now) = self.plan(node).await? else {
            return Ok(None);
        };
        let (earlier, later) = self.two_standings(node, &now, (since, until)).await?;
        Ok(later.map(|later| {
            let changes = changes_since(earlier.as_deref(), Some(&later), &since);
            (later, changes)
        }))
    }

    async fn two_standings(
        &self,
        node: &NodeId,
        now: &ActionPlanView,
        between: (Cut, Cut),
    ) -> Result<(Option<Arc<ActionPlanView>>, Option<Arc<ActionPlanView>>), ApiError> {
        let Some(compact) = self.compact_of(node.ledger).await? else {
            return Ok((None, None));
        };
        let matter = matter_of(compact, now);
        if !self.sight.may(Action::ReadHistory, matter).await? {
            return Ok((None, None));
        }
        let (ledger, stream) = (node.ledger, StreamId::action_plan(now.id));
        let views =
            stream_between::<ActionPlanView>(&self.services.ledger, ledger, stream, between);
        let (earlier, later) = views.await.map_err(ApiError::internal)?;
        let earlier = self.plan_as_seen(node.ledger, earlier).await?;
        Ok((earlier, self.plan_as_seen(node.ledger, later).await?))
    }

    /// A plan as it stood, as far as it could be seen then.
    pub(super) async fn plan_as_seen(
        &self,
        ledger: LedgerId,
        view: Option<ActionPlanView>,
    ) -> Result<Option<Arc<ActionPlanView>>, ApiError> {
        let (Some(view), Some(compact)) = (view, self.compact_of(ledger).await?) else {
            return Ok(None);
        };
        let Some(reach) = self.sight.reach(compact).await? else {
            return Ok(None);
        };
        if reach == Reach::EVERYTHING {
            return Ok(Some(Arc::new(view)));
        }
        if !reach.covers(view.visibility.current, [&view.group.id]) {
            return Ok(None);
        }
        let view = witnessed::plan(view, &reach);
        let view = self.naming_what_is_seen(compact, view).await?;
        Ok(Some(Arc::new(view)))
    }
}
