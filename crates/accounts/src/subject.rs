//! What is held about one person here: all of it on request, and none of it when they are to be forgotten.
//!
//! Forgetting is one step of an erasure, after the vault destroyed the key: what is left here then cannot be read, and
//! afterwards there is nothing to read.

use chrono::{DateTime, Utc};
use domain::ids::AccountId;
use serde::Serialize;

use crate::account::Account;
use crate::accounts::Accounts;
use crate::api_token::ApiTokenListed;
use crate::draft::Draft;
use crate::error::StoreError;
use crate::openid::OpenIdLinked;
use crate::security_log::SecurityEntry;
use crate::session::SessionListed;
use crate::throttle::Door;

/// Everything held about an account, readable. What lets its owner in is named and not shown.
#[derive(Clone, Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Holdings {
    /// Name, address, state.
    pub account: Account,
    /// Whether a password is set. It cannot be read.
    pub password: bool,
    /// Providers whose word is taken.
    pub openid: Vec<OpenIdLinked>,
    /// Recovery codes that were not used. They cannot be read.
    pub recovery_codes_left: u32,
    /// Until when links that were sent work, and what for.
    pub links: Vec<(String, DateTime<Utc>)>,
    /// Where the account is signed in.
    pub sessions: Vec<SessionListed>,
    /// Its tokens.
    pub tokens: Vec<ApiTokenListed>,
    /// What its owner is typing and has not recorded.
    pub drafts: Vec<Draft>,
    /// What is written down of it in the security log, latest first.
    pub security_log: Vec<SecurityEntry>,
}

/// What was removed of an account.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Forgotten {
    /// Whether there was an account; its links, second factor, codes, drafts and provider links went with it.
    pub account: bool,
    /// Sessions that ended.
    pub sessions: u64,
    /// Tokens that ended.
    pub tokens: u64,
    /// Entries of the security log that no longer say whom they were about.
    pub entries: u64,
}

impl Accounts {
    /// Everything held about an account; `None` if there is none.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn everything_about(
        &self,
        account: AccountId,
    ) -> Result<Option<Holdings>, StoreError> {
        let Some(found) = self.account(account).await? else {
            return Ok(None);
        };
        let password = sqlx::query_scalar!(
            r#"select password_hash is not null as "password!" from account.account where account_id = $1"#,
            account.uuid()
        );
        let links = sqlx::query!(
            "select purpose, expires_at from account.link where account_id = $1 order by purpose",
            account.uuid()
        );
        let links = links.fetch_all(self.pool()).await?.into_iter();
        Ok(Some(Holdings {
            account: found,
            password: password.fetch_optional(self.pool()).await?.unwrap_or(false),
            openid: self.openid_links(account).await?,
            recovery_codes_left: self.recovery_codes_left(account).await?,
            links: links.map(|link| (link.purpose, link.expires_at)).collect(),
            sessions: self.sessions(account).await?,
            tokens: self.all_tokens(account).await?,
            drafts: self.all_drafts(account).await?,
            security_log: self.all_entries(account).await?,
        }))
    }

    /// Forgets an account: what it consists of, and whatever elsewhere says it was this one. Doing it again does
    /// nothing.
    ///
    /// # Errors
    /// [`StoreError`]; nothing was removed then.
    pub async fn forget(&self, account: AccountId) -> Result<Forgotten, StoreError> {
        let index = sqlx::query_scalar!(
            "select email_index from account.account where account_id = $1",
            account.uuid()
        );
        let index = index.fetch_optional(self.pool()).await?;
        let mut counts = vec![
            self.throttled_as(Door::SecondFactorOf, account.uuid().as_bytes())
                .to_vec(),
        ];
        for door in [Door::SignInTo, Door::ResetOf] {
            counts.extend(
                index
                    .as_ref()
                    .map(|index| self.throttled_as(door, index).to_vec()),
            );
        }
        self.whole(move |connection| {
            Box::pin(async move {
                let cleared = sqlx::query!(
                    "delete from account.throttle where subject = any($1)",
                    &counts[..]
                );
                cleared.execute(&mut *connection).await?;
                let counted = sqlx::query!(
                    r#"select
                        (select count(*) from account.web_session where account_id = $1) as "sessions!",
                        (select count(*) from account.api_token where account_id = $1) as "tokens!",
                        (select count(*) from account.security_log
                            where account_id = $1 or claimed = $2) as "entries!""#,
                    account.uuid(),
                    index
                );
                let counted = counted.fetch_one(&mut *connection).await?;
                let gone = sqlx::query!(
                    "delete from account.account where account_id = $1",
                    account.uuid()
                );
                if gone.execute(connection).await?.rows_affected() == 0 {
                    return Ok(Forgotten::default());
                }
                Ok::<_, StoreError>(Forgotten {
                    account: true,
                    sessions: counted.sessions.unsigned_abs(),
                    tokens: counted.tokens.unsigned_abs(),
                    entries: counted.entries.unsigned_abs(),
                })
            })
        })
        .await
    }

    async fn all_tokens(&self, account: AccountId) -> Result<Vec<ApiTokenListed>, StoreError> {
        let mut all: Vec<ApiTokenListed> = Vec::new();
        loop {
            let after = all.last().map(|last| (last.created_at, last.id));
            let page = self.tokens(account, after).await?;
            if page.is_empty() {
                return Ok(all);
            }
            all.extend(page);
        }
    }

    async fn all_entries(&self, account: AccountId) -> Result<Vec<SecurityEntry>, StoreError> {
        let mut all: Vec<SecurityEntry> = Vec::new();
        loop {
            let before = all.last().map(|last| (last.at, last.id));
            let page = self.security_log(account, before).await?;
            if page.is_empty() {
                return Ok(all);
            }
            all.extend(page);
        }
    }
}
