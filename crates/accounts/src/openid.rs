//! Which account somebody is whom an OpenID provider vouches for.
//!
//! The protocol is a service's affair: what comes here is an issuer and a subject it has verified. A subject is matched
//! exactly and never by e-mail address, which a provider may hand to somebody else.

use chrono::{DateTime, Utc};
use domain::ids::AccountId;
use serde::Serialize;
use sqlx::PgConnection;

use crate::accounts::{Accounts, field};
use crate::caller::Caller;
use crate::error::{AccountError, StoreError};
use crate::link::{LinkFor, LinkPurpose, LinkRefused, end_all, use_up};
use crate::secret::{KeptLink, SessionToken};
use crate::security_log::{Entry, SecurityEvent, note};
use crate::session::WebSession;
use crate::sign_in::{SignInRefused, SignedIn};

/// Somebody a provider vouches for: who says so, and what it calls them, both exactly as in the verified answer.
#[derive(Clone, PartialEq, Eq)]
pub struct OpenIdPerson {
    /// The provider's address, as in its `iss`.
    pub issuer: String,
    /// Its `sub`.
    pub subject: String,
}

impl std::fmt::Debug for OpenIdPerson {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "OpenIdPerson(somebody at {})", self.issuer)
    }
}

/// What a provider says of how it knows somebody.
#[derive(Clone, Copy, Debug, Default)]
pub struct Proof {
    /// When they proved to it who they are; when they came here, if it does not say.
    pub at: Option<DateTime<Utc>>,
    /// That a second factor was given, in words that the settings take for it.
    pub second_factor: bool,
}

/// A provider's word that is taken for an account.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct OpenIdLinked {
    /// Whose word.
    pub issuer: String,
    /// What it calls the account's owner.
    pub subject: String,
    /// Since when.
    pub linked_at: DateTime<Utc>,
}

/// What is stored of a person at a provider.
struct Stored {
    issuer: String,
    index: [u8; 32],
    sealed: Vec<u8>,
}

impl Accounts {
    /// Lets in whoever a provider vouches for, and takes back the attempt that was counted when they set out.
    ///
    /// # Errors
    /// [`SignInRefused::Refused`] when no account that can be signed in to is linked to them, [`SignInRefused::Store`].
    pub async fn sign_in_vouched(
        &self,
        person: &OpenIdPerson,
        proof: Proof,
        replaces: Option<&SessionToken>,
        caller: &Caller,
    ) -> Result<SignedIn, SignInRefused> {
        let index = self.openid_index(person);
        let email_index = sqlx::query_scalar!(
            "select a.email_index from account.openid_link o join account.account a using (account_id)
             where o.issuer = $1 and o.subject_index = $2",
            person.issuer,
            &index[..]
        );
        let email_index = email_index.fetch_optional(self.pool()).await?;
        let come_in = match email_index {
            Some(email_index) => {
                let come_in = self.come_in_vouched(&email_index, proof, replaces, caller);
                come_in.await
            }
            None => Err(SignInRefused::Refused),
        };
        if matches!(come_in, Err(SignInRefused::Refused)) {
            let entry = Entry::of(SecurityEvent::SignInRefused).from(caller);
            self.log(entry).await?;
        }
        come_in
    }

    /// Takes a provider's word for the account of whoever is signed in.
    ///
    /// # Errors
    /// [`AccountError::SignInAgain`]; [`AccountError::EmailTaken`] is never given: who is linked to another account
    /// already stays so, and the answer is [`AccountError::NoSuchAccount`]; [`AccountError::Store`].
    pub async fn link_openid(
        &self,
        session: &WebSession,
        person: &OpenIdPerson,
        caller: &Caller,
    ) -> Result<(), AccountError> {
        self.must_be_fresh(session)?;
        let (account, now) = (session.account, self.now());
        let stored = self.openid_stored(account, person).await?;
        let entry = Entry::of(SecurityEvent::OpenIdLinked)
            .account(account)
            .from(caller);
        let entry = (self.id(), now, entry);
        self.whole(move |connection| {
            Box::pin(async move {
                if !keep(connection, account, &stored, now).await? {
                    return Err(AccountError::NoSuchAccount);
                }
                note(connection, entry).await?;
                Ok(())
            })
        })
        .await
    }

    /// Takes up an invitation by a provider's word in the place of a password.
    ///
    /// # Errors
    /// [`LinkRefused::NoLonger`], also when the person is linked to an account already; [`LinkRefused::Store`].
    pub async fn accept_invitation_vouched(
        &self,
        link: KeptLink,
        person: &OpenIdPerson,
        caller: &Caller,
    ) -> Result<LinkFor, LinkRefused> {
        let found = self.kept_link(link).await?;
        let found = found.filter(|link| link.purpose == LinkPurpose::Invitation);
        let found = found.ok_or(LinkRefused::NoLonger)?;
        let stored = self.openid_stored(found.account, person).await?;
        let (now, KeptLink(token)) = (self.now(), link);
        let entry = Entry::of(SecurityEvent::InvitationAccepted).account(found.account);
        let entry = (self.id(), now, entry.from(caller));
        self.whole(move |connection| {
            Box::pin(async move {
                use_up(connection, token, found, now).await?;
                let opened = sqlx::query!(
                    "update account.account set state = 'active', epoch = epoch + 1, changed_at = $2
                     where account_id = $1 and state = 'invited'",
                    found.account.uuid(),
                    now
                );
                let opened = opened.execute(&mut *connection).await?.rows_affected() == 1;
                if !opened || !keep(connection, found.account, &stored, now).await? {
                    return Err(LinkRefused::NoLonger);
                }
                end_all(connection, found.account).await?;
                note(connection, entry).await?;
                Ok(found)
            })
        })
        .await
    }

    /// The providers whose word is taken for an account.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn openid_links(&self, account: AccountId) -> Result<Vec<OpenIdLinked>, StoreError> {
        let rows = sqlx::query!(
            "select issuer, subject_sealed, linked_at from account.openid_link
             where account_id = $1 order by linked_at, issuer limit 100",
            account.uuid()
        );
        let mut links = Vec::new();
        for row in rows.fetch_all(self.pool()).await? {
            let subject = self
                .open(account, field::OPENID_SUBJECT, &row.subject_sealed)
                .await?;
            let (issuer, linked_at) = (row.issuer, row.linked_at);
            links.push(OpenIdLinked {
                issuer,
                subject,
                linked_at,
            });
        }
        Ok(links)
    }

    /// No longer takes a provider's word for the account of whoever is signed in, unless nothing else would let its
    /// owner in.
    ///
    /// # Errors
    /// [`AccountError::SignInAgain`], [`AccountError::NoSuchAccount`] when it is not linked or is the only way in,
    /// [`AccountError::Store`].
    pub async fn unlink_openid(
        &self,
        session: &WebSession,
        issuer: &str,
    ) -> Result<(), AccountError> {
        self.must_be_fresh(session)?;
        let (account, issuer) = (session.account, issuer.to_owned());
        let entry = Entry::of(SecurityEvent::OpenIdUnlinked).account(account);
        let entry = (self.id(), self.now(), entry);
        self.whole(move |connection| {
            Box::pin(async move {
                // Held, so that two who unlink the last two at once do not take both.
                let held = sqlx::query!(
                    "select from account.account where account_id = $1 for no key update",
                    account.uuid()
                );
                held.fetch_optional(&mut *connection).await?;
                let gone = sqlx::query!(
                    "delete from account.openid_link
                     where account_id = $1 and issuer = $2 and (
                        (select password_hash is not null from account.account where account_id = $1)
                        or exists (select from account.openid_link where account_id = $1 and issuer <> $2))",
                    account.uuid(),
                    issuer
                );
                if gone.execute(&mut *connection).await?.rows_affected() == 0 {
                    return Err(AccountError::NoSuchAccount);
                }
                note(connection, entry).await?;
                Ok(())
            })
        })
        .await
    }

    fn openid_index(&self, person: &OpenIdPerson) -> [u8; 32] {
        let sealing = &self.parts.sealing;
        sealing.blind_index("account.openid_subject", &person.subject)
    }

    async fn openid_stored(
        &self,
        account: AccountId,
        person: &OpenIdPerson,
    ) -> Result<Stored, StoreError> {
        Ok(Stored {
            issuer: person.issuer.clone(),
            index: self.openid_index(person),
            sealed: self
                .seal(account, field::OPENID_SUBJECT, &person.subject)
                .await?,
        })
    }
}

/// Stores a link. False if that person is linked already.
async fn keep(
    connection: &mut PgConnection,
    account: AccountId,
    person: &Stored,
    now: DateTime<Utc>,
) -> Result<bool, sqlx::Error> {
    let kept = sqlx::query!(
        "insert into account.openid_link (issuer, subject_index, account_id, subject_sealed, linked_at)
         select $1, $2, account_id, $4, $5 from account.account where account_id = $3 and state = 'active'
         on conflict (issuer, subject_index) do nothing",
        person.issuer,
        &person.index[..],
        account.uuid(),
        person.sealed,
        now
    );
    Ok(kept.execute(connection).await?.rows_affected() == 1)
}
