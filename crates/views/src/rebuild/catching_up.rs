//! Catching up with what arrived while ledgers were being folded.

use std::ops::ControlFlow;

use domain::ids::LedgerId;
use ledger::{Position, Scope};
use sqlx::{Connection, PgConnection};

use super::left::fault_of_the_ledger;
use super::{Progressed, Rebuild, RebuildError, beside};
use crate::projection::fold_view;
use crate::replay::decoded;

/// How many entries are folded at once when catching up.
const TAIL: u32 = 1_000;

/// A ledger this close to where its views stand is caught up under the lock.
const CLOSE: u64 = 2_000;

impl Rebuild {
    /// Follows the live views until what is left is little enough to do while they are held.
    pub(super) async fn come_close(
        &mut self,
        connection: &mut PgConnection,
        told: &mut (impl FnMut(Progressed) -> ControlFlow<()> + Send),
    ) -> Result<(), RebuildError> {
        loop {
            let mut far = false;
            for ledger in self.reader.ledgers().await? {
                let target = self.target(ledger).await?;
                self.tell(ledger, target, told)?;
                if self.is_left(ledger) || target.saturating_sub(self.at(ledger)) <= CLOSE {
                    continue;
                }
                far = true;
                let mut transaction = Scope::from(ledger).begin_on(connection).await?;
                beside::look_there(&mut transaction).await?;
                self.follow(&mut transaction, ledger, target, told).await?;
                if let Some(end) = self.ends.get(&ledger) {
                    self.attempt.note(&mut transaction, ledger, *end).await?;
                }
                transaction.commit().await?;
            }
            if !far {
                return Ok(());
            }
        }
    }

    pub(super) fn is_left(&self, ledger: LedgerId) -> bool {
        self.left.contains_key(&ledger)
    }

    /// Up to where a ledger has been folded.
    pub(super) fn at(&self, ledger: LedgerId) -> Position {
        self.ends.get(&ledger).map_or(0, |(position, _)| *position)
    }

    /// Tells how far everything is, when what is left is known of `ledger` only.
    pub(super) fn tell(
        &self,
        ledger: LedgerId,
        target: Position,
        told: &mut (impl FnMut(Progressed) -> ControlFlow<()> + Send),
    ) -> Result<(), RebuildError> {
        let ahead = target.saturating_sub(self.at(ledger));
        let ahead = if self.is_left(ledger) { 0 } else { ahead };
        let progress = Progressed {
            folded: self.folded,
            of: self.folded + ahead,
            ledger,
        };
        match told(progress) {
            ControlFlow::Continue(()) => Ok(()),
            ControlFlow::Break(()) => Err(RebuildError::Interrupted),
        }
    }

    /// As [`Self::catch_up`], inside a transaction that goes on without this ledger if it cannot be folded.
    pub(super) async fn follow(
        &mut self,
        transaction: &mut PgConnection,
        ledger: LedgerId,
        target: Position,
        told: &mut (impl FnMut(Progressed) -> ControlFlow<()> + Send),
    ) -> Result<(), RebuildError> {
        let mut part = transaction.begin().await?;
        let Err(error) = self.catch_up(&mut part, ledger, target, told).await else {
            return Ok(part.commit().await?);
        };
        part.rollback().await?;
        self.leave(ledger, fault_of_the_ledger(error)?);
        Ok(())
    }

    /// Folds what `ledger` has after where it was folded to, up to `target`, into the tables beside.
    async fn catch_up(
        &mut self,
        connection: &mut PgConnection,
        ledger: LedgerId,
        target: Position,
        told: &mut (impl FnMut(Progressed) -> ControlFlow<()> + Send),
    ) -> Result<(), RebuildError> {
        let mut at = self.at(ledger);
        while at < target {
            let limit = u32::try_from(target - at).unwrap_or(TAIL).min(TAIL);
            let page = self.reader.read(ledger, at, limit).await?;
            let mut entries = Vec::with_capacity(page.len());
            for raw in &page {
                entries.push((decoded(ledger, raw)?, raw.hash()));
            }
            let Some((last, hash)) = entries.last() else {
                break;
            };
            at = last.recorded.position;
            let end = (at, *hash);
            for view in &self.views {
                fold_view(connection, ledger, *view, &entries).await?;
            }
            self.report.entries += entries.len() as u64;
            self.folded_to(ledger, end);
            self.tell(ledger, target, told)?;
        }
        Ok(())
    }
}
