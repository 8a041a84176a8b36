//! Which function decides which command. Nothing is decided here.

use crate::dated::Directed;

use super::command::CommitmentCommand as C;
use super::error::CommitmentError;
use super::event::{AchievementTerms, CommitmentEvent, CommitmentProposed};
use super::{Commitment, Outcome};

/// What a command brings about, or why it was refused.
type Decision = Result<Vec<CommitmentEvent>, CommitmentError>;

/// The decision that brings about one event.
fn one<E: Into<CommitmentEvent>>(event: E) -> Vec<CommitmentEvent> {
    vec![event.into()]
}

impl Commitment {
    /// Finds the part of the commitment that a command is about. The compiler sees to it that
    /// each command has one; that the part then knows the command is seen to by a test.
    pub(super) fn decide(&self, directed: &Directed<C>) -> Decision {
        match directed.command {
            C::ProposeCommitment { .. }
            | C::RewordCommitment { .. }
            | C::RenumberCommitment { .. }
            | C::ReclassifyCommitment { .. }
            | C::ChangeDueDate { .. } => self.decide_statement(directed),
            C::AddMeasure { .. }
            | C::SetBaseline { .. }
            | C::ChangeTarget { .. }
            | C::ChangeMeasureDueDate { .. }
            | C::WithdrawMeasure { .. } => self.decide_measure(directed),
            C::RecordReading { .. } | C::CorrectReading { .. } | C::WithdrawReading { .. } => {
                self.decide_reading(directed)
            }
            C::ReportAchievement { .. }
            | C::CorrectAchievement { .. }
            | C::WithdrawAchievement { .. } => self.decide_achievement(directed),
            C::AttachEvidence { .. } | C::WithdrawEvidence { .. } => self.decide_evidence(directed),
            C::AgreeCommitment
            | C::StartCommitment
            | C::ConcludeCommitment { .. }
            | C::CarryForward { .. }
            | C::WithdrawCommitment { .. }
            | C::ReopenCommitment { .. } => self.decide_life(directed),
            C::ReleaseCommitment { to, ref reason } => self
                .release(directed.occurred_on, to, reason.as_ref())
                .map(one),
            C::RedactText { text, ref reason } => {
                self.redact(directed.occurred_on, text, reason).map(one)
            }
        }
    }

    fn decide_statement(&self, directed: &Directed<C>) -> Decision {
        let (on, facts) = (directed.occurred_on, &directed.facts);
        match &directed.command {
            C::ProposeCommitment {
                session,
                label,
                words,
                classification,
                due_on,
            } => {
                let proposed = self.propose(*session, label, words)?;
                Ok(one(CommitmentProposed {
                    classification: classification.checked(facts)?,
                    due_on: *due_on,
                    ..proposed
                }))
            }
            C::RewordCommitment { words, reason } => self.reword(on, words, reason).map(one),
            C::RenumberCommitment {
                session,
                label,
                reason,
            } => self.renumber(on, *session, label, reason).map(one),
            C::ReclassifyCommitment {
                classification,
                reason,
            } => self.reclassify(on, classification, reason, facts).map(one),
            C::ChangeDueDate { due_on, reason } => {
                self.change_due_date(on, *due_on, reason).map(one)
            }
            _ => Ok(Vec::new()),
        }
    }

    fn decide_measure(&self, directed: &Directed<C>) -> Decision {
        let (on, facts) = (directed.occurred_on, &directed.facts);
        match &directed.command {
            C::AddMeasure {
                measure,
                indicator,
                kind,
                baseline,
                target,
                due_on,
            } => {
                let indicator = facts.indicator(*indicator);
                let added = self.add_measure(on, *measure, *kind, indicator)?;
                added.with(on, *baseline, *target, *due_on).map(one)
            }
            C::SetBaseline {
                measure,
                baseline,
                reason,
            } => {
                let reason = reason.as_ref();
                self.set_baseline(on, *measure, *baseline, reason).map(one)
            }
            C::ChangeTarget {
                measure,
                target,
                reason,
            } => self.change_target(on, *measure, *target, reason).map(one),
            C::ChangeMeasureDueDate {
                measure,
                due_on,
                reason,
            } => self
                .change_measure_due_date(on, *measure, *due_on, reason)
                .map(one),
            C::WithdrawMeasure { measure, reason } => {
                self.withdraw_measure(on, *measure, reason).map(one)
            }
            _ => Ok(Vec::new()),
        }
    }

    fn decide_reading(&self, directed: &Directed<C>) -> Decision {
        match &directed.command {
            C::RecordReading {
                reading,
                measure,
                terms,
            } => self
                .record_reading(directed, *reading, *measure, terms)
                .map(one),
            C::CorrectReading {
                reading,
                terms,
                reason,
            } => self
                .correct_reading(directed, *reading, terms, reason)
                .map(one),
            C::WithdrawReading { reading, reason } => self
                .withdraw_reading(directed.occurred_on, *reading, reason)
                .map(|event| self.with_its_evidence(Outcome::Reading(*reading), event)),
            _ => Ok(Vec::new()),
        }
    }

    fn decide_achievement(&self, directed: &Directed<C>) -> Decision {
        let on = directed.occurred_on;
        match &directed.command {
            C::ReportAchievement {
                achievement,
                reported_on,
                standing,
                text,
            } => {
                let asked = AchievementTerms {
                    reported_on: *reported_on,
                    standing: *standing,
                    text: text.clone(),
                };
                self.report_achievement(on, *achievement, &asked)
            }
            C::CorrectAchievement {
                achievement,
                terms,
                reason,
            } => self
                .correct_achievement(on, *achievement, terms, reason)
                .map(one),
            C::WithdrawAchievement {
                achievement,
                reason,
            } => self
                .withdraw_achievement(on, *achievement, reason)
                .map(|event| self.with_its_evidence(Outcome::Achievement(*achievement), event)),
            _ => Ok(Vec::new()),
        }
    }

    fn decide_evidence(&self, directed: &Directed<C>) -> Decision {
        match &directed.command {
            C::AttachEvidence {
                evidence,
                outcome,
                what,
            } => self
                .attach_evidence(directed, *evidence, *outcome, what)
                .map(one),
            C::WithdrawEvidence { evidence, reason } => self
                .withdraw_evidence(directed.occurred_on, *evidence, reason)
                .map(one),
            _ => Ok(Vec::new()),
        }
    }

    fn decide_life(&self, directed: &Directed<C>) -> Decision {
        let (on, facts) = (directed.occurred_on, &directed.facts);
        match &directed.command {
            C::AgreeCommitment => self.agree(on).map(one),
            C::StartCommitment => self.start(on).map(one),
            C::ConcludeCommitment { conclusion } => self.conclude(on, *conclusion).map(one),
            C::CarryForward { into, reason } => self
                .carry_forward(on, facts.commitment(*into), reason)
                .map(one),
            C::WithdrawCommitment { reason } => self.withdraw(on, reason).map(one),
            C::ReopenCommitment { reason } => self.reopen(on, reason).map(one),
            _ => Ok(Vec::new()),
        }
    }
}
