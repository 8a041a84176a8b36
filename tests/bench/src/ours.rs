//! Ours: hot aggregates and group commit, put together as the recorder puts them together.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use anyhow::Context;
use domain::clock::SystemClock;
use domain::ids::{CommandId, CommitmentId, LedgerId};
use domain::stream::StreamId;
use domain::{Dated, Directed, Facts};
use futures::future::BoxFuture;
use futures::{StreamExt as _, TryStreamExt as _};
use ledger::pool::{Address, Pool, ServiceRole, connect};
use ledger::{Aggregates, Append, Ledger, NewEvent, Reader, RequestDigest, StreamAppend};
use serde::Serialize;

use crate::diary::{DAY, LedgerDiary, Note, Noted};
use crate::history::History;
use crate::ids::Ids;
use crate::measure::{Caller, Contender, Sample, drive};

/// Connections for reading; the writers' come on top.
const READING: u32 = 4;

/// How many entries a bulk append has: the most a command may have.
const BULK: u64 = 1_000;

/// How many bulk appends are under way at a time.
const BULK_AT_A_TIME: usize = 8;

/// How many writers a ledger service starts, each with a connection.
pub fn writers() -> usize {
    ledger::Options::default().writers
}

/// A ledger service on one database.
pub struct Ours {
    /// Appends.
    pub ledger: Ledger,
    /// Reads.
    pub reader: Reader,
    ids: Ids,
}

impl Ours {
    /// Starts the ledger on the database at `url`, with as many connections as it is given in service.
    ///
    /// # Errors
    /// When the database cannot be reached.
    pub async fn start(url: &str, name: &str) -> anyhow::Result<Self> {
        let pool = pool(url).await?;
        let options = ledger::Options::default();
        let ledger = Ledger::start(pool, options, Arc::new(SystemClock));
        let reader = ledger.reader().clone();
        Ok(Self {
            ledger,
            reader,
            ids: Ids::of(name),
        })
    }

    /// Begins `streams` diaries of `history` notes each, shared out among `ledgers` new ledgers.
    ///
    /// # Errors
    /// When an append fails.
    pub async fn begin(
        &self,
        ledgers: usize,
        streams: usize,
        history: u64,
    ) -> anyhow::Result<OurDiaries> {
        let ledgers: Vec<LedgerId> = (0..ledgers)
            .map(|_| LedgerId::new(self.ids.next()))
            .collect();
        let streams: Vec<(LedgerId, StreamId)> = (0..streams)
            .map(|index| {
                let stream = StreamId::commitment(CommitmentId::new(self.ids.next()));
                (ledgers[index % ledgers.len()], stream)
            })
            .collect();
        futures::stream::iter(&streams)
            .map(|(ledger, stream)| self.write_history(*ledger, *stream, history))
            .buffer_unordered(BULK_AT_A_TIME)
            .try_collect::<()>()
            .await?;
        let begun = OurDiaries {
            desk: Arc::new(Desk {
                ledger: self.ledger.clone(),
                aggregates: Aggregates::new(self.reader.clone(), streams.len() as u64),
            }),
            ledgers: ledgers.len(),
            streams: streams.into(),
            ids: self.ids.clone(),
            count: Arc::new(AtomicU64::new(1)),
        };
        begun.warm_up().await
    }

    /// Records every history, each in a stream of its own.
    ///
    /// # Errors
    /// When an append fails.
    pub async fn write_histories(
        &self,
        ledger: LedgerId,
        histories: &[History],
    ) -> anyhow::Result<()> {
        futures::stream::iter(histories)
            .map(|history| async {
                let events = history
                    .events
                    .iter()
                    .map(NewEvent::of)
                    .collect::<Result<_, _>>()?;
                let stream = StreamId::commitment(history.id);
                self.append_bulk(
                    ledger,
                    StreamAppend {
                        stream,
                        expected_version: 0,
                        events,
                    },
                )
                .await
            })
            .buffer_unordered(BULK_AT_A_TIME)
            .try_collect()
            .await
    }

    /// How many entries all ledgers have together.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub async fn entries(&self) -> anyhow::Result<usize> {
        let mut entries = 0;
        for ledger in self.reader.ledgers().await? {
            entries += self
                .reader
                .head(ledger)
                .await?
                .map_or(0, |head| head.position);
        }
        Ok(usize::try_from(entries)?)
    }

    async fn append_bulk(&self, ledger: LedgerId, part: StreamAppend) -> anyhow::Result<()> {
        let command = CommandId::new(self.ids.next());
        self.ledger
            .append(append(
                ledger,
                command,
                RequestDigest::of(command.uuid().as_bytes()),
                part,
            ))
            .await
            .context("appending in bulk")?;
        Ok(())
    }

    /// Writes a diary's first notes, [`BULK`] at a time.
    async fn write_history(
        &self,
        ledger: LedgerId,
        stream: StreamId,
        history: u64,
    ) -> anyhow::Result<()> {
        let text = Note::of_size(0, 6).text;
        let mut version = 0;
        while version < history {
            let next = (version + BULK).min(history);
            let events = (version + 1..=next)
                .map(|number| {
                    let noted = Noted {
                        number,
                        total: number * text.len() as u64,
                        text: text.clone(),
                    };
                    NewEvent::of(&Dated {
                        occurred_on: DAY,
                        meeting: None,
                        event: noted,
                    })
                })
                .collect::<Result<_, _>>()?;
            self.append_bulk(
                ledger,
                StreamAppend {
                    stream,
                    expected_version: version,
                    events,
                },
            )
            .await?;
            version = next;
        }
        Ok(())
    }
}

/// Signed in as the service that does it, behind row security: what that costs is part of what is measured.
async fn pool(url: &str) -> anyhow::Result<Pool> {
    let address = Address::new(url, None)?;
    connect(&address, ServiceRole::Recorder, READING)
        .await
        .context("connecting the ledger's pool")
}

/// Diaries of ours, and what answers commands to them.
pub struct OurDiaries {
    desk: Arc<Desk>,
    ledgers: usize,
    streams: Arc<[(LedgerId, StreamId)]>,
    ids: Ids,
    /// Notes sent so far: no two are the same.
    count: Arc<AtomicU64>,
}

impl OurDiaries {
    /// Takes every diary out and puts it back, so that none is loaded while commands are measured.
    async fn warm_up(self) -> anyhow::Result<Self> {
        futures::stream::iter(self.streams.iter())
            .map(Ok)
            .try_for_each_concurrent(BULK_AT_A_TIME, |(ledger, stream)| async {
                drop(self.desk.aggregates.checkout(*ledger, *stream).await?);
                anyhow::Ok(())
            })
            .await?;
        Ok(self)
    }

    /// How many bytes a diary's leaf has.
    ///
    /// # Errors
    /// When the first diary cannot be read.
    pub async fn leaf_bytes(&self) -> anyhow::Result<usize> {
        let (ledger, stream) = self.streams[0];
        let entries = self.desk.ledger.read_stream(ledger, stream, 0, 1).await?;
        Ok(entries
            .first()
            .context("the first diary is empty")?
            .leaf
            .len())
    }
}

const ACTOR: &str = "018f2c6e-7b1a-7c3d-9e4f-5a6b7c8d9e0f";
const ROLE: &str = "secretariat";

/// One command to one stream, by an actor in a role.
fn append(
    ledger: LedgerId,
    command: CommandId,
    digest: RequestDigest,
    part: StreamAppend,
) -> Append {
    Append {
        ledger,
        command,
        digest,
        actor: ACTOR.to_owned(),
        role: ROLE.to_owned(),
        causation: None,
        streams: vec![part],
    }
}

/// What is asked, as the recorder digests it to tell a retry from a reused id.
#[derive(Serialize)]
struct Request<'a> {
    ledger: LedgerId,
    stream: StreamId,
    actor: &'a str,
    role: &'a str,
    text: &'a str,
}

/// What answers a command: the recorder's way from the request to the receipt.
struct Desk {
    ledger: Ledger,
    aggregates: Aggregates<LedgerDiary>,
}

impl Desk {
    async fn record(
        &self,
        key: (LedgerId, StreamId),
        command: CommandId,
        note: Note,
    ) -> anyhow::Result<()> {
        let (ledger, stream) = key;
        let request = Request {
            ledger,
            stream,
            actor: ACTOR,
            role: ROLE,
            text: &note.text,
        };
        let digest = RequestDigest::of(&serde_json::to_vec(&request)?);
        let mut checkout = self.aggregates.checkout(ledger, stream).await?;
        checkout
            .decide(Directed {
                occurred_on: DAY,
                meeting: None,
                facts: Facts::default(),
                command: note,
            })
            .await?;
        let part = checkout
            .take_append()?
            .context("a note decides something")?;
        let receipt = self
            .ledger
            .append(append(ledger, command, digest, part))
            .await?;
        checkout.keep(receipt.streams[0].1);
        Ok(())
    }
}

/// One caller with its share of the diaries, taken in turn.
struct OurCaller {
    desk: Arc<Desk>,
    streams: Vec<(LedgerId, StreamId)>,
    ids: Ids,
    count: Arc<AtomicU64>,
    turn: usize,
}

impl Caller for OurCaller {
    async fn call(&mut self) -> anyhow::Result<()> {
        let note = Note::of_size(self.count.fetch_add(1, Ordering::Relaxed), 6);
        self.turn = (self.turn + 1) % self.streams.len();
        let (desk, key) = (Arc::clone(&self.desk), self.streams[self.turn]);
        let command = CommandId::new(self.ids.next());
        // In a task of its own, as the recorder does it: a caller that hangs up stops nothing half-way.
        tokio::spawn(async move { desk.record(key, command, note).await }).await?
    }
}

impl Contender for OurDiaries {
    fn name(&self) -> String {
        format!("ours, {}", crate::report::ledgers(self.ledgers))
    }

    fn sample(&self, callers: usize, time: Duration) -> BoxFuture<'_, anyhow::Result<Sample>> {
        let callers = (0..callers)
            .map(|caller| OurCaller {
                desk: Arc::clone(&self.desk),
                streams: self
                    .streams
                    .iter()
                    .skip(caller)
                    .step_by(callers)
                    .copied()
                    .collect(),
                ids: self.ids.clone(),
                count: Arc::clone(&self.count),
                turn: 0,
            })
            .collect();
        Box::pin(drive::<OurCaller>(callers, time))
    }
}
