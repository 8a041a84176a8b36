//! One commitment at the desk: how it stands, what it is measured by, every target it ever had, and what can be done.

use askama::Template;
use axum::extract::{Path, State};
use axum::response::Response;

use super::measure::MeasureStep;
use super::reading::ReadingStep;
use super::step::Step;
use super::undo::Done;
use super::{Commitment, Measure, Reading, find};
use crate::address::Address;
use crate::chart::Progress;
use crate::documents::scalars::Date;
use crate::documents::words::{CommitmentStatus, MeasureKind};
use crate::instead::Instead;
use crate::page::{Frame, shown};
use crate::parts::Actions;
use crate::uk;
use crate::visit::{Visit, Web};

#[derive(Template)]
#[template(path = "desk/commitment/whole.html")]
struct Page {
    frame: Frame,
    /// Where this page is.
    here: String,
    desk: String,
    slug: String,
    /// Whether whoever looks may change it.
    runs: bool,
    steps: Actions,
    commitment: Commitment,
}

/// A target that a measure had, and since when.
struct Target {
    figure: String,
    since: Date,
    reason: String,
    now: bool,
}

impl Measure {
    fn bar(&self) -> Option<Progress> {
        let progress = &self.progress;
        Progress::of(
            progress.fraction.as_deref()?,
            progress.reached == Some(true),
        )
    }

    /// Every target it ever had, the first one first.
    fn targets(&self) -> Vec<Target> {
        let mut targets = Vec::new();
        let words = |figure: Option<&String>| {
            figure.map_or_else(|| "none".to_owned(), |figure| self.figure(figure))
        };
        let first = match self.target_changes.first() {
            Some(change) => change.from.as_ref(),
            None => self.target.as_ref(),
        };
        targets.push(Target {
            figure: words(first),
            since: self.added.occurred_on,
            reason: "As it was set with the measure".to_owned(),
            now: self.target_changes.is_empty(),
        });
        for (at, change) in self.target_changes.iter().enumerate() {
            targets.push(Target {
                figure: words(change.to.as_ref()),
                since: change.made.occurred_on,
                reason: change.reason.clone().unwrap_or_default(),
                now: at + 1 == self.target_changes.len(),
            });
        }
        targets
    }

    fn counts(&self) -> bool {
        self.kind != MeasureKind::Narrative
    }
}

impl Page {
    fn can(&self, step: Step) -> bool {
        self.runs && step.is_open(&self.commitment)
    }

    fn can_measure(&self, step: MeasureStep, measure: &Measure) -> bool {
        self.runs && step.is_open(&self.commitment, measure)
    }

    fn can_read(&self, step: ReadingStep, reading: &Reading) -> bool {
        self.runs && step.is_open(reading)
    }
}

/// What can be done with the whole of it next.
fn steps(here: &str, commitment: &Commitment) -> Actions {
    const NEXT: [(Step, &str); 5] = [
        (Step::Agree, "It was agreed"),
        (Step::Start, "Work has begun"),
        (Step::Conclude, "It has ended"),
        (Step::Withdraw, "Withdraw it"),
        (Step::Reopen, "Take it up again"),
    ];
    let open = NEXT
        .into_iter()
        .filter(|(step, _)| step.is_open(commitment));
    let mut all = Actions::default();
    for (step, words) in open {
        all = all.and(words, format!("{here}/{}", step.name()));
        if step == Step::Conclude {
            all = all.and("Carry it forward", format!("{here}/carry-forward"));
        }
    }
    all
}

/// `GET /desk/{slug}/commitments/{id}`
pub async fn show(
    State(web): State<Web>,
    visit: Visit,
    Path((slug, id)): Path<(String, String)>,
    address: Address,
) -> Result<Response, Instead> {
    let desk = web.desk(&visit, &slug, address.path()).await?;
    let commitment = find(&web, &desk, &id).await?;
    let here = address.path().to_owned();
    let runs = desk.looker.runs(&slug);
    let done = Done {
        what: address.one("done"),
        of: address.one("of"),
    };
    let command = web.gateway.services().ids.next().to_string();
    let undo = if runs {
        done.undo(&here, &commitment, command)
    } else {
        None
    };
    shown(&Page {
        frame: desk
            .frame(commitment.called())?
            .crumb("Commitments", desk.at("/commitments"))
            .done(done.words())
            .undone_by(undo),
        steps: if runs {
            steps(&here, &commitment)
        } else {
            Actions::default()
        },
        here,
        desk: desk.at(""),
        slug,
        runs,
        commitment,
    })
}
