//! The plans of a compact, to be worked on.

use askama::Template;
use axum::extract::{Path, State};
use axum::response::Response;

use super::May;
use crate::address::Address;
use crate::ask::ask;
use crate::desk::Desk;
use crate::documents::document;
use crate::documents::scalars::Date;
use crate::documents::words::Visibility;
use crate::form::{Choice, Select};
use crate::instead::Instead;
use crate::page::{Frame, shown};
use crate::parts::{Pages, Part, pages_of};
use crate::uk;
use crate::visit::{Visit, Web};

document!(DeskPlans, "documents/desk/plans.graphql");

use desk_plans::DeskPlansActionPlansNodes as Listed;
use desk_plans::DeskPlansCompactGroups as Group;

/// How many plans stand on a page.
const SIZE: i64 = 25;

#[derive(Template)]
#[template(path = "desk/plan/list.html")]
struct Page {
    frame: Frame,
    here: String,
    groups: Select,
    filtered: bool,
    sets_up: bool,
    plans: Vec<(Listed, bool)>,
    pages: Pages,
}

/// The groups of a desk's compact that work still, as choices.
///
/// # Errors
/// When the schema does not answer.
pub async fn groups_at_work(web: &Web, desk: &Desk) -> Result<Vec<Choice>, Instead> {
    let variables = desk_plans::Variables {
        compact: desk.place.id.clone(),
        first: Some(1),
        ..desk_plans::Variables::default()
    };
    let answer = ask::<DeskPlans>(&web.gateway, variables, desk.looker.caller()).await?;
    let groups = answer
        .compact
        .into_iter()
        .flat_map(|compact| compact.groups);
    let at_work = groups.filter(|group| group.wound_up.is_none());
    Ok(at_work.map(|group| choice(&group)).collect())
}

fn choice(group: &Group) -> Choice {
    Choice::new(&group.id, &group.name)
}

/// `GET /desk/{slug}/plans`
pub async fn show(
    State(web): State<Web>,
    visit: Visit,
    Path(slug): Path<String>,
    address: Address,
) -> Result<Response, Instead> {
    let desk = web.desk(&visit, &slug, address.path()).await?;
    let part = Part::of(&address, SIZE);
    let variables = desk_plans::Variables {
        compact: desk.place.id.clone(),
        group: address.some("group").map(str::to_owned),
        first: part.first,
        after: part.after,
        last: part.last,
        before: part.before,
    };
    let answer = ask::<DeskPlans>(&web.gateway, variables, desk.looker.caller()).await?;
    let groups = answer
        .compact
        .into_iter()
        .flat_map(|compact| compact.groups);
    let groups: Vec<Choice> = groups.map(|group| choice(&group)).collect();
    let all = [Choice::new("", "Every group")];
    let plans = answer.action_plans;
    let pages = pages_of!("action plans", &address, plans.page_info);
    let own = |plan: &Listed| {
        let group = plan.group.as_ref().map(|group| group.id.as_str());
        May::of(&desk, group) >= May::Follow
    };
    let listed = plans.nodes.into_iter().map(|plan| {
        let own = own(&plan);
        (plan, own)
    });
    shown(&Page {
        frame: desk.frame("Action plans")?,
        here: address.path().to_owned(),
        groups: Select::new("group", "Group", all.into_iter().chain(groups))
            .with(address.one("group"))
            .going(),
        filtered: address.some("group").is_some(),
        sets_up: desk.looker.runs(&slug),
        plans: listed.collect(),
        pages,
    })
}
