//! Whether the settings can work. Each complaint names its setting, and what it must be.

use std::net::IpAddr;

use domain::file::MAX_FILE_BYTES;

use super::error::unusable;
use super::{FilesBucket, MEGABYTE, PUBLIC_URL, Settings, SettingsError, openid};

impl Settings {
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
}
