//! Papers of a meeting: added, and taken back.

use async_graphql::{ID, InputObject};
use domain::ids::IdSource;
use domain::{Command, MeetingCommand};
use uuid::Uuid;

use super::draft::new_id;
use super::files::DocumentInput;
use super::{Draft, Input, Place, Recording, UserError, mutations};
use crate::node::NodeKind;
use crate::types::meeting::Meeting;

mutations! {
    /// Papers of meetings.
    PaperMutations;

    /// Add a paper to a meeting: a file that was uploaded, or a link.
    add_meeting_paper(AddMeetingPaperInput) -> AddMeetingPaperPayload {
        /// The meeting as it is now.
        meeting: Meeting,
    }
    /// Take a paper of a meeting back. It stays in the meeting's history.
    withdraw_meeting_paper(WithdrawMeetingPaperInput) -> WithdrawMeetingPaperPayload {
        /// The meeting as it is now.
        meeting: Meeting,
    }
}

/// A paper that is not there yet.
#[derive(InputObject)]
pub struct AddMeetingPaperInput {
    /// The meeting.
    meeting_id: ID,
    /// The id of the new paper; made when left out.
    new_id: Option<Uuid>,
    /// What it is called.
    title: String,
    #[graphql(flatten)]
    document: DocumentInput,
    #[graphql(flatten)]
    recording: Recording,
}

impl Input for AddMeetingPaperInput {
    fn recording(&self) -> &Recording {
        &self.recording
    }

    fn draft(self, ids: &dyn IdSource) -> Result<Draft, UserError> {
        let meeting = place(&self.meeting_id)?;
        let command = MeetingCommand::AddPaper {
            paper: new_id(self.new_id, ids),
            title: self.title,
            document: self.document.read()?,
        };
        Ok(ask(&meeting, command).renaming(&[("paperId", "newId")]))
    }
}

/// A paper that is to be taken back.
#[derive(InputObject)]
pub struct WithdrawMeetingPaperInput {
    /// The meeting.
    meeting_id: ID,
    /// The paper.
    paper: Uuid,
    /// Why.
    reason: String,
    #[graphql(flatten)]
    recording: Recording,
}

impl Input for WithdrawMeetingPaperInput {
    fn recording(&self) -> &Recording {
        &self.recording
    }

    fn draft(self, _: &dyn IdSource) -> Result<Draft, UserError> {
        let meeting = place(&self.meeting_id)?;
        let command = MeetingCommand::WithdrawPaper {
            paper: self.paper.into(),
            reason: self.reason.into(),
        };
        Ok(ask(&meeting, command).renaming(&[("paperId", "paper")]))
    }
}

fn place(id: &ID) -> Result<Place, UserError> {
    Place::read(NodeKind::Meeting, "meetingId", id)
}

fn ask(meeting: &Place, command: MeetingCommand) -> Draft {
    let id = meeting.id();
    Draft::new(meeting, Command::Meeting { id, command })
}
