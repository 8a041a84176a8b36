//! Meetings that were held: who came, what was said, and everything it led to, in one change.

use async_graphql::{ID, InputObject};
use domain::ids::{GroupId, IdSource, MeetingId};
use domain::meeting as model;
use domain::{Command, MeetingCommand, MeetingRef};
use uuid::Uuid;

use super::arranging::ArrangementInput;
use super::items::{Led, MeetingItemInput, Within};
use super::{ask, place};
use crate::mutations::draft::{new_id, registered};
use crate::mutations::{Draft, Input, Place, Recording, UserError};
use crate::node::NodeKind;
use crate::types::words::Attending;

/// Somebody who came, sent a deputy, or sent apologies: named by an organisation, by words, or by both.
#[derive(InputObject)]
pub struct AttendanceInput {
    /// The organisation; none of somebody who came for none.
    organisation_id: Option<ID>,
    /// Who; needed where there is no organisation. A person is mentioned by their `mention`.
    who: Option<String>,
    /// How.
    attending: Attending,
}

fn attendance(inputs: Vec<AttendanceInput>) -> Result<Vec<model::AttendanceInput>, UserError> {
    let each = inputs.into_iter().enumerate().map(|(at, input)| {
        let organisation = input.organisation_id.as_ref();
        let organisation =
            organisation.map(|id| registered(NodeKind::Organisation, "organisationId", id));
        let organisation = organisation.transpose();
        Ok(model::AttendanceInput {
            organisation: organisation
                .map_err(|error| error.inside(&format!("attendance.{at}")))?,
            who: input.who.map(Into::into),
            attending: input.attending.into(),
        })
    });
    each.collect()
}

/// The next meeting, as far as it was arranged.
#[derive(InputObject)]
pub struct NextMeetingInput {
    /// The id of the new meeting; made when left out.
    new_id: Option<Uuid>,
    #[graphql(flatten)]
    arrangement: ArrangementInput,
}

/// A meeting that was held.
#[derive(InputObject)]
pub struct RecordMeetingInput {
    /// The group that met.
    group_id: ID,
    /// The meeting, where it was called.
    meeting_id: Option<ID>,
    /// The id of a meeting that nobody called; made when left out.
    new_id: Option<Uuid>,
    /// When it began, as HH:MM.
    time: Option<String>,
    /// Where it was held.
    venue: Option<String>,
    /// Who came; left out where the papers do not say.
    attendance: Option<Vec<AttendanceInput>>,
    /// The minutes, in order.
    #[graphql(default)]
    items: Vec<MeetingItemInput>,
    /// The next meeting of the group, which is called with it.
    next: Option<NextMeetingInput>,
    #[graphql(flatten)]
    recording: Recording,
}

impl Input for RecordMeetingInput {
    fn recording(&self) -> &Recording {
        &self.recording
    }

    fn draft(self, ids: &dyn IdSource) -> Result<Draft, UserError> {
        let at = Place::read(NodeKind::Group, "groupId", &self.group_id)?;
        let group: GroupId = at.id();
        let Some(held_on) = self.recording.occurred_on else {
            let message = "enter the day the meeting was held";
            return Err(UserError::new("occurredOn", "MISSING", message));
        };
        let (meeting, called) = match &self.meeting_id {
            Some(id) => {
                let id: MeetingId = at.beside(NodeKind::Meeting, "meetingId", id)?;
                (id, true)
            }
            None => (new_id(self.new_id, ids), false),
        };
        let place = Place::fresh(NodeKind::Meeting, at.ledger(), meeting.uuid(), "groupId");
        let mut items = Vec::with_capacity(self.items.len());
        let mut led = Led::new();
        let within = Within {
            meeting: &place,
            held: Some((group, held_on.0)),
        };
        for (nth, item) in self.items.into_iter().enumerate() {
            let name = format!("items.{nth}");
            let (item, leads_to) = item.read(&within, (&name, nth + 1), ids)?;
            items.push(item);
            led.extend(leads_to);
        }
        if let Some(next) = self.next {
            let id = new_id(next.new_id, ids);
            let arrangement = next.arrangement.into();
            let command = MeetingCommand::CallMeeting { group, arrangement };
            led.push(("next".to_owned(), Command::Meeting { id, command }));
        }
        let command = MeetingCommand::RecordMeeting {
            group,
            time: self.time,
            venue: self.venue,
            attendance: self.attendance.map(attendance).transpose()?,
            items,
        };
        let draft = ask(&place, command);
        let draft = if called { draft } else { draft.making() };
        Ok(draft.leading_to(led).at(MeetingRef {
            id: meeting,
            group,
            held_on: held_on.0,
        }))
    }
}

/// Who came to a meeting.
#[derive(InputObject)]
pub struct TakeAttendanceInput {
    /// The meeting.
    meeting_id: ID,
    /// Everybody who came or sent apologies: all of them.
    attendance: Vec<AttendanceInput>,
    /// Why; needed when it was taken down before.
    reason: Option<String>,
    #[graphql(flatten)]
    recording: Recording,
}

impl Input for TakeAttendanceInput {
    fn recording(&self) -> &Recording {
        &self.recording
    }

    fn draft(self, _: &dyn IdSource) -> Result<Draft, UserError> {
        let meeting = place(&self.meeting_id)?;
        let command = MeetingCommand::TakeAttendance {
            attendance: attendance(self.attendance)?,
            reason: self.reason.map(Into::into),
        };
        Ok(ask(&meeting, command))
    }
}

/// When a meeting began and where it was held, as it should be.
#[derive(InputObject)]
pub struct CorrectMeetingInput {
    /// The meeting.
    meeting_id: ID,
    /// When it began, as HH:MM; left out, it is not known.
    time: Option<String>,
    /// Where it was held; left out, it is not known.
    venue: Option<String>,
    /// Why it is put right.
    reason: String,
    #[graphql(flatten)]
    recording: Recording,
}

impl Input for CorrectMeetingInput {
    fn recording(&self) -> &Recording {
        &self.recording
    }

    fn draft(self, _: &dyn IdSource) -> Result<Draft, UserError> {
        let meeting = place(&self.meeting_id)?;
        let command = MeetingCommand::CorrectMeeting {
            time: self.time,
            venue: self.venue,
            reason: self.reason.into(),
        };
        Ok(ask(&meeting, command))
    }
}

/// An item that the draft minutes do not have yet.
#[derive(InputObject)]
pub struct AddMeetingItemInput {
    /// The meeting.
    meeting_id: ID,
    /// The item.
    item: MeetingItemInput,
    #[graphql(flatten)]
    recording: Recording,
}

impl Input for AddMeetingItemInput {
    fn recording(&self) -> &Recording {
        &self.recording
    }

    fn draft(self, ids: &dyn IdSource) -> Result<Draft, UserError> {
        let meeting = place(&self.meeting_id)?;
        let within = Within {
            meeting: &meeting,
            held: None,
        };
        let (item, led) = self.item.read(&within, ("item", 1), ids)?;
        let id = item.item;
        let draft = ask(&meeting, MeetingCommand::AddItem { item });
        let draft = draft.about(NodeKind::MeetingItem, id.uuid());
        Ok(draft.making().leading_to(led))
    }
}
