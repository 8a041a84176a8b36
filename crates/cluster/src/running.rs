//! A cluster that another run keeps: found, so that a tool can work in it beside the server.
//!
//! Whoever holds the directory's lock has started PostgreSQL in it, and PostgreSQL's pid file says where the socket
//! is. Only that run's account and root can read the file and pass to the socket, so whoever finds the cluster this way
//! is one it lets in. Nothing here changes anything: the cluster stays its owner's, who may stop it at any time.

use std::{fs, path::Path};

use nix::unistd::Pid;

use crate::{DATABASE, home::PGDATA, leftovers::residents, url};

/// The cluster another run keeps in a data directory.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RunningCluster {
    url: String,
}

impl RunningCluster {
    /// The cluster in `data_dir`, if PostgreSQL takes connections there and we may see it.
    ///
    /// Ask only once [`Cluster::start`](crate::Cluster::start) found the directory
    /// [in use](crate::ClusterError::InUse): what a dead run left behind is not worth connecting to.
    pub fn find(data_dir: &Path) -> Option<Self> {
        let pgdata = data_dir.join(PGDATA);
        let text = fs::read_to_string(pgdata.join("postmaster.pid")).ok()?;
        let note = Note::read(&text)?;
        // The note may be a dead one's, whose id another program was given.
        residents(&pgdata).contains(&note.pid).then(|| Self {
            url: url(Path::new(note.socket_folder), DATABASE),
        })
    }

    /// The URL of the database [`DATABASE`], as of [`Cluster::url`](crate::Cluster::url).
    pub fn url(&self) -> &str {
        &self.url
    }
}

/// What a ready PostgreSQL notes of itself in `postmaster.pid`.
struct Note<'a> {
    pid: Pid,
    socket_folder: &'a str,
}

impl<'a> Note<'a> {
    /// One that is ready and has a socket; of any other there is none.
    fn read(text: &'a str) -> Option<Self> {
        let lines: Vec<&str> = text.lines().map(str::trim).collect();
        let [pid, _, _, _, socket_folder, _, _, "ready", ..] = lines[..] else {
            return None;
        };
        let pid = Pid::from_raw(pid.parse().ok()?);
        (!socket_folder.is_empty()).then_some(Self { pid, socket_folder })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const READY: &str = "42\n/srv/pgdata\n1700000000\n5432\n/srv/socket\n\n  12345 6\nready   \n";

    #[test]
    fn only_a_postgresql_that_is_ready_and_has_a_socket_counts() {
        let note = Note::read(READY).unwrap();
        assert_eq!((note.pid.as_raw(), note.socket_folder), (42, "/srv/socket"));
        for other in [
            READY.replace("ready", "starting"),
            READY.replace("ready", "stopping"),
            READY.replace("/srv/socket", ""),
            READY.replace("42", "nobody"),
            "42\n/srv/pgdata\n".to_owned(),
            String::new(),
        ] {
            assert!(Note::read(&other).is_none(), "{other}");
        }
    }

    #[test]
    fn the_note_of_a_dead_postgresql_leads_nowhere() {
        let folder = tempfile::tempdir().unwrap();
        fs::create_dir(folder.path().join(PGDATA)).unwrap();
        // Its id is a living program's now, and that is not PostgreSQL.
        let note = READY.replace("42", &std::process::id().to_string());
        fs::write(folder.path().join("pgdata/postmaster.pid"), note).unwrap();
        assert_eq!(RunningCluster::find(folder.path()), None);
    }
}
