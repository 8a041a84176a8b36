//! Meetings: called, recorded with everything they changed, minuted and agreed.

mod arranging;
mod held;
mod items;
mod minutes;

use async_graphql::ID;
use domain::ids::{IdSource, MeetingItemId};
use domain::{Command, MeetingCommand};
use uuid::Uuid;

use super::draft::new_id;
use super::{Draft, Place, UserError, mutations};
use crate::node::NodeKind;
use crate::types::meeting::{Meeting, MeetingItem};
use arranging::{CallMeetingInput, CancelMeetingInput, RearrangeMeetingInput, SetAgendaInput};
use held::{AddMeetingItemInput, CorrectMeetingInput, RecordMeetingInput, TakeAttendanceInput};
use minutes::{
    AgreeMinutesInput, CirculateMinutesInput, CorrectMeetingItemInput, NoteSinceMeetingInput,
    ReleaseMeetingInput,
};

mutations! {
    /// Meetings and their minutes.
    MeetingMutations;

    /// Call a meeting of a group, for a day or in words such as "late September".
    call_meeting(CallMeetingInput) -> CallMeetingPayload {
        /// The new meeting.
        meeting: Meeting,
    }
    /// Fix or move a called meeting's day, time or place: what is left out is not settled any more.
    rearrange_meeting(RearrangeMeetingInput) -> RearrangeMeetingPayload {
        /// The meeting as it is now.
        meeting: Meeting,
    }
    /// Call a meeting off.
    cancel_meeting(CancelMeetingInput) -> CancelMeetingPayload {
        /// The meeting as it is now.
        meeting: Meeting,
    }
    /// Set a meeting's agenda, in the place of any before.
    set_agenda(SetAgendaInput) -> SetAgendaPayload {
        /// The meeting as it is now.
        meeting: Meeting,
    }
    /// Record that a meeting was held: who came, what was said, and with it the updates given, the actions raised and the
    /// commitments moved. All of it is recorded, in whatever it belongs to, or nothing is. `occurredOn` is the day it was held.
    record_meeting(RecordMeetingInput) -> RecordMeetingPayload {
        /// The meeting with its draft minutes.
        meeting: Meeting,
    }
    /// Take down who came, or put it right.
    take_attendance(TakeAttendanceInput) -> TakeAttendancePayload {
        /// The meeting as it is now.
        meeting: Meeting,
    }
    /// Put right when a meeting that was held began and where it was held: all of it, and what is left out is not known. What was recorded
    /// stays in view. The day it was held cannot be put right: all that was posted with the meeting is dated by it.
    correct_meeting(CorrectMeetingInput) -> CorrectMeetingPayload {
        /// The meeting as it is now.
        meeting: Meeting,
    }
    /// Add an item to the draft minutes, with what it led to.
    add_meeting_item(AddMeetingItemInput) -> AddMeetingItemPayload {
        /// The meeting as it is now.
        meeting: Meeting,
        /// The new item.
        item: MeetingItem,
    }
    /// Put an item of the minutes right. What it said stays in view.
    correct_meeting_item(CorrectMeetingItemInput) -> CorrectMeetingItemPayload {
        /// The meeting as it is now.
        meeting: Meeting,
        /// The item as it is now.
        item: MeetingItem,
    }
    /// Send the draft minutes round.
    circulate_minutes(CirculateMinutesInput) -> CirculateMinutesPayload {
        /// The meeting as it is now.
        meeting: Meeting,
    }
    /// Agree the minutes as a true record, at a later meeting of the group: `meeting` says which.
    agree_minutes(AgreeMinutesInput) -> AgreeMinutesPayload {
        /// The meeting as it is now.
        meeting: Meeting,
    }
    /// Note what happened since the meeting, beside the minutes.
    note_since_meeting(NoteSinceMeetingInput) -> NoteSinceMeetingPayload {
        /// The meeting as it is now.
        meeting: Meeting,
    }
    /// Release a meeting and its minutes to the compact, the region or the public; or take them back, which needs a reason.
    release_meeting(ReleaseMeetingInput) -> ReleaseMeetingPayload {
        /// The meeting as it is now.
        meeting: Meeting,
    }
}

/// An item that is there already, or a new one.
fn item_id(
    meeting: &Place,
    known: Option<&ID>,
    chosen: Option<Uuid>,
    ids: &dyn IdSource,
) -> Result<MeetingItemId, UserError> {
    match known {
        Some(id) => meeting.own(NodeKind::MeetingItem, "itemId", id),
        None => Ok(new_id(chosen, ids)),
    }
}

fn place(id: &ID) -> Result<Place, UserError> {
    Place::read(NodeKind::Meeting, "meetingId", id)
}

fn ask(meeting: &Place, command: MeetingCommand) -> Draft {
    let id = meeting.id();
    Draft::new(meeting, Command::Meeting { id, command })
}
