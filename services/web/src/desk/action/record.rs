//! What happened to an action, as a command.

use gateway::Caller;

use crate::change::change;
use crate::desk::{Desk, to_mend};
use crate::documents::document;
use crate::documents::scalars::{Date, Position, UUID};
use crate::documents::words::ActionChangeKind;
use crate::form::{DateField, Fields, Problems};
use crate::instead::Instead;
use crate::visit::Web;

document!(CompleteAction, "documents/desk/complete-action.graphql");
document!(ProgressAction, "documents/desk/progress-action.graphql");
document!(RescheduleAction, "documents/desk/reschedule-action.graphql");
document!(ReassignAction, "documents/desk/reassign-action.graphql");
document!(RewordAction, "documents/desk/reword-action.graphql");
document!(DropAction, "documents/desk/drop-action.graphql");
document!(ReopenAction, "documents/desk/reopen-action.graphql");
document!(MergeAction, "documents/desk/merge-action.graphql");

/// What a form says happened.
struct Said<'f> {
    action_id: String,
    fields: &'f Fields,
    expected_version: Option<i64>,
    occurred_on: Option<Date>,
    due_on: Option<Date>,
}

/// Records what the form says happened to the action, as seen at a version of its plan. What is wrong with it, where something is.
///
/// # Errors
/// When it cannot be sent.
pub async fn record(
    web: &Web,
    desk: &Desk,
    (action, fields, expected_version): (&str, &Fields, Option<i64>),
) -> Result<Option<Problems>, Instead> {
    let mut wrong = Problems::default();
    let mut day = |name: &str| {
        DateField::read(fields, name).unwrap_or_else(|words| {
            wrong.add(name, words);
            None
        })
    };
    let said = Said {
        action_id: action.to_owned(),
        fields,
        expected_version,
        occurred_on: day("occurredOn"),
        due_on: day("timescale.dueOn"),
    };
    let kind = ActionChangeKind::named(fields.one("kind"));
    if kind.is_none() {
        wrong.add("kind", "say what happened");
    }
    let caller = desk.looker.caller();
    match kind {
        Some(kind) if wrong.is_empty() => said.recorded(web, kind, caller).await,
        _ => Ok(Some(wrong)),
    }
}

impl Said<'_> {
    async fn recorded(
        self,
        web: &Web,
        kind: ActionChangeKind,
        caller: Caller,
    ) -> Result<Option<Problems>, Instead> {
        match kind {
            ActionChangeKind::Completed => self.completed(web, caller).await,
            ActionChangeKind::Progressed => self.progressed(web, caller).await,
            ActionChangeKind::Rescheduled => self.rescheduled(web, caller).await,
            ActionChangeKind::Reassigned => self.reassigned(web, caller).await,
            ActionChangeKind::Reworded => self.reworded(web, caller).await,
            ActionChangeKind::Dropped => self.dropped(web, caller).await,
            ActionChangeKind::Reopened => self.reopened(web, caller).await,
            ActionChangeKind::Merged => self.merged(web, caller).await,
            ActionChangeKind::Set => Err(Instead::NotHere),
        }
    }

    fn reason(&self) -> Option<String> {
        self.fields.text("reason")
    }

    async fn completed(self, web: &Web, caller: Caller) -> Result<Option<Problems>, Instead> {
        let input = complete_action::CompleteActionInput {
            note: self.reason(),
            command_id: self.fields.command(),
            expected_version: self.expected_version,
            occurred_on: self.occurred_on,
            action_id: self.action_id,
            ..Default::default()
        };
        let sent = complete_action::Variables { input };
        let changed = change::<CompleteAction>(&web.gateway, sent, caller).await?;
        Ok(to_mend(changed).map(noted))
    }

    async fn progressed(self, web: &Web, caller: Caller) -> Result<Option<Problems>, Instead> {
        let input = progress_action::ProgressActionInput {
            note: self.reason(),
            command_id: self.fields.command(),
            expected_version: self.expected_version,
            occurred_on: self.occurred_on,
            action_id: self.action_id,
            ..Default::default()
        };
        let sent = progress_action::Variables { input };
        let changed = change::<ProgressAction>(&web.gateway, sent, caller).await?;
        Ok(to_mend(changed).map(noted))
    }

    async fn rescheduled(self, web: &Web, caller: Caller) -> Result<Option<Problems>, Instead> {
        let input = reschedule_action::RescheduleActionInput {
            timescale: reschedule_action::TimescaleInput {
                text: self.fields.some("timescale.text").unwrap_or_default(),
                due_on: self.due_on,
                note: None,
            },
            reason: self.reason().unwrap_or_default(),
            command_id: self.fields.command(),
            expected_version: self.expected_version,
            occurred_on: self.occurred_on,
            action_id: self.action_id,
            ..Default::default()
        };
        let sent = reschedule_action::Variables { input };
        let changed = change::<RescheduleAction>(&web.gateway, sent, caller).await?;
        Ok(to_mend(changed).map(timed))
    }

    async fn reassigned(self, web: &Web, caller: Caller) -> Result<Option<Problems>, Instead> {
        let input = reassign_action::ReassignActionInput {
            owner: self.fields.some("owner").unwrap_or_default(),
            reason: self.reason(),
            command_id: self.fields.command(),
            expected_version: self.expected_version,
            occurred_on: self.occurred_on,
            action_id: self.action_id,
            ..Default::default()
        };
        let sent = reassign_action::Variables { input };
        Ok(to_mend(
            change::<ReassignAction>(&web.gateway, sent, caller).await?,
        ))
    }

    async fn reworded(self, web: &Web, caller: Caller) -> Result<Option<Problems>, Instead> {
        let input = reword_action::RewordActionInput {
            text: self.fields.text("text").unwrap_or_default(),
            reason: self.reason().unwrap_or_default(),
            command_id: self.fields.command(),
            expected_version: self.expected_version,
            occurred_on: self.occurred_on,
            action_id: self.action_id,
            ..Default::default()
        };
        let sent = reword_action::Variables { input };
        Ok(to_mend(
            change::<RewordAction>(&web.gateway, sent, caller).await?,
        ))
    }

    async fn dropped(self, web: &Web, caller: Caller) -> Result<Option<Problems>, Instead> {
        let input = drop_action::DropActionInput {
            reason: self.reason().unwrap_or_default(),
            command_id: self.fields.command(),
            expected_version: self.expected_version,
            occurred_on: self.occurred_on,
            action_id: self.action_id,
            ..Default::default()
        };
        let sent = drop_action::Variables { input };
        Ok(to_mend(
            change::<DropAction>(&web.gateway, sent, caller).await?,
        ))
    }

    async fn merged(self, web: &Web, caller: Caller) -> Result<Option<Problems>, Instead> {
        let Some(into_id) = self.fields.some("intoId") else {
            let mut problems = Problems::default();
            problems.add("intoId", "choose the action that it goes on in");
            return Ok(Some(problems));
        };
        let input = merge_action::MergeActionInput {
            into_id,
            reason: self.reason().unwrap_or_default(),
            command_id: self.fields.command(),
            expected_version: self.expected_version,
            occurred_on: self.occurred_on,
            action_id: self.action_id,
            ..Default::default()
        };
        let sent = merge_action::Variables { input };
        Ok(to_mend(
            change::<MergeAction>(&web.gateway, sent, caller).await?,
        ))
    }

    async fn reopened(self, web: &Web, caller: Caller) -> Result<Option<Problems>, Instead> {
        let input = reopen_action::ReopenActionInput {
            reason: self.reason().unwrap_or_default(),
            command_id: self.fields.command(),
            expected_version: self.expected_version,
            occurred_on: self.occurred_on,
            action_id: self.action_id,
            ..Default::default()
        };
        let sent = reopen_action::Variables { input };
        Ok(to_mend(
            change::<ReopenAction>(&web.gateway, sent, caller).await?,
        ))
    }
}

/// What the schema says of a note is said at the field for the reason: the form has one field for both.
fn noted(problems: Problems) -> Problems {
    problems.renamed(|field| match field {
        "note" => "reason".to_owned(),
        other => other.to_owned(),
    })
}

/// What the schema says of a timescale as a whole is said at its words.
fn timed(problems: Problems) -> Problems {
    problems.renamed(|field| match field {
        "timescale" => "timescale.text".to_owned(),
        other => other.to_owned(),
    })
}
