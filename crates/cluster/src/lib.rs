//! A private PostgreSQL cluster: made, started, watched and stopped.
//!
//! Small installations and tests should need no database set up. This crate runs one from the PostgreSQL programs on the
//! machine, in a folder of its own, reachable only through a socket in a private folder. It knows nothing of tables, and
//! no SQL library, so that it can serve the build that checks the SQL.
//!
//! ```no_run
//! # async fn example() -> Result<(), cluster::ClusterError> {
//! use cluster::{Cluster, ClusterOptions};
//!
//! let cluster = Cluster::start(ClusterOptions::durable(".compacts/postgres")).await?;
//! println!("connect to {}", cluster.url());
//! cluster.stop().await
//! # }
//! ```
//!
//! What it promises:
//! - a data directory holds a whole cluster or none, whenever making it was interrupted;
//! - one run at a time owns a data directory, and the second is told which process is the first; a tool can find what
//!   the first one runs, and work in it beside it;
//! - after any crash, of ours or of PostgreSQL, the next start clears what was left and recovers, or says what to do;
//! - a durable cluster never runs without `fsync`.

mod account;
mod error;
mod home;
mod leftovers;
mod making;
mod options;
mod postmaster;
mod programs;
mod running;
mod scratch;
mod socket;
mod waiting;

use std::{ffi::OsString, future::Future, path::Path, process::ExitStatus, time::Duration};

use nix::sys::signal::Signal;

use self::{account::Account, home::Home, postmaster::Postmaster, socket::SocketFolder};
pub use self::{
    error::ClusterError,
    options::{ClusterOptions, Durability},
    programs::{MINIMUM_VERSION, Programs},
    running::RunningCluster,
    scratch::ScratchCluster,
};

/// The database every cluster has from the start.
pub const DATABASE: &str = "compacts";

/// The superuser that owns it. Nothing but the socket's folder keeps others from being it.
pub const SUPERUSER: &str = "compacts";

/// A running PostgreSQL cluster that is ours alone.
///
/// Dropping it stops it too, but blocks the thread while it does; [`Cluster::stop`] is the orderly way.
#[derive(Debug)]
pub struct Cluster {
    // In the order in which they must go: the server, its socket, then the lock on the directory.
    postmaster: Postmaster,
    socket: SocketFolder,
    home: Home,
    programs: Programs,
    url: String,
    stop_signal: Signal,
    stop_deadline: Duration,
}

impl Cluster {
    /// Starts the cluster in `options.data_dir`, making it first if there is none, and returns when it takes connections.
    ///
    /// The work goes on in a thread if the future is dropped; what it then starts is stopped again.
    ///
    /// # Errors
    /// Every [`ClusterError`] but [`ClusterError::StopTimedOut`]; the message says what to do.
    pub async fn start(options: ClusterOptions) -> Result<Self, ClusterError> {
        tokio::task::spawn_blocking(move || Self::start_blocking(&options))
            .await
            .map_err(|_| ClusterError::KeeperLost)?
    }

    /// The same as [`Cluster::start`] for callers without a runtime.
    ///
    /// # Errors
    /// As [`Cluster::start`].
    pub fn start_blocking(options: &ClusterOptions) -> Result<Self, ClusterError> {
        let home = Home::take(&options.data_dir)?;
        let made_by = home.made_by()?;
        let programs = Programs::find(
            options.bin_dir.as_deref(),
            made_by.as_ref().and_then(|v| v.parse().ok()),
        )?;
        let account = Account::choose(options.run_as.as_deref(), &home.pgdata())?;
        if account.is_switched() {
            home.open_passage()?;
        }
        account.check_reach(&programs.path("postgres"), home.path())?;
        match made_by {
            Some(version) if version == programs.major().to_string() => {
                home.check_durability(options.durability)?;
                leftovers::clear(&home.pgdata(), options.stop_deadline)?;
                account.own_tree(&home.pgdata())?;
            }
            Some(made_by) => return Err(other_version(&home, made_by, &programs)),
            None => making::make(&home, &programs, &account, options.durability)?,
        }
        let socket = SocketFolder::prepare(&home, &account)?;
        Self::launch(home, programs, socket, &account, options)
    }

    /// Runs PostgreSQL over a whole cluster and waits until it is ready.
    fn launch(
        home: Home,
        programs: Programs,
        socket: SocketFolder,
        account: &Account,
        options: &ClusterOptions,
    ) -> Result<Self, ClusterError> {
        let (stop_signal, parent_death) = match options.durability {
            Durability::Durable => (Signal::SIGINT, "INT"),
            Durability::Scratch => (Signal::SIGQUIT, "QUIT"),
        };
        let mut command = postmaster::bound_to_parent(&programs.path("postgres"), parent_death);
        command
            .arg("-D")
            .arg(home.pgdata())
            .args(settings(options, socket.path()))
            .current_dir(home.path());
        account.apply(&mut command);
        postmaster::clean_environment(&mut command);
        let postmaster = Postmaster::spawn(command, home.path())?;
        let url = url(socket.path(), DATABASE);
        let cluster = Self {
            postmaster,
            socket,
            home,
            programs,
            url,
            stop_signal,
            stop_deadline: options.stop_deadline,
        };
        cluster.await_ready(options.start_deadline)?;
        tracing::info!(
            path = %cluster.home.path().display(),
            version = cluster.programs.major(),
            pid = cluster.postmaster.pid(),
            durability = options.durability.word(),
            "PostgreSQL is ready"
        );
        Ok(cluster)
    }

    fn await_ready(&self, deadline: Duration) -> Result<(), ClusterError> {
        let pgdata = self.home.pgdata();
        let ready = waiting::wait_until(deadline, || {
            if let Some(status) = self.postmaster.ended() {
                return Some(Err(self.start_failed(status)));
            }
            self.postmaster.is_ready(&pgdata).then_some(Ok(()))
        });
        ready.unwrap_or_else(|| {
            Err(ClusterError::StartTimedOut {
                path: pgdata,
                waited: deadline,
                said: self.postmaster.last_words(),
            })
        })
    }

    fn start_failed(&self, status: ExitStatus) -> ClusterError {
        let said = self.postmaster.last_words();
        let path = self.home.pgdata();
        if ClusterError::speaks_of_full_disk(&said) {
            return ClusterError::DiskFull { path };
        }
        ClusterError::StartFailed {
            path,
            status: status.to_string(),
            said,
        }
    }

    /// Whether a whole cluster has been made in `data_dir`. Looks, and makes nothing.
    ///
    /// # Errors
    /// [`ClusterError::Shut`] if we may not look there, [`ClusterError::Io`] if nobody can.
    pub fn is_made(data_dir: &Path) -> Result<bool, ClusterError> {
        let pgdata = data_dir.join(home::PGDATA);
        pgdata.try_exists().map_err(ClusterError::shut(data_dir))
    }

    /// The URL of the database [`DATABASE`], for `sqlx` and for `psql` alike.
    pub fn url(&self) -> &str {
        &self.url
    }

    /// The folder the socket is in: what `PGHOST` may be set to.
    pub fn socket_folder(&self) -> &Path {
        self.socket.path()
    }

    /// The PostgreSQL programs the cluster runs on.
    pub fn programs(&self) -> &Programs {
        &self.programs
    }

    /// The environment by which PostgreSQL's own programs, and `DATABASE_URL` readers, find this cluster.
    pub fn environment(&self) -> Vec<(&'static str, OsString)> {
        vec![
            ("DATABASE_URL", self.url.clone().into()),
            ("PGHOST", self.socket.path().into()),
            ("PGPORT", socket::PORT.to_string().into()),
            ("PGUSER", SUPERUSER.into()),
            ("PGDATABASE", DATABASE.into()),
        ]
    }

    /// Ends when PostgreSQL has ended, for whatever reason: a server without its database should stop, and say so.
    ///
    /// The future holds nothing of the cluster, so it can be awaited beside [`Cluster::stop`].
    pub fn ended(&self) -> impl Future<Output = ()> + Send + use<> {
        let mut status = self.postmaster.watch();
        async move {
            // An error means that the sender is gone, and the process with it.
            let _ = status.wait_for(Option::is_some).await;
        }
    }

    /// Stops PostgreSQL: open transactions are rolled back, everything is written out. Past the deadline it is made to
    /// stop abruptly; nothing committed is lost by that, the next start recovers.
    ///
    /// # Errors
    /// [`ClusterError::StopTimedOut`] if not even that ends it.
    pub async fn stop(self) -> Result<(), ClusterError> {
        tokio::task::spawn_blocking(move || self.stop_blocking())
            .await
            .map_err(|_| ClusterError::KeeperLost)?
    }

    /// The same as [`Cluster::stop`] for callers without a runtime.
    ///
    /// # Errors
    /// As [`Cluster::stop`].
    pub fn stop_blocking(self) -> Result<(), ClusterError> {
        self.postmaster.end(self.stop_signal, self.stop_deadline)
    }
}

impl Drop for Cluster {
    fn drop(&mut self) {
        if let Err(error) = self.postmaster.end(self.stop_signal, self.stop_deadline) {
            tracing::error!(%error, "could not stop PostgreSQL");
        }
    }
}

fn other_version(home: &Home, made_by: String, programs: &Programs) -> ClusterError {
    ClusterError::OtherVersion {
        path: home.pgdata(),
        made_by,
        available: format!("PostgreSQL {}", programs.major()),
    }
}

/// What must hold whatever `postgresql.conf` says: sockets only, durability, and a log without people's data in it.
fn settings(options: &ClusterOptions, socket_folder: &Path) -> Vec<OsString> {
    let folder = socket_folder.to_string_lossy().replace('"', "\"\"");
    let durable = if options.durability == Durability::Durable {
        "on"
    } else {
        "off"
    };
    let settings = [
        "listen_addresses=".to_owned(),
        format!("unix_socket_directories=\"{folder}\""),
        format!("port={}", socket::PORT),
        format!("max_connections={}", options.max_connections),
        format!("fsync={durable}"),
        format!("full_page_writes={durable}"),
        format!("synchronous_commit={durable}"),
        "logging_collector=off".to_owned(),
        "log_destination=stderr".to_owned(),
        "log_line_prefix=".to_owned(),
        "log_error_verbosity=terse".to_owned(),
        "log_min_error_statement=panic".to_owned(),
    ];
    settings
        .into_iter()
        .flat_map(|setting| ["-c".into(), setting.into()])
        .collect()
}

/// A connection URL over the socket in `folder`, which is percent-encoded.
fn url(folder: &Path, database: &str) -> String {
    use std::{fmt::Write, os::unix::ffi::OsStrExt};

    let mut encoded = String::new();
    for byte in folder.as_os_str().as_bytes() {
        if byte.is_ascii_alphanumeric() || b"-._~".contains(byte) {
            encoded.push(char::from(*byte));
        } else {
            // Writing to a string cannot fail.
            let _ = write!(encoded, "%{byte:02X}");
        }
    }
    format!(
        "postgres://{SUPERUSER}@localhost:{}/{database}?host={encoded}",
        socket::PORT
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_url_survives_a_folder_with_spaces_and_signs() {
        assert_eq!(
            url(Path::new("/srv/a b&c"), "compacts"),
            "postgres://compacts@localhost:5432/compacts?host=%2Fsrv%2Fa%20b%26c"
        );
    }

    #[test]
    fn a_durable_cluster_is_told_to_wait_for_the_disk_and_a_scratch_one_is_not() {
        let has = |options: &ClusterOptions, setting: &str| {
            settings(options, Path::new("/s")).contains(&OsString::from(setting))
        };
        assert!(has(&ClusterOptions::durable("x"), "fsync=on"));
        assert!(has(&ClusterOptions::scratch("x"), "fsync=off"));
    }
}
