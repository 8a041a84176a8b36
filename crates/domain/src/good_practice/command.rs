//! What can be asked of a piece of good practice.

use serde::{Deserialize, Serialize};

use crate::facts::{Mentions, ThemeCode};
use crate::file::{EvidenceInput, FileInput};
use crate::ids::{CompactId, OrganisationId, QuestionId, SubjectId};
use crate::text::{Text, Texts};
use crate::visibility::Visibility;

/// Everything that can be asked of a piece of good practice.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(
    tag = "type",
    rename_all = "snake_case",
    rename_all_fields = "camelCase"
)]
pub enum GoodPracticeCommand {
    /// Write it down: its first version.
    WritePractice {
        /// What it says.
        terms: PracticeInput,
    },
    /// Revise it: its next version.
    RevisePractice {
        /// What it says from now on.
        terms: PracticeInput,
        /// What was changed; needed once it has been shared.
        changed: Option<Text>,
        /// Why; needed once it has been shared.
        reason: Option<Text>,
    },
    /// Withdraw it: nobody is to take it up any more.
    WithdrawPractice {
        /// Why.
        reason: Text,
    },
    /// Release it to more people, or take it back from some.
    ReleasePractice {
        /// How far it is let out from now on.
        to: Visibility,
        /// Why; needed when it is taken back.
        reason: Option<Text>,
    },
    /// Ask about it, as the secretariat of another compact.
    AskAboutPractice {
        /// The new question.
        question: QuestionId,
        /// The compact that asks.
        by: CompactId,
        /// What is asked.
        text: Text,
    },
    /// Answer a question.
    AnswerQuestion {
        /// The question.
        question: QuestionId,
        /// The answer.
        text: Text,
    },
    /// Give thanks for it, as the secretariat of another compact.
    ThankForPractice {
        /// The compact that gives thanks.
        by: CompactId,
        /// What is said.
        text: Text,
    },
    /// Take one of the texts in its history out for good.
    RedactText {
        /// The text, as what has a key of its own.
        text: SubjectId,
        /// Why.
        reason: Text,
    },
}

/// What a piece of good practice says, as it was typed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct PracticeInput {
    /// Its heading.
    pub title: String,
    /// The theme it serves, by its code.
    pub theme: ThemeCode,
    /// The organisation whose practice it is; none for the compact's own.
    pub organisation: Option<OrganisationId>,
    /// What is done, and how.
    pub summary: Text,
    /// Whom to ask: a mention of a person, or words.
    pub contact: Option<Text>,
    /// What it rests on.
    #[serde(default)]
    pub evidence: Vec<EvidenceInput>,
    /// What others can use: a form, a programme, a set of slides.
    #[serde(default)]
    pub documents: Vec<FileInput>,
}

impl GoodPracticeCommand {
    /// What the recorder must look up before this can be decided.
    pub fn mentions(&self) -> Mentions {
        let mut mentions = Mentions::default();
        match self {
            Self::WritePractice { terms } | Self::RevisePractice { terms, .. } => {
                mentions.themes.insert(terms.theme.clone());
                mentions.organisations.extend(terms.organisation);
                let evidence = terms.evidence.iter().filter_map(EvidenceInput::hash);
                mentions.files.extend(evidence);
                let documents = terms.documents.iter();
                mentions.files.extend(documents.map(|file| file.hash));
            }
            Self::AskAboutPractice { by, .. } | Self::ThankForPractice { by, .. } => {
                mentions.compacts.insert(*by);
            }
            Self::WithdrawPractice { .. }
            | Self::ReleasePractice { .. }
            | Self::AnswerQuestion { .. }
            | Self::RedactText { .. } => {}
        }
        mentions
    }

    /// The compact that asks or gives thanks, if that is what it does.
    pub const fn asking(&self) -> Option<CompactId> {
        match self {
            Self::AskAboutPractice { by, .. } | Self::ThankForPractice { by, .. } => Some(*by),
            _ => None,
        }
    }
}

crate::texts! {
    PracticeInput { summary, contact, evidence, documents }
}

impl Texts for GoodPracticeCommand {
    fn texts(&mut self, each: &mut dyn FnMut(&mut Text)) {
        match self {
            Self::WritePractice { terms } => terms.texts(each),
            Self::RevisePractice {
                terms,
                changed,
                reason,
            } => {
                terms.texts(each);
                changed.texts(each);
                reason.texts(each);
            }
            Self::ReleasePractice { reason, .. } => reason.texts(each),
            Self::WithdrawPractice { reason } | Self::RedactText { reason, .. } => {
                reason.texts(each);
            }
            Self::AskAboutPractice { text, .. }
            | Self::AnswerQuestion { text, .. }
            | Self::ThankForPractice { text, .. } => text.texts(each),
        }
    }
}
