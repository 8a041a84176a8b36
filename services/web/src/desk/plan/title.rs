//! Giving a plan another title.

use askama::Template;

use super::{May, Plan};
use crate::change::change;
use crate::desk::room::{Answered, At, Room, Sent, or_on_to};
use crate::desk::{Desk, to_mend as problems_of};
use crate::documents::document;
use crate::documents::scalars::{Date, Position, UUID};
use crate::form::{Area, Conflict, DateField, Field, Fields, Ground, Problems};
use crate::instead::Instead;
use crate::page::{Frame, Undo};
use crate::visit::Web;

document!(
    RetitleActionPlan,
    "documents/desk/retitle-action-plan.graphql"
);

#[derive(Template)]
#[template(path = "desk/plan/title.html")]
pub struct Page {
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

impl Room for Page {
    type Thing = Plan;

    async fn find(at: At<'_>) -> Result<Plan, Instead> {
        Plan::find(at.web, at.desk, (at.named(0)?, May::SetUp)).await
    }

    async fn new(at: At<'_>, plan: &Plan, (fields, problems): Sent<'_>) -> Result<Self, Instead> {
        let frame = at
            .desk
            .in_plan("Change the plan's title", (&plan.title, &plan.id))?;
        let mut page = Self {
            frame: frame.mending(problems),
            here: format!("{}/title", at.desk.plan(&plan.id)),
            conflict: None,
            ground: plan.ground(),
            command: at.command(),
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

    async fn record(at: At<'_>, plan: &Plan, sent: (&Fields, Option<i64>)) -> Answered {
        let there = format!("{}?done=titled", at.desk.plan(&plan.id));
        Ok(or_on_to(record(at.both(), plan, sent).await?, there))
    }

    fn ground(plan: &Plan) -> Ground {
        plan.ground()
    }

    fn contested(&mut self, at: At<'_>, plan: &Plan, fields: &Fields) {
        let typed = |_: &str| fields.some("title");
        self.conflict = Some(plan.ground().against(fields, at.desk.plan(&plan.id), typed));
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
    Ok(problems_of(changed))
}
