//! What a database error means for the statement it came from.

use std::time::Duration;

use sqlx::postgres::{PgDatabaseError, PgSeverity};

use super::line::IN_FAILED_TRANSACTION;

/// The constraint that lets a command be recorded once.
const COMMAND_KEY: &str = "ledger_entry_command_key";
/// The constraint that lets a stream's version be taken once.
const STREAM_KEY: &str = "ledger_entry_stream_key";

/// What became of a statement that did not succeed.
#[derive(Debug)]
pub(crate) enum Fault {
    /// Undone: a command of the batch is recorded already.
    CommandTaken,
    /// Undone: a version of the batch is taken already.
    VersionTaken,
    /// Undone, through no fault of its own; the same again may work.
    Again(sqlx::Error),
    /// Undone: some row cannot be stored.
    Refused(sqlx::Error),
    /// The connection is lost. The statement may have been carried out or not.
    Lost(sqlx::Error),
}

impl Fault {
    pub(crate) fn of(error: sqlx::Error) -> Self {
        let Some(database) = error
            .as_database_error()
            .and_then(|error| error.try_downcast_ref::<PgDatabaseError>())
        else {
            return Self::without_answer(error);
        };
        // FATAL and PANIC end the session, and may be raised after the commit and before its answer.
        if !matches!(database.severity(), PgSeverity::Error) {
            return Self::Lost(error);
        }
        match (database.code(), database.constraint()) {
            ("23505", Some(COMMAND_KEY)) => Self::CommandTaken,
            ("23505", Some(STREAM_KEY)) => Self::VersionTaken,
            // Rolled back by the server (class 40), short of resources (53), kept waiting for a lock
            // (55P03), or interrupted, as for taking too long (57); or by a transaction that nobody knew of.
            (code, _)
                if ["40", "53", "55P03", "57", IN_FAILED_TRANSACTION]
                    .iter()
                    .any(|class| code.starts_with(class)) =>
            {
                Self::Again(error)
            }
            _ => Self::Refused(error),
        }
    }

    /// An error that is not the server's: the request did not leave, or its answer did not arrive.
    fn without_answer(error: sqlx::Error) -> Self {
        match error {
            sqlx::Error::Encode(_)
            | sqlx::Error::Decode(_)
            | sqlx::Error::ColumnDecode { .. }
            | sqlx::Error::InvalidArgument(_)
            | sqlx::Error::TypeNotFound { .. } => Self::Refused(error),
            sqlx::Error::PoolTimedOut => Self::Again(error),
            _ => Self::Lost(error),
        }
    }
}

/// How long to wait before trying again for the `attempt`-th time.
pub(crate) fn pause_before(attempt: u32) -> Duration {
    Duration::from_millis(5 << attempt.min(7))
}
