//! Who undertakes what: section 4 of the regional paper, made from the record, to be read and printed.

use askama::Template;
use axum::extract::State;
use axum::response::Response;
use chrono::NaiveDate;

use super::undertaken::{Theme, themes};
use super::{BOARD, Ground, View, views};
use crate::address::Address;
use crate::documents::scalars::Session;
use crate::form::Select;
use crate::instead::Instead;
use crate::page::Frame;
use crate::uk;
use crate::visit::{Visit, Web};

const HERE: &str = "/region/undertakings";

#[derive(Template)]
#[template(path = "region/undertakings.html")]
struct Page {
    frame: Frame,
    views: Vec<View>,
    choice: Select,
    session: Session,
    in_words: String,
    region: String,
    on: NaiveDate,
    themes: Vec<Theme>,
}

/// `GET /region/undertakings`
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
    let ground = Ground::of(&web, &looker, &address).await?;
    let themes = match &ground.session {
        Some(session) => themes(&web, &looker, session).await?,
        None => Vec::new(),
    };
    kept.shown(&Page {
        frame: Frame::of("Who undertakes what", &looker)?
            .within(BOARD)
            .at(&ground.name)
            .crumb("The region's board", BOARD),
        views: views(&looker, HERE, ground.session.as_deref()),
        choice: ground.choice(),
        in_words: ground.in_words(),
        session: ground.session.unwrap_or_default(),
        region: ground.name,
        on: web.identity.clock().now().date_naive(),
        themes,
    })
}
