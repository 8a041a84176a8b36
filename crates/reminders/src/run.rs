//! The process: rounds by the clock until it is told to stop, and how it is.

use std::error::Error;
use std::sync::Arc;
use std::time::Duration;

use chrono::{DateTime, TimeDelta, Utc};
use domain::clock::Clock;
use telemetry::Health;
use telemetry::health::Check;
use tokio::time::{MissedTickBehavior, interval};
use tokio_util::sync::CancellationToken;

use crate::outbox::OutboxError;
use crate::round::{Rounds, Ticked};

/// How often it is asked whose turn it is. Each compact has its own pace ([`Rounds::new`]).
const ASK_EVERY: Duration = Duration::from_secs(10);

/// What the process needs, and tells.
pub struct Watch {
    /// What looks at compacts.
    pub rounds: Rounds,
    /// What time it is.
    pub clock: Arc<dyn Clock>,
    /// Is told how it is, as the check `reminders`.
    pub health: Health,
    /// How long ago the compact may have been looked at that was looked at longest ago, before `/readyz` turns red.
    pub readiness_lag: Duration,
}

/// Makes rounds until `stop`; a look under way is finished first.
pub async fn run(watch: Watch, stop: CancellationToken) {
    let check = watch.health.check("reminders");
    let mut tick = interval(ASK_EVERY);
    tick.set_missed_tick_behavior(MissedTickBehavior::Delay);
    while stop.run_until_cancelled(tick.tick()).await.is_some() {
        match watch.round(&stop).await {
            Ok(None) => check.ok_for(ASK_EVERY * 30),
            Ok(Some(behind)) => check.failing(behind),
            Err(error) => told(&check, &error),
        }
    }
}

fn told(check: &Check, error: &OutboxError) {
    let error: &(dyn Error + 'static) = error;
    tracing::warn!(error, "reminders could not be noticed; trying again");
    check.failing("the outbox of reminders cannot be read or written");
}

impl Watch {
    /// Rounds until nobody's turn is left; why it lags, if it does.
    async fn round(&self, stop: &CancellationToken) -> Result<Option<String>, OutboxError> {
        while !stop.is_cancelled() {
            let ticked = self
                .rounds
                .tick(self.clock.now(), self.clock.today())
                .await?;
            count(&ticked);
            if !ticked.more() {
                break;
            }
        }
        let looked_at = self.rounds.outbox().looked_at().await?;
        for (state, count) in self.rounds.outbox().counts().await? {
            #[expect(clippy::cast_precision_loss, reason = "a gauge")]
            metrics::gauge!("reminders", "state" => state.as_str()).set(count as f64);
        }
        Ok(self.behind(looked_at))
    }

    fn behind(&self, looked_at: Option<DateTime<Utc>>) -> Option<String> {
        let age = looked_at.map_or(TimeDelta::zero(), |at| self.clock.now() - at);
        #[expect(clippy::cast_precision_loss, reason = "a gauge")]
        metrics::gauge!("reminders_lag_seconds").set(age.num_seconds() as f64);
        let late = age.to_std().is_ok_and(|age| age > self.readiness_lag);
        late.then(|| {
            let minutes = age.num_minutes();
            format!("a compact was last looked at for reminders {minutes} minutes ago")
        })
    }
}

fn count(ticked: &Ticked) {
    for (ledger, looked) in &ticked.looked {
        match looked {
            Ok(noted) => {
                metrics::counter!("reminders_noticed_total").increment(noted.new);
                metrics::counter!("reminders_cancelled_total").increment(noted.cancelled);
            }
            Err(error) => {
                let error: &(dyn Error + 'static) = error;
                metrics::counter!("reminders_failed_looks_total").increment(1);
                tracing::warn!(error, %ledger, "a compact could not be looked at for reminders; it is tried again");
            }
        }
    }
}
