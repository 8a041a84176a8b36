//! Following a ledger, in one process and across processes.

use crate::support::{
    DEADLINE, at_noon, everything, ledger_id, note, one_writer, start, stream, until,
};
use futures::StreamExt;
use futures::future::join_all;
use ledger::{Ledger, RawEntry, ReadError, Reader};
use sqlx::PgPool;
use tokio::time::timeout;

async fn take(
    entries: &mut (impl futures::Stream<Item = Result<RawEntry, ReadError>> + Unpin),
    count: usize,
) -> Vec<RawEntry> {
    let taken = entries.take(count).map(Result::unwrap).collect();
    timeout(DEADLINE, taken).await.expect("entries in time")
}

#[sqlx::test(migrator = "ledger::MIGRATOR")]
async fn a_subscriber_sees_each_entry_once_from_the_past_into_the_present(pool: PgPool) {
    let ledger = start(&pool);
    let one = ledger_id(1);
    for id in 0..30 {
        ledger
            .append(note(one, id, stream(id), 0, "past"))
            .await
            .unwrap();
    }
    let mut from_start = ledger.subscribe(one, 0);
    let mut from_middle = ledger.subscribe(one, 20);
    // Appends go on all through the catching up: this is the seam.
    let present =
        join_all((100..300).map(|id| ledger.append(note(one, id, stream(id), 0, "present"))));
    let (seen, seen_later, answers) = tokio::join!(
        take(&mut from_start, 230),
        take(&mut from_middle, 210),
        present
    );
    assert!(answers.iter().all(Result::is_ok));
    let all = everything(&ledger, one).await;
    assert_eq!(seen, all);
    assert_eq!(seen_later, all[20..]);
    assert!(
        futures::poll!(from_start.next()).is_pending(),
        "nothing more to see"
    );
    ledger.shutdown().await;
}

#[sqlx::test(migrator = "ledger::MIGRATOR")]
async fn another_process_is_told_of_an_append(pool: PgPool) {
    let writing = start(&pool);
    let reading = Reader::new(pool.clone());
    let one = ledger_id(1);
    let mut head = reading.watch(one);
    assert_eq!(*head.borrow(), 0);
    let listening = async || {
        sqlx::query_scalar("select exists (select from pg_stat_activity where datname = current_database() and query ilike 'listen%')")
            .fetch_one(&pool)
            .await
            .unwrap()
    };
    until("the reader listens", listening).await;
    let receipt = writing
        .append(note(one, 1, stream(1), 0, "news"))
        .await
        .unwrap();
    timeout(
        DEADLINE,
        head.wait_for(|known| *known >= receipt.last_position),
    )
    .await
    .unwrap()
    .unwrap();
    writing.shutdown().await;
}

#[sqlx::test(migrator = "ledger::MIGRATOR")]
async fn a_subscriber_that_is_told_nothing_finds_out_by_polling(pool: PgPool) {
    let options = ledger::Options {
        notify: false,
        ..one_writer()
    };
    let writing = Ledger::start(pool.clone(), options, at_noon());
    let mut entries = Reader::new(pool.clone()).subscribe(ledger_id(1), 0);
    for id in 1..=3 {
        // It has seen everything there was, and waits.
        assert!(futures::poll!(entries.next()).is_pending());
        let append = note(ledger_id(1), id, stream(id), 0, "quiet news");
        let receipt = writing.append(append).await.unwrap();
        assert_eq!(
            take(&mut entries, 1).await[0].position,
            receipt.last_position
        );
    }
    writing.shutdown().await;
}

#[sqlx::test(migrator = "ledger::MIGRATOR")]
async fn within_a_process_the_head_is_known_as_soon_as_the_answer(pool: PgPool) {
    let ledger = start(&pool);
    let head = ledger.watch(ledger_id(1));
    let other = ledger.watch(ledger_id(2));
    let receipt = ledger
        .append(note(ledger_id(1), 1, stream(1), 0, "news"))
        .await
        .unwrap();
    assert_eq!(*head.borrow(), receipt.last_position);
    assert_eq!(*other.borrow(), 0);
    ledger.shutdown().await;
}

#[sqlx::test(migrator = "ledger::MIGRATOR")]
async fn a_missing_entry_is_an_error_and_not_a_gap_passed_over(pool: PgPool) {
    let ledger = start(&pool);
    let one = ledger_id(1);
    for version in 0..5 {
        ledger
            .append(note(one, u128::from(version), stream(1), version, "noted"))
            .await
            .unwrap();
    }
    let mut damage = pool.begin().await.unwrap();
    sqlx::raw_sql("alter table ledger_entry disable trigger all; delete from ledger_entry where position = 3; alter table ledger_entry enable always trigger ledger_entry_append_only")
        .execute(&mut *damage)
        .await
        .unwrap();
    damage.commit().await.unwrap();
    let damaged = ledger.read(one, 0, 10).await;
    assert!(matches!(
        damaged,
        Err(ReadError::OutOfOrder {
            expected: 3,
            found: 4,
            ..
        })
    ));
    let damaged = ledger.read_stream(one, stream(1), 0, 10).await;
    assert!(matches!(
        damaged,
        Err(ReadError::OutOfOrder {
            expected: 3,
            found: 4,
            ..
        })
    ));
    let mut entries = ledger.subscribe(one, 0);
    assert!(entries.next().await.unwrap().is_err());
    assert!(entries.next().await.is_none(), "an error ends it");
    ledger.shutdown().await;
}
