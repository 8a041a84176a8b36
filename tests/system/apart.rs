//! Every service a process of its own, on one database: they work as one, and outlive one another.

use std::net::TcpListener;
use std::time::Duration;

use serde_json::{Value, json};
use sqlx::{ConnectOptions, PgPool};
use tokio::time::{Instant, timeout};

use crate::server::{self, Server};
use domain::ids::{IdSource, RandomIds};

/// How long anything here may take to come about.
const DEADLINE: Duration = Duration::from_mins(1);
/// How long a lease lasts without word from its holder, and what noticing that may take on top.
const LEASE: Duration = Duration::from_secs(10);
const SLACK: Duration = Duration::from_secs(10);

const PROPOSE: &str = "mutation Propose($input: ProposeCommitmentInput!) {
  proposeCommitment(input: $input) { position repeated userErrors { code message } } }";

const TITLE: &str = "A promise made from one process to another";

/// What the processes share: a database, and a folder to start in.
struct Place {
    url: String,
    folder: tempfile::TempDir,
}

impl Place {
    fn new(pool: &PgPool) -> Self {
        Self {
            url: pool.connect_options().to_url_lossy().to_string(),
            folder: tempfile::tempdir().expect("a folder"),
        }
    }

    /// Starts one service.
    async fn start(&self, only: &str, more: &[&str]) -> Server {
        let mut arguments = vec!["--database-url", &self.url, "--only", only];
        arguments.extend(more);
        Server::start(&self.folder.path().join("unused"), &arguments).await
    }

    /// Has a gateway asked by somebody who may change things.
    async fn let_in(&self, gateway: &mut Server) -> String {
        let data_dir = self.folder.path().join("unused");
        let token = gateway.let_in(&data_dir, Some(&self.url)).await;
        gateway.knows_who_was_let_in().await;
        token
    }

    /// Starts one service whose log goes to a file named after it.
    async fn start_logging(&self, only: &str, more: &[&str]) -> Server {
        let mut arguments = vec!["--database-url", &self.url, "--only", only];
        arguments.extend(more);
        let log = std::fs::File::create(self.log_of(only)).expect("a file");
        Server::start_logging(&self.folder.path().join("unused"), &arguments, log.into()).await
    }

    fn log_of(&self, service: &str) -> std::path::PathBuf {
        self.folder.path().join(format!("{service}.log"))
    }

    /// Until a line of a service's log has all of `words`.
    async fn logs(&self, service: &str, words: &[&str]) {
        let deadline = Instant::now() + DEADLINE;
        loop {
            let log = std::fs::read_to_string(self.log_of(service)).expect("a log");
            let has_all = |line: &str| words.iter().all(|word| line.contains(word));
            if log.lines().any(has_all) {
                return;
            }
            assert!(
                Instant::now() < deadline,
                "{service} did not log {words:?}: {log}"
            );
            tokio::task::yield_now().await;
        }
    }

    async fn check(&self) {
        let arguments = ["--database-url", &self.url, "check"];
        let report = server::run(&self.folder.path().join("unused"), &arguments).await;
        let said = String::from_utf8_lossy(&report.stdout).into_owned();
        assert!(report.status.success(), "{said}");
    }
}

/// An address that was free a moment ago.
fn free_address() -> String {
    let listener = TcpListener::bind("127.0.0.1:0").expect("a port");
    listener.local_addr().expect("an address").to_string()
}

/// Until `/readyz` is green.
async fn is_ready(server: &Server) {
    let deadline = Instant::now() + DEADLINE;
    loop {
        let (status, body) = server.handle().get("/readyz").await.expect("an answer");
        if status == 200 {
            return;
        }
        assert!(Instant::now() < deadline, "not ready in time: {body}");
        tokio::task::yield_now().await;
    }
}

/// The ids of the five compacts, once the views show them.
async fn five_compacts(gateway: &Server) -> Vec<String> {
    let deadline = Instant::now() + DEADLINE;
    loop {
        let compacts = gateway.compact_ids().await;
        if compacts.len() == 5 {
            return compacts;
        }
        assert!(Instant::now() < deadline, "only {compacts:?} in time");
    }
}

fn proposal(compact: &str, label: &str) -> Value {
    json!({ "input": {
        "commandId": RandomIds.next(),
        "compactId": compact,
        "session": "2010-11",
        "ref": label,
        "title": TITLE,
        "occurredOn": "2010-04-01",
    } })
}

/// Proposes it and gives what was answered.
async fn propose(gateway: &Server, proposal: &Value) -> Value {
    let answer = gateway.handle().graphql(PROPOSE, proposal.clone()).await;
    let answer = answer.expect("the gateway is up");
    let proposed = answer["data"]["proposeCommitment"].clone();
    assert_eq!(proposed["userErrors"], json!([]), "{answer}");
    proposed
}

/// Whether `server` shows what `proposed` made in `compact`, waiting as long as one request does.
async fn shows(server: &Server, compact: &str, proposed: &Value) -> bool {
    let question = "query Q($id: ID!, $at: AtLeast) {
      commitments(compactId: $id, filter: { session: \"2010-11\" }, atLeast: $at) { nodes { title } } }";
    let at = json!({ "ledger": compact, "position": proposed["position"] });
    let variables = json!({ "id": compact, "at": at });
    let answer = server.handle().graphql(question, variables).await;
    let answer = answer.expect("an answer");
    let late = answer["errors"][0]["extensions"]["code"] == "BEHIND";
    let titles = answer["data"]["commitments"]["nodes"].as_array();
    let shown = titles.is_some_and(|nodes| nodes.iter().any(|node| node["title"] == TITLE));
    assert!(shown || late, "{answer}");
    shown
}

/// Reads a stream of events until it holds `wanted`.
async fn hears(events: &mut reqwest::Response, wanted: &str) {
    let mut heard = String::new();
    while !heard.contains(wanted) {
        let chunk = timeout(DEADLINE, events.chunk()).await;
        let chunk = chunk.expect("an event in time").expect("a whole event");
        let chunk = chunk.unwrap_or_else(|| panic!("the stream ended with {heard}"));
        heard.push_str(&String::from_utf8_lossy(&chunk));
    }
}

#[sqlx::test(migrations = false)]
async fn four_processes_on_one_database_work_as_one(pool: PgPool) {
    let place = Place::new(&pool);
    let door = free_address();
    let recorder_url = format!("http://{door}");
    let apart = ["--recorder-url", &recorder_url];
    let recorder = place
        .start("recorder", &["--import-reference", "--listen", &door])
        .await;
    let projector = place.start("projector", &[]).await;
    let mut gateway = place.start("gateway", &apart).await;
    let mut web = place.start("web", &apart).await;
    for server in [&recorder, &projector, &gateway, &web] {
        is_ready(server).await;
    }
    let compacts = five_compacts(&gateway).await;
    let token = place.let_in(&mut gateway).await;
    web.ask_with(&token);

    let follow = "subscription F($ledger: ID!) { entries(ledger: $ledger) { position commandId } }";
    let variables = json!({ "ledger": compacts[0] });
    let mut events = gateway.handle().follow(follow, variables).await;
    hears(&mut events, "\"position\":1,").await;

    let proposal = proposal(&compacts[0], "apart");
    let proposed = propose(&gateway, &proposal).await;
    assert!(shows(&gateway, &compacts[0], &proposed).await);
    assert!(shows(&web, &compacts[0], &proposed).await);
    let command = proposal["input"]["commandId"].as_str().expect("an id");
    hears(&mut events, command).await;
    let (status, page) = web.handle().get("/").await.expect("a page");
    assert_eq!((status, page.contains("Derbyshire")), (200, true), "{page}");

    gateway.stop().await;
    hears(&mut events, "event: complete").await;
    for server in [web, projector, recorder] {
        server.stop().await;
    }
    place.check().await;
}

#[sqlx::test(migrations = false)]
async fn a_gateway_whose_recorder_is_gone_says_when_to_come_back_and_goes_on_reading(pool: PgPool) {
    let place = Place::new(&pool);
    let door = free_address();
    let recorder_url = format!("http://{door}");
    let at_the_door = ["--listen", door.as_str()];
    let mut recorder = place
        .start("recorder", &["--import-reference", "--listen", &door])
        .await;
    let projector = place.start("projector", &[]).await;
    let mut gateway = place
        .start("gateway", &["--recorder-url", &recorder_url])
        .await;
    let compacts = five_compacts(&gateway).await;
    place.let_in(&mut gateway).await;
    let first = propose(&gateway, &proposal(&compacts[0], "before")).await;

    recorder.kill().await;
    let meanwhile = proposal(&compacts[0], "meanwhile");
    let asked = gateway.handle().ask(PROPOSE, meanwhile.clone()).await;
    let answer = asked.expect("the gateway is up");
    let error = &answer.body["errors"][0];
    assert_eq!(answer.status, 503, "{error}");
    assert_eq!(answer.retry_after.as_deref(), Some("2"), "{error}");
    assert_eq!(error["extensions"]["code"], "BUSY", "{error}");
    let said = error["message"].as_str().expect("a message");
    assert!(said.contains("nothing was recorded; try again"), "{said}");
    assert!(shows(&gateway, &compacts[0], &first).await);
    is_ready(&gateway).await;

    let recorder = place.start("recorder", &at_the_door).await;
    let recorded = propose(&gateway, &meanwhile).await;
    assert_eq!(recorded["repeated"], false);
    assert!(shows(&gateway, &compacts[0], &recorded).await);
    for server in [gateway, projector, recorder] {
        server.stop().await;
    }
    place.check().await;
}

/// Who holds how many leases that have not run out.
async fn holders(pool: &PgPool) -> Vec<(uuid::Uuid, i64)> {
    sqlx::query_as(
        "select holder, count(*) from projector_lease where expires_at > now() group by holder order by 2",
    )
    .fetch_all(pool)
    .await
    .expect("the leases")
}

/// Until the leases are held as `fits` says.
async fn leases(pool: &PgPool, what: &str, fits: impl Fn(&[(uuid::Uuid, i64)]) -> bool) {
    let deadline = Instant::now() + DEADLINE;
    loop {
        let held = holders(pool).await;
        if fits(&held) {
            return;
        }
        assert!(Instant::now() < deadline, "{what}, in time: {held:?}");
    }
}

#[sqlx::test(migrations = false)]
async fn two_projectors_share_the_ledgers_and_one_takes_over_from_the_other_when_it_is_killed(
    pool: PgPool,
) {
    let place = Place::new(&pool);
    let door = free_address();
    let recorder = place
        .start("recorder", &["--import-reference", "--listen", &door])
        .await;
    let mut gateway = place
        .start("gateway", &["--recorder-url", &format!("http://{door}")])
        .await;
    let mut first = place.start("projector", &[]).await;
    leases(&pool, "one holds all six", |held| {
        held.len() == 1 && held[0].1 == 6
    })
    .await;
    let second = place.start("projector", &[]).await;
    leases(&pool, "three each", |held| {
        held.len() == 2 && held[0].1 == 3 && held[1].1 == 3
    })
    .await;
    let compacts = five_compacts(&gateway).await;
    place.let_in(&mut gateway).await;

    first.kill().await;
    let killed = Instant::now();
    let mut proposed = Vec::new();
    for compact in &compacts {
        proposed.push(propose(&gateway, &proposal(compact, "orphaned")).await);
    }
    for (compact, proposed) in compacts.iter().zip(&proposed) {
        while !shows(&gateway, compact, proposed).await {
            let held = holders(&pool).await;
            assert!(
                killed.elapsed() < LEASE + SLACK,
                "nobody took over in time: {held:?}"
            );
        }
    }
    leases(&pool, "the other holds all six", |held| {
        held.len() == 1 && held[0].1 == 6
    })
    .await;
    for server in [gateway, second, recorder] {
        server.stop().await;
    }
    place.check().await;
}

#[tokio::test]
async fn parts_that_could_not_work_together_are_refused_before_anything_starts() {
    let folder = tempfile::tempdir().expect("a folder");
    let data_dir = folder.path().join("data");
    let url = "postgres://nobody@127.0.0.1:1/nowhere";
    let refused: [(&[&str], &str); 4] = [
        (&["--only", "projector"], "database_url"),
        (
            &["--only", "gateway", "--database-url", url],
            "recorder_url",
        ),
        (
            &[
                "--only",
                "web",
                "--database-url",
                url,
                "--recorder-url",
                "elsewhere",
            ],
            "recorder_url",
        ),
        (
            &[
                "--only",
                "projector",
                "--database-url",
                url,
                "--import-reference",
            ],
            "--import-reference",
        ),
    ];
    for (arguments, named) in refused {
        let mut all = vec!["serve", "--listen", "127.0.0.1:0"];
        all.extend(arguments);
        let output = server::run(&data_dir, &all).await;
        let said = String::from_utf8_lossy(&output.stderr).into_owned();
        assert!(!output.status.success(), "{arguments:?}");
        assert!(said.contains(named), "{arguments:?}: {said}");
        assert!(!data_dir.exists(), "a refused start leaves nothing behind");
    }
}

#[sqlx::test(migrations = false)]
async fn a_database_that_may_lose_what_is_recorded_is_used_only_with_leave(pool: PgPool) {
    let fsync: String = sqlx::query_scalar("select current_setting('fsync')")
        .fetch_one(&pool)
        .await
        .expect("a setting");
    assert_eq!(fsync, "off", "these tests have a server of their own");
    let place = Place::new(&pool);
    let data_dir = place.folder.path().join("unused");
    let url = ["--database-url", &place.url];
    for task in [
        &["serve", "--listen", "127.0.0.1:0"][..],
        &["import", "reference"],
    ] {
        let refused = server::run_carefully(&data_dir, &[&url[..], task].concat()).await;
        let said = String::from_utf8_lossy(&refused.stderr).into_owned();
        assert!(!refused.status.success(), "{task:?}");
        assert!(
            said.contains("fsync") && said.contains("`allow_unsafe_database`"),
            "{said}"
        );
    }
    let settings = place.folder.path().join("compacts.toml");
    std::fs::write(settings, "listen = \"127.0.0.1:0\"\n").expect("written");
    let doctor = [&url[..], &["doctor"]].concat();
    let broken = server::run_carefully(&data_dir, &doctor).await;
    let said = String::from_utf8_lossy(&broken.stdout).into_owned();
    assert!(!broken.status.success(), "{said}");
    assert!(
        said.contains("BROKEN  durability") && said.contains("fsync"),
        "{said}"
    );
    let told = server::run(&data_dir, &doctor).await;
    let said = String::from_utf8_lossy(&told.stdout).into_owned();
    assert!(told.status.success(), "{said}");
    assert!(said.contains("durability: a crash may lose"), "{said}");
    let tables = "select count(*) from pg_tables where schemaname = 'public'";
    let made: i64 = sqlx::query_scalar(tables)
        .fetch_one(&pool)
        .await
        .expect("a count");
    assert_eq!(made, 0, "nothing was begun there");
}

#[sqlx::test(migrations = false)]
async fn one_change_can_be_followed_by_its_name_through_the_logs_of_every_process(pool: PgPool) {
    let place = Place::new(&pool);
    let settings = place.folder.path().join("compacts.toml");
    let talkative = "log = \"info,recorder=debug,ledger=debug,projector=debug\"\n";
    std::fs::write(settings, talkative).expect("written");
    let door = free_address();
    let at_the_door = ["--import-reference", "--listen", &door];
    let recorder = place.start_logging("recorder", &at_the_door).await;
    let projector = place.start_logging("projector", &[]).await;
    let recorder_url = format!("http://{door}");
    let mut gateway = place
        .start("gateway", &["--recorder-url", &recorder_url])
        .await;
    let compacts = five_compacts(&gateway).await;
    place.let_in(&mut gateway).await;

    // So that nothing older is left to fold beside it.
    let before = propose(&gateway, &proposal(&compacts[0], "before")).await;
    while !shows(&gateway, &compacts[0], &before).await {}
    let proposal = proposal(&compacts[0], "traced");
    let handle = gateway.handle();
    let answer = handle.ask_as("trace-me.7", PROPOSE, &proposal).await;
    let position = &answer["data"]["proposeCommitment"]["position"];
    assert!(position.is_number() || position.is_string(), "{answer}");
    let command = proposal["input"]["commandId"].as_str().expect("an id");
    let named = "correlation=\"trace-me.7\"";
    place.logs("recorder", &[named, command, "recorded"]).await;
    place.logs("recorder", &["write", command, "written"]).await;
    place
        .logs("projector", &["project", command, "projected"])
        .await;
    for server in [gateway, projector, recorder] {
        server.stop().await;
    }
}
