//! What is sent to the recorder, and what it answers.

use std::time::Duration;

use access::Token;
use chrono::{DateTime, NaiveDate, Utc};
use domain::ids::{AccountId, CommandId, LedgerId};
use domain::stream::StreamId;
use domain::{Command, MeetingRef};
use serde::{Deserialize, Serialize};

/// Who sends a submission. In which role it acts is not the sender's to say: the recorder finds it.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Actor {
    /// The account.
    pub account: AccountId,
    /// What the token it came with is good for; none for someone who signed in.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub token: Option<Token>,
}

/// The installation itself, as the record names it where no account acts: an import, an operator at the command line.
///
/// It cannot be read from a request: what is sent over HTTP is always some account's.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize)]
pub struct Installation {
    /// What acts: an opaque reference, never a name.
    pub id: String,
    /// What it acts as.
    pub role: String,
}

/// One or several commands to one ledger, recorded all together or not at all.
///
/// It is some account's, unless it is the [`Installation`]'s own.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Submission<A = Actor> {
    /// The ledger: the compact's, or the region's.
    pub ledger: LedgerId,
    /// Chosen by the sender and kept for retries: the same id sent again has no second effect.
    pub command_id: CommandId,
    /// Who sends it.
    pub actor: A,
    /// The command that led to this one, if one did.
    #[serde(default)]
    pub causation: Option<CommandId>,
    /// The date it was true; today when left out.
    #[serde(default)]
    pub occurred_on: Option<NaiveDate>,
    /// The meeting it came from.
    #[serde(default)]
    pub meeting: Option<MeetingRef>,
    /// The version of the first command's aggregate that the sender saw; refused when it has moved on.
    #[serde(default)]
    pub expected_version: Option<u64>,
    /// What is asked, in order.
    pub commands: Vec<Command>,
}

impl<A> Submission<A> {
    /// The same, with its sender turned into something else.
    pub(crate) fn map_actor<B>(self, turn: impl FnOnce(A) -> B) -> Submission<B> {
        Submission {
            ledger: self.ledger,
            command_id: self.command_id,
            actor: turn(self.actor),
            causation: self.causation,
            occurred_on: self.occurred_on,
            meeting: self.meeting,
            expected_version: self.expected_version,
            commands: self.commands,
        }
    }
}

/// Whose a submission is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Sender {
    /// An account's: it may do what its roles allow.
    Account(Actor),
    /// The installation's own.
    Installation(Installation),
}

impl Serialize for Sender {
    /// As far as it tells one request from another: whichever token an account comes with, a retry is a retry.
    fn serialize<S: serde::Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        match self {
            Self::Account(actor) => actor.account.serialize(to),
            Self::Installation(installation) => installation.serialize(to),
        }
    }
}

/// The recorder's answer: it is recorded, durably.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Answer {
    /// The ledger.
    pub ledger: LedgerId,
    /// The position of its last entry: views at this position show it.
    pub position: u64,
    /// When it was recorded.
    pub recorded_at: DateTime<Utc>,
    /// The streams it wrote to, and their versions now.
    pub streams: Vec<(StreamId, u64)>,
    /// Whether it had been recorded before, by the same command id.
    pub repeated: bool,
}

/// Why nothing was recorded.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, thiserror::Error)]
#[serde(
    tag = "error",
    rename_all = "snake_case",
    rename_all_fields = "camelCase"
)]
pub enum RecordError {
    /// A rule of the domain, or something missing; the person can mend it.
    #[error("{message}")]
    Refused {
        /// A code that stays the same when the words change.
        code: String,
        /// The input field it is about.
        field: Option<String>,
        /// What is wrong and what to do, for the person.
        message: String,
    },
    /// Someone else changed the same thing first.
    #[error(
        "someone else has changed this since you opened it (you saw version {expected}, it is now at {actual}); look at it again, then send your change"
    )]
    Conflict {
        /// The version the sender saw.
        expected: u64,
        /// The version it has.
        actual: u64,
    },
    /// There is no such ledger, or nothing in it that who asks may see: the one is not told from the other.
    #[error("there is nothing here by that id; choose again from what is shown")]
    UnknownLedger,
    /// The command id was used before, for something else.
    #[error(
        "a different change was already recorded from this same form, and nothing new was; if that is the one you meant, nothing more is needed; if not, start again from an empty form"
    )]
    CommandReused,
    /// Too much is waiting to be written.
    #[error("the ledger is busy; nothing was recorded; try again in {retry_after_seconds} seconds")]
    Busy {
        /// How long to wait before trying again.
        retry_after_seconds: u64,
    },
    /// The connection was lost while it was being recorded.
    #[error(
        "it is not known whether this was recorded; send it again with the same command id, which is safe"
    )]
    OutcomeUnknown,
    /// Something broke that the sender cannot mend; the log has the cause under this id.
    #[error("something went wrong on our side; nothing was recorded (reference {reference})")]
    Internal {
        /// What to look for in the log.
        reference: String,
    },
}

/// The code of what no policy permits.
pub(crate) const FORBIDDEN: &str = "FORBIDDEN";

impl RecordError {
    /// Whether it was asked by somebody who may not: by those who may see the thing, or by those for whom it is not there.
    pub fn is_denial(&self) -> bool {
        match self {
            Self::UnknownLedger => true,
            Self::Refused { code, .. } => code == FORBIDDEN,
            _ => false,
        }
    }

    /// Busy, with a wait rounded up to whole seconds.
    pub(crate) fn busy(retry_after: Duration) -> Self {
        Self::Busy {
            retry_after_seconds: retry_after.as_secs().max(1),
        }
    }
}
