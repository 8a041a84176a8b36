//! Told to stop in the middle of a change, the server finishes it, shows it, answers, and then ends.

use std::time::Duration;

use domain::ids::{IdSource, RandomIds};
use serde_json::json;
use sqlx::{ConnectOptions, PgPool, Postgres, Transaction};
use tokio::time::Instant;

use crate::server::Server;

const DEADLINE: Duration = Duration::from_secs(20);

const PROPOSE: &str = "mutation Propose($input: ProposeCommitmentInput!) {
  proposeCommitment(input: $input) {
    position projected commitment { title } userErrors { code message }
  } }";

/// Holds every ledger's head, so that whoever would write waits. Also gives who holds them.
async fn hold_heads(pool: &PgPool) -> (Transaction<'static, Postgres>, i32) {
    let mut holding = pool.begin().await.expect("a transaction");
    sqlx::query("select 1 from ledger_head for no key update")
        .execute(&mut *holding)
        .await
        .expect("held");
    let holder = sqlx::query_scalar("select pg_backend_pid()");
    let holder = holder.fetch_one(&mut *holding).await.expect("a pid");
    (holding, holder)
}

/// Until someone waits for what `holder` holds.
async fn someone_waits(pool: &PgPool, holder: i32) {
    let deadline = Instant::now() + DEADLINE;
    let blocked =
        "select exists (select from pg_stat_activity where $1 = any(pg_blocking_pids(pid)))";
    loop {
        let waiting = sqlx::query_scalar(blocked).bind(holder).fetch_one(pool);
        if waiting.await.expect("an answer") {
            return;
        }
        assert!(Instant::now() < deadline, "nobody writes in time");
    }
}

#[sqlx::test(migrations = false)]
async fn a_change_under_way_when_the_server_is_told_to_stop_is_made_shown_and_answered(
    pool: PgPool,
) {
    let folder = tempfile::tempdir().expect("a folder");
    let url = pool.connect_options().to_url_lossy().to_string();
    let arguments = ["--database-url", &url, "--import-reference"];
    let data_dir = folder.path().join("unused");
    let mut server = Server::start(&data_dir, &arguments).await;
    server.let_in(&data_dir, Some(&url)).await;
    server.knows_who_was_let_in().await;
    let input = json!({
        "commandId": RandomIds.next(),
        "compactId": server.compact_ids().await[0],
        "session": "2010-11",
        "ref": "late",
        "title": "A promise made at the last moment",
        "occurredOn": "2010-04-01",
    });
    let (holding, holder) = hold_heads(&pool).await;
    let handle = server.handle();
    let change =
        tokio::spawn(async move { handle.graphql(PROPOSE, json!({ "input": input })).await });
    someone_waits(&pool, holder).await;

    server.tell_to_stop();
    let deadline = Instant::now() + DEADLINE;
    while server.handle().get("/healthz").await.is_some() {
        assert!(Instant::now() < deadline, "it still takes new requests");
    }
    assert!(!change.is_finished(), "the change is still under way");
    holding.rollback().await.expect("released");

    let answer = change.await.expect("no panic").expect("an answer");
    let proposed = &answer["data"]["proposeCommitment"];
    assert!(proposed["position"].is_u64(), "{answer}");
    assert_eq!(proposed["projected"], true, "the views follow: {answer}");
    let title = &proposed["commitment"]["title"];
    assert_eq!(title, "A promise made at the last moment", "{answer}");
    assert!(server.ends().await, "and it stops cleanly");
}
