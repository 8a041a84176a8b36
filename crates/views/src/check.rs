//! Checking everything: ledgers against their rules, views against their ledgers.

mod leaf;

use std::collections::{BTreeMap, HashMap};
use std::fmt;
use std::ops::ControlFlow;
use std::panic::{AssertUnwindSafe, catch_unwind};

use chrono::{DateTime, NaiveDate, Utc};
use domain::ids::LedgerId;
use ledger::reader::RawEntry;
use ledger::{Entry, LeafHash, Position, panic_message};
use serde_json::Value;
use sqlx::{AssertSqlSafe, Connection, PgConnection, PgPool};
use uuid::Uuid;

use leaf::{differences, not_canonical};

use crate::checkpoint::{self, Checkpoint};
use crate::rebuild::Progressed;
use crate::replay::Folds;
use crate::table::{Row, Table};
use crate::view::ViewName;

/// How many rows are read at once.
const PAGE: i64 = 1_000;

/// What a check found, and how much it looked at.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct CheckReport {
    /// How many ledgers there are.
    pub ledgers: u64,
    /// How many entries were read, decoded and written again.
    pub entries: u64,
    /// How many streams they belong to.
    pub streams: u64,
    /// How many view rows were compared with the fold of their ledger.
    pub rows: u64,
    /// The views that do not stand at the end of their ledger. It is no fault while entries are being folded,
    /// but what a view has not folded was not checked.
    pub behind: Vec<Behind>,
    /// Everything that is not as it must be; empty when all is well.
    pub findings: Vec<Finding>,
}

/// A view that has not been folded to the end of its ledger.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Behind {
    /// The ledger.
    pub ledger: LedgerId,
    /// The view.
    pub view: ViewName,
    /// The last entry folded into it; 0 when it has never been folded.
    pub position: Position,
    /// The last entry there is.
    pub head: Position,
}

impl fmt::Display for Behind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self {
            ledger,
            view,
            position,
            head,
        } = self;
        write!(f, "ledger {ledger}, {view}: at {position} of {head}")
    }
}

/// Something that is not as it must be.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Finding {
    /// The ledger.
    pub ledger: LedgerId,
    /// Where in it.
    pub place: Place,
    /// What differs.
    pub what: String,
}

/// Where something was found.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Place {
    /// An entry of the ledger.
    Entry(Position),
    /// A row of a view.
    Row {
        /// The table.
        table: Table,
        /// The row's key.
        key: Uuid,
    },
    /// A view's checkpoint.
    Checkpoint(ViewName),
}

impl fmt::Display for Finding {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "ledger {}, ", self.ledger)?;
        match &self.place {
            Place::Entry(position) => write!(f, "entry {position}")?,
            Place::Row { table, key } => write!(f, "{table} {key}")?,
            Place::Checkpoint(view) => write!(f, "checkpoint of {view}")?,
        }
        write!(f, ": {}", self.what)
    }
}

/// Checks every ledger and every view of it.
///
/// Positions are dense from 1 and so are the versions of each stream; `recorded_at` never goes back;
/// every leaf decodes and is canonical; the columns beside it say the same; every view's rows are what
/// the fold of the ledger up to its checkpoint gives, no more and no fewer; checkpoints name the leaf
/// that is there. Views that are behind their ledger are listed, because what they have not folded is not
/// compared. All of it is read as of one moment, so it may run while entries arrive and are folded.
///
/// `told` hears of every page and can break the check off.
///
/// # Errors
/// When it was told to stop, or the database could not be read.
pub async fn check(
    pool: &PgPool,
    told: impl FnMut(Progressed) -> ControlFlow<()> + Send,
) -> Result<CheckReport, CheckError> {
    // Out of the pool: dropped half-way, it closes and takes its transaction with it.
    let mut connection = pool.acquire().await?.detach();
    let mut moment = connection.begin().await?;
    sqlx::query("set transaction isolation level repeatable read read only")
        .execute(&mut *moment)
        .await?;
    let mut listener = Listener::new(&mut moment, told).await?;
    let mut report = CheckReport::default();
    for ledger in ledgers(&mut moment).await? {
        let mut check = LedgerCheck::new(ledger.into());
        check.entries(&mut moment, &mut listener).await?;
        check.views(&mut moment, &mut listener).await?;
        report.ledgers += 1;
        report.entries += check.seen;
        report.streams += check.streams.len() as u64;
        report.rows += check.rows;
        report.behind.append(&mut check.behind);
        report.findings.append(&mut check.findings);
    }
    moment.rollback().await?;
    connection.close().await?;
    Ok(report)
}

/// Why a check came to no report. It changes nothing, whatever becomes of it.
#[derive(Debug, thiserror::Error)]
pub enum CheckError {
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
    let kept_in = ["ledger_entry", "ledger_head", "view_checkpoint"].into_iter();
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

/// An entry's columns and its leaf.
struct EntryRow {
    position: i64,
    stream_version: i64,
    stream_id: Uuid,
    stream_kind: String,
    command_id: Uuid,
    recorded_at: DateTime<Utc>,
    meeting_id: Option<Uuid>,
    occurred_on: NaiveDate,
    schema_version: i32,
    event_type: String,
    leaf: Vec<u8>,
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

    async fn entries(
        &mut self,
        moment: &mut PgConnection,
        listener: &mut Listener<impl FnMut(Progressed) -> ControlFlow<()> + Send>,
    ) -> Result<(), CheckError> {
        self.checkpoints = checkpoint::checkpoints(&mut *moment, self.ledger).await?;
        let mut after = 0;
        loop {
            let page = sqlx::query_as!(
                EntryRow,
                "select position, stream_version, stream_id, stream_kind, command_id, recorded_at,
                     meeting_id, occurred_on, schema_version, event_type, leaf
                 from ledger_entry where ledger_id = $1 and position > $2
                 order by position limit $3",
                self.ledger.uuid(),
                after,
                PAGE,
            )
            .fetch_all(&mut *moment)
            .await?;
            let Some(last) = page.last() else { break };
            after = last.position;
            for row in &page {
                self.entry(row);
            }
            listener.page(self.ledger, page.len())?;
        }
        Ok(self.head(moment).await?)
    }

    async fn head(&mut self, moment: &mut PgConnection) -> Result<(), sqlx::Error> {
        let head = sqlx::query_scalar!(
            "select position from ledger_head where ledger_id = $1",
            self.ledger.uuid(),
        )
        .fetch_optional(moment)
        .await?;
        let head = head.unwrap_or_default().cast_unsigned();
        let last = self.last.map_or(0, |(position, _)| position);
        if head != last {
            let what = format!("the head says {head}, the last entry is {last}");
            self.find(Place::Entry(last), what);
        }
        Ok(())
    }

    fn entry(&mut self, row: &EntryRow) {
        let position = row.position.cast_unsigned();
        let place = Place::Entry(position);
        self.seen += 1;
        let due = self.last.map_or(0, |(last, _)| last) + 1;
        if position != due {
            self.find(place.clone(), format!("position {due} must come next"));
        }
        if self
            .last
            .is_some_and(|(_, before)| row.recorded_at < before)
        {
            self.find(place.clone(), "recorded before the entry in front of it");
        }
        self.last = Some((position, row.recorded_at));
        let version = self.streams.entry(row.stream_id).or_default();
        *version += 1;
        if *version != row.stream_version {
            let (due, found) = (*version, row.stream_version);
            *version = found;
            let what = format!("stream version {found} where {due} must come next");
            self.find(place.clone(), what);
        }
        let raw = RawEntry {
            position,
            stream_version: row.stream_version.cast_unsigned(),
            leaf: row.leaf.clone().into(),
        };
        match raw.decode() {
            Ok(entry) => {
                for what in differences(row, &entry, self.ledger) {
                    self.find(place.clone(), what);
                }
                self.fold(&entry, raw.hash());
            }
            Err(error) => self.find(place.clone(), format!("the leaf does not decode: {error}")),
        }
        if let Some(what) = not_canonical(&row.leaf) {
            self.find(place, what);
        }
    }

    fn fold(&mut self, entry: &Entry, hash: LeafHash) {
        let position = entry.recorded.position;
        let mut found = Vec::new();
        for (view, checkpoint) in &self.checkpoints {
            if position <= checkpoint.position
                && let Some(folds) = self.folds.get_mut(view)
                && let Err(panic) = catch_unwind(AssertUnwindSafe(|| folds.apply(entry)))
            {
                self.folds.remove(view);
                let said = panic_message(&*panic);
                let what = format!(
                    "entry {position} breaks its fold ({said}); its rows were not compared"
                );
                found.push((*view, what));
            }
            if position == checkpoint.position && checkpoint.hash != Some(hash) {
                let what = format!("entry {position} is not the one this view was made from");
                found.push((*view, what));
            }
        }
        for (view, what) in found {
            self.find(Place::Checkpoint(view), what);
        }
    }

    async fn views(
        &mut self,
        moment: &mut PgConnection,
        listener: &mut Listener<impl FnMut(Progressed) -> ControlFlow<()> + Send>,
    ) -> Result<(), CheckError> {
        let end = self.last.map_or(0, |(position, _)| position);
        let mut folds = std::mem::take(&mut self.folds);
        for view in ViewName::ALL {
            let checkpoint = self.checkpoints.get(&view).cloned().unwrap_or_default();
            if checkpoint.position < end {
                self.behind.push(Behind {
                    ledger: self.ledger,
                    view,
                    position: checkpoint.position,
                    head: end,
                });
            }
            if checkpoint.position > end {
                let what = format!(
                    "stands at {}, the ledger ends at {end}",
                    checkpoint.position
                );
                self.find(Place::Checkpoint(view), what);
            }
            if let Some(parked) = checkpoint.parked {
                self.find(
                    Place::Checkpoint(view),
                    format!("parked: {}", parked.reason),
                );
            }
            // One whose fold broke has none any more.
            let Some(folds) = folds.remove(&view) else {
                continue;
            };
            match folds.rows(view).and_then(columns_by_key) {
                Ok(rows) => self.compare(moment, listener, view, rows).await?,
                Err(error) => self.find(Place::Checkpoint(view), error.to_string()),
            }
        }
        Ok(())
    }

    /// Compares the rows a view must have with those it has.
    async fn compare(
        &mut self,
        moment: &mut PgConnection,
        listener: &mut Listener<impl FnMut(Progressed) -> ControlFlow<()> + Send>,
        view: ViewName,
        mut expected: BTreeMap<(Table, Uuid), Value>,
    ) -> Result<(), CheckError> {
        for table in view.tables() {
            let mut after = None;
            loop {
                let page = table.rows(moment, self.ledger, after, PAGE).await?;
                let Some((last, _)) = page.last() else { break };
                after = Some(*last);
                listener.page(self.ledger, 0)?;
                for (key, found) in page {
                    self.rows += 1;
                    let place = Place::Row { table: *table, key };
                    match expected.remove(&(*table, key)) {
                        None => self.find(place, "this row should not be there"),
                        Some(due) if due != found => {
                            let what =
                                format!("differs from the fold: {}", differing(&due, &found));
                            self.find(place, what);
                        }
                        Some(_) => {}
                    }
                }
            }
        }
        for (table, key) in expected.into_keys() {
            self.find(Place::Row { table, key }, "this row is missing");
        }
        Ok(())
    }
}

/// The columns of rows, by what identifies each row.
fn columns_by_key(rows: Vec<Row>) -> Result<BTreeMap<(Table, Uuid), Value>, serde_json::Error> {
    let columns = |row: Row| {
        let mut columns: Value = serde_json::from_str(&row.columns)?;
        if let (Value::Object(columns), Some(document)) = (&mut columns, row.document) {
            columns.insert("document".to_owned(), Value::String(document));
        }
        Ok(((row.table, row.key), columns))
    };
    rows.into_iter().map(columns).collect()
}

/// The columns in which two rows differ.
fn differing(due: &Value, found: &Value) -> String {
    let (Value::Object(due), Value::Object(found)) = (due, found) else {
        return "not a row".to_owned();
    };
    let names = due
        .keys()
        .chain(found.keys().filter(|name| !due.contains_key(*name)));
    let differ: Vec<&str> = names
        .filter(|name| due.get(*name) != found.get(*name))
        .map(String::as_str)
        .collect();
    differ.join(", ")
}
