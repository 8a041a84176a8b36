//! An update between meetings: said once, for as many objectives as it speaks for.

use askama::Template;
use axum::extract::{Path, State};
use axum::response::Response;

use super::{May, Plan, open};
use crate::address::Address;
use crate::change::{Changed, change};
use crate::desk::Desk;
use crate::documents::document;
use crate::documents::scalars::{Date, Position, UUID};
use crate::documents::words::ObjectiveStateKind;
use crate::form::{Area, Choice, Choices, DateField, Fields, Kind, Problems};
use crate::instead::Instead;
use crate::page::{Frame, onwards, shown, to_mend};
use crate::visit::{Visit, Web};

document!(RecordUpdate, "documents/desk/record-update.graphql", one_of);

use record_update::{ChangeInput, CompleteActionChange, RecordUpdateInput};

#[derive(Template)]
#[template(path = "desk/plan/update.html")]
struct Page {
    frame: Frame,
    here: String,
    command: String,
    objectives: Choices,
    text: Area,
    completed: Option<Choices>,
    on: DateField,
}

/// The objectives of a plan that an update can speak for: those that are pursued, and those it speaks for already.
pub fn objectives(plan: &Plan, already: &[String]) -> Choices {
    let can = plan
        .objectives
        .iter()
        .filter(|one| one.state.kind != ObjectiveStateKind::Dropped || already.contains(&one.id));
    let choices = can.map(|one| Choice::new(&one.id, format!("{}: {}", one.ref_, one.title)));
    Choices {
        small: true,
        ..Choices::new(
            Kind::Checkboxes,
            "objectiveIds",
            "Which objectives does it speak for?",
            choices,
        )
        .with(already)
    }
}

/// What the schema says of one of the objectives is said at all of them, and of a change that an update carries likewise.
pub fn gathered(problems: Problems) -> Problems {
    problems.renamed(|field| match field.split('.').next() {
        Some("objectiveIds") => "objectiveIds".to_owned(),
        Some("changes") => "completed".to_owned(),
        _ => field.to_owned(),
    })
}

impl Page {
    async fn new(
        (web, desk): (&Web, &Desk),
        (plan, of): (&Plan, &str),
        (fields, problems): (&Fields, &Problems),
    ) -> Result<Self, Instead> {
        let frame = desk.in_plan("Record an update", (&plan.title, &plan.id))?;
        let open = open::actions(web, desk, &plan.id).await?;
        let completed = (!open.is_empty()).then(|| Choices {
            small: true,
            hint: "Tick none where it only tells how things stand.".into(),
            ..Choices::new(
                Kind::Checkboxes,
                "completed",
                "Which actions are done with it?",
                open,
            )
        });
        let mut page = Self {
            frame: frame.mending(problems),
            here: format!("{}/update", desk.plan(&plan.id)),
            command: web.gateway.services().ids.next().to_string(),
            objectives: objectives(plan, &[]).with(Some(of)),
            text: Area::new("text", "What is to be told"),
            completed,
            on: DateField::new("occurredOn", "When was that?").hinting("Today, when left empty."),
        };
        if !fields.nothing_typed() {
            page.objectives = page.objectives.sent(fields, problems);
            page.text = page.text.sent(fields, problems);
            page.completed = page.completed.map(|one| one.sent(fields, problems));
            page.on = page.on.sent(fields, problems);
        }
        Ok(page)
    }
}

/// `GET /desk/{slug}/plans/{id}/update`
pub async fn show(
    State(web): State<Web>,
    visit: Visit,
    Path((slug, id)): Path<(String, String)>,
    address: Address,
) -> Result<Response, Instead> {
    let desk = web.desk(&visit, &slug, address.path()).await?;
    let plan = Plan::find(&web, &desk, (&id, May::Follow)).await?;
    let nothing = (&Fields::default(), &Problems::default());
    shown(&Page::new((&web, &desk), (&plan, address.one("of")), nothing).await?)
}

/// `POST /desk/{slug}/plans/{id}/update`
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
    let plan = Plan::find(&web, &desk, (&id, May::Follow)).await?;
    match record((&web, &desk), &plan, &fields).await? {
        None => Ok(onwards(&format!("{}?done=updated", desk.plan(&id)))),
        Some(problems) => {
            to_mend(&Page::new((&web, &desk), (&plan, ""), (&fields, &problems)).await?)
        }
    }
}

async fn record(
    (web, desk): (&Web, &Desk),
    plan: &Plan,
    fields: &Fields,
) -> Result<Option<Problems>, Instead> {
    let mut problems = Problems::default();
    let occurred_on = DateField::taken(fields, "occurredOn", &mut problems);
    let objective_ids: Vec<String> = fields.all("objectiveIds").map(str::to_owned).collect();
    if objective_ids.is_empty() {
        problems.add("objectiveIds", "tick at least one objective");
    }
    if fields.some("text").is_none() {
        problems.add("text", "say what is to be told");
    }
    if !problems.is_empty() {
        return Ok(Some(problems));
    }
    let done = |action: &str| {
        ChangeInput::CompleteAction(CompleteActionChange {
            action_id: action.to_owned(),
            note: None,
        })
    };
    let input = RecordUpdateInput {
        action_plan_id: plan.id.clone(),
        objective_ids,
        text: fields.text("text").unwrap_or_default(),
        changes: fields.all("completed").map(done).collect(),
        command_id: fields.command(),
        occurred_on,
        expected_version: None,
        meeting: None,
        new_id: None,
    };
    let sent = record_update::Variables { input };
    let changed = change::<RecordUpdate>(&web.gateway, sent, desk.looker.caller()).await?;
    Ok(match changed {
        Changed::Done(_) => None,
        Changed::ToMend(problems) => Some(gathered(problems)),
    })
}
