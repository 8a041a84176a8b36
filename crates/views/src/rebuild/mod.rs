//! Rebuilding: whole ledgers folded in memory, written beside the tables in use, compared with them and
//! swapped in.
//!
//! Until the swap nothing anyone reads is touched, so a rebuild can be broken off at any moment; what it
//! leaves in its schema the next one clears away. The swap is one transaction that holds every checkpoint,
//! so no projector can move a view while it is exchanged.

mod beside;
mod difference;

use std::collections::{BTreeMap, BTreeSet};
use std::ops::ControlFlow;
use std::time::{Duration, Instant};

use domain::ids::LedgerId;
use ledger::{LeafHash, Position, Reader};
use sqlx::{Connection, PgConnection, PgPool};

pub use difference::{Difference, Differs};

use crate::checkpoint;
use crate::projection::{FoldViewError, fold_view};
use crate::replay::{ReplayError, decoded, replay};
use crate::table::{Table, TableError};
use crate::view::ViewName;

/// How many entries are folded at once when catching up.
const TAIL: u32 = 1_000;

/// A ledger this close to where its views stand is caught up under the lock.
const CLOSE: u64 = 2_000;

/// What to rebuild.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Which {
    /// Every view.
    All,
    /// These views, of every ledger.
    Views(BTreeSet<ViewName>),
}

impl Which {
    fn views(&self) -> BTreeSet<ViewName> {
        match self {
            Self::All => ViewName::ALL.into(),
            Self::Views(views) => views.clone(),
        }
    }
}

/// How far a rebuild has got.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Progressed {
    /// How many entries have been folded.
    pub folded: u64,
    /// How many there are to fold, as far as is known.
    pub of: u64,
    /// The ledger being folded.
    pub ledger: LedgerId,
}

/// What a rebuild did and found.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct RebuildReport {
    /// How many ledgers were folded.
    pub ledgers: u64,
    /// How many entries were folded.
    pub entries: u64,
    /// How many rows were written.
    pub rows: u64,
    /// How long reading and folding took.
    pub folding: Duration,
    /// How long everything took.
    pub took: Duration,
    /// Where the rows in use were not what the ledger gives. They have been replaced.
    pub differences: Vec<Difference>,
    /// Views that were not compared, because they did not stand where the rebuilt ones do.
    pub not_compared: Vec<(LedgerId, ViewName)>,
}

impl RebuildReport {
    /// Entries folded per second, by the time reading and folding took.
    pub fn entries_per_second(&self) -> f64 {
        let seconds = self.folding.as_secs_f64();
        if seconds > 0.0 {
            #[expect(clippy::cast_precision_loss, reason = "a rate for people to read")]
            return self.entries as f64 / seconds;
        }
        0.0
    }
}

/// Why views were not rebuilt. The views in use are as they were.
#[derive(Debug, thiserror::Error)]
pub enum RebuildError {
    /// Another rebuild is under way.
    #[error("another rebuild is under way; wait until it has ended")]
    Busy,
    /// It was told to stop.
    #[error("the rebuild was interrupted; the views are as they were")]
    Interrupted,
    /// The ledger could not be read or an entry could not be decoded.
    #[error(transparent)]
    Replay(#[from] ReplayError),
    /// The database could not be used.
    #[error("the database could not be used")]
    Database(#[from] sqlx::Error),
    /// A row could not be kept.
    #[error("a view's row could not be kept")]
    Table(#[from] TableError),
    /// The fold broke.
    #[error("the fold broke: {0}")]
    Fold(String),
}

impl From<FoldViewError> for RebuildError {
    fn from(error: FoldViewError) -> Self {
        match error {
            FoldViewError::Table(error) => error.into(),
            FoldViewError::Panicked(said) => Self::Fold(said),
        }
    }
}

impl From<ledger::ReadError> for RebuildError {
    fn from(error: ledger::ReadError) -> Self {
        Self::Replay(error.into())
    }
}

/// Rebuilds views from their ledgers. `told` hears of every page and can break the rebuild off. Needs
/// the right to create and drop tables: it is the owner's work, not the projector's.
///
/// # Errors
/// As [`RebuildError`] lists. Whatever the error, the views in use have not been touched.
pub async fn rebuild(
    pool: &PgPool,
    which: &Which,
    told: impl FnMut(Progressed) -> ControlFlow<()> + Send,
) -> Result<RebuildReport, RebuildError> {
    let began = Instant::now();
    // Out of the pool: dropping it half-way closes it, and with it go lock, transaction and settings.
    let mut connection = pool.acquire().await?.detach();
    if !beside::claim(&mut connection).await? {
        return Err(RebuildError::Busy);
    }
    let mut rebuild = Rebuild {
        reader: Reader::new(pool.clone()),
        pool: pool.clone(),
        views: which.views(),
        ends: BTreeMap::new(),
        report: RebuildReport::default(),
    };
    let done = rebuild.run(&mut connection, told).await;
    // Closing gives the claim up too, but only once the server has noticed.
    let given_up = beside::give_up(&mut connection).await;
    done?;
    given_up?;
    connection.close().await?;
    rebuild.report.took = began.elapsed();
    Ok(rebuild.report)
}

/// A rebuild under way.
struct Rebuild {
    reader: Reader,
    pool: PgPool,
    views: BTreeSet<ViewName>,
    /// Up to where each ledger has been folded.
    ends: BTreeMap<LedgerId, (Position, LeafHash)>,
    report: RebuildReport,
}

impl Rebuild {
    async fn run(
        &mut self,
        connection: &mut PgConnection,
        told: impl FnMut(Progressed) -> ControlFlow<()> + Send,
    ) -> Result<(), RebuildError> {
        let began = Instant::now();
        beside::lay_out(connection, &self.tables()).await?;
        self.fold_all(connection, told).await?;
        self.report.folding = began.elapsed();
        self.come_close(connection).await?;
        self.swap(connection).await
    }

    fn tables(&self) -> Vec<Table> {
        let tables: BTreeSet<Table> = self
            .views
            .iter()
            .flat_map(|view| view.tables())
            .copied()
            .collect();
        tables.into_iter().collect()
    }

    fn views(&self) -> Vec<ViewName> {
        self.views.iter().copied().collect()
    }

    /// Up to where a ledger's views must be folded: where they stand, or if none stands anywhere or one
    /// is parked, to the ledger's end.
    async fn target(&self, ledger: LedgerId) -> Result<Position, RebuildError> {
        let checkpoints = checkpoint::checkpoints(&self.pool, ledger).await?;
        let mine = checkpoints
            .iter()
            .filter(|(view, _)| self.views.contains(view));
        let (mut furthest, mut parked) = (0, false);
        for (_, checkpoint) in mine {
            furthest = furthest.max(checkpoint.position);
            parked |= checkpoint.parked.is_some();
        }
        if furthest > 0 && !parked {
            return Ok(furthest);
        }
        let head = self.reader.head(ledger).await?;
        Ok(head.map_or(0, |head| head.position))
    }

    async fn fold_all(
        &mut self,
        connection: &mut PgConnection,
        mut told: impl FnMut(Progressed) -> ControlFlow<()> + Send,
    ) -> Result<(), RebuildError> {
        let mut work = Vec::new();
        for ledger in self.reader.ledgers().await? {
            work.push((ledger, self.target(ledger).await?));
        }
        let of = work.iter().map(|(_, target)| target).sum();
        for (ledger, target) in work {
            let (mut folded, mut stop) = (self.report.entries, false);
            let what = (&self.views, Some(target));
            let replayed = replay(&self.reader, ledger, what, |entries| {
                folded += entries;
                stop |= told(Progressed { folded, of, ledger }).is_break();
                if stop {
                    ControlFlow::Break(())
                } else {
                    ControlFlow::Continue(())
                }
            })
            .await?;
            if stop {
                return Err(RebuildError::Interrupted);
            }
            self.report.entries = folded;
            self.report.ledgers += 1;
            let mut transaction = connection.begin().await?;
            beside::look_there(&mut transaction).await?;
            self.report.rows += replayed.folds.save(&mut transaction).await?;
            transaction.commit().await?;
            self.ends.extend(replayed.end.map(|end| (ledger, end)));
        }
        Ok(())
    }

    /// Follows the live views until what is left is little enough to do while they are held.
    async fn come_close(&mut self, connection: &mut PgConnection) -> Result<(), RebuildError> {
        loop {
            let mut far = false;
            for ledger in self.reader.ledgers().await? {
                let target = self.target(ledger).await?;
                let at = self.ends.get(&ledger).map_or(0, |(position, _)| *position);
                if target.saturating_sub(at) > CLOSE {
                    far = true;
                    let mut transaction = connection.begin().await?;
                    beside::look_there(&mut transaction).await?;
                    self.catch_up(&mut transaction, ledger, target).await?;
                    transaction.commit().await?;
                }
            }
            if !far {
                return Ok(());
            }
        }
    }

    /// Folds what `ledger` has after where it was folded to, up to `target`, into the tables beside.
    async fn catch_up(
        &mut self,
        connection: &mut PgConnection,
        ledger: LedgerId,
        target: Position,
    ) -> Result<(), RebuildError> {
        let mut at = self.ends.get(&ledger).map_or(0, |(position, _)| *position);
        while at < target {
            let limit = u32::try_from(target - at).unwrap_or(TAIL).min(TAIL);
            let page = self.reader.read(ledger, at, limit).await?;
            let mut entries = Vec::with_capacity(page.len());
            for raw in &page {
                entries.push((decoded(ledger, raw)?, raw.hash()));
            }
            let Some((last, hash)) = entries.last() else {
                break;
            };
            at = last.recorded.position;
            let end = (at, *hash);
            for view in &self.views {
                fold_view(connection, ledger, *view, &entries).await?;
            }
            self.report.entries += entries.len() as u64;
            self.ends.insert(ledger, end);
        }
        Ok(())
    }

    /// Holds every checkpoint, folds the last entries, compares, and puts the new tables in place.
    async fn swap(&mut self, connection: &mut PgConnection) -> Result<(), RebuildError> {
        let mut transaction = connection.begin().await?;
        beside::look_there(&mut transaction).await?;
        beside::hold_checkpoints(&mut transaction).await?;
        for ledger in self.reader.ledgers().await? {
            let target = self.target(ledger).await?;
            self.catch_up(&mut transaction, ledger, target).await?;
        }
        self.compare(&mut transaction).await?;
        for table in self.tables() {
            beside::put_in_place(&mut transaction, table).await?;
        }
        let views = self.views();
        for (ledger, (position, hash)) in &self.ends {
            checkpoint::set(&mut transaction, *ledger, &views, (*position, *hash)).await?;
        }
        transaction.commit().await?;
        Ok(())
    }

    /// Compares each view of each ledger that stands where the rebuilt one does.
    async fn compare(&mut self, connection: &mut PgConnection) -> Result<(), RebuildError> {
        for (ledger, (position, _)) in &self.ends {
            let live = checkpoint::checkpoints(&self.pool, *ledger).await?;
            for view in &self.views {
                let stands = live.get(view).map_or(0, |checkpoint| checkpoint.position);
                if stands == *position {
                    let found = difference::find(connection, *ledger, *view).await?;
                    self.report.differences.extend(found);
                } else {
                    self.report.not_compared.push((*ledger, *view));
                }
            }
        }
        Ok(())
    }
}
