//! What the resolvers reach for: views and ledgers to read, the recorder to write through.

use std::error::Error;
use std::sync::Arc;
use std::time::Duration;

pub use accounts::DraftOf;
use accounts::{Draft, DraftError, DraftListed, StoreError};
use domain::clock::Clock;
use domain::ids::{AccountId, IdSource, LedgerId};
use files::Files;
use futures::future::BoxFuture;
use ledger::Reader;
use recorder::RecorderClient;
use reminders::Outbox;
use uuid::Uuid;
use views::{Historian, Projected, ViewReader, WaitError};

use crate::decisions::Decisions;
use crate::error::ApiError;
use crate::grants::Grants;
use crate::limits::Limits;
use crate::throttle::Throttle;
use crate::trusted::TrustedDocuments;

/// What the resolvers reach for. Cheap to clone.
#[derive(Clone)]
pub struct Services {
    /// Reads the views.
    pub views: ViewReader,
    /// Tells histories in plain words.
    pub historian: Historian,
    /// Reads ledgers.
    pub ledger: Reader,
    /// Receives files, and hands them out.
    pub files: Files,
    /// What is to be sent to whom, and how far it has come.
    pub reminders: Outbox,
    /// Decides who may see and do what.
    pub decisions: Decisions,
    /// Tells which roles accounts were given.
    pub grants: Grants,
    /// Records changes.
    pub recorder: RecorderClient,
    /// Tells how far the views have come.
    pub projected: Projected,
    /// The clock.
    pub clock: Arc<dyn Clock>,
    /// Where new ids come from.
    pub ids: Arc<dyn IdSource>,
    /// How much one request may ask for.
    pub limits: Limits,
    /// How often an account may ask, and a compact be changed.
    pub throttle: Throttle,
    /// The documents that are known beforehand.
    pub documents: TrustedDocuments,
    /// Writes down what must be, where who answers for the installation looks.
    pub security: Arc<dyn SecurityLog>,
    /// Keeps what people are still typing.
    pub drafts: Arc<dyn Drafts>,
    /// How long a request waits for the views to reach a position.
    pub patience: Duration,
}

/// Where it is written down that somebody was given personal data, or refused something, with none of it.
pub trait SecurityLog: Send + Sync {
    /// An account took out everything held about a person.
    fn exported(
        &self,
        account: AccountId,
        person: Uuid,
    ) -> BoxFuture<'_, Result<(), Box<dyn Error + Send + Sync>>>;

    /// An account asked for a change in a ledger that it may not make.
    fn refused(
        &self,
        account: AccountId,
        ledger: LedgerId,
    ) -> BoxFuture<'_, Result<(), Box<dyn Error + Send + Sync>>>;
}

/// Where what people are still typing is kept, for nobody but them.
pub trait Drafts: Send + Sync {
    /// Keeps a draft in the place of any before; with `expected`, only where that is the version there is.
    fn save<'a>(
        &'a self,
        account: AccountId,
        of: &'a DraftOf,
        content: &'a str,
        expected: Option<u32>,
    ) -> BoxFuture<'a, Result<DraftListed, DraftError>>;

    /// Discards a draft; whether there was one.
    fn discard<'a>(
        &'a self,
        account: AccountId,
        of: &'a DraftOf,
    ) -> BoxFuture<'a, Result<bool, StoreError>>;

    /// An account's drafts in a compact, the last saved first.
    fn list(
        &self,
        account: AccountId,
        ledger: LedgerId,
    ) -> BoxFuture<'_, Result<Vec<DraftListed>, StoreError>>;

    /// What a draft says.
    fn read<'a>(
        &'a self,
        account: AccountId,
        of: &'a DraftOf,
    ) -> BoxFuture<'a, Result<Option<Draft>, StoreError>>;
}

impl Drafts for accounts::Accounts {
    fn save<'a>(
        &'a self,
        account: AccountId,
        of: &'a DraftOf,
        content: &'a str,
        expected: Option<u32>,
    ) -> BoxFuture<'a, Result<DraftListed, DraftError>> {
        Box::pin(self.save_draft(account, of, content, expected))
    }

    fn discard<'a>(
        &'a self,
        account: AccountId,
        of: &'a DraftOf,
    ) -> BoxFuture<'a, Result<bool, StoreError>> {
        Box::pin(self.discard_draft(account, of))
    }

    fn list(
        &self,
        account: AccountId,
        ledger: LedgerId,
    ) -> BoxFuture<'_, Result<Vec<DraftListed>, StoreError>> {
        Box::pin(self.drafts(account, ledger))
    }

    fn read<'a>(
        &'a self,
        account: AccountId,
        of: &'a DraftOf,
    ) -> BoxFuture<'a, Result<Option<Draft>, StoreError>> {
        Box::pin(self.draft(account, of))
    }
}

/// Whether what is shown has reached a position.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Shows {
    /// It has.
    Yes,
    /// Not within a request's patience.
    NotYet,
    /// Part of it stands still before that position, until it is rebuilt.
    StandsStill,
}

impl Services {
    /// Waits until the views have reached `position`, but not longer than a request's patience, and not at
    /// all for views that are parked.
    ///
    /// # Errors
    /// When it cannot be told how far they have come.
    pub async fn reached(&self, ledger: LedgerId, position: u64) -> Result<Shows, ApiError> {
        let deadline = tokio::time::Instant::now() + self.patience;
        match self.projected.wait(ledger, position, deadline).await {
            Ok(_) => Ok(Shows::Yes),
            Err(WaitError::Late { .. }) => Ok(Shows::NotYet),
            Err(WaitError::Parked { .. }) => Ok(Shows::StandsStill),
            Err(error) => Err(ApiError::internal(error)),
        }
    }
}
