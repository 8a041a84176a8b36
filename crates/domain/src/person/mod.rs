//! A person whom a compact has written down: entered once, referred to by id ever after, and erased when that is asked.
//!
//! The record keeps a name, what the person does and where, and how to reach them; nothing else. These texts are the person's
//! **own** ([`Command::own_texts`](crate::Command::own_texts)): sealed under the person's key, not each under its own, so that to
//! destroy the one key is to erase them everywhere. Why something was put right, or somebody erased, is a text like any other.
//!
//! Once erased, a person takes nothing more but the redaction of such a reason. Somebody who comes back is entered anew, under a
//! new id.

mod command;
mod error;
mod event;
mod reach;
#[cfg(test)]
mod tests;

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

use crate::dated::{Dated, Directed, Since, TooEarly};
use crate::facts::Facts;
use crate::ids::SubjectId;
use crate::redaction::TextRedacted;
use crate::text::Text;
use crate::words::{Blank, REASON};

pub use command::*;
pub use error::PersonError;
pub use event::*;

use PersonCommand as C;

const NAME: Blank = Blank::title("name", "the person's name");
const POSITION: Blank = Blank::title("position", "the job title");

/// The person, as far as decisions need it.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Person {
    entered_on: Option<NaiveDate>,
    /// What the person's own texts are sealed for.
    subject: Option<SubjectId>,
    /// What is said of the person; nothing before they are entered, and nothing once they are erased.
    terms: Option<Since<PersonTerms>>,
    erased_on: Option<NaiveDate>,
}

impl Person {
    /// Whether the person was ever entered: somebody who was erased since can still be mentioned.
    pub const fn is_entered(&self) -> bool {
        self.entered_on.is_some()
    }

    /// Whether the person was erased.
    pub const fn is_erased(&self) -> bool {
        self.erased_on.is_some()
    }

    /// The texts that stand where this command writes. What is typed and says the same is the same text: nothing is sealed
    /// twice, and whether anything would change can be seen.
    pub fn standing(&self, command: &PersonCommand) -> Vec<&Text> {
        match command {
            C::CorrectPerson { .. } => {
                let terms = self.terms.iter();
                terms.flat_map(|terms| terms.value.each_text()).collect()
            }
            C::EnterPerson { .. } | C::ErasePerson { .. } | C::RedactText { .. } => Vec::new(),
        }
    }

    /// What the command brings about: nothing is written here.
    fn decide(&self, directed: &Directed<PersonCommand>) -> Result<[PersonEvent; 1], PersonError> {
        let (on, facts) = (directed.occurred_on, &directed.facts);
        Ok([match &directed.command {
            C::EnterPerson { terms } => self.enter(terms, facts)?.into(),
            C::CorrectPerson { terms, reason } => self.correct(on, terms, reason, facts)?.into(),
            C::ErasePerson { reason } => self.erase(on, reason)?.into(),
            C::RedactText { text, reason } => self.redact(on, *text, reason)?.into(),
        }])
    }

    fn enter(&self, asked: &PersonInput, facts: &Facts) -> Result<PersonEntered, PersonError> {
        self.not_erased()?;
        if self.is_entered() {
            return Err(PersonError::AlreadyEntered);
        }
        let person = asked.checked(facts)?;
        Ok(PersonEntered { person })
    }

    fn correct(
        &self,
        on: NaiveDate,
        asked: &PersonInput,
        reason: &Text,
        facts: &Facts,
    ) -> Result<PersonCorrected, PersonError> {
        let from = self.last_said(on)?;
        let to = asked.checked(facts)?;
        let reason = REASON.accept(reason)?;
        if from.says_the_same(&to) {
            return Err(PersonError::Unchanged);
        }
        let from = from.clone();
        Ok(PersonCorrected { from, to, reason })
    }

    fn erase(&self, on: NaiveDate, reason: &Text) -> Result<PersonErased, PersonError> {
        self.last_said(on)?;
        let reason = REASON.accept(reason)?;
        Ok(PersonErased { reason })
    }

    /// The redaction of a reason, of a person who was erased too. What is said of the person goes with the person.
    fn redact(
        &self,
        on: NaiveDate,
        text: SubjectId,
        reason: &Text,
    ) -> Result<TextRedacted, PersonError> {
        let entered_on = self.entered_on.ok_or(PersonError::NotEntered)?;
        TooEarly::check(on, "this person was entered on", Some(entered_on))?;
        if self.subject == Some(text) {
            return Err(PersonError::OwnText);
        }
        Ok(TextRedacted::of(text, reason)?)
    }

    /// What is said of the person, for a change that does not come too early.
    fn last_said(&self, on: NaiveDate) -> Result<&PersonTerms, PersonError> {
        self.not_erased()?;
        let terms = self.terms.as_ref().ok_or(PersonError::NotEntered)?;
        Ok(terms.before(on, "what is said of this person was last entered on")?)
    }

    const fn not_erased(&self) -> Result<(), PersonError> {
        match self.erased_on {
            Some(on) => Err(PersonError::Erased { on }),
            None => Ok(()),
        }
    }

    fn say(&mut self, terms: PersonTerms, on: NaiveDate) {
        if self.erased_on.is_none() {
            self.subject = terms.name.sealed().map(crate::Sealed::subject);
            self.terms = Some(Since { value: terms, on });
        }
    }
}

impl PersonInput {
    /// What was typed, as it is recorded.
    fn checked(&self, facts: &Facts) -> Result<PersonTerms, PersonError> {
        let organisation = self.organisation.map(|id| facts.organisation(id));
        Ok(PersonTerms {
            name: NAME.accept(&self.name)?,
            position: POSITION.accept_any(self.position.as_ref())?,
            organisation: organisation.transpose()?,
            email: reach::email(self.email.as_ref())?,
            telephone: reach::telephone(self.telephone.as_ref())?,
        })
    }
}

impl PersonTerms {
    /// Whether it says the same: an organisation is the same under another name.
    fn says_the_same(&self, other: &Self) -> bool {
        let organisation = |terms: &Self| terms.organisation.as_ref().map(|it| it.id);
        organisation(self) == organisation(other) && self.each_text().eq(other.each_text())
    }

    fn each_text(&self) -> impl Iterator<Item = &Text> {
        let given = [&self.position, &self.email, &self.telephone];
        std::iter::once(&self.name).chain(given.into_iter().flatten())
    }
}

crate::aggregate::aggregate! {
    Person, "person": PersonCommand => PersonEvent, PersonError
}

impl Person {
    fn take(&mut self, dated: Dated<PersonEvent>) {
        let on = dated.occurred_on;
        match dated.event {
            PersonEvent::Entered(event) => {
                self.entered_on = Some(on);
                self.say(event.person, on);
            }
            PersonEvent::Corrected(event) => self.say(event.to, on),
            PersonEvent::Erased(_) => {
                self.terms = None;
                self.erased_on = Some(on);
            }
            PersonEvent::TextRedacted(_) => {}
        }
    }
}
