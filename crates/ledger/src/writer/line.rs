//! A writer's line to the database: one connection of its own, opened when needed, given up when
//! anything about it is in doubt.

use std::io::ErrorKind;

use sqlx::postgres::{PgDatabaseError, PgSeverity};
use sqlx::{Connection, PgConnection, PgPool};
use tokio::time::error::Elapsed;
use tokio::time::{Instant, timeout_at};

/// What PostgreSQL answers inside a transaction that has failed, to anything but its end.
pub(crate) const IN_FAILED_TRANSACTION: &str = "25P02";

/// One connection, taken out of the pool for good so that it has passed the pool's checks.
pub(crate) struct Line {
    pool: PgPool,
    connection: Option<PgConnection>,
}

impl Line {
    pub(crate) const fn new(pool: PgPool) -> Self {
        Self {
            pool,
            connection: None,
        }
    }

    /// Takes the connection for one piece of work. Whoever fails to [`Line::give_back`] it, being
    /// dropped half-way, leaves the line closed and the connection unused from then on.
    pub(crate) async fn take(&mut self, deadline: Instant) -> Result<PgConnection, sqlx::Error> {
        if let Some(connection) = self.connection.take() {
            return Ok(connection);
        }
        let connection = timeout_at(deadline, self.pool.acquire())
            .await
            .map_err(|_| sqlx::Error::PoolTimedOut)??;
        Ok(connection.detach())
    }

    /// Gives the connection back with what the work came to, and tells what that was.
    ///
    /// Work that ran past its deadline takes the connection with it: to the database that is a lost
    /// connection, and to the caller an unknown outcome.
    pub(crate) fn give_back<T>(
        &mut self,
        connection: PgConnection,
        done: Result<Result<T, sqlx::Error>, Elapsed>,
    ) -> Result<T, sqlx::Error> {
        let result = done.unwrap_or_else(|_| Err(sqlx::Error::Io(ErrorKind::TimedOut.into())));
        if result.as_ref().err().is_none_or(keeps_connection) {
            self.connection = Some(connection);
        }
        result
    }

    /// Says goodbye.
    pub(crate) async fn close(&mut self) {
        if let Some(connection) = self.connection.take()
            && let Err(error) = connection.close().await
        {
            tracing::debug!(%error, "a writer's connection did not close cleanly");
        }
    }
}

/// Whether the connection is as good after this error as before. One that says it is inside a transaction that failed
/// is inside one that nobody here knows of, and would refuse everything from then on.
fn keeps_connection(error: &sqlx::Error) -> bool {
    error
        .as_database_error()
        .and_then(|error| error.try_downcast_ref::<PgDatabaseError>())
        .is_some_and(|error| {
            matches!(error.severity(), PgSeverity::Error) && error.code() != IN_FAILED_TRANSACTION
        })
}
