//! A value's one word, as it is stored and sent.

use serde::Serialize;

/// The word a field-less enum is written as.
///
/// # Errors
/// When the value is not written as one word.
pub(crate) fn stored(value: impl Serialize) -> Result<String, serde_json::Error> {
    match serde_json::to_value(value)? {
        serde_json::Value::String(word) => Ok(word),
        other => Err(serde::ser::Error::custom(format!(
            "{other} is not one word"
        ))),
    }
}
