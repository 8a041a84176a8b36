//! Things as they are seen: compacts, regions, commitments, plans.

use std::collections::{BTreeMap, HashMap};
use std::sync::{Arc, PoisonError};

use access::{Action, CompactLedger, Matter, Resource};
use domain::ids::{GroupId, LedgerId, RegionId};
use domain::stream::StreamId;
use domain::{Reach, Visibility};
use uuid::Uuid;
use views::page::{Page, PageRequest};
use views::{
    ActionListRow, ActionPlanView, AsOf, CommitmentView, CompactOverview, Cut, MeetingView,
    RegionRegister, stream_as_it_stood, stream_as_of,
};

use super::batches::{CompactKey, Key, RegisterKey};
use super::lists::keep;
use super::{Place, Reads};
use crate::error::ApiError;
use crate::node::{NodeId, NodeKind};
use crate::registers::Register;
use crate::seen::{self, OfCompact};
use crate::types::record::Missing;
use crate::types::time::When;
use crate::witnessed;

impl Reads {
    /// The compact whose ledger this is, as far as it is seen.
    ///
    /// # Errors
    /// When the views cannot be read.
    pub async fn compact(
        &self,
        ledger: LedgerId,
    ) -> Result<Option<Arc<CompactOverview>>, ApiError> {
        if self.compact_of(ledger).await?.is_none() {
            return Ok(None);
        }
        match self.load(CompactKey(ledger)).await? {
            Some(compact) => self.seen_compact(compact).await,
            None => Ok(None),
        }
    }

    /// The compact with this name in URLs, as far as it is seen.
    ///
    /// # Errors
    /// When the views cannot be read.
    pub async fn compact_by_slug(
        &self,
        slug: &str,
    ) -> Result<Option<Arc<CompactOverview>>, ApiError> {
        if let Some(ledger) = self.directory.compact_called(slug)
            && let Some(compact) = self.load(CompactKey(ledger)).await?
            && compact.slug == slug
        {
            return self.seen_compact(compact).await;
        }
        match self.services.views.compact_by_slug(slug).await? {
            Some(compact) => {
                self.directory.is_called(compact.ledger, slug);
                self.seen_compact(Arc::new(compact)).await
            }
            None => Ok(None),
        }
    }

    /// A page of the compacts, or of those of one region, each as far as it is seen.
    ///
    /// # Errors
    /// When the views cannot be read, or the page starts at a place the list does not have.
    pub async fn compacts(
        &self,
        region: Option<RegionId>,
        page: &PageRequest,
    ) -> Result<Page<Arc<CompactOverview>>, ApiError> {
        let page = self.services.views.compacts(region, page).await?;
        let keys = page.edges.iter().map(|edge| CompactKey(edge.node));
        let found = self.loader.load_many(keys).await.map_err(ApiError::from)?;
        let mut seen = HashMap::new();
        for (CompactKey(ledger), compact) in found {
            if let Some(compact) = self.seen_compact(compact).await? {
                seen.insert(ledger, compact);
            }
        }
        Ok(keep(page, |ledger| seen.remove(&ledger)))
    }

    async fn seen_compact(
        &self,
        compact: Arc<CompactOverview>,
    ) -> Result<Option<Arc<CompactOverview>>, ApiError> {
        let register = Resource::Region(compact.region);
        if !self.sight.may(Action::ReadRegister, register).await? {
            return Ok(None);
        }
        let ledger = CompactLedger {
            compact: compact.id,
            region: compact.region,
        };
        let own = ledger.matter(Visibility::Compact);
        let history = self.sight.may(Action::ReadHistory, own.clone()).await?;
        let reach = self.sight.reach(ledger).await?;
        if history && reach == Some(Reach::EVERYTHING) {
            return Ok(Some(compact));
        }
        let seen = OfCompact {
            reach: reach.as_ref(),
            own: self.sight.may(Action::ReadRecord, own).await?,
            history,
        };
        let at = compact.last_within(&Reach::EVERYTHING).position;
        let mut known = self.compacts.lock().unwrap_or_else(PoisonError::into_inner);
        let shown = known
            .entry((compact.ledger, at))
            .or_insert_with(|| Arc::new(seen::compact(CompactOverview::clone(&compact), seen)));
        Ok(Some(Arc::clone(shown)))
    }

    /// A region, as far as it is seen.
    ///
    /// # Errors
    /// When the views cannot be read.
    pub async fn region(&self, id: RegionId) -> Result<Option<Arc<RegionRegister>>, ApiError> {
        if self.place(id.ledger()).await? != Some(Place::Region(id)) {
            return Ok(None);
        }
        match self.load(RegisterKey(id.ledger())).await? {
            Some(register) => self.seen_register(register).await,
            None => Ok(None),
        }
    }

    /// The one region there is, or the first by its ledger.
    ///
    /// # Errors
    /// When the views cannot be read.
    pub async fn the_region(&self) -> Result<Option<Arc<RegionRegister>>, ApiError> {
        match self.services.views.first_region().await? {
            Some(region) => self.region(region).await,
            None => Ok(None),
        }
    }

    async fn seen_register(
        &self,
        register: Register,
    ) -> Result<Option<Arc<RegionRegister>>, ApiError> {
        let resource = Resource::Region(register.whole.id);
        if !self
            .sight
            .may(Action::ReadRegister, resource.clone())
            .await?
        {
            return Ok(None);
        }
        let history = self.sight.may(Action::ReadHistory, resource).await?;
        Ok(Some(if history {
            register.whole
        } else {
            register.seen
        }))
    }

    /// The region that the compact of this ledger belongs to.
    ///
    /// # Errors
    /// When the views cannot be read.
    pub async fn region_of(
        &self,
        ledger: LedgerId,
    ) -> Result<Option<Arc<RegionRegister>>, ApiError> {
        match self.compact_of(ledger).await? {
            Some(compact) => self.region(compact.region).await,
            None => Ok(None),
        }
    }

    /// A commitment, if it is seen.
    ///
    /// # Errors
    /// When the views cannot be read.
    pub async fn commitment(&self, node: &NodeId) -> Result<Option<Arc<CommitmentView>>, ApiError> {
        let Some(compact) = self.compact_of(node.ledger).await? else {
            return Ok(None);
        };
        match self.load(Key::new(node.ledger, node.uuid())).await? {
            Some(view) => self.seen_commitment(compact, view).await,
            None => Ok(None),
        }
    }

    /// All of a commitment of which a list showed what is in brief; itself when it is whole.
    ///
    /// # Errors
    /// When the views cannot be read, or it was taken out of sight since the list was read.
    pub async fn whole(&self, view: &Arc<CommitmentView>) -> Result<Arc<CommitmentView>, ApiError> {
        if !view.brief {
            return Ok(Arc::clone(view));
        }
        let node = NodeId::new(NodeKind::Commitment, view.ledger, view.id.uuid());
        let whole = self.commitment(&node).await?;
        whole.ok_or_else(|| Missing("a commitment that was listed").into())
    }

    pub(super) async fn seen_commitment(
        &self,
        compact: CompactLedger,
        view: Arc<CommitmentView>,
    ) -> Result<Option<Arc<CommitmentView>>, ApiError> {
        let matter = matter_of_commitment(compact, &view);
        if !self.sight.may(Action::ReadRecord, matter.clone()).await? {
            return Ok(None);
        }
        let history = self.sight.may(Action::ReadHistory, matter).await?;
        let reach = self.sight.reach(compact).await?;
        let reach = reach.unwrap_or(Reach::PUBLIC);
        if history && reach == Reach::EVERYTHING {
            return Ok(Some(view));
        }
        let view = CommitmentView::clone(&view);
        Ok(Some(Arc::new(if history {
            witnessed::commitment(view, &reach)
        } else {
            seen::commitment(view, &reach)
        })))
    }

    /// A commitment from the entries that count. Who does not see its history is shown it as it was on an earlier day if it was let out to
    /// them by then, and just so; but for what was put right or withdrawn since, which reads as it does now.
    ///
    /// # Errors
    /// When the views or the ledger cannot be read, or the meeting is not one of the compact's.
    pub async fn commitment_then(
        &self,
        node: &NodeId,
        when: When,
    ) -> Result<Option<Arc<CommitmentView>>, ApiError> {
        let (Some(compact), Some(now)) = (
            self.compact_of(node.ledger).await?,
            self.commitment(node).await?,
        ) else {
            return Ok(None);
        };
        let Some(cut) = when.cut(self, node.ledger).await? else {
            return Ok(Some(now));
        };
        let matter = matter_of_commitment(compact, &now);
        let history = self.sight.may(Action::ReadHistory, matter).await?;
        let ledger = compact.compact.ledger();
        let stream = StreamId::commitment(node.uuid().into());
        let entries = &self.services.ledger;
        if history {
            let view = stream_as_of::<CommitmentView>(entries, ledger, stream, cut).await;
            let view = view.map_err(ApiError::internal)?;
            return self.commitment_as_seen(compact, view).await;
        }
        if !is_by_day(&cut) {
            return Ok(None);
        }
        let view = stream_as_it_stood::<CommitmentView>(entries, ledger, stream, cut).await;
        let view = view.map_err(ApiError::internal)?;
        let seen = self.commitment_as_seen(compact, view).await?;
        let reach = self.sight.reach(compact).await?;
        let reach = reach.unwrap_or(Reach::PUBLIC);
        let as_told = |then| seen::commitment_then(CommitmentView::clone(then), (&now, &reach));
        Ok(seen.as_deref().map(as_told).map(Arc::new))
    }

    /// A commitment as it was, within the reach of whoever looks.
    async fn commitment_as_seen(
        &self,
        compact: CompactLedger,
        view: Option<CommitmentView>,
    ) -> Result<Option<Arc<CommitmentView>>, ApiError> {
        let (Some(view), Some(reach)) = (view, self.sight.reach(compact).await?) else {
            return Ok(None);
        };
        if reach == Reach::EVERYTHING {
            return Ok(Some(Arc::new(view)));
        }
        let was_seen = reach.covers(view.visibility.current, view.groups());
        Ok(was_seen.then(|| Arc::new(witnessed::commitment(view, &reach))))
    }

    /// A plan, if it is seen.
    ///
    /// # Errors
    /// When the views cannot be read.
    pub async fn plan(&self, node: &NodeId) -> Result<Option<Arc<ActionPlanView>>, ApiError> {
        let Some(compact) = self.compact_of(node.ledger).await? else {
            return Ok(None);
        };
        match self.load(Key::new(node.ledger, node.uuid())).await? {
            Some(view) => self.seen_plan(compact, view).await,
            None => Ok(None),
        }
    }

    pub(super) async fn seen_plan(
        &self,
        compact: CompactLedger,
        view: Arc<ActionPlanView>,
    ) -> Result<Option<Arc<ActionPlanView>>, ApiError> {
        let matter = matter_of(compact, &*view);
        if !self.sight.may(Action::ReadRecord, matter.clone()).await? {
            return Ok(None);
        }
        let history = self.sight.may(Action::ReadHistory, matter).await?;
        let reach = self.sight.reach(compact).await?;
        if history && reach == Some(Reach::EVERYTHING) {
            return Ok(Some(view));
        }
        let view = ActionPlanView::clone(&view);
        let view = match reach.filter(|_| history) {
            Some(reach) => witnessed::plan(view, &reach),
            None => seen::plan(view),
        };
        Ok(Some(Arc::new(
            self.naming_what_is_seen(compact, view).await?,
        )))
    }

    /// The plan, naming no commitment that is not seen.
    pub(super) async fn naming_what_is_seen(
        &self,
        compact: CompactLedger,
        view: ActionPlanView,
    ) -> Result<ActionPlanView, ApiError> {
        let ledger = compact.compact.ledger();
        let keys = seen::linked(&view).into_iter();
        let keys = keys.map(|id| Key::<CommitmentView>::new(ledger, id.uuid()));
        let linked = self.loader.load_many(keys).await.map_err(ApiError::from)?;
        let mut seen = BTreeMap::new();
        for commitment in linked.values() {
            let matter = matter_of_commitment(compact, commitment);
            if self.sight.may(Action::ReadRecord, matter).await? {
                seen.insert(commitment.id, commitment.fact());
            }
        }
        Ok(seen::links(view, &seen))
    }

    /// A plan from the entries that count. Who does not see its history is shown it as it was on an earlier day if it was let out to them by
    /// then, and just so; but for what was put right or withdrawn since, which reads as it does now.
    ///
    /// # Errors
    /// When the views or the ledger cannot be read, or the meeting is not one of the compact's.
    pub async fn plan_then(
        &self,
        node: &NodeId,
        when: When,
    ) -> Result<Option<Arc<ActionPlanView>>, ApiError> {
        let (Some(compact), Some(now)) =
            (self.compact_of(node.ledger).await?, self.plan(node).await?)
        else {
            return Ok(None);
        };
        let Some(cut) = when.cut(self, node.ledger).await? else {
            return Ok(Some(now));
        };
        let matter = matter_of(compact, &*now);
        let history = self.sight.may(Action::ReadHistory, matter).await?;
        let ledger = compact.compact.ledger();
        let stream = StreamId::action_plan(node.uuid().into());
        let entries = &self.services.ledger;
        if history {
            let view = stream_as_of::<ActionPlanView>(entries, ledger, stream, cut).await;
            let view = view.map_err(ApiError::internal)?;
            return self.plan_as_seen(ledger, view).await;
        }
        if !is_by_day(&cut) {
            return Ok(None);
        }
        let view = stream_as_it_stood::<ActionPlanView>(entries, ledger, stream, cut).await;
        let view = view.map_err(ApiError::internal)?;
        let seen = self.plan_as_seen(ledger, view).await?;
        Ok(seen.map(|then| Arc::new(seen::plan_then(ActionPlanView::clone(&then), &now))))
    }

    /// A meeting that has a record of its own, if it is seen.
    ///
    /// # Errors
    /// When the views cannot be read.
    pub async fn meeting(&self, node: &NodeId) -> Result<Option<Arc<MeetingView>>, ApiError> {
        let Some(compact) = self.compact_of(node.ledger).await? else {
            return Ok(None);
        };
        match self.load(Key::new(node.ledger, node.uuid())).await? {
            Some(view) => self.seen_meeting(compact, view).await,
            None => Ok(None),
        }
    }

    pub(super) async fn seen_meeting(
        &self,
        compact: CompactLedger,
        view: Arc<MeetingView>,
    ) -> Result<Option<Arc<MeetingView>>, ApiError> {
        let matter = matter_of(compact, &*view);
        if !self.sight.may(Action::ReadRecord, matter.clone()).await? {
            return Ok(None);
        }
        let history = self.sight.may(Action::ReadHistory, matter).await?;
        let reach = self.sight.reach(compact).await?;
        if history && reach == Some(Reach::EVERYTHING) {
            return Ok(Some(view));
        }
        let view = MeetingView::clone(&view);
        Ok(Some(Arc::new(seen::meeting(view))))
    }

    /// Several plans of one ledger at once, by id; those that are seen.
    ///
    /// # Errors
    /// When the views cannot be read.
    pub async fn plans(
        &self,
        ledger: LedgerId,
        ids: impl IntoIterator<Item = Uuid>,
    ) -> Result<HashMap<Uuid, Arc<ActionPlanView>>, ApiError> {
        let Some(compact) = self.compact_of(ledger).await? else {
            return Ok(HashMap::new());
        };
        let keys = ids.into_iter().map(|id| Key::new(ledger, id));
        let plans = self.loader.load_many(keys).await.map_err(ApiError::from)?;
        let mut seen = HashMap::with_capacity(plans.len());
        for (key, plan) in plans {
            if let Some(plan) = self.seen_plan(compact, plan).await? {
                seen.insert(key.id, plan);
            }
        }
        Ok(seen)
    }
}

/// Whether a day is asked for, and nothing of what was recorded when.
const fn is_by_day(cut: &Cut) -> bool {
    matches!(cut.as_of, Some(AsOf::On(_))) && cut.known_at.is_none()
}

pub(super) fn matter_of_commitment(compact: CompactLedger, view: &CommitmentView) -> Matter {
    let groups = view.classification.current.groups.iter();
    Matter {
        groups: groups.map(|group| group.id).collect(),
        ..compact.matter(view.visibility.current)
    }
}

/// What belongs to one group of a compact, and is seen by whoever sees that much of it.
pub(super) trait OfAGroup {
    /// The group, and how far it has been released.
    fn bounds(&self) -> (GroupId, Visibility);
}

impl OfAGroup for ActionPlanView {
    fn bounds(&self) -> (GroupId, Visibility) {
        (self.group.id, self.visibility.current)
    }
}

/// An action is seen by whoever sees its plan.
impl OfAGroup for ActionListRow {
    fn bounds(&self) -> (GroupId, Visibility) {
        (self.group.id, self.visibility)
    }
}

impl OfAGroup for MeetingView {
    fn bounds(&self) -> (GroupId, Visibility) {
        (self.group.id, self.visibility.current)
    }
}

/// A thing of one group, as far as access depends on it.
pub(super) fn matter_of(compact: CompactLedger, thing: &impl OfAGroup) -> Matter {
    let (group, visibility) = thing.bounds();
    Matter {
        groups: [group].into(),
        ..compact.matter(visibility)
    }
}
