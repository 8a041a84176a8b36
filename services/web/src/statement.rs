//! The accessibility statement: what holds for these pages, what does not, and whom to tell.

use askama::Template;
use axum::extract::State;
use axum::response::Response;

use crate::address::Address;
use crate::instead::Instead;
use crate::page::Frame;
use crate::visit::{Visit, Web};

#[derive(Template)]
#[template(path = "accessibility.html")]
struct Page {
    frame: Frame,
}

/// `GET /accessibility`
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
    kept.shown(&Page {
        frame: Frame::of("Accessibility statement", &looker)?,
    })
}
