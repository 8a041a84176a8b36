//! The OpenID providers that people may sign in with.

use std::collections::BTreeSet;
use std::path::PathBuf;
use std::sync::Arc;

use domain::clock::Clock;
use openid::{Provider, ProviderSettings, Secret};
use serde::{Deserialize, Serialize};

use super::SettingsError;
use super::error::unusable;
use super::source::secret_in;

/// What the setting is called.
const NAME: &str = "openid_providers";

/// The longest key.
const LONGEST_KEY: usize = 40;

/// A provider, as it is set.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct OpenIdProvider {
    /// What it is called in the address browsers come back to, `/sign-in/openid/<key>/back`: small letters, digits and `-`.
    pub key: String,
    /// What the button says: `Sign in with …`.
    pub name: String,
    /// The provider's address, exactly as its own document and its tokens write it.
    pub issuer: String,
    /// What the provider calls this installation.
    pub client_id: String,
    /// The file with what this installation shows for itself; none for a public client.
    #[serde(default)]
    pub client_secret_file: Option<PathBuf>,
    /// Scopes asked for beyond `openid`.
    #[serde(default)]
    pub scopes: Vec<String>,
    /// How people are to be let in there (`acr_values`).
    #[serde(default)]
    pub levels: Vec<String>,
    /// Words of the token's `amr`, or its whole `acr`, that are taken for a second factor.
    #[serde(default)]
    pub second_factor: Vec<String>,
}

impl OpenIdProvider {
    fn settings(&self, client_secret: Option<Secret>) -> ProviderSettings {
        ProviderSettings {
            name: self.name.clone(),
            issuer: self.issuer.clone(),
            client_id: self.client_id.clone(),
            client_secret,
            scopes: self.scopes.clone(),
            levels: self.levels.clone(),
            second_factor: self.second_factor.clone(),
        }
    }

    /// Reads the secret, without the line's end that editors leave.
    fn secret(&self) -> Result<Option<Secret>, SettingsError> {
        let Some(file) = &self.client_secret_file else {
            return Ok(None);
        };
        secret_in(NAME, file).map(|text| Some(Secret::new(text)))
    }
}

/// Checks that these could be signed in with, without asking any of them.
pub(super) fn check(providers: &[OpenIdProvider]) -> Result<(), SettingsError> {
    let (mut keys, mut issuers) = (BTreeSet::new(), BTreeSet::new());
    for provider in providers {
        let key = &provider.key;
        let plain = |byte: u8| matches!(byte, b'a'..=b'z' | b'0'..=b'9' | b'-');
        if key.is_empty() || key.len() > LONGEST_KEY || !key.bytes().all(plain) {
            let problem = format!(
                "names a provider by the key “{key}”: it must be 1 to {LONGEST_KEY} small letters, digits and `-`, because it \
                 stands in an address"
            );
            return Err(unusable(NAME, &problem));
        }
        if !keys.insert(key) || !issuers.insert(&provider.issuer) {
            let problem = format!("names “{key}” or its issuer twice; each must be there once");
            return Err(unusable(NAME, &problem));
        }
        let checked = provider.settings(None).check();
        checked.map_err(|error| unusable(NAME, &format!("cannot be used: {error}")))?;
    }
    Ok(())
}

/// The providers, each by its key. None of them is asked anything yet.
///
/// # Errors
/// [`SettingsError::Unusable`] when one of them cannot be, or its secret's file cannot be read.
pub(super) fn open(
    providers: &[OpenIdProvider],
    clock: &Arc<dyn Clock>,
) -> Result<Vec<(String, Provider)>, SettingsError> {
    let open = |provider: &OpenIdProvider| {
        let settings = provider.settings(provider.secret()?);
        let opened = Provider::new(settings, Arc::clone(clock));
        let opened = opened.map_err(|error| unusable(NAME, &format!("cannot be used: {error}")))?;
        Ok((provider.key.clone(), opened))
    };
    providers.iter().map(open).collect()
}

#[cfg(test)]
mod tests {
    use domain::clock::SystemClock;

    use super::*;

    fn provider(key: &str, issuer: &str) -> OpenIdProvider {
        OpenIdProvider {
            key: key.to_owned(),
            name: "Example Council".to_owned(),
            issuer: issuer.to_owned(),
            client_id: "compacts".to_owned(),
            ..OpenIdProvider::default()
        }
    }

    const ISSUER: &str = "https://login.example.org";

    fn refused(providers: &[OpenIdProvider], word: &str) {
        let said = check(providers).expect_err(word).to_string();
        assert!(said.contains("`openid_providers`"), "{said}");
        assert!(said.contains(word), "{said}");
    }

    #[test]
    fn a_provider_has_a_key_of_its_own_and_an_issuer_of_its_own() {
        let other = "https://login.example.net";
        let two = [provider("council", ISSUER), provider("nhs-2", other)];
        assert!(check(&two).is_ok());
        for odd in ["", "Council", "a/b", "a b", "..", &"a".repeat(41)] {
            refused(&[provider(odd, ISSUER)], "by the key");
        }
        let one = provider("council", ISSUER);
        refused(&[one.clone(), provider("council", other)], "twice");
        refused(&[one, provider("other", ISSUER)], "twice");
        refused(&[provider("council", "http://login.example.org")], "https");
    }

    #[test]
    fn a_secret_is_read_without_the_end_of_its_line_and_a_file_without_one_is_refused() {
        let folder = tempfile::tempdir().expect("a folder");
        let file = folder.path().join("secret");
        let mut one = provider("council", ISSUER);
        one.client_secret_file = Some(file.clone());
        let clock: Arc<dyn Clock> = Arc::new(SystemClock);
        let opened = |one: &OpenIdProvider| open(std::slice::from_ref(one), &clock).map(drop);
        let said = opened(&one).expect_err("not there").to_string();
        assert!(said.contains("secret"), "{said}");
        std::fs::write(&file, "\n").expect("written");
        let said = opened(&one).expect_err("empty").to_string();
        assert!(said.contains("empty"), "{said}");
        std::fs::write(&file, "open sesame\n").expect("written");
        assert!(opened(&one).is_ok());
        let secret = one.secret().expect("read").expect("a secret");
        assert_eq!(secret.expose(), "open sesame");
    }
}
