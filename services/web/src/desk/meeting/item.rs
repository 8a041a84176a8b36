//! An item of a meeting's minutes that is put right, with the reason. One is added where a meeting is recorded.

use askama::Template;

use super::Held;
use super::desk_meeting::DeskMeetingMeetingItems as Item;
use super::why::{Given, Why};
use crate::change::change;
use crate::desk::room::{Answered, At, Room, Sent, or_on_to};
use crate::desk::{Desk, to_mend as problems_of};
use crate::documents::document;
use crate::documents::scalars::{Date, Position, UUID};
use crate::form::{Area, Conflict, Field, Fields, Ground, Problems};
use crate::instead::Instead;
use crate::page::Frame;
use crate::visit::Web;

document!(
    CorrectMeetingItem,
    "documents/desk/correct-meeting-item.graphql"
);
#[derive(Template)]
#[template(path = "desk/meeting/item.html")]
pub struct Page {
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
pub struct Found {
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

impl Room for Page {
    type Thing = Found;

    async fn find(at: At<'_>) -> Result<Found, Instead> {
        Found::find(at.web, at.desk, (at.named(0)?, at.named(1)?)).await
    }

    async fn new(at: At<'_>, found: &Found, (fields, problems): Sent<'_>) -> Result<Self, Instead> {
        let (title, discussion, decision) = found.says();
        let area = |name, label, rows| Area {
            rows,
            ..Area::new(name, label)
        };
        let frame = found
            .held
            .frame(at.desk, "Put an item of the minutes right")?;
        let mut page = Self {
            frame: frame.mending(problems),
            here: format!("{}/items/{}", found.held.address(at.desk), found.item.id),
            conflict: None,
            ground: found.ground(),
            command: at.command(),
            plans: at.desk.at("/plans"),
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

    async fn record(at: At<'_>, found: &Found, sent: (&Fields, Option<i64>)) -> Answered {
        let there = format!("{}?done=corrected", found.held.address(at.desk));
        Ok(or_on_to(correct(at.both(), found, sent).await?, there))
    }

    fn ground(found: &Found) -> Ground {
        found.ground()
    }

    fn contested(&mut self, at: At<'_>, found: &Found, fields: &Fields) {
        let back = found.held.address(at.desk);
        let typed = |part: &str| Some(fields.text(part).unwrap_or_default());
        self.conflict = Some(found.ground().against(fields, back, typed));
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
