//! Everything that can stop a private cluster from serving, each with what to do about it.

use std::{io, path::PathBuf, time::Duration};

/// Why a cluster could not be made, started or stopped.
///
/// The message is written for whoever runs the server, and ends with what to do; the cause, where the
/// operating system gave one, is in the source.
#[derive(Debug, thiserror::Error)]
pub enum ClusterError {
    /// No PostgreSQL programs of a version this software can use were found.
    #[error(
        "no PostgreSQL {minimum} or later was found (looked in {looked}{older}). \
         Install it with: {install} - or set PG_BIN to the folder that holds `initdb` and `postgres`",
        minimum = crate::programs::MINIMUM_VERSION
    )]
    ProgramsMissing {
        /// The folders that were searched, in order, as one line.
        looked: String,
        /// What was found and is too old, or nothing: `"; found only version 13"`.
        older: String,
        /// The one command that installs PostgreSQL on this machine.
        install: &'static str,
    },

    /// A PostgreSQL program is there but could not be run, or said something unexpected.
    #[error(
        "{} could not be used: {problem}. Set PG_BIN to the folder that holds `initdb` and `postgres`, or leave it \
         unset and they are looked for",
        program.display()
    )]
    ProgramUnusable {
        /// The program's path.
        program: PathBuf,
        /// What went wrong.
        problem: String,
    },

    /// The data directory was made by another major version than any on this machine.
    #[error(
        "{} was made by PostgreSQL {made_by}, and this machine has {available}. PostgreSQL cannot open another \
         version's files. Install PostgreSQL {made_by}, or move the data with pg_upgrade, or start with another data \
         directory",
        path.display()
    )]
    OtherVersion {
        /// The cluster's data directory.
        path: PathBuf,
        /// The version in the directory's `PG_VERSION` file.
        made_by: String,
        /// The major versions found on this machine, as one phrase.
        available: String,
    },

    /// Another run holds this data directory.
    #[error(
        "{} is in use by another run (process {holder}). Stop that one first, or give this one another data directory",
        path.display()
    )]
    InUse {
        /// The data directory.
        path: PathBuf,
        /// The process id the other run wrote into the lock file, or `unknown`.
        holder: String,
    },

    /// The data directory holds something that is not one of our clusters.
    #[error(
        "{} is neither empty nor a database cluster (it holds `{found}`). Nothing there was touched. Give an empty or \
         new folder, or move its contents away",
        path.display()
    )]
    NotACluster {
        /// The folder that was refused.
        path: PathBuf,
        /// One of the entries that do not belong.
        found: String,
    },

    /// A throwaway cluster was asked for over a durable one, or the other way round.
    #[error(
        "{} was made as a {made} cluster and cannot be opened as a {wanted} one. Use another data directory",
        path.display()
    )]
    OtherDurability {
        /// The data directory.
        path: PathBuf,
        /// How it was made: `durable` or `scratch`.
        made: &'static str,
        /// How it was asked for.
        wanted: &'static str,
    },

    /// The account PostgreSQL should run as does not exist.
    #[error(
        "PostgreSQL will not run as root, and there is no account `{account}` to run it as. Create it with: \
         useradd --system {account} - or name another account in the settings"
    )]
    NoAccount {
        /// The account's name.
        account: String,
    },

    /// Another account than ours was named, and only root can change accounts.
    #[error(
        "the settings ask to run PostgreSQL as `{account}`, which only root can do. Take the setting out, or start as \
         `{account}`"
    )]
    CannotSwitchAccount {
        /// The account's name.
        account: String,
    },

    /// The data directory belongs to another account.
    #[error(
        "{} belongs to another account ({owner}). Start as that account, or hand it over with: \
         chown -R {us} {}",
        path.display(),
        path.display()
    )]
    OwnedByAnother {
        /// The cluster's data directory.
        path: PathBuf,
        /// The owning account, by name where it has one.
        owner: String,
        /// The account we run as.
        us: String,
    },

    /// The data directory is another account's, and shut to ours.
    #[error(
        "this account may not look into {}. Do this as the account the server runs as, or as root",
        path.display()
    )]
    Shut {
        /// The data directory.
        path: PathBuf,
    },

    /// The account PostgreSQL runs as cannot reach a folder it needs.
    #[error(
        "account `{account}`, which PostgreSQL runs as, may not pass through {}. Allow it with: \
         chmod o+x {} - or put the data directory elsewhere",
        path.display(),
        path.display()
    )]
    Unreachable {
        /// The account's name.
        account: String,
        /// The first folder on the way that shuts it out.
        path: PathBuf,
    },

    /// The disk, or our share of it, is full.
    #[error("no space left on the disk that holds {}. Free some space there and start again", path.display())]
    DiskFull {
        /// A file or folder on that disk.
        path: PathBuf,
    },

    /// The operating system refused something.
    #[error("could not {doing} {}", path.display())]
    Io {
        /// What was tried, as a verb phrase.
        doing: &'static str,
        /// On what.
        path: PathBuf,
        /// What the operating system said.
        #[source]
        source: io::Error,
    },

    /// PostgreSQL could not make a new cluster.
    #[error("PostgreSQL could not make a new cluster in {}: {said}", path.display())]
    InitFailed {
        /// The data directory.
        path: PathBuf,
        /// The last lines it printed.
        said: String,
    },

    /// PostgreSQL ended while it was starting.
    #[error("PostgreSQL ended while starting in {} ({status}): {said}", path.display())]
    StartFailed {
        /// The cluster's data directory.
        path: PathBuf,
        /// How it ended.
        status: String,
        /// The last lines it printed.
        said: String,
    },

    /// PostgreSQL was not ready in time.
    #[error("PostgreSQL was not ready in {} within {waited:?} and was stopped again. It last said: {said}", path.display())]
    StartTimedOut {
        /// The cluster's data directory.
        path: PathBuf,
        /// The deadline that passed.
        waited: Duration,
        /// The last lines it printed.
        said: String,
    },

    /// A PostgreSQL left over from an earlier run would not end.
    #[error(
        "processes of an earlier run still hold {} ({pids}) and did not end when told to. End them, then start again",
        path.display()
    )]
    LeftoversRemain {
        /// The cluster's data directory.
        path: PathBuf,
        /// Their process ids, as one phrase.
        pids: String,
    },

    /// PostgreSQL did not stop when told to.
    #[error("PostgreSQL (process {pid}) did not stop within its deadline, not even when killed")]
    StopTimedOut {
        /// The postmaster's process id.
        pid: i32,
    },

    /// Work inside this process ended without an answer.
    #[error("the thread that looks after PostgreSQL ended without an answer")]
    KeeperLost,
}

impl ClusterError {
    /// Turns what the operating system said into the message that helps most.
    pub(crate) fn io(
        doing: &'static str,
        path: impl Into<PathBuf>,
    ) -> impl FnOnce(io::Error) -> Self {
        let path = path.into();
        move |source| match source.kind() {
            io::ErrorKind::StorageFull | io::ErrorKind::QuotaExceeded => Self::DiskFull { path },
            _ => Self::Io {
                doing,
                path,
                source,
            },
        }
    }

    /// The same, where being refused means that the data directory is not ours to look into.
    pub(crate) fn shut(data_dir: impl Into<PathBuf>) -> impl FnOnce(io::Error) -> Self {
        let path = data_dir.into();
        move |source| match source.kind() {
            io::ErrorKind::PermissionDenied => Self::Shut { path },
            _ => Self::io("look at", path)(source),
        }
    }

    /// Whether PostgreSQL's own words say that the disk is full.
    pub(crate) fn speaks_of_full_disk(said: &str) -> bool {
        ["No space left on device", "Disk quota exceeded"]
            .iter()
            .any(|words| said.contains(words))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_data_directory_shut_to_us_is_told_apart_from_one_that_cannot_be_read() {
        let refused = |code| ClusterError::shut("/srv")(io::Error::from_raw_os_error(code));
        assert!(matches!(refused(13), ClusterError::Shut { .. }));
        assert!(matches!(refused(5), ClusterError::Io { .. }));
    }

    #[test]
    fn a_full_disk_is_told_apart_from_other_refusals_of_the_operating_system() {
        let full = ClusterError::io("write", "/srv")(io::Error::from_raw_os_error(28));
        assert!(matches!(full, ClusterError::DiskFull { .. }), "{full}");
        let shut = ClusterError::io("write", "/srv")(io::ErrorKind::PermissionDenied.into());
        assert!(matches!(shut, ClusterError::Io { .. }), "{shut}");
        assert!(ClusterError::speaks_of_full_disk(
            "initdb: error: could not write: No space left on device"
        ));
        assert!(!ClusterError::speaks_of_full_disk(
            "initdb: error: invalid locale name"
        ));
    }
}
