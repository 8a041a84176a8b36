//! Drafts of whoever is at the door: kept with their account.

use accounts::{Accounts, Draft, DraftError, DraftListed, StoreError};
use domain::ids::{AccountId, LedgerId};
use futures::future::BoxFuture;

use super::{Identity, IdentityError};
use crate::services::{DraftOf, Drafts};

impl Identity {
    async fn kept(&self) -> Result<Option<&Accounts>, StoreError> {
        match self.accounts().await {
            Ok(accounts) => Ok(accounts),
            Err(IdentityError::Accounts(error)) => Err(error),
            Err(_) => Err(StoreError::Unreadable("the region that accounts belong to")),
        }
    }
}

impl Drafts for Identity {
    fn save<'a>(
        &'a self,
        account: AccountId,
        of: &'a DraftOf,
        content: &'a str,
        expected: Option<u32>,
    ) -> BoxFuture<'a, Result<DraftListed, DraftError>> {
        Box::pin(async move {
            let accounts = self.kept().await?.ok_or(DraftError::NoSuchAccount)?;
            accounts.save_draft(account, of, content, expected).await
        })
    }

    fn discard<'a>(
        &'a self,
        account: AccountId,
        of: &'a DraftOf,
    ) -> BoxFuture<'a, Result<bool, StoreError>> {
        Box::pin(async move {
            match self.kept().await? {
                Some(accounts) => accounts.discard_draft(account, of).await,
                None => Ok(false),
            }
        })
    }

    fn list(
        &self,
        account: AccountId,
        ledger: LedgerId,
    ) -> BoxFuture<'_, Result<Vec<DraftListed>, StoreError>> {
        Box::pin(async move {
            match self.kept().await? {
                Some(accounts) => accounts.drafts(account, ledger).await,
                None => Ok(Vec::new()),
            }
        })
    }

    fn read<'a>(
        &'a self,
        account: AccountId,
        of: &'a DraftOf,
    ) -> BoxFuture<'a, Result<Option<Draft>, StoreError>> {
        Box::pin(async move {
            match self.kept().await? {
                Some(accounts) => accounts.draft(account, of).await,
                None => Ok(None),
            }
        })
    }
}
