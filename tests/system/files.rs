//! Files through the real binary: sent, referred to, fetched, broken off half-way, lost and found to be lost.

use std::path::{Path, PathBuf};
use std::time::Duration;

use reqwest::Method;
use serde_json::{Value, json};
use tokio::io::AsyncWriteExt;
use tokio::net::TcpStream;
use tokio::time::Instant;

use crate::server::{self, Server};

/// How long anything here may take to come about.
const DEADLINE: Duration = Duration::from_mins(1);

const COMPACT: &str = "lincolnshire-rutland";
const PDF: &[u8] = b"%PDF-1.4\nThe full minutes of 27 July 2007\n%%EOF\n";

/// Everything that lies in the store.
fn objects(data_dir: &Path) -> Vec<PathBuf> {
    let (mut found, mut folders) = (Vec::new(), vec![data_dir.join("files")]);
    while let Some(folder) = folders.pop() {
        for entry in std::fs::read_dir(folder).expect("a folder") {
            let path = entry.expect("an entry").path();
            if path.is_dir() {
                folders.push(path);
            } else {
                found.push(path);
            }
        }
    }
    found
}

async fn upload(server: &Server, content: &[u8]) -> (u16, Value) {
    let request = server
        .handle()
        .request(Method::POST, &format!("/files?compact={COMPACT}"));
    let answer = request
        .body(content.to_vec())
        .send()
        .await
        .expect("an answer");
    (
        answer.status().as_u16(),
        answer.json().await.expect("a document"),
    )
}

/// Adds it as a paper to a meeting of the compact that is called for it, and gives the file's address.
async fn refer(server: &Server, hash: &str) -> String {
    let ask = async |query: &str, input: Value| {
        let answer = server
            .handle()
            .graphql(query, json!({ "input": input }))
            .await;
        answer.expect("an answer")["data"].clone()
    };
    let group = "{ compact(slug: \"lincolnshire-rutland\") { groups { id } } }";
    let groups = server.handle().get_graphql(group).await;
    let group = &groups["data"]["compact"]["groups"][0]["id"];
    let call = "mutation M($input: CallMeetingInput!) { callMeeting(input: $input) { newId userErrors { message } } }";
    let called = ask(
        call,
        json!({ "groupId": group, "on": "2026-12-01", "occurredOn": "2026-05-01" }),
    )
    .await;
    let meeting = called["callMeeting"]["newId"]
        .as_str()
        .expect("a meeting")
        .to_owned();
    let add = "mutation M($input: AddMeetingPaperInput!) { addMeetingPaper(input: $input) { userErrors { message }
        meeting { papers { document { file { url } } } } } }";
    let paper = json!({ "meetingId": meeting, "title": "Minutes", "occurredOn": "2026-05-02",
        "file": { "hash": hash, "name": "Minutes.pdf" } });
    let added = ask(add, paper).await["addMeetingPaper"].clone();
    assert_eq!(added["userErrors"], json!([]), "{added}");
    let url = &added["meeting"]["papers"][0]["document"]["file"]["url"];
    url.as_str().expect("an address").to_owned()
}

/// Sends half of what it announced, and goes away.
async fn hang_up_half_way(server: &Server, token: &str) {
    let mut line = TcpStream::connect(server.handle().address())
        .await
        .expect("a line");
    let head = format!(
        "POST /files?compact={COMPACT} HTTP/1.1\r\nhost: {}\r\nauthorization: Bearer {token}\r\ncontent-length: 9000000\r\n\r\n",
        server.handle().address()
    );
    line.write_all(head.as_bytes()).await.expect("sent");
    line.write_all(PDF).await.expect("sent");
    line.write_all(&vec![b'x'; 4_000_000]).await.expect("sent");
    drop(line);
}

#[tokio::test]
async fn files_come_and_go_through_the_real_binary_and_a_lost_one_is_found_to_be_lost() {
    let folder = tempfile::tempdir().expect("a folder");
    server::open_to_postgres(folder.path());
    let data_dir = folder.path().join("data");
    let mut server = Server::start(&data_dir, &["--import-reference"]).await;
    let token = server.let_in(&data_dir, None).await;
    server.knows_who_was_let_in().await;

    let (status, sent) = upload(&server, PDF).await;
    assert_eq!(
        (status, &sent["mediaType"]),
        (201, &json!("application/pdf")),
        "{sent}"
    );
    let url = refer(&server, sent["hash"].as_str().expect("a hash")).await;
    let fetched = server.handle().request(Method::GET, &url).send().await;
    let fetched = fetched.expect("an answer");
    assert_eq!(fetched.status(), 200);
    assert_eq!(
        fetched.headers()["content-disposition"],
        "attachment; filename=\"Minutes.pdf\"; filename*=UTF-8''Minutes.pdf"
    );
    assert_eq!(fetched.bytes().await.expect("content"), PDF);
    let (stranger, said) = server.handle().get(&url).await.expect("an answer");
    let (nobody, unknown) = server
        .handle()
        .get(&format!("/files/{COMPACT}/{}", "0".repeat(64)))
        .await
        .expect("an answer");
    assert_eq!(
        (stranger, said),
        (nobody, unknown),
        "for the public it is not there"
    );
    let elsewhere = server.handle().status_from_elsewhere(&url).await;
    assert_eq!(elsewhere, 403, "a page of another site");

    let mut too_long = PDF.to_vec();
    too_long.resize(25 * 1024 * 1024 + 1, b'x');
    let refused = server
        .handle()
        .request(Method::POST, &format!("/files?compact={COMPACT}"));
    // Announced as too long, it is refused before it is read: the answer may come while it is still being sent.
    if let Ok(answer) = refused.body(too_long).send().await {
        assert_eq!(answer.status(), 413);
    }
    hang_up_half_way(&server, &token).await;
    let deadline = Instant::now() + DEADLINE;
    while objects(&data_dir).len() != 1 {
        assert!(Instant::now() < deadline, "{:?}", objects(&data_dir));
        tokio::task::yield_now().await;
    }

    lose(&data_dir).await;
    server.stop().await;
}

/// Checks, cuts the one file there is short and checks, takes it away and checks.
async fn lose(data_dir: &Path) {
    checked(data_dir, true, "1 files are referred to").await;
    let lost = objects(data_dir).remove(0);
    let kept = std::fs::read(&lost).expect("an object");
    std::fs::write(&lost, &kept[..kept.len() - 1]).expect("cut short");
    checked(data_dir, false, "is not what was put there").await;
    std::fs::remove_file(&lost).expect("lost");
    checked(data_dir, false, "is referred to and missing").await;
}

/// What `check` must say, and whether it must be content.
async fn checked(data_dir: &Path, well: bool, says: &str) {
    let check = server::run(data_dir, &["check"]).await;
    let said = String::from_utf8_lossy(&check.stdout).into_owned();
    assert_eq!(check.status.success(), well, "{said}");
    assert!(said.contains(says), "{said}");
}
