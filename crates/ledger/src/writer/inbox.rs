//! What waits for a writer, and which of it is written together.
//!
//! It outlives the writer: one that breaks loses the batch it was at, and nothing that waits.

use std::collections::VecDeque;

use tokio::sync::mpsc;
use tokio_util::sync::CancellationToken;

use super::Limits;
use super::request::Request;

/// A writer's queue.
pub(crate) struct Inbox {
    queue: mpsc::Receiver<Request>,
    /// Taken out of the queue already, each to be settled by itself.
    set_aside: VecDeque<Request>,
    stop: CancellationToken,
}

impl Inbox {
    /// Takes from `queue` until it is closed and empty, or, once told to `stop`, empty.
    pub(crate) const fn new(queue: mpsc::Receiver<Request>, stop: CancellationToken) -> Self {
        Self {
            queue,
            set_aside: VecDeque::new(),
            stop,
        }
    }

    /// The next requests to settle together: what gathered while the last batch was being written.
    /// A request that was there when a writer broke comes by itself, or it might take others with it
    /// again.
    pub(crate) async fn next(&mut self, limits: Limits) -> Option<Vec<Request>> {
        if let Some(request) = self.set_aside.pop_front() {
            return Some(vec![request]);
        }
        let first = self.first().await?;
        metrics::gauge!("ledger_queue_requests").set(f64::from(
            u32::try_from(self.queue.len()).unwrap_or(u32::MAX),
        ));
        let mut bytes = first.drafts.bytes;
        let mut batch = vec![first];
        if batch[0].is_sent_again() {
            return Some(batch);
        }
        while batch.len() < limits.requests
            && bytes < limits.bytes
            && let Ok(request) = self.queue.try_recv()
        {
            if request.is_sent_again() {
                self.set_aside.push_back(request);
                break;
            }
            bytes += request.drafts.bytes;
            batch.push(request);
        }
        Some(batch)
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
