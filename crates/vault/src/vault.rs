//! Sealing and unsealing, in batches.

use std::collections::HashSet;
use std::fmt;
use std::sync::Arc;

use domain::clock::Clock;
use domain::ids::SubjectId;
use domain::sealed::{NONCE_BYTES, Sealed};
use sqlx::PgPool;

use crate::ahead::Ahead;
use crate::cipher;
use crate::context::Context;
use crate::error::{OpenError, VaultError};
use crate::keys::Keys;
use crate::master::MasterKey;
use crate::plain::Unsealed;
use crate::randomness::Randomness;
use crate::secret::{self, Family, Secret};

/// A text to be sealed.
#[derive(Clone, Copy)]
pub struct ToSeal<'a> {
    /// Whose it is.
    pub subject: SubjectId,
    /// Where it will stand.
    pub context: &'a Context,
    /// The text.
    pub plain: &'a str,
}

/// A text to be unsealed.
#[derive(Clone, Copy, Debug)]
pub struct ToUnseal<'a> {
    /// What stands there.
    pub sealed: &'a Sealed,
    /// Where it stands.
    pub context: &'a Context,
}

/// Seals personal data and opens it again. Cheap to clone; clones share their keys in memory.
///
/// The database work of a call is a few single statements, so a caller that goes away leaves nothing half-done.
#[derive(Clone)]
pub struct Vault {
    pub(crate) keys: Arc<Keys>,
    secret: Arc<Secret>,
    pub(crate) ahead: Arc<Ahead>,
}

impl Vault {
    /// Opens the vault of the database behind `pool`, whose connections work in the role `compacts_keys`. The first time, the
    /// secret that lookup values are made with is made.
    ///
    /// # Errors
    /// [`OpenError::UnknownMasterKey`] when keys in the database were wrapped by a master key that `master` does not know: better
    /// not to start than to find out one person at a time. [`OpenError::Vault`] when database or master key do not answer.
    pub async fn open(
        pool: PgPool,
        master: Arc<dyn MasterKey>,
        randomness: Arc<dyn Randomness>,
        clock: Arc<dyn Clock>,
    ) -> Result<Self, OpenError> {
        let keys = Keys::new(pool, master, randomness, clock);
        keys.know_every_master_key().await?;
        let secret = secret::load(&keys).await?;
        Ok(Self {
            keys: Arc::new(keys),
            secret: Arc::new(secret),
            ahead: Arc::default(),
        })
    }

    /// Seals one text. See [`seal_many`](Self::seal_many).
    ///
    /// # Errors
    /// As [`seal_many`](Self::seal_many).
    pub async fn seal(
        &self,
        subject: SubjectId,
        context: &Context,
        plain: &str,
    ) -> Result<Sealed, VaultError> {
        let text = ToSeal {
            subject,
            context,
            plain,
        };
        let sealed = self.seal_many(&[text]).await?;
        sealed.into_iter().next().ok_or(VaultError::NoKey(subject))
    }

    /// Seals texts, in the order they came: all of them or none. A subject gets its key the first time something is sealed for
    /// it. One round trip to the database, three when there are keys to make. The same text sealed twice looks different.
    ///
    /// # Errors
    /// [`VaultError::Fenced`] when a subject is being erased or was; else when the database, the master key or the randomness
    /// fail.
    pub async fn seal_many(&self, texts: &[ToSeal<'_>]) -> Result<Vec<Sealed>, VaultError> {
        let subjects: HashSet<SubjectId> = texts.iter().map(|text| text.subject).collect();
        let mut standing = self.keys.standing(&subjects).await?;
        let mut new: Vec<SubjectId> = subjects.into_iter().collect();
        new.retain(|subject| !standing.contains_key(subject));
        if !new.is_empty() {
            self.keys.make(&new).await?;
            standing.extend(self.keys.standing(&new.into_iter().collect()).await?);
        }
        let seal = |text: &ToSeal<'_>| {
            let subject = text.subject;
            let found = standing.get(&subject).ok_or(VaultError::NoKey(subject))?;
            match &found.key {
                Some(key) if !found.fenced => {
                    let mut nonce = [0; NONCE_BYTES];
                    self.keys.randomness.fill(&mut nonce)?;
                    cipher::seal(key, nonce, subject, text.context, text.plain)
                        .map_err(|_| VaultError::TooLong)
                }
                _ => Err(VaultError::Fenced(subject)),
            }
        };
        texts.iter().map(seal).collect()
    }

    /// Unseals one text. See [`unseal_many`](Self::unseal_many).
    ///
    /// # Errors
    /// As [`unseal_many`](Self::unseal_many).
    pub async fn unseal(&self, sealed: &Sealed, context: &Context) -> Result<Unsealed, VaultError> {
        let text = ToUnseal { sealed, context };
        let unsealed = self.unseal_many(&[text]).await?;
        let subject = sealed.subject();
        unsealed
            .into_iter()
            .next()
            .ok_or(VaultError::NoKey(subject))
    }

    /// Unseals texts, in the order they came, with one round trip to the database whatever is in memory. Once a key has been
    /// destroyed, in whichever process, no call that begins after that opens anything with it.
    ///
    /// # Errors
    /// [`VaultError::Tampered`] when a text is not what was sealed for this subject in this place: the whole batch fails, for
    /// then something is wrong that must not be shown around. [`VaultError::NoKey`] when its key was never made here. Else when
    /// the database or the master key fail.
    pub async fn unseal_many(&self, texts: &[ToUnseal<'_>]) -> Result<Vec<Unsealed>, VaultError> {
        let subjects = texts.iter().map(|text| text.sealed.subject()).collect();
        let standing = self.keys.standing(&subjects).await?;
        let open = |text: &ToUnseal<'_>| {
            let subject = text.sealed.subject();
            let found = standing.get(&subject).ok_or(VaultError::NoKey(subject))?;
            match &found.key {
                None => Ok(Unsealed::Erased),
                Some(key) => cipher::open(key, text.context, text.sealed)
                    .map(Unsealed::Plain)
                    .map_err(|_| VaultError::Tampered(subject)),
            }
        };
        texts.iter().map(open).collect()
    }

    /// The value `normalised` is looked up by, such as an e-mail address in lower case: equal for equal texts of one purpose,
    /// told by nobody without the master key. It is derived data: an erasure purges it. It stays the same when the master key
    /// is changed.
    pub fn blind_index(&self, purpose: &str, normalised: &str) -> [u8; 32] {
        self.secret
            .keyed(Family::Index, purpose, normalised.as_bytes())
    }

    /// A digest of `bytes` that tells a retried command from another, and lets nobody without the master key guess what was in
    /// it. It stays the same when the master key is changed.
    pub fn keyed_digest(&self, purpose: &str, bytes: &[u8]) -> [u8; 32] {
        self.secret.keyed(Family::Digest, purpose, bytes)
    }
}

impl fmt::Debug for Vault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Vault(..)")
    }
}
