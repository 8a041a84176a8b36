//! The token a form carries, so that no other site can have a browser send it.
//!
//! It is derived from the session's own secret (HMAC-SHA-256), which a form's page cannot read and the database does not
//! hold. It looks different every time it is handed out: a page that is compressed does not give it away by its length.

use std::fmt;

use data_encoding::BASE64URL_NOPAD;
use hmac::{Hmac, KeyInit, Mac};
use sha2::Sha256;
use subtle::ConstantTimeEq;
use zeroize::Zeroizing;

use crate::chance::{NoRandomness, Randomness, random};
use crate::secret::SessionToken;

/// What a session's forms carry.
#[derive(Clone)]
pub struct CsrfToken([u8; 32]);

impl CsrfToken {
    /// The token of whoever holds `session`.
    pub fn of(session: &SessionToken) -> Self {
        // A key shorter than a block is filled up with zeros (RFC 2104).
        let mut key = Zeroizing::new([0; 64]);
        key[..32].copy_from_slice(session.bytes());
        let mut mac = <Hmac<Sha256> as KeyInit>::new((&*key).into());
        mac.update(b"compacts forms 1");
        Self(mac.finalize().into_bytes().into())
    }

    /// The text for a form: 86 characters of base64url, another each time.
    ///
    /// # Errors
    /// [`NoRandomness`].
    pub fn expose(&self, randomness: &dyn Randomness) -> Result<String, NoRandomness> {
        let mask = random::<32>(randomness)?;
        let mut text = [0; 64];
        text[..32].copy_from_slice(&*mask);
        for (at, byte) in self.0.iter().enumerate() {
            text[32 + at] = byte ^ mask[at];
        }
        Ok(BASE64URL_NOPAD.encode(&text))
    }

    /// Whether a form came back with this session's token.
    pub fn is(&self, text: &str) -> bool {
        let Ok(bytes) = BASE64URL_NOPAD.decode(text.as_bytes()) else {
            return false;
        };
        if bytes.len() != 64 {
            return false;
        }
        let (mask, masked) = bytes.split_at(32);
        let found: Vec<u8> = masked
            .iter()
            .zip(mask)
            .map(|(byte, mask)| byte ^ mask)
            .collect();
        found.ct_eq(&self.0).into()
    }
}

impl fmt::Debug for CsrfToken {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("CsrfToken(not shown)")
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::chance::SystemRandomness;

    #[test]
    fn a_form_is_taken_from_its_own_session_only_and_looks_different_every_time() {
        let session = |_| SessionToken::draw(&SystemRandomness).unwrap();
        let [mine, other] = [0, 1].map(session);
        let token = CsrfToken::of(&mine);
        let (once, again) = (
            token.expose(&SystemRandomness).unwrap(),
            token.expose(&SystemRandomness).unwrap(),
        );
        assert_ne!(once, again);
        assert!(token.is(&once) && token.is(&again));
        assert!(!CsrfToken::of(&other).is(&once));
    }

    #[test]
    fn a_token_that_is_empty_cut_short_or_changed_is_refused() {
        let token = CsrfToken::of(&SessionToken::draw(&SystemRandomness).unwrap());
        let text = token.expose(&SystemRandomness).unwrap();
        let zeros = BASE64URL_NOPAD.encode(&[0; 64]);
        let half = BASE64URL_NOPAD.encode(&[0; 32]);
        for wrong in [
            "",
            "x",
            &text[..43],
            &text[..84],
            &(text.clone() + "AAAA"),
            &zeros,
            &half,
        ] {
            assert!(!token.is(wrong), "{wrong}");
        }
        for at in [0, 20, 50, 80] {
            let mut changed = text.clone().into_bytes();
            changed[at] = if changed[at] == b'A' { b'B' } else { b'A' };
            assert!(!token.is(std::str::from_utf8(&changed).unwrap()));
        }
    }
}
