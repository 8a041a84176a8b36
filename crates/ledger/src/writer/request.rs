//! Requests: what a caller hands to a writer, worked out as far as it can be before the wait.

use std::borrow::Cow;
use std::time::Duration;

use chrono::{DateTime, NaiveDate, Utc};
use domain::ids::{CommandId, LedgerId};
use domain::stream::StreamId;
use tokio::sync::oneshot;
use tokio::time::Instant;
use uuid::Uuid;

use crate::append::{
    Append, AppendError, MAX_BYTES, MAX_ENTRIES, MAX_NAME, NewEvent, Premise, Receipt,
    RequestDigest,
};
use crate::commands::CommandKey;
use crate::entry::Position;
use crate::leaf::{Outline, Shared};

/// An entry but for its place and moment.
#[derive(Debug)]
pub(crate) struct Draft {
    pub outline: Outline,
    pub kind: Cow<'static, str>,
    pub schema_version: i32,
    pub occurred_on: NaiveDate,
    pub meeting: Option<Uuid>,
}

/// The drafts for one stream.
#[derive(Debug)]
pub(crate) struct Part {
    pub stream: StreamId,
    pub expected: u64,
    pub drafts: Vec<Draft>,
}

/// A command's drafts, checked: never empty, never too large.
#[derive(Debug)]
pub(crate) struct Drafts {
    pub ledger: LedgerId,
    pub command: CommandId,
    pub digest: RequestDigest,
    pub parts: Vec<Part>,
    /// What it was decided on besides.
    pub premises: Vec<Premise>,
    pub entries: usize,
    pub bytes: usize,
}

impl Drafts {
    /// Checks a command and writes its leaves as far as they can be.
    pub(crate) fn of(append: &Append, premises: &[Premise]) -> Result<Self, AppendError> {
        check_names(append)?;
        let shared = Shared {
            ledger: append.ledger,
            command: append.command,
            actor: &append.actor,
            role: &append.role,
            causation: append.causation,
        };
        let mut drafts = Self {
            ledger: append.ledger,
            command: append.command,
            digest: append.digest,
            parts: Vec::with_capacity(append.streams.len()),
            premises: premises.to_vec(),
            entries: append.streams.iter().map(|part| part.events.len()).sum(),
            bytes: 0,
        };
        if append.streams.is_empty() || append.streams.iter().any(|part| part.events.is_empty()) {
            return Err(AppendError::Empty);
        }
        if drafts.entries > MAX_ENTRIES {
            return Err(drafts.too_large());
        }
        for part in &append.streams {
            let outlines = part
                .events
                .iter()
                .map(|event| draft(&shared, part.stream, event));
            let part = Part {
                stream: part.stream,
                expected: part.expected_version,
                drafts: outlines.collect::<Result<_, _>>()?,
            };
            drafts.bytes += part
                .drafts
                .iter()
                .map(|draft| draft.outline.size())
                .sum::<usize>();
            drafts.parts.push(part);
        }
        if drafts.bytes > MAX_BYTES {
            return Err(drafts.too_large());
        }
        Ok(drafts)
    }

    fn too_large(&self) -> AppendError {
        AppendError::TooLarge {
            entries: self.entries,
            bytes: self.bytes,
        }
    }
}

fn check_names(append: &Append) -> Result<(), AppendError> {
    if append.actor.is_empty() || append.actor.len() > MAX_NAME {
        return Err(AppendError::Malformed("an actor has 1 to 200 bytes"));
    }
    if append.role.is_empty() || append.role.len() > MAX_NAME {
        return Err(AppendError::Malformed("a role has 1 to 200 bytes"));
    }
    Ok(())
}

fn draft(shared: &Shared<'_>, stream: StreamId, event: &NewEvent) -> Result<Draft, AppendError> {
    if event.kind().is_empty() || event.kind().len() > MAX_NAME {
        return Err(AppendError::Malformed("an event type has 1 to 200 bytes"));
    }
    Ok(Draft {
        outline: Outline::new(shared, stream, event),
        kind: event.kind_shared(),
        schema_version: i32::try_from(event.schema_version())
            .map_err(|_| AppendError::Malformed("a schema version is at most 2147483647"))?,
        occurred_on: event.occurred_on(),
        meeting: event.meeting().map(|meeting| meeting.id.uuid()),
    })
}

/// A command waiting for its answer.
#[derive(Debug)]
pub(crate) struct Request {
    pub drafts: Drafts,
    reply: oneshot::Sender<Result<Receipt, AppendError>>,
    queued: Instant,
    /// The span its caller waits in.
    asked_in: Option<tracing::span::Id>,
    /// Where it was being written each time the answer was lost.
    tried: Vec<(Position, DateTime<Utc>)>,
    /// Whether it is the same command as one whose answer was lost.
    follows_lost: bool,
    /// Whether a writer broke while it had it.
    sent_again: bool,
}

impl Request {
    pub(crate) fn new(
        drafts: Drafts,
        queued: Instant,
    ) -> (Self, oneshot::Receiver<Result<Receipt, AppendError>>) {
        let (reply, answer) = oneshot::channel();
        let request = Self {
            drafts,
            reply,
            queued,
            asked_in: tracing::Span::current().id(),
            tried: Vec::new(),
            follows_lost: false,
            sent_again: false,
        };
        (request, answer)
    }

    /// The same request once more, after a writer broke that may have been writing it.
    pub(crate) fn again(
        drafts: Drafts,
        queued: Instant,
    ) -> (Self, oneshot::Receiver<Result<Receipt, AppendError>>) {
        let (request, answer) = Self::new(drafts, queued);
        let request = Self {
            sent_again: true,
            ..request
        };
        (request, answer)
    }

    pub(crate) fn key(&self) -> CommandKey {
        (self.drafts.ledger, self.drafts.command)
    }

    pub(crate) const fn queued(&self) -> Instant {
        self.queued
    }

    /// The span its caller waits in, if there is one.
    pub(crate) fn asked_in(&self) -> Option<tracing::span::Id> {
        self.asked_in.clone()
    }

    /// How long it has been waiting.
    pub(crate) fn waited(&self, now: Instant) -> Duration {
        now.saturating_duration_since(self.queued)
    }

    /// Remembers that it was being written there when the answer was lost.
    pub(crate) fn doubt(&mut self, receipt: &Receipt) {
        self.tried
            .push((receipt.first_position, receipt.recorded_at));
    }

    /// Remembers that the same command, sent beside it, was being written when the answer was lost.
    pub(crate) const fn doubt_with_its_twin(&mut self) {
        self.follows_lost = true;
    }

    /// Whether it may have been written by a statement whose answer was lost.
    pub(crate) const fn in_doubt(&self) -> bool {
        self.sent_again || self.follows_lost || !self.tried.is_empty()
    }

    /// Whether a writer broke while it had it. Which of its batch was to blame is not known.
    pub(crate) const fn is_sent_again(&self) -> bool {
        self.sent_again
    }

    /// Whether `receipt` is of this very request, landed by a statement whose answer was lost.
    pub(crate) fn landed_as(&self, receipt: &Receipt) -> bool {
        self.tried
            .contains(&(receipt.first_position, receipt.recorded_at))
    }

    /// Answers. A caller that hung up hears nothing, and nothing is undone.
    pub(crate) fn answer(self, answer: Result<Receipt, AppendError>) {
        let _ = self.reply.send(answer);
    }
}
