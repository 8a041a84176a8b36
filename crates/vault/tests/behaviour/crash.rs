//! An erasure that is broken off anywhere is carried on, and ends as if it had not been.

use std::future::{Future, poll_fn};
use std::pin::pin;
use std::task::Poll;

use sqlx::PgPool;
use testkit::proxy::Cut;
use vault::{ErasureError, Sealed, Step, SubjectId, SubjectKind, Unsealed, VaultError};

use crate::support::{
    Home, behind_proxy, count, derive, erasures, furnish, name_of, request, subject,
};

/// More messages or polls than an erasure takes.
const ENOUGH: usize = 400;

async fn prepare(home: &Home, pool: &PgPool, whose: SubjectId) -> Sealed {
    derive(pool, whose, "Mary Example").await;
    let vault = home.vault(pool).await;
    vault
        .seal(whose, &name_of(whose), "Mary Example")
        .await
        .unwrap()
}

/// Another process starts, carries on what it finds, and what was asked is asked again if it was lost.
async fn carry_on(home: &Home, pool: &PgPool, whose: SubjectId) -> Step {
    let erasures = erasures(home.vault(pool).await, pool);
    let stood = match erasures.erasure(whose).await {
        Ok(erasure) => erasure.step,
        Err(ErasureError::NotBegun(_)) => {
            erasures.begin(&request(whose)).await.unwrap();
            Step::Intended
        }
        Err(error) => panic!("{error}"),
    };
    assert!(
        erasures
            .resume_all(&SubjectKind::ALL)
            .await
            .unwrap()
            .is_empty()
    );
    stood
}

/// The one end state.
async fn is_erased(home: &Home, pool: &PgPool, whose: SubjectId, sealed: &Sealed) {
    let vault = home.vault(pool).await;
    let here = name_of(whose);
    assert_eq!(vault.unseal(sealed, &here).await.unwrap(), Unsealed::Erased);
    let again = vault.seal(whose, &here, "Mary Example").await;
    assert!(matches!(again, Err(VaultError::Fenced(_))));
    for (sql, expected) in [
        ("select count(*) from derived where subject_id = $1", 0),
        ("select count(*) from tombstone where subject_id = $1", 1),
        (
            "select count(*) from vault.subject where subject_id = $1 and wrapped_key is null
             and master_key_id is null and fenced_at is not null and destroyed_at is not null",
            1,
        ),
        (
            "select count(*) from vault.erasure where subject_id = $1 and step = 'done'",
            1,
        ),
    ] {
        assert_eq!(count(pool, sql, whose).await, expected, "{sql}");
    }
}

/// Cuts the connection at every message in turn; answers the steps it was found at afterwards.
async fn cut_everywhere(pool: &PgPool, cut: Cut) -> Vec<Step> {
    furnish(pool).await;
    let home = Home::new();
    let mut found = Vec::new();
    for message in 0..ENOUGH {
        let whose = subject(1 + u128::try_from(message).unwrap());
        let sealed = prepare(&home, pool, whose).await;
        let (through, proxy) = behind_proxy(pool).await;
        let erasures = erasures(home.vault(&through).await, &through);
        proxy.cut_after(cut, message);
        // It does not come back: what was cut off is over.
        proxy.refuse(true);
        let erased = erasures.erase(&request(whose)).await;
        let uncut = !proxy.has_cut();
        assert_eq!(erased.is_ok(), uncut, "message {message}: {erased:?}");
        drop((erasures, through, proxy));
        found.push(carry_on(&home, pool, whose).await);
        is_erased(&home, pool, whose, &sealed).await;
        if uncut {
            return found;
        }
    }
    panic!("an erasure takes more than {ENOUGH} messages");
}

fn every_step_was_met(found: &[Step]) {
    for step in Step::ALL {
        assert!(
            found.contains(&step),
            "never broken off at {step:?}: {found:?}"
        );
    }
}

#[sqlx::test(migrations = "../../migrations")]
async fn cut_before_any_statement_it_ends_the_same(pool: PgPool) {
    every_step_was_met(&cut_everywhere(&pool, Cut::BeforeForwarding).await);
}

#[sqlx::test(migrations = "../../migrations")]
async fn cut_after_any_statement_before_its_answer_it_ends_the_same(pool: PgPool) {
    every_step_was_met(&cut_everywhere(&pool, Cut::BeforeTheAnswer).await);
}

/// Drives `future` so many times at most, then drops it.
async fn at_most<F: Future>(mut polls: usize, future: F) -> Option<F::Output> {
    let mut future = pin!(future);
    poll_fn(|context| {
        if polls == 0 {
            return Poll::Ready(None);
        }
        polls -= 1;
        future.as_mut().poll(context).map(Some)
    })
    .await
}

#[sqlx::test(migrations = "../../migrations")]
async fn dropped_wherever_it_waits_it_ends_the_same(pool: PgPool) {
    furnish(&pool).await;
    let home = Home::new();
    let mut found = Vec::new();
    let mut polls = 0;
    // Where it waits is the machine's affair: an answer that is there already is not waited for. So it is gone
    // through again until it was dropped at every step.
    for number in 1..ENOUGH {
        polls += 1;
        let whose = subject(u128::try_from(number).unwrap());
        let sealed = prepare(&home, &pool, whose).await;
        let erasures = erasures(home.vault(&pool).await, &pool);
        let erased = at_most(polls, erasures.erase(&request(whose))).await;
        found.push(carry_on(&home, &pool, whose).await);
        is_erased(&home, &pool, whose, &sealed).await;
        if erased.is_some() {
            if Step::ALL.iter().all(|step| found.contains(step)) {
                return;
            }
            polls = 0;
        }
    }
    every_step_was_met(&found);
}
