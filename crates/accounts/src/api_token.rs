//! Tokens: how a program comes in, for its owner and never for more than they may do.
//!
//! A token narrows: which compacts, and whether it may change anything. What it may do is the lesser of that and of what its
//! owner's roles allow at that moment. It does not end with a password, which programs do not know; it ends when it
//! expires, is revoked, or its owner's account is shut.

use chrono::{DateTime, TimeDelta, Utc};
use domain::ids::{AccountId, CompactId};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use crate::accounts::{Accounts, field};
use crate::caller::Caller;
use crate::chance::NoRandomness;
use crate::error::{StoreError, through_the_store};
use crate::secret::{ApiToken, NotAToken};
use crate::security_log::{Entry, SecurityEvent, note};
use crate::session::WebSession;
use crate::throttle::{Door, RetryAfter};

/// Longest a token lives, in days.
pub const LONGEST_TOKEN_LIFE_DAYS: i64 = 365;

/// Most tokens of an account that are good at once.
const MOST_TOKENS: i64 = 50;

/// Most compacts one token names; whoever needs more takes them all.
const MOST_COMPACTS: usize = 100;

/// Longest name of a token, in characters.
const LONGEST_NAME: usize = 100;

/// How often a token's last use is written down, at most.
const TOUCH: TimeDelta = TimeDelta::minutes(1);

/// Which token: for its owner to name it by. It lets nobody in.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize)]
#[serde(transparent)]
pub struct ApiTokenId(pub Uuid);

/// What a token is good for.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum TokenScope {
    /// Whatever its owner may reach.
    Everything,
    /// These compacts, as far as its owner may reach them: 1 to 100.
    Compacts(Vec<CompactId>),
}

impl TokenScope {
    /// Whether it is good for `compact`.
    pub fn covers(&self, compact: CompactId) -> bool {
        match self {
            Self::Everything => true,
            Self::Compacts(compacts) => compacts.contains(&compact),
        }
    }

    fn of(stored: Option<Vec<Uuid>>) -> Self {
        stored.map_or(Self::Everything, |compacts| {
            Self::Compacts(compacts.into_iter().map(CompactId::new).collect())
        })
    }

    fn stored(&self) -> Option<Vec<Uuid>> {
        match self {
            Self::Everything => None,
            Self::Compacts(compacts) => {
                let mut ids: Vec<Uuid> = compacts.iter().map(|compact| compact.uuid()).collect();
                ids.sort_unstable();
                ids.dedup();
                Some(ids)
            }
        }
    }
}

/// Whether a token may change anything.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum TokenAccess {
    /// It reads.
    Read,
    /// It reads and writes.
    Write,
}

impl TokenAccess {
    const fn of(writes: bool) -> Self {
        if writes { Self::Write } else { Self::Read }
    }
}

/// A token that is to be made.
#[derive(Clone, Debug)]
pub struct NewApiToken {
    /// What its owner calls it: 1 to 100 characters.
    pub name: String,
    /// Where it is good.
    pub scope: TokenScope,
    /// Whether it may change anything.
    pub access: TokenAccess,
    /// Until when: later than now, and at most a year.
    pub expires_at: DateTime<Utc>,
}

/// A token as its owner sees it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct ApiTokenListed {
    /// Its name for the system.
    pub id: ApiTokenId,
    /// Its name for its owner.
    pub name: String,
    /// Where it is good.
    pub scope: TokenScope,
    /// Whether it may change anything.
    pub access: TokenAccess,
    /// When it was made.
    pub created_at: DateTime<Utc>,
    /// Until when it is good.
    pub expires_at: DateTime<Utc>,
    /// When it was last used, to the minute.
    pub last_used_at: Option<DateTime<Utc>>,
    /// When it was revoked.
    pub revoked_at: Option<DateTime<Utc>>,
}

/// A program that came in.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TokenBearer {
    /// With which token.
    pub id: ApiTokenId,
    /// For whom.
    pub account: AccountId,
    /// Where it is good.
    pub scope: TokenScope,
    /// Whether it may change anything.
    pub access: TokenAccess,
    /// Whether its owner has a second factor: a role that needs one gives nothing to a token of somebody without.
    pub owner_has_second_factor: bool,
}

/// Why a token was not made.
#[derive(Debug, thiserror::Error)]
pub enum TokenError {
    /// The name is empty or too long.
    #[error("give the token a name of 1 to {LONGEST_NAME} characters")]
    Name,
    /// It names no compact, or too many.
    #[error("choose 1 to {MOST_COMPACTS} compacts, or all of them")]
    Scope,
    /// It would have ended already, or live too long.
    #[error("choose a day on which it ends, at most {LONGEST_TOKEN_LIFE_DAYS} days from now")]
    Expiry,
    /// There are as many as there may be.
    #[error("you have {MOST_TOKENS} tokens; revoke one you no longer need first")]
    TooMany,
    /// The sign-in is too long ago, or the account was shut.
    #[error("sign in again first: this needs a fresh sign-in")]
    SignInAgain,
    /// See there.
    #[error(transparent)]
    Store(#[from] StoreError),
}

through_the_store! { sqlx::Error, NoRandomness => TokenError }

/// Why a program was not let in.
#[derive(Debug, thiserror::Error)]
pub enum TokenRefused {
    /// It is no token at all.
    #[error(transparent)]
    NotAToken(#[from] NotAToken),
    /// It is none that is good: never was, expired, revoked, or its owner cannot sign in.
    #[error("this token is not good, or no longer; make a new one")]
    NotGood,
    /// Too many bad tokens from this address.
    #[error(transparent)]
    TryLater(#[from] RetryAfter),
    /// See there.
    #[error(transparent)]
    Store(#[from] StoreError),
}

through_the_store! { sqlx::Error => TokenRefused }

impl Accounts {
    /// Makes a token. Its text is shown once: what is kept cannot be turned back into it.
    ///
    /// # Errors
    /// [`TokenError`].
    pub async fn make_token(
        &self,
        session: &WebSession,
        new: &NewApiToken,
        caller: &Caller,
    ) -> Result<(ApiTokenId, ApiToken), TokenError> {
        let now = self.now();
        let name = allowed(new, now)?;
        if !session.fresh(now, self.settings.fresh()) {
            return Err(TokenError::SignInAgain);
        }
        let (account, id) = (session.account, self.id());
        let token = ApiToken::draw(self.randomness())?;
        let name = self.seal(account, field::TOKEN_NAME, name).await?;
        let (hash, compacts) = (token.hash(), new.scope.stored());
        let (writes, expires) = (new.access == TokenAccess::Write, new.expires_at);
        let entry = Entry::of(SecurityEvent::TokenMade)
            .account(account)
            .about(id);
        let entry = (self.id(), now, entry.from(caller));
        self.whole(move |connection| {
            Box::pin(async move {
                // The owner is held while their tokens are counted: two made at once are counted one after the other.
                let owner = sqlx::query!(
                    "select from account.account
                     where account_id = $1 and state = 'active' for no key update",
                    account.uuid()
                );
                if owner.fetch_optional(&mut *connection).await?.is_none() {
                    return Err(TokenError::SignInAgain);
                }
                let made = sqlx::query!(
                    "insert into account.api_token
                        (token_id, token_hash, account_id, name_sealed, compacts, writes, created_at, expires_at)
                     select $1, $2, $3, $4, $5, $6, $7, $8
                     where (select count(*) from account.api_token
                        where account_id = $3 and revoked_at is null and expires_at > $7) < $9",
                    id,
                    &hash[..],
                    account.uuid(),
                    name,
                    compacts.as_deref(),
                    writes,
                    now,
                    expires,
                    MOST_TOKENS
                );
                if made.execute(&mut *connection).await?.rows_affected() == 0 {
                    return Err(TokenError::TooMany);
                }
                note(connection, entry).await?;
                Ok((ApiTokenId(id), token))
            })
        })
        .await
    }

    /// Which program brought `text` along. Refusals are counted by address; a good token never touches that count.
    ///
    /// # Errors
    /// [`TokenRefused`].
    pub async fn bearer(&self, text: &str, caller: &Caller) -> Result<TokenBearer, TokenRefused> {
        let now = self.now();
        let token = ApiToken::read(text)?;
        let found = sqlx::query!(
            r#"select t.token_id, t.account_id, t.compacts, t.writes, t.last_used_at,
                t.revoked_at is null and t.expires_at > $2 and a.state = 'active' as "good!",
                exists (select from account.second_factor f
                    where f.account_id = t.account_id and confirmed_at is not null) as "second_factor!"
             from account.api_token t join account.account a using (account_id)
             where t.token_hash = $1"#,
            &token.hash()[..],
            now
        );
        let found = found.fetch_optional(self.pool()).await?;
        let Some(row) = found.as_ref().filter(|row| row.good) else {
            let known = found.map(|row| (row.account_id, row.token_id));
            return self.token_refused(known, caller).await;
        };
        if row.last_used_at.is_none_or(|last| last <= now - TOUCH) {
            let touched = sqlx::query!(
                "update account.api_token set last_used_at = $2
                 where token_id = $1 and (last_used_at is null or last_used_at < $2)",
                row.token_id,
                now
            );
            touched.execute(self.pool()).await?;
        }
        Ok(TokenBearer {
            id: ApiTokenId(row.token_id),
            account: AccountId::new(row.account_id),
            scope: TokenScope::of(row.compacts.clone()),
            access: TokenAccess::of(row.writes),
            owner_has_second_factor: row.second_factor,
        })
    }

    /// The tokens of an account, latest first, good and ended ones: up to a hundred after `after`.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn tokens(
        &self,
        account: AccountId,
        after: Option<(DateTime<Utc>, ApiTokenId)>,
    ) -> Result<Vec<ApiTokenListed>, StoreError> {
        let (at, id) = after.unzip();
        let rows = sqlx::query!(
            "select token_id, name_sealed, compacts, writes, created_at, expires_at, last_used_at, revoked_at
             from account.api_token
             where account_id = $1
                and ($2::timestamptz is null or (created_at, token_id) < ($2, $3::uuid))
             order by created_at desc, token_id desc limit 100",
            account.uuid(),
            at,
            id.map(|id| id.0)
        );
        let mut listed = Vec::new();
        for row in rows.fetch_all(self.pool()).await? {
            listed.push(ApiTokenListed {
                id: ApiTokenId(row.token_id),
                name: self
                    .open(account, field::TOKEN_NAME, &row.name_sealed)
                    .await?,
                scope: TokenScope::of(row.compacts),
                access: TokenAccess::of(row.writes),
                created_at: row.created_at,
                expires_at: row.expires_at,
                last_used_at: row.last_used_at,
                revoked_at: row.revoked_at,
            });
        }
        Ok(listed)
    }

    /// Revokes a token of an account. True if it was not revoked before.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn revoke_token(
        &self,
        account: AccountId,
        token: ApiTokenId,
    ) -> Result<bool, StoreError> {
        let revoked = sqlx::query!(
            "update account.api_token set revoked_at = $3
             where token_id = $1 and account_id = $2 and revoked_at is null",
            token.0,
            account.uuid(),
            self.now()
        );
        let revoked = revoked.execute(self.pool()).await?.rows_affected() == 1;
        if revoked {
            let entry = Entry::of(SecurityEvent::TokenRevoked).account(account);
            self.log(entry.about(token.0)).await?;
        }
        Ok(revoked)
    }

    /// Counts a token that is not good and writes it down, unless too many came from there already.
    async fn token_refused(
        &self,
        known: Option<(Uuid, Uuid)>,
        caller: &Caller,
    ) -> Result<TokenBearer, TokenRefused> {
        self.admit_caller::<TokenRefused>(Door::TokenFrom, caller)
            .await?;
        let mut entry = Entry::of(SecurityEvent::TokenRefused).from(caller);
        if let Some((account, token)) = known {
            entry = entry.account(AccountId::new(account)).about(token);
        }
        self.log(entry).await?;
        Err(TokenRefused::NotGood)
    }
}

/// Whether such a token may be made at `now`, and its name.
fn allowed(new: &NewApiToken, now: DateTime<Utc>) -> Result<&str, TokenError> {
    let name = new.name.trim();
    if name.is_empty() || name.chars().count() > LONGEST_NAME {
        return Err(TokenError::Name);
    }
    if let TokenScope::Compacts(compacts) = &new.scope
        && !(1..=MOST_COMPACTS).contains(&compacts.len())
    {
        return Err(TokenError::Scope);
    }
    let longest = now + TimeDelta::days(LONGEST_TOKEN_LIFE_DAYS);
    if new.expires_at <= now || new.expires_at > longest {
        return Err(TokenError::Expiry);
    }
    Ok(name)
}
