//! The account PostgreSQL runs as.
//!
//! PostgreSQL refuses to run as root, and rightly. When we are root it runs as an unprivileged account, which then has to
//! own the data and be able to reach it; when we are not, it runs as we do and there is nothing to arrange.

use std::{
    fs, io,
    os::unix::{
        fs::{MetadataExt, lchown},
        process::CommandExt,
    },
    path::{Path, PathBuf},
    process::{Command, Stdio},
};

use nix::unistd::{Gid, Uid, User};

use crate::error::ClusterError;

/// Who PostgreSQL runs as: ourselves, or another account we switch to.
#[derive(Debug, Clone)]
pub(crate) struct Account {
    name: String,
    uid: Uid,
    gid: Gid,
    switched: bool,
}

impl Account {
    /// Chooses the account for the cluster in `pgdata`, which need not be there yet.
    ///
    /// As root: the one named, else the owner of `pgdata` if that is not root, else `postgres`, else `nobody`.
    pub(crate) fn choose(named: Option<&str>, pgdata: &Path) -> Result<Self, ClusterError> {
        let us = Uid::effective();
        let owner = fs::metadata(pgdata)
            .ok()
            .map(|found| Uid::from_raw(found.uid()));
        if us.is_root() {
            return match (named, owner) {
                (Some(name), _) => Self::by_name(name),
                (None, Some(owner)) if !owner.is_root() => Ok(Self::by_id(owner)),
                (None, _) => Self::by_name("postgres").or_else(|_| Self::by_name("nobody")),
            };
        }
        let ourselves = Self {
            switched: false,
            ..Self::by_id(us)
        };
        match (named, owner) {
            (Some(name), _) if name != ourselves.name => Err(ClusterError::CannotSwitchAccount {
                account: name.into(),
            }),
            (_, Some(owner)) if owner != us => Err(ClusterError::OwnedByAnother {
                path: pgdata.into(),
                owner: Self::by_id(owner).name,
                us: ourselves.name,
            }),
            _ => Ok(ourselves),
        }
    }

    fn by_name(name: &str) -> Result<Self, ClusterError> {
        match User::from_name(name) {
            Ok(Some(user)) if !user.uid.is_root() => Ok(Self::of(user)),
            _ => Err(ClusterError::NoAccount {
                account: name.into(),
            }),
        }
    }

    /// The account of a user id; one without a name (usual in containers) goes by its number.
    fn by_id(uid: Uid) -> Self {
        match User::from_uid(uid) {
            Ok(Some(user)) => Self::of(user),
            _ => Self {
                name: uid.to_string(),
                uid,
                gid: Gid::from_raw(uid.as_raw()),
                switched: true,
            },
        }
    }

    fn of(user: User) -> Self {
        Self {
            name: user.name,
            uid: user.uid,
            gid: user.gid,
            switched: true,
        }
    }

    /// Whether PostgreSQL runs as somebody else than we do.
    pub(crate) fn is_switched(&self) -> bool {
        self.switched
    }

    /// Makes `command` run as this account, without any of our other groups.
    pub(crate) fn apply(&self, command: &mut Command) {
        if self.switched {
            command.uid(self.uid.as_raw()).gid(self.gid.as_raw());
        }
    }

    /// Hands one file or folder to this account.
    pub(crate) fn own(&self, path: &Path) -> Result<(), ClusterError> {
        if !self.switched {
            return Ok(());
        }
        lchown(path, Some(self.uid.as_raw()), Some(self.gid.as_raw()))
            .map_err(ClusterError::io("change the owner of", path))
    }

    /// Hands a whole tree to this account, unless its top is this account's already.
    pub(crate) fn own_tree(&self, top: &Path) -> Result<(), ClusterError> {
        let owner = fs::metadata(top)
            .map_err(ClusterError::io("look at", top))?
            .uid();
        if !self.switched || owner == self.uid.as_raw() {
            return Ok(());
        }
        tracing::info!(path = %top.display(), account = %self.name, "handing the data directory to the account PostgreSQL runs as");
        self.own_below(top)?;
        self.own(top)
    }

    fn own_below(&self, folder: &Path) -> Result<(), ClusterError> {
        for entry in fs::read_dir(folder).map_err(ClusterError::io("list", folder))? {
            let entry = entry.map_err(ClusterError::io("list", folder))?;
            let path = entry.path();
            if entry
                .file_type()
                .map_err(ClusterError::io("look at", &path))?
                .is_dir()
            {
                self.own_below(&path)?;
            }
            self.own(&path)?;
        }
        Ok(())
    }

    /// Proves that this account can run `program` and stand in `folder`, by doing both.
    pub(crate) fn check_reach(&self, program: &Path, folder: &Path) -> Result<(), ClusterError> {
        let mut probe = Command::new(program);
        probe
            .arg("--version")
            .current_dir(folder)
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .stderr(Stdio::null());
        self.apply(&mut probe);
        match probe.status() {
            Ok(_) => Ok(()),
            Err(source) => {
                let shut = [program, folder]
                    .into_iter()
                    .find_map(|path| self.first_shut_folder(path));
                Err(match shut {
                    Some(path) if source.kind() == io::ErrorKind::PermissionDenied => {
                        ClusterError::Unreachable {
                            account: self.name.clone(),
                            path,
                        }
                    }
                    _ => ClusterError::io("start PostgreSQL in", folder)(source),
                })
            }
        }
    }

    /// The topmost folder on the way to `path` that this account may not pass through.
    fn first_shut_folder(&self, path: &Path) -> Option<PathBuf> {
        let mut way: Vec<&Path> = path.ancestors().collect();
        way.reverse();
        way.into_iter()
            .find(|folder| {
                fs::metadata(folder).is_ok_and(|found| found.is_dir() && !self.may_pass(&found))
            })
            .map(Path::to_path_buf)
    }

    fn may_pass(&self, folder: &fs::Metadata) -> bool {
        let bit = if folder.uid() == self.uid.as_raw() {
            0o100
        } else if folder.gid() == self.gid.as_raw() {
            0o010
        } else {
            0o001
        };
        folder.mode() & bit != 0
    }
}
