//! Which ledgers there are to read.

use askama::Template;
use axum::extract::State;
use axum::response::Response;

use super::{DESK, Ledger, ledgers};
use crate::instead::Instead;
use crate::page::{Frame, shown};
use crate::visit::{Visit, Web};

#[derive(Template)]
#[template(path = "audit/ledgers.html")]
struct Page {
    frame: Frame,
    ledgers: Vec<Ledger>,
}

/// `GET /audit`
pub async fn show(State(web): State<Web>, visit: Visit) -> Result<Response, Instead> {
    let looker = web.looker_in(&visit, DESK).await?;
    let ledgers = ledgers(&web, &looker).await?;
    if ledgers.is_empty() {
        return Err(Instead::NotHere);
    }
    shown(&Page {
        frame: Frame::of("The record", &looker)?.within(DESK),
        ledgers,
    })
}
