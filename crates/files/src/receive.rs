//! Receiving: content is hashed, looked at, sealed and written as it comes, and is there only once all of it has come.

use std::time::Duration;

use bytes::Bytes;
use domain::file::{FileHash, MAX_FILE_BYTES};
use domain::ids::{AccountId, LedgerId};
use futures::{Stream, StreamExt};
use sha2::{Digest, Sha256};
use tokio::time::{Instant, timeout_at};

use crate::content::{ContentOf, Sealer};
use crate::error::{FilesError, Refused};
use crate::files::Files;
use crate::kind::{Hint, Kind};
use crate::store::Writing;
use crate::uploads::{Finished, Standing};

/// How long a sender may send nothing, and how long all of it may take. What is swept as left behind is older than the latter.
const SILENCE: Duration = Duration::from_secs(30);
const IN_ALL: Duration = Duration::from_mins(10);

/// What is said of content before it comes.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Offered {
    /// How long it is to be, where that is said.
    pub bytes: Option<u64>,
    /// What a text is to be.
    pub hint: Hint,
}

/// A file that has come.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Received {
    /// Which.
    pub hash: FileHash,
    /// What kind of file it was found to be.
    pub media_type: String,
    /// How long it is.
    pub bytes: u64,
}

/// Why nothing was received.
#[derive(Debug, thiserror::Error)]
pub enum ReceiveError {
    /// It was not taken.
    #[error(transparent)]
    Refused(#[from] Refused),
    /// It could not be taken.
    #[error(transparent)]
    Failed(#[from] FilesError),
}

/// What was found of content that has passed.
struct Passed {
    hash: FileHash,
    media_type: &'static str,
    bytes: u64,
}

impl Files {
    /// Receives a file from an account into a compact. The same content once: sent again, it is the file that is there.
    ///
    /// To be run in a task of its own: whoever sends may go away, and what came by then is cleared up here.
    ///
    /// # Errors
    /// [`Refused`] when it is not taken; [`FilesError`] when database, vault or store do not do their part. Either way nothing is
    /// left of it.
    pub async fn receive<S, E>(
        &self,
        ledger: LedgerId,
        (by, offered): (AccountId, Offered),
        content: S,
    ) -> Result<Received, ReceiveError>
    where
        S: Stream<Item = Result<Bytes, E>> + Send + Unpin,
    {
        if offered.bytes.is_some_and(|bytes| bytes > MAX_FILE_BYTES) {
            return Err(Refused::TooLong.into());
        }
        if offered.bytes == Some(0) {
            return Err(Refused::Empty.into());
        }
        let Ok(_place) = self.places.try_acquire() else {
            return Err(Refused::Busy.into());
        };
        let new = self.new_content(ledger).await?;
        let of = new.of;
        self.uploads.begin(of, (&new.sealed, by)).await?;
        let (sealer, header) = Sealer::new(&new.key, new.prefix, of);
        let mut writing = self.store.write(of);
        let passed = match writing.put(header).await {
            Ok(()) => pass(content, offered, sealer, &mut writing).await,
            Err(error) => Err(error.into()),
        };
        match passed {
            Ok(passed) => self.put_in_place(of, passed, writing).await,
            Err(error) => {
                if let Err(left) = writing.abandon().await {
                    tracing::warn!(error = %left, "half an upload was left for the sweep");
                }
                self.clear_up(of).await;
                Err(error)
            }
        }
    }

    async fn put_in_place(
        &self,
        of: ContentOf,
        passed: Passed,
        writing: Writing,
    ) -> Result<Received, ReceiveError> {
        let finished = match writing.finish().await {
            Ok(()) => {
                let what = (passed.hash, passed.media_type, passed.bytes);
                self.uploads.finish(of, what, self.room).await
            }
            Err(error) => Err(error),
        };
        if !matches!(finished, Ok(Finished::InPlace)) {
            self.clear_up(of).await;
        }
        match finished? {
            Finished::InPlace => Ok(Received {
                hash: passed.hash,
                media_type: passed.media_type.to_owned(),
                bytes: passed.bytes,
            }),
            Finished::Superfluous => self.the_one_there(of.ledger, passed.hash).await,
            Finished::NoRoom => Err(Refused::NoRoom.into()),
        }
    }

    /// The file of this hash that was there first.
    async fn the_one_there(
        &self,
        ledger: LedgerId,
        hash: FileHash,
    ) -> Result<Received, ReceiveError> {
        match self.uploads.standing(ledger, hash).await? {
            Some(Standing::Removed) => Err(Refused::Removed.into()),
            Some(Standing::Going) | None => Err(Refused::Busy.into()),
            Some(Standing::Stored(_)) => {
                // Somebody is about to refer to it.
                let found = self.uploads.look_up(ledger, &[hash].into()).await?;
                let fact = found.get(&hash).ok_or(Refused::Busy)?;
                Ok(Received {
                    hash,
                    media_type: fact.media_type.clone(),
                    bytes: fact.bytes,
                })
            }
        }
    }

    /// Leaves nothing of an upload; what cannot be cleared up now is left to the sweep.
    async fn clear_up(&self, of: ContentOf) {
        let cleared = match self.store.delete(of).await {
            Ok(()) => self.uploads.drop_incoming(of).await,
            Err(error) => Err(error),
        };
        if let Err(error) = cleared {
            tracing::warn!(%error, "an upload that came to nothing was left for the sweep");
        }
    }
}

/// Lets content pass: hashes it, looks at it, seals it and writes it.
async fn pass<S, E>(
    mut content: S,
    offered: Offered,
    mut sealer: Sealer,
    writing: &mut Writing,
) -> Result<Passed, ReceiveError>
where
    S: Stream<Item = Result<Bytes, E>> + Send + Unpin,
{
    let until = Instant::now() + IN_ALL;
    let (mut hasher, mut kind, mut bytes) = (Sha256::new(), Kind::new(offered.hint), 0_u64);
    loop {
        let patience = until.min(Instant::now() + SILENCE);
        let part = timeout_at(patience, content.next()).await;
        let Some(part) = part.map_err(|_| Refused::Incomplete)? else {
            break;
        };
        let part = part.map_err(|_| Refused::Incomplete)?;
        bytes += part.len() as u64;
        if bytes > MAX_FILE_BYTES {
            return Err(Refused::TooLong.into());
        }
        hasher.update(&part);
        kind.push(&part);
        if kind.is_hopeless() {
            return Err(Refused::OtherKind.into());
        }
        for piece in sealer.push(&part)? {
            writing.put(piece).await?;
        }
    }
    if bytes == 0 {
        return Err(Refused::Empty.into());
    }
    if offered.bytes.is_some_and(|offered| offered != bytes) {
        return Err(Refused::Incomplete.into());
    }
    let media_type = kind.finish().ok_or(Refused::OtherKind)?;
    writing.put(sealer.finish()?).await?;
    let hash = FileHash::new(hasher.finalize().into());
    Ok(Passed {
        hash,
        media_type,
        bytes,
    })
}
