//! The one way into the ledger: look up facts, load, decide, append.

use std::collections::BTreeSet;
use std::sync::Arc;
use std::time::Duration;

use access::Access;
use chrono::NaiveDate;
use domain::clock::Clock;
use domain::facts::{Mentions, UnknownPerson};
use domain::ids::{CommandId, CompactId, IdSource, LedgerId, RandomIds, RegionId};
use domain::refusal::{DomainError, Refusal};
use domain::stream::StreamId;
use domain::{Command, CompactCommand, Directed, MeetingRef, Role};
use ledger::{Append, AppendError, Ledger, Premise, ReadError, Receipt, RequestDigest};
use serde::Serialize;
use tokio::sync::Semaphore;
use tracing::Instrument;
use vault::{Purge, Vault};

use crate::aggregates::{Aggregates, Loaded};
use crate::authority::{Authority, signing};
use crate::erasing::{self, Erased};
use crate::facts::{FactFinder, Latest};
use crate::openings::Unfinished;
use crate::submission::{Answer, Installation, RecordError, Sender, Submission};
use crate::texts;

/// How often a decision is taken again after another process changed the same aggregate first.
pub(crate) const ATTEMPTS: usize = 8;

/// How many submissions may be under way at once. Each holds some memory and waits its turn; more than
/// this would only wait longer than their senders do.
const AT_ONCE: usize = 4096;

/// When to come back when there are too many.
const COME_BACK: Duration = Duration::from_secs(1);

/// Decides submissions and appends what they decide. Cheap to clone behind an [`Arc`].
pub struct Recorder {
    inner: Arc<Inner>,
    /// One for each submission that may be under way.
    places: Arc<Semaphore>,
}

/// What every submission works with.
pub(crate) struct Inner {
    pub(crate) ledger: Ledger,
    access: Arc<Access>,
    pub(crate) vault: Vault,
    pub(crate) aggregates: Aggregates,
    pub(crate) facts: FactFinder,
    pub(crate) unfinished: Unfinished,
    pub(crate) clock: Arc<dyn Clock>,
    /// What else is cleared when something is erased.
    pub(crate) purges: Arc<[Arc<dyn Purge>]>,
}

/// What holds for every attempt at one submission.
struct Request {
    occurred_on: NaiveDate,
    digest: RequestDigest,
    /// The submission's commands, each followed by its companion where it has one.
    commands: Vec<Command>,
    /// What it asks to be erased, if that is what it asks.
    erased: Option<Erased>,
}

/// How much is read anew before something is decided.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Footing {
    /// Nothing: it is decided on what is remembered, and recorded if that holds still. Nothing is refused on this.
    Remembered,
    /// How far the streams go that facts come from.
    Asked,
    /// That, and the aggregates themselves.
    Fresh,
}

/// What was decided, and is to be recorded.
pub(crate) struct Decided {
    pub(crate) occurred_on: NaiveDate,
    /// The last command, its texts sealed, where something is to be erased.
    pub(crate) command: Option<Command>,
    pub(crate) append: Append,
    /// What it was decided on that may have changed meanwhile.
    premises: Vec<Premise>,
    /// The aggregates it was decided on; nobody else decides on them meanwhile.
    pub(crate) loaded: Loaded,
}

/// One way an attempt can end without an answer.
pub(crate) enum Failed {
    /// The decision was taken on a state that is no longer the latest.
    Stale(RecordError),
    /// Who asks may not have it done; a retry of something already recorded may look like this too.
    Denied(RecordError),
    /// A rule said no; a retry of something already recorded may look like this too.
    Refused(RecordError),
    /// Anything else.
    Final(RecordError),
}

impl Recorder {
    /// A recorder over a ledger, which does for accounts what `access` permits and seals texts in `vault`, caching up to
    /// `cached_aggregates` of each kind.
    pub fn new(
        ledger: Ledger,
        access: Arc<Access>,
        vault: Vault,
        clock: Arc<dyn Clock>,
        cached_aggregates: u64,
    ) -> Self {
        let aggregates = Aggregates::new(&ledger, cached_aggregates);
        let facts = FactFinder::new(
            ledger.reader().clone(),
            aggregates.clone(),
            Arc::clone(&clock),
        );
        Self {
            inner: Arc::new(Inner {
                ledger,
                access,
                vault,
                aggregates,
                facts,
                unfinished: Unfinished::default(),
                clock,
                purges: Arc::new([]),
            }),
            places: Arc::new(Semaphore::new(AT_ONCE)),
        }
    }

    /// The same, with no more than `at_once` submissions under way.
    #[must_use]
    pub fn with_places(self, at_once: usize) -> Self {
        let places = Arc::new(Semaphore::new(at_once));
        Self { places, ..self }
    }

    /// The same, and what was derived from a text or a person is cleared by these when that is erased.
    ///
    /// # Panics
    /// When it is at work already.
    #[must_use]
    pub fn purging(mut self, purges: impl Into<Arc<[Arc<dyn Purge>]>>) -> Self {
        let inner = Arc::get_mut(&mut self.inner);
        inner.expect("a recorder that has not begun").purges = purges.into();
        self
    }

    /// Records a submission: all of its commands, or none.
    ///
    /// The work runs in a task of its own: a sender that hangs up cannot stop it half-way.
    ///
    /// # Errors
    /// [`RecordError`] says why nothing was recorded, or that it is not known whether it was.
    pub async fn record(&self, submission: Submission) -> Result<Answer, RecordError> {
        self.record_signed(submission.map_actor(Sender::Account))
            .await
    }

    /// Records what the installation itself does: nobody's roles are asked. There is no way to this from outside the
    /// process.
    ///
    /// # Errors
    /// As [`Recorder::record`].
    pub async fn record_own(
        &self,
        submission: Submission<Installation>,
    ) -> Result<Answer, RecordError> {
        self.record_signed(submission.map_actor(Sender::Installation))
            .await
    }

    async fn record_signed(&self, submission: Submission<Sender>) -> Result<Answer, RecordError> {
        check_openings(&submission)?;
        let Ok(place) = Arc::clone(&self.places).try_acquire_owned() else {
            metrics::counter!("recorder_turned_away_total").increment(1);
            return Err(RecordError::busy(COME_BACK));
        };
        let inner = Arc::clone(&self.inner);
        let span = tracing::info_span!(
            "record",
            ledger = %submission.ledger,
            command = %submission.command_id,
            position = tracing::field::Empty,
        );
        let work = async move {
            let _held_while_under_way = place;
            inner.record(submission).await
        };
        let work = work.instrument(span);
        tokio::spawn(work)
            .await
            .unwrap_or_else(|error| Err(internal(&error)))
    }

    /// Begins the ledger of every compact that was opened in a region's register but whose own
    /// record a crash left unbegun. Gives how many that were.
    ///
    /// # Errors
    /// When a register cannot be read or a record cannot be begun.
    pub async fn finish_all_openings(&self) -> Result<usize, RecordError> {
        let mut begun = 0;
        for region in self.inner.facts.regions().await? {
            begun += self.inner.finish_openings(region).await?;
        }
        Ok(begun)
    }

    /// Carries on every erasure that a crash left half-way. Gives how many stopped again, to be tried later.
    ///
    /// # Errors
    /// When they cannot be listed.
    pub async fn finish_all_erasures(&self) -> Result<usize, RecordError> {
        self.inner.finish_erasures().await
    }
}

impl Inner {
    pub(crate) async fn record(
        self: &Arc<Self>,
        submission: Submission<Sender>,
    ) -> Result<Answer, RecordError> {
        let receipt = self.receipt(&submission).await?;
        tracing::Span::current().record("position", receipt.last_position);
        tracing::debug!(repeated = receipt.repeated, "recorded");
        self.follow_up(&submission, &receipt).await;
        Ok(Answer {
            ledger: receipt.ledger,
            position: receipt.last_position,
            recorded_at: receipt.recorded_at,
            streams: receipt.streams,
            repeated: receipt.repeated,
        })
    }

    /// Decides and appends, or finds that it was done before.
    async fn receipt(
        self: &Arc<Self>,
        submission: &Submission<Sender>,
    ) -> Result<Receipt, RecordError> {
        let occurred_on = self.date_of(submission)?;
        let digest = self.digest_of(submission)?;
        check_addresses(submission)?;
        let erased = erasing::asked_of(&submission.commands)?;
        let request = Request {
            occurred_on,
            digest,
            commands: with_companions(submission),
            erased,
        };
        self.check_compact(submission).await?;
        let mut last = None;
        let mut footing = first_footing(submission, erased);
        for _ in 0..ATTEMPTS {
            let decided = self.decide(submission, &request, footing).await;
            let recorded = match (decided, erased) {
                (Ok(decided), None) => self.append(submission, decided).await,
                (Ok(decided), Some(erased)) => self.erase(submission, decided, erased).await,
                (Err(failed), _) => Err(failed),
            };
            match recorded {
                Ok(receipt) => return Ok(receipt),
                Err(Failed::Stale(error)) => {
                    last = Some(error);
                    footing = Footing::Fresh;
                }
                // Another process may have moved on what this was refused on: look again first.
                Err(Failed::Refused(_) | Failed::Denied(_)) if footing != Footing::Fresh => {
                    footing = Footing::Fresh;
                }
                Err(Failed::Refused(error)) => {
                    let before = self.recorded_before(submission, digest).await?;
                    return before.unwrap_or(Err(error));
                }
                Err(Failed::Denied(error)) => {
                    // What else this id was used for is not for somebody to know who may not do it.
                    let before = self.recorded_before(submission, digest).await?;
                    return before.and_then(Result::ok).ok_or(error);
                }
                Err(Failed::Final(error)) => return Err(error),
            }
        }
        Err(last.unwrap_or(RecordError::busy(COME_BACK)))
    }

    /// Both sends of a request are written through the same types, so plain JSON gives them the same bytes. What was typed is in
    /// them, so the digest is one that nobody can test a guess against.
    fn digest_of(&self, submission: &Submission<Sender>) -> Result<RequestDigest, RecordError> {
        let asked = Asked {
            ledger: submission.ledger,
            actor: &submission.actor,
            causation: submission.causation,
            occurred_on: submission.occurred_on,
            meeting: submission.meeting,
            expected_version: submission.expected_version,
            commands: &submission.commands,
        };
        let written = serde_json::to_vec(&asked).map_err(|error| internal(&error))?;
        let digest = self.vault.keyed_digest("command", &written);
        Ok(RequestDigest::from_bytes(digest))
    }

    /// A refusal in words: what it quotes is opened for whoever it is told. Of several commands, the field says which one after the
    /// first was refused.
    async fn refused(&self, ledger: LedgerId, nth: usize, mut refusal: DomainError) -> Failed {
        if let Err(error) = texts::open_quoted(&self.vault, ledger, &mut refusal).await {
            return Failed::Final(error);
        }
        Failed::Refused(RecordError::Refused {
            code: refusal.code().to_owned(),
            field: match (nth, refusal.path()) {
                (0, path) => path,
                (nth, Some(path)) => Some(format!("commands.{nth}.{path}")),
                (nth, None) => Some(format!("commands.{nth}")),
            },
            message: refusal.to_string(),
        })
    }

    /// A compact's ledger begins with the compact: nothing is recorded for one nobody opened.
    async fn check_compact(&self, submission: &Submission<Sender>) -> Result<(), RecordError> {
        let begins = |command: &Command| {
            matches!(
                command,
                Command::Region { .. }
                    | Command::Assessment { .. }
                    | Command::Compact {
                        command: CompactCommand::EstablishCompact { .. },
                        ..
                    }
            )
        };
        if submission.commands.iter().any(begins)
            || self.facts.is_compact(submission.ledger).await?
        {
            return Ok(());
        }
        Err(self.not_begun(submission.ledger).await)
    }

    /// The date the submission names, or today; never a day that has not come.
    fn date_of(&self, submission: &Submission<Sender>) -> Result<NaiveDate, RecordError> {
        let today = self.clock.today();
        let occurred_on = submission.occurred_on.unwrap_or(today);
        if occurred_on > today {
            return Err(refused(
                "FUTURE_DATE",
                "occurredOn",
                &format!(
                    "{} has not come yet; record things once they have happened",
                    occurred_on.format("%-d %B %Y")
                ),
            ));
        }
        match submission.meeting {
            Some(meeting) if meeting.held_on > today => Err(refused(
                "FUTURE_DATE",
                "meeting",
                "that meeting has not been held yet; record it once it has",
            )),
            _ => Ok(occurred_on),
        }
    }

    /// Decides once.
    async fn decide(
        &self,
        submission: &Submission<Sender>,
        request: &Request,
        footing: Footing,
    ) -> Result<Decided, Failed> {
        let (ledger, commands) = (submission.ledger, &request.commands);
        let mentions = self
            .mentions(ledger, commands)
            .await
            .map_err(Failed::Final)?;
        let region = self.region_of(submission).await.map_err(Failed::Final)?;
        let latest = self.latest(ledger, (&mentions, region), footing).await;
        let latest = latest.map_err(Failed::Final)?;
        let authority = self.authority(submission, region, &latest).await;
        let authority = authority.map_err(Failed::Final)?;
        let facts = self.facts.find_each(ledger, &mentions, &latest).await;
        let facts = facts.map_err(Failed::Final)?;
        let loaded = Loaded::checkout(&self.aggregates, ledger, commands).await;
        let mut loaded = loaded.map_err(Failed::Final)?;
        if footing == Footing::Fresh {
            loaded.refresh().await.map_err(Failed::Final)?;
        }
        let mut allowed = Vec::with_capacity(commands.len());
        let (mut last, mut passed_over) = (None, false);
        for (at, mut facts) in facts.into_iter().enumerate() {
            let command = &commands[at];
            passed_over = passes_over(command, &loaded, passed_over);
            if passed_over {
                continue;
            }
            if let Some(authority) = authority.as_ref().filter(|_| !is_companion(command)) {
                let roles = authority.allow(ledger, command, &loaded, &facts);
                allowed.push(roles.map_err(Failed::Denied)?);
            }
            if at == 0 {
                loaded.expect_version(submission)?;
            }
            loaded.add_facts(&mentions[at], &mut facts);
            let unknown = facts.check_people(&mentions[at]);
            unknown.map_err(|unknown| Failed::Refused(unknown_person(&unknown)))?;
            let mut command = command.clone();
            let sealed = texts::seal(&self.vault, ledger, &mut command, &loaded).await;
            sealed.map_err(Failed::Final)?;
            last = request.erased.map(|_| command.clone());
            let directed = Directed {
                occurred_on: request.occurred_on,
                meeting: submission.meeting,
                facts,
                command,
            };
            if let Err(refusal) = loaded.decide(directed).await.map_err(Failed::Final)? {
                return Err(self.refused(ledger, nth(commands, at), refusal).await);
            }
        }
        let append = signed(submission, request, &mut loaded, &allowed)?;
        Ok(Decided {
            occurred_on: request.occurred_on,
            command: last,
            premises: latest.premises(ledger, &append.streams),
            append,
            loaded,
        })
    }

    /// What commands mention; what is asked of an assessment mentions what that is about.
    async fn mentions(
        &self,
        ledger: LedgerId,
        commands: &[Command],
    ) -> Result<Vec<Mentions>, RecordError> {
        let mut all = Vec::with_capacity(commands.len());
        for command in commands {
            let mut mentions = command.mentions();
            if let Command::Assessment { id, .. } = command
                && mentions.reported.is_empty()
            {
                mentions
                    .reported
                    .extend(self.facts.judged(ledger, *id).await?);
            }
            all.push(mentions);
        }
        Ok(all)
    }

    /// How far the streams go that a decision will rest on, as far as that is asked.
    async fn latest(
        &self,
        ledger: LedgerId,
        (mentions, region): (&[Mentions], Option<RegionId>),
        footing: Footing,
    ) -> Result<Latest, RecordError> {
        match footing {
            Footing::Remembered => Ok(Latest::remembered()),
            Footing::Asked | Footing::Fresh => self.facts.latest(ledger, mentions, region).await,
        }
    }

    async fn append(
        &self,
        submission: &Submission<Sender>,
        decided: Decided,
    ) -> Result<Receipt, Failed> {
        // What the sender saw is the first command's aggregate; of the rest they said nothing.
        let first = submission.commands.first().map(Command::stream);
        let seen = first.filter(|_| submission.expected_version.is_some());
        let Decided {
            append, premises, ..
        } = decided;
        let receipt = self.ledger.append_given(append, &premises).await;
        let receipt = receipt.map_err(|error| failed(error, seen))?;
        if !receipt.repeated {
            decided.loaded.keep(&receipt);
        }
        Ok(receipt)
    }

    /// The region whose roles count for an account's submission; none for the installation's own.
    async fn region_of(
        &self,
        submission: &Submission<Sender>,
    ) -> Result<Option<RegionId>, RecordError> {
        if matches!(submission.actor, Sender::Installation(_)) {
            return Ok(None);
        }
        let of_region = |command: &Command| {
            matches!(command, Command::Region { .. } | Command::Assessment { .. })
        };
        if submission.commands.iter().any(of_region) {
            return Ok(Some(RegionId::new(submission.ledger.uuid())));
        }
        let region = self.facts.region_of(submission.ledger).await?;
        region.map(Some).ok_or(RecordError::UnknownLedger)
    }

    /// What an account may do; none for the installation, which is not asked.
    async fn authority<'a>(
        &'a self,
        submission: &'a Submission<Sender>,
        region: Option<RegionId>,
        latest: &Latest,
    ) -> Result<Option<Authority<'a>>, RecordError> {
        let (Sender::Account(actor), Some(region)) = (&submission.actor, region) else {
            return Ok(None);
        };
        let holders = self.facts.holders(region, latest).await?;
        let today = self.clock.today();
        Ok(Some(Authority::new(
            &self.access,
            actor,
            (region, holders),
            today,
        )))
    }

    /// The first answer, when this very command was recorded before and is only being retried; that its id was used, when
    /// another was recorded under it.
    pub(crate) async fn recorded_before(
        &self,
        submission: &Submission<Sender>,
        digest: RequestDigest,
    ) -> Result<Option<Result<Receipt, RecordError>>, RecordError> {
        let found = self
            .ledger
            .lookup(submission.ledger, submission.command_id)
            .await;
        let found = found.map_err(|error| internal(&error))?;
        Ok(found.map(|(receipt, before)| {
            if before == digest {
                Ok(receipt)
            } else {
                Err(RecordError::CommandReused)
            }
        }))
    }
}

/// Nothing is read anew before something that can be recorded, except where it could not be undone, and where roles are
/// given in the very record that says who may give them.
fn first_footing(submission: &Submission<Sender>, erased: Option<Erased>) -> Footing {
    let of_region = |command: &Command| matches!(command, Command::Region { .. });
    if erased.is_some() || submission.commands.iter().any(of_region) {
        Footing::Asked
    } else {
        Footing::Remembered
    }
}

/// What was decided, signed.
fn signed(
    submission: &Submission<Sender>,
    request: &Request,
    loaded: &mut Loaded,
    allowed: &[Arc<BTreeSet<Role>>],
) -> Result<Append, Failed> {
    let streams = loaded.take_appends().map_err(Failed::Final)?;
    if streams.is_empty() {
        let message = "nothing would change: the record says all of this already; change something \
                       before you send it, or leave it as it is";
        return Err(Failed::Refused(refused("NOTHING_CHANGED", "", message)));
    }
    let (actor, role) = match &submission.actor {
        Sender::Account(actor) => {
            let role = signing(allowed).ok_or(Failed::Denied(RecordError::UnknownLedger))?;
            (actor.account.to_string(), role.as_str().to_owned())
        }
        Sender::Installation(Installation { id, role }) => (id.clone(), role.clone()),
    };
    Ok(Append {
        ledger: submission.ledger,
        command: submission.command_id,
        digest: request.digest,
        actor,
        role,
        causation: submission.causation,
        streams,
    })
}

/// A compact's record is begun by opening it in the region's register, and what begins in it by the
/// command that begins it; neither is sent by itself.
fn check_openings(submission: &Submission<Sender>) -> Result<(), RecordError> {
    for command in &submission.commands {
        let Command::Compact { command, .. } = command else {
            continue;
        };
        if matches!(command, CompactCommand::EstablishCompact { .. }) {
            let message =
                "a compact begins when it is opened in the region's register; open it there";
            return Err(refused("OPEN_IN_REGION", "compactId", message));
        }
        if command.is_companion() {
            let message = "a commitment or plan is entered in its compact when it is proposed, \
                           renumbered or set; send that command";
            return Err(refused("NOT_BY_ITSELF", "commands", message));
        }
    }
    Ok(())
}

/// Whether a command goes with another, on whose permission it rides: none is taken by itself.
const fn is_companion(command: &Command) -> bool {
    match command {
        Command::Compact { command, .. } => command.is_companion(),
        _ => false,
    }
}

/// Whether a command sets what is there already, or goes with the one before, which did.
fn passes_over(command: &Command, loaded: &Loaded, before: bool) -> bool {
    if is_companion(command) {
        before
    } else {
        loaded.has_set(command)
    }
}

/// Which of the commands that were sent the one at this place is, or goes with.
fn nth(commands: &[Command], at: usize) -> usize {
    let sent = commands[..=at].iter().filter(|it| !is_companion(it));
    sent.count() - 1
}

fn with_companions(submission: &Submission<Sender>) -> Vec<Command> {
    let compact = CompactId::new(submission.ledger.uuid());
    let commands = submission.commands.iter();
    commands
        .flat_map(|command| std::iter::once(command.clone()).chain(command.companion(compact)))
        .collect()
}

/// A region's commands go to the region's ledger, a compact's to its own.
fn check_addresses(submission: &Submission<Sender>) -> Result<(), RecordError> {
    if submission.commands.is_empty() {
        return Err(refused("EMPTY", "commands", "there is nothing to record"));
    }
    for command in &submission.commands {
        let fits = match command {
            Command::Region { id, .. } => id.ledger() == submission.ledger,
            Command::Compact { id, .. } => id.ledger() == submission.ledger,
            Command::Adoption { command, .. } => {
                let adopter = command.adopter();
                adopter.is_none_or(|id| id.ledger() == submission.ledger)
            }
            // Of an assessment, that the ledger is the region's is seen when what is judged is looked up.
            Command::Assessment { .. }
            | Command::Commitment { .. }
            | Command::ActionPlan { .. }
            | Command::Person { .. }
            | Command::Meeting { .. }
            | Command::GoodPractice { .. } => true,
        };
        if !fits {
            return Err(RecordError::UnknownLedger);
        }
    }
    Ok(())
}

/// What makes two requests the same: everything but the id they were sent under.
#[derive(Serialize)]
struct Asked<'a> {
    ledger: LedgerId,
    actor: &'a Sender,
    causation: Option<CommandId>,
    occurred_on: Option<NaiveDate>,
    meeting: Option<MeetingRef>,
    expected_version: Option<u64>,
    commands: &'a [Command],
}

/// `seen` is the stream whose version the sender said they saw, if they did.
pub(crate) fn failed(error: AppendError, seen: Option<StreamId>) -> Failed {
    match error {
        AppendError::Conflict {
            actual,
            stream,
            expected,
        } => {
            let conflict = RecordError::Conflict { expected, actual };
            if seen == Some(stream) {
                Failed::Refused(conflict)
            } else {
                Failed::Stale(conflict)
            }
        }
        AppendError::Overtaken { .. } => Failed::Stale(RecordError::busy(COME_BACK)),
        AppendError::CommandReused => Failed::Final(RecordError::CommandReused),
        AppendError::Busy { retry_after } => Failed::Final(RecordError::busy(retry_after)),
        AppendError::OutcomeUnknown { .. } => Failed::Final(RecordError::OutcomeUnknown),
        // Nothing was recorded, and who comes back finds the next process.
        AppendError::ShuttingDown => Failed::Final(RecordError::busy(COME_BACK)),
        other => Failed::Final(internal(&other)),
    }
}

fn unknown_person(unknown: &UnknownPerson) -> RecordError {
    refused("UNKNOWN_PERSON", "", &unknown.to_string())
}

pub(crate) fn refused(code: &str, field: &str, message: &str) -> RecordError {
    RecordError::Refused {
        code: code.to_owned(),
        field: (!field.is_empty()).then(|| field.to_owned()),
        message: message.to_owned(),
    }
}

/// What to say when something that a decision needs could not be read. Nothing was recorded.
pub(crate) fn unread(error: &ReadError) -> RecordError {
    match error {
        ReadError::InUse { .. } => RecordError::busy(COME_BACK),
        other => internal(other),
    }
}

/// Logs what broke under a reference and hands the reference to the sender.
pub(crate) fn internal(error: &(dyn std::error::Error + 'static)) -> RecordError {
    let reference = RandomIds.next().to_string();
    tracing::error!(reference, error, "a submission could not be recorded");
    RecordError::Internal { reference }
}
