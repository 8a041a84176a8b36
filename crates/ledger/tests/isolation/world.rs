//! A database with two tenants in every table, and each role's own way in.

use std::collections::BTreeMap;

use domain::ids::{IdSource, RandomIds};
use ledger::isolation::GRANTS;
use ledger::{Address, Pool, ServiceRole};
use sqlx::AssertSqlSafe;
use uuid::Uuid;

pub const OWN: Uuid = Uuid::from_u128(0xa);
pub const FOREIGN: Uuid = Uuid::from_u128(0xb);

/// Somebody who is there, for rows that belong to an account.
const SOMEBODY: Uuid = Uuid::from_u128(0xc);

/// The tables that bear a ledger's id, as the catalogue has them. Each must have been listed.
pub async fn tenanted(pool: &Pool) -> Vec<&'static str> {
    let found: Vec<String> = sqlx::query_scalar(
        "select n.nspname || '.' || c.relname from pg_class c
         join pg_namespace n on n.oid = c.relnamespace
         join pg_attribute a on a.attrelid = c.oid and a.attname = 'ledger_id' and not a.attisdropped
         where c.relkind in ('r', 'p') order by 1",
    )
    .fetch_all(pool)
    .await
    .expect("tables");
    let listed = |table: &String| {
        let entry = GRANTS.iter().find(|(listed, _)| listed == table);
        entry.unwrap_or_else(|| panic!("{table} is not listed")).0
    };
    found.iter().map(listed).collect()
}

/// A pool signed in as `role`.
pub async fn sign_in(pool: &Pool, role: ServiceRole) -> Pool {
    ledger::connect(&Address::of_pool(pool), role, 2)
        .await
        .expect("let in")
}

/// One row of each tenant in every table, made up by the types of its columns.
pub async fn settle(pool: &Pool) {
    let somebody = format!(
        "insert into account.account (account_id, email_index, email_sealed, name_sealed, state, created_at, changed_at)
         values ('{SOMEBODY}', sha256('a'), sha256('b'), sha256('c'), 'active', now(), now())"
    );
    run(pool, &somebody).await.expect("an account");
    for table in tenanted(pool).await {
        for tenant in [OWN, FOREIGN] {
            let row = row(pool, table, tenant).await;
            let (names, values): (Vec<_>, Vec<_>) = row.into_iter().unzip();
            let statement = format!(
                "insert into {table} ({}) values ({})",
                names.join(", "),
                values.join(", ")
            );
            run(pool, &statement).await.expect("a row");
        }
    }
}

/// A row for `tenant` that the table's constraints let in: its columns, and their values as SQL.
pub async fn row(pool: &Pool, table: &str, tenant: Uuid) -> BTreeMap<String, String> {
    let columns: Vec<(String, String)> = sqlx::query_as(
        "select attname::text, format_type(atttypid, null) from pg_attribute
         where attrelid = $1::regclass and attnum > 0 and not attisdropped and attnotnull",
    )
    .bind(table)
    .fetch_all(pool)
    .await
    .expect("columns");
    let mut row: BTreeMap<String, String> = columns
        .into_iter()
        .map(|(name, kind)| {
            let value = match kind.as_str() {
                "uuid" => format!("'{}'", RandomIds.next()),
                "bigint" | "integer" | "smallint" => "1".to_owned(),
                "text" => "'some'".to_owned(),
                "date" => "'2008-01-01'".to_owned(),
                "timestamp with time zone" => "now()".to_owned(),
                "bytea" => "sha256('some')".to_owned(),
                "boolean" => "false".to_owned(),
                array if array.ends_with("[]") => "'{}'".to_owned(),
                "datemultirange" => "'{}'".to_owned(),
                "tsvector" => "''".to_owned(),
                other => panic!("{table}.{name} is a {other}: say what to put there"),
            };
            (name, value)
        })
        .collect();
    row.insert("ledger_id".to_owned(), format!("'{tenant}'"));
    match table {
        // Of a command's entries the second says neither how many there are nor what was asked.
        "public.ledger_entry" => drop(row.insert("command_entry".to_owned(), "1".to_owned())),
        "account.draft" => drop(row.insert("account_id".to_owned(), format!("'{SOMEBODY}'"))),
        "public.file_upload" => drop(row.insert("state".to_owned(), "'incoming'".to_owned())),
        "public.reminder" => {
            row.insert("kind".to_owned(), "'plan-stale'".to_owned());
            row.insert("state".to_owned(), "'due'".to_owned());
        }
        "public.view_checkpoint" => {
            row.insert("leaf_hash".to_owned(), "sha256('some')".to_owned());
        }
        _ => {}
    }
    row
}

/// Runs a statement and says how many rows it touched.
pub async fn run(pool: &Pool, statement: &str) -> Result<u64, sqlx::Error> {
    let done = sqlx::raw_sql(AssertSqlSafe(statement.to_owned()))
        .execute(pool)
        .await?;
    Ok(done.rows_affected())
}
