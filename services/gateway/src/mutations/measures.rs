//! Changes to a commitment's impact measures.

use async_graphql::{ID, InputObject};
use domain::CommitmentCommand;
use domain::commitment::Baseline;
use domain::ids::{IdSource, MeasureId};
use uuid::Uuid;

use super::commitment::{ask, place};
use super::draft::{figure, new_id, registered};
use super::{Draft, Input, Place, Recording, UserError, mutations};
use crate::node::NodeKind;
use crate::types::commitment::Commitment;
use crate::types::measure::Measure;
use crate::types::scalars::{Date, Figure};
use crate::types::words::MeasureKind;

mutations! {
    /// Changes to a commitment's impact measures.
    MeasureMutations;

    /// Add an impact measure to a commitment.
    add_measure(AddMeasureInput) -> AddMeasurePayload {
        /// The commitment as it is now.
        commitment: Commitment,
        /// The new measure.
        measure: Measure,
    }
    /// Count, or correct, a measure's baseline.
    set_baseline(SetBaselineInput) -> SetBaselinePayload {
        /// The commitment as it is now.
        commitment: Commitment,
        /// The measure as it is now.
        measure: Measure,
    }
    /// Change a measure's target. The original stays in view.
    change_target(ChangeTargetInput) -> ChangeTargetPayload {
        /// The commitment as it is now.
        commitment: Commitment,
        /// The measure as it is now.
        measure: Measure,
    }
    /// Change a measure's due date. The original stays in view.
    change_measure_due_date(ChangeMeasureDueDateInput) -> ChangeMeasureDueDatePayload {
        /// The commitment as it is now.
        commitment: Commitment,
        /// The measure as it is now.
        measure: Measure,
    }
    /// Take a measure out of the count.
    withdraw_measure(WithdrawMeasureInput) -> WithdrawMeasurePayload {
        /// The commitment as it is now.
        commitment: Commitment,
        /// The measure as it is now.
        measure: Measure,
    }
}

/// A new impact measure.
#[derive(InputObject)]
pub struct AddMeasureInput {
    /// The commitment.
    commitment_id: ID,
    /// The id of the new measure; made when left out.
    new_id: Option<Uuid>,
    /// What is counted.
    indicator_id: ID,
    /// How it counts.
    kind: MeasureKind,
    /// What was there before.
    baseline: Option<BaselineInput>,
    /// The figure to reach, in the indicator's unit.
    target: Option<Figure>,
    /// The day it is due.
    due_on: Option<Date>,
    #[graphql(flatten)]
    recording: Recording,
}

impl Input for AddMeasureInput {
    fn recording(&self) -> &Recording {
        &self.recording
    }

    fn draft(self, ids: &dyn IdSource) -> Result<Draft, UserError> {
        let commitment = place(&self.commitment_id)?;
        let measure: MeasureId = new_id(self.new_id, ids);
        let target = self.target.map(|typed| figure("target", &typed));
        let command = CommitmentCommand::AddMeasure {
            measure,
            indicator: registered(NodeKind::Indicator, "indicatorId", &self.indicator_id)?,
            kind: self.kind.into(),
            baseline: self.baseline.map(BaselineInput::read).transpose()?,
            target: target.transpose()?,
            due_on: self.due_on.map(|date| date.0),
        };
        let draft = ask(&commitment, command).about(NodeKind::Measure, measure.uuid());
        Ok(draft.making())
    }
}

/// What was counted before the work began.
#[derive(InputObject)]
pub struct BaselineInput {
    /// The date it is counted on.
    on: Date,
    /// The figure, once it is known.
    value: Option<Figure>,
}

impl BaselineInput {
    fn read(self) -> Result<Baseline, UserError> {
        let value = self.value.map(|typed| figure("baseline.value", &typed));
        Ok(Baseline {
            on: self.on.0,
            value: value.transpose()?,
        })
    }
}

/// A measure's baseline.
#[derive(InputObject)]
pub struct SetBaselineInput {
    /// The measure.
    measure_id: ID,
    /// The baseline.
    baseline: BaselineInput,
    /// Why; needed when a counted figure is replaced.
    reason: Option<String>,
    #[graphql(flatten)]
    recording: Recording,
}

impl Input for SetBaselineInput {
    fn recording(&self) -> &Recording {
        &self.recording
    }

    fn draft(self, _: &dyn IdSource) -> Result<Draft, UserError> {
        let (commitment, measure) = measure(&self.measure_id)?;
        let command = CommitmentCommand::SetBaseline {
            measure,
            baseline: self.baseline.read()?,
            reason: self.reason.map(Into::into),
        };
        Ok(ask(&commitment, command).about(NodeKind::Measure, measure.uuid()))
    }
}

/// A measure's new target.
#[derive(InputObject)]
pub struct ChangeTargetInput {
    /// The measure.
    measure_id: ID,
    /// The new target, in the indicator's unit.
    target: Figure,
    /// Why.
    reason: String,
    #[graphql(flatten)]
    recording: Recording,
}

impl Input for ChangeTargetInput {
    fn recording(&self) -> &Recording {
        &self.recording
    }

    fn draft(self, _: &dyn IdSource) -> Result<Draft, UserError> {
        let (commitment, measure) = measure(&self.measure_id)?;
        let command = CommitmentCommand::ChangeTarget {
            measure,
            target: figure("target", &self.target)?,
            reason: self.reason.into(),
        };
        Ok(ask(&commitment, command).about(NodeKind::Measure, measure.uuid()))
    }
}

/// A measure's new due date.
#[derive(InputObject)]
pub struct ChangeMeasureDueDateInput {
    /// The measure.
    measure_id: ID,
    /// The new date; none takes it away.
    due_on: Option<Date>,
    /// Why.
    reason: String,
    #[graphql(flatten)]
    recording: Recording,
}

impl Input for ChangeMeasureDueDateInput {
    fn recording(&self) -> &Recording {
        &self.recording
    }

    fn draft(self, _: &dyn IdSource) -> Result<Draft, UserError> {
        let (commitment, measure) = measure(&self.measure_id)?;
        let command = CommitmentCommand::ChangeMeasureDueDate {
            measure,
            due_on: self.due_on.map(|date| date.0),
            reason: self.reason.into(),
        };
        Ok(ask(&commitment, command).about(NodeKind::Measure, measure.uuid()))
    }
}

/// Why a measure no longer counts.
#[derive(InputObject)]
pub struct WithdrawMeasureInput {
    /// The measure.
    measure_id: ID,
    /// Why.
    reason: String,
    #[graphql(flatten)]
    recording: Recording,
}

impl Input for WithdrawMeasureInput {
    fn recording(&self) -> &Recording {
        &self.recording
    }

    fn draft(self, _: &dyn IdSource) -> Result<Draft, UserError> {
        let (commitment, measure) = measure(&self.measure_id)?;
        let command = CommitmentCommand::WithdrawMeasure {
            measure,
            reason: self.reason.into(),
        };
        Ok(ask(&commitment, command).about(NodeKind::Measure, measure.uuid()))
    }
}

/// Reads the measure an input names, and where its commitment is.
pub(super) fn measure(id: &ID) -> Result<(Place, MeasureId), UserError> {
    Place::of_part(NodeKind::Measure, "measureId", id)
}
