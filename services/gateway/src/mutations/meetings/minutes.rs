//! Minutes: put right, circulated, agreed, noted since, released.

use async_graphql::{ID, InputObject};
use domain::MeetingCommand;
use domain::ids::{IdSource, MeetingItemId};
use domain::meeting as model;

use super::{ask, place};
use crate::mutations::{Draft, Input, Place, Recording, UserError};
use crate::node::NodeKind;
use crate::types::words::Visibility;

/// What an item of the minutes should say.
#[derive(InputObject)]
pub struct CorrectMeetingItemInput {
    /// The item.
    item_id: ID,
    /// Its heading.
    title: String,
    /// What was said.
    discussion: Option<String>,
    /// What was decided.
    decision: Option<String>,
    /// Why.
    reason: String,
    #[graphql(flatten)]
    recording: Recording,
}

impl Input for CorrectMeetingItemInput {
    fn recording(&self) -> &Recording {
        &self.recording
    }

    fn draft(self, _: &dyn IdSource) -> Result<Draft, UserError> {
        let (meeting, item) =
            Place::of_part::<MeetingItemId>(NodeKind::MeetingItem, "itemId", &self.item_id)?;
        let command = MeetingCommand::CorrectItem {
            item,
            words: model::ItemWordsInput {
                title: self.title,
                discussion: self.discussion.map(Into::into),
                decision: self.decision.map(Into::into),
            },
            reason: self.reason.into(),
        };
        Ok(ask(&meeting, command).about(NodeKind::MeetingItem, item.uuid()))
    }
}

/// Minutes that are sent round.
#[derive(InputObject)]
pub struct CirculateMinutesInput {
    /// The meeting.
    meeting_id: ID,
    #[graphql(flatten)]
    recording: Recording,
}

impl Input for CirculateMinutesInput {
    fn recording(&self) -> &Recording {
        &self.recording
    }

    fn draft(self, _: &dyn IdSource) -> Result<Draft, UserError> {
        Ok(ask(
            &place(&self.meeting_id)?,
            MeetingCommand::CirculateMinutes,
        ))
    }
}

/// Minutes that are agreed.
#[derive(InputObject)]
pub struct AgreeMinutesInput {
    /// The meeting whose minutes they are.
    meeting_id: ID,
    #[graphql(flatten)]
    recording: Recording,
}

impl Input for AgreeMinutesInput {
    fn recording(&self) -> &Recording {
        &self.recording
    }

    fn draft(self, _: &dyn IdSource) -> Result<Draft, UserError> {
        Ok(ask(&place(&self.meeting_id)?, MeetingCommand::AgreeMinutes))
    }
}

/// What happened since a meeting.
#[derive(InputObject)]
pub struct NoteSinceMeetingInput {
    /// The meeting.
    meeting_id: ID,
    /// The item it is about; none for the meeting as a whole.
    item_id: Option<ID>,
    /// The note.
    text: String,
    #[graphql(flatten)]
    recording: Recording,
}

impl Input for NoteSinceMeetingInput {
    fn recording(&self) -> &Recording {
        &self.recording
    }

    fn draft(self, _: &dyn IdSource) -> Result<Draft, UserError> {
        let meeting = place(&self.meeting_id)?;
        let item = self.item_id.as_ref();
        let item = item.map(|id| meeting.own(NodeKind::MeetingItem, "itemId", id));
        let command = MeetingCommand::NoteSince {
            item: item.transpose()?,
            text: self.text.into(),
        };
        Ok(ask(&meeting, command))
    }
}

/// How far a meeting is let out from now on.
#[derive(InputObject)]
pub struct ReleaseMeetingInput {
    /// The meeting.
    meeting_id: ID,
    /// How far it is let out from now on.
    to: Visibility,
    /// Why; needed when fewer people can read it than before.
    reason: Option<String>,
    #[graphql(flatten)]
    recording: Recording,
}

impl Input for ReleaseMeetingInput {
    fn recording(&self) -> &Recording {
        &self.recording
    }

    fn draft(self, _: &dyn IdSource) -> Result<Draft, UserError> {
        let meeting = place(&self.meeting_id)?;
        let command = MeetingCommand::ReleaseMeeting {
            to: self.to.into(),
            reason: self.reason.map(Into::into),
        };
        Ok(ask(&meeting, command))
    }
}
