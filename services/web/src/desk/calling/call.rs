//! Calling a meeting of a group.

use askama::Template;
use axum::extract::{Path, State};
use axum::response::Response;

use super::when::{When, WhenFields};
use crate::address::Address;
use crate::ask::ask;
use crate::change::{Changed, change};
use crate::desk::Desk;
use crate::documents::document;
use crate::documents::scalars::{Date, Position, UUID};
use crate::form::{Choice, Choices, Fields, Kind, Problems};
use crate::instead::Instead;
use crate::page::{Frame, onwards, shown, to_mend};
use crate::visit::{Visit, Web};

document!(DeskGroups, "documents/desk/groups.graphql");
document!(CallMeeting, "documents/desk/call-meeting.graphql");

#[derive(Template)]
#[template(path = "desk/calling/call.html")]
struct Page {
    frame: Frame,
    here: String,
    command: String,
    group: Choices,
    when: WhenFields,
}

impl Page {
    async fn new(
        (web, desk): (&Web, &Desk),
        (fields, problems): (&Fields, &Problems),
    ) -> Result<Self, Instead> {
        let variables = desk_groups::Variables {
            compact: desk.place.id.clone(),
        };
        let answer = ask::<DeskGroups>(&web.gateway, variables, desk.looker.caller()).await?;
        let compact = answer.compact.ok_or(Instead::NotHere)?;
        let groups = compact.groups.into_iter();
        let groups = groups.filter(|group| group.wound_up.is_none());
        let groups = groups.map(|group| Choice::new(group.id, group.name));
        Ok(Self {
            frame: desk.frame("Call a meeting")?.mending(problems),
            here: desk.at("/call"),
            command: web.gateway.services().ids.next().to_string(),
            group: Choices::new(Kind::Radios, "groupId", "Which group meets?", groups)
                .sent(fields, problems),
            when: WhenFields::new().sent(fields, problems),
        })
    }
}

/// `GET /desk/{slug}/call`
pub async fn show(
    State(web): State<Web>,
    visit: Visit,
    Path(slug): Path<String>,
    address: Address,
) -> Result<Response, Instead> {
    let desk = web.desk(&visit, &slug, address.path()).await?;
    let chosen: Fields = [("groupId", address.one("group"))].into_iter().collect();
    shown(&Page::new((&web, &desk), (&chosen, &Problems::default())).await?)
}

/// `POST /desk/{slug}/call`
pub async fn send(
    State(web): State<Web>,
    visit: Visit,
    Path(slug): Path<String>,
    address: Address,
    fields: Fields,
) -> Result<Response, Instead> {
    let here = address.path();
    let desk = web.desk_sending(&visit, &fields, (&slug, here)).await?;
    let mut wrong = Problems::default();
    if let Some(input) = call(&fields, &mut wrong) {
        let sent = call_meeting::Variables { input };
        match change::<CallMeeting>(&web.gateway, sent, desk.looker.caller()).await? {
            Changed::Done(done) => {
                let id = done.new_id.ok_or(Instead::NotHere)?;
                let there = Address::read(&desk.at(&format!("/meetings/{id}")), "");
                return Ok(onwards(&there.with("done", "called").to_string()));
            }
            Changed::ToMend(problems) => wrong = problems,
        }
    }
    to_mend(&Page::new((&web, &desk), (&fields, &wrong)).await?)
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
