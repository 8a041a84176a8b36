//! Files: papers, evidence and attachments, and how events speak of them.
//!
//! What a file holds lies outside the ledger (`crates/files` keeps it, sealed). An event refers to it by the hash of its
//! content, with the name it was given, what kind of file it is and how long, and with the subject the content is sealed for.
//! So the record says for ever *which* file was meant, and redacting that subject, as one redacts a text, destroys the content.
//!
//! Whoever wants to refer to a file uploads it first, and names its hash in the command ([`FileInput`]). The recorder looks it
//! up among what was uploaded in the same compact ([`Mentions::files`]) and hands over what it is ([`FileFact`]):
//!
//! ```
//! use domain::file::{Evidence, EvidenceInput, FileFact, FileHash, FileInput};
//! use domain::Facts;
//!
//! let hash = FileHash::new([7; 32]);
//! let mut facts = Facts::default();
//! let content = uuid::Uuid::from_u128(7).into();
//! let found = FileFact { content, media_type: "application/pdf".into(), bytes: 1_200 };
//! facts.files.insert(hash, found);
//!
//! let asked = EvidenceInput::File(FileInput { hash, name: " Statement 2008.pdf".into() });
//! let Evidence::File(file) = asked.checked(&facts)? else { unreachable!() };
//! assert_eq!(file.name.plain(), Some("Statement 2008.pdf"));
//! assert_eq!(file.bytes, 1_200);
//!
//! let elsewhere = FileInput { hash: FileHash::new([8; 32]), name: "Other.pdf".into() };
//! assert!(elsewhere.checked(&facts).is_err());
//! # Ok::<(), domain::file::FileError>(())
//! ```
//!
//! [`Mentions::files`]: crate::facts::Mentions::files

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

use crate::facts::Facts;
use crate::ids::SubjectId;
use crate::text::{Text, Texts};
use crate::words::{Blank, TextError};

/// Bytes of a SHA-256 hash.
pub const HASH_BYTES: usize = 32;

/// The longest file that is taken: 25 MB.
pub const MAX_FILE_BYTES: u64 = 25 * 1024 * 1024;

/// The longest address a link can have, in characters.
pub const MAX_LINK: usize = 2_000;

/// The kinds of files that are taken, as their media type and in words.
pub const MEDIA_TYPES: [(&str, &str); 12] = [
    ("application/pdf", "PDF"),
    (
        "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
        "Word document",
    ),
    (
        "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
        "Excel workbook",
    ),
    (
        "application/vnd.openxmlformats-officedocument.presentationml.presentation",
        "PowerPoint presentation",
    ),
    ("application/msword", "Word document"),
    ("application/vnd.ms-excel", "Excel workbook"),
    ("application/vnd.ms-powerpoint", "PowerPoint presentation"),
    (
        "application/vnd.oasis.opendocument.text",
        "OpenDocument text",
    ),
    (
        "application/vnd.oasis.opendocument.spreadsheet",
        "OpenDocument spreadsheet",
    ),
    (
        "application/vnd.oasis.opendocument.presentation",
        "OpenDocument presentation",
    ),
    ("text/plain", "plain text"),
    ("text/csv", "CSV"),
];

/// The kinds of pictures that are taken.
pub const PICTURE_TYPES: [(&str, &str); 2] =
    [("image/png", "PNG picture"), ("image/jpeg", "JPEG picture")];

/// What is taken, for whoever sent something else.
pub const TAKEN: &str = "PDF, Word, Excel, PowerPoint, OpenDocument, plain text, CSV, PNG and JPEG files of up to 25 MB are taken";

const NAME: Blank = Blank::title("file.name", "the file's name");
const NOTE: Blank = Blank::text("link.note", "the note");

/// What kind of file this is, in words; none for a kind that is not taken.
pub fn kind_in_words(media_type: &str) -> Option<&'static str> {
    let mut taken = MEDIA_TYPES.iter().chain(&PICTURE_TYPES);
    taken
        .find(|(known, _)| *known == media_type)
        .map(|(_, words)| *words)
}

/// Which file: the SHA-256 of its content. Shown and read as 64 lower-case hexadecimal digits.
#[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct FileHash([u8; HASH_BYTES]);

impl FileHash {
    /// Wraps a hash that was worked out elsewhere.
    pub const fn new(hash: [u8; HASH_BYTES]) -> Self {
        Self(hash)
    }

    /// The hash inside.
    pub const fn bytes(&self) -> &[u8; HASH_BYTES] {
        &self.0
    }
}

/// Why something is not the hash of a file.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("a file's hash is 64 lower-case hexadecimal digits")]
pub struct NotAHash;

impl fmt::Display for FileHash {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.iter().try_for_each(|byte| write!(f, "{byte:02x}"))
    }
}

impl fmt::Debug for FileHash {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "FileHash({self})")
    }
}

impl FromStr for FileHash {
    type Err = NotAHash;

    fn from_str(text: &str) -> Result<Self, NotAHash> {
        let digits = text.as_bytes();
        if digits.len() != 2 * HASH_BYTES {
            return Err(NotAHash);
        }
        let mut hash = [0; HASH_BYTES];
        for (byte, pair) in hash.iter_mut().zip(digits.chunks_exact(2)) {
            *byte = digit(pair[0])? << 4 | digit(pair[1])?;
        }
        Ok(Self(hash))
    }
}

const fn digit(character: u8) -> Result<u8, NotAHash> {
    match character {
        b'0'..=b'9' => Ok(character - b'0'),
        b'a'..=b'f' => Ok(character - b'a' + 10),
        _ => Err(NotAHash),
    }
}

impl TryFrom<String> for FileHash {
    type Error = NotAHash;

    fn try_from(text: String) -> Result<Self, NotAHash> {
        text.parse()
    }
}

impl From<FileHash> for String {
    fn from(hash: FileHash) -> Self {
        hash.to_string()
    }
}

/// A file as an event refers to it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct FileRef {
    /// Which file.
    pub hash: FileHash,
    /// What it is called here; the same file may bear other names elsewhere. Names of files name people.
    pub name: Text,
    /// What kind of file it is, as it was found by its content.
    pub media_type: String,
    /// How long it is.
    pub bytes: u64,
    /// What its content is sealed for: once this is redacted, nobody reads it any more, here or wherever else it is referred to.
    pub content: SubjectId,
}

impl FileRef {
    /// The same, with its name trimmed, if it is a file that can be referred to.
    ///
    /// # Errors
    /// [`FileError`] when it bears no name or one that is too long, is of a kind that is not taken, is empty or too long.
    pub fn checked(&self) -> Result<Self, FileError> {
        if kind_in_words(&self.media_type).is_none() {
            return Err(FileError::OtherKind);
        }
        if self.bytes == 0 {
            return Err(FileError::Empty);
        }
        if self.bytes > MAX_FILE_BYTES {
            return Err(FileError::TooLong);
        }
        Ok(Self {
            name: NAME.accept(&self.name)?,
            ..self.clone()
        })
    }
}

/// What was found of an uploaded file.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct FileFact {
    /// What kind of file it is, as it was found by its content.
    pub media_type: String,
    /// How long it is.
    pub bytes: u64,
    /// What its content is sealed for.
    pub content: SubjectId,
}

/// A file that was uploaded, as a command refers to it. What kind of file it is and how long, the recorder knows.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct FileInput {
    /// Which file.
    pub hash: FileHash,
    /// What it is to be called.
    pub name: Text,
}

impl FileInput {
    /// The file, as an event refers to it.
    ///
    /// # Errors
    /// [`FileError::Unknown`] when nothing of this hash was uploaded in this compact, and as [`FileRef::checked`].
    pub fn checked(&self, facts: &Facts) -> Result<FileRef, FileError> {
        let found = facts.files.get(&self.hash).ok_or(FileError::Unknown)?;
        FileRef {
            hash: self.hash,
            name: self.name.clone(),
            media_type: found.media_type.clone(),
            bytes: found.bytes,
            content: found.content,
        }
        .checked()
    }
}

/// What something rests on: an address in the web, or a file.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "kebab-case")]
pub enum Evidence {
    /// An address in the web.
    Link {
        /// The address, `http` or `https`.
        url: String,
        /// What is to be seen there.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        note: Option<Text>,
    },
    /// A file.
    File(FileRef),
}

impl Evidence {
    /// The file, where it is one.
    pub const fn file(&self) -> Option<&FileRef> {
        match self {
            Self::File(file) => Some(file),
            Self::Link { .. } => None,
        }
    }
}

/// What something rests on, as it was typed or uploaded.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "kebab-case")]
pub enum EvidenceInput {
    /// An address in the web.
    Link {
        /// The address, `http` or `https`.
        url: String,
        /// What is to be seen there.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        note: Option<Text>,
    },
    /// A file that was uploaded.
    File(FileInput),
}

impl EvidenceInput {
    /// The same, as an event has it.
    ///
    /// # Errors
    /// As [`FileInput::checked`] for a file; [`FileError::NotALink`] for an address that is not in the web.
    pub fn checked(&self, facts: &Facts) -> Result<Evidence, FileError> {
        match self {
            Self::File(file) => file.checked(facts).map(Evidence::File),
            Self::Link { url, note } => Ok(Evidence::Link {
                url: link(url)?,
                note: NOTE.accept_any(note.as_ref())?,
            }),
        }
    }

    /// Which file it is, where it is one: what the recorder must look up.
    pub const fn hash(&self) -> Option<FileHash> {
        match self {
            Self::File(file) => Some(file.hash),
            Self::Link { .. } => None,
        }
    }
}

/// An address in the web, trimmed.
fn link(typed: &str) -> Result<String, FileError> {
    let typed = typed.trim();
    if typed.chars().count() > MAX_LINK {
        return Err(FileError::LinkTooLong);
    }
    let lower = typed.get(..8).unwrap_or(typed).to_ascii_lowercase();
    let rest = match lower.as_str() {
        lower if lower.starts_with("https://") => &typed[8..],
        lower if lower.starts_with("http://") => &typed[7..],
        _ => return Err(FileError::NotALink),
    };
    let host = rest.split(['/', '?', '#']).next().unwrap_or_default();
    let plain = |c: char| !c.is_whitespace() && !c.is_control() && !matches!(c, '<' | '>' | '"');
    // Whatever stands before an @ is a name and a password, and looks like the host.
    if host.is_empty() || host.contains('@') || !typed.chars().all(plain) {
        return Err(FileError::NotALink);
    }
    Ok(typed.to_owned())
}

/// Why a file or a link was not accepted.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum FileError {
    /// It bears no name, or one that is too long; or its note is.
    #[error(transparent)]
    Text(#[from] TextError),
    /// Nothing of this hash is there.
    #[error("that file has not been uploaded to this compact; upload it first, then try again")]
    Unknown,
    /// It is of a kind that is not taken.
    #[error("that kind of file is not taken: {TAKEN}")]
    OtherKind,
    /// There is nothing in it.
    #[error("that file is empty; choose one with something in it")]
    Empty,
    /// There is too much in it.
    #[error("that file is longer than 25 MB; choose a shorter one, or give a link to it")]
    TooLong,
    /// It is no address in the web.
    #[error(
        "that is not an address in the web; enter one that begins with https:// or http://, such as https://example.org/report"
    )]
    NotALink,
    /// The address is too long.
    #[error(
        "an address can be at most {MAX_LINK} characters; give a shorter one, or upload the file"
    )]
    LinkTooLong,
}

impl FileError {
    /// A code that stays the same when the words change.
    pub const fn code(&self) -> &'static str {
        match self {
            Self::Text(error) => error.code(),
            Self::Unknown => "UNKNOWN",
            Self::OtherKind => "OTHER_KIND_OF_FILE",
            Self::Empty => "MISSING",
            Self::TooLong | Self::LinkTooLong => "TOO_LONG",
            Self::NotALink => "NOT_A_LINK",
        }
    }

    /// The input field it is about.
    pub const fn field(&self) -> &'static str {
        match self {
            Self::Text(error) => error.field(),
            Self::Unknown | Self::OtherKind | Self::Empty | Self::TooLong => "file",
            Self::NotALink | Self::LinkTooLong => "link.url",
        }
    }
}

crate::texts! {
    FileRef { name }
    FileInput { name }
}

impl Texts for Evidence {
    fn texts(&mut self, each: &mut dyn FnMut(&mut Text)) {
        match self {
            Self::Link { note, .. } => note.texts(each),
            Self::File(file) => file.texts(each),
        }
    }
}

impl Texts for EvidenceInput {
    fn texts(&mut self, each: &mut dyn FnMut(&mut Text)) {
        match self {
            Self::Link { note, .. } => note.texts(each),
            Self::File(file) => file.texts(each),
        }
    }
}

#[cfg(test)]
mod tests;
