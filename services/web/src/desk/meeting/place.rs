//! When a meeting that is recorded began and where it was held: put right. The day it was held stays.

use askama::Template;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::response::Response;

use super::why::{Given, Why};
use super::{Held, HeldAt};
use crate::address::Address;
use crate::change::change;
use crate::desk::{Desk, to_mend as problems_of};
use crate::documents::document;
use crate::documents::scalars::{Date, Position, UUID};
use crate::form::{
    Conflict, Contested, Field, Fields, Ground, Problems, Settled, settle, time_of_day,
};
use crate::instead::Instead;
use crate::page::{Frame, onwards, shown, to_mend, with_status};
use crate::visit::{Visit, Web};

document!(
    CorrectMeeting,
    "documents/desk/correct-meeting.graphql",
    one_of
);

use correct_meeting::{CorrectMeetingInput, MeetingInput};

#[derive(Template)]
#[template(path = "desk/meeting/place.html")]
struct Page {
    frame: Frame,
    here: String,
    back: String,
    conflict: Option<Conflict>,
    ground: Ground,
    command: String,
    time: Field,
    venue: Field,
    why: Why,
}

/// "Held at the Guildhall, 10:30"; none where neither is known.
pub fn in_words(time: Option<&str>, venue: Option<&str>) -> Option<String> {
    match (venue, time) {
        (Some(venue), Some(time)) => Some(format!("Held at {venue}, {time}")),
        (Some(venue), None) => Some(format!("Held at {venue}")),
        (None, Some(time)) => Some(format!("It began at {time}")),
        (None, None) => None,
    }
}

impl HeldAt {
    /// What was recorded before it was put right.
    pub fn before(&self) -> String {
        let before = in_words(self.time.as_deref(), self.venue.as_deref());
        before.map_or_else(
            || "Nothing was recorded of it before.".to_owned(),
            |before| format!("Recorded before: {before}."),
        )
    }
}

impl Held {
    /// When it began and where it was held, as it is recorded.
    fn at(&self) -> (&str, &str) {
        let time = self.meeting.time.as_deref();
        let venue = self.meeting.venue.as_deref();
        (time.unwrap_or_default(), venue.unwrap_or_default())
    }

    fn ground(&self) -> Ground {
        let (time, venue) = self.at();
        Ground::new(self.meeting.version)
            .and("time", "When it began", time)
            .and("venue", "Where it was held", venue)
    }
}

impl Page {
    fn new(
        (web, desk): (&Web, &Desk),
        held: &Held,
        (fields, problems): (&Fields, &Problems),
    ) -> Result<Self, Instead> {
        let (time, venue) = held.at();
        let back = held.address(desk);
        let mut page = Self {
            frame: held
                .frame(desk, "Put right when and where it was held")?
                .mending(problems),
            here: format!("{back}/place"),
            back,
            conflict: None,
            ground: held.ground(),
            command: web.gateway.services().ids.next().to_string(),
            time: Field {
                short: true,
                ..Field::new("time", "At what time did it begin?", "off")
            }
            .hinting("Such as 14:30 or 2.30pm. Leave it empty where nobody knows.")
            .with(time),
            venue: Field::words("venue", "Where was it held?")
                .hinting("Leave it empty where nobody knows.")
                .with(venue),
            why: Why::new(&held.later),
        };
        if !fields.nothing_typed() {
            page.time = page.time.sent(fields, problems);
            page.venue = page.venue.sent(fields, problems);
            page.why = page.why.sent(fields, problems);
        }
        Ok(page)
    }
}

/// A form that was sent.
struct Sending<'s> {
    at: (&'s Web, &'s Desk),
    id: &'s str,
    fields: &'s Fields,
}

impl Contested for Sending<'_> {
    type Thing = Held;

    async fn find(&self) -> Result<Held, Instead> {
        let (web, desk) = self.at;
        Held::find(web, desk, self.id).await
    }

    fn ground(&self, held: &Held) -> Ground {
        held.ground()
    }

    async fn record(&self, held: &Held, version: Option<i64>) -> Result<Option<Problems>, Instead> {
        record(self.at, held, (self.fields, version)).await
    }
}

/// `GET /desk/{slug}/meetings/{id}/place`
pub async fn show(
    State(web): State<Web>,
    visit: Visit,
    Path((slug, id)): Path<(String, String)>,
    address: Address,
) -> Result<Response, Instead> {
    let desk = web.desk(&visit, &slug, address.path()).await?;
    let held = Held::find(&web, &desk, &id).await?;
    let nothing = (&Fields::default(), &Problems::default());
    shown(&Page::new((&web, &desk), &held, nothing)?)
}

/// `POST /desk/{slug}/meetings/{id}/place`
pub async fn send(
    State(web): State<Web>,
    visit: Visit,
    Path((slug, id)): Path<(String, String)>,
    address: Address,
    fields: Fields,
) -> Result<Response, Instead> {
    let desk = web
        .desk_sending(&visit, &fields, (&slug, address.path()))
        .await?;
    let sending = Sending {
        at: (&web, &desk),
        id: &id,
        fields: &fields,
    };
    match settle(&sending, &fields).await? {
        Settled::Recorded(held) => {
            let there = held.address(&desk);
            Ok(onwards(&format!("{there}?done=place")))
        }
        Settled::ToMend(held, problems) => {
            to_mend(&Page::new((&web, &desk), &held, (&fields, &problems))?)
        }
        Settled::Contested(held, problems) => {
            let mut page = Page::new((&web, &desk), &held, (&fields, &problems))?;
            let typed = |part: &str| Some(fields.text(part).unwrap_or_default());
            let back = held.address(&desk);
            page.conflict = Some(held.ground().against(&fields, back, typed));
            with_status(StatusCode::CONFLICT, &page)
        }
    }
}

async fn record(
    (web, desk): (&Web, &Desk),
    held: &Held,
    (fields, expected_version): (&Fields, Option<i64>),
) -> Result<Option<Problems>, Instead> {
    let mut wrong = Problems::default();
    let time = time_of_day(fields, "time").unwrap_or_else(|words| {
        wrong.add("time", words);
        None
    });
    let why = Given::read(fields, &mut wrong);
    if !wrong.is_empty() {
        return Ok(Some(wrong));
    }
    let input = CorrectMeetingInput {
        command_id: fields.command(),
        expected_version,
        meeting: why.at.map(|at| MeetingInput {
            id: at.id,
            held_on: at.held_on,
            group_id: held.group.clone(),
        }),
        meeting_id: held.meeting.id.clone(),
        occurred_on: why.occurred_on,
        reason: why.reason,
        time,
        venue: fields.some("venue"),
    };
    let sent = correct_meeting::Variables { input };
    let caller = desk.looker.caller();
    Ok(problems_of(
        change::<CorrectMeeting>(&web.gateway, sent, caller).await?,
    ))
}
