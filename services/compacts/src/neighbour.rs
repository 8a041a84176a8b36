//! Who answers at an address: a Compacts, and which, or somebody else.
//!
//! `/readyz` says by its `Server` header which program answers, of which version, and which database it serves, so that
//! `compacts doctor` can tell the server it is asked about from any other at the same address.

use std::collections::BTreeMap;
use std::fmt;
use std::net::SocketAddr;
use std::time::Duration;

use reqwest::header::SERVER;
use serde::Deserialize;

use crate::database::Database;

/// How long an answer may take.
const ANSWER: Duration = Duration::from_secs(5);

/// What a server says of itself: `compacts/1.2.3 (database 6af3-4001)`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Signature {
    /// The program's version.
    pub version: String,
    /// The database it serves, by [`Database::identity`].
    pub database: String,
}

impl Signature {
    /// That of this program over a database.
    pub fn of(database: &Database) -> Self {
        Self {
            version: env!("CARGO_PKG_VERSION").to_owned(),
            database: database.identity().to_owned(),
        }
    }

    fn read(text: &str) -> Option<Self> {
        let (version, rest) = text.strip_prefix("compacts/")?.split_once(' ')?;
        let database = rest.strip_prefix("(database ")?.strip_suffix(')')?;
        Some(Self {
            version: version.to_owned(),
            database: database.to_owned(),
        })
    }
}

impl fmt::Display for Signature {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "compacts/{} (database {})", self.version, self.database)
    }
}

/// A Compacts that answers.
#[derive(Debug, PartialEq, Eq)]
pub struct Neighbour {
    /// Which one it is.
    pub signature: Signature,
    /// What it says is not well with it, each part with its reason.
    pub failing: Vec<String>,
}

/// What `/readyz` answers with.
#[derive(Deserialize)]
struct Readiness {
    checks: BTreeMap<String, Status>,
}

/// How one part is: there is a reason only where it is not well.
#[derive(Deserialize)]
struct Status {
    reason: Option<String>,
}

/// The Compacts that answers at `address`; none when nobody does, or somebody else.
pub async fn at(address: SocketAddr) -> Option<Neighbour> {
    let http = reqwest::Client::builder().no_proxy().timeout(ANSWER);
    let asked = http.build().ok()?.get(format!("http://{address}/readyz"));
    let answer = asked.send().await.ok()?;
    let signature = Signature::read(answer.headers().get(SERVER)?.to_str().ok()?)?;
    let readiness: Readiness = answer.json().await.ok()?;
    let failing = readiness.checks.into_iter();
    let failing = failing.filter_map(|(part, status)| Some(format!("{part}: {}", status.reason?)));
    Some(Neighbour {
        signature,
        failing: failing.collect(),
    })
}

#[cfg(test)]
mod tests {
    use tokio::io::{AsyncReadExt, AsyncWriteExt};
    use tokio::net::TcpListener;

    use super::*;

    /// Who is found when every question is answered like that.
    async fn found(answer: String) -> Option<Neighbour> {
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port");
        let address = listener.local_addr().expect("an address");
        let answering = tokio::spawn(async move {
            let (mut stream, _) = listener.accept().await.expect("a question");
            let mut question = [0; 2048];
            let read = stream.read(&mut question).await.expect("a question");
            assert!(question[..read].starts_with(b"GET /readyz "));
            stream.write_all(answer.as_bytes()).await.expect("answered");
        });
        let found = at(address).await;
        answering.await.expect("it was asked");
        found
    }

    fn answer(status: &str, server: &str, body: &str) -> String {
        let length = body.len();
        format!("HTTP/1.1 {status}\r\nserver: {server}\r\ncontent-length: {length}\r\n\r\n{body}")
    }

    const OURS: &str = "compacts/1.2.3 (database 6af3-4001)";

    #[tokio::test]
    async fn a_compacts_is_known_by_its_signature_and_says_what_is_not_well() {
        let ready = r#"{"ready":true,"checks":{"database":{"status":"ok"}}}"#;
        let neighbour = found(answer("200 OK", OURS, ready)).await.expect("ours");
        assert_eq!(neighbour.signature.to_string(), OURS);
        assert_eq!(neighbour.failing, [""; 0]);
        let unwell = r#"{"ready":false,"checks":{"database":{"status":"ok"},
            "projector":{"status":"failing","reason":"far behind"}}}"#;
        let neighbour = found(answer("503 Service Unavailable", OURS, unwell)).await;
        assert_eq!(neighbour.expect("ours").failing, ["projector: far behind"]);
    }

    #[tokio::test]
    async fn anybody_else_is_not_taken_for_a_compacts() {
        let ready = r#"{"ready":true,"checks":{}}"#;
        for other in [
            answer("200 OK", "nginx", ready),
            answer("200 OK", "compacts/1.2.3", ready),
            answer("200 OK", OURS, "<html></html>"),
            "220 mail.example.org\r\n\r\n".to_owned(),
            String::new(),
        ] {
            assert_eq!(found(other.clone()).await, None, "{other}");
        }
    }
}
