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
