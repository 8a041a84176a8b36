//! The schema beside: where rebuilt tables wait, and how they take the place of those in use.

use domain::ids::LedgerId;
use sqlx::{AssertSqlSafe, PgConnection};

use crate::table::Table;

/// The schema of the tables in use.
const LIVE: &str = "public";

/// The schema rebuilt tables wait in.
const BESIDE: &str = "view_rebuild";

/// Clears what an earlier rebuild left and makes empty copies of `tables`.
pub(super) async fn lay_out(
    connection: &mut PgConnection,
    tables: &[Table],
) -> Result<(), sqlx::Error> {
    for table in Table::ALL {
        run(connection, format!("drop table if exists {BESIDE}.{table}")).await?;
    }
    for table in tables {
        let like = format!("create table {BESIDE}.{table} (like {LIVE}.{table} including all)");
        run(connection, like).await?;
    }
    Ok(())
}

/// Lets unqualified names mean the tables beside, where there are any, until the transaction ends.
pub(super) async fn look_there(connection: &mut PgConnection) -> Result<(), sqlx::Error> {
    run(
        connection,
        format!("set local search_path to {BESIDE}, {LIVE}"),
    )
    .await
}

/// Lets the transaction commit without waiting for the disk. What lies beside is lost whole or not at all with
/// its note, and the swap, which does wait, comes after it in the log.
pub(super) async fn wait_for_no_disk(connection: &mut PgConnection) -> Result<(), sqlx::Error> {
    run(connection, "set local synchronous_commit to off".to_owned()).await
}

/// Waits for whoever moves a checkpoint now, and lets nobody else until the transaction ends.
pub(super) async fn hold_checkpoints(connection: &mut PgConnection) -> Result<(), sqlx::Error> {
    run(
        connection,
        format!("lock table {LIVE}.view_checkpoint in exclusive mode"),
    )
    .await
}

/// Gives the table beside the rows of `ledger` that are in use, whatever it has of that ledger.
pub(super) async fn carry_over(
    connection: &mut PgConnection,
    table: Table,
    ledger: LedgerId,
) -> Result<(), sqlx::Error> {
    for statement in [
        format!("delete from {BESIDE}.{table} where ledger_id = $1"),
        format!("insert into {BESIDE}.{table} select * from {LIVE}.{table} where ledger_id = $1"),
    ] {
        sqlx::query(AssertSqlSafe(statement))
            .bind(ledger.uuid())
            .execute(&mut *connection)
            .await?;
    }
    Ok(())
}

/// Puts the table beside in the place of the one in use, with the same owner, rights and row security.
pub(super) async fn put_in_place(
    connection: &mut PgConnection,
    table: Table,
) -> Result<(), sqlx::Error> {
    sqlx::query("select view_dress_like($1::text::regclass, $2::text::regclass)")
        .bind(format!("{LIVE}.{table}"))
        .bind(format!("{BESIDE}.{table}"))
        .execute(&mut *connection)
        .await?;
    run(connection, format!("drop table {LIVE}.{table}")).await?;
    run(
        connection,
        format!("alter table {BESIDE}.{table} set schema {LIVE}"),
    )
    .await
}

/// Runs a statement made of this file's words and tables' names only.
async fn run(connection: &mut PgConnection, statement: String) -> Result<(), sqlx::Error> {
    sqlx::query(AssertSqlSafe(statement))
        .execute(connection)
        .await?;
    Ok(())
}
