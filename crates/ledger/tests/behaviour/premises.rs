//! Commands that are recorded only while what they were decided on still stands.

use futures::future::{join, join_all};
use ledger::{Append, AppendError, Ledger, Premise, Receipt};
use sqlx::PgPool;

use crate::support::{HeldHead, at_noon, everything, ledger_id, note, one_writer, start, stream};

/// That a stream of the second ledger has so many entries.
const fn stands_at(version: u64) -> Premise {
    Premise {
        ledger: ledger_id(2),
        stream: stream(9),
        version,
    }
}

/// Sends a command from a task of its own, given so many entries in the second ledger.
async fn append(
    ledger: &Ledger,
    each: Append,
    version: Option<u64>,
) -> Result<Receipt, AppendError> {
    let (ledger, premises) = (ledger.clone(), version.map(stands_at));
    let appending = async move { ledger.append_given(each, premises.as_slice()).await };
    tokio::spawn(appending).await.unwrap()
}

fn is_overtaken(answer: &Result<Receipt, AppendError>) -> bool {
    matches!(answer, Err(AppendError::Overtaken { stream: moved }) if *moved == stream(9))
}

#[sqlx::test(migrator = "ledger::MIGRATOR")]
async fn what_another_process_recorded_before_counts_from_the_next_command_on(pool: PgPool) {
    let [here, elsewhere] = [start(&pool), start(&pool)];
    let one = ledger_id(1);
    let on = |id, version| append(&here, note(one, id, stream(id), 0, "decided"), version);
    on(1, Some(0)).await.expect("nothing has begun there");
    for version in 0..5u64 {
        let id = 100 + u128::from(version);
        let moved = note(ledger_id(2), id, stream(9), version, "moves on");
        elsewhere.append(moved).await.unwrap();
        let id = 10 * (u128::from(version) + 1);
        let stale = on(id, Some(version)).await;
        assert!(is_overtaken(&stale), "{version}: {stale:?}");
        on(id, Some(version + 1)).await.expect("as it stands now");
        let early = on(id + 1, Some(version + 2)).await;
        assert!(is_overtaken(&early), "{version}: {early:?}");
    }
    assert_eq!(
        everything(&here, one).await.len(),
        6,
        "nothing of the stale ones"
    );
    join(here.shutdown(), elsewhere.shutdown()).await;
}

#[sqlx::test(migrator = "ledger::MIGRATOR")]
async fn one_that_was_overtaken_fails_alone_and_not_its_batch(pool: PgPool) {
    let ledger = Ledger::start(pool.clone(), one_writer(), at_noon());
    let (one, other) = (ledger_id(1), start(&pool));
    let opens = note(one, 1, stream(1), 0, "opens");
    ledger.append(opens).await.unwrap();
    let begins = note(ledger_id(2), 2, stream(9), 0, "begins");
    other.append(begins).await.unwrap();

    let held = HeldHead::take(&pool, one).await;
    let ahead = tokio::spawn({
        let ledger = ledger.clone();
        let in_flight = note(one, 3, stream(1), 1, "in flight");
        async move { append(&ledger, in_flight, Some(1)).await }
    });
    held.is_waited_for(&pool).await;
    // These gather behind it, and meanwhile what they were decided on moves on.
    let batch: Vec<_> = (10..30)
        .map(|id| note(one, id, stream(id), 0, "decided"))
        .collect();
    let batch: Vec<_> = batch
        .into_iter()
        .zip([Some(1), None, Some(2), Some(0)].into_iter().cycle())
        .map(|(each, version)| {
            let ledger = ledger.clone();
            tokio::spawn(async move { append(&ledger, each, version).await })
        })
        .collect();
    tokio::task::yield_now().await;
    let moves_on = note(ledger_id(2), 4, stream(9), 1, "moves on");
    other.append(moves_on).await.unwrap();
    held.release().await;
    ahead.await.unwrap().expect("it held as it was sent");

    let answers = join_all(batch).await;
    for (at, answer) in answers.into_iter().enumerate() {
        let answer = answer.unwrap();
        match at % 4 {
            1 | 2 => assert!(answer.is_ok(), "{at}: {answer:?}"),
            _ => assert!(is_overtaken(&answer), "{at}: {answer:?}"),
        }
    }
    assert_eq!(everything(&ledger, one).await.len(), 2 + 10);
    join(ledger.shutdown(), other.shutdown()).await;
}

#[sqlx::test(migrator = "ledger::MIGRATOR")]
async fn a_command_that_is_recorded_is_answered_again_whatever_moves_on(pool: PgPool) {
    let [here, elsewhere] = [start(&pool), start(&pool)];
    let one = ledger_id(1);
    let send = |process: &Ledger| {
        let process = process.clone();
        async move { append(&process, note(one, 1, stream(1), 0, "decided"), Some(0)).await }
    };
    let first = send(&here).await.unwrap();
    let moved = note(ledger_id(2), 2, stream(9), 0, "moves on");
    elsewhere.append(moved).await.unwrap();
    let again = send(&here).await.unwrap();
    assert_eq!((again.first_position, again.repeated), (1, true));
    assert_eq!(first.first_position, 1);
    // Who does not remember it says that it was overtaken, and finds it when it is decided anew.
    let other = send(&elsewhere).await;
    assert!(is_overtaken(&other), "{other:?}");
    let anew = note(one, 1, stream(1), 0, "decided");
    let anew = append(&elsewhere, anew, Some(1)).await.unwrap();
    assert_eq!((anew.first_position, anew.repeated), (1, true));
    join(here.shutdown(), elsewhere.shutdown()).await;
}
