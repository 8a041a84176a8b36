//! Why a commitment refuses a command.

use chrono::NaiveDate;

use crate::dated::{TooEarly, in_words};
use crate::facts::UnknownFact;
use crate::file::FileError;
use crate::refusal::{Item, Refusal};
use crate::session::Session;
use crate::visibility::ReleaseError;
use crate::words::TextError;

use super::figures::FigureError;
use super::status::Status;

/// Why a command was refused.
#[derive(Clone, Debug, PartialEq, thiserror::Error)]
pub enum CommitmentError {
    /// A text is missing or too long.
    #[error(transparent)]
    Text(#[from] TextError),
    /// A figure does not fit its measure.
    #[error(transparent)]
    Figure(#[from] FigureError),
    /// Something mentioned does not exist.
    #[error(transparent)]
    Unknown(#[from] UnknownFact),
    /// A file or a link is none that can be evidence.
    #[error(transparent)]
    File(#[from] FileError),
    /// The change is dated before the last one.
    #[error(transparent)]
    TooEarly(#[from] TooEarly),
    /// It is not released, or taken back, like that.
    #[error(transparent)]
    Release(#[from] ReleaseError),
    /// Nothing can happen to a commitment that was never proposed.
    #[error("this commitment does not exist yet; propose it first")]
    NotProposed,
    /// A commitment is proposed once.
    #[error("this commitment exists already; change it, or propose another from an empty form")]
    AlreadyProposed,
    /// What is asked for is how things are.
    #[error("nothing would change: {what} already; enter another, or leave it as it is")]
    Unchanged {
        /// The input field.
        field: &'static str,
        /// What would stay the same.
        what: &'static str,
    },
    /// A commitment stays in its session.
    #[error(
        "this commitment belongs to {session}; give its ref in that session, or carry it forward into another"
    )]
    OtherSession {
        /// The session it belongs to.
        session: Session,
    },
    /// What is only a draft is not reported on or ended like a promise.
    #[error("this commitment is still a draft; agree it first")]
    StillDraft,
    /// What has ended stays as it was.
    #[error("this commitment has ended as {} and cannot be changed; reopen it first", .status.words())]
    Ended {
        /// How it ended.
        status: Status,
    },
    /// It stands there already, or beyond.
    #[error("this commitment is {} already, so it cannot become {}; leave it as it is", .from.words(), .to.words())]
    AlreadyPast {
        /// Where it stands.
        from: Status,
        /// Where it was to go.
        to: Status,
    },
    /// Only what has ended can be reopened.
    #[error("this commitment is {}, so there is nothing to reopen", .status.words())]
    NotEnded {
        /// Where it stands.
        status: Status,
    },
    /// Nothing is reported on what was taken back.
    #[error("this commitment was withdrawn and takes no readings or reports; reopen it first")]
    TakenBack,
    /// Carrying forward goes to a later session.
    #[error(
        "that commitment belongs to {into}, which is not later than {session}; choose one of a later session, or propose it there first"
    )]
    NotLater {
        /// The session of the chosen commitment.
        into: Session,
        /// The session of this one.
        session: Session,
    },
    /// An id names one thing for ever.
    #[error(
        "this commitment already has {thing} under the same id; if it is the one you meant, nothing more is needed; if not, start again from an empty form"
    )]
    IdTaken {
        /// The input field the id was given in.
        field: &'static str,
        /// What it names: "a measure".
        thing: &'static str,
    },
    /// The commitment has no such measure.
    #[error("that measure is not one of this commitment's; choose one that is, or add it first")]
    UnknownMeasure,
    /// A withdrawn measure takes nothing more.
    #[error("that measure was withdrawn on {} and takes nothing more; add a new measure instead", in_words(*.on))]
    MeasureWithdrawn {
        /// The day it was withdrawn.
        on: NaiveDate,
    },
    /// The commitment has no such reading.
    #[error("that reading is not one of this commitment's; choose one that is")]
    UnknownReading,
    /// A withdrawn reading takes nothing more.
    #[error("that reading was withdrawn on {}; record a new reading instead", in_words(*.on))]
    ReadingWithdrawn {
        /// The day it was withdrawn.
        on: NaiveDate,
    },
    /// The commitment has no such achievement.
    #[error("that achievement is not one of this commitment's; choose one that is")]
    UnknownAchievement,
    /// A withdrawn achievement takes nothing more.
    #[error("that achievement was withdrawn on {}; report it again instead", in_words(*.on))]
    AchievementWithdrawn {
        /// The day it was withdrawn.
        on: NaiveDate,
    },
    /// The commitment has no such evidence.
    #[error("that evidence is not attached to anything of this commitment; choose some that is")]
    UnknownEvidence,
    /// Withdrawn evidence is withdrawn once.
    #[error("that evidence was withdrawn on {}; attach it again if it counts after all", in_words(*.on))]
    EvidenceWithdrawn {
        /// The day it was withdrawn.
        on: NaiveDate,
    },
    /// Nothing is counted or reported before it happens.
    #[error("{} lies after {}, the date this is recorded for; correct whichever of the two is wrong", in_words(*.day), in_words(*.occurred_on))]
    AfterTheFact {
        /// The input field of the later day.
        field: &'static str,
        /// The later day.
        day: NaiveDate,
        /// The date the command is for.
        occurred_on: NaiveDate,
    },
    /// One item of a list was refused, and so the whole was.
    #[error("{refusal}")]
    InList {
        /// Which item.
        item: Item,
        /// Why it was refused.
        refusal: Box<CommitmentError>,
    },
}

impl CommitmentError {
    /// The refusal of one item of a list.
    pub(super) fn in_list(item: Item, refusal: impl Into<Self>) -> Self {
        let refusal = Box::new(refusal.into());
        Self::InList { item, refusal }
    }

    /// Refuses a day of counting or reporting that lies after the date of the command.
    pub(super) fn no_later(
        field: &'static str,
        day: NaiveDate,
        occurred_on: NaiveDate,
    ) -> Result<(), Self> {
        if day <= occurred_on {
            return Ok(());
        }
        Err(Self::AfterTheFact {
            field,
            day,
            occurred_on,
        })
    }
}

impl Refusal for CommitmentError {
    fn code(&self) -> &'static str {
        match self {
            Self::Text(error) => error.code(),
            Self::Figure(error) => error.code(),
            Self::Unknown(error) => error.code(),
            Self::File(error) => error.code(),
            Self::TooEarly(_) => "DATED_TOO_EARLY",
            Self::Release(error) => error.code(),
            Self::NotProposed => "COMMITMENT_NOT_PROPOSED",
            Self::AlreadyProposed => "COMMITMENT_ALREADY_PROPOSED",
            Self::Unchanged { .. } => "UNCHANGED",
            Self::OtherSession { .. } => "OTHER_SESSION",
            Self::StillDraft => "COMMITMENT_DRAFT",
            Self::Ended { .. } => "COMMITMENT_ENDED",
            Self::AlreadyPast { .. } => "STATUS_ALREADY_PAST",
            Self::NotEnded { .. } => "COMMITMENT_NOT_ENDED",
            Self::TakenBack => "COMMITMENT_WITHDRAWN",
            Self::NotLater { .. } => "SESSION_NOT_LATER",
            Self::IdTaken { .. } => "ID_TAKEN",
            Self::UnknownMeasure => "UNKNOWN_MEASURE",
            Self::MeasureWithdrawn { .. } => "MEASURE_WITHDRAWN",
            Self::UnknownReading => "UNKNOWN_READING",
            Self::ReadingWithdrawn { .. } => "READING_WITHDRAWN",
            Self::UnknownAchievement => "UNKNOWN_ACHIEVEMENT",
            Self::AchievementWithdrawn { .. } => "ACHIEVEMENT_WITHDRAWN",
            Self::UnknownEvidence => "UNKNOWN_EVIDENCE",
            Self::EvidenceWithdrawn { .. } => "EVIDENCE_WITHDRAWN",
            Self::AfterTheFact { .. } => "DATED_AFTER_THE_FACT",
            Self::InList { refusal, .. } => refusal.code(),
        }
    }

    fn field(&self) -> Option<&'static str> {
        match self {
            Self::Text(error) => Some(error.field()),
            Self::Figure(error) => Some(error.field()),
            Self::Unknown(UnknownFact::Commitment(_) | UnknownFact::Withdrawn(_))
            | Self::NotLater { .. } => Some("intoId"),
            Self::Unknown(UnknownFact::Group(_)) => Some("groupIds"),
            Self::Unknown(UnknownFact::Organisation(_)) => Some("byOrganisation"),
            Self::Unknown(error) => Some(error.field()),
            Self::File(error) => Some(error.field()),
            Self::TooEarly(_) => Some("occurredOn"),
            Self::Release(error) => Some(error.field()),
            Self::NotProposed
            | Self::AlreadyProposed
            | Self::StillDraft
            | Self::Ended { .. }
            | Self::AlreadyPast { .. }
            | Self::NotEnded { .. }
            | Self::TakenBack => None,
            Self::Unchanged { field, .. }
            | Self::IdTaken { field, .. }
            | Self::AfterTheFact { field, .. } => Some(field),
            Self::OtherSession { .. } => Some("session"),
            Self::UnknownMeasure | Self::MeasureWithdrawn { .. } => Some("measureId"),
            Self::UnknownReading | Self::ReadingWithdrawn { .. } => Some("readingId"),
            Self::UnknownAchievement | Self::AchievementWithdrawn { .. } => Some("achievementId"),
            Self::UnknownEvidence | Self::EvidenceWithdrawn { .. } => Some("evidenceId"),
            Self::InList { item, .. } => Some(item.list),
        }
    }

    fn path(&self) -> Option<String> {
        match self {
            Self::InList { item, .. } => Some(item.to_string()),
            other => other.field().map(ToOwned::to_owned),
        }
    }
}
