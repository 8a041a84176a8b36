//! The entries of a ledger: each as it must be by itself and after the one before it.

use std::ops::ControlFlow;
use std::panic::{AssertUnwindSafe, catch_unwind};

use chrono::{DateTime, NaiveDate, Utc};
use ledger::reader::RawEntry;
use ledger::{Entry, LeafHash, panic_message};
use sqlx::PgConnection;
use uuid::Uuid;

use super::leaf::{differences, not_canonical};
use super::{CheckError, LedgerCheck, Listener, PAGE, Place};
use crate::checkpoint;
use crate::rebuild::Progressed;

/// An entry's columns and its leaf.
pub(super) struct EntryRow {
    pub(super) position: i64,
    pub(super) stream_version: i64,
    pub(super) stream_id: Uuid,
    pub(super) stream_kind: String,
    pub(super) command_id: Uuid,
    pub(super) recorded_at: DateTime<Utc>,
    pub(super) meeting_id: Option<Uuid>,
    pub(super) occurred_on: NaiveDate,
    pub(super) schema_version: i32,
    pub(super) event_type: String,
    pub(super) leaf: Vec<u8>,
}

impl LedgerCheck {
    /// Reads every entry in order, checks it, and folds it into the views that have it.
    pub(super) async fn entries(
        &mut self,
        moment: &mut PgConnection,
        listener: &mut Listener<impl FnMut(Progressed) -> ControlFlow<()> + Send>,
    ) -> Result<(), CheckError> {
        self.checkpoints = checkpoint::seen(moment, self.ledger).await?;
        let mut after = 0;
        loop {
            let page = sqlx::query_as!(
                EntryRow,
                "select position, stream_version, stream_id, stream_kind, command_id, recorded_at,
                     meeting_id, occurred_on, schema_version, event_type, leaf
                 from ledger_entry where ledger_id = $1 and position > $2
                 order by position limit $3",
                self.ledger.uuid(),
                after,
                PAGE,
            )
            .fetch_all(&mut *moment)
            .await?;
            let Some(last) = page.last() else { break };
            after = last.position;
            for row in &page {
                self.entry(row);
            }
            listener.page(self.ledger, page.len())?;
        }
        Ok(self.head(moment).await?)
    }

    async fn head(&mut self, moment: &mut PgConnection) -> Result<(), sqlx::Error> {
        let head = sqlx::query_scalar!(
            "select position from ledger_head where ledger_id = $1",
            self.ledger.uuid(),
        )
        .fetch_optional(moment)
        .await?;
        let head = head.unwrap_or_default().cast_unsigned();
        let last = self.last.map_or(0, |(position, _)| position);
        if head != last {
            let what = format!("the head says {head}, the last entry is {last}");
            self.find(Place::Entry(last), what);
        }
        Ok(())
    }

    fn entry(&mut self, row: &EntryRow) {
        let position = row.position.cast_unsigned();
        let place = Place::Entry(position);
        self.seen += 1;
        let due = self.last.map_or(0, |(last, _)| last) + 1;
        if position != due {
            self.find(place.clone(), format!("position {due} must come next"));
        }
        if self
            .last
            .is_some_and(|(_, before)| row.recorded_at < before)
        {
            self.find(place.clone(), "recorded before the entry in front of it");
        }
        self.last = Some((position, row.recorded_at));
        let version = self.streams.entry(row.stream_id).or_default();
        *version += 1;
        if *version != row.stream_version {
            let (due, found) = (*version, row.stream_version);
            *version = found;
            let what = format!("stream version {found} where {due} must come next");
            self.find(place.clone(), what);
        }
        let raw = RawEntry {
            position,
            stream_version: row.stream_version.cast_unsigned(),
            leaf: row.leaf.clone().into(),
        };
        match raw.decode() {
            Ok(entry) => {
                for what in differences(row, &entry, self.ledger) {
                    self.find(place.clone(), what);
                }
                self.fold(&entry, raw.hash());
            }
            Err(error) => self.find(place.clone(), format!("the leaf does not decode: {error}")),
        }
        if let Some(what) = not_canonical(&row.leaf) {
            self.find(place, what);
        }
    }

    fn fold(&mut self, entry: &Entry, hash: LeafHash) {
        let position = entry.recorded.position;
        let mut found = Vec::new();
        for (view, checkpoint) in &self.checkpoints {
            if position <= checkpoint.position
                && let Some(folds) = self.folds.get_mut(view)
                && let Err(panic) = catch_unwind(AssertUnwindSafe(|| folds.apply(entry)))
            {
                self.folds.remove(view);
                let said = panic_message(&*panic);
                let what = format!(
                    "entry {position} breaks its fold ({said}); its rows were not compared"
                );
                found.push((*view, what));
            }
            if position == checkpoint.position && checkpoint.hash != Some(hash) {
                let what = format!("entry {position} is not the one this view was made from");
                found.push((*view, what));
            }
        }
        for (view, what) in found {
            self.find(Place::Checkpoint(view), what);
        }
    }
}
