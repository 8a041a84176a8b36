//! What compacts took up from one another: the graph, and every adoption with its day.

use askama::Template;
use axum::extract::State;
use axum::response::Response;

use super::{BOARD, Ground, View, short, views};
use crate::address::Address;
use crate::ask::ask;
use crate::chart::{Graph, Passed};
use crate::documents::document;
use crate::documents::scalars::Date;
use crate::documents::words::AdoptionState;
use crate::instead::Instead;
use crate::page::Frame;
use crate::parts::{PageInfo, Pages, Part};
use crate::uk;
use crate::visit::{Visit, Web};

const HERE: &str = "/region/adoptions";

/// How many adoptions stand on a page.
const ROWS: i64 = 25;

document!(RegionAdoptions, "documents/region-adoptions.graphql");

use region_adoptions::{
    RegionAdoptionsRegionAdoptionGraphAdoptionsNodes as Adoption,
    RegionAdoptionsRegionAdoptionGraphPassed as Between,
};

#[derive(Template)]
#[template(path = "region/adoptions.html")]
struct Page {
    frame: Frame,
    views: Vec<View>,
    graph: Option<Graph>,
    passed: Vec<Between>,
    adoptions: Vec<Adoption>,
    pages: Pages,
}

/// `GET /region/adoptions`
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
    let ground = Ground::of(&web, &looker, &Address::read(HERE, "")).await?;
    let Part {
        first,
        after,
        last,
        before,
    } = Part::of(&address, ROWS);
    let variables = region_adoptions::Variables {
        first,
        after,
        last,
        before,
    };
    let answer = ask::<RegionAdoptions>(&web.gateway, variables, looker.caller()).await?;
    let Some(region) = answer.region else {
        return Err(Instead::NotHere);
    };
    let listed = region.adoption_graph.adoptions;
    let passed = region.adoption_graph.passed;
    let info = PageInfo {
        has_next_page: listed.page_info.has_next_page,
        has_previous_page: listed.page_info.has_previous_page,
        start_cursor: listed.page_info.start_cursor.as_deref(),
        end_cursor: listed.page_info.end_cursor.as_deref(),
    };
    kept.shown(&Page {
        frame: Frame::of("Good practice taken up", &looker)?
            .within(BOARD)
            .at(&ground.name)
            .crumb("The region's board", BOARD),
        views: views(&looker, HERE, ground.session.as_deref()),
        graph: graph(&passed),
        passed,
        pages: Pages::new("adoptions", &address, &info),
        adoptions: listed.nodes,
    })
}

/// The compacts that gave or took, by name, and how much.
fn graph(passed: &[Between]) -> Option<Graph> {
    let names = passed.iter().flat_map(|it| [&it.from.name, &it.to.name]);
    let mut names: Vec<String> = names.map(|name| short(name).to_owned()).collect();
    names.sort();
    names.dedup();
    if names.is_empty() {
        return None;
    }
    let place = |name: &str| names.iter().position(|it| it == short(name));
    let arrows = passed.iter().filter_map(|it| {
        Some(Passed {
            from: place(&it.from.name)?,
            to: place(&it.to.name)?,
            count: u64::try_from(it.count).ok()?,
        })
    });
    let arrows: Vec<Passed> = arrows.collect();
    let caption = "An arrow leads from the compact whose practice it was to the one that took it up; the number says how many. \
                   The table says the same.";
    Some(Graph::new("adoptions", caption, &names, &arrows))
}
