//! The real binary, started and stopped as an operator would, and a client for it.

use std::os::unix::fs::PermissionsExt;
use std::path::Path;
use std::process::{Output, Stdio};
use std::time::Duration;

use cluster::RunningCluster;
use nix::sys::signal::{Signal, kill};
use nix::unistd::Pid;
use reqwest::Method;
use reqwest::header::HeaderMap;
use serde_json::{Value, json};
use tokio::io::{AsyncBufReadExt, BufReader};
use tokio::process::{Child, Command};

use crate::insider;

/// How long the server may take to start, crash recovery included.
const START: Duration = Duration::from_mins(2);
/// How long it may take to stop.
const STOP: Duration = Duration::from_mins(1);

/// A running server.
pub struct Server {
    child: Child,
    handle: Handle,
}

/// A client of a running server, and of what follows it at the same place.
#[derive(Clone)]
pub struct Handle {
    http: reqwest::Client,
    base: String,
    /// Whom it asks as; the public without one.
    token: Option<String>,
}

/// What came of asking.
pub struct Answer {
    pub status: u16,
    pub retry_after: Option<String>,
    pub body: Value,
}

/// Lets the account PostgreSQL runs as reach a temporary folder.
pub fn open_to_postgres(folder: &Path) {
    std::fs::set_permissions(folder, std::fs::Permissions::from_mode(0o755)).expect("permissions");
}

/// Kills the private cluster under `data_dir` as a power cut would. It must be running.
pub fn kill_postgres(data_dir: &Path) {
    let file = data_dir.join("postgres/pgdata/postmaster.pid");
    let file = std::fs::read_to_string(file).expect("a running cluster");
    let pid = file.lines().next().expect("a pid");
    let pid = pid.trim().parse().expect("a number");
    kill(Pid::from_raw(pid), Signal::SIGKILL).expect("killed");
}

/// Runs the binary to its end.
pub async fn run(data_dir: &Path, arguments: &[&str]) -> Output {
    command(data_dir)
        .args(arguments)
        .output()
        .await
        .expect("the binary runs")
}

/// The same, without leave to use a database that may lose data.
pub async fn run_carefully(data_dir: &Path, arguments: &[&str]) -> Output {
    let mut command = command(data_dir);
    command.env_remove(LEAVE).args(arguments);
    command.output().await.expect("the binary runs")
}

/// The tests' own PostgreSQL does without fsync; what is in it would not be missed.
const LEAVE: &str = "COMPACTS_ALLOW_UNSAFE_DATABASE";

/// A test is one caller, and asks as fast as it can.
const PACES: [&str; 4] = [
    "COMPACTS_REQUESTS_OF_ADDRESS",
    "COMPACTS_REQUESTS_OF_ACCOUNT",
    "COMPACTS_REQUESTS_OF_TOKEN",
    "COMPACTS_CHANGES_OF_COMPACT",
];

fn command(data_dir: &Path) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_compacts"));
    command
        .env_remove("DATABASE_URL")
        .env_remove("COMPACTS_DATABASE_URL")
        .env(LEAVE, "true")
        .envs(PACES.map(|pace| (pace, "{ per_second = 100000, burst = 100000 }")));
    command
        .arg("--data-dir")
        .arg(data_dir)
        .current_dir(data_dir.parent().expect("a folder"));
    command.kill_on_drop(true);
    command
}

impl Server {
    /// Starts the server, on a free port unless `arguments` name one, and waits until it says where it is.
    pub async fn start(data_dir: &Path, arguments: &[&str]) -> Self {
        Self::start_logging(data_dir, arguments, Stdio::inherit()).await
    }

    /// The same, with its log going to `log`.
    pub async fn start_logging(data_dir: &Path, arguments: &[&str], log: Stdio) -> Self {
        let anywhere = ["--listen", "127.0.0.1:0"];
        let listen = if arguments.contains(&"--listen") {
            &[][..]
        } else {
            &anywhere
        };
        let mut child = command(data_dir)
            .arg("serve")
            .args(listen)
            .args(arguments)
            .stdout(Stdio::piped())
            .stderr(log)
            .spawn()
            .expect("the binary starts");
        let stdout = child.stdout.take().expect("piped");
        let base = tokio::time::timeout(START, address(stdout))
            .await
            .expect("it starts in time");
        Self {
            child,
            handle: Handle {
                http: reqwest::Client::new(),
                base,
                token: None,
            },
        }
    }

    /// A client.
    pub fn handle(&self) -> Handle {
        self.handle.clone()
    }

    /// Makes somebody who may change everything in every compact, and asks as them from now on; gives their token, which is
    /// good after a restart too. `data_dir` has the master key, and the database where none is named.
    pub async fn let_in(&mut self, data_dir: &Path, database_url: Option<&str>) -> String {
        let running = || RunningCluster::find(&data_dir.join("postgres"));
        let url = match database_url {
            Some(url) => url.to_owned(),
            None => running().expect("a running cluster").url().to_owned(),
        };
        let token = insider::token(&url, &data_dir.join("master.key")).await;
        self.ask_with(&token);
        token
    }

    /// Waits until the views show the roles of who was let in.
    pub async fn knows_who_was_let_in(&self) {
        let deadline = tokio::time::Instant::now() + START;
        loop {
            let asked = self
                .handle
                .graphql("{ viewer { roles { current } } }", json!({}));
            let answer = asked.await.expect("the server is up");
            let roles = answer["data"]["viewer"]["roles"].as_array();
            if roles.is_some_and(|roles| !roles.is_empty()) {
                return;
            }
            assert!(tokio::time::Instant::now() < deadline, "{answer}");
        }
    }

    /// Asks with this token from now on.
    pub fn ask_with(&mut self, token: &str) {
        self.handle.token = Some(token.to_owned());
    }

    /// The ids of all compacts.
    pub async fn compact_ids(&self) -> Vec<String> {
        let answer = self
            .handle
            .graphql("{ compacts { nodes { id } } }", json!({}))
            .await;
        let answer = answer.expect("the server is up");
        let nodes = answer["data"]["compacts"]["nodes"]
            .as_array()
            .expect("compacts");
        nodes
            .iter()
            .map(|node| node["id"].as_str().expect("an id").to_owned())
            .collect()
    }

    /// Kills it: no warning, no clean-up.
    pub async fn kill(&mut self) {
        self.child.start_kill().expect("killed");
        self.child.wait().await.expect("gone");
    }

    /// Waits until it ends by itself, and tells whether it calls that a success.
    pub async fn ends(mut self) -> bool {
        let status = tokio::time::timeout(STOP, self.child.wait()).await;
        status.expect("it ends in time").expect("gone").success()
    }

    /// Tells it to stop.
    pub fn tell_to_stop(&self) {
        let pid = i32::try_from(self.child.id().expect("running")).expect("a pid");
        kill(Pid::from_raw(pid), Signal::SIGTERM).expect("signalled");
    }

    /// Asks it to stop, and expects that it does.
    pub async fn stop(self) {
        self.tell_to_stop();
        assert!(self.ends().await, "it stops cleanly");
    }
}

impl Handle {
    /// Where the server listens: address and port.
    pub fn address(&self) -> &str {
        self.base.trim_start_matches("http://")
    }

    /// Asks, and gets an answer.
    pub async fn get_graphql(&self, query: &str) -> Value {
        self.graphql(query, json!({}))
            .await
            .expect("the server is up")
    }

    /// Asks; nothing when there was no answer.
    pub async fn graphql(&self, query: &str, variables: Value) -> Option<Value> {
        Some(self.ask(query, variables).await?.body)
    }

    /// Asks; nothing when there was no answer.
    pub async fn ask(&self, query: &str, variables: Value) -> Option<Answer> {
        let response = self.question(query, &variables).send().await.ok()?;
        let retry_after = response.headers().get("retry-after");
        Some(Answer {
            status: response.status().as_u16(),
            retry_after: retry_after.map(|wait| wait.to_str().expect("text").to_owned()),
            body: response.json().await.ok()?,
        })
    }

    /// A request of any other kind, as whoever this asks as.
    pub fn request(&self, method: Method, path: &str) -> reqwest::RequestBuilder {
        let request = self.http.request(method, format!("{}{path}", self.base));
        match &self.token {
            Some(token) => request.bearer_auth(token),
            None => request,
        }
    }

    /// Subscribes: a response whose body goes on.
    pub async fn follow(&self, subscription: &str, variables: Value) -> reqwest::Response {
        let question = self.question(subscription, &variables);
        let question = question.header("accept", "text/event-stream");
        let response = question.send().await.expect("an answer");
        assert_eq!(response.status(), 200);
        response
    }

    /// Asks under a name that is to stand in every log.
    pub async fn ask_as(&self, request: &str, query: &str, variables: &Value) -> Value {
        let question = self.question(query, variables);
        let answer = question.header("x-request-id", request).send().await;
        let answer = answer.expect("an answer");
        assert_eq!(answer.headers()["x-request-id"], request);
        answer.json().await.expect("a document")
    }

    fn question(&self, query: &str, variables: &Value) -> reqwest::RequestBuilder {
        let body = json!({ "query": query, "variables": variables });
        let request = self.http.post(format!("{}/graphql", self.base));
        let request = match &self.token {
            Some(token) => request.bearer_auth(token),
            None => request,
        };
        request.json(&body)
    }

    /// Gets a path as a page of another site would have a browser get it.
    pub async fn status_from_elsewhere(&self, path: &str) -> u16 {
        let request = self.http.get(format!("{}{path}", self.base));
        let request = request.header("origin", "https://elsewhere.example");
        let response = request.send().await.expect("an answer");
        response.status().as_u16()
    }

    /// What a path's answer says of itself, to a page of `origin` or to a program.
    pub async fn headers(&self, method: Method, path: &str, origin: Option<&str>) -> HeaderMap {
        let mut request = self.http.request(method, format!("{}{path}", self.base));
        if let Some(origin) = origin {
            request = request.header("origin", origin);
        }
        let response = request.send().await.expect("an answer");
        response.headers().clone()
    }

    /// Asks for a path, or sends an empty form to it, as a page of this server with nobody signed in would: the status, and
    /// where it leads.
    pub async fn stranger(&self, method: Method, path: &str) -> (u16, Option<String>) {
        let stays = reqwest::redirect::Policy::none();
        let http = reqwest::Client::builder().redirect(stays).build();
        let request = http
            .expect("a client")
            .request(method.clone(), format!("{}{path}", self.base));
        let request = request
            .header("origin", &self.base)
            .header("sec-fetch-site", "same-origin");
        let request = match method {
            Method::POST => request
                .header("content-type", "application/x-www-form-urlencoded")
                .body("nothing=much"),
            _ => request,
        };
        let response = request.send().await.expect("an answer");
        let to = response.headers().get("location");
        let to = to.map(|to| to.to_str().expect("an address").to_owned());
        (response.status().as_u16(), to)
    }

    /// Gets a path: its status and its text.
    pub async fn get(&self, path: &str) -> Option<(u16, String)> {
        let response = self
            .http
            .get(format!("{}{path}", self.base))
            .send()
            .await
            .ok()?;
        let status = response.status().as_u16();
        Some((status, response.text().await.ok()?))
    }
}

/// The first address the server prints. What it prints after that is read away, so that it never
/// waits for a reader.
async fn address(stdout: tokio::process::ChildStdout) -> String {
    let mut lines = BufReader::new(stdout).lines();
    while let Some(line) = lines.next_line().await.expect("lines") {
        if let Some(start) = line.find("http://127.0.0.1:") {
            let address = line[start..].split_whitespace().next().expect("an address");
            let base = address.trim_end_matches('/').to_owned();
            tokio::spawn(async move { while let Ok(Some(_)) = lines.next_line().await {} });
            return base;
        }
    }
    panic!("the server stopped before it said where it is");
}
