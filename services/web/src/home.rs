//! The first page: which compacts there are, and where to ask.

use askama::Template;
use axum::Extension;
use axum::extract::State;
use axum::response::Html;
use chrono::NaiveDate;
use gateway::{Gateway, Nonce};
use serde::Deserialize;

use crate::ask::{PageError, ask};

const QUESTION: &str = "{
  region { name }
  compacts(first: 100) { nodes {
    name area launchedOn openActions sessions { byStatus { count } }
  } }
}";

#[derive(Deserialize)]
struct Answer {
    region: Option<Region>,
    compacts: Compacts,
}

#[derive(Deserialize)]
struct Region {
    name: String,
}

#[derive(Deserialize)]
struct Compacts {
    nodes: Vec<Compact>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Compact {
    name: String,
    area: String,
    launched_on: NaiveDate,
    open_actions: u64,
    sessions: Vec<Session>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Session {
    by_status: Vec<Status>,
}

#[derive(Deserialize)]
struct Status {
    count: u64,
}

impl Compact {
    /// Commitments in all sessions, whatever became of them.
    fn commitments(&self) -> u64 {
        let statuses = self.sessions.iter().flat_map(|session| &session.by_status);
        statuses.map(|status| status.count).sum()
    }
}

#[derive(Template)]
#[template(path = "home.html")]
struct Page {
    nonce: Nonce,
    region: String,
    compacts: Vec<Compact>,
}

/// `GET /`
pub async fn show(
    State(gateway): State<Gateway>,
    Extension(nonce): Extension<Nonce>,
) -> Result<Html<String>, PageError> {
    let answer: Answer = ask(&gateway, QUESTION).await?;
    let page = Page {
        nonce,
        region: answer
            .region
            .map_or_else(|| "Compacts".to_owned(), |region| region.name),
        compacts: answer.compacts.nodes,
    };
    Ok(Html(page.render()?))
}
