//! A commitment as somebody judges it: its figures over time, what was reported with its evidence, and what others made of it with the
//! compact's answer beside.

use askama::Template;
use axum::extract::{Path, State};
use axum::response::Response;

use super::{BOARD, judges, reads_totals};
use crate::address::Address;
use crate::ask::ask;
use crate::chart::{Line, Point, Progress};
use crate::documents::document;
use crate::documents::scalars::{Date, Figure, Position, Session};
use crate::documents::words::{
    Backing, CommitmentStatus, Completion, Confidence, MeasureKind, ReportNow, Role, Standing,
    Visibility,
};
use crate::instead::Instead;
use crate::looker::Looker;
use crate::page::Frame;
use crate::uk;
use crate::visit::{Visit, Web};

document!(RegionCommitment, "documents/region-commitment.graphql");

pub use region_commitment::Judged;
pub use region_commitment::{RegionCommitmentCommitment as Commitment, ResponseData as Answer};
use region_commitment::{RegionCommitmentCommitmentMeasures as Measure, Shown};

#[derive(Template)]
#[template(path = "region/judged.html")]
struct Page {
    frame: Frame,
    judges: bool,
    commitment: Commitment,
    made: Vec<Judged>,
    doubts: Vec<Judged>,
    lines: Vec<Line>,
}

impl Page {
    /// Whether whoever looks is shown what others made of it.
    fn shows_judgements(&self) -> bool {
        self.commitment.assessments.is_some() || self.commitment.challenges.is_some()
    }
}

/// What the schema tells of a commitment.
///
/// # Errors
/// [`Instead::NotHere`] when it is not there for whoever looks.
pub async fn asked(
    web: &Web,
    looker: &Looker,
    id: &str,
) -> Result<(Commitment, Option<String>), Instead> {
    let variables = region_commitment::Variables { id: id.to_owned() };
    let answer: Answer = ask::<RegionCommitment>(&web.gateway, variables, looker.caller()).await?;
    let commitment = answer.commitment.ok_or(Instead::NotHere)?;
    Ok((commitment, answer.region.map(|region| region.id)))
}

/// `GET /region/commitments/{id}`
pub async fn show(
    State(web): State<Web>,
    visit: Visit,
    address: Address,
    Path(id): Path<String>,
) -> Result<Response, Instead> {
    let looker = web.looker_in(&visit, address.path()).await?;
    let kept = web.kept(&looker, (&visit, &address)).await?;
    if let Some(had) = kept.had_by(&visit) {
        return Ok(had);
    }
    let (commitment, _) = asked(&web, &looker, &id).await?;
    let frame = Frame::of(
        format!("{}. {}", commitment.ref_, commitment.title),
        &looker,
    )?
    .within(BOARD)
    .at(&commitment.compact.name)
    .crumb("The region's board", BOARD);
    let frame = if reads_totals(&looker) {
        let back = Address::read("/region/progress", "").with("session", &commitment.session);
        frame.crumb("Progress against targets", back.to_string())
    } else {
        frame
    };
    let done = match address.one("done") {
        "assessed" => Some("Your assessment is recorded. The compact sees it."),
        "released" => Some("It is recorded who may read your assessment."),
        _ => None,
    };
    let nodes = |listed: Option<Vec<Judged>>| listed.unwrap_or_default();
    let lines = commitment.measures.iter().enumerate();
    kept.shown(&Page {
        frame: frame.done(done),
        judges: judges(&looker),
        made: nodes(commitment.assessments.as_ref().map(|it| it.nodes.clone())),
        doubts: nodes(commitment.challenges.as_ref().map(|it| it.nodes.clone())),
        lines: lines
            .filter_map(|(nth, measure)| measure.line(nth))
            .collect(),
        commitment,
    })
}

/// Who made a judgement, as a sentence begins.
pub fn by(role: Option<Role>) -> String {
    let role = role.map(|role| role.words().to_lowercase());
    role.map_or_else(
        || "The installation".to_owned(),
        |role| format!("The {role}"),
    )
}

/// Who reads a judgement that is let out so far.
pub const fn readers(visibility: Visibility) -> &'static str {
    match visibility {
        Visibility::Draft => {
            "Those it concerns: the funder, the regional administrators, the compact's secretariat and its auditors"
        }
        Visibility::Compact => "Everybody who works in this compact, too",
        Visibility::Region => "Everybody who works in one of the region's compacts, too",
        Visibility::Public => "Everybody: it is published",
    }
}

impl Measure {
    fn bar(&self) -> Option<Progress> {
        let fraction = self.progress.fraction.as_deref()?;
        Progress::of(fraction, self.progress.reached == Some(true))
    }

    /// Its figures over time; none before there is one.
    fn line(&self, nth: usize) -> Option<Line> {
        let counting = self
            .readings
            .nodes
            .iter()
            .filter(|it| it.withdrawn.is_none());
        let points = counting.map(|reading| Point {
            on: reading.taken_on,
            figure: reading.value.clone(),
            source: reading.source.clone(),
        });
        let points: Vec<Point> = points.collect();
        if points.is_empty() || self.withdrawn.is_some() {
            return None;
        }
        // An increase is read as the count itself, and its target is not on the same scale.
        let comparable = self.kind != MeasureKind::IncreaseOnBaseline;
        let target = self.target.clone().filter(|_| comparable);
        let target = target.map(|target| (target, self.due_on));
        let title = crate::form::sentence(&self.name);
        Some(Line::new(
            format!("measure-{nth}"),
            (title, self.unit.clone()),
            points,
            target,
        ))
    }

    /// What the first target was, where it is another now.
    fn moved(&self) -> Option<&str> {
        let first = self.original_target.as_deref()?;
        (self.target.as_deref() != Some(first)).then_some(first)
    }
}

impl Shown {
    /// Where it leads and what it says, if it was not taken back.
    fn link(&self) -> Option<(&str, &str)> {
        if self.withdrawn.is_some() {
            return None;
        }
        let file = self.document.file.as_ref();
        let file = file.map(|file| (file.url.as_str(), file.name.as_str()));
        let link = self.document.link.as_ref();
        let link = link.map(|link| (link.url.as_str(), link.note.as_deref().unwrap_or(&link.url)));
        file.or(link)
    }
}

impl Judged {
    /// Who made it, as a sentence begins.
    pub fn by(&self) -> String {
        by(self.made_as)
    }

    /// Who reads it, beside those it concerns: it is let out no further than the commitment.
    fn read_by(&self, commitment: &Commitment) -> &'static str {
        readers(self.visibility.min(commitment.visibility))
    }

    /// What it is about.
    pub fn about(&self) -> String {
        if let Some(reading) = &self.reading {
            let figure = uk::number(&reading.value);
            return format!(
                "the figure {figure} {} of {}",
                reading.unit,
                uk::day(&reading.taken_on)
            );
        }
        if let Some(report) = &self.achievement {
            return format!("the report of {}", uk::day(&report.reported_on));
        }
        if self.of_whole {
            "the commitment as a whole"
        } else {
            "a report that was taken back"
        }
        .to_owned()
    }

    /// How what was judged stands by now, where it is not as it was.
    fn since(&self) -> Option<ReportNow> {
        self.report_now.filter(|now| *now != ReportNow::Unchanged)
    }
}
