//! Meetings that are to be: called, arranged, called off, with what is to be spoken of.

use async_graphql::{ID, InputObject};
use domain::MeetingCommand;
use domain::ids::{IdSource, MeetingId};
use domain::meeting as model;
use uuid::Uuid;

use super::{ask, item_id, place};
use crate::mutations::draft::new_id;
use crate::mutations::{Draft, Input, Place, Recording, UserError};
use crate::node::NodeKind;
use crate::types::scalars::Date;

/// When and where a meeting is to be. A day or words are needed.
#[derive(InputObject)]
pub struct ArrangementInput {
    /// The day.
    on: Option<Date>,
    /// The time, as HH:MM.
    time: Option<String>,
    /// When, in the words as agreed.
    words: Option<String>,
    /// The place.
    venue: Option<String>,
}

impl From<ArrangementInput> for model::ArrangementInput {
    fn from(input: ArrangementInput) -> Self {
        Self {
            on: input.on.map(|date| date.0),
            time: input.time,
            words: input.words,
            venue: input.venue,
        }
    }
}

/// A meeting that is to be.
#[derive(InputObject)]
pub struct CallMeetingInput {
    /// Whose meeting.
    group_id: ID,
    /// The id of the new meeting; made when left out.
    new_id: Option<Uuid>,
    #[graphql(flatten)]
    arrangement: ArrangementInput,
    #[graphql(flatten)]
    recording: Recording,
}

impl Input for CallMeetingInput {
    fn recording(&self) -> &Recording {
        &self.recording
    }

    fn draft(self, ids: &dyn IdSource) -> Result<Draft, UserError> {
        let at = Place::read(NodeKind::Group, "groupId", &self.group_id)?;
        let id: MeetingId = new_id(self.new_id, ids);
        let meeting = Place::fresh(NodeKind::Meeting, at.ledger(), id.uuid(), "groupId");
        let command = MeetingCommand::CallMeeting {
            group: at.id(),
            arrangement: self.arrangement.into(),
        };
        Ok(ask(&meeting, command).making())
    }
}

/// When and where a called meeting is to be from now on.
#[derive(InputObject)]
pub struct RearrangeMeetingInput {
    /// The meeting.
    meeting_id: ID,
    #[graphql(flatten)]
    arrangement: ArrangementInput,
    /// Why, where it was said.
    reason: Option<String>,
    #[graphql(flatten)]
    recording: Recording,
}

impl Input for RearrangeMeetingInput {
    fn recording(&self) -> &Recording {
        &self.recording
    }

    fn draft(self, _: &dyn IdSource) -> Result<Draft, UserError> {
        let meeting = place(&self.meeting_id)?;
        let command = MeetingCommand::RearrangeMeeting {
            arrangement: self.arrangement.into(),
            reason: self.reason.map(Into::into),
        };
        Ok(ask(&meeting, command))
    }
}

/// Why a meeting is called off.
#[derive(InputObject)]
pub struct CancelMeetingInput {
    /// The meeting.
    meeting_id: ID,
    /// Why.
    reason: String,
    #[graphql(flatten)]
    recording: Recording,
}

impl Input for CancelMeetingInput {
    fn recording(&self) -> &Recording {
        &self.recording
    }

    fn draft(self, _: &dyn IdSource) -> Result<Draft, UserError> {
        let meeting = place(&self.meeting_id)?;
        let reason = self.reason.into();
        Ok(ask(&meeting, MeetingCommand::CancelMeeting { reason }))
    }
}

/// Something that is to be spoken of.
#[derive(InputObject)]
pub struct AgendaItemInput {
    /// The item, where it is on the agenda already.
    item_id: Option<ID>,
    /// The id of a new item; made when left out.
    new_id: Option<Uuid>,
    /// Its heading.
    title: String,
    /// What is to be known beforehand.
    note: Option<String>,
}

/// A meeting's agenda.
#[derive(InputObject)]
pub struct SetAgendaInput {
    /// The meeting.
    meeting_id: ID,
    /// The items, in order: all of them.
    items: Vec<AgendaItemInput>,
    #[graphql(flatten)]
    recording: Recording,
}

impl Input for SetAgendaInput {
    fn recording(&self) -> &Recording {
        &self.recording
    }

    fn draft(self, ids: &dyn IdSource) -> Result<Draft, UserError> {
        let meeting = place(&self.meeting_id)?;
        let items = self.items.into_iter().enumerate().map(|(at, item)| {
            let id = item_id(&meeting, item.item_id.as_ref(), item.new_id, ids);
            Ok(model::AgendaItemInput {
                item: id.map_err(|error| error.inside(&format!("items.{at}")))?,
                title: item.title,
                note: item.note.map(Into::into),
            })
        });
        let items = items.collect::<Result<_, UserError>>()?;
        Ok(ask(&meeting, MeetingCommand::SetAgenda { items }))
    }
}
