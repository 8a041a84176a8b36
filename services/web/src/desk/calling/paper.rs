//! The paper for a meeting, put together from the record: what is to be spoken of, minutes to agree, what was put off, and every open
//! action of the group, each once. It prints on paper as it stands.

use askama::Template;
use axum::extract::{Path, State};
use axum::response::Response;

use crate::address::Address;
use crate::ask::ask;
use crate::desk::Desk;
use crate::documents::document;
use crate::documents::scalars::Date;
use crate::instead::Instead;
use crate::page::{Frame, shown};
use crate::uk;
use crate::visit::{Visit, Web};

document!(MeetingPaper, "documents/desk/meeting-paper.graphql");

use meeting_paper::{
    MeetingPaperMeeting as Meeting, MeetingPaperMeetingPaper as Paper,
    MeetingPaperMeetingPaperMattersArisingNodes as Matter,
};

#[derive(Template)]
#[template(path = "desk/calling/paper.html")]
struct Page {
    frame: Frame,
    here: String,
    meeting: Meeting,
    paper: Paper,
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
        let settled = self.arrangement.as_ref();
        let day = self.held_on.or(settled.and_then(|it| it.on));
        let words = settled.and_then(|it| it.words.clone());
        let time = settled.and_then(|it| it.time.clone());
        let venue = settled.and_then(|it| it.venue.clone());
        let parts = [
            day.as_ref().map(uk::weekday),
            words,
            self.time.clone().or(time),
            self.venue.clone().or(venue),
        ];
        let parts: Vec<String> = parts.into_iter().flatten().collect();
        parts.join(", ")
    }
}

/// The meeting, its paper, and all matters arising: a paper is not read by pages.
async fn find(web: &Web, desk: &Desk, id: &str) -> Result<(Meeting, Paper, Vec<Matter>), Instead> {
    let mut matters = Vec::new();
    let mut variables = meeting_paper::Variables {
        id: id.to_owned(),
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
        matters.append(&mut paper.matters_arising.nodes);
        let info = &paper.matters_arising.page_info;
        if !info.has_next_page || info.end_cursor.is_none() {
            return Ok((meeting, paper, matters));
        }
        variables.matters.clone_from(&info.end_cursor);
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
    let (meeting, paper, matters) = find(&web, &desk, &id).await?;
    let group = meeting.group.as_ref();
    let group = group.map_or_else(|| "A meeting".to_owned(), |group| group.name.clone());
    shown(&Page {
        frame: desk
            .frame("Paper for the meeting")?
            .crumb(group, desk.at(&format!("/meetings/{id}"))),
        here: desk.at(""),
        meeting,
        paper,
        matters,
    })
}
