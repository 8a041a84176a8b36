//! Settling a batch: going on until every request in it has its answer.
//!
//! Each round learns what the writer must know, plans, and writes. A round that fails says what to do
//! next: look commands up, read versions again, reconnect, or split the batch to find the row that
//! cannot be stored. Planning starts afresh every time, and rounds are bounded by a deadline.

use std::collections::{BTreeSet, HashMap, HashSet};
use std::time::Duration;

use domain::ids::LedgerId;
use tokio::time::{Instant, timeout_at};
use uuid::Uuid;

use crate::append::{AppendError, Receipt};
use crate::commands::{self, CommandKey, Known};

use super::Writer;
use super::fault::{Fault, pause_before};
use super::plan::{Conflict, Plan, Verdict};
use super::request::Request;
use super::statement::{self, VersionRow, Written};

/// The least time a batch is given, however long it has queued.
const LEAST_PATIENCE: Duration = Duration::from_secs(1);

/// A batch on its way.
struct Round {
    batch: Vec<Request>,
    deadline: Instant,
    /// Ledgers whose head and versions were read for this batch.
    fresh: BTreeSet<LedgerId>,
    /// Commands looked up after that.
    looked_up: HashSet<CommandKey>,
    /// Where streams stand that commands of this batch were decided on, once some had moved on.
    stands: HashMap<(LedgerId, Uuid), u64>,
    /// Whether streams said to be new are looked at too.
    distrust_new: bool,
    /// Why the last round failed, for the answer if there is no time for another.
    last: Option<sqlx::Error>,
    rounds: u32,
}

/// How a round ended.
enum Step {
    /// Every request has its verdict, and what had to be written is.
    Settled(Box<Plan>),
    /// Once more, with what was learned.
    Again,
    /// Once more, after a pause.
    Later(sqlx::Error),
    /// Some row cannot be stored.
    Refused(sqlx::Error),
}

impl Writer {
    /// Answers every request of a batch.
    pub(crate) async fn settle(&mut self, batch: Vec<Request>) {
        let mut waiting = vec![batch];
        while let Some(batch) = waiting.pop() {
            if let Some((first, second)) = self.settle_or_split(batch).await {
                waiting.push(second);
                waiting.push(first);
            }
        }
    }

    /// Answers every request of a batch, or gives back two halves: one bad row fails its own command only.
    async fn settle_or_split(
        &mut self,
        batch: Vec<Request>,
    ) -> Option<(Vec<Request>, Vec<Request>)> {
        let mut round = Round::new(batch, self.setup.limits.patience);
        loop {
            let pause = match self.step(&mut round).await {
                Step::Settled(plan) => {
                    self.deliver(round.batch, *plan);
                    return None;
                }
                Step::Refused(error) => return round.refuse(error),
                Step::Again => Duration::ZERO,
                Step::Later(error) => {
                    round.last = Some(error);
                    pause_before(round.rounds)
                }
            };
            round.rounds += 1;
            if Instant::now() + pause >= round.deadline {
                self.forget(&round.batch);
                round.give_up(self.pace.time_for(1));
                return None;
            }
            tokio::time::sleep(pause).await;
        }
    }

    /// One round: learn, plan, write.
    async fn step(&mut self, round: &mut Round) -> Step {
        if let Err(fault) = self.learn(round).await {
            return after_reading(fault);
        }
        let now = self.setup.clock.now();
        let plan = Box::new(Plan::of(&round.batch, &mut self.memory, &round.stands, now));
        match self.reconsider(round, &plan).await {
            Err(fault) => return after_reading(fault),
            Ok(true) => return Step::Again,
            Ok(false) => {}
        }
        if plan.rows.is_empty() {
            return Step::Settled(plan);
        }
        let mut connection = match self.line.take(round.deadline).await {
            Err(error) => return after_reading(Fault::of(error)),
            Ok(connection) => connection,
        };
        let done = timeout_at(round.deadline, statement::write(&mut connection, &plan)).await;
        match self.line.give_back(connection, done) {
            Ok(Written::All) => Step::Settled(plan),
            Ok(Written::HeadMoved) => {
                count_retry("head_moved");
                self.forget(&round.batch);
                Step::Again
            }
            Ok(Written::Overtaken) => {
                count_retry("premise_overtaken");
                match self.learn_what_stands(round, &plan).await {
                    Ok(()) => Step::Again,
                    Err(fault) => after_reading(fault),
                }
            }
            Err(error) => self.after_writing(round, &plan, Fault::of(error)).await,
        }
    }

    /// What to do after a statement that did not succeed.
    async fn after_writing(&mut self, round: &mut Round, plan: &Plan, fault: Fault) -> Step {
        match fault {
            Fault::CommandTaken => {
                count_retry("command_taken");
                let all = round.batch.iter().map(Request::key).collect();
                match self.look_up(round, all).await {
                    Ok(()) => Step::Again,
                    Err(fault) => after_reading(fault),
                }
            }
            Fault::VersionTaken => {
                count_retry("version_taken");
                round.distrust_new = true;
                self.forget(&round.batch);
                Step::Again
            }
            Fault::Again(error) => {
                count_retry("database_busy");
                Step::Later(error)
            }
            Fault::Refused(error) => Step::Refused(error),
            Fault::Lost(error) => {
                count_retry("connection_lost");
                tracing::warn!(%error, entries = plan.rows.len(), "connection lost while writing; finding out what was recorded");
                round.doubt(plan, self.setup.limits.patience);
                self.forget(&round.batch);
                Step::Later(error)
            }
        }
    }

    /// Makes sure the heads and the versions a plan needs are known, and for a batch in doubt, which
    /// of its commands are recorded. Commands are looked up after versions are read: whatever moved
    /// a version is then found, also when it was this batch's own lost statement.
    async fn learn(&mut self, round: &mut Round) -> Result<(), Fault> {
        let heads: BTreeSet<LedgerId> = round
            .batch
            .iter()
            .map(|request| request.drafts.ledger)
            .filter(|ledger| self.memory.head(*ledger).is_none())
            .collect();
        let heads: Vec<LedgerId> = heads.into_iter().collect();
        if !heads.is_empty() {
            self.learn_heads(round, &heads).await?;
        }
        let versions = self.versions_needed(round);
        if !versions.is_empty() {
            self.learn_versions(round.deadline, versions).await?;
        }
        let doubtful: Vec<CommandKey> = round
            .batch
            .iter()
            .filter(|request| request.in_doubt())
            .map(Request::key)
            .collect();
        if doubtful.is_empty() {
            Ok(())
        } else {
            self.look_up(round, doubtful).await
        }
    }

    async fn learn_heads(&mut self, round: &mut Round, ledgers: &[LedgerId]) -> Result<(), Fault> {
        let mut connection = self.line.take(round.deadline).await.map_err(Fault::of)?;
        let read = statement::read_heads(&mut connection, ledgers);
        let done = timeout_at(round.deadline, read).await;
        let rows = self.line.give_back(connection, done).map_err(Fault::of)?;
        for row in rows {
            let position = row.position.cast_unsigned();
            self.memory
                .learn_head(LedgerId::new(row.ledger_id), position, row.recorded_at);
        }
        round.fresh.extend(ledgers);
        Ok(())
    }

    fn versions_needed(&mut self, round: &Round) -> Vec<(LedgerId, Uuid)> {
        let mut needed = BTreeSet::new();
        for request in &round.batch {
            let ledger = request.drafts.ledger;
            for part in &request.drafts.parts {
                let worth_reading = part.expected > 0 || round.distrust_new;
                if worth_reading && self.memory.version(ledger, part.stream).is_none() {
                    needed.insert((ledger, part.stream.id));
                }
            }
        }
        needed.into_iter().collect()
    }

    async fn learn_versions(
        &mut self,
        deadline: Instant,
        streams: Vec<(LedgerId, Uuid)>,
    ) -> Result<(), Fault> {
        for row in self.read_versions(deadline, &streams).await? {
            let version = row.version.cast_unsigned();
            self.memory
                .learn_version(LedgerId::new(row.ledger_id), row.stream_id, version);
        }
        Ok(())
    }

    /// Where the streams stand that a plan's commands were decided on, to tell which of them were overtaken.
    async fn learn_what_stands(&mut self, round: &mut Round, plan: &Plan) -> Result<(), Fault> {
        let premises = plan.premises.iter();
        let streams: BTreeSet<_> = premises.map(|(ledger, id, _)| (*ledger, *id)).collect();
        let streams = Vec::from_iter(streams);
        let rows = self.read_versions(round.deadline, &streams).await?;
        let stands = rows.into_iter().map(|row| {
            let stream = (LedgerId::new(row.ledger_id), row.stream_id);
            (stream, row.version.cast_unsigned())
        });
        round.stands.extend(stands);
        Ok(())
    }

    async fn read_versions(
        &mut self,
        deadline: Instant,
        streams: &[(LedgerId, Uuid)],
    ) -> Result<Vec<VersionRow>, Fault> {
        let mut connection = self.line.take(deadline).await.map_err(Fault::of)?;
        let read = statement::read_versions(&mut connection, streams);
        let done = timeout_at(deadline, read).await;
        self.line.give_back(connection, done).map_err(Fault::of)
    }

    async fn look_up(&mut self, round: &mut Round, commands: Vec<CommandKey>) -> Result<(), Fault> {
        round.looked_up.extend(&commands);
        let mut connection = self.line.take(round.deadline).await.map_err(Fault::of)?;
        let look_up = commands::look_up(&mut connection, &commands);
        let done = timeout_at(round.deadline, look_up).await;
        let found = self.line.give_back(connection, done).map_err(Fault::of)?;
        for (key, known) in found {
            self.memory.learn_command(key, known);
        }
        Ok(())
    }

    /// Whether the plan rests on something that should be looked at first: a conflict is only final
    /// when the ledger was not ahead of what the writer knew, and when it was not the command itself,
    /// recorded earlier, that moved the stream.
    async fn reconsider(&mut self, round: &mut Round, plan: &Plan) -> Result<bool, Fault> {
        let behind: Vec<LedgerId> = plan.behind.difference(&round.fresh).copied().collect();
        if !behind.is_empty() {
            for ledger in behind {
                self.memory.forget(ledger);
            }
            return Ok(true);
        }
        let doubtful: Vec<CommandKey> = plan
            .conflicts()
            .map(|index| round.batch[index].key())
            .filter(|key| !round.looked_up.contains(key))
            .collect();
        if doubtful.is_empty() {
            return Ok(false);
        }
        self.look_up(round, doubtful).await?;
        Ok(true)
    }

    fn forget(&mut self, batch: &[Request]) {
        for request in batch {
            self.memory.forget(request.drafts.ledger);
        }
    }

    /// Remembers what was written, wakes readers and answers.
    fn deliver(&mut self, batch: Vec<Request>, plan: Plan) {
        for (ledger, step) in &plan.moves {
            self.memory.move_head(*ledger, step.to, step.recorded_at);
            self.setup.wake.advance(*ledger, step.to);
            if let Some(outbox) = &self.setup.outbox {
                outbox.put(*ledger, step.to);
            }
        }
        for ((ledger, stream), version) in plan.versions {
            self.memory.learn_version(ledger, stream, version);
        }
        if !plan.rows.is_empty() {
            tracing::debug!(entries = plan.rows.len(), "written");
            metrics::histogram!("ledger_batch_entries").record(count(plan.rows.len()));
            metrics::histogram!("ledger_batch_requests").record(count(batch.len()));
        }
        let follows = |verdict: &Verdict| matches!(verdict, Verdict::Follow(_));
        let any_follows = plan.verdicts.iter().any(follows);
        let mut followed: Vec<Option<Receipt>> = Vec::new();
        let now = Instant::now();
        for (request, verdict) in batch.into_iter().zip(plan.verdicts) {
            metrics::histogram!("ledger_append_seconds").record(request.waited(now));
            let answer = self.answer(&request, verdict, &followed);
            if any_follows {
                followed.push(answer.as_ref().ok().cloned());
            }
            request.answer(answer);
        }
    }

    fn answer(
        &mut self,
        request: &Request,
        verdict: Verdict,
        earlier: &[Option<Receipt>],
    ) -> Result<Receipt, AppendError> {
        match verdict {
            Verdict::Write(receipt) => {
                let known = Known {
                    receipt: receipt.clone(),
                    digest: request.drafts.digest,
                };
                self.memory.learn_command(request.key(), known);
                Ok(receipt)
            }
            Verdict::Follow(first) => match earlier.get(first).cloned().flatten() {
                Some(receipt) => Ok(Receipt {
                    repeated: true,
                    ..receipt
                }),
                None => Err(AppendError::OutcomeUnknown {
                    command: request.drafts.command,
                }),
            },
            Verdict::Answer(answer) => answer,
            Verdict::Conflict(Conflict {
                stream,
                expected,
                actual,
            }) => {
                metrics::counter!("ledger_conflicts_total").increment(1);
                Err(AppendError::Conflict {
                    stream,
                    expected,
                    actual,
                })
            }
        }
    }
}

impl Round {
    fn new(batch: Vec<Request>, patience: Duration) -> Self {
        let now = Instant::now();
        let oldest = batch.iter().map(Request::queued).min().unwrap_or(now);
        Self {
            batch,
            deadline: (oldest + patience).max(now + LEAST_PATIENCE),
            fresh: BTreeSet::new(),
            looked_up: HashSet::new(),
            stands: HashMap::new(),
            distrust_new: false,
            last: None,
            rounds: 0,
        }
    }

    /// Notes that what the plan was writing may be recorded. Finding out is worth waiting for once
    /// more, also when the statement was lost by taking too long.
    fn doubt(&mut self, plan: &Plan, patience: Duration) {
        if !self.batch.iter().any(Request::in_doubt) {
            self.deadline = Instant::now() + patience.max(LEAST_PATIENCE);
        }
        self.looked_up.clear();
        for (request, verdict) in self.batch.iter_mut().zip(&plan.verdicts) {
            match verdict {
                Verdict::Write(receipt) => request.doubt(receipt),
                // Whoever it follows is being written: what became of one became of both.
                Verdict::Follow(_) => request.doubt_with_its_twin(),
                Verdict::Answer(_) | Verdict::Conflict(_) => {}
            }
        }
    }

    /// Fails the only request, or splits the batch.
    fn refuse(mut self, error: sqlx::Error) -> Option<(Vec<Request>, Vec<Request>)> {
        if self.batch.len() > 1 {
            let second = self.batch.split_off(self.batch.len() / 2);
            return Some((self.batch, second));
        }
        self.last = Some(error);
        self.give_up(Duration::ZERO);
        None
    }

    /// Answers everyone as far as it is known.
    fn give_up(self, retry_after: Duration) {
        let mut last = self.last;
        tracing::error!(error = ?last, requests = self.batch.len(), rounds = self.rounds, "a batch was given up");
        for request in self.batch {
            let command = request.drafts.command;
            let answer = if request.in_doubt() {
                AppendError::OutcomeUnknown { command }
            } else if let Some(error) = last.take() {
                AppendError::Database(error)
            } else {
                AppendError::Busy { retry_after }
            };
            request.answer(Err(answer));
        }
    }
}

/// Nothing was written when only reading failed.
fn after_reading(fault: Fault) -> Step {
    match fault {
        Fault::Refused(error) => Step::Refused(error),
        Fault::Again(error) | Fault::Lost(error) => Step::Later(error),
        Fault::CommandTaken | Fault::VersionTaken => Step::Again,
    }
}

fn count_retry(reason: &'static str) {
    metrics::counter!("ledger_retries_total", "reason" => reason).increment(1);
}

fn count(number: usize) -> f64 {
    f64::from(u32::try_from(number).unwrap_or(u32::MAX))
}
