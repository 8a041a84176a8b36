//! When a meeting that is recorded began and where it was held: put right. The day it was held stays.

use askama::Template;

use super::why::{Given, Why};
use super::{Held, HeldAt};
use crate::change::change;
use crate::desk::room::{Answered, At, Room, Sent, or_on_to};
use crate::desk::{Desk, to_mend as problems_of};
use crate::documents::document;
use crate::documents::scalars::{Date, Position, UUID};
use crate::form::{Conflict, Field, Fields, Ground, Problems, time_of_day};
use crate::instead::Instead;
use crate::page::Frame;
use crate::visit::Web;

document!(
    CorrectMeeting,
    "documents/desk/correct-meeting.graphql",
    one_of
);

use correct_meeting::{CorrectMeetingInput, MeetingInput};

#[derive(Template)]
#[template(path = "desk/meeting/place.html")]
pub struct Page {
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

impl Room for Page {
    type Thing = Held;

    async fn find(at: At<'_>) -> Result<Held, Instead> {
        Held::find(at.web, at.desk, at.named(0)?).await
    }

    async fn new(at: At<'_>, held: &Held, (fields, problems): Sent<'_>) -> Result<Self, Instead> {
        let (time, venue) = held.at();
        let back = held.address(at.desk);
        let mut page = Self {
            frame: held
                .frame(at.desk, "Put right when and where it was held")?
                .mending(problems),
            here: format!("{back}/place"),
            back,
            conflict: None,
            ground: held.ground(),
            command: at.command(),
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

    async fn record(at: At<'_>, held: &Held, sent: (&Fields, Option<i64>)) -> Answered {
        let there = format!("{}?done=place", held.address(at.desk));
        Ok(or_on_to(correct(at.both(), held, sent).await?, there))
    }

    fn ground(held: &Held) -> Ground {
        held.ground()
    }

    fn contested(&mut self, at: At<'_>, held: &Held, fields: &Fields) {
        let back = held.address(at.desk);
        let typed = |part: &str| Some(fields.text(part).unwrap_or_default());
        self.conflict = Some(held.ground().against(fields, back, typed));
    }
}

async fn correct(
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
