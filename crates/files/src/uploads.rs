//! What was uploaded where: the rows of `file_upload`, and what may become of each.
//!
//! ```text
//! incoming ──► stored ──► going ──► (no row)       it was never referred to, or no more is known of it than that it began
//!                 └─────► removed                  its key was destroyed: the row stays, and keeps it from coming back
//! ```
//! Each move is one statement that names the state it moves from, so that of two who move a row one finds it moved.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use chrono::{DateTime, Utc};
use domain::clock::Clock;
use domain::file::{FileFact, FileHash, MAX_FILE_BYTES};
use domain::ids::{AccountId, LedgerId, SubjectId};
use futures::FutureExt;
use futures::future::BoxFuture;
use ledger::{Pool, Scope};
use sqlx::PgConnection;
use vault::{Purge, Sealed, StepFailed};

use crate::content::ContentOf;
use crate::error::FilesError;

/// What the recorder asks, and what it says when a file's key was destroyed. Cheap to clone.
#[derive(Clone)]
pub struct Uploads {
    pool: Pool,
    clock: Arc<dyn Clock>,
}

/// A file that can be handed out.
pub(crate) struct Stored {
    pub of: ContentOf,
    pub fact: FileFact,
    pub key: Sealed,
}

/// How much may lie in a compact that nothing refers to, in bytes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Room {
    /// Of what one account uploaded there.
    pub of_account: u64,
    /// Of what anybody did.
    pub of_compact: u64,
}

impl Default for Room {
    /// Ten of the longest files, and forty.
    fn default() -> Self {
        Self {
            of_account: 10 * MAX_FILE_BYTES,
            of_compact: 40 * MAX_FILE_BYTES,
        }
    }
}

/// What became of an upload that has arrived whole.
pub(crate) enum Finished {
    /// It is there.
    InPlace,
    /// The same content is there already, or it was swept meanwhile.
    Superfluous,
    /// There is no room for it.
    NoRoom,
}

/// How a file stands that is looked up by its hash.
pub(crate) enum Standing {
    Stored(Box<Stored>),
    Going,
    Removed,
}

impl Uploads {
    /// What was uploaded, over a pool of whichever service asks.
    pub const fn new(pool: Pool, clock: Arc<dyn Clock>) -> Self {
        Self { pool, clock }
    }

    /// Those of these files that were uploaded in this compact and can be referred to. That somebody is about to is noted with
    /// the same statement, so that none of them is swept away before what refers to them is recorded and known.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn look_up(
        &self,
        ledger: LedgerId,
        hashes: &BTreeSet<FileHash>,
    ) -> Result<BTreeMap<FileHash, FileFact>, FilesError> {
        if hashes.is_empty() {
            return Ok(BTreeMap::new());
        }
        let wanted: Vec<Vec<u8>> = hashes.iter().map(|hash| hash.bytes().to_vec()).collect();
        let mut work = Scope::from(ledger).begin(&self.pool).await?;
        let rows = sqlx::query!(
            r#"update file_upload set used_at = greatest(used_at, $3)
               where ledger_id = $1 and hash = any($2) and state = 'stored'
               returning hash as "hash!", media_type as "media_type!", bytes as "bytes!", content_id"#,
            ledger.uuid(),
            &wanted,
            self.clock.now(),
        )
        .fetch_all(&mut *work)
        .await?;
        work.commit().await?;
        let found = rows.into_iter().map(|row| {
            let fact = fact(row.media_type, row.bytes, row.content_id.into())?;
            Ok((hash(&row.hash)?, fact))
        });
        found.collect()
    }

    /// Notes that an upload of this account begins.
    pub(crate) async fn begin(
        &self,
        of: ContentOf,
        (key, by): (&Sealed, AccountId),
    ) -> Result<(), FilesError> {
        let key = serde_json::to_string(key).map_err(|_| FilesError::Row("content_key"))?;
        let mut work = Scope::from(of.ledger).begin(&self.pool).await?;
        sqlx::query!(
            "insert into file_upload (ledger_id, content_id, content_key, state, used_at, uploaded_by)
             values ($1, $2, $3, 'incoming', $4, $5)",
            of.ledger.uuid(),
            of.content.uuid(),
            key,
            self.clock.now(),
            by.uuid(),
        )
        .execute(&mut *work)
        .await?;
        Ok(work.commit().await?)
    }

    /// Notes that it has arrived whole, where there is room for it. Of two that arrive in a compact at the same time one waits for the
    /// other, so that together they do not take more room than there is.
    pub(crate) async fn finish(
        &self,
        of: ContentOf,
        (hash, media_type, bytes): (FileHash, &str, u64),
        room: Room,
    ) -> Result<Finished, FilesError> {
        let mut work = Scope::from(of.ledger).begin(&self.pool).await?;
        sqlx::query!(
            r#"select pg_advisory_xact_lock(hashtextextended($1, 0)) as "locked!: ()""#,
            format!("file_upload {}", of.ledger),
        )
        .execute(&mut *work)
        .await?;
        let done = sqlx::query!(
            "update file_upload set state = 'stored', hash = $3, media_type = $4, bytes = $5, used_at = $6
             where ledger_id = $1 and content_id = $2 and state = 'incoming'",
            of.ledger.uuid(),
            of.content.uuid(),
            hash.bytes().as_slice(),
            media_type,
            i64::try_from(bytes).map_err(|_| FilesError::Row("bytes"))?,
            self.clock.now(),
        )
        .execute(&mut *work)
        .await;
        match done {
            Ok(done) if done.rows_affected() == 1 => {}
            // It was swept meanwhile: it took longer than any upload may.
            Ok(_) => return Ok(Finished::Superfluous),
            Err(error) if is_taken(&error) => return Ok(Finished::Superfluous),
            Err(error) => return Err(error.into()),
        }
        if !fits(&mut work, of, room).await? {
            return Ok(Finished::NoRoom);
        }
        work.commit().await?;
        Ok(Finished::InPlace)
    }

    /// How the file of this hash stands; none when there is none.
    pub(crate) async fn standing(
        &self,
        ledger: LedgerId,
        of: FileHash,
    ) -> Result<Option<Standing>, FilesError> {
        let mut work = Scope::from(ledger).begin(&self.pool).await?;
        let row = sqlx::query!(
            r#"select content_id, content_key, state, media_type as "media_type!", bytes as "bytes!"
               from file_upload where ledger_id = $1 and hash = $2"#,
            ledger.uuid(),
            of.bytes().as_slice(),
        )
        .fetch_optional(&mut *work)
        .await?;
        let Some(row) = row else { return Ok(None) };
        let content: SubjectId = row.content_id.into();
        let standing = match row.state.as_str() {
            "stored" => Standing::Stored(Box::new(Stored {
                of: ContentOf { ledger, content },
                fact: fact(row.media_type, row.bytes, content)?,
                key: serde_json::from_str(&row.content_key)
                    .map_err(|_| FilesError::Row("content_key"))?,
            })),
            "going" => Standing::Going,
            "removed" => Standing::Removed,
            _ => return Err(FilesError::Row("state")),
        };
        Ok(Some(standing))
    }

    /// Takes the row of an upload away that did not come to anything.
    pub(crate) async fn drop_incoming(&self, of: ContentOf) -> Result<(), FilesError> {
        let mut work = Scope::from(of.ledger).begin(&self.pool).await?;
        sqlx::query!(
            "delete from file_upload where ledger_id = $1 and content_id = $2 and state = 'incoming'",
            of.ledger.uuid(),
            of.content.uuid(),
        )
        .execute(&mut *work)
        .await?;
        Ok(work.commit().await?)
    }

    /// Uploads that began before `before` and came to nothing.
    pub(crate) async fn left_behind(
        &self,
        before: DateTime<Utc>,
        most: i64,
    ) -> Result<Vec<ContentOf>, FilesError> {
        let mut work = Scope::Everywhere.begin(&self.pool).await?;
        let rows = sqlx::query!(
            "select ledger_id, content_id from file_upload
             where state = 'incoming' and used_at < $1 order by used_at limit $2",
            before,
            most,
        )
        .fetch_all(&mut *work)
        .await?;
        let of = rows
            .into_iter()
            .map(|row| of(row.ledger_id, row.content_id));
        Ok(of.collect())
    }

    /// Marks files as going that nobody has spoken of since `before` and that nothing refers to, as far as that is known. From
    /// then on nobody finds them to refer to them.
    pub(crate) async fn let_go(&self, before: DateTime<Utc>, most: i64) -> Result<u64, FilesError> {
        let mut work = Scope::Everywhere.begin(&self.pool).await?;
        let marked = sqlx::query!(
            "update file_upload u set state = 'going'
             where u.state = 'stored' and u.used_at < $1 and (u.ledger_id, u.content_id) in (
                 select f.ledger_id, f.content_id from file_upload f
                 where f.state = 'stored' and f.used_at < $1 and not exists (
                     select from file_reference r
                     where r.ledger_id = f.ledger_id and encode(f.hash, 'hex') = any(r.hashes))
                 order by f.used_at limit $2)",
            before,
            most,
        )
        .execute(&mut *work)
        .await?;
        work.commit().await?;
        Ok(marked.rows_affected())
    }

    /// Those that are going.
    pub(crate) async fn going(&self, most: i64) -> Result<Vec<ContentOf>, FilesError> {
        let mut work = Scope::Everywhere.begin(&self.pool).await?;
        let rows = sqlx::query!(
            "select ledger_id, content_id from file_upload where state = 'going' order by used_at limit $1",
            most,
        )
        .fetch_all(&mut *work)
        .await?;
        let of = rows
            .into_iter()
            .map(|row| of(row.ledger_id, row.content_id));
        Ok(of.collect())
    }

    /// Whether something refers to a file that is going; none while that cannot be said, because the view of references is behind
    /// its ledger.
    pub(crate) async fn is_referred_to(&self, of: ContentOf) -> Result<Option<bool>, FilesError> {
        let mut work = Scope::from(of.ledger).begin(&self.pool).await?;
        let row = sqlx::query!(
            r#"select coalesce((select position from ledger_head where ledger_id = $1), 0) as "head!",
                   coalesce((select position from view_checkpoint
                       where ledger_id = $1 and view = 'file-reference'), 0) as "known!",
                   exists (select from file_upload f join file_reference r on r.ledger_id = f.ledger_id
                       where f.ledger_id = $1 and f.content_id = $2
                         and encode(f.hash, 'hex') = any(r.hashes)) as "referred_to!""#,
            of.ledger.uuid(),
            of.content.uuid(),
        )
        .fetch_one(&mut *work)
        .await?;
        Ok((row.referred_to || row.known >= row.head).then_some(row.referred_to))
    }

    /// Keeps one that was going after all.
    pub(crate) async fn keep(&self, of: ContentOf) -> Result<(), FilesError> {
        let mut work = Scope::from(of.ledger).begin(&self.pool).await?;
        sqlx::query!(
            "update file_upload set state = 'stored', used_at = $3
             where ledger_id = $1 and content_id = $2 and state = 'going'",
            of.ledger.uuid(),
            of.content.uuid(),
            self.clock.now(),
        )
        .execute(&mut *work)
        .await?;
        Ok(work.commit().await?)
    }

    /// Forgets one whose content is gone.
    pub(crate) async fn forget(&self, of: ContentOf) -> Result<(), FilesError> {
        let mut work = Scope::from(of.ledger).begin(&self.pool).await?;
        sqlx::query!(
            "delete from file_upload where ledger_id = $1 and content_id = $2 and state = 'going'",
            of.ledger.uuid(),
            of.content.uuid(),
        )
        .execute(&mut *work)
        .await?;
        Ok(work.commit().await?)
    }

    /// Those that were removed and whose sealed content still lies there.
    pub(crate) async fn to_clear(&self, most: i64) -> Result<Vec<ContentOf>, FilesError> {
        let mut work = Scope::Everywhere.begin(&self.pool).await?;
        let rows = sqlx::query!(
            "select ledger_id, content_id from file_upload
             where state = 'removed' and not cleared order by used_at limit $1",
            most,
        )
        .fetch_all(&mut *work)
        .await?;
        let of = rows
            .into_iter()
            .map(|row| of(row.ledger_id, row.content_id));
        Ok(of.collect())
    }

    /// Notes that the sealed content of one that was removed is gone.
    pub(crate) async fn cleared(&self, of: ContentOf) -> Result<(), FilesError> {
        let mut work = Scope::from(of.ledger).begin(&self.pool).await?;
        sqlx::query!(
            "update file_upload set cleared = true
             where ledger_id = $1 and content_id = $2 and state = 'removed'",
            of.ledger.uuid(),
            of.content.uuid(),
        )
        .execute(&mut *work)
        .await?;
        Ok(work.commit().await?)
    }

    /// The ledgers in which something refers to files, over a pool that sees them all.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn ledgers_with_files(&self) -> Result<Vec<LedgerId>, FilesError> {
        let mut work = Scope::Everywhere.begin(&self.pool).await?;
        let ledgers =
            sqlx::query_scalar!("select distinct ledger_id from file_reference order by 1")
                .fetch_all(&mut *work)
                .await?;
        Ok(ledgers.into_iter().map(LedgerId::new).collect())
    }

    /// What a compact's record refers to, with how the content stands: none where nothing is known of it.
    pub(crate) async fn referred_to(
        &self,
        ledger: LedgerId,
    ) -> Result<Vec<(FileHash, Option<Standing>)>, FilesError> {
        let mut work = Scope::from(ledger).begin(&self.pool).await?;
        let rows = sqlx::query_scalar!(
            r#"select distinct unnest(hashes) as "hash!" from file_reference where ledger_id = $1 order by 1"#,
            ledger.uuid(),
        )
        .fetch_all(&mut *work)
        .await?;
        drop(work);
        let mut found = Vec::with_capacity(rows.len());
        for text in rows {
            let hash = text.parse().map_err(|_| FilesError::Row("hashes"))?;
            found.push((hash, self.standing(ledger, hash).await?));
        }
        Ok(found)
    }
}

/// When a file's key is destroyed, its row says so: what it held is not taken again, and what lies sealed is cleared away.
impl Purge for Uploads {
    fn name(&self) -> &'static str {
        "files"
    }

    fn purge(&self, subject: SubjectId) -> BoxFuture<'_, Result<(), StepFailed>> {
        async move {
            let mut work = Scope::Everywhere.begin(&self.pool).await?;
            sqlx::query!(
                "update file_upload set state = 'removed' where content_id = $1 and state in ('stored', 'going')",
                subject.uuid(),
            )
            .execute(&mut *work)
            .await?;
            Ok(work.commit().await?)
        }
        .boxed()
    }
}

/// Whether what nothing refers to takes no more room than there is, this upload with it.
async fn fits(work: &mut PgConnection, of: ContentOf, room: Room) -> Result<bool, FilesError> {
    let unused = sqlx::query!(
        r#"select coalesce(sum(f.bytes), 0)::bigint as "of_compact!",
               coalesce(sum(f.bytes) filter (where f.uploaded_by = (
                   select uploaded_by from file_upload where ledger_id = $1 and content_id = $2)), 0)::bigint as "of_account!"
           from file_upload f
           where f.ledger_id = $1 and f.state = 'stored' and encode(f.hash, 'hex') not in (
               select unnest(r.hashes) from file_reference r where r.ledger_id = $1)"#,
        of.ledger.uuid(),
        of.content.uuid(),
    )
    .fetch_one(work)
    .await?;
    let (compact, account) = (
        unused.of_compact.cast_unsigned(),
        unused.of_account.cast_unsigned(),
    );
    Ok(compact <= room.of_compact && account <= room.of_account)
}

fn of(ledger: uuid::Uuid, content: uuid::Uuid) -> ContentOf {
    ContentOf {
        ledger: ledger.into(),
        content: content.into(),
    }
}

fn hash(bytes: &[u8]) -> Result<FileHash, FilesError> {
    let bytes = bytes.try_into().map_err(|_| FilesError::Row("hash"))?;
    Ok(FileHash::new(bytes))
}

fn fact(media_type: String, bytes: i64, content: SubjectId) -> Result<FileFact, FilesError> {
    Ok(FileFact {
        media_type,
        bytes: u64::try_from(bytes).map_err(|_| FilesError::Row("bytes"))?,
        content,
    })
}

/// Whether the same content is there already.
fn is_taken(error: &sqlx::Error) -> bool {
    let error = error.as_database_error();
    error.is_some_and(|error| error.constraint() == Some("file_upload_hash"))
}
