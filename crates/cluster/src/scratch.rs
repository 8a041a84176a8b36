//! A throwaway cluster in a temporary folder, for tests and for checking queries at build time.

use std::{
    env, fs,
    path::{Path, PathBuf},
    time::Duration,
};

use nix::unistd::Uid;

use crate::{Cluster, ClusterError, ClusterOptions, home};

const PREFIX: &str = "compacts-scratch-";

/// How old an unheld scratch folder must be before it counts as left behind and not as just being made.
const ABANDONED_AFTER: Duration = Duration::from_mins(2);

/// A [`Cluster`] and the temporary folder it is in; both go when this is stopped or dropped.
#[derive(Debug)]
pub struct ScratchCluster {
    // Before the folder: the server must be gone when its files go.
    cluster: Cluster,
    _folder: tempfile::TempDir,
}

impl ScratchCluster {
    /// Makes and starts one.
    ///
    /// Folders of scratch clusters that were killed are removed on the way.
    ///
    /// # Errors
    /// As [`Cluster::start`].
    pub async fn start() -> Result<Self, ClusterError> {
        tokio::task::spawn_blocking(Self::start_blocking)
            .await
            .map_err(|_| ClusterError::KeeperLost)?
    }

    fn start_blocking() -> Result<Self, ClusterError> {
        // The account PostgreSQL runs as when we are root may be shut out of root's own temporary folder.
        let base = if Uid::effective().is_root() {
            PathBuf::from("/tmp")
        } else {
            env::temp_dir()
        };
        let folder = tempfile::Builder::new()
            .prefix(PREFIX)
            .tempdir_in(&base)
            .map_err(ClusterError::io("make a folder in", &base))?;
        sweep(&base, folder.path());
        let options = ClusterOptions::scratch(folder.path());
        Ok(Self {
            cluster: Cluster::start_blocking(&options)?,
            _folder: folder,
        })
    }

    /// The running cluster.
    pub fn cluster(&self) -> &Cluster {
        &self.cluster
    }

    /// Stops the cluster and removes its folder.
    ///
    /// # Errors
    /// As [`Cluster::stop`].
    pub async fn stop(self) -> Result<(), ClusterError> {
        let Self {
            cluster,
            _folder: folder,
        } = self;
        cluster.stop().await?;
        let path = folder.path().to_path_buf();
        folder.close().map_err(ClusterError::io("remove", path))
    }
}

/// Removes folders of killed scratch clusters, by the age they have beside the one just made.
fn sweep(base: &Path, newest: &Path) {
    let made = |path: &Path| fs::metadata(path).and_then(|found| found.modified()).ok();
    let Some(now) = made(newest) else { return };
    for entry in fs::read_dir(base).into_iter().flatten().flatten() {
        let path = entry.path();
        let age = made(&path).and_then(|then| now.duration_since(then).ok());
        let ours = entry.file_name().to_string_lossy().starts_with(PREFIX);
        if ours && age.is_some_and(|age| age > ABANDONED_AFTER) && home::is_abandoned_scratch(&path)
        {
            tracing::info!(path = %path.display(), "removing a scratch cluster that was left behind");
            let _ = fs::remove_dir_all(&path);
        }
    }
}
