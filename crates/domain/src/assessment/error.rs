//! Why an assessment or a challenge refuses a command.

use chrono::NaiveDate;

use crate::commitment::Outcome;
use crate::dated::{TooEarly, in_words};
use crate::figure::Figure;
use crate::refusal::Refusal;
use crate::visibility::ReleaseError;
use crate::words::TextError;

/// Why a command was refused.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum AssessmentError {
    /// A text is missing or too long.
    #[error(transparent)]
    Text(#[from] TextError),
    /// The change is dated before the last one.
    #[error(transparent)]
    TooEarly(#[from] TooEarly),
    /// It is not released, or taken back, like that.
    #[error(transparent)]
    Release(#[from] ReleaseError),
    /// Nothing is said of what was never made.
    #[error("there is no such assessment or challenge; choose one that is shown, or make it first")]
    NotMade,
    /// It is made once.
    #[error("this was made already; revise it, or start another from an empty form")]
    AlreadyMade,
    /// There is no such commitment.
    #[error("that commitment is not there; choose one that a compact has released")]
    UnknownCommitment,
    /// The commitment has no such outcome, or it was taken back.
    #[error(
        "that is not a reading or an achievement of this commitment that still stands; choose one that is shown"
    )]
    UnknownOutcome {
        /// What was named.
        outcome: Outcome,
    },
    /// Nobody has seen what is not recorded.
    #[error(
        "the compact's record ends at {head}, so {position} cannot have been looked at; look at it again, then judge"
    )]
    Ahead {
        /// The place that was named.
        position: u64,
        /// Where the ledger ends.
        head: u64,
    },
    /// Only a reading has a figure.
    #[error("only a reading has a figure to find; say which reading, or leave the figure out")]
    FoundWithoutReading,
    /// Nothing is counted below nothing.
    #[error("{found} is below zero; enter zero or more")]
    Negative {
        /// The figure.
        found: Figure,
    },
    /// What is asked for is how things are.
    #[error(
        "nothing would change: this is what the assessment says already; enter something else, or leave it as it is"
    )]
    Unchanged,
    /// A challenge is not an assessment.
    #[error("this is a challenge; answer it or withdraw it, and assess the outcome for itself")]
    IsAChallenge,
    /// An assessment is not a challenge.
    #[error(
        "this is an assessment; revise it or withdraw it, and challenge the outcome for itself"
    )]
    IsAnAssessment,
    /// What was taken back takes nothing more.
    #[error("this was withdrawn on {}; make another instead", in_words(*.on))]
    Withdrawn {
        /// The day it was withdrawn.
        on: NaiveDate,
    },
}

impl Refusal for AssessmentError {
    fn code(&self) -> &'static str {
        match self {
            Self::Text(error) => error.code(),
            Self::TooEarly(_) => "DATED_TOO_EARLY",
            Self::Release(error) => error.code(),
            Self::NotMade => "ASSESSMENT_NOT_MADE",
            Self::AlreadyMade => "ASSESSMENT_ALREADY_MADE",
            Self::UnknownCommitment => "UNKNOWN",
            Self::UnknownOutcome { .. } => "UNKNOWN_OUTCOME",
            Self::Ahead { .. } => "POSITION_AHEAD",
            Self::FoundWithoutReading => "FOUND_WITHOUT_READING",
            Self::Negative { .. } => "NEGATIVE",
            Self::Unchanged => "UNCHANGED",
            Self::IsAChallenge => "IS_A_CHALLENGE",
            Self::IsAnAssessment => "IS_AN_ASSESSMENT",
            Self::Withdrawn { .. } => "ASSESSMENT_WITHDRAWN",
        }
    }

    fn field(&self) -> Option<&'static str> {
        match self {
            Self::Text(error) => Some(error.field()),
            Self::TooEarly(_) => Some("occurredOn"),
            Self::Release(error) => Some(error.field()),
            Self::NotMade | Self::IsAChallenge | Self::IsAnAssessment | Self::Withdrawn { .. } => {
                None
            }
            Self::AlreadyMade => Some("newId"),
            Self::UnknownCommitment => Some("commitmentId"),
            Self::UnknownOutcome {
                outcome: Outcome::Reading(_),
            } => Some("readingId"),
            Self::UnknownOutcome {
                outcome: Outcome::Achievement(_),
            } => Some("achievementId"),
            Self::Ahead { .. } => Some("position"),
            Self::FoundWithoutReading | Self::Negative { .. } => Some("found"),
            Self::Unchanged => Some("completion"),
        }
    }
}
