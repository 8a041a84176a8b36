//! An update that was wrong: put right once for all the objectives it speaks for, or taken back. What it said stays in view.

use askama::Template;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::response::Response;

use super::update::{gathered, objectives};
use super::{May, Plan};
use crate::address::Address;
use crate::ask::ask;
use crate::change::{Changed, change};
use crate::desk::Desk;
use crate::documents::document;
use crate::documents::scalars::{Date, Position, UUID};
use crate::form::{
    Area, Choice, Choices, Conflict, Contested, DateField, Fields, Ground, Kind, Problems, Settled,
    settle,
};
use crate::instead::Instead;
use crate::page::{Frame, onwards, shown, to_mend, with_status};
use crate::uk;
use crate::visit::{Visit, Web};

document!(DeskUpdate, "documents/desk/update.graphql");
document!(CorrectUpdate, "documents/desk/correct-update.graphql");
document!(WithdrawUpdate, "documents/desk/withdraw-update.graphql");

use desk_update::{DeskUpdateNode as Node, DeskUpdateNodeOnUpdate as Update, Terms};

const CORRECTED: &str = "CORRECTED";
const WITHDRAWN: &str = "WITHDRAWN";

#[derive(Template)]
#[template(path = "desk/plan/put-right.html")]
struct Page {
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
struct Found {
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
    fn new(
        (web, desk): (&Web, &Desk),
        found: &Found,
        (fields, problems): (&Fields, &Problems),
    ) -> Result<Self, Instead> {
        let Found { update, plan } = found;
        let frame = desk.in_plan("Put an update right", (&plan.title, &plan.id))?;
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
            here: desk.at(&format!("/updates/{}", update.id)),
            conflict: None,
            ground: found.ground(),
            command: web.gateway.services().ids.next().to_string(),
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

/// A form that was sent.
struct Sending<'s> {
    at: (&'s Web, &'s Desk),
    id: &'s str,
    fields: &'s Fields,
}

impl Contested for Sending<'_> {
    type Thing = Found;

    async fn find(&self) -> Result<Found, Instead> {
        let (web, desk) = self.at;
        Found::find(web, desk, self.id).await
    }

    fn ground(&self, found: &Found) -> Ground {
        found.ground()
    }

    async fn record(&self, _: &Found, version: Option<i64>) -> Result<Option<Problems>, Instead> {
        record(self.at, self.id, (self.fields, version)).await
    }
}

/// `GET /desk/{slug}/updates/{id}`
pub async fn show(
    State(web): State<Web>,
    visit: Visit,
    Path((slug, id)): Path<(String, String)>,
    address: Address,
) -> Result<Response, Instead> {
    let desk = web.desk(&visit, &slug, address.path()).await?;
    let found = Found::find(&web, &desk, &id).await?;
    let nothing = (&Fields::default(), &Problems::default());
    shown(&Page::new((&web, &desk), &found, nothing)?)
}

/// `POST /desk/{slug}/updates/{id}`
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
        Settled::Recorded(found) => {
            let done = match fields.one("kind") {
                WITHDRAWN => "taken-back",
                _ => "put-right",
            };
            let there = desk.plan(&found.plan.id);
            Ok(onwards(&format!("{there}?done={done}")))
        }
        Settled::ToMend(found, problems) => {
            to_mend(&Page::new((&web, &desk), &found, (&fields, &problems))?)
        }
        Settled::Contested(found, problems) => {
            let mut page = Page::new((&web, &desk), &found, (&fields, &problems))?;
            let back = desk.plan(&found.plan.id);
            let ground = found.ground();
            page.conflict = Some(ground.against(&fields, back, |part| page.typed(part)));
            with_status(StatusCode::CONFLICT, &page)
        }
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
