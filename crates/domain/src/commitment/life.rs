//! A commitment's life: agreed, begun, ended and, sometimes, taken up again.

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

use crate::dated::TooEarly;
use crate::facts::{CommitmentFact, UnknownFact};
use crate::ids::SubjectId;
use crate::redaction::TextRedacted;
use crate::text::Text;
use crate::words::REASON;

use super::Commitment;
use super::error::CommitmentError;
use super::event::{
    CommitmentAgreed, CommitmentCarriedForward, CommitmentConcluded, CommitmentReopened,
    CommitmentStarted, CommitmentWithdrawn,
};
use super::statement::Statement;
use super::status::{Conclusion, Status};

/// Where it stands, and the days that bound what may still be dated.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub(super) struct Life {
    pub(super) status: Status,
    agreed: bool,
    /// The day it was proposed.
    #[serde(default)]
    proposed_on: Option<NaiveDate>,
    /// The last day the commitment itself changed.
    changed_on: Option<NaiveDate>,
    /// Since when it has been open to changes without a break.
    open_since: Option<NaiveDate>,
    /// Since when it has taken readings and reports without a break.
    reports_since: Option<NaiveDate>,
    /// The last day a reading or report was recorded for.
    reported_on: Option<NaiveDate>,
}

impl Life {
    pub(super) fn proposed(&mut self, on: NaiveDate) {
        self.proposed_on = Some(on);
        self.open_since = Some(on);
        self.changed_on = Some(on);
    }

    pub(super) fn changed(&mut self, on: NaiveDate) {
        self.changed_on = Some(on);
    }

    pub(super) fn moved(&mut self, to: Status, on: NaiveDate) {
        self.status = to;
        self.changed_on = Some(on);
        if to == Status::Agreed {
            self.agreed = true;
            self.reports_since = Some(on);
        }
    }

    pub(super) fn reopened(&mut self, to: Status, on: NaiveDate) {
        if self.status == Status::Withdrawn && self.agreed {
            self.reports_since = Some(on);
        }
        self.open_since = Some(on);
        self.moved(to, on);
    }

    pub(super) fn reported(&mut self, on: NaiveDate) {
        self.reported_on = self.reported_on.max(Some(on));
    }
}

impl Commitment {
    pub(super) fn agree(&self, on: NaiveDate) -> Result<CommitmentAgreed, CommitmentError> {
        self.may_move(Status::Agreed, on)?;
        Ok(CommitmentAgreed {})
    }

    pub(super) fn start(&self, on: NaiveDate) -> Result<CommitmentStarted, CommitmentError> {
        self.may_move(Status::InProgress, on)?;
        Ok(CommitmentStarted {})
    }

    pub(super) fn conclude(
        &self,
        on: NaiveDate,
        conclusion: Conclusion,
    ) -> Result<CommitmentConcluded, CommitmentError> {
        self.may_end(conclusion.into(), on)?;
        Ok(CommitmentConcluded { conclusion })
    }

    pub(super) fn carry_forward(
        &self,
        on: NaiveDate,
        into: Result<CommitmentFact, UnknownFact>,
        reason: &Text,
    ) -> Result<CommitmentCarriedForward, CommitmentError> {
        let session = self.may_end(Status::CarriedForward, on)?.session;
        let into = into?;
        if into.session <= session {
            let into = into.session;
            return Err(CommitmentError::NotLater { into, session });
        }
        let reason = REASON.accept(reason)?;
        Ok(CommitmentCarriedForward { into, reason })
    }

    pub(super) fn withdraw(
        &self,
        on: NaiveDate,
        reason: &Text,
    ) -> Result<CommitmentWithdrawn, CommitmentError> {
        self.may_end(Status::Withdrawn, on)?;
        let what = "this commitment was last reported on for";
        TooEarly::check(on, what, self.life.reported_on)?;
        let reason = REASON.accept(reason)?;
        Ok(CommitmentWithdrawn { reason })
    }

    pub(super) fn reopen(
        &self,
        on: NaiveDate,
        reason: &Text,
    ) -> Result<CommitmentReopened, CommitmentError> {
        self.proposed()?;
        let from = self.life.status;
        if !from.has_ended() {
            return Err(CommitmentError::NotEnded { status: from });
        }
        self.not_too_early(on)?;
        let reason = REASON.accept(reason)?;
        let to = if self.life.agreed {
            Status::InProgress
        } else {
            Status::Draft
        };
        Ok(CommitmentReopened { from, to, reason })
    }

    /// The redaction, wherever the commitment stands.
    pub(super) fn redact(
        &self,
        on: NaiveDate,
        text: SubjectId,
        reason: &Text,
    ) -> Result<TextRedacted, CommitmentError> {
        self.proposed()?;
        let what = "this commitment was proposed on";
        TooEarly::check(on, what, self.life.proposed_on)?;
        Ok(TextRedacted::of(text, reason)?)
    }

    /// What the statement says, if the commitment was proposed.
    fn proposed(&self) -> Result<&Statement, CommitmentError> {
        self.statement.as_ref().ok_or(CommitmentError::NotProposed)
    }

    /// The same, if it has not ended and has not changed since `on`.
    pub(super) fn open(&self, on: NaiveDate) -> Result<&Statement, CommitmentError> {
        let statement = self.not_ended()?;
        self.not_too_early(on)?;
        Ok(statement)
    }

    /// The same, if it has been open without a break since `on`.
    pub(super) fn open_for_measures(&self, on: NaiveDate) -> Result<(), CommitmentError> {
        self.not_ended()?;
        let what = "this commitment has been open to changes since";
        Ok(TooEarly::check(on, what, self.life.open_since)?)
    }

    /// Refuses readings and reports on a draft, on what was taken back, and before either.
    pub(super) fn open_for_reports(&self, on: NaiveDate) -> Result<(), CommitmentError> {
        self.proposed()?;
        match self.life.status {
            Status::Draft => Err(CommitmentError::StillDraft),
            Status::Withdrawn => Err(CommitmentError::TakenBack),
            _ => {
                let what = "this commitment has taken readings and reports since";
                Ok(TooEarly::check(on, what, self.life.reports_since)?)
            }
        }
    }

    fn not_ended(&self) -> Result<&Statement, CommitmentError> {
        let statement = self.proposed()?;
        let status = self.life.status;
        if status.has_ended() {
            return Err(CommitmentError::Ended { status });
        }
        Ok(statement)
    }

    fn not_too_early(&self, on: NaiveDate) -> Result<(), CommitmentError> {
        let what = "this commitment was last changed on";
        Ok(TooEarly::check(on, what, self.life.changed_on)?)
    }

    /// Refuses a step that the status does not allow, or that comes too early.
    fn may_move(&self, to: Status, on: NaiveDate) -> Result<&Statement, CommitmentError> {
        let statement = self.not_ended()?;
        let from = self.life.status;
        if !from.next().contains(&to) {
            return Err(match from {
                Status::Draft => CommitmentError::StillDraft,
                _ => CommitmentError::AlreadyPast { from, to },
            });
        }
        self.not_too_early(on)?;
        Ok(statement)
    }

    /// As [`Self::may_move`], for a step that closes the measures too.
    fn may_end(&self, to: Status, on: NaiveDate) -> Result<&Statement, CommitmentError> {
        let statement = self.may_move(to, on)?;
        let measured = self.measures.values().map(|measure| measure.changed_on);
        let what = "a measure of this commitment was last changed on";
        TooEarly::check(on, what, measured.max())?;
        Ok(statement)
    }
}
