//! The texts of things that stand in one ledger, all opened together.

use domain::ids::LedgerId;
use domain::{Sealed, Texts};

use crate::context::Context;
use crate::error::VaultError;
use crate::plain::Unsealed;
use crate::vault::{ToUnseal, Vault};

impl Vault {
    /// Opens every text of things that stand in one ledger: all of them, or none. What was redacted is known as such from then
    /// on; what was never sealed stays as it is.
    ///
    /// # Errors
    /// As [`unseal_many`](Self::unseal_many).
    pub async fn open_texts<'a, T: Texts + ?Sized + 'a>(
        &self,
        ledger: LedgerId,
        things: impl IntoIterator<Item = &'a mut T>,
    ) -> Result<(), VaultError> {
        let mut things: Vec<&mut T> = things.into_iter().collect();
        let mut sealed: Vec<Sealed> = Vec::new();
        for thing in &mut things {
            thing.texts(&mut |text| sealed.extend(text.sealed().cloned()));
        }
        if sealed.is_empty() {
            return Ok(());
        }
        let context = Context::text(ledger);
        let to_unseal = sealed.iter().map(|sealed| ToUnseal {
            sealed,
            context: &context,
        });
        let to_unseal: Vec<ToUnseal<'_>> = to_unseal.collect();
        let mut says = self.unseal_many(&to_unseal).await?.into_iter();
        for thing in things {
            thing.texts(&mut |text| {
                if text.sealed().is_some() {
                    text.open(says.next().and_then(Unsealed::into_plain));
                }
            });
        }
        Ok(())
    }
}
