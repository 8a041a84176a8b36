//! Wrapping done here, by a master key that is in memory: nonce, then the enciphered key with its tag.

use domain::sealed::NONCE_BYTES;
use zeroize::Zeroizing;

use super::{MasterKeyError, MasterKeyId, Wrapped};
use crate::cipher::{decipher, encipher};
use crate::key::DataKey;
use crate::randomness::Randomness;

/// Wraps `key` by `master`, whose id is `id`.
pub(super) fn wrap(
    (id, master): (&MasterKeyId, &DataKey),
    key: &DataKey,
    bound: &[u8],
    randomness: &dyn Randomness,
) -> Result<Wrapped, MasterKeyError> {
    let mut nonce = [0; NONCE_BYTES];
    randomness.fill(&mut nonce)?;
    let mut buffer = Zeroizing::new(Vec::with_capacity(64));
    buffer.extend_from_slice(key.bytes());
    let enciphered = encipher(master, &nonce, &bound_to(id, bound), &mut buffer);
    enciphered.ok_or(MasterKeyError::Tampered)?;
    Ok(Wrapped {
        master: id.clone(),
        bytes: [nonce.as_slice(), buffer.as_slice()].concat(),
    })
}

/// Unwraps what `wrap` made.
pub(super) fn unwrap(
    master: &DataKey,
    wrapped: &Wrapped,
    bound: &[u8],
) -> Result<DataKey, MasterKeyError> {
    let (nonce, key) = wrapped
        .bytes
        .split_first_chunk::<NONCE_BYTES>()
        .ok_or(MasterKeyError::Tampered)?;
    let mut buffer = Zeroizing::new(key.to_vec());
    decipher(
        master,
        nonce,
        &bound_to(&wrapped.master, bound),
        &mut buffer,
    )
    .map_err(|_| MasterKeyError::Tampered)?;
    DataKey::try_take(&mut buffer).ok_or(MasterKeyError::Tampered)
}

/// An id never contains a zero byte, so it ends where it says.
fn bound_to(id: &MasterKeyId, bound: &[u8]) -> Vec<u8> {
    let id = id.as_str().as_bytes();
    [b"compacts wrapped key 1\0", id, b"\0", bound].concat()
}
