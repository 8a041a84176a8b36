//! Taking a file in, whoever brings it: a program, at `/files`, or a page whose form had it.

use axum::body::Bytes;
use domain::ids::{AccountId, LedgerId};
use files::{Offered, ReceiveError, Received, Refused};
use futures::Stream;
use tracing::Instrument;

use crate::caller::Caller;
use crate::error::ApiError;
use crate::gateway::Gateway;
use crate::reads::MayUpload;
use crate::throttle::Key;

/// Why a file was not taken.
#[derive(Debug, thiserror::Error)]
pub enum NotTaken {
    /// It is not a file that is taken.
    #[error(transparent)]
    Refused(#[from] Refused),
    /// Whoever sends it sees the compact, and does not work in it.
    #[error("you may not upload files to this compact; ask its secretariat")]
    Forbidden,
    /// There is no such compact, for whoever sends it.
    #[error("there is no compact of this name; choose one that is there")]
    Unknown,
    /// It cannot be taken now, or not from whoever sends it.
    #[error(transparent)]
    Api(#[from] ApiError),
}

impl Gateway {
    /// Takes a file into the compact of this name or id, for a caller. Nobody is shown it until something refers to it, and what
    /// nothing refers to is swept after a day.
    ///
    /// It is received in a task of its own: whoever sends may go away at any moment.
    ///
    /// # Errors
    /// [`NotTaken`]; nothing is left of it then.
    pub async fn take_file<S, E>(
        &self,
        caller: Caller,
        compact: &str,
        (offered, content): (Offered, S),
    ) -> Result<Received, NotTaken>
    where
        S: Stream<Item = Result<Bytes, E>> + Send + Unpin + 'static,
        E: Send + 'static,
    {
        let account = caller.account().ok_or(ApiError::SignInRequired)?;
        let ledger = self.may_bring((account, caller), compact).await?;
        let services = self.services();
        let busy = services.throttle.take(Key::Ledger(ledger));
        busy.map_err(ApiError::from)?;
        let files = services.files.clone();
        let receiving = async move { files.receive(ledger, (account, offered), content).await };
        let received = tokio::spawn(receiving.instrument(tracing::Span::current())).await;
        match received.map_err(ApiError::internal)? {
            Ok(received) => Ok(received),
            Err(ReceiveError::Refused(why)) => Err(why.into()),
            Err(ReceiveError::Failed(error)) => Err(ApiError::internal(error).into()),
        }
    }

    /// The ledger of the compact that a caller may upload to; that one may not is written down.
    async fn may_bring(
        &self,
        (account, caller): (AccountId, Caller),
        compact: &str,
    ) -> Result<LedgerId, NotTaken> {
        if caller.token().is_some_and(|token| !token.writes) {
            return Err(ApiError::ReadOnlyToken.into());
        }
        match self.reads(caller).may_upload(compact).await? {
            MayUpload::Yes(ledger) => Ok(ledger),
            MayUpload::No(ledger) => {
                let written = self.services().security.refused(account, ledger).await;
                written.map_err(ApiError::internal)?;
                Err(NotTaken::Forbidden)
            }
            MayUpload::Unknown => Err(NotTaken::Unknown),
        }
    }
}
