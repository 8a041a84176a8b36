//! E-mail addresses: read once, compared in one spelling.

use unicode_normalization::UnicodeNormalization;

/// An address somebody typed, in one spelling: NFKC, lower case, no space around it.
///
/// Only what every mail system asks for is asked for here; whether it works is found out by sending a letter.
#[derive(Clone, PartialEq, Eq)]
pub struct EmailAddress(String);

/// Longest address that can be delivered to, in bytes (RFC 5321).
const LONGEST: usize = 254;

impl EmailAddress {
    /// Reads an address; `None` if no letter could be sent to it.
    pub fn read(typed: &str) -> Option<Self> {
        if typed.len() > 4 * LONGEST {
            return None;
        }
        let address: String = typed.trim().nfkc().collect::<String>().to_lowercase();
        let (person, host) = address.rsplit_once('@')?;
        let plain = !address.chars().any(|c| c.is_whitespace() || c.is_control());
        let dotted = host.split('.').all(|label| !label.is_empty());
        let sound = plain && dotted && !person.is_empty() && address.len() <= LONGEST;
        sound.then_some(Self(address))
    }

    /// The address, to write to. Personal data: never log it.
    pub fn expose(&self) -> &str {
        &self.0
    }
}

impl std::fmt::Debug for EmailAddress {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("EmailAddress(not shown)")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_address_has_one_spelling() {
        let read = |typed| EmailAddress::read(typed).unwrap().expose().to_owned();
        assert_eq!(read(" Clerk@Example.ORG "), "clerk@example.org");
        assert_eq!(read("ｃｌｅｒｋ@example.org"), "clerk@example.org");
        let address = EmailAddress::read("clerk@example.org").unwrap();
        assert!(!format!("{address:?}").contains("clerk"));
    }

    #[test]
    fn what_no_letter_can_be_sent_to_is_not_an_address() {
        let long = format!("{}@example.org", "a".repeat(250));
        for typed in [
            "",
            "@",
            "clerk",
            "@example.org",
            "clerk@",
            "a b@example.org",
            "a@b..org",
            "a@b\n.org",
            &long,
        ] {
            assert!(EmailAddress::read(typed).is_none(), "{typed}");
        }
    }
}
