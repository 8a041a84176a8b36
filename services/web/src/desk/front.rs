//! What needs doing: everything that is overdue, due soon or waiting in a compact, each with the one link to where it is done.
//!
//! It is worked out from the record as it is now, so that what has just been done is gone from it; the outbox of reminders, which is looked
//! at every few minutes, is for letters.

use askama::Template;
use axum::extract::{Path, State};
use axum::response::Response;
use chrono::{Days, NaiveDate};

use super::{Desk, practice};
use crate::address::Address;
use crate::arranged::arranged;
use crate::ask::ask;
use crate::documents::document;
use crate::documents::scalars::{Date, DateTime};
use crate::documents::words::{MinutesState, Visibility};
use crate::form::sentence;
use crate::instead::Instead;
use crate::page::{Frame, shown};
use crate::parts::{PageInfo, Pages};
use crate::uk;
use crate::visit::{Visit, Web};

document!(DeskFront, "documents/desk/front.graphql");

use desk_front::{
    DeskFrontCompact as Compact, DeskFrontCompactCalendarNodes as Met, DeskFrontViewer as Viewer,
    Due as Action,
};

impl Met {
    /// When and where it is called for.
    fn called_for(&self) -> Option<String> {
        let when = self.arrangement.as_ref();
        when.map(|when| sentence(&arranged!(when).in_words()))
    }
}

/// How many days ahead an action is due soon.
const SOON: u64 = 14;

/// Something to do.
pub struct Task {
    /// What it is called.
    pub text: String,
    /// Where it is done.
    pub href: String,
    /// What is to be known of it.
    pub about: String,
}

/// Things of one kind to do.
pub struct Heap {
    id: &'static str,
    title: &'static str,
    tasks: Vec<Task>,
}

#[derive(Template)]
#[template(path = "desk/front.html")]
struct Page {
    frame: Frame,
    name: String,
    here: String,
    /// Whether whoever looks may publish.
    runs: bool,
    practice: Option<String>,
    halves: Vec<Task>,
    heaps: Vec<Heap>,
    open_actions: i64,
    /// Meetings that were held and that nobody else reads yet.
    unpublished: Vec<Task>,
    /// Where all meetings are listed.
    meetings: String,
    to_come: Vec<Met>,
    pages: Pages,
}

impl Page {
    fn tasks(&self) -> usize {
        self.heaps.iter().map(|heap| heap.tasks.len()).sum()
    }
}

/// `GET /desk/{slug}`
pub async fn show(
    State(web): State<Web>,
    visit: Visit,
    Path(slug): Path<String>,
    address: Address,
) -> Result<Response, Instead> {
    let desk = web.desk(&visit, &slug, address.path()).await?;
    let today = web.identity.clock().now().date_naive();
    let variables = desk_front::Variables {
        compact: desk.place.id.clone(),
        today,
        soon: today.checked_add_days(Days::new(SOON)).unwrap_or(today),
        after: address.some("after").map(str::to_owned),
    };
    let answer = ask::<DeskFront>(&web.gateway, variables, desk.looker.caller()).await?;
    let compact = answer.compact.ok_or(Instead::NotHere)?;
    let questions = questions(&web, &desk).await?;
    let info = &compact.overdue.page_info;
    let pages = Pages::new(
        "actions overdue",
        &address,
        &PageInfo {
            has_next_page: info.has_next_page,
            has_previous_page: info.has_previous_page,
            start_cursor: info.start_cursor.as_deref(),
            end_cursor: info.end_cursor.as_deref(),
        },
    );
    shown(&Page {
        frame: Frame::of("What needs doing", &desk.looker)?
            .within(&desk.at(""))
            .at(&desk.place.name),
        name: desk.place.name.clone(),
        here: desk.at(""),
        runs: desk.looker.runs(&slug),
        practice: practice::address_of(&desk.looker, &desk.place.slug),
        halves: halves(&desk, &compact, answer.viewer),
        heaps: heaps(&desk, &compact, (today, questions)),
        open_actions: compact.open_actions,
        unpublished: unpublished(&desk, &compact),
        meetings: format!("/compacts/{slug}/meetings"),
        to_come: to_come(&compact),
        pages,
    })
}

/// Meetings whose minutes are half typed.
fn halves(desk: &Desk, compact: &Compact, viewer: Option<Viewer>) -> Vec<Task> {
    let drafts = viewer.into_iter().flat_map(|viewer| viewer.drafts);
    let halves = drafts.filter_map(|draft| {
        let about = draft.about_id?;
        let groups = compact.groups.iter();
        let mut groups = groups.filter(|group| group.id == about);
        let mut called = compact.calendar.nodes.iter().filter(|met| met.id == about);
        let name = groups.next().map(|group| group.name.clone());
        let name = name.or_else(|| Some(called.next()?.group.as_ref()?.name.clone()))?;
        Some(Task {
            text: format!("A meeting of the {name}"),
            href: desk.at(&format!("/record/{about}")),
            about: format!("Kept on {}", uk::moment(&draft.saved_at)),
        })
    });
    halves.collect()
}

/// What others asked about the compact's good practice, for who answers it.
async fn questions(web: &Web, desk: &Desk) -> Result<Vec<Task>, Instead> {
    let Some(there) = practice::address_of(&desk.looker, &desk.place.slug) else {
        return Ok(Vec::new());
    };
    let (waiting, _) = practice::asked::said(web, desk).await?;
    let tasks = waiting.into_iter().map(|asked| Task {
        text: asked.text,
        href: format!("{there}/{}#questions", asked.practice),
        about: format!(
            "{}, {}, about “{}”",
            asked.by,
            uk::day(&asked.on),
            asked.title
        ),
    });
    Ok(tasks.collect())
}

fn heaps(desk: &Desk, compact: &Compact, (today, questions): (NaiveDate, Vec<Task>)) -> Vec<Heap> {
    let overdue = compact.overdue.nodes.iter();
    let soon = compact.soon.nodes.iter();
    let soon = soon.filter(|action| action.due_on.is_some_and(|due| due >= today));
    let heaps = [
        heap(
            "circulate",
            "Minutes to circulate",
            to_circulate(desk, compact),
        ),
        heap("agree", "Minutes to agree", to_agree(desk, compact)),
        heap(
            "overdue",
            "Actions overdue",
            overdue.map(|one| due(desk, one)).collect(),
        ),
        heap(
            "soon",
            "Actions due soon",
            soon.map(|one| due(desk, one)).collect(),
        ),
        heap("questions", "Questions about your good practice", questions),
    ];
    let heaps = heaps.into_iter();
    heaps.filter(|heap| !heap.tasks.is_empty()).collect()
}

const fn heap(id: &'static str, title: &'static str, tasks: Vec<Task>) -> Heap {
    Heap { id, title, tasks }
}

fn due(desk: &Desk, action: &Action) -> Task {
    let agreed = action.timescale.as_ref();
    let agreed = agreed.map_or(String::new(), |when| format!(" ({})", when.text));
    let day = action.due_on.as_ref().map(uk::day).unwrap_or_default();
    let owner = action.owner.as_deref().unwrap_or("nobody named");
    Task {
        text: action.text.clone(),
        href: desk.at(&format!("/actions/{}", action.id)),
        about: format!(
            "Due {day}{agreed}. Owner: {owner}. {}, objective {}.",
            action.action_plan.title, action.objective.ref_
        ),
    }
}

fn to_circulate(desk: &Desk, compact: &Compact) -> Vec<Task> {
    let drafts = compact.calendar.nodes.iter();
    let drafts = drafts.filter(|met| met.minutes == Some(MinutesState::Draft));
    drafts
        .map(|met| minutes(desk, met, "The minutes are a draft.".to_owned()))
        .collect()
}

/// Minutes that were circulated, whose group has met since then.
fn to_agree(desk: &Desk, compact: &Compact) -> Vec<Task> {
    let all = &compact.calendar.nodes;
    let group = |met: &Met| met.group.as_ref().map(|group| group.id.clone());
    let met_since = |met: &Met| {
        let circulated = met.circulated.as_ref().map(|made| made.occurred_on);
        let mut others = all.iter();
        others.any(|other| {
            group(other) == group(met) && other.held_on > met.held_on && other.held_on >= circulated
        })
    };
    let circulated = all
        .iter()
        .filter(|met| met.minutes == Some(MinutesState::Circulated) && met_since(met));
    let tasks = circulated.map(|met| {
        let on = met.circulated.as_ref();
        let on = on.map_or(String::new(), |made| {
            format!(" on {}", uk::day(&made.occurred_on))
        });
        minutes(
            desk,
            met,
            format!("Circulated{on}; the group has met since."),
        )
    });
    tasks.collect()
}

fn minutes(desk: &Desk, met: &Met, about: String) -> Task {
    let group = met.group.as_ref();
    let group = group.map_or("A group", |group| group.name.as_str());
    let held = met.held_on.as_ref().map(uk::day).unwrap_or_default();
    Task {
        text: format!("{group}, {held}"),
        href: desk.at(&format!("/meetings/{}", met.id)),
        about,
    }
}

/// Meetings that were held and are not let out, the latest first.
fn unpublished(desk: &Desk, compact: &Compact) -> Vec<Task> {
    let held = compact.calendar.nodes.iter().rev();
    let drafts =
        held.filter(|met| met.held_on.is_some() && met.visibility == Some(Visibility::Draft));
    let state = |met: &Met| match met.minutes {
        Some(MinutesState::Draft) | None => "The minutes are a draft.",
        Some(MinutesState::Circulated) => "The minutes were circulated.",
        Some(MinutesState::Agreed) => "The minutes are agreed.",
    };
    drafts
        .map(|met| minutes(desk, met, state(met).to_owned()))
        .collect()
}

/// Meetings that are still to be held.
fn to_come(compact: &Compact) -> Vec<Met> {
    let meetings = compact.calendar.nodes.iter();
    meetings
        .filter(|meeting| meeting.held_on.is_none() && meeting.cancelled.is_none())
        .cloned()
        .collect()
}
