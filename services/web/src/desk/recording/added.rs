//! An item that is added to the minutes of a meeting that is recorded, while they are a draft: with its decision, the actions it raised and the
//! updates it gave, as where the whole meeting is recorded.
//!
//! Nothing of it is kept before it is sent. A button that adds a row or takes one out brings the page back with what was typed.

use std::sync::Arc;

use askama::Template;
use graphql_client::{GraphQLQuery, QueryBody};
use serde::Serialize;

use super::command::Written;
use super::command::record_meeting::MeetingItemInput;
use super::ground::Ground;
use super::page::Empty;
use super::rows::{ItemRow, Typed};
use super::sheet::{self, in_order};
use crate::ask::ask;
use crate::change::change;
use crate::desk::room::{Answered, At, Room, Sent, or_on_to};
use crate::desk::{Desk, to_mend as problems_of};
use crate::documents::document;
use crate::documents::scalars::{Date, Position, UUID};
use crate::documents::words::MinutesState;
use crate::form::{COMMAND, Fields, Problems};
use crate::instead::Instead;
use crate::page::Frame;
use crate::uk;
use crate::visit::Web;

document!(Minuted, "documents/desk/minuted.graphql");
document!(
    AddMeetingItem,
    "documents/desk/add-meeting-item.graphql",
    one_of
);

/// The document that adds an item, the item written as it is where a whole meeting is recorded.
struct AddItem;

#[derive(Clone, Serialize)]
struct Adding {
    input: AddingInput,
}

#[derive(Clone, Serialize)]
#[serde(rename_all = "camelCase")]
struct AddingInput {
    command_id: Option<UUID>,
    item: MeetingItemInput,
    meeting_id: String,
    occurred_on: Date,
}

impl GraphQLQuery for AddItem {
    type Variables = Adding;
    type ResponseData = <AddMeetingItem as GraphQLQuery>::ResponseData;

    fn build_query(variables: Adding) -> QueryBody<Adding> {
        QueryBody {
            variables,
            query: add_meeting_item::QUERY,
            operation_name: add_meeting_item::OPERATION_NAME,
        }
    }
}

/// The one item of the form.
const ROW: &str = "items.0";

#[derive(Template)]
#[template(path = "desk/recording/added.html")]
pub struct Page {
    frame: Frame,
    here: String,
    command: String,
    item: ItemRow,
    ground: Arc<Ground>,
    empty: Empty,
}

/// A meeting whose minutes are a draft.
pub struct Meeting {
    id: String,
    held_on: Date,
    group: String,
    /// How many items there are.
    items: usize,
    ground: Arc<Ground>,
}

impl Meeting {
    async fn find(web: &Web, desk: &Desk, id: &str) -> Result<Self, Instead> {
        let asked = minuted::Variables { id: id.to_owned() };
        let answer = ask::<Minuted>(&web.gateway, asked, desk.looker.caller()).await?;
        let meeting = answer.meeting.ok_or(Instead::NotHere)?;
        let sent = matches!(
            meeting.minutes,
            Some(MinutesState::Circulated | MinutesState::Agreed)
        );
        let group = meeting
            .group
            .filter(|group| !sent && group.compact.slug == desk.place.slug);
        let (Some(group), Some(held_on)) = (group, meeting.held_on) else {
            return Err(Instead::NotHere);
        };
        let whose = (group.id, group.name.clone());
        Ok(Self {
            ground: Arc::new(Ground::of_group(web, desk, whose).await?),
            id: meeting.id,
            items: meeting.items.len(),
            held_on,
            group: group.name,
        })
    }

    fn address(&self, desk: &Desk) -> String {
        desk.at(&format!("/meetings/{}", self.id))
    }
}

impl Room for Page {
    type Thing = Meeting;

    async fn find(at: At<'_>) -> Result<Meeting, Instead> {
        Meeting::find(at.web, at.desk, at.named(0)?).await
    }

    async fn new(
        at: At<'_>,
        meeting: &Meeting,
        (fields, problems): Sent<'_>,
    ) -> Result<Self, Instead> {
        let fields = &in_order(fields);
        let ground = &meeting.ground;
        let typed = Typed {
            fields,
            problems,
            ground,
        };
        let there = meeting.address(at.desk);
        let title = format!("{}, {}", meeting.group, uk::day(&meeting.held_on));
        let frame = at.desk.frame("Add an item to the minutes")?;
        Ok(Self {
            here: format!("{there}/items/new"),
            frame: frame.crumb(title, there).mending(problems),
            command: fields.some(COMMAND).unwrap_or_else(|| at.command()),
            item: ItemRow::new(typed, ROW.to_owned()).alone(ground.plan_of_headings().is_some()),
            empty: Empty::new(ground),
            ground: Arc::clone(ground),
        })
    }

    async fn record(
        at: At<'_>,
        meeting: &Meeting,
        (fields, _): (&Fields, Option<i64>),
    ) -> Answered {
        let there = format!("{}?done=minuted", meeting.address(at.desk));
        let problems = record(at.both(), meeting, &in_order(fields)).await?;
        Ok(or_on_to(problems, there))
    }

    fn grown(fields: &Fields) -> Option<Fields> {
        sheet::grown(fields)
    }
}

async fn record(
    (web, desk): (&Web, &Desk),
    meeting: &Meeting,
    fields: &Fields,
) -> Result<Option<Problems>, Instead> {
    let mut written = Written::new(fields, &meeting.ground);
    // As where the whole meeting is recorded: the day of the meeting, and the item's number in its minutes.
    let label = format!("{}/{}", meeting.held_on.format("%y%m%d"), meeting.items + 1);
    let plan = meeting.ground.plan_of_headings();
    written.heading = plan.map(|plan| (plan.id.clone(), label));
    let item = written.items().pop();
    if item.is_none() {
        let words = "give it a heading, and say what was said or decided";
        written.wrong.add(format!("{ROW}.title"), words);
    }
    let Some(item) = item.filter(|_| written.wrong.is_empty()) else {
        return Ok(Some(written.wrong));
    };
    let input = AddingInput {
        command_id: fields.command(),
        item,
        meeting_id: meeting.id.clone(),
        occurred_on: meeting.held_on,
    };
    let sent = Adding { input };
    let changed = change::<AddItem>(&web.gateway, sent, desk.looker.caller()).await?;
    Ok(problems_of(changed).map(|problems| {
        let of_the_list = |place: &str| match place.strip_prefix("item") {
            Some(rest) if rest.is_empty() || rest.starts_with('.') => format!("{ROW}{rest}"),
            _ => place.to_owned(),
        };
        written.places.typed_at(problems.renamed(of_the_list))
    }))
}
