//! What every answer tells the browser it may not do.

use std::sync::Arc;

use axum::Router;
use axum::body::Body;
use axum::http::{HeaderMap, HeaderValue, Request, StatusCode, header};
use axum::routing::get;
use gateway::{Door, Nonce, guarded};
use sqlx::PgPool;
use tower::ServiceExt;
use vault::{NoRandomness, Randomness};

use crate::http::one_of_each;
use crate::world::World;

/// What is missing from an answer's headers.
fn missing(headers: &HeaderMap) -> Vec<&'static str> {
    let fits = |name: &str, wanted: &str| {
        let mut values = headers.get_all(name).iter();
        let value = values.next().and_then(|value| value.to_str().ok());
        values.next().is_none() && value.is_some_and(|value| value.contains(wanted))
    };
    let wanted = [
        ("content-security-policy", "default-src 'none'"),
        ("content-security-policy", "frame-ancestors 'none'"),
        ("x-content-type-options", "nosniff"),
        ("referrer-policy", "same-origin"),
        ("permissions-policy", "camera=()"),
        ("cross-origin-opener-policy", "same-origin"),
        ("cross-origin-resource-policy", "same-origin"),
    ];
    let missing = wanted.iter().filter(|(name, value)| !fits(name, value));
    missing.map(|(name, _)| *name).collect()
}

#[sqlx::test(migrator = "ledger::MIGRATOR")]
async fn every_answer_and_every_refusal_is_protected(pool: PgPool) {
    let world = World::new(&pool).await;
    for host in ["localhost", "evil.example"] {
        for (kind, mut request) in one_of_each() {
            let host = HeaderValue::from_static(host);
            request.headers_mut().insert(header::HOST, host);
            let response = world.send(request).await;
            let headers = response.headers();
            assert_eq!(missing(headers), Vec::<&str>::new(), "{kind}: {headers:?}");
            assert!(!headers.contains_key(header::STRICT_TRANSPORT_SECURITY));
            let policy = headers[header::CONTENT_SECURITY_POLICY].to_str();
            let policy = policy.expect("text");
            assert!(!policy.contains("unsafe-eval"), "{kind}: {policy}");
            let scripts = policy.split(';').find(|part| part.contains("script-src"));
            assert!(
                !scripts.is_some_and(|scripts| scripts.contains("unsafe")),
                "{policy}"
            );
            // The editor's own page writes styles; nothing else may.
            assert!(
                kind == "page" || !policy.contains("unsafe"),
                "{kind}: {policy}"
            );
        }
    }
}

#[test]
fn an_answer_without_its_headers_is_found() {
    let mut headers = HeaderMap::new();
    assert_eq!(missing(&headers).len(), 7);
    headers.insert("x-content-type-options", HeaderValue::from_static("sniff"));
    assert!(missing(&headers).contains(&"x-content-type-options"));
}

/// Sends `GET /` to something that answers with its nonce, behind this door.
async fn nonce(door: Door) -> (StatusCode, HeaderMap, String) {
    let show = async |axum::Extension(nonce): axum::Extension<Nonce>| nonce.as_str().to_owned();
    let routes = guarded(Router::new().route("/", get(show)), door);
    let request = Request::get("/").header("host", "localhost");
    let answer = routes.oneshot(request.body(Body::empty()).expect("a request"));
    let (parts, body) = answer.await.expect("an answer").into_parts();
    let body = axum::body::to_bytes(body, 1 << 10).await.expect("a body");
    let text = String::from_utf8(body.to_vec()).expect("text");
    (parts.status, parts.headers, text)
}

#[tokio::test]
async fn each_request_has_a_nonce_of_its_own() {
    let (_, _, one) = nonce(Door::default()).await;
    let (_, _, other) = nonce(Door::default()).await;
    assert_ne!(one, other);
    assert_eq!(one.len(), 24, "128 bits: {one}");
}

struct Dry;

impl Randomness for Dry {
    fn fill(&self, _: &mut [u8]) -> Result<(), NoRandomness> {
        Err(NoRandomness("dry".into()))
    }
}

#[tokio::test]
async fn without_randomness_nothing_is_answered_rather_than_with_a_nonce_that_can_be_guessed() {
    let door = Door {
        randomness: Arc::new(Dry),
        ..Door::default()
    };
    let (status, headers, _) = nonce(door).await;
    assert_eq!(status, StatusCode::INTERNAL_SERVER_ERROR);
    assert_eq!(missing(&headers), Vec::<&str>::new());
}

#[tokio::test]
async fn browsers_are_told_to_come_by_https_only_where_people_do() {
    let https = Door {
        https: true,
        ..Door::default()
    };
    let (_, headers, _) = nonce(https).await;
    let told = headers[header::STRICT_TRANSPORT_SECURITY].to_str();
    assert!(told.is_ok_and(|told| told.starts_with("max-age=63072000")));
    let (_, headers, _) = nonce(Door::default()).await;
    assert!(!headers.contains_key(header::STRICT_TRANSPORT_SECURITY));
}
