//! The tools as an operator meets them: beside a server that is running, after one that was killed, on data of another
//! version, and where there is no data at all.

use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::time::Duration;

use cluster::RunningCluster;
use serde_json::json;
use sqlx::{Connection, PgConnection};
use tokio::time::{Instant, sleep};

use crate::promises::{proposal, propose, settle};
use crate::server::{self, Handle, Server};

/// How long anything here may take to come about.
const DEADLINE: Duration = Duration::from_mins(1);

/// Rebuilds during which commands must have been recorded.
const REBUILDS: u64 = 3;

/// A data directory, in a folder the tools are started in.
struct Place {
    folder: tempfile::TempDir,
}

/// What a tool said, and whether it called that a success.
struct Said {
    well: bool,
    text: String,
}

impl Place {
    fn new() -> Self {
        let folder = tempfile::tempdir().expect("a folder");
        server::open_to_postgres(folder.path());
        Self { folder }
    }

    fn data_dir(&self) -> PathBuf {
        self.folder.path().join("data")
    }

    async fn start(&self, arguments: &[&str]) -> Server {
        Server::start(&self.data_dir(), arguments).await
    }

    async fn tool(&self, name: &str) -> Said {
        run(&self.data_dir(), &[name]).await
    }

    /// Expects a tool to succeed and to say something.
    async fn well(&self, name: &str, says: &str) {
        let Said { well, text } = self.tool(name).await;
        assert!(well && text.contains(says), "{name}: {text}");
    }

    /// Expects a tool to fail and to say something.
    async fn refused(&self, name: &str, says: &str) {
        let Said { well, text } = self.tool(name).await;
        assert!(!well && text.contains(says), "{name}: {text}");
    }

    /// Sets the address that `serve` would listen at, and `doctor` looks at.
    fn listen(&self, address: &str) {
        let settings = format!("listen = \"{address}\"\n");
        std::fs::write(self.folder.path().join("compacts.toml"), settings).expect("settings");
    }

    /// A connection to the private cluster of the server that is running.
    async fn connection(&self) -> PgConnection {
        let running = RunningCluster::find(&self.data_dir().join("postgres"));
        let running = running.expect("a server that is running");
        PgConnection::connect(running.url()).await.expect("let in")
    }
}

async fn run(data_dir: &Path, arguments: &[&str]) -> Said {
    let output = server::run(data_dir, arguments).await;
    let text = [output.stdout, output.stderr].concat();
    Said {
        well: output.status.success(),
        text: String::from_utf8_lossy(&text).into_owned(),
    }
}

#[tokio::test]
async fn check_rebuild_and_doctor_work_beside_the_server() {
    let place = Place::new();
    let server = place.start(&["--import-reference"]).await;
    place.listen(server.handle().address());
    for (name, says) in [
        ("check", "every view stands at the end of its ledger"),
        ("rebuild", "nothing differed from what was in use"),
        ("doctor", "Running, and nothing is broken."),
        ("doctor", "is served by Compacts"),
        ("check", "0 found wrong"),
    ] {
        place.well(name, says).await;
    }
    // Also when it listens elsewhere than the settings say.
    place.listen("127.0.0.1:0");
    place
        .well("doctor", "Running, and nothing is broken.")
        .await;
    let (status, readiness) = server.handle().get("/readyz").await.expect("an answer");
    assert_eq!(status, 200, "{readiness}");
    server.stop().await;
    place.well("doctor", "Ready to serve.").await;
}

#[tokio::test]
async fn an_address_that_somebody_else_has_is_broken_whoever_it_is() {
    let (place, other) = (Place::new(), Place::new());
    let elsewhere = other.start(&[]).await;
    let address = elsewhere.handle().address().to_owned();
    place.listen(&address);
    place.refused("doctor", "that serves other data").await;
    let server = place.start(&[]).await;
    place.refused("doctor", "that serves other data").await;
    server.stop().await;
    place.refused("doctor", "that serves other data").await;
    elsewhere.stop().await;
    let listener = std::net::TcpListener::bind(&address).expect("it is free again");
    // Answers nobody, and says so at once.
    listener.set_nonblocking(true).expect("set");
    let listener = tokio::net::TcpListener::from_std(listener).expect("a listener");
    let hanging_up = tokio::spawn(async move { while listener.accept().await.is_ok() {} });
    place.refused("doctor", "in use by another program").await;
    hanging_up.abort();
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn commands_go_on_being_recorded_and_shown_during_a_rebuild() {
    let place = Place::new();
    let mut server = place.start(&["--import-reference"]).await;
    server.let_in(&place.data_dir(), None).await;
    server.knows_who_was_let_in().await;
    let compacts = server.compact_ids().await;
    let stop = Arc::new(AtomicBool::new(false));
    let recorded = Arc::new(AtomicU64::new(0));
    let clients: Vec<_> = compacts
        .iter()
        .map(|compact| {
            let (stop, recorded) = (Arc::clone(&stop), Arc::clone(&recorded));
            tokio::spawn(record(server.handle(), compact.clone(), stop, recorded))
        })
        .collect();

    let deadline = Instant::now() + DEADLINE;
    let mut rebuilds = 0;
    while rebuilds < REBUILDS {
        assert!(
            !clients.iter().any(tokio::task::JoinHandle::is_finished),
            "a client was refused"
        );
        let before = recorded.load(Ordering::Relaxed);
        place.well("rebuild", "swapped in").await;
        rebuilds += u64::from(recorded.load(Ordering::Relaxed) > before);
        assert!(
            Instant::now() < deadline,
            "nothing is recorded during a rebuild"
        );
    }
    stop.store(true, Ordering::Relaxed);
    let mut ends = std::collections::BTreeMap::new();
    for (client, compact) in clients.into_iter().zip(compacts) {
        ends.insert(
            compact,
            client.await.expect("a client that was not refused"),
        );
    }
    settle(&server, &ends).await;
    place
        .well("check", "every view stands at the end of its ledger")
        .await;
    place
        .well("rebuild", "nothing differed from what was in use")
        .await;
    let (status, readiness) = server.handle().get("/readyz").await.expect("an answer");
    assert_eq!(status, 200, "{readiness}");
    server.stop().await;
}

/// Proposes one commitment after the other and reads in between, and nothing may be refused; gives the last position.
async fn record(
    server: Handle,
    compact: String,
    stop: Arc<AtomicBool>,
    recorded: Arc<AtomicU64>,
) -> u64 {
    let mut last = 0;
    for number in 1.. {
        let input = proposal(&compact, &format!("r.{number}"));
        last = propose(&server, &input).await.expect("an answer");
        let question = "query Read($id: ID!) { compact(id: $id) { id } }";
        let answer = server.graphql(question, json!({ "id": compact })).await;
        let answer = answer.expect("an answer");
        assert_eq!(answer["data"]["compact"]["id"], json!(compact), "{answer}");
        recorded.fetch_add(1, Ordering::Relaxed);
        if stop.load(Ordering::Relaxed) {
            break;
        }
    }
    last
}

#[tokio::test]
async fn tools_work_after_the_server_was_killed() {
    let place = Place::new();
    let mut server = place.start(&["--import-reference"]).await;
    place.listen("127.0.0.1:0");
    for tools in [["doctor", "check"], ["rebuild", "check"]] {
        server.kill().await;
        for name in tools {
            let Said { well, text } = place.tool(name).await;
            assert!(well, "{name}: {text}");
        }
        server = place.start(&[]).await;
    }
    server::kill_postgres(&place.data_dir());
    server.kill().await;
    place
        .well("check", "every view stands at the end of its ledger")
        .await;
    place.well("doctor", "Ready to serve.").await;
}

#[tokio::test]
async fn a_tool_whose_server_stops_meanwhile_says_so() {
    let place = Place::new();
    let server = place.start(&["--import-reference"]).await;
    let mut connection = place.connection().await;
    let mut holding = connection.begin().await.expect("begun");
    sqlx::query("lock table mentions in access exclusive mode")
        .execute(&mut *holding)
        .await
        .expect("held");
    let data_dir = place.data_dir();
    let checking = tokio::spawn(async move { run(&data_dir, &["check"]).await });
    let deadline = Instant::now() + DEADLINE;
    let waiting = "select count(*) from pg_locks where not granted";
    while sqlx::query_scalar::<_, i64>(waiting)
        .fetch_one(&mut *holding)
        .await
        .expect("a count")
        == 0
    {
        assert!(Instant::now() < deadline, "the check does not get that far");
        sleep(Duration::from_millis(10)).await;
    }
    server.stop().await;
    let Said { well, text } = checking.await.expect("it ends");
    assert!(!well && text.contains("stopped meanwhile"), "{text}");
    place.well("check", "0 found wrong").await;
}

const NEWEST: &str = "select max(version) from _sqlx_migrations";

async fn newest(connection: &mut PgConnection) -> i64 {
    let newest = sqlx::query_scalar(NEWEST).fetch_one(connection).await;
    newest.expect("a version")
}

#[tokio::test]
async fn tables_of_a_newer_version_are_refused_by_every_task_and_left_alone() {
    let place = Place::new();
    place.listen("127.0.0.1:0");
    let server = place.start(&[]).await;
    let mut connection = place.connection().await;
    let to_come =
        "insert into _sqlx_migrations (version, description, success, checksum, execution_time)
        values (99991231235959, 'to come', true, '', 0)";
    sqlx::query(to_come)
        .execute(&mut connection)
        .await
        .expect(to_come);
    connection.close().await.expect("closed");
    for name in ["check", "rebuild", "doctor"] {
        place.refused(name, "newer than this program").await;
    }
    server.stop().await;
    for name in ["check", "rebuild", "doctor"] {
        place.refused(name, "newer than this program").await;
    }
    let serve = ["serve", "--listen", "127.0.0.1:0"];
    let Said { well, text } = run(&place.data_dir(), &serve).await;
    assert!(!well && text.contains("newer than this program"), "{text}");
}

#[tokio::test]
async fn tables_of_an_older_version_are_told_by_tools_that_look_and_left_to_the_server() {
    let place = Place::new();
    place.listen("127.0.0.1:0");
    let server = place.start(&[]).await;
    let mut connection = place.connection().await;
    let all = newest(&mut connection).await;
    let forget = "delete from _sqlx_migrations where version = $1";
    let forget = sqlx::query(forget).bind(all).execute(&mut connection);
    forget.await.expect("forgotten");
    for name in ["check", "rebuild"] {
        place.refused(name, "older than this program").await;
    }
    place.well("doctor", "older than this program").await;
    assert!(newest(&mut connection).await < all, "nobody migrated");
    connection.close().await.expect("closed");
    server.stop().await;
    place.refused("check", "older than this program").await;
    place
        .well("doctor", "the next `compacts serve` of this version")
        .await;
    place.refused("check", "start `compacts serve`").await;
}

#[tokio::test]
async fn tools_for_data_that_is_not_there_say_so_and_make_none() {
    let place = Place::new();
    let data_dir = place.data_dir();
    for name in ["check", "rebuild"] {
        place.refused(name, "there is no data in").await;
        place.refused(name, "--data-dir").await;
    }
    place.well("doctor", "`compacts serve` begins it in").await;
    assert!(!data_dir.exists());

    // A first start that was interrupted has made none either.
    let half_made = data_dir.join("postgres/making-abc123");
    std::fs::create_dir_all(&half_made).expect("made");
    place.refused("check", "there is no data in").await;
    place.well("doctor", "`compacts serve` begins it in").await;
    assert!(half_made.exists() && !data_dir.join("postgres/pgdata").exists());
}
