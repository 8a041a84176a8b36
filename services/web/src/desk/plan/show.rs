//! A plan at the desk: the table everybody sees, what changed in it since the last meeting marked, each thing leading to where it is
//! changed.

use std::collections::BTreeSet;

use askama::Template;
use axum::extract::{Path, State};
use axum::response::Response;
use chrono::NaiveDate;

use super::filter::Filter;
use super::{May, Plan, objective, title};
use crate::address::Address;
use crate::compact::plan::marks::Marks;
use crate::compact::plan::sheet::{Sheet, Whole};
use crate::compact::plan::table::Table;
use crate::desk::{Desk, publish};
use crate::form::{Choice, Field, Select};
use crate::instead::Instead;
use crate::page::{Frame, Undo, shown};
use crate::parts::{Actions, Pages};
use crate::past::{Asked, Met, Past};
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
    past: Past,
    show: Select,
    owner: Field,
    words: Field,
    since: Select,
    never_met: bool,
    marked: Option<usize>,
    /// The meetings since which it is marked, and the one of the group before it.
    met: Option<Between>,
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
    let actions = actions.and(
        "See its public page",
        format!("/compacts/{slug}/plans/{id}"),
    );
    if desk.looker.runs(slug) {
        let publish = desk.at(&format!("/publish?what=plans&only={id}"));
        actions
            .and("Change who may read it", publish)
            .and("See it as others do", publish::as_others_see(desk, id))
    } else {
        actions
    }
}

/// The day of the meeting since which changes are marked, and the meeting of the plan's group before it: its id and its day.
struct Between {
    held_on: NaiveDate,
    before: Option<(String, NaiveDate)>,
}

/// Since when what changed is marked.
struct Since {
    /// Among which it is chosen.
    choice: Select,
    /// The meeting that is chosen, or the last of the plan's group.
    meeting: Option<String>,
    /// Whether the last of the group was looked for and there is none.
    never_met: bool,
    /// When that was.
    met: Option<Between>,
}

impl Since {
    fn of(sheet: &Sheet, chosen: &str) -> Self {
        let plan = sheet.plan.as_ref();
        let group = plan.and_then(|plan| Some(plan.group.as_ref()?.id.clone()));
        let theirs = sheet.meetings.iter().filter(|meeting| {
            let of = meeting.group.as_ref().map(|(id, _)| id);
            of == group.as_ref()
        });
        let theirs = theirs.filter_map(|meeting| Some((meeting.held_on?, &meeting.id)));
        let theirs: BTreeSet<(NaiveDate, &String)> = theirs.collect();
        let last = theirs.last().copied();
        let words = last.map_or_else(String::new, |(held, _)| format!(", {}", uk::day(&held)));
        let first = [
            Choice::new("", format!("Since the group's last meeting{words}")),
            Choice::new(UNMARKED, "Mark nothing"),
        ];
        let choices = first.into_iter().chain(Met::held(&sheet.meetings, "Since"));
        let meeting = match chosen {
            "" => last.map(|(_, id)| id.clone()),
            UNMARKED => None,
            asked => Some(asked.to_owned()),
        };
        let mut all = sheet.meetings.iter();
        let marked = all.find(|met| Some(&met.id) == meeting.as_ref());
        let met = marked.and_then(|met| met.held_on).map(|held_on| Between {
            held_on,
            before: theirs
                .iter()
                .rfind(|(day, _)| *day < held_on)
                .map(|(day, id)| ((*id).clone(), *day)),
        });
        Self {
            choice: Select::new("since", "Mark what changed", choices).with(chosen),
            never_met: chosen.is_empty() && last.is_none(),
            meeting,
            met,
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
    let past = Past::new("plan", &address, (&asked, &sheet.meetings));
    let since = Since::of(&sheet, address.one("since"));
    let marks = if past.is_shown() {
        None
    } else {
        since.marks((&web, &desk), &id).await?
    };
    let (said, undo) = done((&web, &desk), &address, &id).await?;
    let marked = marks.as_ref().map(Marks::count);
    let title = sheet.title();
    shown(&Page {
        frame: desk.in_plans(title)?.done(said).undone_by(undo),
        actions: if past.is_shown() {
            Actions::default()
        } else {
            actions(&desk, (&id, may))
        },
        here: address.path().to_owned(),
        may,
        show: filter.show(),
        owner: filter.owner(),
        words: filter.words(),
        never_met: since.never_met && !past.is_shown(),
        since: since.choice,
        met: since.met,
        marked,
        filtered: filter.is_on(),
        table: sheet
            .plan
            .map(|plan| table(&desk, plan, (may, past.is_shown(), day), marks)),
        past,
        pages,
    })
}
