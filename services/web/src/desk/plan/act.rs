//! Adding an action under an objective.

use askama::Template;
use axum::response::Response;

use super::May;
use super::found::{Found, find};
use crate::change::{Changed, change};
use crate::desk::Desk;
use crate::desk::room::{Answered, At, Room, Sent, or_on_to};
use crate::documents::document;
use crate::documents::scalars::{Date, Position, UUID};
use crate::form::{Area, DateField, Field, Fields, Problems};
use crate::instead::Instead;
use crate::page::{Frame, to_mend};
use crate::parts::html;
use crate::visit::Web;

document!(SetAction, "documents/desk/set-action.graphql");

/// What an action says, as fields.
#[derive(Template)]
#[template(source = "{{ text }}{{ owner }}{{ when }}{{ due }}", ext = "html")]
pub struct Said {
    text: Area,
    owner: Field,
    when: Field,
    due: DateField,
}

html!(Said);

impl Said {
    /// Empty fields.
    pub fn nothing() -> Self {
        Self {
            text: Area {
                rows: 3,
                ..Area::new("text", "What will be done")
            },
            owner: Field::words("owner", "Who will do it")
                .hinting("In the plan's words: a person's post, or an organisation."),
            when: Field::words("timescale.text", "When, in the words as agreed")
                .hinting("Such as: End of November 2007"),
            due: DateField::new("timescale.dueOn", "The last day that keeps to these words")
                .hinting("Leave it empty where the words name no day."),
        }
    }

    /// The same as they were sent.
    #[must_use]
    pub fn sent(self, fields: &Fields, problems: &Problems) -> Self {
        Self {
            text: self.text.sent(fields, problems),
            owner: self.owner.sent(fields, problems),
            when: self.when.sent(fields, problems),
            due: self.due.sent(fields, problems),
        }
    }
}

/// Whether anything was typed of an action.
pub fn is_said(fields: &Fields) -> bool {
    let parts = ["text", "owner", "timescale.text"];
    parts.iter().any(|part| fields.some(part).is_some())
        || matches!(
            DateField::read(fields, "timescale.dueOn"),
            Ok(Some(_)) | Err(_)
        )
}

/// What is wrong with what was typed of an action.
pub fn wrong(fields: &Fields, problems: &mut Problems) {
    if fields.some("text").is_none() {
        problems.add("text", "say what will be done");
    }
    let due = DateField::taken(fields, "timescale.dueOn", problems);
    if due.is_some() && fields.some("timescale.text").is_none() {
        problems.add("timescale.text", "say in words by when it will be done");
    }
}

/// Records the action that was typed, under an objective.
///
/// # Errors
/// When it cannot be sent.
pub async fn record(
    (web, desk): (&Web, &Desk),
    objective: &str,
    (fields, command_id): (&Fields, Option<uuid::Uuid>),
) -> Result<Option<Problems>, Instead> {
    let mut problems = Problems::default();
    wrong(fields, &mut problems);
    let occurred_on = DateField::taken(fields, "occurredOn", &mut problems);
    if !problems.is_empty() {
        return Ok(Some(problems));
    }
    let due_on = DateField::read(fields, "timescale.dueOn").ok().flatten();
    let timescale = fields.some("timescale.text");
    let input = set_action::SetActionInput {
        objective_id: objective.to_owned(),
        text: fields.text("text").unwrap_or_default(),
        owner: fields.some("owner"),
        timescale: timescale.map(|text| set_action::TimescaleInput {
            text,
            due_on,
            note: None,
        }),
        command_id,
        occurred_on,
        ..Default::default()
    };
    let sent = set_action::Variables { input };
    let changed = change::<SetAction>(&web.gateway, sent, desk.looker.caller()).await?;
    Ok(match changed {
        Changed::Done(_) => None,
        Changed::ToMend(problems) => Some(problems.renamed(|field| match field {
            "timescale" => "timescale.text".to_owned(),
            other => other.to_owned(),
        })),
    })
}

#[derive(Template)]
#[template(path = "desk/plan/act.html")]
pub struct Page {
    frame: Frame,
    here: String,
    command: String,
    objective: String,
    said: Said,
    on: DateField,
}

impl Page {
    fn of(
        (web, desk): (&Web, &Desk),
        found: &Found,
        (fields, problems): (&Fields, &Problems),
    ) -> Result<Self, Instead> {
        let plan = (found.plan.title.as_str(), found.plan.id.as_str());
        let frame = desk.in_plan("Add an action", plan)?;
        let mut page = Self {
            frame: frame.mending(problems),
            here: desk.at(&format!("/objectives/{}/act", found.objective.id)),
            command: web.gateway.services().ids.next().to_string(),
            objective: format!("{}: {}", found.objective.ref_, found.objective.title),
            said: Said::nothing(),
            on: DateField::new("occurredOn", "When was it agreed?")
                .hinting("Today, when left empty."),
        };
        if !fields.nothing_typed() {
            page.said = page.said.sent(fields, problems);
            page.on = page.on.sent(fields, problems);
        }
        Ok(page)
    }
}

/// The page on which the action is mended that was typed with its objective: the objective is recorded, the action is not.
///
/// # Errors
/// When the objective is not there.
pub async fn mend(
    (web, desk): (&Web, &Desk),
    objective: &str,
    (fields, problems): (&Fields, &Problems),
) -> Result<Response, Instead> {
    let found = find(web, desk, (objective, May::Follow)).await?;
    let mut page = Page::of((web, desk), &found, (fields, problems))?;
    page.frame = page.frame.done(Some(
        "The objective is added. Its action is not yet: mend it below.",
    ));
    to_mend(&page)
}

impl Room for Page {
    type Thing = Found;

    async fn find(at: At<'_>) -> Result<Found, Instead> {
        find(at.web, at.desk, (at.named(0)?, May::Follow)).await
    }

    async fn new(at: At<'_>, found: &Found, sent: Sent<'_>) -> Result<Self, Instead> {
        Self::of(at.both(), found, sent)
    }

    async fn record(at: At<'_>, found: &Found, (fields, _): (&Fields, Option<i64>)) -> Answered {
        let there = format!("{}?done=acted", at.desk.plan(&found.plan.id));
        let sent = (fields, fields.command());
        let problems = record(at.both(), &found.objective.id, sent).await?;
        Ok(or_on_to(problems, there))
    }
}
