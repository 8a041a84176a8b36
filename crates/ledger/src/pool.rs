//! Pools whose connections come back clean.
//!
//! A future dropped while a transaction is being opened can leave the connection inside one that
//! sqlx does not know of (0.8.4 to 0.9.0). The next user's work would then be part of it, and be
//! lost with it. So every connection that comes back is asked whether it is inside a transaction.

use std::time::Duration;

use sqlx::Row;
use sqlx::postgres::PgPoolOptions;

/// How long work waits for a connection before it is told that there is none.
const ACQUIRE: Duration = Duration::from_secs(10);

/// Adds the check to a pool's options.
#[must_use]
pub fn checked(options: PgPoolOptions) -> PgPoolOptions {
    options.after_release(|connection, _| {
        Box::pin(async move {
            // Outside a transaction a statement is its own, and both moments are its own start. Sent
            // as plain text: prepared, it would be parsed at one moment and run at another.
            let idle = sqlx::raw_sql("select now() = statement_timestamp()")
                .fetch_one(connection)
                .await?;
            idle.try_get(0)
        })
    })
}

/// A pool of connections to the database.
pub type Pool = sqlx::PgPool;

/// Why no pool could be opened.
pub type PoolError = sqlx::Error;

/// Who connects: each service may do what its work needs and no more.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ServiceRole {
    /// Owns the tables: migrates, rebuilds and checks them.
    Owner,
    /// Appends to ledgers.
    Recorder,
    /// Reads ledgers, writes views.
    Projector,
    /// Reads.
    Gateway,
}

impl ServiceRole {
    /// The database role it works in; none for the one it signed in as.
    const fn name(self) -> Option<&'static str> {
        match self {
            Self::Owner => None,
            Self::Recorder => Some("compacts_recorder"),
            Self::Projector => Some("compacts_projector"),
            Self::Gateway => Some("compacts_gateway"),
        }
    }
}

/// Opens a pool whose connections work in `role` and come back clean.
///
/// # Errors
/// When the URL cannot be read, or the database does not let a first connection in.
pub async fn connect(url: &str, role: ServiceRole, connections: u32) -> Result<Pool, PoolError> {
    let options = PgPoolOptions::new().max_connections(connections);
    let options = options
        .acquire_timeout(ACQUIRE)
        .after_connect(move |connection, _| {
            Box::pin(async move {
                if let Some(name) = role.name() {
                    let set = sqlx::query("select set_config('role', $1, false)").bind(name);
                    set.execute(connection).await?;
                }
                Ok(())
            })
        });
    checked(options).connect(url).await
}
