//! Who may touch the keys: their own role, and only forward.

use sqlx::postgres::PgPoolOptions;
use sqlx::{AssertSqlSafe, PgPool};
use vault::Step;

use crate::support::{Home, erasures, furnish, name_of, request, subject};

/// What the database says to `statement` in `role`; nothing when it lets it.
async fn refusal(pool: &PgPool, role: Option<&str>, statement: &str) -> Option<String> {
    let mut transaction = pool.begin().await.unwrap();
    if let Some(role) = role {
        let role = AssertSqlSafe(format!("set local role {role}"));
        sqlx::raw_sql(role)
            .execute(&mut *transaction)
            .await
            .unwrap();
    }
    let statement = AssertSqlSafe(statement.to_owned());
    let answer = sqlx::raw_sql(statement).execute(&mut *transaction).await;
    answer.err().map(|error| error.to_string())
}

const ROLES: [&str; 4] = [
    "compacts_recorder",
    "compacts_projector",
    "compacts_gateway",
    "compacts_keys",
];

#[sqlx::test(migrations = "../../migrations")]
async fn the_role_for_keys_alone_reads_keys(pool: PgPool) {
    for table in ["vault.subject", "vault.secret", "vault.erasure"] {
        for role in ROLES {
            let refused = refusal(&pool, Some(role), &format!("select * from {table}")).await;
            assert_eq!(refused.is_none(), role == "compacts_keys", "{role} {table}");
        }
    }
    for table in ["ledger_entry", "commitment_view"] {
        let refused = refusal(
            &pool,
            Some("compacts_keys"),
            &format!("select * from {table}"),
        )
        .await;
        assert!(refused.is_some(), "keys do not read {table}");
    }
}

#[sqlx::test(migrations = "../../migrations")]
async fn what_was_erased_stays_erased_whoever_tries(pool: PgPool) {
    furnish(&pool).await;
    let home = Home::new();
    let vault = home.vault(&pool).await;
    vault
        .seal(subject(1), &name_of(subject(1)), "Mary Example")
        .await
        .unwrap();
    vault
        .seal(subject(2), &name_of(subject(2)), "Somebody")
        .await
        .unwrap();
    erasures(vault, &pool)
        .erase(&request(subject(1)))
        .await
        .unwrap();
    for statement in [
        "update vault.subject set fenced_at = null, destroyed_at = null, wrapped_key = 'x', master_key_id = 'x' where destroyed_at is not null",
        "update vault.subject set wrapped_key = 'x', master_key_id = 'x', destroyed_at = null where destroyed_at is not null",
        "update vault.subject set fenced_at = now() where fenced_at is not null",
        "update vault.subject set subject_id = gen_random_uuid() where fenced_at is not null",
        "delete from vault.subject",
        "truncate vault.subject",
        "delete from vault.erasure",
        "truncate vault.erasure",
        "update vault.erasure set step = 'intended'",
        "update vault.erasure set tombstone = 'null'",
        "do $$ begin set local session_replication_role = replica; delete from vault.subject; end $$",
    ] {
        for role in [None, Some("compacts_keys")] {
            let refused = refusal(&pool, role, statement).await;
            let refused = refused.unwrap_or_else(|| panic!("{role:?} was let: {statement}"));
            let why = ["stays erased", "permission denied"];
            assert!(
                why.iter().any(|why| refused.contains(why)),
                "{statement}: {refused}"
            );
        }
    }
    // The checks do not refuse everything.
    let fence = "update vault.subject set fenced_at = now() where fenced_at is null";
    assert_eq!(refusal(&pool, Some("compacts_keys"), fence).await, None);
}

#[sqlx::test(migrations = "../../migrations")]
async fn a_key_is_never_destroyed_without_a_fence(pool: PgPool) {
    let home = Home::new();
    let vault = home.vault(&pool).await;
    vault
        .seal(subject(1), &name_of(subject(1)), "Mary Example")
        .await
        .unwrap();
    for statement in [
        "update vault.subject set wrapped_key = null, master_key_id = null, destroyed_at = now()",
        "update vault.subject set wrapped_key = null, master_key_id = null",
        "update vault.subject set master_key_id = null",
    ] {
        let refused = refusal(&pool, Some("compacts_keys"), statement).await;
        assert!(
            refused.is_some_and(|why| why.contains("check constraint")),
            "{statement}"
        );
    }
}

#[sqlx::test(migrations = "../../migrations")]
async fn the_role_for_keys_is_enough_to_seal_to_erase_and_to_rewrap(pool: PgPool) {
    furnish(&pool).await;
    let options = (*pool.connect_options()).clone();
    let options = options.options([("role", "compacts_keys")]);
    let as_keys = PgPoolOptions::new()
        .max_connections(2)
        .connect_lazy_with(options);
    let home = Home::new();
    let vault = home.vault(&as_keys).await;
    let here = name_of(subject(1));
    let sealed = vault.seal(subject(1), &here, "Mary Example").await.unwrap();
    assert_eq!(
        vault.unseal(&sealed, &here).await.unwrap().plain(),
        Some("Mary Example")
    );
    vault::MasterKeyFile::add_key(&home.master_file(), &*home.randomness).unwrap();
    let vault = home.vault(&as_keys).await;
    assert_eq!(vault.rewrap(10).await.unwrap().left, 0);
    // What others keep is theirs to clear.
    let erased = erasures(vault, &pool)
        .erase(&request(subject(1)))
        .await
        .unwrap();
    assert_eq!(erased.step, Step::Done);
    as_keys.close().await;
}
