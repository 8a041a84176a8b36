//! What the tools see of a database before they work in it: whether its tables are the ones this program knows, and
//! which database it is. Looked at, never changed.

use std::collections::BTreeMap;

use crate::MIGRATOR;
use crate::pool::{Pool, PoolError};

/// How the database's tables stand to this program's migrations.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Schema {
    /// They are the same.
    Current,
    /// There are none yet.
    Absent,
    /// Migrations of this program are still to be applied.
    Earlier,
    /// Migrations this program does not know have been applied.
    Later,
    /// A migration was applied that says something else in this program.
    Another,
}

/// Compares the migrations that were applied with those of this program.
///
/// # Errors
/// When the database does not answer.
pub async fn schema(pool: &Pool) -> Result<Schema, PoolError> {
    let begun: bool = sqlx::query_scalar("select to_regclass('_sqlx_migrations') is not null")
        .fetch_one(pool)
        .await?;
    if !begun {
        return Ok(Schema::Absent);
    }
    let applied: Vec<(i64, Vec<u8>)> =
        sqlx::query_as("select version, checksum from _sqlx_migrations where success")
            .fetch_all(pool)
            .await?;
    Ok(compare(&applied.into_iter().collect()))
}

/// Compares the checksums of applied migrations, by version, with this program's.
fn compare(applied: &BTreeMap<i64, Vec<u8>>) -> Schema {
    let unknown = |version: &i64| !MIGRATOR.version_exists(*version);
    if applied.keys().any(unknown) {
        return Schema::Later;
    }
    let mut found = Schema::Current;
    for migration in MIGRATOR.iter() {
        match applied.get(&migration.version) {
            Some(checksum) if *checksum == *migration.checksum => {}
            Some(_) => return Schema::Another,
            None if applied.is_empty() => found = Schema::Absent,
            None => found = Schema::Earlier,
        }
    }
    found
}

/// What tells this database from every other: the server's own number, which no two have, and the database's in it.
/// A copy of a server's files keeps it.
///
/// # Errors
/// When the database does not answer.
pub async fn identity(pool: &Pool) -> Result<String, PoolError> {
    sqlx::query_scalar(
        "select to_hex(system_identifier) || '-' || to_hex(oid::bigint)
         from pg_control_system(), pg_database where datname = current_database()",
    )
    .fetch_one(pool)
    .await
}

#[cfg(test)]
mod tests {
    use sqlx::{AssertSqlSafe, ConnectOptions};

    use super::*;
    use crate::{Address, ServiceRole, connect};

    async fn run(pool: &Pool, statement: &str) {
        let statement = sqlx::raw_sql(AssertSqlSafe(statement.to_owned()));
        statement.execute(pool).await.expect("it runs");
    }

    #[sqlx::test(migrator = "MIGRATOR")]
    async fn tables_of_this_version_an_earlier_a_later_and_another_are_told_apart(pool: Pool) {
        assert_eq!(schema(&pool).await.expect("an answer"), Schema::Current);
        run(&pool, "create table kept as select * from _sqlx_migrations").await;
        let last = "where version = (select max(version) from _sqlx_migrations)";
        for (change, found) in [
            (format!("delete from _sqlx_migrations {last}"), Schema::Earlier),
            (format!("update _sqlx_migrations set success = false {last}"), Schema::Earlier),
            (
                "insert into _sqlx_migrations (version, description, success, checksum, execution_time)
                 values (99991231235959, 'to come', true, '', 0)"
                    .to_owned(),
                Schema::Later,
            ),
            (
                format!("update _sqlx_migrations set checksum = sha256('something else') {last}"),
                Schema::Another,
            ),
            ("delete from _sqlx_migrations".to_owned(), Schema::Absent),
        ] {
            run(&pool, &change).await;
            assert_eq!(schema(&pool).await.expect("an answer"), found, "{change}");
            run(
                &pool,
                "delete from _sqlx_migrations; insert into _sqlx_migrations select * from kept",
            )
            .await;
        }
        assert_eq!(schema(&pool).await.expect("an answer"), Schema::Current);
    }

    #[sqlx::test(migrations = false)]
    async fn a_database_without_tables_is_told_so_and_stays_without(pool: Pool) {
        assert_eq!(schema(&pool).await.expect("an answer"), Schema::Absent);
        let tables: i64 = sqlx::query_scalar(
            "select count(*) from pg_tables where schemaname not in ('pg_catalog', 'information_schema')",
        )
        .fetch_one(&pool)
        .await
        .expect("a number");
        assert_eq!(tables, 0);
    }

    #[sqlx::test(migrator = "MIGRATOR")]
    async fn every_role_knows_a_database_by_the_same_name_and_another_by_another(pool: Pool) {
        let there = pool.connect_options();
        let of = async |options: sqlx::postgres::PgConnectOptions, role| {
            let url = options.to_url_lossy().to_string();
            let address = Address::new(&url, None).expect("an address");
            let own = connect(&address, role, 1).await.expect("a pool");
            let identity = identity(&own).await.expect("an identity");
            own.close().await;
            identity
        };
        let owner = of((*there).clone(), ServiceRole::Owner).await;
        assert_eq!(of((*there).clone(), ServiceRole::Gateway).await, owner);
        assert_ne!(
            of((*there).clone().database("template1"), ServiceRole::Owner).await,
            owner
        );
    }
}
