//! The data directory: what is in it, who holds it, and how a cluster comes to be there.
//!
//! ```text
//! data_dir/
//!   lock        held (flock) by the run that uses the directory, with its process id
//!   pgdata/     the PostgreSQL data directory; complete from the moment it has this name
//!   making-*/   a cluster being made, or left half-made; renamed to pgdata when whole
//!   scratch     there only if the cluster was made for tests
//!   socket      where the socket is: a folder, or a link to a short one elsewhere
//! ```
//! Anything else in a directory without `pgdata` means that it is somebody else's, and it is left alone.

use std::{
    fs::{self, File, OpenOptions},
    io::{Read, Seek, Write},
    os::unix::fs::{DirBuilderExt, PermissionsExt},
    path::{Path, PathBuf},
};

use nix::{
    errno::Errno,
    fcntl::{Flock, FlockArg},
};

use crate::{error::ClusterError, options::Durability};

pub(crate) const LOCK: &str = "lock";
pub(crate) const PGDATA: &str = "pgdata";
pub(crate) const SOCKET: &str = "socket";
const MAKING: &str = "making-";
const SCRATCH: &str = "scratch";

/// A data directory we hold: no other run can use it while this value lives.
#[derive(Debug)]
pub(crate) struct Home {
    path: PathBuf,
    _lock: Flock<File>,
}

impl Home {
    /// Takes `path` for this run: makes it if need be, refuses it if it is another's, locks it.
    pub(crate) fn take(path: &Path) -> Result<Self, ClusterError> {
        make_private(path)?;
        let path = fs::canonicalize(path).map_err(ClusterError::io("find", path))?;
        refuse_strangers(&path)?;
        let lock = lock(&path)?;
        let home = Self { path, _lock: lock };
        home.sweep_half_made();
        Ok(home)
    }

    pub(crate) fn path(&self) -> &Path {
        &self.path
    }

    pub(crate) fn pgdata(&self) -> PathBuf {
        self.path.join(PGDATA)
    }

    /// The major version that made the cluster, as its `PG_VERSION` says; `None` if there is no cluster yet.
    ///
    /// # Errors
    /// [`ClusterError::NotACluster`] if `pgdata` is there without a version in it.
    pub(crate) fn made_by(&self) -> Result<Option<String>, ClusterError> {
        let pgdata = self.pgdata();
        if !pgdata.exists() {
            return Ok(None);
        }
        match fs::read_to_string(pgdata.join("PG_VERSION")) {
            Ok(version) if !version.trim().is_empty() => Ok(Some(version.trim().to_owned())),
            _ => Err(ClusterError::NotACluster {
                found: "no PG_VERSION file".into(),
                path: pgdata,
            }),
        }
    }

    /// Refuses to open a cluster with another durability than it was made with.
    ///
    /// Without `fsync`, one crash could ruin somebody's real data; and data that lived without it is not to be trusted.
    pub(crate) fn check_durability(&self, wanted: Durability) -> Result<(), ClusterError> {
        let made = if self.path.join(SCRATCH).exists() {
            Durability::Scratch
        } else {
            Durability::Durable
        };
        if made == wanted {
            return Ok(());
        }
        Err(ClusterError::OtherDurability {
            path: self.path.clone(),
            made: made.word(),
            wanted: wanted.word(),
        })
    }

    /// Marks the directory as one for tests, before a cluster is made in it.
    pub(crate) fn mark_scratch(&self) -> Result<(), ClusterError> {
        let mark = self.path.join(SCRATCH);
        fs::write(&mark, "made for tests: nothing here waits for the disk\n")
            .map_err(ClusterError::io("write", mark))
    }

    /// Lets another account pass through the directory to reach what it owns inside; it still may not list it.
    pub(crate) fn open_passage(&self) -> Result<(), ClusterError> {
        fs::set_permissions(&self.path, fs::Permissions::from_mode(0o711))
            .map_err(ClusterError::io("change the permissions of", &self.path))
    }

    /// An empty private folder to make a cluster in. It goes away when dropped, unless it became `pgdata`.
    pub(crate) fn staging(&self) -> Result<tempfile::TempDir, ClusterError> {
        tempfile::Builder::new()
            .prefix(MAKING)
            .tempdir_in(&self.path)
            .map_err(ClusterError::io("make a folder in", &self.path))
    }

    /// Gives a whole new cluster its name. From here on it counts as made, after a power cut too.
    pub(crate) fn adopt(&self, staging: tempfile::TempDir) -> Result<(), ClusterError> {
        let pgdata = self.pgdata();
        fs::rename(staging.path(), &pgdata)
            .map_err(ClusterError::io("rename the new cluster to", &pgdata))?;
        drop(staging.keep());
        let folder = File::open(&self.path).map_err(ClusterError::io("open", &self.path))?;
        folder
            .sync_all()
            .map_err(ClusterError::io("write to disk", &self.path))
    }

    /// Clears away what an interrupted first start left behind. It never was a cluster, so nothing is lost.
    fn sweep_half_made(&self) {
        for entry in fs::read_dir(&self.path).into_iter().flatten().flatten() {
            if entry.file_name().to_string_lossy().starts_with(MAKING) {
                tracing::info!(path = %entry.path().display(), "clearing away a half-made cluster");
                if let Err(error) = fs::remove_dir_all(entry.path()) {
                    tracing::warn!(path = %entry.path().display(), %error, "could not clear away a half-made cluster");
                }
            }
        }
    }
}

/// Makes the directory for us alone, and the folders above it as folders usually are.
fn make_private(path: &Path) -> Result<(), ClusterError> {
    if let Some(above) = path.parent().filter(|above| !above.as_os_str().is_empty()) {
        fs::create_dir_all(above).map_err(ClusterError::io("make the folder", above))?;
    }
    match fs::DirBuilder::new().mode(0o700).create(path) {
        Ok(()) => Ok(()),
        Err(_) if path.is_dir() => Ok(()),
        Err(error) => Err(ClusterError::io("make the folder", path)(error)),
    }
}

/// Refuses a directory that has no cluster and holds anything we did not put there.
fn refuse_strangers(path: &Path) -> Result<(), ClusterError> {
    if path.join(PGDATA).exists() {
        return Ok(());
    }
    for entry in fs::read_dir(path).map_err(ClusterError::io("list", path))? {
        let name = entry.map_err(ClusterError::io("list", path))?.file_name();
        let name = name.to_string_lossy();
        if ![LOCK, SCRATCH, SOCKET].contains(&&*name) && !name.starts_with(MAKING) {
            return Err(ClusterError::NotACluster {
                path: path.into(),
                found: name.into_owned(),
            });
        }
    }
    Ok(())
}

/// Locks the directory, and writes our process id where the next one to try will read it.
fn lock(path: &Path) -> Result<Flock<File>, ClusterError> {
    let file_path = path.join(LOCK);
    let file = OpenOptions::new()
        .read(true)
        .write(true)
        .create(true)
        .truncate(false)
        .open(&file_path)
        .map_err(ClusterError::shut(path))?;
    match Flock::lock(file, FlockArg::LockExclusiveNonblock) {
        Ok(mut lock) => {
            lock.set_len(0)
                .and_then(|()| lock.rewind())
                .and_then(|()| writeln!(lock, "{}", std::process::id()))
                .map_err(ClusterError::io("write the lock file", &file_path))?;
            Ok(lock)
        }
        Err((mut file, Errno::EWOULDBLOCK)) => {
            let mut holder = String::new();
            let holder = match file.read_to_string(&mut holder) {
                Ok(_) if !holder.trim().is_empty() => holder.trim().to_owned(),
                _ => "unknown".to_owned(),
            };
            Err(ClusterError::InUse {
                path: path.into(),
                holder,
            })
        }
        Err((_, errno)) => Err(ClusterError::io("lock", file_path)(errno.into())),
    }
}

/// Whether `path` is a scratch cluster's data directory that no run holds any more.
///
/// A directory that has no lock file yet is one being born, and is not abandoned.
pub(crate) fn is_abandoned_scratch(path: &Path) -> bool {
    path.join(SCRATCH).exists()
        && OpenOptions::new()
            .write(true)
            .open(path.join(LOCK))
            .is_ok_and(|file| Flock::lock(file, FlockArg::LockExclusiveNonblock).is_ok())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_directory_is_held_once_at_a_time() {
        let folder = tempfile::tempdir().unwrap();
        let held = Home::take(folder.path()).unwrap();
        let refusal = Home::take(folder.path()).unwrap_err();
        assert!(
            matches!(&refusal, ClusterError::InUse { holder, .. } if *holder == std::process::id().to_string()),
            "{refusal}"
        );
        drop(held);
        Home::take(folder.path()).unwrap();
    }

    #[test]
    fn a_directory_with_somebody_elses_files_is_refused_and_left_alone() {
        let folder = tempfile::tempdir().unwrap();
        fs::write(folder.path().join("accounts.xlsx"), "figures").unwrap();
        let refusal = Home::take(folder.path()).unwrap_err();
        assert!(
            matches!(&refusal, ClusterError::NotACluster { found, .. } if found == "accounts.xlsx"),
            "{refusal}"
        );
        assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 1);
    }

    #[test]
    fn a_data_folder_without_a_version_is_not_taken_for_a_cluster() {
        let folder = tempfile::tempdir().unwrap();
        fs::create_dir(folder.path().join(PGDATA)).unwrap();
        let home = Home::take(folder.path()).unwrap();
        assert!(matches!(
            home.made_by(),
            Err(ClusterError::NotACluster { .. })
        ));
    }

    #[test]
    fn what_an_interrupted_first_start_left_is_cleared_away() {
        let folder = tempfile::tempdir().unwrap();
        let half_made = folder.path().join("making-abc");
        fs::create_dir_all(half_made.join("base")).unwrap();
        let home = Home::take(folder.path()).unwrap();
        assert!(!half_made.exists());
        assert!(home.made_by().unwrap().is_none());
    }

    #[test]
    fn a_durable_directory_never_runs_without_fsync_nor_a_scratch_one_with_trust() {
        let folder = tempfile::tempdir().unwrap();
        let home = Home::take(folder.path()).unwrap();
        home.check_durability(Durability::Scratch).unwrap_err();
        home.mark_scratch().unwrap();
        home.check_durability(Durability::Scratch).unwrap();
        home.check_durability(Durability::Durable).unwrap_err();
    }

    #[test]
    fn only_a_scratch_directory_that_nobody_holds_counts_as_abandoned() {
        let folder = tempfile::tempdir().unwrap();
        assert!(!is_abandoned_scratch(folder.path()), "one being born");
        let home = Home::take(folder.path()).unwrap();
        home.mark_scratch().unwrap();
        assert!(!is_abandoned_scratch(folder.path()), "one in use");
        drop(home);
        assert!(is_abandoned_scratch(folder.path()));
        fs::remove_file(folder.path().join(SCRATCH)).unwrap();
        assert!(!is_abandoned_scratch(folder.path()), "a durable one");
    }
}
