//! Keys that are made ahead: each taken once, more of them before the last is taken, and none that harms when it is left.

use std::collections::HashSet;

use domain::sealed::Sealed;
use futures::future::join_all;
use sqlx::PgPool;
use vault::{Context, ErasureRequest, SubjectId, SubjectKind, ToUnseal, Unsealed};

use crate::support::{Home, erasures, furnish, ledger_id, request};

/// How many are made at first, beside those that are wanted at once.
const AT_FIRST: usize = 32;

fn place() -> Context {
    Context::text(ledger_id(1))
}

/// How many subjects the database knows.
async fn rows(pool: &PgPool) -> usize {
    let rows: i64 = sqlx::query_scalar("select count(*) from vault.subject")
        .fetch_one(pool)
        .await
        .unwrap();
    usize::try_from(rows).unwrap()
}

#[sqlx::test(migrations = "../../migrations")]
async fn callers_who_come_together_when_none_is_left_each_get_keys_of_their_own(pool: PgPool) {
    let vault = Home::new().vault(&pool).await;
    let sealing = (0..64).map(|_| {
        let vault = vault.clone();
        tokio::spawn(async move { vault.seal_new(&place(), &["one", "two", "three"]).await })
    });
    let mut sealed: Vec<Sealed> = Vec::new();
    for one in join_all(sealing).await {
        sealed.extend(one.unwrap().unwrap());
    }
    let subjects: HashSet<SubjectId> = sealed.iter().map(Sealed::subject).collect();
    assert_eq!(subjects.len(), 64 * 3, "no key is taken twice");
    let stored = rows(&pool).await;
    assert!((64 * 3..2000).contains(&stored), "{stored} keys are there");
    let here = place();
    let texts = sealed.iter().map(|sealed| ToUnseal {
        sealed,
        context: &here,
    });
    let says = vault.unseal_many(&texts.collect::<Vec<_>>()).await.unwrap();
    for (at, says) in says.into_iter().enumerate() {
        let said = ["one", "two", "three"][at % 3];
        assert_eq!(says.into_plain().as_deref(), Some(said), "{at}");
    }
}

#[sqlx::test(migrations = "../../migrations")]
async fn more_are_made_while_the_rest_last_and_more_at_once_each_time(pool: PgPool) {
    let vault = Home::new().vault(&pool).await;
    vault.seal_new(&place(), &["first"]).await.unwrap();
    assert_eq!(rows(&pool).await, AT_FIRST + 1);
    let half = vec!["more"; AT_FIRST / 2];
    vault.seal_new(&place(), &half).await.unwrap();
    tokio::task::yield_now().await;
    assert_eq!(rows(&pool).await, AT_FIRST + 1, "half of them last");
    vault.seal_new(&place(), &["more"]).await.unwrap();
    // Nobody waits for those: they come by themselves, twice as many as before.
    let deadline = tokio::time::Instant::now() + std::time::Duration::from_secs(20);
    while rows(&pool).await == AT_FIRST + 1 {
        assert!(tokio::time::Instant::now() < deadline, "none came");
        tokio::task::yield_now().await;
    }
    assert_eq!(rows(&pool).await, 1 + 3 * AT_FIRST);
}

#[sqlx::test(migrations = "../../migrations")]
async fn keys_that_a_process_left_behind_are_nobody_s_and_the_next_makes_its_own(pool: PgPool) {
    let home = Home::new();
    let first = home.vault(&pool).await;
    let sealed = first.seal_new(&place(), &["said before"]).await;
    let sealed = sealed.unwrap().remove(0);
    let left = rows(&pool).await;
    drop(first);
    let next = home.vault(&pool).await;
    let other = next.seal_new(&place(), &["said after"]).await;
    assert_ne!(sealed.subject(), other.unwrap()[0].subject());
    assert_eq!(rows(&pool).await, 2 * left, "it took none of the first's");
    let says = next.unseal(&sealed, &place()).await.unwrap();
    assert_eq!(says.into_plain().as_deref(), Some("said before"));
}

#[sqlx::test(migrations = "../../migrations")]
async fn a_text_whose_key_was_made_ahead_is_redacted_like_any_other(pool: PgPool) {
    furnish(&pool).await;
    let home = Home::new();
    let vault = home.vault(&pool).await;
    let texts = vault.seal_new(&place(), &["to go", "to stay"]).await;
    let texts = texts.unwrap();
    let redacted = ErasureRequest {
        kind: SubjectKind::Text,
        ..request(texts[0].subject())
    };
    let erased = erasures(vault.clone(), &pool).erase(&redacted).await;
    erased.unwrap();
    let gone = vault.unseal(&texts[0], &place()).await.unwrap();
    assert_eq!(gone, Unsealed::Erased);
    let stays = vault.unseal(&texts[1], &place()).await.unwrap();
    assert_eq!(stays.plain(), Some("to stay"));
    // The rest of the reserve is as good as before.
    let more = vault.seal_new(&place(), &["later"]).await.unwrap();
    let more = vault.unseal(&more[0], &place()).await.unwrap();
    assert_eq!(more.plain(), Some("later"));
}
