//! A plan at the desk: the table everybody sees, what changed in it since the last meeting marked, each thing leading to where it is
//! changed.

use askama::Template;
use axum::extract::{Path, State};
use axum::response::Response;
use chrono::NaiveDate;

use super::filter::Filter;
use super::{May, Plan, objective, title};
use crate::address::Address;
use crate::compact::plan::marks::Marks;
use crate::compact::plan::sheet::{self, Asked, Sheet, Whole};
use crate::compact::plan::table::Table;
use crate::desk::Desk;
use crate::form::{Choice, Field, Select};
use crate::instead::Instead;
use crate::page::{Frame, Undo, shown};
use crate::parts::{Actions, Pages};
use crate::uk;
use crate::visit::{Visit, Web};

/// What an address says where nothing is to be marked.
const UNMARKED: &str = "none";

#[derive(Template)]
#[template(path = "desk/plan/show.html")]
struct Page {
    frame: Frame,
    actions: Actions,
    here: String,
    may: May,
    past: Option<String>,
    on: String,
    looks_back: bool,
    meetings: Select,
    problem: Option<&'static str>,
    show: Select,
    owner: Field,
    words: Field,
    since: Select,
    never_met: bool,
    marked: Option<usize>,
    filtered: bool,
    table: Option<Table>,
    pages: Pages,
}

/// What was just done, and how it is undone where it can be.
async fn done(
    (web, desk): (&Web, &Desk),
    address: &Address,
    id: &str,
) -> Result<(Option<&'static str>, Option<Undo>), Instead> {
    let what = address.one("done");
    if let Some(kind) = objective::Kind::named(what) {
        let undo = objective::undo((web, desk), (kind, address.one("of"))).await?;
        return Ok((Some(kind.done()), undo));
    }
    let words = match what {
        "begun" => "The plan is begun. Add its objectives next.",
        "added" => "The objective is added.",
        "acted" => "The action is added.",
        "updated" => "The update is recorded.",
        "put-right" => "The update is put right. What it said before stays on record.",
        "taken-back" => "The update is taken back. What it said stays on record.",
        "titled" => {
            let plan = Plan::find(web, desk, (id, May::Look)).await?;
            let undo = title::undo((web, desk), &plan);
            let undo = undo.filter(|_| plan.may >= May::SetUp);
            return Ok((Some("The plan has its new title."), undo));
        }
        _ => return Ok((None, None)),
    };
    Ok((Some(words), None))
}

/// What somebody may do with the plan as a whole.
fn actions(desk: &Desk, (id, may): (&str, May)) -> Actions {
    let there = |under: &str| format!("{}/{under}", desk.plan(id));
    let mut actions = Actions::default();
    if may >= May::SetUp {
        actions = actions
            .and("Add an objective", there("add"))
            .and("Change its title", there("title"));
    }
    if may >= May::Follow {
        actions = actions.and("Record an update", there("update"));
    }
    let slug = &desk.place.slug;
    actions.and(
        "See it as others do",
        format!("/compacts/{slug}/plans/{id}"),
    )
}

/// Since when what changed is marked.
struct Since {
    /// Among which it is chosen.
    choice: Select,
    /// The meeting that is chosen, or the last of the plan's group.
    meeting: Option<String>,
    /// Whether the last of the group was looked for and there is none.
    never_met: bool,
}

impl Since {
    fn of(sheet: &Sheet, chosen: &str) -> Self {
        let plan = sheet.plan.as_ref();
        let group = plan.and_then(|plan| Some(plan.group.as_ref()?.id.clone()));
        let theirs = sheet.meetings.iter().filter(|meeting| {
            let of = meeting.group.as_ref().map(|group| &group.id);
            meeting.held_on.is_some() && of == group.as_ref()
        });
        let last = theirs.max_by_key(|meeting| meeting.held_on);
        let held = last.and_then(|meeting| meeting.held_on);
        let theirs = held.map_or_else(String::new, |held| format!(", {}", uk::day(&held)));
        let last = last.map(|meeting| meeting.id.clone());
        let first = [
            Choice::new("", format!("Since the group's last meeting{theirs}")),
            Choice::new(UNMARKED, "Mark nothing"),
        ];
        let held = sheet::held(&sheet.meetings, "Since");
        let choices = first.into_iter().chain(held);
        let asked = Some(chosen.to_owned()).filter(|chosen| !chosen.is_empty());
        Self {
            choice: Select::new("since", "Mark what changed", choices).with(chosen),
            never_met: asked.is_none() && last.is_none(),
            meeting: match asked.as_deref() {
                None => last,
                Some(UNMARKED) => None,
                Some(_) => asked,
            },
        }
    }

    async fn marks(&self, (web, desk): (&Web, &Desk), id: &str) -> Result<Option<Marks>, Instead> {
        match &self.meeting {
            Some(meeting) => Marks::since(web, &desk.looker, (id, meeting))
                .await
                .map(Some),
            None => Ok(None),
        }
    }
}

fn table(
    desk: &Desk,
    plan: Whole,
    (may, past, day): (May, bool, NaiveDate),
    marks: Option<Marks>,
) -> Table {
    let table = Table::new(&desk.place.slug, plan)
        .on(day)
        .marked(marks.unwrap_or_default());
    if may >= May::Follow && !past {
        table.changed_at(desk.at(""))
    } else {
        table
    }
}

/// `GET /desk/{slug}/plans/{id}`
pub async fn show(
    State(web): State<Web>,
    visit: Visit,
    Path((slug, id)): Path<(String, String)>,
    address: Address,
) -> Result<Response, Instead> {
    let desk = web.desk(&visit, &slug, address.path()).await?;
    let asked = Asked::of(&address);
    let filter = Filter::of(&address, web.identity.clock().now().date_naive());
    let (sheet, pages, day) = filter.sheet((&web, &desk), &id, (&asked, &address)).await?;
    let group = sheet.plan.as_ref().and_then(|plan| plan.group.as_ref());
    let may = May::of(&desk, group.map(|group| group.id.as_str()));
    let past = sheet.past.is_some();
    let since = Since::of(&sheet, address.one("since"));
    let marks = if past {
        None
    } else {
        since.marks((&web, &desk), &id).await?
    };
    let (said, undo) = done((&web, &desk), &address, &id).await?;
    let marked = marks.as_ref().map(Marks::count);
    let title = sheet.title();
    shown(&Page {
        frame: desk.in_plans(title)?.done(said).undone_by(undo),
        actions: if past {
            Actions::default()
        } else {
            actions(&desk, (&id, may))
        },
        here: address.path().to_owned(),
        may,
        on: address.one("on").to_owned(),
        looks_back: past || asked.problem().is_some(),
        meetings: sheet::meetings(&sheet.meetings, address.one("meeting")),
        problem: asked.problem(),
        show: filter.show(),
        owner: filter.owner(),
        words: filter.words(),
        never_met: since.never_met && !past,
        since: since.choice,
        marked,
        filtered: filter.is_on(),
        past: sheet.past,
        table: sheet
            .plan
            .map(|plan| table(&desk, plan, (may, past, day), marks)),
        pages,
    })
}
