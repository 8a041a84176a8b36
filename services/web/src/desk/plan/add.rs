//! Adding an objective to a plan, with its first action where there is one already.

use askama::Template;
use axum::extract::{Path, State};
use axum::response::Response;

use super::{May, Plan, act, served};
use crate::address::Address;
use crate::change::{Changed, change};
use crate::desk::Desk;
use crate::documents::document;
use crate::documents::scalars::{Date, Position, UUID};
use crate::form::{Area, DateField, Field, Fields, Problems, Select};
use crate::instead::Instead;
use crate::page::{Frame, onwards, shown, to_mend};
use crate::visit::{Visit, Web};

document!(AddObjective, "documents/desk/add-objective.graphql");

/// What the id of the command is called that sets the first action.
const ACTION_COMMAND: &str = "actionCommandId";

#[derive(Template)]
#[template(path = "desk/plan/add.html")]
struct Page {
    frame: Frame,
    here: String,
    command: String,
    action_command: String,
    label: Field,
    title: Area,
    indicator: Area,
    commitment: Select,
    said: act::Said,
    on: DateField,
}

impl Page {
    async fn new(
        (web, desk): (&Web, &Desk),
        plan: &Plan,
        (fields, problems): (&Fields, &Problems),
    ) -> Result<Self, Instead> {
        let frame = desk.in_plan("Add an objective", (&plan.title, &plan.id))?;
        let ids = &web.gateway.services().ids;
        let two = |name, label| Area {
            rows: 2,
            ..Area::new(name, label)
        };
        let mut page = Self {
            frame: frame.mending(problems),
            here: desk.at(&format!("/plans/{}/add", plan.id)),
            command: ids.next().to_string(),
            action_command: ids.next().to_string(),
            label: Field {
                short: true,
                ..Field::words("ref", "Ref")
            }
            .hinting("Its number or letter in the plan.")
            .with(&plan.next_ref()),
            title: two("title", "What is to be reached?"),
            indicator: two("indicator", "How will one know? (the indicator)"),
            commitment: served::commitments(web, desk).await?,
            said: act::Said::nothing(),
            on: DateField::new("occurredOn", "When was it agreed?")
                .hinting("Today, when left empty."),
        };
        if !fields.nothing_typed() {
            page.label = page.label.sent(fields, problems);
            page.title = page.title.sent(fields, problems);
            page.indicator = page.indicator.sent(fields, problems);
            page.commitment = page.commitment.sent(fields, problems);
            page.said = page.said.sent(fields, problems);
            page.on = page.on.sent(fields, problems);
        }
        Ok(page)
    }
}

/// `GET /desk/{slug}/plans/{id}/add`
pub async fn show(
    State(web): State<Web>,
    visit: Visit,
    Path((slug, id)): Path<(String, String)>,
    address: Address,
) -> Result<Response, Instead> {
    let desk = web.desk(&visit, &slug, address.path()).await?;
    let plan = Plan::find(&web, &desk, (&id, May::SetUp)).await?;
    let nothing = (&Fields::default(), &Problems::default());
    shown(&Page::new((&web, &desk), &plan, nothing).await?)
}

/// `POST /desk/{slug}/plans/{id}/add`
pub async fn send(
    State(web): State<Web>,
    visit: Visit,
    Path((slug, id)): Path<(String, String)>,
    address: Address,
    fields: Fields,
) -> Result<Response, Instead> {
    let desk = web
        .desk_sending(&visit, &fields, (&slug, address.path()))
        .await?;
    let plan = Plan::find(&web, &desk, (&id, May::SetUp)).await?;
    let objective = match record((&web, &desk), &plan, &fields).await? {
        Ok(objective) => objective,
        Err(problems) => {
            let page = Page::new((&web, &desk), &plan, (&fields, &problems)).await?;
            return to_mend(&page);
        }
    };
    if act::is_said(&fields) {
        let command = fields.one(ACTION_COMMAND).parse().ok();
        let recorded = act::record((&web, &desk), &objective, (&fields, command)).await?;
        if let Some(problems) = recorded {
            return act::mend((&web, &desk), &objective, (&fields, &problems)).await;
        }
    }
    Ok(onwards(&format!("{}?done=added", desk.plan(&plan.id))))
}

/// Records the objective; its id, or what is wrong with what was typed.
async fn record(
    (web, desk): (&Web, &Desk),
    plan: &Plan,
    fields: &Fields,
) -> Result<Result<String, Problems>, Instead> {
    let mut problems = Problems::default();
    if fields.some("ref").is_none() {
        problems.add("ref", "give it a ref, such as 7");
    }
    if fields.some("title").is_none() {
        problems.add("title", "say what is to be reached");
    }
    if act::is_said(fields) {
        act::wrong(fields, &mut problems);
    }
    let occurred_on = DateField::taken(fields, "occurredOn", &mut problems);
    if !problems.is_empty() {
        return Ok(Err(problems));
    }
    let input = add_objective::AddObjectiveInput {
        action_plan_id: plan.id.clone(),
        ref_: fields.some("ref").unwrap_or_default(),
        title: fields.text("title").unwrap_or_default(),
        indicator: fields.text("indicator"),
        commitment_id: fields.some("commitmentId"),
        command_id: fields.command(),
        occurred_on,
        ..Default::default()
    };
    let sent = add_objective::Variables { input };
    let changed = change::<AddObjective>(&web.gateway, sent, desk.looker.caller()).await?;
    Ok(match changed {
        Changed::Done(done) => Ok(done.new_id.unwrap_or_default()),
        Changed::ToMend(problems) => Err(problems),
    })
}
