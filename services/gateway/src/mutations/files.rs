//! Files and links as they are sent: a file was uploaded before, by `POST /files`, and is named by its hash.

use async_graphql::InputObject;
use domain::file;

use super::UserError;

/// A file that was uploaded to the same compact.
#[derive(Clone, Debug, InputObject)]
pub struct FileInput {
    /// Its hash, as the upload answered.
    hash: String,
    /// What it is to be called, with its ending.
    name: String,
}

impl FileInput {
    /// The file, as a command names it; `field` is what the input is called where it stands.
    ///
    /// # Errors
    /// When the hash is none.
    pub(super) fn read(self, field: &str) -> Result<file::FileInput, UserError> {
        self.of_itself().map_err(|error| error.inside(field))
    }

    /// The file, as a command names it, where the input is a file and nothing else.
    ///
    /// # Errors
    /// When the hash is none.
    pub(super) fn of_itself(self) -> Result<file::FileInput, UserError> {
        let hash = self.hash.trim().parse();
        let hash = hash.map_err(|error: file::NotAHash| {
            UserError::new("hash", "BAD_HASH", error.to_string())
        })?;
        let name = self.name.into();
        Ok(file::FileInput { hash, name })
    }
}

/// An address in the web.
#[derive(Clone, Debug, InputObject)]
pub struct LinkInput {
    /// The address; it begins with `https://` or `http://`.
    url: String,
    /// What is to be seen there.
    note: Option<String>,
}

/// A document: a file or a link, one of the two.
#[derive(Clone, Debug, InputObject)]
pub struct DocumentInput {
    /// A file that was uploaded.
    file: Option<FileInput>,
    /// An address in the web.
    link: Option<LinkInput>,
}

impl DocumentInput {
    /// The document, as a command names it.
    ///
    /// # Errors
    /// When it is neither a file nor a link, or both, or the hash is none.
    pub(super) fn read(self) -> Result<file::EvidenceInput, UserError> {
        match (self.file, self.link) {
            (Some(file), None) => file.read("file").map(file::EvidenceInput::File),
            (None, Some(link)) => Ok(file::EvidenceInput::Link {
                url: link.url,
                note: link.note.map(Into::into),
            }),
            (None, None) => {
                let message = "upload a file, or enter an address";
                Err(UserError::new("file", "MISSING", message))
            }
            (Some(_), Some(_)) => {
                let message = "send a file or a link, and not both; send the other by itself";
                Err(UserError::new("link", "FILE_AND_LINK", message))
            }
        }
    }
}
