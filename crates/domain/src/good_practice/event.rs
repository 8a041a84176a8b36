//! What can happen to a piece of good practice.

use serde::{Deserialize, Serialize};

use crate::event::events;
use crate::facts::{CompactFact, ThemeCode};
use crate::figure::OrganisationFact;
use crate::file::{Evidence, FileHash, FileRef};
use crate::ids::{GoodPracticeId, QuestionId};
use crate::redaction::TextRedacted;
use crate::text::Text;
use crate::visibility::VisibilityChanged;

events! {
    /// Everything that can happen to a piece of good practice.
    #[expect(
        clippy::large_enum_variant,
        reason = "a revision holds what was said and what is said; events are made and folded one by one"
    )]
    pub enum GoodPracticeEvent {
        /// It was written down.
        "good_practice.written" v 1 => Written(PracticeWritten),
        /// It was revised.
        "good_practice.revised" v 1 => Revised(PracticeRevised),
        /// It was withdrawn.
        "good_practice.withdrawn" v 1 => Withdrawn(PracticeWithdrawn),
        /// It was released, or taken back.
        "good_practice.visibility_changed" v 1 => VisibilityChanged(VisibilityChanged),
        /// Another compact asked about it.
        "good_practice.asked" v 1 => Asked(QuestionAsked),
        /// A question was answered.
        "good_practice.answered" v 1 => Answered(QuestionAnswered),
        /// Another compact gave thanks for it.
        "good_practice.thanked" v 1 => Thanked(PracticeThanked),
        /// A text was redacted.
        "good_practice.text_redacted" v 1 => TextRedacted(TextRedacted),
    }
}

/// What a piece of good practice says in one of its versions.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct PracticeTerms {
    /// Its heading.
    pub title: String,
    /// The theme it serves, by its code.
    pub theme: ThemeCode,
    /// The organisation whose practice it is; none for the compact's own.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub organisation: Option<OrganisationFact>,
    /// What is done, and how.
    pub summary: Text,
    /// Whom to ask.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub contact: Option<Text>,
    /// What it rests on.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub evidence: Vec<Evidence>,
    /// What others can use.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub documents: Vec<FileRef>,
}

/// A piece of good practice, in one of its versions, as it stood at the time: who takes it up gives credit by it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct PracticeFact {
    /// The practice.
    pub id: GoodPracticeId,
    /// The version.
    pub version: u32,
    /// Its heading in that version.
    pub title: String,
    /// The organisation whose practice it is; none for its compact's own.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub organisation: Option<OrganisationFact>,
    /// Whether it was withdrawn by the time it was looked up; never of what was recorded.
    #[serde(skip)]
    pub withdrawn: bool,
}

/// It was written down: its first version.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct PracticeWritten {
    /// What it says.
    pub terms: PracticeTerms,
}

/// It was revised.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct PracticeRevised {
    /// The number of the new version.
    pub version: u32,
    /// What it said.
    pub from: PracticeTerms,
    /// What it says now.
    pub to: PracticeTerms,
    /// What was changed, in words; always there once it had been shared.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub changed: Option<Text>,
    /// Why; always there once it had been shared.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reason: Option<Text>,
}

/// It was withdrawn.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct PracticeWithdrawn {
    /// Why.
    pub reason: Text,
}

/// Another compact asked about it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct QuestionAsked {
    /// The question.
    pub question_id: QuestionId,
    /// The compact that asked.
    pub by: CompactFact,
    /// What it asked.
    pub text: Text,
}

/// A question was answered.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct QuestionAnswered {
    /// The question.
    pub question_id: QuestionId,
    /// The answer.
    pub text: Text,
}

/// Another compact gave thanks for it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct PracticeThanked {
    /// The compact that gave thanks.
    pub by: CompactFact,
    /// What it said.
    pub text: Text,
}

impl PracticeTerms {
    /// The files it refers to.
    pub fn files(&self) -> impl Iterator<Item = &FileRef> {
        let evidence = self.evidence.iter().filter_map(Evidence::file);
        evidence.chain(&self.documents)
    }

    /// Every text in it.
    pub(super) fn each_text(&self) -> impl Iterator<Item = &Text> {
        let evidence = self.evidence.iter().filter_map(|evidence| match evidence {
            Evidence::Link { note, .. } => note.as_ref(),
            Evidence::File(file) => Some(&file.name),
        });
        let documents = self.documents.iter().map(|file| &file.name);
        std::iter::once(&self.summary)
            .chain(&self.contact)
            .chain(evidence)
            .chain(documents)
    }
}

impl GoodPracticeEvent {
    /// The files it refers to.
    pub(crate) fn files(&self) -> Vec<&FileRef> {
        match self {
            Self::Written(e) => e.terms.files().collect(),
            Self::Revised(e) => e.to.files().collect(),
            _ => Vec::new(),
        }
    }

    /// The files of the version before, which are part of its history from here on.
    pub(crate) fn files_withdrawn(&self) -> Vec<FileHash> {
        match self {
            Self::Revised(e) => e.from.files().map(|file| file.hash).collect(),
            _ => Vec::new(),
        }
    }
}

crate::texts! {
    PracticeTerms { summary, contact, evidence, documents }
    PracticeWritten { terms }
    PracticeRevised { from, to, changed, reason }
    PracticeWithdrawn { reason }
    QuestionAsked { text }
    QuestionAnswered { text }
    PracticeThanked { text }
}
