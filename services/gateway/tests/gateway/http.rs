//! What is refused at the door, and how.

use std::time::{Duration, Instant};

use axum::body::Body;
use axum::http::{Request, StatusCode};
use serde_json::{Value, json};
use sqlx::PgPool;

use crate::world::{Answer, SECRETARIAT, World};

fn post(content_type: &str, body: impl Into<Body>) -> Request<Body> {
    Request::post("/graphql")
        .header("content-type", content_type)
        .body(body.into())
        .expect("a request")
}

fn operation(query: &str) -> Request<Body> {
    post("application/json", json!({ "query": query }).to_string())
}

fn code(answer: &Answer) -> &str {
    let code = &answer.body["errors"][0]["extensions"]["code"];
    code.as_str().unwrap_or_default()
}

#[sqlx::test(migrator = "ledger::MIGRATOR")]
async fn only_json_is_taken(pool: PgPool) {
    let world = World::new(&pool).await;
    for wrong in [
        "text/plain",
        "application/x-www-form-urlencoded",
        "multipart/form-data; boundary=x",
        "application/json; charset=utf-16",
        "application/jsonp",
    ] {
        let answer = world
            .ask(post(wrong, r#"{"query":"{ __typename }"}"#))
            .await;
        assert_eq!(answer.status, StatusCode::UNSUPPORTED_MEDIA_TYPE, "{wrong}");
    }
    let right = "application/json; charset=UTF-8";
    let answer = world
        .ask(post(right, r#"{"query":"{ __typename }"}"#))
        .await;
    assert_eq!(answer.status, StatusCode::OK);
    assert_eq!(answer.body["data"]["__typename"], "Query");
}

#[sqlx::test(migrator = "ledger::MIGRATOR")]
async fn a_mutation_by_get_is_refused_and_a_query_is_answered(pool: PgPool) {
    let world = World::new(&pool).await;
    let get = |query: &str| {
        Request::get(format!("/graphql?query={query}"))
            .body(Body::empty())
            .expect("a request")
    };
    let mutation = "mutation%7BagreeCommitment(input:%7BcommitmentId:%22x%22%7D)%7Bposition%7D%7D";
    let answer = world.ask(get(mutation)).await;
    assert_eq!(answer.status, StatusCode::METHOD_NOT_ALLOWED);
    assert_eq!(answer.headers["allow"], "POST");
    assert_eq!(code(&answer), "MUTATION_ON_GET");
    let answer = world.ask(get("%7B__typename%7D")).await;
    assert_eq!(answer.body["data"]["__typename"], "Query");
}

#[sqlx::test(migrator = "ledger::MIGRATOR")]
async fn other_methods_batches_and_malformed_bodies_are_refused(pool: PgPool) {
    let world = World::new(&pool).await;
    let put = Request::put("/graphql")
        .body(Body::empty())
        .expect("a request");
    let answer = world.ask(put).await;
    assert_eq!(answer.status, StatusCode::METHOD_NOT_ALLOWED);
    assert_eq!(answer.headers["allow"], "GET, POST");
    for (body, expected) in [
        (r#" [{"query":"{ __typename }"}]"#, "BATCH"),
        ("{", "BAD_REQUEST"),
        ("{}", "BAD_REQUEST"),
        (
            r#"{"query":"{ __typename }","variables":[]}"#,
            "BAD_REQUEST",
        ),
    ] {
        let answer = world.ask(post("application/json", body)).await;
        assert_eq!(answer.status, StatusCode::BAD_REQUEST, "{body}");
        assert_eq!(code(&answer), expected, "{body}");
    }
}

#[sqlx::test(migrator = "ledger::MIGRATOR")]
async fn the_answer_has_the_type_the_client_likes_and_the_status_that_goes_with_it(pool: PgPool) {
    let world = World::new(&pool).await;
    let sent = |accept: &str, query: &str| {
        let mut request = operation(query);
        let accept = accept.parse().expect("a header");
        request.headers_mut().insert("accept", accept);
        request
    };
    let modern = "application/graphql-response+json";
    let answer = world.ask(sent(modern, "{ nonsense }")).await;
    assert_eq!(answer.status, StatusCode::BAD_REQUEST);
    assert!(
        answer.headers["content-type"]
            .to_str()
            .is_ok_and(|kind| kind.starts_with(modern))
    );
    let answer = world.ask(sent("application/json", "{ nonsense }")).await;
    assert_eq!(answer.status, StatusCode::OK);
    assert_eq!(code(&answer), "BAD_REQUEST");
    let answer = world.ask(sent("text/html", "{ __typename }")).await;
    assert_eq!(answer.status, StatusCode::NOT_ACCEPTABLE);
}

#[sqlx::test(migrator = "ledger::MIGRATOR")]
async fn what_asks_too_much_is_refused_by_name_and_at_once(pool: PgPool) {
    let world = World::new(&pool).await;
    let aliases: Vec<String> = (0..10_000).map(|at| format!("a{at}:__typename")).collect();
    let few_aliases: Vec<String> = (0..1_000).map(|at| format!("a{at}:__typename")).collect();
    let deep = "{ region { compacts(first: 1) { nodes { region { compacts(first: 1) { nodes { region { compacts(first: 1) { nodes { region { compacts(first: 1) { nodes { region { compacts(first: 1) { nodes { region { name } } } } } } } } } } } } } } } } }";
    let wide = "{ compacts(first: 100) { nodes { commitments(first: 100) { nodes { title status measures { name readings { nodes { value } } } } } } } }";
    for (query, expected) in [
        (format!("{{ {} }}", aliases.join(" ")), "DOCUMENT_TOO_LONG"),
        (
            format!("{{ {} }}", few_aliases.join(" ")),
            "TOO_MANY_ALIASES",
        ),
        ("{a".repeat(10_000), "NESTED_TOO_DEEPLY"),
        (
            format!("{{ node(id: {}", "[".repeat(10_000)),
            "NESTED_TOO_DEEPLY",
        ),
        (
            "{ ...a } fragment a on Query { ...a }".to_owned(),
            "FRAGMENT_CYCLE",
        ),
        (deep.to_owned(), "TOO_DEEP"),
        (wide.to_owned(), "TOO_COSTLY"),
        (
            format!("{{ {} }}", "name ".repeat(9_000)),
            "TOO_MANY_TOKENS",
        ),
    ] {
        let begun = Instant::now();
        let answer = world.ask(operation(&query)).await;
        assert_eq!(code(&answer), expected, "{query:.60}: {}", answer.body);
        assert!(begun.elapsed() < Duration::from_secs(1), "{query:.60}");
    }
}

#[sqlx::test(migrator = "ledger::MIGRATOR")]
async fn huge_variables_are_refused(pool: PgPool) {
    let world = World::new(&pool).await;
    let long = json!({ "query": "query Q($id: ID!) { node(id: $id) { id } }",
        "variables": { "id": "x".repeat(2 << 20) } });
    let answer = world.ask(post("application/json", long.to_string())).await;
    assert_eq!(answer.status, StatusCode::PAYLOAD_TOO_LARGE);
    let nested = format!("{}1{}", "[".repeat(5_000), "]".repeat(5_000));
    let body = format!(r#"{{"query":"{{ __typename }}","variables":{{"a":{nested}}}}}"#);
    let answer = world.ask(post("application/json", body)).await;
    assert_eq!(answer.status, StatusCode::BAD_REQUEST);
    let many = json!({ "query": "query Q($ids: [ID!]!) { nodes(ids: $ids) { id } }",
        "variables": { "ids": vec!["x"; 101] } });
    let answer = world.ask(post("application/json", many.to_string())).await;
    assert_eq!(code(&answer), "BAD_INPUT");
}

#[sqlx::test(migrator = "ledger::MIGRATOR")]
async fn introspection_answers_as_graphiql_asks_it(pool: PgPool) {
    let world = World::new(&pool).await;
    let query = include_str!("introspection.graphql");
    let answer = world.ask(operation(query)).await;
    let types = answer.body["data"]["__schema"]["types"]
        .as_array()
        .map(Vec::len);
    assert!(types.is_some_and(|types| types > 100), "{}", answer.body);
}

#[sqlx::test(migrator = "ledger::MIGRATOR")]
async fn a_change_needs_somebody_with_an_account_and_what_the_door_says_of_them_is_passed_on(
    pool: PgPool,
) {
    let world = World::new(&pool).await;
    let query = r#"mutation { agreeCommitment(input: { commitmentId: "x" }) { position } }"#;
    let answer = world.ask(operation(query)).await;
    assert_eq!(code(&answer), "SIGN_IN_REQUIRED");
    let words = answer.body["errors"][0]["message"].as_str();
    assert!(words.is_some_and(|words| words.contains("sign in")));
    let mut odd = operation(query);
    odd.headers_mut()
        .insert("x-actor", "p-1".parse().expect("a header"));
    let answer = world.ask(odd).await;
    assert_eq!(answer.status, StatusCode::UNAUTHORIZED);
    assert_eq!(code(&answer), "BAD_ACTOR");
}

#[sqlx::test(migrator = "ledger::MIGRATOR")]
async fn a_ledger_that_takes_nothing_is_503_and_says_when_to_try_again(pool: PgPool) {
    let world = World::without_recorder(&pool).await;
    let query = r#"mutation { establishRegion(input: { slug: "a", name: "A", funder: "F" }) { position } }"#;
    let mut change = operation(query);
    change
        .headers_mut()
        .insert("x-actor", SECRETARIAT.parse().expect("a header"));
    let answer = world.ask(change).await;
    assert_eq!(
        answer.status,
        StatusCode::SERVICE_UNAVAILABLE,
        "{}",
        answer.body
    );
    assert_eq!(answer.headers["retry-after"], "2");
    assert_eq!(code(&answer), "BUSY");
    assert_eq!(answer.body["data"]["establishRegion"], Value::Null);
}

#[sqlx::test(migrator = "ledger::MIGRATOR")]
async fn every_answer_carries_a_correlation_id(pool: PgPool) {
    let world = World::new(&pool).await;
    let mut named = operation("{ __typename }");
    named
        .headers_mut()
        .insert("x-request-id", "from-a-proxy.7".parse().expect("a header"));
    assert_eq!(
        world.ask(named).await.headers["x-request-id"],
        "from-a-proxy.7"
    );
    let mut odd = operation("{ __typename }");
    odd.headers_mut().insert(
        "x-request-id",
        "no spaces please".parse().expect("a header"),
    );
    let made = world.ask(odd).await.headers["x-request-id"].clone();
    assert_eq!(made.len(), 36, "{made:?}");
}

#[sqlx::test(migrator = "ledger::MIGRATOR")]
async fn graphiql_is_served_from_here_or_says_how_to_build_it(pool: PgPool) {
    let world = World::new(&pool).await;
    let get = |path: &str| Request::get(path).body(Body::empty()).expect("a request");
    let page = world.ask(get("/graphiql")).await;
    let words = match page.body {
        Value::String(words) => words,
        other => other.to_string(),
    };
    if page.status == StatusCode::OK {
        let policy = page.headers["content-security-policy"]
            .to_str()
            .expect("a policy");
        assert!(policy.contains("default-src 'none'"), "{policy}");
        assert!(!words.contains("://"), "{words}");
        assert_eq!(
            world.ask(get("/graphiql/main.js")).await.status,
            StatusCode::OK
        );
    } else {
        assert!(words.contains("make graphiql"), "{words}");
    }
    assert_eq!(
        world.ask(get("/graphiql/../Cargo.toml")).await.status,
        StatusCode::NOT_FOUND
    );
}

/// A request of each kind there is, and a path that leads nowhere.
pub fn one_of_each() -> Vec<(&'static str, Request<Body>)> {
    let query = json!({ "query": "{ __typename }" }).to_string();
    let mut events = post("application/json", query);
    let accept = "text/event-stream".parse().expect("a header");
    events.headers_mut().insert("accept", accept);
    let get = |path: &str| Request::get(path).body(Body::empty()).expect("a request");
    let upgrade = Request::get("/graphql")
        .header("connection", "upgrade")
        .header("upgrade", "websocket")
        .header("sec-websocket-version", "13")
        .header("sec-websocket-key", "dGhlIHNhbXBsZSBub25jZQ==")
        .header("sec-websocket-protocol", "graphql-transport-ws");
    vec![
        ("POST", operation("{ __typename }")),
        ("GET", get("/graphql?query=%7B__typename%7D")),
        ("events", events),
        ("WebSocket", upgrade.body(Body::empty()).expect("a request")),
        ("page", get("/graphiql")),
        ("nothing", get("/there-is-nothing-here")),
    ]
}

#[sqlx::test(migrator = "ledger::MIGRATOR")]
async fn pages_of_other_sites_and_names_that_were_made_to_lead_here_are_refused_everywhere(
    pool: PgPool,
) {
    let world = World::new(&pool).await;
    for (name, value, expected) in [
        ("origin", "https://evil.example", "FOREIGN_PAGE"),
        ("origin", "null", "FOREIGN_PAGE"),
        ("sec-fetch-site", "cross-site", "FOREIGN_PAGE"),
        ("host", "evil.example:8080", "FOREIGN_HOST"),
    ] {
        for (kind, mut request) in one_of_each() {
            let path = request.uri().path().to_owned();
            let value = value.parse().expect("a header");
            request.headers_mut().insert(name, value);
            let answer = world.ask(request).await;
            assert_eq!(answer.status, StatusCode::FORBIDDEN, "{kind} {name}");
            if path == "/graphql" {
                assert_eq!(code(&answer), expected, "{kind} {name}: {}", answer.body);
            } else {
                let words = answer.body.as_str().unwrap_or_default();
                assert!(words.contains("this server"), "{kind} {name}: {words}");
            }
        }
    }
}

#[sqlx::test(migrator = "ledger::MIGRATOR")]
async fn programs_without_a_page_and_pages_of_this_server_are_answered(pool: PgPool) {
    let world = World::new(&pool).await;
    for headers in [
        vec![],
        vec![
            ("host", "127.0.0.1:8080"),
            ("origin", "http://127.0.0.1:8080"),
            ("sec-fetch-site", "same-origin"),
        ],
        vec![("host", "[::1]:8080"), ("sec-fetch-site", "none")],
    ] {
        for (kind, mut request) in one_of_each() {
            for (name, value) in &headers {
                let value = value.parse().expect("a header");
                request.headers_mut().insert(*name, value);
            }
            let answered = world.send(request).await.status();
            assert_ne!(answered, StatusCode::FORBIDDEN, "{kind} {headers:?}");
        }
    }
}
