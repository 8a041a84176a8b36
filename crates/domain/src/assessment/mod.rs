//! What somebody outside a compact makes of an outcome: the funder's assessment, and an independent challenge.
//!
//! Each is a record of its own beside the compact's report, never over it, and is kept in the region's ledger: whoever judges changes
//! nothing in the compact. It names the place in the compact's ledger that it was made from, so that whether the report was changed
//! since can be told at any time.
//!
//! - An **assessment** says how far a commitment was completed, how sure the funder is, and why. It is revised and withdrawn with a
//!   reason; what it said stays.
//! - A **challenge** is an auditor's or the regional administrator's: what is doubted, and the figure that was found instead. The compact
//!   answers it, once or more often; whoever made it withdraws it when it is settled.
//!
//! Either is told to those it concerns, and to nobody else until whoever makes such judgements releases it; it is never let out further
//! than the commitment it is about.

mod about;
mod command;
mod error;
mod event;
#[cfg(test)]
mod tests;

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

use crate::dated::{Dated, Directed, Since, TooEarly};
use crate::facts::Facts;
use crate::figure::Figure;
use crate::redaction::TextRedacted;
use crate::text::Text;
use crate::visibility::{Visibility, VisibilityChanged};
use crate::words::{Blank, REASON};

pub use about::{About, AboutInput};
pub use command::*;
pub use error::AssessmentError;
pub use event::*;

use AssessmentCommand as C;

const COMMENT: Blank = Blank::text("comment", "what you make of it");
const ANSWER: Blank = Blank::text("text", "the answer");

/// An assessment or a challenge, as far as decisions need it.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Assessment {
    about: Option<About>,
    /// What it says; none of a challenge, which is not revised.
    judgement: Option<Judgement>,
    made_on: Option<NaiveDate>,
    changed_on: Option<NaiveDate>,
    withdrawn_on: Option<NaiveDate>,
    /// How far it is let out beyond those it concerns; none before it was made.
    release: Option<Since<Visibility>>,
}

/// Which of the two something is asked of.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Kind {
    Assessment,
    Challenge,
}

impl Assessment {
    /// What it is about; none before it was made.
    pub const fn about(&self) -> Option<&About> {
        self.about.as_ref()
    }

    /// The texts that stand where this command writes.
    pub fn standing(&self, command: &AssessmentCommand) -> Vec<&Text> {
        match command {
            C::ReviseAssessment { .. } => self.judgement.iter().map(|it| &it.comment).collect(),
            _ => Vec::new(),
        }
    }

    /// What the command brings about: nothing is written here.
    fn decide(
        &self,
        directed: &Directed<AssessmentCommand>,
    ) -> Result<[AssessmentEvent; 1], AssessmentError> {
        let (on, facts) = (directed.occurred_on, &directed.facts);
        Ok([match &directed.command {
            C::Assess { about, judgement } => self.assess(about, judgement, facts)?.into(),
            C::ReviseAssessment { judgement, reason } => self.revise(on, judgement, reason)?.into(),
            C::WithdrawAssessment { reason } => self.withdraw(on, Kind::Assessment, reason)?.into(),
            C::ChallengeOutcome {
                about,
                found,
                comment,
            } => self.challenge(about, *found, comment, facts)?.into(),
            C::AnswerChallenge { text } => self.answer(on, text)?.into(),
            C::WithdrawChallenge { reason } => self.withdraw(on, Kind::Challenge, reason)?.into(),
            C::ReleaseAssessment { to, reason } => {
                let kind = Kind::Assessment;
                self.release(on, kind, *to, reason.as_ref())?.into()
            }
            C::ReleaseChallenge { to, reason } => {
                let kind = Kind::Challenge;
                self.release(on, kind, *to, reason.as_ref())?.into()
            }
            C::RedactText { text, reason } => {
                let made_on = self.made_on.ok_or(AssessmentError::NotMade)?;
                TooEarly::check(on, "this was made on", Some(made_on))?;
                TextRedacted::of(*text, reason)?.into()
            }
        }])
    }

    fn assess(
        &self,
        about: &AboutInput,
        judgement: &Judgement,
        facts: &Facts,
    ) -> Result<AssessmentMade, AssessmentError> {
        self.not_made()?;
        Ok(AssessmentMade {
            about: about.checked(facts)?,
            judgement: judgement.checked()?,
        })
    }

    fn revise(
        &self,
        on: NaiveDate,
        judgement: &Judgement,
        reason: &Text,
    ) -> Result<AssessmentRevised, AssessmentError> {
        self.changing(on, Kind::Assessment)?;
        let from = self.judgement.clone().ok_or(AssessmentError::NotMade)?;
        let to = judgement.checked()?;
        let reason = REASON.accept(reason)?;
        if from == to {
            return Err(AssessmentError::Unchanged);
        }
        Ok(AssessmentRevised { from, to, reason })
    }

    fn challenge(
        &self,
        about: &AboutInput,
        found: Option<Figure>,
        comment: &Text,
        facts: &Facts,
    ) -> Result<OutcomeChallenged, AssessmentError> {
        self.not_made()?;
        let about = about.checked(facts)?;
        if found.is_some() && !about.is_of_a_reading() {
            return Err(AssessmentError::FoundWithoutReading);
        }
        if let Some(found) = found.filter(|found| found.is_negative()) {
            return Err(AssessmentError::Negative { found });
        }
        let comment = COMMENT.accept(comment)?;
        Ok(OutcomeChallenged {
            about,
            found,
            comment,
        })
    }

    fn answer(&self, on: NaiveDate, text: &Text) -> Result<ChallengeAnswered, AssessmentError> {
        self.changing(on, Kind::Challenge)?;
        let text = ANSWER.accept(text)?;
        Ok(ChallengeAnswered { text })
    }

    fn withdraw(
        &self,
        on: NaiveDate,
        kind: Kind,
        reason: &Text,
    ) -> Result<AssessmentWithdrawn, AssessmentError> {
        self.changing(on, kind)?;
        let reason = REASON.accept(reason)?;
        Ok(AssessmentWithdrawn { reason })
    }

    /// Lets it out, or takes it back: also what was withdrawn, which stays on record.
    fn release(
        &self,
        on: NaiveDate,
        kind: Kind,
        to: Visibility,
        reason: Option<&Text>,
    ) -> Result<VisibilityChanged, AssessmentError> {
        self.of_kind(kind)?;
        let release = self.release.as_ref().ok_or(AssessmentError::NotMade)?;
        Ok(release.release(on, to, reason)?)
    }

    const fn not_made(&self) -> Result<(), AssessmentError> {
        match self.about {
            Some(_) => Err(AssessmentError::AlreadyMade),
            None => Ok(()),
        }
    }

    /// Insists that it was made, and is of this kind.
    const fn of_kind(&self, kind: Kind) -> Result<(), AssessmentError> {
        match (self.about.is_some(), self.judgement.is_some(), kind) {
            (false, ..) => Err(AssessmentError::NotMade),
            (true, false, Kind::Assessment) => Err(AssessmentError::IsAChallenge),
            (true, true, Kind::Challenge) => Err(AssessmentError::IsAnAssessment),
            (true, true, Kind::Assessment) | (true, false, Kind::Challenge) => Ok(()),
        }
    }

    /// Insists that it is of this kind, stands, and has not changed since `on`.
    fn changing(&self, on: NaiveDate, kind: Kind) -> Result<(), AssessmentError> {
        self.of_kind(kind)?;
        if let Some(on) = self.withdrawn_on {
            return Err(AssessmentError::Withdrawn { on });
        }
        Ok(TooEarly::check(
            on,
            "this was last changed on",
            self.changed_on,
        )?)
    }

    fn take(&mut self, dated: Dated<AssessmentEvent>) {
        let on = dated.occurred_on;
        match dated.event {
            AssessmentEvent::Made(event) => {
                self.about = Some(event.about);
                self.judgement = Some(event.judgement);
            }
            AssessmentEvent::Challenged(event) => self.about = Some(event.about),
            AssessmentEvent::Revised(event) => self.judgement = Some(event.to),
            AssessmentEvent::Withdrawn(_) => self.withdrawn_on = Some(on),
            AssessmentEvent::Answered(_) => {}
            AssessmentEvent::VisibilityChanged(event) => {
                if let Some(release) = &mut self.release {
                    release.change(event.to, on);
                }
                return;
            }
            AssessmentEvent::TextRedacted(_) => return,
        }
        let value = Visibility::default();
        self.release.get_or_insert(Since { value, on });
        self.made_on = self.made_on.or(Some(on));
        self.changed_on = Some(on);
    }
}

impl Judgement {
    fn checked(&self) -> Result<Self, AssessmentError> {
        Ok(Self {
            comment: COMMENT.accept(&self.comment)?,
            ..self.clone()
        })
    }
}

crate::aggregate::aggregate! {
    Assessment, "assessment": AssessmentCommand => AssessmentEvent, AssessmentError
}
