//! Folding a ledger into its tables, step by step: rows and checkpoint in one transaction.

use std::collections::{BTreeMap, BTreeSet};
use std::panic::{AssertUnwindSafe, catch_unwind};

use domain::ids::LedgerId;
use ledger::reader::RawEntry;
use ledger::{Entry, LeafHash, Position, ReadError, Reader, Scope, panic_message};
use sqlx::{PgConnection, PgPool};
use uuid::Uuid;

use crate::checkpoint::{self, At, Checkpoint};
use crate::table::{self, TableError};
use crate::view::{View, ViewName};
use crate::{
    ActionPlanView, AdoptionView, AssessmentView, CommitmentView, CompactOverview, FileReferences,
    GoodPracticeView, MeetingView, Mentions, PersonView, RegionRegister, RoleGrantView, fold_into,
};

/// How many entries one step folds at most.
const PAGE: u32 = 500;

/// How often an entry that cannot be folded is tried before its view is parked.
const ATTEMPTS: u32 = 3;

/// Why a step could not be made. The ledger can be tried again: nothing was written.
#[derive(Debug, thiserror::Error)]
pub enum ProjectionError {
    /// The ledger could not be read.
    #[error(transparent)]
    Ledger(#[from] ReadError),
    /// The views' tables could not be used.
    #[error("the views' tables could not be used")]
    Database(#[from] sqlx::Error),
}

/// What a step came to.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Step {
    /// How many entries were folded into at least one view.
    pub folded: u64,
    /// The views that were parked in this step.
    pub parked: Vec<ViewName>,
    /// Whether every view that is not parked had reached the ledger's end.
    pub caught_up: bool,
}

/// Why a fold was not saved.
#[derive(Debug, thiserror::Error)]
enum FoldError {
    /// The database could not be reached or gave up; trying again may help.
    #[error(transparent)]
    Unreachable(sqlx::Error),
    /// The entries cannot be folded or their rows cannot be kept; trying again will not help.
    #[error("{0}")]
    Poisoned(String),
    /// Someone else moved the checkpoint.
    #[error("the checkpoint was moved")]
    Moved,
}

impl From<sqlx::Error> for FoldError {
    fn from(error: sqlx::Error) -> Self {
        if table::is_of_the_data(&error) {
            Self::Poisoned(error.to_string())
        } else {
            Self::Unreachable(error)
        }
    }
}

impl From<TableError> for FoldError {
    fn from(error: TableError) -> Self {
        match error {
            TableError::Database(error) => error.into(),
            TableError::Document(error) => Self::Poisoned(error.to_string()),
        }
    }
}

/// Entries decoded, that follow `after` without a gap.
#[derive(Clone, Copy)]
struct Batch<'a> {
    after: At,
    entries: &'a [(Entry, LeafHash)],
}

impl Batch<'_> {
    fn end(&self) -> Option<(Position, LeafHash)> {
        let last = self.entries.last();
        last.map(|(entry, hash)| (entry.recorded.position, *hash))
    }

    /// Where a view stands that has folded all of it.
    fn at_end(&self) -> At {
        self.end().map_or(self.after, |(position, hash)| At {
            position,
            hash: Some(hash),
        })
    }
}

/// Folds ledgers into the views' tables.
#[derive(Clone)]
pub struct Projection {
    reader: Reader,
    pool: PgPool,
}

impl Projection {
    /// Reads ledgers through `reader`, writes views through `pool`.
    pub const fn new(reader: Reader, pool: PgPool) -> Self {
        Self { reader, pool }
    }

    /// Folds the next entries of `ledger` into the views that are furthest behind.
    ///
    /// A view that cannot get past an entry is parked after a few tries, and one whose last entry is
    /// not the one it was made from is parked at once; the others go on.
    ///
    /// # Errors
    /// When the ledger cannot be read or the database cannot be used; try again later.
    pub async fn step(&self, ledger: LedgerId) -> Result<Step, ProjectionError> {
        let checkpoints = checkpoint::checkpoints(&self.pool, ledger).await?;
        let Some((at, views)) = furthest_behind(&checkpoints) else {
            return Ok(Step {
                caught_up: true,
                ..Step::default()
            });
        };
        let page = self.page_after(ledger, &at).await?;
        let page = match page {
            Ok(page) => page,
            Err(changed) => {
                let verdict = (None, changed.as_str());
                return Ok(self.park_all(ledger, &views, at.at(), verdict).await?);
            }
        };
        let caught_up = page.len() < PAGE as usize;
        let mut step = self.fold_page(ledger, &views, at.at(), &page).await?;
        step.caught_up = caught_up && step.parked.is_empty() && alike(&checkpoints);
        Ok(step)
    }

    /// The entries after a checkpoint, once it is seen that the ledger still has the entry it names.
    async fn page_after(
        &self,
        ledger: LedgerId,
        at: &Checkpoint,
    ) -> Result<Result<Vec<RawEntry>, String>, ReadError> {
        if at.position == 0 {
            return self.reader.read(ledger, 0, PAGE).await.map(Ok);
        }
        let mut page = self.reader.read(ledger, at.position - 1, PAGE + 1).await?;
        let found = page.first().map(RawEntry::hash);
        if found != at.hash {
            return Ok(Err(format!(
                "history changed: entry {} is not the one this view was made from",
                at.position
            )));
        }
        page.remove(0);
        Ok(Ok(page))
    }

    async fn fold_page(
        &self,
        ledger: LedgerId,
        views: &[ViewName],
        after: At,
        page: &[RawEntry],
    ) -> Result<Step, ProjectionError> {
        let mut entries = Vec::with_capacity(page.len());
        let mut undecodable = None;
        for raw in page {
            match raw.decode() {
                Ok(entry) => entries.push((entry, raw.hash())),
                Err(error) => {
                    undecodable = Some((raw.position, chain(&error)));
                    break;
                }
            }
        }
        if let Some((first, _)) = entries.first() {
            let span = tracing::Span::current();
            span.record("command", tracing::field::display(first.recorded.command));
            span.record("entries", entries.len());
        }
        let batch = Batch {
            after,
            entries: &entries,
        };
        let mut step = self.fold_batch(ledger, views, &batch).await?;
        if let Some((position, reason)) = undecodable {
            let views: Vec<ViewName> = views
                .iter()
                .copied()
                .filter(|view| !step.parked.contains(view))
                .collect();
            let verdict = (Some(position), reason.as_str());
            let parked = self
                .park_all(ledger, &views, batch.at_end(), verdict)
                .await?;
            step.parked.extend(parked.parked);
        }
        Ok(step)
    }

    /// Folds all views together; if that cannot be, each by itself, so that one does not stop others.
    async fn fold_batch(
        &self,
        ledger: LedgerId,
        views: &[ViewName],
        batch: &Batch<'_>,
    ) -> Result<Step, ProjectionError> {
        let mut step = Step {
            folded: u64::try_from(batch.entries.len()).unwrap_or(u64::MAX),
            ..Step::default()
        };
        match self.fold(ledger, views, batch).await {
            Ok(()) => {}
            Err(FoldError::Moved) => step.folded = 0,
            Err(FoldError::Unreachable(error)) => return Err(error.into()),
            Err(FoldError::Poisoned(_)) => {
                for view in views {
                    if self.fold_alone(ledger, *view, batch).await? == Fate::Parked {
                        step.parked.push(*view);
                    }
                }
            }
        }
        Ok(step)
    }

    /// Folds one view entry by entry up to the one that poisons it, and parks it there.
    async fn fold_alone(
        &self,
        ledger: LedgerId,
        view: ViewName,
        batch: &Batch<'_>,
    ) -> Result<Fate, ProjectionError> {
        match self.fold(ledger, &[view], batch).await {
            Ok(()) | Err(FoldError::Moved) => return Ok(Fate::Folded),
            Err(FoldError::Unreachable(error)) => return Err(error.into()),
            Err(FoldError::Poisoned(_)) => {}
        }
        let mut after = batch.after;
        for single in batch.entries.chunks(1) {
            let single = Batch {
                after,
                entries: single,
            };
            let end = single.at_end();
            if let Some(reason) = self.insist(ledger, view, &single).await? {
                let verdict = (Some(end.position), reason.as_str());
                let parked = self.park_all(ledger, &[view], after, verdict).await?;
                return Ok(if parked.parked.is_empty() {
                    Fate::Folded
                } else {
                    Fate::Parked
                });
            }
            after = end;
        }
        Ok(Fate::Folded)
    }

    /// Tries one entry a few times. Gives why it cannot be folded, if it cannot.
    async fn insist(
        &self,
        ledger: LedgerId,
        view: ViewName,
        single: &Batch<'_>,
    ) -> Result<Option<String>, ProjectionError> {
        let mut why = None;
        for _ in 0..ATTEMPTS {
            match self.fold(ledger, &[view], single).await {
                Ok(()) | Err(FoldError::Moved) => return Ok(None),
                Err(FoldError::Unreachable(error)) => return Err(error.into()),
                Err(FoldError::Poisoned(reason)) => why = Some(reason),
            }
        }
        Ok(why)
    }

    /// Writes what `batch` makes of the rows of `views`, and how far it goes, in one transaction.
    async fn fold(
        &self,
        ledger: LedgerId,
        views: &[ViewName],
        batch: &Batch<'_>,
    ) -> Result<(), FoldError> {
        let Some((end, hash)) = batch.end() else {
            return Ok(());
        };
        let mut transaction = Scope::from(ledger).begin(&self.pool).await?;
        let held = checkpoint::hold(&mut transaction, ledger, views).await?;
        if held.len() != views.len()
            || held
                .values()
                .any(|position| *position != batch.after.position)
        {
            return Err(FoldError::Moved);
        }
        for view in views {
            fold_view(&mut transaction, ledger, *view, batch.entries).await?;
        }
        let move_on = (batch.after.position, end, hash);
        let moved = checkpoint::advance(&mut transaction, ledger, views, move_on).await?;
        if moved != views.len() as u64 {
            return Err(FoldError::Moved);
        }
        transaction.commit().await?;
        Ok(())
    }

    /// Parks those of `views` that still stand at `at`.
    async fn park_all(
        &self,
        ledger: LedgerId,
        views: &[ViewName],
        at: At,
        (position, reason): (Option<Position>, &str),
    ) -> Result<Step, sqlx::Error> {
        let mut parked = Vec::new();
        for view in views {
            let verdict = (position, reason);
            if checkpoint::park(&self.pool, (ledger, *view), at, verdict).await? {
                tracing::error!(%ledger, %view, position, reason, "view parked");
                parked.push(*view);
            }
        }
        Ok(Step {
            parked,
            ..Step::default()
        })
    }
}

/// What became of one view in a batch.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Fate {
    /// Folded, by us or by another.
    Folded,
    Parked,
}

/// The views at the lowest checkpoint, with it; none when all are parked.
fn furthest_behind(
    checkpoints: &BTreeMap<ViewName, Checkpoint>,
) -> Option<(Checkpoint, Vec<ViewName>)> {
    let moving = || checkpoints.iter().filter(|(_, at)| at.parked.is_none());
    let at = moving().map(|(_, at)| at).min_by_key(|at| at.position)?;
    let alike = moving().filter(|(_, other)| *other == at);
    Some((at.clone(), alike.map(|(view, _)| *view).collect()))
}

/// Whether all views that are not parked stand at the same place.
fn alike(checkpoints: &BTreeMap<ViewName, Checkpoint>) -> bool {
    let moving = checkpoints.values().filter(|at| at.parked.is_none());
    let positions: BTreeSet<Position> = moving.map(|at| at.position).collect();
    positions.len() <= 1
}

/// Folds entries into one view's rows, whichever view it is.
pub(crate) async fn fold_view<'a>(
    connection: &mut PgConnection,
    ledger: LedgerId,
    view: ViewName,
    entries: impl IntoIterator<Item = &'a (Entry, LeafHash)> + Copy,
) -> Result<(), FoldViewError> {
    match view {
        ViewName::RegionRegister => fold_rows::<RegionRegister>(connection, ledger, entries).await,
        ViewName::CompactOverview => {
            fold_rows::<CompactOverview>(connection, ledger, entries).await
        }
        ViewName::Commitment => fold_rows::<CommitmentView>(connection, ledger, entries).await,
        ViewName::ActionPlan => fold_rows::<ActionPlanView>(connection, ledger, entries).await,
        ViewName::Mentions => fold_rows::<Mentions>(connection, ledger, entries).await,
        ViewName::RoleGrant => fold_rows::<RoleGrantView>(connection, ledger, entries).await,
        ViewName::Person => fold_rows::<PersonView>(connection, ledger, entries).await,
        ViewName::Meeting => fold_rows::<MeetingView>(connection, ledger, entries).await,
        ViewName::GoodPractice => fold_rows::<GoodPracticeView>(connection, ledger, entries).await,
        ViewName::Adoption => fold_rows::<AdoptionView>(connection, ledger, entries).await,
        ViewName::Assessment => fold_rows::<AssessmentView>(connection, ledger, entries).await,
        ViewName::FileReference => fold_rows::<FileReferences>(connection, ledger, entries).await,
    }
}

/// Loads the rows the entries belong to, folds, and writes them back.
async fn fold_rows<'a, V: View>(
    connection: &mut PgConnection,
    ledger: LedgerId,
    entries: impl IntoIterator<Item = &'a (Entry, LeafHash)> + Copy,
) -> Result<(), FoldViewError> {
    let keys: BTreeSet<Uuid> = entries
        .into_iter()
        .filter_map(|(entry, _)| V::key(entry))
        .collect();
    if keys.is_empty() {
        return Ok(());
    }
    let keys: Vec<Uuid> = keys.into_iter().collect();
    let mut rows = table::load::<V>(connection, ledger, &keys).await?;
    let folded = catch_unwind(AssertUnwindSafe(|| {
        for (entry, _) in entries {
            fold_into(&mut rows, entry);
        }
    }));
    folded.map_err(|panic| FoldViewError::Panicked(panic_message(&*panic).to_owned()))?;
    table::save(connection, rows.values()).await?;
    Ok(())
}

/// Why a view's rows could not be brought forward.
#[derive(Debug, thiserror::Error)]
pub(crate) enum FoldViewError {
    /// Its tables could not be used.
    #[error(transparent)]
    Table(#[from] TableError),
    /// The fold broke.
    #[error("the fold broke: {0}")]
    Panicked(String),
}

impl From<FoldViewError> for FoldError {
    fn from(error: FoldViewError) -> Self {
        match error {
            FoldViewError::Table(error) => error.into(),
            FoldViewError::Panicked(said) => Self::Poisoned(format!("the fold broke: {said}")),
        }
    }
}

/// An error with its causes.
pub(crate) fn chain(error: &dyn std::error::Error) -> String {
    let causes = std::iter::successors(error.source(), |cause| cause.source());
    causes.fold(error.to_string(), |text, cause| format!("{text}: {cause}"))
}
