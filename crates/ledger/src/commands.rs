//! Commands once recorded: what each was answered, so that it can be answered again.

use std::collections::HashMap;

use domain::ids::{CommandId, LedgerId};
use domain::stream::{StreamId, StreamKind};
use sqlx::PgConnection;
use uuid::Uuid;

use crate::append::{Receipt, RequestDigest};
use crate::scope::Scope;

/// A command's name: its id in its ledger.
pub(crate) type CommandKey = (LedgerId, CommandId);

/// A recorded command.
#[derive(Clone, Debug)]
pub(crate) struct Known {
    pub receipt: Receipt,
    pub digest: RequestDigest,
}

/// Finds those of `commands` that are recorded.
///
/// Asks for each by its index, by way of `limit`: a plan made while the table was small serves a
/// connection for as long as it lives.
pub(crate) async fn look_up(
    connection: &mut PgConnection,
    commands: &[CommandKey],
) -> Result<HashMap<CommandKey, Known>, sqlx::Error> {
    let (ledgers, ids): (Vec<Uuid>, Vec<Uuid>) = commands
        .iter()
        .map(|(ledger, command)| (ledger.uuid(), command.uuid()))
        .unzip();
    let scope: Scope = commands.iter().map(|(ledger, _)| *ledger).collect();
    let mut work = scope.begin_on(connection).await?;
    let rows = sqlx::query_as!(
        CommandRow,
        r#"select entry.ledger_id, entry.command_id, entry.position, entry.recorded_at,
                  entry.stream_kind, entry.stream_id, entry.stream_version, entry.request_digest
           from unnest($1::uuid[], $2::uuid[]) as asked (ledger_id, command_id)
           cross join lateral (
               select position, command_size from ledger_entry
               where ledger_id = asked.ledger_id and command_id = asked.command_id
                   and command_entry = 0
               limit 1
           ) first
           cross join lateral (
               select * from ledger_entry
               where ledger_id = asked.ledger_id and position >= first.position
               order by position limit first.command_size
           ) entry
           order by entry.ledger_id, entry.position"#,
        &ledgers,
        &ids,
    )
    .fetch_all(&mut *work)
    .await?;
    work.commit().await?;
    let mut found = HashMap::new();
    for row in rows {
        row.add_to(&mut found)?;
    }
    Ok(found)
}

struct CommandRow {
    ledger_id: Uuid,
    command_id: Uuid,
    position: i64,
    recorded_at: chrono::DateTime<chrono::Utc>,
    stream_kind: String,
    stream_id: Uuid,
    stream_version: i64,
    request_digest: Option<Vec<u8>>,
}

impl CommandRow {
    /// Adds one entry to what is known of its command; the first carries the digest.
    fn add_to(self, found: &mut HashMap<CommandKey, Known>) -> Result<(), sqlx::Error> {
        let key = (
            LedgerId::new(self.ledger_id),
            CommandId::new(self.command_id),
        );
        let kind = StreamKind::parse(&self.stream_kind)
            .ok_or_else(|| damaged(format!("the stream kind `{}`", self.stream_kind)))?;
        let stream = StreamId {
            kind,
            id: self.stream_id,
        };
        let position = self.position.cast_unsigned();
        let version = self.stream_version.cast_unsigned();
        if let Some(digest) = self.request_digest {
            let digest = <[u8; 32]>::try_from(digest)
                .map_err(|_| damaged("a digest of the wrong length"))?;
            let receipt = Receipt {
                ledger: key.0,
                first_position: position,
                last_position: position,
                recorded_at: self.recorded_at,
                streams: Vec::new(),
                repeated: false,
            };
            found.insert(
                key,
                Known {
                    receipt,
                    digest: RequestDigest::from_bytes(digest),
                },
            );
        }
        let known = found
            .get_mut(&key)
            .ok_or_else(|| damaged(format!("command {} without its first entry", key.1)))?;
        known.receipt.last_position = position;
        match known
            .receipt
            .streams
            .iter_mut()
            .find(|(known, _)| *known == stream)
        {
            Some((_, after)) => *after = version,
            None => known.receipt.streams.push((stream, version)),
        }
        Ok(())
    }
}

fn damaged(what: impl Into<Box<dyn std::error::Error + Send + Sync>>) -> sqlx::Error {
    sqlx::Error::Decode(what.into())
}
