//! Beginning a group's plan.

use askama::Template;
use axum::extract::{Path, State};
use axum::response::Response;

use super::{May, list};
use crate::address::Address;
use crate::change::{Changed, change};
use crate::desk::Desk;
use crate::documents::document;
use crate::documents::scalars::{Date, Position, UUID};
use crate::form::{Choice, DateField, Field, Fields, Problems, Select};
use crate::instead::Instead;
use crate::page::{Frame, onwards, shown, to_mend};
use crate::visit::{Visit, Web};

document!(SetActionPlan, "documents/desk/set-action-plan.graphql");

#[derive(Template)]
#[template(path = "desk/plan/begin.html")]
struct Page {
    frame: Frame,
    here: String,
    command: String,
    group: Select,
    title: Field,
    on: DateField,
}

impl Page {
    async fn new(
        (web, desk): (&Web, &Desk),
        group: &str,
        (fields, problems): (&Fields, &Problems),
    ) -> Result<Self, Instead> {
        let groups = list::groups_at_work(web, desk).await?;
        let none = [Choice::new("", "Choose a group")];
        let mut page = Self {
            frame: desk.in_plans("Begin a new plan")?.mending(problems),
            here: desk.at("/plans/new"),
            command: web.gateway.services().ids.next().to_string(),
            group: Select::new(
                "groupId",
                "Whose plan is it?",
                none.into_iter().chain(groups),
            )
            .with(group),
            title: Field::words("title", "What is it called?")
                .hinting("Such as: Learning and Development action plan"),
            on: DateField::new("occurredOn", "When was it set?").hinting("Today, when left empty."),
        };
        if !fields.nothing_typed() {
            page.group = page.group.sent(fields, problems);
            page.title = page.title.sent(fields, problems);
            page.on = page.on.sent(fields, problems);
        }
        Ok(page)
    }
}

/// `GET /desk/{slug}/plans/new`
pub async fn show(
    State(web): State<Web>,
    visit: Visit,
    Path(slug): Path<String>,
    address: Address,
) -> Result<Response, Instead> {
    let desk = web.desk(&visit, &slug, address.path()).await?;
    May::of(&desk, None).must(May::SetUp)?;
    let nothing = (&Fields::default(), &Problems::default());
    shown(&Page::new((&web, &desk), address.one("group"), nothing).await?)
}

/// `POST /desk/{slug}/plans/new`
pub async fn send(
    State(web): State<Web>,
    visit: Visit,
    Path(slug): Path<String>,
    address: Address,
    fields: Fields,
) -> Result<Response, Instead> {
    let desk = web
        .desk_sending(&visit, &fields, (&slug, address.path()))
        .await?;
    May::of(&desk, None).must(May::SetUp)?;
    let mut problems = Problems::default();
    let occurred_on = DateField::taken(&fields, "occurredOn", &mut problems);
    if fields.some("groupId").is_none() {
        problems.add("groupId", "choose whose plan it is");
    }
    if fields.some("title").is_none() {
        problems.add("title", "say what the plan is called");
    }
    if problems.is_empty() {
        let input = set_action_plan::SetActionPlanInput {
            group_id: fields.some("groupId").unwrap_or_default(),
            title: fields.some("title").unwrap_or_default(),
            command_id: fields.command(),
            occurred_on,
            ..Default::default()
        };
        let sent = set_action_plan::Variables { input };
        match change::<SetActionPlan>(&web.gateway, sent, desk.looker.caller()).await? {
            Changed::Done(done) => {
                let id = done.new_id.unwrap_or_default();
                return Ok(onwards(&format!("{}?done=begun", desk.plan(&id))));
            }
            Changed::ToMend(wrong) => problems = wrong,
        }
    }
    to_mend(&Page::new((&web, &desk), "", (&fields, &problems)).await?)
}
