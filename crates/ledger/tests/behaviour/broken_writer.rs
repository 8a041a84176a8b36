//! A writer breaks, with a batch in its hands: what its callers are told is true, and another goes on.
//!
//! It is broken through what it is given: the clock it asks and the figures it reports to panic.

use std::sync::Arc;

use ledger::{AppendError, Ledger};
use sqlx::PgPool;
use testkit::breaking::{BreakingClock, BreakingFigures, Charges};

use crate::support::{at_noon, everything, ledger_id, noon, note, one_writer, stream};

/// Measured by a writer for each request just before it answers it.
const ANSWERING: &str = "ledger_append_seconds";
const RESTARTS: &str = "ledger_task_restarts_total";

/// A ledger whose one writer asks a breaking clock just before it writes.
fn with_breaking_clock(pool: PgPool) -> (Ledger, Arc<Charges>) {
    let charges = Arc::new(Charges::default());
    let clock = BreakingClock {
        now: noon(),
        charges: Arc::clone(&charges),
    };
    (Ledger::start(pool, one_writer(), Arc::new(clock)), charges)
}

#[sqlx::test(migrator = "ledger::MIGRATOR")]
async fn a_command_whose_writer_broke_before_writing_is_written_by_the_next(pool: PgPool) {
    let (ledger, charges) = with_breaking_clock(pool);
    let one = ledger_id(1);
    ledger
        .append(note(one, 1, stream(1), 0, "opens"))
        .await
        .unwrap();
    charges.set(1);
    let receipt = ledger
        .append(note(one, 2, stream(1), 1, "goes on"))
        .await
        .unwrap();
    assert_eq!((receipt.first_position, receipt.repeated), (2, false));
    assert_eq!(everything(&ledger, one).await.len(), 2);
    assert!(ledger.is_writing());
    ledger.shutdown().await;
}

#[sqlx::test(migrator = "ledger::MIGRATOR")]
async fn a_command_whose_writer_broke_after_writing_is_found_and_not_written_twice(pool: PgPool) {
    let figures = BreakingFigures::on(ANSWERING);
    let _installed = metrics::set_default_local_recorder(&figures);
    let ledger = Ledger::start(pool, one_writer(), at_noon());
    let one = ledger_id(1);
    figures.charges().set(1);
    let receipt = ledger
        .append(note(one, 1, stream(1), 0, "opens"))
        .await
        .unwrap();
    assert_eq!((receipt.first_position, receipt.last_position), (1, 1));
    assert_eq!(everything(&ledger, one).await.len(), 1);
    assert_eq!(figures.counted(RESTARTS), 1, "and it shows");
    ledger.shutdown().await;
}

#[sqlx::test(migrator = "ledger::MIGRATOR")]
async fn a_command_that_breaks_one_writer_after_another_is_looked_up_before_it_is_answered(
    pool: PgPool,
) {
    let figures = BreakingFigures::on(ANSWERING);
    let _installed = metrics::set_default_local_recorder(&figures);
    let ledger = Ledger::start(pool, one_writer(), at_noon());
    let one = ledger_id(1);
    figures.charges().set(2);
    let receipt = ledger
        .append(note(one, 1, stream(1), 0, "opens"))
        .await
        .unwrap();
    assert!(receipt.repeated, "it stands in the ledger");
    assert_eq!(figures.counted(RESTARTS), 2);
    assert_eq!(everything(&ledger, one).await.len(), 1);
    ledger.shutdown().await;
}

#[sqlx::test(migrator = "ledger::MIGRATOR")]
async fn a_command_that_no_writer_survives_stays_unknown_and_others_go_on(pool: PgPool) {
    let (ledger, charges) = with_breaking_clock(pool);
    let one = ledger_id(1);
    charges.set(2);
    let unknown = ledger.append(note(one, 1, stream(1), 0, "opens")).await;
    assert!(
        matches!(unknown, Err(AppendError::OutcomeUnknown { .. })),
        "{unknown:?}"
    );
    let receipt = ledger
        .append(note(one, 2, stream(2), 0, "another"))
        .await
        .unwrap();
    assert_eq!(receipt.first_position, 1);
    let again = ledger
        .append(note(one, 1, stream(1), 0, "opens"))
        .await
        .unwrap();
    assert_eq!((again.first_position, again.repeated), (2, false));
    ledger.shutdown().await;
}

#[sqlx::test(migrator = "ledger::MIGRATOR")]
async fn everyone_whose_command_was_in_a_batch_that_broke_is_answered_and_none_is_written_twice(
    pool: PgPool,
) {
    let figures = BreakingFigures::on(ANSWERING);
    let _installed = metrics::set_default_local_recorder(&figures);
    let ledger = Ledger::start(pool, one_writer(), at_noon());
    let one = ledger_id(1);
    // The batch's writer breaks as it answers the first, and so do the next two, each alone with one.
    figures.charges().set(3);
    let sent = (1..=40).map(|id| ledger.append(note(one, id, stream(id), 0, "together")));
    let answers = futures::future::join_all(sent).await;
    let mut positions: Vec<u64> = answers
        .into_iter()
        .map(|answer| answer.unwrap().first_position)
        .collect();
    positions.sort_unstable();
    assert_eq!(positions, (1..=40).collect::<Vec<u64>>());
    assert_eq!(everything(&ledger, one).await.len(), 40);
    assert_eq!(figures.counted(RESTARTS), 3);
    ledger.shutdown().await;
}
