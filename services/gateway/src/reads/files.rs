//! Files: who may fetch one, and who may upload one.

use access::{Action, CompactLedger, Matter};
use domain::Visibility;
use domain::file::{FileHash, FileRef};
use domain::ids::LedgerId;
use domain::stream::{StreamId, StreamKind};
use views::{ActionPlanView, CommitmentView, MeetingView};

use super::Reads;
use super::batches::Key;
use super::things::{matter_of, matter_of_commitment};
use crate::error::ApiError;
use crate::node::{NodeId, NodeKind};

/// Whether somebody may upload to a compact.
pub(crate) enum MayUpload {
    /// They may, to the compact of this ledger.
    Yes(LedgerId),
    /// They see that there is such a compact, and may not.
    No(LedgerId),
    /// There is no such compact.
    Unknown,
}

impl Reads {
    /// The ledger of a compact that is named by its id or by its name in URLs.
    async fn compact_called(&self, name: &str) -> Result<Option<CompactLedger>, ApiError> {
        if let Ok(ledger) = name.parse::<LedgerId>() {
            return self.compact_of(ledger).await;
        }
        match self.services.views.compact_by_slug(name).await? {
            Some(compact) => self.compact_of(compact.ledger).await,
            None => Ok(None),
        }
    }

    /// Whether the caller may upload to the compact of this name or id.
    ///
    /// # Errors
    /// When the views cannot be read.
    pub(crate) async fn may_upload(&self, name: &str) -> Result<MayUpload, ApiError> {
        let Some(compact) = self.compact_called(name).await? else {
            return Ok(MayUpload::Unknown);
        };
        let own = compact.matter(Visibility::Compact);
        let ledger = compact.compact.ledger();
        Ok(if self.sight.may(Action::UploadFile, own).await? {
            MayUpload::Yes(ledger)
        } else {
            MayUpload::No(ledger)
        })
    }

    /// A file of the compact of this name or id, as the first thing refers to it that the caller may read; none when there is no
    /// such thing. What was taken back is part of a history, and its file is for who reads that.
    ///
    /// # Errors
    /// When the views cannot be read.
    pub(crate) async fn file(
        &self,
        name: &str,
        hash: FileHash,
    ) -> Result<Option<(LedgerId, FileRef)>, ApiError> {
        let Some(compact) = self.compact_called(name).await? else {
            return Ok(None);
        };
        let ledger = compact.compact.ledger();
        for references in self.services.views.references_to(ledger, hash).await? {
            let Some(referred) = references.files.get(&hash) else {
                continue;
            };
            let Some(matter) = self.matter_of_stream(compact, references.stream).await? else {
                continue;
            };
            let action = match referred.standing {
                0 => Action::ReadHistory,
                _ => Action::ReadRecord,
            };
            if self.sight.may(action, matter).await? {
                return Ok(Some((ledger, referred.file.clone())));
            }
        }
        Ok(None)
    }

    /// What a stream is the history of, as the policies know it: whoever may read it may fetch the files it refers to.
    async fn matter_of_stream(
        &self,
        compact: CompactLedger,
        stream: StreamId,
    ) -> Result<Option<Matter>, ApiError> {
        let ledger = compact.compact.ledger();
        Ok(match stream.kind {
            StreamKind::Meeting => {
                let view = self
                    .load(Key::<MeetingView>::new(ledger, stream.id))
                    .await?;
                view.map(|view| matter_of(compact, &*view))
            }
            StreamKind::Commitment => {
                let view = self
                    .load(Key::<CommitmentView>::new(ledger, stream.id))
                    .await?;
                view.map(|view| matter_of_commitment(compact, &view))
            }
            StreamKind::ActionPlan => {
                let view = self
                    .load(Key::<ActionPlanView>::new(ledger, stream.id))
                    .await?;
                view.map(|view| matter_of(compact, &*view))
            }
            StreamKind::GoodPractice => {
                let node = NodeId::new(NodeKind::GoodPractice, ledger, stream.id);
                let view = self.practice(&node).await?;
                view.map(|view| compact.matter(view.visibility.current))
            }
            // It is seen only while its source is, so that is asked first.
            StreamKind::Adoption => {
                let node = NodeId::new(NodeKind::Adoption, ledger, stream.id);
                let view = self.adoption(&node).await?;
                view.map(|view| compact.matter(view.visibility.current))
            }
            // Nothing of theirs refers to files.
            StreamKind::Region
            | StreamKind::Compact
            | StreamKind::Person
            | StreamKind::Assessment => None,
        })
    }
}
