//! Following a ledger: catch up, then live, with no seam between.
//!
//! There is one way of reading, by position, before and after catching up. What changes is only
//! what it waits for when there is nothing more.

use std::time::Duration;

use domain::ids::LedgerId;
use futures::stream::{self, BoxStream};
use futures::{StreamExt, TryStreamExt};
use tokio::sync::watch;

use crate::entry::Position;
use crate::reader::{RawEntry, ReadError, Reader};

/// How many entries are read at once.
const PAGE: u32 = 500;

/// How long to wait for a wake-up before looking anyway.
const POLL_EVERY: Duration = Duration::from_millis(500);

struct Tail {
    reader: Reader,
    ledger: LedgerId,
    after: Position,
    head: watch::Receiver<Position>,
}

impl Tail {
    /// The next entries, at least one, as soon as there are any.
    async fn next_page(&mut self) -> Result<Vec<RawEntry>, ReadError> {
        loop {
            // Marked as seen before the read: a wake-up that comes during it is not lost.
            self.head.borrow_and_update();
            let page = self.reader.read(self.ledger, self.after, PAGE).await?;
            if let Some(last) = page.last() {
                self.after = last.position;
                return Ok(page);
            }
            // A wake-up or the time to look anyway: the same to the next read.
            let _ = tokio::time::timeout(POLL_EVERY, self.head.changed()).await;
        }
    }
}

/// Every entry after `after`, each once, in order.
pub(crate) fn subscribe(
    reader: Reader,
    ledger: LedgerId,
    after: Position,
) -> BoxStream<'static, Result<RawEntry, ReadError>> {
    let head = reader.watch(ledger);
    let tail = Tail {
        reader,
        ledger,
        after,
        head,
    };
    stream::try_unfold(tail, |mut tail| async move {
        let page = tail.next_page().await?;
        Ok::<_, ReadError>(Some((page, tail)))
    })
    .map_ok(|page| stream::iter(page.into_iter().map(Ok)))
    .try_flatten()
    .boxed()
}
