//! Aggregates in memory: loaded once, kept at their version, used by one command at a time.
//!
//! Loading a long history for every command is what makes event sourcing slow, so states stay in a
//! bounded cache. A state that another process has overtaken is caught when its events are
//! appended, as a conflict; a refusal appends nothing and catches nothing. Either way the state is brought
//! to what is recorded ([`Checkout::refresh`]) and the command decided again.

mod checkout;
mod turns;

use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use cqrs_es::Aggregate;
use domain::LedgerEvent;
use domain::ids::LedgerId;
use domain::stream::StreamId;
use tokio::time::timeout;

use crate::reader::{ReadError, Reader};
use crate::recent::Recent;

pub use checkout::Checkout;
use turns::Turns;

/// How many entries of a stream are read at once.
const PAGE: u32 = 1_000;

/// How long a command waits for its turn: a little longer than the ledger tries to record one.
const PATIENCE: Duration = Duration::from_secs(15);

/// An aggregate's name: its stream in its ledger.
type Key = (LedgerId, StreamId);

/// A state and the version it stands at.
struct Loaded<A> {
    aggregate: A,
    version: u64,
}

/// A bounded cache of one kind of aggregate. Cheap to clone; clones share it.
///
/// A state is in it only while no command uses it: whoever checks one out takes it out.
pub struct Aggregates<A> {
    shared: Arc<Shared<A>>,
    patience: Duration,
}

/// What every clone shares, and every checkout of theirs.
struct Shared<A> {
    reader: Reader,
    kept: Mutex<Recent<Key, Loaded<A>>>,
    turns: Turns<Key>,
}

impl<A> Clone for Aggregates<A> {
    fn clone(&self) -> Self {
        Self {
            shared: Arc::clone(&self.shared),
            patience: self.patience,
        }
    }
}

impl<A> Aggregates<A>
where
    A: Aggregate<Services = ()> + 'static,
    A::Event: LedgerEvent,
{
    /// A cache of the last `capacity` aggregates used, and at most twice as many, loaded through
    /// `reader`.
    pub fn new(reader: Reader, capacity: u64) -> Self {
        let size = usize::try_from(capacity).unwrap_or(usize::MAX);
        let shared = Shared {
            reader,
            kept: Mutex::new(Recent::new(size)),
            turns: Turns::default(),
        };
        Self {
            shared: Arc::new(shared),
            patience: PATIENCE,
        }
    }

    /// The same, but a command waits for its turn no longer than `patience`.
    #[must_use]
    pub fn with_patience(self, patience: Duration) -> Self {
        Self { patience, ..self }
    }

    /// Takes an aggregate out for one command, when the commands before it are done with it.
    ///
    /// It is at the version it was last seen at; a stream without entries gives the empty state at
    /// version 0. A command that needs several takes them in the order of their streams, lest two such
    /// commands wait for one another.
    ///
    /// # Errors
    /// When the stream could not be read, or [`ReadError::InUse`] when the turn did not come in time.
    pub async fn checkout(
        &self,
        ledger: LedgerId,
        stream: StreamId,
    ) -> Result<Checkout<A>, ReadError> {
        let key = (ledger, stream);
        let turn = timeout(self.patience, self.shared.turns.take(key)).await;
        let turn = turn.map_err(|_| ReadError::InUse {
            stream,
            waited: self.patience,
        })?;
        let loaded = match self.shared.take_kept(&key) {
            Some(loaded) => loaded,
            // Apart from the command's own future, which is moved about and should be small.
            None => Box::pin(load(&self.shared.reader, key)).await?,
        };
        Ok(Checkout::new(Arc::clone(&self.shared), key, loaded, turn))
    }
}

impl<A> Shared<A> {
    fn take_kept(&self, key: &Key) -> Option<Loaded<A>> {
        let mut kept = self.kept.lock().unwrap_or_else(PoisonError::into_inner);
        kept.remove(key)
    }

    fn put_back(&self, key: Key, loaded: Loaded<A>) {
        let mut kept = self.kept.lock().unwrap_or_else(PoisonError::into_inner);
        kept.insert(key, loaded);
    }
}

/// Folds a whole stream.
async fn load<A>(reader: &Reader, key: Key) -> Result<Loaded<A>, ReadError>
where
    A: Aggregate,
    A::Event: LedgerEvent,
{
    let mut loaded = Loaded {
        aggregate: A::default(),
        version: 0,
    };
    catch_up(reader, key, &mut loaded).await?;
    Ok(loaded)
}

/// Folds what a state has not seen yet of its stream. On an error it is left at a version it has seen.
async fn catch_up<A>(reader: &Reader, key: Key, loaded: &mut Loaded<A>) -> Result<(), ReadError>
where
    A: Aggregate,
    A::Event: LedgerEvent,
{
    let (ledger, stream) = key;
    loop {
        let page = reader
            .read_stream(ledger, stream, loaded.version, PAGE)
            .await?;
        for raw in &page {
            let entry = raw.decode_as().map_err(|source| ReadError::Leaf {
                ledger,
                position: raw.position,
                source,
            })?;
            loaded.aggregate.apply(entry.to_dated());
            loaded.version = raw.stream_version;
        }
        if page.len() < PAGE as usize {
            return Ok(());
        }
    }
}
