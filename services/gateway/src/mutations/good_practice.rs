//! Good practice: written down, revised, shared; asked about and thanked for.

use async_graphql::{ID, InputObject};
use domain::good_practice as model;
use domain::ids::{CompactId, GoodPracticeId, IdSource, QuestionId};
use domain::{Command, GoodPracticeCommand};
use uuid::Uuid;

use super::draft::{new_id, registered};
use super::files::{DocumentInput, FileInput};
use super::{Draft, Input, Place, Recording, UserError, mutations};
use crate::node::NodeKind;
use crate::types::good_practice::{GoodPractice, PracticeQuestion};
use crate::types::words::Visibility;

mutations! {
    /// Good practice, and what is asked and said of it.
    GoodPracticeMutations;

    /// Write down what an organisation does that others could. It is a draft until it is released.
    write_practice(WritePracticeInput) -> WritePracticePayload {
        /// The new practice.
        good_practice: GoodPractice,
    }
    /// Revise it: what it says from now on is its next version. Once others could read it, say what was changed and why.
    revise_practice(RevisePracticeInput) -> RevisePracticePayload {
        /// The practice as it is now.
        good_practice: GoodPractice,
    }
    /// Withdraw it: nobody is to take it up any more.
    withdraw_practice(WithdrawPracticeInput) -> WithdrawPracticePayload {
        /// The practice as it is now.
        good_practice: GoodPractice,
    }
    /// Release it to the compact, the region or the public; or take it back, which needs a reason.
    release_practice(ReleasePracticeInput) -> ReleasePracticePayload {
        /// The practice as it is now.
        good_practice: GoodPractice,
    }
    /// Ask the compact whose practice it is, in the name of your own. Kept with the practice, for that compact and yours.
    ask_about_practice(AskAboutPracticeInput) -> AskAboutPracticePayload {
        /// The practice as it is now.
        good_practice: GoodPractice,
        /// The question.
        question: PracticeQuestion,
    }
    /// Answer what another compact asked.
    answer_question(AnswerQuestionInput) -> AnswerQuestionPayload {
        /// The practice as it is now.
        good_practice: GoodPractice,
        /// The question as it is now.
        question: PracticeQuestion,
    }
    /// Thank the compact whose practice it is, in the name of your own.
    thank_for_practice(ThankForPracticeInput) -> ThankForPracticePayload {
        /// The practice as it is now.
        good_practice: GoodPractice,
    }
}

/// What a piece of good practice says.
#[derive(InputObject)]
pub struct PracticeSaysInput {
    /// Its heading; people are not to be named in it.
    title: String,
    /// The theme it serves, by its code.
    theme: String,
    /// The organisation whose practice it is; none for the compact's own.
    organisation_id: Option<ID>,
    /// What is done, and how.
    summary: String,
    /// Whom to ask: a person's `mention`, or words.
    contact: Option<String>,
    /// What shows that it works: links, and files that were uploaded.
    #[graphql(default)]
    evidence: Vec<DocumentInput>,
    /// What others need to do the same, such as forms: files that were uploaded.
    #[graphql(default)]
    documents: Vec<FileInput>,
}

impl PracticeSaysInput {
    fn read(self) -> Result<model::PracticeInput, UserError> {
        let organisation = self.organisation_id.as_ref();
        let organisation =
            organisation.map(|id| registered(NodeKind::Organisation, "organisationId", id));
        Ok(model::PracticeInput {
            title: self.title,
            theme: self.theme,
            organisation: organisation.transpose()?,
            summary: self.summary.into(),
            contact: self.contact.map(Into::into),
            evidence: each("evidence", self.evidence, DocumentInput::read)?,
            documents: each("documents", self.documents, FileInput::of_itself)?,
        })
    }
}

/// Each of a list as a command takes it; what is wrong with one is said under its place in the list.
fn each<I, O>(
    list: &str,
    items: Vec<I>,
    read: impl Fn(I) -> Result<O, UserError>,
) -> Result<Vec<O>, UserError> {
    let items = items.into_iter().enumerate();
    let one = |(at, item)| {
        let name = format!("{list}.{at}");
        read(item).map_err(|error| error.inside(&name))
    };
    items.map(one).collect()
}

/// A piece of good practice to be written down.
#[derive(InputObject)]
pub struct WritePracticeInput {
    /// The compact.
    compact_id: ID,
    /// The id of the new practice; made when left out.
    new_id: Option<Uuid>,
    #[graphql(flatten)]
    says: PracticeSaysInput,
    #[graphql(flatten)]
    recording: Recording,
}

impl Input for WritePracticeInput {
    fn recording(&self) -> &Recording {
        &self.recording
    }

    fn draft(self, ids: &dyn IdSource) -> Result<Draft, UserError> {
        let compact = Place::read(NodeKind::Compact, "compactId", &self.compact_id)?;
        let id: GoodPracticeId = new_id(self.new_id, ids);
        let kind = NodeKind::GoodPractice;
        let practice = Place::fresh(kind, compact.ledger(), id.uuid(), "compactId");
        let terms = self.says.read()?;
        Ok(ask(&practice, GoodPracticeCommand::WritePractice { terms }).making())
    }
}

/// What a piece of good practice is to say from now on: all of it.
#[derive(InputObject)]
pub struct RevisePracticeInput {
    /// The practice.
    practice_id: ID,
    #[graphql(flatten)]
    says: PracticeSaysInput,
    /// What was changed, in words; needed once others could read it.
    changed: Option<String>,
    /// Why; needed once others could read it.
    reason: Option<String>,
    #[graphql(flatten)]
    recording: Recording,
}

impl Input for RevisePracticeInput {
    fn recording(&self) -> &Recording {
        &self.recording
    }

    fn draft(self, _: &dyn IdSource) -> Result<Draft, UserError> {
        let practice = place(&self.practice_id)?;
        let command = GoodPracticeCommand::RevisePractice {
            terms: self.says.read()?,
            changed: self.changed.map(Into::into),
            reason: self.reason.map(Into::into),
        };
        Ok(ask(&practice, command))
    }
}

/// Why a piece of good practice is withdrawn.
#[derive(InputObject)]
pub struct WithdrawPracticeInput {
    /// The practice.
    practice_id: ID,
    /// Why.
    reason: String,
    #[graphql(flatten)]
    recording: Recording,
}

impl Input for WithdrawPracticeInput {
    fn recording(&self) -> &Recording {
        &self.recording
    }

    fn draft(self, _: &dyn IdSource) -> Result<Draft, UserError> {
        let practice = place(&self.practice_id)?;
        let reason = self.reason.into();
        Ok(ask(
            &practice,
            GoodPracticeCommand::WithdrawPractice { reason },
        ))
    }
}

/// How far a piece of good practice is let out from now on.
#[derive(InputObject)]
pub struct ReleasePracticeInput {
    /// The practice.
    practice_id: ID,
    /// How far it is let out from now on.
    to: Visibility,
    /// Why; needed when fewer people can read it than before.
    reason: Option<String>,
    #[graphql(flatten)]
    recording: Recording,
}

impl Input for ReleasePracticeInput {
    fn recording(&self) -> &Recording {
        &self.recording
    }

    fn draft(self, _: &dyn IdSource) -> Result<Draft, UserError> {
        let practice = place(&self.practice_id)?;
        let command = GoodPracticeCommand::ReleasePractice {
            to: self.to.into(),
            reason: self.reason.map(Into::into),
        };
        Ok(ask(&practice, command))
    }
}

/// What another compact wants to know.
#[derive(InputObject)]
pub struct AskAboutPracticeInput {
    /// The practice.
    practice_id: ID,
    /// The compact that asks: your own.
    by_compact_id: ID,
    /// The id of the new question; made when left out.
    new_id: Option<Uuid>,
    /// What it wants to know.
    text: String,
    #[graphql(flatten)]
    recording: Recording,
}

impl Input for AskAboutPracticeInput {
    fn recording(&self) -> &Recording {
        &self.recording
    }

    fn draft(self, ids: &dyn IdSource) -> Result<Draft, UserError> {
        let practice = place(&self.practice_id)?;
        let question: QuestionId = new_id(self.new_id, ids);
        let command = GoodPracticeCommand::AskAboutPractice {
            question,
            by: compact(&self.by_compact_id)?,
            text: self.text.into(),
        };
        let asked = ask(&practice, command);
        let asked = asked
            .about(NodeKind::PracticeQuestion, question.uuid())
            .making();
        Ok(asked.renaming(NAMES))
    }
}

/// An answer to what another compact asked.
#[derive(InputObject)]
pub struct AnswerQuestionInput {
    /// The question.
    question_id: ID,
    /// The answer.
    text: String,
    #[graphql(flatten)]
    recording: Recording,
}

impl Input for AnswerQuestionInput {
    fn recording(&self) -> &Recording {
        &self.recording
    }

    fn draft(self, _: &dyn IdSource) -> Result<Draft, UserError> {
        let kind = NodeKind::PracticeQuestion;
        let (practice, question) =
            Place::of_part::<QuestionId>(kind, "questionId", &self.question_id)?;
        let text = self.text.into();
        let command = GoodPracticeCommand::AnswerQuestion { question, text };
        Ok(ask(&practice, command).about(kind, question.uuid()))
    }
}

/// What another compact says in thanks.
#[derive(InputObject)]
pub struct ThankForPracticeInput {
    /// The practice.
    practice_id: ID,
    /// The compact that gives thanks: your own.
    by_compact_id: ID,
    /// What it says.
    text: String,
    #[graphql(flatten)]
    recording: Recording,
}

impl Input for ThankForPracticeInput {
    fn recording(&self) -> &Recording {
        &self.recording
    }

    fn draft(self, _: &dyn IdSource) -> Result<Draft, UserError> {
        let practice = place(&self.practice_id)?;
        let command = GoodPracticeCommand::ThankForPractice {
            by: compact(&self.by_compact_id)?,
            text: self.text.into(),
        };
        Ok(ask(&practice, command).renaming(NAMES))
    }
}

const NAMES: &[(&str, &str)] = &[("compactId", "byCompactId"), ("questionId", "newId")];

fn compact(id: &ID) -> Result<CompactId, UserError> {
    let compact = Place::read(NodeKind::Compact, "byCompactId", id)?;
    Ok(compact.id())
}

fn place(id: &ID) -> Result<Place, UserError> {
    Place::read(NodeKind::GoodPractice, "practiceId", id)
}

fn ask(practice: &Place, command: GoodPracticeCommand) -> Draft {
    let id = practice.id();
    Draft::new(practice, Command::GoodPractice { id, command })
}
