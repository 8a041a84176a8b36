//! What a compact is, and what it promised in a session.

use askama::Template;
use axum::extract::{Path, State};
use axum::response::Response;

use super::views;
use crate::address::Address;
use crate::ask::ask;
use crate::chart::Progress;
use crate::documents::document;
use crate::documents::scalars::{Date, Figure, Session};
use crate::documents::words::{CommitmentStatus, GroupKind, MeasureKind, Standing, Visibility};
use crate::form::{Choice, Select};
use crate::instead::Instead;
use crate::nav::COMPACTS;
use crate::page::Frame;
use crate::parts::{Pages, Part, Views, pages_of};
use crate::session::Shown;
use crate::uk;
use crate::visit::{Visit, Web};

document!(Compact, "documents/compact.graphql");
document!(Commitments, "documents/commitments.graphql");

use commitments::CommitmentsCommitmentsNodes as Commitment;
use commitments::CommitmentsCommitmentsNodesMeasures as Measure;
use compact::CompactCompact as Whole;

/// How many commitments stand on a page: a session has fewer.
const SIZE: i64 = 50;

#[derive(Template)]
#[template(path = "compact/overview.html")]
struct Page {
    frame: Frame,
    views: Views,
    compact: Whole,
    session: Option<String>,
    /// The year it is, where nothing is promised for it and the latest there is stands in its place.
    instead_of: Option<String>,
    sessions: Select,
    counts: Vec<(CommitmentStatus, i64)>,
    commitments: Vec<Commitment>,
    pages: Pages,
}

impl Measure {
    fn bar(&self) -> Option<Progress> {
        let progress = &self.progress;
        Progress::of(
            progress.fraction.as_deref()?,
            progress.reached == Some(true),
        )
    }
}

/// `GET /compacts/{slug}`
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
    let asked = compact::Variables { slug };
    let answer = ask::<Compact>(&web.gateway, asked, looker.caller()).await?;
    let compact = answer.compact.ok_or(Instead::NotHere)?;
    let all: Vec<&str> = compact
        .sessions
        .iter()
        .map(|one| one.session.as_str())
        .collect();
    let Shown {
        session,
        instead_of,
    } = Shown::of(&web, &all, &address)?;
    let shown = match &session {
        Some(session) => Some(in_session(&web, &looker, (&compact, session), &address).await?),
        None => None,
    };
    let pages = match &shown {
        Some(shown) => pages_of!("commitments", &address, shown.page_info),
        None => Pages::default(),
    };
    let place = (compact.slug.as_str(), compact.name.as_str());
    kept.shown(&Page {
        frame: Frame::of(compact.name.clone(), &looker)?
            .within(COMPACTS)
            .crumb("Compacts", COMPACTS),
        views: views(place, ""),
        sessions: sessions(&compact, session.as_deref()),
        counts: counts(&compact, session.as_deref()),
        commitments: shown.map(|shown| shown.nodes).unwrap_or_default(),
        pages,
        instead_of,
        session,
        compact,
    })
}

async fn in_session(
    web: &Web,
    looker: &crate::looker::Looker,
    (compact, session): (&Whole, &str),
    address: &Address,
) -> Result<commitments::CommitmentsCommitments, Instead> {
    let part = Part::of(address, SIZE);
    let asked = commitments::Variables {
        compact: compact.id.clone(),
        session: session.to_owned(),
        first: part.first,
        after: part.after,
        last: part.last,
        before: part.before,
    };
    let answer = ask::<Commitments>(&web.gateway, asked, looker.caller()).await?;
    Ok(answer.commitments)
}

fn sessions(compact: &Whole, chosen: Option<&str>) -> Select {
    let mut all: Vec<&str> = compact
        .sessions
        .iter()
        .map(|one| one.session.as_str())
        .collect();
    all.sort_unstable_by(|one, other| other.cmp(one));
    let choices = all.into_iter().map(|session| {
        Choice::new(
            session,
            format!("{} (April to March)", uk::session(session)),
        )
    });
    Select::new("session", "Commitments for the year", choices)
        .with(chosen.unwrap_or_default())
        .going()
}

fn counts(compact: &Whole, session: Option<&str>) -> Vec<(CommitmentStatus, i64)> {
    let found = compact
        .sessions
        .iter()
        .find(|one| Some(one.session.as_str()) == session);
    let counts = found.into_iter().flat_map(|one| &one.by_status);
    let some = counts.filter(|one| one.count > 0);
    some.map(|one| (one.status, one.count)).collect()
}
