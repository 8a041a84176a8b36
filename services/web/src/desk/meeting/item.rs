//! An item of a meeting's minutes that is put right, with the reason. One is added where a meeting is recorded.

use askama::Template;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::response::Response;

use super::Held;
use super::desk_meeting::DeskMeetingMeetingItems as Item;
use super::why::{Given, Why};
use crate::address::Address;
use crate::change::change;
use crate::desk::{Desk, to_mend as problems_of};
use crate::documents::document;
use crate::documents::scalars::{Date, Position, UUID};
use crate::form::{Area, Conflict, Contested, Field, Fields, Ground, Problems, Settled, settle};
use crate::instead::Instead;
use crate::page::{Frame, onwards, shown, to_mend, with_status};
use crate::visit::{Visit, Web};

document!(
    CorrectMeetingItem,
    "documents/desk/correct-meeting-item.graphql"
);
#[derive(Template)]
#[template(path = "desk/meeting/item.html")]
struct Page {
    frame: Frame,
    here: String,
    conflict: Option<Conflict>,
    ground: Ground,
    command: String,
    /// Where what the item says of plans is put right.
    plans: String,
    title: Field,
    discussion: Area,
    decision: Area,
    why: Why,
}

/// A meeting that was held, and the item of it that is put right.
struct Found {
    held: Held,
    item: Item,
}

impl Found {
    async fn find(web: &Web, desk: &Desk, (id, item): (&str, &str)) -> Result<Self, Instead> {
        let held = Held::find(web, desk, id).await?;
        let mut items = held.meeting.items.iter();
        let item = items.find(|one| one.id == item).cloned();
        let item = item.ok_or(Instead::NotHere)?;
        Ok(Self { held, item })
    }

    /// What it says: its heading, what was said and what was decided.
    fn says(&self) -> (&str, &str, &str) {
        let discussion = self.item.discussion.as_deref().unwrap_or_default();
        let decision = self.item.decision.as_deref().unwrap_or_default();
        (&self.item.title, discussion, decision)
    }

    fn ground(&self) -> Ground {
        let (title, discussion, decision) = self.says();
        Ground::new(self.held.meeting.version)
            .and("title", "Heading", title)
            .and("discussion", "What was said", discussion)
            .and("decision", "What was decided", decision)
    }
}

impl Page {
    fn new(
        (web, desk): (&Web, &Desk),
        found: &Found,
        (fields, problems): (&Fields, &Problems),
    ) -> Result<Self, Instead> {
        let (title, discussion, decision) = found.says();
        let area = |name, label, rows| Area {
            rows,
            ..Area::new(name, label)
        };
        let frame = found.held.frame(desk, "Put an item of the minutes right")?;
        let mut page = Self {
            frame: frame.mending(problems),
            here: format!("{}/items/{}", found.held.address(desk), found.item.id),
            conflict: None,
            ground: found.ground(),
            command: web.gateway.services().ids.next().to_string(),
            plans: desk.at("/plans"),
            title: Field::words("title", "Heading").with(title),
            discussion: area("discussion", "What was said", 5).with(discussion),
            decision: area("decision", "What was decided", 3).with(decision),
            why: Why::new(&found.held.later),
        };
        if !fields.nothing_typed() {
            page.title = page.title.sent(fields, problems);
            page.discussion = page.discussion.sent(fields, problems);
            page.decision = page.decision.sent(fields, problems);
            page.why = page.why.sent(fields, problems);
        }
        Ok(page)
    }
}

/// A form that was sent.
struct Sending<'s> {
    at: (&'s Web, &'s Desk),
    of: (&'s str, &'s str),
    fields: &'s Fields,
}

impl Contested for Sending<'_> {
    type Thing = Found;

    async fn find(&self) -> Result<Found, Instead> {
        let (web, desk) = self.at;
        Found::find(web, desk, self.of).await
    }

    fn ground(&self, found: &Found) -> Ground {
        found.ground()
    }

    async fn record(
        &self,
        found: &Found,
        version: Option<i64>,
    ) -> Result<Option<Problems>, Instead> {
        correct(self.at, found, (self.fields, version)).await
    }
}

/// `GET /desk/{slug}/meetings/{id}/items/{item}`
pub async fn show(
    State(web): State<Web>,
    visit: Visit,
    Path((slug, id, item)): Path<(String, String, String)>,
    address: Address,
) -> Result<Response, Instead> {
    let desk = web.desk(&visit, &slug, address.path()).await?;
    let found = Found::find(&web, &desk, (&id, &item)).await?;
    let nothing = (&Fields::default(), &Problems::default());
    shown(&Page::new((&web, &desk), &found, nothing)?)
}

/// `POST /desk/{slug}/meetings/{id}/items/{item}`
pub async fn send(
    State(web): State<Web>,
    visit: Visit,
    Path((slug, id, item)): Path<(String, String, String)>,
    address: Address,
    fields: Fields,
) -> Result<Response, Instead> {
    let desk = web
        .desk_sending(&visit, &fields, (&slug, address.path()))
        .await?;
    let sending = Sending {
        at: (&web, &desk),
        of: (&id, &item),
        fields: &fields,
    };
    match settle(&sending, &fields).await? {
        Settled::Recorded(found) => {
            let there = found.held.address(&desk);
            Ok(onwards(&format!("{there}?done=corrected")))
        }
        Settled::ToMend(found, problems) => {
            to_mend(&Page::new((&web, &desk), &found, (&fields, &problems))?)
        }
        Settled::Contested(found, problems) => {
            let mut page = Page::new((&web, &desk), &found, (&fields, &problems))?;
            let back = found.held.address(&desk);
            let typed = |part: &str| Some(fields.text(part).unwrap_or_default());
            page.conflict = Some(found.ground().against(&fields, back, typed));
            with_status(StatusCode::CONFLICT, &page)
        }
    }
}

async fn correct(
    (web, desk): (&Web, &Desk),
    Found { held, item }: &Found,
    (fields, expected_version): (&Fields, Option<i64>),
) -> Result<Option<Problems>, Instead> {
    let mut wrong = Problems::default();
    let why = Given::read(fields, &mut wrong);
    if !wrong.is_empty() {
        return Ok(Some(wrong));
    }
    let input = correct_meeting_item::CorrectMeetingItemInput {
        command_id: fields.command(),
        decision: fields.text("decision"),
        discussion: fields.text("discussion"),
        expected_version,
        item_id: item.id.clone(),
        meeting: why.at.map(|at| correct_meeting_item::MeetingInput {
            id: at.id,
            held_on: at.held_on,
            group_id: held.group.clone(),
        }),
        occurred_on: why.occurred_on,
        reason: why.reason,
        title: fields.some("title").unwrap_or_default(),
    };
    let sent = correct_meeting_item::Variables { input };
    let caller = desk.looker.caller();
    Ok(problems_of(
        change::<CorrectMeetingItem>(&web.gateway, sent, caller).await?,
    ))
}
