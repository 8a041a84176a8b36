//! Files and links: what papers, evidence and attachments are.

use async_graphql::{Object, SimpleObject};
use domain::file::{FileRef, kind_in_words};
use domain::ids::LedgerId;
use uuid::Uuid;

use super::said::Said;

/// A file, as something refers to it.
#[derive(Clone, Debug)]
pub struct File {
    ledger: LedgerId,
    file: FileRef,
}

impl File {
    /// A file that something in this ledger refers to.
    pub fn of(ledger: LedgerId, file: &FileRef) -> Self {
        let file = file.clone();
        Self { ledger, file }
    }
}

/// A file that something refers to. What it holds is fetched at `url`, by whoever may read what refers to it.
#[Object]
impl File {
    /// What it is called.
    async fn name(&self) -> Said {
        Said::new(self.ledger, &self.file.name)
    }

    /// What kind of file it is, as it was found by its content.
    async fn media_type(&self) -> &str {
        &self.file.media_type
    }

    /// What kind of file it is, in words.
    async fn kind(&self) -> &str {
        kind_in_words(&self.file.media_type).unwrap_or("file")
    }

    /// How long it is, in bytes.
    async fn bytes(&self) -> u64 {
        self.file.bytes
    }

    /// SHA-256 of its content, in hexadecimal digits: send it to refer to the same file elsewhere in this compact.
    async fn hash(&self) -> String {
        self.file.hash.to_string()
    }

    /// Where it is fetched, on this server.
    async fn url(&self) -> String {
        format!("/files/{}/{}", self.ledger, self.file.hash)
    }

    /// What its content is sealed for. Send it to `redactText` as `text`, with the `id` of what refers to it, to have the content
    /// destroyed for good; the record keeps which file it was.
    async fn content(&self) -> Uuid {
        self.file.content.uuid()
    }
}

/// An address in the web, as something refers to it.
#[derive(Clone, SimpleObject)]
pub struct Link {
    /// The address.
    url: String,
    /// What is to be seen there.
    note: Option<Said>,
}

/// A document: a file or a link, one of the two.
#[derive(Clone, SimpleObject)]
pub struct Document {
    /// The file, where it is one.
    file: Option<File>,
    /// The address, where it is one.
    link: Option<Link>,
}

impl Document {
    /// What something in this ledger refers to.
    pub fn of(ledger: LedgerId, document: &domain::Evidence) -> Self {
        match document {
            domain::Evidence::File(file) => Self {
                file: Some(File::of(ledger, file)),
                link: None,
            },
            domain::Evidence::Link { url, note } => Self {
                file: None,
                link: Some(Link {
                    url: url.clone(),
                    note: Said::maybe(ledger, note.as_ref()),
                }),
            },
        }
    }
}
