//! The record itself, for those who read it: histories, entries, and how far ledgers go.

use access::{Action, CompactLedger, Matter, Resource};
use domain::ids::LedgerId;
use domain::{Reach, Visibility};
use futures::Stream;
use ledger::RawEntry;
use views::page::{Page, PageRequest};
use views::{HistoryFilter, HistoryLine, HistoryOf};

use super::lists::nothing;
use super::things::{matter_of, matter_of_commitment};
use super::{Place, Reads};
use crate::caller::Shown;
use crate::error::ApiError;
use crate::node::{NodeId, NodeKind};
use crate::services::Shows;

impl Reads {
    /// A page of the history of something, as far as it is seen; nothing of what is not there.
    ///
    /// # Errors
    /// When the ledger or the views cannot be read, or the page starts at a place the list does not have.
    pub async fn history(
        &self,
        node: &NodeId,
        (of, filter): (&HistoryOf, &HistoryFilter),
        page: &PageRequest,
    ) -> Result<Page<HistoryLine>, ApiError> {
        let Some(place) = self.place(node.ledger).await? else {
            return Ok(nothing(page));
        };
        let historian = &self.services.historian;
        if node.kind == NodeKind::Assessment {
            // Those it concerns read how it came to be; others read what was released, as it stands.
            if !self.reads_how_judged(node).await? {
                return Ok(nothing(page));
            }
            return Ok(historian
                .filtered(node.ledger, (of, filter), &Reach::EVERYTHING, page)
                .await?);
        }
        let (resource, reach) = match place {
            Place::Region(region) => (Some(Resource::Region(region)), Some(Reach::EVERYTHING)),
            Place::Compact(compact) => (
                self.matter_of(compact, node).await?.map(Resource::Matter),
                self.sight.reach(compact).await?,
            ),
        };
        let (Some(resource), Some(reach)) = (resource, reach) else {
            return Ok(nothing(page));
        };
        if !self.sight.may(Action::ReadHistory, resource).await? {
            return Ok(nothing(page));
        }
        Ok(historian
            .filtered(node.ledger, (of, filter), &reach, page)
            .await?)
    }

    /// What a node of a compact is to the policies, if it is seen.
    async fn matter_of(
        &self,
        compact: CompactLedger,
        node: &NodeId,
    ) -> Result<Option<Matter>, ApiError> {
        let whole = node.whole();
        Ok(match whole.kind {
            NodeKind::Commitment => {
                let view = self.commitment(&whole).await?;
                view.map(|view| matter_of_commitment(compact, &view))
            }
            NodeKind::ActionPlan => {
                let view = self.plan(&whole).await?;
                view.map(|view| matter_of(compact, &*view))
            }
            NodeKind::Person => {
                let person = self.person(&whole).await?;
                person.map(|_| compact.matter(Visibility::Compact))
            }
            _ => Some(compact.matter(Visibility::Compact)),
        })
    }

    /// A page of a ledger's entries, if the ledger is followed; nothing of one that is not.
    ///
    /// # Errors
    /// When the ledger cannot be read, or the page starts at a place the list does not have.
    pub async fn entries(
        &self,
        ledger: LedgerId,
        page: &PageRequest,
    ) -> Result<Page<RawEntry>, ApiError> {
        if !self.follows(ledger).await? {
            return Ok(nothing(page));
        }
        Ok(self.services.historian.entries(ledger, page).await?)
    }

    /// One entry of a ledger, if the ledger is followed and has it.
    ///
    /// # Errors
    /// When the ledger cannot be read.
    pub async fn entry(
        &self,
        ledger: LedgerId,
        position: u64,
    ) -> Result<Option<RawEntry>, ApiError> {
        let before = position.checked_sub(1);
        let Some(before) = before.filter(|before| i64::try_from(*before).is_ok()) else {
            return Ok(None);
        };
        if !self.follows(ledger).await? {
            return Ok(None);
        }
        let read = self.services.ledger.read(ledger, before, 1).await;
        Ok(read.map_err(ApiError::internal)?.pop())
    }

    /// An entry in plain words.
    ///
    /// # Errors
    /// When the ledger or the views cannot be read.
    pub async fn said(&self, entry: &ledger::Entry) -> Result<HistoryLine, ApiError> {
        Ok(self.services.historian.line(entry).await?)
    }

    /// Whether the caller follows this ledger.
    ///
    /// # Errors
    /// When the views cannot be read.
    pub async fn follows(&self, ledger: LedgerId) -> Result<bool, ApiError> {
        match self.place(ledger).await? {
            Some(Place::Compact(compact)) => self.sight.follows(compact).await,
            Some(Place::Region(region)) => {
                let region = Resource::Region(region);
                self.sight.may(Action::FollowLedger, region).await
            }
            None => Ok(false),
        }
    }

    /// Whether whoever showed this at the door follows this ledger still: asked anew, of who they are by now and of the
    /// roles they have.
    ///
    /// # Errors
    /// When they are nobody any more, or the views cannot be read.
    pub(crate) async fn follows_still(
        &self,
        ledger: LedgerId,
        shown: &Shown,
    ) -> Result<bool, ApiError> {
        let caller = shown.whose().await?;
        let anew = Self::new(&self.services, &self.directory, caller);
        anew.follows(ledger).await
    }

    /// Every entry of a ledger after a position; none when it is not followed, or has none.
    ///
    /// # Errors
    /// When the ledger cannot be read.
    pub(crate) async fn follow(
        &self,
        ledger: LedgerId,
        after: u64,
    ) -> Result<
        Option<impl Stream<Item = Result<RawEntry, ledger::ReadError>> + Send + Unpin + use<>>,
        ApiError,
    > {
        if !self.follows(ledger).await? {
            return Ok(None);
        }
        let reader = &self.services.ledger;
        let head = reader.head(ledger).await?;
        Ok(head.map(|_| reader.subscribe(ledger, after)))
    }

    /// Whether someone who reads what they wrote may wait for this ledger: whoever works in the compact, or reads
    /// the region's totals.
    ///
    /// # Errors
    /// When the views cannot be read.
    async fn waits_for(&self, ledger: LedgerId) -> Result<bool, ApiError> {
        match self.place(ledger).await? {
            Some(Place::Compact(compact)) => {
                let own = compact.matter(Visibility::Compact);
                self.sight.may(Action::ReadRecord, own).await
            }
            Some(Place::Region(region)) => {
                let region = Resource::Region(region);
                self.sight.may(Action::ReadRegionalTotals, region).await
            }
            None => Ok(false),
        }
    }

    /// Where a ledger ends, for those who may wait for it; none for others, or where there is none.
    ///
    /// What a ledger is, the views say: of one that has just been begun, as when a compact is opened, its first entry
    /// is waited for.
    ///
    /// # Errors
    /// When the views or the ledger cannot be read.
    pub(crate) async fn head(&self, ledger: LedgerId) -> Result<Option<u64>, ApiError> {
        let head = self.services.ledger.head(ledger).await?;
        let Some(head) = head else {
            return Ok(None);
        };
        if self.place(ledger).await?.is_none() {
            self.reached(ledger, 1).await?;
        }
        Ok(self.waits_for(ledger).await?.then_some(head.position))
    }

    /// Waits until the views have reached `position`, as [`Services::reached`] does.
    ///
    /// # Errors
    /// When it cannot be told how far they have come.
    pub(crate) async fn reached(&self, ledger: LedgerId, position: u64) -> Result<Shows, ApiError> {
        let shows = self.services.reached(ledger, position).await;
        self.shown.forget();
        shows
    }
}
