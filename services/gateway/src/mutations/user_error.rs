//! What the person can mend: which field, a code that stays the same, and the sentence to show.

use async_graphql::SimpleObject;
use recorder::RecordError;

use crate::node::{NodeKind, NotANode};

/// Something the person can mend. Nothing was recorded.
#[derive(Clone, Debug, PartialEq, Eq, SimpleObject)]
pub struct UserError {
    /// The input field it is about, dotted where it lies deeper (`changes.0.timescale`); none when it is
    /// about the whole.
    pub field: Option<String>,
    /// A code that stays the same when the words change, such as `MISSING` or `CONFLICT`.
    pub code: String,
    /// What is wrong and what to do, in words to show the person.
    pub message: String,
    /// The version the sender saw, when the code is `CONFLICT`.
    pub expected_version: Option<u64>,
    /// The version it has now, when the code is `CONFLICT`.
    pub actual_version: Option<u64>,
}

impl UserError {
    /// Something wrong with one field.
    pub fn new(field: impl Into<String>, code: &str, message: impl Into<String>) -> Self {
        Self {
            field: Some(field.into()),
            code: code.to_owned(),
            message: message.into(),
            expected_version: None,
            actual_version: None,
        }
    }

    /// An id that names nothing of this kind.
    pub fn not_a_node(field: &str, error: NotANode) -> Self {
        Self::new(field, "BAD_ID", error.to_string())
    }

    /// Something that belongs elsewhere than the thing it was sent with: to another `whole`.
    pub fn elsewhere(field: &str, kind: NodeKind, whole: NodeKind) -> Self {
        let (kind, whole) = (kind.words(), whole.noun());
        let message = format!("this is {kind} of another {whole}; choose one of the same {whole}");
        Self::new(field, "UNKNOWN", message)
    }

    /// The same error one level down.
    pub fn inside(mut self, outer: &str) -> Self {
        self.field = Some(match self.field.filter(|field| !field.is_empty()) {
            Some(field) => format!("{outer}.{field}"),
            None => outer.to_owned(),
        });
        self
    }

    /// What of a recorder's refusal the person can mend; the rest is handed back.
    ///
    /// # Errors
    /// The refusal itself, when it is not the person's to mend.
    pub fn from_refusal(error: RecordError, ledger_field: &str) -> Result<Self, RecordError> {
        let message = error.to_string();
        match error {
            RecordError::Refused { code, field, .. } => Ok(Self {
                field,
                code,
                message,
                expected_version: None,
                actual_version: None,
            }),
            RecordError::Conflict { expected, actual } => Ok(Self {
                expected_version: Some(expected),
                actual_version: Some(actual),
                ..Self::new("expectedVersion", "CONFLICT", message)
            }),
            RecordError::CommandReused => Ok(Self::new("commandId", "COMMAND_REUSED", message)),
            RecordError::UnknownLedger => Ok(Self::new(ledger_field, "UNKNOWN", message)),
            other => Err(other),
        }
    }
}
