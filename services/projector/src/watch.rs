//! Watching how far the views are behind, for `/readyz` and the metrics.

use ledger::Pool;
use std::sync::Arc;
use std::time::Duration;

use chrono::TimeDelta;
use domain::clock::Clock;
use telemetry::Health;
use tokio::time::{MissedTickBehavior, interval};
use tokio_util::sync::CancellationToken;
use views::Lag;

use crate::Deps;

/// How often to look.
const EVERY: Duration = Duration::from_secs(1);

/// Tells health and metrics how far the views are behind.
pub(crate) struct LagWatch {
    pool: Pool,
    clock: Arc<dyn Clock>,
    health: Health,
    limit: Duration,
}

impl LagWatch {
    pub(crate) fn new(deps: &Deps, limit: Duration) -> Self {
        Self {
            pool: deps.pool.clone(),
            clock: Arc::clone(&deps.clock),
            health: deps.health.clone(),
            limit,
        }
    }

    pub(crate) async fn run(self, stop: CancellationToken) {
        let check = self.health.check("projector");
        let mut tick = interval(EVERY);
        tick.set_missed_tick_behavior(MissedTickBehavior::Delay);
        loop {
            tokio::select! {
                () = stop.cancelled() => return,
                _ = tick.tick() => {}
            }
            match views::lags(&self.pool).await {
                Ok(lags) => match self.verdict(&lags) {
                    None => check.ok_for(EVERY * 10),
                    Some(reason) => check.failing(reason),
                },
                Err(error) => check.failing(format!("the checkpoints cannot be read: {error}")),
            }
        }
    }

    /// Why the views are not ready, if they are not. Also sets the gauges.
    fn verdict(&self, lags: &[Lag]) -> Option<String> {
        let now = self.clock.now();
        let age = |lag: &Lag| {
            lag.waiting_since
                .map_or(TimeDelta::zero(), |since| now - since)
        };
        let entries: u64 = lags
            .iter()
            .map(|lag| lag.head.saturating_sub(lag.projected))
            .sum();
        let oldest = lags.iter().map(age).max().unwrap_or_default();
        let parked: u64 = lags.iter().map(|lag| lag.parked).sum();
        #[expect(
            clippy::cast_precision_loss,
            reason = "a gauge; beyond 2^53 the digit lost is moot"
        )]
        {
            metrics::gauge!("projector_lag_entries").set(entries as f64);
            metrics::gauge!("projector_lag_seconds").set(oldest.num_milliseconds() as f64 / 1000.0);
            metrics::gauge!("projector_parked_views").set(parked as f64);
        }
        if let Some(lag) = lags.iter().find(|lag| lag.parked > 0) {
            return Some(format!(
                "{} of the views of ledger {} are parked; see view_checkpoint for why, then rebuild them",
                lag.parked, lag.ledger
            ));
        }
        let late = lags
            .iter()
            .find(|lag| age(lag).to_std().is_ok_and(|age| age > self.limit))?;
        Some(format!(
            "the views of ledger {} are at {} of {} and have waited {} s",
            late.ledger,
            late.projected,
            late.head,
            age(late).num_seconds()
        ))
    }
}
