//! Redaction: a text is taken out of the record for good, and the record says so.
//!
//! By the time it is recorded, the key that opened the text has been destroyed. The text stands where it stood, sealed, and
//! nobody opens it any more; so to an aggregate nothing changes, and it lets it happen in whatever state it is. Whether the text stands
//! anywhere in the history is for whoever sends the command to have looked at.

use serde::{Deserialize, Serialize};

use crate::ids::SubjectId;
use crate::text::Text;
use crate::words::{REASON, TextError};

/// A text was redacted, wherever it stands.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct TextRedacted {
    /// The text, as what has a key of its own.
    pub text: SubjectId,
    /// Why; a text like any other, that can be redacted too.
    pub reason: Text,
}

impl TextRedacted {
    /// The redaction, with its reason.
    ///
    /// # Errors
    /// When no reason is given, or one that is too long.
    pub(crate) fn of(text: SubjectId, reason: &Text) -> Result<Self, TextError> {
        let reason = REASON.accept(reason)?;
        Ok(Self { text, reason })
    }
}

crate::texts! {
    TextRedacted { reason }
}
