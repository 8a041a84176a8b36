//! What can go wrong in the vault.

use domain::ids::SubjectId;

use crate::master::{MasterKeyError, MasterKeyId};
use crate::randomness::NoRandomness;

/// Why the vault could not be opened.
#[derive(Debug, thiserror::Error)]
pub enum OpenError {
    /// Keys in this database were wrapped by a master key that is not here.
    #[error(
        "the personal data in this database is sealed under the master key {0}, which is not known here; bring the master \
         key file back from its backup"
    )]
    UnknownMasterKey(MasterKeyId),
    /// Anything else.
    #[error(transparent)]
    Vault(#[from] VaultError),
}

/// Why sealing, unsealing or erasing could not be done.
#[derive(Debug, thiserror::Error)]
pub enum VaultError {
    /// Erased, or being erased: nothing is sealed for it any more.
    #[error(
        "what is kept about {0} has been erased, so nothing more can be recorded about it; begin again with a new entry"
    )]
    Fenced(SubjectId),
    /// What stands there is not what was sealed there.
    #[error("sealed text of {0} was changed, or stands where it does not belong")]
    Tampered(SubjectId),
    /// There has never been a key: the keys were restored from a backup older than the text.
    #[error(
        "there is no key for {0}; the keys are older than what they should open: restore a newer backup of them"
    )]
    NoKey(SubjectId),
    /// The text is longer than can be sealed.
    #[error("the text is too long to be sealed")]
    TooLong,
    /// The wrapped key in the database is of a kind this build does not know.
    #[error("the key of {0} is of a kind this build does not know; run the newest release")]
    UnknownKeyVersion(SubjectId),
    /// The master key did not do its part.
    #[error(transparent)]
    Master(#[from] MasterKeyError),
    /// There is no randomness to be had.
    #[error(transparent)]
    Randomness(#[from] NoRandomness),
    /// The database did not do its part.
    #[error("the database with the keys does not answer as it should")]
    Store(#[from] sqlx::Error),
}
