//! The paper for a meeting, put together from the record: what is to be spoken of, minutes to agree, what was put off, what changed
//! since the group met last, and every open action of the group, each once. It prints on paper as it stands.

use askama::Template;
use axum::extract::{Path, State};
use axum::response::Response;

use super::changes::Changes;
use crate::address::Address;
use crate::arranged::{Arranged, arranged};
use crate::ask::ask;
use crate::desk::Desk;
use crate::documents::document;
use crate::documents::scalars::{Date, Session};
use crate::documents::words::{ActionState, ObjectiveStateKind, PlanChangeKind, Visibility};
use crate::instead::Instead;
use crate::page::{Frame, shown};
use crate::uk;
use crate::visit::{Visit, Web};

document!(MeetingPaper, "documents/desk/meeting-paper.graphql");

use meeting_paper::{
    MeetingPaperMeeting as Meeting, MeetingPaperMeetingPaper as Paper,
    MeetingPaperMeetingPaperMattersArisingNodes as Matter,
};
pub(super) use meeting_paper::{
    MeetingPaperMeetingPaperChangesNodes as Change,
    MeetingPaperMeetingPaperChangesNodesSteps as Step, Value,
};

#[derive(Template)]
#[template(path = "desk/calling/paper.html")]
struct Page {
    frame: Frame,
    here: String,
    meeting: Meeting,
    paper: Paper,
    changes: Changes,
    matters: Vec<Matter>,
}

impl Page {
    fn overdue(&self) -> usize {
        let overdue = self.matters.iter().filter(|matter| matter.overdue);
        overdue.count()
    }
}

impl Meeting {
    fn when_and_where(&self) -> String {
        let called = self.arrangement.as_ref().map(|when| arranged!(when));
        let called = called.unwrap_or_default();
        let met = Arranged {
            on: self.held_on.as_ref().or(called.on),
            time: self.time.as_deref().or(called.time),
            venue: self.venue.as_deref().or(called.venue),
            ..called
        };
        met.in_words()
    }
}

/// Goes on where a list ended; whether it has more.
fn go_on(after: &mut Option<String>, has_more: bool, end: Option<&String>) -> bool {
    if let Some(end) = end {
        *after = Some(end.clone());
    }
    has_more && end.is_some()
}

/// What a paper says.
struct Found {
    meeting: Meeting,
    paper: Paper,
    changes: Vec<Change>,
    matters: Vec<Matter>,
}

/// The meeting, its paper, all that changed and all matters arising: a paper is not read by pages.
async fn find(web: &Web, desk: &Desk, id: &str) -> Result<Found, Instead> {
    let (mut changes, mut matters) = (Vec::new(), Vec::new());
    let mut variables = meeting_paper::Variables {
        id: id.to_owned(),
        changes: None,
        matters: None,
    };
    loop {
        let answer =
            ask::<MeetingPaper>(&web.gateway, variables.clone(), desk.looker.caller()).await?;
        let mut meeting = answer.meeting.ok_or(Instead::NotHere)?;
        let group = meeting.group.as_ref();
        if group.is_none_or(|group| group.compact.slug != desk.place.slug) {
            return Err(Instead::NotHere);
        }
        let mut paper = meeting.paper.take().ok_or(Instead::NotHere)?;
        changes.append(&mut paper.changes.nodes);
        matters.append(&mut paper.matters_arising.nodes);
        let info = &paper.changes.page_info;
        let after = &mut variables.changes;
        let more = go_on(after, info.has_next_page, info.end_cursor.as_ref());
        let info = &paper.matters_arising.page_info;
        let after = &mut variables.matters;
        if !go_on(after, info.has_next_page, info.end_cursor.as_ref()) && !more {
            return Ok(Found {
                meeting,
                paper,
                changes,
                matters,
            });
        }
    }
}

/// `GET /desk/{slug}/meetings/{id}/paper`
pub async fn show(
    State(web): State<Web>,
    visit: Visit,
    Path((slug, id)): Path<(String, String)>,
    address: Address,
) -> Result<Response, Instead> {
    let desk = web.desk(&visit, &slug, address.path()).await?;
    let found = find(&web, &desk, &id).await?;
    let group = found.meeting.group.as_ref();
    let group = group.map_or_else(|| "A meeting".to_owned(), |group| group.name.clone());
    shown(&Page {
        frame: desk
            .frame("Paper for the meeting")?
            .crumb(group, desk.at(&format!("/meetings/{id}"))),
        here: desk.at(""),
        changes: Changes::new(desk.at(""), found.paper.previous.is_some(), found.changes),
        meeting: found.meeting,
        paper: found.paper,
        matters: found.matters,
    })
}
