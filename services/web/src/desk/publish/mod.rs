//! Publishing: how far each thing of a compact is let out, and letting several further out, or taking them back, at once. Nothing is taken back
//! unseen: what changes is shown first, in words that say who will read it, and taking back asks for the reason.

mod let_out;
mod listed;
mod seen;
mod seen_one;
mod what;

use askama::Template;
use axum::Router;
use axum::extract::{Path, State};
use axum::response::Response;
use axum::routing::get;

use super::Desk;
use crate::address::Address;
use crate::documents::words::Visibility;
use crate::form::{Area, Choice, Choices, Fields, Kind, Problems};
use crate::instead::Instead;
use crate::page::{Frame, Undo, onwards, shown, to_mend};
use crate::parts::{Pages, Views};
use crate::uk;
use crate::visit::{Visit, Web};

use listed::{ONLY, Row, list};
pub use seen_one::address_of as as_others_see;
use what::What;

/// The pages of publishing, and of seeing the compact with others' eyes.
pub fn routes() -> Router<Web> {
    Router::new()
        .route("/desk/{slug}/publish", get(show).post(send))
        .route("/desk/{slug}/as/{audience}", get(seen::show))
        .route("/desk/{slug}/as/{audience}/{id}", get(seen_one::show))
}

/// Who reads what is let out so far.
pub const fn readers(visibility: Visibility) -> &'static str {
    match visibility {
        Visibility::Draft => "Only the secretariat and the leads of its groups read it.",
        Visibility::Compact => "Everybody who works in the compact reads it, and nobody else.",
        Visibility::Region => "The compact reads it, and so do the funder and the other compacts.",
        Visibility::Public => "Everybody reads it, signed in or not.",
    }
}

#[derive(Template)]
#[template(path = "desk/publish/list.html")]
struct Page {
    frame: Frame,
    here: String,
    desk: String,
    views: Views,
    with_it: &'static str,
    rows: Vec<Row>,
    /// Where everything of its kind stands, where this is of one thing.
    all: Option<String>,
    ticked: Vec<String>,
    problem: Option<String>,
    to: Choices,
    reason: Area,
    pages: Pages,
}

/// One thing whose readers change.
struct Change {
    row: Row,
    to: Visibility,
    command: String,
}

impl Change {
    /// Whether fewer read it than before.
    fn takes_back(&self) -> bool {
        rank(self.to) < rank(self.row.visibility)
    }
}

fn rank(visibility: Visibility) -> usize {
    let mut all = Visibility::ALL.iter();
    all.position(|one| *one == visibility).unwrap_or(0)
}

#[derive(Template)]
#[template(path = "desk/publish/check.html")]
struct Check {
    frame: Frame,
    here: String,
    to: Visibility,
    with_it: &'static str,
    reason: String,
    changes: Vec<Change>,
    /// How many of those that were ticked stay as they are.
    staying: usize,
}

impl Check {
    fn readers(&self) -> &'static str {
        readers(self.to)
    }
}

impl Row {
    fn readers(&self) -> &'static str {
        readers(self.visibility)
    }
}

impl Page {
    fn new(
        desk: &Desk,
        (what, address): (What, &Address),
        (rows, pages): (Vec<Row>, Pages),
        (fields, problems): (&Fields, &Problems),
    ) -> Result<Self, Instead> {
        let ways = Visibility::ALL.iter().rev().map(|one| Choice {
            hint: readers(*one).to_owned(),
            ..Choice::new(one.name(), one.words())
        });
        let plain = address.without("done").without("from").without("ids");
        let only = address.some(ONLY);
        // Who comes for one thing has it ticked, and what they came for chosen.
        let (ticked, to) = if fields.nothing_typed() {
            let coming = only.filter(|_| address.one("done").is_empty());
            (
                coming.into_iter().collect(),
                coming.map_or("", |_| address.one("to")),
            )
        } else {
            (fields.all("ids").collect::<Vec<_>>(), fields.one("to"))
        };
        let ways = Choices::new(Kind::Radios, "to", "Who is to read what is ticked?", ways);
        Ok(Self {
            frame: desk.frame("Publish")?.mending(problems),
            here: plain.to_string(),
            all: only.map(|_| plain.without(ONLY).without("to").to_string()),
            desk: desk.at(""),
            views: what.views(address.path()),
            with_it: what.with_it(),
            rows,
            ticked: ticked.into_iter().map(str::to_owned).collect(),
            problem: problems.at("ids"),
            to: ways.sent(fields, problems).with([to]),
            reason: Area::new("reason", "Why?")
                .hinting("Needed where fewer people will read it than until now.")
                .sent(fields, problems),
            pages,
        })
    }

    fn is_ticked(&self, row: &Row) -> bool {
        self.ticked.contains(&row.id)
    }
}

/// `GET /desk/{slug}/publish`
async fn show(
    State(web): State<Web>,
    visit: Visit,
    Path(slug): Path<String>,
    address: Address,
) -> Result<Response, Instead> {
    let desk = runs(web.desk(&visit, &slug, address.path()).await?)?;
    let what = What::of(&address)?;
    let (rows, pages) = list(&web, &desk, what, &address).await?;
    let done = done(&address, &rows);
    let undo = undo(&web, &address, &rows);
    let nothing = (&Fields::default(), &Problems::default());
    let mut page = Page::new(&desk, (what, &address), (rows, pages), nothing)?;
    page.frame = page.frame.done(done).undone_by(undo);
    shown(&page)
}

/// Publishing is the secretariat's.
fn runs(desk: Desk) -> Result<Desk, Instead> {
    if desk.looker.runs(&desk.place.slug) {
        return Ok(desk);
    }
    Err(Instead::NotHere)
}

fn done(address: &Address, rows: &[Row]) -> Option<String> {
    let count: u16 = address.one("done").parse().ok()?;
    if let Some(row) = rows.iter().find(|row| row.id == address.one("ids")) {
        return Some(format!("It is recorded: {}. {}", row.title, row.readers()));
    }
    Some(format!(
        "It is recorded for {}.",
        uk::count(count, "thing", "things")
    ))
}

/// The way back, where all that was changed had been let out equally far.
fn undo(web: &Web, address: &Address, rows: &[Row]) -> Option<Undo> {
    let from = Visibility::named(address.one("from"))?;
    let ids: Vec<&str> = address.one("ids").split(',').collect();
    let changed: Vec<&Row> = rows
        .iter()
        .filter(|row| ids.contains(&row.id.as_str()) && row.visibility != from)
        .collect();
    if changed.is_empty() || changed.len() != ids.len() {
        return None;
    }
    let plain = address.without("done").without("from").without("ids");
    let words = format!("Undo: as before ({})", from.words().to_lowercase());
    let mut undo = Undo::new(words, plain.to_string())
        .with("to", from.name())
        .with("reason", "Undone at once: it was recorded by mistake.")
        .with("confirmed", "yes");
    for row in changed {
        let command = web.gateway.services().ids.next().to_string();
        undo = undo
            .with("ids", &row.id)
            .with(&format!("version.{}", row.id), row.version.to_string())
            .with(&format!("command.{}", row.id), command);
    }
    Some(undo)
}

/// What the form asks for: what of it changes, and what stays as it is.
fn asked(web: &Web, rows: &[Row], fields: &Fields, wrong: &mut Problems) -> (Vec<Change>, usize) {
    let ticked: Vec<&Row> = rows
        .iter()
        .filter(|row| fields.all("ids").any(|id| id == row.id))
        .collect();
    if ticked.is_empty() {
        wrong.add("ids", "tick at least one");
    }
    let Some(to) = Visibility::named(fields.one("to")) else {
        wrong.add("to", "say who is to read it");
        return (Vec::new(), 0);
    };
    let all = ticked.len();
    let changing = ticked.into_iter().filter(|row| row.visibility != to);
    let changes: Vec<Change> = changing
        .map(|row| Change {
            row: Row {
                version: seen_version(fields, row),
                ..row.clone()
            },
            to,
            command: command(web, fields, row),
        })
        .collect();
    if all > 0 && changes.is_empty() {
        wrong.add(
            "to",
            "nothing would change: all that is ticked is let out that far already",
        );
    }
    if changes.iter().any(Change::takes_back) && fields.text("reason").is_none() {
        wrong.add("reason", "say why fewer people are to read it");
    }
    let staying = all - changes.len();
    (changes, staying)
}

/// The version that whoever sends it saw.
fn seen_version(fields: &Fields, row: &Row) -> i64 {
    let sent = fields.one(&format!("version.{}", row.id));
    sent.parse().unwrap_or(row.version)
}

fn command(web: &Web, fields: &Fields, row: &Row) -> String {
    let sent = fields.some(&format!("command.{}", row.id));
    sent.unwrap_or_else(|| web.gateway.services().ids.next().to_string())
}

/// `POST /desk/{slug}/publish`
async fn send(
    State(web): State<Web>,
    visit: Visit,
    Path(slug): Path<String>,
    address: Address,
    fields: Fields,
) -> Result<Response, Instead> {
    let back = address.to_string();
    let desk = runs(web.desk_sending(&visit, &fields, (&slug, &back)).await?)?;
    let what = What::of(&address)?;
    let (rows, pages) = list(&web, &desk, what, &address).await?;
    let mut wrong = Problems::default();
    let (changes, staying) = asked(&web, &rows, &fields, &mut wrong);
    let reason = fields.text("reason");
    if wrong.is_empty() && fields.one("again").is_empty() {
        if fields.one("confirmed").is_empty() {
            let to = changes.first().map_or(Visibility::Draft, |one| one.to);
            return shown(&Check {
                frame: desk
                    .frame("Check who will read it")?
                    .crumb("Publish", back.clone()),
                here: back,
                to,
                with_it: what.with_it(),
                reason: reason.unwrap_or_default(),
                changes,
                staying,
            });
        }
        wrong = let_out::all((&web, &desk), what, &changes, reason.as_deref()).await?;
        if wrong.is_empty() {
            return Ok(onwards(&landing(&address, &changes)));
        }
        let (rows, pages) = list(&web, &desk, what, &address).await?;
        return to_mend(&Page::new(
            &desk,
            (what, &address),
            (rows, pages),
            (&fields, &wrong),
        )?);
    }
    let page = Page::new(&desk, (what, &address), (rows, pages), (&fields, &wrong))?;
    if wrong.is_empty() {
        return shown(&page);
    }
    to_mend(&page)
}

/// Where to go on to; it says what was changed, where that can be undone with one press.
fn landing(address: &Address, changes: &[Change]) -> String {
    let plain = address.without("done").without("from").without("ids");
    let there = plain.with("done", &changes.len().to_string());
    let from = changes.first().map(|one| one.row.visibility);
    let equal = changes.iter().all(|one| Some(one.row.visibility) == from);
    match from {
        Some(from) if equal && changes.len() <= 10 => {
            let ids: Vec<&str> = changes.iter().map(|one| one.row.id.as_str()).collect();
            let there = there.with("from", &from.name());
            there.with("ids", &ids.join(",")).to_string()
        }
        _ => there.to_string(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_taken_back_is_told_from_what_is_let_out() {
        let row = |visibility| Row {
            id: "a".to_owned(),
            title: "A".to_owned(),
            about: String::new(),
            visibility,
            version: 3,
        };
        let change = |from, to| Change {
            row: row(from),
            to,
            command: String::new(),
        };
        assert!(change(Visibility::Public, Visibility::Region).takes_back());
        assert!(change(Visibility::Compact, Visibility::Draft).takes_back());
        assert!(!change(Visibility::Draft, Visibility::Public).takes_back());
        let there = landing(
            &Address::read("/desk/x/publish", "what=plans&done=1"),
            &[change(Visibility::Draft, Visibility::Public)],
        );
        assert_eq!(there, "/desk/x/publish?what=plans&done=1&from=DRAFT&ids=a");
    }
}
