//! The cipher: XChaCha20-Poly1305, with a nonce drawn for every text.
//!
//! Nonces of 24 bytes may be drawn at random for as many texts as anyone will ever write. Texts are padded (a byte 0x80, then
//! zeros to a multiple of 32): the sealed text outlives its key, and the exact length of a name says something about it.

use chacha20poly1305::aead::{AeadInOut, KeyInit};
use chacha20poly1305::{Key, XChaCha20Poly1305, XNonce};
use domain::ids::SubjectId;
use domain::sealed::{NONCE_BYTES, NotSealed, Sealed, TAG_BYTES};
use zeroize::Zeroizing;

use crate::context::Context;
use crate::key::DataKey;
use crate::plain::Plain;

/// Padded texts are a multiple of this many bytes long.
const PADDED_TO: usize = 32;

/// The byte that ends the text and begins the padding.
const END: u8 = 0x80;

/// What was enciphered is not what stands here, or not here.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Tampered;

/// The cipher of `key`; it wipes its copy of the key when dropped.
fn cipher(key: &DataKey) -> XChaCha20Poly1305 {
    XChaCha20Poly1305::new(<&Key>::from(key.bytes()))
}

/// Enciphers `buffer` where it stands and puts the tag at its end; nothing when it is longer than the cipher allows (256 GiB).
pub(crate) fn encipher(
    key: &DataKey,
    nonce: &[u8; NONCE_BYTES],
    bound: &[u8],
    buffer: &mut Vec<u8>,
) -> Option<()> {
    let nonce = <&XNonce>::from(nonce);
    cipher(key).encrypt_in_place(nonce, bound, buffer).ok()
}

/// Deciphers `buffer` where it stands, when key, nonce and what it is bound to are those it was enciphered with.
pub(crate) fn decipher(
    key: &DataKey,
    nonce: &[u8; NONCE_BYTES],
    bound: &[u8],
    buffer: &mut Vec<u8>,
) -> Result<(), Tampered> {
    let nonce = <&XNonce>::from(nonce);
    let opened = cipher(key).decrypt_in_place(nonce, bound, buffer);
    opened.map_err(|_| Tampered)
}

/// Seals `plain` for its place.
pub(crate) fn seal(
    key: &DataKey,
    nonce: [u8; NONCE_BYTES],
    subject: SubjectId,
    context: &Context,
    plain: &str,
) -> Result<Sealed, NotSealed> {
    let mut buffer = padded(plain);
    let enciphered = encipher(key, &nonce, &context.bound(subject), &mut buffer);
    enciphered.ok_or(NotSealed::Text)?;
    Sealed::new(subject, nonce, std::mem::take(&mut buffer))
}

/// Opens `sealed`, if it is what was sealed for this place.
pub(crate) fn open(key: &DataKey, context: &Context, sealed: &Sealed) -> Result<Plain, Tampered> {
    let mut buffer = Zeroizing::new(sealed.text().to_vec());
    let bound = context.bound(sealed.subject());
    decipher(key, sealed.nonce(), &bound, &mut buffer)?;
    let end = buffer.iter().rposition(|byte| *byte == END);
    let text = &buffer[..end.ok_or(Tampered)?];
    std::str::from_utf8(text)
        .map(Plain::new)
        .map_err(|_| Tampered)
}

/// The text with its padding, in a buffer the tag fits into: growing it would leave a copy of the text behind.
fn padded(plain: &str) -> Zeroizing<Vec<u8>> {
    let length = (plain.len() + 1).next_multiple_of(PADDED_TO);
    let mut buffer = Zeroizing::new(Vec::with_capacity(length + TAG_BYTES));
    buffer.extend_from_slice(plain.as_bytes());
    buffer.push(END);
    buffer.resize(length, 0);
    buffer
}

#[cfg(test)]
mod tests {
    use domain::ids::{LedgerId, SubjectId};
    use domain::sealed::{NONCE_BYTES, Sealed};
    use proptest::prelude::*;
    use serde_json::{Value, json};
    use uuid::Uuid;

    use super::{DataKey, Tampered, open, seal};
    use crate::context::Context;

    fn key() -> DataKey {
        DataKey::take(&mut std::array::from_fn(|at| u8::try_from(at).unwrap_or(0)))
    }

    fn subject(number: u128) -> SubjectId {
        SubjectId::new(Uuid::from_u128(number))
    }

    fn place(ledger: u128, place: &str) -> Context {
        Context::new(LedgerId::new(Uuid::from_u128(ledger)), place)
    }

    fn sealed(plain: &str) -> Sealed {
        let here = place(1, "person/7/name");
        seal(&key(), [9; NONCE_BYTES], subject(7), &here, plain).expect("sealed")
    }

    proptest! {
        #[test]
        fn what_is_sealed_is_unsealed(plain in ".*", nonce: [u8; NONCE_BYTES], at in "[a-z/]{0,20}") {
            let here = place(3, &at);
            let sealed = seal(&key(), nonce, subject(7), &here, &plain).unwrap();
            let opened = open(&key(), &here, &sealed).unwrap();
            prop_assert_eq!(opened.as_str(), &plain);
            prop_assert_eq!((sealed.text().len() - 16) % 32, 0);
            let written = serde_json::to_string(&sealed).unwrap();
            prop_assert_eq!(serde_json::from_str::<Sealed>(&written).unwrap(), sealed);
        }

        #[test]
        fn a_text_with_any_bit_flipped_is_refused(plain in ".*", bit: prop::sample::Index) {
            let whole = sealed(&plain);
            let (mut nonce, mut text) = (*whole.nonce(), whole.text().to_vec());
            let bit = bit.index((nonce.len() + text.len()) * 8);
            let (byte, flip) = (bit / 8, 1 << (bit % 8));
            match byte.checked_sub(nonce.len()) {
                None => nonce[byte] ^= flip,
                Some(byte) => text[byte] ^= flip,
            }
            let flipped = Sealed::new(whole.subject(), nonce, text).unwrap();
            prop_assert_eq!(open(&key(), &place(1, "person/7/name"), &flipped), Err(Tampered));
        }

        #[test]
        fn a_text_cut_short_is_refused(plain in ".*", keep: prop::sample::Index) {
            let whole = sealed(&plain);
            let keep = 16 + keep.index(whole.text().len() - 16);
            let cut = Sealed::new(whole.subject(), *whole.nonce(), whole.text()[..keep].to_vec());
            prop_assert_eq!(open(&key(), &place(1, "person/7/name"), &cut.unwrap()), Err(Tampered));
        }
    }

    #[test]
    fn a_text_is_read_only_where_it_stands_and_by_its_own_key() {
        let whole = sealed("Mary Example");
        let moved = Sealed::new(subject(8), *whole.nonce(), whole.text().to_vec()).unwrap();
        let here = place(1, "person/7/name");
        assert_eq!(
            open(&key(), &here, &whole).unwrap().as_str(),
            "Mary Example"
        );
        assert_eq!(open(&key(), &here, &moved), Err(Tampered), "other subject");
        for (elsewhere, what) in [
            (place(2, "person/7/name"), "other ledger"),
            (place(1, "person/7/email"), "other field"),
            (place(1, "person/7/name "), "longer place"),
            (place(1, "person/7/nam"), "shorter place"),
        ] {
            assert_eq!(open(&key(), &elsewhere, &whole), Err(Tampered), "{what}");
        }
        let other = DataKey::take(&mut [1; 32]);
        assert_eq!(open(&other, &here, &whole), Err(Tampered), "other key");
    }

    #[test]
    fn names_of_like_length_look_alike() {
        let length = |plain| sealed(plain).text().len();
        assert_eq!(length("Jo"), length("Bartholomew Longname-Example"));
        assert!(length("Jo") < length(&"longer than thirty-two bytes ".repeat(2)));
    }

    /// Each case of the golden file: key, place and nonce are the tests' own, and the text is given.
    fn golden() -> Vec<(String, Value)> {
        let file = include_str!("../tests/golden/sealed.v1.json");
        let cases: Vec<Value> = serde_json::from_str(file).expect("a list");
        let case = |case: Value| {
            let plain = case["plain"].as_str().expect("a text").to_owned();
            (plain, case["form"].clone())
        };
        cases.into_iter().map(case).collect()
    }

    #[test]
    fn what_was_sealed_by_the_first_version_is_still_read_and_still_written() {
        let golden = golden();
        assert!(golden.len() >= 5);
        for (plain, form) in golden {
            let stored: Sealed = serde_json::from_value(form.clone()).expect("sealed");
            let opened = open(&key(), &place(1, "person/7/name"), &stored);
            assert_eq!(opened.expect("opened").as_str(), plain);
            assert_eq!(json!(sealed(&plain)), form);
        }
    }
}
