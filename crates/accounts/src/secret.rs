//! Secrets that somebody carries: the session's cookie, a link in a letter, a program's token.
//!
//! Each is 256 random bits. What is stored is a SHA-256 of them, which is enough for what cannot be guessed; the secret
//! itself is shown once and forgotten.

use std::fmt;

use data_encoding::{BASE32_NOPAD, BASE64URL_NOPAD};
use sha2::{Digest, Sha256};
use zeroize::Zeroizing;

use crate::chance::{NoRandomness, Randomness, random};

/// How a stored secret looks: SHA-256.
pub(crate) type SecretHash = [u8; 32];

macro_rules! secrets {
    ($($(#[$doc:meta])* $name:ident: $label:literal;)+) => {$(
        $(#[$doc])*
        ///
        /// Neither `Debug` nor anything else shows it but `expose`.
        #[derive(Clone)]
        pub struct $name(Zeroizing<[u8; 32]>);

        impl $name {
            pub(crate) fn draw(randomness: &dyn Randomness) -> Result<Self, NoRandomness> {
                random(randomness).map(Self)
            }

            /// What is stored in its place.
            pub(crate) fn hash(&self) -> SecretHash {
                let labelled = Sha256::new().chain_update($label).chain_update(&*self.0);
                labelled.finalize().into()
            }
        }

        impl fmt::Debug for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(concat!(stringify!($name), "(not shown)"))
            }
        }
    )+};
}

secrets! {
    /// What a browser's cookie holds: 43 characters of base64url.
    SessionToken: "compacts session\0";
    /// What a link in an invitation or a reset mail ends with: 43 characters of base64url.
    LinkToken: "compacts link\0";
    /// What a browser's cookie holds while its owner is at an OpenID provider: 43 characters of base64url.
    OpenIdTicket: "compacts openid\0";
    /// What a program brings along: `cmp_` and 58 characters of base32 in lower case, of which the last few are a
    /// checksum. A scanner can tell it from anything else, and a typo is found without asking the database.
    ApiToken: "compacts token\0";
}

macro_rules! in_base64url {
    ($($name:ident)+) => {$(
        impl $name {
            /// The text that is handed over. Show it to nobody but who it is for, and never log it.
            pub fn expose(&self) -> Zeroizing<String> {
                Zeroizing::new(BASE64URL_NOPAD.encode(&*self.0))
            }

            /// Reads what came back; `None` if it is no such thing.
            pub fn read(text: &str) -> Option<Self> {
                let bytes = Zeroizing::new(BASE64URL_NOPAD.decode(text.as_bytes()).ok()?);
                let bytes = <[u8; 32]>::try_from(bytes.as_slice()).ok()?;
                Some(Self(Zeroizing::new(bytes)))
            }
        }
    )+};
}

in_base64url! { SessionToken LinkToken OpenIdTicket }

impl SessionToken {
    /// The random bits, to derive the forms' token from.
    pub(crate) fn bytes(&self) -> &[u8; 32] {
        &self.0
    }
}

impl OpenIdTicket {
    /// What the attempt is made of that only the browser with this ticket can go on with: three times 256 bits. None of
    /// them tells the ticket or one another.
    pub fn attempt(&self) -> Zeroizing<[u8; 96]> {
        let mut parts = Zeroizing::new([0; 96]);
        for (nth, part) in (1_u8..).zip(parts.chunks_exact_mut(32)) {
            let labelled = Sha256::new().chain_update("compacts openid attempt\0");
            let hash = labelled.chain_update([nth]).chain_update(*self.0);
            part.copy_from_slice(&hash.finalize());
        }
        parts
    }
}

impl LinkToken {
    /// What is stored in its place: enough to know the link by, and worth nothing to who reads it.
    pub fn kept(&self) -> KeptLink {
        KeptLink(self.hash())
    }
}

/// What is stored of a link.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct KeptLink(pub(crate) SecretHash);

/// What every API token begins with.
pub const API_TOKEN_PREFIX: &str = "cmp_";

/// Bytes of checksum behind the 32 of the token.
const CHECKSUM: usize = 4;

/// Why a text is not an API token. None of it says anything about tokens that exist.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum NotAToken {
    /// It does not begin with `cmp_`.
    #[error("this is not a token of Compacts: they begin with {API_TOKEN_PREFIX}")]
    OtherKind,
    /// It begins like one, but was cut short or mistyped.
    #[error("this token has a typing error or was cut short; copy it again in full")]
    Mistyped,
}

impl ApiToken {
    /// The text that is handed over, once.
    pub fn expose(&self) -> Zeroizing<String> {
        let mut bytes = Zeroizing::new([0; 32 + CHECKSUM]);
        bytes[..32].copy_from_slice(&*self.0);
        bytes[32..].copy_from_slice(&checksum(&self.0));
        let mut text = BASE32_NOPAD.encode(&*bytes);
        text.make_ascii_lowercase();
        text.insert_str(0, API_TOKEN_PREFIX);
        Zeroizing::new(text)
    }

    /// Reads what a program brought along.
    ///
    /// # Errors
    /// [`NotAToken`], without asking the database.
    pub fn read(text: &str) -> Result<Self, NotAToken> {
        let body = text
            .strip_prefix(API_TOKEN_PREFIX)
            .ok_or(NotAToken::OtherKind)?;
        if body.len() > 128 || body.bytes().any(|byte| byte.is_ascii_uppercase()) {
            return Err(NotAToken::Mistyped);
        }
        let body = Zeroizing::new(body.to_ascii_uppercase());
        let bytes = BASE32_NOPAD.decode(body.as_bytes());
        let bytes = Zeroizing::new(bytes.map_err(|_| NotAToken::Mistyped)?);
        let (token, sum) = bytes.split_first_chunk::<32>().ok_or(NotAToken::Mistyped)?;
        if sum != checksum(token) {
            return Err(NotAToken::Mistyped);
        }
        Ok(Self(Zeroizing::new(*token)))
    }
}

/// The first bytes of a hash of what can be read anyway: it keeps nothing secret and hides nothing.
fn checksum(token: &[u8; 32]) -> [u8; CHECKSUM] {
    let hash = Sha256::new()
        .chain_update(API_TOKEN_PREFIX)
        .chain_update(token)
        .finalize();
    [hash[0], hash[1], hash[2], hash[3]]
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::chance::SystemRandomness;

    fn token() -> ApiToken {
        ApiToken::draw(&SystemRandomness).unwrap()
    }

    #[test]
    fn what_was_handed_over_is_read_again() {
        let session = SessionToken::draw(&SystemRandomness).unwrap();
        let read = SessionToken::read(&session.expose()).unwrap();
        assert_eq!(read.hash(), session.hash());
        assert_eq!(session.expose().len(), 43);
        let api = token();
        let text = api.expose();
        assert!(text.starts_with("cmp_") && text.len() == 62, "{}", *text);
        assert_eq!(ApiToken::read(&text).unwrap().hash(), api.hash());
    }

    #[test]
    fn every_single_mistyped_character_of_a_token_is_found() {
        let text = token().expose();
        for place in API_TOKEN_PREFIX.len()..text.len() {
            for other in ['a', 'z', '7', 'A', '-', '1'] {
                let mut wrong: Vec<char> = text.chars().collect();
                if wrong[place] == other {
                    continue;
                }
                wrong[place] = other;
                let wrong: String = wrong.into_iter().collect();
                let read = ApiToken::read(&wrong).map(drop);
                assert_eq!(read, Err(NotAToken::Mistyped), "{wrong}");
            }
        }
    }

    #[test]
    fn a_token_cut_short_or_of_another_kind_is_told_apart() {
        let text = token().expose();
        for length in 4..text.len() {
            let read = ApiToken::read(&text[..length]).map(drop);
            assert_eq!(read, Err(NotAToken::Mistyped));
        }
        for other in ["", "ghp_abc", "cmp", "Bearer x"] {
            let read = ApiToken::read(other).map(drop);
            assert_eq!(read, Err(NotAToken::OtherKind));
        }
    }

    #[test]
    fn what_is_no_session_is_read_as_none() {
        let long = "A".repeat(86);
        for text in ["", "x", "é", "AAAA", long.as_str()] {
            assert!(SessionToken::read(text).is_none(), "{text}");
        }
        // The last character of 43 stands for four bits only: another with the same four is not the same text.
        let text = "A".repeat(42) + "B";
        assert!(SessionToken::read(&text).is_none());
    }

    #[test]
    fn the_same_bits_are_stored_differently_for_each_use_and_never_shown() {
        let bits = Zeroizing::new([7; 32]);
        let session = SessionToken(bits.clone());
        let link = LinkToken(bits.clone());
        let ticket = OpenIdTicket(bits.clone());
        assert_ne!(session.hash(), link.hash());
        assert_ne!(ticket.hash(), link.hash());
        assert_ne!(session.hash(), ApiToken(bits).hash());
        assert_eq!(format!("{session:?}"), "SessionToken(not shown)");
    }

    #[test]
    fn an_attempt_is_made_of_parts_that_differ_from_each_other_and_from_what_is_stored() {
        let ticket = OpenIdTicket::draw(&SystemRandomness).unwrap();
        let attempt = ticket.attempt();
        let mut parts: Vec<&[u8]> = attempt.chunks(32).collect();
        let hash = ticket.hash();
        parts.extend([&hash[..], &ticket.0[..]]);
        let different: std::collections::BTreeSet<&[u8]> = parts.iter().copied().collect();
        assert_eq!(different.len(), 5);
        assert_eq!(*ticket.attempt(), *attempt, "the same each time");
    }
}
