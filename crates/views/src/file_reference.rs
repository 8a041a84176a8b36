//! Which files a stream's entries refer to: who may read what the stream is the history of may fetch them, and nothing sweeps
//! them away.

use std::collections::BTreeMap;

use domain::file::{FileHash, FileRef};
use domain::ids::LedgerId;
use domain::stream::{StreamId, StreamKind};
use ledger::Entry;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use crate::table::{Row, Table};
use crate::view::{Fold, View, ViewName};

/// The files of one stream.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct FileReferences {
    /// The ledger.
    pub ledger: LedgerId,
    /// The stream.
    pub stream: StreamId,
    /// Each file it ever referred to.
    pub files: BTreeMap<FileHash, Referred>,
}

/// A file, as a stream refers to it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Referred {
    /// The file, as it was last referred to.
    pub file: FileRef,
    /// How often it is referred to as things stand. Where it was taken back as often as it was referred to, it is part of the
    /// history, and of nothing that stands.
    pub standing: u32,
}

impl FileReferences {
    fn take(&mut self, entry: &Entry) {
        for file in entry.event.files() {
            let referred = self.files.entry(file.hash).or_insert_with(|| Referred {
                file: file.clone(),
                standing: 0,
            });
            referred.file = file.clone();
            referred.standing += 1;
        }
        for hash in entry.event.files_withdrawn() {
            if let Some(referred) = self.files.get_mut(&hash) {
                referred.standing = referred.standing.saturating_sub(1);
            }
        }
    }
}

impl Fold for FileReferences {
    fn key(entry: &Entry) -> Option<Uuid> {
        let speaks = !(entry.event.files().is_empty() && entry.event.files_withdrawn().is_empty());
        speaks.then_some(entry.recorded.stream.id)
    }

    fn begin(entry: &Entry) -> Option<Self> {
        if entry.event.files().is_empty() {
            return None;
        }
        let mut references = Self {
            ledger: entry.recorded.ledger,
            stream: entry.recorded.stream,
            files: BTreeMap::new(),
        };
        references.take(entry);
        Some(references)
    }

    fn apply(&mut self, entry: &Entry) {
        self.take(entry);
    }
}

impl View for FileReferences {
    const NAME: ViewName = ViewName::FileReference;
    const TABLE: Table = Table::FileReferences;

    fn rows(&self) -> Result<Vec<Row>, serde_json::Error> {
        let columns = Columns {
            ledger_id: self.ledger,
            stream_id: self.stream.id,
            stream_kind: self.stream.kind,
            hashes: self.files.keys().copied().collect(),
        };
        let key = self.stream.id;
        Ok(vec![Row::new(Self::TABLE, key, &columns, self)?])
    }
}

/// The row's columns.
#[derive(Serialize)]
struct Columns {
    ledger_id: LedgerId,
    stream_id: Uuid,
    stream_kind: StreamKind,
    hashes: Vec<FileHash>,
}
