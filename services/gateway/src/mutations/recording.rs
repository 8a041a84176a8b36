//! What every input may say about its recording: when it was true, at which meeting, seen at what
//! version, under which command id.

use async_graphql::{ID, InputObject};
use domain::MeetingRef;
use domain::ids::LedgerId;
use uuid::Uuid;

use super::user_error::UserError;
use crate::node::{NodeId, NodeKind};
use crate::types::scalars::Date;

/// What every change may say about its recording.
#[derive(Clone, Debug, Default, InputObject)]
pub struct Recording {
    /// Chosen by the sender and kept for retries: the same id sent again has no second effect. Made here
    /// when left out.
    pub command_id: Option<Uuid>,
    /// The date it was true; today when left out.
    pub occurred_on: Option<Date>,
    /// The meeting it came from.
    pub meeting: Option<MeetingInput>,
    /// The version of the changed thing that the sender saw. When it has moved on since, nothing is
    /// recorded and `userErrors` says `CONFLICT`.
    pub expected_version: Option<u32>,
}

/// The meeting at which something was said or decided.
#[derive(Clone, Debug, InputObject)]
pub struct MeetingInput {
    /// The meeting: its id as answered, or a UUID for a meeting that is not recorded here.
    pub id: ID,
    /// The group that met.
    pub group_id: ID,
    /// The day it met.
    pub held_on: Date,
}

impl MeetingInput {
    /// The meeting as the ledger keeps it.
    ///
    /// # Errors
    /// When an id does not name a meeting, or a group of this ledger.
    pub fn read(&self, ledger: LedgerId) -> Result<MeetingRef, UserError> {
        let id = match self.id.parse::<Uuid>() {
            Ok(id) => id,
            Err(_) => id_in(ledger, NodeKind::Meeting, "id", &self.id)
                .map_err(|error| error.inside("meeting"))?,
        };
        let group = id_in(ledger, NodeKind::Group, "groupId", &self.group_id)
            .map_err(|error| error.inside("meeting"))?;
        Ok(MeetingRef {
            id: id.into(),
            group: group.into(),
            held_on: self.held_on.0,
        })
    }
}

/// The UUID of something of this kind in this ledger.
pub(super) fn id_in(
    ledger: LedgerId,
    kind: NodeKind,
    field: &str,
    id: &ID,
) -> Result<Uuid, UserError> {
    let node = NodeId::expect(kind, id).map_err(|error| UserError::not_a_node(field, error))?;
    if node.ledger != ledger {
        return Err(UserError::elsewhere(field, kind, NodeKind::Compact));
    }
    Ok(node.uuid())
}
