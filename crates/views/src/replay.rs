//! Folding whole ledgers in memory, as fast as they can be read.

use std::collections::{BTreeMap, BTreeSet};

use domain::ids::LedgerId;
use ledger::reader::RawEntry;
use ledger::{Entry, LeafError, Position, ReadError, Reader};
use tokio::sync::mpsc;
use uuid::Uuid;

use crate::table::Row;
use crate::view::{View, ViewName, fold_into};
use crate::{ActionPlanView, CommitmentView, CompactOverview, Mentions, RegionRegister};

/// How many entries are read at once.
const PAGE: u32 = 4_000;

/// How many pages may wait to be folded while the next are read.
const AHEAD: usize = 3;

/// Why a ledger could not be replayed.
#[derive(Debug, thiserror::Error)]
pub enum ReplayError {
    /// It could not be read.
    #[error(transparent)]
    Ledger(#[from] ReadError),
    /// An entry could not be decoded.
    #[error("entry {position} of ledger {ledger} cannot be decoded")]
    Leaf {
        /// The ledger.
        ledger: LedgerId,
        /// The entry.
        position: Position,
        /// What is wrong with it.
        #[source]
        source: LeafError,
    },
}

/// Every row of some views of one ledger, in memory.
#[derive(Debug, Default)]
pub(crate) struct Folds {
    views: BTreeSet<ViewName>,
    regions: BTreeMap<Uuid, RegionRegister>,
    overviews: BTreeMap<Uuid, CompactOverview>,
    commitments: BTreeMap<Uuid, CommitmentView>,
    plans: BTreeMap<Uuid, ActionPlanView>,
    mentions: BTreeMap<Uuid, Mentions>,
}

impl Folds {
    /// No rows yet, of `views`.
    pub(crate) fn of(views: impl IntoIterator<Item = ViewName>) -> Self {
        Self {
            views: views.into_iter().collect(),
            ..Self::default()
        }
    }

    /// Folds one more entry.
    pub(crate) fn apply(&mut self, entry: &Entry) {
        for view in &self.views {
            match view {
                ViewName::RegionRegister => fold_into(&mut self.regions, entry),
                ViewName::CompactOverview => fold_into(&mut self.overviews, entry),
                ViewName::Commitment => fold_into(&mut self.commitments, entry),
                ViewName::ActionPlan => fold_into(&mut self.plans, entry),
                ViewName::Mentions => fold_into(&mut self.mentions, entry),
            }
        }
    }

    /// The rows of one view.
    pub(crate) fn rows(&self, view: ViewName) -> Result<Vec<Row>, serde_json::Error> {
        fn all<V: View>(rows: &BTreeMap<Uuid, V>) -> Result<Vec<Row>, serde_json::Error> {
            let rows: Result<Vec<Vec<Row>>, _> = rows.values().map(View::rows).collect();
            Ok(rows?.into_iter().flatten().collect())
        }
        match view {
            ViewName::RegionRegister => all(&self.regions),
            ViewName::CompactOverview => all(&self.overviews),
            ViewName::Commitment => all(&self.commitments),
            ViewName::ActionPlan => all(&self.plans),
            ViewName::Mentions => all(&self.mentions),
        }
    }
}

/// Pages of a ledger, read ahead of whoever folds them.
pub(crate) struct Pages {
    pages: mpsc::Receiver<Result<Vec<RawEntry>, ReadError>>,
}

impl Pages {
    /// The entries of `ledger` after `after`, up to `up_to` or to the end.
    pub(crate) fn read(
        reader: Reader,
        ledger: LedgerId,
        after: Position,
        up_to: Option<Position>,
    ) -> Self {
        let (sender, pages) = mpsc::channel(AHEAD);
        tokio::spawn(async move {
            let mut after = after;
            loop {
                let left = up_to.map_or(u64::from(PAGE), |end| end.saturating_sub(after));
                let limit = u32::try_from(left).unwrap_or(PAGE).min(PAGE);
                if limit == 0 {
                    return;
                }
                let page = reader.read(ledger, after, limit).await;
                let last = page.as_ref().ok().and_then(|page| page.last());
                let next = last.map(|last| last.position);
                let failed = page.is_err();
                // Nobody listens any more when the fold was given up.
                if sender.send(page).await.is_err() || failed {
                    return;
                }
                match next {
                    Some(next) => after = next,
                    None => return,
                }
            }
        });
        Self { pages }
    }

    /// The next page; none after the last.
    pub(crate) async fn next(&mut self) -> Option<Result<Vec<RawEntry>, ReadError>> {
        let page = self.pages.recv().await?;
        match page {
            Ok(page) if page.is_empty() => None,
            page => Some(page),
        }
    }
}

/// An entry decoded, or why it cannot be.
pub(crate) fn decoded(ledger: LedgerId, raw: &RawEntry) -> Result<Entry, ReplayError> {
    raw.decode().map_err(|source| ReplayError::Leaf {
        ledger,
        position: raw.position,
        source,
    })
}
