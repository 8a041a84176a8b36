//! Settings: defaults, then `compacts.toml`, then `COMPACTS_…` in the environment, then options on
//! the command line; the later wins. Checked at start, each complaint naming its setting.

use std::net::SocketAddr;
use std::path::{Path, PathBuf};

use figment::Figment;
use figment::providers::{Env, Format, Serialized, Toml};
use serde::{Deserialize, Serialize};

/// Where the file is looked for when none is named.
pub const DEFAULT_FILE: &str = "compacts.toml";

/// Everything that can be set.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Settings {
    /// Where the private PostgreSQL cluster lives when no `database_url` is given.
    pub data_dir: PathBuf,
    /// A PostgreSQL 15 or later to use instead of a private cluster.
    pub database_url: Option<String>,
    /// The unprivileged user that PostgreSQL runs as when this program runs as root; found by itself
    /// when it is not set.
    pub postgres_user: Option<String>,
    /// Where HTTP is served. Loopback only, until there is access control.
    pub listen: SocketAddr,
    /// Where the recorder is, for a gateway that runs without one.
    pub recorder_url: Option<String>,
    /// Connections to the database, for each service.
    pub connections: u32,
    /// Writer tasks of the ledger.
    pub writers: usize,
    /// Commands that may wait for a writer before the sender is told to come back.
    pub queue: usize,
    /// Aggregates of each kind kept in memory.
    pub cached_aggregates: u64,
    /// How old the oldest entry not yet in the views may be, in seconds, before `/readyz` turns red.
    pub projection_lag_seconds: u64,
    /// How long requests may take to finish when the server stops, in seconds.
    pub drain_seconds: u64,
    /// `text` or `json`.
    pub log_format: telemetry::Format,
    /// What is logged, as `RUST_LOG` puts it.
    pub log: String,
}

impl Default for Settings {
    fn default() -> Self {
        Self {
            data_dir: PathBuf::from(".compacts"),
            database_url: None,
            postgres_user: None,
            listen: SocketAddr::from(([127, 0, 0, 1], 8080)),
            recorder_url: None,
            connections: 16,
            writers: 2,
            queue: 1024,
            cached_aggregates: 10_000,
            projection_lag_seconds: 30,
            drain_seconds: 20,
            log_format: telemetry::Format::Text,
            log: "info".to_owned(),
        }
    }
}

/// What is wrong with the settings.
#[derive(Debug, thiserror::Error)]
pub enum SettingsError {
    /// The file that was named is not there.
    #[error("there is no settings file at {}", .0.display())]
    NoFile(PathBuf),
    /// A setting has the wrong type, or there is no such setting.
    #[error("a setting cannot be read: {0}")]
    Unreadable(#[source] Box<figment::Error>),
    /// A setting has a value that cannot work.
    #[error("the setting `{name}` {problem}")]
    Unusable {
        /// The setting.
        name: &'static str,
        /// What is wrong and what would be right.
        problem: String,
    },
}

impl Settings {
    /// Reads the settings; `file` must exist when it is named.
    ///
    /// # Errors
    /// [`SettingsError`] names the file or the setting that is wrong.
    pub fn load(file: Option<&Path>) -> Result<Self, SettingsError> {
        if let Some(file) = file.filter(|file| !file.exists()) {
            return Err(SettingsError::NoFile(file.to_owned()));
        }
        let settings: Self = Figment::from(Serialized::defaults(Self::default()))
            .merge(Toml::file(file.unwrap_or(Path::new(DEFAULT_FILE))))
            .merge(Env::prefixed("COMPACTS_"))
            .extract()
            .map_err(|error| SettingsError::Unreadable(Box::new(error)))?;
        Ok(settings)
    }

    /// What is logged, and how.
    pub fn log(&self) -> telemetry::Settings {
        telemetry::Settings {
            format: self.log_format,
            filter: self.log.clone(),
        }
    }

    /// Checks that the values can work.
    ///
    /// # Errors
    /// [`SettingsError::Unusable`] names the first that cannot.
    pub fn check(&self) -> Result<(), SettingsError> {
        let complaint = |name, problem: &str| {
            Err(SettingsError::Unusable {
                name,
                problem: problem.to_owned(),
            })
        };
        if !self.listen.ip().is_loopback() {
            return complaint(
                "listen",
                "must be a loopback address such as 127.0.0.1:8080: there is no access control yet, \
                 so nobody on the network may reach this",
            );
        }
        if self.connections < 2 {
            return complaint("connections", "must be at least 2");
        }
        if self.writers == 0 || self.writers > 64 {
            return complaint("writers", "must be from 1 to 64");
        }
        if self.queue == 0 {
            return complaint("queue", "must be at least 1");
        }
        match &self.database_url {
            Some(url) if !url.starts_with("postgres://") && !url.starts_with("postgresql://") => {
                complaint(
                    "database_url",
                    "must begin with postgres:// or postgresql://",
                )
            }
            _ => Ok(()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_defaults_can_work() {
        assert!(Settings::default().check().is_ok());
    }

    #[test]
    fn a_setting_that_cannot_work_is_named() {
        let broken: [(&str, Settings); 5] = [
            (
                "listen",
                Settings {
                    listen: ([0, 0, 0, 0], 80).into(),
                    ..Settings::default()
                },
            ),
            (
                "connections",
                Settings {
                    connections: 1,
                    ..Settings::default()
                },
            ),
            (
                "writers",
                Settings {
                    writers: 0,
                    ..Settings::default()
                },
            ),
            (
                "queue",
                Settings {
                    queue: 0,
                    ..Settings::default()
                },
            ),
            (
                "database_url",
                Settings {
                    database_url: Some("mysql://x".to_owned()),
                    ..Settings::default()
                },
            ),
        ];
        for (name, settings) in broken {
            let error = settings.check().expect_err(name);
            assert!(error.to_string().contains(name), "{error}");
        }
    }

    #[test]
    fn a_misspelt_setting_is_named() {
        let folder = tempfile::tempdir().expect("a folder");
        let file = folder.path().join("compacts.toml");
        std::fs::write(&file, "writters = 3\n").expect("written");
        let error = Settings::load(Some(&file)).expect_err("refused");
        let SettingsError::Unreadable(cause) = error else {
            panic!("{error}")
        };
        assert!(cause.to_string().contains("writters"), "{cause}");
    }

    #[test]
    fn a_file_that_is_not_there_is_named() {
        let error = Settings::load(Some(Path::new("/nowhere/compacts.toml"))).expect_err("refused");
        assert!(error.to_string().contains("/nowhere/compacts.toml"));
    }
}
