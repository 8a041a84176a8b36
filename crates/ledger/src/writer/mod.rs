//! Writers: a few long-lived tasks that do all the writing.
//!
//! A ledger always goes to the same writer, and a writer commits one batch at a time. While a commit
//! is in flight the next batch gathers in its queue. All database work happens here, in the writer's
//! own task and on its own connection, so a caller that hangs up cancels nothing half-way.

mod fault;
mod line;
mod memory;
mod plan;
mod request;
mod settle;
mod statement;

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use domain::clock::Clock;
use sqlx::PgPool;
use tokio::sync::mpsc;
use tokio::time::Instant;
use tokio_util::sync::CancellationToken;

use crate::wake::{Outbox, Wake};

use line::Line;
use memory::Memory;
pub(crate) use request::{Drafts, Request};

/// What every writer is given.
#[derive(Clone)]
pub(crate) struct Setup {
    pub pool: PgPool,
    pub clock: Arc<dyn Clock>,
    pub wake: Arc<Wake>,
    /// Where appends are put for other processes; none when they are not told.
    pub outbox: Option<Arc<Outbox>>,
    pub limits: Limits,
}

/// How much a writer takes on at once, and for how long it keeps trying.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Limits {
    pub requests: usize,
    pub bytes: usize,
    pub patience: Duration,
}

/// How fast a writer got through its last batch, for telling callers when to come back.
#[derive(Default)]
pub(crate) struct Pace {
    micros_per_batch: AtomicU64,
}

impl Pace {
    fn note(&self, batch: Duration) {
        let micros = u64::try_from(batch.as_micros()).unwrap_or(u64::MAX);
        self.micros_per_batch.store(micros, Ordering::Relaxed);
    }

    /// How long `batches` will take at the pace of the last.
    pub(crate) fn time_for(&self, batches: usize) -> Duration {
        let micros = self.micros_per_batch.load(Ordering::Relaxed);
        let batches = u64::try_from(batches).unwrap_or(u64::MAX);
        Duration::from_micros(micros.saturating_mul(batches))
            .clamp(Duration::from_millis(100), Duration::from_secs(10))
    }
}

/// One writer.
pub(crate) struct Writer {
    setup: Setup,
    pace: Arc<Pace>,
    line: Line,
    memory: Memory,
}

impl Writer {
    pub(crate) fn new(setup: Setup, pace: Arc<Pace>) -> Self {
        Self {
            line: Line::new(setup.pool.clone()),
            memory: Memory::new(),
            setup,
            pace,
        }
    }

    /// Writes what is queued until the queue is closed and empty, or, once told to stop, empty.
    pub(crate) async fn run(mut self, mut queue: mpsc::Receiver<Request>, stop: CancellationToken) {
        while let Some(first) = next(&mut queue, &stop).await {
            let batch = self.gather(first, &mut queue);
            let started = Instant::now();
            self.settle(batch).await;
            self.pace.note(started.elapsed());
        }
        self.line.close().await;
    }

    /// Takes what gathered while the last batch was being written.
    fn gather(&self, first: Request, queue: &mut mpsc::Receiver<Request>) -> Vec<Request> {
        metrics::gauge!("ledger_queue_requests")
            .set(f64::from(u32::try_from(queue.len()).unwrap_or(u32::MAX)));
        let mut bytes = first.drafts.bytes;
        let mut batch = vec![first];
        while batch.len() < self.setup.limits.requests
            && bytes < self.setup.limits.bytes
            && let Ok(request) = queue.try_recv()
        {
            bytes += request.drafts.bytes;
            batch.push(request);
        }
        batch
    }
}

async fn next(queue: &mut mpsc::Receiver<Request>, stop: &CancellationToken) -> Option<Request> {
    if let Some(request) = stop.run_until_cancelled(queue.recv()).await {
        return request;
    }
    // Stopping: nothing more comes in, what is in is written.
    queue.close();
    queue.recv().await
}
