//! Finding the PostgreSQL programs of this machine.
//!
//! Distributions keep them in different places, often several versions side by side and seldom on the `PATH`. The search
//! goes from what was said most plainly to what is merely usual, and prefers the version that made the data directory.

use std::{
    env, fs,
    path::{Path, PathBuf},
    process::Command,
};

use crate::error::ClusterError;

/// The oldest major version this software runs on.
pub const MINIMUM_VERSION: u32 = 15;

/// One installation of PostgreSQL: the folder of its programs and its major version.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Programs {
    bin_dir: PathBuf,
    major: u32,
}

impl Programs {
    /// The installation to use: of version `preferred` if that is given (a data directory opens with no other), else
    /// the first found from `bin_dir` or the environment's `PG_BIN`, the `PATH`, `/usr/lib/postgresql/*/bin` (newest first) and `pg_config`.
    ///
    /// # Errors
    /// [`ClusterError::ProgramsMissing`] if there is none of at least [`MINIMUM_VERSION`];
    /// [`ClusterError::ProgramUnusable`] if a folder is named and holds no usable programs.
    pub fn find(bin_dir: Option<&Path>, preferred: Option<u32>) -> Result<Self, ClusterError> {
        let from_environment = env::var_os("PG_BIN")
            .filter(|folder| !folder.is_empty())
            .map(PathBuf::from);
        if let Some(named) = bin_dir.or(from_environment.as_deref()) {
            let found = Self::in_folder(named)?;
            return if found.major >= MINIMUM_VERSION {
                Ok(found)
            } else {
                Err(missing(&[named.into()], &[found]))
            };
        }
        let folders = usual_folders();
        let (usable, older): (Vec<_>, Vec<_>) = folders
            .iter()
            .filter_map(|folder| Self::in_folder(folder).ok())
            .partition(|programs| programs.major >= MINIMUM_VERSION);
        usable
            .iter()
            .find(|programs| Some(programs.major) == preferred)
            .or(usable.first())
            .cloned()
            .ok_or_else(|| missing(&folders, &older))
    }

    /// The path of one program, such as `initdb`.
    pub fn path(&self, program: &str) -> PathBuf {
        self.bin_dir.join(program)
    }

    /// The folder the programs are in.
    pub fn bin_dir(&self) -> &Path {
        &self.bin_dir
    }

    /// The major version: 15, 16, ...
    pub fn major(&self) -> u32 {
        self.major
    }

    /// The installation in `folder`, whatever its version. Links are followed, so that one installation is one folder.
    fn in_folder(folder: &Path) -> Result<Self, ClusterError> {
        let server = folder.join("postgres");
        let unusable = |problem: String| ClusterError::ProgramUnusable {
            program: server.clone(),
            problem,
        };
        let real = fs::canonicalize(&server).map_err(|error| unusable(error.to_string()))?;
        let bin_dir = real.parent().unwrap_or(folder).to_path_buf();
        if !bin_dir.join("initdb").exists() {
            return Err(unusable("there is no `initdb` beside it".into()));
        }
        let output = Command::new(&real)
            .arg("--version")
            .output()
            .map_err(|error| unusable(error.to_string()))?;
        let said = String::from_utf8_lossy(&output.stdout);
        let major = major_version(&said)
            .ok_or_else(|| unusable(format!("its version is not clear from {said:?}")))?;
        Ok(Self { bin_dir, major })
    }
}

/// The major version in a line such as `postgres (PostgreSQL) 15.14 (Debian 15.14-0+deb12u1)`, or `17beta1`.
fn major_version(said: &str) -> Option<u32> {
    let version = said.split(' ').nth(2)?;
    let digits: String = version.chars().take_while(char::is_ascii_digit).collect();
    digits.parse().ok()
}

/// Where PostgreSQL usually is, best first, each folder once.
fn usual_folders() -> Vec<PathBuf> {
    let on_path = env::var_os("PATH")
        .map(|path| env::split_paths(&path).collect::<Vec<_>>())
        .unwrap_or_default();
    let mut folders: Vec<PathBuf> = on_path
        .into_iter()
        .filter(|folder| folder.join("postgres").exists())
        .collect();
    folders.extend(versioned_folders());
    folders.extend(
        [
            "/usr/local/pgsql/bin",
            "/usr/libexec/postgresql",
            "/opt/homebrew/bin",
        ]
        .map(PathBuf::from),
    );
    folders.extend(folder_from_pg_config());
    let mut seen = Vec::with_capacity(folders.len());
    for folder in folders {
        if !seen.contains(&folder) {
            seen.push(folder);
        }
    }
    seen
}

/// `/usr/lib/postgresql/<version>/bin`, newest first: where Debian keeps them.
fn versioned_folders() -> Vec<PathBuf> {
    let mut versions: Vec<u32> = fs::read_dir("/usr/lib/postgresql")
        .into_iter()
        .flatten()
        .flatten()
        .filter_map(|entry| entry.file_name().to_str()?.parse().ok())
        .collect();
    versions.sort_unstable_by(|a, b| b.cmp(a));
    versions
        .into_iter()
        .map(|version| PathBuf::from(format!("/usr/lib/postgresql/{version}/bin")))
        .collect()
}

/// The folder that `pg_config --bindir` names, if that program is there.
fn folder_from_pg_config() -> Option<PathBuf> {
    let output = Command::new("pg_config").arg("--bindir").output().ok()?;
    let folder = String::from_utf8(output.stdout).ok()?;
    Some(PathBuf::from(folder.trim())).filter(|folder| folder.is_absolute())
}

/// The refusal that says where we looked and what to run.
fn missing(looked: &[PathBuf], older: &[Programs]) -> ClusterError {
    let list = |words: Vec<String>| words.join(", ");
    let older = if older.is_empty() {
        String::new()
    } else {
        format!(
            "; found only version {}",
            list(
                older
                    .iter()
                    .map(|programs| programs.major.to_string())
                    .collect()
            )
        )
    };
    ClusterError::ProgramsMissing {
        looked: list(
            looked
                .iter()
                .map(|folder| folder.display().to_string())
                .collect(),
        ),
        older,
        install: install_command(),
    }
}

/// The one command that installs PostgreSQL here, by the package manager that is on the machine.
fn install_command() -> &'static str {
    [
        ("/usr/bin/apt-get", "sudo apt-get install -y postgresql"),
        ("/usr/bin/dnf", "sudo dnf install -y postgresql-server"),
        ("/sbin/apk", "sudo apk add postgresql"),
        ("/usr/bin/pacman", "sudo pacman -S postgresql"),
        ("/opt/homebrew/bin/brew", "brew install postgresql"),
    ]
    .into_iter()
    .find(|(manager, _)| Path::new(manager).exists())
    .map_or(
        "your package manager, package `postgresql`",
        |(_, command)| command,
    )
}

#[cfg(test)]
mod tests {
    use std::os::unix::fs::PermissionsExt;

    use super::*;

    /// A folder with an `initdb` and a `postgres` that says it is `version`.
    fn pretend_installation(version: &str) -> tempfile::TempDir {
        let folder = tempfile::tempdir().unwrap();
        for program in ["initdb", "postgres"] {
            let path = folder.path().join(program);
            fs::write(
                &path,
                format!("#!/bin/sh\necho 'postgres (PostgreSQL) {version}'\n"),
            )
            .unwrap();
            fs::set_permissions(&path, fs::Permissions::from_mode(0o755)).unwrap();
        }
        folder
    }

    #[test]
    fn the_major_version_is_read_from_releases_and_betas() {
        assert_eq!(
            major_version("postgres (PostgreSQL) 15.14 (Debian 15.14-0+deb12u1)\n"),
            Some(15)
        );
        assert_eq!(major_version("postgres (PostgreSQL) 17beta1\n"), Some(17));
        assert_eq!(major_version("bash: postgres: not found\n"), None);
    }

    #[test]
    fn this_machine_has_a_postgresql_we_can_use() {
        let programs = Programs::find(None, None).unwrap();
        assert!(programs.major() >= MINIMUM_VERSION);
        assert!(programs.path("initdb").exists());
    }

    #[test]
    fn a_named_folder_wins_over_the_usual_places() {
        let folder = pretend_installation("99.1");
        assert_eq!(
            Programs::find(Some(folder.path()), None).unwrap().major(),
            99
        );
    }

    #[test]
    fn a_version_too_old_is_refused_with_the_command_that_installs_a_newer_one() {
        let folder = pretend_installation("13.2");
        let refusal = Programs::find(Some(folder.path()), None)
            .unwrap_err()
            .to_string();
        assert!(refusal.contains("found only version 13"), "{refusal}");
        assert!(refusal.contains(install_command()), "{refusal}");
    }

    #[test]
    fn a_named_folder_without_programs_is_refused_by_name() {
        let folder = tempfile::tempdir().unwrap();
        let refusal = Programs::find(Some(folder.path()), None)
            .unwrap_err()
            .to_string();
        assert!(
            refusal.contains(&folder.path().display().to_string()),
            "{refusal}"
        );
    }
}
