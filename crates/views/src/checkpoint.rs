//! How far each view of a ledger has been folded, and whether it stands still.

use std::collections::BTreeMap;

use chrono::{DateTime, Utc};
use domain::ids::LedgerId;
use ledger::{LeafHash, Position, Scope};
use sqlx::{PgConnection, PgPool};

use crate::view::ViewName;

/// Where one view of one ledger has got to.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Checkpoint {
    /// The last entry folded; 0 before the first.
    pub position: Position,
    /// The hash of that entry's leaf.
    pub hash: Option<LeafHash>,
    /// Why it stands still, if it does.
    pub parked: Option<Parked>,
}

/// A place in a ledger: an entry and the hash of its leaf.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct At {
    /// The entry; 0 for before the first.
    pub(crate) position: Position,
    /// The hash of its leaf; none before the first.
    pub(crate) hash: Option<LeafHash>,
}

impl Checkpoint {
    /// Where it stands.
    pub(crate) const fn at(&self) -> At {
        At {
            position: self.position,
            hash: self.hash,
        }
    }
}

/// That a view of a ledger stands still until it is rebuilt.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Parked {
    /// Since when.
    pub at: DateTime<Utc>,
    /// The entry it could not get past; none when history was changed under it.
    pub position: Option<Position>,
    /// Why.
    pub reason: String,
}

struct CheckpointRow {
    ledger_id: uuid::Uuid,
    view: String,
    position: i64,
    leaf_hash: Option<Vec<u8>>,
    parked_at: Option<DateTime<Utc>>,
    parked_position: Option<i64>,
    parked_reason: Option<String>,
}

impl CheckpointRow {
    /// The checkpoint, unless it is of a view this build does not have.
    fn read(self) -> Option<(LedgerId, ViewName, Checkpoint)> {
        let hash = self.leaf_hash.and_then(|bytes| bytes.try_into().ok());
        let parked = self
            .parked_at
            .zip(self.parked_reason)
            .map(|(at, reason)| Parked {
                at,
                position: self.parked_position.map(i64::cast_unsigned),
                reason,
            });
        let checkpoint = Checkpoint {
            position: self.position.cast_unsigned(),
            hash: hash.map(LeafHash::from_bytes),
            parked,
        };
        Some((self.ledger_id.into(), self.view.parse().ok()?, checkpoint))
    }
}

/// Every view's checkpoint in `ledger`; those never folded stand at 0.
///
/// # Errors
/// When the database could not be read.
pub async fn checkpoints(
    pool: &PgPool,
    ledger: LedgerId,
) -> Result<BTreeMap<ViewName, Checkpoint>, sqlx::Error> {
    let mut work = Scope::from(ledger).begin(pool).await?;
    seen(&mut work, ledger).await
}

/// The same, inside a transaction about the ledger.
pub(crate) async fn seen(
    connection: &mut PgConnection,
    ledger: LedgerId,
) -> Result<BTreeMap<ViewName, Checkpoint>, sqlx::Error> {
    let rows = sqlx::query_as!(
        CheckpointRow,
        "select ledger_id, view, position, leaf_hash, parked_at, parked_position, parked_reason
         from view_checkpoint where ledger_id = $1",
        ledger.uuid(),
    )
    .fetch_all(connection)
    .await?;
    let mut found: BTreeMap<_, _> = ViewName::ALL
        .map(|view| (view, Checkpoint::default()))
        .into();
    found.extend(
        rows.into_iter()
            .filter_map(CheckpointRow::read)
            .map(|(_, v, c)| (v, c)),
    );
    Ok(found)
}

/// Every checkpoint that stands still, in every ledger.
///
/// # Errors
/// When the database could not be read.
pub async fn parked(pool: &PgPool) -> Result<Vec<(LedgerId, ViewName, Checkpoint)>, sqlx::Error> {
    let mut work = Scope::Everywhere.begin(pool).await?;
    let rows = sqlx::query_as!(
        CheckpointRow,
        "select ledger_id, view, position, leaf_hash, parked_at, parked_position, parked_reason
         from view_checkpoint where parked_at is not null order by ledger_id, view",
    )
    .fetch_all(&mut *work)
    .await?;
    Ok(rows.into_iter().filter_map(CheckpointRow::read).collect())
}

/// How far the views of one ledger have got together.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Reach {
    /// The lowest position over all views: everything up to it can be read in any of them.
    pub all: Position,
    /// The lowest position over the views that are not parked; none when all are.
    pub moving: Option<Position>,
    /// The views that are parked.
    pub parked: Vec<ViewName>,
}

impl Reach {
    fn of(checkpoints: &BTreeMap<ViewName, Checkpoint>) -> Self {
        let moving = checkpoints.values().filter(|at| at.parked.is_none());
        let parked = checkpoints.iter().filter(|(_, at)| at.parked.is_some());
        let all = checkpoints.values().map(|at| at.position).min();
        Self {
            all: all.unwrap_or_default(),
            moving: moving.map(|at| at.position).min(),
            parked: parked.map(|(view, _)| *view).collect(),
        }
    }

    /// Whether nothing but a rebuild of parked views can bring all of them to `position`.
    pub fn stands_still_before(&self, position: Position) -> bool {
        self.all < position && self.moving.is_none_or(|moving| moving >= position)
    }
}

/// How far all views of `ledger` have got, and how far those that are not parked.
///
/// # Errors
/// When the database could not be read.
pub async fn reach(pool: &PgPool, ledger: LedgerId) -> Result<Reach, sqlx::Error> {
    Ok(Reach::of(&checkpoints(pool, ledger).await?))
}

/// The lowest position over all views of `ledger`: everything up to it can be read in any of them.
///
/// # Errors
/// When the database could not be read.
pub async fn projected(pool: &PgPool, ledger: LedgerId) -> Result<Position, sqlx::Error> {
    Ok(reach(pool, ledger).await?.all)
}

/// How far the views of every ledger have been folded, all of them together: a figure that is another as soon as anything more of the
/// ledger is shown.
///
/// # Errors
/// When the database could not be read.
pub async fn folded(pool: &PgPool) -> Result<Vec<(LedgerId, u64)>, sqlx::Error> {
    let rows =
        sqlx::query!(r#"select ledger as "ledger!", folded as "folded!" from ledgers_folded()"#)
            .fetch_all(pool)
            .await?;
    let folded = rows
        .into_iter()
        .map(|row| (row.ledger.into(), row.folded.cast_unsigned()));
    Ok(folded.collect())
}

/// Takes the checkpoints of `views` for this transaction: nobody else folds them until it ends.
/// Gives where each stands, but for those that are parked.
pub(crate) async fn hold(
    connection: &mut PgConnection,
    ledger: LedgerId,
    views: &[ViewName],
) -> Result<BTreeMap<ViewName, Position>, sqlx::Error> {
    let names: Vec<String> = views.iter().map(ToString::to_string).collect();
    sqlx::query!(
        "insert into view_checkpoint (ledger_id, view)
         select $1, name from unnest($2::text[]) as name order by name on conflict do nothing",
        ledger.uuid(),
        &names,
    )
    .execute(&mut *connection)
    .await?;
    let rows = sqlx::query!(
        "select view, position from view_checkpoint
         where ledger_id = $1 and view = any($2) and parked_at is null order by view for update",
        ledger.uuid(),
        &names,
    )
    .fetch_all(connection)
    .await?;
    let held = rows.into_iter().filter_map(|row| {
        let view = row.view.parse().ok()?;
        Some((view, row.position.cast_unsigned()))
    });
    Ok(held.collect())
}

/// Moves the checkpoints of `views` from `from` to `to`. Gives how many were there to be moved.
pub(crate) async fn advance(
    connection: &mut PgConnection,
    ledger: LedgerId,
    views: &[ViewName],
    (from, to, hash): (Position, Position, LeafHash),
) -> Result<u64, sqlx::Error> {
    let names: Vec<String> = views.iter().map(ToString::to_string).collect();
    let done = sqlx::query!(
        "update view_checkpoint set position = $4, leaf_hash = $5
         where ledger_id = $1 and view = any($2) and position = $3 and parked_at is null",
        ledger.uuid(),
        &names,
        from.cast_signed(),
        to.cast_signed(),
        hash.as_bytes().as_slice(),
    )
    .execute(connection)
    .await?;
    Ok(done.rows_affected())
}

/// Lets `view` of `ledger` stand still until it is rebuilt, provided that it stands at `at`. False when it does
/// not: then another projector or a rebuild has moved it since, and what was found out is no longer about it.
pub(crate) async fn park(
    pool: &PgPool,
    (ledger, view): (LedgerId, ViewName),
    at: At,
    (position, reason): (Option<Position>, &str),
) -> Result<bool, sqlx::Error> {
    let mut transaction = Scope::from(ledger).begin(pool).await?;
    sqlx::query!(
        "insert into view_checkpoint (ledger_id, view) values ($1, $2) on conflict do nothing",
        ledger.uuid(),
        view.as_str(),
    )
    .execute(&mut *transaction)
    .await?;
    let done = sqlx::query!(
        "update view_checkpoint set parked_at = now(), parked_position = $5, parked_reason = $6
         where ledger_id = $1 and view = $2 and position = $3 and leaf_hash is not distinct from $4
             and parked_at is null",
        ledger.uuid(),
        view.as_str(),
        at.position.cast_signed(),
        at.hash.as_ref().map(|hash| hash.as_bytes().as_slice()),
        position.map(u64::cast_signed),
        reason,
    )
    .execute(&mut *transaction)
    .await?;
    transaction.commit().await?;
    Ok(done.rows_affected() == 1)
}

/// Puts the checkpoints of `views` where a rebuild has folded them to; none is parked any more.
pub(crate) async fn set(
    connection: &mut PgConnection,
    ledger: LedgerId,
    views: &[ViewName],
    (position, hash): (Position, LeafHash),
) -> Result<(), sqlx::Error> {
    let names: Vec<String> = views.iter().map(ToString::to_string).collect();
    sqlx::query!(
        "insert into view_checkpoint (ledger_id, view, position, leaf_hash)
         select $1, name, $3, $4 from unnest($2::text[]) as name
         on conflict (ledger_id, view) do update set position = excluded.position,
             leaf_hash = excluded.leaf_hash, parked_at = null, parked_position = null,
             parked_reason = null",
        ledger.uuid(),
        &names,
        position.cast_signed(),
        hash.as_bytes().as_slice(),
    )
    .execute(connection)
    .await?;
    Ok(())
}

#[cfg(test)]
mod tests {
    use uuid::Uuid;

    use super::*;

    const VIEW: ViewName = ViewName::Commitment;

    fn entry(position: Position) -> At {
        At {
            position,
            hash: Some(LeafHash::from_bytes([7; 32])),
        }
    }

    #[sqlx::test(migrator = "ledger::MIGRATOR")]
    async fn a_late_verdict_parks_no_view_that_has_moved_since(pool: PgPool) {
        let ledger = LedgerId::new(Uuid::from_u128(1));
        let verdict = async |at| {
            let because = (Some(9), "it cannot be folded");
            let done = park(&pool, (ledger, VIEW), at, because).await;
            done.expect("the database answers")
        };
        let stands = async || {
            let found = checkpoints(&pool, ledger).await.expect("checkpoints");
            found[&VIEW].clone()
        };
        // Another projector, or a rebuild, has folded it to entry 9 meanwhile.
        let mut connection = pool.acquire().await.expect("a connection");
        let hash = LeafHash::from_bytes([7; 32]);
        let moved = set(&mut connection, ledger, &[VIEW], (9, hash)).await;
        moved.expect("it is moved");
        let another_history = At {
            position: 9,
            hash: Some(LeafHash::from_bytes([8; 32])),
        };
        for late in [At::default(), entry(8), another_history] {
            assert!(!verdict(late).await, "{late:?}");
            assert_eq!(stands().await.parked, None, "{late:?}");
        }
        assert!(verdict(entry(9)).await);
        let parked = stands().await.parked.expect("it is parked");
        assert_eq!(
            (parked.position, &*parked.reason),
            (Some(9), "it cannot be folded")
        );
        assert!(!verdict(entry(9)).await, "once is enough");
    }

    #[sqlx::test(migrator = "ledger::MIGRATOR")]
    async fn a_view_that_was_never_folded_can_be_parked(pool: PgPool) {
        let ledger = LedgerId::new(Uuid::from_u128(1));
        let early = park(&pool, (ledger, VIEW), entry(3), (None, "late")).await;
        assert!(
            !early.expect("the database answers"),
            "it never stood there"
        );
        let done = park(&pool, (ledger, VIEW), At::default(), (Some(1), "no")).await;
        assert!(done.expect("the database answers"));
    }
}
