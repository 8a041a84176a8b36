//! Where the content of files lies when it does not lie in a directory of this machine.

use std::net::IpAddr;
use std::path::PathBuf;

use files::S3;
use serde::{Deserialize, Serialize};
use url::Url;

use super::SettingsError;
use super::error::unusable;
use super::source::secret_in;

/// What the setting is called.
const NAME: &str = "files_bucket";

/// A bucket of an S3-compatible service.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct FilesBucket {
    /// The bucket's name. It must be there, and be nobody else's.
    pub name: String,
    /// The region it is in, as the service calls it.
    pub region: String,
    /// Where the service is; Amazon's when it is not set.
    #[serde(default)]
    pub endpoint: Option<String>,
    /// The account's key.
    pub access_key_id: String,
    /// The file with the secret that goes with it.
    pub secret_access_key_file: PathBuf,
}

impl FilesBucket {
    /// The bucket, with its secret.
    ///
    /// # Errors
    /// [`SettingsError::Unusable`] when it could not be used, or the secret's file cannot be read.
    pub fn open(&self) -> Result<S3, SettingsError> {
        self.check()?;
        Ok(S3 {
            bucket: self.name.clone(),
            region: self.region.clone(),
            endpoint: self.endpoint.clone(),
            access_key_id: self.access_key_id.clone(),
            secret_access_key: secret_in(NAME, &self.secret_access_key_file)?,
        })
    }

    /// Checks that it could be used, and that nobody on the way learns the account's key.
    pub(super) fn check(&self) -> Result<(), SettingsError> {
        let complaint = |problem: &str| Err(unusable(NAME, problem));
        let plain = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || "-.".contains(c);
        if !(3..=63).contains(&self.name.len()) || !self.name.chars().all(plain) {
            return complaint(
                "needs `name`: a bucket's name, of 3 to 63 lower-case letters, digits, hyphens and points",
            );
        }
        if self.region.trim().is_empty() {
            return complaint(
                "needs `region`: the region the bucket is in, such as \"eu-west-2\"; for a service that has none, \"us-east-1\"",
            );
        }
        if self.access_key_id.trim().is_empty() {
            return complaint(
                "needs `access_key_id`: the key of an account that may use the bucket",
            );
        }
        match &self.endpoint {
            Some(endpoint) if !is_safe(endpoint) => complaint(
                "has an `endpoint` that cannot be used: it must begin with https://, or be http:// on this very machine, such \
                 as \"https://objects.example.org\"",
            ),
            _ => Ok(()),
        }
    }
}

/// Whether the service at this address is asked in secret, or is on this machine.
fn is_safe(endpoint: &str) -> bool {
    let Ok(url) = Url::parse(endpoint) else {
        return false;
    };
    let host = url.host_str().unwrap_or_default();
    let bare = host.trim_start_matches('[').trim_end_matches(']');
    let here = bare == "localhost" || bare.parse::<IpAddr>().is_ok_and(|at| at.is_loopback());
    match url.scheme() {
        "https" => !host.is_empty(),
        "http" => here,
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn bucket() -> FilesBucket {
        FilesBucket {
            name: "compacts-files".to_owned(),
            region: "eu-west-2".to_owned(),
            endpoint: None,
            access_key_id: "AKIAEXAMPLE".to_owned(),
            secret_access_key_file: PathBuf::from("/nowhere/secret"),
        }
    }

    #[test]
    fn a_bucket_is_asked_in_secret_or_on_this_machine_and_each_complaint_names_its_setting() {
        let at = |endpoint: &str| FilesBucket {
            endpoint: Some(endpoint.to_owned()),
            ..bucket()
        };
        for fine in [
            bucket(),
            at("https://objects.example.org"),
            at("http://127.0.0.1:9000"),
            at("http://localhost:9000"),
        ] {
            assert_eq!(fine.check().map_err(|error| error.to_string()), Ok(()));
        }
        let empty = String::new;
        for (wrong, word) in [
            (
                FilesBucket {
                    name: "B".to_owned(),
                    ..bucket()
                },
                "`name`",
            ),
            (
                FilesBucket {
                    region: empty(),
                    ..bucket()
                },
                "`region`",
            ),
            (
                FilesBucket {
                    access_key_id: empty(),
                    ..bucket()
                },
                "`access_key_id`",
            ),
            (at("http://objects.example.org"), "`endpoint`"),
            (at("ftp://127.0.0.1"), "`endpoint`"),
            (at("objects.example.org"), "`endpoint`"),
        ] {
            let said = wrong.check().expect_err(word).to_string();
            assert!(
                said.contains("`files_bucket`") && said.contains(word),
                "{said}"
            );
        }
        let said = bucket().open().expect_err("no secret").to_string();
        assert!(said.contains("/nowhere/secret"), "{said}");
    }
}
