//! Trusted documents: named by their hash, and the only ones for the public where an installation says so.

use axum::body::Body;
use axum::http::{Request, StatusCode};
use gateway::{TrustedDocuments, document_id};
use serde_json::{Value, json};
use sqlx::PgPool;

use crate::world::{Answer, SECRETARIAT, World};

const KNOWN: &str =
    "query Known($size: Int = 5) { __typename compacts(first: $size) { nodes { name } } }";

fn documents() -> TrustedDocuments {
    TrustedDocuments::new([KNOWN.to_owned()])
}

fn post(body: &Value, account: Option<&str>) -> Request<Body> {
    let request = Request::post("/graphql").header("content-type", "application/json");
    let request = match account {
        Some(account) => request.header("x-actor", account),
        None => request,
    };
    request
        .body(Body::from(body.to_string()))
        .expect("a request")
}

fn code(answer: &Answer) -> &str {
    let code = &answer.body["errors"][0]["extensions"]["code"];
    code.as_str().unwrap_or_default()
}

#[sqlx::test(migrator = "ledger::MIGRATOR")]
async fn a_document_is_asked_by_its_hash_and_one_that_is_not_known_is_refused_in_words(
    pool: PgPool,
) {
    let world = World::knowing(&pool, documents()).await;
    let id = document_id(KNOWN);
    let asked = json!({ "documentId": id, "variables": { "size": 3 }, "operationName": "Known" });
    let answer = world.ask(post(&asked, None)).await;
    assert_eq!(
        answer.body["data"]["__typename"], "Query",
        "{}",
        answer.body
    );
    let address = format!("/graphql?documentId={id}&variables=%7B%22size%22:3%7D");
    let get = Request::get(address)
        .body(Body::empty())
        .expect("a request");
    let answer = world.ask(get).await;
    assert_eq!(
        answer.body["data"]["__typename"], "Query",
        "{}",
        answer.body
    );
    let unknown = json!({ "documentId": document_id("{ __typename }") });
    let answer = world.ask(post(&unknown, None)).await;
    assert_eq!(
        (answer.status, code(&answer)),
        (StatusCode::BAD_REQUEST, "UNKNOWN_DOCUMENT")
    );
    let both = json!({ "documentId": id, "query": KNOWN });
    let answer = world.ask(post(&both, None)).await;
    assert_eq!(
        (answer.status, code(&answer)),
        (StatusCode::BAD_REQUEST, "BAD_REQUEST")
    );
    let other = json!({ "query": "{ __typename }" });
    let answer = world.ask(post(&other, None)).await;
    assert_eq!(
        answer.body["data"]["__typename"], "Query",
        "others are asked as ever"
    );
}

#[sqlx::test(migrator = "ledger::MIGRATOR")]
async fn where_an_installation_says_so_the_public_is_answered_trusted_documents_only(pool: PgPool) {
    let strict = documents().only_these_for_the_public(true);
    let world = World::knowing(&pool, strict).await;
    let by_id = json!({ "documentId": document_id(KNOWN) });
    let by_text = json!({ "query": KNOWN });
    for asked in [&by_id, &by_text] {
        let answer = world.ask(post(asked, None)).await;
        assert!(
            answer.body["data"]["compacts"].is_object(),
            "{}",
            answer.body
        );
    }
    let other = json!({ "query": "{ __typename }" });
    let answer = world.ask(post(&other, None)).await;
    assert_eq!(code(&answer), "TRUSTED_DOCUMENTS_ONLY", "{}", answer.body);
    let subscription = "subscription { entries(ledger: \"x\") { position } }";
    let heard = world.hear_as(None, subscription, json!({})).await;
    assert_eq!(
        heard[0]["errors"][0]["extensions"]["code"], "TRUSTED_DOCUMENTS_ONLY",
        "{heard}"
    );
    let answer = world.ask(post(&other, Some(SECRETARIAT))).await;
    assert_eq!(
        answer.body["data"]["__typename"], "Query",
        "{}",
        answer.body
    );
}
