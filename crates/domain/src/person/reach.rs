//! How somebody is reached: an e-mail address, a telephone number.
//!
//! Enough is looked at to find what was typed into the wrong field. Whether anybody answers there only writing to them shows. A
//! refusal never quotes what was typed.

use crate::text::Text;
use crate::words::Blank;

use super::error::PersonError;

const EMAIL: Blank = Blank::title("email", "the e-mail address");
const TELEPHONE: Blank = Blank::title("telephone", "the telephone number");

/// Fewer digits than an extension has are no number.
const FEWEST_DIGITS: usize = 3;

/// The address, or none where the field was left empty.
pub(super) fn email(typed: Option<&Text>) -> Result<Option<Text>, PersonError> {
    let accepted = EMAIL.accept_any(typed)?;
    match typed.and_then(Text::plain) {
        Some(says) if accepted.is_some() && !is_address(says.trim()) => {
            Err(PersonError::NotAnAddress)
        }
        _ => Ok(accepted),
    }
}

/// The number, or none where the field was left empty.
pub(super) fn telephone(typed: Option<&Text>) -> Result<Option<Text>, PersonError> {
    let accepted = TELEPHONE.accept_any(typed)?;
    match typed.and_then(Text::plain) {
        Some(says) if accepted.is_some() && !is_number(says.trim()) => Err(PersonError::NotANumber),
        _ => Ok(accepted),
    }
}

/// One @ with something on both sides, and no spaces.
fn is_address(says: &str) -> bool {
    let sides = says.split_once('@');
    let named =
        sides.is_some_and(|(who, at)| !who.is_empty() && !at.is_empty() && !at.contains('@'));
    named && !says.contains(char::is_whitespace)
}

/// Digits with what people write between them, and an extension after "ext" or "ext.".
fn is_number(says: &str) -> bool {
    let folded = says.to_lowercase();
    let (number, extension) = match folded.split_once("ext") {
        Some((number, extension)) => {
            let extension = extension.strip_prefix('.').unwrap_or(extension);
            (number, Some(extension.trim()))
        }
        None => (folded.as_str(), None),
    };
    let written = |c: char| c.is_ascii_digit() || matches!(c, ' ' | '+' | '(' | ')' | '-');
    let digits = number.chars().filter(char::is_ascii_digit).count();
    let extended =
        extension.is_none_or(|it| !it.is_empty() && it.chars().all(|c| c.is_ascii_digit()));
    number.chars().all(written) && digits >= FEWEST_DIGITS && extended
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_has_one_at_with_something_on_both_sides_and_no_spaces() {
        for good in ["clerk@example.org", "a@b", "learning+skills@example.org"] {
            assert!(is_address(good), "{good}");
        }
        for bad in [
            "clerk",
            "@example.org",
            "clerk@",
            "a@b@c",
            "the clerk@example.org",
            "a@b\tc",
        ] {
            assert!(!is_address(bad), "{bad}");
        }
    }

    #[test]
    fn a_number_is_digits_as_people_write_them_with_an_extension_or_without() {
        for good in [
            "01522 555010",
            "+44 (0)1522 555010",
            "01522-555010",
            "01522 555010 ext 12",
            "01522 555010 Ext. 12",
            "4410",
        ] {
            assert!(is_number(good), "{good}");
        }
        for bad in [
            "12",
            "ask the clerk",
            "01522 555010 ext",
            "ext 4410",
            "01522 555010 ext a",
            "07@4410",
        ] {
            assert!(!is_number(bad), "{bad}");
        }
    }
}
