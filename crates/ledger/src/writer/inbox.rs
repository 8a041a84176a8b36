//! What waits for a writer, and which of it is written together.
//!
//! It outlives the writer: one that breaks loses the batch it was at, and nothing that waits.

use std::collections::VecDeque;
use std::time::{Duration, Instant};

use tokio::sync::mpsc;
use tokio_util::sync::CancellationToken;

use super::Limits;
use super::request::Request;

/// How often a writer looks in vain for one more request before it sets out.
const IDLE_LOOKS: u32 = 3;

/// For how long it goes on looking while fewer have come than were answered last.
const WAIT_FOR_THE_OTHERS: Duration = Duration::from_micros(50);

/// A writer's queue.
pub(crate) struct Inbox {
    queue: mpsc::Receiver<Request>,
    /// Taken out of the queue already, each to be settled by itself.
    set_aside: VecDeque<Request>,
    /// How many are likely to ask at about the same time.
    crowd: usize,
    stop: CancellationToken,
}

impl Inbox {
    /// Takes from `queue` until it is closed and empty, or, once told to `stop`, empty.
    pub(crate) const fn new(queue: mpsc::Receiver<Request>, stop: CancellationToken) -> Self {
        Self {
            queue,
            set_aside: VecDeque::new(),
            crowd: 0,
            stop,
        }
    }

    /// The next requests to settle together: what gathered while the last batch was being written, and
    /// what comes while the writer looks.
    ///
    /// Whoever was answered a moment ago is about to ask again. A writer that set out with the first of
    /// them would leave the others waiting for a whole commit; so it lets them go first until nothing
    /// more comes, and while fewer have come than did before, a little longer: some may be at work on
    /// another processor. With nobody about this takes microseconds.
    ///
    /// A request that was there when a writer broke comes by itself, or it might take others with it
    /// again.
    pub(crate) async fn next(&mut self, limits: Limits) -> Option<Vec<Request>> {
        if let Some(request) = self.set_aside.pop_front() {
            return Some(vec![request]);
        }
        let mut batch = Batch::new(self.first().await?, limits);
        if batch.requests[0].is_sent_again() {
            return Some(batch.requests);
        }
        let (mut idle, mut since) = (0, Instant::now());
        while batch.has_room() && self.set_aside.is_empty() {
            if self.take_what_is_there(&mut batch) {
                (idle, since) = (0, Instant::now());
                continue;
            }
            idle += 1;
            let is_all = batch.requests.len() >= self.crowd;
            if idle > IDLE_LOOKS && (is_all || since.elapsed() > WAIT_FOR_THE_OTHERS) {
                break;
            }
            tokio::task::yield_now().await;
        }
        // One who goes away is not missed for long.
        self.crowd = batch
            .requests
            .len()
            .max(self.crowd - self.crowd.div_ceil(8));
        metrics::gauge!("ledger_queue_requests").set(f64::from(
            u32::try_from(self.queue.len()).unwrap_or(u32::MAX),
        ));
        Some(batch.requests)
    }

    /// Moves into `batch` what fits. Answers whether there was anything.
    fn take_what_is_there(&mut self, batch: &mut Batch) -> bool {
        let before = batch.requests.len();
        while batch.has_room()
            && let Ok(request) = self.queue.try_recv()
        {
            if request.is_sent_again() {
                self.set_aside.push_back(request);
                return true;
            }
            batch.push(request);
        }
        batch.requests.len() > before
    }

    async fn first(&mut self) -> Option<Request> {
        if let Some(request) = self.stop.run_until_cancelled(self.queue.recv()).await {
            return request;
        }
        // Stopping: nothing more comes in, what is in is written.
        self.queue.close();
        self.queue.recv().await
    }
}

/// Requests that are settled together.
struct Batch {
    requests: Vec<Request>,
    bytes: usize,
    limits: Limits,
}

impl Batch {
    fn new(first: Request, limits: Limits) -> Self {
        Self {
            bytes: first.drafts.bytes,
            requests: vec![first],
            limits,
        }
    }

    fn has_room(&self) -> bool {
        self.requests.len() < self.limits.requests && self.bytes < self.limits.bytes
    }

    fn push(&mut self, request: Request) {
        self.bytes += request.drafts.bytes;
        self.requests.push(request);
    }
}
