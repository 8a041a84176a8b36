//! Rebuilding: whole ledgers folded in memory, written beside the tables in use, compared with them and
//! swapped in.
//!
//! Until the swap nothing anyone reads is touched, so a rebuild can be broken off at any moment. The ledgers
//! it was done with lie complete in its schema; the next rebuild takes them up if it is the same program
//! rebuilding the same views, and clears them away if it is not. The swap is one transaction that holds
//! every checkpoint, so no projector can move a view while it is exchanged.

mod attempt;
mod beside;
mod difference;

use std::collections::{BTreeMap, BTreeSet};
use std::ops::ControlFlow;
use std::time::{Duration, Instant};

use domain::ids::LedgerId;
use ledger::{Position, Reader};
use sqlx::{Connection, PgConnection, PgPool};
use tokio::sync::mpsc;

use attempt::{Attempt, End};
pub use difference::{Difference, Differs};

use crate::checkpoint;
use crate::projection::{FoldViewError, fold_view};
use crate::replay::{ReplayError, Replayed, decoded, replay};
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
    /// How many ledgers an earlier rebuild, broken off, had already done.
    pub taken_up: u64,
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
    #[error(
        "the rebuild was interrupted; the views are as they were, and the same command takes it up again"
    )]
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

/// Rebuilds views from their ledgers. `told` hears of every page and can break the rebuild off; `build`
/// names the program, and only the same one takes up what was broken off. Needs the right to create and
/// drop tables: it is the owner's work, not the projector's.
///
/// # Errors
/// As [`RebuildError`] lists. Whatever the error, the views in use have not been touched.
pub async fn rebuild(
    pool: &PgPool,
    which: &Which,
    build: &str,
    told: impl FnMut(Progressed) -> ControlFlow<()> + Send,
) -> Result<RebuildReport, RebuildError> {
    let began = Instant::now();
    // Out of the pool: dropping it half-way closes it, and with it go lock, transaction and settings.
    let mut connection = pool.acquire().await?.detach();
    if !beside::claim(&mut connection).await? {
        return Err(RebuildError::Busy);
    }
    let views = which.views();
    let mut rebuild = Rebuild {
        reader: Reader::new(pool.clone()),
        pool: pool.clone(),
        attempt: Attempt::new(build, &views),
        views,
        ends: BTreeMap::new(),
        compared: BTreeMap::new(),
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
    attempt: Attempt,
    views: BTreeSet<ViewName>,
    /// Up to where each ledger has been folded.
    ends: BTreeMap<LedgerId, End>,
    /// How views differed, and where they stood when they were compared.
    compared: BTreeMap<(LedgerId, ViewName), (Position, Vec<Difference>)>,
    report: RebuildReport,
}

impl Rebuild {
    async fn run(
        &mut self,
        connection: &mut PgConnection,
        told: impl FnMut(Progressed) -> ControlFlow<()> + Send,
    ) -> Result<(), RebuildError> {
        let began = Instant::now();
        self.take_up(connection).await?;
        self.fold_all(connection, told).await?;
        self.report.folding = began.elapsed();
        self.come_close(connection).await?;
        self.swap(connection).await
    }

    /// Goes on from what an earlier attempt left, or begins afresh.
    async fn take_up(&mut self, connection: &mut PgConnection) -> Result<(), RebuildError> {
        let tables = self.tables();
        let left = self.attempt.folded(connection, &tables).await?;
        for (ledger, end) in &left {
            if !self.is_there(*ledger, *end).await? {
                tracing::warn!(%ledger, "the ledger is not the one an earlier rebuild folded; beginning afresh");
                return self.begin_afresh(connection).await;
            }
        }
        if left.is_empty() {
            return self.begin_afresh(connection).await;
        }
        self.report.taken_up = left.len() as u64;
        self.ends = left;
        Ok(())
    }

    async fn begin_afresh(&self, connection: &mut PgConnection) -> Result<(), RebuildError> {
        attempt::forget(connection).await?;
        beside::lay_out(connection, &self.tables()).await?;
        Ok(())
    }

    /// Whether the ledger has that entry.
    async fn is_there(
        &self,
        ledger: LedgerId,
        (position, hash): End,
    ) -> Result<bool, RebuildError> {
        let found = self
            .reader
            .read(ledger, position.saturating_sub(1), 1)
            .await?;
        Ok(found
            .first()
            .is_some_and(|raw| raw.position == position && raw.hash() == hash))
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

    /// Folds ledger after ledger, and writes each while the next is being folded.
    async fn fold_all(
        &mut self,
        connection: &mut PgConnection,
        told: impl FnMut(Progressed) -> ControlFlow<()> + Send,
    ) -> Result<(), RebuildError> {
        let mut work = Vec::new();
        for ledger in self.reader.ledgers().await? {
            let done = self.ends.get(&ledger).map(|(position, _)| *position);
            work.push(Work {
                ledger,
                target: self.target(ledger).await?,
                done,
            });
        }
        self.report.ledgers = work.len() as u64;
        let (sender, mut folded) = mpsc::channel(1);
        let views = self.views.clone();
        let folding = fold_each(self.reader.clone(), views, work, told, sender);
        let writing = async move {
            while let Some((ledger, replayed)) = folded.recv().await {
                self.keep(connection, ledger, replayed).await?;
            }
            Ok(())
        };
        // Neither is dropped half-way: what was folded in full is kept, whatever becomes of the rest.
        let (folded, written) = tokio::join!(folding, writing);
        written.and(folded)
    }

    /// Writes what a ledger came to beside the rows in use, and compares it with them.
    async fn keep(
        &mut self,
        connection: &mut PgConnection,
        ledger: LedgerId,
        replayed: Replayed,
    ) -> Result<(), RebuildError> {
        let mut transaction = connection.begin().await?;
        beside::look_there(&mut transaction).await?;
        self.report.entries += replayed.entries;
        self.report.rows += replayed.folds.save(&mut transaction).await?;
        let Some(end) = replayed.end else {
            return Ok(transaction.commit().await?);
        };
        self.attempt.note(&mut transaction, ledger, end).await?;
        self.ends.insert(ledger, end);
        transaction.commit().await?;
        self.compare_ahead(connection, ledger).await
    }

    /// Compares a ledger's views as of one moment, so that it need not be done while everything is held.
    async fn compare_ahead(
        &mut self,
        connection: &mut PgConnection,
        ledger: LedgerId,
    ) -> Result<(), RebuildError> {
        let mut moment = connection.begin().await?;
        sqlx::query("set transaction isolation level repeatable read read only")
            .execute(&mut *moment)
            .await?;
        self.compare(&mut moment, ledger).await?;
        moment.commit().await?;
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
                    if let Some(end) = self.ends.get(&ledger) {
                        self.attempt.note(&mut transaction, ledger, *end).await?;
                    }
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
        for ledger in self.reader.ledgers().await? {
            self.compare(&mut transaction, ledger).await?;
        }
        self.report_differences();
        for table in self.tables() {
            beside::put_in_place(&mut transaction, table).await?;
        }
        let views = self.views();
        for (ledger, (position, hash)) in &self.ends {
            checkpoint::set(&mut transaction, *ledger, &views, (*position, *hash)).await?;
        }
        attempt::forget(&mut transaction).await?;
        transaction.commit().await?;
        Ok(())
    }

    /// Compares those views of a ledger that stand where the rebuilt ones do and have not been compared there.
    async fn compare(
        &mut self,
        connection: &mut PgConnection,
        ledger: LedgerId,
    ) -> Result<(), RebuildError> {
        let Some((position, _)) = self.ends.get(&ledger).copied() else {
            return Ok(());
        };
        let live = checkpoint::checkpoints(&mut *connection, ledger).await?;
        for view in &self.views {
            let stands = live.get(view).map_or(0, |checkpoint| checkpoint.position);
            let compared = self.compared.get(&(ledger, *view));
            if stands == position && compared.is_none_or(|(at, _)| *at != position) {
                let found = difference::find(connection, ledger, *view).await?;
                self.compared.insert((ledger, *view), (position, found));
            }
        }
        Ok(())
    }

    /// Reports what the comparisons found, and the views that were not compared where they are swapped.
    fn report_differences(&mut self) {
        for (ledger, (position, _)) in &self.ends {
            for view in &self.views {
                match self.compared.remove(&(*ledger, *view)) {
                    Some((at, found)) if at == *position => self.report.differences.extend(found),
                    _ => self.report.not_compared.push((*ledger, *view)),
                }
            }
        }
    }
}

/// A ledger to fold.
struct Work {
    ledger: LedgerId,
    target: Position,
    /// Up to where an earlier attempt folded it.
    done: Option<Position>,
}

/// Folds one ledger after the other and hands each on, until all are folded, `told` breaks it off, or nobody
/// takes any more.
async fn fold_each(
    reader: Reader,
    views: BTreeSet<ViewName>,
    work: Vec<Work>,
    mut told: impl FnMut(Progressed) -> ControlFlow<()> + Send,
    folded: mpsc::Sender<(LedgerId, Replayed)>,
) -> Result<(), RebuildError> {
    let of = work.iter().map(|work| work.target).sum();
    let mut done = 0;
    for Work {
        ledger,
        target,
        done: before,
    } in work
    {
        if let Some(before) = before {
            done += before;
            continue;
        }
        let mut stop = false;
        let replayed = replay(&reader, ledger, (&views, Some(target)), |entries| {
            done += entries;
            let go_on = told(Progressed {
                folded: done,
                of,
                ledger,
            });
            stop |= go_on.is_break();
            go_on
        })
        .await?;
        if stop {
            return Err(RebuildError::Interrupted);
        }
        if folded.send((ledger, replayed)).await.is_err() {
            break;
        }
    }
    Ok(())
}
