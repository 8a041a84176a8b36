//! Accounts and roles from the command line, as whoever runs an installation meets them: beside the server, without it,
//! and refused.

use std::os::unix::fs::PermissionsExt;
use std::path::PathBuf;

use cluster::RunningCluster;
use serde_json::Value;
use sqlx::{Connection, PgConnection};

use crate::server::{self, Server};

const EMAIL: &str = "Quillon.Hartgrave@members.example";
const NAME: &str = "Quillon Hartgrave";
const ADD: [&str; 5] = ["add", "--email", EMAIL, "--name", NAME];
const COMPACT: &str = "lincolnshire-rutland";

/// A data directory with the reference data in it.
struct Place {
    folder: tempfile::TempDir,
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

    /// Runs `compacts user` with these: whether it went well, what it said, and what it complained of or logged.
    async fn say(&self, arguments: &[&str]) -> (bool, String, String) {
        let arguments = [&["user"], arguments].concat();
        let output = server::run(&self.data_dir(), &arguments).await;
        let text = |bytes| String::from_utf8(bytes).expect("text");
        let logged = text(output.stderr);
        for personal in [EMAIL, NAME] {
            assert!(!says(&logged, personal), "it is in the log: {logged}");
        }
        (output.status.success(), text(output.stdout), logged)
    }

    async fn well(&self, arguments: &[&str]) -> String {
        let (well, said, complaint) = self.say(arguments).await;
        assert!(well, "{arguments:?}: {said}{complaint}");
        said
    }

    async fn refused(&self, arguments: &[&str], because: &str) {
        let (well, said, complaint) = self.say(arguments).await;
        assert!(!well, "{arguments:?}: {said}");
        assert!(complaint.contains(because), "{arguments:?}: {complaint}");
        assert!(said.is_empty(), "{arguments:?}: {said}");
    }

    async fn accounts(&self) -> Vec<Value> {
        let listed = self.well(&["list", "--json"]).await;
        serde_json::from_str(&listed).expect("a list")
    }

    async fn connection(&self) -> PgConnection {
        let running = RunningCluster::find(&self.data_dir().join("postgres"));
        let running = running.expect("a server that is running");
        PgConnection::connect(running.url()).await.expect("let in")
    }
}

fn says(text: &str, what: &str) -> bool {
    text.to_lowercase().contains(&what.to_lowercase())
}

/// The secret in the link that was printed.
fn link<'a>(said: &'a str, begins: &str) -> &'a str {
    let mut words = said.split_whitespace();
    let link = words.find_map(|word| word.strip_prefix(begins));
    let link = link.unwrap_or_else(|| panic!("no link at {begins}: {said}"));
    assert_eq!(link.len(), 43, "{said}");
    link
}

const INVITATION: &str = "http://127.0.0.1:8080/invitation/";

/// Every row of every table there is, as text; what is stored as bytes is in hexadecimal.
async fn every_row(connection: &mut PgConnection) -> Vec<String> {
    let tables: Vec<String> = sqlx::query_scalar(
        "select format('%I.%I', schemaname, tablename) from pg_tables
         where schemaname not in ('pg_catalog', 'information_schema')",
    )
    .fetch_all(&mut *connection)
    .await
    .expect("tables");
    assert!(tables.iter().any(|table| table == "account.account"));
    let mut rows = Vec::new();
    for table in tables {
        let every = sqlx::AssertSqlSafe(format!("select t::text from {table} t"));
        let found = sqlx::query_scalar(every).fetch_all(&mut *connection).await;
        let found: Vec<String> = found.expect("rows");
        rows.extend(found);
    }
    rows
}

fn hex(text: &str) -> String {
    use std::fmt::Write;
    text.bytes().fold(String::new(), |mut hex, byte| {
        write!(hex, "{byte:02x}").expect("written");
        hex
    })
}

/// The first row that says this, as text or as bytes.
fn in_clear<'a>(rows: &'a [String], what: &str) -> Option<&'a String> {
    let clear = [what.to_owned(), hex(what), hex(&what.to_lowercase())];
    rows.iter()
        .find(|row| clear.iter().any(|clear| says(row, clear)))
}

#[tokio::test]
async fn somebody_is_invited_with_a_role_listed_and_shut_out_beside_the_server() {
    let place = Place::new();
    let log = place.folder.path().join("log");
    let file = std::fs::File::create(&log).expect("a file");
    let data_dir = place.data_dir();
    let server = Server::start_logging(&data_dir, &["--import-reference"], file.into()).await;
    let role = [
        "--role",
        "secretariat",
        "--compact",
        COMPACT,
        "--until",
        "2999-12-31",
    ];
    let said = place.well(&[&ADD[..], &role].concat()).await;
    let secret = link(&said, INVITATION).to_owned();
    assert!(said.contains("given the role of secretariat"), "{said}");
    let id = is_listed_as_invited_secretariat(&place).await;

    let again = place.well(&["reset", EMAIL]).await;
    assert_ne!(link(&again, INVITATION), secret, "another link");
    is_shut_and_opened(&place, &id).await;
    stands_in_clear_in_no_table(&place, &id, &secret).await;
    server.stop().await;
    let log = std::fs::read_to_string(log).expect("a log");
    assert!(
        !log.is_empty() && !says(&log, EMAIL) && !says(&log, NAME),
        "{log}"
    );
}

async fn is_listed_as_invited_secretariat(place: &Place) -> String {
    let accounts = place.accounts().await;
    let [account] = &accounts[..] else {
        panic!("{accounts:?}")
    };
    assert_eq!(account["name"], NAME);
    assert_eq!(account["email"], EMAIL.to_lowercase());
    assert_eq!(account["state"], "invited");
    let role = &account["roles"][0];
    assert_eq!(role["held"]["role"], "secretariat");
    assert_eq!(role["until"], "2999-12-31");
    assert_eq!(role["counts"], true);
    let id = account["account"].as_str().expect("an id");
    let table = place.well(&["list"]).await;
    for shown in [
        id,
        NAME,
        "invited",
        "secretariat, lincolnshire-rutland, from ",
    ] {
        assert!(table.contains(shown), "{table}");
    }
    id.to_owned()
}

async fn is_shut_and_opened(place: &Place, id: &str) {
    place.well(&["disable", EMAIL]).await;
    assert_eq!(place.accounts().await[0]["state"], "disabled");
    assert!(place.well(&["disable", id]).await.contains("shut already"));
    place.refused(&["reset", id], "open it first").await;
    place.well(&["enable", id]).await;
    assert_eq!(place.accounts().await[0]["state"], "invited");
    assert!(place.well(&["enable", id]).await.contains("is not shut"));
}

async fn stands_in_clear_in_no_table(place: &Place, id: &str, secret: &str) {
    let mut connection = place.connection().await;
    let rows = every_row(&mut connection).await;
    assert!(rows.iter().any(|row| row.contains(id)), "all are read");
    for personal in [EMAIL, NAME, secret] {
        let row = in_clear(&rows, personal);
        assert!(row.is_none(), "{personal} stands in clear in {row:?}");
    }
    // What is looked for would be found.
    sqlx::query("create table planted (text text, bytes bytea)")
        .execute(&mut connection)
        .await
        .expect("made");
    sqlx::query("insert into planted values ($1, convert_to($2, 'UTF8'))")
        .bind(EMAIL.to_uppercase())
        .bind(NAME)
        .execute(&mut connection)
        .await
        .expect("planted");
    let rows = every_row(&mut connection).await;
    assert!(in_clear(&rows, EMAIL).is_some() && in_clear(&rows, NAME).is_some());
    connection.close().await.expect("closed");
}

#[tokio::test]
async fn roles_are_given_once_however_often_they_are_asked_for_and_without_a_server() {
    let place = Place::new();
    Server::start(&place.data_dir(), &["--import-reference"])
        .await
        .stop()
        .await;
    let said = place.well(&ADD).await;
    link(&said, INVITATION);
    let lead = [
        "grant",
        EMAIL,
        "--role",
        "group-lead",
        "--compact",
        "lincolnshire-rutland",
        "--group",
        "ld",
        "--from",
        "2008-01-01",
        "--until",
        "2008-12-31",
    ];
    assert!(
        place
            .well(&lead)
            .await
            .contains("given the role of group lead")
    );
    let repeated = place.well(&lead).await;
    assert!(repeated.contains("holds that role already"), "{repeated}");
    place.well(&["grant", EMAIL, "--role", "funder"]).await;
    place.well(&["grant", EMAIL, "--role", "auditor"]).await;
    let accounts = place.accounts().await;
    let roles = accounts[0]["roles"].as_array().expect("roles");
    let held = |role: &Value| (role["held"]["role"].clone(), role["counts"].clone());
    let held: Vec<_> = roles.iter().map(held).collect();
    let expected = [("group-lead", false), ("funder", true), ("auditor", true)];
    assert_eq!(
        held,
        expected.map(|(role, counts)| (role.into(), counts.into()))
    );
    let table = place.well(&["list"]).await;
    assert!(
        table.contains("funder, ") && !table.contains("group lead"),
        "{table}"
    );

    place
        .refused(
            &["grant", EMAIL, "--role", "funder", "--from", "2009-01-01"],
            "this account holds this role already",
        )
        .await;
    assert_eq!(place.accounts().await, accounts, "nothing came of it");
    let check = server::run(&place.data_dir(), &["check"]).await;
    assert!(check.status.success(), "{check:?}");
}

/// What may be said of a role, and why it is refused.
const ILL_FITTING: [(&[&str], &str); 8] = [
    (&["--compact", COMPACT], "say which with --role"),
    (
        &["--role", "secretariat"],
        "held over a compact; choose one",
    ),
    (
        &["--role", "secretariat", "--compact", "atlantis"],
        "there is no compact “atlantis”",
    ),
    (
        &["--role", "group-lead", "--group", "LD"],
        "name that with --compact",
    ),
    (
        &[
            "--role",
            "group-lead",
            "--compact",
            COMPACT,
            "--group",
            "ZZ",
        ],
        "there is no group “ZZ”",
    ),
    (
        &[
            "--role",
            "member-representative",
            "--compact",
            COMPACT,
            "--organisation",
            "Nobody",
        ],
        "there is no organisation “Nobody”",
    ),
    (
        &["--role", "funder", "--compact", COMPACT],
        "is not held over one compact",
    ),
    (
        &[
            "--role",
            "funder",
            "--from",
            "2030-02-01",
            "--until",
            "2030-01-31",
        ],
        "a role that begins on",
    ),
];

#[tokio::test]
async fn what_is_refused_is_refused_in_plain_words_and_leaves_nothing() {
    let place = Place::new();
    place.refused(&["list"], "there is no data in").await;
    let server = Server::start(&place.data_dir(), &[]).await;
    place
        .refused(&["list"], "there is no region here yet")
        .await;
    server.stop().await;
    let server = Server::start(&place.data_dir(), &["--import-reference"]).await;
    for (role, because) in ILL_FITTING {
        place.refused(&[&ADD[..], role].concat(), because).await;
    }
    let nobody = "00000000-0000-0000-0000-000000000001";
    let others: [(&[&str], &str); 4] = [
        (
            &["add", "--email", "quillon at members", "--name", NAME],
            "that is no e-mail address",
        ),
        (&["add", "--email", EMAIL, "--name", " "], "give a name of"),
        (&["disable", EMAIL], "there is no such account"),
        (&["reset", nobody], "there is no such account"),
    ];
    for (asked, because) in others {
        place.refused(asked, because).await;
    }
    let listed = place.well(&["list"]).await;
    assert!(listed.contains("There are no accounts yet"), "{listed}");

    place.well(&ADD).await;
    let there = "there is an account with this e-mail address already";
    place.refused(&ADD, there).await;
    place
        .refused(&["grant", EMAIL], "say which role with --role")
        .await;
    assert_eq!(place.accounts().await.len(), 1);
    server.stop().await;
}

#[tokio::test]
async fn the_master_key_is_made_at_the_first_start_for_us_alone_and_nothing_opens_without_it() {
    let place = Place::new();
    let server = Server::start(&place.data_dir(), &["--import-reference"]).await;
    let key = place.data_dir().join("master.key");
    let about = std::fs::metadata(&key).expect("made at the start");
    assert_eq!(about.permissions().mode() & 0o777, 0o600);
    place.well(&ADD).await;

    let apart = place.folder.path().join("apart.key");
    std::fs::rename(&key, &apart).expect("moved");
    place.refused(&["list"], "master key").await;
    std::fs::rename(&apart, &key).expect("brought back");
    assert_eq!(place.accounts().await[0]["name"], NAME);
    std::fs::set_permissions(&key, std::fs::Permissions::from_mode(0o644)).expect("loosened");
    place.refused(&["list"], "chmod 600").await;
    server.stop().await;
}

/// How far an account's erasure has come.
async fn step(place: &Place, account: &str) -> String {
    let mut connection = place.connection().await;
    let step = sqlx::query_scalar(
        "select step::text from vault.erasure where subject_id = $1::uuid and kind = 'account'",
    );
    let step = step.bind(account).fetch_one(&mut connection);
    step.await.expect("an erasure")
}

#[tokio::test]
async fn what_is_held_about_somebody_is_printed_for_them_and_who_is_erased_stands_nowhere() {
    let place = Place::new();
    let server = Server::start(&place.data_dir(), &["--import-reference"]).await;
    let role = ["--role", "secretariat", "--compact", COMPACT];
    place.well(&[&ADD[..], &role].concat()).await;
    let id = place.accounts().await[0]["account"].clone();
    let id = id.as_str().expect("an id");
    for times in 0..2 {
        let exported = place.well(&["export", EMAIL]).await;
        let exported: Value = serde_json::from_str(&exported).expect("JSON");
        assert_eq!(exported["account"]["account"]["name"], NAME);
        let role = exported["roles"][0]["role"].as_str().expect("a role");
        assert!(
            role.contains("secretariat") && role.contains(COMPACT),
            "{role}"
        );
        let log = exported["account"]["securityLog"]
            .as_array()
            .expect("a log");
        let exports = log
            .iter()
            .filter(|entry| entry["event"] == "personal_data.exported");
        assert_eq!(exports.count(), times, "{log:?}");
    }

    place
        .refused(&["erase", EMAIL], "run this again with --yes")
        .await;
    assert_eq!(place.accounts().await.len(), 1, "nothing was erased");
    let said = place.well(&["erase", EMAIL, "--yes"]).await;
    assert!(said.contains(id), "{said}");
    assert_eq!(step(&place, id).await, "done");
    place
        .refused(&["erase", EMAIL, "--yes"], "there is no such account")
        .await;
    place
        .refused(&["export", EMAIL], "nothing is held here")
        .await;
    let rows = every_row(&mut place.connection().await).await;
    for personal in [EMAIL, NAME] {
        assert_eq!(in_clear(&rows, personal), None);
    }
    assert!(
        rows.iter()
            .any(|row| row.contains("account.erased") && row.contains(id))
    );
    // Its address is free again, and leads to somebody new who holds nothing.
    place.well(&ADD).await;
    let accounts = place.accounts().await;
    assert_eq!(accounts.len(), 1);
    assert_ne!(accounts[0]["account"], id);
    assert_eq!(accounts[0]["roles"], serde_json::json!([]));
    server.stop().await;
    let check = server::run(&place.data_dir(), &["check"]).await;
    assert!(check.status.success(), "{check:?}");
}

#[tokio::test]
async fn an_account_whose_erasure_was_begun_is_erased_at_the_next_start() {
    let place = Place::new();
    let server = Server::start(&place.data_dir(), &["--import-reference"]).await;
    place.well(&ADD).await;
    let id = place.accounts().await[0]["account"].clone();
    let id = id.as_str().expect("an id");
    let begun = "insert into vault.erasure (subject_id, kind, tombstone, tombstone_ledger, command_id, actor, actor_role,
            step, intended_at, moved_at)
         values ($1::uuid, 'account', '{}', $1::uuid, gen_random_uuid(), 'operator', 'operator', 'intended', now(), now())";
    let begun = sqlx::query(begun).bind(id);
    begun
        .execute(&mut place.connection().await)
        .await
        .expect("begun");
    server.stop().await;
    let server = Server::start(&place.data_dir(), &[]).await;
    let deadline = tokio::time::Instant::now() + std::time::Duration::from_mins(1);
    while step(&place, id).await != "done" {
        assert!(
            tokio::time::Instant::now() < deadline,
            "it is not carried on"
        );
        tokio::time::sleep(std::time::Duration::from_millis(100)).await;
    }
    assert!(place.accounts().await.is_empty());
    server.stop().await;
}
