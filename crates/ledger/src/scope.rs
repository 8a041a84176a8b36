//! Which ledgers a piece of work may touch.
//!
//! Row security shows a transaction the rows of those ledgers it has said it is about, and of no others. It says
//! so as it begins, in the same message, and what it said ends with it: the next one on the connection sees
//! nothing until it has said so too.

use std::fmt::Write;

use domain::ids::LedgerId;
use sqlx::{AssertSqlSafe, Connection, PgConnection, Postgres, Transaction};
use uuid::Uuid;

use crate::pool::Pool;

/// A transaction of the database.
pub type InScope<'c> = Transaction<'c, Postgres>;

/// The ledgers a transaction is about.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Scope {
    /// These, and no others.
    Ledgers(Vec<LedgerId>),
    /// Every ledger there is as it begins: for work that is about the whole house, such as sharing ledgers
    /// out. Never for what somebody asked.
    Everywhere,
}

impl From<LedgerId> for Scope {
    fn from(ledger: LedgerId) -> Self {
        Self::Ledgers(vec![ledger])
    }
}

impl FromIterator<LedgerId> for Scope {
    fn from_iter<T: IntoIterator<Item = LedgerId>>(ledgers: T) -> Self {
        Self::Ledgers(ledgers.into_iter().collect())
    }
}

impl Scope {
    /// Begins a transaction about these ledgers. What only reads can simply be dropped.
    ///
    /// # Errors
    /// When no connection is to be had, or the database does not answer on it.
    pub async fn begin(&self, pool: &Pool) -> Result<InScope<'static>, sqlx::Error> {
        pool.begin_with(AssertSqlSafe(self.begin_statement())).await
    }

    /// Begins one on this connection, which must not be inside another.
    ///
    /// # Errors
    /// When the database does not answer, or the connection is inside a transaction.
    pub async fn begin_on<'c>(
        &self,
        connection: &'c mut PgConnection,
    ) -> Result<InScope<'c>, sqlx::Error> {
        let statement = AssertSqlSafe(self.begin_statement());
        connection.begin_with(statement).await
    }

    /// Makes the transaction this connection is inside one about these ledgers, and no longer about those
    /// it was about before.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn enter(&self, transaction: &mut PgConnection) -> Result<(), sqlx::Error> {
        sqlx::raw_sql(AssertSqlSafe(self.statement()))
            .execute(transaction)
            .await?;
        Ok(())
    }

    fn begin_statement(&self) -> String {
        format!("begin; {}", self.statement())
    }

    /// Says which ledgers the transaction is about. Made of ids only, which cannot break out of it.
    fn statement(&self) -> String {
        match self {
            Self::Ledgers(ledgers) => {
                let ids = ledgers.iter().map(|ledger| ledger.uuid());
                format!("set local compacts.ledgers = '{}'", array(ids))
            }
            Self::Everywhere => "select set_config('compacts.ledgers', \
                 coalesce(array_agg(ledger_id)::text, ''), true) from every_ledger() as ledger_id"
                .to_owned(),
        }
    }
}

/// Ids as PostgreSQL writes an array.
fn array(ids: impl Iterator<Item = Uuid>) -> String {
    let mut array = String::from("{");
    for (index, id) in ids.enumerate() {
        let comma = if index > 0 { "," } else { "" };
        write!(array, "{comma}{id}").expect("a string takes what is written to it");
    }
    array.push('}');
    array
}

#[cfg(test)]
mod tests {
    use super::*;

    fn ledger(number: u128) -> LedgerId {
        LedgerId::new(Uuid::from_u128(number))
    }

    async fn in_scope(connection: &mut PgConnection) -> Option<Vec<Uuid>> {
        sqlx::query_scalar("select ledgers_in_scope()")
            .fetch_one(connection)
            .await
            .expect("a scope")
    }

    #[sqlx::test(migrator = "crate::MIGRATOR")]
    async fn a_transaction_is_about_what_it_said_and_the_next_about_nothing(pool: Pool) {
        let mut connection = pool.acquire().await.expect("a connection");
        assert_eq!(in_scope(&mut connection).await, None);
        for ledgers in [vec![], vec![ledger(1)], vec![ledger(1), ledger(2)]] {
            let ids: Vec<Uuid> = ledgers.iter().map(|ledger| ledger.uuid()).collect();
            let scope: Scope = ledgers.into_iter().collect();
            let mut work = scope.begin_on(&mut connection).await.expect("begun");
            assert_eq!(in_scope(&mut work).await, Some(ids));
            work.commit().await.expect("ended");
            assert_eq!(in_scope(&mut connection).await, None);
        }
    }

    #[sqlx::test(migrator = "crate::MIGRATOR")]
    async fn a_transaction_that_is_dropped_leaves_nothing_in_scope_for_the_next(pool: Pool) {
        let pool_of_one = crate::pool::checked(sqlx::postgres::PgPoolOptions::new())
            .max_connections(1)
            .connect_with((*pool.connect_options()).clone())
            .await
            .expect("a pool");
        drop(
            Scope::from(ledger(1))
                .begin(&pool_of_one)
                .await
                .expect("begun"),
        );
        let mut next = pool_of_one.acquire().await.expect("the same connection");
        assert_eq!(in_scope(&mut next).await, None);
    }

    #[sqlx::test(migrator = "crate::MIGRATOR")]
    async fn everywhere_is_every_ledger_there_is_and_no_other(pool: Pool) {
        let mut work = Scope::Everywhere.begin(&pool).await.expect("begun");
        assert_eq!(in_scope(&mut work).await, None, "there is none yet");
        drop(work);
        sqlx::query(
            "insert into ledger_head (ledger_id, position, recorded_at)
             select id, 0, now() from unnest($1::uuid[]) as id",
        )
        .bind([ledger(1).uuid(), ledger(2).uuid()])
        .execute(&pool)
        .await
        .expect("two heads");
        let mut work = Scope::Everywhere.begin(&pool).await.expect("begun");
        let all = vec![ledger(1).uuid(), ledger(2).uuid()];
        assert_eq!(in_scope(&mut work).await, Some(all.clone()));
        Scope::from(ledger(2))
            .enter(&mut work)
            .await
            .expect("entered");
        assert_eq!(in_scope(&mut work).await, Some(vec![ledger(2).uuid()]));
    }
}
