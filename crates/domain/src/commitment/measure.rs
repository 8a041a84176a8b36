//! A commitment's impact measures: what is counted, from where, up to what, by when.

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

use crate::dated::TooEarly;
use crate::facts::UnknownFact;
use crate::figure::{Figure, IndicatorFact, MeasureKind};
use crate::ids::MeasureId;
use crate::text::Text;
use crate::words::REASON;

use super::Commitment;
use super::error::CommitmentError;
use super::event::{
    Baseline, BaselineSet, MeasureAdded, MeasureDueDateChanged, MeasureWithdrawn, TargetChanged,
};
use super::figures::{baseline_fits, figure_fits, kind_fits};
use super::statement::unchanged;

/// A measure, as far as decisions need it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Measure {
    pub(super) kind: MeasureKind,
    pub(super) added_on: NaiveDate,
    pub(super) changed_on: NaiveDate,
    /// The last day anything was recorded of its readings.
    pub(super) read_on: Option<NaiveDate>,
    baseline: Option<Baseline>,
    original_target: Option<Figure>,
    target: Option<Figure>,
    due_on: Option<NaiveDate>,
    withdrawn_on: Option<NaiveDate>,
}

impl Measure {
    /// The target now.
    pub const fn target(&self) -> Option<Figure> {
        self.target
    }

    /// The first target it was given, whatever became of it.
    pub const fn original_target(&self) -> Option<Figure> {
        self.original_target
    }

    /// Refuses what is asked of a measure that no longer counts.
    pub(super) fn counting(&self) -> Result<&Self, CommitmentError> {
        match self.withdrawn_on {
            None => Ok(self),
            Some(on) => Err(CommitmentError::MeasureWithdrawn { on }),
        }
    }
}

impl Commitment {
    /// One of its measures.
    pub fn measure(&self, id: MeasureId) -> Option<&Measure> {
        self.measures.get(&id)
    }

    pub(super) fn add_measure(
        &self,
        on: NaiveDate,
        measure_id: MeasureId,
        kind: MeasureKind,
        indicator: Result<IndicatorFact, UnknownFact>,
    ) -> Result<MeasureAdded, CommitmentError> {
        self.open_for_measures(on)?;
        if self.measures.contains_key(&measure_id) {
            let (field, thing) = ("measureId", "a measure");
            return Err(CommitmentError::IdTaken { field, thing });
        }
        let indicator = indicator?;
        kind_fits(kind, &indicator)?;
        Ok(MeasureAdded {
            measure_id,
            indicator,
            kind,
            baseline: None,
            target: None,
            due_on: None,
        })
    }

    pub(super) fn measure_added(&mut self, event: &MeasureAdded, on: NaiveDate) {
        let measure = Measure {
            kind: event.kind,
            added_on: on,
            changed_on: on,
            read_on: None,
            baseline: event.baseline,
            original_target: event.target,
            target: event.target,
            due_on: event.due_on,
            withdrawn_on: None,
        };
        self.measures.insert(event.measure_id, measure);
    }

    pub(super) fn set_baseline(
        &self,
        on: NaiveDate,
        measure_id: MeasureId,
        to: Baseline,
        reason: Option<&Text>,
    ) -> Result<BaselineSet, CommitmentError> {
        let measure = self.changing_measure(on, measure_id)?;
        counted_by(on, to)?;
        baseline_fits(measure.kind, Some(to))?;
        let from = measure.baseline;
        if from == Some(to) {
            return Err(unchanged("baseline", "this is the measure's baseline"));
        }
        let counted = from.is_some_and(|from| from.value.is_some());
        let reason = if counted {
            Some(REASON.insist(reason)?)
        } else {
            REASON.accept_any(reason)?
        };
        Ok(BaselineSet {
            measure_id,
            from,
            to,
            reason,
        })
    }

    pub(super) fn baseline_set(&mut self, event: &BaselineSet, on: NaiveDate) {
        self.change_measure(event.measure_id, on, |measure| {
            measure.baseline = Some(event.to);
        });
    }

    pub(super) fn change_target(
        &self,
        on: NaiveDate,
        measure_id: MeasureId,
        to: Figure,
        reason: &Text,
    ) -> Result<TargetChanged, CommitmentError> {
        let measure = self.changing_measure(on, measure_id)?;
        figure_fits("target", measure.kind, to)?;
        let from = measure.target;
        let reason = REASON.accept(reason)?;
        if from == Some(to) {
            return Err(unchanged("target", "this is the measure's target"));
        }
        Ok(TargetChanged {
            measure_id,
            from,
            to,
            reason,
        })
    }

    pub(super) fn target_changed(&mut self, event: &TargetChanged, on: NaiveDate) {
        self.change_measure(event.measure_id, on, |measure| {
            measure.original_target = measure.original_target.or(Some(event.to));
            measure.target = Some(event.to);
        });
    }

    pub(super) fn change_measure_due_date(
        &self,
        on: NaiveDate,
        measure_id: MeasureId,
        to: Option<NaiveDate>,
        reason: &Text,
    ) -> Result<MeasureDueDateChanged, CommitmentError> {
        let from = self.changing_measure(on, measure_id)?.due_on;
        let reason = REASON.accept(reason)?;
        if from == to {
            return Err(unchanged("dueOn", "this is the measure's due date"));
        }
        Ok(MeasureDueDateChanged {
            measure_id,
            from,
            to,
            reason,
        })
    }

    pub(super) fn measure_due_date_changed(
        &mut self,
        event: &MeasureDueDateChanged,
        on: NaiveDate,
    ) {
        self.change_measure(event.measure_id, on, |measure| measure.due_on = event.to);
    }

    pub(super) fn withdraw_measure(
        &self,
        on: NaiveDate,
        measure_id: MeasureId,
        reason: &Text,
    ) -> Result<MeasureWithdrawn, CommitmentError> {
        let measure = self.changing_measure(on, measure_id)?;
        let what = "a reading of this measure was last recorded for";
        TooEarly::check(on, what, measure.read_on)?;
        let reason = REASON.accept(reason)?;
        Ok(MeasureWithdrawn { measure_id, reason })
    }

    pub(super) fn measure_withdrawn(&mut self, event: &MeasureWithdrawn, on: NaiveDate) {
        self.change_measure(event.measure_id, on, |measure| {
            measure.withdrawn_on = Some(on);
        });
    }

    /// A measure that counts, for a change that does not come too early.
    fn changing_measure(&self, on: NaiveDate, id: MeasureId) -> Result<&Measure, CommitmentError> {
        self.open_for_measures(on)?;
        let measure = self.measures.get(&id);
        let measure = measure.ok_or(CommitmentError::UnknownMeasure)?.counting()?;
        let what = "this measure was last changed on";
        TooEarly::check(on, what, Some(measure.changed_on))?;
        Ok(measure)
    }

    fn change_measure(&mut self, id: MeasureId, on: NaiveDate, change: impl FnOnce(&mut Measure)) {
        if let Some(measure) = self.measures.get_mut(&id) {
            measure.changed_on = on;
            change(measure);
        }
    }
}

impl MeasureAdded {
    /// The same measure with where it starts, what it aims at and by when, if they fit its kind.
    pub(super) fn with(
        self,
        on: NaiveDate,
        baseline: Option<Baseline>,
        target: Option<Figure>,
        due_on: Option<NaiveDate>,
    ) -> Result<Self, CommitmentError> {
        baseline.map_or(Ok(()), |baseline| counted_by(on, baseline))?;
        baseline_fits(self.kind, baseline)?;
        if let Some(target) = target {
            figure_fits("target", self.kind, target)?;
        }
        Ok(Self {
            baseline,
            target,
            due_on,
            ..self
        })
    }
}

/// Refuses a counted baseline of a day that has not come: a date alone may lie ahead.
fn counted_by(on: NaiveDate, baseline: Baseline) -> Result<(), CommitmentError> {
    if baseline.value.is_none() {
        return Ok(());
    }
    CommitmentError::no_later("baseline", baseline.on, on)
}
