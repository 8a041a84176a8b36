//! What the ledger's tests share: a ledger on the test's database, and commands to fill it with.

use std::sync::Arc;
use std::time::Duration;

use chrono::{DateTime, NaiveDate, Utc};
use domain::clock::{FixedClock, SystemClock};
use domain::ids::{CommandId, CommitmentId, LedgerId};
use domain::stream::StreamId;
use ledger::{Append, Ledger, NewEvent, Options, RawEntry, RequestDigest, StreamAppend};
use serde_json::json;
use sqlx::PgPool;
use uuid::Uuid;

/// How long any wait in a test may take.
pub const DEADLINE: Duration = Duration::from_secs(20);

pub fn start(pool: &PgPool) -> Ledger {
    Ledger::start(pool.clone(), Options::default(), Arc::new(SystemClock))
}

pub fn noon() -> DateTime<Utc> {
    "2007-09-24T12:00:00Z".parse().unwrap()
}

pub fn at_noon() -> Arc<FixedClock> {
    Arc::new(FixedClock(noon()))
}

pub const fn ledger_id(number: u128) -> LedgerId {
    LedgerId::new(Uuid::from_u128(number))
}

pub const fn command_id(number: u128) -> CommandId {
    CommandId::new(Uuid::from_u128(number))
}

pub const fn stream(number: u128) -> StreamId {
    StreamId::commitment(CommitmentId::new(Uuid::from_u128(number)))
}

pub fn day() -> NaiveDate {
    NaiveDate::from_ymd_opt(2007, 9, 24).unwrap()
}

/// An event that says `what`.
pub fn event(what: &str) -> NewEvent {
    NewEvent::raw("test.noted", 1, day(), None, &json!({ "what": what })).unwrap()
}

pub fn events(stream: StreamId, expected_version: u64, what: &[&str]) -> StreamAppend {
    StreamAppend {
        stream,
        expected_version,
        events: what.iter().copied().map(event).collect(),
    }
}

/// A command; what it asks for is what it appends.
pub fn command(ledger: LedgerId, command: CommandId, streams: Vec<StreamAppend>) -> Append {
    Append {
        ledger,
        command,
        digest: RequestDigest::of(format!("{streams:?}").as_bytes()),
        actor: "principal-1".to_owned(),
        role: "secretariat".to_owned(),
        causation: None,
        streams,
    }
}

/// One event, on one stream, of a command.
pub fn note(ledger: LedgerId, id: u128, stream: StreamId, version: u64, what: &str) -> Append {
    command(
        ledger,
        command_id(id),
        vec![events(stream, version, &[what])],
    )
}

/// Everything in a ledger.
pub async fn everything(reader: &ledger::Reader, ledger: LedgerId) -> Vec<RawEntry> {
    let mut all: Vec<RawEntry> = Vec::new();
    loop {
        let page = reader.read(ledger, all.len() as u64, 1_000).await.unwrap();
        if page.is_empty() {
            return all;
        }
        all.extend(page);
    }
}

/// Someone else's transaction, holding a ledger's head: who would move it waits.
pub struct HeldHead {
    transaction: sqlx::Transaction<'static, sqlx::Postgres>,
    holder: i32,
}

impl HeldHead {
    pub async fn take(pool: &PgPool, ledger: LedgerId) -> Self {
        let mut transaction = pool.begin().await.unwrap();
        let holder = sqlx::query_scalar(
            "select pg_backend_pid() from ledger_head where ledger_id = $1 for update",
        )
        .bind(ledger.uuid())
        .fetch_one(&mut *transaction)
        .await
        .unwrap();
        Self {
            transaction,
            holder,
        }
    }

    /// Until a writer stands waiting for the head.
    pub async fn is_waited_for(&self, pool: &PgPool) {
        let waiting = async || {
            sqlx::query_scalar(
                "select exists (select from pg_stat_activity where $1 = any(pg_blocking_pids(pid)))",
            )
            .bind(self.holder)
            .fetch_one(pool)
            .await
            .unwrap()
        };
        until("a writer waits for the head", waiting).await;
    }

    pub async fn release(self) {
        self.transaction.rollback().await.unwrap();
    }
}

/// Until `condition` holds, or the deadline has passed.
pub async fn until(what: &str, mut condition: impl AsyncFnMut() -> bool) {
    let deadline = tokio::time::Instant::now() + DEADLINE;
    while !condition().await {
        assert!(
            tokio::time::Instant::now() < deadline,
            "not in time: {what}"
        );
        tokio::task::yield_now().await;
    }
}

/// One writer, so that everything goes through the same queue.
pub fn one_writer() -> Options {
    Options {
        writers: 1,
        ..Options::default()
    }
}
