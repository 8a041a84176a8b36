//! Wrapping done here, by a master key that is in memory: nonce, then the enciphered key with its tag.

use domain::sealed::NONCE_BYTES;
use zeroize::Zeroizing;

use super::{MasterKeyError, MasterKeyId, Wrapped};
use crate::cipher::{decipher, encipher};
use crate::key::DataKey;

/// A nonce, to be drawn for every key that is wrapped.
pub(super) type Nonce = [u8; NONCE_BYTES];

/// Wraps `key` by `master`, whose id is `id`.
pub(super) fn wrap(
    (id, master): (&MasterKeyId, &DataKey),
    key: &DataKey,
    bound: &[u8],
    nonce: &Nonce,
) -> Result<Wrapped, MasterKeyError> {
    let mut buffer = Zeroizing::new(Vec::with_capacity(64));
    buffer.extend_from_slice(key.bytes());
    let enciphered = encipher(master, nonce, &bound_to(id, bound), &mut buffer);
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

#[cfg(test)]
mod tests {
    use super::{unwrap, wrap};
    use crate::key::DataKey;
    use crate::keys::subject_bound;
    use crate::master::{MasterKeyError, MasterKeyId, Wrapped};

    fn id() -> MasterKeyId {
        "ed98959db9736d14".parse().expect("an id")
    }

    fn master() -> DataKey {
        DataKey::take(&mut [1; 32])
    }

    fn bound(subject: u128, version: i16) -> Vec<u8> {
        subject_bound(uuid::Uuid::from_u128(subject).into(), version)
    }

    fn wrapped() -> Wrapped {
        let key = DataKey::take(&mut std::array::from_fn(|at| u8::try_from(at).unwrap_or(0)));
        wrap((&id(), &master()), &key, &bound(7, 1), &[9; 24]).expect("wrapped")
    }

    #[test]
    fn what_was_wrapped_by_the_first_version_is_still_unwrapped_and_still_wrapped() {
        let stored = "090909090909090909090909090909090909090909090909f3ecbd955ac33e655b24fa281b43e776e2ed859a\
                      c575996aa880f36f515a723d0cbc6c59b1079ceb1a8ec188a874706b";
        assert_eq!(hex::encode(wrapped().bytes), stored);
        let stored = Wrapped {
            master: id(),
            bytes: hex::decode(stored).expect("bytes"),
        };
        let key = unwrap(&master(), &stored, &bound(7, 1)).expect("a key");
        assert!(key.bytes().iter().copied().eq(0..32));
    }

    #[test]
    fn a_wrapped_key_that_was_changed_or_is_another_s_is_refused() {
        let whole = wrapped();
        let is_refused = |wrapped: &Wrapped, bound: &[u8]| {
            let refused = unwrap(&master(), wrapped, bound);
            matches!(refused, Err(MasterKeyError::Tampered))
        };
        assert!(!is_refused(&whole, &bound(7, 1)));
        assert!(is_refused(&whole, &bound(8, 1)), "another subject's");
        assert!(is_refused(&whole, &bound(7, 2)), "another kind of key");
        for at in 0..whole.bytes.len() {
            let mut changed = whole.clone();
            changed.bytes[at] ^= 1;
            assert!(is_refused(&changed, &bound(7, 1)), "byte {at}");
            changed.bytes.truncate(at);
            assert!(is_refused(&changed, &bound(7, 1)), "cut to {at}");
        }
        let renamed = Wrapped {
            master: "another-master".parse().expect("an id"),
            ..whole
        };
        assert!(is_refused(&renamed, &bound(7, 1)), "another master's");
    }
}
