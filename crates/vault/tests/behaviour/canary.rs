//! After an erasure neither text nor key is in any table.

use base64::Engine;
use base64::engine::general_purpose::STANDARD as BASE64;
use sqlx::{AssertSqlSafe, PgPool};

use crate::support::{Home, derive, erasures, furnish, name_of, request, subject};

const CANARY: &str = "Canaria Serinus-Example";

/// Every row of every table of every schema of ours, as text.
async fn everything(pool: &PgPool) -> String {
    let tables: Vec<String> = sqlx::query_scalar(
        "select format('%I.%I', schemaname, tablename) from pg_tables
         where schemaname not in ('pg_catalog', 'information_schema')",
    )
    .fetch_all(pool)
    .await
    .unwrap();
    assert!(tables.iter().any(|table| table == "vault.subject"));
    assert!(tables.iter().any(|table| table == "public.ledger_entry"));
    let mut dump = String::new();
    for table in tables {
        let rows = format!("select string_agg(row::text, E'\\n') from {table} as row");
        let rows: Option<String> = sqlx::query_scalar(AssertSqlSafe(rows))
            .fetch_one(pool)
            .await
            .unwrap();
        dump.push_str(&rows.unwrap_or_default());
    }
    dump
}

/// How `secret` could be written in a row: as it is, in hexadecimal, in base64 (at each of its three offsets).
fn spellings(secret: &[u8]) -> Vec<String> {
    let shifted = (0..3).map(|shift| {
        let padded = [vec![0; shift], secret.to_vec()].concat();
        let whole = BASE64.encode(padded);
        // What the neighbouring bytes do not touch.
        whole[4..4 + (secret.len() - 4) / 3 * 4].to_owned()
    });
    let plain = String::from_utf8(secret.to_vec());
    shifted.chain([hex::encode(secret)]).chain(plain).collect()
}

async fn is_found(pool: &PgPool, secret: &[u8]) -> bool {
    let dump = everything(pool).await;
    spellings(secret)
        .iter()
        .any(|spelling| dump.contains(spelling))
}

async fn wrapped_key(pool: &PgPool) -> Vec<u8> {
    sqlx::query_scalar("select wrapped_key from vault.subject where subject_id = $1")
        .bind(subject(1).uuid())
        .fetch_one(pool)
        .await
        .unwrap()
}

#[sqlx::test(migrations = "../../migrations")]
async fn after_an_erasure_neither_text_nor_key_is_in_any_table(pool: PgPool) {
    furnish(&pool).await;
    let home = Home::new();
    let vault = home.vault(&pool).await;
    let sealed = vault
        .seal(subject(1), &name_of(subject(1)), CANARY)
        .await
        .unwrap();
    let raw = home
        .randomness
        .keys()
        .pop()
        .expect("the subject's key was drawn last");
    let wrapped = wrapped_key(&pool).await;
    assert!(!is_found(&pool, &raw).await, "a raw key is never stored");
    assert!(
        is_found(&pool, &wrapped).await,
        "before: the wrapped key is there"
    );
    // What others would keep: the sealed form, which stays, and what was derived.
    let form = serde_json::to_string(&sealed).unwrap();
    derive(&pool, subject(2), &form).await;
    derive(&pool, subject(1), CANARY).await;
    assert!(
        is_found(&pool, CANARY.as_bytes()).await,
        "before: the text is there"
    );
    erasures(vault, &pool)
        .erase(&request(subject(1)))
        .await
        .unwrap();
    for (what, secret) in [
        ("text", CANARY.as_bytes()),
        ("key", &raw),
        ("wrapped key", &wrapped),
    ] {
        assert!(!is_found(&pool, secret).await, "{what}");
    }
    assert!(
        everything(&pool)
            .await
            .contains(&sealed.subject().to_string())
    );
}

#[sqlx::test(migrations = "../../migrations")]
async fn a_secret_is_found_however_it_is_written(pool: PgPool) {
    furnish(&pool).await;
    let secret: Vec<u8> = (94..126).collect();
    assert!(!is_found(&pool, &secret).await);
    for planted in [
        hex::encode(&secret),
        BASE64.encode(&secret),
        BASE64.encode([b"x".as_slice(), &secret, b"y"].concat()),
        BASE64.encode([b"xx".as_slice(), &secret, b"y"].concat()),
        String::from_utf8(secret.clone()).unwrap(),
    ] {
        derive(&pool, subject(1), &planted).await;
        assert!(is_found(&pool, &secret).await, "{planted}");
        sqlx::raw_sql("delete from derived")
            .execute(&pool)
            .await
            .unwrap();
    }
    // And as bytes, in whatever table.
    sqlx::query("insert into vault.secret values ('planted', 1, 'x', $1, now())")
        .bind(&secret)
        .execute(&pool)
        .await
        .unwrap();
    assert!(is_found(&pool, &secret).await);
}
