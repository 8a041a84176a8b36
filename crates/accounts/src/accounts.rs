//! The room itself: what everything else here works with.

use std::sync::Arc;

use chrono::{DateTime, SubsecRound, TimeDelta, Utc};
use domain::clock::Clock;
use domain::ids::{AccountId, IdSource};
use futures::future::BoxFuture;
use sqlx::{PgConnection, PgPool};
use uuid::Uuid;

use crate::chance::Randomness;
use crate::error::StoreError;
use crate::password::Hasher;
use crate::sealing::Sealing;
use crate::settings::Settings;

/// What accounts are put together from.
#[derive(Clone)]
pub struct Parts {
    /// Connections in the role `compacts_gateway` (or the owner's), which come back clean.
    pub pool: PgPool,
    /// Who keeps the keys.
    pub sealing: Arc<dyn Sealing>,
    /// What time it is.
    pub clock: Arc<dyn Clock>,
    /// Where ids come from.
    pub ids: Arc<dyn IdSource>,
    /// Where secrets come from.
    pub randomness: Arc<dyn Randomness>,
}

/// Accounts, sessions and tokens. Cheap to clone; every clone is the same.
#[derive(Clone)]
pub struct Accounts {
    pub(crate) parts: Parts,
    pub(crate) settings: Arc<Settings>,
    pub(crate) hasher: Arc<Hasher>,
}

impl std::fmt::Debug for Accounts {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Accounts").finish_non_exhaustive()
    }
}

/// Work on several rows that is done whole or not at all.
pub(crate) type Work<'c, T, E> = BoxFuture<'c, Result<T, E>>;

impl Accounts {
    /// Puts accounts together. It hashes a password once, which takes a moment.
    ///
    /// # Errors
    /// [`StoreError::Hashing`] when the settings name a cost no password can be hashed at,
    /// [`StoreError::NoRandomness`].
    pub fn new(parts: Parts, settings: Settings) -> Result<Self, StoreError> {
        let hasher = Hasher::new(&settings.hashing, &*parts.randomness)?;
        Ok(Self {
            parts,
            settings: Arc::new(settings),
            hasher: Arc::new(hasher),
        })
    }

    /// How many passwords were hashed or checked since the start: each takes the settings' memory and time.
    pub fn passwords_hashed(&self) -> u64 {
        self.hasher.done()
    }

    /// The longest that anybody stays signed in.
    pub fn longest_session(&self) -> TimeDelta {
        self.settings.absolute()
    }

    pub(crate) fn pool(&self) -> &PgPool {
        &self.parts.pool
    }

    /// The moment, as finely as PostgreSQL keeps it.
    pub(crate) fn now(&self) -> DateTime<Utc> {
        self.parts.clock.now().trunc_subsecs(6)
    }

    pub(crate) fn id(&self) -> Uuid {
        self.parts.ids.next()
    }

    pub(crate) fn randomness(&self) -> &dyn Randomness {
        &*self.parts.randomness
    }

    pub(crate) async fn seal(
        &self,
        account: AccountId,
        field: &str,
        plain: &str,
    ) -> Result<Vec<u8>, StoreError> {
        let sealed = self.parts.sealing.seal(account, field, plain);
        Ok(sealed.await?)
    }

    /// Opens what was sealed; empty once its owner was erased.
    pub(crate) async fn open(
        &self,
        account: AccountId,
        field: &str,
        sealed: &[u8],
    ) -> Result<String, StoreError> {
        let plain = self.parts.sealing.open(account, field, sealed).await?;
        Ok(plain.unwrap_or_default())
    }

    /// Does `work` in a transaction, in a task of its own: whoever waits for it may go away, the work does not stop
    /// half-way. An error undoes all of it.
    pub(crate) async fn whole<T, E>(
        &self,
        work: impl for<'c> FnOnce(&'c mut PgConnection) -> Work<'c, T, E> + Send + 'static,
    ) -> Result<T, E>
    where
        T: Send + 'static,
        E: From<StoreError> + Send + 'static,
    {
        let pool = self.pool().clone();
        let working = tokio::spawn(async move {
            let begun = pool.begin().await;
            let mut transaction = begun.map_err(StoreError::Database)?;
            let answer = work(&mut transaction).await?;
            transaction.commit().await.map_err(StoreError::Database)?;
            Ok(answer)
        });
        working.await.map_err(StoreError::Broken)?
    }
}

/// What texts are sealed as. A text sealed for one field cannot be opened as another.
pub(crate) mod field {
    pub(crate) const NAME: &str = "account.name";
    pub(crate) const EMAIL: &str = "account.email";
    pub(crate) const SEED: &str = "account.second_factor";
    pub(crate) const OPENID_SUBJECT: &str = "account.openid_subject";
    pub(crate) const TOKEN_NAME: &str = "account.token_name";
    pub(crate) const DRAFT: &str = "account.draft";
}
