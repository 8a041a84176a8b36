//! How far a measure has come: computed from its readings, never stored.

use chrono::NaiveDate;
use domain::Text;
use domain::figure::{Figure, MeasureKind};
use ledger::entry::Position;
use rust_decimal::Decimal;
use serde::{Deserialize, Serialize};

use super::MeasureView;

/// How many decimal places a fraction is given in.
const FRACTION_PLACES: u32 = 4;

/// How far a measure has come, by its latest reading, with everything a reader needs to trust it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Progress {
    /// What counts towards the target, in `unit`: the latest reading, or for an increase on baseline
    /// what it is above the baseline. None for a narrative, without a reading, or while the baseline
    /// has not been counted.
    pub value: Option<Figure>,
    /// The figure to reach, if one was set.
    pub target: Option<Figure>,
    /// `value` over `target`, 1 being all of it; only where the kind counts towards a target.
    pub fraction: Option<Decimal>,
    /// Whether the target is reached; none where there is nothing to compare.
    pub reached: Option<bool>,
    /// The unit of `value` and `target`.
    pub unit: String,
    /// The day the latest reading was counted.
    pub taken_on: Option<NaiveDate>,
    /// Where the latest reading came from.
    pub source: Option<Text>,
    /// The entry the latest reading stands on: its recording or its last correction.
    pub position: Option<Position>,
}

impl MeasureView {
    /// How far it has come.
    pub fn progress(&self) -> Progress {
        let latest = self.latest_reading();
        let value = latest.and_then(|reading| self.counted(reading.terms.current.value));
        let target = self.figure_to_reach();
        Progress {
            value,
            target,
            fraction: self.fraction(value, target),
            reached: value.zip(target).map(|(value, target)| value >= target),
            unit: self.indicator.unit.clone(),
            taken_on: latest.map(|reading| reading.terms.current.taken_on),
            source: latest.map(|reading| reading.terms.current.source.clone()),
            position: latest.map(|reading| reading.stands_since().position),
        }
    }

    /// What a reading of `value` counts towards the target.
    fn counted(&self, value: Figure) -> Option<Figure> {
        match self.kind {
            MeasureKind::Additional | MeasureKind::Total | MeasureKind::Milestone => Some(value),
            MeasureKind::IncreaseOnBaseline => value.checked_sub(self.baseline.current?.value?),
            MeasureKind::Narrative => None,
        }
    }

    /// The target; a milestone without one is reached at 1.
    fn figure_to_reach(&self) -> Option<Figure> {
        match self.kind {
            MeasureKind::Milestone => Some(self.target.current.unwrap_or_else(|| 1.into())),
            MeasureKind::Narrative => None,
            _ => self.target.current,
        }
    }

    fn fraction(&self, value: Option<Figure>, target: Option<Figure>) -> Option<Decimal> {
        if self.kind == MeasureKind::Milestone {
            return None;
        }
        let fraction = value?.decimal().checked_div(target?.decimal())?;
        Some(fraction.round_dp(FRACTION_PLACES).normalize())
    }
}
