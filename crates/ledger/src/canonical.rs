//! Canonical JSON (RFC 8785): one value, one sequence of bytes.
//!
//! Leaves are hashed, so the same payload must always be written the same way. Payloads are made
//! canonical where the command is handled, many at a time, not in the writer that all commands of a
//! ledger wait for. Strings and whole numbers, which is nearly everything, are written here; other
//! numbers go through `serde_json_canonicalizer`, which the tests also hold the whole to.

use serde_json::Value;

/// The largest whole number JSON can carry exactly, 2^53 - 1 (RFC 8785, 3.2.2.3; RFC 7493, 2.2).
const EXACT: u64 = (1 << 53) - 1;

/// A JSON text in canonical form.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CanonicalJson(String);

impl CanonicalJson {
    /// Writes `value` canonically.
    ///
    /// # Errors
    /// When a number has no canonical form.
    pub fn of(value: &Value) -> Result<Self, serde_json::Error> {
        let mut text = String::with_capacity(512);
        write_value(&mut text, value)?;
        Ok(Self(text))
    }

    /// The text.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

fn write_value(out: &mut String, value: &Value) -> Result<(), serde_json::Error> {
    match value {
        Value::Null => out.push_str("null"),
        Value::Bool(true) => out.push_str("true"),
        Value::Bool(false) => out.push_str("false"),
        Value::Number(number) => write_number(out, number)?,
        Value::String(text) => write_string(out, text),
        Value::Array(items) => {
            out.push('[');
            for (index, item) in items.iter().enumerate() {
                if index > 0 {
                    out.push(',');
                }
                write_value(out, item)?;
            }
            out.push(']');
        }
        Value::Object(fields) => write_object(out, fields)?,
    }
    Ok(())
}

/// Fields in the order of their names' UTF-16 code units.
fn write_object(
    out: &mut String,
    fields: &serde_json::Map<String, Value>,
) -> Result<(), serde_json::Error> {
    let mut sorted: Vec<_> = fields.iter().collect();
    sorted.sort_by(|(a, _), (b, _)| a.encode_utf16().cmp(b.encode_utf16()));
    out.push('{');
    for (index, (name, value)) in sorted.into_iter().enumerate() {
        if index > 0 {
            out.push(',');
        }
        write_string(out, name);
        out.push(':');
        write_value(out, value)?;
    }
    out.push('}');
    Ok(())
}

fn write_number(out: &mut String, number: &serde_json::Number) -> Result<(), serde_json::Error> {
    let exact = match (number.as_u64(), number.as_i64()) {
        (Some(whole), _) => whole <= EXACT,
        (None, Some(whole)) => whole.unsigned_abs() <= EXACT,
        (None, None) => false,
    };
    if exact {
        out.push_str(&number.to_string());
    } else {
        out.push_str(&serde_json_canonicalizer::to_string(number)?);
    }
    Ok(())
}

/// Writes a string in quotes, escaping only what RFC 8785, 3.2.2.2 says must be.
pub(crate) fn write_string(out: &mut String, text: &str) {
    out.push('"');
    let mut plain = 0;
    for (at, byte) in text.bytes().enumerate() {
        if byte >= 0x20 && byte != b'"' && byte != b'\\' {
            continue;
        }
        out.push_str(&text[plain..at]);
        plain = at + 1;
        match byte {
            b'"' => out.push_str("\\\""),
            b'\\' => out.push_str("\\\\"),
            0x08 => out.push_str("\\b"),
            0x09 => out.push_str("\\t"),
            0x0a => out.push_str("\\n"),
            0x0c => out.push_str("\\f"),
            0x0d => out.push_str("\\r"),
            control => {
                const HEX: [char; 16] = [
                    '0', '1', '2', '3', '4', '5', '6', '7', '8', '9', 'a', 'b', 'c', 'd', 'e', 'f',
                ];
                out.push_str("\\u00");
                out.push(HEX[usize::from(control >> 4)]);
                out.push(HEX[usize::from(control & 15)]);
            }
        }
    }
    out.push_str(&text[plain..]);
    out.push('"');
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use serde_json::{Value, json};

    use super::CanonicalJson;

    fn any_value() -> impl Strategy<Value = Value> {
        let number = prop_oneof![
            any::<i64>().prop_map(Value::from),
            any::<u64>().prop_map(Value::from),
            any::<f64>().prop_filter_map("finite", |n| serde_json::Number::from_f64(n)
                .map(Value::Number)),
        ];
        let leaf = prop_oneof![
            Just(Value::Null),
            any::<bool>().prop_map(Value::from),
            number,
            any::<String>().prop_map(Value::from),
            "[\\x00-\\x7f\u{e000}-\u{10ffff}]{0,12}".prop_map(Value::from),
        ];
        leaf.prop_recursive(4, 48, 6, |inner| {
            prop_oneof![
                prop::collection::vec(inner.clone(), 0..6).prop_map(Value::from),
                prop::collection::hash_map(any::<String>(), inner, 0..6)
                    .prop_map(|fields| Value::Object(fields.into_iter().collect())),
            ]
        })
    }

    proptest! {
        #[test]
        fn every_value_is_written_as_the_reference_writes_it(value in any_value()) {
            let ours = CanonicalJson::of(&value)?;
            prop_assert_eq!(ours.as_str(), serde_json_canonicalizer::to_string(&value)?);
        }
    }

    #[test]
    fn names_are_ordered_by_utf_16_and_not_by_code_point() {
        let value = json!({"\u{10000}": 1, "\u{ff5e}": 2});
        let text = CanonicalJson::of(&value).unwrap();
        assert_eq!(text.as_str(), "{\"\u{10000}\":1,\"\u{ff5e}\":2}");
    }
}
