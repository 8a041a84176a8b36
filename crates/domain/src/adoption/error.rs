//! Why an adoption refuses a command.

use chrono::NaiveDate;

use crate::dated::{TooEarly, in_words};
use crate::facts::UnknownFact;
use crate::file::FileError;
use crate::refusal::Refusal;
use crate::visibility::ReleaseError;
use crate::words::TextError;

/// Why a command was refused.
#[derive(Clone, Debug, PartialEq, thiserror::Error)]
pub enum AdoptionError {
    /// A text is missing or too long.
    #[error(transparent)]
    Text(#[from] TextError),
    /// Something mentioned does not exist, or may not be seen.
    #[error(transparent)]
    Unknown(#[from] UnknownFact),
    /// The change is dated before the last one.
    #[error(transparent)]
    TooEarly(#[from] TooEarly),
    /// It is not released, or taken back, like that.
    #[error(transparent)]
    Release(#[from] ReleaseError),
    /// The link or the file was not accepted.
    #[error(transparent)]
    File(#[from] FileError),
    /// Nothing can happen to an adoption there is not.
    #[error("there is no such adoption; take the good practice up first")]
    NotAdopted,
    /// It is taken up once.
    #[error("this was taken up already; tell what was changed or how it went")]
    AlreadyAdopted,
    /// What was given up stays so.
    #[error("this was given up on {}; take the good practice up again as an adoption of its own", in_words(*.on))]
    Withdrawn {
        /// The day it was given up.
        on: NaiveDate,
    },
    /// Nobody takes up their own.
    #[error("this is your own good practice already; name another organisation that takes it up")]
    OnesOwn,
    /// It follows the practice it was taken up from.
    #[error("this was taken up from another good practice; choose a version of that one")]
    OtherPractice,
    /// It follows that version already, or a later one.
    #[error("this follows version {version} already; choose a later one, or leave it out")]
    NotALaterVersion {
        /// The version it follows.
        version: u32,
    },
}

impl Refusal for AdoptionError {
    fn code(&self) -> &'static str {
        match self {
            Self::Text(error) => error.code(),
            Self::Unknown(error) => error.code(),
            Self::TooEarly(_) => "DATED_TOO_EARLY",
            Self::Release(error) => error.code(),
            Self::File(error) => error.code(),
            Self::NotAdopted => "NOT_ADOPTED",
            Self::AlreadyAdopted => "ALREADY_ADOPTED",
            Self::Withdrawn { .. } => "ADOPTION_WITHDRAWN",
            Self::OnesOwn => "ONES_OWN",
            Self::OtherPractice => "OTHER_PRACTICE",
            Self::NotALaterVersion { .. } => "NOT_A_LATER_VERSION",
        }
    }

    fn field(&self) -> Option<&'static str> {
        match self {
            Self::Text(error) => Some(error.field()),
            Self::Unknown(error) => Some(error.field()),
            Self::TooEarly(_) => Some("occurredOn"),
            Self::Release(error) => Some(error.field()),
            Self::File(error) => Some(error.field()),
            Self::NotAdopted | Self::AlreadyAdopted | Self::Withdrawn { .. } => None,
            Self::OnesOwn => Some("organisationId"),
            Self::OtherPractice => Some("practiceId"),
            Self::NotALaterVersion { .. } => Some("version"),
        }
    }

    fn path(&self) -> Option<String> {
        match self {
            Self::File(error) => Some(format!("evidence.{}", error.field())),
            other => other.field().map(ToOwned::to_owned),
        }
    }
}
