//! Why a person's record refuses a command. None of these sentences quotes what was typed of anybody.

use chrono::NaiveDate;

use crate::dated::{TooEarly, in_words};
use crate::facts::UnknownFact;
use crate::refusal::Refusal;
use crate::words::TextError;

/// Why a command was refused.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum PersonError {
    /// A text is missing or too long.
    #[error(transparent)]
    Text(#[from] TextError),
    /// Something mentioned does not exist.
    #[error(transparent)]
    Unknown(#[from] UnknownFact),
    /// The change is dated before the last one.
    #[error(transparent)]
    TooEarly(#[from] TooEarly),
    /// Nothing can be said of a person who was never entered.
    #[error(
        "there is no such person in this compact; choose one of its people, or enter them first"
    )]
    NotEntered,
    /// A person is entered once.
    #[error(
        "this person is entered already; if it is the one you meant, correct what is said of them; if not, start again from an empty form"
    )]
    AlreadyEntered,
    /// Of a person who was erased nothing more is said.
    #[error("this person was erased on {} and nothing more can be recorded of them; somebody who comes back is entered anew", in_words(*.on))]
    Erased {
        /// The day of the erasure.
        on: NaiveDate,
    },
    /// What is asked for is how things are.
    #[error(
        "nothing would change: this is what is said of the person already; enter something else, or leave it as it is"
    )]
    Unchanged,
    /// It is no e-mail address.
    #[error(
        "that is not an e-mail address; enter one with a single @ and no spaces, such as name@example.org"
    )]
    NotAnAddress,
    /// It is no telephone number.
    #[error(
        "that is not a telephone number; enter digits, with spaces, +, hyphens and brackets where you like, and “ext” before an extension"
    )]
    NotANumber,
    /// What is said of a person is not taken out text by text.
    #[error(
        "that is the person's own data and is not redacted by itself; correct what is said of them, or erase the person"
    )]
    OwnText,
}

impl Refusal for PersonError {
    fn code(&self) -> &'static str {
        match self {
            Self::Text(error) => error.code(),
            Self::Unknown(error) => error.code(),
            Self::TooEarly(_) => "DATED_TOO_EARLY",
            Self::NotEntered => "PERSON_NOT_ENTERED",
            Self::AlreadyEntered => "PERSON_ALREADY_ENTERED",
            Self::Erased { .. } => "PERSON_ERASED",
            Self::Unchanged => "UNCHANGED",
            Self::NotAnAddress => "NOT_AN_ADDRESS",
            Self::NotANumber => "NOT_A_NUMBER",
            Self::OwnText => "PERSONS_OWN_TEXT",
        }
    }

    fn field(&self) -> Option<&'static str> {
        match self {
            Self::Text(error) => Some(error.field()),
            Self::Unknown(error) => Some(error.field()),
            Self::TooEarly(_) => Some("occurredOn"),
            Self::NotEntered | Self::Erased { .. } => None,
            Self::AlreadyEntered => Some("newId"),
            Self::Unchanged => Some("name"),
            Self::NotAnAddress => Some("email"),
            Self::NotANumber => Some("telephone"),
            Self::OwnText => Some("text"),
        }
    }
}
