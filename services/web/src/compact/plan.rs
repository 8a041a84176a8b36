//! An action plan, as the familiar table: as it is now, or as it was on a day or at a meeting.

use askama::Template;
use axum::extract::{Path, State};
use axum::response::Response;

use super::{frame, must_be_of};
use crate::address::Address;
use crate::ask::ask;
use crate::documents::document;
use crate::documents::scalars::{Date, Position, Session};
use crate::documents::words::{ActionChangeKind, ActionState, ObjectiveStateKind, Visibility};
use crate::form::{Choice, Select};
use crate::instead::Instead;
use crate::may;
use crate::page::Frame;
use crate::parts::{Actions, Pages, Part, pages_of};
use crate::uk;
use crate::visit::{Visit, Web};

document!(PlanPage, "documents/plan.graphql", one_of);

use plan_page::PlanPageActionPlan as Whole;
use plan_page::PlanPageActionPlanObjectivesNodes as Objective;
use plan_page::PlanPageActionPlanObjectivesNodesActionsNodes as Action;
use plan_page::PlanPageCompactCalendarNodes as Meeting;

/// How many objectives stand on a page.
const SIZE: i64 = 40;

#[derive(Template)]
#[template(path = "compact/plan.html")]
struct Page {
    frame: Frame,
    actions: Actions,
    slug: String,
    here: String,
    /// What the past is that is shown, in words.
    past: Option<String>,
    on: String,
    meetings: Select,
    problem: Option<&'static str>,
    plan: Option<Whole>,
    pages: Pages,
}

/// What the address asks for: now, a day, or a meeting.
enum Asked {
    Now,
    Day(Date),
    Meeting(String),
    /// What stands there is no day.
    Nothing,
}

impl Asked {
    fn of(address: &Address) -> Self {
        match (address.some("on"), address.some("meeting")) {
            (Some(on), _) => on.parse().map_or(Self::Nothing, Self::Day),
            (None, Some(meeting)) => Self::Meeting(meeting.to_owned()),
            (None, None) => Self::Now,
        }
    }

    fn as_of(&self) -> Option<plan_page::AsOf> {
        match self {
            Self::Now | Self::Nothing => None,
            Self::Day(on) => Some(plan_page::AsOf::On(*on)),
            Self::Meeting(id) => Some(plan_page::AsOf::Meeting(id.clone())),
        }
    }

    fn past(&self, meetings: &[Meeting]) -> Option<String> {
        match self {
            Self::Now | Self::Nothing => None,
            Self::Day(on) => Some(format!("on {}", uk::day(on))),
            Self::Meeting(id) => {
                let found = meetings.iter().find(|meeting| meeting.id == *id);
                Some(found.map_or_else(
                    || "after that meeting".to_owned(),
                    |meeting| format!("after {}", words(meeting)),
                ))
            }
        }
    }
}

fn words(meeting: &Meeting) -> String {
    let held = meeting.held_on.as_ref().map(uk::day).unwrap_or_default();
    match &meeting.group {
        Some(group) => format!("the meeting of {held} ({})", group.name),
        None => format!("the meeting of {held}"),
    }
}

impl Whole {
    /// The ref under which an update that speaks for several objectives is told on this page; none where it is this one's.
    fn told_at(&self, update: &str, here: &str) -> Option<&str> {
        let tells = |objective: &&Objective| {
            let mut updates = objective.updates.nodes.iter();
            updates.any(|one| one.id == update)
        };
        let first = self.objectives.nodes.iter().find(tells)?;
        (first.ref_ != here).then_some(first.ref_.as_str())
    }
}

impl Action {
    /// Whether its timescale is another than was first agreed.
    fn moved(&self) -> Option<&str> {
        let first = self.original_timescale.as_ref()?.text.as_str();
        let now = self.timescale.as_ref().map(|now| now.text.as_str());
        (now != Some(first)).then_some(first)
    }

    /// Why it is where it is, for one that is no longer open.
    fn reason(&self) -> Option<&str> {
        if self.state == ActionState::Open {
            return None;
        }
        self.changes.last()?.reason.as_deref()
    }
}

/// `GET /compacts/{slug}/plans/{id}`
pub async fn show(
    State(web): State<Web>,
    visit: Visit,
    address: Address,
    Path((slug, id)): Path<(String, String)>,
) -> Result<Response, Instead> {
    let looker = web.looker(&visit).await?;
    let kept = web.kept(&looker, &address).await?;
    if let Some(had) = kept.had_by(&visit) {
        return Ok(had);
    }
    let asked = Asked::of(&address);
    let Part {
        first,
        after,
        last,
        before,
    } = Part::of(&address, SIZE);
    let variables = plan_page::Variables {
        slug: slug.clone(),
        id: id.clone(),
        as_of: asked.as_of(),
        first,
        after,
        last,
        before,
    };
    let answer = ask::<PlanPage>(&web.gateway, variables, looker.caller()).await?;
    let compact = answer.compact.ok_or(Instead::NotHere)?;
    let plan = answer.action_plan;
    if let Some(plan) = &plan {
        must_be_of(&slug, &plan.compact.slug)?;
    }
    let past = asked.past(&compact.calendar.nodes);
    if plan.is_none() && past.is_none() {
        return Err(Instead::NotHere);
    }
    let title = plan
        .as_ref()
        .map_or("Action plan".to_owned(), |plan| plan.title.clone());
    let place = (slug.as_str(), compact.name.as_str());
    kept.shown(&Page {
        frame: frame(title, &looker, place)?
            .crumb("Action plans", format!("/compacts/{slug}/plans")),
        actions: match past {
            None => may::with_plan(&looker, &slug, &id),
            Some(_) => Actions::default(),
        },
        here: address.path().to_owned(),
        on: address.one("on").to_owned(),
        meetings: meetings(&compact.calendar.nodes, address.one("meeting")),
        problem: matches!(asked, Asked::Nothing).then_some("Enter a real date"),
        pages: match &plan {
            Some(plan) => pages_of!("objectives", &address, plan.objectives.page_info),
            None => Pages::default(),
        },
        past,
        slug,
        plan,
    })
}

fn meetings(all: &[Meeting], chosen: &str) -> Select {
    let held = all.iter().rev().filter(|meeting| meeting.held_on.is_some());
    let held = held.map(|meeting| Choice::new(&meeting.id, format!("After {}", words(meeting))));
    let now = Choice::new("", "As it is now");
    Select::new("meeting", "Show the plan", [now].into_iter().chain(held)).with(chosen)
}
