//! Taking out what has ended.
//!
//! Nothing depends on it: what has ended lets nobody in, whether its row is still there or not. It keeps the tables small
//! and keeps no trace of people longer than there is a use for it.

use chrono::TimeDelta;

use crate::accounts::Accounts;
use crate::error::StoreError;
use crate::throttle::FORGOTTEN_AFTER;

/// Tokens that ended so long ago are no longer listed.
const ENDED_TOKENS: TimeDelta = TimeDelta::days(90);

/// Rows taken out of one table at a time, so that nothing waits long for them.
const BATCH: i32 = 1_000;

/// Rows that were taken out.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Swept {
    /// Sessions past their limits.
    pub sessions: u64,
    /// Links past their time.
    pub links: u64,
    /// Ways to an OpenID provider that nobody came back from.
    pub attempts: u64,
    /// Tokens that ended 90 days ago or longer.
    pub tokens: u64,
    /// Counts of attempts nobody added to for a day.
    pub counts: u64,
    /// Drafts nobody saved again in time.
    pub drafts: u64,
    /// Entries of the security log past their time.
    pub entries: u64,
}

impl Swept {
    /// Whether there may be more: some table gave a full batch.
    pub fn more(&self) -> bool {
        let each = [
            self.sessions,
            self.links,
            self.attempts,
            self.tokens,
            self.counts,
            self.drafts,
            self.entries,
        ];
        each.iter()
            .any(|rows| *rows >= u64::from(BATCH.unsigned_abs()))
    }
}

impl Accounts {
    /// Takes out a batch of what has ended, up to a thousand rows of each kind. Call it every few minutes, and again
    /// while there is more.
    ///
    /// # Errors
    /// [`StoreError`]; what was taken out by then stays out.
    pub async fn sweep(&self) -> Result<Swept, StoreError> {
        let (now, batch) = (self.now(), i64::from(BATCH));
        let sessions = sqlx::query!(
            "delete from account.web_session where session_id in (
                select session_id from account.web_session
                where created_at <= $1 or last_seen_at <= $2 limit $3)",
            now - self.settings.absolute(),
            now - self.settings.idle(),
            batch
        );
        let links = sqlx::query!(
            "delete from account.link where token_hash in (
                select token_hash from account.link where expires_at <= $1 limit $2)",
            now,
            batch
        );
        let attempts = sqlx::query!(
            "delete from account.openid_attempt where token_hash in (
                select token_hash from account.openid_attempt where expires_at <= $1 limit $2)",
            now,
            batch
        );
        let tokens = sqlx::query!(
            "delete from account.api_token where token_id in (
                select token_id from account.api_token
                where expires_at <= $1 or revoked_at <= $1 limit $2)",
            now - ENDED_TOKENS,
            batch
        );
        let counts = sqlx::query!(
            "delete from account.throttle where subject in (
                select subject from account.throttle where last_at < $1 limit $2) and last_at < $1",
            now - FORGOTTEN_AFTER,
            batch
        );
        let entries = sqlx::query_scalar!(
            r#"select account.security_log_trim($1, $2) as "gone!""#,
            now - self.settings.security_log(),
            BATCH
        );
        Ok(Swept {
            sessions: sessions.execute(self.pool()).await?.rows_affected(),
            links: links.execute(self.pool()).await?.rows_affected(),
            attempts: attempts.execute(self.pool()).await?.rows_affected(),
            tokens: tokens.execute(self.pool()).await?.rows_affected(),
            counts: counts.execute(self.pool()).await?.rows_affected(),
            drafts: self.sweep_drafts(now, batch).await?,
            entries: entries.fetch_one(self.pool()).await?.unsigned_abs(),
        })
    }
}
