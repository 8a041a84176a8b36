//! Pages of history: which entries concern something, in the order recorded.

use std::collections::{BTreeMap, BTreeSet};

use domain::ids::LedgerId;
use domain::stream::{StreamId, StreamKind};
use ledger::{Entry, Position, Reader};
use sqlx::PgPool;
use uuid::Uuid;

use super::{HistoryLine, Names, say};
use crate::page::{Page, PageRequest};
use crate::queries::{QueryError, ViewReader};
use crate::replay::{ReplayError, decoded};
use crate::view::{Fold, View, step};
use crate::{ActionPlanView, CommitmentView, RegionRegister};

/// How many entries are read at once.
const AT_ONCE: u32 = 500;

/// Whose history.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum HistoryOf {
    /// Everything in the ledger.
    Ledger,
    /// One commitment, plan, compact or region: everything in its stream.
    Stream(StreamId),
    /// A part of it: a measure, a reading, an objective, an action.
    Part {
        /// The stream it is part of.
        stream: StreamId,
        /// Its id.
        part: Uuid,
    },
    /// Something several streams may speak of: a group, an organisation, an indicator, a commitment.
    Mentioned(Uuid),
}

/// Why history could not be told.
#[derive(Debug, thiserror::Error)]
pub enum HistoryError {
    /// The ledger could not be read.
    #[error(transparent)]
    Ledger(#[from] ReplayError),
    /// The views could not be read.
    #[error(transparent)]
    Views(#[from] QueryError),
}

impl From<ledger::ReadError> for HistoryError {
    fn from(error: ledger::ReadError) -> Self {
        Self::Ledger(error.into())
    }
}

/// Tells history from ledgers, with the names the views know. Cheap to clone.
#[derive(Clone)]
pub struct Historian {
    reader: Reader,
    views: ViewReader,
    pool: PgPool,
}

impl Historian {
    /// Reads entries through `reader` and names through `pool`.
    pub fn new(reader: Reader, pool: PgPool) -> Self {
        Self {
            reader,
            views: ViewReader::new(pool.clone()),
            pool,
        }
    }

    /// A page of the history of something, in the order recorded.
    ///
    /// # Errors
    /// When the ledger, the views or the cursor could not be read.
    pub async fn page(
        &self,
        ledger: LedgerId,
        of: HistoryOf,
        page: &PageRequest,
    ) -> Result<Page<HistoryLine>, HistoryError> {
        let after = page
            .start::<Position>()
            .map_err(QueryError::from)?
            .unwrap_or_default();
        let wanted = usize::try_from(page.limit()).unwrap_or(usize::MAX);
        let entries = match of {
            HistoryOf::Ledger => self.of_ledger(ledger, after, wanted).await?,
            HistoryOf::Stream(stream) => {
                self.of_streams(ledger, &[stream], (after, wanted), |_| true)
                    .await?
            }
            HistoryOf::Part { stream, part } => {
                let concerned = |line: &HistoryLine| concerns(line, part);
                self.of_streams(ledger, &[stream], (after, wanted), concerned)
                    .await?
            }
            HistoryOf::Mentioned(subject) => {
                let streams = self.streams_mentioning(ledger, subject).await?;
                let concerned = |line: &HistoryLine| concerns(line, subject);
                self.of_streams(ledger, &streams, (after, wanted), concerned)
                    .await?
            }
        };
        let lines = entries
            .into_iter()
            .map(|line| (line.recorded.position, line));
        Ok(Page::of(page, lines))
    }

    /// One entry in plain words, such as one a subscription has just seen.
    ///
    /// # Errors
    /// When the ledger or the views could not be read.
    pub async fn line(&self, entry: &Entry) -> Result<HistoryLine, HistoryError> {
        let entries = std::slice::from_ref(entry);
        let mut lines = self.say_all(entry.recorded.ledger, entries).await?;
        Ok(lines.pop().unwrap_or_else(|| say(entry, Names::Unknown)))
    }

    async fn of_ledger(
        &self,
        ledger: LedgerId,
        after: Position,
        wanted: usize,
    ) -> Result<Vec<HistoryLine>, HistoryError> {
        let limit = u32::try_from(wanted).unwrap_or(u32::MAX);
        let raws = self.reader.read(ledger, after, limit).await?;
        let entries: Result<Vec<Entry>, _> = raws.iter().map(|raw| decoded(ledger, raw)).collect();
        self.say_all(ledger, &entries?).await
    }

    /// The first `wanted` lines after a position that are concerned, from a few streams.
    async fn of_streams(
        &self,
        ledger: LedgerId,
        streams: &[StreamId],
        (after, wanted): (Position, usize),
        concerned: impl Fn(&HistoryLine) -> bool,
    ) -> Result<Vec<HistoryLine>, HistoryError> {
        let mut lines = BTreeMap::new();
        for stream in streams {
            let mut version = 0;
            let mut found = 0;
            while found < wanted {
                let page = self
                    .reader
                    .read_stream(ledger, *stream, version, AT_ONCE)
                    .await?;
                let Some(last) = page.last() else { break };
                version = last.stream_version;
                let later = page.iter().filter(|raw| raw.position > after);
                let entries: Result<Vec<Entry>, _> =
                    later.map(|raw| decoded(ledger, raw)).collect();
                for line in self.say_all(ledger, &entries?).await? {
                    if concerned(&line) {
                        found += 1;
                        lines.insert(line.recorded.position, line);
                    }
                }
            }
        }
        Ok(lines.into_values().take(wanted).collect())
    }

    async fn streams_mentioning(
        &self,
        ledger: LedgerId,
        subject: Uuid,
    ) -> Result<Vec<StreamId>, QueryError> {
        let rows = sqlx::query!(
            "select stream_id, stream_kind from mentions
             where ledger_id = $1 and (stream_id = $2 or subjects @> array[$2]) order by stream_id",
            ledger.uuid(),
            subject,
        )
        .fetch_all(&self.pool)
        .await?;
        let streams = rows.into_iter().filter_map(|row| {
            let kind = StreamKind::parse(&row.stream_kind)?;
            Some(StreamId {
                kind,
                id: row.stream_id,
            })
        });
        Ok(streams.collect())
    }

    async fn say_all(
        &self,
        ledger: LedgerId,
        entries: &[Entry],
    ) -> Result<Vec<HistoryLine>, HistoryError> {
        let regions = self.named::<RegionRegister>(ledger, entries).await?;
        let commitments = self.named::<CommitmentView>(ledger, entries).await?;
        let plans = self.named::<ActionPlanView>(ledger, entries).await?;
        let lines = entries.iter().map(|entry| {
            let stream = entry.recorded.stream;
            let names = match stream.kind {
                StreamKind::Region => regions.get(&stream.id).map(Names::Region),
                StreamKind::Compact => None,
                StreamKind::Commitment => commitments.get(&stream.id).map(Names::Commitment),
                StreamKind::ActionPlan => plans.get(&stream.id).map(Names::ActionPlan),
            };
            say(entry, names.unwrap_or(Names::Unknown))
        });
        Ok(lines.collect())
    }

    /// The views of the entries' streams: as saved, or where the projector has not come so far, folded
    /// here.
    async fn named<V: View + Versioned>(
        &self,
        ledger: LedgerId,
        entries: &[Entry],
    ) -> Result<BTreeMap<Uuid, V>, HistoryError> {
        let mut needed: BTreeMap<Uuid, (StreamId, u64)> = BTreeMap::new();
        for entry in entries.iter().filter(|entry| V::key(entry).is_some()) {
            let recorded = &entry.recorded;
            let stream = needed
                .entry(recorded.stream.id)
                .or_insert((recorded.stream, 0));
            stream.1 = stream.1.max(recorded.stream_version);
        }
        let keys: BTreeSet<Uuid> = needed.keys().copied().collect();
        if keys.is_empty() {
            return Ok(BTreeMap::new());
        }
        let keys: Vec<Uuid> = keys.into_iter().collect();
        let mut found = self.views.many::<V>(ledger, &keys).await?;
        for (key, (stream, version)) in needed {
            let current = found
                .get(&key)
                .is_some_and(|view| view.version() >= version);
            if !current && let Some(view) = self.folded(ledger, stream, version).await? {
                found.insert(key, view);
            }
        }
        Ok(found)
    }

    /// A stream's view up to `version`, folded from the ledger.
    async fn folded<V: Fold>(
        &self,
        ledger: LedgerId,
        stream: StreamId,
        version: u64,
    ) -> Result<Option<V>, HistoryError> {
        let (mut view, mut folded) = (None, 0);
        while folded < version {
            let page = self
                .reader
                .read_stream(ledger, stream, folded, AT_ONCE)
                .await?;
            let Some(last) = page.last() else { break };
            folded = last.stream_version;
            for raw in &page {
                step::<V>(&mut view, &decoded(ledger, raw)?);
            }
        }
        Ok(view)
    }
}

fn concerns(line: &HistoryLine, subject: Uuid) -> bool {
    line.subjects
        .iter()
        .any(|concerned| concerned.id == subject)
}

/// A stream's view that says how much of its stream it holds.
trait Versioned {
    /// How many entries of the stream it holds.
    fn version(&self) -> u64;
}

impl Versioned for RegionRegister {
    fn version(&self) -> u64 {
        self.version
    }
}

impl Versioned for CommitmentView {
    fn version(&self) -> u64 {
        self.version
    }
}

impl Versioned for ActionPlanView {
    fn version(&self) -> u64 {
        self.version
    }
}
