//! Rebuilding: whole ledgers folded in memory, written beside the tables in use, compared with them and
//! swapped in. One ledger is folded while others are written, so a few are in memory at a time.
//!
//! Until the swap nothing anyone reads is touched, so a rebuild can be broken off at any moment. The ledgers
//! it was done with lie complete in its schema; the next rebuild takes them up if it is the same program
//! rebuilding the same views, and clears them away if it is not. The swap is one transaction that holds
//! every checkpoint, so no projector can move a view while it is exchanged. A ledger that cannot be folded
//! is left as it is, and named; the others are rebuilt all the same.

mod attempt;
mod beside;
mod catching_up;
mod difference;
mod folding;
mod left;
mod writing;

use std::collections::{BTreeMap, BTreeSet};
use std::ops::ControlFlow;
use std::time::{Duration, Instant};

use domain::ids::LedgerId;
use ledger::{Position, Reader, Scope};
use sqlx::{Connection, PgConnection, PgPool};
use tokio::sync::mpsc;

use attempt::{Attempt, End};
use difference::Compared;
pub use difference::{Difference, Differs};
use folding::{Work, fold_each};
pub use left::Left;

use crate::checkpoint;
use crate::claim;
use crate::projection::FoldViewError;
use crate::replay::ReplayError;
use crate::search;
use crate::table::{Table, TableError};
use crate::view::ViewName;
use writing::{Outcome, Written, write_each};

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

/// How far a rebuild or a check has got.
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
    /// Ledgers that could not be folded; their views are as they were.
    pub left: Vec<Left>,
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
    /// Another rebuild is under way, or a check.
    #[error("another rebuild or a check is under way; wait until it has ended")]
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

/// Rebuilds views from their ledgers. A ledger that cannot be folded is left as it is and named in the report;
/// the others are rebuilt. `told` hears of every page and can break the rebuild off at any time; `build`
/// names the program, and only the same one takes up what was broken off. Needs the right to create and
/// drop tables: it is the owner's work, not the projector's.
///
/// # Errors
/// As [`RebuildError`] lists. Whatever the error, the views in use have not been touched.
pub async fn rebuild(
    pool: &PgPool,
    which: &Which,
    build: &str,
    mut told: impl FnMut(Progressed) -> ControlFlow<()> + Send,
) -> Result<RebuildReport, RebuildError> {
    let began = Instant::now();
    // Out of the pool: dropping it half-way closes it, and with it go lock, transaction and settings.
    let mut connection = pool.acquire().await?.detach();
    if !claim::rebuild(&mut connection).await? {
        return Err(RebuildError::Busy);
    }
    let views = which.views();
    let mut rebuild = Rebuild {
        reader: Reader::new(pool.clone()),
        pool: pool.clone(),
        attempt: Attempt::new(build, &views),
        views,
        ends: BTreeMap::new(),
        folded: 0,
        left: BTreeMap::new(),
        compared: BTreeMap::new(),
        report: RebuildReport::default(),
    };
    let done = rebuild.run(&mut connection, &mut told).await;
    // Closing gives the claim up too, but only once the server has noticed.
    let given_up = claim::give_up_rebuild(&mut connection).await;
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
    /// How many entries that is in all.
    folded: Position,
    /// Why ledgers cannot be folded.
    left: BTreeMap<LedgerId, String>,
    /// How views differed, and where they stood when they were compared.
    compared: BTreeMap<(LedgerId, ViewName), Compared>,
    report: RebuildReport,
}

impl Rebuild {
    async fn run(
        &mut self,
        connection: &mut PgConnection,
        told: &mut (impl FnMut(Progressed) -> ControlFlow<()> + Send),
    ) -> Result<(), RebuildError> {
        let began = Instant::now();
        self.take_up(connection).await?;
        self.fold_all(told).await?;
        self.report.folding = began.elapsed();
        self.come_close(connection, told).await?;
        self.swap(connection, told).await
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
        for (ledger, end) in left {
            self.folded_to(ledger, end);
        }
        Ok(())
    }

    async fn begin_afresh(&self, connection: &mut PgConnection) -> Result<(), RebuildError> {
        let mut work = Scope::Everywhere.begin_on(connection).await?;
        attempt::forget(&mut work).await?;
        beside::lay_out(&mut work, &self.tables()).await?;
        work.commit().await?;
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

    /// Folds ledger after ledger, and writes them while the next are being folded.
    async fn fold_all(
        &mut self,
        told: &mut (impl FnMut(Progressed) -> ControlFlow<()> + Send),
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
        let (sender, folded) = mpsc::channel(1);
        let (written, mut outcomes) = mpsc::channel(1);
        let (reader, views) = (self.reader.clone(), self.views.clone());
        let (pool, attempt) = (self.pool.clone(), self.attempt.clone());
        let folding = fold_each(reader, &views, work, told, sender);
        let writing = write_each(&pool, &attempt, &views, folded, written);
        let noting = async {
            while let Some((ledger, outcome)) = outcomes.recv().await {
                self.note(ledger, outcome);
            }
        };
        // None is dropped half-way: what was folded in full is kept, whatever becomes of the rest.
        let (folded, written, ()) = tokio::join!(folding, writing, noting);
        written.and(folded)
    }

    /// Notes what became of a ledger.
    fn note(&mut self, ledger: LedgerId, outcome: Outcome<Written>) {
        match outcome {
            Outcome::Done(written) => {
                self.report.entries += written.entries;
                self.report.rows += written.rows;
                if let Some(end) = written.end {
                    self.folded_to(ledger, end);
                }
                for (view, compared) in written.compared {
                    self.compared.insert((ledger, view), compared);
                }
            }
            Outcome::Left(why) => self.leave(ledger, why),
        }
    }

    /// Leaves a ledger's views as they are in use.
    fn leave(&mut self, ledger: LedgerId, why: String) {
        tracing::error!(%ledger, why, "the ledger cannot be folded; its views are left as they are");
        if let Some((position, _)) = self.ends.remove(&ledger) {
            self.folded -= position;
        }
        self.left.insert(ledger, why);
    }

    /// Notes up to where a ledger has been folded.
    fn folded_to(&mut self, ledger: LedgerId, end: End) {
        let before = self.ends.insert(ledger, end);
        self.folded += end.0 - before.map_or(0, |(position, _)| position);
    }

    /// Holds every checkpoint, folds the last entries, compares, and puts the new tables in place.
    async fn swap(
        &mut self,
        connection: &mut PgConnection,
        told: &mut (impl FnMut(Progressed) -> ControlFlow<()> + Send),
    ) -> Result<(), RebuildError> {
        let mut transaction = connection.begin().await?;
        beside::look_there(&mut transaction).await?;
        beside::hold_checkpoints(&mut transaction).await?;
        let ledgers = self.reader.ledgers().await?;
        for ledger in &ledgers {
            let target = self.target(*ledger).await?;
            self.tell(*ledger, target, told)?;
            Scope::from(*ledger).enter(&mut transaction).await?;
            if !self.is_left(*ledger) && self.at(*ledger) < target {
                self.follow(&mut transaction, *ledger, target, told).await?;
            }
        }
        for ledger in &ledgers {
            self.tell(*ledger, self.at(*ledger), told)?;
            Scope::from(*ledger).enter(&mut transaction).await?;
            self.compare(&mut transaction, *ledger).await?;
        }
        self.report_differences();
        self.carry_over_left(&mut transaction).await?;
        for table in self.tables() {
            beside::put_in_place(&mut transaction, table).await?;
        }
        let views = self.views();
        for (ledger, (position, hash)) in &self.ends {
            Scope::from(*ledger).enter(&mut transaction).await?;
            checkpoint::set(&mut transaction, *ledger, &views, (*position, *hash)).await?;
            if self.views.contains(&ViewName::GoodPractice) {
                search::forget(&mut transaction, *ledger).await?;
            }
        }
        Scope::Everywhere.enter(&mut transaction).await?;
        attempt::forget(&mut transaction).await?;
        transaction.commit().await?;
        Ok(())
    }

    /// Takes the rows in use of every ledger that could not be folded over into the new tables.
    async fn carry_over_left(&mut self, connection: &mut PgConnection) -> Result<(), RebuildError> {
        for (ledger, why) in std::mem::take(&mut self.left) {
            Scope::from(ledger).enter(connection).await?;
            for table in self.tables() {
                beside::carry_over(connection, table, ledger).await?;
            }
            self.report.left.push(Left { ledger, why });
        }
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
        let due = self.views.iter().copied().filter(|view| {
            let compared = self.compared.get(&(ledger, *view));
            compared.is_none_or(|(at, _)| *at != position)
        });
        let due: Vec<ViewName> = due.collect();
        for (view, compared) in
            difference::where_it_stands(connection, ledger, position, due).await?
        {
            self.compared.insert((ledger, view), compared);
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
