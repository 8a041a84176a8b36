//! Writing folded ledgers beside the rows in use, and comparing them with those: two at a time, each over a
//! connection of its own, so that the database works on one while the other's rows are being made.

use std::collections::BTreeSet;

use domain::ids::LedgerId;
use ledger::Scope;
use sqlx::{Connection, PgConnection, PgPool};
use tokio::sync::{Mutex, mpsc};

use super::attempt::{Attempt, End};
use super::difference::{self, Compared};
use super::left::fault_of_the_ledger;
use super::{RebuildError, beside};
use crate::replay::Replayed;
use crate::view::ViewName;

/// What became of a ledger.
pub(super) enum Outcome<T> {
    /// What was to be done was done.
    Done(T),
    /// It cannot be folded, and why.
    Left(String),
}

/// What was written of a ledger, and how the rows in use differed from it.
pub(super) struct Written {
    pub(super) entries: u64,
    pub(super) rows: u64,
    pub(super) end: Option<End>,
    pub(super) compared: Vec<(ViewName, Compared)>,
}

/// Ledgers that were folded, in the order in which they were.
type Folded = mpsc::Receiver<(LedgerId, Outcome<Replayed>)>;

/// Writes every ledger that was folded, and says what became of it.
pub(super) async fn write_each(
    pool: &PgPool,
    attempt: &Attempt,
    views: &BTreeSet<ViewName>,
    folded: Folded,
    written: mpsc::Sender<(LedgerId, Outcome<Written>)>,
) -> Result<(), RebuildError> {
    let writer = Writer {
        pool,
        attempt,
        views,
        folded: Mutex::new(folded),
        written,
    };
    let (one, other) = tokio::join!(writer.run(), writer.run());
    one.and(other)
}

/// What the two that write share.
struct Writer<'a> {
    pool: &'a PgPool,
    attempt: &'a Attempt,
    views: &'a BTreeSet<ViewName>,
    folded: Mutex<Folded>,
    written: mpsc::Sender<(LedgerId, Outcome<Written>)>,
}

impl Writer<'_> {
    /// Writes one ledger after the other, until there are no more or one cannot be written for a reason
    /// that is not its own.
    async fn run(&self) -> Result<(), RebuildError> {
        // Out of the pool: dropping it half-way closes it, and with it goes the transaction.
        let mut connection = self.pool.acquire().await?.detach();
        let done = self.write_all(&mut connection).await;
        if done.is_err() {
            // Nobody takes any more, so the folding ends too.
            self.folded.lock().await.close();
        }
        done?;
        connection.close().await?;
        Ok(())
    }

    async fn write_all(&self, connection: &mut PgConnection) -> Result<(), RebuildError> {
        while let Some((ledger, outcome)) = self.next().await {
            let outcome = match outcome {
                Outcome::Done(replayed) => self.keep(connection, ledger, replayed).await?,
                Outcome::Left(why) => Outcome::Left(why),
            };
            if self.written.send((ledger, outcome)).await.is_err() {
                break;
            }
        }
        Ok(())
    }

    async fn next(&self) -> Option<(LedgerId, Outcome<Replayed>)> {
        self.folded.lock().await.recv().await
    }

    /// Writes what a ledger came to, and compares it with the rows in use.
    async fn keep(
        &self,
        connection: &mut PgConnection,
        ledger: LedgerId,
        replayed: Replayed,
    ) -> Result<Outcome<Written>, RebuildError> {
        let (entries, end) = (replayed.entries, replayed.end);
        let rows = match self.write(connection, ledger, replayed).await {
            Ok(rows) => rows,
            Err(error) => return Ok(Outcome::Left(fault_of_the_ledger(error)?)),
        };
        Ok(Outcome::Done(Written {
            entries,
            rows,
            end,
            compared: self.compare(connection, ledger, end).await?,
        }))
    }

    async fn write(
        &self,
        connection: &mut PgConnection,
        ledger: LedgerId,
        replayed: Replayed,
    ) -> Result<u64, RebuildError> {
        let mut transaction = Scope::from(ledger).begin_on(connection).await?;
        beside::look_there(&mut transaction).await?;
        beside::wait_for_no_disk(&mut transaction).await?;
        let rows = replayed.folds.save(&mut transaction).await?;
        if let Some(end) = replayed.end {
            self.attempt.note(&mut transaction, ledger, end).await?;
        }
        transaction.commit().await?;
        Ok(rows)
    }

    /// Compares a ledger's views as of one moment, so that it need not be done while everything is held.
    async fn compare(
        &self,
        connection: &mut PgConnection,
        ledger: LedgerId,
        end: Option<End>,
    ) -> Result<Vec<(ViewName, Compared)>, RebuildError> {
        let Some((position, _)) = end else {
            return Ok(Vec::new());
        };
        let mut moment = connection.begin().await?;
        sqlx::query("set transaction isolation level repeatable read read only")
            .execute(&mut *moment)
            .await?;
        Scope::from(ledger).enter(&mut moment).await?;
        let views = self.views.iter().copied();
        let compared = difference::where_it_stands(&mut moment, ledger, position, views).await?;
        moment.commit().await?;
        Ok(compared)
    }
}
