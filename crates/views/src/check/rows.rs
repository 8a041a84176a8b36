//! The rows of views: what the fold of their ledger gives, no more and no fewer.

use std::collections::BTreeMap;
use std::ops::ControlFlow;

use serde_json::Value;
use sqlx::PgConnection;
use uuid::Uuid;

use super::{Behind, CheckError, LedgerCheck, Listener, PAGE, Place};
use crate::rebuild::Progressed;
use crate::search;
use crate::table::{Row, Table};
use crate::view::ViewName;

impl LedgerCheck {
    /// Compares every view with its fold, where the view stands.
    pub(super) async fn views(
        &mut self,
        moment: &mut PgConnection,
        listener: &mut Listener<impl FnMut(Progressed) -> ControlFlow<()> + Send>,
    ) -> Result<(), CheckError> {
        let end = self.last.map_or(0, |(position, _)| position);
        let mut folds = std::mem::take(&mut self.folds);
        for view in ViewName::ALL {
            let checkpoint = self.checkpoints.get(&view).cloned().unwrap_or_default();
            if checkpoint.position < end {
                self.behind.push(Behind {
                    ledger: self.ledger,
                    view,
                    position: checkpoint.position,
                    head: end,
                });
            }
            if checkpoint.position > end {
                let what = format!(
                    "stands at {}, the ledger ends at {end}",
                    checkpoint.position
                );
                self.find(Place::Checkpoint(view), what);
            }
            if let Some(parked) = checkpoint.parked {
                self.find(
                    Place::Checkpoint(view),
                    format!("parked: {}", parked.reason),
                );
            }
            // One whose fold broke has none any more.
            let Some(folds) = folds.remove(&view) else {
                continue;
            };
            match folds.rows(view).and_then(columns_by_key) {
                Ok(rows) => self.compare(moment, listener, view, rows).await?,
                Err(error) => self.find(Place::Checkpoint(view), error.to_string()),
            }
        }
        Ok(())
    }

    /// Looks at what is kept of good practice to search it by, as far as that can be without the vault.
    pub(super) async fn words(&mut self, moment: &mut PgConnection) -> Result<(), CheckError> {
        for stray in search::strays(moment, self.ledger).await? {
            self.find(Place::Words(stray.practice), stray.what);
        }
        Ok(())
    }

    /// Compares the rows a view must have with those it has.
    async fn compare(
        &mut self,
        moment: &mut PgConnection,
        listener: &mut Listener<impl FnMut(Progressed) -> ControlFlow<()> + Send>,
        view: ViewName,
        mut expected: BTreeMap<(Table, Uuid), Value>,
    ) -> Result<(), CheckError> {
        for table in view.tables() {
            let mut after = None;
            loop {
                let page = table.rows(moment, self.ledger, after, PAGE).await?;
                let Some((last, _)) = page.last() else { break };
                after = Some(*last);
                listener.page(self.ledger, 0)?;
                for (key, found) in page {
                    self.rows += 1;
                    let place = Place::Row { table: *table, key };
                    match expected.remove(&(*table, key)) {
                        None => self.find(place, "this row should not be there"),
                        Some(due) if due != found => {
                            let what =
                                format!("differs from the fold: {}", differing(&due, &found));
                            self.find(place, what);
                        }
                        Some(_) => {}
                    }
                }
            }
        }
        for (table, key) in expected.into_keys() {
            self.find(Place::Row { table, key }, "this row is missing");
        }
        Ok(())
    }
}

/// The columns of rows, by what identifies each row.
fn columns_by_key(rows: Vec<Row>) -> Result<BTreeMap<(Table, Uuid), Value>, serde_json::Error> {
    let columns = |row: Row| {
        let mut columns: Value = serde_json::from_str(&row.columns)?;
        if let (Value::Object(columns), Some(document)) = (&mut columns, row.document) {
            columns.insert("document".to_owned(), Value::String(document));
        }
        Ok(((row.table, row.key), columns))
    };
    rows.into_iter().map(columns).collect()
}

/// The columns in which two rows differ.
fn differing(due: &Value, found: &Value) -> String {
    let (Value::Object(due), Value::Object(found)) = (due, found) else {
        return "not a row".to_owned();
    };
    let names = due
        .keys()
        .chain(found.keys().filter(|name| !due.contains_key(*name)));
    let differ: Vec<&str> = names
        .filter(|name| due.get(*name) != found.get(*name))
        .map(String::as_str)
        .collect();
    differ.join(", ")
}
