//! What a writer remembers between batches, so that it can write without reading first.
//!
//! Nothing here is trusted: the head it remembers is claimed in the statement that writes, and the
//! statement writes nothing if anyone moved it. Versions are remembered together with the head they
//! were true under, so losing the head loses them all at once.

use chrono::{DateTime, Utc};
use domain::ids::LedgerId;
use domain::stream::StreamId;
use uuid::Uuid;

use crate::append::{AppendError, Receipt};
use crate::commands::{CommandKey, Known};
use crate::entry::Position;
use crate::recent::Recent;

use super::request::Request;

/// How many ledgers' heads a writer remembers at least.
const LEDGERS: usize = 1_000;
/// How many streams' versions.
const STREAMS: usize = 50_000;
/// How many commands' answers.
const COMMANDS: usize = 10_000;

/// A head, and since when this writer has followed it.
#[derive(Clone, Copy, Debug)]
pub(crate) struct KnownHead {
    pub position: Position,
    pub recorded_at: DateTime<Utc>,
    era: u64,
}

/// A writer's memory. Bounded.
pub(crate) struct Memory {
    heads: Recent<LedgerId, KnownHead>,
    /// By the stream's id alone: an id names one stream in a ledger, whatever its kind.
    versions: Recent<(LedgerId, Uuid), (u64, u64)>,
    commands: Recent<CommandKey, Known>,
    eras: u64,
}

impl Memory {
    pub(crate) fn new() -> Self {
        Self {
            heads: Recent::new(LEDGERS),
            versions: Recent::new(STREAMS),
            commands: Recent::new(COMMANDS),
            eras: 0,
        }
    }

    pub(crate) fn head(&mut self, ledger: LedgerId) -> Option<KnownHead> {
        self.heads.get(&ledger).copied()
    }

    /// Takes a head read from the store. Versions known under an earlier one are forgotten.
    pub(crate) fn learn_head(
        &mut self,
        ledger: LedgerId,
        position: Position,
        recorded_at: DateTime<Utc>,
    ) {
        self.eras += 1;
        let era = self.eras;
        self.heads.insert(
            ledger,
            KnownHead {
                position,
                recorded_at,
                era,
            },
        );
    }

    /// Moves a head this writer has just moved in the store. Versions stay known.
    pub(crate) fn move_head(
        &mut self,
        ledger: LedgerId,
        position: Position,
        recorded_at: DateTime<Utc>,
    ) {
        if let Some(head) = self.heads.get(&ledger).copied() {
            let moved = KnownHead {
                position,
                recorded_at,
                ..head
            };
            self.heads.insert(ledger, moved);
        }
    }

    /// Forgets a ledger's head and with it every version in it.
    pub(crate) fn forget(&mut self, ledger: LedgerId) {
        self.heads.remove(&ledger);
    }

    pub(crate) fn version(&mut self, ledger: LedgerId, stream: StreamId) -> Option<u64> {
        let head = self.head(ledger)?;
        let (era, version) = *self.versions.get(&(ledger, stream.id))?;
        (era == head.era).then_some(version)
    }

    pub(crate) fn learn_version(&mut self, ledger: LedgerId, stream: Uuid, version: u64) {
        if let Some(head) = self.head(ledger) {
            self.versions.insert((ledger, stream), (head.era, version));
        }
    }

    pub(crate) fn learn_command(&mut self, key: CommandKey, known: Known) {
        self.commands.insert(key, known);
    }

    /// The answer to a request whose command is known to be recorded.
    pub(crate) fn answer(&mut self, request: &Request) -> Option<Result<Receipt, AppendError>> {
        let known = self.commands.get(&request.key())?;
        if known.digest != request.drafts.digest {
            return Some(Err(AppendError::CommandReused));
        }
        Some(Ok(Receipt {
            repeated: !request.landed_as(&known.receipt),
            ..known.receipt.clone()
        }))
    }
}
