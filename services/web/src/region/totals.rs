//! What indicators come to across compacts: added up only where that is honest, and what was left out with the reason.

use askama::Template;
use axum::extract::State;
use axum::response::Response;

use super::{BOARD, Ground, View, views};
use crate::address::Address;
use crate::ask::ask;
use crate::documents::document;
use crate::documents::scalars::{Date, Figure, Position, Session};
use crate::documents::words::MeasureKind;
use crate::form::Select;
use crate::instead::Instead;
use crate::page::Frame;
use crate::parts::{Pages, Part, pages_of};
use crate::uk;
use crate::visit::{Visit, Web};

document!(RegionTotals, "documents/region-totals.graphql");

use region_totals::RegionTotalsProgressTotalsNodes as Total;

const HERE: &str = "/region/totals";

/// How many indicators stand on a page.
const SIZE: i64 = 25;

#[derive(Template)]
#[template(path = "region/totals.html")]
struct Page {
    frame: Frame,
    views: Vec<View>,
    choice: Select,
    in_words: String,
    totals: Vec<Total>,
    pages: Pages,
}

impl Total {
    /// Whether all its figures were counted on the same day.
    fn on_one_day(&self) -> bool {
        self.taken_from == self.taken_until
    }
}

/// `GET /region/totals`
pub async fn show(
    State(web): State<Web>,
    visit: Visit,
    address: Address,
) -> Result<Response, Instead> {
    let looker = web.looker_in(&visit, HERE).await?;
    let kept = web.kept(&looker, (&visit, &address)).await?;
    if let Some(had) = kept.had_by(&visit) {
        return Ok(had);
    }
    let ground = Ground::of(&web, &looker, &address).await?;
    let Part {
        first,
        after,
        last,
        before,
    } = Part::of(&address, SIZE);
    let variables = region_totals::Variables {
        session: ground.session.clone(),
        first,
        after,
        last,
        before,
    };
    let answer = ask::<RegionTotals>(&web.gateway, variables, looker.caller()).await?;
    let totals = answer.progress.ok_or(Instead::NotHere)?.totals;
    kept.shown(&Page {
        frame: Frame::of("Added up across compacts", &looker)?
            .within(BOARD)
            .at(&ground.name)
            .crumb("The region's board", BOARD),
        views: views(&looker, HERE, ground.session.as_deref()),
        choice: ground.choice(),
        in_words: ground.in_words(),
        pages: pages_of!("indicators", &address, totals.page_info),
        totals: totals.nodes,
    })
}
