//! What a submission asks for, before anything is read for it: whether it can be asked at all, on which day, and what makes another send of it
//! the same.

use chrono::NaiveDate;
use domain::ids::{CommandId, CompactId, LedgerId};
use domain::{Command, CompactCommand, MeetingRef};
use ledger::RequestDigest;
use serde::Serialize;

use super::Inner;
use super::failure::{internal, refused};
use crate::aggregates::Loaded;
use crate::erasing::Erased;
use crate::submission::{RecordError, Sender, Submission};

/// What holds for every attempt at one submission.
pub(super) struct Request {
    pub(super) occurred_on: NaiveDate,
    pub(super) digest: RequestDigest,
    /// The submission's commands, each followed by its companion where it has one.
    pub(super) commands: Vec<Command>,
    /// What it asks to be erased, if that is what it asks.
    pub(super) erased: Option<Erased>,
}

impl Inner {
    /// Both sends of a request are written through the same types, so plain JSON gives them the same bytes. What was typed is in
    /// them, so the digest is one that nobody can test a guess against.
    pub(super) fn digest_of(
        &self,
        submission: &Submission<Sender>,
    ) -> Result<RequestDigest, RecordError> {
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

    /// A compact's ledger begins with the compact: nothing is recorded for one nobody opened.
    pub(super) async fn check_compact(
        &self,
        submission: &Submission<Sender>,
    ) -> Result<(), RecordError> {
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
    pub(super) fn date_of(
        &self,
        submission: &Submission<Sender>,
    ) -> Result<NaiveDate, RecordError> {
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
}

/// A compact's record is begun by opening it in the region's register, and what begins in it by the
/// command that begins it; neither is sent by itself.
pub(super) fn check_openings(submission: &Submission<Sender>) -> Result<(), RecordError> {
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

/// A region's commands go to the region's ledger, a compact's to its own.
pub(super) fn check_addresses(submission: &Submission<Sender>) -> Result<(), RecordError> {
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

/// Every command, and after it the one that goes with it, where there is one.
pub(super) fn with_companions(submission: &Submission<Sender>) -> Vec<Command> {
    let compact = CompactId::new(submission.ledger.uuid());
    let commands = submission.commands.iter();
    commands
        .flat_map(|command| std::iter::once(command.clone()).chain(command.companion(compact)))
        .collect()
}

/// Whether a command goes with another, on whose permission it rides: none is taken by itself.
pub(super) const fn is_companion(command: &Command) -> bool {
    match command {
        Command::Compact { command, .. } => command.is_companion(),
        _ => false,
    }
}

/// Whether a command sets what is there already, or goes with the one before, which did.
pub(super) fn passes_over(command: &Command, loaded: &Loaded, before: bool) -> bool {
    if is_companion(command) {
        before
    } else {
        loaded.has_set(command)
    }
}

/// Which of the commands that were sent the one at this place is, or goes with.
pub(super) fn nth(commands: &[Command], at: usize) -> usize {
    let sent = commands[..=at].iter().filter(|it| !is_companion(it));
    sent.count() - 1
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
