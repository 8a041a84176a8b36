//! Checking everything: ledgers against their rules, views against their ledgers.

mod entries;
mod leaf;
mod report;
mod rows;

use std::collections::{BTreeMap, HashMap};
use std::ops::ControlFlow;

use chrono::{DateTime, Utc};
use domain::ids::LedgerId;
use ledger::{Position, Scope};
use sqlx::{AssertSqlSafe, Connection, PgConnection, PgPool};
use uuid::Uuid;

pub use report::{Behind, CheckReport, Finding, Place};

use crate::checkpoint::Checkpoint;
use crate::claim;
use crate::rebuild::Progressed;
use crate::replay::Folds;
use crate::table::Table;
use crate::view::ViewName;

/// How many rows are read at once.
const PAGE: i64 = 1_000;

/// Checks every ledger and every view of it.
///
/// Positions are dense from 1 and so are the versions of each stream; `recorded_at` never goes back;
/// every leaf decodes and is canonical; the columns beside it say the same; every view's rows are what
/// the fold of the ledger up to its checkpoint gives, no more and no fewer; checkpoints name the leaf
/// that is there. Views that are behind their ledger are listed, because what they have not folded is not
/// compared. All of it is read as of one moment, so it may run while entries arrive and are folded. It does
/// not run beside a rebuild, which would put other tables in the place of those being read.
///
/// `told` hears of every page and can break the check off.
///
/// # Errors
/// When a rebuild is under way, it was told to stop, or the database could not be read.
pub async fn check(
    pool: &PgPool,
    told: impl FnMut(Progressed) -> ControlFlow<()> + Send,
) -> Result<CheckReport, CheckError> {
    // Out of the pool: dropped half-way, it closes and takes its transaction with it.
    let mut connection = pool.acquire().await?.detach();
    // Before the moment that is looked at: nothing is exchanged between the two.
    if !claim::check(&mut connection).await? {
        return Err(CheckError::Rebuilding);
    }
    let checked = check_as_of_one_moment(&mut connection, told).await;
    // Closing gives the claim up too, but only once the server has noticed.
    let given_up = claim::give_up_check(&mut connection).await;
    let report = checked?;
    given_up?;
    connection.close().await?;
    Ok(report)
}

async fn check_as_of_one_moment(
    connection: &mut PgConnection,
    told: impl FnMut(Progressed) -> ControlFlow<()> + Send,
) -> Result<CheckReport, CheckError> {
    let mut moment = connection.begin().await?;
    sqlx::query("set transaction isolation level repeatable read read only")
        .execute(&mut *moment)
        .await?;
    Scope::Everywhere.enter(&mut moment).await?;
    let mut listener = Listener::new(&mut moment, told).await?;
    let mut report = CheckReport::default();
    for ledger in ledgers(&mut moment).await? {
        let ledger = LedgerId::new(ledger);
        Scope::from(ledger).enter(&mut moment).await?;
        let mut check = LedgerCheck::new(ledger);
        check.entries(&mut moment, &mut listener).await?;
        check.views(&mut moment, &mut listener).await?;
        check.words(&mut moment).await?;
        report.ledgers += 1;
        report.entries += check.seen;
        report.streams += check.streams.len() as u64;
        report.rows += check.rows;
        report.behind.append(&mut check.behind);
        report.findings.append(&mut check.findings);
    }
    moment.rollback().await?;
    Ok(report)
}

/// Why a check came to no report. It changes nothing, whatever becomes of it.
#[derive(Debug, thiserror::Error)]
pub enum CheckError {
    /// A rebuild is under way.
    #[error("the views are being rebuilt; wait until that has ended, then check")]
    Rebuilding,
    /// It was told to stop.
    #[error(
        "the check was interrupted before it had seen everything; nothing was changed, and the next one begins anew"
    )]
    Interrupted,
    /// The database could not be read.
    #[error("the database could not be read")]
    Database(#[from] sqlx::Error),
}

/// Whoever is told how far the check has got.
struct Listener<F> {
    told: F,
    progress: Progressed,
}

impl<F: FnMut(Progressed) -> ControlFlow<()> + Send> Listener<F> {
    async fn new(moment: &mut PgConnection, told: F) -> Result<Self, sqlx::Error> {
        let of: i64 =
            sqlx::query_scalar("select coalesce(sum(position), 0)::bigint from ledger_head")
                .fetch_one(moment)
                .await?;
        let progress = Progressed {
            folded: 0,
            of: of.cast_unsigned(),
            ledger: LedgerId::new(Uuid::nil()),
        };
        Ok(Self { told, progress })
    }

    /// Tells of one more page, with that many entries.
    fn page(&mut self, ledger: LedgerId, entries: usize) -> Result<(), CheckError> {
        self.progress.ledger = ledger;
        self.progress.folded += entries as u64;
        match (self.told)(self.progress) {
            ControlFlow::Continue(()) => Ok(()),
            ControlFlow::Break(()) => Err(CheckError::Interrupted),
        }
    }
}

/// Every ledger anything is kept of: entries, a head, checkpoints, or no more than a view's row.
async fn ledgers(moment: &mut PgConnection) -> Result<Vec<Uuid>, sqlx::Error> {
    let kept_in = [
        "ledger_entry",
        "ledger_head",
        "view_checkpoint",
        "good_practice_words",
    ];
    let kept_in = kept_in.into_iter();
    let each: Vec<String> = kept_in
        .chain(Table::ALL.iter().map(|table| table.name()))
        .map(|table| format!("select ledger_id from {table}"))
        .collect();
    // Made of tables' names only.
    let statement = format!("{} order by 1", each.join(" union "));
    sqlx::query_scalar(AssertSqlSafe(statement))
        .fetch_all(moment)
        .await
}

/// The check of one ledger, entry by entry.
struct LedgerCheck {
    ledger: LedgerId,
    behind: Vec<Behind>,
    findings: Vec<Finding>,
    seen: u64,
    rows: u64,
    last: Option<(Position, DateTime<Utc>)>,
    streams: HashMap<Uuid, i64>,
    checkpoints: BTreeMap<ViewName, Checkpoint>,
    /// One fold per distinct checkpoint position, so that each view is compared where it stands.
    folds: BTreeMap<ViewName, Folds>,
}

impl LedgerCheck {
    fn new(ledger: LedgerId) -> Self {
        Self {
            ledger,
            behind: Vec::new(),
            findings: Vec::new(),
            seen: 0,
            rows: 0,
            last: None,
            streams: HashMap::new(),
            checkpoints: BTreeMap::new(),
            folds: ViewName::ALL.map(|view| (view, Folds::of([view]))).into(),
        }
    }

    fn find(&mut self, place: Place, what: impl Into<String>) {
        self.findings.push(Finding {
            ledger: self.ledger,
            place,
            what: what.into(),
        });
    }
}
