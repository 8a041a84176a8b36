//! The files, read: from inside the binary, or from a directory.

use std::collections::BTreeMap;
use std::path::Path as FilePath;

use serde::de::DeserializeOwned;

use super::error::{Fault, Place, ReferenceError};
use super::file::compact::CompactFile;
use super::file::region::RegionFile;

/// The file that says which others there are.
pub(super) const REGION: &str = "region.toml";

macro_rules! embedded {
    ($($name:literal),+ $(,)?) => {
        [$(($name, include_str!(concat!("../../../../data/east-midlands/", $name)))),+]
    };
}

/// The files this binary carries, so that it can import without anything beside it.
const EMBEDDED: [(&str, &str); 6] = embedded![
    "region.toml",
    "derbyshire.toml",
    "leicestershire.toml",
    "lincolnshire-rutland.toml",
    "northamptonshire.toml",
    "nottinghamshire.toml",
];

/// A region's papers, read and shaped but not yet checked against one another.
#[derive(Debug)]
pub struct ReferenceData {
    pub(super) region: RegionFile,
    /// In the order in which region.toml lists them, each with the name of its file.
    pub(super) compacts: Vec<(String, CompactFile)>,
}

impl ReferenceData {
    /// The data this binary was built with.
    ///
    /// # Errors
    /// [`ReferenceError`] when the files it was built from are wrong.
    pub fn embedded() -> Result<Self, ReferenceError> {
        Self::from_texts(&embedded_texts())
    }

    /// The data in a directory: region.toml, and a file for every compact it lists.
    ///
    /// # Errors
    /// [`ReferenceError::Unreadable`] when the directory or a file cannot be read, and the others
    /// when what is in them is wrong.
    pub fn from_dir(dir: &FilePath) -> Result<Self, ReferenceError> {
        Self::from_texts(&texts_in(dir)?)
    }

    /// The data in files given by name.
    pub(super) fn from_texts(texts: &BTreeMap<String, String>) -> Result<Self, ReferenceError> {
        let region: RegionFile = match texts.get(REGION) {
            Some(text) => parse(REGION, text)?,
            None => return Err(missing_region()),
        };
        let mut compacts = Vec::with_capacity(region.compact.len());
        for entry in &region.compact {
            let place = Place {
                file: REGION,
                entry: format!("compact {}", entry.slug),
            };
            let text = texts
                .get(&entry.file)
                .ok_or_else(|| place.wrong("file", Fault::NoSuchFile(entry.file.clone())))?;
            compacts.push((entry.file.clone(), parse(&entry.file, text)?));
        }
        refuse_unlisted(texts, &compacts)?;
        Ok(Self { region, compacts })
    }
}

pub(super) fn embedded_texts() -> BTreeMap<String, String> {
    EMBEDDED
        .into_iter()
        .map(|(name, text)| (name.to_owned(), text.to_owned()))
        .collect()
}

fn texts_in(dir: &FilePath) -> Result<BTreeMap<String, String>, ReferenceError> {
    let unreadable = |file: &FilePath| {
        let file = file.display().to_string();
        move |source| ReferenceError::Unreadable { file, source }
    };
    let mut texts = BTreeMap::new();
    for entry in std::fs::read_dir(dir).map_err(unreadable(dir))? {
        let path = entry.map_err(unreadable(dir))?.path();
        if path
            .extension()
            .is_some_and(|extension| extension == "toml")
            && let Some(name) = path.file_name()
        {
            let text = std::fs::read_to_string(&path).map_err(unreadable(&path))?;
            texts.insert(name.to_string_lossy().into_owned(), text);
        }
    }
    Ok(texts)
}

fn missing_region() -> ReferenceError {
    ReferenceError::Unreadable {
        file: REGION.to_owned(),
        source: std::io::ErrorKind::NotFound.into(),
    }
}

fn refuse_unlisted(
    texts: &BTreeMap<String, String>,
    compacts: &[(String, CompactFile)],
) -> Result<(), ReferenceError> {
    let listed = |name: &str| name == REGION || compacts.iter().any(|(file, _)| file == name);
    match texts.keys().find(|name| !listed(name)) {
        None => Ok(()),
        Some(file) => {
            let entry = "the whole file".to_owned();
            Err(Place { file, entry }.wrong("file", Fault::Unlisted))
        }
    }
}

fn parse<T: DeserializeOwned>(file: &str, text: &str) -> Result<T, ReferenceError> {
    toml::from_str(text).map_err(|error| {
        let at = error.span().map_or(0, |span| span.start).min(text.len());
        let before = text.get(..at).unwrap_or_default();
        ReferenceError::Malformed {
            file: file.to_owned(),
            line: before.matches('\n').count() + 1,
            table: table_at(text, at),
            message: error.message().replace('\n', "; "),
        }
    })
}

/// The heading of the table that the byte at `at` stands under.
fn table_at(text: &str, at: usize) -> String {
    let line_end = text
        .get(at..)
        .unwrap_or_default()
        .find('\n')
        .map_or(text.len(), |end| at + end);
    text.get(..line_end)
        .unwrap_or_default()
        .lines()
        .rev()
        .map(str::trim)
        .find(|line| line.starts_with('[') && line.ends_with(']'))
        .map_or_else(|| "before any table".to_owned(), str::to_owned)
}
