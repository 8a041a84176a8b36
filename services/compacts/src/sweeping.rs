//! What is done every few minutes: what has ended is taken out of the accounts, and erasures that stopped on the way are
//! carried on.

use std::error::Error;
use std::sync::Arc;
use std::time::Duration;

use accounts::AccountErasures;
use chrono::TimeDelta;
use files::Files;
use gateway::identity::Identity;
use recorder::Recorder;
use tokio::time::{Interval, MissedTickBehavior, interval};
use tokio_util::sync::CancellationToken;
use vault::Vault;

/// How often it is done.
const EVERY: Duration = Duration::from_mins(5);

fn turns() -> Interval {
    let mut turns = interval(EVERY);
    turns.set_missed_tick_behavior(MissedTickBehavior::Delay);
    turns
}

/// Sweeps accounts until `stop`. What it cannot do now it does next time.
pub async fn accounts(identity: Identity, vault: Vault, stop: CancellationToken) {
    let mut turns = turns();
    while stop.run_until_cancelled(turns.tick()).await.is_some() {
        if let Err(error) = sweep(&identity, &vault, &stop).await {
            let error: &(dyn Error + 'static) = &*error;
            tracing::warn!(
                error,
                "what has ended could not be taken out of the accounts"
            );
        }
    }
}

async fn sweep(
    identity: &Identity,
    vault: &Vault,
    stop: &CancellationToken,
) -> Result<(), Box<dyn Error + Send + Sync>> {
    let Some(accounts) = identity.accounts().await? else {
        return Ok(());
    };
    while !stop.is_cancelled() && accounts.sweep().await?.more() {}
    let erasures = AccountErasures::new(accounts.clone(), vault.clone());
    // Each that stopped again has said so.
    drop(erasures.resume_all().await?);
    Ok(())
}

/// Takes away files that nothing has referred to for `unused_for`, until `stop`.
pub async fn files(files: Files, unused_for: TimeDelta, stop: CancellationToken) {
    let mut turns = turns();
    while stop.run_until_cancelled(turns.tick()).await.is_some() {
        while !stop.is_cancelled() {
            match files.sweep(unused_for).await {
                Ok(swept) if swept.more() => {}
                Ok(_) => break,
                Err(error) => {
                    let error: &dyn Error = &error;
                    tracing::warn!(
                        error,
                        "files that nothing refers to could not be taken away"
                    );
                    break;
                }
            }
        }
    }
}

/// Carries on the erasures of people and texts until `stop`.
pub async fn erasures(recorder: Arc<Recorder>, stop: CancellationToken) {
    let mut turns = turns();
    while stop.run_until_cancelled(turns.tick()).await.is_some() {
        if let Err(error) = recorder.finish_all_erasures().await {
            let error: &dyn Error = &error;
            tracing::warn!(error, "erasures could not be carried on");
        }
    }
}
