//! What can be wrong with the settings, in the words of whoever set them.

use std::path::{Path, PathBuf};

use figment::error::Kind;

use super::ENVIRONMENT;

/// What is wrong with the settings.
#[derive(Debug, thiserror::Error)]
pub enum SettingsError {
    /// The file that was named is not there.
    #[error("there is no settings file at {}; mend the path, or leave --config out", .0.display())]
    NoFile(PathBuf),
    /// The file is there and cannot be read.
    #[error("the settings file {} cannot be read; it must be a file this account may read", file.display())]
    Unreadable {
        /// The file.
        file: PathBuf,
        /// What the operating system said.
        #[source]
        cause: std::io::Error,
    },
    /// The file is not TOML.
    #[error("{} is not a settings file: line {line}: {problem}; write each setting as `name = value`, text in \"quotes\"", file.display())]
    NotToml {
        /// The file.
        file: PathBuf,
        /// The line that cannot be read, from 1.
        line: usize,
        /// What is wrong there.
        problem: String,
    },
    /// There is no such setting.
    #[error("there is no setting `{name}` ({place}); there are {known}")]
    Unknown {
        /// What was set.
        name: String,
        /// Where it was set.
        place: String,
        /// The settings there are.
        known: String,
    },
    /// A setting has a value of the wrong kind.
    #[error("the setting `{name}` ({place}) must be {wanted}")]
    Mistyped {
        /// The setting.
        name: String,
        /// Where it was set.
        place: String,
        /// What would be right.
        wanted: &'static str,
    },
    /// A setting has a value that cannot work.
    #[error("the setting `{name}` {problem}")]
    Unusable {
        /// The setting.
        name: &'static str,
        /// What is wrong and what would be right.
        problem: String,
    },
    /// The settings cannot be put together, for a reason that names no setting.
    #[error("the settings cannot be read")]
    Other(#[source] Box<figment::Error>),
}

impl SettingsError {
    /// Says in words what figment says in types.
    pub(super) fn of(error: figment::Error, file: &Path) -> Self {
        let name = error.path.join(".").to_lowercase();
        let from_environment = error
            .metadata
            .as_ref()
            .is_some_and(|metadata| metadata.name.contains("environment"));
        let place = if from_environment {
            format!("{ENVIRONMENT}{} in the environment", name.to_uppercase())
        } else {
            file.display().to_string()
        };
        match error.kind {
            Kind::UnknownField(_, known) => Self::Unknown {
                name,
                place,
                known: known.join(", "),
            },
            _ if name.is_empty() => Self::Other(Box::new(error)),
            _ => Self::Mistyped {
                wanted: wanted(&name),
                name,
                place,
            },
        }
    }
}

/// What a setting must be, in words.
fn wanted(name: &str) -> &'static str {
    match name.split('.').next().unwrap_or(name) {
        "listen" => "an address and a port, such as \"127.0.0.1:8080\"",
        "allow_unsafe_database" | "trusted_documents_only" => "true or false",
        "trusted_proxies" => "a list of networks, such as [\"10.0.0.0/8\", \"192.0.2.7/32\"]",
        "proxy_header" => "\"x-forwarded-for\" or \"forwarded\"",
        "requests_of_address"
        | "requests_of_account"
        | "requests_of_token"
        | "changes_of_compact" => {
            "{ per_second = 50, burst = 1000 }, each a whole number, 1 or more"
        }
        "mail" => {
            "{ host = \"mail.example.org\", from = \"Compacts <compacts@example.org>\" }, with `port`, `security` (\"tls\", \"starttls\" or \"none\"), `username` and `password_file` where they are needed"
        }
        "openid_providers" => {
            "a list of providers, each like { key = \"council\", name = \"Example Council\", issuer = \"https://login.example.org\", client_id = \"compacts\" }"
        }
        "log_format" => "\"text\" or \"json\"",
        "data_dir" | "database_url" | "master_key_file" | "public_url" | "service_password"
        | "postgres_user" | "recorder_url" | "log" => "text, in \"quotes\"",
        _ => "a whole number",
    }
}

/// A setting's value cannot work, and what it must be.
pub(super) fn unusable(name: &'static str, problem: &str) -> SettingsError {
    SettingsError::Unusable {
        name,
        problem: problem.to_owned(),
    }
}
