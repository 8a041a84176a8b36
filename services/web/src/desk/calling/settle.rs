//! Moving a meeting that was called to another day, time or place, or calling it off.

use askama::Template;

use super::when::{When, WhenFields};
use super::{Called, find};
use crate::change::{Changed, change};
use crate::desk::room::{Answered, At, Room, Sent, or_on_to};
use crate::desk::{Desk, to_mend as problems_of};
use crate::documents::document;
use crate::documents::scalars::{Date, Position, UUID};
use crate::form::{Area, Fields, Problems};
use crate::instead::Instead;
use crate::page::Frame;
use crate::uk;
use crate::visit::Web;

document!(RearrangeMeeting, "documents/desk/rearrange-meeting.graphql");
document!(CancelMeeting, "documents/desk/cancel-meeting.graphql");

#[derive(Template)]
#[template(path = "desk/calling/settle.html")]
pub struct Page {
    frame: Frame,
    here: String,
    /// Each of the two forms is a command of its own.
    commands: [String; 2],
    meeting: Called,
    when: WhenFields,
    /// Why it is moved.
    moved: Area,
    /// Why it is called off.
    off: Area,
}

impl Room for Page {
    type Thing = Called;

    async fn find(at: At<'_>) -> Result<Called, Instead> {
        find(at.web, at.desk, at.named(0)?).await
    }

    async fn new(
        at: At<'_>,
        meeting: &Called,
        (fields, problems): Sent<'_>,
    ) -> Result<Self, Instead> {
        let back = at.desk.at(&format!("/meetings/{}", meeting.id));
        let ids = &at.web.gateway.services().ids;
        // Who calls it off has moved nothing.
        let fresh = fields.nothing_typed() || fields.one("step") == "off";
        let when = WhenFields::new();
        let when = match &meeting.arrangement {
            Some(settled) if fresh => when.with(settled),
            _ => when.sent(fields, problems),
        };
        Ok(Self {
            frame: at
                .desk
                .frame("Move it, or call it off")?
                .crumb(meeting.title(), back)
                .mending(problems),
            here: at.desk.at(&format!("/meetings/{}/settle", meeting.id)),
            commands: [ids.next().to_string(), ids.next().to_string()],
            when,
            moved: Area::new("reason", "Why is it moved?")
                .hinting("May be left empty.")
                .sent(fields, problems),
            off: Area::new("off", "Why is it called off?").sent(fields, problems),
            meeting: meeting.clone(),
        })
    }

    async fn record(at: At<'_>, meeting: &Called, (fields, _): (&Fields, Option<i64>)) -> Answered {
        let step = fields.one("step");
        let problems = match step {
            "moved" => rearrange(at.web, at.desk, (meeting, fields)).await?,
            "off" => call_off(at.web, at.desk, (meeting, fields)).await?,
            _ => return Err(Instead::NotHere),
        };
        let there = at.desk.at(&format!("/meetings/{}?done={step}", meeting.id));
        Ok(or_on_to(problems, there))
    }
}

async fn rearrange(
    web: &Web,
    desk: &Desk,
    (meeting, fields): (&Called, &Fields),
) -> Result<Option<Problems>, Instead> {
    let mut wrong = Problems::default();
    let Some(when) = When::read(fields, &mut wrong) else {
        return Ok(Some(wrong));
    };
    let input = rearrange_meeting::RearrangeMeetingInput {
        meeting_id: meeting.id.clone(),
        on: when.on,
        words: when.words,
        time: when.time,
        venue: when.venue,
        reason: fields.text("reason"),
        command_id: fields.command(),
        expected_version: fields.some("version").and_then(|seen| seen.parse().ok()),
        meeting: None,
        occurred_on: None,
    };
    let sent = rearrange_meeting::Variables { input };
    let caller = desk.looker.caller();
    Ok(problems_of(
        change::<RearrangeMeeting>(&web.gateway, sent, caller).await?,
    ))
}

async fn call_off(
    web: &Web,
    desk: &Desk,
    (meeting, fields): (&Called, &Fields),
) -> Result<Option<Problems>, Instead> {
    let Some(reason) = fields.text("off") else {
        let mut wrong = Problems::default();
        wrong.add("off", "say why it is called off");
        return Ok(Some(wrong));
    };
    let input = cancel_meeting::CancelMeetingInput {
        meeting_id: meeting.id.clone(),
        reason,
        command_id: fields.command(),
        expected_version: None,
        meeting: None,
        occurred_on: None,
    };
    let sent = cancel_meeting::Variables { input };
    match change::<CancelMeeting>(&web.gateway, sent, desk.looker.caller()).await? {
        Changed::Done(_) => Ok(None),
        Changed::ToMend(problems) => Ok(Some(problems.renamed(|place| match place {
            "reason" => "off".to_owned(),
            other => other.to_owned(),
        }))),
    }
}
