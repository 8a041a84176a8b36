//! Aggregates in memory, on the compact's own aggregate.

use domain::compact::{CompactCommand, CompactError};
use domain::ids::{CompactId, RegionId};
use domain::region::CompactParticulars;
use domain::stream::StreamId;
use domain::{Compact, Directed, Facts};
use ledger::{Aggregates, AppendError, Checkout, Ledger, ReadError, Receipt};
use sqlx::PgPool;
use uuid::Uuid;

use crate::support::{command, command_id, day, ledger_id, start};

pub const COMPACT: CompactId = CompactId::new(Uuid::from_u128(7));
pub const STREAM: StreamId = StreamId::compact(COMPACT);

pub fn directed(command: CompactCommand) -> Directed<CompactCommand> {
    Directed {
        occurred_on: day(),
        meeting: None,
        facts: Facts::default(),
        command,
    }
}

pub fn establish() -> Directed<CompactCommand> {
    let particulars = CompactParticulars {
        slug: "lincolnshire".to_owned(),
        name: "Lincolnshire".to_owned(),
        area: "Lincolnshire".to_owned(),
        launched_on: day(),
        pilot_from_year: None,
    };
    let region = RegionId::new(Uuid::from_u128(8));
    directed(CompactCommand::EstablishCompact {
        compact: COMPACT,
        region,
        particulars,
    })
}

pub fn rename(name: &str) -> Directed<CompactCommand> {
    let (name, reason) = (name.to_owned(), "agreed at the meeting".to_owned());
    directed(CompactCommand::RenameCompact {
        name,
        reason: reason.into(),
    })
}

async fn record(
    ledger: &Ledger,
    id: u128,
    checkout: &Checkout<Compact>,
) -> Result<Receipt, AppendError> {
    let streams = checkout.take_append().unwrap().into_iter().collect();
    ledger
        .append(command(ledger_id(1), command_id(id), streams))
        .await
}

/// Decides and records one command.
async fn run(
    ledger: &Ledger,
    aggregates: &Aggregates<Compact>,
    id: u128,
    asked: Directed<CompactCommand>,
) {
    let mut checkout = aggregates.checkout(ledger_id(1), STREAM).await.unwrap();
    checkout.decide(asked).await.unwrap();
    let receipt = record(ledger, id, &checkout).await.unwrap();
    checkout.keep(receipt.streams[0].1);
}

#[sqlx::test(migrator = "ledger::MIGRATOR")]
async fn a_state_kept_equals_the_state_loaded(pool: PgPool) {
    let ledger = start(&pool);
    let living = Aggregates::new(ledger.reader().clone(), 10);
    run(&ledger, &living, 1, establish()).await;
    run(&ledger, &living, 2, rename("Lincolnshire and Rutland")).await;

    let kept = living.checkout(ledger_id(1), STREAM).await.unwrap();
    let fresh: Aggregates<Compact> = Aggregates::new(ledger.reader().clone(), 10);
    let loaded = fresh.checkout(ledger_id(1), STREAM).await.unwrap();
    assert_eq!((kept.version(), kept.loaded_version()), (2, 2));
    assert_eq!(kept.version(), loaded.version());
    assert_eq!(kept.aggregate(), loaded.aggregate());
    drop(kept);
    ledger.shutdown().await;
}

#[sqlx::test(migrator = "ledger::MIGRATOR")]
async fn several_commands_may_be_decided_before_one_append(pool: PgPool) {
    let ledger = start(&pool);
    let aggregates = Aggregates::new(ledger.reader().clone(), 10);
    let mut checkout = aggregates.checkout(ledger_id(1), STREAM).await.unwrap();
    assert!(checkout.take_append().unwrap().is_none());
    checkout.decide(establish()).await.unwrap();
    checkout
        .decide(rename("Lincolnshire and Rutland"))
        .await
        .unwrap();
    assert_eq!((checkout.loaded_version(), checkout.version()), (0, 2));
    let receipt = record(&ledger, 1, &checkout).await.unwrap();
    assert_eq!(receipt.streams, [(STREAM, 2)]);
    ledger.shutdown().await;
}

#[sqlx::test(migrator = "ledger::MIGRATOR")]
async fn commands_to_one_aggregate_queue_up_and_never_conflict(pool: PgPool) {
    let ledger = start(&pool);
    let aggregates = Aggregates::new(ledger.reader().clone(), 10);
    run(&ledger, &aggregates, 1, establish()).await;
    let renames = (0..30).map(|id| {
        let (ledger, aggregates) = (ledger.clone(), aggregates.clone());
        async move { run(&ledger, &aggregates, 10 + id, rename(&format!("Name {id}"))).await }
    });
    futures::future::join_all(renames).await;
    assert_eq!(
        aggregates
            .checkout(ledger_id(1), STREAM)
            .await
            .unwrap()
            .version(),
        31
    );
    ledger.shutdown().await;
}

#[sqlx::test(migrator = "ledger::MIGRATOR")]
async fn what_was_decided_and_not_recorded_is_forgotten(pool: PgPool) {
    let ledger = start(&pool);
    let aggregates = Aggregates::new(ledger.reader().clone(), 10);
    run(&ledger, &aggregates, 1, establish()).await;
    let mut checkout = aggregates.checkout(ledger_id(1), STREAM).await.unwrap();
    let before = checkout.aggregate().clone();
    checkout.decide(rename("Never recorded")).await.unwrap();
    assert_ne!(checkout.aggregate(), &before);
    drop(checkout);
    let again = aggregates.checkout(ledger_id(1), STREAM).await.unwrap();
    assert_eq!((again.aggregate(), again.version()), (&before, 1));
    drop(again);

    let mut checkout = aggregates.checkout(ledger_id(1), STREAM).await.unwrap();
    checkout.decide(rename("Never recorded")).await.unwrap();
    assert!(!checkout.refresh().await.unwrap(), "nobody was ahead");
    assert_eq!((checkout.aggregate(), checkout.version()), (&before, 1));
    drop(checkout);
    ledger.shutdown().await;
}

#[sqlx::test(migrator = "ledger::MIGRATOR")]
async fn a_refused_command_leaves_the_state_as_good_as_before(pool: PgPool) {
    let ledger = start(&pool);
    let aggregates = Aggregates::new(ledger.reader().clone(), 10);
    run(&ledger, &aggregates, 1, establish()).await;
    let mut checkout = aggregates.checkout(ledger_id(1), STREAM).await.unwrap();
    let refused = checkout.decide(establish()).await;
    assert_eq!(refused, Err(CompactError::AlreadyEstablished));
    assert!(checkout.take_append().unwrap().is_none());
    drop(checkout);
    // Kept: with the database gone, it is still there to decide on.
    pool.close().await;
    let checkout = aggregates.checkout(ledger_id(1), STREAM).await.unwrap();
    assert_eq!(checkout.version(), 1);
}

#[sqlx::test(migrator = "ledger::MIGRATOR")]
async fn a_state_another_process_has_overtaken_is_caught_and_decided_again(pool: PgPool) {
    let here = start(&pool);
    let there = start(&pool);
    let mine = Aggregates::new(here.reader().clone(), 10);
    let theirs = Aggregates::new(there.reader().clone(), 10);
    run(&here, &mine, 1, establish()).await;
    run(&there, &theirs, 2, rename("Theirs")).await;

    let mut checkout = mine.checkout(ledger_id(1), STREAM).await.unwrap();
    checkout.decide(rename("Mine")).await.unwrap();
    let conflict = record(&here, 3, &checkout).await;
    assert!(matches!(
        conflict,
        Err(AppendError::Conflict {
            expected: 1,
            actual: 2,
            ..
        })
    ));
    assert!(checkout.refresh().await.unwrap(), "they were ahead");
    checkout.decide(rename("Mine")).await.unwrap();
    let receipt = record(&here, 3, &checkout).await.unwrap();
    checkout.keep(receipt.streams[0].1);

    // And a refusal that rests on an old state can be found out before it is passed on.
    let mut stale = theirs.checkout(ledger_id(1), STREAM).await.unwrap();
    assert_eq!(stale.version(), 2);
    assert!(stale.refresh().await.unwrap());
    assert_eq!(stale.version(), 3);
    drop(stale);
    here.shutdown().await;
    there.shutdown().await;
}

#[sqlx::test(migrator = "ledger::MIGRATOR")]
async fn a_receipt_of_another_append_does_not_vouch_for_the_state(pool: PgPool) {
    let ledger = start(&pool);
    let aggregates = Aggregates::new(ledger.reader().clone(), 10);
    run(&ledger, &aggregates, 1, establish()).await;
    let mut checkout = aggregates.checkout(ledger_id(1), STREAM).await.unwrap();
    checkout.decide(rename("Decided twice")).await.unwrap();
    checkout.keep(1);
    let again = aggregates.checkout(ledger_id(1), STREAM).await.unwrap();
    assert_eq!(again.version(), 1);
    drop(again);
    ledger.shutdown().await;
}

#[sqlx::test(migrator = "ledger::MIGRATOR")]
async fn a_turn_that_does_not_come_is_given_up_and_the_next_command_gets_it(pool: PgPool) {
    let ledger = start(&pool);
    let patience = std::time::Duration::from_millis(50);
    let aggregates: Aggregates<Compact> =
        Aggregates::new(ledger.reader().clone(), 10).with_patience(patience);
    let held = aggregates.checkout(ledger_id(1), STREAM).await.unwrap();
    let refused = aggregates.checkout(ledger_id(1), STREAM).await;
    let Err(ReadError::InUse { stream, waited }) = refused.map(|_| ()) else {
        panic!("two commands had it at once");
    };
    assert_eq!((stream, waited), (STREAM, patience));
    drop(held);
    aggregates.checkout(ledger_id(1), STREAM).await.unwrap();
    ledger.shutdown().await;
}
