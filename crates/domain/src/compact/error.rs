//! Why the aggregate refuses a command.

use crate::facts::UnknownFact;
use crate::refusal::Refusal;
use crate::words::TextError;

/// Why a command was refused.
#[derive(Clone, Debug, PartialEq, thiserror::Error)]
pub enum CompactError {
    /// A text is missing or too long.
    #[error(transparent)]
    Text(#[from] TextError),
    /// Something mentioned does not exist.
    #[error(transparent)]
    Unknown(#[from] UnknownFact),
}

impl Refusal for CompactError {
    fn code(&self) -> &'static str {
        match self {
            Self::Text(TextError::Missing { .. }) => "MISSING",
            Self::Text(TextError::TooLong { .. }) => "TOO_LONG",
            Self::Unknown(_) => "UNKNOWN",
        }
    }

    fn field(&self) -> Option<&'static str> {
        match self {
            Self::Text(error) => Some(error.field()),
            Self::Unknown(error) => Some(error.field()),
        }
    }
}
