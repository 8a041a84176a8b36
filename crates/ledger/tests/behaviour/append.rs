//! Appending: places, versions, retries, refusals.

use std::sync::Arc;

use crate::support::{
    HeldHead, at_noon, command, command_id, day, events, everything, ledger_id, noon, note,
    one_writer, start, stream, until,
};
use chrono::Duration;
use futures::future::join_all;
use ledger::append::MAX_ENTRIES;
use ledger::{AppendError, Ledger, NewEvent, Options, RequestDigest, StreamAppend};
use serde_json::json;
use sqlx::PgPool;
use sqlx::postgres::PgPoolOptions;
use testkit::breaking::BreakingFigures;
use testkit::clock::SetClock;

#[sqlx::test(migrator = "ledger::MIGRATOR")]
async fn what_is_appended_is_read_back_in_order_with_its_places(pool: PgPool) {
    let ledger = Ledger::start(pool, Options::default(), at_noon());
    let (one, a, b) = (ledger_id(1), stream(1), stream(2));
    let streams = vec![events(a, 0, &["first", "second"]), events(b, 0, &["third"])];
    let append = command(one, command_id(1), streams);
    let receipt = ledger.append(append).await.unwrap();
    assert_eq!((receipt.first_position, receipt.last_position), (1, 3));
    assert_eq!(receipt.streams, [(a, 2), (b, 1)]);
    assert_eq!(receipt.recorded_at, noon());
    assert!(!receipt.repeated);

    let receipt = ledger.append(note(one, 2, a, 2, "fourth")).await.unwrap();
    assert_eq!(receipt.first_position, 4);

    let entries = everything(&ledger, one).await;
    let places = entries.iter().map(|e| (e.position, e.stream_version));
    assert_eq!(places.collect::<Vec<_>>(), [(1, 1), (2, 2), (3, 1), (4, 3)]);
    assert_eq!(
        std::str::from_utf8(&entries[2].leaf[1..]).unwrap(),
        "{\"actor\":\"principal-1\",\"command\":\"00000000-0000-0000-0000-000000000001\",\
         \"event_type\":\"test.noted\",\"ledger\":\"00000000-0000-0000-0000-000000000001\",\
         \"occurred_on\":\"2007-09-24\",\"payload\":{\"what\":\"third\"},\"position\":3,\
         \"recorded_at\":\"2007-09-24T12:00:00.000000Z\",\"role\":\"secretariat\",\
         \"schema_version\":1,\"stream\":\"commitment/00000000-0000-0000-0000-000000000002\",\
         \"stream_version\":1}"
    );
    let of_a = ledger.read_stream(one, a, 1, 10).await.unwrap();
    assert_eq!(of_a, [entries[1].clone(), entries[3].clone()]);
    let head = ledger.head(one).await.unwrap().unwrap();
    assert_eq!((head.position, head.recorded_at), (4, noon()));
    assert_eq!(ledger.ledgers().await.unwrap(), [one]);
    assert_eq!(ledger.head(ledger_id(9)).await.unwrap(), None);
    ledger.shutdown().await;
}

#[sqlx::test(migrator = "ledger::MIGRATOR")]
async fn positions_are_dense_in_every_ledger_however_many_append_at_once(pool: PgPool) {
    let ledger = start(&pool);
    let appends = (0..200).map(|id| note(ledger_id(id % 5), id, stream(id), 0, "noted"));
    for receipt in join_all(appends.map(|append| ledger.append(append))).await {
        receipt.unwrap();
    }
    for id in 0..5 {
        let entries = everything(&ledger, ledger_id(id)).await;
        let positions: Vec<u64> = entries.iter().map(|entry| entry.position).collect();
        assert_eq!(positions, (1..=40).collect::<Vec<u64>>());
    }
    ledger.shutdown().await;
}

#[sqlx::test(migrator = "ledger::MIGRATOR")]
async fn of_several_streams_all_are_extended_or_none(pool: PgPool) {
    let ledger = start(&pool);
    let (one, a, b) = (ledger_id(1), stream(1), stream(2));
    ledger.append(note(one, 1, b, 0, "taken")).await.unwrap();

    let streams = vec![events(a, 0, &["would fit"]), events(b, 0, &["would not"])];
    let refused = ledger.append(command(one, command_id(2), streams)).await;
    let Err(AppendError::Conflict {
        stream,
        expected: 0,
        actual: 1,
    }) = refused
    else {
        panic!("{refused:?}");
    };
    assert_eq!(stream, b);
    assert!(ledger.read_stream(one, a, 0, 10).await.unwrap().is_empty());
    assert_eq!(ledger.head(one).await.unwrap().unwrap().position, 1);
    ledger.shutdown().await;
}

#[sqlx::test(migrator = "ledger::MIGRATOR")]
async fn a_version_that_was_never_reached_is_a_conflict_too(pool: PgPool) {
    let ledger = start(&pool);
    let refused = ledger
        .append(note(ledger_id(1), 1, stream(1), 7, "too far"))
        .await;
    assert!(matches!(
        refused,
        Err(AppendError::Conflict {
            expected: 7,
            actual: 0,
            ..
        })
    ));
    ledger.shutdown().await;
}

#[sqlx::test(migrator = "ledger::MIGRATOR")]
async fn of_many_that_expect_the_same_version_one_wins(pool: PgPool) {
    let ledger = start(&pool);
    let one = ledger_id(1);
    let appends = (1..=50).map(|id| ledger.append(note(one, id, stream(1), 0, "mine")));
    let answers = join_all(appends).await;
    let conflict = |e: &AppendError| {
        matches!(
            e,
            AppendError::Conflict {
                expected: 0,
                actual: 1,
                ..
            }
        )
    };
    assert_eq!(answers.iter().filter(|answer| answer.is_ok()).count(), 1);
    let lost = answers.iter().filter_map(|answer| answer.as_ref().err());
    assert_eq!(lost.filter(|error| conflict(error)).count(), 49);
    assert_eq!(everything(&ledger, one).await.len(), 1);
    ledger.shutdown().await;
}

#[sqlx::test(migrator = "ledger::MIGRATOR")]
async fn one_command_may_extend_a_stream_in_two_parts(pool: PgPool) {
    let ledger = start(&pool);
    let (one, a, b) = (ledger_id(1), stream(1), stream(2));
    let parts = vec![
        events(a, 0, &["first"]),
        events(b, 0, &["second"]),
        events(a, 1, &["third"]),
    ];
    let receipt = ledger
        .append(command(one, command_id(1), parts))
        .await
        .unwrap();
    assert_eq!(receipt.streams, [(a, 2), (b, 1)]);
    let known = ledger.lookup(one, command_id(1)).await.unwrap().unwrap().0;
    assert_eq!(known.streams, receipt.streams);
    ledger.shutdown().await;
}

#[sqlx::test(migrator = "ledger::MIGRATOR")]
async fn the_same_command_again_gets_the_first_answer_and_has_no_second_effect(pool: PgPool) {
    let first = start(&pool);
    let other_process = start(&pool);
    let one = ledger_id(1);
    let streams = vec![
        events(stream(1), 0, &["a", "b"]),
        events(stream(2), 0, &["c"]),
    ];
    let append = command(one, command_id(1), streams);
    let receipt = first.append(append.clone()).await.unwrap();
    first
        .append(note(one, 2, stream(1), 2, "later"))
        .await
        .unwrap();

    for ledger in [&first, &other_process] {
        let again = ledger.append(append.clone()).await.unwrap();
        assert!(again.repeated);
        assert_eq!(
            ledger::Receipt {
                repeated: false,
                ..again
            },
            receipt
        );
    }
    let (known, digest) = first.lookup(one, command_id(1)).await.unwrap().unwrap();
    assert!(known.repeated);
    assert_eq!(
        ledger::Receipt {
            repeated: false,
            ..known
        },
        receipt
    );
    assert_eq!(digest, append.digest);
    assert!(first.lookup(one, command_id(9)).await.unwrap().is_none());
    assert!(
        first
            .lookup(ledger_id(2), command_id(1))
            .await
            .unwrap()
            .is_none()
    );
    assert_eq!(everything(&first, one).await.len(), 4);
    first.shutdown().await;
    other_process.shutdown().await;
}

#[sqlx::test(migrator = "ledger::MIGRATOR")]
async fn the_same_command_for_another_request_is_refused(pool: PgPool) {
    let first = start(&pool);
    let other_process = start(&pool);
    let one = ledger_id(1);
    first
        .append(note(one, 1, stream(1), 0, "first"))
        .await
        .unwrap();
    for ledger in [&first, &other_process] {
        let refused = ledger.append(note(one, 1, stream(2), 0, "another")).await;
        assert!(
            matches!(refused, Err(AppendError::CommandReused)),
            "{refused:?}"
        );
    }
    // Ids are a ledger's own.
    first
        .append(note(ledger_id(2), 1, stream(2), 0, "elsewhere"))
        .await
        .unwrap();
    assert_eq!(everything(&first, one).await.len(), 1);
    first.shutdown().await;
    other_process.shutdown().await;
}

#[sqlx::test(migrator = "ledger::MIGRATOR")]
async fn a_command_sent_twice_at_once_is_recorded_once(pool: PgPool) {
    let ledger = Ledger::start(pool.clone(), one_writer(), at_noon());
    let one = ledger_id(1);
    ledger
        .append(note(one, 1, stream(1), 0, "opens"))
        .await
        .unwrap();

    let held = HeldHead::take(&pool, one).await;
    let ahead = tokio::spawn(append(&ledger, note(one, 2, stream(1), 1, "in flight")));
    held.is_waited_for(&pool).await;
    // These three gather in one batch behind it.
    let twins = [3, 3, 3].map(|id| note(one, id, stream(2), 0, "twin"));
    let [first, second, mut reused] = twins;
    reused.digest = RequestDigest::of(b"something else");
    let batch = join_all([first, second, reused].map(|twin| append(&ledger, twin)));
    let batch = tokio::spawn(batch);
    tokio::task::yield_now().await;
    held.release().await;

    ahead.await.unwrap().unwrap();
    let answers = batch.await.unwrap();
    let [Ok(first), Ok(second), Err(AppendError::CommandReused)] = &answers[..] else {
        panic!("{answers:?}");
    };
    assert!(!first.repeated && second.repeated);
    assert_eq!(first.first_position, second.first_position);
    assert_eq!(everything(&ledger, one).await.len(), 3);
    ledger.shutdown().await;
}

#[sqlx::test(migrator = "ledger::MIGRATOR")]
async fn one_bad_request_fails_alone_and_not_its_batch(pool: PgPool) {
    let ledger = Ledger::start(pool.clone(), one_writer(), at_noon());
    let one = ledger_id(1);
    ledger
        .append(note(one, 1, stream(1), 0, "opens"))
        .await
        .unwrap();

    let held = HeldHead::take(&pool, one).await;
    let ahead = tokio::spawn(append(&ledger, note(one, 2, stream(1), 1, "in flight")));
    held.is_waited_for(&pool).await;
    let mut batch: Vec<_> = (10..30)
        .map(|id| note(one, id, stream(id), 0, "good"))
        .collect();
    // PostgreSQL stores no NUL in a text; this only comes to light in the statement.
    let poison = NewEvent::raw("test.\0", 1, day(), None, &json!({})).unwrap();
    batch[7].streams[0].events.push(poison);
    batch.push(note(one, 99, stream(1), 0, "conflict"));
    batch.push(note(one, 1, stream(77), 0, "reused"));
    let batch = tokio::spawn(join_all(
        batch.into_iter().map(|each| append(&ledger, each)),
    ));
    tokio::task::yield_now().await;
    held.release().await;
    ahead.await.unwrap().unwrap();

    let answers = batch.await.unwrap();
    for (index, answer) in answers.iter().enumerate() {
        match index {
            7 => assert!(
                matches!(answer, Err(AppendError::Database(_))),
                "{answer:?}"
            ),
            20 => assert!(
                matches!(answer, Err(AppendError::Conflict { .. })),
                "{answer:?}"
            ),
            21 => assert!(
                matches!(answer, Err(AppendError::CommandReused)),
                "{answer:?}"
            ),
            _ => assert!(answer.is_ok(), "{index}: {answer:?}"),
        }
    }
    assert_eq!(everything(&ledger, one).await.len(), 2 + 19);
    ledger.shutdown().await;
}

#[sqlx::test(migrator = "ledger::MIGRATOR")]
async fn a_full_queue_turns_away_and_what_it_took_on_is_recorded(pool: PgPool) {
    let options = Options {
        queue: 2,
        batch: 1,
        ..one_writer()
    };
    let ledger = Ledger::start(pool.clone(), options, at_noon());
    let one = ledger_id(1);
    ledger
        .append(note(one, 1, stream(1), 0, "opens"))
        .await
        .unwrap();

    let held = HeldHead::take(&pool, one).await;
    let ahead = tokio::spawn(append(&ledger, note(one, 2, stream(2), 0, "in flight")));
    held.is_waited_for(&pool).await;
    let mut queued =
        Box::pin(join_all([3, 4].map(|id| {
            append(&ledger, note(one, id, stream(id), 0, "queued"))
        })));
    assert!(futures::poll!(queued.as_mut()).is_pending());
    let turned_away = ledger.append(note(one, 5, stream(5), 0, "too many")).await;
    let Err(AppendError::Busy { retry_after }) = turned_away else {
        panic!("{turned_away:?}");
    };
    assert!(retry_after > std::time::Duration::ZERO);
    held.release().await;
    ahead.await.unwrap().unwrap();
    assert!(queued.await.iter().all(Result::is_ok));
    assert!(ledger.lookup(one, command_id(5)).await.unwrap().is_none());
    ledger.shutdown().await;
}

#[sqlx::test(migrator = "ledger::MIGRATOR")]
async fn a_caller_that_hangs_up_cancels_nothing(pool: PgPool) {
    let ledger = Ledger::start(pool.clone(), one_writer(), at_noon());
    let one = ledger_id(1);
    ledger
        .append(note(one, 1, stream(1), 0, "opens"))
        .await
        .unwrap();
    let held = HeldHead::take(&pool, one).await;
    let caller = tokio::spawn(append(
        &ledger,
        note(one, 2, stream(1), 1, "still recorded"),
    ));
    held.is_waited_for(&pool).await;
    caller.abort();
    assert!(caller.await.unwrap_err().is_cancelled());
    held.release().await;

    let again = ledger
        .append(note(one, 2, stream(1), 1, "still recorded"))
        .await
        .unwrap();
    assert!(again.repeated);
    assert_eq!(everything(&ledger, one).await.len(), 2);
    ledger.shutdown().await;
}

#[sqlx::test(migrator = "ledger::MIGRATOR")]
async fn the_recorded_moment_never_goes_back_even_when_the_clock_does(pool: PgPool) {
    let clock = Arc::new(SetClock::at(noon()));
    let ledger = Ledger::start(pool.clone(), Options::default(), clock.clone());
    let one = ledger_id(1);
    let mut moments = Vec::new();
    for (version, hours) in [0, -3, 0, 5].into_iter().enumerate() {
        clock.turn(Duration::hours(hours));
        let append = note(one, 10 + version as u128, stream(1), version as u64, "tick");
        moments.push(ledger.append(append).await.unwrap().recorded_at);
    }
    assert_eq!(
        moments,
        [noon(), noon(), noon(), noon() + Duration::hours(2)]
    );

    // Nor when another process, whose clock is behind, goes on.
    let behind = Arc::new(SetClock::at(noon() - Duration::days(1)));
    let other_process = Ledger::start(pool, Options::default(), behind);
    let receipt = other_process
        .append(note(one, 20, stream(1), 4, "tick"))
        .await
        .unwrap();
    assert_eq!(receipt.recorded_at, noon() + Duration::hours(2));
    ledger.shutdown().await;
    other_process.shutdown().await;
}

#[sqlx::test(migrator = "ledger::MIGRATOR")]
async fn what_cannot_be_recorded_is_refused_before_it_is_queued(pool: PgPool) {
    let ledger = start(&pool);
    let one = ledger_id(1);
    let nothing = command(one, command_id(1), Vec::new());
    assert!(matches!(
        ledger.append(nothing).await,
        Err(AppendError::Empty)
    ));
    let no_events = command(one, command_id(1), vec![events(stream(1), 0, &[])]);
    assert!(matches!(
        ledger.append(no_events).await,
        Err(AppendError::Empty)
    ));
    let many = StreamAppend {
        stream: stream(1),
        expected_version: 0,
        events: vec![crate::support::event("one of many"); MAX_ENTRIES + 1],
    };
    let too_many = ledger.append(command(one, command_id(1), vec![many])).await;
    assert!(matches!(
        too_many,
        Err(AppendError::TooLarge { entries: 1_001, .. })
    ));
    let long = "x".repeat(5 << 20);
    let too_long = ledger.append(note(one, 1, stream(1), 0, &long)).await;
    assert!(matches!(
        too_long,
        Err(AppendError::TooLarge { entries: 1, .. })
    ));
    let mut nobody = note(one, 1, stream(1), 0, "by nobody");
    nobody.actor = String::new();
    assert!(matches!(
        ledger.append(nobody).await,
        Err(AppendError::Malformed(_))
    ));
    assert!(ledger.ledgers().await.unwrap().is_empty());
    ledger.shutdown().await;
}

#[sqlx::test(migrator = "ledger::MIGRATOR")]
async fn shutting_down_writes_what_was_taken_on_and_takes_on_no_more(pool: PgPool) {
    let ledger = Ledger::start(pool.clone(), one_writer(), at_noon());
    let one = ledger_id(1);
    let mut waiting = Box::pin(join_all(
        (1..=20).map(|id| append(&ledger, note(one, id, stream(id), 0, "last"))),
    ));
    assert!(futures::poll!(waiting.as_mut()).is_pending());
    ledger.clone().shutdown().await;
    assert!(waiting.await.iter().all(Result::is_ok));
    let late = ledger.append(note(one, 99, stream(99), 0, "late")).await;
    assert!(matches!(late, Err(AppendError::ShuttingDown)));
    assert_eq!(everything(&ledger, one).await.len(), 20);
}

/// An append that owns its handle, so that it can be sent to a task of its own.
fn append(
    ledger: &Ledger,
    append: ledger::Append,
) -> impl Future<Output = Result<ledger::Receipt, AppendError>> + use<> {
    let ledger = ledger.clone();
    async move { ledger.append(append).await }
}

#[sqlx::test(migrator = "ledger::MIGRATOR")]
async fn a_writer_kept_waiting_for_a_lock_tries_again_and_calls_nothing_bad(pool: PgPool) {
    let figures = BreakingFigures::on("nothing");
    let _installed = metrics::set_default_local_recorder(&figures);
    let impatient = (*pool.connect_options())
        .clone()
        .options([("lock_timeout", "50ms")]);
    let impatient = PgPoolOptions::new().connect_lazy_with(impatient);
    let ledger = Ledger::start(impatient, one_writer(), at_noon());
    let one = ledger_id(1);
    ledger
        .append(note(one, 1, stream(1), 0, "opens"))
        .await
        .unwrap();
    let held = HeldHead::take(&pool, one).await;
    let waiting = ledger.append(note(one, 2, stream(1), 1, "waits"));
    let released = async {
        until("the lock is waited for in vain", async || {
            tokio::task::yield_now().await;
            figures.counted("ledger_retries_total") > 1
        })
        .await;
        held.release().await;
    };
    let (receipt, ()) = tokio::join!(waiting, released);
    assert_eq!(receipt.unwrap().first_position, 2);
    ledger.shutdown().await;
}
