//! The connection is cut at the worst moment, and what is said afterwards is true.

use std::time::Duration;

use crate::support::{at_noon, command_id, everything, ledger_id, note, one_writer, start, stream};
use ledger::{AppendError, Ledger, Options};
use sqlx::PgPool;
use sqlx::postgres::PgPoolOptions;
use testkit::proxy::{Cut, Proxy};

/// A ledger whose connections go through a proxy.
async fn behind_proxy(pool: &PgPool, patience: Duration) -> (Ledger, Proxy) {
    let (proxy, through) = Proxy::before(pool).await.unwrap();
    let pool = PgPoolOptions::new().connect_lazy(&through).unwrap();
    let options = Options {
        patience,
        notify: false,
        ..one_writer()
    };
    (Ledger::start(pool, options, at_noon()), proxy)
}

const PATIENCE: Duration = Duration::from_secs(10);

async fn is_recorded_once_when_cut(pool: PgPool, cut: Cut, patience: Duration) {
    let (ledger, proxy) = behind_proxy(&pool, patience).await;
    let one = ledger_id(1);
    ledger
        .append(note(one, 1, stream(1), 0, "opens"))
        .await
        .unwrap();
    proxy.cut(cut, b"the one that is cut");
    let receipt = ledger
        .append(note(one, 2, stream(1), 1, "the one that is cut"))
        .await
        .unwrap();
    assert!(proxy.has_cut());
    assert!(!receipt.repeated, "for its caller this is the first answer");
    assert_eq!((receipt.first_position, receipt.last_position), (2, 2));
    assert_eq!(receipt.streams, [(stream(1), 2)]);
    assert_eq!(everything(&start(&pool), one).await.len(), 2);
    // And the writer goes on as if nothing had happened.
    let next = ledger
        .append(note(one, 3, stream(1), 2, "next"))
        .await
        .unwrap();
    assert_eq!(next.first_position, 3);
    ledger.shutdown().await;
}

#[sqlx::test(migrator = "ledger::MIGRATOR")]
async fn a_statement_whose_answer_is_lost_is_found_and_answered(pool: PgPool) {
    is_recorded_once_when_cut(pool, Cut::BeforeTheAnswer, PATIENCE).await;
}

#[sqlx::test(migrator = "ledger::MIGRATOR")]
async fn a_statement_that_never_arrived_is_written_after_all(pool: PgPool) {
    is_recorded_once_when_cut(pool, Cut::BeforeForwarding, PATIENCE).await;
}

#[sqlx::test(migrator = "ledger::MIGRATOR")]
async fn a_connection_gone_silent_is_given_up_and_the_statement_written(pool: PgPool) {
    is_recorded_once_when_cut(pool, Cut::Silence, Duration::from_secs(1)).await;
}

#[sqlx::test(migrator = "ledger::MIGRATOR")]
async fn a_database_that_stays_away_leaves_the_outcome_unknown_until_asked_again(pool: PgPool) {
    let (ledger, proxy) = behind_proxy(&pool, Duration::from_secs(1)).await;
    let one = ledger_id(1);
    ledger
        .append(note(one, 1, stream(1), 0, "opens"))
        .await
        .unwrap();
    proxy.cut(Cut::BeforeTheAnswer, b"the one that is cut");
    proxy.refuse(true);
    let unknown = ledger
        .append(note(one, 2, stream(1), 1, "the one that is cut"))
        .await;
    let Err(AppendError::OutcomeUnknown { command }) = unknown else {
        panic!("{unknown:?}");
    };
    assert_eq!(command, command_id(2));
    // Never sent, so known not to be recorded.
    let not_sent = ledger.append(note(one, 3, stream(2), 0, "not sent")).await;
    assert!(
        matches!(not_sent, Err(AppendError::Database(_))),
        "{not_sent:?}"
    );

    proxy.refuse(false);
    let again = ledger
        .append(note(one, 2, stream(1), 1, "the one that is cut"))
        .await
        .unwrap();
    assert!(again.repeated);
    assert_eq!(again.first_position, 2);
    assert_eq!(everything(&ledger, one).await.len(), 2);
    ledger.shutdown().await;
}

#[sqlx::test(migrator = "ledger::MIGRATOR")]
async fn a_command_sent_twice_at_once_is_not_said_to_be_unrecorded_while_its_twin_is_in_doubt(
    pool: PgPool,
) {
    let (ledger, proxy) = behind_proxy(&pool, Duration::from_secs(1)).await;
    let one = ledger_id(1);
    ledger
        .append(note(one, 1, stream(1), 0, "opens"))
        .await
        .unwrap();
    proxy.cut(Cut::BeforeTheAnswer, b"the one that is cut");
    proxy.refuse(true);
    let twin = || ledger.append(note(one, 2, stream(1), 1, "the one that is cut"));
    let (first, second) = tokio::join!(twin(), twin());
    for answer in [first, second] {
        assert!(
            matches!(answer, Err(AppendError::OutcomeUnknown { .. })),
            "{answer:?}"
        );
    }

    proxy.refuse(false);
    let again = twin().await.unwrap();
    assert!(again.repeated);
    assert_eq!(everything(&ledger, one).await.len(), 2);
    ledger.shutdown().await;
}

#[sqlx::test(migrator = "ledger::MIGRATOR")]
async fn a_server_that_ends_the_session_loses_and_repeats_nothing(pool: PgPool) {
    let ledger = Ledger::start(pool.clone(), one_writer(), at_noon());
    let one = ledger_id(1);
    for version in 0..20 {
        let append = note(one, u128::from(version), stream(1), version, "noted");
        let killed = async {
            sqlx::query(
                "select pg_terminate_backend(pid) from pg_stat_activity
                 where pid <> pg_backend_pid() and datname = current_database()",
            )
            .execute(&mut *pool.acquire().await.unwrap())
            .await
        };
        let (receipt, _) = tokio::join!(ledger.append(append), killed);
        assert_eq!(receipt.unwrap().first_position, version + 1);
    }
    let entries = everything(&start(&pool), one).await;
    assert_eq!(entries.len(), 20);
    ledger.shutdown().await;
}
