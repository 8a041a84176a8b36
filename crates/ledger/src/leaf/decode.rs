//! Reading leaves back.

use std::borrow::Cow;

use chrono::{DateTime, NaiveDate, Utc};
use domain::ids::{CommandId, LedgerId};
use domain::stream::StreamId;
use domain::{Event, MeetingRef, StoredEvent};
use serde::Deserialize;
use serde_json::value::RawValue;

use super::{ENCODING, LeafError};
use crate::entry::{Entry, Position, Recorded};

/// An envelope as it lies in its leaf, the payload not looked into.
#[derive(Debug, Deserialize)]
pub struct Envelope<'a> {
    #[serde(borrow)]
    actor: Cow<'a, str>,
    #[serde(default)]
    causation: Option<CommandId>,
    command: CommandId,
    #[serde(borrow)]
    event_type: Cow<'a, str>,
    ledger: LedgerId,
    #[serde(default)]
    meeting: Option<MeetingRef>,
    occurred_on: NaiveDate,
    #[serde(borrow)]
    payload: &'a RawValue,
    position: Position,
    recorded_at: DateTime<Utc>,
    #[serde(borrow)]
    role: Cow<'a, str>,
    schema_version: u32,
    stream: StreamId,
    stream_version: u64,
}

impl<'a> Envelope<'a> {
    /// Reads the envelope of a leaf.
    ///
    /// # Errors
    /// [`LeafError::Empty`], [`LeafError::Encoding`] and [`LeafError::Envelope`].
    pub fn read(leaf: &'a [u8]) -> Result<Self, LeafError> {
        match leaf.split_first() {
            None => Err(LeafError::Empty),
            Some((&ENCODING, text)) => serde_json::from_slice(text).map_err(LeafError::Envelope),
            Some((&other, _)) => Err(LeafError::Encoding(other)),
        }
    }

    /// The event's type, such as `commitment.target_changed`.
    pub fn event_type(&self) -> &str {
        &self.event_type
    }

    /// The version of the payload's shape.
    pub const fn schema_version(&self) -> u32 {
        self.schema_version
    }

    /// The payload, as JSON text.
    pub fn payload(&self) -> &'a str {
        self.payload.get()
    }

    /// Everything but what happened.
    pub fn into_recorded(self) -> Recorded {
        Recorded {
            ledger: self.ledger,
            position: self.position,
            stream: self.stream,
            stream_version: self.stream_version,
            occurred_on: self.occurred_on,
            recorded_at: self.recorded_at,
            actor: self.actor.into_owned(),
            role: self.role.into_owned(),
            command: self.command,
            causation: self.causation,
            meeting: self.meeting,
        }
    }
}

/// Reads a leaf whose event may be of any aggregate.
///
/// # Errors
/// As [`LeafError`] lists.
pub fn decode(leaf: &[u8]) -> Result<Entry<Event>, LeafError> {
    let envelope = Envelope::read(leaf)?;
    let event = Event::decode(
        envelope.stream.kind,
        envelope.event_type(),
        envelope.schema_version,
        envelope.payload(),
    )?;
    Ok(Entry {
        recorded: envelope.into_recorded(),
        event,
    })
}

/// Reads a leaf of one aggregate's stream.
///
/// # Errors
/// As [`LeafError`] lists; an event of another aggregate is an unknown type.
pub fn decode_as<E: StoredEvent>(leaf: &[u8]) -> Result<Entry<E>, LeafError> {
    let envelope = Envelope::read(leaf)?;
    let event = E::decode(
        envelope.event_type(),
        envelope.schema_version,
        envelope.payload(),
    )?;
    Ok(Entry {
        recorded: envelope.into_recorded(),
        event,
    })
}
