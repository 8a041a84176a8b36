//! Which rule decides which command.

use chrono::NaiveDate;

use crate::dated::{Directed, TooEarly};
use crate::facts::Facts;
use crate::file::EvidenceInput;
use crate::ids::{CompactId, OrganisationId};
use crate::redaction::TextRedacted;
use crate::text::Text;
use crate::visibility::{Visibility, VisibilityChanged};
use crate::words::{Blank, REASON};

use super::command::{AdoptionCommand, SourceInput};
use super::error::AdoptionError;
use super::event::{
    AdoptionEvent, AdoptionWithdrawn, PracticeAdapted, PracticeAdopted, ResultReported,
};
use super::state::{Adoption, Standing};

const NOTE: Blank = Blank::text("note", "the note");
const CHANGED: Blank = Blank::text("changed", "what was changed");
const RESULT: Blank = Blank::text("text", "how it went");

const ADOPTED: &str = "this was taken up on";

impl Adoption {
    /// What the command brings about: nothing is written here.
    pub(super) fn decide(
        &self,
        directed: &Directed<AdoptionCommand>,
    ) -> Result<[AdoptionEvent; 1], AdoptionError> {
        use AdoptionCommand as C;
        let (on, facts) = (directed.occurred_on, &directed.facts);
        Ok([match &directed.command {
            C::AdoptPractice {
                by,
                organisation,
                source,
                note,
            } => {
                let who = (*by, *organisation);
                self.adopt(who, *source, note.as_ref(), facts)?.into()
            }
            C::AdaptPractice {
                changed,
                following,
                written_as,
            } => {
                let named = (*following, *written_as);
                self.adapt(on, changed, named, facts)?.into()
            }
            C::ReportResult { text, evidence } => {
                self.report(on, text, evidence.as_ref(), facts)?.into()
            }
            C::WithdrawAdoption { reason } => self.withdraw(on, reason)?.into(),
            C::ReleaseAdoption { to, reason } => self.release(on, *to, reason.as_ref())?.into(),
            C::RedactText { text, reason } => {
                let adopted_on = self.adopted()?.adopted_on;
                TooEarly::check(on, ADOPTED, Some(adopted_on))?;
                TextRedacted::of(*text, reason)?.into()
            }
        }])
    }

    fn adopt(
        &self,
        (by, organisation): (CompactId, Option<OrganisationId>),
        source: SourceInput,
        note: Option<&Text>,
        facts: &Facts,
    ) -> Result<PracticeAdopted, AdoptionError> {
        if self.standing.is_some() {
            return Err(AdoptionError::AlreadyAdopted);
        }
        let practice = facts.practice(source.into())?;
        let organisation = organisation.map(|id| facts.organisation(id));
        let organisation = organisation.transpose()?;
        let whose = practice.organisation.as_ref().map(|it| it.id);
        let takes = organisation.as_ref().map(|it| it.id);
        if by == source.compact && (takes.is_none() || takes == whose) {
            return Err(AdoptionError::OnesOwn);
        }
        Ok(PracticeAdopted {
            by: facts.compact(by)?,
            organisation,
            from: facts.compact(source.compact)?,
            practice,
            note: NOTE.accept_any(note)?,
        })
    }

    fn adapt(
        &self,
        on: NaiveDate,
        changed: &Text,
        (following, written_as): (Option<SourceInput>, Option<SourceInput>),
        facts: &Facts,
    ) -> Result<PracticeAdapted, AdoptionError> {
        let standing = self.in_use(on)?;
        let version = *standing
            .version
            .before(on, "what was changed was last told on")?;
        let following = following.map(|source| {
            if source.practice != standing.practice {
                return Err(AdoptionError::OtherPractice);
            }
            let followed = facts.practice(source.into())?;
            if followed.version <= version {
                return Err(AdoptionError::NotALaterVersion { version });
            }
            Ok(followed)
        });
        let written_as = written_as.map(|own| facts.practice(own.into()));
        Ok(PracticeAdapted {
            changed: CHANGED.accept(changed)?,
            following: following.transpose()?,
            written_as: written_as.transpose()?,
        })
    }

    fn report(
        &self,
        on: NaiveDate,
        text: &Text,
        evidence: Option<&EvidenceInput>,
        facts: &Facts,
    ) -> Result<ResultReported, AdoptionError> {
        let standing = self.adopted()?;
        TooEarly::check(on, ADOPTED, Some(standing.adopted_on))?;
        let text = RESULT.accept(text)?;
        let evidence = evidence.map(|it| it.checked(facts)).transpose()?;
        Ok(ResultReported { text, evidence })
    }

    fn withdraw(&self, on: NaiveDate, reason: &Text) -> Result<AdoptionWithdrawn, AdoptionError> {
        let standing = self.in_use(on)?;
        standing
            .version
            .before(on, "what was changed was last told on")?;
        let reason = REASON.accept(reason)?;
        Ok(AdoptionWithdrawn { reason })
    }

    fn release(
        &self,
        on: NaiveDate,
        to: Visibility,
        reason: Option<&Text>,
    ) -> Result<VisibilityChanged, AdoptionError> {
        Ok(self.adopted()?.release.release(on, to, reason)?)
    }

    fn adopted(&self) -> Result<&Standing, AdoptionError> {
        self.standing.as_ref().ok_or(AdoptionError::NotAdopted)
    }

    /// It was taken up no later than `on`, and not given up.
    fn in_use(&self, on: NaiveDate) -> Result<&Standing, AdoptionError> {
        let standing = self.adopted()?;
        if let Some(on) = standing.withdrawn_on {
            return Err(AdoptionError::Withdrawn { on });
        }
        TooEarly::check(on, ADOPTED, Some(standing.adopted_on))?;
        Ok(standing)
    }
}
