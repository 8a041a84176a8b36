//! Following a ledger: over events and over a WebSocket, and closing cleanly.

use std::time::Duration;

use axum::body::Body;
use axum::http::Request;
use domain::Post;
use futures::{SinkExt, StreamExt};
use gateway::{NodeId, NodeKind};
use serde_json::{Value, json};
use sqlx::PgPool;
use tokio::net::TcpStream;
use tokio::time::{Instant, timeout};
use tokio_tungstenite::tungstenite::Message;
use tokio_tungstenite::tungstenite::client::IntoClientRequest;
use tokio_tungstenite::{MaybeTlsStream, WebSocketStream, connect_async};
use uuid::Uuid;

use crate::world::{SECRETARIAT, Small, World};

const DEADLINE: Duration = Duration::from_secs(20);

fn follow(ledger: &str, after: u64) -> Request<Body> {
    follow_as(SECRETARIAT, ledger, after)
}

fn follow_as(account: &str, ledger: &str, after: u64) -> Request<Body> {
    let query = "subscription S($ledger: ID!, $after: Position) { entries(ledger: $ledger, after: $after) { position type } }";
    let body = json!({ "query": query, "variables": { "ledger": ledger, "after": after } });
    Request::post("/graphql")
        .header("content-type", "application/json")
        .header("accept", "text/event-stream")
        .header("x-actor", account)
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
    let world = World::new(&pool).await;
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
    let world = World::new(&pool).await;
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
    let world = World::new(&pool).await;
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

pub type Socket = WebSocketStream<MaybeTlsStream<TcpStream>>;

/// Opens a socket that speaks `protocol`.
async fn open(
    world: &World,
    protocol: &str,
) -> Result<Socket, tokio_tungstenite::tungstenite::Error> {
    open_at(world.serve().await, protocol).await
}

/// Opens a socket as an account, or as the public.
async fn open_as(world: &World, account: Option<&str>) -> Socket {
    let address = world.serve().await;
    let socket = open_with(address, "graphql-transport-ws", account).await;
    let mut socket = socket.expect("a socket");
    say(&mut socket, json!({ "type": "connection_init" })).await;
    assert_eq!(hear_json(&mut socket).await["type"], "connection_ack");
    socket
}

/// Opens a socket that speaks `protocol` with a server.
pub async fn open_at(
    address: std::net::SocketAddr,
    protocol: &str,
) -> Result<Socket, tokio_tungstenite::tungstenite::Error> {
    open_with(address, protocol, Some(SECRETARIAT)).await
}

async fn open_with(
    address: std::net::SocketAddr,
    protocol: &str,
    account: Option<&str>,
) -> Result<Socket, tokio_tungstenite::tungstenite::Error> {
    let address = format!("ws://{address}/graphql");
    let mut request = address.into_client_request().expect("a request");
    let protocol = protocol.parse().expect("a header");
    request
        .headers_mut()
        .insert("sec-websocket-protocol", protocol);
    if let Some(account) = account {
        let account = account.parse().expect("a header");
        request.headers_mut().insert("x-actor", account);
    }
    connect_async(request).await.map(|(socket, _)| socket)
}

pub async fn say(socket: &mut Socket, message: Value) {
    socket
        .send(Message::text(message.to_string()))
        .await
        .expect("sent");
}

async fn hear(socket: &mut Socket) -> Message {
    let next = timeout(DEADLINE, socket.next())
        .await
        .expect("a message in time");
    next.expect("a message").expect("a whole message")
}

pub async fn hear_json(socket: &mut Socket) -> Value {
    let message = hear(socket).await.into_text().expect("a text");
    serde_json::from_str(&message).expect("JSON")
}

fn subscribe(id: &str, ledger: &str, after: u64) -> Value {
    let query = "subscription S($ledger: ID!, $after: Position) { entries(ledger: $ledger, after: $after) { position } }";
    json!({ "id": id, "type": "subscribe",
        "payload": { "query": query, "variables": { "ledger": ledger, "after": after } } })
}

#[sqlx::test(migrator = "ledger::MIGRATOR")]
async fn a_socket_follows_and_is_told_when_the_service_closes(pool: PgPool) {
    let world = World::new(&pool).await;
    let small = Small::set_up(&world).await;
    let mut socket = open(&world, "graphql-transport-ws")
        .await
        .expect("a socket");
    say(&mut socket, json!({ "type": "connection_init" })).await;
    assert_eq!(hear_json(&mut socket).await["type"], "connection_ack");
    say(&mut socket, subscribe("1", &small.compact, 1)).await;
    for position in 2..5 {
        let next = hear_json(&mut socket).await;
        assert_eq!(
            (&next["id"], &next["type"]),
            (&json!("1"), &json!("next")),
            "{next}"
        );
        assert_eq!(
            next["payload"]["data"]["entries"]["position"], position,
            "{next}"
        );
    }
    world.closing.cancel();
    let closed = loop {
        if let Message::Close(frame) = hear(&mut socket).await {
            break frame;
        }
    };
    assert_eq!(closed.map(|frame| u16::from(frame.code)), Some(1001));
}

#[sqlx::test(migrator = "ledger::MIGRATOR")]
async fn a_socket_takes_only_so_many_subscriptions_and_no_document_over_the_limits(pool: PgPool) {
    let world = World::new(&pool).await;
    let small = Small::set_up(&world).await;
    let mut socket = open(&world, "graphql-transport-ws")
        .await
        .expect("a socket");
    say(&mut socket, json!({ "type": "connection_init" })).await;
    hear_json(&mut socket).await;
    let deep =
        json!({ "id": "deep", "type": "subscribe", "payload": { "query": "{a".repeat(1_000) } });
    say(&mut socket, deep).await;
    let refused = hear_json(&mut socket).await;
    assert_eq!(
        refused["payload"]["errors"][0]["extensions"]["code"], "NESTED_TOO_DEEPLY",
        "{refused}"
    );
    for number in 0..11 {
        say(
            &mut socket,
            subscribe(&number.to_string(), &small.compact, 10_000),
        )
        .await;
    }
    let refused = loop {
        let heard = hear_json(&mut socket).await;
        if heard["id"] == "10" {
            break heard;
        }
    };
    assert_eq!(
        refused["payload"]["errors"][0]["extensions"]["code"],
        "TOO_MANY_SUBSCRIPTIONS"
    );
}

#[sqlx::test(migrator = "ledger::MIGRATOR")]
async fn a_socket_of_another_protocol_is_refused(pool: PgPool) {
    let world = World::new(&pool).await;
    assert!(open(&world, "graphql-ws").await.is_err());
}

/// Records something in the compact until the stream has ended, and gives what was heard meanwhile.
async fn until_it_ends(
    world: &World,
    small: &Small,
    body: &mut axum::body::BodyDataStream,
) -> String {
    let deadline = Instant::now() + Duration::from_mins(1);
    let (mut heard, mut titles) = (String::new(), 0);
    loop {
        assert!(Instant::now() < deadline, "it goes on: {heard}");
        titles += 1;
        let input = json!({ "commitmentId": small.commitment, "title": format!("Promise no. {titles}"),
            "reason": "clearer", "occurredOn": "2007-05-02" });
        world.change("rewordCommitment", input, "").await;
        match timeout(Duration::from_millis(100), body.next()).await {
            Ok(Some(bytes)) => heard.push_str(&String::from_utf8_lossy(&bytes.expect("bytes"))),
            Ok(None) => return heard,
            Err(_) => {}
        }
    }
}

/// Somebody else who follows the compact's ledger.
const AUDITOR: &str = "00000000-0000-4000-8000-0000000000c1";

async fn let_the_auditor_in(world: &World, small: &Small) {
    let compact = NodeId::decode(&small.compact).expect("a compact").uuid();
    let compact_id = Some(compact.into());
    world
        .grant(&small.region, AUDITOR, Post::Auditor { compact_id })
        .await;
}

async fn auditor_follows(world: &World, small: &Small) -> axum::body::BodyDataStream {
    let response = world.send(follow_as(AUDITOR, &small.compact, 0)).await;
    let mut body = response.into_body().into_data_stream();
    read_until(&mut body, |read| read.contains("action_set")).await;
    body
}

#[sqlx::test(migrator = "ledger::MIGRATOR")]
async fn a_subscription_ends_when_the_role_does_by_which_the_ledger_is_followed(pool: PgPool) {
    let world = World::new(&pool).await;
    let small = Small::set_up(&world).await;
    let_the_auditor_in(&world, &small).await;
    let mut body = auditor_follows(&world, &small).await;
    let held = "query G($id: ID!) { roleGrants(compactId: $id) { nodes { grantId role } } }";
    let held = world.data(held, json!({ "id": small.compact })).await;
    let held = held["roleGrants"]["nodes"]
        .as_array()
        .expect("roles")
        .clone();
    let held = held.iter().find(|held| held["role"] == "AUDITOR");
    let end = json!({ "regionId": small.region, "grantId": held.expect("a role")["grantId"],
        "from": "2007-06-01", "reason": "the audit is done", "occurredOn": "2007-06-01" });
    world.change("endRole", end, "").await;
    let heard = until_it_ends(&world, &small, &mut body).await;
    assert!(heard.contains("event: complete"), "{heard}");
    let again = world.send(follow_as(AUDITOR, &small.compact, 0)).await;
    let mut again = again.into_body().into_data_stream();
    let refused = read_until(&mut again, |_| false).await;
    assert!(
        refused.contains("nothing has been recorded there"),
        "{refused}"
    );
}

#[sqlx::test(migrator = "ledger::MIGRATOR")]
async fn a_subscription_ends_when_the_session_or_token_does_by_which_it_was_opened(pool: PgPool) {
    let world = World::new(&pool).await;
    let small = Small::set_up(&world).await;
    let_the_auditor_in(&world, &small).await;
    let mut body = auditor_follows(&world, &small).await;
    world.sign_out(AUDITOR);
    let heard = until_it_ends(&world, &small, &mut body).await;
    assert!(heard.contains("SESSION_ENDED"), "{heard}");
    assert!(heard.contains("event: complete"), "{heard}");
}

#[sqlx::test(migrator = "ledger::MIGRATOR")]
async fn a_subscription_ends_with_the_session_although_nothing_is_recorded(pool: PgPool) {
    let world = World::new(&pool).await;
    let small = Small::set_up(&world).await;
    let_the_auditor_in(&world, &small).await;
    let mut body = auditor_follows(&world, &small).await;
    world.sign_out(AUDITOR);
    let heard = read_until(&mut body, |heard| heard.contains("complete")).await;
    assert!(heard.contains("SESSION_ENDED"), "{heard}");
}

#[sqlx::test(migrator = "ledger::MIGRATOR")]
async fn a_socket_does_nothing_more_for_whoever_has_signed_out(pool: PgPool) {
    let world = World::new(&pool).await;
    let small = Small::set_up(&world).await;
    let_the_auditor_in(&world, &small).await;
    let mut socket = open_as(&world, Some(AUDITOR)).await;
    say(&mut socket, subscribe("1", &small.compact, 0)).await;
    assert_eq!(hear_json(&mut socket).await["type"], "next");
    world.sign_out(AUDITOR);
    let query = json!({ "query": "{ viewer { accountId } }" });
    say(
        &mut socket,
        json!({ "id": "2", "type": "subscribe", "payload": query }),
    )
    .await;
    let mut ended = Vec::new();
    while !["1", "2"].iter().all(|id| ended.contains(id)) {
        let heard = hear_json(&mut socket).await;
        let id = if heard["id"] == "1" { "1" } else { "2" };
        let refused = heard.to_string().contains("SESSION_ENDED");
        assert!(
            id == "1" || refused || heard["type"] == "complete",
            "{heard}"
        );
        if refused {
            ended.push(id);
        }
    }
}

#[sqlx::test(migrator = "ledger::MIGRATOR")]
async fn a_foreign_ledger_is_followed_as_one_that_is_not_there_over_either_transport(pool: PgPool) {
    let world = World::new(&pool).await;
    let small = Small::set_up(&world).await;
    let nothing = Uuid::from_u128(0x5eed);
    let nothing = NodeId::new(NodeKind::Compact, nothing.into(), nothing).encode();
    let funder = "00000000-0000-4000-8000-0000000000c2";
    world.grant(&small.region, funder, Post::Funder).await;
    let query = "subscription S($ledger: ID!) { entries(ledger: $ledger) { position envelope } }";
    for account in [None, Some(funder)] {
        let mut socket = open_as(&world, account).await;
        let mut heard = Vec::new();
        for ledger in [
            small.compact.as_str(),
            small.region.as_str(),
            nothing.as_str(),
        ] {
            let events = world
                .hear_as(account, query, json!({ "ledger": ledger }))
                .await;
            say(&mut socket, subscribe("1", ledger, 0)).await;
            let next = hear_json(&mut socket).await;
            let complete = hear_json(&mut socket).await;
            assert_eq!(complete["type"], "complete", "{next}");
            heard.push((events, next));
        }
        assert_eq!(heard[0], heard[2], "{account:?}");
        assert_eq!(heard[1], heard[2], "{account:?}");
    }
}
