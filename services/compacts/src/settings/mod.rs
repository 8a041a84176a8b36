//! Settings: defaults, then `compacts.toml`, then `COMPACTS_…` in the environment, then options on
//! the command line; the later wins. Checked at start, each complaint naming its setting.

mod check;
mod error;
mod files;
mod mail;
mod openid;
mod set_up;
mod source;

use std::net::SocketAddr;
use std::path::{Path, PathBuf};

use figment::Figment;
use figment::providers::{Env, Serialized};
use gateway::{Pace, Paces, ProxyHeader};
use ipnet::IpNet;
use reminders::noticing::Terms;
use serde::{Deserialize, Serialize};

pub use error::SettingsError;
pub use files::FilesBucket;
pub use mail::{Mail, MailSecurity};
pub use openid::OpenIdProvider;

/// Where the file is looked for when none is named.
pub const DEFAULT_FILE: &str = "compacts.toml";

/// How many bytes a megabyte has here.
const MEGABYTE: u64 = 1024 * 1024;

/// What the environment's variables begin with.
const ENVIRONMENT: &str = "COMPACTS_";

/// Everything that can be set.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Settings {
    /// Where the private PostgreSQL cluster lives when no `database_url` is given.
    pub data_dir: PathBuf,
    /// A PostgreSQL 15 or later to use instead of a private cluster.
    pub database_url: Option<String>,
    /// The password of the services' own accounts in that database, when it asks for one that is not the owner's.
    pub service_password: Option<String>,
    /// Where the master key of personal data is; `master.key` in `data_dir` when it is not set.
    pub master_key_file: Option<PathBuf>,
    /// Where the content of files lies, sealed; `files` in `data_dir` when neither this nor a bucket is set.
    pub files_directory: Option<PathBuf>,
    /// A bucket of an S3-compatible service for the content of files, instead of a directory.
    pub files_bucket: Option<FilesBucket>,
    /// For how long a file that was uploaded may lie with nothing referring to it, in hours.
    pub unused_file_hours: u32,
    /// How much of what one account uploaded to a compact may lie there so, in megabytes.
    pub unused_megabytes_of_account: u32,
    /// How much of what anybody uploaded to a compact may.
    pub unused_megabytes_of_compact: u32,
    /// How many days before its due date an action is due soon.
    pub due_soon_days: u16,
    /// After how many days without a word a plan or a commitment is stale.
    pub stale_days: u16,
    /// How many days the minutes of a meeting may take to be circulated.
    pub minutes_days: u16,
    /// Where people find this installation: what the links that are sent to them begin with.
    pub public_url: String,
    /// After how long a session that nobody used has ended, in minutes.
    pub session_idle_minutes: u32,
    /// After how long since the sign-in a session has ended, used or not, in hours.
    pub session_hours: u32,
    /// How long an invitation can be taken up, in days.
    pub invitation_days: u32,
    /// How long a link to a new password works, in minutes.
    pub reset_minutes: u32,
    /// The mail server that letters are handed to; none are sent without one.
    pub mail: Option<Mail>,
    /// The OpenID providers that people may sign in with.
    pub openid_providers: Vec<OpenIdProvider>,
    /// Whether a database may be used that can lose what it called committed.
    pub allow_unsafe_database: bool,
    /// The unprivileged user that PostgreSQL runs as when this program runs as root; found by itself
    /// when it is not set.
    pub postgres_user: Option<String>,
    /// Where HTTP is served. Beyond loopback only for people who come by HTTPS, through a proxy.
    pub listen: SocketAddr,
    /// The networks of the proxies in front of this, whose word for who called them is believed.
    pub trusted_proxies: Vec<IpNet>,
    /// The header in which they say it.
    pub proxy_header: ProxyHeader,
    /// How many requests may come from one address.
    pub requests_of_address: Pace,
    /// How many requests one account may make.
    pub requests_of_account: Pace,
    /// How many requests may come with one token.
    pub requests_of_token: Pace,
    /// How many changes may be made to one compact.
    pub changes_of_compact: Pace,
    /// Whether those who are not signed in are answered the pages' own documents only.
    pub trusted_documents_only: bool,
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
        let paces = Paces::default();
        let accounts = accounts::Settings::default();
        let reminders = Terms::default();
        Self {
            data_dir: PathBuf::from(".compacts"),
            database_url: None,
            service_password: None,
            master_key_file: None,
            files_directory: None,
            files_bucket: None,
            unused_file_hours: 24,
            unused_megabytes_of_account: 250,
            unused_megabytes_of_compact: 1_000,
            due_soon_days: reminders.due_soon_days,
            stale_days: reminders.stale_days,
            minutes_days: reminders.minutes_days,
            public_url: "http://127.0.0.1:8080".to_owned(),
            session_idle_minutes: accounts.idle_minutes,
            session_hours: accounts.absolute_hours,
            invitation_days: accounts.invitation_days,
            reset_minutes: accounts.reset_minutes,
            mail: None,
            openid_providers: Vec::new(),
            allow_unsafe_database: false,
            postgres_user: None,
            listen: SocketAddr::from(([127, 0, 0, 1], 8080)),
            trusted_proxies: Vec::new(),
            proxy_header: ProxyHeader::default(),
            requests_of_address: paces.address,
            requests_of_account: paces.account,
            requests_of_token: paces.token,
            changes_of_compact: paces.ledger,
            trusted_documents_only: false,
            recorder_url: None,
            connections: 16,
            writers: 1,
            queue: 1024,
            cached_aggregates: 10_000,
            projection_lag_seconds: 30,
            drain_seconds: 20,
            log_format: telemetry::Format::Text,
            log: "info".to_owned(),
        }
    }
}

const PUBLIC_URL: &str = "must be where people find this installation, such as https://compacts.example.org, with nothing behind it";

impl Settings {
    /// Reads the settings; `file` must exist when it is named.
    ///
    /// # Errors
    /// [`SettingsError`] names the file or the setting that is wrong.
    pub fn load(file: Option<&Path>) -> Result<Self, SettingsError> {
        let shown = file.unwrap_or(Path::new(DEFAULT_FILE));
        Figment::from(Serialized::defaults(Self::default()))
            .merge(Serialized::defaults(source::read(file)?))
            .merge(Env::prefixed(ENVIRONMENT))
            .extract()
            .map_err(|error| SettingsError::of(error, shown))
    }
}

#[cfg(test)]
mod tests;
