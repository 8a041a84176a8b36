//! What an operator may set, and what is usual.

use std::time::Duration;

use chrono::TimeDelta;
use serde::{Deserialize, Serialize};

/// The limits accounts live under. Every field's name ends in its unit.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Settings {
    /// What the authenticator app shows beside the code, and a word no password may consist of.
    pub product: String,
    /// A session nobody used for so long has ended.
    pub idle_minutes: u32,
    /// A session has ended so long after the sign-in, used or not.
    pub absolute_hours: u32,
    /// Who gave the password has so long to give the second factor.
    pub second_factor_minutes: u32,
    /// What needs a fresh sign-in may be done for so long after it.
    pub fresh_minutes: u32,
    /// How long an invitation can be taken up.
    pub invitation_days: u32,
    /// How long a reset link works.
    pub reset_minutes: u32,
    /// How long the security log is kept; never less than 30 days.
    pub security_log_days: u32,
    /// What a password costs to hash.
    pub hashing: Hashing,
}

impl Default for Settings {
    fn default() -> Self {
        Self {
            product: "Compacts".into(),
            idle_minutes: 30,
            absolute_hours: 12,
            second_factor_minutes: 10,
            fresh_minutes: 15,
            invitation_days: 7,
            reset_minutes: 60,
            security_log_days: 400,
            hashing: Hashing::default(),
        }
    }
}

impl Settings {
    pub(crate) fn idle(&self) -> TimeDelta {
        TimeDelta::minutes(self.idle_minutes.into())
    }

    pub(crate) fn absolute(&self) -> TimeDelta {
        TimeDelta::hours(self.absolute_hours.into())
    }

    pub(crate) fn second_factor(&self) -> TimeDelta {
        TimeDelta::minutes(self.second_factor_minutes.into())
    }

    pub(crate) fn fresh(&self) -> TimeDelta {
        TimeDelta::minutes(self.fresh_minutes.into())
    }

    pub(crate) fn invitation(&self) -> TimeDelta {
        TimeDelta::days(self.invitation_days.into())
    }

    pub(crate) fn reset(&self) -> TimeDelta {
        TimeDelta::minutes(self.reset_minutes.into())
    }

    pub(crate) fn security_log(&self) -> TimeDelta {
        TimeDelta::days(self.security_log_days.max(30).into())
    }
}

/// What hashing a password costs (argon2id), and how many are hashed at once.
///
/// The usual cost is what OWASP's password storage cheat sheet names first that fits a small machine: 19 MiB, two
/// passes, one lane.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Hashing {
    /// Memory of one hash, in KiB.
    pub memory_kib: u32,
    /// Passes over it.
    pub passes: u32,
    /// Hashes under way at the same time; the memory is this many times `memory_kib`.
    pub at_once: u16,
    /// Who may wait for a turn. Whoever comes on top of them is told to come back.
    pub waiting: u16,
    /// How long anybody waits for a turn, in milliseconds.
    pub patience_milliseconds: u32,
}

impl Default for Hashing {
    fn default() -> Self {
        Self {
            memory_kib: 19 * 1024,
            passes: 2,
            at_once: 2,
            waiting: 64,
            patience_milliseconds: 5_000,
        }
    }
}

impl Hashing {
    pub(crate) fn patience(&self) -> Duration {
        Duration::from_millis(self.patience_milliseconds.into())
    }
}
