//! A commitment: what was promised, how it is measured, what changed and why, and what came of it.

use askama::Template;
use axum::extract::{Path, State};
use axum::response::Response;

use super::{frame, must_be_of};
use crate::address::Address;
use crate::ask::ask;
use crate::chart::{Line, Point, Progress};
use crate::documents::document;
use crate::documents::scalars::{Date, DateTime, Figure, Position, Session};
use crate::documents::words::{
    ActionState, CommitmentStatus, Completion, Confidence, MeasureKind, Role, Standing, Visibility,
};
use crate::instead::Instead;
use crate::may;
use crate::page::Frame;
use crate::parts::{Actions, Mark, Pages, Part, Source, Tag, pages_of};
use crate::past::{Asked, Met, Past};
use crate::uk;
use crate::visit::{Visit, Web};

document!(CommitmentPage, "documents/commitment.graphql", one_of);

use commitment_page::CommitmentPageCommitment as Whole;
use commitment_page::CommitmentPageCommitmentMeasures as Measure;
use commitment_page::CommitmentPageCompactCalendarNodes as Meeting;
use commitment_page::{Judged, Shown};

/// How many lines of its history stand on a page.
const SIZE: i64 = 10;

#[derive(Template)]
#[template(path = "compact/commitment.html")]
struct Page {
    frame: Frame,
    actions: Actions,
    source: Source,
    slug: String,
    past: Past,
    /// The commitment; none where there was none to see then.
    commitment: Option<Whole>,
    history: Pages,
    first_of_history: bool,
    /// Whether whoever looks speaks for one of its members.
    represents: bool,
}

impl From<Meeting> for Met {
    fn from(meeting: Meeting) -> Self {
        Self {
            id: meeting.id,
            held_on: meeting.held_on,
            group: meeting.group.map(|group| (group.id, group.name)),
        }
    }
}

impl Whole {
    fn title(&self) -> String {
        format!("{}. {}", self.ref_, self.title)
    }

    /// What others made of it, as far as whoever looks is shown that.
    fn judged(&self) -> impl Iterator<Item = &Judged> {
        let made = self.assessments.iter().flat_map(|it| &it.nodes);
        let doubts = self.challenges.iter().flat_map(|it| &it.nodes);
        made.chain(doubts)
    }
}

impl Judged {
    /// Who made it, as a sentence begins.
    fn by(&self) -> String {
        crate::region::judged::by(self.made_as)
    }

    /// What it is about.
    fn about(&self) -> String {
        match (&self.reading, &self.achievement) {
            (Some(reading), _) => {
                let figure = uk::number(&reading.value);
                let (unit, on) = (&reading.unit, uk::day(&reading.taken_on));
                format!("the figure {figure} {unit} of {on}")
            }
            (None, Some(report)) => format!("the report of {}", uk::day(&report.reported_on)),
            (None, None) if self.of_whole => "the commitment as a whole".to_owned(),
            (None, None) => "a report that was taken back".to_owned(),
        }
    }

    /// That not everybody who reads the commitment reads this.
    fn mark(&self, commitment: &Whole) -> Option<Tag> {
        if self.visibility >= commitment.visibility {
            return None;
        }
        Some(match self.visibility {
            Visibility::Draft => Tag {
                words: "Told to those it concerns",
                mark: Mark::Draft,
            },
            other => other.tag(),
        })
    }
}

impl Measure {
    fn bar(&self) -> Option<Progress> {
        let progress = &self.progress;
        Progress::of(
            progress.fraction.as_deref()?,
            progress.reached == Some(true),
        )
    }

    /// The line through its readings, as they stand; none before the first.
    fn line(&self) -> Option<Line> {
        let good = self.readings.nodes.iter();
        let good = good.filter(|reading| reading.withdrawn.is_none());
        let mut points: Vec<Point> = good
            .map(|reading| Point {
                on: reading.taken_on,
                figure: reading.value.clone(),
                source: reading.source.clone(),
            })
            .collect();
        if points.is_empty() {
            return None;
        }
        if let Some(baseline) = &self.baseline
            && let Some(figure) = &baseline.value
        {
            points.push(Point {
                on: baseline.on,
                figure: figure.clone(),
                source: "the baseline".to_owned(),
            });
        }
        let target = self.target.clone().map(|figure| (figure, self.due_on));
        let about = (self.name.clone(), self.unit.clone());
        Some(Line::new(
            format!("measure-{}", self.id),
            about,
            points,
            target,
        ))
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
        let link = link.map(|link| {
            let words = link.note.as_deref().unwrap_or(&link.url);
            (link.url.as_str(), words)
        });
        file.or(link)
    }
}

/// `GET /compacts/{slug}/commitments/{id}`
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
    let Part {
        first,
        after,
        last,
        before,
    } = Part::latest(&address, SIZE);
    let asked = Asked::of(&address);
    let variables = commitment_page::Variables {
        slug: slug.clone(),
        id,
        as_of: asked.as_of(commitment_page::AsOf::On, commitment_page::AsOf::Meeting),
        first,
        after,
        last,
        before,
    };
    let answer = ask::<CommitmentPage>(&web.gateway, variables, looker.caller()).await?;
    let compact = answer.compact.ok_or(Instead::NotHere)?;
    let meetings: Vec<Met> = compact.calendar.nodes.into_iter().map(Met::from).collect();
    let past = Past::new("commitment", &address, (&asked, &meetings));
    let commitment = answer.commitment;
    match &commitment {
        Some(commitment) => must_be_of(&slug, &commitment.compact.slug)?,
        None if !past.is_shown() => return Err(Instead::NotHere),
        None => {}
    }
    let title = commitment.as_ref().map(Whole::title);
    let title = title.unwrap_or_else(|| "Commitment".to_owned());
    let place = (slug.as_str(), compact.name.as_str());
    let mut around = frame(title, &looker, place)?;
    if let Some(commitment) = &commitment {
        let session = uk::session(&commitment.session);
        let back = format!("/compacts/{slug}?session={}", commitment.session);
        around = around.crumb(format!("Commitments for {session}"), back);
    }
    let now = commitment.as_ref().filter(|_| !past.is_shown());
    kept.shown(&Page {
        frame: around,
        actions: now.map_or_else(Actions::default, |now| {
            may::with_commitment(&looker, &slug, &now.id)
        }),
        source: may::source(&looker, &slug),
        history: commitment.as_ref().map_or_else(Pages::default, |found| {
            pages_of!("the history", &address, found.history.page_info.clone()).backwards()
        }),
        represents: looker.holds(Role::MemberRepresentative, &slug),
        first_of_history: address.some("after").is_none() && address.some("before").is_none(),
        slug,
        past,
        commitment,
    })
}
