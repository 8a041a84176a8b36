//! Sealed text: what stands in an event where personal data would.
//!
//! Only the shape is known here; `crates/vault` seals and unseals. In JSON it is an object of four fields,
//!
//! ```json
//! {"nonce": "…", "sealed": 1, "subject": "6f9619ff-…", "text": "…"}
//! ```
//!
//! with `sealed` the version of the form, and `nonce` and `text` in base64 (RFC 4648, with padding). Nothing else is read as
//! sealed, and no plain value may have a field called `sealed`: so whoever finds the field knows what stands there without
//! knowing the event.

use std::borrow::Cow;

use base64::Engine;
use base64::display::Base64Display;
use base64::engine::general_purpose::STANDARD as BASE64;
use serde::ser::SerializeStruct;
use serde::{Deserialize, Deserializer, Serialize, Serializer};
use serde_json::Value;

use crate::ids::SubjectId;

/// Bytes of the nonce (XChaCha20-Poly1305).
pub const NONCE_BYTES: usize = 24;

/// Bytes the cipher adds to prove that nothing was changed; no sealed text is shorter.
pub const TAG_BYTES: usize = 16;

/// A text only the key of its subject opens.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Sealed {
    subject: SubjectId,
    nonce: [u8; NONCE_BYTES],
    text: Vec<u8>,
}

/// Why something is not sealed text.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum NotSealed {
    /// The form is of a version this build does not know.
    #[error("sealed text of version {0} is not known to this build")]
    Version(u64),
    /// The nonce is not 24 bytes in base64.
    #[error("the nonce of a sealed text is not {NONCE_BYTES} bytes in base64")]
    Nonce,
    /// The text is not base64, or too short to have been sealed.
    #[error("a sealed text is not base64, or is cut short")]
    Text,
}

impl Sealed {
    /// The version of the form this build writes.
    pub const VERSION: u64 = 1;

    /// Puts together what the vault made.
    ///
    /// # Errors
    /// [`NotSealed::Text`] when `text` is too short to carry its proof.
    pub fn new(
        subject: SubjectId,
        nonce: [u8; NONCE_BYTES],
        text: Vec<u8>,
    ) -> Result<Self, NotSealed> {
        if text.len() < TAG_BYTES {
            return Err(NotSealed::Text);
        }
        Ok(Self {
            subject,
            nonce,
            text,
        })
    }

    /// Whose key opens it.
    pub const fn subject(&self) -> SubjectId {
        self.subject
    }

    /// The nonce it was sealed with.
    pub const fn nonce(&self) -> &[u8; NONCE_BYTES] {
        &self.nonce
    }

    /// The text, enciphered, with its proof at the end.
    pub fn text(&self) -> &[u8] {
        &self.text
    }

    /// Every sealed text in `value`, wherever it stands; an object with a field `sealed` that is not one is an error.
    ///
    /// # Errors
    /// When such an object does not have the form.
    pub fn all_in(value: &Value) -> Result<Vec<Self>, serde_json::Error> {
        let mut found = Vec::new();
        gather(value, &mut found)?;
        Ok(found)
    }
}

fn gather(value: &Value, found: &mut Vec<Sealed>) -> Result<(), serde_json::Error> {
    match value {
        Value::Object(fields) if fields.contains_key("sealed") => {
            found.push(Sealed::deserialize(value)?);
        }
        Value::Object(fields) => {
            for inner in fields.values() {
                gather(inner, found)?;
            }
        }
        Value::Array(items) => {
            for inner in items {
                gather(inner, found)?;
            }
        }
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => {}
    }
    Ok(())
}

/// The fields as they are written. Pages hold thousands of them, so nothing is copied that need not be.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Form<'a> {
    #[serde(borrow)]
    nonce: Cow<'a, str>,
    sealed: u64,
    subject: SubjectId,
    #[serde(borrow)]
    text: Cow<'a, str>,
}

/// Bytes that are written in base64.
struct Base64<'a>(&'a [u8]);

impl Serialize for Base64<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(&Base64Display::new(self.0, &BASE64))
    }
}

impl Serialize for Sealed {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut form = serializer.serialize_struct("Sealed", 4)?;
        form.serialize_field("nonce", &Base64(&self.nonce))?;
        form.serialize_field("sealed", &Self::VERSION)?;
        form.serialize_field("subject", &self.subject)?;
        form.serialize_field("text", &Base64(&self.text))?;
        form.end()
    }
}

impl<'de> Deserialize<'de> for Sealed {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let form = Form::deserialize(deserializer)?;
        form.try_into().map_err(serde::de::Error::custom)
    }
}

impl TryFrom<Form<'_>> for Sealed {
    type Error = NotSealed;

    fn try_from(form: Form<'_>) -> Result<Self, Self::Error> {
        if form.sealed != Self::VERSION {
            return Err(NotSealed::Version(form.sealed));
        }
        let nonce = BASE64.decode(&*form.nonce);
        let nonce = nonce.map_err(|_| NotSealed::Nonce)?;
        let nonce = nonce.try_into().map_err(|_| NotSealed::Nonce)?;
        let text = BASE64.decode(&*form.text).map_err(|_| NotSealed::Text)?;
        Self::new(form.subject, nonce, text)
    }
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};
    use uuid::Uuid;

    use super::{NotSealed, Sealed};
    use crate::ids::SubjectId;

    fn sealed() -> Sealed {
        let subject = SubjectId::new(Uuid::from_u128(7));
        Sealed::new(subject, [1; 24], vec![2; 32]).unwrap()
    }

    fn written() -> Value {
        serde_json::to_value(sealed()).unwrap()
    }

    #[test]
    fn what_is_written_is_four_fields_that_are_read_back_the_same() {
        let expected = json!({
            "nonce": "AQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEB",
            "sealed": 1,
            "subject": "00000000-0000-0000-0000-000000000007",
            "text": "AgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgI=",
        });
        assert_eq!(written(), expected);
        assert_eq!(
            serde_json::from_value::<Sealed>(expected).unwrap(),
            sealed()
        );
    }

    #[test]
    fn nothing_else_is_read_as_sealed() {
        for (field, other, complaint) in [
            ("sealed", json!(2), "version 2"),
            ("sealed", json!("1"), "invalid type"),
            ("nonce", json!("AQEB"), "nonce"),
            ("nonce", json!("not base64"), "nonce"),
            ("text", json!("AQEB"), "cut short"),
            (
                "text",
                json!("AgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgI"),
                "base64",
            ),
            ("subject", json!("nobody"), "subject"),
            ("more", json!(true), "unknown field"),
        ] {
            let mut changed = written();
            changed[field] = other.clone();
            let refused = serde_json::from_value::<Sealed>(changed).unwrap_err();
            let refused = refused.to_string();
            // What the id itself says of bad text does not name the field.
            let complaint = if field == "subject" {
                "UUID"
            } else {
                complaint
            };
            assert!(refused.contains(complaint), "{field} {other}: {refused}");
        }
        assert!(serde_json::from_value::<Sealed>(json!("a plain text")).is_err());
        let subject = SubjectId::new(Uuid::from_u128(7));
        let cut = Sealed::new(subject, [1; 24], vec![2; 15]);
        assert_eq!(cut, Err(NotSealed::Text));
    }

    #[test]
    fn sealed_texts_are_found_without_knowing_the_event() {
        let event = json!({"notes": [{"by": written()}, "plain"], "name": written(), "ref": "1"});
        assert_eq!(Sealed::all_in(&event).unwrap(), vec![sealed(), sealed()]);
        let impostor = json!({"notes": [{"sealed": "with a kiss"}]});
        assert!(Sealed::all_in(&impostor).is_err());
    }
}
