//! Erasure: a person's data, or one text, made unreadable for good.
//!
//! ```text
//! intended -> fenced -> destroyed -> purged -> tombstoned -> done
//! ```
//! Each step is one statement, or one call that may be repeated; how far it came is kept in the database. So a crash between any
//! two loses nothing: [`Erasures::resume_all`] carries on where it stopped, in this process or another, and two that carry on
//! at once do no harm. A subject that is fenced stays fenced; the database refuses to take it back.

mod record;
mod step;

use std::fmt;
use std::sync::Arc;

use chrono::{DateTime, Utc};
use domain::ids::{CommandId, LedgerId, SubjectId};
use futures::future::BoxFuture;

use crate::error::VaultError;
use crate::vault::Vault;

pub use step::{Step, SubjectKind};

/// How many unfinished erasures are read at once.
const PAGE: i64 = 100;

/// What is to be erased, at whose request, and what will be said of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ErasureRequest {
    /// Whom or what.
    pub subject: SubjectId,
    /// A person, a text, or an account.
    pub kind: SubjectKind,
    /// What the tombstone says, as whoever appends it reads it. It is kept as it is, so whatever in it may name people is
    /// sealed: the reason above all.
    pub tombstone: serde_json::Value,
    /// The ledger its tombstone goes into.
    pub ledger: LedgerId,
    /// The command its tombstone is appended under, so that it is there once.
    pub command: CommandId,
    /// Who asked, by id.
    pub actor: String,
    /// In which role.
    pub role: String,
}

/// An erasure as it is on record.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Erasure {
    /// What was asked.
    pub request: ErasureRequest,
    /// When it was begun.
    pub intended_at: DateTime<Utc>,
    /// The last step that is over.
    pub step: Step,
}

/// Whether an erasure is new.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Begun {
    /// It is.
    Now(Erasure),
    /// The subject was being erased already; that erasure stands, with its own tombstone.
    Before(Erasure),
}

/// An unfinished erasure that could not be carried on; the others were.
#[derive(Debug)]
pub struct NotErased {
    /// Of whom or what.
    pub subject: SubjectId,
    /// Why not.
    pub error: ErasureError,
}

/// Why somebody else's part in an erasure was not done.
pub type StepFailed = Box<dyn std::error::Error + Send + Sync>;

/// Removes what was derived from a subject's data while it could be read: rows of views, search, lookup values, caches.
///
/// It is called when the key is destroyed, so what is gone cannot be derived again; whoever keeps unsealed text must therefore
/// have unsealed it before. It may be called several times, also at once, and must then find nothing to do. Best is to have
/// nothing to purge: keep the sealed form and unseal when it is shown.
pub trait Purge: Send + Sync {
    /// What it clears, for the log: "search", "sign-in addresses".
    fn name(&self) -> &'static str;

    /// Removes everything about `subject`. When it returns, it is gone.
    ///
    /// # Errors
    /// When that is not sure; it is tried again later.
    fn purge(&self, subject: SubjectId) -> BoxFuture<'_, Result<(), StepFailed>>;
}

/// Puts the event that says what was erased into the ledger, without what was erased.
pub trait Tombstone: Send + Sync {
    /// Appends it under the erasure's own command id, with dates that follow from `erasure` alone: it may be called several
    /// times, and must have one effect.
    ///
    /// # Errors
    /// When it is not known to be appended; it is tried again later.
    fn append<'a>(&'a self, erasure: &'a Erasure) -> BoxFuture<'a, Result<(), StepFailed>>;
}

/// Why an erasure was refused, or stopped for now.
#[derive(Debug, thiserror::Error)]
pub enum ErasureError {
    /// Nobody asked for the erasure of this subject.
    #[error("no erasure of {0} has been begun")]
    NotBegun(SubjectId),
    /// What was derived could not be purged.
    #[error("{what} could not be cleared; the erasure is carried on when it can")]
    Purge {
        /// Its name.
        what: &'static str,
        /// What it said.
        #[source]
        source: StepFailed,
    },
    /// The tombstone could not be appended.
    #[error("the erasure could not be recorded in the ledger; it is carried on when it can")]
    Tombstone(#[source] StepFailed),
    /// The vault failed.
    #[error(transparent)]
    Vault(#[from] VaultError),
}

impl From<sqlx::Error> for ErasureError {
    fn from(error: sqlx::Error) -> Self {
        Self::Vault(VaultError::Store(error))
    }
}

/// Carries erasures out.
#[derive(Clone)]
pub struct Erasures {
    vault: Vault,
    purges: Arc<[Arc<dyn Purge>]>,
    tombstone: Arc<dyn Tombstone>,
}

impl Erasures {
    /// Erasures of what `vault` sealed, of which `purges` clear what was derived and `tombstone` tells the ledger.
    pub fn new(
        vault: Vault,
        purges: impl Into<Arc<[Arc<dyn Purge>]>>,
        tombstone: Arc<dyn Tombstone>,
    ) -> Self {
        let purges = purges.into();
        Self {
            vault,
            purges,
            tombstone,
        }
    }

    /// Puts an erasure on record. From when this returns it will be carried out, whatever happens.
    ///
    /// # Errors
    /// [`ErasureError::Vault`].
    pub async fn begin(&self, request: &ErasureRequest) -> Result<Begun, ErasureError> {
        let keys = &self.vault.keys;
        let new = record::insert(&keys.pool, request, keys.clock.now()).await?;
        let erasure = self.erasure(request.subject).await?;
        Ok(if new {
            Begun::Now(erasure)
        } else {
            Begun::Before(erasure)
        })
    }

    /// Carries one erasure on until it is done, from wherever it stands.
    ///
    /// # Errors
    /// [`ErasureError::NotBegun`]; or what stopped it, to be carried on later.
    pub async fn resume(&self, subject: SubjectId) -> Result<Erasure, ErasureError> {
        loop {
            let erasure = self.erasure(subject).await?;
            let Some(next) = erasure.step.next() else {
                return Ok(erasure);
            };
            self.take(next, &erasure).await?;
            let keys = &self.vault.keys;
            record::advance(&keys.pool, &erasure, next, keys.clock.now()).await?;
            tracing::info!(%subject, step = next.as_str(), "erasure moved on");
        }
    }

    /// Begins an erasure and carries it out.
    ///
    /// # Errors
    /// As [`begin`](Self::begin) and [`resume`](Self::resume).
    pub async fn erase(&self, request: &ErasureRequest) -> Result<Erasure, ErasureError> {
        self.begin(request).await?;
        self.resume(request.subject).await
    }

    /// Carries on every erasure of these kinds that was begun and not done, and answers those that stopped again. To be called at
    /// start and now and then, by whoever can take all their steps.
    ///
    /// # Errors
    /// [`ErasureError::Vault`] when they cannot be listed.
    pub async fn resume_all(&self, kinds: &[SubjectKind]) -> Result<Vec<NotErased>, ErasureError> {
        let mut stopped = Vec::new();
        let mut after = None;
        loop {
            let page = record::unfinished(&self.vault.keys.pool, kinds, after, PAGE).await?;
            let Some(last) = page.last() else {
                return Ok(stopped);
            };
            after = Some(*last);
            for (_, subject) in page {
                if let Err(error) = self.resume(subject).await {
                    tracing::warn!(%subject, %error, "erasure stopped");
                    stopped.push(NotErased { subject, error });
                }
            }
        }
    }

    /// The erasure of `subject`, as it stands.
    ///
    /// # Errors
    /// [`ErasureError::NotBegun`], or [`ErasureError::Vault`].
    pub async fn erasure(&self, subject: SubjectId) -> Result<Erasure, ErasureError> {
        let found = record::read(&self.vault.keys.pool, subject).await?;
        found.ok_or(ErasureError::NotBegun(subject))
    }

    /// Does what must be done for `step` to be over.
    async fn take(&self, step: Step, erasure: &Erasure) -> Result<(), ErasureError> {
        let subject = erasure.request.subject;
        let keys = &self.vault.keys;
        match step {
            Step::Intended | Step::Done => {}
            Step::Fenced => record::fence(&keys.pool, subject, keys.clock.now()).await?,
            Step::Destroyed => {
                record::destroy(&keys.pool, subject, keys.clock.now()).await?;
                keys.drop_unwrapped(subject);
            }
            Step::Purged => self.purge(subject).await?,
            Step::Tombstoned => self
                .tombstone
                .append(erasure)
                .await
                .map_err(ErasureError::Tombstone)?,
        }
        Ok(())
    }

    async fn purge(&self, subject: SubjectId) -> Result<(), ErasureError> {
        for purge in self.purges.iter() {
            let what = purge.name();
            let purged = purge.purge(subject).await;
            purged.map_err(|source| ErasureError::Purge { what, source })?;
        }
        Ok(())
    }
}

impl fmt::Debug for Erasures {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let purges: Vec<&str> = self.purges.iter().map(|purge| purge.name()).collect();
        f.debug_struct("Erasures")
            .field("purges", &purges)
            .finish_non_exhaustive()
    }
}
