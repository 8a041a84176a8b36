//! A key as a line: its id, and itself in base64.

use std::path::Path;

use base64::Engine;
use base64::engine::general_purpose::STANDARD as BASE64;
use sha2::{Digest, Sha256};
use zeroize::Zeroizing;

use super::error::{MasterFileError, shown};
use crate::key::DataKey;
use crate::master::MasterKeyId;
use crate::randomness::Randomness;

/// The keys of a file, in its order.
pub(super) fn parse(
    path: &Path,
    text: &str,
) -> Result<Vec<(MasterKeyId, DataKey)>, MasterFileError> {
    let lines = text.lines().enumerate().map(|(at, line)| (at + 1, line));
    lines
        .filter(|(_, line)| !line.trim().is_empty() && !line.starts_with('#'))
        .map(|(at, line)| key_of(path, at, line))
        .collect()
}

fn key_of(path: &Path, line: usize, text: &str) -> Result<(MasterKeyId, DataKey), MasterFileError> {
    let not_a_key = || MasterFileError::NotAKey {
        path: shown(path),
        line,
    };
    let (id, key) = text.split_once(' ').ok_or_else(not_a_key)?;
    let id: MasterKeyId = id.parse().map_err(|_| not_a_key())?;
    let mut key = Zeroizing::new(BASE64.decode(key.trim()).map_err(|_| not_a_key())?);
    let key = DataKey::try_take(&mut key).ok_or_else(not_a_key)?;
    if id.as_str() != fingerprint(&key) {
        let path = shown(path);
        return Err(MasterFileError::Damaged { path, line });
    }
    Ok((id, key))
}

/// A new key and its line.
pub(super) fn new_line(
    randomness: &dyn Randomness,
) -> Result<(MasterKeyId, Zeroizing<String>), MasterFileError> {
    let key = DataKey::draw(randomness)?;
    let id = fingerprint(&key);
    let encoded = Zeroizing::new(BASE64.encode(key.bytes()));
    let line = Zeroizing::new([id.as_str(), " ", &encoded, "\n"].concat());
    Ok((MasterKeyId(id), line))
}

/// The beginning of the key's hash, in hexadecimal. It names the key and gives nothing of it away.
fn fingerprint(key: &DataKey) -> String {
    let hash = Sha256::new()
        .chain_update(b"compacts master key id 1\0")
        .chain_update(key.bytes())
        .finalize();
    hex::encode(&hash[..8])
}
