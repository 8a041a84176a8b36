//! Lists of what is seen.

use std::collections::{HashMap, HashSet};
use std::sync::Arc;

use access::{Action, CompactLedger, Resource};
use domain::ids::{GroupId, LedgerId};
use domain::{Post, Reach};
use views::commitment::Detail;
use views::page::{Edge, Page, PageRequest};
use views::queries::{ActionFilter, CommitmentFilter};
use views::regional_progress::RegionalProgress;
use views::{
    ActionListRow, ActionPlanView, CommitmentView, MeetingView, ProgressFilter, RoleGrantView,
};

use super::Reads;
use super::batches::GroupPlansKey;
use super::things::matter_of;
use crate::error::ApiError;

impl Reads {
    /// How low the caller reads in a ledger; none when nothing there is read, or there is no such ledger.
    async fn reach(&self, ledger: LedgerId) -> Result<Option<(CompactLedger, Reach)>, ApiError> {
        let Some(compact) = self.compact_of(ledger).await? else {
            return Ok(None);
        };
        let reach = self.sight.reach(compact).await?;
        Ok(reach.map(|reach| (compact, reach)))
    }

    /// A page of a compact's commitments that are seen, [in brief](CommitmentView::brief).
    ///
    /// # Errors
    /// When the views cannot be read, or the page starts at a place the list does not have.
    pub async fn commitments(
        &self,
        ledger: LedgerId,
        filter: &CommitmentFilter,
        page: &PageRequest,
    ) -> Result<Page<Arc<CommitmentView>>, ApiError> {
        let Some((compact, reach)) = self.reach(ledger).await? else {
            return Ok(nothing(page));
        };
        if !self.sees_group(ledger, filter.group).await? {
            return Ok(nothing(page));
        }
        let views = &self.services.views;
        let page = views
            .commitments(ledger, filter, &reach, (page, Detail::Brief))
            .await?;
        let page = page.map(Arc::new);
        let mut seen = HashMap::new();
        for edge in &page.edges {
            let view = Arc::clone(&edge.node);
            if let Some(view) = self.seen_commitment(compact, view).await? {
                seen.insert(view.id, view);
            }
        }
        Ok(keep(page, |view| seen.remove(&view.id)))
    }

    /// A page of a compact's plans that are seen, or of those of one of its groups.
    ///
    /// # Errors
    /// When the views cannot be read, or the page starts at a place the list does not have.
    pub async fn action_plans(
        &self,
        ledger: LedgerId,
        group: Option<GroupId>,
        page: &PageRequest,
    ) -> Result<Page<Arc<ActionPlanView>>, ApiError> {
        let Some((compact, reach)) = self.reach(ledger).await? else {
            return Ok(nothing(page));
        };
        if !self.sees_group(ledger, group).await? {
            return Ok(nothing(page));
        }
        let views = &self.services.views;
        let page = views.action_plans(ledger, group, &reach, page).await?;
        self.seen_plans(compact, page.map(Arc::new)).await
    }

    /// A page of a compact's meetings that are seen, or of those of one of its groups.
    ///
    /// # Errors
    /// When the views cannot be read, or the page starts at a place the list does not have.
    pub async fn meetings(
        &self,
        ledger: LedgerId,
        group: Option<GroupId>,
        page: &PageRequest,
    ) -> Result<Page<Arc<MeetingView>>, ApiError> {
        let Some((compact, reach)) = self.reach(ledger).await? else {
            return Ok(nothing(page));
        };
        if !self.sees_group(ledger, group).await? {
            return Ok(nothing(page));
        }
        let views = &self.services.views;
        let page = views.meetings(ledger, group, &reach, page).await?;
        let page = page.map(Arc::new);
        let mut seen = HashMap::new();
        for edge in &page.edges {
            let view = Arc::clone(&edge.node);
            if let Some(view) = self.seen_meeting(compact, view).await? {
                seen.insert(view.id, view);
            }
        }
        Ok(keep(page, |view| seen.remove(&view.id)))
    }

    /// A page of the plans of a group that are seen, by title.
    ///
    /// # Errors
    /// When the views cannot be read, or the page starts at a place the list does not have.
    pub async fn plans_of(
        &self,
        ledger: LedgerId,
        group: GroupId,
        page: PageRequest,
    ) -> Result<Page<Arc<ActionPlanView>>, ApiError> {
        let Some((compact, reach)) = self.reach(ledger).await? else {
            return Ok(nothing(&page));
        };
        let none = Page::of(&page, std::iter::empty::<((), _)>());
        let key = GroupPlansKey {
            ledger,
            group,
            reach,
            page,
        };
        let page = self.load(key).await?.unwrap_or(none);
        self.seen_plans(compact, page).await
    }

    async fn seen_plans(
        &self,
        compact: CompactLedger,
        page: Page<Arc<ActionPlanView>>,
    ) -> Result<Page<Arc<ActionPlanView>>, ApiError> {
        let mut seen = HashMap::new();
        for edge in &page.edges {
            if let Some(view) = self.seen_plan(compact, Arc::clone(&edge.node)).await? {
                seen.insert(view.id, view);
            }
        }
        Ok(keep(page, |view| seen.remove(&view.id)))
    }

    /// A page of a compact's actions that are seen.
    ///
    /// # Errors
    /// When the views cannot be read, or the page starts at a place the list does not have.
    pub async fn actions(
        &self,
        ledger: LedgerId,
        filter: &ActionFilter,
        page: &PageRequest,
    ) -> Result<Page<ActionListRow>, ApiError> {
        let Some((compact, reach)) = self.reach(ledger).await? else {
            return Ok(nothing(page));
        };
        if !self.sees_group(ledger, filter.group).await? {
            return Ok(nothing(page));
        }
        let views = &self.services.views;
        let page = views.actions(ledger, filter, &reach, page).await?;
        let mut seen = HashSet::new();
        for edge in &page.edges {
            let matter = matter_of(compact, &edge.node);
            if self.sight.may(Action::ReadRecord, matter).await? {
                seen.insert(edge.node.id);
            }
        }
        Ok(keep(page, |action| {
            seen.contains(&action.id).then_some(action)
        }))
    }

    /// Whether a list may be narrowed to a group: one that is not seen is as one that is not there.
    async fn sees_group(&self, ledger: LedgerId, group: Option<GroupId>) -> Result<bool, ApiError> {
        let Some(group) = group else {
            return Ok(true);
        };
        let compact = self.compact(ledger).await?;
        Ok(compact.is_some_and(|compact| compact.group(group).is_some()))
    }

    /// Progress across the compacts of the one region there is, if its totals are read.
    ///
    /// # Errors
    /// When the views cannot be read.
    pub async fn progress(
        &self,
        filter: &ProgressFilter,
    ) -> Result<Option<(LedgerId, RegionalProgress)>, ApiError> {
        let Some(region) = self.the_region().await? else {
            return Ok(None);
        };
        let totals = Resource::Region(region.id);
        if !self.sight.may(Action::ReadRegionalTotals, totals).await? {
            return Ok(None);
        }
        let views = &self.services.views;
        let progress = views.regional_progress(region.ledger, filter).await?;
        Ok(progress.map(|progress| (region.ledger, progress)))
    }

    /// A page of the roles given in the one region there is, for those who see every one.
    ///
    /// # Errors
    /// When the views cannot be read, or the page starts at a place the list does not have.
    pub async fn grants(&self, page: &PageRequest) -> Result<Page<RoleGrantView>, ApiError> {
        let Some(region) = self.the_region().await? else {
            return Ok(nothing(page));
        };
        // Who sees the widest of the roles sees every one of them.
        let roles = Resource::Appointment {
            region: region.id,
            post: Post::RegionalAdministrator,
        };
        if !self.sight.may(Action::ReadRoles, roles).await? {
            return Ok(nothing(page));
        }
        Ok(self.services.views.grants(region.id, None, page).await?)
    }

    /// Whether the caller may invite people, and disable and reset their accounts.
    ///
    /// # Errors
    /// When the views cannot be read.
    pub async fn manages_accounts(&self) -> Result<bool, ApiError> {
        let Some(region) = self.the_region().await? else {
            return Ok(false);
        };
        let region = Resource::Region(region.id);
        self.sight.may(Action::ManageAccounts, region).await
    }

    /// A page of the roles held in a compact, for those who see them.
    ///
    /// # Errors
    /// When the views cannot be read, or the page starts at a place the list does not have.
    pub async fn grants_in(
        &self,
        ledger: LedgerId,
        page: &PageRequest,
    ) -> Result<Page<RoleGrantView>, ApiError> {
        let Some(CompactLedger { compact, region }) = self.compact_of(ledger).await? else {
            return Ok(nothing(page));
        };
        let compact_id = compact;
        let roles = Resource::Appointment {
            region,
            post: Post::Secretariat { compact_id },
        };
        if !self.sight.may(Action::ReadRoles, roles).await? {
            return Ok(nothing(page));
        }
        let views = &self.services.views;
        Ok(views.grants(region, Some(compact), page).await?)
    }
}

/// The page of a list that has nothing, where the page fits a list of the kind at all.
pub(super) fn nothing<T>(page: &PageRequest) -> Page<T> {
    Page::of(page, std::iter::empty::<((), T)>())
}

/// The page with each row turned into what is seen of it; rows that are not seen are left out.
pub(super) fn keep<T, U>(page: Page<T>, mut turn: impl FnMut(T) -> Option<U>) -> Page<U> {
    let edges = page.edges.into_iter().filter_map(|edge| {
        Some(Edge {
            cursor: edge.cursor,
            node: turn(edge.node)?,
        })
    });
    Page {
        edges: edges.collect(),
        has_next_page: page.has_next_page,
        has_previous_page: page.has_previous_page,
    }
}
