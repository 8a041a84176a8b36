//! The private folder PostgreSQL's socket stands in.
//!
//! It is the only door to the cluster: whoever can open the folder is let in, so it is the account's alone (0700). A
//! socket's path may have 107 bytes at most. A data directory deeper than that gets a short folder elsewhere, and a link
//! to it, by which the next run finds and removes what a killed one left.

use std::{
    env, fs,
    os::unix::{
        ffi::OsStrExt,
        fs::{DirBuilderExt, symlink},
    },
    path::{Path, PathBuf},
};

use crate::{
    account::Account,
    error::ClusterError,
    home::{Home, SOCKET},
};

/// The port that names the socket's file. Nothing listens on the network.
pub(crate) const PORT: u16 = 5432;

/// The longest path a socket may have on Linux: `sun_path` is 108 bytes, the last of them zero.
const LONGEST_SOCKET_PATH: usize = 107;

/// What short folders are called, so that we only ever remove our own.
const SHORT_PREFIX: &str = "compacts-socket-";

/// The folder, there as long as this value lives.
#[derive(Debug)]
pub(crate) struct SocketFolder {
    path: PathBuf,
    link: Option<PathBuf>,
}

impl SocketFolder {
    /// Makes the folder afresh. Nothing of an earlier run may be using it any more.
    pub(crate) fn prepare(home: &Home, account: &Account) -> Result<Self, ClusterError> {
        let near = home.path().join(SOCKET);
        remove_earlier(&near)?;
        let folder = if fits(&near) {
            fs::DirBuilder::new()
                .mode(0o700)
                .create(&near)
                .map_err(ClusterError::io("make the folder", &near))?;
            Self {
                path: near,
                link: None,
            }
        } else {
            let path = make_short(account)?;
            let folder = Self {
                path,
                link: Some(near.clone()),
            };
            symlink(&folder.path, &near).map_err(ClusterError::io("make the link", near))?;
            folder
        };
        account.own(&folder.path)?;
        Ok(folder)
    }

    pub(crate) fn path(&self) -> &Path {
        &self.path
    }
}

impl Drop for SocketFolder {
    fn drop(&mut self) {
        // Left behind, it does no harm: the next run removes it.
        let _ = fs::remove_dir_all(&self.path);
        if let Some(link) = &self.link {
            let _ = fs::remove_file(link);
        }
    }
}

fn fits(folder: &Path) -> bool {
    let file = format!("/.s.PGSQL.{PORT}");
    folder.as_os_str().as_bytes().len() + file.len() <= LONGEST_SOCKET_PATH
}

/// A short private folder: in the session's own runtime folder if PostgreSQL runs as we do, else in `/tmp`.
fn make_short(account: &Account) -> Result<PathBuf, ClusterError> {
    let runtime = env::var_os("XDG_RUNTIME_DIR")
        .map(PathBuf::from)
        .filter(|_| !account.is_switched());
    let base = runtime
        .filter(|base| base.is_dir() && fits(&base.join(SHORT_PREFIX).join("XXXXXX")))
        .unwrap_or_else(|| PathBuf::from("/tmp"));
    tempfile::Builder::new()
        .prefix(SHORT_PREFIX)
        .tempdir_in(&base)
        .map(tempfile::TempDir::keep)
        .map_err(ClusterError::io("make a folder in", base))
}

fn remove_earlier(near: &Path) -> Result<(), ClusterError> {
    let Ok(found) = fs::symlink_metadata(near) else {
        return Ok(());
    };
    if !found.is_symlink() {
        return fs::remove_dir_all(near).map_err(ClusterError::io("remove the earlier", near));
    }
    let target = fs::read_link(near).map_err(ClusterError::io("read the link", near))?;
    let ours = target
        .file_name()
        .is_some_and(|name| name.to_string_lossy().starts_with(SHORT_PREFIX));
    if ours && target.is_dir() {
        fs::remove_dir_all(&target).map_err(ClusterError::io("remove the earlier", &target))?;
    }
    fs::remove_file(near).map_err(ClusterError::io("remove the link", near))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_deep_data_directory_gets_a_short_socket_folder_that_the_next_run_clears() {
        let top = tempfile::tempdir().unwrap();
        let deep = top.path().join("d".repeat(60)).join("e".repeat(60));
        let home = Home::take(&deep).unwrap();
        let account = Account::choose(None, &home.pgdata()).unwrap();

        let killed = SocketFolder::prepare(&home, &account).unwrap();
        assert!(fits(killed.path()), "{}", killed.path().display());
        let left_behind = killed.path().to_path_buf();
        std::mem::forget(killed);
        let next = SocketFolder::prepare(&home, &account).unwrap();

        assert!(!left_behind.exists());
        assert_eq!(fs::read_link(deep.join(SOCKET)).unwrap(), next.path());
        let path = next.path().to_path_buf();
        drop(next);
        assert!(!path.exists() && fs::symlink_metadata(deep.join(SOCKET)).is_err());
    }

    #[test]
    fn a_path_of_107_bytes_fits_and_one_of_108_does_not() {
        let file = "/.s.PGSQL.5432".len();
        assert!(fits(Path::new(&format!("/{}", "x".repeat(106 - file)))));
        assert!(!fits(Path::new(&format!("/{}", "x".repeat(107 - file)))));
    }
}
