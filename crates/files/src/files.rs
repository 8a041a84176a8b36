//! Everything that is done with files, in one hand.

use std::sync::Arc;

use bytes::Bytes;
use domain::clock::Clock;
use domain::file::{FileFact, FileHash};
use domain::ids::{IdSource, LedgerId, SubjectId};
use futures::stream::BoxStream;
use ledger::Pool;
use tokio::sync::Semaphore;
use vault::{Context, DataKey, Randomness, Sealed, Unsealed, Vault};
use zeroize::Zeroizing;

use crate::content::{self, ContentOf};
use crate::error::FilesError;
use crate::store::Store;
use crate::uploads::{Room, Standing, Stored, Uploads};

/// How many uploads are taken at once: each may have some ten megabytes waiting to be written.
const AT_ONCE: usize = 8;

/// What files are worked with.
pub struct Parts {
    /// Where sealed content lies.
    pub store: Store,
    /// Connections of the gateway's role.
    pub pool: Pool,
    /// Keeps the keys.
    pub vault: Vault,
    /// What time it is.
    pub clock: Arc<dyn Clock>,
    /// Where ids come from.
    pub ids: Arc<dyn IdSource>,
    /// Where keys come from.
    pub randomness: Arc<dyn Randomness>,
    /// How much may lie in a compact that nothing refers to.
    pub room: Room,
}

/// Receives files, opens, examines and sweeps them. Cheap to clone.
#[derive(Clone)]
pub struct Files {
    pub(crate) store: Store,
    pub(crate) uploads: Uploads,
    pub(crate) clock: Arc<dyn Clock>,
    pub(crate) places: Arc<Semaphore>,
    pub(crate) room: Room,
    vault: Vault,
    ids: Arc<dyn IdSource>,
    randomness: Arc<dyn Randomness>,
}

/// What came of asking for a file.
pub enum Opened {
    /// What it is, and its content as it comes.
    File(FileFact, BoxStream<'static, Result<Bytes, FilesError>>),
    /// It was removed for good.
    Removed,
    /// There is no such file.
    Unknown,
}

/// What a file's content is enciphered with while it arrives.
pub(crate) struct NewContent {
    pub of: ContentOf,
    pub key: DataKey,
    pub prefix: [u8; content::PREFIX_BYTES],
    /// The key, sealed in the vault.
    pub sealed: Sealed,
}

impl Files {
    /// Works with files by these means.
    pub fn new(parts: Parts) -> Self {
        let Parts {
            store,
            pool,
            vault,
            clock,
            ids,
            randomness,
            room,
        } = parts;
        Self {
            store,
            uploads: Uploads::new(pool, Arc::clone(&clock)),
            clock,
            places: Arc::new(Semaphore::new(AT_ONCE)),
            room,
            vault,
            ids,
            randomness,
        }
    }

    /// The content of a file of this compact. Whether whoever asks may have it is not asked here.
    ///
    /// # Errors
    /// When the database, the vault or the store do not answer; [`FilesError::Tampered`] in the course of the content when it is
    /// not what was put there.
    pub async fn open(&self, ledger: LedgerId, hash: FileHash) -> Result<Opened, FilesError> {
        let stored = match self.uploads.standing(ledger, hash).await? {
            Some(Standing::Stored(stored)) => stored,
            Some(Standing::Removed) => return Ok(Opened::Removed),
            Some(Standing::Going) | None => return Ok(Opened::Unknown),
        };
        match self.content(&stored).await? {
            Some(content) => Ok(Opened::File(stored.fact, content)),
            None => Ok(Opened::Removed),
        }
    }

    /// What a stored file holds; none when its key was destroyed a moment ago.
    pub(crate) async fn content(
        &self,
        stored: &Stored,
    ) -> Result<Option<BoxStream<'static, Result<Bytes, FilesError>>>, FilesError> {
        let place = place_of_key(stored.of.ledger);
        let key = match self.vault.unseal(&stored.key, &place).await? {
            Unsealed::Erased => return Ok(None),
            Unsealed::Plain(key) => key,
        };
        let mut key = Zeroizing::new(hex::decode(key.as_str()).unwrap_or_default());
        let key = DataKey::try_take(&mut key).ok_or(FilesError::Tampered)?;
        let sealed = self.store.read(stored.of).await?;
        let sealed = sealed.ok_or(FilesError::Missing)?;
        Ok(Some(content::open(sealed, key, stored.of)))
    }

    /// A new key for new content, sealed for a subject of its own.
    pub(crate) async fn new_content(&self, ledger: LedgerId) -> Result<NewContent, FilesError> {
        let content = SubjectId::new(self.ids.next());
        let key = DataKey::draw(&*self.randomness)?;
        let mut prefix = [0; content::PREFIX_BYTES];
        self.randomness.fill(&mut prefix)?;
        let text = Zeroizing::new(hex::encode(key.bytes()));
        let sealed = self
            .vault
            .seal(content, &place_of_key(ledger), &text)
            .await?;
        let of = ContentOf { ledger, content };
        Ok(NewContent {
            of,
            key,
            prefix,
            sealed,
        })
    }
}

/// Where the keys of a ledger's files stand, sealed.
fn place_of_key(ledger: LedgerId) -> Context {
    Context::new(ledger, "file/key")
}
