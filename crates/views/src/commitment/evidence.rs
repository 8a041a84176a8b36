//! Evidence: what readings and achievements rest on, and what is to be said where nothing does.

use chrono::NaiveDate;
use domain::commitment::{EvidenceAttached, Outcome};
use domain::ids::EvidenceId;
use domain::{CommitmentEvent, Evidence};
use ledger::Entry;
use serde::{Deserialize, Serialize};

use super::{CommitmentView, MeasureView};
use crate::tracked::{Ended, Stamp};

/// What a reading or an achievement rests on.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct EvidenceView {
    /// The evidence.
    pub id: EvidenceId,
    /// The link or the file.
    pub evidence: Evidence,
    /// When it was attached.
    pub attached: Stamp,
    /// That it was taken back, and why.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub withdrawn: Option<Ended>,
}

impl EvidenceView {
    fn begin(event: &EvidenceAttached, entry: &Entry) -> Self {
        Self {
            id: event.evidence_id,
            evidence: event.evidence.clone(),
            attached: entry.into(),
            withdrawn: None,
        }
    }
}

/// Whether anything stands behind an outcome.
pub fn rests_on_something(evidence: &[EvidenceView]) -> bool {
    evidence.iter().any(|it| it.withdrawn.is_none())
}

/// What is known behind a measure's figure on a day.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Backing {
    /// Nothing was read.
    NoReading,
    /// It was read, and nothing shows that it is so.
    NoEvidence,
    /// Its latest reading rests on a link or a file.
    Evidence,
}

/// How fresh and how well founded a measure's figure is on a day: worked out from what was recorded and the day.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Freshness {
    /// The day of its latest reading by then.
    pub read_on: Option<NaiveDate>,
    /// Since when nothing was read: since that day, or while there is none since the measure was added.
    pub no_reading_since: NaiveDate,
    /// How many days that is. None is negative.
    pub days: u32,
    /// What is known behind the figure.
    pub backing: Backing,
}

impl MeasureView {
    /// How fresh and how well founded its figure is at the end of a day.
    pub fn freshness(&self, on: NaiveDate) -> Freshness {
        let counting = self.readings.iter().filter(|it| it.withdrawn.is_none());
        let by_then = counting.filter(|it| it.terms.current.taken_on <= on);
        let latest = by_then.max_by_key(|it| (it.terms.current.taken_on, it.recorded.position));
        let read_on = latest.map(|it| it.terms.current.taken_on);
        let no_reading_since = read_on.unwrap_or(self.added.on);
        Freshness {
            read_on,
            no_reading_since,
            days: u32::try_from((on - no_reading_since).num_days()).unwrap_or(0),
            backing: match latest {
                None => Backing::NoReading,
                Some(reading) if rests_on_something(&reading.evidence) => Backing::Evidence,
                Some(_) => Backing::NoEvidence,
            },
        }
    }
}

impl CommitmentView {
    /// The evidence with this id, whatever rests on it.
    pub fn evidence(&self, id: EvidenceId) -> Option<(Outcome, &EvidenceView)> {
        let readings = self.measures.iter().flat_map(|measure| &measure.readings);
        let readings = readings.map(|it| (Outcome::Reading(it.id), &it.evidence));
        let told = self.achievements.iter();
        let told = told.map(|it| (Outcome::Achievement(it.id), &it.evidence));
        readings.chain(told).find_map(|(outcome, evidence)| {
            let evidence = evidence.iter().find(|it| it.id == id)?;
            Some((outcome, evidence))
        })
    }

    fn evidence_of(&mut self, outcome: Outcome) -> Option<&mut Vec<EvidenceView>> {
        match outcome {
            Outcome::Reading(id) => {
                let mut readings = self.measures.iter_mut().flat_map(|it| &mut it.readings);
                readings.find(|it| it.id == id).map(|it| &mut it.evidence)
            }
            Outcome::Achievement(id) => {
                let mut told = self.achievements.iter_mut();
                told.find(|it| it.id == id).map(|it| &mut it.evidence)
            }
        }
    }
}

/// What is attached to outcomes, and taken back. Gives whether the event was that.
pub(super) fn apply(view: &mut CommitmentView, event: &CommitmentEvent, entry: &Entry) -> bool {
    match event {
        CommitmentEvent::EvidenceAttached(e) => {
            if let Some(evidence) = view.evidence_of(e.outcome) {
                evidence.push(EvidenceView::begin(e, entry));
            }
        }
        CommitmentEvent::EvidenceWithdrawn(e) => {
            let evidence = view.evidence_of(e.outcome).into_iter().flatten();
            for it in evidence.filter(|it| it.id == e.evidence_id) {
                it.withdrawn = Some(Ended::because(&e.reason, entry));
            }
        }
        _ => return false,
    }
    true
}
