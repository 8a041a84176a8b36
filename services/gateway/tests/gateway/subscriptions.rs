//! Following a ledger: over events and over a WebSocket, and closing cleanly.

use std::time::Duration;

use axum::body::Body;
use axum::http::Request;
use futures::StreamExt;
use serde_json::json;
use sqlx::PgPool;
use tokio::time::timeout;

use crate::world::{Small, World};

const DEADLINE: Duration = Duration::from_secs(20);

fn follow(ledger: &str, after: u64) -> Request<Body> {
    let query = "subscription S($ledger: ID!, $after: Position) { entries(ledger: $ledger, after: $after) { position type } }";
    let body = json!({ "query": query, "variables": { "ledger": ledger, "after": after } });
    Request::post("/graphql")
        .header("content-type", "application/json")
        .header("accept", "text/event-stream")
        .body(Body::from(body.to_string()))
        .expect("a request")
}

/// Reads events from a body until `enough` holds of all that was read.
async fn read_until(
    body: &mut axum::body::BodyDataStream,
    enough: impl Fn(&str) -> bool,
) -> String {
    let mut read = String::new();
    while !enough(&read) {
        let next = timeout(DEADLINE, body.next())
            .await
            .expect("an event in time");
        match next {
            Some(bytes) => read.push_str(&String::from_utf8_lossy(&bytes.expect("bytes"))),
            None => break,
        }
    }
    read
}

#[sqlx::test(migrator = "ledger::MIGRATOR")]
async fn a_follower_sees_what_was_there_and_then_what_is_recorded_each_once(pool: PgPool) {
    let world = World::new(pool);
    let small = Small::set_up(&world).await;
    let response = world.send(follow(&small.compact, 1)).await;
    assert_eq!(response.headers()["content-type"], "text/event-stream");
    let mut body = response.into_body().into_data_stream();
    let first = read_until(&mut body, |read| read.contains("action_set")).await;
    assert!(first.contains("event: next"), "{first}");
    assert!(!first.contains("compact.established"), "{first}");
    let agree = json!({ "commitmentId": small.commitment, "occurredOn": "2007-05-02" });
    let agreed = world.change("agreeCommitment", agree, "").await;
    let live = read_until(&mut body, |read| read.contains("commitment.agreed")).await;
    assert!(
        live.contains(&format!("\"position\":{}", agreed["position"])),
        "{live}"
    );
    assert_eq!(live.matches("event: next").count(), 1, "{live}");
}

#[sqlx::test(migrator = "ledger::MIGRATOR")]
async fn closing_the_gateway_completes_every_subscription(pool: PgPool) {
    let world = World::new(pool);
    let small = Small::set_up(&world).await;
    let mut body = world
        .send(follow(&small.compact, 0))
        .await
        .into_body()
        .into_data_stream();
    read_until(&mut body, |read| read.contains("action_set")).await;
    world.closing.cancel();
    let rest = read_until(&mut body, |_| false).await;
    assert!(rest.contains("event: complete"), "{rest}");
}

#[sqlx::test(migrator = "ledger::MIGRATOR")]
async fn a_subscription_needs_a_transport_for_it_and_a_ledger_that_is_there(pool: PgPool) {
    let world = World::new(pool);
    let small = Small::set_up(&world).await;
    let mut plain = follow(&small.compact, 0);
    plain
        .headers_mut()
        .insert("accept", "application/json".parse().expect("a header"));
    let refused = world.ask(plain).await;
    assert_eq!(
        refused.body["errors"][0]["extensions"]["code"],
        "SUBSCRIPTION_NEEDS_EVENTS"
    );
    let mut body = world
        .send(follow(&small.group, 0))
        .await
        .into_body()
        .into_data_stream();
    let refused = read_until(&mut body, |_| false).await;
    assert!(
        refused.contains("BAD_INPUT") && refused.contains("event: complete"),
        "{refused}"
    );
}
