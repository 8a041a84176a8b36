//! The vault, as accounts use it.
//!
//! An account is its owner's subject in the vault: what is sealed here is under the key that an erasure of that subject
//! destroys. Accounts belong to no compact, so their texts are sealed for the region's ledger.

use domain::ids::{AccountId, LedgerId, SubjectId};
use futures::future::BoxFuture;
use vault::{Context, Sealed, Vault};

use crate::sealing::{Sealing, SealingError};

/// Seals accounts' data in the vault.
#[derive(Clone, Debug)]
pub struct VaultSealing {
    vault: Vault,
    region: LedgerId,
}

impl VaultSealing {
    /// Seals in `vault`, for the ledger of the region. Another region's ledger opens nothing of it.
    pub const fn new(vault: Vault, region: LedgerId) -> Self {
        Self { vault, region }
    }

    /// The subject an account is in the vault: the one to erase.
    pub const fn subject(account: AccountId) -> SubjectId {
        SubjectId::new(account.uuid())
    }
}

impl Sealing for VaultSealing {
    fn seal<'a>(
        &'a self,
        subject: AccountId,
        context: &'a str,
        plain: &'a str,
    ) -> BoxFuture<'a, Result<Vec<u8>, SealingError>> {
        Box::pin(async move {
            let place = Context::new(self.region, context);
            let sealed = self.vault.seal(Self::subject(subject), &place, plain).await;
            let sealed = sealed.map_err(|error| not("sealed", error))?;
            serde_json::to_vec(&sealed).map_err(|error| not("sealed", error))
        })
    }

    fn open<'a>(
        &'a self,
        subject: AccountId,
        context: &'a str,
        sealed: &'a [u8],
    ) -> BoxFuture<'a, Result<Option<String>, SealingError>> {
        Box::pin(async move {
            let sealed: Sealed =
                serde_json::from_slice(sealed).map_err(|error| not("opened", error))?;
            if sealed.subject() != Self::subject(subject) {
                return Err(not("opened", SomebodyElses));
            }
            let place = Context::new(self.region, context);
            let opened = self.vault.unseal(&sealed, &place).await;
            let opened = opened.map_err(|error| not("opened", error))?;
            Ok(opened.plain().map(str::to_owned))
        })
    }

    fn blind_index(&self, purpose: &str, value: &str) -> [u8; 32] {
        self.vault.blind_index(purpose, value)
    }
}

/// A text was moved from one account's row to another's.
#[derive(Debug, thiserror::Error)]
#[error("it is sealed for another account")]
struct SomebodyElses;

fn not(
    doing: &'static str,
    error: impl Into<Box<dyn std::error::Error + Send + Sync>>,
) -> SealingError {
    let source = error.into();
    SealingError { doing, source }
}
