//! Sessions: who is signed in with a browser, since when, and how far.
//!
//! In this house a session, by itself, is the year a commitment belongs to; so this one is a [`WebSession`].

use chrono::{DateTime, TimeDelta, Utc};
use domain::ids::AccountId;
use serde::Serialize;
use sqlx::PgConnection;
use uuid::Uuid;

use crate::accounts::Accounts;
use crate::caller::Caller;
use crate::csrf::CsrfToken;
use crate::error::{AccountError, StoreError};
use crate::secret::{SecretHash, SessionToken};
use crate::security_log::{Entry, SecurityEvent, note};

/// How often a session's last use is written down, at most.
const TOUCH: TimeDelta = TimeDelta::minutes(1);

/// Most sessions an account has at once; the oldest gives way.
const MOST_SESSIONS: i64 = 50;

/// Which session: for its owner to name it by. It lets nobody in.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize)]
#[serde(transparent)]
pub struct WebSessionId(pub Uuid);

/// How somebody signed in.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Way {
    /// By password.
    Password,
    /// By an OpenID provider's word.
    OpenId,
}

impl Way {
    pub(crate) const fn stored(self) -> &'static str {
        match self {
            Self::Password => "password",
            Self::OpenId => "openid",
        }
    }

    fn of(stored: &str) -> Result<Self, StoreError> {
        match stored {
            "password" => Ok(Self::Password),
            "openid" => Ok(Self::OpenId),
            _ => Err(StoreError::Unreadable("a session's way")),
        }
    }
}

/// How far somebody is in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Standing {
    /// In: may do what their roles allow.
    In,
    /// Has to give the code of their second factor, and may do nothing else.
    OwesCode,
    /// Holds a role that needs a second factor and has none: has to set one up, and may do nothing else.
    OwesSecondFactor,
}

/// Somebody who is signed in. Only [`Accounts::session`] and signing in make one.
#[derive(Clone, Debug)]
pub struct WebSession {
    pub(crate) id: WebSessionId,
    pub(crate) account: AccountId,
    pub(crate) token: SessionToken,
    pub(crate) way: Way,
    pub(crate) proved_at: DateTime<Utc>,
    pub(crate) second_factor_at: Option<DateTime<Utc>>,
    pub(crate) enrolled: bool,
}

impl WebSession {
    /// Its name.
    pub const fn id(&self) -> WebSessionId {
        self.id
    }

    /// Whose it is.
    pub const fn account(&self) -> AccountId {
        self.account
    }

    /// How its owner signed in.
    pub const fn way(&self) -> Way {
        self.way
    }

    /// How far its owner is in. `required`: whether a role they hold now asks for a second factor; whoever has one gives
    /// it in any case.
    pub const fn standing(&self, required: bool) -> Standing {
        match (self.enrolled, self.second_factor_at.is_some(), required) {
            (true, false, _) => Standing::OwesCode,
            (false, false, true) => Standing::OwesSecondFactor,
            _ => Standing::In,
        }
    }

    /// Whether its owner has a second factor.
    pub const fn has_second_factor(&self) -> bool {
        self.enrolled
    }

    /// What its forms carry.
    pub fn csrf(&self) -> CsrfToken {
        CsrfToken::of(&self.token)
    }

    /// Whether its owner proved who they are within `fresh`, with all that is asked of them.
    pub(crate) fn fresh(&self, now: DateTime<Utc>, fresh: TimeDelta) -> bool {
        let proved = self.second_factor_at.unwrap_or(self.proved_at);
        matches!(self.standing(false), Standing::In) && proved + fresh > now
    }
}

/// A session as its owner sees it among others.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct SessionListed {
    /// Its name, to end it by.
    pub id: WebSessionId,
    /// How they signed in.
    pub way: Way,
    /// When.
    pub created_at: DateTime<Utc>,
    /// When it was last used, to the minute.
    pub last_seen_at: DateTime<Utc>,
    /// Whether the second factor was given.
    pub second_factor: bool,
    /// Where from, the last part of the address left out.
    pub network: Option<String>,
    /// Browser and system, in a word each.
    pub agent: String,
}

impl Accounts {
    /// Who holds `token`; nobody if it has ended, for whatever reason. Its last use is written down once a minute.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn session(&self, token: &SessionToken) -> Result<Option<WebSession>, StoreError> {
        let now = self.now();
        let found = sqlx::query!(
            r#"select s.session_id, s.account_id, s.way, s.last_seen_at,
                coalesce(s.proved_at, s.created_at) as "proved_at!", s.second_factor_at, f.account_id is not null as "enrolled!"
             from account.web_session s
             join account.account a on a.account_id = s.account_id and a.epoch = s.epoch
             left join account.second_factor f
                on f.account_id = s.account_id and f.confirmed_at is not null
             where s.token_hash = $1 and a.state = 'active'
                and s.last_seen_at > $2 and s.created_at > $3
                and (f.account_id is null or s.second_factor_at is not null or s.created_at > $4)"#,
            &token.hash()[..],
            now - self.settings.idle(),
            now - self.settings.absolute(),
            now - self.settings.second_factor()
        );
        let Some(row) = found.fetch_optional(self.pool()).await? else {
            return Ok(None);
        };
        if row.last_seen_at <= now - TOUCH {
            let touched = sqlx::query!(
                "update account.web_session set last_seen_at = $2
                 where session_id = $1 and last_seen_at < $2",
                row.session_id,
                now
            );
            touched.execute(self.pool()).await?;
        }
        Ok(Some(WebSession {
            id: WebSessionId(row.session_id),
            account: AccountId::new(row.account_id),
            token: token.clone(),
            way: Way::of(&row.way)?,
            proved_at: row.proved_at,
            second_factor_at: row.second_factor_at,
            enrolled: row.enrolled,
        }))
    }

    /// The sessions of an account that have not ended, latest first; there are never more than fifty.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn sessions(&self, account: AccountId) -> Result<Vec<SessionListed>, StoreError> {
        let now = self.now();
        let rows = sqlx::query!(
            r#"select s.session_id, s.way, s.created_at, s.last_seen_at,
                s.second_factor_at is not null as "second_factor!", s.network, s.agent
             from account.web_session s
             join account.account a on a.account_id = s.account_id and a.epoch = s.epoch
             left join account.second_factor f
                on f.account_id = s.account_id and f.confirmed_at is not null
             where s.account_id = $1 and a.state = 'active' and s.last_seen_at > $2 and s.created_at > $3
                and (f.account_id is null or s.second_factor_at is not null or s.created_at > $5)
             order by s.created_at desc, s.session_id limit $4"#,
            account.uuid(),
            now - self.settings.idle(),
            now - self.settings.absolute(),
            MOST_SESSIONS,
            now - self.settings.second_factor()
        );
        let rows = rows.fetch_all(self.pool()).await?.into_iter();
        rows.map(|row| {
            Ok(SessionListed {
                id: WebSessionId(row.session_id),
                way: Way::of(&row.way)?,
                created_at: row.created_at,
                last_seen_at: row.last_seen_at,
                second_factor: row.second_factor,
                network: row.network,
                agent: row.agent,
            })
        })
        .collect()
    }

    /// Ends one session of an account: signing out, or shutting out a browser that was left somewhere. True if there
    /// was one.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn end_session(
        &self,
        account: AccountId,
        session: WebSessionId,
    ) -> Result<bool, StoreError> {
        let ended = sqlx::query!(
            "delete from account.web_session where session_id = $1 and account_id = $2",
            session.0,
            account.uuid()
        );
        let ended = ended.execute(self.pool()).await?.rows_affected() == 1;
        if ended {
            let entry = Entry::of(SecurityEvent::SignedOut).account(account);
            self.log(entry.about(session.0)).await?;
        }
        Ok(ended)
    }

    /// Ends every session of an account.
    ///
    /// # Errors
    /// [`AccountError::NoSuchAccount`], [`AccountError::Store`].
    pub async fn end_sessions(&self, account: AccountId) -> Result<(), AccountError> {
        let now = self.now();
        let entry = (
            self.id(),
            now,
            Entry::of(SecurityEvent::SignedOut).account(account),
        );
        self.whole(move |connection| {
            Box::pin(async move {
                let raised = sqlx::query!(
                    "update account.account set epoch = epoch + 1, changed_at = $2
                     where account_id = $1",
                    account.uuid(),
                    now
                );
                if raised.execute(&mut *connection).await?.rows_affected() == 0 {
                    return Err(AccountError::NoSuchAccount);
                }
                let ended = sqlx::query!(
                    "delete from account.web_session where account_id = $1",
                    account.uuid()
                );
                ended.execute(&mut *connection).await?;
                note(connection, entry).await?;
                Ok(())
            })
        })
        .await
    }

    /// Ends every other session of whoever is signed in, also one that begins at this very moment.
    ///
    /// # Errors
    /// [`AccountError::NoSuchAccount`] when their own has ended meanwhile, [`AccountError::Store`].
    pub async fn end_other_sessions(&self, session: &WebSession) -> Result<(), AccountError> {
        let (account, own, token) = (session.account, session.id.0, session.token.hash());
        let now = self.now();
        let entry = Entry::of(SecurityEvent::SignedOut).account(account);
        let entry = (self.id(), now, entry);
        self.whole(move |connection| {
            Box::pin(async move {
                let raised = sqlx::query_scalar!(
                    "update account.account a set epoch = a.epoch + 1, changed_at = $4
                     from account.web_session s
                     where a.account_id = $1 and a.state = 'active' and s.account_id = $1
                        and s.session_id = $2 and s.token_hash = $3 and s.epoch = a.epoch
                     returning a.epoch",
                    account.uuid(),
                    own,
                    &token[..],
                    now
                );
                let raised = raised.fetch_optional(&mut *connection).await?;
                let epoch = raised.ok_or(AccountError::NoSuchAccount)?;
                // The one that stays begins anew in the new epoch, and keeps all of its times.
                let kept = sqlx::query!(
                    "with ended as (delete from account.web_session where account_id = $1 returning *)
                     insert into account.web_session
                        (session_id, token_hash, account_id, epoch, way, created_at, last_seen_at, proved_at,
                         second_factor_at, network, agent)
                     select session_id, token_hash, account_id, $3, way, created_at, last_seen_at, proved_at,
                         second_factor_at, network, agent
                     from ended where session_id = $2",
                    account.uuid(),
                    own,
                    epoch
                );
                if kept.execute(&mut *connection).await?.rows_affected() == 0 {
                    return Err(AccountError::NoSuchAccount);
                }
                note(connection, entry).await?;
                Ok(())
            })
        })
        .await
    }

    /// Refuses whoever proved who they are too long ago.
    pub(crate) fn must_be_fresh(&self, session: &WebSession) -> Result<(), AccountError> {
        let fresh = session.fresh(self.now(), self.settings.fresh());
        fresh.then_some(()).ok_or(AccountError::SignInAgain)
    }
}

/// A session that is about to begin.
#[derive(Clone)]
pub(crate) struct Beginning {
    pub(crate) id: Uuid,
    pub(crate) token: SecretHash,
    pub(crate) account: AccountId,
    /// The account's epoch when its owner proved who they are. If it has been raised since, nothing begins.
    pub(crate) epoch: i32,
    pub(crate) way: Way,
    pub(crate) at: DateTime<Utc>,
    pub(crate) proved_at: DateTime<Utc>,
    pub(crate) second_factor_at: Option<DateTime<Utc>>,
    pub(crate) caller: Caller,
    /// The session this browser held before: it ends.
    pub(crate) replaces: Option<SecretHash>,
}

/// Begins a session. False if the account was shut, or everything signed in was ended, since its owner proved who they
/// are.
pub(crate) async fn begin(
    connection: &mut PgConnection,
    session: &Beginning,
) -> Result<bool, sqlx::Error> {
    let replaced = sqlx::query!(
        "delete from account.web_session where token_hash = $1",
        session.replaces.as_ref().map(|token| &token[..])
    );
    replaced.execute(&mut *connection).await?;
    let begun = sqlx::query!(
        "insert into account.web_session
            (session_id, token_hash, account_id, epoch, way, created_at, last_seen_at, second_factor_at, network, agent,
             proved_at)
         select $1, $2, account_id, epoch, $5, $6, $6, $7, $8, $9, $10 from account.account
         where account_id = $3 and epoch = $4 and state = 'active'",
        session.id,
        &session.token[..],
        session.account.uuid(),
        session.epoch,
        session.way.stored(),
        session.at,
        session.second_factor_at,
        session.caller.network(),
        session.caller.agent(),
        session.proved_at
    );
    if begun.execute(&mut *connection).await?.rows_affected() == 0 {
        return Ok(false);
    }
    let bounded = sqlx::query!(
        "delete from account.web_session where session_id in (
            select session_id from account.web_session where account_id = $1
            order by created_at desc, session_id desc offset $2)",
        session.account.uuid(),
        MOST_SESSIONS
    );
    bounded.execute(connection).await?;
    Ok(true)
}
