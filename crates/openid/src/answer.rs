//! What a browser brings back, and what comes of it.

use chrono::{DateTime, Utc};
use serde::Deserialize;

/// The query a browser comes back with. A name that stands there twice is no answer.
#[derive(Clone, Default, Deserialize)]
pub struct Answer {
    /// What the provider turns into tokens, once.
    pub code: Option<String>,
    /// Which attempt it is the answer to.
    pub state: Option<String>,
    /// Which provider answers (RFC 9207).
    pub iss: Option<String>,
    /// Why there is no code.
    pub error: Option<String>,
}

impl std::fmt::Debug for Answer {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Answer(error {:?})", self.error)
    }
}

/// Somebody the provider vouches for.
#[derive(Clone, PartialEq, Eq)]
pub struct Vouched {
    /// Who vouches, exactly as configured.
    pub issuer: String,
    /// What it calls the person. It calls nobody else so, ever.
    pub subject: String,
    /// When they proved to the provider who they are, where it says so.
    pub proved_at: Option<DateTime<Utc>>,
    /// Whether the provider says that a second factor was given, in a word that the settings accept.
    pub second_factor_done: bool,
}

impl std::fmt::Debug for Vouched {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Vouched(somebody at {})", self.issuer)
    }
}
