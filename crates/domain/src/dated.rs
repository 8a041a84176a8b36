//! The first clock: when something was true, and at which meeting.

use chrono::NaiveDate;
use cqrs_es::DomainEvent;
use serde::{Deserialize, Serialize};

use crate::event::StoredEvent;
use crate::facts::Facts;
use crate::ids::{GroupId, MeetingId};

/// The meeting at which something was said or decided.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct MeetingRef {
    /// The meeting.
    pub id: MeetingId,
    /// The group that met.
    pub group: GroupId,
    /// The day it met.
    pub held_on: NaiveDate,
}

/// An event with the date it was true and, where there was one, its meeting.
///
/// The recorded moment, the second clock, is the ledger's to add.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Dated<E> {
    /// The date it was true.
    pub occurred_on: NaiveDate,
    /// The meeting it came from; none for what happened between meetings.
    pub meeting: Option<MeetingRef>,
    /// What happened.
    pub event: E,
}

impl<E: StoredEvent> DomainEvent for Dated<E> {
    fn event_type(&self) -> String {
        self.event.kind().to_owned()
    }

    fn event_version(&self) -> String {
        self.event.schema_version().to_string()
    }
}

/// A command with everything it may not look up for itself: its date, its meeting, the facts.
#[derive(Clone, Debug, PartialEq)]
pub struct Directed<C> {
    /// The date what is recorded was true.
    pub occurred_on: NaiveDate,
    /// The meeting it came from.
    pub meeting: Option<MeetingRef>,
    /// What the recorder looked up about the things the command mentions.
    pub facts: Facts,
    /// What is asked.
    pub command: C,
}

impl<C> Directed<C> {
    /// Dates `event` as this command is dated.
    pub fn dated<E>(&self, event: E) -> Dated<E> {
        Dated {
            occurred_on: self.occurred_on,
            meeting: self.meeting,
            event,
        }
    }
}
