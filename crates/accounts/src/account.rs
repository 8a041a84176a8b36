//! An account: made by an invitation, looked up, corrected, shut and opened again.

use chrono::{DateTime, Utc};
use domain::ids::AccountId;
use serde::Serialize;
use uuid::Uuid;

use crate::accounts::{Accounts, field};
use crate::email::EmailAddress;
use crate::error::{AccountError, StoreError};
use crate::link::{LinkPurpose, keep_link};
use crate::secret::LinkToken;
use crate::security_log::{Entry, SecurityEvent, note};

/// Most accounts one page of a list holds.
const PAGE: i64 = 100;

/// Longest name, in characters.
const LONGEST_NAME: usize = 200;

/// Whether somebody can sign in.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum AccountState {
    /// Was sent a link and has not used it.
    Invited,
    /// Can sign in.
    Active,
    /// Cannot, until it is opened again.
    Disabled,
}

impl AccountState {
    pub(crate) fn of(stored: &str) -> Result<Self, StoreError> {
        match stored {
            "invited" => Ok(Self::Invited),
            "active" => Ok(Self::Active),
            "disabled" => Ok(Self::Disabled),
            _ => Err(StoreError::Unreadable("an account's state")),
        }
    }
}

/// An account, opened. Personal data: for its owner and for who administers accounts.
#[derive(Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Account {
    /// Which.
    pub id: AccountId,
    /// What its owner is called; empty once they were erased.
    pub name: String,
    /// Where its owner is written to; empty once they were erased.
    pub email: String,
    /// Whether it can be signed in to.
    pub state: AccountState,
    /// Since when it has been there.
    pub created_at: DateTime<Utc>,
    /// Whether it has a password; without one a provider's word opens it.
    pub password: bool,
    /// Whether a code is asked for when signing in.
    pub second_factor: bool,
}

impl std::fmt::Debug for Account {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Account({}, {:?})", self.id, self.state)
    }
}

/// Who is to have an account.
#[derive(Clone, Debug)]
pub struct NewAccount {
    /// What they are called: 1 to 200 characters.
    pub name: String,
    /// Where the invitation goes.
    pub email: EmailAddress,
}

pub(crate) struct AccountRow {
    pub(crate) account_id: Uuid,
    pub(crate) email_sealed: Vec<u8>,
    pub(crate) name_sealed: Vec<u8>,
    pub(crate) state: String,
    pub(crate) created_at: DateTime<Utc>,
    pub(crate) password: bool,
    pub(crate) second_factor: bool,
}

impl Accounts {
    /// Makes an account and the link its owner sets a password by.
    ///
    /// # Errors
    /// [`AccountError::EmailTaken`], [`AccountError::Name`], [`AccountError::Store`].
    pub async fn invite(&self, new: &NewAccount) -> Result<(AccountId, LinkToken), AccountError> {
        let (now, account) = (self.now(), AccountId::new(self.id()));
        let row = self.sealed(account, new).await?;
        let link = LinkToken::draw(self.randomness())?;
        let (hash, expires) = (link.hash(), now + self.settings.invitation());
        let entry = Entry::of(SecurityEvent::AccountInvited).account(account);
        let entry = (self.id(), now, entry);
        self.whole(move |connection| {
            Box::pin(async move {
                let added = sqlx::query!(
                    "insert into account.account
                        (account_id, email_index, email_sealed, name_sealed, state, created_at, changed_at)
                     values ($1, $2, $3, $4, 'invited', $5, $5)
                     on conflict on constraint account_email_key do nothing",
                    account.uuid(),
                    &row.email_index[..],
                    row.email_sealed,
                    row.name_sealed,
                    now
                );
                if added.execute(&mut *connection).await?.rows_affected() == 0 {
                    return Err(AccountError::EmailTaken);
                }
                let purpose = LinkPurpose::Invitation;
                keep_link(connection, account, purpose, hash, (now, expires)).await?;
                note(connection, entry).await?;
                Ok((account, link))
            })
        })
        .await
    }

    /// Another link for somebody who was invited and has not come. The earlier one no longer works.
    ///
    /// # Errors
    /// [`AccountError::NoSuchAccount`] when nobody of that id is waiting, [`AccountError::Store`].
    pub async fn invite_again(&self, account: AccountId) -> Result<LinkToken, AccountError> {
        self.link_in_state(account, LinkPurpose::Invitation).await
    }

    /// One account; `None` if there is none of that id.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn account(&self, account: AccountId) -> Result<Option<Account>, StoreError> {
        let row = sqlx::query_as!(
            AccountRow,
            r#"select account_id, email_sealed, name_sealed, state, created_at,
                password_hash is not null as "password!",
                exists (select from account.second_factor f
                    where f.account_id = a.account_id and confirmed_at is not null) as "second_factor!"
             from account.account a where account_id = $1"#,
            account.uuid()
        );
        match row.fetch_optional(self.pool()).await? {
            Some(row) => self.opened(row).await.map(Some),
            None => Ok(None),
        }
    }

    /// Whose address this is. For administration only: at the door, whether there is such an account is not told.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn account_of(&self, email: &EmailAddress) -> Result<Option<AccountId>, StoreError> {
        let index = self.email_index(email);
        let found = sqlx::query_scalar!(
            "select account_id from account.account where email_index = $1",
            &index[..]
        );
        let found = found.fetch_optional(self.pool()).await?;
        Ok(found.map(AccountId::new))
    }

    /// Up to a hundred accounts after `after`, in the order of their ids, which is the order they were made in.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn accounts(&self, after: Option<AccountId>) -> Result<Vec<Account>, StoreError> {
        let rows = sqlx::query_as!(
            AccountRow,
            r#"select account_id, email_sealed, name_sealed, state, created_at,
                password_hash is not null as "password!",
                exists (select from account.second_factor f
                    where f.account_id = a.account_id and confirmed_at is not null) as "second_factor!"
             from account.account a
             where $1::uuid is null or account_id > $1
             order by account_id limit $2"#,
            after.map(AccountId::uuid),
            PAGE
        );
        let rows = rows.fetch_all(self.pool()).await?;
        let mut accounts = Vec::with_capacity(rows.len());
        for row in rows {
            accounts.push(self.opened(row).await?);
        }
        Ok(accounts)
    }

    /// Corrects name and address. Links sent to the old address no longer work.
    ///
    /// # Errors
    /// [`AccountError::EmailTaken`], [`AccountError::Name`], [`AccountError::NoSuchAccount`], [`AccountError::Store`].
    pub async fn correct(&self, account: AccountId, to: &NewAccount) -> Result<(), AccountError> {
        let now = self.now();
        let row = self.sealed(account, to).await?;
        let entry = Entry::of(SecurityEvent::AccountCorrected).account(account);
        let entry = (self.id(), now, entry);
        self.whole(move |connection| {
            Box::pin(async move {
                let changed = sqlx::query!(
                    "update account.account
                     set email_index = $2, email_sealed = $3, name_sealed = $4, changed_at = $5
                     where account_id = $1",
                    account.uuid(),
                    &row.email_index[..],
                    row.email_sealed,
                    row.name_sealed,
                    now
                );
                let changed = changed
                    .execute(&mut *connection)
                    .await
                    .map_err(email_taken)?;
                if changed.rows_affected() == 0 {
                    return Err(AccountError::NoSuchAccount);
                }
                let links = sqlx::query!(
                    "delete from account.link where account_id = $1",
                    account.uuid()
                );
                links.execute(&mut *connection).await?;
                note(connection, entry).await?;
                Ok(())
            })
        })
        .await
    }

    /// Shuts an account: every session, link and token of it ends now.
    ///
    /// # Errors
    /// [`AccountError::NoSuchAccount`] when it is not there or shut already, [`AccountError::Store`].
    pub async fn disable(&self, account: AccountId) -> Result<(), AccountError> {
        let now = self.now();
        let entry = Entry::of(SecurityEvent::AccountDisabled).account(account);
        let entry = (self.id(), now, entry);
        self.whole(move |connection| {
            Box::pin(async move {
                let shut = sqlx::query!(
                    "update account.account
                     set state = 'disabled', epoch = epoch + 1, changed_at = $2
                     where account_id = $1 and state <> 'disabled'",
                    account.uuid(),
                    now
                );
                if shut.execute(&mut *connection).await?.rows_affected() == 0 {
                    return Err(AccountError::NoSuchAccount);
                }
                let ended = sqlx::query!(
                    "with links as (delete from account.link where account_id = $1),
                        sessions as (delete from account.web_session where account_id = $1)
                     update account.api_token set revoked_at = $2
                     where account_id = $1 and revoked_at is null",
                    account.uuid(),
                    now
                );
                ended.execute(&mut *connection).await?;
                note(connection, entry).await?;
                Ok(())
            })
        })
        .await
    }

    /// Opens an account that was shut. Whoever never took up the invitation is invited again; tokens stay revoked.
    ///
    /// # Errors
    /// [`AccountError::NoSuchAccount`] when it is not there or not shut, [`AccountError::Store`].
    pub async fn enable(&self, account: AccountId) -> Result<(), AccountError> {
        let now = self.now();
        let entry = Entry::of(SecurityEvent::AccountEnabled).account(account);
        let entry = (self.id(), now, entry);
        self.whole(move |connection| {
            Box::pin(async move {
                let opened = sqlx::query!(
                    "update account.account a
                     set changed_at = $2, state = case
                        when password_hash is not null or exists (
                            select from account.openid_link o where o.account_id = a.account_id)
                        then 'active' else 'invited' end
                     where account_id = $1 and state = 'disabled'",
                    account.uuid(),
                    now
                );
                if opened.execute(&mut *connection).await?.rows_affected() == 0 {
                    return Err(AccountError::NoSuchAccount);
                }
                note(connection, entry).await?;
                Ok(())
            })
        })
        .await
    }

    /// What an address is found by.
    pub(crate) fn email_index(&self, email: &EmailAddress) -> [u8; 32] {
        let sealing = &self.parts.sealing;
        sealing.blind_index("account.email", email.expose())
    }

    async fn opened(&self, row: AccountRow) -> Result<Account, StoreError> {
        let id = AccountId::new(row.account_id);
        Ok(Account {
            id,
            name: self.open(id, field::NAME, &row.name_sealed).await?,
            email: self.open(id, field::EMAIL, &row.email_sealed).await?,
            state: AccountState::of(&row.state)?,
            created_at: row.created_at,
            password: row.password,
            second_factor: row.second_factor,
        })
    }

    async fn sealed(&self, account: AccountId, new: &NewAccount) -> Result<Written, AccountError> {
        let name = new.name.trim();
        if name.is_empty() || name.chars().count() > LONGEST_NAME {
            return Err(AccountError::Name);
        }
        Ok(Written {
            email_index: self.email_index(&new.email),
            email_sealed: self.seal(account, field::EMAIL, new.email.expose()).await?,
            name_sealed: self.seal(account, field::NAME, name).await?,
        })
    }
}

/// Name and address as they are stored.
struct Written {
    email_index: [u8; 32],
    email_sealed: Vec<u8>,
    name_sealed: Vec<u8>,
}

fn email_taken(error: sqlx::Error) -> AccountError {
    let constraint = error.as_database_error().and_then(|said| said.constraint());
    match constraint {
        Some("account_email_key") => AccountError::EmailTaken,
        _ => error.into(),
    }
}
