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

/// Sends a change of the action: what is this change's own is said, and what all of them say is filled in. What is wrong with it, where
/// something is.
macro_rules! sent {
    ($said:ident, ($web:ident, $caller:ident), $name:ident, $module:ident::$input:ident { $($field:ident: $value:expr),* $(,)? }) => {{
        let input = $module::$input {
            $($field: $value,)*
            command_id: $said.fields.command(),
            expected_version: $said.expected_version,
            occurred_on: $said.occurred_on,
            action_id: $said.action_id,
            ..Default::default()
        };
        let sent = $module::Variables { input };
        to_mend(change::<$name>(&$web.gateway, sent, $caller).await?)
    }};
}

impl Said<'_> {
    async fn recorded(
        self,
        web: &Web,
        kind: ActionChangeKind,
        caller: Caller,
    ) -> Result<Option<Problems>, Instead> {
        let said = self.fields.text("reason");
        let reason = said.clone().unwrap_or_default();
        Ok(match kind {
            ActionChangeKind::Completed => sent!(
                self,
                (web, caller),
                CompleteAction,
                complete_action::CompleteActionInput { note: said }
            )
            .map(noted),
            ActionChangeKind::Progressed => sent!(
                self,
                (web, caller),
                ProgressAction,
                progress_action::ProgressActionInput { note: said }
            )
            .map(noted),
            ActionChangeKind::Rescheduled => {
                self.rescheduled(web, (reason, caller)).await?.map(timed)
            }
            ActionChangeKind::Reassigned => {
                let owner = self.fields.some("owner").unwrap_or_default();
                sent!(
                    self,
                    (web, caller),
                    ReassignAction,
                    reassign_action::ReassignActionInput {
                        owner: owner,
                        reason: said
                    }
                )
            }
            ActionChangeKind::Reworded => self.reworded(web, (reason, caller)).await?,
            ActionChangeKind::Dropped => {
                sent!(
                    self,
                    (web, caller),
                    DropAction,
                    drop_action::DropActionInput { reason: reason }
                )
            }
            ActionChangeKind::Reopened => {
                sent!(
                    self,
                    (web, caller),
                    ReopenAction,
                    reopen_action::ReopenActionInput { reason: reason }
                )
            }
            ActionChangeKind::Merged => self.merged(web, (reason, caller)).await?,
            ActionChangeKind::Set => return Err(Instead::NotHere),
        })
    }

    async fn reworded(
        self,
        web: &Web,
        (reason, caller): (String, Caller),
    ) -> Result<Option<Problems>, Instead> {
        let text = self.fields.text("text").unwrap_or_default();
        Ok(sent!(
            self,
            (web, caller),
            RewordAction,
            reword_action::RewordActionInput {
                text: text,
                reason: reason
            }
        ))
    }

    async fn rescheduled(
        self,
        web: &Web,
        (reason, caller): (String, Caller),
    ) -> Result<Option<Problems>, Instead> {
        let timescale = reschedule_action::TimescaleInput {
            text: self.fields.some("timescale.text").unwrap_or_default(),
            due_on: self.due_on,
            note: None,
        };
        Ok(sent!(
            self,
            (web, caller),
            RescheduleAction,
            reschedule_action::RescheduleActionInput {
                timescale: timescale,
                reason: reason
            }
        ))
    }

    async fn merged(
        self,
        web: &Web,
        (reason, caller): (String, Caller),
    ) -> Result<Option<Problems>, Instead> {
        let Some(into_id) = self.fields.some("intoId") else {
            let mut problems = Problems::default();
            problems.add("intoId", "choose the action that it goes on in");
            return Ok(Some(problems));
        };
        Ok(sent!(
            self,
            (web, caller),
            MergeAction,
            merge_action::MergeActionInput {
                into_id: into_id,
                reason: reason
            }
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
