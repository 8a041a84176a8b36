//! An account, a token and a compact have allowances too, wherever the requests come from.

use std::net::{IpAddr, SocketAddr};
use std::num::NonZeroU32;
use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use axum::body::Body;
use axum::extract::ConnectInfo;
use axum::http::{HeaderMap, Request, StatusCode, header};
use axum::response::Response;
use domain::ids::AccountId;
use futures::FutureExt;
use futures::future::BoxFuture;
use gateway::throttle::Key;
use gateway::{
    Caller, Door, Hops, Identify, NodeId, NotIdentified, Pace, Paces, Throttle, Token, guarded,
    router, throttled,
};
use serde_json::{Value, json};
use sqlx::PgPool;
use tokio::time::Instant;
use tower::ServiceExt;

use crate::world::{Answer, SECRETARIAT, Small, World};

/// One a second: what was refused once may be allowed again at any moment.
fn pace(burst: u32) -> Pace {
    Pace {
        per_second: NonZeroU32::MIN,
        burst: NonZeroU32::new(burst).expect("some"),
    }
}

/// Does it again and again until it is refused.
async fn until_refused<T>(attempt: impl AsyncFn() -> Option<T>) -> T {
    let deadline = Instant::now() + Duration::from_mins(1);
    loop {
        if let Some(refused) = attempt().await {
            return refused;
        }
        assert!(Instant::now() < deadline, "never refused");
    }
}

fn question() -> axum::http::request::Builder {
    Request::get("/graphql?query=%7B__typename%7D").header("host", "localhost")
}

async fn ask_as(world: &World, account: &str) -> Answer {
    let request = question().header("x-actor", account).body(Body::empty());
    world.ask(request.expect("a request")).await
}

fn refused(answer: Answer) -> Option<Answer> {
    (answer.status == StatusCode::TOO_MANY_REQUESTS).then_some(answer)
}

fn assert_told_when_to_come_back(answer: &Answer) {
    assert_eq!(answer.headers[header::RETRY_AFTER], "1");
    let told = &answer.body["errors"][0]["extensions"];
    let wanted = json!({ "code": "TOO_MANY_REQUESTS", "retryAfterSeconds": 1 });
    assert_eq!(*told, wanted, "{}", answer.body);
}

#[sqlx::test(migrator = "ledger::MIGRATOR")]
async fn an_account_that_asks_too_often_waits_and_others_go_on(pool: PgPool) {
    let paces = Paces {
        account: pace(2),
        ..Paces::default()
    };
    let world = World::paced(&pool, paces).await;
    let answer = until_refused(async || refused(ask_as(&world, SECRETARIAT).await)).await;
    assert_told_when_to_come_back(&answer);
    let other = ask_as(&world, "00000000-0000-4000-8000-0000000000a2").await;
    assert_eq!(other.status, StatusCode::OK, "{}", other.body);
    let nobody = world.ask(question().body(Body::empty()).expect("a request"));
    assert_eq!(nobody.await.status, StatusCode::OK);
}

/// Everybody bears a token of one account.
struct Bearers;

impl Identify for Bearers {
    fn identify<'a>(
        &'a self,
        _: &'a HeaderMap,
        _: Option<IpAddr>,
    ) -> BoxFuture<'a, Result<Caller, NotIdentified>> {
        let token = Token {
            compacts: None,
            writes: false,
            second_factor: false,
        };
        let account = AccountId::new(uuid::Uuid::nil());
        std::future::ready(Ok(Caller::bearing(account, token))).boxed()
    }
}

async fn ask_with(routes: &Router, token: &str) -> Response {
    let request = question()
        .header(header::AUTHORIZATION, format!("Bearer {token}"))
        .extension(ConnectInfo(SocketAddr::from(([192, 0, 2, 1], 4711))));
    let request = request.body(Body::empty()).expect("a request");
    routes.clone().oneshot(request).await.expect("an answer")
}

#[sqlx::test(migrator = "ledger::MIGRATOR")]
async fn a_token_that_asks_too_often_waits_and_its_owner_s_other_tokens_go_on(pool: PgPool) {
    let world = World::new(&pool).await;
    let routes = guarded(
        router(world.gateway.clone(), Arc::new(Bearers)),
        Door::default(),
    );
    let throttle = Throttle::new(Paces {
        token: pace(2),
        ..Paces::default()
    });
    let routes = throttled(routes, throttle, Hops::default());
    let attempt = async || {
        let answer = ask_with(&routes, "one").await;
        (answer.status() == StatusCode::TOO_MANY_REQUESTS).then_some(answer)
    };
    let answer = until_refused(attempt).await;
    assert_eq!(answer.headers()[header::RETRY_AFTER], "1");
    assert_eq!(ask_with(&routes, "other").await.status(), StatusCode::OK);
}

/// Names another group of the compact each time.
async fn form_group(world: &World, compact: &str, code: &str) -> Answer {
    let query = "mutation M($input: FormGroupInput!) {
        formGroup(input: $input) { position userErrors { code } } }";
    let input = json!({ "compactId": compact, "code": code, "kind": "TASK", "name": code,
        "occurredOn": "2007-03-01" });
    let body = json!({ "query": query, "variables": { "input": input } });
    let request = Request::post("/graphql")
        .header("content-type", "application/json")
        .header("x-actor", SECRETARIAT);
    let request = request.body(Body::from(body.to_string()));
    world.ask(request.expect("a request")).await
}

#[sqlx::test(migrator = "ledger::MIGRATOR")]
async fn a_compact_that_is_changed_too_often_takes_no_more_for_now_and_others_do(pool: PgPool) {
    let paces = Paces {
        ledger: pace(200),
        ..Paces::default()
    };
    let world = World::paced(&pool, paces).await;
    let small = Small::set_up(&world).await;
    let compact = NodeId::decode(&small.compact).expect("an id");
    let attempt = async || {
        for _ in 0..201 {
            world.throttle.count(Key::Ledger(compact.ledger));
        }
        refused(form_group(&world, &small.compact, "TG").await)
    };
    let answer = until_refused(attempt).await;
    assert_told_when_to_come_back(&answer);
    assert_eq!(answer.body["data"]["formGroup"], Value::Null);
    let theme = json!({ "regionId": small.region, "code": "other", "name": "Another",
        "occurredOn": "2007-03-01" });
    world.make("addTheme", theme).await;
}
