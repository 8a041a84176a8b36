//! Passwords: which are good enough, and how they are kept.
//!
//! The rules follow NIST SP 800-63B: length counts, well-known ones are refused, nothing has to be of every kind, none
//! expires, every character is allowed and a long one may be pasted.

mod common;
mod hashing;

use unicode_normalization::UnicodeNormalization;
use unicode_segmentation::UnicodeSegmentation;
use zeroize::Zeroizing;

pub use hashing::HashingError;
pub(crate) use hashing::{Checked, Hasher};

/// The shortest password, in characters as people count them.
pub const SHORTEST_PASSWORD: usize = 12;

/// The longest, in bytes.
pub const LONGEST_PASSWORD: usize = 1024;

/// A password as somebody typed it, in the spelling it is hashed in (NFKC, so that it does not matter on which
/// keyboard it was typed).
#[derive(Clone)]
pub struct Password(Zeroizing<String>);

impl Password {
    /// Takes what was typed. It may be no good as a password; as an attempt at one it is.
    pub fn typed(text: &str) -> Self {
        // What is longer than any password there is need not be spelt anew: it is refused, or wrong, anyway.
        if text.len() > LONGEST_PASSWORD {
            return Self(Zeroizing::new(" ".repeat(LONGEST_PASSWORD + 1)));
        }
        Self(Zeroizing::new(text.nfkc().collect()))
    }

    /// Whether it may be somebody's new password. `own` are words an attacker would try first: name and address of
    /// whose it is, and the name of the product.
    ///
    /// # Errors
    /// [`WeakPassword`], which says what to do.
    pub(crate) fn good_enough(&self, own: &[&str]) -> Result<(), WeakPassword> {
        if self.0.len() > LONGEST_PASSWORD {
            return Err(WeakPassword::TooLong);
        }
        if self.0.graphemes(true).count() < SHORTEST_PASSWORD {
            return Err(WeakPassword::TooShort);
        }
        match common::kind(&self.0, own) {
            Some(common::Kind::Own) => Err(WeakPassword::YourOwn),
            Some(common::Kind::Common) => Err(WeakPassword::Common),
            None => Ok(()),
        }
    }

    pub(crate) fn bytes(&self) -> &[u8] {
        self.0.as_bytes()
    }
}

impl std::fmt::Debug for Password {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Password(not shown)")
    }
}

/// Why a password is not good enough, and what to do.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum WeakPassword {
    /// Fewer than [`SHORTEST_PASSWORD`] characters.
    #[error(
        "use at least {SHORTEST_PASSWORD} characters; three or four words are easy to remember"
    )]
    TooShort,
    /// More than [`LONGEST_PASSWORD`] bytes.
    #[error("this password is too long; use at most {LONGEST_PASSWORD} characters")]
    TooLong,
    /// A well-known word or pattern.
    #[error(
        "this password is one of those tried first; choose words that do not usually stand together"
    )]
    Common,
    /// Made of the owner's name or address, or of the product's name.
    #[error(
        "this password is made of your name, your e-mail address or the name of this service; choose other words"
    )]
    YourOwn,
}

#[cfg(test)]
mod tests {
    use super::*;

    fn verdict(text: &str) -> Result<(), WeakPassword> {
        let own = ["Robin Alder", "r.alder@council.example", "Compacts"];
        Password::typed(text).good_enough(&own)
    }

    #[test]
    fn length_is_counted_as_people_count() {
        // Eleven flags, each four bytes twice over, are eleven characters; an accent typed by itself is none.
        let flags = "🇬🇧🇫🇷🇩🇪🇮🇹🇪🇸🇵🇱🇮🇪🇳🇱🇧🇪🇵🇹🇸🇪";
        assert_eq!(verdict(flags), Err(WeakPassword::TooShort));
        assert_eq!(verdict(&format!("{flags}🇳🇴")), Ok(()));
        assert_eq!(
            verdict("e\u{301}a\u{300}mvqzkjwx"),
            Err(WeakPassword::TooShort)
        );
        assert_eq!(verdict("mvqzkjwxbtg"), Err(WeakPassword::TooShort));
        assert_eq!(verdict("mvqzkjwxbtgp"), Ok(()));
    }

    #[test]
    fn any_characters_and_a_thousand_of_them_are_allowed_and_more_are_not() {
        for good in [
            "wet ladder violin soup",
            "mvqz kjwx btgp",
            "горький фонарь летит",
            "  trailing spaces stay  ",
        ] {
            assert_eq!(verdict(good), Ok(()), "{good}");
        }
        let long: String = (0..1024_u32)
            .filter_map(|n| char::from_u32(0x61 + n * n % 23))
            .collect();
        assert_eq!(verdict(&long), Ok(()));
        assert_eq!(verdict(&format!("{long}x")), Err(WeakPassword::TooLong));
        assert_eq!(
            verdict(&"\u{fdfa}".repeat(300)),
            Err(WeakPassword::TooLong),
            "spelt out, it is longer"
        );
    }

    #[test]
    fn the_same_password_typed_on_another_keyboard_is_the_same() {
        let (composed, apart) = (
            Password::typed("caf\u{e9} ﬁne"),
            Password::typed("cafe\u{301} fine"),
        );
        assert_eq!(composed.bytes(), apart.bytes());
        assert_eq!(format!("{composed:?}"), "Password(not shown)");
    }

    #[test]
    fn what_is_tried_first_is_refused() {
        for common in [
            "password1234",
            "Password2009!",
            "P@ssw0rd!!2024",
            "passwordpassword",
            "letmein letmein",
            "qwertyuiop12",
            "1234567890123",
            "111111111111",
            "abcabcabcabcabc",
            "1qaz2wsx3edc4rfv",
            "iloveyou12345",
            "Summer-Winter-2023",
            "footballmanager",
            "aaaaaaaaaaaaa",
            "abcdefghijklm",
            "zyxwvutsrqpo",
            "correcthorsebatterystaple",
        ] {
            assert_eq!(verdict(common), Err(WeakPassword::Common), "{common}");
        }
    }

    #[test]
    fn what_its_owner_and_this_service_are_called_is_refused() {
        for own in [
            "r.alder@council.example",
            "robinalder123",
            "Robin-Alder-2009",
            "compacts-compacts",
            "Compacts2009!!",
            "alderpassword1",
            "alder.council.99",
        ] {
            assert_eq!(verdict(own), Err(WeakPassword::YourOwn), "{own}");
        }
        assert_eq!(
            verdict("robin eats wet plaster"),
            Ok(()),
            "a word of it among others is fine"
        );
    }
}
