//! The first page: which compacts there are, and where to ask.

use askama::Template;
use axum::extract::State;
use axum::response::Response;
use chrono::NaiveDate;
use gateway::Caller;
use serde::Deserialize;

use crate::ask::ask;
use crate::instead::Instead;
use crate::page::{Frame, shown};
use crate::visit::{Visit, Web, caller};

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
    frame: Frame,
    region: String,
    compacts: Vec<Compact>,
}

/// `GET /`
pub async fn show(State(web): State<Web>, visit: Visit) -> Result<Response, Instead> {
    let visitor = web.visitor(&visit).await?;
    let caller = visitor.as_ref().map_or_else(Caller::public, caller);
    let answer: Answer = ask(&web.gateway, QUESTION, caller).await?;
    shown(&Page {
        frame: Frame::new("Compacts", &visit, visitor.as_ref())?,
        region: answer
            .region
            .map_or_else(|| "Compacts".to_owned(), |region| region.name),
        compacts: answer.compacts.nodes,
    })
}
