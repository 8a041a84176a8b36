//! Erasures in the database. Every statement can be carried out twice.

use chrono::{DateTime, Utc};
use domain::ids::{CommandId, LedgerId, SubjectId};
use sqlx::PgPool;
use uuid::Uuid;

use super::{Erasure, ErasureRequest, Step, SubjectKind};

/// Puts an erasure on record; whether it is new.
pub(super) async fn insert(
    pool: &PgPool,
    request: &ErasureRequest,
    now: DateTime<Utc>,
) -> Result<bool, sqlx::Error> {
    let inserted = sqlx::query!(
        "insert into vault.erasure (subject_id, kind, tombstone, tombstone_ledger, command_id, actor, actor_role,
             step, intended_at, moved_at)
         values ($1, $2, $3, $4, $5, $6, $7, 'intended', $8, $8)
         on conflict (subject_id) do nothing",
        request.subject.uuid(),
        request.kind.as_str(),
        request.tombstone,
        request.ledger.uuid(),
        request.command.uuid(),
        request.actor,
        request.role,
        now,
    )
    .execute(pool)
    .await?;
    Ok(inserted.rows_affected() == 1)
}

/// Fences a subject off, also one nothing was ever sealed for.
///
/// In two statements, because withdrawals are numbered one at a time: an insert that went on to update would wait for the row
/// while it numbers, and an update numbers while it has the row.
pub(super) async fn fence(
    pool: &PgPool,
    subject: SubjectId,
    now: DateTime<Utc>,
) -> Result<(), sqlx::Error> {
    sqlx::query!(
        "insert into vault.subject (subject_id, made_at, fenced_at) values ($1, $2, $2)
         on conflict (subject_id) do nothing",
        subject.uuid(),
        now,
    )
    .execute(pool)
    .await?;
    sqlx::query!(
        "update vault.subject set fenced_at = $2 where subject_id = $1 and fenced_at is null",
        subject.uuid(),
        now,
    )
    .execute(pool)
    .await
    .map(drop)
}

/// Destroys a subject's key. That the subject is fenced, the table itself holds.
pub(super) async fn destroy(
    pool: &PgPool,
    subject: SubjectId,
    now: DateTime<Utc>,
) -> Result<(), sqlx::Error> {
    sqlx::query!(
        "update vault.subject set master_key_id = null, wrapped_key = null, destroyed_at = $2
         where subject_id = $1 and destroyed_at is null",
        subject.uuid(),
        now,
    )
    .execute(pool)
    .await
    .map(drop)
}

/// Notes that `next` is over. If another has moved it on meanwhile, that stands.
pub(super) async fn advance(
    pool: &PgPool,
    erasure: &Erasure,
    next: Step,
    now: DateTime<Utc>,
) -> Result<(), sqlx::Error> {
    sqlx::query!(
        "update vault.erasure set step = $3::text::vault.erasure_step, moved_at = $4
         where subject_id = $1 and step = $2::text::vault.erasure_step",
        erasure.request.subject.uuid(),
        erasure.step.as_str(),
        next.as_str(),
        now,
    )
    .execute(pool)
    .await
    .map(drop)
}

/// Erasures of these kinds that are not done, oldest first, after the one given.
pub(super) async fn unfinished(
    pool: &PgPool,
    kinds: &[SubjectKind],
    after: Option<(DateTime<Utc>, SubjectId)>,
    at_most: i64,
) -> Result<Vec<(DateTime<Utc>, SubjectId)>, sqlx::Error> {
    let (moment, subject) = after.unzip();
    let kinds: Vec<String> = kinds.iter().map(|kind| kind.as_str().to_owned()).collect();
    let rows = sqlx::query!(
        "select intended_at, subject_id from vault.erasure
         where step <> 'done' and kind = any($4)
             and ($1::timestamptz is null or (intended_at, subject_id) > ($1, $2))
         order by intended_at, subject_id limit $3",
        moment,
        subject.map(SubjectId::uuid),
        at_most,
        &kinds[..],
    )
    .fetch_all(pool)
    .await?;
    let keyed = rows
        .into_iter()
        .map(|row| (row.intended_at, SubjectId::new(row.subject_id)));
    Ok(keyed.collect())
}

struct Row {
    subject_id: Uuid,
    kind: String,
    tombstone: serde_json::Value,
    tombstone_ledger: Uuid,
    command_id: Uuid,
    actor: String,
    actor_role: String,
    step: String,
    intended_at: DateTime<Utc>,
}

/// The erasure of a subject.
pub(super) async fn read(
    pool: &PgPool,
    subject: SubjectId,
) -> Result<Option<Erasure>, sqlx::Error> {
    let row = sqlx::query_as!(
        Row,
        r#"select subject_id, kind, tombstone, tombstone_ledger, command_id, actor, actor_role,
               step::text as "step!", intended_at
           from vault.erasure where subject_id = $1"#,
        subject.uuid(),
    )
    .fetch_optional(pool)
    .await?;
    row.map(Erasure::try_from).transpose()
}

impl TryFrom<Row> for Erasure {
    type Error = sqlx::Error;

    fn try_from(row: Row) -> Result<Self, Self::Error> {
        let unknown = |word: &str| sqlx::Error::Decode(format!("`{word}` is not known").into());
        let request = ErasureRequest {
            subject: SubjectId::new(row.subject_id),
            kind: SubjectKind::parse(&row.kind).ok_or_else(|| unknown(&row.kind))?,
            tombstone: row.tombstone,
            ledger: LedgerId::new(row.tombstone_ledger),
            command: CommandId::new(row.command_id),
            actor: row.actor,
            role: row.actor_role,
        };
        Ok(Self {
            request,
            intended_at: row.intended_at,
            step: Step::parse(&row.step).ok_or_else(|| unknown(&row.step))?,
        })
    }
}
