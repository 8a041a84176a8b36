//! Pools whose connections come back clean.
//!
//! A future dropped while a transaction is being opened can leave the connection inside one that
//! sqlx does not know of (0.8.4 to 0.9.0). The next user's work would then be part of it, and be
//! lost with it. So every connection that comes back is asked whether it is inside a transaction.

use sqlx::Row;
use sqlx::postgres::PgPoolOptions;

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
            Ok(idle.try_get(0)?)
        })
    })
}
