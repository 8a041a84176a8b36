//! Ledgers that cannot be folded.
//!
//! One entry that nobody can read must not keep every other compact's views from being made anew. The
//! ledger it is in is left as it is: the rows in use are carried over to the new tables while every
//! checkpoint is held, and its checkpoints stay where they are. So for that ledger nothing has changed:
//! its rows are those its checkpoints speak of, and a view that was parked still is.

use std::fmt;

use domain::ids::LedgerId;

use super::RebuildError;
use crate::projection::chain;
use crate::replay::ReplayError;
use crate::table::{TableError, is_of_the_data};

/// A ledger whose views were left as they were.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Left {
    /// The ledger.
    pub ledger: LedgerId,
    /// Why it could not be folded.
    pub why: String,
}

impl fmt::Display for Left {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "ledger {}: {}", self.ledger, self.why)
    }
}

/// Why a ledger cannot be folded, when that is its own doing.
///
/// # Errors
/// The error itself, when something else went wrong: it would be the same for every ledger.
pub(super) fn fault_of_the_ledger(error: RebuildError) -> Result<String, RebuildError> {
    let its_own = match &error {
        RebuildError::Replay(ReplayError::Leaf { .. } | ReplayError::Broke { .. })
        | RebuildError::Table(TableError::Document(_))
        | RebuildError::Fold(_) => true,
        RebuildError::Table(TableError::Database(error)) => is_of_the_data(error),
        _ => false,
    };
    if its_own {
        Ok(chain(&error))
    } else {
        Err(error)
    }
}
