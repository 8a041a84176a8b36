//! The one way into the ledger: look up facts, load, decide, append.

mod attempt;
mod failure;
mod request;

use std::sync::Arc;
use std::time::Duration;

use access::Access;
use domain::clock::Clock;
use ledger::{Ledger, Receipt, RequestDigest};
use tokio::sync::Semaphore;
use tracing::Instrument;
use vault::{Purge, Vault};

use crate::aggregates::Aggregates;
use crate::erasing;
use crate::facts::FactFinder;
use crate::openings::Unfinished;
use crate::submission::{Answer, Installation, RecordError, Sender, Submission};
use attempt::{Footing, first_footing};
use request::{Request, check_addresses, check_openings, with_companions};

pub(crate) use attempt::Decided;
pub(crate) use failure::{Failed, failed, internal, refused, unread};

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
