//! An update that was wrong: put right once for all the objectives it speaks for, or taken back. What it said stays in view.

use askama::Template;

use super::update::{gathered, objectives};
use super::{May, Plan};
use crate::ask::ask;
use crate::change::{Changed, change};
use crate::desk::Desk;
use crate::desk::room::{Answered, At, Room, Sent, or_on_to};
use crate::documents::document;
use crate::documents::scalars::{Date, Position, UUID};
use crate::form::{Area, Choice, Choices, Conflict, DateField, Fields, Ground, Kind, Problems};
use crate::instead::Instead;
use crate::page::Frame;
use crate::uk;
use crate::visit::Web;

document!(DeskUpdate, "documents/desk/update.graphql");
document!(CorrectUpdate, "documents/desk/correct-update.graphql");
document!(WithdrawUpdate, "documents/desk/withdraw-update.graphql");

use desk_update::{DeskUpdateNode as Node, DeskUpdateNodeOnUpdate as Update, Terms};

const CORRECTED: &str = "CORRECTED";
const WITHDRAWN: &str = "WITHDRAWN";

#[derive(Template)]
#[template(path = "desk/plan/put-right.html")]
pub struct Page {
    frame: Frame,
    here: String,
    update: Update,
    conflict: Option<Conflict>,
    ground: Ground,
    command: String,
    kind: Choices,
    objectives: Choices,
    text: Area,
    reason: Area,
    on: DateField,
}

/// An update, and the plan it belongs to.
pub struct Found {
    update: Update,
    plan: Plan,
}

impl Found {
    async fn find(web: &Web, desk: &Desk, id: &str) -> Result<Self, Instead> {
        let variables = desk_update::Variables { id: id.to_owned() };
        let answer = ask::<DeskUpdate>(&web.gateway, variables, desk.looker.caller()).await?;
        let Some(Node::Update(update)) = answer.node else {
            return Err(Instead::NotHere);
        };
        let plan = Plan::find(web, desk, (&update.action_plan.id, May::Follow)).await?;
        Ok(Self { update, plan })
    }

    fn ground(&self) -> Ground {
        let taken_back = self.update.withdrawn.as_ref();
        let taken_back = taken_back.map_or_else(
            || "It stands".to_owned(),
            |it| format!("Taken back: {}", it.reason),
        );
        Ground::new(self.plan.version)
            .and("text", "What it tells", &self.update.text)
            .and("objectiveIds", "Objectives", self.update.refs())
            .and("state", "Whether it stands", taken_back)
    }
}

impl Update {
    fn refs(&self) -> String {
        let refs: Vec<&str> = self.objectives.iter().map(|it| it.ref_.as_str()).collect();
        refs.join(", ")
    }
}

impl Terms {
    fn words(&self) -> String {
        let refs: Vec<&str> = self.objectives.iter().map(|it| it.ref_.as_str()).collect();
        format!("{} ({})", self.text, refs.join(", "))
    }
}

impl Page {
    fn typed(&self, part: &str) -> Option<String> {
        let corrected = self.kind.chosen.iter().any(|kind| kind == CORRECTED);
        match part {
            "text" if corrected => Some(self.text.value.clone()),
            "objectiveIds" if corrected => {
                let chosen = self.objectives.choices.iter();
                let chosen = chosen.filter(|one| self.objectives.chosen.contains(&one.value));
                let refs = chosen.map(|one| one.label.split(':').next().unwrap_or_default());
                Some(refs.collect::<Vec<_>>().join(", "))
            }
            "state" if !corrected => Some(format!("Taken back: {}", self.reason.value)),
            _ => None,
        }
    }
}

impl Room for Page {
    type Thing = Found;

    async fn find(at: At<'_>) -> Result<Found, Instead> {
        Found::find(at.web, at.desk, at.named(0)?).await
    }

    async fn new(at: At<'_>, found: &Found, (fields, problems): Sent<'_>) -> Result<Self, Instead> {
        let Found { update, plan } = found;
        let frame = at
            .desk
            .in_plan("Put an update right", (&plan.title, &plan.id))?;
        let speaks_for: Vec<String> = update.objectives.iter().map(|it| it.id.clone()).collect();
        let kinds = [
            Choice::new(
                CORRECTED,
                "It should say something else, or speak for other objectives",
            ),
            Choice::new(WITHDRAWN, "It should not have been said: take it back"),
        ];
        let mut page = Self {
            frame: frame.mending(problems),
            here: at.desk.at(&format!("/updates/{}", update.id)),
            conflict: None,
            ground: found.ground(),
            command: at.command(),
            kind: Choices::new(Kind::Radios, "kind", "What is wrong with it?", kinds),
            objectives: objectives(plan, &speaks_for),
            text: Area::new("text", "What is to be told").with(&update.text),
            reason: Area::new("reason", "Why?")
                .hinting("It stays on record beside what the update said."),
            on: DateField::new("occurredOn", "When was that found?")
                .hinting("Today, when left empty."),
            update: update.clone(),
        };
        if !fields.nothing_typed() {
            page.kind = page.kind.sent(fields, problems);
            page.objectives = page.objectives.sent(fields, problems);
            page.text = page.text.sent(fields, problems);
            page.reason = page.reason.sent(fields, problems);
            page.on = page.on.sent(fields, problems);
        }
        Ok(page)
    }

    async fn record(at: At<'_>, found: &Found, sent: (&Fields, Option<i64>)) -> Answered {
        let done = match sent.0.one("kind") {
            WITHDRAWN => "taken-back",
            _ => "put-right",
        };
        let there = format!("{}?done={done}", at.desk.plan(&found.plan.id));
        let problems = record(at.both(), &found.update.id, sent).await?;
        Ok(or_on_to(problems, there))
    }

    fn ground(found: &Found) -> Ground {
        found.ground()
    }

    fn contested(&mut self, at: At<'_>, found: &Found, fields: &Fields) {
        let back = at.desk.plan(&found.plan.id);
        let conflict = found
            .ground()
            .against(fields, back, |part| self.typed(part));
        self.conflict = Some(conflict);
    }
}

async fn record(
    (web, desk): (&Web, &Desk),
    id: &str,
    (fields, expected_version): (&Fields, Option<i64>),
) -> Result<Option<Problems>, Instead> {
    let mut wrong = Problems::default();
    let occurred_on = DateField::taken(fields, "occurredOn", &mut wrong);
    let kind = fields.one("kind");
    if ![CORRECTED, WITHDRAWN].contains(&kind) {
        wrong.add("kind", "say what is wrong with it");
    }
    let reason = fields.text("reason").unwrap_or_default();
    if reason.is_empty() {
        wrong.add("reason", "say why");
    }
    if !wrong.is_empty() {
        return Ok(Some(wrong));
    }
    let caller = desk.looker.caller();
    if kind == WITHDRAWN {
        let input = withdraw_update::WithdrawUpdateInput {
            update_id: id.to_owned(),
            reason,
            command_id: fields.command(),
            expected_version,
            occurred_on,
            ..Default::default()
        };
        let sent = withdraw_update::Variables { input };
        return Ok(told(
            change::<WithdrawUpdate>(&web.gateway, sent, caller).await?,
        ));
    }
    let input = correct_update::CorrectUpdateInput {
        update_id: id.to_owned(),
        objective_ids: fields.all("objectiveIds").map(str::to_owned).collect(),
        text: fields.text("text").unwrap_or_default(),
        reason,
        command_id: fields.command(),
        expected_version,
        occurred_on,
        ..Default::default()
    };
    let sent = correct_update::Variables { input };
    Ok(told(
        change::<CorrectUpdate>(&web.gateway, sent, caller).await?,
    ))
}

fn told<A>(changed: Changed<A>) -> Option<Problems> {
    match changed {
        Changed::Done(_) => None,
        Changed::ToMend(problems) => Some(gathered(problems)),
    }
}
