//! Entries: what a reader of a ledger sees.

use chrono::{DateTime, NaiveDate, Utc};
use domain::ids::{CommandId, LedgerId};
use domain::stream::StreamId;
use domain::{Event, LedgerEvent, MeetingRef, StoredEvent};
use serde::{Deserialize, Serialize};

/// A place in a ledger: 1 for the first entry, with no gaps; 0 stands before the first.
pub type Position = u64;

/// Everything about an entry but what happened: both clocks, the place, who and why.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Recorded {
    /// The ledger.
    pub ledger: LedgerId,
    /// The place in the ledger, from 1.
    pub position: Position,
    /// The aggregate's stream.
    pub stream: StreamId,
    /// The place in the stream, from 1.
    pub stream_version: u64,
    /// The first clock: the date it was true.
    pub occurred_on: NaiveDate,
    /// The second clock: the moment it was recorded. Never goes back along a ledger.
    pub recorded_at: DateTime<Utc>,
    /// Who recorded it: an opaque reference to a principal, never a name.
    pub actor: String,
    /// In which role.
    pub role: String,
    /// The command it came from.
    pub command: CommandId,
    /// The command that led to that command, if one did.
    pub causation: Option<CommandId>,
    /// The meeting it came from, if it came from one.
    pub meeting: Option<MeetingRef>,
}

/// An entry with its event decoded: `E` is [`domain::Event`] for a reader of a whole ledger, or one
/// aggregate's event for a reader of its stream.
#[derive(Clone, Debug, PartialEq)]
pub struct Entry<E = Event> {
    /// Both clocks, the place, who and why.
    pub recorded: Recorded,
    /// What happened.
    pub event: E,
}

impl<E: StoredEvent> Entry<E> {
    /// The event as its aggregate sees it.
    pub fn to_dated<D: LedgerEvent<Stored = E>>(&self) -> D {
        D::assemble(
            self.recorded.occurred_on,
            self.recorded.meeting,
            self.event.clone(),
        )
    }
}
