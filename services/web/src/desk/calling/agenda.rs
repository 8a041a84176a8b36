//! The agenda of a meeting: put together from what arises, then changed as the secretariat likes, and sent whole.

use askama::Template;
use axum::extract::{Path, State};
use axum::response::Response;

use super::{Called, find};
use crate::address::Address;
use crate::change::{Changed, change};
use crate::desk::Desk;
use crate::documents::document;
use crate::documents::scalars::{Date, Position, UUID};
use crate::form::{Area, Field, Fields, Problems};
use crate::instead::Instead;
use crate::page::{Frame, onwards, shown, to_mend};
use crate::visit::{Visit, Web};

document!(SetAgenda, "documents/desk/set-agenda.graphql");

use set_agenda::AgendaItemInput as Item;

/// How many empty rows stand below what is there.
const EMPTY_ROWS: usize = 3;

/// A row of the form: an item, or room for one.
struct Row {
    at: usize,
    item_id: String,
    place: Field,
    title: Field,
    note: Area,
}

#[derive(Template)]
#[template(path = "desk/calling/agenda.html")]
struct Page {
    frame: Frame,
    here: String,
    command: String,
    /// The version that was seen when the form was first shown.
    version: String,
    /// Whether it is a proposal: no agenda was set yet.
    proposed: bool,
    rows: Vec<Row>,
}

/// An item in its place.
struct Placed {
    place: String,
    item_id: Option<String>,
    title: String,
    note: Option<String>,
}

impl Row {
    fn new(at: usize, placed: &Placed, problems: &Problems) -> Self {
        let name = |part: &str| format!("items.{at}.{part}");
        let number = at + 1;
        let note = Area::new(
            name("note"),
            format!("To be known beforehand, item {number}"),
        );
        Self {
            at,
            item_id: placed.item_id.clone().unwrap_or_default(),
            place: Field {
                short: true,
                quiet: true,
                ..Field::new(name("place"), format!("Place of item {number}"), "off")
            }
            .with(&placed.place)
            .but(problems.at(&name("place"))),
            title: Field {
                quiet: true,
                ..Field::words(name("title"), format!("Heading of item {number}"))
            }
            .with(&placed.title)
            .but(problems.at(&name("title"))),
            note: Area {
                rows: 2,
                quiet: true,
                problem: problems.at(&name("note")),
                ..note
            }
            .with(placed.note.clone().unwrap_or_default()),
        }
    }
}

impl Called {
    /// What stands on the agenda; where it was not set, what the paper proposes.
    fn items(&self) -> Vec<Placed> {
        let placed =
            |(at, (item_id, title, note)): (usize, (Option<&String>, &String, &Option<String>))| {
                Placed {
                    place: (at + 1).to_string(),
                    item_id: item_id.cloned(),
                    title: title.clone(),
                    note: note.clone(),
                }
            };
        if self.agenda.is_empty() {
            let paper = self.paper.iter().flat_map(|paper| &paper.agenda);
            let proposed = paper.map(|item| (None, &item.title, &item.note));
            proposed.enumerate().map(placed).collect()
        } else {
            let set = self.agenda.iter();
            let set = set.map(|item| (Some(&item.item_id), &item.title, &item.note));
            set.enumerate().map(placed).collect()
        }
    }
}

impl Page {
    fn new(
        (web, desk): (&Web, &Desk),
        meeting: &Called,
        (items, version): (&[Placed], String),
        problems: &Problems,
    ) -> Result<Self, Instead> {
        let back = desk.at(&format!("/meetings/{}", meeting.id));
        let mut rows: Vec<Row> = items
            .iter()
            .enumerate()
            .map(|(at, placed)| Row::new(at, placed, problems))
            .collect();
        for at in items.len()..items.len() + EMPTY_ROWS {
            let room = Placed {
                place: (at + 1).to_string(),
                item_id: None,
                title: String::new(),
                note: None,
            };
            rows.push(Row::new(at, &room, problems));
        }
        Ok(Self {
            frame: desk
                .frame("Agenda")?
                .crumb(meeting.title(), back)
                .mending(problems),
            here: desk.at(&format!("/meetings/{}/agenda", meeting.id)),
            command: web.gateway.services().ids.next().to_string(),
            version,
            proposed: meeting.agenda.is_empty(),
            rows,
        })
    }
}

/// What was typed: every row with a heading, in the order of the places.
fn typed(fields: &Fields) -> Vec<Placed> {
    let rows = fields.rows("items").into_iter();
    let rows = rows.filter_map(|at| {
        let name = |part: &str| format!("items.{at}.{part}");
        Some(Placed {
            place: fields.one(&name("place")).trim().to_owned(),
            item_id: fields.some(&name("itemId")),
            title: fields.some(&name("title"))?,
            note: fields.text(&name("note")),
        })
    });
    let mut rows: Vec<Placed> = rows.collect();
    // What has no number comes last; what has the same stays in the order it stood in.
    rows.sort_by_key(|row| row.place.parse::<u32>().unwrap_or(u32::MAX));
    rows
}

/// `GET /desk/{slug}/meetings/{id}/agenda`
pub async fn show(
    State(web): State<Web>,
    visit: Visit,
    Path((slug, id)): Path<(String, String)>,
    address: Address,
) -> Result<Response, Instead> {
    let desk = web.desk(&visit, &slug, address.path()).await?;
    let meeting = find(&web, &desk, &id).await?;
    let items = (&meeting.items()[..], meeting.version.to_string());
    shown(&Page::new(
        (&web, &desk),
        &meeting,
        items,
        &Problems::default(),
    )?)
}

/// `POST /desk/{slug}/meetings/{id}/agenda`
pub async fn send(
    State(web): State<Web>,
    visit: Visit,
    Path((slug, id)): Path<(String, String)>,
    address: Address,
    fields: Fields,
) -> Result<Response, Instead> {
    let here = address.path();
    let desk = web.desk_sending(&visit, &fields, (&slug, here)).await?;
    let meeting = find(&web, &desk, &id).await?;
    let rows = typed(&fields);
    let items = rows.iter().map(|row| Item {
        item_id: row.item_id.clone(),
        new_id: None,
        note: row.note.clone(),
        title: row.title.clone(),
    });
    let seen = fields.one("version").to_owned();
    let input = set_agenda::SetAgendaInput {
        meeting_id: meeting.id.clone(),
        items: items.collect(),
        command_id: fields.command(),
        expected_version: seen.parse().ok(),
        meeting: None,
        occurred_on: None,
    };
    let sent = set_agenda::Variables { input };
    match change::<SetAgenda>(&web.gateway, sent, desk.looker.caller()).await? {
        Changed::Done(_) => {
            let there = Address::read(&desk.at(&format!("/meetings/{id}")), "");
            Ok(onwards(&there.with("done", "agenda").to_string()))
        }
        Changed::ToMend(problems) => {
            // Somebody set it meanwhile: what is typed here replaces it once that was seen.
            let version = if problems.has("CONFLICT") {
                meeting.version.to_string()
            } else {
                seen
            };
            let items = (&rows[..], version);
            to_mend(&Page::new((&web, &desk), &meeting, items, &problems)?)
        }
    }
}
