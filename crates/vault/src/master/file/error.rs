//! Why a master key file cannot serve, in words for whoever runs the program.

use std::io;
use std::path::Path;

use crate::randomness::NoRandomness;

/// Why the file cannot serve. Each says what to do.
#[derive(Debug, thiserror::Error)]
pub enum MasterFileError {
    /// Others may read or write it.
    #[error(
        "others on this machine may use the master key file {path} (its mode is {mode:03o}); if nobody has read it, run: chmod 600 {path}"
    )]
    Loose {
        /// The file.
        path: String,
        /// Its permissions.
        mode: u32,
    },
    /// It is another account's.
    #[error(
        "the master key file {path} belongs to account {owner}, but this runs as {runs_as}; give it to the account that serves with: chown {runs_as} {path}"
    )]
    NotOurs {
        /// The file.
        path: String,
        /// Its owner.
        owner: u32,
        /// Who we are.
        runs_as: u32,
    },
    /// It is a folder, a device or the like, or far too large.
    #[error("{0} is not a master key file; name another, or move it away and a new one is made")]
    NotAFile(String),
    /// A line is not a key.
    #[error(
        "line {line} of the master key file {path} is not an id and a key of 32 bytes in base64; bring the file back from its backup"
    )]
    NotAKey {
        /// The file.
        path: String,
        /// The line, from 1.
        line: usize,
    },
    /// A key is not the one its id says.
    #[error(
        "the key on line {line} of the master key file {path} is damaged; bring the file back from its backup"
    )]
    Damaged {
        /// The file.
        path: String,
        /// The line, from 1.
        line: usize,
    },
    /// There is no key in it.
    #[error("the master key file {0} has no key in it; bring it back from its backup")]
    Empty(String),
    /// It cannot be read or written.
    #[error(
        "the master key file {path} cannot be used; see that its folder exists and that this account may write there"
    )]
    Io {
        /// The file.
        path: String,
        /// What the system said.
        #[source]
        source: io::Error,
    },
    /// No randomness for a new key.
    #[error(transparent)]
    Randomness(#[from] NoRandomness),
}

impl MasterFileError {
    /// What the system said of this file.
    pub(super) fn io(path: &Path) -> impl FnOnce(io::Error) -> Self {
        let path = shown(path);
        move |source| Self::Io { path, source }
    }
}

/// A file, as it is named in a message.
pub(super) fn shown(path: &Path) -> String {
    path.display().to_string()
}
