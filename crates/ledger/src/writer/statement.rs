//! The statements a writer sends. One batch is one call of the database's function `ledger_write_batch`: it
//! claims every head, moves them and inserts every row, or does nothing.

use std::borrow::Cow;

use chrono::{DateTime, NaiveDate, Utc};
use domain::ids::LedgerId;
use domain::stream::StreamId;
use sqlx::PgConnection;
use uuid::Uuid;

use crate::entry::Position;
use crate::scope::Scope;

use super::plan::Plan;
use super::request::{Draft, Drafts};

/// A batch's rows, column by column, as the statement takes them.
#[derive(Debug, Default)]
pub(crate) struct Rows {
    ledgers: Vec<Uuid>,
    positions: Vec<i64>,
    stream_versions: Vec<i64>,
    streams: Vec<Uuid>,
    commands: Vec<Uuid>,
    recorded_ats: Vec<DateTime<Utc>>,
    meetings: Vec<Option<Uuid>>,
    occurred_ons: Vec<NaiveDate>,
    schema_versions: Vec<i32>,
    command_entries: Vec<i16>,
    command_sizes: Vec<Option<i16>>,
    stream_kinds: Vec<&'static str>,
    event_types: Vec<Cow<'static, str>>,
    digests: Vec<Option<[u8; 32]>>,
    leaves: Vec<Vec<u8>>,
}

impl Rows {
    /// No rows yet, with room for `count`.
    pub(crate) fn with_capacity(count: usize) -> Self {
        Self {
            ledgers: Vec::with_capacity(count),
            positions: Vec::with_capacity(count),
            stream_versions: Vec::with_capacity(count),
            streams: Vec::with_capacity(count),
            commands: Vec::with_capacity(count),
            recorded_ats: Vec::with_capacity(count),
            meetings: Vec::with_capacity(count),
            occurred_ons: Vec::with_capacity(count),
            schema_versions: Vec::with_capacity(count),
            command_entries: Vec::with_capacity(count),
            command_sizes: Vec::with_capacity(count),
            stream_kinds: Vec::with_capacity(count),
            event_types: Vec::with_capacity(count),
            digests: Vec::with_capacity(count),
            leaves: Vec::with_capacity(count),
        }
    }

    pub(crate) fn len(&self) -> usize {
        self.positions.len()
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.positions.is_empty()
    }

    /// The columns that say where an entry stands. `first` is its command if it is the first of it.
    pub(crate) fn push_place(
        &mut self,
        drafts: &Drafts,
        position: Position,
        recorded_at: DateTime<Utc>,
        first: Option<&Drafts>,
    ) {
        let entry = match first {
            Some(_) => 0,
            None => self.command_entries.last().map_or(0, |last| last + 1),
        };
        self.ledgers.push(drafts.ledger.uuid());
        self.positions.push(position.cast_signed());
        self.commands.push(drafts.command.uuid());
        self.recorded_ats.push(recorded_at);
        self.command_entries.push(entry);
        self.command_sizes
            .push(first.and_then(|first| i16::try_from(first.entries).ok()));
        self.digests
            .push(first.map(|first| *first.digest.as_bytes()));
    }

    /// The columns that say what an entry is.
    pub(crate) fn push_draft(
        &mut self,
        stream: StreamId,
        version: u64,
        draft: &Draft,
        leaf: Vec<u8>,
    ) {
        self.streams.push(stream.id);
        self.stream_versions.push(version.cast_signed());
        self.meetings.push(draft.meeting);
        self.occurred_ons.push(draft.occurred_on);
        self.schema_versions.push(draft.schema_version);
        self.stream_kinds.push(stream.kind.as_str());
        self.event_types.push(draft.kind.clone());
        self.leaves.push(leaf);
    }
}

/// Streams and the versions they must be at, column by column.
#[derive(Default)]
struct Premises {
    ledgers: Vec<Uuid>,
    streams: Vec<Uuid>,
    versions: Vec<i64>,
}

/// What became of a plan.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Written {
    /// It is written.
    All,
    /// Some head was not where it was thought to be, and nothing was done.
    HeadMoved,
    /// Some stream that a command was decided on has moved on, and nothing was done.
    Overtaken,
}

/// What the statement answers when a premise holds no more.
const OVERTAKEN: i64 = -1;

/// Writes a plan, or does nothing, and answers which.
///
/// Premises are looked at in the statement that writes, and so after every command of the batch was sent.
///
/// The rows are counted. Fewer than were sent is no state this statement can leave, so it is an error:
/// what was recorded then has to be looked up.
///
/// Heads are claimed in the order of their ids, so two writers never wait for one another in a ring.
/// A claim waits for whoever is moving the head, then looks at where it went.
pub(crate) async fn write(
    connection: &mut PgConnection,
    plan: &Plan,
) -> Result<Written, sqlx::Error> {
    let mut ledgers = Vec::with_capacity(plan.moves.len());
    let mut from = Vec::with_capacity(plan.moves.len());
    let mut to = Vec::with_capacity(plan.moves.len());
    let mut at = Vec::with_capacity(plan.moves.len());
    for (ledger, step) in &plan.moves {
        ledgers.push(ledger.uuid());
        from.push(step.from.cast_signed());
        to.push(step.to.cast_signed());
        at.push(step.recorded_at);
    }
    let mut premises = Premises::default();
    for (ledger, stream, version) in &plan.premises {
        premises.ledgers.push(ledger.uuid());
        premises.streams.push(*stream);
        premises.versions.push(version.cast_signed());
    }
    let rows = &plan.rows;
    let event_types: Vec<&str> = rows.event_types.iter().map(AsRef::as_ref).collect();
    let written = sqlx::query_scalar!(
        r#"select case when cardinality($20::uuid[]) = 0 or streams_stand_at($20, $21, $22)
               then ledger_write_batch($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14,
                   $15, $16, $17, $18, $19)
               else -1 end as "written!""#,
        &ledgers,
        &from,
        &to,
        &at,
        &rows.ledgers,
        &rows.positions,
        &rows.stream_versions,
        &rows.streams,
        &rows.commands,
        &rows.recorded_ats,
        &rows.meetings as &[Option<Uuid>],
        &rows.occurred_ons,
        &rows.schema_versions,
        &rows.command_entries,
        &rows.command_sizes as &[Option<i16>],
        &rows.stream_kinds as &[&str],
        &event_types as &[&str],
        &rows.digests as &[Option<[u8; 32]>],
        &rows.leaves,
        &premises.ledgers,
        &premises.streams,
        &premises.versions,
    )
    .fetch_one(connection)
    .await?;
    match written {
        0 => Ok(Written::HeadMoved),
        OVERTAKEN => Ok(Written::Overtaken),
        all if usize::try_from(all) == Ok(rows.len()) => Ok(Written::All),
        some => Err(sqlx::Error::Protocol(format!(
            "{some} rows were written instead of {}",
            rows.len()
        ))),
    }
}

/// A ledger's head as stored.
pub(crate) struct HeadRow {
    pub ledger_id: Uuid,
    pub position: i64,
    pub recorded_at: DateTime<Utc>,
}

/// Reads the heads of `ledgers`, making those that are not there yet.
pub(crate) async fn read_heads(
    connection: &mut PgConnection,
    ledgers: &[LedgerId],
) -> Result<Vec<HeadRow>, sqlx::Error> {
    let ids: Vec<Uuid> = ledgers.iter().map(|ledger| ledger.uuid()).collect();
    let scope: Scope = ledgers.iter().copied().collect();
    let mut work = scope.begin_on(connection).await?;
    let mut heads = select_heads(&mut work, &ids).await?;
    if heads.len() < ids.len() {
        make_heads(&mut work, &ids).await?;
        heads = select_heads(&mut work, &ids).await?;
    }
    work.commit().await?;
    Ok(heads)
}

async fn make_heads(connection: &mut PgConnection, ids: &[Uuid]) -> Result<(), sqlx::Error> {
    sqlx::query!(
        "insert into ledger_head (ledger_id, position, recorded_at)
         select ledger_id, 0, timestamptz 'epoch' from unnest($1::uuid[]) as new (ledger_id)
         order by ledger_id
         on conflict do nothing",
        ids,
    )
    .execute(connection)
    .await?;
    Ok(())
}

async fn select_heads(
    connection: &mut PgConnection,
    ids: &[Uuid],
) -> Result<Vec<HeadRow>, sqlx::Error> {
    sqlx::query_as!(
        HeadRow,
        "select ledger_id, position, recorded_at from ledger_head where ledger_id = any($1)",
        ids,
    )
    .fetch_all(connection)
    .await
}

/// A stream's version as stored, 0 if it has no entry.
pub(crate) struct VersionRow {
    pub ledger_id: Uuid,
    pub stream_id: Uuid,
    pub version: i64,
}

/// Reads how many entries each of `streams` has, on a connection that is in no transaction.
pub(crate) async fn read_versions(
    connection: &mut PgConnection,
    streams: &[(LedgerId, Uuid)],
) -> Result<Vec<VersionRow>, sqlx::Error> {
    let (ledgers, ids): (Vec<Uuid>, Vec<Uuid>) = streams
        .iter()
        .map(|(ledger, stream)| (ledger.uuid(), *stream))
        .unzip();
    sqlx::query_as!(
        VersionRow,
        r#"select of_ledger as "ledger_id!", of_stream as "stream_id!", stands_at as "version!"
           from stream_versions($1, $2)"#,
        &ledgers,
        &ids,
    )
    .fetch_all(connection)
    .await
}

#[cfg(test)]
mod tests {
    use std::collections::HashMap;

    use chrono::{DateTime, NaiveDate};
    use domain::ids::{CommandId, CommitmentId, LedgerId};
    use domain::stream::StreamId;
    use serde_json::json;
    use sqlx::PgPool;
    use tokio::time::Instant;
    use uuid::Uuid;

    use super::{Written, read_heads, write};
    use crate::append::{Append, NewEvent, RequestDigest, StreamAppend};
    use crate::reader::Reader;
    use crate::writer::memory::Memory;
    use crate::writer::plan::Plan;
    use crate::writer::request::{Drafts, Request};

    const fn ledger(number: u128) -> LedgerId {
        LedgerId::new(Uuid::from_u128(number))
    }

    fn request(number: u128, command: u128) -> Request {
        let events =
            vec![NewEvent::raw("test.noted", 1, NaiveDate::default(), None, &json!({})).unwrap()];
        let stream = StreamId::commitment(CommitmentId::new(Uuid::from_u128(command)));
        let drafts = Drafts::of(
            &Append {
                ledger: ledger(number),
                command: CommandId::new(Uuid::from_u128(command)),
                digest: RequestDigest::of(b"request"),
                actor: "principal-1".to_owned(),
                role: "secretariat".to_owned(),
                causation: None,
                streams: vec![StreamAppend {
                    stream,
                    expected_version: 0,
                    events,
                }],
            },
            &[],
        );
        Request::new(drafts.unwrap(), Instant::now()).0
    }

    /// A plan for one entry in each of three ledgers, each thought to be at its `positions`.
    fn plan(positions: [u64; 3], command: u128) -> Plan {
        let mut memory = Memory::new();
        let batch = [1, 2, 3].map(|number| request(number, command + number));
        for (request, position) in batch.iter().zip(positions) {
            memory.learn_head(request.drafts.ledger, position, DateTime::UNIX_EPOCH);
        }
        Plan::of(&batch, &mut memory, &HashMap::new(), DateTime::UNIX_EPOCH)
    }

    #[sqlx::test(migrator = "crate::MIGRATOR")]
    async fn a_batch_that_is_wrong_about_one_head_changes_nothing_in_any_ledger(pool: PgPool) {
        let ledgers = [1, 2, 3].map(ledger);
        let mut connection = pool.acquire().await.unwrap();
        read_heads(&mut connection, &ledgers).await.unwrap();
        let first = write(&mut connection, &plan([0, 0, 0], 10)).await;
        assert_eq!(first.unwrap(), Written::All);

        for wrong in [[1, 0, 1], [0, 1, 1], [1, 1, 2], [9, 9, 9]] {
            let written = write(&mut connection, &plan(wrong, 20)).await;
            assert_eq!(written.unwrap(), Written::HeadMoved, "{wrong:?}");
            let heads = read_heads(&mut connection, &ledgers).await.unwrap();
            assert!(
                heads.iter().all(|head| head.position == 1),
                "{wrong:?} moved a head"
            );
            for ledger in ledgers {
                let entries = Reader::new(pool.clone()).read(ledger, 0, 10).await.unwrap();
                assert_eq!(entries.len(), 1, "{wrong:?} wrote an entry");
            }
        }
        let right = write(&mut connection, &plan([1, 1, 1], 20)).await;
        assert_eq!(right.unwrap(), Written::All);
    }

    #[sqlx::test(migrator = "crate::MIGRATOR")]
    async fn a_batch_of_which_a_row_is_missing_does_not_count_as_written(pool: PgPool) {
        let mut connection = pool.acquire().await.unwrap();
        read_heads(&mut connection, &[1, 2, 3].map(ledger))
            .await
            .unwrap();
        // What no one should do to this table: it lets a row of the second ledger vanish.
        sqlx::raw_sql(
            "create function swallow() returns trigger language plpgsql as 'begin return null; end';
             create trigger swallow before insert on ledger_entry for each row
             when (new.ledger_id = '00000000-0000-0000-0000-000000000002') execute function swallow()",
        )
        .execute(&mut *connection)
        .await
        .unwrap();
        let written = write(&mut connection, &plan([0, 0, 0], 10)).await;
        let said = written.expect_err("not written whole").to_string();
        assert!(said.contains("2 rows were written instead of 3"), "{said}");
    }
}
