//! The master key: wraps every other key. Kept outside the database.
//!
//! The default is a file ([`MasterKeyFile`]); a key service implements [`MasterKey`] instead. Several master keys may be known
//! at once, by id: the newest wraps, the others still unwrap until [`rewrap`](crate::Vault::rewrap) has left nothing under them.

mod file;
mod wrapping;

use std::fmt;
use std::str::FromStr;

use futures::FutureExt;
use futures::future::{BoxFuture, try_join_all};

use crate::key::DataKey;
use crate::randomness::NoRandomness;

pub use file::{MasterFileError, MasterKeyFile};

/// Which master key: up to 64 lower-case letters, digits and hyphens. Not secret.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct MasterKeyId(String);

/// A text is not the id of a master key.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error(
    "`{0}` is not the id of a master key: it has up to 64 lower-case letters, digits and hyphens"
)]
pub struct NotAMasterKeyId(String);

impl MasterKeyId {
    /// The id as it is stored.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl FromStr for MasterKeyId {
    type Err = NotAMasterKeyId;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let allowed = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-';
        if (1..=64).contains(&text.len()) && text.chars().all(allowed) {
            Ok(Self(text.to_owned()))
        } else {
            Err(NotAMasterKeyId(text.to_owned()))
        }
    }
}

impl fmt::Display for MasterKeyId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// A key as it is stored: enciphered by a master key.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Wrapped {
    /// The master key that wrapped it.
    pub master: MasterKeyId,
    /// What it made of the key, in a form of its own.
    pub bytes: Vec<u8>,
}

/// Why a key could not be wrapped or unwrapped.
#[derive(Debug, thiserror::Error)]
pub enum MasterKeyError {
    /// The master key it needs is not known here.
    #[error("the master key {0} is not known here; bring it back from its backup")]
    Unknown(MasterKeyId),
    /// The wrapped key was changed, or belongs elsewhere.
    #[error("a wrapped key was changed, or stands where it does not belong")]
    Tampered,
    /// No randomness for the nonce.
    #[error(transparent)]
    Randomness(#[from] NoRandomness),
    /// The key service did not do it.
    #[error("the key service does not answer")]
    Service(#[source] Box<dyn std::error::Error + Send + Sync>),
}

/// Wraps and unwraps the keys of subjects. `bound` says whose key it is: unwrapping it as another's fails.
pub trait MasterKey: Send + Sync {
    /// The master key that wraps.
    fn newest(&self) -> MasterKeyId;

    /// Whether keys wrapped by this master key can be unwrapped here.
    fn knows(&self, id: &MasterKeyId) -> bool;

    /// Wraps `key` with the newest master key.
    ///
    /// # Errors
    /// [`MasterKeyError::Randomness`] or [`MasterKeyError::Service`].
    fn wrap<'a>(
        &'a self,
        key: &'a DataKey,
        bound: &'a [u8],
    ) -> BoxFuture<'a, Result<Wrapped, MasterKeyError>>;

    /// Wraps many keys, each beside whose it is, in their order: all of them or none. A key service that wraps several at a time is
    /// asked once.
    ///
    /// # Errors
    /// As [`wrap`](Self::wrap).
    fn wrap_all<'a>(
        &'a self,
        keys: &'a [(&'a DataKey, Vec<u8>)],
    ) -> BoxFuture<'a, Result<Vec<Wrapped>, MasterKeyError>> {
        let each = keys.iter().map(|(key, bound)| self.wrap(key, bound));
        try_join_all(each).boxed()
    }

    /// Unwraps what [`wrap`](Self::wrap) made of a key, with the same `bound`.
    ///
    /// # Errors
    /// Any of [`MasterKeyError`].
    fn unwrap<'a>(
        &'a self,
        wrapped: &'a Wrapped,
        bound: &'a [u8],
    ) -> BoxFuture<'a, Result<DataKey, MasterKeyError>>;
}
