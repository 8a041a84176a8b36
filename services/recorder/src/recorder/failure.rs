//! How an attempt can end without an answer, and what the sender is told.

use domain::facts::UnknownPerson;
use domain::ids::{IdSource, LedgerId, RandomIds};
use domain::refusal::{DomainError, Refusal};
use domain::stream::StreamId;
use ledger::{AppendError, ReadError};

use super::{COME_BACK, Inner};
use crate::submission::RecordError;
use crate::texts;

/// One way an attempt can end without an answer.
pub(crate) enum Failed {
    /// The decision was taken on a state that is no longer the latest.
    Stale(RecordError),
    /// Who asks may not have it done; a retry of something already recorded may look like this too.
    Denied(RecordError),
    /// A rule said no; a retry of something already recorded may look like this too.
    Refused(RecordError),
    /// Anything else.
    Final(RecordError),
}

impl Inner {
    /// A refusal in words: what it quotes is opened for whoever it is told. Of several commands, the field says which one after the
    /// first was refused.
    pub(super) async fn refused(
        &self,
        ledger: LedgerId,
        nth: usize,
        mut refusal: DomainError,
    ) -> Failed {
        if let Err(error) = texts::open_quoted(&self.vault, ledger, &mut refusal).await {
            return Failed::Final(error);
        }
        Failed::Refused(RecordError::Refused {
            code: refusal.code().to_owned(),
            field: match (nth, refusal.path()) {
                (0, path) => path,
                (nth, Some(path)) => Some(format!("commands.{nth}.{path}")),
                (nth, None) => Some(format!("commands.{nth}")),
            },
            message: refusal.to_string(),
        })
    }
}

/// `seen` is the stream whose version the sender said they saw, if they did.
pub(crate) fn failed(error: AppendError, seen: Option<StreamId>) -> Failed {
    match error {
        AppendError::Conflict {
            actual,
            stream,
            expected,
        } => {
            let conflict = RecordError::Conflict { expected, actual };
            if seen == Some(stream) {
                Failed::Refused(conflict)
            } else {
                Failed::Stale(conflict)
            }
        }
        AppendError::Overtaken { .. } => Failed::Stale(RecordError::busy(COME_BACK)),
        AppendError::CommandReused => Failed::Final(RecordError::CommandReused),
        AppendError::Busy { retry_after } => Failed::Final(RecordError::busy(retry_after)),
        AppendError::OutcomeUnknown { .. } => Failed::Final(RecordError::OutcomeUnknown),
        // Nothing was recorded, and who comes back finds the next process.
        AppendError::ShuttingDown => Failed::Final(RecordError::busy(COME_BACK)),
        other => Failed::Final(internal(&other)),
    }
}

pub(super) fn unknown_person(unknown: &UnknownPerson) -> RecordError {
    refused("UNKNOWN_PERSON", "", &unknown.to_string())
}

pub(crate) fn refused(code: &str, field: &str, message: &str) -> RecordError {
    RecordError::Refused {
        code: code.to_owned(),
        field: (!field.is_empty()).then(|| field.to_owned()),
        message: message.to_owned(),
    }
}

/// What to say when something that a decision needs could not be read. Nothing was recorded.
pub(crate) fn unread(error: &ReadError) -> RecordError {
    match error {
        ReadError::InUse { .. } => RecordError::busy(COME_BACK),
        other => internal(other),
    }
}

/// Logs what broke under a reference and hands the reference to the sender.
pub(crate) fn internal(error: &(dyn std::error::Error + 'static)) -> RecordError {
    let reference = RandomIds.next().to_string();
    tracing::error!(reference, error, "a submission could not be recorded");
    RecordError::Internal { reference }
}
