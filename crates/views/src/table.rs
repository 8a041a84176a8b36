//! The tables the views are kept in: what is read and written of each, in one place.
//!
//! A row travels as JSON whose members are its columns, and beside it its document, which is JSON too
//! but is kept as the text the fold wrote: nobody in the database looks into it, and parsing it there
//! would cost more than all the rest. The same form is written, compared with what a fold gives, and
//! reported when it differs. Names are never qualified: a rebuild points the search path at its own
//! copies and uses the very same statements.

use std::collections::BTreeMap;
use std::fmt;

use domain::ids::LedgerId;
use serde::Serialize;
use serde_json::Value;
use sqlx::PgConnection;
use tokio::sync::mpsc;
use uuid::Uuid;

use crate::view::View;

/// How many rows one statement writes.
const AT_ONCE: usize = 500;

/// About how many bytes one statement writes at most: few enough to stay in the memory PostgreSQL allows a
/// statement by default, and in the processor's caches.
const BYTES_AT_ONCE: usize = 1 << 19;

/// How many statements' rows may wait while others are written.
const AHEAD: usize = 4;

/// A row of a view's table.
#[derive(Clone, Debug, PartialEq)]
pub struct Row {
    /// The table.
    pub table: Table,
    /// What identifies it within its ledger.
    pub key: Uuid,
    /// Every column but the document by its name, as JSON.
    pub columns: String,
    /// The document, as JSON; none in a table that has no documents.
    pub document: Option<String>,
}

impl Row {
    /// A row from a struct whose members are the columns, and what its document is made of.
    ///
    /// # Errors
    /// When either cannot be written as JSON.
    pub(crate) fn new(
        table: Table,
        key: Uuid,
        columns: &impl Serialize,
        document: &impl Serialize,
    ) -> Result<Self, serde_json::Error> {
        Ok(Self {
            document: Some(serde_json::to_string(document)?),
            ..Self::without_document(table, key, columns)?
        })
    }

    /// A row of a table whose columns say it all.
    ///
    /// # Errors
    /// When a column cannot be written as JSON.
    pub(crate) fn without_document(
        table: Table,
        key: Uuid,
        columns: &impl Serialize,
    ) -> Result<Self, serde_json::Error> {
        Ok(Self {
            table,
            key,
            columns: serde_json::to_string(columns)?,
            document: None,
        })
    }

    fn bytes(&self) -> usize {
        self.columns.len() + self.document.as_ref().map_or(0, String::len)
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

            /// Writes rows, the columns and the document of each, in the place of those with their keys.
            async fn save(
                self,
                connection: &mut PgConnection,
                columns: &[String],
                documents: &[Option<String>],
            ) -> Result<u64, sqlx::Error> {
                match self {
                    $(Self::$table => {
                        let documents = documents as &[Option<String>];
                        let done = sqlx::query!($save, columns, documents as _)
                            .execute(connection)
                            .await?;
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
        documents: r#"select region_id as key, document from region_register
            where ledger_id = $1 and region_id = any($2)"#,
        rows: r#"select region_id as key, to_jsonb(r.*) as "columns!" from region_register r
            where ledger_id = $1 and ($2::uuid is null or region_id > $2)
            order by region_id limit $3"#,
        save: "insert into region_register (ledger_id, region_id, document)
            select r.ledger_id, r.region_id, new.document
            from unnest($1::text[], $2::text[]) as new (columns, document),
                json_populate_record(null::region_register, new.columns::json) as r
            on conflict (ledger_id, region_id) do update set document = excluded.document",
    }
    /// Of [`crate::CompactOverview`].
    CompactOverview "compact_overview" by "compact_id" {
        documents: r#"select compact_id as key, document from compact_overview
            where ledger_id = $1 and compact_id = any($2)"#,
        rows: r#"select compact_id as key, to_jsonb(r.*) as "columns!" from compact_overview r
            where ledger_id = $1 and ($2::uuid is null or compact_id > $2)
            order by compact_id limit $3"#,
        save: "insert into compact_overview (ledger_id, compact_id, region_id, slug, name, document)
            select r.ledger_id, r.compact_id, r.region_id, r.slug, r.name, new.document
            from unnest($1::text[], $2::text[]) as new (columns, document),
                json_populate_record(null::compact_overview, new.columns::json) as r
            on conflict (ledger_id, compact_id) do update set region_id = excluded.region_id,
                slug = excluded.slug, name = excluded.name, document = excluded.document",
    }
    /// Of [`crate::CommitmentView`].
    Commitment "commitment_view" by "commitment_id" {
        documents: r#"select commitment_id as key, document from commitment_view
            where ledger_id = $1 and commitment_id = any($2)"#,
        rows: r#"select commitment_id as key, to_jsonb(r.*) as "columns!" from commitment_view r
            where ledger_id = $1 and ($2::uuid is null or commitment_id > $2)
            order by commitment_id limit $3"#,
        save: "insert into commitment_view (ledger_id, commitment_id, session, ref_order, status, themes, groups, visibility,
                last_outside, brief, document)
            select r.ledger_id, r.commitment_id, r.session, r.ref_order, r.status, r.themes, r.groups, r.visibility,
                r.last_outside, r.brief, new.document
            from unnest($1::text[], $2::text[]) as new (columns, document),
                json_populate_record(null::commitment_view, new.columns::json) as r
            on conflict (ledger_id, commitment_id) do update set session = excluded.session,
                ref_order = excluded.ref_order, status = excluded.status, themes = excluded.themes,
                groups = excluded.groups, visibility = excluded.visibility,
                last_outside = excluded.last_outside, brief = excluded.brief, document = excluded.document",
    }
    /// Of [`crate::ActionPlanView`].
    ActionPlan "action_plan_view" by "action_plan_id" {
        documents: r#"select action_plan_id as key, document from action_plan_view
            where ledger_id = $1 and action_plan_id = any($2)"#,
        rows: r#"select action_plan_id as key, to_jsonb(r.*) as "columns!" from action_plan_view r
            where ledger_id = $1 and ($2::uuid is null or action_plan_id > $2)
            order by action_plan_id limit $3"#,
        save: "insert into action_plan_view (ledger_id, action_plan_id, group_id, title, visibility, document)
            select r.ledger_id, r.action_plan_id, r.group_id, r.title, r.visibility, new.document
            from unnest($1::text[], $2::text[]) as new (columns, document),
                json_populate_record(null::action_plan_view, new.columns::json) as r
            on conflict (ledger_id, action_plan_id) do update set group_id = excluded.group_id,
                title = excluded.title, visibility = excluded.visibility, document = excluded.document",
    }
    /// Of [`crate::ActionPlanView`] too: one row per action.
    ActionList "action_list" by "action_id" {
        documents: r#"select action_id as key, document from action_list
            where ledger_id = $1 and action_id = any($2)"#,
        rows: r#"select action_id as key, to_jsonb(r.*) as "columns!" from action_list r
            where ledger_id = $1 and ($2::uuid is null or action_id > $2)
            order by action_id limit $3"#,
        save: "insert into action_list (ledger_id, action_id, action_plan_id, objective_id, group_id, commitment_id, ref_order,
                owner, owner_subject, state, due_on, overdue_during, visibility, document)
            select r.ledger_id, r.action_id, r.action_plan_id, r.objective_id, r.group_id, r.commitment_id,
                r.ref_order, r.owner, r.owner_subject, r.state, r.due_on, r.overdue_during, r.visibility, new.document
            from unnest($1::text[], $2::text[]) as new (columns, document),
                json_populate_record(null::action_list, new.columns::json) as r
            on conflict (ledger_id, action_id) do update set
                action_plan_id = excluded.action_plan_id, objective_id = excluded.objective_id,
                group_id = excluded.group_id, commitment_id = excluded.commitment_id,
                ref_order = excluded.ref_order, owner = excluded.owner, owner_subject = excluded.owner_subject, state = excluded.state,
                due_on = excluded.due_on, overdue_during = excluded.overdue_during,
                visibility = excluded.visibility, document = excluded.document",
    }
    /// Of [`crate::Mentions`], which has no document: its columns say it all.
    Mentions "mentions" by "stream_id" {
        documents: r#"select stream_id as key, jsonb_build_object('ledger', ledger_id,
                'stream', stream_kind || '/' || stream_id, 'subjects', subjects)::text as "document!" from mentions
            where ledger_id = $1 and stream_id = any($2)"#,
        rows: r#"select stream_id as key, to_jsonb(r.*) as "columns!" from mentions r
            where ledger_id = $1 and ($2::uuid is null or stream_id > $2)
            order by stream_id limit $3"#,
        save: "insert into mentions (ledger_id, stream_id, stream_kind, subjects)
            select r.ledger_id, r.stream_id, r.stream_kind, r.subjects
            from unnest($1::text[], $2::text[]) as new (columns, no_document),
                json_populate_record(null::mentions, new.columns::json) as r
            on conflict (ledger_id, stream_id) do update set stream_kind = excluded.stream_kind,
                subjects = excluded.subjects",
    }
    /// Of [`crate::RoleGrantView`].
    RoleGrants "role_grants" by "grant_id" {
        documents: r#"select grant_id as key, document from role_grants
            where ledger_id = $1 and grant_id = any($2)"#,
        rows: r#"select grant_id as key, to_jsonb(r.*) as "columns!" from role_grants r
            where ledger_id = $1 and ($2::uuid is null or grant_id > $2)
            order by grant_id limit $3"#,
        save: "insert into role_grants (ledger_id, grant_id, account_id, compact_id, from_day, until_day, document)
            select r.ledger_id, r.grant_id, r.account_id, r.compact_id, r.from_day, r.until_day, new.document
            from unnest($1::text[], $2::text[]) as new (columns, document),
                json_populate_record(null::role_grants, new.columns::json) as r
            on conflict (ledger_id, grant_id) do update set account_id = excluded.account_id,
                compact_id = excluded.compact_id, from_day = excluded.from_day,
                until_day = excluded.until_day, document = excluded.document",
    }
    /// Of [`crate::PersonView`].
    People "person_view" by "person_id" {
        documents: r#"select person_id as key, document from person_view
            where ledger_id = $1 and person_id = any($2)"#,
        rows: r#"select person_id as key, to_jsonb(r.*) as "columns!" from person_view r
            where ledger_id = $1 and ($2::uuid is null or person_id > $2)
            order by person_id limit $3"#,
        save: "insert into person_view (ledger_id, person_id, organisation_id, entered_position, erased, document)
            select r.ledger_id, r.person_id, r.organisation_id, r.entered_position, r.erased, new.document
            from unnest($1::text[], $2::text[]) as new (columns, document),
                json_populate_record(null::person_view, new.columns::json) as r
            on conflict (ledger_id, person_id) do update set organisation_id = excluded.organisation_id,
                entered_position = excluded.entered_position, erased = excluded.erased,
                document = excluded.document",
    }
    /// Of [`crate::FileReferences`].
    FileReferences "file_reference" by "stream_id" {
        documents: r#"select stream_id as key, document from file_reference
            where ledger_id = $1 and stream_id = any($2)"#,
        rows: r#"select stream_id as key, to_jsonb(r.*) as "columns!" from file_reference r
            where ledger_id = $1 and ($2::uuid is null or stream_id > $2)
            order by stream_id limit $3"#,
        save: "insert into file_reference (ledger_id, stream_id, stream_kind, hashes, document)
            select r.ledger_id, r.stream_id, r.stream_kind, r.hashes, new.document
            from unnest($1::text[], $2::text[]) as new (columns, document),
                json_populate_record(null::file_reference, new.columns::json) as r
            on conflict (ledger_id, stream_id) do update set stream_kind = excluded.stream_kind,
                hashes = excluded.hashes, document = excluded.document",
    }
    /// Of [`crate::MeetingView`].
    Meetings "meeting_view" by "meeting_id" {
        documents: r#"select meeting_id as key, document from meeting_view
            where ledger_id = $1 and meeting_id = any($2)"#,
        rows: r#"select meeting_id as key, to_jsonb(r.*) as "columns!" from meeting_view r
            where ledger_id = $1 and ($2::uuid is null or meeting_id > $2)
            order by meeting_id limit $3"#,
        save: "insert into meeting_view (ledger_id, meeting_id, group_id, day, held, begun_position, visibility, document)
            select r.ledger_id, r.meeting_id, r.group_id, r.day, r.held, r.begun_position, r.visibility, new.document
            from unnest($1::text[], $2::text[]) as new (columns, document),
                json_populate_record(null::meeting_view, new.columns::json) as r
            on conflict (ledger_id, meeting_id) do update set group_id = excluded.group_id,
                day = excluded.day, held = excluded.held, begun_position = excluded.begun_position,
                visibility = excluded.visibility, document = excluded.document",
    }
    /// Of [`crate::GoodPracticeView`].
    GoodPractice "good_practice_view" by "practice_id" {
        documents: r#"select practice_id as key, document from good_practice_view
            where ledger_id = $1 and practice_id = any($2)"#,
        rows: r#"select practice_id as key, to_jsonb(r.*) as "columns!" from good_practice_view r
            where ledger_id = $1 and ($2::uuid is null or practice_id > $2)
            order by practice_id limit $3"#,
        save: "insert into good_practice_view (ledger_id, practice_id, title, theme, organisation_id, organisation, withdrawn, last_position, visibility, document)
            select r.ledger_id, r.practice_id, r.title, r.theme, r.organisation_id, r.organisation, r.withdrawn, r.last_position, r.visibility, new.document
            from unnest($1::text[], $2::text[]) as new (columns, document),
                json_populate_record(null::good_practice_view, new.columns::json) as r
            on conflict (ledger_id, practice_id) do update set title = excluded.title, theme = excluded.theme, organisation_id = excluded.organisation_id, organisation = excluded.organisation, withdrawn = excluded.withdrawn, last_position = excluded.last_position, visibility = excluded.visibility,
                document = excluded.document",
    }
    /// Of [`crate::AdoptionView`].
    Adoptions "adoption_view" by "adoption_id" {
        documents: r#"select adoption_id as key, document from adoption_view
            where ledger_id = $1 and adoption_id = any($2)"#,
        rows: r#"select adoption_id as key, to_jsonb(r.*) as "columns!" from adoption_view r
            where ledger_id = $1 and ($2::uuid is null or adoption_id > $2)
            order by adoption_id limit $3"#,
        save: "insert into adoption_view (ledger_id, adoption_id, source_ledger_id, practice_id, adopted_on, withdrawn, visibility, document)
            select r.ledger_id, r.adoption_id, r.source_ledger_id, r.practice_id, r.adopted_on, r.withdrawn, r.visibility, new.document
            from unnest($1::text[], $2::text[]) as new (columns, document),
                json_populate_record(null::adoption_view, new.columns::json) as r
            on conflict (ledger_id, adoption_id) do update set source_ledger_id = excluded.source_ledger_id, practice_id = excluded.practice_id, adopted_on = excluded.adopted_on, withdrawn = excluded.withdrawn, visibility = excluded.visibility,
                document = excluded.document",
    }
    /// Of [`crate::AssessmentView`].
    Assessments "assessment_view" by "assessment_id" {
        documents: r#"select assessment_id as key, document from assessment_view
            where ledger_id = $1 and assessment_id = any($2)"#,
        rows: r#"select assessment_id as key, to_jsonb(r.*) as "columns!" from assessment_view r
            where ledger_id = $1 and ($2::uuid is null or assessment_id > $2)
            order by assessment_id limit $3"#,
        save: "insert into assessment_view (ledger_id, assessment_id, compact_id, commitment_id, made_position, document)
            select r.ledger_id, r.assessment_id, r.compact_id, r.commitment_id, r.made_position, new.document
            from unnest($1::text[], $2::text[]) as new (columns, document),
                json_populate_record(null::assessment_view, new.columns::json) as r
            on conflict (ledger_id, assessment_id) do update set compact_id = excluded.compact_id,
                commitment_id = excluded.commitment_id, made_position = excluded.made_position,
                document = excluded.document",
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

/// Whether what was to be written is at fault and not the moment: a data exception or a broken constraint.
/// Trying again will not help then.
pub(crate) fn is_of_the_data(error: &sqlx::Error) -> bool {
    let state = error
        .as_database_error()
        .and_then(sqlx::error::DatabaseError::code);
    matches!(
        state.as_deref().and_then(|state| state.get(..2)),
        Some("22" | "23")
    )
}

/// Those of `keys` that are there, by key.
pub(crate) async fn load<V: View>(
    connection: &mut PgConnection,
    ledger: LedgerId,
    keys: &[Uuid],
) -> Result<BTreeMap<Uuid, V>, TableError> {
    let views = load_measured(connection, ledger, keys).await?.into_iter();
    Ok(views.map(|(key, (view, _))| (key, view)).collect())
}

/// Those of `keys` that are there, by key, each with how many bytes its document has.
pub(crate) async fn load_measured<V: View>(
    connection: &mut PgConnection,
    ledger: LedgerId,
    keys: &[Uuid],
) -> Result<BTreeMap<Uuid, (V, usize)>, TableError> {
    let documents = V::TABLE.documents(connection, ledger, keys).await?;
    let views = documents.iter().map(|(key, document)| {
        let view = serde_json::from_str(document)?;
        Ok((*key, (view, document.len())))
    });
    views.collect()
}

/// Writes the rows of `views`, a bounded number of them at a time. Gives how many rows were written.
pub(crate) async fn save<'a, V: View>(
    connection: &mut PgConnection,
    views: impl IntoIterator<Item = &'a V>,
) -> Result<u64, TableError> {
    let mut waiting = Waiting::default();
    let mut written = 0;
    for view in views {
        for row in view.rows()? {
            if let Some(batch) = waiting.push(row) {
                written += batch.save(connection).await?;
            }
        }
    }
    for batch in waiting.rest() {
        written += batch.save(connection).await?;
    }
    Ok(written)
}

/// Writes what `each_row` goes through, as [`save`] does, but makes the next rows in a thread of their own
/// while the last are being written.
pub(crate) async fn save_many(
    connection: &mut PgConnection,
    each_row: impl FnOnce(&mut dyn FnMut(Row)) -> Result<(), serde_json::Error> + Send + 'static,
) -> Result<u64, TableError> {
    let (sender, mut batches) = mpsc::channel::<Batch>(AHEAD);
    let making = tokio::task::spawn_blocking(move || {
        let mut waiting = Waiting::default();
        // Nobody listens any more only when writing failed, and then that is what is reported.
        each_row(&mut |row| {
            if let Some(batch) = waiting.push(row) {
                let _ = sender.blocking_send(batch);
            }
        })?;
        for batch in waiting.rest() {
            let _ = sender.blocking_send(batch);
        }
        Ok::<_, serde_json::Error>(())
    });
    let mut written = 0;
    while let Some(batch) = batches.recv().await {
        written += batch.save(connection).await?;
    }
    match making.await {
        Ok(made) => made?,
        Err(panicked) => std::panic::resume_unwind(panicked.into_panic()),
    }
    Ok(written)
}

/// Rows on their way to one table.
struct Batch {
    table: Table,
    columns: Vec<String>,
    documents: Vec<Option<String>>,
    bytes: usize,
}

impl Batch {
    async fn save(&self, connection: &mut PgConnection) -> Result<u64, sqlx::Error> {
        self.table
            .save(connection, &self.columns, &self.documents)
            .await
    }
}

/// Rows that wait until there are enough of their table for a statement.
#[derive(Default)]
struct Waiting {
    batches: BTreeMap<Table, Batch>,
}

impl Waiting {
    /// One more row; and the batch it fills, if it fills one.
    fn push(&mut self, row: Row) -> Option<Batch> {
        let batch = self.batches.entry(row.table).or_insert_with(|| Batch {
            table: row.table,
            columns: Vec::new(),
            documents: Vec::new(),
            bytes: 0,
        });
        batch.bytes += row.bytes();
        batch.columns.push(row.columns);
        batch.documents.push(row.document);
        if batch.columns.len() < AT_ONCE && batch.bytes < BYTES_AT_ONCE {
            return None;
        }
        self.batches.remove(&row.table)
    }

    fn rest(self) -> impl Iterator<Item = Batch> {
        self.batches.into_values()
    }
}
