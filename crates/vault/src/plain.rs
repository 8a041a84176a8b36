//! Text that was unsealed: wiped when dropped, never shown by mistake.

use std::fmt;

use zeroize::Zeroizing;

/// A text as it was before it was sealed. `Debug` does not show it, so it does not get into logs by accident.
#[derive(Clone, PartialEq, Eq)]
pub struct Plain(Zeroizing<String>);

impl Plain {
    /// Wraps a text.
    pub fn new(text: impl Into<String>) -> Self {
        Self(Zeroizing::new(text.into()))
    }

    /// The text.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The text, given away; it is no longer wiped.
    pub fn into_string(mut self) -> String {
        std::mem::take(&mut self.0)
    }
}

impl fmt::Debug for Plain {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Plain(..)")
    }
}

/// What a sealed text turned out to be.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Unsealed {
    /// The text.
    Plain(Plain),
    /// Its key was destroyed. Nobody can read it any more.
    Erased,
}

impl Unsealed {
    /// The text, if it can still be read.
    pub fn plain(&self) -> Option<&str> {
        match self {
            Self::Plain(plain) => Some(plain.as_str()),
            Self::Erased => None,
        }
    }

    /// The text, given away, if it can still be read; it is no longer wiped.
    pub fn into_plain(self) -> Option<String> {
        match self {
            Self::Plain(plain) => Some(plain.into_string()),
            Self::Erased => None,
        }
    }
}
