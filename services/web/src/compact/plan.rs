//! An action plan, as the familiar table: as it is now, or as it was on a day or at a meeting.

pub mod marks;
pub mod sheet;
pub mod table;
pub mod value;

use askama::Template;
use axum::extract::{Path, State};
use axum::response::Response;

use self::sheet::{SIZE, Sheet};
use self::table::Table;
use super::frame;
use crate::address::Address;
use crate::instead::Instead;
use crate::may;
use crate::page::Frame;
use crate::parts::{Actions, Pages, Part, pages_of};
use crate::past::{Asked, Past};
use crate::uk;
use crate::visit::{Visit, Web};

#[derive(Template)]
#[template(path = "compact/plan.html")]
struct Page {
    frame: Frame,
    actions: Actions,
    past: Past,
    table: Option<Table>,
    pages: Pages,
}

/// `GET /compacts/{slug}/plans/{id}`
pub async fn show(
    State(web): State<Web>,
    visit: Visit,
    address: Address,
    Path((slug, id)): Path<(String, String)>,
) -> Result<Response, Instead> {
    let looker = web.looker(&visit).await?;
    let kept = web.kept(&looker, (&visit, &address)).await?;
    if let Some(had) = kept.had_by(&visit) {
        return Ok(had);
    }
    let asked = Asked::of(&address);
    let part = Part::of(&address, SIZE);
    let sheet = Sheet::ask((&web, &looker), (&slug, &id), &asked, part).await?;
    let place = (slug.as_str(), sheet.compact.as_str());
    let then = Past::new("plan", &address, (&asked, &sheet.meetings));
    kept.shown(&Page {
        frame: frame(sheet.title(), &looker, place)?
            .crumb("Action plans", format!("/compacts/{slug}/plans")),
        actions: if then.is_shown() {
            Actions::default()
        } else {
            may::with_plan(&looker, &slug, &id)
        },
        pages: match &sheet.plan {
            Some(plan) => pages_of!("objectives", &address, plan.objectives.page_info),
            None => Pages::default(),
        },
        past: then,
        table: sheet
            .plan
            .map(|plan| Table::new(&slug, plan).told_by(may::source(&looker, &slug))),
    })
}
