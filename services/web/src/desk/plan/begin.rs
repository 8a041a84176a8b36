//! Beginning a group's plan.

use askama::Template;

use super::{May, list};
use crate::change::{Changed, change};
use crate::desk::room::{Answered, At, Room, Sent};
use crate::documents::document;
use crate::documents::scalars::{Date, Position, UUID};
use crate::form::{Choice, DateField, Field, Fields, Problems, Select};
use crate::instead::Instead;
use crate::page::Frame;

document!(SetActionPlan, "documents/desk/set-action-plan.graphql");

#[derive(Template)]
#[template(path = "desk/plan/begin.html")]
pub struct Page {
    frame: Frame,
    here: String,
    command: String,
    group: Select,
    title: Field,
    on: DateField,
}

impl Room for Page {
    type Thing = ();

    async fn find(at: At<'_>) -> Result<(), Instead> {
        May::of(at.desk, None).must(May::SetUp)
    }

    async fn new(at: At<'_>, (): &(), (fields, problems): Sent<'_>) -> Result<Self, Instead> {
        let groups = list::groups_at_work(at.web, at.desk).await?;
        let none = [Choice::new("", "Choose a group")];
        let mut page = Self {
            frame: at.desk.in_plans("Begin a new plan")?.mending(problems),
            here: at.desk.at("/plans/new"),
            command: at.command(),
            group: Select::new(
                "groupId",
                "Whose plan is it?",
                none.into_iter().chain(groups),
            )
            .with(at.address.one("group")),
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

    async fn record(at: At<'_>, (): &(), (fields, _): (&Fields, Option<i64>)) -> Answered {
        let mut problems = Problems::default();
        let occurred_on = DateField::taken(fields, "occurredOn", &mut problems);
        if fields.some("groupId").is_none() {
            problems.add("groupId", "choose whose plan it is");
        }
        if fields.some("title").is_none() {
            problems.add("title", "say what the plan is called");
        }
        if !problems.is_empty() {
            return Ok(Err(problems));
        }
        let input = set_action_plan::SetActionPlanInput {
            group_id: fields.some("groupId").unwrap_or_default(),
            title: fields.some("title").unwrap_or_default(),
            command_id: fields.command(),
            occurred_on,
            ..Default::default()
        };
        let sent = set_action_plan::Variables { input };
        let caller = at.desk.looker.caller();
        Ok(
            match change::<SetActionPlan>(&at.web.gateway, sent, caller).await? {
                Changed::Done(done) => {
                    let id = done.new_id.unwrap_or_default();
                    Ok(format!("{}?done=begun", at.desk.plan(&id)))
                }
                Changed::ToMend(problems) => Err(problems),
            },
        )
    }
}
