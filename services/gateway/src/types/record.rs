//! Where in the record something comes from: the place, both clocks, the meeting.

use async_graphql::{Object, SimpleObject};
use chrono::{DateTime, Utc};
use domain::ids::LedgerId;
use views::Stamp;

use super::meeting::Meeting;
use super::said::Said;
use super::scalars::{Date, Position};
use crate::error::ApiError;

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

/// That something ended, and why.
#[derive(SimpleObject)]
pub struct Ending {
    /// Why.
    reason: Said,
    /// Where in the record it comes from.
    made: Origin,
}

impl Ending {
    /// An ending as a view of this ledger has it.
    pub fn new(ledger: LedgerId, ended: &views::Ended) -> Self {
        Self {
            reason: Said::new(ledger, &ended.reason),
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
