//! Action plans at the desk: the familiar table with a way to change each thing in it, in place of the Word file that was overwritten at
//! every meeting.
//!
//! The secretariat sets plans up and words their objectives; who leads a group follows its plans: actions, updates, what is given up. The
//! schema holds to it; here it decides what is offered.

mod act;
mod add;
mod begin;
mod filter;
mod found;
mod list;
mod objective;
pub mod open;
mod put_right;
mod served;
mod show;
mod title;
mod update;

use axum::Router;
use axum::routing::get;

use super::{Desk, room};
use crate::ask::ask;
use crate::documents::document;
use crate::documents::words::ObjectiveStateKind;
use crate::instead::Instead;
use crate::page::Frame;
use crate::visit::Web;

document!(DeskPlan, "documents/desk/plan.graphql");

pub use desk_plan::DeskPlanActionPlanObjectivesNodes as Objective;

/// The pages of plans.
pub fn routes() -> Router<Web> {
    Router::new()
        .route("/desk/{slug}/plans", get(list::show))
        .route(
            "/desk/{slug}/plans/new",
            get(room::show::<begin::Page>).post(room::send::<begin::Page>),
        )
        .route("/desk/{slug}/plans/{id}", get(show::show))
        .route(
            "/desk/{slug}/plans/{id}/add",
            get(add::show).post(add::send),
        )
        .route(
            "/desk/{slug}/plans/{id}/title",
            get(room::show::<title::Page>).post(room::send::<title::Page>),
        )
        .route(
            "/desk/{slug}/plans/{id}/update",
            get(room::show::<update::Page>).post(room::send::<update::Page>),
        )
        .route(
            "/desk/{slug}/updates/{id}",
            get(room::show::<put_right::Page>).post(room::send::<put_right::Page>),
        )
        .route(
            "/desk/{slug}/objectives/{id}",
            get(room::show::<objective::Page>).post(room::send::<objective::Page>),
        )
        .route(
            "/desk/{slug}/objectives/{id}/act",
            get(room::show::<act::Page>).post(room::send::<act::Page>),
        )
}

/// What somebody may change in a plan.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum May {
    /// Nothing: it is another group's.
    Look,
    /// Actions and updates, and what is given up.
    Follow,
    /// Everything.
    SetUp,
}

impl May {
    /// What whoever sits at `desk` may change in the plan of a group.
    pub fn of(desk: &Desk, group: Option<&str>) -> Self {
        if desk.looker.runs(&desk.place.slug) {
            Self::SetUp
        } else if group.is_some_and(|group| desk.looker.leads(group)) {
            Self::Follow
        } else {
            Self::Look
        }
    }

    /// Makes sure that it is as much as this.
    ///
    /// # Errors
    /// [`Instead::NotHere`].
    pub fn must(self, least: Self) -> Result<(), Instead> {
        (self >= least).then_some(()).ok_or(Instead::NotHere)
    }
}

/// A plan as its forms stand on it.
pub struct Plan {
    /// Its id.
    pub id: String,
    /// Its title.
    pub title: String,
    /// How often it changed.
    pub version: i64,
    /// What it was called before, the first first.
    pub titles: Vec<String>,
    /// What may be changed in it.
    pub may: May,
    /// Its objectives, also those that were dropped.
    pub objectives: Vec<Objective>,
}

/// How many pages of objectives are taken of a plan at most.
const MOST_PAGES: usize = 20;

impl Plan {
    /// The plan `id` of the desk's compact.
    ///
    /// # Errors
    /// [`Instead::NotHere`] when there is none, or less than `least` may be changed in it.
    pub async fn find(web: &Web, desk: &Desk, (id, least): (&str, May)) -> Result<Self, Instead> {
        let mut plan = Self::page(web, desk, (id, None)).await?;
        plan.0.may.must(least)?;
        for _ in 1..MOST_PAGES {
            let Some(after) = plan.1.take() else {
                break;
            };
            let (more, next) = Self::page(web, desk, (id, Some(after))).await?;
            plan.0.objectives.extend(more.objectives);
            plan.1 = next;
        }
        Ok(plan.0)
    }

    /// The plan with a page of its objectives, and where the next page begins.
    async fn page(
        web: &Web,
        desk: &Desk,
        (id, after): (&str, Option<String>),
    ) -> Result<(Self, Option<String>), Instead> {
        let id = id.to_owned();
        let variables = desk_plan::Variables { id, after };
        let answer = ask::<DeskPlan>(&web.gateway, variables, desk.looker.caller()).await?;
        let plan = answer.action_plan.ok_or(Instead::NotHere)?;
        if plan.compact.slug != desk.place.slug {
            return Err(Instead::NotHere);
        }
        let info = plan.objectives.page_info;
        let found = Self {
            id: plan.id,
            title: plan.title,
            version: plan.version,
            titles: plan.title_changes.into_iter().map(|it| it.from).collect(),
            may: May::of(desk, plan.group.as_ref().map(|group| group.id.as_str())),
            objectives: plan.objectives.nodes,
        };
        Ok((found, info.end_cursor.filter(|_| info.has_next_page)))
    }

    /// The ref that comes next, where they are numbers.
    pub fn next_ref(&self) -> String {
        let numbers = self.objectives.iter().map(|one| one.ref_.parse::<u32>());
        let numbers: Result<Vec<u32>, _> = numbers.collect();
        let last = numbers.map(|numbers| numbers.into_iter().max().unwrap_or_default());
        last.map_or_else(|_| String::new(), |last| (last + 1).to_string())
    }
}

impl Desk {
    /// Where a plan is worked on.
    pub fn plan(&self, id: &str) -> String {
        self.at(&format!("/plans/{id}"))
    }

    /// What a page about the plans has around it.
    ///
    /// # Errors
    /// As [`Desk::frame`].
    pub fn in_plans(
        &self,
        title: impl Into<std::borrow::Cow<'static, str>>,
    ) -> Result<Frame, Instead> {
        Ok(self.frame(title)?.crumb("Action plans", self.at("/plans")))
    }

    /// What a page about one thing in a plan has around it: the plan's title and id.
    ///
    /// # Errors
    /// As [`Desk::frame`].
    pub fn in_plan(
        &self,
        title: impl Into<std::borrow::Cow<'static, str>>,
        (plan, id): (&str, &str),
    ) -> Result<Frame, Instead> {
        Ok(self.in_plans(title)?.crumb(plan, self.plan(id)))
    }
}
