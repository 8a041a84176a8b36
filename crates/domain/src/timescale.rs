//! Timescales: when something is to be done, in the words that were agreed.

use std::fmt;

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

use crate::text::Text;

/// The words as agreed ("End of July 07") and, where they allow one, a due date.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Timescale {
    /// The words as agreed.
    pub text: String,
    /// The last day that honours the words; none where they name no day.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub due_on: Option<NaiveDate>,
    /// What was said beside it: "Steering Group to consider the notes".
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub note: Option<Text>,
}

impl fmt::Display for Timescale {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.text.fmt(f)
    }
}

crate::texts! {
    Timescale { note }
}
