//! The ledger as a [`cqrs_es::EventStore`], for code written against that trait.
//!
//! The recorder uses [`crate::Aggregates`], which adds what the trait has no room for: a cache,
//! several streams in one command, retries of the same command.

use std::collections::HashMap;
use std::marker::PhantomData;
use std::sync::Arc;

use cqrs_es::{Aggregate, AggregateContext, AggregateError, EventEnvelope, EventStore};
use domain::LedgerEvent;
use domain::ids::{CommandId, IdSource, LedgerId};
use domain::stream::StreamId;

use crate::append::{Append, AppendError, NewEvent, RequestDigest, StreamAppend};
use crate::ledger::Ledger;
use crate::reader::ReadError;

/// The metadata key under which a command's id is passed; without it a new one is made.
pub const COMMAND_ID: &str = "command_id";
/// The metadata key under which the id of the command that led to it is passed.
pub const CAUSATION_ID: &str = "causation_id";

/// How many entries of a stream are read at once.
const PAGE: u32 = 1_000;

/// One ledger, on behalf of one actor, as an event store. Aggregate ids are streams' names, such as
/// `commitment/6f9619ff-…`.
pub struct LedgerEventStore<A> {
    ledger: Ledger,
    id: LedgerId,
    actor: String,
    role: String,
    ids: Arc<dyn IdSource>,
    aggregate: PhantomData<fn() -> A>,
}

impl<A> LedgerEventStore<A> {
    /// The store of ledger `id`, recording in the name of `actor` in that `role`.
    pub fn new(
        ledger: Ledger,
        id: LedgerId,
        actor: impl Into<String>,
        role: impl Into<String>,
        ids: Arc<dyn IdSource>,
    ) -> Self {
        Self {
            ledger,
            id,
            actor: actor.into(),
            role: role.into(),
            ids,
            aggregate: PhantomData,
        }
    }
}

/// An aggregate and the version it was loaded at.
pub struct LedgerContext<A> {
    stream: StreamId,
    version: u64,
    aggregate: A,
}

impl<A: Aggregate> AggregateContext<A> for LedgerContext<A> {
    fn aggregate(&mut self) -> &mut A {
        &mut self.aggregate
    }
}

impl<A> EventStore<A> for LedgerEventStore<A>
where
    A: Aggregate,
    A::Event: LedgerEvent,
{
    type AC = LedgerContext<A>;

    async fn load_events(
        &self,
        aggregate_id: &str,
    ) -> Result<Vec<EventEnvelope<A>>, AggregateError<A::Error>> {
        let stream = stream(aggregate_id)?;
        let mut events: Vec<EventEnvelope<A>> = Vec::new();
        loop {
            let after = events.len() as u64;
            let page = self.ledger.read_stream(self.id, stream, after, PAGE).await;
            let page = page.map_err(unread)?;
            for raw in &page {
                let entry = raw
                    .decode_as()
                    .map_err(|error| AggregateError::DeserializationError(error.into()))?;
                let metadata = HashMap::from([
                    ("position".to_owned(), raw.position.to_string()),
                    (COMMAND_ID.to_owned(), entry.recorded.command.to_string()),
                    ("actor".to_owned(), entry.recorded.actor.clone()),
                    ("role".to_owned(), entry.recorded.role.clone()),
                ]);
                events.push(envelope(
                    stream,
                    raw.stream_version,
                    entry.to_dated(),
                    metadata,
                ));
            }
            if page.len() < PAGE as usize {
                return Ok(events);
            }
        }
    }

    async fn load_aggregate(
        &self,
        aggregate_id: &str,
    ) -> Result<Self::AC, AggregateError<A::Error>> {
        let mut context = LedgerContext {
            stream: stream(aggregate_id)?,
            version: 0,
            aggregate: A::default(),
        };
        for event in self.load_events(aggregate_id).await? {
            context.aggregate.apply(event.payload);
            context.version += 1;
        }
        Ok(context)
    }

    async fn commit(
        &self,
        events: Vec<A::Event>,
        context: Self::AC,
        metadata: HashMap<String, String>,
    ) -> Result<Vec<EventEnvelope<A>>, AggregateError<A::Error>> {
        if events.is_empty() {
            return Ok(Vec::new());
        }
        let append = self.append(&events, &context, &metadata)?;
        self.ledger.append(append).await.map_err(refused)?;
        let number = |(version, event)| envelope(context.stream, version, event, metadata.clone());
        Ok((context.version + 1..).zip(events).map(number).collect())
    }
}

impl<A> LedgerEventStore<A>
where
    A: Aggregate,
    A::Event: LedgerEvent,
{
    fn append(
        &self,
        events: &[A::Event],
        context: &LedgerContext<A>,
        metadata: &HashMap<String, String>,
    ) -> Result<Append, AggregateError<A::Error>> {
        let command = command_id(metadata, COMMAND_ID)?;
        let events: Vec<NewEvent> = events
            .iter()
            .map(NewEvent::of)
            .collect::<Result<_, _>>()
            .map_err(|error| AggregateError::UnexpectedError(error.into()))?;
        Ok(Append {
            ledger: self.id,
            command: command.unwrap_or_else(|| CommandId::new(self.ids.next())),
            digest: digest(context.stream, &events),
            actor: self.actor.clone(),
            role: self.role.clone(),
            causation: command_id(metadata, CAUSATION_ID)?,
            streams: vec![StreamAppend {
                stream: context.stream,
                expected_version: context.version,
                events,
            }],
        })
    }
}

/// The trait hands over no request, so what was decided stands for what was asked.
fn digest(stream: StreamId, events: &[NewEvent]) -> RequestDigest {
    let mut request = stream.to_string();
    for event in events {
        request.push('\n');
        request.push_str(event.kind());
        request.push('\n');
        request.push_str(event.payload().as_str());
    }
    RequestDigest::of(request.as_bytes())
}

fn envelope<A: Aggregate>(
    stream: StreamId,
    version: u64,
    payload: A::Event,
    metadata: HashMap<String, String>,
) -> EventEnvelope<A> {
    EventEnvelope {
        aggregate_id: stream.to_string(),
        sequence: usize::try_from(version).unwrap_or(usize::MAX),
        payload,
        metadata,
    }
}

fn stream<E: std::error::Error>(aggregate_id: &str) -> Result<StreamId, AggregateError<E>> {
    let parsed = aggregate_id.parse();
    parsed
        .map_err(|error: domain::stream::NotAStream| AggregateError::UnexpectedError(error.into()))
}

fn command_id<E: std::error::Error>(
    metadata: &HashMap<String, String>,
    key: &str,
) -> Result<Option<CommandId>, AggregateError<E>> {
    let parsed = metadata.get(key).map(|id| id.parse()).transpose();
    parsed.map_err(|error: uuid::Error| AggregateError::UnexpectedError(error.into()))
}

fn unread<E: std::error::Error>(error: ReadError) -> AggregateError<E> {
    match error {
        ReadError::Leaf { .. } => AggregateError::DeserializationError(error.into()),
        _ => AggregateError::DatabaseConnectionError(error.into()),
    }
}

fn refused<E: std::error::Error>(error: AppendError) -> AggregateError<E> {
    match error {
        AppendError::Conflict { .. } => AggregateError::AggregateConflict,
        AppendError::Database(_)
        | AppendError::Busy { .. }
        | AppendError::OutcomeUnknown { .. } => {
            AggregateError::DatabaseConnectionError(error.into())
        }
        _ => AggregateError::UnexpectedError(error.into()),
    }
}
