//! Which projector follows which ledger. Leases spare work being done twice and share it out; what
//! keeps the views right is that a transaction holds the checkpoints it moves.

use std::time::Duration;

use domain::ids::LedgerId;
use ledger::{InScope, Scope};
use sqlx::PgPool;
use uuid::Uuid;

/// One projector's leases. The database's clock decides when one has run out.
#[derive(Clone, Debug)]
pub struct Leases {
    pool: PgPool,
    holder: Uuid,
    term: Duration,
}

impl Leases {
    /// Leases for the projector `holder`, each of which runs out `term` after it was last renewed.
    pub const fn new(pool: PgPool, holder: Uuid, term: Duration) -> Self {
        Self { pool, holder, term }
    }

    /// Leases are about every ledger: a projector looks at those it might take.
    async fn work(&self) -> Result<InScope<'static>, sqlx::Error> {
        Scope::Everywhere.begin(&self.pool).await
    }

    /// Renews what is held, hands over what another asked for, takes what nobody holds, and asks the
    /// holder of most for a share if it holds more than one more than this one. Gives what is held now.
    ///
    /// # Errors
    /// When the database could not be used; what was held runs out unless a later call succeeds.
    pub async fn renew(&self) -> Result<Vec<LedgerId>, sqlx::Error> {
        let term = self.term.as_secs_f64();
        let mut work = self.work().await?;
        sqlx::query!(
            "update projector_lease set
                 holder = coalesce(wanted_by, holder),
                 wanted_by = null,
                 expires_at = now() + make_interval(secs => $2)
             where holder = $1",
            self.holder,
            term,
        )
        .execute(&mut *work)
        .await?;
        work.commit().await?;
        let mut work = self.work().await?;
        sqlx::query!(
            "insert into projector_lease (ledger_id, holder, expires_at)
             select ledger_id, $1, now() + make_interval(secs => $2) from ledger_head
             where position > 0 order by ledger_id
             on conflict (ledger_id) do update
                 set holder = excluded.holder, expires_at = excluded.expires_at, wanted_by = null
                 where projector_lease.expires_at < now()",
            self.holder,
            term,
        )
        .execute(&mut *work)
        .await?;
        work.commit().await?;
        self.ask_for_a_share().await?;
        let mut work = self.work().await?;
        let held = sqlx::query_scalar!(
            "select ledger_id from projector_lease
             where holder = $1 and expires_at > now() order by ledger_id",
            self.holder,
        )
        .fetch_all(&mut *work)
        .await?;
        Ok(held.into_iter().map(LedgerId::new).collect())
    }

    /// Asks the holder of most for one ledger; asked again at each renewal, shares even out.
    async fn ask_for_a_share(&self) -> Result<(), sqlx::Error> {
        let mut work = self.work().await?;
        sqlx::query!(
            "with held as (
                 select coalesce(wanted_by, holder) as holder, count(*) as ledgers
                 from projector_lease group by 1
             ), most as (
                 select holder, ledgers from held where holder <> $1
                 order by ledgers desc, holder limit 1
             )
             update projector_lease set wanted_by = $1 where ledger_id = (
                 select l.ledger_id from projector_lease l join most on most.holder = l.holder
                 where l.wanted_by is null and most.ledgers > 1 + coalesce(
                     (select ledgers from held where holder = $1), 0)
                 order by l.ledger_id limit 1
                 for update of l skip locked
             )",
            self.holder,
        )
        .execute(&mut *work)
        .await?;
        work.commit().await?;
        Ok(())
    }

    /// Gives up everything held, so that others take it without waiting.
    ///
    /// # Errors
    /// When the database could not be used; the leases then run out by themselves.
    pub async fn release(&self) -> Result<(), sqlx::Error> {
        let mut work = self.work().await?;
        sqlx::query!("delete from projector_lease where holder = $1", self.holder)
            .execute(&mut *work)
            .await?;
        work.commit().await?;
        Ok(())
    }
}
