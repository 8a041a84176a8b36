//! Questions about the past: as it was, and as it was known.
//!
//! Two clocks, two questions. `asOf` asks what was true at a time, `knownAt` what had been recorded by a
//! moment; together they ask what one would have been told then about a time before. Both are answered
//! with the fold that keeps the views, over the entries that qualify.

use async_graphql::{ID, InputObject, OneofObject};
use chrono::{DateTime, Utc};
use domain::ids::LedgerId;
use uuid::Uuid;
use views::Cut;

use super::scalars::{Date, Position};
use crate::error::ApiError;
use crate::node::{NodeId, NodeKind};
use crate::reads::{Reads, node_of};
use crate::services::Shows;

/// As of when: exactly one of these.
#[derive(Clone, Debug, OneofObject)]
pub enum AsOf {
    /// The end of a day: everything dated up to and on it.
    On(Date),
    /// The end of the day a meeting was held, by the meeting's id.
    Meeting(ID),
    /// A position in the ledger: everything recorded up to and at it.
    Position(Position),
}

/// At least this far: what is shown must have reached a position of a ledger.
#[derive(Clone, Debug, InputObject)]
pub struct AtLeast {
    /// The compact, or the region, whose ledger it is.
    ledger: ID,
    /// The position, as a mutation answered it.
    position: Position,
}

impl AtLeast {
    /// Waits until what is shown has reached the position.
    ///
    /// # Errors
    /// [`ApiError::Behind`] when it has not within a request's patience. At once, [`ApiError::StandsStill`]
    /// when part of it must be rebuilt first, and [`ApiError::BadInput`] when it never could: the ledger
    /// ends before, or there is none.
    pub async fn wait(self, reads: &Reads) -> Result<(), ApiError> {
        let ledger = ledger_of("atLeast.ledger", &self.ledger)?;
        let at_least = self.position.0;
        within(reads, ledger, at_least).await?;
        match reads.reached(ledger, at_least).await? {
            Shows::Yes => Ok(()),
            Shows::NotYet => Err(ApiError::Behind { ledger, at_least }),
            Shows::StandsStill => Err(ApiError::StandsStill { ledger, at_least }),
        }
    }
}

/// Refuses a position that the ledger does not have.
async fn within(reads: &Reads, ledger: LedgerId, at_least: u64) -> Result<(), ApiError> {
    let (argument, message) = match reads.head(ledger).await? {
        Some(head) if at_least <= head => return Ok(()),
        Some(head) => {
            let message = format!("the ledger ends at {head}; ask for that or less");
            ("atLeast.position", message)
        }
        None => {
            let message = "there is no such compact or region".to_owned();
            ("atLeast.ledger", message)
        }
    };
    Err(ApiError::BadInput { argument, message })
}

/// The ledger of the compact or region that an argument names.
pub(crate) fn ledger_of(argument: &'static str, id: &ID) -> Result<LedgerId, ApiError> {
    let node = NodeId::decode(id).ok();
    let node = node.filter(|node| matches!(node.kind, NodeKind::Compact | NodeKind::Region));
    let node = node.ok_or_else(|| ApiError::BadInput {
        argument,
        message: "send the id of a compact, or of the region".to_owned(),
    })?;
    Ok(node.ledger)
}

/// Which past is asked about.
#[derive(Clone, Debug, Default)]
pub struct When {
    /// As it was then.
    pub as_of: Option<AsOf>,
    /// As it was known at this moment.
    pub known_at: Option<DateTime<Utc>>,
}

impl When {
    /// Which entries count towards what is asked of a compact's ledger; none when nothing past is asked about, and the
    /// views as they are will do.
    ///
    /// # Errors
    /// When the meeting is not one of the compact's.
    pub(crate) async fn cut(
        self,
        reads: &Reads,
        ledger: LedgerId,
    ) -> Result<Option<Cut>, ApiError> {
        let Self { as_of, known_at } = self;
        let as_of = match as_of {
            None if known_at.is_none() => return Ok(None),
            None => None,
            Some(AsOf::On(date)) => Some(views::AsOf::On(date.0)),
            Some(AsOf::Meeting(id)) => Some(end_of_meeting(reads, ledger, &id).await?),
            Some(AsOf::Position(position)) => Some(views::AsOf::Position(position.0)),
        };
        Ok(Some(Cut { as_of, known_at }))
    }
}

async fn end_of_meeting(reads: &Reads, ledger: LedgerId, id: &ID) -> Result<views::AsOf, ApiError> {
    let meeting = match id.parse::<Uuid>() {
        Ok(id) => id,
        Err(_) => node_of(NodeKind::Meeting, "asOf.meeting", id)?.uuid(),
    };
    let compact = reads.compact(ledger).await?;
    let end = compact.and_then(|compact| views::AsOf::meeting(&compact, meeting.into()));
    end.ok_or_else(|| ApiError::BadInput {
        argument: "asOf.meeting",
        message: "nothing has been recorded from such a meeting of this compact".to_owned(),
    })
}
