//! Planning a batch: which requests fit, where each entry goes, what each caller will hear.
//!
//! Pure: the batch, the memory and the time go in, a plan comes out. A verdict may rest on another
//! request of the batch (the second to extend a version loses to the first), so none is delivered
//! until the statement has committed; when it does not, everything is planned again.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use chrono::{DateTime, SubsecRound, Utc};
use domain::ids::LedgerId;
use domain::stream::StreamId;
use foldhash::fast::RandomState;
use uuid::Uuid;

use crate::append::{AppendError, Premise, Receipt, RequestDigest};
use crate::commands::CommandKey;
use crate::entry::Position;
use crate::leaf::stamp;

use super::memory::Memory;
use super::request::Request;
use super::statement::Rows;

/// What a request's caller will hear once the batch is written.
#[derive(Debug)]
pub(crate) enum Verdict {
    /// Written by this batch.
    Write(Receipt),
    /// The same command as an earlier request of this batch, and the same request.
    Follow(usize),
    /// Known without writing.
    Answer(Result<Receipt, AppendError>),
    /// Its version is taken.
    Conflict(Conflict),
}

/// A stream that is not at the version a request expects.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Conflict {
    pub stream: StreamId,
    pub expected: u64,
    pub actual: u64,
}

/// How far one ledger moves.
#[derive(Clone, Debug)]
pub(crate) struct Move {
    pub from: Position,
    pub to: Position,
    pub recorded_at: DateTime<Utc>,
    stamp: String,
}

/// A batch, planned.
#[derive(Debug, Default)]
pub(crate) struct Plan {
    /// One per request, in the same order.
    pub verdicts: Vec<Verdict>,
    pub rows: Rows,
    pub moves: BTreeMap<LedgerId, Move>,
    /// Versions after the batch, of the streams it extends.
    pub versions: HashMap<(LedgerId, Uuid), u64, RandomState>,
    /// What the commands it writes were decided on: streams, and the versions they must still be at.
    pub premises: BTreeSet<(LedgerId, Uuid, u64)>,
    /// Ledgers in which a caller knows a later version than the writer: its memory is behind.
    pub behind: BTreeSet<LedgerId>,
    /// The commands it writes: by which request, and what was asked.
    commands: HashMap<CommandKey, (usize, RequestDigest), RandomState>,
    now: DateTime<Utc>,
}

/// A stream of a ledger, and its version.
type StreamVersion = ((LedgerId, Uuid), u64);

impl Plan {
    /// Plans `batch`. Every ledger's head is in `memory`; a stream not in it counts as empty. Of premises that were found
    /// not to hold, `stands` says where their streams stand.
    pub(crate) fn of(
        batch: &[Request],
        memory: &mut Memory,
        stands: &HashMap<(LedgerId, Uuid), u64>,
        now: DateTime<Utc>,
    ) -> Self {
        let entries = batch.iter().map(|request| request.drafts.entries).sum();
        let mut plan = Self {
            verdicts: Vec::with_capacity(batch.len()),
            rows: Rows::with_capacity(entries),
            versions: HashMap::with_capacity_and_hasher(batch.len(), RandomState::default()),
            commands: HashMap::with_capacity_and_hasher(batch.len(), RandomState::default()),
            now,
            ..Self::default()
        };
        for (index, request) in batch.iter().enumerate() {
            let verdict = plan.judge(index, request, memory, stands);
            plan.verdicts.push(verdict);
        }
        plan
    }

    /// Conflicts found, by request.
    pub(crate) fn conflicts(&self) -> impl Iterator<Item = usize> + '_ {
        let conflict = |verdict: &Verdict| matches!(verdict, Verdict::Conflict(_));
        (0..self.verdicts.len()).filter(move |index| conflict(&self.verdicts[*index]))
    }

    fn judge(
        &mut self,
        index: usize,
        request: &Request,
        memory: &mut Memory,
        stands: &HashMap<(LedgerId, Uuid), u64>,
    ) -> Verdict {
        if let Some(answer) = memory.answer(request) {
            return Verdict::Answer(answer);
        }
        let digest = request.drafts.digest;
        match self.commands.get(&request.key()) {
            Some((first, same)) if *same == digest => return Verdict::Follow(*first),
            Some(_) => return Verdict::Answer(Err(AppendError::CommandReused)),
            None => {}
        }
        let premises = &request.drafts.premises;
        let overtaken = |premise: &&Premise| {
            let stands_at = stands.get(&(premise.ledger, premise.stream.id));
            stands_at.is_some_and(|version| *version != premise.version)
        };
        if let Some(Premise { stream, .. }) = premises.iter().find(overtaken) {
            let stream = *stream;
            return Verdict::Answer(Err(AppendError::Overtaken { stream }));
        }
        match self.check(request, memory) {
            Err(conflict) => {
                if conflict.expected > conflict.actual {
                    self.behind.insert(request.drafts.ledger);
                }
                Verdict::Conflict(conflict)
            }
            Ok(after) => {
                self.versions.extend(after);
                self.commands.insert(request.key(), (index, digest));
                let premises = premises
                    .iter()
                    .map(|it| (it.ledger, it.stream.id, it.version));
                self.premises.extend(premises);
                Verdict::Write(self.place(request, memory))
            }
        }
    }

    /// The versions the request's streams will have, if each is at the version expected.
    fn check(
        &self,
        request: &Request,
        memory: &mut Memory,
    ) -> Result<Vec<StreamVersion>, Conflict> {
        let ledger = request.drafts.ledger;
        // A command extends a few streams at most, nearly always one.
        let mut after: Vec<StreamVersion> = Vec::with_capacity(request.drafts.parts.len());
        for part in &request.drafts.parts {
            let key = (ledger, part.stream.id);
            let own = after.iter().rev().find(|(stream, _)| *stream == key);
            let planned = own
                .map(|(_, version)| version)
                .or_else(|| self.versions.get(&key))
                .copied();
            let actual = planned
                .or_else(|| memory.version(ledger, part.stream))
                .unwrap_or(0);
            if part.expected != actual {
                return Err(Conflict {
                    stream: part.stream,
                    expected: part.expected,
                    actual,
                });
            }
            after.push((key, actual + part.drafts.len() as u64));
        }
        Ok(after)
    }

    /// Gives a request's entries their places.
    fn place(&mut self, request: &Request, memory: &mut Memory) -> Receipt {
        let drafts = &request.drafts;
        let head = self.moves.entry(drafts.ledger).or_insert_with(|| {
            let (position, last) = memory
                .head(drafts.ledger)
                .map_or((0, DateTime::UNIX_EPOCH), |head| {
                    (head.position, head.recorded_at)
                });
            let recorded_at = self.now.trunc_subsecs(6).max(last);
            Move {
                from: position,
                to: position,
                recorded_at,
                stamp: stamp(recorded_at),
            }
        });
        let first_position = head.to + 1;
        let mut streams: Vec<(StreamId, u64)> = Vec::with_capacity(drafts.parts.len());
        for part in &drafts.parts {
            let mut version = part.expected;
            for draft in &part.drafts {
                head.to += 1;
                version += 1;
                let leaf = draft.outline.leaf(head.to, &head.stamp, version);
                let first = (head.to == first_position).then_some(drafts);
                self.rows
                    .push_place(drafts, head.to, head.recorded_at, first);
                self.rows.push_draft(part.stream, version, draft, leaf);
            }
            match streams
                .iter_mut()
                .find(|(stream, _)| *stream == part.stream)
            {
                Some((_, after)) => *after = version,
                None => streams.push((part.stream, version)),
            }
        }
        Receipt {
            ledger: drafts.ledger,
            first_position,
            last_position: head.to,
            recorded_at: head.recorded_at,
            streams,
            repeated: false,
        }
    }
}
