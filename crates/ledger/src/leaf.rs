//! Leaves: the exact bytes that are stored, hashed and proved.
//!
//! A leaf is one byte naming the encoding, then the whole envelope as canonical JSON (RFC 8785).
//! The database's other columns only index it. Stored leaves never change; what reads them learns.
//!
//! The envelope, its fields in canonical order:
//!
//! | field | what it is |
//! |---|---|
//! | `actor` | who recorded it, an opaque reference |
//! | `causation` | the command that led to this one; absent if none did |
//! | `command` | the command, a UUID |
//! | `event_type` | such as `commitment.target_changed` |
//! | `ledger` | the ledger, a UUID |
//! | `meeting` | `group`, `held_on` and `id` of the meeting; absent if there was none |
//! | `occurred_on` | the date it was true, `YYYY-MM-DD` |
//! | `payload` | what happened, in the shape of its type and version |
//! | `position` | the place in the ledger, a number from 1 |
//! | `recorded_at` | RFC 3339 in UTC with six decimals: `2007-09-24T10:00:00.000000Z` |
//! | `role` | the actor's role |
//! | `schema_version` | the version of the payload's shape, a number |
//! | `stream` | kind and id: `commitment/6f9619ff-…` |
//! | `stream_version` | the place in the stream, a number from 1 |

mod cursor;
mod decode;
mod encode;

use std::fmt;

use domain::event::DecodeError;
use sha2::{Digest, Sha256};

pub use decode::{Envelope, decode, decode_as};
pub(crate) use encode::{Outline, Shared, stamp};

/// The encoding this build writes: canonical JSON of the envelope.
pub const ENCODING: u8 = 1;

/// Why a leaf could not be read.
#[derive(Debug, thiserror::Error)]
pub enum LeafError {
    /// The leaf has no bytes.
    #[error("the leaf is empty")]
    Empty,
    /// The first byte names an encoding this build does not know.
    #[error("leaf encoding {0} is not known to this build")]
    Encoding(u8),
    /// What follows is not an envelope.
    #[error("the leaf's envelope cannot be read")]
    Envelope(#[source] serde_json::Error),
    /// The event inside cannot be read.
    #[error(transparent)]
    Event(#[from] DecodeError),
}

/// The RFC 6962 hash of a leaf: SHA-256 over a zero byte and the leaf's bytes.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub struct LeafHash([u8; 32]);

impl LeafHash {
    /// Hashes a leaf.
    pub fn of(leaf: &[u8]) -> Self {
        let mut hasher = Sha256::new();
        hasher.update([0]);
        hasher.update(leaf);
        Self(hasher.finalize().into())
    }

    /// The hash as stored.
    pub const fn from_bytes(bytes: [u8; 32]) -> Self {
        Self(bytes)
    }

    /// The bytes to store.
    pub const fn as_bytes(&self) -> &[u8; 32] {
        &self.0
    }
}

impl fmt::Display for LeafHash {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for byte in self.0 {
            write!(f, "{byte:02x}")?;
        }
        Ok(())
    }
}

impl fmt::Debug for LeafHash {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "LeafHash({self})")
    }
}
