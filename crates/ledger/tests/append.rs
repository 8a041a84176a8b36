//! Appending: places, versions, retries, refusals.

mod support;

use ledger::{Ledger, Options};
use sqlx::PgPool;
use support::{at_noon, command, command_id, events, everything, ledger_id, noon, note, stream};

#[sqlx::test(migrator = "ledger::MIGRATOR")]
async fn what_is_appended_is_read_back_in_order_with_its_places(pool: PgPool) {
    let ledger = Ledger::start(pool, Options::default(), at_noon());
    let (one, a, b) = (ledger_id(1), stream(1), stream(2));
    let streams = vec![events(a, 0, &["first", "second"]), events(b, 0, &["third"])];
    let receipt = ledger
        .append(command(one, command_id(1), streams))
        .await
        .unwrap();
    assert_eq!((receipt.first_position, receipt.last_position), (1, 3));
    assert_eq!(receipt.streams, [(a, 2), (b, 1)]);
    assert_eq!(receipt.recorded_at, noon());
    assert!(!receipt.repeated);

    let receipt = ledger.append(note(one, 2, a, 2, "fourth")).await.unwrap();
    assert_eq!(receipt.first_position, 4);

    let entries = everything(&ledger, one).await;
    let places: Vec<(u64, u64)> = entries
        .iter()
        .map(|e| (e.position, e.stream_version))
        .collect();
    assert_eq!(places, [(1, 1), (2, 2), (3, 1), (4, 3)]);
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
