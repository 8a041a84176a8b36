//! Seals personal data, and forgets it.
//!
//! Events are kept for ever and proved by their hashes; people have a right to be forgotten. Both hold because a name, an
//! address or a text that may name people is *sealed* before it is hashed: enciphered under a key that only its subject has.
//! Destroying that key erases the text wherever a copy of it stands, and changes no hash. How, and what it does not do, is told
//! in `docs/personal-data.md`.
//!
//! * [`Vault`] seals, unseals, and makes values that can be compared but not guessed.
//! * [`MasterKey`] wraps the keys; by default a file, [`MasterKeyFile`].
//! * [`Erasures`] erases a person or redacts a text, step by step, carried on after a crash.

mod ahead;
mod cipher;
mod context;
mod erasure;
mod error;
mod key;
mod keys;
mod master;
mod memory;
mod plain;
mod randomness;
mod rotation;
mod secret;
mod texts;
mod vault;

pub use context::Context;
pub use domain::ids::SubjectId;
pub use domain::sealed::Sealed;
pub use erasure::{
    Begun, Erasure, ErasureError, ErasureRequest, Erasures, NotErased, Purge, Step, StepFailed,
    SubjectKind, Tombstone,
};
pub use error::{OpenError, VaultError};
pub use key::DataKey;
pub use master::{
    MasterFileError, MasterKey, MasterKeyError, MasterKeyFile, MasterKeyId, NotAMasterKeyId,
    Wrapped,
};
pub use plain::{Plain, Unsealed};
pub use randomness::{NoRandomness, Randomness, SystemRandomness};
pub use rotation::Rewrapped;
pub use vault::{ToSeal, ToUnseal, Vault};
