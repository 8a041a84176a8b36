//! The ledger behind the event store trait.

use std::collections::HashMap;
use std::sync::Arc;

use cqrs_es::{AggregateContext, AggregateError, EventStore};
use domain::Compact;
use ledger::event_store::COMMAND_ID;
use ledger::{Ledger, LedgerEventStore};
use sqlx::PgPool;
use testkit::ids::CountingIds;

use crate::aggregates::{STREAM, establish, rename};
use crate::support::{command_id, ledger_id, start};

fn store(ledger: &Ledger) -> LedgerEventStore<Compact> {
    let ids = Arc::new(CountingIds::new(1));
    LedgerEventStore::new(
        ledger.clone(),
        ledger_id(1),
        "principal-1",
        "secretariat",
        ids,
    )
}

async fn decide(
    context: &mut impl AggregateContext<Compact>,
    command: domain::Directed<domain::CompactCommand>,
) -> Vec<domain::Dated<domain::CompactEvent>> {
    use cqrs_es::Aggregate;
    let sink = cqrs_es::event_sink::EventSink::default();
    context
        .aggregate()
        .handle(command, &(), &sink)
        .await
        .unwrap();
    sink.collect().await
}

#[sqlx::test(migrator = "ledger::MIGRATOR")]
async fn what_is_committed_is_loaded_again(pool: PgPool) {
    let ledger = start(&pool);
    let store = store(&ledger);
    let id = STREAM.to_string();
    let mut context = store.load_aggregate(&id).await.unwrap();
    let events = decide(&mut context, establish()).await;
    let metadata = HashMap::from([(COMMAND_ID.to_owned(), command_id(5).to_string())]);
    let committed = store
        .commit(events.clone(), context, metadata)
        .await
        .unwrap();
    assert_eq!(committed[0].sequence, 1);
    assert!(
        ledger
            .lookup(ledger_id(1), command_id(5))
            .await
            .unwrap()
            .is_some()
    );

    let mut context = store.load_aggregate(&id).await.unwrap();
    let more = decide(&mut context, rename("Lincolnshire and Rutland")).await;
    store
        .commit(more.clone(), context, HashMap::new())
        .await
        .unwrap();
    let loaded = store.load_events(&id).await.unwrap();
    let payloads: Vec<_> = loaded.iter().map(|event| event.payload.clone()).collect();
    assert_eq!(payloads, [events, more].concat());
    assert_eq!(loaded[1].metadata["position"], "2");
    ledger.shutdown().await;
}

#[sqlx::test(migrator = "ledger::MIGRATOR")]
async fn a_commit_on_an_overtaken_version_is_a_conflict(pool: PgPool) {
    let ledger = start(&pool);
    let store = store(&ledger);
    let id = STREAM.to_string();
    let mut first = store.load_aggregate(&id).await.unwrap();
    let mut second = store.load_aggregate(&id).await.unwrap();
    let events = decide(&mut first, establish()).await;
    store.commit(events, first, HashMap::new()).await.unwrap();
    let events = decide(&mut second, establish()).await;
    let overtaken = store.commit(events, second, HashMap::new()).await;
    assert!(matches!(overtaken, Err(AggregateError::AggregateConflict)));
    let nameless = store.load_events("not a stream").await;
    assert!(matches!(nameless, Err(AggregateError::UnexpectedError(_))));
    ledger.shutdown().await;
}
