//! Who has the views' tables to themselves: one rebuild, or any number of checks.
//!
//! A rebuild ends by putting other tables in the place of those in use. A check that is reading would find the new
//! ones empty, as of its moment, and would keep the swap waiting with everybody else's questions behind it. So each
//! says that it is there, by an advisory lock that lasts as long as its connection. Services take no part in this.

use sqlx::PgConnection;

/// The advisory lock: "views" in ASCII.
const LOCK: i64 = 0x76_69_65_77_73;

/// Claims the right to rebuild until the connection closes. False while another rebuild or a check has a claim.
pub(crate) async fn rebuild(connection: &mut PgConnection) -> Result<bool, sqlx::Error> {
    ask(connection, "select pg_try_advisory_lock($1)").await
}

/// Gives the right to rebuild up.
pub(crate) async fn give_up_rebuild(connection: &mut PgConnection) -> Result<(), sqlx::Error> {
    ask(connection, "select pg_advisory_unlock($1)")
        .await
        .map(drop)
}

/// Claims the right to check until the connection closes. False while a rebuild is under way.
pub(crate) async fn check(connection: &mut PgConnection) -> Result<bool, sqlx::Error> {
    ask(connection, "select pg_try_advisory_lock_shared($1)").await
}

/// Gives the right to check up.
pub(crate) async fn give_up_check(connection: &mut PgConnection) -> Result<(), sqlx::Error> {
    ask(connection, "select pg_advisory_unlock_shared($1)")
        .await
        .map(drop)
}

async fn ask(connection: &mut PgConnection, statement: &'static str) -> Result<bool, sqlx::Error> {
    sqlx::query_scalar(statement)
        .bind(LOCK)
        .fetch_one(connection)
        .await
}
