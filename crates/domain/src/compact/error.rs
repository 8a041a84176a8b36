//! Why a compact refuses a command.

use chrono::NaiveDate;

use crate::dated::{TooEarly, in_words};
use crate::facts::UnknownFact;
use crate::refusal::{Item, Refusal};
use crate::region::ParticularsError;
use crate::session::Session;
use crate::words::TextError;

/// Why a command was refused.
#[derive(Clone, Debug, PartialEq, thiserror::Error)]
pub enum CompactError {
    /// A text is missing or too long.
    #[error(transparent)]
    Text(#[from] TextError),
    /// What is said of the compact does not hold together.
    #[error(transparent)]
    Particulars(#[from] ParticularsError),
    /// Something mentioned does not exist.
    #[error(transparent)]
    Unknown(#[from] UnknownFact),
    /// The change is dated before the last one.
    #[error(transparent)]
    TooEarly(#[from] TooEarly),
    /// Nothing can happen in a compact that does not exist.
    #[error("this compact does not exist yet; have it opened in the region's register first")]
    NotEstablished,
    /// A compact is established once.
    #[error("this compact exists already; make the change in it")]
    AlreadyEstablished,
    /// An id names one group for ever.
    #[error(
        "this compact already has a group under the same id; if it is the one you meant, nothing more is needed; if not, start again from an empty form"
    )]
    GroupIdTaken,
    /// A code names one of the groups at work.
    #[error(
        "the code {code} belongs to “{group}”; choose another code, or wind that group up first"
    )]
    CodeTaken {
        /// The code.
        code: String,
        /// The group that has it.
        group: String,
    },
    /// The code was another group's at that date.
    #[error("the code {code} belonged to another group until {}; enter that day or a later one, or another code", in_words(*.until))]
    CodeHeld {
        /// The code.
        code: String,
        /// The day the other group was wound up.
        until: NaiveDate,
    },
    /// A wound-up group stays as it was.
    #[error("“{group}” was wound up on {} and cannot be changed; form a new group to carry on its work", in_words(*.on))]
    GroupWoundUp {
        /// The group.
        group: String,
        /// The day it was wound up.
        on: NaiveDate,
    },
    /// A wound-up group takes on nothing more.
    #[error("“{group}” was wound up on {} and takes no new plan or commitment; choose a group that is at work, or form one first", in_words(*.on))]
    NothingBeginsIn {
        /// The group.
        group: String,
        /// The day it was wound up.
        on: NaiveDate,
    },
    /// What is asked for is how things are.
    #[error("nothing would change: {what} already; enter another, or leave it as it is")]
    Unchanged {
        /// The input field.
        field: &'static str,
        /// What would stay the same.
        what: &'static str,
    },
    /// A compact is not its own successor.
    #[error("a compact cannot be succeeded by itself; choose the compact that carries on")]
    SucceededByItself,
    /// In a succeeded compact nothing begins, and it keeps its name.
    #[error("this compact was succeeded by {by} on {}; {instead}", in_words(*.on))]
    Succeeded {
        /// The compact that carries on.
        by: String,
        /// The day of the succession.
        on: NaiveDate,
        /// What to do instead.
        instead: &'static str,
    },
    /// An id names one commitment for ever.
    #[error(
        "this compact already has a commitment under the same id; if it is the one you meant, nothing more is needed; if not, start again from an empty form"
    )]
    CommitmentIdTaken,
    /// Two commitments of one session may not bear one ref.
    #[error(
        "ref “{label}” belongs to another commitment of {session}; choose another ref, or renumber that commitment first"
    )]
    RefTaken {
        /// The ref.
        label: String,
        /// The session.
        session: Session,
    },
    /// The ref was another commitment's at that date.
    #[error("ref “{label}” belonged to another commitment until {}; enter that day or a later one, or another ref", in_words(*.until))]
    RefHeld {
        /// The ref.
        label: String,
        /// The day the other commitment was renumbered.
        until: NaiveDate,
    },
    /// The same good practice is taken up once, by whoever takes it up.
    #[error("{who} took this up on {} already; record there what was changed or how it went, or give that up first if it is taken up anew", in_words(*.on))]
    TakenUp {
        /// Who did: the organisation, or the compact itself.
        who: String,
        /// When.
        on: NaiveDate,
    },
    /// It was taken up at that date.
    #[error("{who} had taken this up before and gave it up on {}; enter that day or a later one", in_words(*.until))]
    TakenUpUntil {
        /// Who had: the organisation, or the compact itself.
        who: String,
        /// The day it was given up.
        until: NaiveDate,
    },
    /// One of the groups that were named was refused, and so the whole was.
    #[error("{refusal}")]
    InList {
        /// Which group.
        item: Item,
        /// Why it was refused.
        refusal: Box<CompactError>,
    },
}

impl Refusal for CompactError {
    fn code(&self) -> &'static str {
        match self {
            Self::Text(error) => error.code(),
            Self::Particulars(error) => error.code(),
            Self::Unknown(error) => error.code(),
            Self::TooEarly(_) => "DATED_TOO_EARLY",
            Self::NotEstablished => "COMPACT_NOT_ESTABLISHED",
            Self::AlreadyEstablished => "COMPACT_ALREADY_ESTABLISHED",
            Self::GroupIdTaken | Self::CommitmentIdTaken => "ID_TAKEN",
            Self::CodeTaken { .. } => "CODE_TAKEN",
            Self::CodeHeld { .. } => "CODE_HELD",
            Self::GroupWoundUp { .. } | Self::NothingBeginsIn { .. } => "GROUP_WOUND_UP",
            Self::Unchanged { .. } => "UNCHANGED",
            Self::SucceededByItself => "SUCCEEDED_BY_ITSELF",
            Self::Succeeded { .. } => "COMPACT_SUCCEEDED",
            Self::RefTaken { .. } => "REF_TAKEN",
            Self::RefHeld { .. } => "REF_HELD",
            Self::TakenUp { .. } | Self::TakenUpUntil { .. } => "ALREADY_ADOPTED",
            Self::InList { refusal, .. } => refusal.code(),
        }
    }

    fn field(&self) -> Option<&'static str> {
        match self {
            Self::Text(error) => Some(error.field()),
            Self::Particulars(error) => error.field(),
            Self::Unknown(UnknownFact::Compact(_)) | Self::SucceededByItself => Some("byId"),
            Self::Unknown(error) => Some(error.field()),
            Self::TooEarly(_)
            | Self::CodeHeld { .. }
            | Self::RefHeld { .. }
            | Self::TakenUpUntil { .. } => Some("occurredOn"),
            Self::TakenUp { .. } => Some("organisationId"),
            Self::NotEstablished | Self::AlreadyEstablished | Self::Succeeded { .. } => None,
            Self::RefTaken { .. } => Some("ref"),
            Self::CommitmentIdTaken => Some("newId"),
            Self::GroupIdTaken | Self::GroupWoundUp { .. } | Self::NothingBeginsIn { .. } => {
                Some("groupId")
            }
            Self::CodeTaken { .. } => Some("code"),
            Self::Unchanged { field, .. } => Some(field),
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
