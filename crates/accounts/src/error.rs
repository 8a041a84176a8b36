//! What can go wrong wherever accounts are used.

use crate::chance::NoRandomness;
use crate::password::{HashingError, WeakPassword};
use crate::sealing::SealingError;

/// The accounts cannot be worked with just now; nobody was refused, nothing was decided.
#[derive(Debug, thiserror::Error)]
pub enum StoreError {
    /// The database does not answer, or not as it should.
    #[error("the accounts cannot be read or written just now")]
    Database(#[from] sqlx::Error),
    /// The vault does not seal or open.
    #[error(transparent)]
    Sealing(#[from] SealingError),
    /// No password could be hashed; [`HashingError::Busy`] means: try again in a few seconds.
    #[error(transparent)]
    Hashing(#[from] HashingError),
    /// No secret could be made.
    #[error(transparent)]
    NoRandomness(#[from] NoRandomness),
    /// A row holds what this program would never have written.
    #[error("a row of the accounts cannot be understood: {0}")]
    Unreadable(&'static str),
    /// A task of our own broke off.
    #[error("work on an account broke off")]
    Broken(#[source] tokio::task::JoinError),
}

/// Why something about an account was not done. Its words are for whoever administers accounts, or for the owner.
#[derive(Debug, thiserror::Error)]
pub enum AccountError {
    /// Another account has this e-mail address.
    #[error("there is an account with this e-mail address already")]
    EmailTaken,
    /// There is no such account, or it is not in a state in which this can be done.
    #[error("there is no account that this can be done to")]
    NoSuchAccount,
    /// The name is empty or longer than anybody's.
    #[error("give a name of 1 to 200 characters")]
    Name,
    /// The current password was not right.
    #[error("the current password is not right")]
    WrongPassword,
    /// Too many attempts.
    #[error(transparent)]
    TryLater(#[from] crate::throttle::RetryAfter),
    /// The new password is not good enough.
    #[error(transparent)]
    WeakPassword(#[from] WeakPassword),
    /// The sign-in is too long ago for this, or the second factor is missing.
    #[error("sign in again first: this needs a fresh sign-in")]
    SignInAgain,
    /// See there.
    #[error(transparent)]
    Store(#[from] StoreError),
}

macro_rules! through_the_store {
    ($($from:ty),+ => $to:ty) => {$(
        impl From<$from> for $to {
            fn from(error: $from) -> Self {
                Self::Store(error.into())
            }
        }
    )+};
}
pub(crate) use through_the_store;

through_the_store! { sqlx::Error, SealingError, HashingError, NoRandomness => AccountError }
