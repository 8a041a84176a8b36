//! The ledger as services hold it: a handle that queues appends for the writers, and reads.

use std::ops::Deref;
use std::sync::Arc;
use std::time::Duration;

use domain::clock::Clock;
use domain::ids::LedgerId;
use sqlx::PgPool;
use tokio::sync::{Mutex, mpsc};
use tokio::time::Instant;
use tokio_util::sync::{CancellationToken, DropGuard};
use tokio_util::task::TaskTracker;

use crate::append::{Append, AppendError, Premise, Receipt};
use crate::reader::Reader;
use crate::supervise::supervised;
use crate::wake::Outbox;
use crate::writer::{Drafts, Inbox, Limits, Pace, Request, Setup, Writer};

/// How much the ledger takes on.
#[derive(Clone, Copy, Debug)]
pub struct Options {
    /// How many writers there are, each with a connection of its own. A ledger has one of them. A commit
    /// costs nearly the same whatever is in it, so on few processors one writer with large batches does more than
    /// several with small ones; more help where the database has processors to spare.
    pub writers: usize,
    /// How many requests may wait for one writer before more are turned away.
    pub queue: usize,
    /// How many requests are written together at most.
    pub batch: usize,
    /// How many bytes of leaves are written together, give or take one request.
    pub batch_bytes: usize,
    /// How long a request may take, in the queue and in the database, before it is given up.
    pub patience: Duration,
    /// Whether other processes are told of appends; otherwise they find them by polling.
    pub notify: bool,
}

impl Default for Options {
    fn default() -> Self {
        Self {
            writers: 1,
            queue: 1_024,
            batch: 256,
            batch_bytes: 8 << 20,
            patience: Duration::from_secs(10),
            notify: true,
        }
    }
}

/// Appends to ledgers and reads them. Cheap to clone; every clone shares the writers.
///
/// Reads as its [`Reader`] does. Dropping the last clone lets the writers finish what is queued;
/// [`Ledger::shutdown`] waits for them.
#[derive(Clone)]
pub struct Ledger {
    inner: Arc<Inner>,
}

struct Inner {
    lanes: Vec<Lane>,
    limits: Limits,
    reader: Reader,
    stop_writers: CancellationToken,
    writers: TaskTracker,
    stop_notifier: CancellationToken,
    notifier: TaskTracker,
    /// Stops the notifier when nobody waited for [`Ledger::shutdown`].
    _guard: DropGuard,
}

struct Lane {
    queue: mpsc::Sender<Request>,
    pace: Arc<Pace>,
}

impl Ledger {
    /// Starts the writers over `pool`. Each takes a connection out of it when it first writes.
    ///
    /// Must be called inside a tokio runtime.
    pub fn start(pool: PgPool, options: Options, clock: Arc<dyn Clock>) -> Self {
        let reader = Reader::new(pool);
        let stop_notifier = CancellationToken::new();
        let notifier = TaskTracker::new();
        let outbox = options.notify.then(|| Arc::new(Outbox::default()));
        if let Some(outbox) = outbox.clone() {
            let (pool, stop) = (reader.pool().clone(), stop_notifier.clone());
            notifier.spawn(supervised("notifier", move || {
                Arc::clone(&outbox).deliver(pool.clone(), stop.clone())
            }));
        }
        let setup = Setup {
            pool: reader.pool().clone(),
            clock,
            wake: Arc::clone(reader.wake()),
            outbox,
            limits: limits(options),
        };
        let writers = TaskTracker::new();
        let stop_writers = CancellationToken::new();
        let lanes = (0..options.writers.max(1))
            .map(|_| {
                let (lane, requests) = Lane::new(options.queue);
                let inbox = Inbox::new(requests, stop_writers.clone());
                let inbox = Arc::new(Mutex::new(inbox));
                let (setup, pace) = (setup.clone(), Arc::clone(&lane.pace));
                writers.spawn(supervised("writer", move || {
                    Writer::new(setup.clone(), Arc::clone(&pace)).run(Arc::clone(&inbox))
                }));
                lane
            })
            .collect();
        Self {
            inner: Arc::new(Inner {
                lanes,
                limits: setup.limits,
                reader,
                stop_writers,
                writers,
                _guard: stop_notifier.clone().drop_guard(),
                stop_notifier,
                notifier,
            }),
        }
    }

    /// The reading half, for what only reads.
    pub fn reader(&self) -> &Reader {
        &self.inner.reader
    }

    /// Records a command: all of its entries, or none.
    ///
    /// Once this answers with a receipt, the entries are durable. Dropping the future gives up the
    /// answer, not the command. The same command id and request again gets the first answer again.
    ///
    /// # Errors
    /// As [`AppendError`] lists. Nothing was recorded, except after [`AppendError::OutcomeUnknown`],
    /// which does not know.
    pub async fn append(&self, append: Append) -> Result<Receipt, AppendError> {
        self.append_given(append, &[]).await
    }

    /// The same, if all of `premises` still hold as it is written: whatever was recorded before this was called counts,
    /// whichever process recorded it.
    ///
    /// # Errors
    /// As [`Ledger::append`], and [`AppendError::Overtaken`] when one holds no more.
    pub async fn append_given(
        &self,
        append: Append,
        premises: &[Premise],
    ) -> Result<Receipt, AppendError> {
        let lane = self.lane(append.ledger);
        let (request, answer) = Request::new(Drafts::of(&append, premises)?, Instant::now());
        lane.queue
            .try_send(request)
            .map_err(|refused| match refused {
                mpsc::error::TrySendError::Closed(_) => AppendError::ShuttingDown,
                mpsc::error::TrySendError::Full(_) => {
                    metrics::counter!("ledger_turned_away_total").increment(1);
                    let batches = lane.queue.max_capacity() / self.inner.limits.requests + 1;
                    AppendError::Busy {
                        retry_after: lane.pace.time_for(batches),
                    }
                }
            })?;
        match answer.await {
            Ok(answer) => answer,
            Err(_) => Box::pin(self.append_again(&append, premises)).await,
        }
    }

    /// What became of a command whose writer broke, and may have been writing it: the next writer
    /// looks it up and writes it if it is not there. One that takes that writer with it too is looked
    /// up once more and left.
    async fn append_again(
        &self,
        append: &Append,
        premises: &[Premise],
    ) -> Result<Receipt, AppendError> {
        let (request, answer) = Request::again(Drafts::of(append, premises)?, Instant::now());
        let queue = &self.lane(append.ledger).queue;
        let sent = tokio::time::timeout(self.inner.limits.patience, queue.send(request)).await;
        if let Ok(Ok(())) = sent
            && let Ok(answer) = answer.await
        {
            return answer;
        }
        match self.lookup(append.ledger, append.command).await {
            Ok(Some((receipt, digest))) if digest == append.digest => Ok(receipt),
            Ok(Some(_)) => Err(AppendError::CommandReused),
            Ok(None) | Err(_) => Err(AppendError::OutcomeUnknown {
                command: append.command,
            }),
        }
    }

    /// Whether every writer is there to take appends. Not after [`Ledger::shutdown`].
    pub fn is_writing(&self) -> bool {
        !self.inner.lanes.iter().any(|lane| lane.queue.is_closed())
    }

    /// Takes on nothing more, writes what is queued, and waits until that is done.
    pub async fn shutdown(self) {
        self.inner.stop_writers.cancel();
        self.inner.writers.close();
        self.inner.writers.wait().await;
        self.inner.stop_notifier.cancel();
        self.inner.notifier.close();
        self.inner.notifier.wait().await;
    }

    fn lane(&self, ledger: LedgerId) -> &Lane {
        let (high, low) = ledger.uuid().as_u64_pair();
        let lanes = self.inner.lanes.len();
        let index = usize::try_from((high ^ low) % u64::try_from(lanes).unwrap_or(1)).unwrap_or(0);
        &self.inner.lanes[index]
    }
}

impl Lane {
    fn new(queue: usize) -> (Self, mpsc::Receiver<Request>) {
        let (queue, requests) = mpsc::channel(queue.max(1));
        let pace = Arc::new(Pace::default());
        (Self { queue, pace }, requests)
    }
}

impl Deref for Ledger {
    type Target = Reader;

    fn deref(&self) -> &Reader {
        &self.inner.reader
    }
}

fn limits(options: Options) -> Limits {
    Limits {
        requests: options.batch.max(1),
        bytes: options.batch_bytes.max(1),
        patience: options.patience,
    }
}
