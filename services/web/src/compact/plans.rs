//! The action plans of a compact.

use askama::Template;
use axum::extract::{Path, State};
use axum::response::Response;

use super::{frame, views};
use crate::address::Address;
use crate::ask::ask;
use crate::documents::document;
use crate::documents::scalars::Date;
use crate::documents::words::Visibility;
use crate::instead::Instead;
use crate::page::Frame;
use crate::parts::{Pages, Part, Views, pages_of};
use crate::uk;
use crate::visit::{Visit, Web};

document!(Plans, "documents/plans.graphql");

use plans::PlansCompactActionPlansNodes as Plan;

const SIZE: i64 = 25;

#[derive(Template)]
#[template(path = "compact/plans.html")]
struct Page {
    frame: Frame,
    views: Views,
    slug: String,
    plans: Vec<Plan>,
    pages: Pages,
}

/// `GET /compacts/{slug}/plans`
pub async fn show(
    State(web): State<Web>,
    visit: Visit,
    address: Address,
    Path(slug): Path<String>,
) -> Result<Response, Instead> {
    let looker = web.looker(&visit).await?;
    let kept = web.kept(&looker, (&visit, &address)).await?;
    if let Some(had) = kept.had_by(&visit) {
        return Ok(had);
    }
    let Part {
        first,
        after,
        last,
        before,
    } = Part::of(&address, SIZE);
    let asked = plans::Variables {
        slug,
        first,
        after,
        last,
        before,
    };
    let answer = ask::<Plans>(&web.gateway, asked, looker.caller()).await?;
    let compact = answer.compact.ok_or(Instead::NotHere)?;
    let place = (compact.slug.as_str(), compact.name.as_str());
    kept.shown(&Page {
        frame: frame("Action plans", &looker, place)?,
        views: views(place, "/plans"),
        pages: pages_of!("plans", &address, compact.action_plans.page_info),
        slug: compact.slug.clone(),
        plans: compact.action_plans.nodes,
    })
}
