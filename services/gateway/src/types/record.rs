//! Where in the record something comes from: the place, both clocks, the meeting.

use async_graphql::{ID, Object, SimpleObject};
use chrono::{DateTime, Utc};
use domain::MeetingRef;
use domain::ids::LedgerId;
use views::Stamp;

use super::compact::Group;
use super::history::Told;
use super::scalars::{Date, Position};
use crate::error::ApiError;
use crate::node::{NodeId, NodeKind};
use crate::reads::reads;

/// Where in the record something comes from.
pub struct Origin {
    ledger: LedgerId,
    stamp: Stamp,
}

impl Origin {
    /// The origin that a stamp of this ledger tells.
    pub const fn new(ledger: LedgerId, stamp: Stamp) -> Self {
        Self { ledger, stamp }
    }
}

/// Where in the record something comes from: its place, both clocks, its meeting.
#[Object]
impl Origin {
    /// The position in the ledger.
    async fn position(&self) -> Position {
        Position(self.stamp.position)
    }

    /// The date it was true.
    async fn occurred_on(&self) -> Date {
        Date(self.stamp.on)
    }

    /// The moment it was recorded.
    async fn recorded_at(&self) -> DateTime<Utc> {
        self.stamp.recorded_at
    }

    /// The meeting it came from; none for what happened between meetings.
    async fn meeting(&self) -> Option<Meeting> {
        let meeting = self.stamp.meeting?;
        Some(Meeting::new(self.ledger, meeting))
    }
}

/// A meeting from which something was recorded.
#[derive(Clone)]
pub struct Meeting {
    ledger: LedgerId,
    meeting: MeetingRef,
}

impl Meeting {
    fn node(&self) -> NodeId {
        NodeId::new(NodeKind::Meeting, self.ledger, self.meeting.id.uuid())
    }

    /// A meeting of a group of this ledger's compact.
    pub const fn new(ledger: LedgerId, meeting: MeetingRef) -> Self {
        Self { ledger, meeting }
    }
}

/// A meeting from which something was recorded.
#[Object]
impl Meeting {
    /// Its id.
    pub async fn id(&self) -> ID {
        self.node().encode()
    }

    #[graphql(flatten)]
    async fn told(&self) -> Told {
        Told::of(self.node())
    }

    /// The day it was held.
    async fn held_on(&self) -> Date {
        Date(self.meeting.held_on)
    }

    /// The group that met.
    async fn group(
        &self,
        ctx: &async_graphql::Context<'_>,
    ) -> async_graphql::Result<Option<Group>> {
        let compact = reads(ctx).compact(self.ledger).await?;
        Ok(compact.and_then(|compact| Group::of(&compact, self.meeting.group)))
    }
}

/// That something ended, and why.
#[derive(SimpleObject)]
pub struct Ending {
    /// Why.
    reason: String,
    /// Where in the record it comes from.
    made: Origin,
}

impl Ending {
    /// An ending as a view of this ledger has it.
    pub fn new(ledger: LedgerId, ended: &views::Ended) -> Self {
        Self {
            reason: ended.reason.shown().to_owned(),
            made: Origin::new(ledger, ended.made),
        }
    }
}

/// Nothing there where something must be: the views are being rebuilt, or were tampered with.
#[derive(Debug, thiserror::Error)]
#[error("{0} is mentioned but not there")]
pub struct Missing(pub &'static str);

impl From<Missing> for ApiError {
    fn from(missing: Missing) -> Self {
        Self::internal(missing)
    }
}
