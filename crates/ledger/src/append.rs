//! What is asked of a ledger, and what it answers.

use std::borrow::Cow;
use std::fmt;
use std::time::Duration;

use chrono::{DateTime, NaiveDate, Utc};
use domain::ids::{CommandId, LedgerId};
use domain::stream::StreamId;
use domain::{LedgerEvent, MeetingRef, StoredEvent};
use serde_json::Value;
use sha2::{Digest, Sha256};

use crate::canonical::CanonicalJson;
use crate::entry::Position;

/// The most entries one command may have.
pub const MAX_ENTRIES: usize = 1_000;

/// The most bytes the leaves of one command may have together.
pub const MAX_BYTES: usize = 4 << 20;

/// The most characters an actor, a role or an event type may have.
pub const MAX_NAME: usize = 200;

/// A digest of everything a sender asked for: two requests are the same when theirs are.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub struct RequestDigest([u8; 32]);

impl RequestDigest {
    /// Digests a request, however its bytes were made.
    pub fn of(request: &[u8]) -> Self {
        Self(Sha256::digest(request).into())
    }

    /// The digest as stored.
    pub const fn from_bytes(bytes: [u8; 32]) -> Self {
        Self(bytes)
    }

    /// The bytes to store.
    pub const fn as_bytes(&self) -> &[u8; 32] {
        &self.0
    }
}

impl fmt::Debug for RequestDigest {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("RequestDigest(")?;
        for byte in &self.0[..4] {
            write!(f, "{byte:02x}")?;
        }
        f.write_str("…)")
    }
}

/// One command's entries, for one or more streams of one ledger: all of them or none.
#[derive(Clone, Debug)]
pub struct Append {
    /// The ledger.
    pub ledger: LedgerId,
    /// The command, as its sender named it. Sent twice it has one effect.
    pub command: CommandId,
    /// What the sender asked for, to tell a retry from a reused id.
    pub digest: RequestDigest,
    /// Who asks: an opaque reference, never a name.
    pub actor: String,
    /// In which role.
    pub role: String,
    /// The command that led to this one.
    pub causation: Option<CommandId>,
    /// The streams to extend, in the order their entries are to have.
    pub streams: Vec<StreamAppend>,
}

/// The entries for one stream, and the version it must have for them to fit.
#[derive(Clone, Debug)]
pub struct StreamAppend {
    /// The stream.
    pub stream: StreamId,
    /// Its version before: how many entries it has; 0 for a stream that does not exist yet.
    pub expected_version: u64,
    /// What happened, at least one event.
    pub events: Vec<NewEvent>,
}

/// What a command was decided on besides the streams it extends: a stream, of this ledger or another, as it stood.
///
/// Who may do what stands in the region's register, and a name in an event comes from where the name is kept. Nothing of
/// that shows in the streams a command extends, so the command says what it rests on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Premise {
    /// The stream's ledger.
    pub ledger: LedgerId,
    /// The stream.
    pub stream: StreamId,
    /// How many entries it had; 0 for a stream that did not exist.
    pub version: u64,
}

/// An event about to be recorded.
#[derive(Clone, Debug, PartialEq)]
pub struct NewEvent {
    kind: Cow<'static, str>,
    schema_version: u32,
    occurred_on: NaiveDate,
    meeting: Option<MeetingRef>,
    payload: CanonicalJson,
}

impl NewEvent {
    /// Writes an aggregate's event as it will be stored.
    ///
    /// # Errors
    /// When its payload cannot be written as canonical JSON.
    pub fn of<E: LedgerEvent>(event: &E) -> Result<Self, serde_json::Error> {
        let stored = event.stored();
        Ok(Self {
            kind: Cow::Borrowed(stored.kind()),
            schema_version: stored.schema_version(),
            occurred_on: event.occurred_on(),
            meeting: event.meeting(),
            payload: CanonicalJson::of(&stored.payload()?)?,
        })
    }

    /// An event that did not come from an aggregate of this build, such as one of an older version.
    ///
    /// # Errors
    /// When the payload cannot be written as canonical JSON.
    pub fn raw(
        kind: impl Into<String>,
        schema_version: u32,
        occurred_on: NaiveDate,
        meeting: Option<MeetingRef>,
        payload: &Value,
    ) -> Result<Self, serde_json::Error> {
        Ok(Self {
            kind: Cow::Owned(kind.into()),
            schema_version,
            occurred_on,
            meeting,
            payload: CanonicalJson::of(payload)?,
        })
    }

    /// The type, such as `commitment.target_changed`.
    pub fn kind(&self) -> &str {
        &self.kind
    }

    pub(crate) fn kind_shared(&self) -> Cow<'static, str> {
        self.kind.clone()
    }

    /// The version of the payload's shape.
    pub const fn schema_version(&self) -> u32 {
        self.schema_version
    }

    /// The date it was true.
    pub const fn occurred_on(&self) -> NaiveDate {
        self.occurred_on
    }

    /// The meeting it came from.
    pub const fn meeting(&self) -> Option<MeetingRef> {
        self.meeting
    }

    /// What happened.
    pub const fn payload(&self) -> &CanonicalJson {
        &self.payload
    }
}

/// Where a command's entries stand: once this is answered they are durable.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Receipt {
    /// The ledger.
    pub ledger: LedgerId,
    /// The position of the command's first entry.
    pub first_position: Position,
    /// The position of its last; everything between is the command's too.
    pub last_position: Position,
    /// When it was recorded.
    pub recorded_at: DateTime<Utc>,
    /// The streams it extended, with their version after it.
    pub streams: Vec<(StreamId, u64)>,
    /// Whether the command had been recorded before: this is the first answer again.
    pub repeated: bool,
}

/// Why nothing was recorded, or why it is not known whether it was.
#[derive(Debug, thiserror::Error)]
pub enum AppendError {
    /// Someone else extended the stream first: load it again and decide again.
    #[error("stream {stream} is at version {actual}, not {expected}")]
    Conflict {
        /// The stream.
        stream: StreamId,
        /// The version the command was decided on.
        expected: u64,
        /// The version the stream has.
        actual: u64,
    },
    /// A stream that the command was decided on has moved on: look at it again and decide again.
    #[error("stream {stream}, on which the command was decided, has moved on")]
    Overtaken {
        /// The stream.
        stream: StreamId,
    },
    /// The command's id was used before, for another request.
    #[error("the command's id was used before for another request")]
    CommandReused,
    /// Too much is waiting already. Nothing was recorded.
    #[error("the ledger has more waiting than it takes on; try again in {retry_after:?}")]
    Busy {
        /// When to try again.
        retry_after: Duration,
    },
    /// The database went away at the wrong moment and did not come back in time. The command may or
    /// may not be recorded: send it again with the same id, and it will have one effect.
    #[error(
        "it is not known whether command {command} was recorded; send it again with the same id"
    )]
    OutcomeUnknown {
        /// The command.
        command: CommandId,
    },
    /// The command has more entries or bytes than one command may have.
    #[error(
        "a command may have {MAX_ENTRIES} entries and {MAX_BYTES} bytes; this one has {entries} and {bytes}"
    )]
    TooLarge {
        /// Its entries.
        entries: usize,
        /// Its bytes.
        bytes: usize,
    },
    /// The command has no entries, or a stream without any.
    #[error("there is nothing to record")]
    Empty,
    /// The command cannot be recorded as it stands.
    #[error("the command cannot be recorded: {0}")]
    Malformed(&'static str),
    /// The service is stopping and takes on nothing more. Nothing was recorded.
    #[error("the ledger is shutting down")]
    ShuttingDown,
    /// An event could not be written as JSON.
    #[error("an event cannot be written as JSON")]
    Encode(#[from] serde_json::Error),
    /// The database refused or could not be reached. Nothing was recorded.
    #[error("the database could not record the command")]
    Database(#[source] sqlx::Error),
}
