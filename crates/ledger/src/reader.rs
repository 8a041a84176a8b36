//! Reading a ledger: heads, entries in order, streams, and commands once recorded.
//!
//! A [`Reader`] needs no writers, so processes that only read (the gateway, the projector) hold one.

use std::collections::HashMap;
use std::sync::Arc;
use std::time::Duration;

use bytes::Bytes;
use chrono::{DateTime, Utc};
use domain::ids::{CommandId, LedgerId, MeetingId};
use domain::stream::StreamId;
use domain::{Event, StoredEvent};
use futures::Stream;
use sqlx::PgPool;
use tokio::sync::watch;

use crate::append::{Receipt, RequestDigest};
use crate::commands;
use crate::entry::{Entry, Position};
use crate::leaf::{self, LeafError, LeafHash};
use crate::scope::{InScope, Scope};
use crate::subscribe;
use crate::versions::Versions;
use crate::wake::Wake;

/// Why a ledger could not be read.
#[derive(Debug, thiserror::Error)]
pub enum ReadError {
    /// The database could not be read.
    #[error("the ledger could not be read")]
    Database(#[from] sqlx::Error),
    /// An entry could not be read.
    #[error("entry {position} of ledger {ledger} could not be read")]
    Leaf {
        /// The ledger.
        ledger: LedgerId,
        /// Where it stands.
        position: Position,
        /// What is wrong with it.
        #[source]
        source: LeafError,
    },
    /// Other commands for the same aggregate took too long.
    #[error("stream {stream} was in use by other commands for {waited:?}")]
    InUse {
        /// The aggregate's stream.
        stream: StreamId,
        /// How long it was waited for.
        waited: Duration,
    },
    /// An entry is missing or out of order: the store is damaged.
    #[error("{of} has {found} where {expected} must come next; the store is damaged")]
    OutOfOrder {
        /// The ledger or stream.
        of: String,
        /// The position or version that had to come next.
        expected: u64,
        /// The one that came.
        found: u64,
    },
}

/// Where a ledger ends.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Head {
    /// The last position.
    pub position: Position,
    /// When that entry was recorded.
    pub recorded_at: DateTime<Utc>,
}

/// An entry as stored.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RawEntry {
    /// The place in the ledger.
    pub position: Position,
    /// The place in its stream.
    pub stream_version: u64,
    /// The exact bytes stored.
    pub leaf: Bytes,
}

impl RawEntry {
    /// The RFC 6962 hash of the leaf.
    pub fn hash(&self) -> LeafHash {
        LeafHash::of(&self.leaf)
    }

    /// The entry, with an event of any aggregate.
    ///
    /// # Errors
    /// As [`LeafError`] lists.
    pub fn decode(&self) -> Result<Entry<Event>, LeafError> {
        leaf::decode(&self.leaf)
    }

    /// The entry, with an event of the aggregate whose stream it was read from.
    ///
    /// # Errors
    /// As [`LeafError`] lists.
    pub fn decode_as<E: StoredEvent>(&self) -> Result<Entry<E>, LeafError> {
        leaf::decode_as(&self.leaf)
    }
}

/// Reads ledgers. Cheap to clone; every clone shares the pool and the wake-ups.
#[derive(Clone)]
pub struct Reader {
    pool: PgPool,
    wake: Arc<Wake>,
    versions: Versions,
}

impl Reader {
    /// A reader over `pool`. Other processes' appends are listened for from the first
    /// [`Reader::watch`] or [`Reader::subscribe`] on.
    pub fn new(pool: PgPool) -> Self {
        Self {
            pool,
            wake: Arc::new(Wake::default()),
            versions: Versions::default(),
        }
    }

    /// One that is woken by the same appends, and reads over another pool: as another service.
    #[must_use]
    pub fn over(&self, pool: PgPool) -> Self {
        Self {
            pool,
            wake: Arc::clone(&self.wake),
            versions: Versions::default(),
        }
    }

    pub(crate) fn wake(&self) -> &Arc<Wake> {
        &self.wake
    }

    /// The pool it reads through.
    pub const fn pool(&self) -> &PgPool {
        &self.pool
    }

    /// Begins reading this ledger, and no other.
    async fn begin(&self, ledger: LedgerId) -> Result<InScope<'static>, sqlx::Error> {
        Scope::from(ledger).begin(&self.pool).await
    }

    /// Where a ledger ends; none while it has no entry.
    ///
    /// # Errors
    /// When the database could not be read.
    pub async fn head(&self, ledger: LedgerId) -> Result<Option<Head>, ReadError> {
        let mut work = self.begin(ledger).await?;
        let row = sqlx::query!(
            "select position, recorded_at from ledger_head where ledger_id = $1 and position > 0",
            ledger.uuid(),
        )
        .fetch_optional(&mut *work)
        .await?;
        Ok(row.map(|row| Head {
            position: row.position.cast_unsigned(),
            recorded_at: row.recorded_at,
        }))
    }

    /// Every ledger that has an entry, in the order of their ids.
    ///
    /// # Errors
    /// When the database could not be read.
    pub async fn ledgers(&self) -> Result<Vec<LedgerId>, ReadError> {
        let mut work = Scope::Everywhere.begin(&self.pool).await?;
        let ids = sqlx::query_scalar!(
            "select ledger_id from ledger_head where position > 0 order by ledger_id"
        )
        .fetch_all(&mut *work)
        .await?;
        Ok(ids.into_iter().map(LedgerId::new).collect())
    }

    /// Up to `limit` entries of a ledger after `after`, in order and without gaps.
    ///
    /// # Errors
    /// When the database could not be read, or [`ReadError::OutOfOrder`] when an entry is missing.
    pub async fn read(
        &self,
        ledger: LedgerId,
        after: Position,
        limit: u32,
    ) -> Result<Vec<RawEntry>, ReadError> {
        let mut work = self.begin(ledger).await?;
        let rows = sqlx::query_as!(
            EntryRow,
            "select position, stream_version, leaf from ledger_entry
             where ledger_id = $1 and position > $2 order by position limit $3",
            ledger.uuid(),
            bound(after),
            i64::from(limit),
        )
        .fetch_all(&mut *work)
        .await?;
        let entries: Vec<RawEntry> = rows.into_iter().map(RawEntry::from).collect();
        dense(after, entries.iter().map(|entry| entry.position), || {
            format!("ledger {ledger}")
        })?;
        Ok(entries)
    }

    /// Up to `limit` of the entries recorded from a meeting that stand after `after`, in order.
    ///
    /// # Errors
    /// When the database could not be read.
    pub async fn read_meeting(
        &self,
        ledger: LedgerId,
        meeting: MeetingId,
        after: Position,
        limit: u32,
    ) -> Result<Vec<RawEntry>, ReadError> {
        let mut work = self.begin(ledger).await?;
        let rows = sqlx::query_as!(
            EntryRow,
            "select position, stream_version, leaf from ledger_entry
             where ledger_id = $1 and meeting_id = $2 and position > $3
             order by position limit $4",
            ledger.uuid(),
            meeting.uuid(),
            bound(after),
            i64::from(limit),
        )
        .fetch_all(&mut *work)
        .await?;
        Ok(rows.into_iter().map(RawEntry::from).collect())
    }

    /// Up to `limit` entries of a stream after `after_version`, in order and without gaps.
    ///
    /// # Errors
    /// When the database could not be read, or [`ReadError::OutOfOrder`] when an entry is missing.
    pub async fn read_stream(
        &self,
        ledger: LedgerId,
        stream: StreamId,
        after_version: u64,
        limit: u32,
    ) -> Result<Vec<RawEntry>, ReadError> {
        let mut work = self.begin(ledger).await?;
        let rows = sqlx::query_as!(
            EntryRow,
            "select position, stream_version, leaf from ledger_entry
             where ledger_id = $1 and stream_id = $2 and stream_version > $3 and stream_kind = $4
             order by stream_version limit $5",
            ledger.uuid(),
            stream.id,
            bound(after_version),
            stream.kind.as_str(),
            i64::from(limit),
        )
        .fetch_all(&mut *work)
        .await?;
        let entries: Vec<RawEntry> = rows.into_iter().map(RawEntry::from).collect();
        let versions = entries.iter().map(|entry| entry.stream_version);
        dense(after_version, versions, || format!("stream {stream}"))?;
        Ok(entries)
    }

    /// What became of a command, if it was recorded, and the request it was recorded for.
    ///
    /// A sender who retries may find that the decision would now be refused, because the first try
    /// succeeded. So ask here before deciding a command that may be a retry.
    ///
    /// # Errors
    /// When the database could not be read.
    pub async fn lookup(
        &self,
        ledger: LedgerId,
        command: CommandId,
    ) -> Result<Option<(Receipt, RequestDigest)>, ReadError> {
        let mut connection = self.pool.acquire().await?;
        let mut found = commands::look_up(&mut connection, &[(ledger, command)]).await?;
        Ok(found.remove(&(ledger, command)).map(|known| {
            let repeated = Receipt {
                repeated: true,
                ..known.receipt
            };
            (repeated, known.digest)
        }))
    }

    /// How many entries each of these streams has now; 0 for one that does not exist.
    ///
    /// # Errors
    /// When the database could not be read.
    pub async fn stream_versions(
        &self,
        streams: &[(LedgerId, StreamId)],
    ) -> Result<HashMap<(LedgerId, StreamId), u64>, ReadError> {
        self.versions.ask(&self.pool, streams).await
    }

    /// The ledger's last known position, as it moves. A value may lag, never lead.
    pub fn watch(&self, ledger: LedgerId) -> watch::Receiver<Position> {
        self.wake.listen_across_processes(&self.pool);
        self.wake.watch(ledger)
    }

    /// Every entry after `after`, each once and in order: first those there are, then each as it is
    /// recorded. Ends only with an error; carry on from the last entry seen.
    pub fn subscribe(
        &self,
        ledger: LedgerId,
        after: Position,
    ) -> impl Stream<Item = Result<RawEntry, ReadError>> + Send + Unpin + use<> {
        subscribe::subscribe(self.clone(), ledger, after)
    }
}

struct EntryRow {
    position: i64,
    stream_version: i64,
    leaf: Vec<u8>,
}

impl From<EntryRow> for RawEntry {
    fn from(row: EntryRow) -> Self {
        Self {
            position: row.position.cast_unsigned(),
            stream_version: row.stream_version.cast_unsigned(),
            leaf: Bytes::from(row.leaf),
        }
    }
}

/// A position or version as the database counts it; what is beyond its range is beyond every entry.
fn bound(value: u64) -> i64 {
    i64::try_from(value).unwrap_or(i64::MAX)
}

/// Holds that `found` carries straight on from `after`.
fn dense(
    after: u64,
    found: impl Iterator<Item = u64>,
    of: impl Fn() -> String,
) -> Result<(), ReadError> {
    let mut last = after;
    for found in found {
        if found != last + 1 {
            return Err(ReadError::OutOfOrder {
                of: of(),
                expected: last + 1,
                found,
            });
        }
        last = found;
    }
    Ok(())
}
