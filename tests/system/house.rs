//! A server with people invited to it.

use serde_json::{Value, json};

use crate::server::{self, Server};

/// Who is invited to be a secretariat.
pub const EMAIL: &str = "clerk@members.example";

/// A server on the reference data, and the path of an invitation to be a secretariat.
pub struct House {
    folder: tempfile::TempDir,
    pub server: Server,
}

impl House {
    pub async fn open() -> Self {
        Self::open_with("").await
    }

    /// With these settings besides.
    pub async fn open_with(settings: &str) -> Self {
        let folder = tempfile::tempdir().expect("a folder");
        server::open_to_postgres(folder.path());
        // Found where the server runs, and each tool beside it.
        std::fs::write(folder.path().join("compacts.toml"), settings).expect("written");
        let data_dir = folder.path().join("data");
        let server = Server::start(&data_dir, &["--import-reference"]).await;
        Self { folder, server }
    }

    /// Invites somebody: the path of the link.
    pub async fn invite(&self, email: &str, role: &[&str]) -> String {
        let add = [
            "user",
            "add",
            "--email",
            email,
            "--name",
            "Quillon Hartgrave",
        ];
        let said = self.run(&[&add, role].concat()).await;
        path_in(&said)
    }

    pub fn data_dir(&self) -> std::path::PathBuf {
        self.folder.path().join("data")
    }

    pub async fn run(&self, arguments: &[&str]) -> String {
        let data_dir = self.data_dir();
        let output = server::run(&data_dir, arguments).await;
        assert!(output.status.success(), "{output:?}");
        String::from_utf8(output.stdout).expect("text")
    }

    pub async fn invite_secretariat(&self) -> String {
        let role = ["--role", "secretariat", "--compact", "lincolnshire-rutland"];
        self.invite(EMAIL, &role).await
    }

    /// What proposes a commitment in the compact its secretariat runs.
    pub async fn proposal(&self, label: &str) -> Value {
        let question = "{ compacts { nodes { id slug } } }";
        let answer = self.server.handle().get_graphql(question).await;
        let nodes = answer["data"]["compacts"]["nodes"]
            .as_array()
            .expect("compacts")
            .clone();
        let compact = nodes
            .into_iter()
            .find(|node| node["slug"] == "lincolnshire-rutland");
        json!({ "input": {
            "compactId": compact.expect("the compact")["id"],
            "session": "2010-11",
            "ref": label,
            "title": "A promise made by somebody who signed in",
            "occurredOn": "2010-04-01",
        } })
    }
}

/// The path of the link that was printed.
fn path_in(said: &str) -> String {
    let link = said
        .split_whitespace()
        .find_map(|word| word.strip_prefix("http://127.0.0.1:8080"));
    link.unwrap_or_else(|| panic!("no link: {said}")).to_owned()
}
