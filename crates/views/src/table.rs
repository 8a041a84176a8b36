//! The tables the views are kept in: what is read and written of each, in one place.
//!
//! Rows travel as JSON whose members are the columns. The same form is written, compared with what a
//! fold gives, and reported when it differs. Names are never qualified: a rebuild points the search
//! path at its own copies and uses the very same statements.

use std::collections::BTreeMap;
use std::fmt;

use domain::ids::LedgerId;
use serde::Serialize;
use serde_json::Value;
use sqlx::PgConnection;
use uuid::Uuid;

use crate::view::View;

/// How many rows one statement writes.
const AT_ONCE: usize = 500;

/// About how many bytes one statement writes at most.
const BYTES_AT_ONCE: usize = 4 << 20;

/// A row of a view's table.
#[derive(Clone, Debug, PartialEq)]
pub struct Row {
    /// The table.
    pub table: Table,
    /// What identifies it within its ledger.
    pub key: Uuid,
    /// Every column by its name, as JSON.
    pub columns: String,
}

impl Row {
    /// A row from a struct whose members are the columns.
    ///
    /// # Errors
    /// When a column cannot be written as JSON.
    pub(crate) fn new(
        table: Table,
        key: Uuid,
        columns: &impl Serialize,
    ) -> Result<Self, serde_json::Error> {
        Ok(Self {
            table,
            key,
            columns: serde_json::to_string(columns)?,
        })
    }
}

/// Writes the enum of tables and their statements.
macro_rules! tables {
    ($($(#[$doc:meta])* $table:ident $name:literal by $key:literal {
        documents: $documents:literal,
        rows: $rows:literal,
        save: $save:literal,
    })+) => {
        /// A table that holds rows of a view.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
        pub enum Table {
            $($(#[$doc])* $table,)+
        }

        impl Table {
            /// Every table there is.
            pub const ALL: &'static [Self] = &[$(Self::$table),+];

            /// Its name in the database.
            pub const fn name(self) -> &'static str {
                match self { $(Self::$table => $name,)+ }
            }

            /// The column that identifies a row within its ledger.
            pub(crate) const fn key(self) -> &'static str {
                match self { $(Self::$table => $key,)+ }
            }

            /// The documents of those of `keys` that are there.
            pub(crate) async fn documents(
                self,
                connection: &mut PgConnection,
                ledger: LedgerId,
                keys: &[Uuid],
            ) -> Result<Vec<(Uuid, String)>, sqlx::Error> {
                match self {
                    $(Self::$table => {
                        let rows = sqlx::query!($documents, ledger.uuid(), keys)
                            .fetch_all(connection)
                            .await?;
                        Ok(rows.into_iter().map(|row| (row.key, row.document)).collect())
                    })+
                }
            }

            /// Up to `limit` rows after `after`, in the order of their keys.
            pub(crate) async fn rows(
                self,
                connection: &mut PgConnection,
                ledger: LedgerId,
                after: Option<Uuid>,
                limit: i64,
            ) -> Result<Vec<(Uuid, Value)>, sqlx::Error> {
                match self {
                    $(Self::$table => {
                        let rows = sqlx::query!($rows, ledger.uuid(), after, limit)
                            .fetch_all(connection)
                            .await?;
                        Ok(rows.into_iter().map(|row| (row.key, row.columns)).collect())
                    })+
                }
            }

            /// Writes rows, a JSON array of them, each in the place of the one with its key.
            pub(crate) async fn save(
                self,
                connection: &mut PgConnection,
                rows: &str,
            ) -> Result<u64, sqlx::Error> {
                match self {
                    $(Self::$table => {
                        let done = sqlx::query!($save, rows).execute(connection).await?;
                        Ok(done.rows_affected())
                    })+
                }
            }
        }
    };
}

tables! {
    /// Of [`crate::RegionRegister`].
    RegionRegister "region_register" by "region_id" {
        documents: r#"select region_id as key, document::text as "document!" from region_register
            where ledger_id = $1 and region_id = any($2)"#,
        rows: r#"select region_id as key, to_jsonb(r.*) as "columns!" from region_register r
            where ledger_id = $1 and ($2::uuid is null or region_id > $2)
            order by region_id limit $3"#,
        save: "insert into region_register
            select * from json_populate_recordset(null::region_register, $1::text::json)
            on conflict (ledger_id, region_id) do update set document = excluded.document",
    }
    /// Of [`crate::CompactOverview`].
    CompactOverview "compact_overview" by "compact_id" {
        documents: r#"select compact_id as key, document::text as "document!" from compact_overview
            where ledger_id = $1 and compact_id = any($2)"#,
        rows: r#"select compact_id as key, to_jsonb(r.*) as "columns!" from compact_overview r
            where ledger_id = $1 and ($2::uuid is null or compact_id > $2)
            order by compact_id limit $3"#,
        save: "insert into compact_overview
            select * from json_populate_recordset(null::compact_overview, $1::text::json)
            on conflict (ledger_id, compact_id) do update set region_id = excluded.region_id,
                slug = excluded.slug, name = excluded.name, document = excluded.document",
    }
    /// Of [`crate::CommitmentView`].
    Commitment "commitment_view" by "commitment_id" {
        documents: r#"select commitment_id as key, document::text as "document!" from commitment_view
            where ledger_id = $1 and commitment_id = any($2)"#,
        rows: r#"select commitment_id as key, to_jsonb(r.*) as "columns!" from commitment_view r
            where ledger_id = $1 and ($2::uuid is null or commitment_id > $2)
            order by commitment_id limit $3"#,
        save: "insert into commitment_view
            select * from json_populate_recordset(null::commitment_view, $1::text::json)
            on conflict (ledger_id, commitment_id) do update set session = excluded.session,
                ref_order = excluded.ref_order, status = excluded.status, themes = excluded.themes,
                groups = excluded.groups, document = excluded.document",
    }
    /// Of [`crate::ActionPlanView`].
    ActionPlan "action_plan_view" by "action_plan_id" {
        documents: r#"select action_plan_id as key, document::text as "document!" from action_plan_view
            where ledger_id = $1 and action_plan_id = any($2)"#,
        rows: r#"select action_plan_id as key, to_jsonb(r.*) as "columns!" from action_plan_view r
            where ledger_id = $1 and ($2::uuid is null or action_plan_id > $2)
            order by action_plan_id limit $3"#,
        save: "insert into action_plan_view
            select * from json_populate_recordset(null::action_plan_view, $1::text::json)
            on conflict (ledger_id, action_plan_id) do update set group_id = excluded.group_id,
                title = excluded.title, document = excluded.document",
    }
    /// Of [`crate::ActionPlanView`] too: one row per action.
    ActionList "action_list" by "action_id" {
        documents: r#"select action_id as key, document::text as "document!" from action_list
            where ledger_id = $1 and action_id = any($2)"#,
        rows: r#"select action_id as key, to_jsonb(r.*) as "columns!" from action_list r
            where ledger_id = $1 and ($2::uuid is null or action_id > $2)
            order by action_id limit $3"#,
        save: "insert into action_list
            select * from json_populate_recordset(null::action_list, $1::text::json)
            on conflict (ledger_id, action_id) do update set
                action_plan_id = excluded.action_plan_id, objective_id = excluded.objective_id,
                group_id = excluded.group_id, commitment_id = excluded.commitment_id,
                ref_order = excluded.ref_order, owner = excluded.owner, state = excluded.state,
                due_on = excluded.due_on, overdue_during = excluded.overdue_during,
                document = excluded.document",
    }
    /// Of [`crate::Mentions`], which has no document: its columns say it all.
    Mentions "mentions" by "stream_id" {
        documents: r#"select stream_id as key, jsonb_build_object('ledger', ledger_id,
                'stream', stream_kind || '/' || stream_id, 'subjects', subjects)::text as "document!" from mentions
            where ledger_id = $1 and stream_id = any($2)"#,
        rows: r#"select stream_id as key, to_jsonb(r.*) as "columns!" from mentions r
            where ledger_id = $1 and ($2::uuid is null or stream_id > $2)
            order by stream_id limit $3"#,
        save: "insert into mentions select * from json_populate_recordset(null::mentions, $1::text::json)
            on conflict (ledger_id, stream_id) do update set stream_kind = excluded.stream_kind,
                subjects = excluded.subjects",
    }
}

impl fmt::Display for Table {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

/// Why rows could not be loaded or saved.
#[derive(Debug, thiserror::Error)]
pub enum TableError {
    /// The database refused or could not be reached.
    #[error("the views' tables could not be used")]
    Database(#[from] sqlx::Error),
    /// A document cannot be read or written.
    #[error("a view's document cannot be read or written")]
    Document(#[from] serde_json::Error),
}

/// Those of `keys` that are there, by key.
pub(crate) async fn load<V: View>(
    connection: &mut PgConnection,
    ledger: LedgerId,
    keys: &[Uuid],
) -> Result<BTreeMap<Uuid, V>, TableError> {
    let documents = V::TABLE.documents(connection, ledger, keys).await?;
    let views = documents.iter().map(|(key, document)| {
        let view = serde_json::from_str(document)?;
        Ok((*key, view))
    });
    views.collect()
}

/// Writes the rows of `views`, a bounded number of them at a time. Gives how many rows were written.
pub(crate) async fn save<'a, V: View>(
    connection: &mut PgConnection,
    views: impl IntoIterator<Item = &'a V>,
) -> Result<u64, TableError> {
    let mut waiting: BTreeMap<Table, Waiting> = BTreeMap::new();
    let mut written = 0;
    for view in views {
        for row in view.rows()? {
            let rows = waiting.entry(row.table).or_default();
            rows.push(&row.columns);
            if rows.count == AT_ONCE || rows.text.len() >= BYTES_AT_ONCE {
                written += row.table.save(connection, &rows.take()).await?;
            }
        }
    }
    for (table, mut rows) in waiting {
        if rows.count > 0 {
            written += table.save(connection, &rows.take()).await?;
        }
    }
    Ok(written)
}

/// Rows on their way to one table: a JSON array, not closed yet.
#[derive(Default)]
struct Waiting {
    text: String,
    count: usize,
}

impl Waiting {
    fn push(&mut self, columns: &str) {
        self.text.push(if self.count == 0 { '[' } else { ',' });
        self.text.push_str(columns);
        self.count += 1;
    }

    /// The array, closed; none wait after it.
    fn take(&mut self) -> String {
        self.count = 0;
        let mut text = std::mem::take(&mut self.text);
        text.push(']');
        text
    }
}
