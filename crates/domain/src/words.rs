//! What people type: trimmed, never empty where something must be said, and of bounded length.

use crate::text::Text;

/// The longest label of a commitment, objective or action, in characters.
pub const MAX_REF: usize = 12;
/// The longest name in a web address, in characters.
pub const MAX_SLUG: usize = 60;
/// The longest title or name, in characters.
pub const MAX_TITLE: usize = 300;
/// The longest running text, in characters.
pub const MAX_TEXT: usize = 10_000;

/// What is wrong with a text someone typed.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum TextError {
    /// Nothing was typed where something must be said.
    #[error("enter {what}")]
    Missing {
        /// The input field, as the API names it.
        field: &'static str,
        /// What is missing, with its article: "a title".
        what: &'static str,
    },
    /// More was typed than fits.
    #[error("{what} can be at most {limit} characters; this has {length}")]
    TooLong {
        /// The input field, as the API names it.
        field: &'static str,
        /// What is too long, with its article.
        what: &'static str,
        /// How many characters there may be.
        limit: usize,
        /// How many there are.
        length: usize,
    },
    /// It holds a character that is none: a NUL, an escape, a bell.
    #[error("{what} has a character in it that cannot be printed; type it again without pasting")]
    Unprintable {
        /// The input field, as the API names it.
        field: &'static str,
        /// Where it is, with its article.
        what: &'static str,
    },
}

impl TextError {
    /// A code that stays the same when the words change.
    pub const fn code(&self) -> &'static str {
        match self {
            Self::Missing { .. } => "MISSING",
            Self::TooLong { .. } => "TOO_LONG",
            Self::Unprintable { .. } => "UNPRINTABLE",
        }
    }

    /// The input field it is about.
    pub const fn field(&self) -> &'static str {
        match self {
            Self::Missing { field, .. }
            | Self::TooLong { field, .. }
            | Self::Unprintable { field, .. } => field,
        }
    }
}

/// A place to type: its field name in the API, what goes there, and how much fits.
#[derive(Clone, Copy, Debug)]
pub struct Blank {
    field: &'static str,
    what: &'static str,
    limit: usize,
}

impl Blank {
    /// A short label.
    pub const fn label(field: &'static str, what: &'static str) -> Self {
        Self {
            field,
            what,
            limit: MAX_REF,
        }
    }

    /// A title or name.
    pub const fn title(field: &'static str, what: &'static str) -> Self {
        Self {
            field,
            what,
            limit: MAX_TITLE,
        }
    }

    /// Running text.
    pub const fn text(field: &'static str, what: &'static str) -> Self {
        Self {
            field,
            what,
            limit: MAX_TEXT,
        }
    }

    /// What was typed, trimmed.
    ///
    /// # Errors
    /// [`TextError::Missing`] when nothing is left after trimming, [`TextError::TooLong`] when it
    /// does not fit, [`TextError::Unprintable`] when it has control characters other than tabs and
    /// line ends.
    pub fn require(self, typed: &str) -> Result<String, TextError> {
        let text = typed.trim();
        if text.is_empty() {
            return Err(TextError::Missing {
                field: self.field,
                what: self.what,
            });
        }
        if text.chars().any(unprintable) {
            let Self { field, what, .. } = self;
            return Err(TextError::Unprintable { field, what });
        }
        let length = text.chars().count();
        if length > self.limit {
            let Self { field, what, limit } = self;
            return Err(TextError::TooLong {
                field,
                what,
                limit,
                length,
            });
        }
        Ok(text.to_owned())
    }

    /// A text that was typed: sealed already, or else trimmed. What it says is known no more when it is sealed.
    ///
    /// # Errors
    /// As [`Blank::require`].
    pub fn accept(self, typed: &Text) -> Result<Text, TextError> {
        let plain = self.require(typed.plain().unwrap_or_default())?;
        Ok(match typed.sealed() {
            Some(sealed) => sealed.clone().into(),
            None => plain.into(),
        })
    }

    /// The same for a text that may be left out; blank counts as nothing.
    ///
    /// # Errors
    /// [`TextError::TooLong`] and [`TextError::Unprintable`] as [`Blank::require`].
    pub fn accept_any(self, typed: Option<&Text>) -> Result<Option<Text>, TextError> {
        let said = |typed: &&Text| typed.plain().is_some_and(|plain| !plain.trim().is_empty());
        typed
            .filter(said)
            .map(|typed| self.accept(typed))
            .transpose()
    }

    /// The same for a text that may be left out elsewhere, and not here.
    ///
    /// # Errors
    /// As [`Blank::require`].
    pub fn insist(self, typed: Option<&Text>) -> Result<Text, TextError> {
        match typed {
            Some(typed) => self.accept(typed),
            None => self.require("").map(Text::from),
        }
    }

    /// What was typed, trimmed; blank counts as nothing.
    ///
    /// # Errors
    /// [`TextError::TooLong`] and [`TextError::Unprintable`] as [`Blank::require`].
    pub fn allow(self, typed: Option<&str>) -> Result<Option<String>, TextError> {
        match typed.map(str::trim) {
            None | Some("") => Ok(None),
            Some(text) => self.require(text).map(Some),
        }
    }
}

/// Whether nobody can have meant to type this.
fn unprintable(character: char) -> bool {
    character.is_control() && !matches!(character, '\n' | '\r' | '\t')
}

/// The one blank nearly every change has.
pub const REASON: Blank = Blank::text("reason", "the reason");

/// Why a text cannot stand in a web address.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error(
    "“{typed}” cannot stand in a web address; use lower-case letters, digits and single hyphens, such as east-midlands"
)]
pub struct NotASlug {
    /// The input field, as the API names it.
    pub field: &'static str,
    /// What was typed.
    pub typed: String,
}

/// A name for web addresses, trimmed: lower-case letters and digits, in parts joined by hyphens.
///
/// # Errors
/// [`NotASlug`] for anything else, an empty or over-long text included.
pub fn slug(field: &'static str, typed: &str) -> Result<String, NotASlug> {
    let text = typed.trim();
    let letter = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit();
    let part = |part: &str| !part.is_empty() && part.chars().all(letter);
    if text.len() <= MAX_SLUG && text.split('-').all(part) {
        return Ok(text.to_owned());
    }
    Err(NotASlug {
        field,
        typed: text.chars().take(MAX_SLUG).collect(),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_typed_is_trimmed_and_bounded() {
        let title = Blank::title("title", "a title");
        assert_eq!(
            title.require("  Skills Pledge ").as_deref(),
            Ok("Skills Pledge")
        );
        assert_eq!(
            title.require(" \n").map_err(|error| error.to_string()),
            Err("enter a title".to_owned())
        );
        assert!(matches!(
            title.require(&"é".repeat(301)),
            Err(TextError::TooLong {
                length: 301,
                limit: 300,
                ..
            })
        ));
        assert_eq!(title.allow(Some("  ")), Ok(None));
    }

    #[test]
    fn what_cannot_be_printed_is_refused_and_line_ends_are_kept() {
        let text = Blank::text("comment", "the comment");
        assert_eq!(text.require("a\tb\r\nc").as_deref(), Ok("a\tb\r\nc"));
        for bad in ["a\0b", "a\u{7}b", "\u{1b}[31m", "a\u{85}b"] {
            let refused = text.require(bad).map_err(|error| error.code());
            assert_eq!(refused, Err("UNPRINTABLE"), "{bad:?}");
        }
    }

    #[test]
    fn a_slug_is_lower_case_parts_joined_by_single_hyphens() {
        for good in ["derbyshire", "lincolnshire-rutland", "d2n2", " trimmed "] {
            assert_eq!(slug("slug", good).as_deref(), Ok(good.trim()));
        }
        for bad in [
            "",
            "Derbyshire",
            "d--n",
            "-d",
            "d-",
            "d n",
            "dé",
            &"d".repeat(61),
        ] {
            assert!(slug("slug", bad).is_err(), "{bad}");
        }
    }
}
