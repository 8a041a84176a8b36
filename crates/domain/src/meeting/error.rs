//! Why a meeting refuses a command.

use chrono::NaiveDate;

use crate::dated::{TooEarly, in_words};
use crate::facts::UnknownFact;
use crate::file::FileError;
use crate::refusal::{Item, Refusal};
use crate::visibility::ReleaseError;
use crate::words::TextError;

use super::state::Minutes;

/// Why a command was refused.
#[derive(Clone, Debug, PartialEq, thiserror::Error)]
pub enum MeetingError {
    /// A text is missing or too long.
    #[error(transparent)]
    Text(#[from] TextError),
    /// Something mentioned does not exist.
    #[error(transparent)]
    Unknown(#[from] UnknownFact),
    /// A paper's file or link is none.
    #[error(transparent)]
    File(#[from] FileError),
    /// The change is dated before the last one.
    #[error(transparent)]
    TooEarly(#[from] TooEarly),
    /// It is not released, or taken back, like that.
    #[error(transparent)]
    Release(#[from] ReleaseError),
    /// Nothing can happen to a meeting nobody called or recorded.
    #[error("there is no such meeting; call it or record it first")]
    NotCalled,
    /// A meeting is called once.
    #[error("this meeting is called already; rearrange it if its day or place is to change")]
    AlreadyCalled,
    /// What is said of a meeting is said once it was held.
    #[error("this meeting has not been held yet; record it first")]
    NotHeld,
    /// A meeting is held once.
    #[error("this meeting was held on {}; correct its minutes if something in them is wrong", in_words(*.held_on))]
    AlreadyHeld {
        /// The day it was held.
        held_on: NaiveDate,
    },
    /// A cancelled meeting stays so.
    #[error("this meeting was called off on {}; call another", in_words(*.on))]
    Cancelled {
        /// The day it was called off.
        on: NaiveDate,
    },
    /// It was called for another group.
    #[error("this meeting was called for “{group}”; choose that group, or record another meeting")]
    OtherGroup {
        /// The group it was called for.
        group: String,
    },
    /// A wound-up group does not meet any more.
    #[error("“{group}” was wound up on {} and does not meet any more; choose a group that is at work, or correct the day if it met before", in_words(*.on))]
    GroupWoundUp {
        /// The group.
        group: String,
        /// The day it was wound up.
        on: NaiveDate,
    },
    /// It was said to come from another meeting.
    #[error(
        "what is recorded of a meeting comes from that meeting, on the day it was held; leave the meeting out"
    )]
    OtherMeeting,
    /// When it is to be was left open.
    #[error("say when it will be: enter a day, or words such as late September")]
    NoDay,
    /// It is no time of day.
    #[error("that is not a time of day; enter hours and minutes, such as 10:30")]
    NotATime,
    /// An agenda has items.
    #[error("enter at least one item")]
    NoItems,
    /// An id names one item for ever.
    #[error(
        "there is an item under the same id already; if it is the one you meant, nothing more is needed; if not, start again from an empty form"
    )]
    ItemTaken,
    /// The minutes have no such item.
    #[error("that item is not in these minutes; choose one of their items")]
    UnknownItem,
    /// Nothing is added to minutes that others have.
    #[error("these minutes are {}; put an item of them right, or add a note since the meeting", .state.words())]
    NoLongerDraft {
        /// How far they have come.
        state: Minutes,
    },
    /// There is nothing to send round.
    #[error("nothing has been minuted yet; add an item first")]
    NothingMinuted,
    /// That has been done.
    #[error("nothing would change: these minutes are {} already", .state.words())]
    NotDraft {
        /// How far they have come.
        state: Minutes,
    },
    /// Nobody agrees what nobody was sent.
    #[error("these minutes have not been circulated yet; circulate them first")]
    NotCirculated,
    /// Minutes are agreed at a meeting.
    #[error("say at which meeting the minutes were agreed")]
    AtNoMeeting,
    /// Minutes are agreed at a later meeting of the same group.
    #[error("minutes are agreed at a later meeting of the same group; choose one held after {}", in_words(*.held_on))]
    NotALaterMeeting {
        /// The day the meeting was held.
        held_on: NaiveDate,
    },
    /// An id names one paper for ever.
    #[error(
        "there is a paper under the same id already; if it is the one you meant, nothing more is needed; if not, start again from an empty form"
    )]
    PaperTaken,
    /// There is no such paper.
    #[error("that paper is not among those of this meeting; choose one of them")]
    UnknownPaper,
    /// It was taken back.
    #[error("this paper was withdrawn on {}", in_words(*.on))]
    PaperWithdrawn {
        /// The day it was.
        on: NaiveDate,
    },
    /// Attendance was taken, and nobody is on it.
    #[error("enter at least one organisation or person, or leave the attendance out")]
    NobodyCame,
    /// More was entered than a meeting can have.
    #[error("enter at most {limit} of these; there are {count}")]
    TooMany {
        /// The input field.
        field: &'static str,
        /// How many there may be.
        limit: usize,
        /// How many there are.
        count: usize,
    },
    /// What is asked for is how things are.
    #[error(
        "nothing would change: this is how it is already; enter something else, or leave it as it is"
    )]
    Unchanged(&'static str),
    /// One of several was refused, and so the whole was.
    #[error("{refusal}")]
    InList {
        /// Which.
        item: Item,
        /// Why it was refused.
        refusal: Box<MeetingError>,
    },
}

impl Refusal for MeetingError {
    fn code(&self) -> &'static str {
        match self {
            Self::Text(error) => error.code(),
            Self::Unknown(error) => error.code(),
            Self::File(error) => error.code(),
            Self::TooEarly(_) => "DATED_TOO_EARLY",
            Self::Release(error) => error.code(),
            Self::NotCalled => "MEETING_NOT_CALLED",
            Self::AlreadyCalled => "MEETING_ALREADY_CALLED",
            Self::NotHeld => "MEETING_NOT_HELD",
            Self::AlreadyHeld { .. } => "MEETING_ALREADY_HELD",
            Self::Cancelled { .. } => "MEETING_CANCELLED",
            Self::OtherGroup { .. } => "OTHER_GROUP",
            Self::GroupWoundUp { .. } => "GROUP_WOUND_UP",
            Self::OtherMeeting => "OTHER_MEETING",
            Self::NoDay | Self::NoItems | Self::NobodyCame => "MISSING",
            Self::TooMany { .. } => "TOO_MANY",
            Self::NotATime => "NOT_A_TIME",
            Self::ItemTaken | Self::PaperTaken => "ID_TAKEN",
            Self::UnknownPaper => "UNKNOWN_PAPER",
            Self::PaperWithdrawn { .. } => "PAPER_WITHDRAWN",
            Self::UnknownItem => "UNKNOWN_ITEM",
            Self::NoLongerDraft { .. } => "MINUTES_NOT_DRAFT",
            Self::NothingMinuted => "NOTHING_MINUTED",
            Self::NotDraft { .. } | Self::Unchanged(_) => "UNCHANGED",
            Self::NotCirculated => "MINUTES_NOT_CIRCULATED",
            Self::AtNoMeeting => "AT_NO_MEETING",
            Self::NotALaterMeeting { .. } => "NOT_A_LATER_MEETING",
            Self::InList { refusal, .. } => refusal.code(),
        }
    }

    fn field(&self) -> Option<&'static str> {
        match self {
            Self::Text(error) => Some(error.field()),
            Self::Unknown(error) => Some(error.field()),
            Self::File(error) => Some(error.field()),
            Self::TooEarly(_) => Some("occurredOn"),
            Self::Release(error) => Some(error.field()),
            Self::NotCalled
            | Self::AlreadyCalled
            | Self::NotHeld
            | Self::AlreadyHeld { .. }
            | Self::Cancelled { .. }
            | Self::NoLongerDraft { .. }
            | Self::NothingMinuted
            | Self::NotDraft { .. }
            | Self::NotCirculated => None,
            Self::OtherGroup { .. } | Self::GroupWoundUp { .. } => Some("groupId"),
            Self::NoDay => Some("on"),
            Self::NotATime => Some("time"),
            Self::NoItems => Some("items"),
            Self::ItemTaken | Self::UnknownItem => Some("itemId"),
            Self::PaperTaken | Self::UnknownPaper | Self::PaperWithdrawn { .. } => Some("paperId"),
            Self::AtNoMeeting | Self::NotALaterMeeting { .. } | Self::OtherMeeting => {
                Some("meeting")
            }
            Self::NobodyCame => Some("attendance"),
            Self::Unchanged(field) | Self::TooMany { field, .. } => Some(field),
            Self::InList { item, .. } => Some(item.list),
        }
    }

    fn path(&self) -> Option<String> {
        match self {
            Self::InList { item, refusal } => Some(match refusal.field() {
                Some(field) => item.field(field).to_string(),
                None => item.to_string(),
            }),
            other => other.field().map(ToOwned::to_owned),
        }
    }
}
