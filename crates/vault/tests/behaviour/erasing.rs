//! Erasing a person and redacting a text.

use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};

use futures::FutureExt;
use futures::future::BoxFuture;
use serde_json::json;
use sqlx::PgPool;
use vault::{
    Begun, Erasure, ErasureError, ErasureRequest, Erasures, Purge, Step, StepFailed, SubjectId,
    SubjectKind, Tombstone, Unsealed, VaultError,
};

use crate::support::{Home, count, derive, erasures, furnish, name_of, noon, request, subject};

#[sqlx::test(migrations = "../../migrations")]
async fn an_erased_person_cannot_be_read_and_cannot_come_back(pool: PgPool) {
    furnish(&pool).await;
    let home = Home::new();
    let vault = home.vault(&pool).await;
    let here = name_of(subject(1));
    let sealed = vault.seal(subject(1), &here, "Mary Example").await.unwrap();
    let other = vault
        .seal(subject(2), &name_of(subject(2)), "Somebody")
        .await
        .unwrap();
    derive(&pool, subject(1), "Mary Example").await;
    let erased = erasures(vault.clone(), &pool)
        .erase(&request(subject(1)))
        .await
        .unwrap();
    assert_eq!((erased.step, erased.intended_at), (Step::Done, noon()));
    assert_eq!(
        vault.unseal(&sealed, &here).await.unwrap(),
        Unsealed::Erased
    );
    let again = vault.seal(subject(1), &here, "Mary Example").await;
    assert!(matches!(again, Err(VaultError::Fenced(whose)) if whose == subject(1)));
    let opened = vault.unseal(&other, &name_of(subject(2))).await.unwrap();
    assert_eq!(opened.plain(), Some("Somebody"), "others are left alone");
}

#[sqlx::test(migrations = "../../migrations")]
async fn a_process_with_the_key_in_memory_reads_nothing_once_it_is_destroyed(pool: PgPool) {
    furnish(&pool).await;
    let home = Home::new();
    let (here, erasing) = (name_of(subject(1)), home.vault(&pool).await);
    let warm = home.vault(&pool).await;
    let sealed = warm.seal(subject(1), &here, "Mary Example").await.unwrap();
    assert_eq!(
        warm.unseal(&sealed, &here).await.unwrap().plain(),
        Some("Mary Example")
    );
    // The tombstone fails, so the erasure stops just after: nothing but the destroyed key is new to the other process.
    let stuck = Erasures::new(erasing, Vec::new(), Arc::new(Failing::always()));
    let stopped = stuck.erase(&request(subject(1))).await;
    assert!(matches!(stopped, Err(ErasureError::Tombstone(_))));
    assert_eq!(warm.unseal(&sealed, &here).await.unwrap(), Unsealed::Erased);
    let again = warm.seal(subject(1), &here, "Mary Example").await;
    assert!(matches!(again, Err(VaultError::Fenced(_))));
}

#[sqlx::test(migrations = "../../migrations")]
async fn from_the_fence_on_nothing_is_sealed_though_the_key_is_there(pool: PgPool) {
    let home = Home::new();
    let (here, warm) = (name_of(subject(1)), home.vault(&pool).await);
    let sealed = warm.seal(subject(1), &here, "Mary Example").await.unwrap();
    sqlx::raw_sql("update vault.subject set fenced_at = now()")
        .execute(&pool)
        .await
        .unwrap();
    for vault in [warm, home.vault(&pool).await] {
        let again = vault.seal(subject(1), &here, "Mary Example").await;
        assert!(matches!(again, Err(VaultError::Fenced(_))));
        let opened = vault.unseal(&sealed, &here).await.unwrap();
        assert_eq!(opened.plain(), Some("Mary Example"));
    }
}

#[sqlx::test(migrations = "../../migrations")]
async fn somebody_nothing_was_ever_sealed_for_can_be_fenced_off_too(pool: PgPool) {
    furnish(&pool).await;
    let vault = Home::new().vault(&pool).await;
    let erased = erasures(vault.clone(), &pool)
        .erase(&request(subject(1)))
        .await
        .unwrap();
    assert_eq!(erased.step, Step::Done);
    let sealed = vault
        .seal(subject(1), &name_of(subject(1)), "Mary Example")
        .await;
    assert!(matches!(sealed, Err(VaultError::Fenced(_))));
}

#[sqlx::test(migrations = "../../migrations")]
async fn a_text_is_redacted_and_its_tombstone_says_what_it_was_given_to_say(pool: PgPool) {
    furnish(&pool).await;
    let home = Home::new();
    let vault = home.vault(&pool).await;
    let here = name_of(subject(9));
    let sealed = vault
        .seal(subject(9), &here, "A note that says too much")
        .await
        .unwrap();
    let redaction = ErasureRequest {
        kind: SubjectKind::Text,
        tombstone: json!({ "reason": "tells of an illness" }),
        ..request(subject(9))
    };
    let erased = erasures(vault.clone(), &pool)
        .erase(&redaction)
        .await
        .unwrap();
    assert_eq!(erased.request, redaction);
    assert_eq!(
        vault.unseal(&sealed, &here).await.unwrap(),
        Unsealed::Erased
    );
    let told: (String, serde_json::Value) =
        sqlx::query_as("select kind, tombstone from tombstone where subject_id = $1")
            .bind(subject(9).uuid())
            .fetch_one(&pool)
            .await
            .unwrap();
    let says = json!({ "reason": "tells of an illness" });
    assert_eq!(told, ("text".to_owned(), says));
}

#[sqlx::test(migrations = "../../migrations")]
async fn the_first_erasure_of_a_subject_stands(pool: PgPool) {
    furnish(&pool).await;
    let vault = Home::new().vault(&pool).await;
    let erasures = erasures(vault, &pool);
    let with = |reason: &str| ErasureRequest {
        tombstone: json!({ "reason": reason }),
        ..request(subject(1))
    };
    let unknown = erasures.resume(subject(1)).await;
    assert!(matches!(unknown, Err(ErasureError::NotBegun(whose)) if whose == subject(1)));
    let Begun::Now(first) = erasures.begin(&with("first")).await.unwrap() else {
        panic!("it is new");
    };
    assert_eq!(first.step, Step::Intended);
    let Begun::Before(stands) = erasures.begin(&with("second")).await.unwrap() else {
        panic!("it is not new");
    };
    assert_eq!(stands, first);
}

#[sqlx::test(migrations = "../../migrations")]
async fn what_could_not_be_cleared_is_cleared_later_and_hides_no_other(pool: PgPool) {
    furnish(&pool).await;
    let home = Home::new();
    let vault = home.vault(&pool).await;
    // More than one page of them, so that the next page is read too.
    let all: Vec<SubjectId> = (1..=150).map(subject).collect();
    let failing = Arc::new(Failing::for_the_first(1));
    let purges: Vec<Arc<dyn Purge>> = vec![failing.clone()];
    let erasures = Erasures::new(vault, purges, Arc::new(Failing::for_the_first(0)));
    for whose in &all {
        erasures.begin(&request(*whose)).await.unwrap();
    }
    let stopped = erasures.resume_all(&SubjectKind::ALL).await.unwrap();
    assert_eq!(stopped.len(), 1);
    let error = &stopped[0].error;
    assert!(
        matches!(
            error,
            ErasureError::Purge {
                what: "whatever fails",
                ..
            }
        ),
        "{error}"
    );
    assert_eq!(stopped[0].subject, all[0], "the oldest comes first");
    assert_eq!(
        erasures.erasure(all[0]).await.unwrap().step,
        Step::Destroyed
    );
    assert!(
        erasures
            .resume_all(&SubjectKind::ALL)
            .await
            .unwrap()
            .is_empty()
    );
    for whose in all {
        assert_eq!(erasures.erasure(whose).await.unwrap().step, Step::Done);
    }
}

#[sqlx::test(migrations = "../../migrations")]
async fn many_that_carry_on_one_erasure_at_once_do_it_once(pool: PgPool) {
    furnish(&pool).await;
    let home = Home::new();
    let vault = home.vault(&pool).await;
    for whose in (1..=10).map(subject) {
        vault
            .seal(whose, &name_of(whose), "Mary Example")
            .await
            .unwrap();
        derive(&pool, whose, "Mary Example").await;
        let mut several = Vec::new();
        for _ in 0..4 {
            several.push(erasures(home.vault(&pool).await, &pool));
        }
        let wanted = request(whose);
        let erasing = several.iter().map(|erasures| erasures.erase(&wanted));
        let erased = futures::future::try_join_all(erasing).await.unwrap();
        assert!(erased.iter().all(|erased| erased.step == Step::Done));
        let tombstones = "select count(*) from tombstone where subject_id = $1";
        assert_eq!(count(&pool, tombstones, whose).await, 1);
    }
}

#[sqlx::test(migrations = "../../migrations")]
async fn whoever_seals_while_a_subject_is_erased_leaves_no_key_behind(pool: PgPool) {
    furnish(&pool).await;
    let home = Home::new();
    for whose in (1..=40).map(subject) {
        let (sealing, erasing) = (home.vault(&pool).await, home.vault(&pool).await);
        let here = name_of(whose);
        let erasures = erasures(erasing, &pool);
        let wanted = request(whose);
        let (sealed, erased) = futures::join!(
            sealing.seal(whose, &here, "Mary Example"),
            erasures.erase(&wanted)
        );
        assert_eq!(erased.unwrap().step, Step::Done);
        match sealed {
            Ok(sealed) => {
                assert_eq!(
                    sealing.unseal(&sealed, &here).await.unwrap(),
                    Unsealed::Erased
                );
            }
            Err(error) => assert!(matches!(error, VaultError::Fenced(_)), "{error}"),
        }
        let keys =
            "select count(*) from vault.subject where subject_id = $1 and wrapped_key is not null";
        assert_eq!(count(&pool, keys, whose).await, 0);
    }
}

/// Fails so many times, then does nothing.
struct Failing(AtomicU32);

impl Failing {
    const fn for_the_first(times: u32) -> Self {
        Self(AtomicU32::new(times))
    }

    const fn always() -> Self {
        Self::for_the_first(u32::MAX)
    }

    fn fail(&self) -> Result<(), StepFailed> {
        let less = |left: u32| left.checked_sub(1);
        let was = self
            .0
            .fetch_update(Ordering::SeqCst, Ordering::SeqCst, less);
        match was {
            Ok(_) => Err("told to fail".into()),
            Err(_) => Ok(()),
        }
    }
}

impl Purge for Failing {
    fn name(&self) -> &'static str {
        "whatever fails"
    }

    fn purge(&self, _: SubjectId) -> BoxFuture<'_, Result<(), StepFailed>> {
        async { self.fail() }.boxed()
    }
}

impl Tombstone for Failing {
    fn append<'a>(&'a self, _: &'a Erasure) -> BoxFuture<'a, Result<(), StepFailed>> {
        async { self.fail() }.boxed()
    }
}
