//! How far the views are behind their ledgers, by entries and by age.

use chrono::{DateTime, Utc};
use domain::ids::LedgerId;
use ledger::{Position, Scope};
use sqlx::PgPool;

/// How far the views of one ledger are behind it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Lag {
    /// The ledger.
    pub ledger: LedgerId,
    /// Where it ends.
    pub head: Position,
    /// What all its views have reached.
    pub projected: Position,
    /// When the first entry some view has not folded was recorded; none when there is no such entry.
    pub waiting_since: Option<DateTime<Utc>>,
    /// How many of its views are parked.
    pub parked: u64,
}

/// The ledgers with a view that is behind or parked, the longest waiting first.
///
/// # Errors
/// When the database could not be read.
pub async fn lags(pool: &PgPool) -> Result<Vec<Lag>, sqlx::Error> {
    let views: Vec<String> = crate::ViewName::ALL
        .iter()
        .map(ToString::to_string)
        .collect();
    let mut work = Scope::Everywhere.begin(pool).await?;
    let rows = sqlx::query!(
        r#"select h.ledger_id, h.position as head, p.position as "projected!", p.parked as "parked!",
               e.recorded_at as "waiting_since?"
           from ledger_head h
           cross join lateral (
               select min(coalesce(c.position, 0)) as position,
                   count(*) filter (where c.parked_at is not null) as parked
               from unnest($1::text[]) as name
               left join view_checkpoint c on c.ledger_id = h.ledger_id and c.view = name
           ) p
           left join ledger_entry e on e.ledger_id = h.ledger_id and e.position = p.position + 1
           where h.position > p.position or p.parked > 0
           order by e.recorded_at, h.ledger_id"#,
        &views,
    )
    .fetch_all(&mut *work)
    .await?;
    let lags = rows.into_iter().map(|row| Lag {
        ledger: row.ledger_id.into(),
        head: row.head.cast_unsigned(),
        projected: row.projected.cast_unsigned(),
        waiting_since: row.waiting_since,
        parked: row.parked.cast_unsigned(),
    });
    Ok(lags.collect())
}
