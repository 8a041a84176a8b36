//! The floor: the same rows put in by group commit, and nothing else.
//!
//! The ledger's own tables, indexes, triggers and head row, leaves of the same size, and a plain batching
//! sketch: one task per writer gathers what has come in while the last commit was under way and puts it in
//! with one statement. Nothing is loaded, decided or checked, no leaf is written, and no two
//! commands can clash. What the ledger does on top of this is what it costs.

use std::collections::HashMap;
use std::sync::Arc;
use std::time::Duration;

use anyhow::Context;
use chrono::{DateTime, NaiveDate, Utc};
use domain::clock::{Clock, SystemClock};
use futures::future::BoxFuture;
use sqlx::{Connection, PgConnection};
use tokio::sync::{mpsc, oneshot};
use uuid::Uuid;

use crate::diary::{DAY, NOTED};
use crate::ids::Ids;
use crate::measure::{Caller, Contender, Sample, drive};

/// How many rows may wait for a writer, and so the most in one batch.
const QUEUE: usize = 1024;

/// One row to put in, and whom to tell.
struct Row {
    ledger: Uuid,
    stream: Uuid,
    version: i64,
    command: Uuid,
    leaf: Arc<[u8]>,
    done: oneshot::Sender<()>,
}

/// Writers on one database, and the streams the callers add to.
pub struct Floor {
    ledgers: Arc<[Uuid]>,
    streams: usize,
    leaf: Arc<[u8]>,
    writers: Vec<mpsc::Sender<Row>>,
    ids: Ids,
}

impl Floor {
    /// Starts `writers` writers, each with a connection, over `ledgers` new ledgers; callers add
    /// leaves of `leaf_bytes` to `streams` streams.
    ///
    /// # Errors
    /// When the database cannot be reached or refuses the heads.
    pub async fn start(
        url: &str,
        writers: usize,
        ledgers: usize,
        streams: usize,
        leaf_bytes: usize,
    ) -> anyhow::Result<Self> {
        let ids = Ids::of("floor");
        let ledgers: Arc<[Uuid]> = (0..ledgers).map(|_| ids.next()).collect();
        let mut connection = PgConnection::connect(url).await?;
        sqlx::query(
            "insert into ledger_head (ledger_id, position, recorded_at) select id, 0, 'epoch' from unnest($1) as ids (id)",
        )
        .bind(ledgers.to_vec())
        .execute(&mut connection)
        .await?;
        let mut senders = Vec::new();
        for _ in 0..writers {
            let connection = PgConnection::connect(url).await?;
            let (sender, rows) = mpsc::channel(QUEUE);
            tokio::spawn(write(connection, rows));
            senders.push(sender);
        }
        let leaf = vec![b'x'; leaf_bytes].into();
        Ok(Self {
            ledgers,
            streams,
            leaf,
            writers: senders,
            ids,
        })
    }
}

/// Puts in batch after batch until every sender is gone or the database fails; callers see the latter
/// as an answer that never comes.
async fn write(mut connection: PgConnection, mut rows: mpsc::Receiver<Row>) {
    let mut heads = HashMap::new();
    let mut batch = Vec::with_capacity(QUEUE);
    while rows.recv_many(&mut batch, QUEUE).await > 0 {
        let moment = SystemClock.now();
        if let Err(error) = insert(&mut connection, &mut heads, &batch, moment).await {
            eprintln!("the floor's writer stopped: {error:#}");
            return;
        }
        for row in batch.drain(..) {
            let _ = row.done.send(());
        }
    }
}

/// One statement, and so one transaction and one round trip: heads forward, rows in.
async fn insert(
    connection: &mut PgConnection,
    heads: &mut HashMap<Uuid, i64>,
    batch: &[Row],
    moment: DateTime<Utc>,
) -> anyhow::Result<()> {
    let count = batch.len();
    let mut columns = Columns::with_capacity(count);
    for row in batch {
        let head = heads.entry(row.ledger).or_insert(0);
        *head += 1;
        columns.push(row, *head);
    }
    let mut touched: Vec<Uuid> = columns.ledgers.clone();
    touched.sort_unstable();
    touched.dedup();
    let ends: Vec<i64> = touched.iter().map(|ledger| heads[ledger]).collect();
    let inserted = sqlx::query(
        "with moved as (
             update ledger_head as h set position = b.position, recorded_at = $3
             from unnest($1::uuid[], $2::bigint[]) as b (ledger_id, position)
             where h.ledger_id = b.ledger_id
         )
         insert into ledger_entry (ledger_id, position, stream_version, stream_id, command_id, recorded_at,
             occurred_on, schema_version, command_entry, command_size, stream_kind, event_type, request_digest, leaf)
         select ledger_id, position, stream_version, stream_id, command_id, $3,
             $9, 1, 0, 1, 'commitment', $10, $11, leaf
         from unnest($4::uuid[], $5::bigint[], $6::bigint[], $7::uuid[], $8::uuid[], $12::bytea[])
             as b (ledger_id, position, stream_version, stream_id, command_id, leaf)",
    )
    .bind(touched)
    .bind(ends)
    .bind(moment)
    .bind(columns.ledgers)
    .bind(columns.positions)
    .bind(columns.versions)
    .bind(columns.streams)
    .bind(columns.commands)
    .bind::<NaiveDate>(DAY)
    .bind(NOTED)
    .bind([7_u8; 32].as_slice())
    .bind(columns.leaves)
    .execute(connection)
    .await
    .context("putting a batch in")?
    .rows_affected();
    anyhow::ensure!(
        inserted == count as u64,
        "{inserted} rows went in, and not {count}"
    );
    Ok(())
}

/// A batch, column by column.
struct Columns<'a> {
    ledgers: Vec<Uuid>,
    positions: Vec<i64>,
    versions: Vec<i64>,
    streams: Vec<Uuid>,
    commands: Vec<Uuid>,
    leaves: Vec<&'a [u8]>,
}

impl<'a> Columns<'a> {
    fn with_capacity(count: usize) -> Self {
        Self {
            ledgers: Vec::with_capacity(count),
            positions: Vec::with_capacity(count),
            versions: Vec::with_capacity(count),
            streams: Vec::with_capacity(count),
            commands: Vec::with_capacity(count),
            leaves: Vec::with_capacity(count),
        }
    }

    fn push(&mut self, row: &'a Row, position: i64) {
        self.ledgers.push(row.ledger);
        self.positions.push(position);
        self.versions.push(row.version);
        self.streams.push(row.stream);
        self.commands.push(row.command);
        self.leaves.push(&row.leaf);
    }
}

/// One caller with streams of its own, taken in turn.
struct FloorCaller {
    writer: mpsc::Sender<Row>,
    ledger: Uuid,
    streams: Vec<(Uuid, i64)>,
    leaf: Arc<[u8]>,
    ids: Ids,
    turn: usize,
}

impl Caller for FloorCaller {
    async fn call(&mut self) -> anyhow::Result<()> {
        self.turn = (self.turn + 1) % self.streams.len();
        let (stream, version) = &mut self.streams[self.turn];
        *version += 1;
        let (done, answer) = oneshot::channel();
        let row = Row {
            ledger: self.ledger,
            stream: *stream,
            version: *version,
            command: self.ids.next(),
            leaf: Arc::clone(&self.leaf),
            done,
        };
        self.writer
            .send(row)
            .await
            .ok()
            .context("the floor's writer is gone")?;
        answer.await.context("the floor's writer stopped")
    }
}

impl Contender for Floor {
    fn name(&self) -> String {
        format!("floor, {}", crate::report::ledgers(self.ledgers.len()))
    }

    fn sample(&self, callers: usize, time: Duration) -> BoxFuture<'_, anyhow::Result<Sample>> {
        let share = (self.streams / callers).max(1);
        let callers = (0..callers)
            .map(|caller| {
                let ledger = caller % self.ledgers.len();
                FloorCaller {
                    writer: self.writers[ledger % self.writers.len()].clone(),
                    ledger: self.ledgers[ledger],
                    streams: (0..share).map(|_| (self.ids.next(), 0)).collect(),
                    leaf: Arc::clone(&self.leaf),
                    ids: self.ids.clone(),
                    turn: 0,
                }
            })
            .collect();
        Box::pin(drive::<FloorCaller>(callers, time))
    }
}
