//! Erasures: a person or a text is made unreadable for good, and the record says so.
//!
//! Such a command is decided, and refused, like any other. Then the vault carries it out step by step and the entry that tells
//! of it comes last, under the command's own id: what the entry will say is kept with the erasure from its beginning, so that it is
//! told alike by whoever carries the erasure on after a crash.

use std::sync::Arc;

use chrono::NaiveDate;
use domain::facts::Facts;
use domain::ids::{CommandId, LedgerId, SubjectId};
use domain::stream::StreamId;
use domain::{Command, Directed, MeetingRef, Texts};
use futures::FutureExt;
use futures::future::BoxFuture;
use ledger::{Append, Receipt, RequestDigest};
use serde::{Deserialize, Serialize};
use vault::{
    Begun, Erasure, ErasureError, ErasureRequest, Erasures, Purge, StepFailed, SubjectKind,
    Tombstone,
};

use crate::aggregates::Loaded;
use crate::recorder::{ATTEMPTS, Decided, Failed, Inner, failed, internal, refused, unread};
use crate::submission::{RecordError, Sender, Submission};
use crate::texts;

/// How many entries are read at a time.
const PAGE: u32 = 1000;

/// Whom or what a command erases.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Erased {
    subject: SubjectId,
    kind: SubjectKind,
}

/// Whom or what these commands erase, if that is what they are for. It is done by itself: it takes steps that cannot be taken
/// back, and what else was sent would have to wait for them.
pub(crate) fn asked_of(commands: &[Command]) -> Result<Option<Erased>, RecordError> {
    match commands {
        [one] => Ok(erased_by(one)),
        several if several.iter().any(|command| erased_by(command).is_some()) => {
            let message = "a person is erased, and a text redacted, by itself; send each by itself";
            Err(refused("BY_ITSELF", "commands", message))
        }
        _ => Ok(None),
    }
}

fn erased_by(command: &Command) -> Option<Erased> {
    let text = command.redacts().map(|subject| Erased {
        subject,
        kind: SubjectKind::Text,
    });
    let person = command.erases().map(|person| Erased {
        subject: SubjectId::new(person.uuid()),
        kind: SubjectKind::Person,
    });
    text.or(person)
}

/// What the ledger is told at the end.
#[derive(Serialize, Deserialize)]
struct Told {
    /// The command, its reason sealed.
    command: Command,
    occurred_on: NaiveDate,
    meeting: Option<MeetingRef>,
    causation: Option<CommandId>,
    digest: [u8; 32],
}

/// Tells the ledger.
struct Teller(Arc<Inner>);

impl Tombstone for Teller {
    fn append<'a>(&'a self, erasure: &'a Erasure) -> BoxFuture<'a, Result<(), StepFailed>> {
        async move { Ok(self.0.tell(erasure).await?) }.boxed()
    }
}

impl Inner {
    /// Carries on what a crash left half-way; how many stopped again.
    pub(crate) async fn finish_erasures(self: &Arc<Self>) -> Result<usize, RecordError> {
        let kinds = [SubjectKind::Person, SubjectKind::Text];
        let stopped = self.erasures().resume_all(&kinds).await;
        Ok(stopped.map_err(|error| internal(&error))?.len())
    }

    /// Carries out what was decided.
    pub(crate) async fn erase(
        self: &Arc<Self>,
        submission: &Submission<Sender>,
        decided: Decided,
        erased: Erased,
    ) -> Result<Receipt, Failed> {
        let Decided {
            occurred_on,
            command,
            append,
            loaded,
            ..
        } = decided;
        // Their turn is over: the entry is decided again when it is told.
        drop(loaded);
        let command = command.ok_or(Failed::Final(RecordError::UnknownLedger))?;
        if erased.kind == SubjectKind::Text {
            self.check_stands(submission.ledger, command.stream(), erased.subject)
                .await?;
        }
        let told = Told {
            command,
            occurred_on,
            meeting: submission.meeting,
            causation: submission.causation,
            digest: *append.digest.as_bytes(),
        };
        let request = ErasureRequest {
            subject: erased.subject,
            kind: erased.kind,
            tombstone: serde_json::to_value(told)
                .map_err(|error| Failed::Final(internal(&error)))?,
            ledger: submission.ledger,
            command: submission.command_id,
            actor: append.actor,
            role: append.role,
        };
        self.carry_out(submission, &request, append.digest).await
    }

    async fn carry_out(
        self: &Arc<Self>,
        submission: &Submission<Sender>,
        request: &ErasureRequest,
        digest: RequestDigest,
    ) -> Result<Receipt, Failed> {
        let erasures = self.erasures();
        let begun = erasures.begin(request).await;
        let begun = begun.map_err(|error| Failed::Final(internal(&error)))?;
        // From here on it will be carried out, whatever becomes of this attempt.
        let carried_out = erasures.resume(request.subject).await;
        carried_out.map_err(|error| Failed::Final(unfinished(&error)))?;
        if let Begun::Before(stands) = &begun
            && stands.request.command != request.command
        {
            let message = "this has been erased already; there is nothing left to erase";
            return Err(Failed::Refused(refused("ALREADY_ERASED", "", message)));
        }
        let recorded = self.recorded_before(submission, digest).await;
        match recorded.map_err(Failed::Final)? {
            Some(Ok(receipt)) => Ok(Receipt {
                repeated: matches!(begun, Begun::Before(_)),
                ..receipt
            }),
            Some(Err(error)) => Err(Failed::Final(error)),
            None => Err(Failed::Final(RecordError::OutcomeUnknown)),
        }
    }

    fn erasures(self: &Arc<Self>) -> Erasures {
        // Views, caches and lists hold sealed texts and nothing else: with the key gone there is nothing to clear. Of a file
        // whose key is gone, what lies sealed in the store is to be cleared away, and so are words kept for searching.
        let files: Arc<dyn Purge> = Arc::new(self.facts.uploads().clone());
        let purges = self.purges.iter().cloned().chain([files]);
        let teller = Arc::new(Teller(Arc::clone(self)));
        Erasures::new(self.vault.clone(), purges.collect::<Vec<_>>(), teller)
    }

    /// Refuses the redaction of a text, or of a file's content, that stands nowhere in a stream.
    async fn check_stands(
        &self,
        ledger: LedgerId,
        stream: StreamId,
        text: SubjectId,
    ) -> Result<(), Failed> {
        let (reader, mut after) = (self.ledger.reader(), 0);
        loop {
            let page = reader.read_stream(ledger, stream, after, PAGE).await;
            let page = page.map_err(|error| Failed::Final(unread(&error)))?;
            let Some(last) = page.last() else {
                let message = "there is no such text in this record; choose one from its history";
                return Err(Failed::Refused(refused("UNKNOWN_TEXT", "text", message)));
            };
            after = last.stream_version;
            for raw in &page {
                let entry = raw.decode();
                let mut entry = entry.map_err(|error| Failed::Final(internal(&error)))?;
                let files = entry.event.files();
                let mut stands = files.iter().any(|file| file.content == text);
                entry.event.texts(&mut |found| {
                    stands |= found.sealed().is_some_and(|it| it.subject() == text);
                });
                if stands {
                    return Ok(());
                }
            }
        }
    }

    /// Appends the entry that tells of an erasure, once.
    async fn tell(&self, erasure: &Erasure) -> Result<(), RecordError> {
        let mut last = RecordError::OutcomeUnknown;
        for _ in 0..ATTEMPTS {
            let (ledger, command) = (erasure.request.ledger, erasure.request.command);
            let found = self.ledger.lookup(ledger, command).await;
            if found.map_err(|error| internal(&error))?.is_some() {
                return Ok(());
            }
            match self.try_to_tell(&erasure.request).await {
                Ok(()) => return Ok(()),
                Err(Failed::Stale(error)) => last = error,
                Err(Failed::Final(error) | Failed::Refused(error) | Failed::Denied(error)) => {
                    return Err(error);
                }
            }
        }
        Err(last)
    }

    async fn try_to_tell(&self, request: &ErasureRequest) -> Result<(), Failed> {
        let told = serde_json::from_value(request.tombstone.clone());
        let mut told: Told = told.map_err(|error| Failed::Final(internal(&error)))?;
        let opened = texts::open(&self.vault, request.ledger, &mut told.command).await;
        opened.map_err(Failed::Final)?;
        let commands = std::slice::from_ref(&told.command);
        let loaded = Loaded::checkout(&self.aggregates, request.ledger, commands).await;
        let mut loaded = loaded.map_err(Failed::Final)?;
        loaded.refresh().await.map_err(Failed::Final)?;
        let directed = |occurred_on| Directed {
            occurred_on,
            meeting: told.meeting,
            facts: Facts::default(),
            command: told.command.clone(),
        };
        let decided = loaded.decide(directed(told.occurred_on)).await;
        if decided.map_err(Failed::Final)?.is_err() {
            // Something of a later date came in between. The key is gone and must be told of: today it can be.
            let today = loaded.decide(directed(self.clock.today())).await;
            let today = today.map_err(Failed::Final)?;
            today.map_err(|refusal| Failed::Final(internal(&refusal)))?;
        }
        let append = Append {
            ledger: request.ledger,
            command: request.command,
            digest: RequestDigest::from_bytes(told.digest),
            actor: request.actor.clone(),
            role: request.role.clone(),
            causation: told.causation,
            streams: loaded.take_appends().map_err(Failed::Final)?,
        };
        let receipt = self.ledger.append(append).await;
        let receipt = receipt.map_err(|error| failed(error, None))?;
        if !receipt.repeated {
            loaded.keep(&receipt);
        }
        Ok(())
    }
}

/// It has begun and will be carried on; whoever sends the command again is told how it ended.
fn unfinished(error: &ErasureError) -> RecordError {
    tracing::warn!(%error, "an erasure stopped, to be carried on");
    RecordError::OutcomeUnknown
}
