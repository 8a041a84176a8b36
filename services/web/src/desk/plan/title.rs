//! Giving a plan another title.

use askama::Template;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::response::Response;

use super::{May, Plan};
use crate::address::Address;
use crate::change::{Changed, change};
use crate::desk::Desk;
use crate::documents::document;
use crate::documents::scalars::{Date, Position, UUID};
use crate::form::{
    Area, Conflict, Contested, DateField, Field, Fields, Ground, Problems, Settled, settle,
};
use crate::instead::Instead;
use crate::page::{Frame, Undo, onwards, shown, to_mend, with_status};
use crate::visit::{Visit, Web};

document!(
    RetitleActionPlan,
    "documents/desk/retitle-action-plan.graphql"
);

#[derive(Template)]
#[template(path = "desk/plan/title.html")]
struct Page {
    frame: Frame,
    here: String,
    conflict: Option<Conflict>,
    ground: Ground,
    command: String,
    title: Field,
    reason: Area,
    on: DateField,
}

impl Plan {
    fn ground(&self) -> Ground {
        Ground::new(self.version).and("title", "Title", &self.title)
    }
}

impl Page {
    fn new(
        (web, desk): (&Web, &Desk),
        plan: &Plan,
        (fields, problems): (&Fields, &Problems),
    ) -> Result<Self, Instead> {
        let frame = desk.in_plan("Change the plan's title", (&plan.title, &plan.id))?;
        let mut page = Self {
            frame: frame.mending(problems),
            here: format!("{}/title", desk.plan(&plan.id)),
            conflict: None,
            ground: plan.ground(),
            command: web.gateway.services().ids.next().to_string(),
            title: Field::words("title", "Its new title").with(&plan.title),
            reason: Area::new("reason", "Why?").hinting("It stays on record beside the old title."),
            on: DateField::new("occurredOn", "When was it decided?")
                .hinting("Today, when left empty."),
        };
        if !fields.nothing_typed() {
            page.title = page.title.sent(fields, problems);
            page.reason = page.reason.sent(fields, problems);
            page.on = page.on.sent(fields, problems);
        }
        Ok(page)
    }
}

/// How a title that was just changed is put back.
pub fn undo((web, desk): (&Web, &Desk), plan: &Plan) -> Option<Undo> {
    let undo = Undo {
        words: "Put it back as it was".into(),
        to: format!("{}/title", desk.plan(&plan.id)),
        fields: plan.ground().fields(),
    };
    let before = plan.titles.last()?;
    let undo = undo
        .with("title", before)
        .with("reason", "It was a mistake.")
        .with("commandId", web.gateway.services().ids.next().to_string());
    Some(undo)
}

/// A form that was sent.
struct Sending<'s> {
    at: (&'s Web, &'s Desk),
    id: &'s str,
    fields: &'s Fields,
}

impl Contested for Sending<'_> {
    type Thing = Plan;

    async fn find(&self) -> Result<Plan, Instead> {
        let (web, desk) = self.at;
        Plan::find(web, desk, (self.id, May::SetUp)).await
    }

    fn ground(&self, plan: &Plan) -> Ground {
        plan.ground()
    }

    async fn record(&self, plan: &Plan, version: Option<i64>) -> Result<Option<Problems>, Instead> {
        record(self.at, plan, (self.fields, version)).await
    }
}

/// `GET /desk/{slug}/plans/{id}/title`
pub async fn show(
    State(web): State<Web>,
    visit: Visit,
    Path((slug, id)): Path<(String, String)>,
    address: Address,
) -> Result<Response, Instead> {
    let desk = web.desk(&visit, &slug, address.path()).await?;
    let plan = Plan::find(&web, &desk, (&id, May::SetUp)).await?;
    let nothing = (&Fields::default(), &Problems::default());
    shown(&Page::new((&web, &desk), &plan, nothing)?)
}

/// `POST /desk/{slug}/plans/{id}/title`
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
    let sending = Sending {
        at: (&web, &desk),
        id: &id,
        fields: &fields,
    };
    match settle(&sending, &fields).await? {
        Settled::Recorded(_) => Ok(onwards(&format!("{}?done=titled", desk.plan(&id)))),
        Settled::ToMend(plan, problems) => {
            to_mend(&Page::new((&web, &desk), &plan, (&fields, &problems))?)
        }
        Settled::Contested(plan, problems) => {
            let mut page = Page::new((&web, &desk), &plan, (&fields, &problems))?;
            let typed = |_: &str| fields.some("title");
            let conflict = plan.ground().against(&fields, desk.plan(&id), typed);
            page.conflict = Some(conflict);
            with_status(StatusCode::CONFLICT, &page)
        }
    }
}

async fn record(
    (web, desk): (&Web, &Desk),
    plan: &Plan,
    (fields, expected_version): (&Fields, Option<i64>),
) -> Result<Option<Problems>, Instead> {
    let mut problems = Problems::default();
    let occurred_on = DateField::taken(fields, "occurredOn", &mut problems);
    if fields.some("title").is_none() {
        problems.add("title", "say what the plan is called");
    }
    if fields.some("reason").is_none() {
        problems.add("reason", "say why");
    }
    if !problems.is_empty() {
        return Ok(Some(problems));
    }
    let input = retitle_action_plan::RetitleActionPlanInput {
        action_plan_id: plan.id.clone(),
        title: fields.some("title").unwrap_or_default(),
        reason: fields.text("reason").unwrap_or_default(),
        command_id: fields.command(),
        expected_version,
        occurred_on,
        ..Default::default()
    };
    let sent = retitle_action_plan::Variables { input };
    let changed = change::<RetitleActionPlan>(&web.gateway, sent, desk.looker.caller()).await?;
    Ok(match changed {
        Changed::Done(_) => None,
        Changed::ToMend(problems) => Some(problems),
    })
}
