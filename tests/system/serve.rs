//! The one binary as an operator meets it: it starts with nothing, answers, refuses, and stops.

use crate::server::{self, Server};
use serde_json::{Value, json};

#[tokio::test]
async fn it_starts_with_nothing_answers_for_five_compacts_and_stops_cleanly() {
    let folder = tempfile::tempdir().expect("a folder");
    server::open_to_postgres(folder.path());
    let data_dir = folder.path().join("data");
    let server = Server::start(&data_dir, &["--import-reference"]).await;
    let question = "{ compacts { nodes { slug sessions { byStatus { count } } } } }";
    let first = server
        .handle()
        .graphql(question, json!({}))
        .await
        .expect("an answer");
    let nodes = first["data"]["compacts"]["nodes"]
        .as_array()
        .expect("compacts");
    assert_eq!(nodes.len(), 5, "{first}");
    assert_eq!(commitments(nodes), 51, "{first}");
    let (_, home) = server.handle().get("/").await.expect("an answer");
    let assets = home.split('"').filter(|text| text.starts_with("/assets/"));
    let assets: Vec<&str> = assets.collect();
    assert_eq!(assets.len(), 3, "`make pages` builds them: {home}");
    for path in assets
        .into_iter()
        .chain(["/", "/graphiql", "/healthz", "/readyz", "/metrics"])
    {
        let (status, body) = server.handle().get(path).await.expect("an answer");
        assert_eq!(status, 200, "{path}: {body}");
        let elsewhere = server.handle().status_from_elsewhere(path).await;
        assert_eq!(elsewhere, 403, "{path} for a page of another site");
    }
    let (_, readiness) = server.handle().get("/readyz").await.expect("an answer");
    for check in ["database", "ledger", "projector", "reminders"] {
        assert!(readiness.contains(check), "{readiness}");
    }
    server.stop().await;
    let server = Server::start(&data_dir, &["--import-reference"]).await;
    let again = server
        .handle()
        .graphql(question, json!({}))
        .await
        .expect("an answer");
    assert_eq!(again, first, "a second import adds nothing");
    server.stop().await;
}

/// How many commitments the compacts have made, in all sessions and whatever became of them.
fn commitments(compacts: &[Value]) -> u64 {
    let sessions = compacts
        .iter()
        .filter_map(|compact| compact["sessions"].as_array())
        .flatten();
    let statuses = sessions
        .filter_map(|session| session["byStatus"].as_array())
        .flatten();
    statuses.filter_map(|status| status["count"].as_u64()).sum()
}

#[tokio::test]
async fn a_second_run_on_the_same_data_directory_is_refused_and_harms_nothing() {
    let folder = tempfile::tempdir().expect("a folder");
    server::open_to_postgres(folder.path());
    let data_dir = folder.path().join("data");
    let server = Server::start(&data_dir, &[]).await;
    let second = server::run(&data_dir, &["serve", "--listen", "127.0.0.1:0"]).await;
    let complaint = String::from_utf8_lossy(&second.stderr).into_owned();
    assert!(!second.status.success());
    assert!(complaint.contains("in use by another run"), "{complaint}");
    let (status, _) = server
        .handle()
        .get("/readyz")
        .await
        .expect("the first still answers");
    assert_eq!(status, 200);
    server.stop().await;
}

#[tokio::test]
async fn what_cannot_work_is_refused_by_the_name_of_its_setting() {
    let folder = tempfile::tempdir().expect("a folder");
    let data_dir = folder.path().join("data");
    let open = server::run(&data_dir, &["serve", "--listen", "0.0.0.0:0"]).await;
    let complaint = String::from_utf8_lossy(&open.stderr).into_owned();
    assert!(!open.status.success());
    assert!(
        complaint.contains("listen") && complaint.contains("loopback"),
        "{complaint}"
    );
    let elsewhere = ["--database-url", "mysql://nowhere/x", "check"];
    let refused = server::run(&data_dir, &elsewhere).await;
    assert!(String::from_utf8_lossy(&refused.stderr).contains("database_url"));
    assert!(!data_dir.exists(), "a refused start leaves nothing behind");
}

#[tokio::test]
async fn a_server_whose_private_database_ended_ends_too_and_calls_it_a_failure() {
    let folder = tempfile::tempdir().expect("a folder");
    server::open_to_postgres(folder.path());
    let data_dir = folder.path().join("data");
    let server = Server::start(&data_dir, &[]).await;
    server::kill_postgres(&data_dir);
    assert!(!server.ends().await, "so that it is started again");
    Server::start(&data_dir, &[]).await.stop().await;
}
