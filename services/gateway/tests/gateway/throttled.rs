//! Who asks too often is told when to come back, and nobody else is.

use std::net::SocketAddr;
use std::num::NonZeroU32;

use axum::Router;
use axum::body::{Body, to_bytes};
use axum::extract::ConnectInfo;
use axum::http::{Request, StatusCode};
use axum::response::Response;
use gateway::{Hops, Pace, Paces, Throttle, throttled};
use serde_json::{Value, json};
use sqlx::PgPool;
use tower::ServiceExt;

use crate::subscriptions::{hear_json, open_at, say};
use crate::world::World;

/// So few that a test uses them up, and so slowly more that none come back while it runs.
const BURST: usize = 5;

fn few(world: &World) -> Router {
    let pace = Pace {
        per_second: NonZeroU32::MIN,
        burst: NonZeroU32::new(3_600).expect("some"),
    };
    let throttle = Throttle::new(Paces {
        address: pace,
        ..Paces::default()
    });
    let hops = Hops {
        trusted: vec!["10.0.0.0/8".parse().expect("a network")],
        ..Hops::default()
    };
    let routes = throttled(world.routes(), throttle.clone(), hops);
    // All but a few are taken: what one second brings back does not matter then.
    for address in ["192.0.2.1", "198.51.100.7", "127.0.0.1"] {
        let key = gateway::throttle::Key::of(address.parse().expect("an address"));
        for _ in 0..3_600 - BURST {
            throttle.take(key).expect("allowed");
        }
    }
    routes
}

async fn ask(routes: &Router, peer: &str, said: &str, path: &str) -> Response {
    let peer: SocketAddr = format!("{peer}:4711").parse().expect("an address");
    let request = Request::get(path)
        .header("host", "localhost")
        .header("x-forwarded-for", said)
        .extension(ConnectInfo(peer));
    let request = request.body(Body::empty()).expect("a request");
    routes.clone().oneshot(request).await.expect("an answer")
}

const QUESTION: &str = "/graphql?query=%7B__typename%7D";

/// Asks until it is refused, or much more often than there are to be had.
async fn until_refused(
    routes: &Router,
    peer: &str,
    said: impl Fn(usize) -> String,
) -> Option<Response> {
    for turn in 0..BURST * 20 {
        let answer = ask(routes, peer, &said(turn), QUESTION).await;
        if answer.status() == StatusCode::TOO_MANY_REQUESTS {
            assert!(turn >= BURST, "after {turn}");
            return Some(answer);
        }
    }
    None
}

#[sqlx::test(migrator = "ledger::MIGRATOR")]
async fn who_asks_too_often_is_told_when_to_come_back_and_others_go_on(pool: PgPool) {
    let routes = few(&World::new(&pool).await);
    let made_up = |turn| format!("203.0.113.{turn}");
    let refused = until_refused(&routes, "192.0.2.1", made_up).await;
    let (parts, body) = refused
        .expect("refused, whatever it says of itself")
        .into_parts();
    assert_eq!(parts.headers["retry-after"], "1");
    let body = to_bytes(body, 1 << 12).await.expect("a body");
    let body: Value = serde_json::from_slice(&body).expect("JSON");
    let error = &body["errors"][0];
    assert_eq!(
        error["extensions"],
        json!({ "code": "TOO_MANY_REQUESTS", "retryAfterSeconds": 1 })
    );
    assert!(
        error["message"]
            .as_str()
            .is_some_and(|words| words.contains("again in 1 seconds"))
    );
    let other = ask(&routes, "192.0.2.2", "", QUESTION).await;
    assert_eq!(other.status(), StatusCode::OK);
    let mut page = ask(&routes, "192.0.2.1", "", "/graphiql").await;
    while page.status() != StatusCode::TOO_MANY_REQUESTS {
        page = ask(&routes, "192.0.2.1", "", "/graphiql").await;
    }
    assert_eq!(page.headers()["content-type"], "text/plain; charset=utf-8");
}

#[sqlx::test(migrator = "ledger::MIGRATOR")]
async fn behind_a_proxy_of_ours_each_caller_has_its_own_allowance(pool: PgPool) {
    let routes = few(&World::new(&pool).await);
    let through = |turn| format!("203.0.113.{turn}, 198.51.100.7");
    assert!(until_refused(&routes, "10.0.0.1", through).await.is_some());
    let other = ask(&routes, "10.0.0.1", "198.51.100.7, 198.51.100.8", QUESTION).await;
    assert_eq!(
        other.status(),
        StatusCode::OK,
        "another caller by the same proxy"
    );
}

#[sqlx::test(migrator = "ledger::MIGRATOR")]
async fn what_is_asked_on_a_socket_counts_too(pool: PgPool) {
    let routes = few(&World::new(&pool).await);
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0")
        .await
        .expect("a port");
    let address = listener.local_addr().expect("an address");
    let service = routes.into_make_service_with_connect_info::<SocketAddr>();
    tokio::spawn(async move { axum::serve(listener, service).await });
    let mut socket = open_at(address, "graphql-transport-ws")
        .await
        .expect("a socket");
    say(&mut socket, json!({ "type": "connection_init" })).await;
    hear_json(&mut socket).await;
    let mut refused = 0;
    for number in 0..BURST * 20 {
        let payload = json!({ "query": "{ __typename }" });
        say(
            &mut socket,
            json!({ "id": number.to_string(), "type": "subscribe", "payload": payload }),
        )
        .await;
        let answer = hear_json(&mut socket).await;
        assert_eq!(hear_json(&mut socket).await["type"], "complete");
        let code = &answer["payload"]["errors"][0]["extensions"]["code"];
        refused += usize::from(code == "TOO_MANY_REQUESTS");
    }
    assert!(refused > 0);
}
