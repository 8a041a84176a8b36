//! Drafts: what somebody is still typing. Theirs alone, and no part of any record.
//!
//! A draft is about one thing of one compact, and there is one for each thing. It is sealed under its owner's key, so it goes with
//! them whatever else is left; where it mentions people, it should do so as texts do, by id, so that it shows no name of anybody who
//! was erased. The last to save wins, unless they say which version they saw and another was saved since.

use chrono::{DateTime, TimeDelta, Utc};
use domain::ids::{AccountId, LedgerId};
use serde::Serialize;
use sqlx::PgConnection;
use uuid::Uuid;

use crate::accounts::{Accounts, field};
use crate::error::{StoreError, through_the_store};

/// Longest draft, in characters.
pub const LONGEST_DRAFT: usize = 100_000;

/// Most drafts an account has in one compact.
pub const MOST_DRAFTS: i64 = 50;

/// How many days a draft is kept after it was last saved.
pub const DRAFT_KEPT_DAYS: i64 = 30;

/// What a draft is about.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct DraftOf {
    /// The compact's ledger.
    pub ledger: LedgerId,
    /// The kind of thing, in lower-case letters and hyphens.
    pub kind: String,
    /// The thing.
    pub about: Uuid,
}

/// A draft without what it says.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct DraftListed {
    /// What it is about.
    pub of: DraftOf,
    /// How often it was saved.
    pub version: u32,
    /// When it was last saved.
    pub saved_at: DateTime<Utc>,
    /// When it is taken out, unless it is saved again.
    pub expires_at: DateTime<Utc>,
}

/// A draft.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Draft {
    /// All but what it says.
    #[serde(flatten)]
    pub listed: DraftListed,
    /// What it says.
    pub content: String,
}

/// Why a draft was not saved.
#[derive(Debug, thiserror::Error)]
pub enum DraftError {
    /// It says too much.
    #[error("a draft has at most {LONGEST_DRAFT} characters; record some of it first")]
    TooLong,
    /// There are as many as there may be.
    #[error("you have {MOST_DRAFTS} drafts here; discard one you no longer need first")]
    TooMany,
    /// It was saved in between, in another window perhaps.
    #[error("this draft was saved elsewhere in the meantime; look at it before you save yours")]
    Conflict {
        /// The version it has now; nought where it was discarded.
        actual: u32,
    },
    /// The account was shut.
    #[error("there is no account that this can be done to")]
    NoSuchAccount,
    /// See there.
    #[error(transparent)]
    Store(#[from] StoreError),
}

through_the_store! { sqlx::Error => DraftError }

impl Accounts {
    /// Saves a draft in the place of any before. With `expected`, only where that is the version there is: nought for none.
    ///
    /// # Errors
    /// [`DraftError`]; nothing was saved then.
    pub async fn save_draft(
        &self,
        account: AccountId,
        of: &DraftOf,
        content: &str,
        expected: Option<u32>,
    ) -> Result<DraftListed, DraftError> {
        if content.chars().count() > LONGEST_DRAFT {
            return Err(DraftError::TooLong);
        }
        let now = self.now();
        let listed = DraftListed {
            of: of.clone(),
            version: 0,
            saved_at: now,
            expires_at: now + TimeDelta::days(DRAFT_KEPT_DAYS),
        };
        let sealed = self.seal(account, field::DRAFT, content).await?;
        self.whole(move |connection| {
            Box::pin(async move {
                // The owner is held meanwhile: of two windows, one saves after the other.
                let owner = sqlx::query!(
                    "select from account.account
                     where account_id = $1 and state = 'active' for no key update",
                    account.uuid()
                );
                if owner.fetch_optional(&mut *connection).await?.is_none() {
                    return Err(DraftError::NoSuchAccount);
                }
                within(&mut *connection, listed.of.ledger).await?;
                let actual = version(&mut *connection, account, &listed).await?;
                if expected.is_some_and(|expected| expected != actual) {
                    return Err(DraftError::Conflict { actual });
                }
                let version = put(connection, account, &listed, &sealed, actual).await?;
                Ok(DraftListed { version, ..listed })
            })
        })
        .await
    }

    /// Discards a draft; whether there was one.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn discard_draft(
        &self,
        account: AccountId,
        of: &DraftOf,
    ) -> Result<bool, StoreError> {
        let of = of.clone();
        self.whole(move |connection| {
            Box::pin(async move {
                within(&mut *connection, of.ledger).await?;
                let gone = sqlx::query!(
                    "delete from account.draft
                     where ledger_id = $1 and account_id = $2 and kind = $3 and about = $4",
                    of.ledger.uuid(),
                    account.uuid(),
                    of.kind,
                    of.about
                );
                Ok::<_, StoreError>(gone.execute(connection).await?.rows_affected() > 0)
            })
        })
        .await
    }

    /// An account's drafts in one compact, the last saved first: at most [`MOST_DRAFTS`].
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn drafts(
        &self,
        account: AccountId,
        ledger: LedgerId,
    ) -> Result<Vec<DraftListed>, StoreError> {
        let drafts = self.kept(account, Some(ledger), None).await?;
        Ok(drafts.into_iter().map(|(listed, _)| listed).collect())
    }

    /// One of an account's drafts.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn draft(
        &self,
        account: AccountId,
        of: &DraftOf,
    ) -> Result<Option<Draft>, StoreError> {
        let kept = self
            .kept(account, Some(of.ledger), Some(of.clone()))
            .await?;
        Ok(self.unsealed(account, kept).await?.pop())
    }

    /// Everything an account is typing, wherever.
    pub(crate) async fn all_drafts(&self, account: AccountId) -> Result<Vec<Draft>, StoreError> {
        let kept = self.kept(account, None, None).await?;
        self.unsealed(account, kept).await
    }

    async fn unsealed(
        &self,
        account: AccountId,
        kept: Vec<(DraftListed, Vec<u8>)>,
    ) -> Result<Vec<Draft>, StoreError> {
        let mut drafts = Vec::with_capacity(kept.len());
        for (listed, sealed) in kept {
            let content = self.open(account, field::DRAFT, &sealed).await?;
            drafts.push(Draft { listed, content });
        }
        Ok(drafts)
    }

    async fn kept(
        &self,
        account: AccountId,
        ledger: Option<LedgerId>,
        of: Option<DraftOf>,
    ) -> Result<Vec<(DraftListed, Vec<u8>)>, StoreError> {
        let now = self.now();
        let (kind, about) = of.map(|of| (of.kind, of.about)).unzip();
        self.whole(move |connection| {
            Box::pin(async move {
                match ledger {
                    Some(ledger) => within(&mut *connection, ledger).await?,
                    None => everywhere(&mut *connection).await?,
                }
                let rows = sqlx::query!(
                    "select ledger_id, kind, about, version, content_sealed, saved_at, expires_at
                     from account.draft
                     where account_id = $1 and expires_at > $2
                         and ($3::text is null or kind = $3) and ($4::uuid is null or about = $4)
                     order by saved_at desc, about",
                    account.uuid(),
                    now,
                    kind,
                    about
                );
                let rows = rows.fetch_all(connection).await?.into_iter();
                let drafts = rows.map(|row| {
                    let listed = DraftListed {
                        of: DraftOf {
                            ledger: row.ledger_id.into(),
                            kind: row.kind,
                            about: row.about,
                        },
                        version: row.version.unsigned_abs(),
                        saved_at: row.saved_at,
                        expires_at: row.expires_at,
                    };
                    (listed, row.content_sealed)
                });
                Ok::<_, StoreError>(drafts.collect())
            })
        })
        .await
    }

    /// Takes out a batch of drafts that nobody saved again in time.
    pub(crate) async fn sweep_drafts(
        &self,
        now: DateTime<Utc>,
        batch: i64,
    ) -> Result<u64, StoreError> {
        self.whole(move |connection| {
            Box::pin(async move {
                everywhere(&mut *connection).await?;
                let gone = sqlx::query!(
                    "delete from account.draft where (ledger_id, account_id, kind, about) in (
                        select ledger_id, account_id, kind, about from account.draft
                        where expires_at <= $1 limit $2) and expires_at <= $1",
                    now,
                    batch
                );
                Ok::<_, StoreError>(gone.execute(connection).await?.rows_affected())
            })
        })
        .await
    }
}

/// Says which compact's rows the transaction is about; row security shows no others.
async fn within(connection: &mut PgConnection, ledger: LedgerId) -> Result<(), sqlx::Error> {
    let ledgers = format!("{{{ledger}}}");
    let scope = sqlx::query!("select set_config('compacts.ledgers', $1, true)", ledgers);
    scope.fetch_one(connection).await?;
    Ok(())
}

/// Says that it is about every compact's: to take out what has ended, or all of one account's.
async fn everywhere(connection: &mut PgConnection) -> Result<(), sqlx::Error> {
    let scope = sqlx::query!(
        "select set_config('compacts.ledgers', coalesce(array_agg(ledger_id)::text, ''), true)
         from every_ledger() as ledger_id"
    );
    scope.fetch_one(connection).await?;
    Ok(())
}

/// The version there is; nought where there is none, or it has had its time.
async fn version(
    connection: &mut PgConnection,
    account: AccountId,
    listed: &DraftListed,
) -> Result<u32, sqlx::Error> {
    let of = &listed.of;
    let version = sqlx::query_scalar!(
        "select version from account.draft
         where ledger_id = $1 and account_id = $2 and kind = $3 and about = $4 and expires_at > $5",
        of.ledger.uuid(),
        account.uuid(),
        of.kind,
        of.about,
        listed.saved_at
    );
    let version = version.fetch_optional(connection).await?;
    Ok(version.map_or(0, i32::unsigned_abs))
}

/// Writes the draft: the version it has then.
async fn put(
    connection: &mut PgConnection,
    account: AccountId,
    listed: &DraftListed,
    sealed: &[u8],
    actual: u32,
) -> Result<u32, DraftError> {
    let of = &listed.of;
    if actual == 0 {
        let count = sqlx::query_scalar!(
            r#"select count(*) as "count!" from account.draft
               where ledger_id = $1 and account_id = $2 and expires_at > $3"#,
            of.ledger.uuid(),
            account.uuid(),
            listed.saved_at
        );
        if count.fetch_one(&mut *connection).await? >= MOST_DRAFTS {
            return Err(DraftError::TooMany);
        }
    }
    let next = i32::try_from(actual).unwrap_or(i32::MAX).saturating_add(1);
    let saved = sqlx::query!(
        "insert into account.draft
            (ledger_id, account_id, kind, about, version, content_sealed, saved_at, expires_at)
         values ($1, $2, $3, $4, $5, $6, $7, $8)
         on conflict on constraint draft_pkey do update set version = excluded.version,
            content_sealed = excluded.content_sealed, saved_at = excluded.saved_at,
            expires_at = excluded.expires_at",
        of.ledger.uuid(),
        account.uuid(),
        of.kind,
        of.about,
        next,
        sealed,
        listed.saved_at,
        listed.expires_at
    );
    saved.execute(connection).await?;
    Ok(next.unsigned_abs())
}
