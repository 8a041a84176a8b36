//! Calling a meeting of a group.

use askama::Template;

use super::when::{When, WhenFields};
use crate::ask::ask;
use crate::change::{Changed, change};
use crate::desk::room::{Answered, At, Room, Sent};
use crate::documents::document;
use crate::documents::scalars::{Date, Position, UUID};
use crate::form::{Choice, Choices, Fields, Kind, Problems};
use crate::instead::Instead;
use crate::page::Frame;

document!(DeskGroups, "documents/desk/groups.graphql");
document!(CallMeeting, "documents/desk/call-meeting.graphql");

#[derive(Template)]
#[template(path = "desk/calling/call.html")]
pub struct Page {
    frame: Frame,
    here: String,
    command: String,
    group: Choices,
    when: WhenFields,
}

impl Room for Page {
    type Thing = ();

    async fn find(_: At<'_>) -> Result<(), Instead> {
        Ok(())
    }

    async fn new(at: At<'_>, (): &(), (fields, problems): Sent<'_>) -> Result<Self, Instead> {
        let chosen: Fields = [("groupId", at.address.one("group"))].into_iter().collect();
        let fields = if fields.nothing_typed() {
            &chosen
        } else {
            fields
        };
        let variables = desk_groups::Variables {
            compact: at.desk.place.id.clone(),
        };
        let answer = ask::<DeskGroups>(&at.web.gateway, variables, at.desk.looker.caller()).await?;
        let compact = answer.compact.ok_or(Instead::NotHere)?;
        let groups = compact.groups.into_iter();
        let groups = groups.filter(|group| group.wound_up.is_none());
        let groups = groups.map(|group| Choice::new(group.id, group.name));
        Ok(Self {
            frame: at.desk.frame("Call a meeting")?.mending(problems),
            here: at.desk.at("/call"),
            command: at.command(),
            group: Choices::new(Kind::Radios, "groupId", "Which group meets?", groups)
                .sent(fields, problems),
            when: WhenFields::new().sent(fields, problems),
        })
    }

    async fn record(at: At<'_>, (): &(), (fields, _): (&Fields, Option<i64>)) -> Answered {
        let mut wrong = Problems::default();
        let Some(input) = call(fields, &mut wrong) else {
            return Ok(Err(wrong));
        };
        let sent = call_meeting::Variables { input };
        let caller = at.desk.looker.caller();
        Ok(
            match change::<CallMeeting>(&at.web.gateway, sent, caller).await? {
                Changed::Done(done) => {
                    let id = done.new_id.ok_or(Instead::NotHere)?;
                    Ok(at.desk.at(&format!("/meetings/{id}?done=called")))
                }
                Changed::ToMend(problems) => Err(problems),
            },
        )
    }
}

/// What is called; none where something is missing.
fn call(fields: &Fields, wrong: &mut Problems) -> Option<call_meeting::CallMeetingInput> {
    let when = When::read(fields, wrong);
    let group_id = fields.some("groupId");
    if group_id.is_none() {
        wrong.add("groupId", "choose the group that is to meet");
    }
    let (when, group_id) = (when?, group_id?);
    Some(call_meeting::CallMeetingInput {
        group_id,
        on: when.on,
        words: when.words,
        time: when.time,
        venue: when.venue,
        command_id: fields.command(),
        expected_version: None,
        meeting: None,
        new_id: None,
        occurred_on: None,
    })
}
