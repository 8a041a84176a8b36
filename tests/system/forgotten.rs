//! Somebody who is erased, looked for everywhere a running installation keeps anything: in what it answers, in what it logs,
//! and in a dump of its database.

use std::path::Path;
use std::process::Command;

use base64::Engine;
use base64::engine::general_purpose::STANDARD_NO_PAD;
use cluster::{Programs, RunningCluster};
use serde_json::{Value, json};

use crate::server::{self, Handle, Server};

/// Words that stand nowhere else.
const NAME: &str = "Quillon Featherstonehaugh";
const EMAIL: &str = "quillon.featherstonehaugh@members.example";
const TELEPHONE: &str = "01632 960961";
const CANARIES: [&str; 4] = [NAME, EMAIL, TELEPHONE, "Featherstonehaugh"];

/// A title, which stands in the clear: whoever looks for it finds it.
const TITLE: &str = "A plan by which the search is tried";

fn hex(text: &str) -> String {
    use std::fmt::Write;
    text.bytes().fold(String::new(), |mut hex, byte| {
        write!(hex, "{byte:02x}").expect("written");
        hex
    })
}

/// How words may stand in something: as they are, as bytes in hexadecimal, or within base64, wherever they begin in it.
fn forms(words: &str) -> Vec<String> {
    let mut forms = vec![words.to_lowercase(), hex(words), hex(&words.to_lowercase())];
    for before in 0..3 {
        let padded = [&b"xxx"[..before], words.as_bytes()].concat();
        let encoded = STANDARD_NO_PAD.encode(padded);
        // The first and the last letter also tell of what stands beside.
        let inner = &encoded[before * 2..encoded.len() - 1];
        forms.push(inner.to_lowercase());
    }
    forms
}

fn says(text: &str, words: &str) -> bool {
    let text = text.to_lowercase();
    forms(words).iter().any(|form| text.contains(form))
}

/// The canaries that stand in a text.
fn found(text: &str) -> Vec<&'static str> {
    CANARIES
        .into_iter()
        .filter(|words| says(text, words))
        .collect()
}

#[test]
fn words_are_found_however_they_are_wrapped() {
    let about = format!("It was {NAME} who rang.");
    for wrapped in [
        about.clone(),
        about.to_uppercase(),
        hex(&about),
        STANDARD_NO_PAD.encode(&about),
        STANDARD_NO_PAD.encode(format!("a{about}")),
        STANDARD_NO_PAD.encode(format!("ab{about}")),
    ] {
        assert!(says(&wrapped, NAME), "{wrapped}");
    }
    assert!(!says("It was somebody else who rang.", NAME));
}

/// Everything in the database, as it would be backed up, just after all of it was written out.
pub fn dump(data_dir: &Path) -> String {
    let running = RunningCluster::find(&data_dir.join("postgres")).expect("a running cluster");
    let programs = Programs::find(None, None).expect("PostgreSQL");
    let checkpoint = Command::new(programs.bin_dir().join("psql"))
        .args(["--quiet", "--command", "checkpoint", running.url()])
        .status();
    assert!(checkpoint.expect("psql").success());
    let dumped = Command::new(programs.bin_dir().join("pg_dump"))
        .arg(running.url())
        .output()
        .expect("pg_dump");
    assert!(dumped.status.success(), "{dumped:?}");
    String::from_utf8_lossy(&dumped.stdout).into_owned()
}

/// Somebody works in a compact.
struct Clerk {
    server: Handle,
    compact: String,
}

impl Clerk {
    async fn ask(&self, query: &str, variables: Value) -> Value {
        let answer = self.server.graphql(query, variables).await;
        answer.expect("the server is up")
    }

    /// Sends a change: its payload.
    async fn send(&self, field: &str, input: Value) -> Value {
        let kind = format!("{}{}Input", field[..1].to_uppercase(), &field[1..]);
        let query = format!(
            "mutation M($input: {kind}!) {{ {field}(input: $input) {{
                newId position projected userErrors {{ code message }} }} }}"
        );
        let answer = self.ask(&query, json!({ "input": input })).await;
        answer["data"][field].clone()
    }

    async fn change(&self, field: &str, input: Value) -> String {
        let payload = self.send(field, input).await;
        assert_eq!(payload["userErrors"], json!([]), "{field}: {payload}");
        assert_eq!(payload["projected"], true, "{field}: {payload}");
        payload["newId"].as_str().unwrap_or_default().to_owned()
    }

    /// Enters the person and puts right what is said of them; somebody else is refused.
    async fn write_down(&self) -> String {
        let with = |more: Value| {
            let mut input = json!({ "name": NAME, "position": "Training manager", "email": EMAIL,
                "telephone": TELEPHONE });
            for (name, value) in more.as_object().expect("members") {
                input[name] = value.clone();
            }
            input
        };
        let enter = with(json!({ "compactId": self.compact }));
        let person = self.change("enterPerson", enter).await;
        let correct = json!({ "personId": person, "position": "Head of training", "reason": format!("{NAME} rang") });
        self.change("correctPerson", with(correct)).await;
        // What is refused leaves nothing either.
        let refused = json!({ "compactId": self.compact, "telephone": format!("ask {NAME}") });
        let refused = self.send("enterPerson", with(refused)).await;
        assert_eq!(
            refused["userErrors"][0]["code"], "NOT_A_NUMBER",
            "{refused}"
        );
        person
    }

    /// Erases the person, and redacts what gives their name in plain words.
    async fn forget(&self, plan: &str, person: &str) {
        self.redact(plan, NAME).await;
        // The reason of the correction gives the name too.
        self.redact(person, NAME).await;
        let erase = json!({ "personId": person, "reason": "Asked for by the person" });
        self.change("erasePerson", erase).await;
    }

    /// A plan of the compact's first group, with an action for the person and two updates: one that mentions them, and one that
    /// names them in plain words.
    async fn plan(&self, person: &str) -> String {
        let groups = "query G($id: ID!) { compact(id: $id) { groups { id } } }";
        let groups = self.ask(groups, json!({ "id": self.compact })).await;
        let group = &groups["data"]["compact"]["groups"][0]["id"];
        let plan = json!({ "groupId": group, "title": TITLE });
        let plan = self.change("setActionPlan", plan).await;
        let mention = "query M($id: ID!) { node(id: $id) { ... on Person { mention } } }";
        let mention = self.ask(mention, json!({ "id": person })).await;
        let mention = mention["data"]["node"]["mention"]
            .as_str()
            .expect("a mention")
            .to_owned();
        let objective = json!({ "actionPlanId": plan, "ref": "1", "title": "An objective" });
        let objective = self.change("addObjective", objective).await;
        let action =
            json!({ "objectiveId": objective, "text": format!("Ask {mention}"), "owner": mention });
        self.change("setAction", action).await;
        for text in [
            format!("{mention} was asked."),
            format!("{NAME} has answered."),
        ] {
            let update = json!({ "actionPlanId": plan, "text": text, "objectiveIds": [objective] });
            self.change("recordUpdate", update).await;
        }
        plan
    }

    /// Whatever the installation tells its secretariat that has to do with the plan or the person.
    async fn told(&self, plan: &str, person: &str) -> String {
        let query = "query T($compact: ID!, $plan: ID!, $person: ID!) {
            person: node(id: $person) { ... on Person { name position email telephone changes { from { name } to { name } }
                history { nodes { text texts { says written } } } } }
            compact(id: $compact) { people { nodes { name email telephone } }
                actions(filter: { owner: \"featherstonehaugh\" }) { nodes { text owner } } }
            plan: actionPlan(id: $plan) { title updates { nodes { text } } objectives { nodes { actions { nodes { text owner } } } } }
            history(of: $plan, first: 100) { nodes { text texts { says written } } }
            entries(ledger: $compact, last: 50) { nodes { envelope } } }";
        let asked = json!({ "compact": self.compact, "plan": plan, "person": person });
        let told = self.ask(query, asked).await;
        assert!(told.get("errors").is_none(), "{told:#}");
        told.to_string()
    }

    /// The hash of every leaf, from the first.
    async fn hashes(&self) -> Vec<String> {
        let query = "query L($ledger: ID!, $after: String) { entries(ledger: $ledger, first: 100, after: $after) {
            nodes { leafHash } pageInfo { hasNextPage endCursor } } }";
        let (mut hashes, mut after) = (Vec::new(), Value::Null);
        loop {
            let asked = json!({ "ledger": self.compact, "after": after });
            let page = self.ask(query, asked).await["data"]["entries"].clone();
            let nodes = page["nodes"].as_array().expect("entries").iter();
            hashes.extend(nodes.map(|node| node["leafHash"].to_string()));
            if page["pageInfo"]["hasNextPage"] != true {
                return hashes;
            }
            after = page["pageInfo"]["endCursor"].clone();
        }
    }

    /// Redacts every text of the plan's history that says this.
    async fn redact(&self, plan: &str, words: &str) {
        let query = "query H($plan: ID!) { history(of: $plan, first: 100) { nodes { texts { text written } } } }";
        let history = self.ask(query, json!({ "plan": plan })).await;
        let lines = history["data"]["history"]["nodes"]
            .as_array()
            .expect("lines")
            .clone();
        let texts = lines
            .iter()
            .flat_map(|line| line["texts"].as_array().expect("texts"));
        let texts = texts.filter(|text| {
            text["written"]
                .as_str()
                .is_some_and(|it| it.contains(words))
        });
        let texts: Vec<Value> = texts.map(|text| text["text"].clone()).collect();
        assert_eq!(texts.len(), 1);
        for text in texts {
            let redact = json!({ "id": plan, "text": text, "reason": "It named somebody" });
            self.change("redactText", redact).await;
        }
    }
}

#[tokio::test]
async fn who_was_erased_is_in_no_answer_no_log_line_and_no_dump() {
    let folder = tempfile::tempdir().expect("a folder");
    server::open_to_postgres(folder.path());
    let (data_dir, log) = (folder.path().join("data"), folder.path().join("log"));
    let file = std::fs::File::create(&log).expect("a file");
    std::fs::write(folder.path().join("compacts.toml"), "log = \"debug\"").expect("written");
    let arguments = ["--import-reference"];
    let mut server = Server::start_logging(&data_dir, &arguments, file.into()).await;
    let token = server.let_in(&data_dir, None).await;
    server.knows_who_was_let_in().await;
    let compact = server.compact_ids().await.remove(0);
    let clerk = Clerk {
        server: server.handle(),
        compact: compact.clone(),
    };
    let person = clerk.write_down().await;
    let plan = clerk.plan(&person).await;
    let before = clerk.told(&plan, &person).await;
    assert_eq!(found(&before), CANARIES, "{before}");
    // Sealed, it is nowhere even while it can be read.
    let dumped = dump(&data_dir);
    assert!(says(&dumped, TITLE), "the search finds nothing");
    assert_eq!(found(&dumped), [""; 0]);
    let export = server::run(&data_dir, &["user", "export", EMAIL]).await;
    let exported = String::from_utf8(export.stdout).expect("text");
    assert_eq!(found(&exported), CANARIES, "{exported}");
    let hashes = clerk.hashes().await;

    clerk.forget(&plan, &person).await;
    let after = clerk.told(&plan, &person).await;
    assert_eq!(found(&after), [""; 0], "{after}");
    assert!(
        says(&after, TITLE) && after.contains("Ask [erased person]"),
        "{after}"
    );
    assert_eq!(found(&dump(&data_dir)), [""; 0]);
    server.stop().await;

    // A process that never held a key finds as little.
    let file = std::fs::File::options()
        .append(true)
        .open(&log)
        .expect("the log");
    let mut server = Server::start_logging(&data_dir, &[], file.into()).await;
    server.ask_with(&token);
    server.knows_who_was_let_in().await;
    let clerk = Clerk {
        server: server.handle(),
        compact,
    };
    let again = clerk.told(&plan, &person).await;
    assert_eq!(found(&again), [""; 0], "{again}");
    let now = clerk.hashes().await;
    assert_eq!(now[..hashes.len()], hashes[..], "no leaf has changed");
    assert_eq!(now.len(), hashes.len() + 3, "two redactions and an erasure");
    assert_eq!(found(&dump(&data_dir)), [""; 0]);
    let export = server::run(&data_dir, &["user", "export", EMAIL]).await;
    assert!(!export.status.success(), "{export:?}");
    server.stop().await;
    let logged = std::fs::read_to_string(&log).expect("the log");
    assert!(logged.lines().count() > 20, "{logged}");
    assert_eq!(found(&logged), [""; 0]);
}
