//! Pages that a browser keeps: what they weigh, how they are asked after, and what they may load.

use std::io::Read;

use reqwest::Method;
use reqwest::header::HeaderMap;
use serde_json::json;

use crate::browser::Browser;
use crate::house::{EMAIL, House};
use crate::server::Handle;

const PASSWORD: &str = "wet ladder violin soup";

/// What comes over the network for a path: status, headers and bytes, as a browser asks that takes what is short.
async fn fetched(client: &Handle, path: &str, more: &[(&str, &str)]) -> (u16, HeaderMap, Vec<u8>) {
    let mut request = client.request(Method::GET, path);
    request = request.header("accept-encoding", "gzip, br");
    for (name, value) in more {
        request = request.header(*name, *value);
    }
    let response = request.send().await.expect("an answer");
    let (status, headers) = (response.status().as_u16(), response.headers().clone());
    let bytes = response.bytes().await.expect("a body");
    (status, headers, bytes.to_vec())
}

fn says<'h>(headers: &'h HeaderMap, name: &str) -> &'h str {
    let value = headers.get(name);
    value.map_or("", |value| value.to_str().expect("text"))
}

fn unpacked(bytes: &[u8]) -> String {
    let mut text = String::new();
    let mut gzip = flate2::read::GzDecoder::new(bytes);
    gzip.read_to_string(&mut text).expect("gzip");
    text
}

#[tokio::test]
async fn a_page_is_kept_until_something_is_recorded_and_its_first_visit_is_light() {
    let house = House::open().await;
    let client = house.server.handle();
    let (status, headers, page) = fetched(&client, "/", &[]).await;
    assert_eq!((status, says(&headers, "content-encoding")), (200, "gzip"));
    assert_eq!(says(&headers, "cache-control"), "public, no-cache");
    let policy = says(&headers, "content-security-policy");
    assert!(
        policy.contains("script-src 'self'") && policy.contains("style-src 'self'"),
        "{policy}"
    );
    assert!(!policy.contains("unsafe"), "{policy}");

    let text = unpacked(&page);
    assert!(
        !text.contains(" style=") && !text.contains("<style"),
        "{text}"
    );
    let mut bytes = page.len();
    for asset in text.split('"').filter(|part| part.starts_with("/assets/")) {
        let (status, headers, asset) = fetched(&client, asset, &[]).await;
        assert_eq!(status, 200);
        assert_eq!(
            says(&headers, "cache-control"),
            "public, max-age=31536000, immutable"
        );
        bytes += asset.len();
    }
    assert!(bytes > 10_000, "the styles are among them: {bytes}");
    assert!(bytes < 60 * 1024, "a first visit is {bytes} bytes");
    assert!(page.len() < 15 * 1024, "and the next {}", page.len());

    let tag = says(&headers, "etag").to_owned();
    let again = [("if-none-match", tag.as_str())];
    let (status, headers, nothing) = fetched(&client, "/", &again).await;
    assert_eq!((status, nothing.len()), (304, 0));
    assert_eq!(says(&headers, "etag"), tag);
    assert_eq!(
        fetched(&client, "/accessibility", &again).await.0,
        200,
        "another page"
    );

    something_is_recorded(&house).await;
    let (status, headers, _) = fetched(&client, "/", &again).await;
    assert_eq!(status, 200, "what is shown has changed");
    assert_ne!(says(&headers, "etag"), tag);
    house.server.stop().await;
}

/// A secretariat signs in and proposes something; and is shown pages that are kept for nobody else.
async fn something_is_recorded(house: &House) {
    let invitation = house.invite_secretariat().await;
    let mut browser = Browser::new(&house.server);
    browser.take_up(&invitation, PASSWORD).await;
    browser
        .sign_in_until((EMAIL, PASSWORD), "/set-up-second-factor")
        .await;
    browser.set_up_second_factor().await;
    let kept = browser.get("/").await;
    assert_eq!(kept.headers["cache-control"], "private, no-cache");
    let own = browser.get("/account").await;
    assert_eq!(own.headers["cache-control"], "no-store");
    let propose = "mutation Propose($input: ProposeCommitmentInput!) {
      proposeCommitment(input: $input) { projected userErrors { code message } } }";
    let (_, answer) = browser.graphql(propose, house.proposal("k1").await).await;
    let payload = &answer["data"]["proposeCommitment"];
    assert_eq!(payload["projected"], json!(true), "{answer}");
    let after = browser.get("/").await;
    assert_ne!(after.headers["etag"], kept.headers["etag"]);
}

#[tokio::test]
async fn what_is_not_there_is_answered_in_the_form_that_was_asked_for() {
    let house = House::open().await;
    let client = house.server.handle();
    let html = [("accept", "text/html,application/xhtml+xml")];
    let (status, headers, page) = fetched(&client, "/nothing/here", &html).await;
    assert_eq!(status, 404);
    assert!(says(&headers, "content-type").starts_with("text/html"));
    let page = unpacked(&page);
    assert!(
        page.contains("There is no such page") && page.contains("href=\"/\""),
        "{page}"
    );
    let json = [("accept", "application/json")];
    let (status, headers, _) = fetched(&client, "/nothing/here", &json).await;
    assert_eq!(status, 404);
    assert!(says(&headers, "content-type").starts_with("text/plain"));
    house.server.stop().await;
}
