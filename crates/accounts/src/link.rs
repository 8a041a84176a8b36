//! Links that let their holder set a password, once: an invitation, and a reset.

use chrono::{DateTime, Utc};
use domain::ids::AccountId;
use sqlx::PgConnection;

use crate::accounts::Accounts;
use crate::caller::Caller;
use crate::chance::NoRandomness;
use crate::email::EmailAddress;
use crate::error::{AccountError, StoreError, through_the_store};
use crate::password::{HashingError, Password, WeakPassword};
use crate::secret::{KeptLink, LinkToken, SecretHash};
use crate::security_log::{Entry, SecurityEvent, note, tell};
use crate::throttle::Door;

/// What a link is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum LinkPurpose {
    /// To come in for the first time.
    Invitation,
    /// To come in again with another password.
    Reset,
}

impl LinkPurpose {
    pub(crate) const fn stored(self) -> &'static str {
        match self {
            Self::Invitation => "invitation",
            Self::Reset => "reset",
        }
    }

    /// The state an account has to be in for such a link.
    const fn state(self) -> &'static str {
        match self {
            Self::Invitation => "invited",
            Self::Reset => "active",
        }
    }

    const fn used(self) -> SecurityEvent {
        match self {
            Self::Invitation => SecurityEvent::InvitationAccepted,
            Self::Reset => SecurityEvent::PasswordReset,
        }
    }
}

/// What a link that works is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct LinkFor {
    /// Whose it is.
    pub account: AccountId,
    /// What it is for.
    pub purpose: LinkPurpose,
    /// Until when it works.
    pub expires_at: DateTime<Utc>,
}

/// Why a link did not do what it is for.
#[derive(Debug, thiserror::Error)]
pub enum LinkRefused {
    /// It was used, is too old, was replaced by a newer one, or never was one.
    #[error("this link has been used already or is too old; ask for a new one")]
    NoLonger,
    /// The password is not good enough. The link still works.
    #[error(transparent)]
    WeakPassword(#[from] WeakPassword),
    /// See there. The link may still work.
    #[error(transparent)]
    Store(#[from] StoreError),
}

through_the_store! { sqlx::Error, HashingError, NoRandomness => LinkRefused }

/// A reset link that is to be sent. Answer the person first, with the same words whether there is one or not, and look
/// the address up ([`Accounts::account`]) where the letter is written: that takes a while, and would tell.
#[derive(Clone, Debug)]
pub struct ResetLetter {
    /// To whom.
    pub account: AccountId,
    /// What to send.
    pub link: LinkToken,
}

impl Accounts {
    /// What `link` is for, if it still works: to know which page to show. It is not used up by it.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn link(&self, link: &LinkToken) -> Result<Option<LinkFor>, StoreError> {
        self.kept_link(link.kept()).await
    }

    /// The same by what is stored of it.
    pub(crate) async fn kept_link(
        &self,
        KeptLink(hash): KeptLink,
    ) -> Result<Option<LinkFor>, StoreError> {
        let found = sqlx::query!(
            "select l.account_id, l.purpose, l.expires_at
             from account.link l join account.account a using (account_id)
             where l.token_hash = $1 and l.expires_at > $2
                and a.state = case l.purpose when 'invitation' then 'invited' else 'active' end",
            &hash[..],
            self.now()
        );
        let found = found.fetch_optional(self.pool()).await?;
        Ok(found.map(|row| LinkFor {
            account: AccountId::new(row.account_id),
            purpose: match row.purpose.as_str() {
                "invitation" => LinkPurpose::Invitation,
                _ => LinkPurpose::Reset,
            },
            expires_at: row.expires_at,
        }))
    }

    /// Sets the password of whoever holds `link`, and uses the link up. Whatever was signed in with the old
    /// password has ended; the owner signs in next, second factor and all.
    ///
    /// # Errors
    /// [`LinkRefused`]. Of two who use one link at the same moment, one is refused.
    pub async fn set_password_by_link(
        &self,
        link: &LinkToken,
        password: &Password,
        caller: &Caller,
    ) -> Result<LinkFor, LinkRefused> {
        let found = self.link(link).await?.ok_or(LinkRefused::NoLonger)?;
        self.judge::<LinkRefused>(found.account, password).await?;
        let hash = self.hasher.hash(password, self.randomness()).await?;
        let (now, token) = (self.now(), link.hash());
        let entry = Entry::of(found.purpose.used())
            .account(found.account)
            .from(caller);
        let entry = (self.id(), now, entry);
        self.whole(move |connection| {
            Box::pin(async move {
                use_up(connection, token, found, now).await?;
                let set = sqlx::query!(
                    "update account.account
                     set password_hash = $2, state = 'active', epoch = epoch + 1, changed_at = $3
                     where account_id = $1 and state = $4",
                    found.account.uuid(),
                    hash,
                    now,
                    found.purpose.state()
                );
                if set.execute(&mut *connection).await?.rows_affected() == 0 {
                    return Err(LinkRefused::NoLonger);
                }
                end_all(connection, found.account).await?;
                note(connection, entry).await?;
                Ok(found)
            })
        })
        .await
    }

    /// Asks for a reset link, as somebody who is not signed in. There is a letter to send if there is such an account,
    /// it can be signed in to and has a password; the same is done and told if not.
    ///
    /// # Errors
    /// [`AccountError::TryLater`] when it was asked for too often, by this address or for this account, whether there
    /// is one or not. [`AccountError::Store`].
    pub async fn ask_for_reset(
        &self,
        email: &EmailAddress,
        caller: &Caller,
    ) -> Result<Option<ResetLetter>, AccountError> {
        let index = self.email_index(email);
        self.admit_caller::<AccountError>(Door::ResetFrom, caller)
            .await?;
        self.admit::<AccountError>(Door::ResetOf, &index).await?;
        let (now, link) = (self.now(), LinkToken::draw(self.randomness())?);
        let expires = now + self.settings.reset();
        // One statement, one commit, whether there is such an account or not.
        let account = sqlx::query_scalar!(
            "with noted as (
                insert into account.security_log (entry_id, at, event, claimed, network)
                values ($5, $3, $6, $1, $7))
             insert into account.link (account_id, purpose, token_hash, created_at, expires_at)
             select account_id, 'reset', $2, $3, $4 from account.account
             where email_index = $1 and state = 'active' and password_hash is not null
             on conflict (account_id, purpose) do update
             set token_hash = excluded.token_hash, created_at = excluded.created_at,
                expires_at = excluded.expires_at
             returning account_id",
            &index[..],
            &link.hash()[..],
            now,
            expires,
            self.id(),
            SecurityEvent::ResetAsked.stored(),
            caller.network()
        );
        let account = account
            .fetch_optional(self.pool())
            .await?
            .map(AccountId::new);
        tell(&Entry::of(SecurityEvent::ResetAsked).from(caller));
        Ok(account.map(|account| ResetLetter { account, link }))
    }

    /// A reset link for an account, as its administrator.
    ///
    /// # Errors
    /// [`AccountError::NoSuchAccount`] when no such account can be signed in to, [`AccountError::Store`].
    pub async fn reset_link(&self, account: AccountId) -> Result<LinkToken, AccountError> {
        self.link_in_state(account, LinkPurpose::Reset).await
    }

    pub(crate) async fn link_in_state(
        &self,
        account: AccountId,
        purpose: LinkPurpose,
    ) -> Result<LinkToken, AccountError> {
        let (now, link) = (self.now(), LinkToken::draw(self.randomness())?);
        let (hash, expires) = match purpose {
            LinkPurpose::Invitation => (link.hash(), now + self.settings.invitation()),
            LinkPurpose::Reset => (link.hash(), now + self.settings.reset()),
        };
        let entry = Entry::of(SecurityEvent::LinkMade).account(account);
        let entry = (self.id(), now, entry);
        self.whole(move |connection| {
            Box::pin(async move {
                let kept = keep_link(connection, account, purpose, hash, (now, expires)).await?;
                if !kept {
                    return Err(AccountError::NoSuchAccount);
                }
                note(connection, entry).await?;
                Ok(link)
            })
        })
        .await
    }

    /// Whether `password` may be the new one of `account`.
    pub(crate) async fn judge<E>(&self, account: AccountId, password: &Password) -> Result<(), E>
    where
        E: From<WeakPassword> + From<StoreError>,
    {
        let known = self.account(account).await?;
        let (name, email) = known.map_or_else(Default::default, |known| (known.name, known.email));
        Ok(password.good_enough(&[&name, &email, &self.settings.product])?)
    }
}

/// Stores a link in the place of an earlier one, if the account is in the state it is for.
pub(crate) async fn keep_link(
    connection: &mut PgConnection,
    account: AccountId,
    purpose: LinkPurpose,
    hash: SecretHash,
    (now, expires): (DateTime<Utc>, DateTime<Utc>),
) -> Result<bool, sqlx::Error> {
    let kept = sqlx::query!(
        "insert into account.link (account_id, purpose, token_hash, created_at, expires_at)
         select account_id, $2, $3, $4, $5 from account.account
         where account_id = $1 and state = $6
         on conflict (account_id, purpose) do update
         set token_hash = excluded.token_hash, created_at = excluded.created_at,
            expires_at = excluded.expires_at",
        account.uuid(),
        purpose.stored(),
        &hash[..],
        now,
        expires,
        purpose.state()
    );
    Ok(kept.execute(connection).await?.rows_affected() == 1)
}

/// Uses a link up. Whoever comes second finds no row.
pub(crate) async fn use_up(
    connection: &mut PgConnection,
    token: SecretHash,
    link: LinkFor,
    now: DateTime<Utc>,
) -> Result<(), LinkRefused> {
    let used = sqlx::query!(
        "delete from account.link
         where token_hash = $1 and account_id = $2 and purpose = $3 and expires_at > $4",
        &token[..],
        link.account.uuid(),
        link.purpose.stored(),
        now
    );
    match used.execute(connection).await?.rows_affected() {
        1 => Ok(()),
        _ => Err(LinkRefused::NoLonger),
    }
}

/// Takes out what ended with the epoch: sessions, and the links that were sent. Sessions of an earlier epoch are no
/// sessions whether they are still stored or not.
pub(crate) async fn end_all(
    connection: &mut PgConnection,
    account: AccountId,
) -> Result<(), sqlx::Error> {
    let ended = sqlx::query!(
        "with links as (delete from account.link where account_id = $1)
         delete from account.web_session where account_id = $1",
        account.uuid()
    );
    ended.execute(connection).await.map(drop)
}
