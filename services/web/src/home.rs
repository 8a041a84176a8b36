//! The first page: which compacts there are, and where to ask.

use askama::Template;
use axum::extract::State;
use axum::response::Response;

use crate::address::Address;
use crate::ask::ask;
use crate::documents::document;
use crate::documents::scalars::{Date, Session};
use crate::documents::words::CommitmentStatus;
use crate::instead::Instead;
use crate::nav::COMPACTS;
use crate::page::Frame;
use crate::uk;
use crate::visit::{Visit, Web};

document!(Home, "documents/home.graphql");

use home::HomeCompactsNodes as Compact;

impl Compact {
    /// Commitments in all sessions, whatever became of them.
    fn commitments(&self) -> i64 {
        let statuses = self.sessions.iter().flat_map(|session| &session.by_status);
        statuses.map(|status| status.count).sum()
    }

    /// Those of them that were achieved in full.
    fn achieved(&self) -> i64 {
        let statuses = self.sessions.iter().flat_map(|session| &session.by_status);
        let achieved = statuses.filter(|one| one.status == CommitmentStatus::Achieved);
        achieved.map(|one| one.count).sum()
    }
}

#[derive(Template)]
#[template(path = "home.html")]
struct Page {
    frame: Frame,
    region: Option<home::HomeRegion>,
    compacts: Vec<Compact>,
}

/// `GET /`
pub async fn show(
    State(web): State<Web>,
    visit: Visit,
    address: Address,
) -> Result<Response, Instead> {
    let looker = web.looker(&visit).await?;
    let kept = web.kept(&looker, (&visit, &address)).await?;
    if let Some(had) = kept.had_by(&visit) {
        return Ok(had);
    }
    let answer = ask::<Home>(&web.gateway, home::Variables, looker.caller()).await?;
    let name = answer.region.as_ref().map(|region| region.name.clone());
    kept.shown(&Page {
        frame: Frame::of(name.unwrap_or_else(|| "Compacts".to_owned()), &looker)?.within(COMPACTS),
        region: answer.region,
        compacts: answer.compacts.nodes,
    })
}
