//! Why a piece of good practice refuses a command.

use chrono::NaiveDate;

use crate::dated::{TooEarly, in_words};
use crate::facts::UnknownFact;
use crate::file::FileError;
use crate::refusal::{Item, Refusal};
use crate::visibility::ReleaseError;
use crate::words::TextError;

/// Why a command was refused.
#[derive(Clone, Debug, PartialEq, thiserror::Error)]
pub enum GoodPracticeError {
    /// A text is missing or too long.
    #[error(transparent)]
    Text(#[from] TextError),
    /// Something mentioned does not exist.
    #[error(transparent)]
    Unknown(#[from] UnknownFact),
    /// The change is dated before the last one.
    #[error(transparent)]
    TooEarly(#[from] TooEarly),
    /// It is not released, or taken back, like that.
    #[error(transparent)]
    Release(#[from] ReleaseError),
    /// Nothing can happen to what nobody wrote down.
    #[error("there is no such good practice; write it down first")]
    NotWritten,
    /// It is written down once.
    #[error(
        "this good practice is written down already; revise it if it should say something else"
    )]
    AlreadyWritten,
    /// What was withdrawn stays so.
    #[error("this good practice was withdrawn on {}; write another one down", in_words(*.on))]
    Withdrawn {
        /// The day it was withdrawn.
        on: NaiveDate,
    },
    /// What is asked for is how things are.
    #[error(
        "nothing would change: it says all of this already; change something, or leave it as it is"
    )]
    Unchanged,
    /// An id names one question for ever.
    #[error(
        "there is a question under the same id already; if it is the one you meant, nothing more is needed; if not, start again from an empty form"
    )]
    QuestionTaken,
    /// There is no such question.
    #[error("that question was not asked about this good practice; choose one that was")]
    UnknownQuestion,
    /// More was given than there can be.
    #[error("enter at most {limit} of these; there are {count}")]
    TooMany {
        /// The input field.
        field: &'static str,
        /// How many there may be.
        limit: usize,
        /// How many there are.
        count: usize,
    },
    /// A link or a file was not accepted.
    #[error("{refusal}")]
    File {
        /// Which.
        item: Item,
        /// Why.
        refusal: FileError,
    },
    /// A compact has asked enough for now.
    #[error(
        "{count} of your compact's questions wait for an answer already; wait for one before you ask more"
    )]
    QuestionsWaiting {
        /// How many.
        count: usize,
    },
    /// A compact has given thanks enough.
    #[error("your compact has given thanks for this {count} times already; that is on record")]
    ThankedEnough {
        /// How often.
        count: u32,
    },
}

impl Refusal for GoodPracticeError {
    fn code(&self) -> &'static str {
        match self {
            Self::Text(error) => error.code(),
            Self::Unknown(error) => error.code(),
            Self::TooEarly(_) => "DATED_TOO_EARLY",
            Self::Release(error) => error.code(),
            Self::NotWritten => "PRACTICE_NOT_WRITTEN",
            Self::AlreadyWritten => "PRACTICE_ALREADY_WRITTEN",
            Self::Withdrawn { .. } => "PRACTICE_WITHDRAWN",
            Self::Unchanged => "UNCHANGED",
            Self::QuestionTaken => "ID_TAKEN",
            Self::TooMany { .. } => "TOO_MANY",
            Self::File { refusal, .. } => refusal.code(),
            Self::UnknownQuestion => "UNKNOWN_QUESTION",
            Self::QuestionsWaiting { .. } => "QUESTIONS_WAITING",
            Self::ThankedEnough { .. } => "THANKED_ENOUGH",
        }
    }

    fn field(&self) -> Option<&'static str> {
        match self {
            Self::Text(error) => Some(error.field()),
            // It serves one theme, and the field is called so.
            Self::Unknown(UnknownFact::Theme(_)) => Some("theme"),
            Self::Unknown(error) => Some(error.field()),
            Self::TooEarly(_) => Some("occurredOn"),
            Self::Release(error) => Some(error.field()),
            Self::NotWritten
            | Self::AlreadyWritten
            | Self::Withdrawn { .. }
            | Self::ThankedEnough { .. }
            | Self::QuestionsWaiting { .. } => None,
            Self::Unchanged => Some("title"),
            Self::QuestionTaken | Self::UnknownQuestion => Some("questionId"),
            Self::TooMany { field, .. } => Some(field),
            Self::File { item, .. } => Some(item.list),
        }
    }

    fn path(&self) -> Option<String> {
        match self {
            Self::File { item, refusal } => Some(item.field(refusal.field()).to_string()),
            other => other.field().map(ToOwned::to_owned),
        }
    }
}
