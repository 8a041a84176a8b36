//! Where settings are read from besides the environment: the file of settings, and files that hold a secret.

use std::path::Path;

use super::error::unusable;
use super::{DEFAULT_FILE, SettingsError};

/// What the settings file says; nothing when none is named and none is there.
pub(super) fn read(file: Option<&Path>) -> Result<toml::Table, SettingsError> {
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

/// The secret in the file that a setting names, without the line's end that editors leave. What is wrong with it is told without
/// it.
pub(super) fn secret_in(name: &'static str, file: &Path) -> Result<String, SettingsError> {
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
