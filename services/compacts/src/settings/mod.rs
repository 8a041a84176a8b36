//! Settings: defaults, then `compacts.toml`, then `COMPACTS_…` in the environment, then options on
//! the command line; the later wins. Checked at start, each complaint naming its setting.

mod error;
mod files;
mod mail;
mod openid;

use std::net::{IpAddr, SocketAddr};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use ::files::{Room, Whereabouts};
use axum::http::Uri;
use axum::http::uri::Authority;
use domain::clock::Clock;
use domain::file::MAX_FILE_BYTES;
use figment::Figment;
use figment::providers::{Env, Serialized};
use gateway::{Hops, Pace, Paces, ProxyHeader};
use ipnet::IpNet;
use reminders::noticing::Terms;
use serde::{Deserialize, Serialize};
use url::Url;
use web::Providers;

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

fn unusable(name: &'static str, problem: &str) -> SettingsError {
    SettingsError::Unusable {
        name,
        problem: problem.to_owned(),
    }
}

/// The secret in the file that a setting names, without the line's end that editors leave. What is wrong with it is told without
/// it.
fn secret_in(name: &'static str, file: &Path) -> Result<String, SettingsError> {
    let text = std::fs::read_to_string(file).map_err(|error| {
        let problem = format!(
            "names the secret's file {}, which cannot be read: {error}",
            file.display()
        );
        unusable(name, &problem)
    })?;
    let secret = text.trim_end_matches(['\r', '\n']);
    if secret.is_empty() {
        let problem = format!("names the secret's file {}, which is empty", file.display());
        return Err(unusable(name, &problem));
    }
    Ok(secret.to_owned())
}

/// What the settings file says; nothing when none is named and none is there.
fn read(file: Option<&Path>) -> Result<toml::Table, SettingsError> {
    let path = file.unwrap_or(Path::new(DEFAULT_FILE));
    let text = match std::fs::read_to_string(path) {
        Ok(text) => text,
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => {
            return match file {
                Some(file) => Err(SettingsError::NoFile(file.to_owned())),
                None => Ok(toml::Table::new()),
            };
        }
        Err(cause) => {
            let file = path.to_owned();
            return Err(SettingsError::Unreadable { file, cause });
        }
    };
    text.parse().map_err(|error: toml::de::Error| {
        let start = error.span().map_or(0, |span| span.start);
        SettingsError::NotToml {
            file: path.to_owned(),
            line: text[..start].matches('\n').count() + 1,
            problem: error
                .message()
                .lines()
                .next()
                .unwrap_or_default()
                .to_owned(),
        }
    })
}

impl Settings {
    /// Reads the settings; `file` must exist when it is named.
    ///
    /// # Errors
    /// [`SettingsError`] names the file or the setting that is wrong.
    pub fn load(file: Option<&Path>) -> Result<Self, SettingsError> {
        let shown = file.unwrap_or(Path::new(DEFAULT_FILE));
        Figment::from(Serialized::defaults(Self::default()))
            .merge(Serialized::defaults(read(file)?))
            .merge(Env::prefixed(ENVIRONMENT))
            .extract()
            .map_err(|error| SettingsError::of(error, shown))
    }

    /// How often one may ask.
    pub const fn paces(&self) -> Paces {
        Paces {
            address: self.requests_of_address,
            account: self.requests_of_account,
            token: self.requests_of_token,
            ledger: self.changes_of_compact,
        }
    }

    /// Whether people come by HTTPS, through a proxy in front of this.
    pub fn https(&self) -> bool {
        self.public_url.starts_with("https://")
    }

    /// Whom a connection speaks for.
    pub fn hops(&self) -> Hops {
        Hops {
            trusted: self.trusted_proxies.clone(),
            header: self.proxy_header,
        }
    }

    /// What people call this installation: the host of `public_url`, and the port where it is not the usual one.
    ///
    /// # Errors
    /// [`SettingsError::Unusable`] when it has none.
    pub fn public_host(&self) -> Result<Authority, SettingsError> {
        let url = self.public_url.parse::<Uri>().ok();
        let named = url.filter(|url| matches!(url.path(), "" | "/") && url.query().is_none());
        let host = named.and_then(|url| url.authority().cloned());
        host.filter(|host| !host.as_str().contains('@'))
            .ok_or_else(|| unusable("public_url", PUBLIC_URL))
    }

    /// The limits accounts live under.
    pub fn accounts(&self) -> accounts::Settings {
        accounts::Settings {
            idle_minutes: self.session_idle_minutes,
            absolute_hours: self.session_hours,
            invitation_days: self.invitation_days,
            reset_minutes: self.reset_minutes,
            ..accounts::Settings::default()
        }
    }

    /// Checks that nobody stays signed in, and no link works, for no time at all or for ever.
    fn check_accounts(&self) -> Result<(), SettingsError> {
        for (name, set, most, unit) in [
            (
                "session_idle_minutes",
                self.session_idle_minutes,
                24 * 60,
                "minutes",
            ),
            ("session_hours", self.session_hours, 7 * 24, "hours"),
            ("invitation_days", self.invitation_days, 60, "days"),
            ("reset_minutes", self.reset_minutes, 24 * 60, "minutes"),
        ] {
            if set == 0 || set > most {
                return Err(unusable(name, &format!("must be from 1 to {most} {unit}")));
            }
        }
        Ok(())
    }

    /// The OpenID providers, and where browsers come back to from them.
    ///
    /// # Errors
    /// [`SettingsError::Unusable`] when one of them cannot be used, or its secret cannot be read.
    pub fn providers(&self, clock: &Arc<dyn Clock>) -> Result<Providers, SettingsError> {
        let opened = openid::open(&self.openid_providers, clock)?;
        let url = Url::parse(&self.public_url);
        let providers = url.and_then(|url| Providers::new(&url, opened));
        providers.map_err(|_| unusable("public_url", PUBLIC_URL))
    }

    /// Checks that people can sign in at `public_url`, and nobody can listen in when they do.
    fn check_public_url(&self) -> Result<(), SettingsError> {
        let host = self.public_host()?;
        let secure = match self.public_url.split_once("://") {
            Some(("https", _)) => true,
            Some(("http", _)) => false,
            _ => return Err(unusable("public_url", PUBLIC_URL)),
        };
        let bare = host.host().trim_start_matches('[').trim_end_matches(']');
        let here = bare == "localhost" || bare.parse::<IpAddr>().is_ok_and(|at| at.is_loopback());
        if !secure && !here {
            return Err(unusable(
                "public_url",
                "must begin with https:// unless it is this machine itself: browsers keep nobody signed in over a \
                 connection that others can listen in on",
            ));
        }
        if !self.listen.ip().is_loopback() && !secure {
            return Err(unusable(
                "listen",
                "must be a loopback address such as 127.0.0.1:8080 until `public_url` begins with https://: \
                 passwords would cross the network for everybody to read. Let a proxy with a certificate stand in front",
            ));
        }
        Ok(())
    }

    /// What is logged, and how.
    pub fn log(&self) -> telemetry::Settings {
        telemetry::Settings {
            format: self.log_format,
            filter: self.log.clone(),
        }
    }

    /// Where the master key of personal data is.
    pub fn master_key_file(&self) -> PathBuf {
        let usual = || self.data_dir.join("master.key");
        self.master_key_file.clone().unwrap_or_else(usual)
    }

    /// Where the content of files lies.
    ///
    /// # Errors
    /// [`SettingsError::Unusable`] when a bucket could not be used, or its secret cannot be read.
    pub fn files(&self) -> Result<Whereabouts, SettingsError> {
        let usual = || self.data_dir.join("files");
        Ok(match &self.files_bucket {
            Some(bucket) => Whereabouts::S3(bucket.open()?),
            None => Whereabouts::Directory(self.files_directory.clone().unwrap_or_else(usual)),
        })
    }

    /// After how long what is noticed.
    pub const fn reminders(&self) -> Terms {
        Terms {
            due_soon_days: self.due_soon_days,
            stale_days: self.stale_days,
            minutes_days: self.minutes_days,
        }
    }

    /// Checks that what is noticed is noticed while somebody remembers it.
    fn check_reminders(&self) -> Result<(), SettingsError> {
        for (name, set) in [
            ("due_soon_days", self.due_soon_days),
            ("stale_days", self.stale_days),
            ("minutes_days", self.minutes_days),
        ] {
            if set == 0 || set > 1_000 {
                return Err(unusable(name, "must be from 1 to 1000 days"));
            }
        }
        Ok(())
    }

    /// How much may lie in a compact that nothing refers to.
    pub fn room(&self) -> Room {
        let bytes = |megabytes: u32| u64::from(megabytes) * MEGABYTE;
        Room {
            of_account: bytes(self.unused_megabytes_of_account),
            of_compact: bytes(self.unused_megabytes_of_compact),
        }
    }

    /// Checks that files lie in one place, and not for no time at all or for ever.
    fn check_files(&self) -> Result<(), SettingsError> {
        if self.files_directory.is_some() && self.files_bucket.is_some() {
            let problem =
                "and `files_bucket` are both set: files lie in one place; leave one of them out";
            return Err(unusable("files_directory", problem));
        }
        if self.unused_file_hours == 0 || self.unused_file_hours > 24 * 90 {
            let problem = "must be from 1 to 2160 hours";
            return Err(unusable("unused_file_hours", problem));
        }
        let room = [
            (
                "unused_megabytes_of_account",
                self.unused_megabytes_of_account,
            ),
            (
                "unused_megabytes_of_compact",
                self.unused_megabytes_of_compact,
            ),
        ];
        let longest = u32::try_from(MAX_FILE_BYTES / MEGABYTE).unwrap_or(u32::MAX);
        if let Some((name, _)) = room.into_iter().find(|(_, room)| *room < longest) {
            let problem = "must be 25 or more: the longest file has 25 MB";
            return Err(unusable(name, problem));
        }
        self.files_bucket
            .as_ref()
            .map_or(Ok(()), FilesBucket::check)
    }

    /// Checks that the values can work.
    ///
    /// # Errors
    /// [`SettingsError::Unusable`] names the first that cannot.
    pub fn check(&self) -> Result<(), SettingsError> {
        let complaint = |name, problem: &str| Err(unusable(name, problem));
        self.check_public_url()?;
        self.check_accounts()?;
        openid::check(&self.openid_providers)?;
        self.check_files()?;
        self.check_reminders()?;
        if let Some(mail) = &self.mail {
            mail.check()?;
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
        let not_http = |url: &String| !url.starts_with("http://") && !url.starts_with("https://");
        if self.recorder_url.as_ref().is_some_and(not_http) {
            return complaint(
                "recorder_url",
                "must be where a recorder listens, such as http://127.0.0.1:8081",
            );
        }
        match &self.database_url {
            Some(url) if !url.starts_with("postgres://") && !url.starts_with("postgresql://") => {
                complaint(
                    "database_url",
                    "must begin with postgres:// or postgresql://, such as postgres://compacts@localhost/compacts",
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
        let broken: [(&str, Settings); 7] = [
            (
                "reset_minutes",
                Settings {
                    reset_minutes: 0,
                    ..Settings::default()
                },
            ),
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
                "public_url",
                Settings {
                    public_url: "compacts.example.org".to_owned(),
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
    fn what_is_set_for_accounts_is_what_they_live_under() {
        let settings = Settings {
            session_idle_minutes: 5,
            session_hours: 2,
            invitation_days: 3,
            reset_minutes: 20,
            ..Settings::default()
        };
        let limits = settings.accounts();
        assert_eq!((limits.idle_minutes, limits.absolute_hours), (5, 2));
        assert_eq!((limits.invitation_days, limits.reset_minutes), (3, 20));
        let too_long = Settings {
            session_hours: 7 * 24 + 1,
            ..Settings::default()
        };
        let refused = too_long.check().expect_err("longer than a week");
        assert!(refused.to_string().contains("`session_hours`"), "{refused}");
        let usual = Settings::default().accounts();
        assert_eq!(usual, accounts::Settings::default());
    }

    #[test]
    fn others_on_the_network_are_served_only_where_nobody_can_listen_in() {
        let settings = |listen: &str, public_url: &str| Settings {
            listen: listen.parse().expect("an address"),
            public_url: public_url.to_owned(),
            ..Settings::default()
        };
        for (listen, public_url) in [
            ("0.0.0.0:8080", "https://compacts.example.org"),
            ("127.0.0.1:8080", "https://compacts.example.org/"),
            ("127.0.0.1:8080", "http://localhost:8080"),
            ("[::1]:8080", "http://[::1]:8080"),
        ] {
            let checked = settings(listen, public_url).check();
            assert!(checked.is_ok(), "{listen} {public_url}: {checked:?}");
        }
        for (listen, public_url, named) in [
            ("0.0.0.0:8080", "http://localhost:8080", "`listen`"),
            (
                "127.0.0.1:8080",
                "http://compacts.example.org",
                "`public_url`",
            ),
            (
                "127.0.0.1:8080",
                "http://localhost.example.org",
                "`public_url`",
            ),
            (
                "127.0.0.1:8080",
                "https://x.example.org/compacts",
                "`public_url`",
            ),
            ("127.0.0.1:8080", "https://x.example.org?a", "`public_url`"),
            ("127.0.0.1:8080", "https://a@x.example.org", "`public_url`"),
            ("127.0.0.1:8080", "ftp://x.example.org", "`public_url`"),
            ("127.0.0.1:8080", "https://", "`public_url`"),
        ] {
            let refused = settings(listen, public_url).check();
            let refused = refused.expect_err(public_url).to_string();
            assert!(refused.contains(named), "{refused}");
        }
    }

    /// The complaint about a file that says this.
    fn complaint(text: &str) -> String {
        let folder = tempfile::tempdir().expect("a folder");
        let file = folder.path().join("compacts.toml");
        std::fs::write(&file, text).expect("written");
        Settings::load(Some(&file))
            .expect_err("refused")
            .to_string()
    }

    #[test]
    fn a_misspelt_setting_is_named_with_those_there_are() {
        let said = complaint("writters = 3\n");
        assert!(
            said.starts_with("there is no setting `writters` ("),
            "{said}"
        );
        assert!(
            said.contains("compacts.toml); there are data_dir, "),
            "{said}"
        );
    }

    #[test]
    fn a_value_of_the_wrong_kind_is_told_what_it_must_be() {
        for (text, named, wanted) in [
            ("writers = \"three\"", "`writers`", "a whole number"),
            ("queue = -1", "`queue`", "a whole number"),
            ("listen = \"localhost\"", "`listen`", "127.0.0.1:8080"),
            ("data_dir = 7", "`data_dir`", "text"),
            (
                "trusted_proxies = [\"proxy\"]",
                "`trusted_proxies",
                "10.0.0.0/8",
            ),
            (
                "trusted_proxies = \"10.0.0.1\"",
                "`trusted_proxies",
                "10.0.0.0/8",
            ),
            ("proxy_header = \"via\"", "`proxy_header`", "\"forwarded\""),
            (
                "requests_of_token = { per_second = 5, burst = 0 }",
                "`requests_of_token",
                "1 or more",
            ),
            (
                "changes_of_compact = 50",
                "`changes_of_compact`",
                "per_second = 50",
            ),
            ("mail = \"mail.example.org\"", "`mail`", "host ="),
            (
                "mail = { host = \"mail.example.org\", from = \"x@example.org\", security = \"some\" }",
                "`mail.security`",
                "starttls",
            ),
            ("openid_providers = 7", "`openid_providers`", "a list"),
            (
                "openid_providers = [{ key = \"council\" }]",
                "`openid_providers",
                "client_id",
            ),
            ("log_format = \"xml\"", "`log_format`", "\"json\""),
            (
                "allow_unsafe_database = 1",
                "`allow_unsafe_database`",
                "true or false",
            ),
        ] {
            let said = complaint(text);
            assert!(said.contains(named) && said.contains(wanted), "{said}");
        }
    }

    #[test]
    fn a_file_that_is_not_toml_is_named_with_its_line() {
        let said = complaint("writers = 2\nqueue = = 3\n");
        assert!(said.contains("line 2:"), "{said}");
    }

    #[test]
    fn a_file_that_is_not_there_or_cannot_be_read_is_named() {
        let error = Settings::load(Some(Path::new("/nowhere/compacts.toml"))).expect_err("refused");
        assert!(error.to_string().contains("/nowhere/compacts.toml"));
        let folder = tempfile::tempdir().expect("a folder");
        let error = Settings::load(Some(folder.path())).expect_err("refused");
        assert!(error.to_string().contains("cannot be read"), "{error}");
    }

    /// The example file: as it stands, and with every setting it explains switched on.
    const EXAMPLE: &str = include_str!("../../../../deploy/compacts.toml");

    fn example(text: &str) -> Settings {
        let folder = tempfile::tempdir().expect("a folder");
        let file = folder.path().join("compacts.toml");
        std::fs::write(&file, text).expect("written");
        Settings::load(Some(&file)).expect("it can be read")
    }

    #[test]
    fn the_example_file_changes_nothing_and_explains_every_setting_at_its_default() {
        assert_eq!(example(EXAMPLE), Settings::default());
        let switched_on = EXAMPLE
            .lines()
            .map(|line| line.strip_prefix("# ").unwrap_or(line))
            .filter(|line| {
                line.split_once(" = ")
                    .is_some_and(|(name, _)| !name.contains(' '))
            });
        let switched_on: Vec<&str> = switched_on.collect();
        let all = example(&switched_on.join("\n"));
        let in_one_place = Settings {
            files_directory: None,
            ..all.clone()
        };
        assert!(in_one_place.check().is_ok());
        let said = all.check().expect_err("files in two places").to_string();
        assert!(said.contains("`files_directory`"), "{said}");
        // The ones without a default are explained by an example; the others stand at theirs.
        assert!(
            all.database_url.is_some()
                && all.service_password.is_some()
                && all.master_key_file.is_some()
                && all.postgres_user.is_some()
                && all.recorder_url.is_some()
                && all.openid_providers.len() == 1
                && all.mail.is_some()
                && all.files_directory.is_some()
                && all.files_bucket.is_some()
        );
        let unset = Settings {
            database_url: None,
            service_password: None,
            master_key_file: None,
            postgres_user: None,
            recorder_url: None,
            openid_providers: Vec::new(),
            mail: None,
            files_directory: None,
            files_bucket: None,
            ..all
        };
        assert_eq!(unset, Settings::default());
        let serde_json::Value::Object(settings) =
            serde_json::to_value(Settings::default()).expect("settings")
        else {
            panic!("settings are not an object")
        };
        let explained: std::collections::BTreeSet<&str> = switched_on
            .iter()
            .filter_map(|line| line.split_once(" = ").map(|(name, _)| name))
            .collect();
        let settings: std::collections::BTreeSet<&str> =
            settings.keys().map(String::as_str).collect();
        assert_eq!(
            explained, settings,
            "a setting and its explanation go together"
        );
    }
}
