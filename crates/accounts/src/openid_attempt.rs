//! Somebody on their way to an OpenID provider and back.
//!
//! What they set out for is kept here. Which of those who did comes back, only their browser can show: it holds a ticket, and
//! everything the protocol calls a secret is made of that ([`OpenIdTicket::attempt`]), so that none of it is stored. A ticket is
//! good for one answer: the statement that reads what it is for takes it out.

use chrono::{DateTime, TimeDelta, Utc};
use uuid::Uuid;

use crate::accounts::Accounts;
use crate::caller::Caller;
use crate::error::{AccountError, StoreError};
use crate::secret::{KeptLink, OpenIdTicket};
use crate::session::{WebSession, WebSessionId};
use crate::throttle::Door;

/// How long somebody may take.
const PATIENCE: TimeDelta = TimeDelta::minutes(10);

/// What somebody goes to a provider for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Errand {
    /// To be let in.
    SignIn,
    /// To have its word taken, from then on, for the account that this session is of. It must be their session still when
    /// they come back.
    Link(WebSessionId),
    /// To take up an invitation without a password.
    Invitation(KeptLink),
}

/// What an attempt is to be kept of.
#[derive(Clone, Debug)]
pub struct OpenIdErrand {
    /// Which provider.
    pub issuer: String,
    /// What for.
    pub errand: Errand,
    /// Whether they are to prove anew who they are, also where the provider has kept them signed in.
    pub prove_anew: bool,
    /// The page to go on to.
    pub next: String,
}

/// An attempt, taken out for the one answer there may be.
#[derive(Clone, Debug)]
pub struct OpenIdAttempt {
    /// What was kept of it.
    pub what: OpenIdErrand,
    /// When it began.
    pub begun_at: DateTime<Utc>,
}

impl OpenIdErrand {
    /// The session it belongs to, and the link, as they are stored.
    fn bound_to(&self) -> (Option<Uuid>, Option<[u8; 32]>) {
        match self.errand {
            Errand::SignIn => (None, None),
            Errand::Link(session) => (Some(session.0), None),
            Errand::Invitation(KeptLink(hash)) => (None, Some(hash)),
        }
    }
}

impl Accounts {
    /// Keeps an attempt, and gives the ticket that the browser is to hold meanwhile. It is counted as an attempt to sign in from
    /// the caller's address; [`Accounts::sign_in_vouched`] takes that back.
    ///
    /// # Errors
    /// [`AccountError::TryLater`], [`AccountError::Store`].
    pub async fn begin_openid(
        &self,
        what: OpenIdErrand,
        caller: &Caller,
    ) -> Result<(OpenIdTicket, OpenIdAttempt), AccountError> {
        self.admit_caller::<AccountError>(Door::SignInFrom, caller)
            .await?;
        let (ticket, now) = (OpenIdTicket::draw(self.randomness())?, self.now());
        let (session, link) = what.bound_to();
        let kept = sqlx::query!(
            "insert into account.openid_attempt
                (token_hash, issuer, session_id, link_hash, prove_anew, next, begun_at, expires_at)
             values ($1, $2, $3, $4, $5, $6, $7, $8)",
            &ticket.hash()[..],
            what.issuer,
            session,
            link.as_ref().map(|hash| &hash[..]),
            what.prove_anew,
            what.next,
            now,
            now + PATIENCE
        );
        kept.execute(self.pool()).await?;
        let begun_at = now;
        Ok((ticket, OpenIdAttempt { what, begun_at }))
    }

    /// The same for whoever is signed in and wants a provider's word to be taken for their account: only on a fresh sign-in.
    ///
    /// # Errors
    /// [`AccountError::SignInAgain`], and as [`Accounts::begin_openid`].
    pub async fn begin_openid_link(
        &self,
        session: &WebSession,
        issuer: &str,
        caller: &Caller,
    ) -> Result<(OpenIdTicket, OpenIdAttempt), AccountError> {
        self.must_be_fresh(session)?;
        let what = OpenIdErrand {
            issuer: issuer.to_owned(),
            errand: Errand::Link(session.id),
            prove_anew: false,
            next: String::new(),
        };
        self.begin_openid(what, caller).await
    }

    /// What a ticket is for. From then on it is for nothing; nothing, if it was that already, is too old, or never was one.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn take_openid(
        &self,
        ticket: &OpenIdTicket,
    ) -> Result<Option<OpenIdAttempt>, StoreError> {
        let taken = sqlx::query!(
            "delete from account.openid_attempt where token_hash = $1 and expires_at > $2
             returning issuer, session_id, link_hash, prove_anew, next, begun_at",
            &ticket.hash()[..],
            self.now()
        );
        let Some(row) = taken.fetch_optional(self.pool()).await? else {
            return Ok(None);
        };
        let errand = match (row.session_id, row.link_hash) {
            (None, None) => Errand::SignIn,
            (Some(session), None) => Errand::Link(WebSessionId(session)),
            (_, Some(hash)) => {
                let hash = <[u8; 32]>::try_from(hash);
                let hash = hash.map_err(|_| StoreError::Unreadable("the link of an attempt"))?;
                Errand::Invitation(KeptLink(hash))
            }
        };
        Ok(Some(OpenIdAttempt {
            what: OpenIdErrand {
                issuer: row.issuer,
                errand,
                prove_anew: row.prove_anew,
                next: row.next,
            },
            begun_at: row.begun_at,
        }))
    }
}
