//! A reminder: what it is about, and how far it has come.

use std::fmt;
use std::str::FromStr;

use chrono::{DateTime, NaiveDate, Utc};
use domain::ids::{GroupId, LedgerId};
use uuid::Uuid;

/// What a reminder is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Kind {
    /// An open action's due date has passed.
    ActionOverdue,
    /// An open action's due date is near.
    ActionDueSoon,
    /// A plan with open actions has had no update for long.
    PlanStale,
    /// A commitment that is being worked on has had no reading and no report for long.
    CommitmentStale,
    /// A meeting was held a while ago, and its minutes have not been circulated.
    MinutesToCirculate,
    /// Minutes were circulated, and the group has met since without agreeing them.
    MinutesToAgree,
}

/// How far a reminder has come.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum State {
    /// It is to be sent.
    Due,
    /// Somebody is sending it.
    Sending,
    /// It was sent.
    Delivered,
    /// It could not be sent; it is tried again after a while, so many times.
    Failed,
    /// It did not hold any more before it was sent.
    Cancelled,
}

/// A text is no kind or state of a reminder.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("“{0}” is no kind or state of a reminder")]
pub struct NotAKind(String);

macro_rules! stored {
    ($name:ident { $($variant:ident $text:literal,)+ }) => {
        impl $name {
            /// Every one there is.
            pub const ALL: &'static [Self] = &[$(Self::$variant),+];

            /// As it is stored.
            pub const fn as_str(self) -> &'static str {
                match self { $(Self::$variant => $text,)+ }
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(self.as_str())
            }
        }

        impl FromStr for $name {
            type Err = NotAKind;

            fn from_str(text: &str) -> Result<Self, NotAKind> {
                match text {
                    $($text => Ok(Self::$variant),)+
                    other => Err(NotAKind(other.to_owned())),
                }
            }
        }
    };
}

stored!(Kind {
    ActionOverdue "action-overdue",
    ActionDueSoon "action-due-soon",
    PlanStale "plan-stale",
    CommitmentStale "commitment-stale",
    MinutesToCirculate "minutes-to-circulate",
    MinutesToAgree "minutes-to-agree",
});

stored!(State {
    Due "due",
    Sending "sending",
    Delivered "delivered",
    Failed "failed",
    Cancelled "cancelled",
});

impl State {
    /// Whether a reminder that stands so may come to stand so. The database asks the same of every change.
    pub const fn may_become(self, next: Self) -> bool {
        matches!(
            (self, next),
            (Self::Due | Self::Failed, Self::Sending | Self::Cancelled)
                | (Self::Sending, Self::Delivered | Self::Failed | Self::Due)
                | (Self::Cancelled, Self::Due)
        )
    }
}

/// What makes a reminder the same one, whoever notices it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Key {
    /// The compact's ledger.
    pub ledger: LedgerId,
    /// What it is about.
    pub kind: Kind,
    /// The action, plan, commitment or meeting.
    pub subject: Uuid,
    /// The date that makes it due: an action's due date, the day of the last word, of the meeting, of the circulation.
    pub occasion: NaiveDate,
}

/// A reminder as it stands in the outbox.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Reminder {
    /// Which.
    pub key: Key,
    /// What the subject is a part of: an action's plan; else the subject itself.
    pub whole: Uuid,
    /// The groups it belongs to; none for what is the whole compact's.
    pub groups: Vec<GroupId>,
    /// How far it has come.
    pub state: State,
    /// When it was noticed first.
    pub noticed_at: DateTime<Utc>,
    /// How often it was tried to send it.
    pub attempts: u32,
    /// When it is tried again, where it failed.
    pub next_try_at: Option<DateTime<Utc>>,
    /// When it was sent.
    pub delivered_at: Option<DateTime<Utc>>,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn kinds_and_states_are_read_back_as_they_are_stored() {
        for kind in Kind::ALL {
            assert_eq!(kind.as_str().parse(), Ok(*kind));
        }
        for state in State::ALL {
            assert_eq!(state.as_str().parse(), Ok(*state));
        }
        assert!("soon".parse::<Kind>().is_err() && "gone".parse::<State>().is_err());
    }

    #[test]
    fn what_was_delivered_stays_so_and_nothing_stands_still_by_changing() {
        for state in State::ALL {
            assert!(!State::Delivered.may_become(*state));
            assert!(!state.may_become(*state));
        }
        let ways = State::ALL
            .iter()
            .flat_map(|from| State::ALL.iter().map(move |to| (from, to)));
        assert_eq!(ways.filter(|(from, to)| from.may_become(**to)).count(), 8);
    }
}
