//! The commitments of a compact, by session and by where they stand.

use askama::Template;
use axum::extract::{Path, State};
use axum::response::Response;

use crate::address::Address;
use crate::ask::ask;
use crate::chart::Progress;
use crate::documents::document;
use crate::documents::scalars::{Date, Figure, Session};
use crate::documents::words::{CommitmentStatus, MeasureKind, Visibility};
use crate::form::{Choice, Select};
use crate::instead::Instead;
use crate::page::{Frame, shown};
use crate::parts::{Pages, Part, pages_of};
use crate::session::latest_first;
use crate::uk;
use crate::visit::{Visit, Web};

document!(
    DeskCommitments,
    "documents/desk/commitment/list.graphql",
    one_of
);

use desk_commitments::DeskCommitmentsCommitmentsNodes as Commitment;
use desk_commitments::DeskCommitmentsCommitmentsNodesMeasures as Measure;

/// How many commitments stand on a page.
const SIZE: i64 = 25;

#[derive(Template)]
#[template(path = "desk/commitment/list.html")]
struct Page {
    frame: Frame,
    here: String,
    /// Whether whoever looks may propose one.
    proposes: bool,
    narrowed: bool,
    sessions: Select,
    statuses: Select,
    commitments: Vec<Commitment>,
    pages: Pages,
}

impl Commitment {
    fn counting(&self) -> impl Iterator<Item = &Measure> {
        let measures = self.measures.iter();
        measures.filter(|measure| measure.withdrawn.is_none())
    }
}

impl Measure {
    /// How far it has come, in a sentence.
    fn words(&self) -> String {
        if self.kind == MeasureKind::Narrative {
            return "told in words".to_owned();
        }
        let progress = &self.progress;
        let unit = &self.unit;
        let target = self.target.as_deref().map(uk::number);
        let due = self.due_on.as_ref();
        let due = due.map_or(String::new(), |due| format!(" by {}", uk::day(due)));
        let read = match (&progress.value, &progress.taken_on) {
            (Some(value), Some(on)) => format!("{} on {}", uk::number(value), uk::day(on)),
            (Some(value), None) => uk::number(value),
            (None, _) => "no reading yet".to_owned(),
        };
        let bar = progress.fraction.as_deref();
        let bar = bar.and_then(|fraction| Progress::of(fraction, false));
        let far = match (progress.reached, bar) {
            (Some(true), _) => "; the target is reached".to_owned(),
            (_, Some(bar)) => format!("; {}% of the way", bar.hundredths),
            _ => String::new(),
        };
        match target {
            Some(target) => format!("target {target} {unit}{due}; {read}{far}"),
            None => format!("no target, in {unit}; {read}"),
        }
    }
}

/// `GET /desk/{slug}/commitments`
pub async fn show(
    State(web): State<Web>,
    visit: Visit,
    Path(slug): Path<String>,
    address: Address,
) -> Result<Response, Instead> {
    let desk = web.desk(&visit, &slug, address.path()).await?;
    let session = address.some("session").map(str::to_owned);
    let status = match address.some("status") {
        Some(named) => Some(CommitmentStatus::named(named).ok_or(Instead::NotHere)?),
        None => None,
    };
    let part = Part::latest(&address, SIZE);
    let asked = desk_commitments::Variables {
        compact: desk.place.id.clone(),
        session: session.clone(),
        status,
        first: part.first,
        after: part.after,
        last: part.last,
        before: part.before,
    };
    let answer = ask::<DeskCommitments>(&web.gateway, asked, desk.looker.caller()).await?;
    let known = answer.compact.ok_or(Instead::NotHere)?.sessions;
    let mut sessions = vec![Choice::new("", "All sessions")];
    let known = known.iter().rev().map(|one| one.session.as_str());
    sessions.extend(known.map(|one| Choice::new(one, uk::session(one))));
    let mut statuses = vec![Choice::new("", "Wherever they stand")];
    let all = CommitmentStatus::ALL.iter();
    statuses.extend(all.map(|one| Choice::new(one.name(), one.words())));
    shown(&Page {
        frame: desk.frame("Commitments")?,
        here: desk.at("/commitments"),
        proposes: desk.looker.runs(&slug),
        narrowed: session.is_some() || status.is_some(),
        sessions: Select::new("session", "Session", sessions)
            .with(session.unwrap_or_default())
            .going(),
        statuses: Select::new("status", "Where they stand", statuses)
            .with(status.map(CommitmentStatus::name).unwrap_or_default())
            .going(),
        pages: pages_of!("commitments", &address, answer.commitments.page_info).backwards(),
        commitments: latest_first(answer.commitments.nodes, |one| &one.session),
    })
}
