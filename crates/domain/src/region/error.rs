//! Why the region's register refuses a command.

use chrono::NaiveDate;

use crate::dated::{TooEarly, in_words};
use crate::facts::UnknownFact;
use crate::names::Taken;
use crate::refusal::Refusal;
use crate::words::{NotASlug, TextError};

use super::opening::ParticularsError;

/// Something the register names.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Named {
    /// A theme, by its code.
    ThemeCode,
    /// A theme, by its name.
    Theme,
    /// An indicator.
    Indicator,
    /// An organisation.
    Organisation,
    /// A compact, by its name.
    Compact,
    /// A compact, by its name in web addresses.
    CompactSlug,
}

impl Named {
    const fn words(self) -> &'static str {
        match self {
            Self::ThemeCode => "a theme with the code",
            Self::Theme => "a theme called",
            Self::Indicator => "an indicator called",
            Self::Organisation => "an organisation called",
            Self::Compact => "a compact called",
            Self::CompactSlug => "a compact at the web address",
        }
    }

    const fn field(self) -> &'static str {
        match self {
            Self::ThemeCode => "code",
            Self::CompactSlug => "slug",
            Self::Theme | Self::Indicator | Self::Organisation | Self::Compact => "name",
        }
    }
}

/// Why a command was refused.
#[derive(Clone, Debug, PartialEq, thiserror::Error)]
pub enum RegionError {
    /// A text is missing or too long.
    #[error(transparent)]
    Text(#[from] TextError),
    /// A slug or code cannot stand in a web address.
    #[error(transparent)]
    Slug(#[from] NotASlug),
    /// What is said of a compact does not hold together.
    #[error(transparent)]
    Particulars(#[from] ParticularsError),
    /// Something mentioned does not exist.
    #[error(transparent)]
    Unknown(#[from] UnknownFact),
    /// The change is dated before the last one.
    #[error(transparent)]
    TooEarly(#[from] TooEarly),
    /// Nothing can be registered in a region that does not exist.
    #[error("this region does not exist yet; establish it first")]
    NotEstablished,
    /// A region is established once.
    #[error("this region exists already; open the compact or make the change in it")]
    AlreadyEstablished,
    /// An id names one thing for ever.
    #[error(
        "the register already has something under the same id; if it is the one you meant, nothing more is needed; if not, start again from an empty form"
    )]
    IdTaken {
        /// The input field the id was given in.
        field: &'static str,
    },
    /// Each name belongs to one thing.
    #[error("there is already {} “{holder}”; use that one, or enter another", .named.words())]
    NameTaken {
        /// What kind of name.
        named: Named,
        /// The name as its holder writes it.
        holder: String,
    },
    /// The name belonged to another at that date.
    #[error(
        "until {} there was {} “{name}”; enter that day or a later one, or another name",
        in_words(*.until),
        .named.words()
    )]
    NameHeld {
        /// What kind of name.
        named: Named,
        /// The name.
        name: String,
        /// The day it was given up.
        until: NaiveDate,
    },
    /// What is asked for is how things are.
    #[error("nothing would change: {what} already; enter another, or leave it as it is")]
    Unchanged {
        /// The input field.
        field: &'static str,
        /// What would stay the same: "this is the theme's name".
        what: &'static str,
    },
    /// Yes-or-no figures and counts do not mix under one indicator.
    #[error(
        "an indicator cannot change between yes-no and a counted unit, because its figures would change their meaning; define another indicator"
    )]
    YesNoUnitFixed,
    /// A role cannot end before it begins.
    #[error(
        "a role that begins on {} cannot end on {}; enter a later day, or none",
        in_words(*.from),
        in_words(*.until)
    )]
    UntilBeforeFrom {
        /// The first day.
        from: NaiveDate,
        /// The day said to be the last.
        until: NaiveDate,
    },
    /// The account holds that role already on some of those days.
    #[error(
        "this account holds this role already, {}; enter other days, or leave it as it is",
        days(*.from, *.last)
    )]
    RoleHeld {
        /// The first day on which it is held.
        from: NaiveDate,
        /// The last, where there is one.
        last: Option<NaiveDate>,
    },
    /// No role was given under that id.
    #[error("no such role was given in this region; choose one from the list")]
    NoSuchGrant,
    /// It ends by then as it is.
    #[error(
        "this role ends on {} as it is; enter a day before that one, or leave it",
        in_words(*.last)
    )]
    RoleEndsAlready {
        /// The last day on which it is held.
        last: NaiveDate,
    },
    /// It was taken away before it began.
    #[error("this role was taken away before it began; nothing more is needed")]
    RoleNeverHeld,
    /// It would be taken away before it begins.
    #[error(
        "this role begins on {}; to have it never begin, enter that day",
        in_words(*.begins)
    )]
    EndBeforeBeginning {
        /// The first day on which it is held.
        begins: NaiveDate,
    },
    /// What was done in a role stays done in it: it is not taken away for days gone by.
    #[error(
        "a role can only be taken away from the day that is decided, {}; enter that day or a later one",
        in_words(*.on)
    )]
    EndInThePast {
        /// The day it is decided.
        on: NaiveDate,
    },
}

/// Days in words: "from 1 May 2007 until 31 March 2008".
fn days(from: NaiveDate, last: Option<NaiveDate>) -> String {
    let from = in_words(from);
    match last {
        Some(last) => format!("from {from} until {}", in_words(last)),
        None => format!("from {from} on"),
    }
}

impl RegionError {
    /// The refusal of a name that is taken; `holder` finds how its holder writes it.
    pub(super) fn taken<Id>(
        named: Named,
        name: &str,
        taken: Taken<Id>,
        holder: impl FnOnce(Id) -> Option<String>,
    ) -> Self {
        match taken {
            Taken::By(id) => Self::NameTaken {
                named,
                holder: holder(id).unwrap_or_else(|| name.to_owned()),
            },
            Taken::Until(until) => Self::NameHeld {
                named,
                name: name.to_owned(),
                until,
            },
        }
    }
}

impl Refusal for RegionError {
    fn code(&self) -> &'static str {
        match self {
            Self::Text(error) => error.code(),
            Self::Slug(_) => "NOT_A_SLUG",
            Self::Particulars(error) => error.code(),
            Self::Unknown(error) => error.code(),
            Self::TooEarly(_) => "DATED_TOO_EARLY",
            Self::NotEstablished => "REGION_NOT_ESTABLISHED",
            Self::AlreadyEstablished => "REGION_ALREADY_ESTABLISHED",
            Self::IdTaken { .. } => "ID_TAKEN",
            Self::NameTaken { .. } => "NAME_TAKEN",
            Self::NameHeld { .. } => "NAME_HELD",
            Self::Unchanged { .. } => "UNCHANGED",
            Self::YesNoUnitFixed => "UNIT_FIXED",
            Self::UntilBeforeFrom { .. } => "UNTIL_BEFORE_FROM",
            Self::RoleHeld { .. } => "ROLE_HELD",
            Self::NoSuchGrant => "UNKNOWN",
            Self::RoleEndsAlready { .. } | Self::RoleNeverHeld => "ROLE_ENDED",
            Self::EndBeforeBeginning { .. } => "END_BEFORE_BEGINNING",
            Self::EndInThePast { .. } => "END_IN_THE_PAST",
        }
    }

    fn field(&self) -> Option<&'static str> {
        match self {
            Self::Text(error) => Some(error.field()),
            Self::Slug(error) => Some(error.field),
            Self::Particulars(error) => error.field(),
            Self::Unknown(UnknownFact::Theme(_)) => Some("code"),
            Self::Unknown(error) => Some(error.field()),
            Self::TooEarly(_) | Self::NameHeld { .. } => Some("occurredOn"),
            Self::NotEstablished | Self::AlreadyEstablished => None,
            Self::IdTaken { field } | Self::Unchanged { field, .. } => Some(field),
            Self::NameTaken { named, .. } => Some(named.field()),
            Self::YesNoUnitFixed => Some("unit"),
            Self::UntilBeforeFrom { .. } => Some("until"),
            Self::RoleHeld { .. }
            | Self::RoleEndsAlready { .. }
            | Self::EndBeforeBeginning { .. }
            | Self::EndInThePast { .. } => Some("from"),
            Self::NoSuchGrant | Self::RoleNeverHeld => Some("grantId"),
        }
    }
}
