//! What can go wrong with files: refused in words, or failed.

use domain::file::TAKEN;
use vault::{NoRandomness, VaultError};

/// Why content was not taken: what to tell whoever sent it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Refused {
    /// It is of a kind that is not taken.
    #[error("this kind of file is not taken: {TAKEN}")]
    OtherKind,
    /// There is nothing in it.
    #[error("this file is empty; choose one with something in it")]
    Empty,
    /// There is too much in it.
    #[error("this file is longer than 25 MB; choose a shorter one, or give a link to it")]
    TooLong,
    /// It did not come to its end.
    #[error("the file did not arrive whole; send it again")]
    Incomplete,
    /// The very same content was removed here before, for good.
    #[error("this file was removed from this compact for good, and is not taken again")]
    Removed,
    /// Too much lies there already that nothing refers to.
    #[error(
        "too many files lie here that nothing refers to yet; record what they belong to first, or send this one later: \
         those that are not used are cleared away"
    )]
    NoRoom,
    /// Too many arrive at once, or the same content is just being cleared away.
    #[error("too many files are arriving; try again in a moment")]
    Busy,
}

impl Refused {
    /// A code that stays the same when the words change.
    pub const fn code(self) -> &'static str {
        match self {
            Self::OtherKind => "OTHER_KIND_OF_FILE",
            Self::Empty => "EMPTY_FILE",
            Self::TooLong => "FILE_TOO_LONG",
            Self::Incomplete => "FILE_INCOMPLETE",
            Self::Removed => "FILE_REMOVED",
            Self::NoRoom => "NO_ROOM_FOR_FILES",
            Self::Busy => "BUSY",
        }
    }
}

/// Why files could not be worked with.
#[derive(Debug, thiserror::Error)]
pub enum FilesError {
    /// The database did not do it.
    #[error("what is known of files could not be read or written")]
    Database(#[from] sqlx::Error),
    /// The store did not do it.
    #[error("the store of files did not answer as it should")]
    Store(#[from] object_store::Error),
    /// The store could not be written to.
    #[error("the store of files could not be written to")]
    Writing(#[from] std::io::Error),
    /// The vault did not seal or open a file's key.
    #[error("the key of a file could not be sealed or opened")]
    Vault(#[from] VaultError),
    /// There is no randomness to be had.
    #[error(transparent)]
    NoRandomness(#[from] NoRandomness),
    /// What lies in the store is not what was put there.
    #[error("what lies in the store is not what was put there")]
    Tampered,
    /// Nothing lies in the store where something was put.
    #[error("nothing lies in the store where this file was put")]
    Missing,
    /// The cipher takes no more: not reached below 256 TB.
    #[error("there are more pieces than the cipher takes")]
    TooManyPieces,
    /// What the database says of a file does not fit together.
    #[error("what the database says of a file does not fit together: {0}")]
    Row(&'static str),
}
