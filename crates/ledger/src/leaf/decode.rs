//! Reading leaves back.

use std::borrow::Cow;

use chrono::{DateTime, NaiveDate, Utc};
use domain::ids::{CommandId, LedgerId};
use domain::stream::StreamId;
use domain::{Event, MeetingRef, StoredEvent};
use serde::Deserialize;
use serde_json::value::RawValue;

use super::{ENCODING, LeafError, cursor};
use crate::entry::{Entry, Position, Recorded};

/// An envelope as it lies in its leaf, the payload not looked into.
#[derive(Debug, PartialEq)]
pub struct Envelope<'a> {
    pub(super) actor: Cow<'a, str>,
    pub(super) causation: Option<CommandId>,
    pub(super) command: CommandId,
    pub(super) event_type: Cow<'a, str>,
    pub(super) ledger: LedgerId,
    pub(super) meeting: Option<MeetingRef>,
    pub(super) occurred_on: NaiveDate,
    pub(super) payload: &'a str,
    pub(super) position: Position,
    pub(super) recorded_at: DateTime<Utc>,
    pub(super) role: Cow<'a, str>,
    pub(super) schema_version: u32,
    pub(super) stream: StreamId,
    pub(super) stream_version: u64,
}

/// An envelope as a general JSON parser takes it.
#[derive(Deserialize)]
struct Fields<'a> {
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
            Some((&ENCODING, text)) => {
                match std::str::from_utf8(text).ok().and_then(cursor::read) {
                    Some(envelope) => Ok(envelope),
                    None => Self::read_with_care(text).map_err(LeafError::Envelope),
                }
            }
            Some((&other, _)) => Err(LeafError::Encoding(other)),
        }
    }

    /// Reads any JSON text that has an envelope's fields.
    pub(super) fn read_with_care(text: &'a [u8]) -> Result<Self, serde_json::Error> {
        let fields: Fields<'a> = serde_json::from_slice(text)?;
        Ok(Self {
            actor: fields.actor,
            causation: fields.causation,
            command: fields.command,
            event_type: fields.event_type,
            ledger: fields.ledger,
            meeting: fields.meeting,
            occurred_on: fields.occurred_on,
            payload: fields.payload.get(),
            position: fields.position,
            recorded_at: fields.recorded_at,
            role: fields.role,
            schema_version: fields.schema_version,
            stream: fields.stream,
            stream_version: fields.stream_version,
        })
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
    pub const fn payload(&self) -> &'a str {
        self.payload
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
