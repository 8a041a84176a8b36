//! Two processes that append to the same ledgers.

use futures::future::{join, join_all};
use ledger::AppendError;
use sqlx::PgPool;

use crate::support::{everything, ledger_id, note, start, stream};

#[sqlx::test(migrator = "ledger::MIGRATOR")]
async fn two_processes_take_turns_on_one_stream(pool: PgPool) {
    let processes = [start(&pool), start(&pool)];
    let one = ledger_id(1);
    for version in 0..20u64 {
        let process = &processes[usize::from(version % 3 == 0)];
        let append = note(one, u128::from(version), stream(1), version, "in turn");
        let receipt = process.append(append).await.unwrap();
        assert_eq!(receipt.first_position, version + 1);
    }
    let [first, second] = processes;
    join(first.shutdown(), second.shutdown()).await;
}

#[sqlx::test(migrator = "ledger::MIGRATOR")]
async fn two_processes_at_once_leave_no_gap_and_have_one_winner_per_version(pool: PgPool) {
    let processes = [start(&pool), start(&pool)];
    let one = ledger_id(1);
    let warm_up = note(one, 1, stream(1), 0, "opens");
    processes[0].append(warm_up).await.unwrap();
    for round in 0..10u64 {
        let appends = (0..20).map(|caller| {
            let id = 1_000 * u128::from(round + 1) + caller;
            let process = &processes[usize::from(caller % 2 == 0)];
            process.append(note(one, id, stream(1), round + 1, "contended"))
        });
        let answers = join_all(appends).await;
        assert_eq!(answers.iter().filter(|answer| answer.is_ok()).count(), 1);
        for answer in answers {
            if let Err(error) = answer {
                let AppendError::Conflict {
                    expected, actual, ..
                } = error
                else {
                    panic!("{error:?}");
                };
                assert_eq!((expected, actual), (round + 1, round + 2));
            }
        }
    }
    assert_eq!(everything(&processes[1], one).await.len(), 11);
    let [first, second] = processes;
    join(first.shutdown(), second.shutdown()).await;
}

#[sqlx::test(migrator = "ledger::MIGRATOR")]
async fn a_stream_said_to_be_new_that_another_process_began_is_a_conflict(pool: PgPool) {
    let processes = [start(&pool), start(&pool)];
    let one = ledger_id(1);
    processes[0]
        .append(note(one, 1, stream(1), 0, "opens"))
        .await
        .unwrap();
    processes[1]
        .append(note(one, 2, stream(2), 0, "began there"))
        .await
        .unwrap();
    let refused = processes[0]
        .append(note(one, 3, stream(2), 0, "began here"))
        .await;
    assert!(matches!(
        refused,
        Err(AppendError::Conflict {
            expected: 0,
            actual: 1,
            ..
        })
    ));
    // Also when the head is known to be right, so that nothing but the stream tells.
    let third = start(&pool);
    third
        .append(note(one, 4, stream(3), 0, "knows the head"))
        .await
        .unwrap();
    let refused = third.append(note(one, 5, stream(2), 0, "began here")).await;
    assert!(matches!(
        refused,
        Err(AppendError::Conflict {
            expected: 0,
            actual: 1,
            ..
        })
    ));
    let [first, second] = processes;
    join(first.shutdown(), join(second.shutdown(), third.shutdown())).await;
}
