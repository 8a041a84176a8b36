//! Which rule decides which command.

use chrono::NaiveDate;

use crate::dated::{Directed, TooEarly};
use crate::facts::Facts;
use crate::file::FileError;
use crate::ids::{CompactId, QuestionId};
use crate::redaction::TextRedacted;
use crate::refusal::Item;
use crate::text::Text;
use crate::visibility::{Visibility, VisibilityChanged};
use crate::words::{Blank, REASON};

use super::command::{GoodPracticeCommand, PracticeInput};
use super::error::GoodPracticeError;
use super::event::{
    GoodPracticeEvent, PracticeRevised, PracticeTerms, PracticeThanked, PracticeWithdrawn,
    PracticeWritten, QuestionAnswered, QuestionAsked,
};
use super::state::{GoodPractice, Standing};

const TITLE: Blank = Blank::title("title", "a title");
const SUMMARY: Blank = Blank::text("summary", "what is done, and how");
const CONTACT: Blank = Blank::title("contact", "whom to ask");
const CHANGED: Blank = Blank::text("changed", "what was changed");
const QUESTION: Blank = Blank::text("text", "what you want to know");
const ANSWER: Blank = Blank::text("text", "the answer");
const THANKS: Blank = Blank::text("text", "what you want to say");

/// The most questions of one compact that can wait for an answer.
pub(super) const MAX_WAITING: usize = 10;
/// How often one compact can give thanks.
pub(super) const MAX_THANKS: u32 = 10;

/// The most links and files of either kind.
pub(super) const MAX_FILES: usize = 20;

const WRITTEN: &str = "this good practice was written down on";
const REVISED: &str = "this good practice was last written on";

impl GoodPractice {
    /// What the command brings about: nothing is written here.
    pub(super) fn decide(
        &self,
        directed: &Directed<GoodPracticeCommand>,
    ) -> Result<[GoodPracticeEvent; 1], GoodPracticeError> {
        use GoodPracticeCommand as C;
        let (on, facts) = (directed.occurred_on, &directed.facts);
        Ok([match &directed.command {
            C::WritePractice { terms } => self.write(terms, facts)?.into(),
            C::RevisePractice {
                terms,
                changed,
                reason,
            } => {
                let why = (changed.as_ref(), reason.as_ref());
                self.revise(on, terms, why, facts)?.into()
            }
            C::WithdrawPractice { reason } => self.withdraw(on, reason)?.into(),
            C::ReleasePractice { to, reason } => self.release(on, *to, reason.as_ref())?.into(),
            C::AskAboutPractice { question, by, text } => {
                self.ask(on, *question, (*by, text), facts)?.into()
            }
            C::AnswerQuestion { question, text } => self.answer(on, *question, text)?.into(),
            C::ThankForPractice { by, text } => self.thank(on, *by, text, facts)?.into(),
            C::RedactText { text, reason } => {
                self.since_written(on)?;
                TextRedacted::of(*text, reason)?.into()
            }
        }])
    }

    fn write(
        &self,
        asked: &PracticeInput,
        facts: &Facts,
    ) -> Result<PracticeWritten, GoodPracticeError> {
        if self.standing.is_some() {
            return Err(GoodPracticeError::AlreadyWritten);
        }
        let terms = asked.checked(facts)?;
        Ok(PracticeWritten { terms })
    }

    fn revise(
        &self,
        on: NaiveDate,
        asked: &PracticeInput,
        (changed, reason): (Option<&Text>, Option<&Text>),
        facts: &Facts,
    ) -> Result<PracticeRevised, GoodPracticeError> {
        let standing = self.usable()?;
        let from = standing.terms.before(on, REVISED)?;
        let to = asked.checked(facts)?;
        let (changed, reason) = if standing.was_shared() {
            (Some(CHANGED.insist(changed)?), Some(REASON.insist(reason)?))
        } else {
            (CHANGED.accept_any(changed)?, REASON.accept_any(reason)?)
        };
        if from.says_the_same(&to) {
            return Err(GoodPracticeError::Unchanged);
        }
        Ok(PracticeRevised {
            version: standing.version() + 1,
            from: from.clone(),
            to,
            changed,
            reason,
        })
    }

    fn withdraw(
        &self,
        on: NaiveDate,
        reason: &Text,
    ) -> Result<PracticeWithdrawn, GoodPracticeError> {
        self.usable()?.terms.before(on, REVISED)?;
        let reason = REASON.accept(reason)?;
        Ok(PracticeWithdrawn { reason })
    }

    /// What was withdrawn can be released or taken back too: that it was withdrawn is for others to read.
    fn release(
        &self,
        on: NaiveDate,
        to: Visibility,
        reason: Option<&Text>,
    ) -> Result<VisibilityChanged, GoodPracticeError> {
        Ok(self.written()?.release.release(on, to, reason)?)
    }

    fn ask(
        &self,
        on: NaiveDate,
        question_id: QuestionId,
        (by, text): (CompactId, &Text),
        facts: &Facts,
    ) -> Result<QuestionAsked, GoodPracticeError> {
        let standing = self.usable()?;
        TooEarly::check(on, WRITTEN, Some(standing.written_on))?;
        if standing.questions.contains_key(&question_id) {
            return Err(GoodPracticeError::QuestionTaken);
        }
        let asked = standing.questions.values();
        let count = asked.filter(|it| it.by == by && !it.answered).count();
        if count >= MAX_WAITING {
            return Err(GoodPracticeError::QuestionsWaiting { count });
        }
        Ok(QuestionAsked {
            question_id,
            by: facts.compact(by)?,
            text: QUESTION.accept(text)?,
        })
    }

    /// More can be answered to what was answered.
    fn answer(
        &self,
        on: NaiveDate,
        question_id: QuestionId,
        text: &Text,
    ) -> Result<QuestionAnswered, GoodPracticeError> {
        let question = self.written()?.questions.get(&question_id);
        let question = question.ok_or(GoodPracticeError::UnknownQuestion)?;
        TooEarly::check(on, "this was asked on", Some(question.asked_on))?;
        let text = ANSWER.accept(text)?;
        Ok(QuestionAnswered { question_id, text })
    }

    fn thank(
        &self,
        on: NaiveDate,
        by: CompactId,
        text: &Text,
        facts: &Facts,
    ) -> Result<PracticeThanked, GoodPracticeError> {
        let standing = self.since_written(on)?;
        let count = standing.thanks.get(&by).copied().unwrap_or_default();
        if count >= MAX_THANKS {
            return Err(GoodPracticeError::ThankedEnough { count });
        }
        Ok(PracticeThanked {
            by: facts.compact(by)?,
            text: THANKS.accept(text)?,
        })
    }

    fn written(&self) -> Result<&Standing, GoodPracticeError> {
        self.standing.as_ref().ok_or(GoodPracticeError::NotWritten)
    }

    fn since_written(&self, on: NaiveDate) -> Result<&Standing, GoodPracticeError> {
        let standing = self.written()?;
        TooEarly::check(on, WRITTEN, Some(standing.written_on))?;
        Ok(standing)
    }

    /// It was written down, and not withdrawn.
    fn usable(&self) -> Result<&Standing, GoodPracticeError> {
        let standing = self.written()?;
        match standing.withdrawn_on {
            Some(on) => Err(GoodPracticeError::Withdrawn { on }),
            None => Ok(standing),
        }
    }
}

/// Every item of a list, as it is recorded.
fn each<I, O>(
    list: &'static str,
    items: &[I],
    checked: impl Fn(&I) -> Result<O, FileError>,
) -> Result<Vec<O>, GoodPracticeError> {
    let (field, limit, count) = (list, MAX_FILES, items.len());
    if count > limit {
        return Err(GoodPracticeError::TooMany {
            field,
            limit,
            count,
        });
    }
    let items = items.iter().enumerate().map(|(at, item)| {
        let item_of = Item::of(list, at);
        checked(item).map_err(|refusal| GoodPracticeError::File {
            item: item_of,
            refusal,
        })
    });
    items.collect()
}

impl PracticeInput {
    /// What was typed, as it is recorded.
    fn checked(&self, facts: &Facts) -> Result<PracticeTerms, GoodPracticeError> {
        facts.themes(std::slice::from_ref(&self.theme))?;
        let organisation = self.organisation.map(|id| facts.organisation(id));
        Ok(PracticeTerms {
            title: TITLE.require(&self.title)?,
            theme: self.theme.clone(),
            organisation: organisation.transpose()?,
            summary: SUMMARY.accept(&self.summary)?,
            contact: CONTACT.accept_any(self.contact.as_ref())?,
            evidence: each("evidence", &self.evidence, |it| it.checked(facts))?,
            documents: each("documents", &self.documents, |it| it.checked(facts))?,
        })
    }
}

impl PracticeTerms {
    /// Whether it says the same: an organisation is the same under another name.
    fn says_the_same(&self, other: &Self) -> bool {
        let organisation = |terms: &Self| terms.organisation.as_ref().map(|it| it.id);
        let renamed = Self {
            organisation: self.organisation.clone(),
            ..other.clone()
        };
        organisation(self) == organisation(other) && *self == renamed
    }
}
