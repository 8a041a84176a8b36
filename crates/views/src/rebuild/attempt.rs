//! One attempt at a rebuild, which may be broken off and taken up again.
//!
//! What a ledger came to is written beside in one transaction together with a note of how far that goes.
//! Only the same build that rebuilds the same views may go on from there: another build's folds may come
//! to something else.

use std::collections::BTreeMap;

use domain::ids::LedgerId;
use ledger::{LeafHash, Position, Scope};
use sqlx::PgConnection;

use crate::table::Table;
use crate::view::ViewName;

/// Up to where a ledger has been folded: the last entry and the hash of its leaf.
pub(super) type End = (Position, LeafHash);

/// Who rebuilds what.
#[derive(Clone)]
pub(super) struct Attempt {
    build: String,
    views: Vec<String>,
}

impl Attempt {
    pub(super) fn new<'a>(build: &str, views: impl IntoIterator<Item = &'a ViewName>) -> Self {
        Self {
            build: build.to_owned(),
            views: views.into_iter().map(ToString::to_string).collect(),
        }
    }

    /// The ledgers that lie complete beside from an earlier attempt of the same kind; none unless `tables`
    /// are all still there.
    pub(super) async fn folded(
        &self,
        connection: &mut PgConnection,
        tables: &[Table],
    ) -> Result<BTreeMap<LedgerId, End>, sqlx::Error> {
        let mut work = Scope::Everywhere.begin_on(connection).await?;
        let tables: Vec<String> = tables
            .iter()
            .map(|table| format!("view_rebuild.{table}"))
            .collect();
        let rows = sqlx::query!(
            "select ledger_id, position, leaf_hash from view_rebuild.folded
             where build = $1 and views = $2
                 and (select bool_and(to_regclass(name) is not null) from unnest($3::text[]) as name)",
            self.build,
            &self.views,
            &tables,
        )
        .fetch_all(&mut *work)
        .await?;
        work.commit().await?;
        let ends = rows.into_iter().filter_map(|row| {
            let hash = LeafHash::from_bytes(row.leaf_hash.try_into().ok()?);
            Some((row.ledger_id.into(), (row.position.cast_unsigned(), hash)))
        });
        Ok(ends.collect())
    }

    /// Notes that what lies beside of `ledger` goes up to `end`.
    pub(super) async fn note(
        &self,
        connection: &mut PgConnection,
        ledger: LedgerId,
        (position, hash): End,
    ) -> Result<(), sqlx::Error> {
        sqlx::query!(
            "insert into view_rebuild.folded (ledger_id, position, leaf_hash, views, build)
             values ($1, $2, $3, $4, $5)
             on conflict (ledger_id) do update set position = excluded.position,
                 leaf_hash = excluded.leaf_hash, views = excluded.views, build = excluded.build",
            ledger.uuid(),
            position.cast_signed(),
            hash.as_bytes().as_slice(),
            &self.views,
            self.build,
        )
        .execute(connection)
        .await?;
        Ok(())
    }
}

/// Forgets every attempt, in a transaction about every ledger: nothing lies beside, or all of it is in its place.
pub(super) async fn forget(connection: &mut PgConnection) -> Result<(), sqlx::Error> {
    sqlx::query!("delete from view_rebuild.folded")
        .execute(connection)
        .await?;
    Ok(())
}
