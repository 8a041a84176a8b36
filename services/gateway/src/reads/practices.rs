//! Good practice and its adoption as they are seen: in one's own compact with everything, elsewhere as they stand.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use access::{Action, CompactLedger, Matter};
use domain::ids::{LedgerId, RegionId};
use domain::stream::StreamId;
use domain::{Reach, Visibility};
use views::page::{Page, PageRequest};
use views::queries::Passed;
use views::search::{Found, OpenMatter, Suggestion};
use views::{
    AdoptionFilter, AdoptionView, GoodPracticeView, PracticeFilter, Reaches, View, stream_as_of,
};

use super::batches::Key;
use super::lists::{keep, nothing};
use super::{Place, Reads};
use crate::error::ApiError;
use crate::node::{NodeId, NodeKind};
use crate::seen;
use crate::types::time::When;

impl Reads {
    /// How low the caller reads in each compact of a region.
    ///
    /// # Errors
    /// When the views cannot be read.
    pub async fn reaches_in(&self, region: RegionId) -> Result<Reaches, ApiError> {
        let Some(register) = self.region(region).await? else {
            return Ok(Reaches::default());
        };
        let mut reaches = Vec::with_capacity(register.compacts.len());
        for opened in &register.compacts {
            let ledger = opened.id.ledger();
            // A compact whose own record has not begun has nothing in it.
            if let Some(compact) = self.compact_of(ledger).await?
                && let Some(reach) = self.sight.reach(compact).await?
            {
                reaches.push((ledger, reach));
            }
        }
        Ok(reaches.into_iter().collect())
    }

    /// The region of a ledger, whichever it is.
    ///
    /// # Errors
    /// When the views cannot be read.
    pub async fn region_around(&self, ledger: LedgerId) -> Result<Option<RegionId>, ApiError> {
        Ok(match self.place(ledger).await? {
            Some(Place::Region(region)) => Some(region),
            Some(Place::Compact(compact)) => Some(compact.region),
            None => None,
        })
    }

    /// A piece of good practice, if it is seen.
    ///
    /// # Errors
    /// When the views cannot be read.
    pub async fn practice(&self, node: &NodeId) -> Result<Option<Arc<GoodPracticeView>>, ApiError> {
        let Some(compact) = self.compact_of(node.ledger).await? else {
            return Ok(None);
        };
        match self.load(Key::new(node.ledger, node.uuid())).await? {
            Some(view) => self.seen_practice(compact, view).await,
            None => Ok(None),
        }
    }

    async fn seen_practice(
        &self,
        compact: CompactLedger,
        view: Arc<GoodPracticeView>,
    ) -> Result<Option<Arc<GoodPracticeView>>, ApiError> {
        let matter = compact.matter(view.visibility.current);
        if !self.sight.may(Action::ReadRecord, matter.clone()).await? {
            return Ok(None);
        }
        let history = self.sight.may(Action::ReadHistory, matter.clone()).await?;
        let reach = self.sight.reach(compact).await?;
        if history && reach == Some(Reach::EVERYTHING) {
            return Ok(Some(view));
        }
        let view = GoodPracticeView::clone(&view);
        let seen = if let Some(reach) = reach.filter(|_| history) {
            seen::practice_within(view, &reach)
        } else {
            let asked_by = self.asks_for(&matter, &view).await?;
            seen::practice(view, &asked_by)
        };
        Ok(Some(Arc::new(seen)))
    }

    /// The compacts in whose name the caller asks about a piece of good practice: what they asked and said is theirs to read.
    async fn asks_for(
        &self,
        matter: &Matter,
        view: &GoodPracticeView,
    ) -> Result<BTreeSet<LedgerId>, ApiError> {
        let asked = view.questions.iter().map(|question| question.by.id);
        let by: BTreeSet<_> = asked.chain(view.thanks.iter().map(|it| it.by.id)).collect();
        let mut own = BTreeSet::new();
        for compact in by {
            let matter = Matter {
                asking: Some(compact),
                ..matter.clone()
            };
            if self.sight.may(Action::AskAboutPractice, matter).await? {
                own.insert(compact.ledger());
            }
        }
        Ok(own)
    }

    /// A piece of good practice with every version, whoever asks: for working out what changed for somebody who took an earlier
    /// one up and sees the one that stands.
    ///
    /// # Errors
    /// When the views cannot be read.
    pub(crate) async fn practice_with_versions(
        &self,
        node: &NodeId,
    ) -> Result<Option<Arc<GoodPracticeView>>, ApiError> {
        if self.practice(node).await?.is_none() {
            return Ok(None);
        }
        let view: Option<Arc<GoodPracticeView>> =
            self.load(Key::new(node.ledger, node.uuid())).await?;
        let Some(view) = view else {
            return Ok(None);
        };
        let mut view = GoodPracticeView::clone(&view);
        self.services.views.open(node.ledger, [&mut view]).await?;
        Ok(Some(Arc::new(view)))
    }

    /// A piece of good practice from the entries that count, if its history is seen.
    ///
    /// # Errors
    /// When the views or the ledger cannot be read, or the meeting is not one of the compact's.
    pub async fn practice_then(
        &self,
        node: &NodeId,
        when: When,
    ) -> Result<Option<Arc<GoodPracticeView>>, ApiError> {
        let Some(now) = self.practice(node).await? else {
            return Ok(None);
        };
        let Some(cut) = when.cut(self, node.ledger).await? else {
            return Ok(Some(now));
        };
        let stream = StreamId::good_practice(node.uuid().into());
        let visibility = now.visibility.current;
        let then = self
            .then::<GoodPracticeView>(node.ledger, stream, (visibility, cut))
            .await?;
        Ok(match then {
            Some((view, reach)) if reach == Reach::EVERYTHING => Some(Arc::new(view)),
            Some((view, reach)) if reach.covers(view.visibility.current, []) => {
                Some(Arc::new(seen::practice_within(view, &reach)))
            }
            _ => None,
        })
    }

    /// An adoption from the entries that count, if its history is seen.
    ///
    /// # Errors
    /// When the views or the ledger cannot be read, or the meeting is not one of the compact's.
    pub async fn adoption_then(
        &self,
        node: &NodeId,
        when: When,
    ) -> Result<Option<Arc<AdoptionView>>, ApiError> {
        let Some(now) = self.adoption(node).await? else {
            return Ok(None);
        };
        let Some(cut) = when.cut(self, node.ledger).await? else {
            return Ok(Some(now));
        };
        let stream = StreamId::adoption(node.uuid().into());
        let visibility = now.visibility.current;
        let then = self
            .then::<AdoptionView>(node.ledger, stream, (visibility, cut))
            .await?;
        Ok(match then {
            Some((view, reach)) if reach == Reach::EVERYTHING => Some(Arc::new(view)),
            Some((view, reach)) if reach.covers(view.visibility.current, []) => {
                Some(Arc::new(seen::adoption(view)))
            }
            _ => None,
        })
    }

    /// What a stream came to by then, with how low the caller reads, if they read its history.
    async fn then<V: View>(
        &self,
        ledger: LedgerId,
        stream: StreamId,
        (visibility, cut): (Visibility, views::Cut),
    ) -> Result<Option<(V, Reach)>, ApiError> {
        let Some(compact) = self.compact_of(ledger).await? else {
            return Ok(None);
        };
        let matter = compact.matter(visibility);
        if !self.sight.may(Action::ReadHistory, matter).await? {
            return Ok(None);
        }
        let view = stream_as_of::<V>(&self.services.ledger, ledger, stream, cut);
        let Some(view) = view.await.map_err(ApiError::internal)? else {
            return Ok(None);
        };
        let reach = self.sight.reach(compact).await?;
        Ok(reach.map(|reach| (view, reach)))
    }

    /// An adoption, if it is seen.
    ///
    /// # Errors
    /// When the views cannot be read.
    pub async fn adoption(&self, node: &NodeId) -> Result<Option<Arc<AdoptionView>>, ApiError> {
        let Some(compact) = self.compact_of(node.ledger).await? else {
            return Ok(None);
        };
        match self.load(Key::new(node.ledger, node.uuid())).await? {
            Some(view) => self.seen_adoption(compact, view).await,
            None => Ok(None),
        }
    }

    /// What another compact took up names the source: it is seen while that is.
    async fn seen_adoption(
        &self,
        compact: CompactLedger,
        view: Arc<AdoptionView>,
    ) -> Result<Option<Arc<AdoptionView>>, ApiError> {
        let matter = compact.matter(view.visibility.current);
        if !self.sight.may(Action::ReadRecord, matter.clone()).await? {
            return Ok(None);
        }
        if self.sight.may(Action::ReadHistory, matter).await? {
            let everything = self.sight.reach(compact).await? == Some(Reach::EVERYTHING);
            return Ok(Some(if everything {
                view
            } else {
                Arc::new(seen::adoption(AdoptionView::clone(&view)))
            }));
        }
        if self.practice(&source_of(&view)).await?.is_none() {
            return Ok(None);
        }
        Ok(Some(Arc::new(seen::adoption(AdoptionView::clone(&view)))))
    }

    /// A page of a region's good practice that is seen, by title; of what was released and nothing else, also as far as adoptions
    /// go, where `released` says so.
    ///
    /// # Errors
    /// When the views cannot be read, or the page starts at a place the list does not have.
    pub async fn practices(
        &self,
        region: RegionId,
        (filter, released): (&PracticeFilter, bool),
        page: &PageRequest,
    ) -> Result<Page<Arc<GoodPracticeView>>, ApiError> {
        let mut reaches = self.reaches_in(region).await?;
        if released {
            reaches = reaches.released();
        }
        if reaches.is_empty() {
            return Ok(nothing(page));
        }
        let page = self.services.views.good_practices(&reaches, filter, page);
        let page = page.await?.map(Arc::new);
        let mut seen = BTreeMap::new();
        for edge in &page.edges {
            let Some(compact) = self.compact_of(edge.node.ledger).await? else {
                continue;
            };
            let view = Arc::clone(&edge.node);
            if let Some(view) = self.seen_practice(compact, view).await? {
                seen.insert(view.id, view);
            }
        }
        Ok(keep(page, |view| seen.remove(&view.id)))
    }

    /// What a search of a region's good practice comes to, of what is seen.
    ///
    /// # Errors
    /// When the views cannot be read, or the page starts at a place the list does not have.
    pub async fn search_practices(
        &self,
        region: RegionId,
        (typed, filter): (&str, &PracticeFilter),
        page: &PageRequest,
    ) -> Result<Found, ApiError> {
        let reaches = self.reaches_in(region).await?;
        let views = &self.services.views;
        let mut found = views
            .search_practices(&reaches, typed, filter, page)
            .await?;
        let mut seen = BTreeMap::new();
        for edge in &found.hits.edges {
            let practice = &edge.node.practice;
            let node = practice_node(practice.ledger, practice.id.uuid());
            if let Some(view) = self.practice(&node).await? {
                seen.insert(view.id, view);
            }
        }
        found.hits = keep(found.hits, |mut hit| {
            hit.practice = GoodPracticeView::clone(&*seen.remove(&hit.practice.id)?);
            Some(hit)
        });
        Ok(found)
    }

    /// A page of a region's adoptions that are seen, by day; of what was released and nothing else where `released` says so.
    ///
    /// # Errors
    /// When the views cannot be read, or the page starts at a place the list does not have.
    pub async fn adoptions(
        &self,
        region: RegionId,
        (filter, released): (&AdoptionFilter, bool),
        page: &PageRequest,
    ) -> Result<Page<Arc<AdoptionView>>, ApiError> {
        let mut reaches = self.reaches_in(region).await?;
        if released {
            reaches = reaches.released();
        }
        if reaches.is_empty() {
            return Ok(nothing(page));
        }
        let page = self.services.views.adoptions(&reaches, filter, page);
        let page = page.await?.map(Arc::new);
        let mut seen = BTreeMap::new();
        for edge in &page.edges {
            let Some(compact) = self.compact_of(edge.node.ledger).await? else {
                continue;
            };
            let view = Arc::clone(&edge.node);
            if let Some(view) = self.seen_adoption(compact, view).await? {
                seen.insert(view.id, view);
            }
        }
        Ok(keep(page, |view| seen.remove(&view.id)))
    }

    /// Who took up how much from whom in a region, of what was released.
    ///
    /// # Errors
    /// When the views cannot be read.
    pub async fn practice_passed(&self, region: RegionId) -> Result<Vec<Passed>, ApiError> {
        let reaches = self.reaches_in(region).await?.released();
        if reaches.is_empty() {
            return Ok(Vec::new());
        }
        Ok(self.services.views.practice_passed(&reaches).await?)
    }

    /// What others released that fits what a compact has open.
    ///
    /// # Errors
    /// When the views cannot be read.
    pub async fn suggestions(
        &self,
        compact: LedgerId,
        open: &[OpenMatter],
    ) -> Result<Vec<Suggestion>, ApiError> {
        let Some(region) = self.region_around(compact).await? else {
            return Ok(Vec::new());
        };
        let reaches = self.reaches_in(region).await?;
        let views = &self.services.views;
        Ok(views.suggestions(&reaches, compact, open).await?)
    }
}

/// The practice an adoption is of.
pub(crate) fn source_of(view: &AdoptionView) -> NodeId {
    practice_node(view.source(), view.practice.id.uuid())
}

pub(crate) fn practice_node(ledger: LedgerId, id: uuid::Uuid) -> NodeId {
    NodeId::new(NodeKind::GoodPractice, ledger, id)
}
