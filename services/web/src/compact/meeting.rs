//! A meeting: what is to be spoken of, or what was said and decided, with its papers.

use askama::Template;
use axum::extract::{Path, State};
use axum::response::Response;

use super::{frame, must_be_of};
use crate::address::Address;
use crate::arranged::arranged;
use crate::ask::ask;
use crate::documents::document;
use crate::documents::scalars::{Date, Position, Session};
use crate::documents::words::{ActionState, Attending, MinutesState, Visibility};
use crate::instead::Instead;
use crate::may;
use crate::page::Frame;
use crate::parts::{Actions, Source};
use crate::uk;
use crate::visit::{Visit, Web};

document!(MeetingPage, "documents/meeting.graphql");

use meeting_page::MeetingPageMeeting as Whole;
use meeting_page::MeetingPageMeetingAttendance as Attended;
use meeting_page::MeetingPageMeetingPapersDocument as Document;

#[derive(Template)]
#[template(path = "compact/meeting.html")]
struct Page {
    frame: Frame,
    actions: Actions,
    source: Source,
    slug: String,
    meeting: Whole,
    /// Who took part how; none where that is not told.
    attendance: Vec<(Attending, Vec<String>)>,
}

impl Whole {
    fn title(&self) -> String {
        if let Some(held) = &self.held_on {
            return format!("Meeting of {}", uk::day(held));
        }
        let when = self.arrangement.as_ref().map(|when| arranged!(when));
        format!("Meeting called for {}", when.unwrap_or_default().day())
    }

    fn time_and_venue(&self) -> (Option<&str>, Option<&str>) {
        let arrangement = self.arrangement.as_ref();
        let time = arrangement.and_then(|arrangement| arrangement.time.as_deref());
        let venue = arrangement.and_then(|arrangement| arrangement.venue.as_deref());
        (
            self.time.as_deref().or(time),
            self.venue.as_deref().or(venue),
        )
    }
}

impl Document {
    fn href(&self) -> Option<&str> {
        let file = self.file.as_ref().map(|file| file.url.as_str());
        file.or(self.link.as_ref().map(|link| link.url.as_str()))
    }
}

impl Attended {
    fn words(&self) -> String {
        let organisation = self.organisation_then.as_ref();
        match (&self.who, organisation) {
            (Some(who), Some(organisation)) => format!("{who} ({})", organisation.name),
            (Some(who), None) => who.clone(),
            (None, Some(organisation)) => organisation.name.clone(),
            (None, None) => "Somebody who is not named here".to_owned(),
        }
    }
}

fn grouped(attendance: &[Attended]) -> Vec<(Attending, Vec<String>)> {
    let groups = Attending::ALL.iter().map(|attending| {
        let of_it = attendance.iter().filter(|one| one.attending == *attending);
        (*attending, of_it.map(Attended::words).collect::<Vec<_>>())
    });
    groups.filter(|(_, people)| !people.is_empty()).collect()
}

/// `GET /compacts/{slug}/meetings/{id}`
pub async fn show(
    State(web): State<Web>,
    visit: Visit,
    address: Address,
    Path((slug, id)): Path<(String, String)>,
) -> Result<Response, Instead> {
    let looker = web.looker(&visit).await?;
    let kept = web.kept(&looker, (&visit, &address)).await?;
    if let Some(had) = kept.had_by(&visit) {
        return Ok(had);
    }
    let asked = meeting_page::Variables {
        slug: slug.clone(),
        id,
    };
    let answer = ask::<MeetingPage>(&web.gateway, asked, looker.caller()).await?;
    let compact = answer.compact.ok_or(Instead::NotHere)?;
    let meeting = answer.meeting.ok_or(Instead::NotHere)?;
    if let Some(group) = &meeting.group {
        must_be_of(&slug, &group.compact.slug)?;
    }
    let place = (slug.as_str(), compact.name.as_str());
    kept.shown(&Page {
        frame: frame(meeting.title(), &looker, place)?
            .crumb("Meetings", format!("/compacts/{slug}/meetings")),
        actions: may::with_meeting(&looker, &slug, &meeting.id),
        source: may::source(&looker, &slug),
        attendance: grouped(meeting.attendance.as_deref().unwrap_or_default()),
        slug,
        meeting,
    })
}
