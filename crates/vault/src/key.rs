//! Raw keys: kept in one place on the heap, wiped when dropped, never shown.

use std::fmt;

use zeroize::{Zeroize, ZeroizeOnDrop};

use crate::randomness::{NoRandomness, Randomness};

/// Bytes of a key (XChaCha20-Poly1305).
pub const KEY_BYTES: usize = 32;

/// A raw key. Its bytes lie in a box, so that moving it leaves no copy behind.
pub struct DataKey(Box<[u8; KEY_BYTES]>);

impl DataKey {
    /// Draws a new key.
    ///
    /// # Errors
    /// When there is no randomness to be had.
    pub fn draw(randomness: &dyn Randomness) -> Result<Self, NoRandomness> {
        let mut key = Self(Box::new([0; KEY_BYTES]));
        randomness.fill(&mut *key.0)?;
        Ok(key)
    }

    /// The key of these bytes, which are wiped where they stood.
    pub fn take(bytes: &mut [u8; KEY_BYTES]) -> Self {
        let key = Self(Box::new(*bytes));
        bytes.zeroize();
        key
    }

    /// The key of these bytes, which are wiped where they stood; nothing when they are not 32.
    pub fn try_take(bytes: &mut [u8]) -> Option<Self> {
        if let Ok(bytes) = <&mut [u8; KEY_BYTES]>::try_from(&mut *bytes) {
            return Some(Self::take(bytes));
        }
        bytes.zeroize();
        None
    }

    /// The bytes, for whoever ciphers or wraps.
    pub fn bytes(&self) -> &[u8; KEY_BYTES] {
        &self.0
    }
}

impl Drop for DataKey {
    fn drop(&mut self) {
        self.0.zeroize();
    }
}

impl ZeroizeOnDrop for DataKey {}

impl fmt::Debug for DataKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("DataKey(..)")
    }
}

#[cfg(test)]
mod tests {
    use super::DataKey;

    #[test]
    fn a_key_is_taken_from_thirty_two_bytes_and_they_are_wiped() {
        let mut bytes = [7; 32];
        let key = DataKey::try_take(&mut bytes).expect("a key");
        assert_eq!((key.bytes(), bytes), (&[7; 32], [0; 32]));
        let mut short = [7; 31];
        assert!(DataKey::try_take(&mut short).is_none());
        assert_eq!(short, [0; 31]);
    }

    #[test]
    fn a_key_shown_by_mistake_shows_nothing() {
        let key = DataKey::take(&mut [7; 32]);
        assert_eq!(format!("{key:?}"), "DataKey(..)");
    }
}
