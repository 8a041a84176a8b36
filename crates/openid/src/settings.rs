//! What is configured of a provider.

use std::fmt;

use openidconnect::IssuerUrl;
use serde::Deserialize;
use url::{Host, Url};

/// A provider whose word is taken.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ProviderSettings {
    /// What the button says: `Sign in with …`.
    pub name: String,
    /// The provider's address, exactly as its own document and its tokens write it.
    pub issuer: String,
    /// What the provider calls this installation.
    pub client_id: String,
    /// What this installation shows for itself; none for a public client.
    #[serde(default)]
    pub client_secret: Option<Secret>,
    /// Scopes asked for beyond `openid`, where the provider wants one for what it says of second factors.
    #[serde(default)]
    pub scopes: Vec<String>,
    /// How people are to be let in there (`acr_values`), where the provider goes by that; the first is liked best.
    #[serde(default)]
    pub levels: Vec<String>,
    /// Words of the token's `amr`, or its whole `acr`, that stand for a second factor which is taken in the place of ours, such
    /// as `mfa`; none if ours is asked for in any case.
    #[serde(default)]
    pub second_factor: Vec<String>,
}

/// A text that is not shown.
#[derive(Clone, Deserialize)]
#[serde(transparent)]
pub struct Secret(String);

impl Secret {
    /// Hides `text`.
    pub fn new(text: impl Into<String>) -> Self {
        Self(text.into())
    }

    /// The text.
    pub fn expose(&self) -> &str {
        &self.0
    }
}

impl fmt::Debug for Secret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Secret(not shown)")
    }
}

/// What is wrong with a provider's settings.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum SettingsError {
    /// The issuer is not an address.
    #[error(
        "“{0}” is not the address of an OpenID provider; write it as the provider does, like https://login.example.org"
    )]
    Issuer(String),
    /// What the provider answers could be changed on its way.
    #[error(
        "the OpenID provider {0} must be reached by https; http is for a provider on this machine"
    )]
    InTheClear(String),
    /// No provider can be asked from here.
    #[error("this machine cannot make TLS connections: {0}")]
    Tls(String),
    /// Something is left empty.
    #[error("the OpenID provider {issuer} needs a {field}")]
    Missing {
        /// Which provider.
        issuer: String,
        /// What is not there.
        field: &'static str,
    },
}

impl ProviderSettings {
    /// Whether a provider can be made of them.
    ///
    /// # Errors
    /// What is wrong with them.
    pub fn check(&self) -> Result<(), SettingsError> {
        self.checked().map(drop)
    }

    /// The address, looked over.
    pub(crate) fn checked(&self) -> Result<IssuerUrl, SettingsError> {
        let wrong = || SettingsError::Issuer(self.issuer.clone());
        let issuer = IssuerUrl::new(self.issuer.clone()).map_err(|_| wrong())?;
        if !issuer.url().has_host() || issuer.url().query().is_some() {
            return Err(wrong());
        }
        if !is_safe(issuer.url()) {
            return Err(SettingsError::InTheClear(self.issuer.clone()));
        }
        for (field, text) in [("name", &self.name), ("client_id", &self.client_id)] {
            if text.trim().is_empty() {
                let issuer = self.issuer.clone();
                return Err(SettingsError::Missing { issuer, field });
            }
        }
        Ok(issuer)
    }
}

/// Whether what is answered there cannot be changed on its way: https, or this very machine.
pub(crate) fn is_safe(url: &Url) -> bool {
    match (url.scheme(), url.host()) {
        ("https", Some(_)) => true,
        ("http", Some(Host::Domain(name))) => name == "localhost",
        ("http", Some(Host::Ipv4(address))) => address.is_loopback(),
        ("http", Some(Host::Ipv6(address))) => address.is_loopback(),
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn settings(issuer: &str) -> ProviderSettings {
        ProviderSettings {
            name: "Example".to_owned(),
            issuer: issuer.to_owned(),
            client_id: "compacts".to_owned(),
            client_secret: Some(Secret::new("open sesame")),
            scopes: Vec::new(),
            levels: Vec::new(),
            second_factor: Vec::new(),
        }
    }

    #[test]
    fn a_provider_is_reached_by_https_or_on_this_machine() {
        for fine in [
            "https://login.example.org",
            "https://login.example.org/realms/one",
            "http://127.0.0.1:4000",
            "http://[::1]:4000",
            "http://localhost:4000",
        ] {
            assert!(settings(fine).checked().is_ok(), "{fine}");
        }
        for clear in [
            "http://login.example.org",
            "http://10.0.0.1",
            "ftp://localhost",
        ] {
            let refused = settings(clear).checked();
            assert!(
                matches!(refused, Err(SettingsError::InTheClear(_))),
                "{clear}"
            );
        }
        for odd in [
            "",
            "login.example.org",
            "https://login.example.org?x=1",
            "data:x",
        ] {
            let refused = settings(odd).checked();
            assert!(matches!(refused, Err(SettingsError::Issuer(_))), "{odd}");
        }
    }

    #[test]
    fn what_is_left_empty_is_named() {
        let mut nameless = settings("https://login.example.org");
        nameless.client_id = " ".to_owned();
        let said = nameless.checked().expect_err("refused").to_string();
        assert!(said.ends_with("needs a client_id"), "{said}");
    }

    #[test]
    fn a_secret_is_not_shown() {
        let shown = format!("{:?}", settings("https://login.example.org"));
        assert!(!shown.contains("sesame"), "{shown}");
    }
}
