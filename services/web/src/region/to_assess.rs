//! What nobody has assessed yet, for whoever judges.

use askama::Template;
use axum::extract::State;
use axum::response::Response;

use super::{BOARD, Ground, View, judges, views};
use crate::address::Address;
use crate::ask::ask;
use crate::documents::document;
use crate::documents::scalars::{Date, Figure, Session};
use crate::documents::words::Standing;
use crate::form::Select;
use crate::instead::Instead;
use crate::page::Frame;
use crate::parts::{Pages, Part, pages_of};
use crate::uk;
use crate::visit::{Visit, Web};

document!(RegionToAssess, "documents/region-to-assess.graphql");

use region_to_assess::RegionToAssessRegionOverviewUnassessedNodes as Outcome;

const HERE: &str = "/region/to-assess";

/// How many outcomes stand on a page.
const SIZE: i64 = 25;

#[derive(Template)]
#[template(path = "region/to-assess.html")]
struct Page {
    frame: Frame,
    views: Vec<View>,
    choice: Select,
    in_words: String,
    judges: bool,
    outcomes: Vec<Outcome>,
    total: i64,
    pages: Pages,
}

/// `GET /region/to-assess`
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
    let variables = region_to_assess::Variables {
        session: ground.session.clone(),
        compact_id: None,
        first,
        after,
        last,
        before,
    };
    let answer = ask::<RegionToAssess>(&web.gateway, variables, looker.caller()).await?;
    let overview = answer.region.and_then(|region| region.overview);
    let listed = overview.ok_or(Instead::NotHere)?.unassessed;
    kept.shown(&Page {
        frame: Frame::of("Outcomes to assess", &looker)?
            .within(BOARD)
            .at(&ground.name)
            .crumb("The region's board", BOARD),
        views: views(&looker, HERE, ground.session.as_deref()),
        choice: ground.choice(),
        in_words: ground.in_words(),
        judges: judges(&looker),
        total: listed.total_count.unwrap_or_default(),
        pages: pages_of!("outcomes", &address, listed.page_info),
        outcomes: listed.nodes,
    })
}
