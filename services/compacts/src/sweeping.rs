//! Takes out of the accounts what has ended: sessions, links, counts of attempts. Nothing depends on it but the size of the
//! tables.

use std::time::Duration;

use gateway::identity::{Identity, IdentityError};
use tokio::time::{MissedTickBehavior, interval};
use tokio_util::sync::CancellationToken;

/// How often it is done.
const EVERY: Duration = Duration::from_mins(5);

/// Sweeps until `stop`. What it cannot do now it does next time.
pub async fn run(identity: Identity, stop: CancellationToken) {
    let mut turns = interval(EVERY);
    turns.set_missed_tick_behavior(MissedTickBehavior::Delay);
    while stop.run_until_cancelled(turns.tick()).await.is_some() {
        if let Err(error) = sweep(&identity, &stop).await {
            let error: &dyn std::error::Error = &error;
            tracing::warn!(
                error,
                "what has ended could not be taken out of the accounts"
            );
        }
    }
}

async fn sweep(identity: &Identity, stop: &CancellationToken) -> Result<(), IdentityError> {
    let Some(accounts) = identity.accounts().await? else {
        return Ok(());
    };
    while !stop.is_cancelled() && accounts.sweep().await?.more() {}
    Ok(())
}
