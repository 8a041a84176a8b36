//! Progress against targets: each released commitment with its figures, how old they are, and what stands behind them.

use askama::Template;
use axum::extract::State;
use axum::response::Response;

use super::{BOARD, Ground, View, views};
use crate::address::Address;
use crate::ask::ask;
use crate::chart::Progress;
use crate::documents::document;
use crate::documents::scalars::{Date, Figure, Session};
use crate::documents::words::{Backing, CommitmentStatus, MeasureKind};
use crate::form::{Choice, Field, Select};
use crate::instead::Instead;
use crate::page::Frame;
use crate::parts::{Pages, Part, pages_of};
use crate::uk;
use crate::visit::{Visit, Web};

document!(RegionProgress, "documents/region-progress.graphql");

use region_progress::RegionProgressRegionOverviewRowsNodes as Row;
use region_progress::RegionProgressRegionOverviewRowsNodesFigures as RowFigure;

const HERE: &str = "/region/progress";

/// How many commitments stand on a page.
const SIZE: i64 = 25;

#[derive(Template)]
#[template(path = "region/progress.html")]
struct Page {
    frame: Frame,
    views: Vec<View>,
    session: Select,
    theme: Select,
    compact: Select,
    on: Field,
    rows: Vec<Row>,
    total: i64,
    pages: Pages,
    day: Date,
}

impl RowFigure {
    fn bar(&self) -> Option<Progress> {
        let fraction = self.progress.fraction.as_deref()?;
        Progress::of(fraction, self.progress.reached == Some(true))
    }

    /// Whether the target is another than it began with.
    fn moved(&self) -> Option<&str> {
        let first = self.measure.original_target.as_deref()?;
        (self.progress.target.as_deref() != Some(first)).then_some(first)
    }
}

/// What is asked for: what the address narrows it down to, its figures as old as on that day.
fn asked(
    address: &Address,
    ground: &Ground,
    on: Option<Date>,
) -> Result<region_progress::Variables, Instead> {
    let named = address.some("compact").map(|slug| {
        let found = ground.compacts.iter().find(|compact| compact.slug == slug);
        found
            .map(|compact| compact.id.clone())
            .ok_or(Instead::NotHere)
    });
    let Part {
        first,
        after,
        last,
        before,
    } = Part::of(address, SIZE);
    Ok(region_progress::Variables {
        session: ground.session.clone(),
        theme: address.some("theme").map(str::to_owned),
        compact_id: named.transpose()?,
        on,
        first,
        after,
        last,
        before,
    })
}

/// `GET /region/progress`
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
    let on = address.some("on").map(str::parse::<Date>);
    let variables = asked(&address, &ground, on.and_then(Result::ok))?;
    let answer = ask::<RegionProgress>(&web.gateway, variables, looker.caller()).await?;
    let overview = answer.region.and_then(|region| region.overview);
    let overview = overview.ok_or(Instead::NotHere)?;
    let themes = answer.themes.map(|themes| themes.nodes).unwrap_or_default();
    let themes = themes
        .into_iter()
        .map(|theme| Choice::new(theme.code, theme.name));
    let themes = [Choice::new("", "All themes")].into_iter().chain(themes);
    let compacts = ground.compacts.iter();
    let compacts = compacts.map(|it| Choice::new(it.slug.clone(), super::short(&it.name)));
    let compacts = [Choice::new("", "All compacts")]
        .into_iter()
        .chain(compacts);
    let wrong = on.filter(Result::is_err);
    let day = Field {
        kind: "date",
        short: true,
        ..Field::new("on", "Age counted to", "off")
    };
    let rows = overview.rows;
    kept.shown(&Page {
        frame: Frame::of("Progress against targets", &looker)?
            .within(BOARD)
            .at(&ground.name)
            .crumb("The region's board", BOARD),
        views: views(&looker, HERE, ground.session.as_deref()),
        session: Select {
            goes: false,
            ..ground.choice()
        },
        theme: Select::new("theme", "Theme", themes).with(address.one("theme")),
        compact: Select::new("compact", "Compact", compacts).with(address.one("compact")),
        on: day
            .with(address.one("on"))
            .but(wrong.map(|_| "enter a real date, such as 2010-03-31")),
        total: rows.total_count.unwrap_or_default(),
        pages: pages_of!("commitments", &address, rows.page_info),
        rows: rows.nodes,
        day: overview.on,
    })
}
