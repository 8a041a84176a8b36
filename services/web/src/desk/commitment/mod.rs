//! Commitments at the desk: proposed, agreed, begun, measured and ended. What may be done with one depends on where it stands; every change of
//! it is dated, and where something written is replaced, says why.

mod asked;
mod blanks;
mod carry;
mod change;
mod ground;
mod list;
mod measure;
mod propose;
mod reading;
mod sheet;
mod step;
mod take;
mod undo;
mod whole;

use axum::Router;
use axum::routing::get;

use super::Desk;
use crate::ask::ask;
use crate::documents::document;
use crate::documents::scalars::{Date, Figure, Session};
use crate::documents::words::{CommitmentStatus, MeasureKind, Standing, Visibility};
use crate::instead::Instead;
use crate::uk;
use crate::visit::Web;

document!(CommitmentGround, "documents/desk/commitment/ground.graphql");
document!(
    CommitmentChoices,
    "documents/desk/commitment/choices.graphql"
);

use commitment_choices::ResponseData as Choosable;
use commitment_ground::{
    CommitmentGroundCommitment as Commitment, CommitmentGroundCommitmentMeasures as Measure,
    CommitmentGroundCommitmentMeasuresReadingsNodes as Reading,
};

/// The pages of commitments.
pub fn routes() -> Router<Web> {
    Router::new()
        .route("/desk/{slug}/commitments", get(list::show))
        .route(
            "/desk/{slug}/commitments/new",
            get(propose::show).post(propose::send),
        )
        .route("/desk/{slug}/commitments/{id}", get(whole::show))
        .route(
            "/desk/{slug}/commitments/{id}/carry-forward",
            get(carry::show).post(carry::send),
        )
        .route(
            "/desk/{slug}/commitments/{id}/{step}",
            get(change::show).post(change::send),
        )
        .route(
            "/desk/{slug}/commitments/{id}/measures/{measure}/{step}",
            get(change::show_measure).post(change::send_measure),
        )
        .route(
            "/desk/{slug}/commitments/{id}/readings/{reading}/{step}",
            get(change::show_reading).post(change::send_reading),
        )
}

/// One commitment of the desk's compact.
async fn find(web: &Web, desk: &Desk, id: &str) -> Result<Commitment, Instead> {
    let variables = commitment_ground::Variables { id: id.to_owned() };
    let answer = ask::<CommitmentGround>(&web.gateway, variables, desk.looker.caller()).await?;
    let found = answer.commitment;
    let here = found.filter(|commitment| commitment.compact.id == desk.place.id);
    here.ok_or(Instead::NotHere)
}

/// What a commitment can be said to belong to, and what can be counted.
async fn choosable(web: &Web, desk: &Desk) -> Result<Choosable, Instead> {
    let variables = commitment_choices::Variables {
        compact: desk.place.id.clone(),
    };
    ask::<CommitmentChoices>(&web.gateway, variables, desk.looker.caller()).await
}

impl Commitment {
    /// What it is called on the pages of the desk.
    fn called(&self) -> String {
        format!("{}. {}", self.ref_, self.title)
    }

    /// Whether it has ended.
    const fn has_ended(&self) -> bool {
        !matches!(
            self.status,
            CommitmentStatus::Draft | CommitmentStatus::Agreed | CommitmentStatus::InProgress
        )
    }

    fn themes(&self) -> String {
        let names = self.themes.iter().map(|theme| theme.name.as_str());
        names.collect::<Vec<_>>().join(", ")
    }

    fn groups(&self) -> String {
        let names = self.groups.iter().map(|group| group.name.as_str());
        names.collect::<Vec<_>>().join(", ")
    }
}

impl Measure {
    /// A figure of it, in its unit.
    fn figure(&self, figure: &str) -> String {
        format!("{} {}", uk::number(figure), self.unit)
    }

    fn target(&self) -> String {
        self.target
            .as_deref()
            .map_or_else(|| "none".to_owned(), |figure| self.figure(figure))
    }

    fn baseline(&self) -> String {
        let Some(baseline) = &self.baseline else {
            return "none".to_owned();
        };
        let on = uk::day(&baseline.on);
        match &baseline.value {
            Some(value) => format!("{} on {on}", self.figure(value)),
            None => format!("to be counted on {on}"),
        }
    }

    fn latest(&self) -> String {
        let progress = &self.progress;
        match (&progress.value, &progress.taken_on) {
            (Some(value), Some(on)) => format!("{} on {}", self.figure(value), uk::day(on)),
            (Some(value), None) => self.figure(value),
            (None, _) => "none yet".to_owned(),
        }
    }
}

/// A day, or that there is none.
fn day_or_none(day: Option<&Date>) -> String {
    day.map_or_else(|| "none".to_owned(), uk::day)
}

/// Words, or that there are none.
fn or_none(words: String) -> String {
    if words.is_empty() {
        return "none".to_owned();
    }
    words
}
