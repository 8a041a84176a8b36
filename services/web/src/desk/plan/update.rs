//! An update between meetings: said once, for as many objectives as it speaks for.

use askama::Template;

use super::{May, Plan, open};
use crate::change::change;
use crate::desk::room::{Answered, At, Room, Sent, or_on_to};
use crate::desk::{Desk, to_mend as problems_of};
use crate::documents::document;
use crate::documents::scalars::{Date, Position, UUID};
use crate::documents::words::ObjectiveStateKind;
use crate::form::{Area, Choice, Choices, DateField, Fields, Kind, Problems};
use crate::instead::Instead;
use crate::page::Frame;
use crate::visit::Web;

document!(RecordUpdate, "documents/desk/record-update.graphql", one_of);

use record_update::{ChangeInput, CompleteActionChange, RecordUpdateInput};

#[derive(Template)]
#[template(path = "desk/plan/update.html")]
pub struct Page {
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

impl Room for Page {
    type Thing = Plan;

    async fn find(at: At<'_>) -> Result<Plan, Instead> {
        Plan::find(at.web, at.desk, (at.named(0)?, May::Follow)).await
    }

    async fn new(at: At<'_>, plan: &Plan, (fields, problems): Sent<'_>) -> Result<Self, Instead> {
        let frame = at
            .desk
            .in_plan("Record an update", (&plan.title, &plan.id))?;
        let open = open::actions(at.web, at.desk, &plan.id).await?;
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
            here: format!("{}/update", at.desk.plan(&plan.id)),
            command: at.command(),
            objectives: objectives(plan, &[]).with(at.address.some("of")),
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

    async fn record(at: At<'_>, plan: &Plan, (fields, _): (&Fields, Option<i64>)) -> Answered {
        let there = format!("{}?done=updated", at.desk.plan(&plan.id));
        Ok(or_on_to(record(at.both(), plan, fields).await?, there))
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
    Ok(problems_of(changed).map(gathered))
}
