//! Writers: a few long-lived tasks that do all the writing.
//!
//! A ledger always goes to the same writer, and a writer commits one batch at a time. While a commit
//! is in flight the next batch gathers in its queue. All database work happens here, in the writer's
//! own task and on its own connection, so a caller that hangs up cancels nothing half-way.
//!
//! A writer that breaks is replaced by one that remembers nothing. The requests it was at go unanswered,
//! and their callers send them again, in doubt.

mod fault;
mod inbox;
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
use tokio::sync::Mutex;
use tokio::time::Instant;
use tracing::Instrument;

use crate::wake::{Outbox, Wake};

pub(crate) use inbox::Inbox;
use line::Line;
use memory::Memory;
pub(crate) use request::{Drafts, Request};
pub(crate) use statement::read_versions;

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

    /// Writes what is queued until there will be nothing more.
    pub(crate) async fn run(mut self, inbox: Arc<Mutex<Inbox>>) {
        let mut inbox = inbox.lock_owned().await;
        while let Some(batch) = inbox.next(self.setup.limits).await {
            let started = Instant::now();
            let span = tracing::info_span!(
                "write",
                command = tracing::field::Empty,
                commands = batch.len()
            );
            if let Some(first) = batch.first() {
                span.record("command", tracing::field::display(first.drafts.command));
            }
            // Who asked is named by the spans they waited in.
            for request in &batch {
                span.follows_from(request.asked_in());
            }
            self.settle(batch).instrument(span).await;
            self.pace.note(started.elapsed());
        }
        self.line.close().await;
    }
}
