//! Erasure of an account: its key is destroyed, and then all that is kept of it is taken out.
//!
//! The ledgers name an account by its id alone, which stays and leads to nobody. That it was erased is written into the
//! security log.

use std::sync::Arc;

use domain::ids::{AccountId, CommandId, LedgerId, SubjectId};
use futures::future::BoxFuture;
use vault::{
    Erasure, ErasureError, ErasureRequest, Erasures, NotErased, Purge, StepFailed, SubjectKind,
    Tombstone, Vault,
};

use crate::accounts::Accounts;
use crate::error::StoreError;
use crate::security_log::{Entry, SecurityEvent, note_once};
use crate::vaulted::VaultSealing;

/// Erases accounts. It may be used by several processes at once.
#[derive(Clone, Debug)]
pub struct AccountErasures {
    accounts: Accounts,
    erasures: Erasures,
}

impl AccountErasures {
    /// Erases `accounts`, whose keys are in `vault`.
    pub fn new(accounts: Accounts, vault: Vault) -> Self {
        let books = Arc::new(Books(accounts.clone()));
        let purges: [Arc<dyn Purge>; 1] = [Arc::clone(&books) as _];
        let erasures = Erasures::new(vault, purges, books);
        Self { accounts, erasures }
    }

    /// Erases an account for good, at the request of `actor`. Its sessions, links and tokens end with it; its roles are
    /// ended beforehand, in the ledger of its region.
    ///
    /// # Errors
    /// What stopped it. Once it has begun it is carried on, by [`resume_all`](Self::resume_all) or by being asked again.
    pub async fn erase(
        &self,
        account: AccountId,
        region: LedgerId,
        actor: &str,
    ) -> Result<Erasure, ErasureError> {
        let request = ErasureRequest {
            subject: VaultSealing::subject(account),
            kind: SubjectKind::Account,
            tombstone: serde_json::Value::Object(serde_json::Map::new()),
            ledger: region,
            command: CommandId::new(self.accounts.id()),
            actor: actor.to_owned(),
            role: actor.to_owned(),
        };
        self.erasures.erase(&request).await
    }

    /// Carries on what was begun and not done; those that stopped again.
    ///
    /// # Errors
    /// When they cannot be listed.
    pub async fn resume_all(&self) -> Result<Vec<NotErased>, ErasureError> {
        self.erasures.resume_all(&[SubjectKind::Account]).await
    }
}

/// The accounts, as an erasure meets them.
struct Books(Accounts);

impl Purge for Books {
    fn name(&self) -> &'static str {
        "accounts"
    }

    fn purge(&self, subject: SubjectId) -> BoxFuture<'_, Result<(), StepFailed>> {
        Box::pin(async move {
            self.0.forget(AccountId::new(subject.uuid())).await?;
            Ok(())
        })
    }
}

impl Tombstone for Books {
    fn append<'a>(&'a self, erasure: &'a Erasure) -> BoxFuture<'a, Result<(), StepFailed>> {
        Box::pin(async move {
            let request = &erasure.request;
            let entry = Entry::of(SecurityEvent::AccountErased).about(request.subject.uuid());
            let connection = self.0.pool().acquire().await;
            let mut connection = connection.map_err(StoreError::Database)?;
            let entry = (request.command.uuid(), erasure.intended_at, entry);
            note_once(&mut connection, entry).await?;
            Ok(())
        })
    }
}
