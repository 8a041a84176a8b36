//! What the parts of the house are set up with.

use std::path::PathBuf;
use std::sync::Arc;

use ::files::{Room, Whereabouts};
use axum::http::Uri;
use axum::http::uri::Authority;
use domain::clock::Clock;
use gateway::{Hops, Paces};
use reminders::noticing::Terms;
use url::Url;
use web::Providers;

use super::error::unusable;
use super::{MEGABYTE, PUBLIC_URL, Settings, SettingsError, openid};

impl Settings {
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

    /// How much may lie in a compact that nothing refers to.
    pub fn room(&self) -> Room {
        let bytes = |megabytes: u32| u64::from(megabytes) * MEGABYTE;
        Room {
            of_account: bytes(self.unused_megabytes_of_account),
            of_compact: bytes(self.unused_megabytes_of_compact),
        }
    }

    /// After how long what is noticed.
    pub const fn reminders(&self) -> Terms {
        Terms {
            due_soon_days: self.due_soon_days,
            stale_days: self.stale_days,
            minutes_days: self.minutes_days,
        }
    }
}
