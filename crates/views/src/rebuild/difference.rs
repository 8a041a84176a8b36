//! Where the tables in use differ from the rebuilt ones.

use std::fmt;

use domain::ids::LedgerId;
use ledger::Position;
use sqlx::{AssertSqlSafe, PgConnection, Row};
use uuid::Uuid;

use crate::checkpoint;
use crate::table::Table;
use crate::view::ViewName;

/// A row in use that is not what the ledger gives.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Difference {
    /// The ledger.
    pub ledger: LedgerId,
    /// The table.
    pub table: Table,
    /// The row's key.
    pub key: Uuid,
    /// How it differs.
    pub differs: Differs,
}

/// How a row in use differs from the rebuilt one.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Differs {
    /// It was not there.
    Missing,
    /// It should not have been there.
    Extra,
    /// It had other columns.
    Doctored,
}

impl fmt::Display for Difference {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self {
            ledger,
            table,
            key,
            differs,
        } = self;
        let how = match differs {
            Differs::Missing => "was missing",
            Differs::Extra => "should not have been there",
            Differs::Doctored => "said something else",
        };
        write!(f, "ledger {ledger}, {table} {key}: the row {how}")
    }
}

/// Where a view stood when it was compared, and how it differed.
pub(super) type Compared = (Position, Vec<Difference>);

/// Compares those of `views` that stand at `position`, where the rebuilt ones do.
pub(super) async fn where_it_stands(
    connection: &mut PgConnection,
    ledger: LedgerId,
    position: Position,
    views: impl IntoIterator<Item = ViewName>,
) -> Result<Vec<(ViewName, Compared)>, sqlx::Error> {
    let live = checkpoint::seen(connection, ledger).await?;
    let mut compared = Vec::new();
    for view in views {
        let stands = live.get(&view).map_or(0, |checkpoint| checkpoint.position);
        if stands == position {
            let found = find(connection, ledger, view).await?;
            compared.push((view, (position, found)));
        }
    }
    Ok(compared)
}

/// The rows of a view in which the tables in use differ from those beside.
async fn find(
    connection: &mut PgConnection,
    ledger: LedgerId,
    view: ViewName,
) -> Result<Vec<Difference>, sqlx::Error> {
    let mut found = Vec::new();
    for table in view.tables() {
        let key = table.key();
        let statement = format!(
            "select coalesce(live.{key}, due.{key}) as key,
                 live.{key} is null as missing, due.{key} is null as extra
             from (select * from public.{table} where ledger_id = $1) live
             full join (select * from view_rebuild.{table} where ledger_id = $1) due
                 on live.{key} = due.{key}
             where (live *= due) is not true
             order by 1"
        );
        let rows = sqlx::query(AssertSqlSafe(statement))
            .bind(ledger.uuid())
            .fetch_all(&mut *connection)
            .await?;
        for row in rows {
            let differs = match (row.try_get("missing")?, row.try_get("extra")?) {
                (true, _) => Differs::Missing,
                (_, true) => Differs::Extra,
                _ => Differs::Doctored,
            };
            found.push(Difference {
                ledger,
                table: *table,
                key: row.try_get("key")?,
                differs,
            });
        }
    }
    Ok(found)
}
