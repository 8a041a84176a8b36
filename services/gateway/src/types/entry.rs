//! Entries: the ledger itself, as stored.

use async_graphql::{Context, ID, Json, Object};
use chrono::{DateTime, Utc};
use ledger::RawEntry;
use uuid::Uuid;

use super::history::{HistoryLine, whole_of};
use super::meeting::Meeting;
use super::scalars::{Date, Position};
use crate::error::ApiError;
use crate::node::NodeId;
use crate::paging::{Listed, PageArguments, connections};
use crate::reads::{Reads, reads};

connections! {
    /// Entries of a ledger, by position.
    EntryConnection, EntryEdge of Entry;
}

/// One entry of a ledger.
#[derive(Clone)]
pub struct Entry {
    raw: RawEntry,
    decoded: ledger::Entry,
    envelope: Json<serde_json::Value>,
}

impl Entry {
    /// An entry as read.
    ///
    /// # Errors
    /// When its leaf cannot be decoded.
    pub fn read(raw: RawEntry) -> Result<Self, ApiError> {
        let decoded = raw.decode().map_err(ApiError::internal)?;
        let envelope = raw.leaf.get(1..).unwrap_or_default();
        let envelope = serde_json::from_slice(envelope).map_err(ApiError::internal)?;
        Ok(Self {
            raw,
            decoded,
            envelope: Json(envelope),
        })
    }

    fn recorded(&self) -> &ledger::Recorded {
        &self.decoded.recorded
    }

    fn node(&self) -> NodeId {
        whole_of(self.recorded().ledger, self.recorded().stream)
    }
}

/// One entry of a ledger, exactly as it was recorded.
#[Object]
impl Entry {
    /// Its place in the ledger.
    async fn position(&self) -> Position {
        Position(self.raw.position)
    }

    /// The hash of its leaf: SHA-256 over a zero byte and the stored bytes (RFC 6962), in hexadecimal.
    async fn leaf_hash(&self) -> String {
        self.raw.hash().to_string()
    }

    /// What it says in plain words.
    async fn line(&self, ctx: &Context<'_>) -> async_graphql::Result<HistoryLine> {
        Ok(reads(ctx).said(&self.decoded).await?.into())
    }

    /// The leaf as it is stored, without its first byte, which names the encoding: canonical JSON (RFC 8785). SHA-256 over a zero
    /// byte, a byte of value 1 and this text is `leafHash`.
    async fn stored(&self) -> String {
        String::from_utf8_lossy(self.raw.leaf.get(1..).unwrap_or_default()).into_owned()
    }

    /// What happened, such as `commitment.target_changed`.
    #[graphql(name = "type")]
    async fn kind(&self) -> &str {
        self.decoded.event.kind()
    }

    /// What the entry is about: the id of the region, compact, commitment or action plan.
    async fn subject(&self) -> ID {
        self.node().encode()
    }

    /// Its place in the history of its subject, from 1.
    async fn version(&self) -> u64 {
        self.raw.stream_version
    }

    /// The date it was true.
    async fn occurred_on(&self) -> Date {
        Date(self.recorded().occurred_on)
    }

    /// The moment it was recorded.
    async fn recorded_at(&self) -> DateTime<Utc> {
        self.recorded().recorded_at
    }

    /// Who recorded it: an opaque reference, never a name.
    async fn actor(&self) -> &str {
        &self.recorded().actor
    }

    /// In which role.
    async fn role(&self) -> &str {
        &self.recorded().role
    }

    /// The command it came from.
    async fn command_id(&self) -> Uuid {
        self.recorded().command.uuid()
    }

    /// The command that led to that command, if one did.
    async fn causation_id(&self) -> Option<Uuid> {
        self.recorded().causation.map(domain::ids::CommandId::uuid)
    }

    /// The meeting it came from, if it came from one.
    async fn meeting(&self) -> Option<Meeting> {
        let recorded = self.recorded();
        Some(Meeting::new(recorded.ledger, recorded.meeting?))
    }

    /// The whole envelope as stored: the leaf without its first byte, which names the encoding. Its
    /// canonical form (RFC 8785) with that byte before it is what `leafHash` hashes.
    async fn envelope(&self) -> &Json<serde_json::Value> {
        &self.envelope
    }
}

/// A page of a ledger's entries.
pub(crate) async fn entries(
    reads: &Reads,
    ledger: domain::ids::LedgerId,
    page: PageArguments,
) -> Result<EntryConnection, ApiError> {
    let request = page.request(reads.limits())?;
    let page = reads.entries(ledger, &request).await?;
    let page = page.map(Entry::read).transpose()?;
    Ok(Listed::from(page).into())
}

/// One entry of a ledger.
pub(crate) async fn entry(
    reads: &Reads,
    ledger: domain::ids::LedgerId,
    position: Position,
) -> Result<Option<Entry>, ApiError> {
    let raw = reads.entry(ledger, position.0).await?;
    let raw = raw.filter(|raw| raw.position == position.0);
    raw.map(Entry::read).transpose()
}
