//! Impact measures and the readings taken against them.

use chrono::NaiveDate;
use domain::CommitmentEvent;
use domain::commitment::{Baseline, MeasureAdded, ReadingRecorded, ReadingTerms};
use domain::figure::{Figure, IndicatorFact, MeasureKind};
use domain::ids::{MeasureId, ReadingId};
use ledger::Entry;
use serde::{Deserialize, Serialize};

use super::{CommitmentView, EvidenceView};
use crate::tracked::{Ended, Stamp, Tracked, Why};

/// One impact measure: what is counted, what was there before, what is to be reached and by when.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct MeasureView {
    /// The measure.
    pub id: MeasureId,
    /// What is counted, as the register had it when the measure was written down.
    pub indicator: IndicatorFact,
    /// How it counts.
    pub kind: MeasureKind,
    /// What was there before; original, current and every change.
    pub baseline: Tracked<Option<Baseline>>,
    /// The figure to reach; original, current and every change.
    pub target: Tracked<Option<Figure>>,
    /// The day it is due; original, current and every change.
    pub due_on: Tracked<Option<NaiveDate>>,
    /// Its readings in the order recorded; corrected and withdrawn ones stay.
    pub readings: Vec<ReadingView>,
    /// When it was added.
    pub added: Stamp,
    /// That it no longer counts, and why.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub withdrawn: Option<Ended>,
}

/// One reading, with every correction to it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct ReadingView {
    /// The reading.
    pub id: ReadingId,
    /// What it says; what it said before each correction stays.
    pub terms: Tracked<ReadingTerms>,
    /// When it was recorded.
    pub recorded: Stamp,
    /// What it rests on, in the order attached; what was taken back stays.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub evidence: Vec<EvidenceView>,
    /// That it no longer counts, and why.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub withdrawn: Option<Ended>,
}

impl ReadingView {
    /// The entry that made it say what it says now: its recording or its last correction.
    pub fn stands_since(&self) -> &Stamp {
        let last = self.terms.changes.last();
        last.map_or(&self.recorded, |change| &change.made)
    }
}

impl MeasureView {
    /// A reading by its id.
    pub fn reading(&self, id: ReadingId) -> Option<&ReadingView> {
        self.readings.iter().find(|reading| reading.id == id)
    }

    /// The reading that counts: of those not withdrawn the last counted, and of several counted on
    /// that day the last recorded.
    pub fn latest_reading(&self) -> Option<&ReadingView> {
        self.readings
            .iter()
            .filter(|reading| reading.withdrawn.is_none())
            .max_by_key(|reading| (reading.terms.current.taken_on, reading.recorded.position))
    }

    fn begin(event: &MeasureAdded, entry: &Entry) -> Self {
        Self {
            id: event.measure_id,
            indicator: event.indicator.clone(),
            kind: event.kind,
            baseline: Tracked::new(event.baseline),
            target: Tracked::new(event.target),
            due_on: Tracked::new(event.due_on),
            readings: Vec::new(),
            added: entry.into(),
            withdrawn: None,
        }
    }

    fn read(&mut self, event: &ReadingRecorded, entry: &Entry) {
        self.readings.push(ReadingView {
            id: event.reading_id,
            terms: Tracked::new(event.terms.clone()),
            recorded: entry.into(),
            evidence: Vec::new(),
            withdrawn: None,
        });
    }
}

/// What changes a commitment's measures and readings.
pub(super) fn apply(view: &mut CommitmentView, event: &CommitmentEvent, entry: &Entry) {
    match event {
        CommitmentEvent::MeasureAdded(e) => view.measures.push(MeasureView::begin(e, entry)),
        CommitmentEvent::BaselineSet(e) => on(view, e.measure_id, |measure| {
            let why = Why::said(e.reason.as_ref(), None);
            measure.baseline.change(Some(e.to), why, entry);
        }),
        CommitmentEvent::TargetChanged(e) => on(view, e.measure_id, |measure| {
            measure
                .target
                .change(Some(e.to), Why::because(&e.reason), entry);
        }),
        CommitmentEvent::MeasureDueDateChanged(e) => on(view, e.measure_id, |measure| {
            measure.due_on.change(e.to, Why::because(&e.reason), entry);
        }),
        CommitmentEvent::MeasureWithdrawn(e) => on(view, e.measure_id, |measure| {
            measure.withdrawn = Some(Ended::because(&e.reason, entry));
        }),
        CommitmentEvent::ReadingRecorded(e) => on(view, e.measure_id, |m| m.read(e, entry)),
        CommitmentEvent::ReadingCorrected(e) => {
            on_reading(view, (e.measure_id, e.reading_id), |reading| {
                reading
                    .terms
                    .change(e.to.clone(), Why::because(&e.reason), entry);
            });
        }
        CommitmentEvent::ReadingWithdrawn(e) => {
            on_reading(view, (e.measure_id, e.reading_id), |reading| {
                reading.withdrawn = Some(Ended::because(&e.reason, entry));
            });
        }
        // The promise, its status, its achievements and its evidence; dealt with where those are.
        CommitmentEvent::Proposed(_)
        | CommitmentEvent::Agreed(_)
        | CommitmentEvent::Started(_)
        | CommitmentEvent::Reworded(_)
        | CommitmentEvent::Renumbered(_)
        | CommitmentEvent::Reclassified(_)
        | CommitmentEvent::DueDateChanged(_)
        | CommitmentEvent::AchievementReported(_)
        | CommitmentEvent::AchievementCorrected(_)
        | CommitmentEvent::AchievementWithdrawn(_)
        | CommitmentEvent::EvidenceAttached(_)
        | CommitmentEvent::EvidenceWithdrawn(_)
        | CommitmentEvent::Concluded(_)
        | CommitmentEvent::CarriedForward(_)
        | CommitmentEvent::Withdrawn(_)
        | CommitmentEvent::Reopened(_)
        | CommitmentEvent::VisibilityChanged(_)
        | CommitmentEvent::TextRedacted(_) => {}
    }
}

fn on(view: &mut CommitmentView, id: MeasureId, change: impl FnOnce(&mut MeasureView)) {
    if let Some(measure) = view.measure_mut(id) {
        change(measure);
    }
}

/// Readings are looked for from the newest, which is the one most often put right.
fn on_reading(
    view: &mut CommitmentView,
    (measure, reading): (MeasureId, ReadingId),
    change: impl FnOnce(&mut ReadingView),
) {
    on(view, measure, |measure| {
        let mut readings = measure.readings.iter_mut().rev();
        if let Some(reading) = readings.find(|candidate| candidate.id == reading) {
            change(reading);
        }
    });
}
