//! The mail server that letters are handed to.

use std::net::IpAddr;
use std::path::PathBuf;

use lettre::message::Mailbox;
use serde::{Deserialize, Serialize};

use super::SettingsError;
use super::error::unusable;
use super::source::secret_in;

/// What the setting is called.
const NAME: &str = "mail";

/// A mail server, and whom letters come from.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Mail {
    /// The server's name, as it stands in its certificate.
    pub host: String,
    /// Its port; the usual one for `security` when it is not set.
    #[serde(default)]
    pub port: Option<u16>,
    /// How what is said to it is kept from others.
    #[serde(default)]
    pub security: MailSecurity,
    /// Whom it knows this installation as; nobody when it asks for none.
    #[serde(default)]
    pub username: Option<String>,
    /// The file with the password that goes with it.
    #[serde(default)]
    pub password_file: Option<PathBuf>,
    /// Whom letters come from, like `Compacts <compacts@example.org>`.
    pub from: String,
}

/// How what is said to the mail server is kept from others on the way.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum MailSecurity {
    /// TLS from the first byte (port 465).
    #[default]
    Tls,
    /// TLS after a first word in clear; where the server does not offer that, nothing is sent (port 587).
    StartTls,
    /// Not at all: for a server on this very machine (port 25).
    None,
}

impl Mail {
    /// The server's port.
    pub fn port(&self) -> u16 {
        let usual = match self.security {
            MailSecurity::Tls => 465,
            MailSecurity::StartTls => 587,
            MailSecurity::None => 25,
        };
        self.port.unwrap_or(usual)
    }

    /// Name and password, where the server asks for them.
    ///
    /// # Errors
    /// [`SettingsError::Unusable`] when the password's file cannot be read.
    pub fn credentials(&self) -> Result<Option<(String, String)>, SettingsError> {
        match (&self.username, &self.password_file) {
            (Some(name), Some(file)) => Ok(Some((name.clone(), secret_in(NAME, file)?))),
            _ => Ok(None),
        }
    }

    /// Checks that letters could be sent, and that nobody on the way reads the links in them.
    pub(super) fn check(&self) -> Result<(), SettingsError> {
        let complaint = |problem: &str| Err(unusable(NAME, problem));
        if url::Host::parse(&self.host).is_err() {
            return complaint("needs `host`: a mail server's name, such as \"mail.example.org\"");
        }
        let address = self.host.parse::<IpAddr>();
        let here = self.host == "localhost" || address.is_ok_and(|at| at.is_loopback());
        if self.security == MailSecurity::None && !here {
            return complaint(
                "has `security` \"none\", which is for a mail server on this machine: others could read the links in \
                 letters. Leave it out, or say \"starttls\"",
            );
        }
        if self.username.is_some() != self.password_file.is_some() {
            return complaint("needs `username` and `password_file` together, or neither");
        }
        if self.from.parse::<Mailbox>().is_err() {
            return complaint(
                "needs `from`: whom letters come from, such as \"Compacts <compacts@example.org>\"",
            );
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn mail(host: &str, security: MailSecurity) -> Mail {
        Mail {
            host: host.to_owned(),
            port: None,
            security,
            username: None,
            password_file: None,
            from: "Compacts <compacts@example.org>".to_owned(),
        }
    }

    #[test]
    fn letters_are_sent_in_secret_or_to_this_machine_or_not_at_all() {
        let usual = mail("mail.example.org", MailSecurity::default());
        assert_eq!((usual.security, usual.port()), (MailSecurity::Tls, 465));
        for fine in [
            usual,
            mail("mail.example.org", MailSecurity::StartTls),
            mail("127.0.0.1", MailSecurity::None),
            mail("localhost", MailSecurity::None),
        ] {
            assert_eq!(fine.check().map_err(|error| error.to_string()), Ok(()));
        }
        let half = Mail {
            username: Some("compacts".to_owned()),
            ..mail("mail.example.org", MailSecurity::Tls)
        };
        let from_nobody = Mail {
            from: "nobody".to_owned(),
            ..mail("mail.example.org", MailSecurity::Tls)
        };
        for (wrong, word) in [
            (mail("mail.example.org", MailSecurity::None), "security"),
            (
                mail("localhost.example.org", MailSecurity::None),
                "security",
            ),
            (mail("", MailSecurity::Tls), "`host`"),
            (mail("mail.example.org/x", MailSecurity::Tls), "`host`"),
            (half, "together"),
            (from_nobody, "`from`"),
        ] {
            let said = wrong.check().expect_err(word).to_string();
            assert!(said.contains("`mail`") && said.contains(word), "{said}");
        }
    }
}
