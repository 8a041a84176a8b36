//! Sending a draft to the recorder.

use std::time::Duration;

use async_graphql::Context;
use domain::ids::{AccountId, CommandId, IdSource, LedgerId};
use recorder::{Actor, RecordError, Submission};
use uuid::Uuid;

use super::draft::{Draft, Input};
use super::outcome::Outcome;
use super::recording::Recording;
use super::user_error::UserError;
use crate::caller::Caller;
use crate::error::ApiError;
use crate::services::Services;
use crate::throttle::Key;

/// Sends what an input asks for, and answers with what came of it.
///
/// # Errors
/// What the person cannot mend: no account, a busy ledger, an outcome that is not known.
pub(super) async fn submit<I: Input>(ctx: &Context<'_>, input: I) -> Result<Outcome, ApiError> {
    let services = ctx.data_unchecked::<Services>();
    let caller = ctx.data_unchecked::<Caller>();
    let account = caller.account().ok_or(ApiError::SignInRequired)?;
    let actor = Actor {
        account,
        token: caller.token().cloned(),
    };
    let (draft, submission) = match compose(input, actor, services.ids.as_ref()) {
        Ok(composed) => composed,
        Err(error) => return Ok(Outcome::refused(error)),
    };
    let command_id = submission.command_id;
    // Only what is recorded counts: who may change nothing there keeps nobody from changing it.
    let changes = Key::Ledger(submission.ledger);
    services.throttle.look(changes)?;
    let ledger = submission.ledger;
    let recorded = services
        .recorder
        .record_for(submission, caller.correlation.as_deref());
    match recorded.await {
        Ok(answer) => {
            services.throttle.count(changes);
            let rows = draft.rows.map(|rows| rows.parts).unwrap_or_default();
            let shown = (draft.whole, draft.part, draft.made);
            Ok(Outcome::recorded(shown, rows, answer))
        }
        Err(error) => {
            if error.is_denial() {
                write_down(services, account, ledger).await?;
            }
            refused(error, &draft, command_id)
        }
    }
}

/// What cannot be written down is not answered either: a refusal nobody could count would be one to try again.
async fn write_down(
    services: &Services,
    account: AccountId,
    ledger: LedgerId,
) -> Result<(), ApiError> {
    let written = services.security.refused(account, ledger).await;
    written.map_err(ApiError::internal)
}

fn compose<I: Input>(
    input: I,
    actor: Actor,
    ids: &dyn IdSource,
) -> Result<(Draft, Submission), UserError> {
    let recording = input.recording().clone();
    let command_id = recording.command_id.unwrap_or_else(|| ids.next());
    let draft = match recording.command_id {
        Some(chosen) => input.draft(&RepeatableIds::of(chosen)),
        None => input.draft(ids),
    }?;
    let Recording {
        occurred_on,
        meeting,
        expected_version,
        ..
    } = recording;
    let ledger = draft.whole.ledger;
    let also = draft.also.iter().map(|(_, command)| command);
    let commands = std::iter::once(&draft.command).chain(also).cloned();
    let submission = Submission {
        ledger,
        command_id: command_id.into(),
        actor,
        causation: None,
        occurred_on: occurred_on.map(|date| date.0),
        meeting: match meeting {
            Some(meeting) => Some(meeting.read(ledger)?),
            None => draft.meeting,
        },
        expected_version: expected_version.map(u64::from),
        commands: commands.collect(),
    };
    Ok((draft, submission))
}

fn refused(error: RecordError, draft: &Draft, command_id: CommandId) -> Result<Outcome, ApiError> {
    let mut mendable = match UserError::from_refusal(error, draft.ledger_field) {
        Ok(mendable) => mendable,
        Err(other) => return Err(edge_error(other, command_id)),
    };
    mendable.field = mendable.field.map(|path| draft.path_of(path));
    Ok(Outcome::refused(mendable))
}

fn edge_error(error: RecordError, command_id: CommandId) -> ApiError {
    match error {
        RecordError::Busy {
            retry_after_seconds,
        } => ApiError::Busy {
            retry_after: Duration::from_secs(retry_after_seconds),
        },
        RecordError::OutcomeUnknown => ApiError::OutcomeUnknown {
            command_id: command_id.uuid(),
        },
        RecordError::Internal { reference } => ApiError::Logged { reference },
        other => ApiError::internal(other),
    }
}

/// Ids for the new things of a command whose sender chose its id: the same again when it is sent again,
/// so that a retry is the same request.
struct RepeatableIds {
    command: Uuid,
    given: std::sync::atomic::AtomicU32,
}

impl RepeatableIds {
    fn of(command: Uuid) -> Self {
        Self {
            command,
            given: 0.into(),
        }
    }
}

impl IdSource for RepeatableIds {
    fn next(&self) -> Uuid {
        let given = self
            .given
            .fetch_add(1, std::sync::atomic::Ordering::Relaxed);
        Uuid::new_v5(&self.command, &given.to_be_bytes())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_retry_makes_the_same_ids_and_another_command_makes_others() {
        let ids = |command: u128| {
            let source = RepeatableIds::of(Uuid::from_u128(command));
            [source.next(), source.next()]
        };
        assert_eq!(ids(1), ids(1));
        assert_ne!(ids(1)[0], ids(1)[1]);
        assert_ne!(ids(1), ids(2));
    }
}
