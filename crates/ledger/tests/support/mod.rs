//! What the ledger's tests share: a ledger on the test's database, and commands to fill it with.

#![expect(dead_code, reason = "each test binary uses its part")]

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
