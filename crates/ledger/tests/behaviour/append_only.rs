//! What the database itself refuses, whoever asks.

use crate::support::{ledger_id, note, start, stream};
use sqlx::PgPool;

/// The statement's error, as the server names it.
async fn refused(pool: &PgPool, role: Option<&str>, statement: &'static str) -> String {
    let mut transaction = pool.begin().await.unwrap();
    if let Some(role) = role {
        sqlx::query(sqlx::AssertSqlSafe(format!("set local role {role}")))
            .execute(&mut *transaction)
            .await
            .unwrap();
    }
    match sqlx::query(statement).execute(&mut *transaction).await {
        Ok(_) => panic!("{role:?} may: {statement}"),
        Err(error) => error.as_database_error().unwrap().message().to_owned(),
    }
}

#[sqlx::test(migrator = "ledger::MIGRATOR")]
async fn nobody_changes_an_entry_not_even_the_owner(pool: PgPool) {
    let ledger = start(&pool);
    ledger
        .append(note(ledger_id(1), 1, stream(1), 0, "stays"))
        .await
        .unwrap();
    for statement in [
        "update ledger_entry set leaf = ''",
        "delete from ledger_entry",
        "truncate ledger_entry",
        "truncate ledger_head",
        "delete from ledger_head",
        "update ledger_head set position = position - 1",
        "update ledger_head set position = position + 1, recorded_at = 'epoch'",
        "update ledger_head set position = position + 1, ledger_id = gen_random_uuid()",
    ] {
        let error = refused(&pool, None, statement).await;
        assert!(error.contains("append-only"), "{statement}: {error}");
    }
    let replica = refused(
        &pool,
        None,
        "do $$ begin set local session_replication_role = replica; delete from ledger_entry; end $$",
    )
    .await;
    assert!(replica.contains("append-only"), "{replica}");
    assert_eq!(
        crate::support::everything(&ledger, ledger_id(1))
            .await
            .len(),
        1
    );
    ledger.shutdown().await;
}

#[sqlx::test(migrator = "ledger::MIGRATOR")]
async fn each_service_may_do_its_part_and_no_more(pool: PgPool) {
    for (role, statement) in [
        ("compacts_recorder", "update ledger_entry set leaf = ''"),
        ("compacts_recorder", "delete from ledger_entry"),
        ("compacts_recorder", "truncate ledger_entry"),
        ("compacts_recorder", "delete from ledger_head"),
        (
            "compacts_recorder",
            "update ledger_head set ledger_id = gen_random_uuid()",
        ),
        (
            "compacts_projector",
            "insert into ledger_head values (gen_random_uuid(), 0, now())",
        ),
        ("compacts_projector", "update ledger_head set position = 9"),
        (
            "compacts_gateway",
            "insert into ledger_head values (gen_random_uuid(), 0, now())",
        ),
        ("compacts_gateway", "delete from ledger_entry"),
    ] {
        let error = refused(&pool, Some(role), statement).await;
        assert!(
            error.contains("permission denied"),
            "{role}: {statement}: {error}"
        );
    }
    for role in [
        "compacts_recorder",
        "compacts_projector",
        "compacts_gateway",
    ] {
        let mut transaction = pool.begin().await.unwrap();
        let statement = format!("set local role {role}; select * from ledger_entry, ledger_head");
        sqlx::raw_sql(sqlx::AssertSqlSafe(statement))
            .execute(&mut *transaction)
            .await
            .unwrap();
    }
}

#[sqlx::test(migrator = "ledger::MIGRATOR")]
async fn the_recorder_s_role_is_enough_to_append(pool: PgPool) {
    let options = (*pool.connect_options())
        .clone()
        .options([("role", "compacts_recorder")]);
    let as_recorder = sqlx::postgres::PgPoolOptions::new().connect_lazy_with(options);
    let ledger = start(&as_recorder);
    ledger
        .append(note(ledger_id(1), 1, stream(1), 0, "as the recorder"))
        .await
        .unwrap();
    ledger
        .append(note(ledger_id(1), 2, stream(1), 1, "and again"))
        .await
        .unwrap();
    ledger.shutdown().await;
    as_recorder.close().await;
}

#[sqlx::test(migrator = "ledger::MIGRATOR")]
async fn a_connection_left_inside_a_transaction_does_not_go_back_to_the_pool(pool: PgPool) {
    let options = sqlx::postgres::PgPoolOptions::new().max_connections(1);
    let one = ledger::pool::checked(options)
        .connect_with((*pool.connect_options()).clone())
        .await
        .unwrap();
    let backend = "select pg_backend_pid()";
    let clean: i32 = sqlx::query_scalar(backend).fetch_one(&one).await.unwrap();
    let again: i32 = sqlx::query_scalar(backend).fetch_one(&one).await.unwrap();
    assert_eq!(clean, again, "a clean connection is kept");
    // Opened behind sqlx's back, as a cancelled `begin` leaves it.
    sqlx::raw_sql("begin").execute(&one).await.unwrap();
    let after: i32 = sqlx::query_scalar(backend).fetch_one(&one).await.unwrap();
    assert_ne!(clean, after, "the one inside a transaction is closed");
    one.close().await;
}
