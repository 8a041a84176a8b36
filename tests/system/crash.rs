//! kill -9 in mid-load, ten times: nothing acknowledged is missing, and every view is folded to the end of its
//! ledger and equals that fold.

use std::collections::BTreeMap;
use std::path::Path;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use crate::promises::{PROPOSE, proposal, propose, settle};
use crate::server::{self, Server};
use serde_json::{Value, json};

/// How often the server is killed.
const KILLS: u64 = 10;
/// Clients that send commands meanwhile.
const CLIENTS: u64 = 8;
/// The least that must have been acknowledged before a kill, so that it falls into the load.
const ACKNOWLEDGED_BEFORE_KILL: u64 = 40;

/// What was sent, and the position it was acknowledged at, if it was.
#[derive(Default)]
struct Book {
    sent: BTreeMap<String, (Value, Option<u64>)>,
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn nothing_acknowledged_is_lost_when_the_server_is_killed_ten_times() {
    let folder = tempfile::tempdir().expect("a folder");
    server::open_to_postgres(folder.path());
    let data_dir = folder.path().join("data");
    let book = Arc::new(Mutex::new(Book::default()));
    let mut server = Server::start(&data_dir, &["--import-reference"]).await;
    let compacts = server.compact_ids().await;
    let token = server.let_in(&data_dir, None).await;
    server.knows_who_was_let_in().await;
    for round in 0..KILLS {
        // Every third time its private PostgreSQL goes first, as in a power cut.
        let postgres = (round % 3 == 2).then_some(data_dir.as_path());
        load_until_killed(&mut server, &compacts, &book, (round, postgres)).await;
        server = Server::start(&data_dir, &[]).await;
        server.ask_with(&token);
    }
    let (acknowledged, unknown, ends) = send_everything_again(&server, &book).await;
    settle(&server, &ends).await;
    server.stop().await;
    let report = server::run(&data_dir, &["check"]).await;
    let said = String::from_utf8_lossy(&report.stdout);
    assert!(report.status.success(), "{said}");
    // A view that was never folded equals the fold of nothing: equal is not enough.
    assert!(
        said.contains("every view stands at the end of its ledger"),
        "{said}"
    );
    println!(
        "{acknowledged} acknowledged and found again, {unknown} without an answer settled by a retry"
    );
    assert!(acknowledged >= KILLS * ACKNOWLEDGED_BEFORE_KILL);
}

/// Sends commitments from several clients and kills the server while they do, and before it the private
/// PostgreSQL in the folder, if one is named.
async fn load_until_killed(
    server: &mut Server,
    compacts: &[String],
    book: &Arc<Mutex<Book>>,
    (round, postgres): (u64, Option<&Path>),
) {
    let acknowledged = Arc::new(AtomicU64::new(0));
    let stop = Arc::new(AtomicBool::new(false));
    let clients: Vec<_> = (0..CLIENTS)
        .map(|client| {
            let server = server.handle();
            let (book, stop) = (Arc::clone(book), Arc::clone(&stop));
            let acknowledged = Arc::clone(&acknowledged);
            let compact = compacts[usize::try_from(client).expect("few") % compacts.len()].clone();
            tokio::spawn(async move {
                let mut number = 0_u64;
                while !stop.load(Ordering::Relaxed) {
                    number += 1;
                    let label = format!("{round}.{client}.{number}");
                    let input = proposal(&compact, &label);
                    let id = input["commandId"].as_str().expect("an id").to_owned();
                    book.lock()
                        .expect("unpoisoned")
                        .sent
                        .insert(id.clone(), (input.clone(), None));
                    let Some(position) = propose(&server, &input).await else {
                        return;
                    };
                    acknowledged.fetch_add(1, Ordering::Relaxed);
                    let mut book = book.lock().expect("unpoisoned");
                    book.sent.get_mut(&id).expect("sent").1 = Some(position);
                }
            })
        })
        .collect();
    let deadline = tokio::time::Instant::now() + Duration::from_mins(1);
    while acknowledged.load(Ordering::Relaxed) < ACKNOWLEDGED_BEFORE_KILL + round * 7 {
        assert!(
            tokio::time::Instant::now() < deadline,
            "the server answers too slowly to be tested"
        );
        tokio::task::yield_now().await;
        tokio::time::sleep(Duration::from_millis(1)).await;
    }
    if let Some(data_dir) = postgres {
        server::kill_postgres(data_dir);
    }
    server.kill().await;
    stop.store(true, Ordering::Relaxed);
    for client in clients {
        client.await.expect("a client that ends");
    }
}

/// Retries every command under its own id: what was acknowledged answers with the same position
/// and changes nothing; what had no answer is settled now, one way. Also gives the last position of each compact.
async fn send_everything_again(
    server: &Server,
    book: &Arc<Mutex<Book>>,
) -> (u64, u64, BTreeMap<String, u64>) {
    let sent = std::mem::take(&mut book.lock().expect("unpoisoned").sent);
    let (mut acknowledged, mut unknown, mut ends) = (0, 0, BTreeMap::new());
    for (input, position) in sent.into_values() {
        let answer = server
            .handle()
            .graphql(PROPOSE, json!({ "input": input }))
            .await;
        let answer = answer.expect("the server is up");
        let payload = &answer["data"]["proposeCommitment"];
        assert_eq!(payload["userErrors"], json!([]), "{answer}");
        let compact = input["compactId"].as_str().expect("an id").to_owned();
        let end: &mut u64 = ends.entry(compact).or_default();
        *end = (*end).max(payload["position"].as_u64().expect("a position"));
        match position {
            Some(position) => {
                assert_eq!(payload["position"], json!(position), "{input}");
                assert_eq!(payload["repeated"], json!(true), "{input}");
                acknowledged += 1;
            }
            None => unknown += 1,
        }
    }
    (acknowledged, unknown, ends)
}
