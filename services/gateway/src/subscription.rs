//! Following a ledger: first what is there, then each entry as it is recorded.

use async_graphql::{Context, ID, Subscription as Subscribes};
use futures::{Stream, StreamExt};

use crate::error::ApiError;
use crate::reads::reads;
use crate::types::entry::Entry;
use crate::types::scalars::Position;
use crate::types::time::ledger_of;

/// What can be followed.
pub struct Subscription;

/// What can be followed, over a WebSocket (`graphql-transport-ws`) or as server-sent events.
#[Subscribes]
impl Subscription {
    /// Every entry of a ledger after a position, each once and in order: first those there are, then each
    /// as it is recorded. After a break, carry on from the last position seen.
    async fn entries(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The compact, or the region, whose ledger to follow.")] ledger: ID,
        #[graphql(desc = "The position after which to begin; from the first entry when left out.")]
        after: Option<Position>,
    ) -> async_graphql::Result<impl Stream<Item = async_graphql::Result<Entry>> + use<>> {
        let ledger = ledger_of("ledger", &ledger)?;
        let after = after.map_or(0, |after| after.0);
        let reader = reads(ctx).ledger();
        if reader.head(ledger).await.map_err(ApiError::from)?.is_none() {
            Err(ApiError::BadInput {
                argument: "ledger",
                message: "nothing has been recorded there".to_owned(),
            })?;
        }
        let entries = reader.subscribe(ledger, after);
        Ok(entries.map(|raw| {
            let raw = raw.map_err(ApiError::from)?;
            Ok(Entry::read(raw)?)
        }))
    }
}
