//! Following a ledger: first what is there, then each entry as it is recorded.

use std::sync::Arc;
use std::time::Duration;

use async_graphql::{Context, ID, Subscription as Subscribes};
use domain::ids::LedgerId;
use futures::{Stream, StreamExt, stream};
use ledger::{RawEntry, ReadError};
use tokio::time::{Instant, timeout};

use crate::caller::Shown;
use crate::error::ApiError;
use crate::reads::{Reads, reads};
use crate::types::entry::Entry;
use crate::types::scalars::Position;
use crate::types::time::ledger_of;

/// How long an answer to whether the ledger may still be followed is good for.
const GOOD_FOR: Duration = Duration::from_secs(1);

/// How often it is asked although nothing is recorded.
const AT_LEAST_EVERY: Duration = Duration::from_secs(10);

/// What can be followed.
pub struct Subscription;

/// What can be followed, over a WebSocket (`graphql-transport-ws`) or as server-sent events.
#[Subscribes]
impl Subscription {
    /// Every entry of a ledger after a position, each once and in order: first those there are, then each
    /// as it is recorded. After a break, carry on from the last position seen. It ends when the role ends by which the
    /// ledger is followed, and with an error when the session or the token does.
    async fn entries(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The compact, or the region, whose ledger to follow.")] ledger: ID,
        #[graphql(desc = "The position after which to begin; from the first entry when left out.")]
        after: Option<Position>,
    ) -> async_graphql::Result<impl Stream<Item = async_graphql::Result<Entry>> + use<>> {
        let ledger = ledger_of("ledger", &ledger)?;
        let after = after.map_or(0, |after| after.0);
        let reads = reads(ctx);
        let entries = reads.follow(ledger, after).await?;
        let entries = entries.ok_or_else(|| ApiError::BadInput {
            argument: "ledger",
            message: "nothing has been recorded there".to_owned(),
        })?;
        let followed = Followed {
            reads,
            ledger,
            shown: ctx.data::<Shown>()?.clone(),
            entries: Some(entries),
            allowed_at: Instant::now(),
        };
        Ok(followed.stream().map(|raw| Ok(Entry::read(raw?)?)))
    }
}

/// A ledger that is followed for as long as it may be.
struct Followed<S> {
    reads: Arc<Reads>,
    ledger: LedgerId,
    shown: Shown,
    /// None once it has ended.
    entries: Option<S>,
    allowed_at: Instant,
}

impl<S> Followed<S>
where
    S: Stream<Item = Result<RawEntry, ReadError>> + Send + Unpin,
{
    fn stream(self) -> impl Stream<Item = Result<RawEntry, ApiError>> {
        let next = |mut followed: Self| async move {
            let next = followed.next().await?;
            if next.is_err() {
                followed.entries = None;
            }
            Some((next, followed))
        };
        stream::unfold(self, next)
    }

    async fn next(&mut self) -> Option<Result<RawEntry, ApiError>> {
        loop {
            let entries = self.entries.as_mut()?;
            let next = timeout(AT_LEAST_EVERY, entries.next()).await;
            match self.is_allowed().await {
                Ok(true) => {}
                Ok(false) => return None,
                Err(error) => return Some(Err(error)),
            }
            if let Ok(next) = next {
                return next.map(|raw| raw.map_err(ApiError::from));
            }
        }
    }

    async fn is_allowed(&mut self) -> Result<bool, ApiError> {
        if self.allowed_at.elapsed() < GOOD_FOR {
            return Ok(true);
        }
        let allowed = self.reads.follows_still(self.ledger, &self.shown).await?;
        self.allowed_at = Instant::now();
        Ok(allowed)
    }
}
