//! The peer: cqrs-es with postgres-es, as its documentation sets it up.
//!
//! Its table, its pool of ten connections, events as the source of truth (no snapshots), no queries
//! dispatched and no metadata: the least it can do for a command.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, AtomicUsize, Ordering};
use std::time::Duration;

use anyhow::Context;
use async_trait::async_trait;
use cqrs_es::persist::{PersistedEventStore, QueryReplay};
use cqrs_es::{Aggregate, CqrsFramework, DomainEvent, EventEnvelope, EventStore, Query};
use domain::Commitment;
use futures::future::BoxFuture;
use postgres_es::{PostgresCqrs, PostgresEventRepository, postgres_cqrs};
use sqlx_peer::PgPool;
use sqlx_peer::postgres::PgPoolOptions;

use crate::diary::{NOTED, Note, PeerDiary};
use crate::history::History;
use crate::measure::{Caller, Contender, Sample, drive};

/// What `postgres_es::default_postgress_pool` opens.
pub const CONNECTIONS: u32 = 10;

/// The table its documentation asks for (postgres-es 0.5, `db/init.sql`).
const TABLE: &str = "
CREATE TABLE events
(
    aggregate_type text                         NOT NULL,
    aggregate_id   text                         NOT NULL,
    sequence       bigint CHECK (sequence >= 0) NOT NULL,
    event_type     text                         NOT NULL,
    event_version  text                         NOT NULL,
    payload        json                         NOT NULL,
    metadata       json                         NOT NULL,
    PRIMARY KEY (aggregate_type, aggregate_id, sequence)
)";

/// The peer's diaries: `count` of them, each begun with as many notes.
pub struct PeerDiaries {
    framework: Arc<PostgresCqrs<PeerDiary>>,
    ids: Arc<[String]>,
    /// Notes sent so far: no two are the same.
    count: Arc<AtomicU64>,
}

/// Opens a pool of the documented size.
///
/// # Errors
/// When the database cannot be reached.
pub async fn connect(url: &str) -> anyhow::Result<PgPool> {
    PgPoolOptions::new()
        .max_connections(CONNECTIONS)
        .min_connections(CONNECTIONS)
        .connect(url)
        .await
        .context("connecting the peer's pool")
}

/// Makes the peer's table.
///
/// # Errors
/// When the database refuses.
pub async fn make_table(pool: &PgPool) -> anyhow::Result<()> {
    sqlx_peer::query(TABLE)
        .execute(pool)
        .await
        .context("making the peer's table")?;
    Ok(())
}

impl PeerDiaries {
    /// Begins `count` diaries with `history` notes each, written in bulk.
    ///
    /// # Errors
    /// When the database refuses.
    pub async fn begin(
        pool: PgPool,
        prefix: &str,
        count: usize,
        history: u64,
    ) -> anyhow::Result<Self> {
        let ids: Arc<[String]> = (0..count).map(|n| format!("{prefix}-{n:06}")).collect();
        let text = Note::of_size(0, 6).text;
        sqlx_peer::query(
            "insert into events (aggregate_type, aggregate_id, sequence, event_type, event_version, payload, metadata)
             select 'diary', id, n, $3, '1', json_build_object('number', n, 'total', n * length($4), 'text', $4), '{}'
             from unnest($1::text[]) as ids (id), generate_series(1::bigint, $2) as notes (n)",
        )
        .bind(ids.to_vec())
        .bind(i64::try_from(history)?)
        .bind(NOTED)
        .bind(text)
        .execute(&pool)
        .await
        .context("beginning the peer's diaries")?;
        sqlx_peer::query("vacuum (analyze) events")
            .execute(&pool)
            .await?;
        let framework = Arc::new(postgres_cqrs(pool, Vec::new(), ()));
        Ok(Self {
            framework,
            ids,
            count: Arc::new(AtomicU64::new(1)),
        })
    }
}

/// One caller with its share of the diaries, taken in turn.
struct PeerCaller {
    framework:
        Arc<CqrsFramework<PeerDiary, PersistedEventStore<PostgresEventRepository, PeerDiary>>>,
    ids: Vec<String>,
    count: Arc<AtomicU64>,
    turn: usize,
}

impl Caller for PeerCaller {
    async fn call(&mut self) -> anyhow::Result<()> {
        let count = self.count.fetch_add(1, Ordering::Relaxed);
        self.turn = (self.turn + 1) % self.ids.len();
        let note = Note::of_size(count, 6);
        self.framework
            .execute(&self.ids[self.turn], note)
            .await
            .context("the peer refused a note")
    }
}

impl Contender for PeerDiaries {
    fn name(&self) -> String {
        "postgres-es".to_owned()
    }

    fn sample(&self, callers: usize, time: Duration) -> BoxFuture<'_, anyhow::Result<Sample>> {
        let callers = (0..callers)
            .map(|caller| PeerCaller {
                framework: Arc::clone(&self.framework),
                ids: self
                    .ids
                    .iter()
                    .skip(caller)
                    .step_by(callers)
                    .cloned()
                    .collect(),
                count: Arc::clone(&self.count),
                turn: 0,
            })
            .collect();
        Box::pin(drive::<PeerCaller>(callers, time))
    }
}

/// The peer's commitments, for reading back.
pub struct PeerCommitments {
    pool: PgPool,
    ids: Vec<String>,
}

/// How many events are put in at a time.
const BULK: usize = 5_000;

impl PeerCommitments {
    /// Writes `histories` in bulk, as the peer itself would store them.
    ///
    /// # Errors
    /// When the database refuses.
    pub async fn write(pool: PgPool, histories: &[History]) -> anyhow::Result<Self> {
        for some in histories.chunks(BULK / 100) {
            let mut columns: (Vec<String>, Vec<i64>, Vec<String>, Vec<String>) = Default::default();
            for history in some {
                for (event, sequence) in history.events.iter().zip(1..) {
                    columns.0.push(history.id.to_string());
                    columns.1.push(sequence);
                    columns.2.push(event.event_type());
                    columns.3.push(serde_json::to_string(event)?);
                }
            }
            sqlx_peer::query(
                "insert into events (aggregate_type, aggregate_id, sequence, event_type, event_version, payload, metadata)
                 select $1, id, sequence, kind, '1', payload::json, '{}'
                 from unnest($2::text[], $3::bigint[], $4::text[], $5::text[]) as new (id, sequence, kind, payload)",
            )
            .bind(Commitment::TYPE)
            .bind(columns.0)
            .bind(columns.1)
            .bind(columns.2)
            .bind(columns.3)
            .execute(&pool)
            .await
            .context("writing the peer's commitments")?;
        }
        sqlx_peer::query("vacuum (analyze) events")
            .execute(&pool)
            .await?;
        let ids = histories
            .iter()
            .map(|history| history.id.to_string())
            .collect();
        Ok(Self { pool, ids })
    }

    /// Replays all events into a query that only counts them. Answers how many there were.
    ///
    /// # Errors
    /// When the peer fails.
    pub async fn replay_all(&self) -> anyhow::Result<usize> {
        let count = Arc::new(AtomicUsize::new(0));
        let repository = PostgresEventRepository::new(self.pool.clone());
        let replay = QueryReplay::<_, _, Commitment>::new(repository, Count(Arc::clone(&count)));
        replay.replay_all().await?;
        Ok(count.load(Ordering::Relaxed))
    }

    /// Loads and folds every aggregate, one after the other. Answers how many events there were.
    ///
    /// # Errors
    /// When the peer fails.
    pub async fn load_each(&self) -> anyhow::Result<usize> {
        let repository = PostgresEventRepository::new(self.pool.clone());
        let store = PersistedEventStore::<_, Commitment>::new_event_store(repository);
        let mut count = 0;
        for id in &self.ids {
            count += store.load_aggregate(id).await?.current_sequence;
        }
        Ok(count)
    }
}

/// A query that counts events and does nothing else.
struct Count(Arc<AtomicUsize>);

#[async_trait]
impl Query<Commitment> for Count {
    async fn dispatch(&self, _aggregate_id: &str, events: &[EventEnvelope<Commitment>]) {
        self.0.fetch_add(events.len(), Ordering::Relaxed);
    }
}
