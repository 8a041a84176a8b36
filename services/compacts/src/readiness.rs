//! Watching what this process cannot work without, for `/readyz`.

use std::time::Duration;

use ledger::{Ledger, Pool};
use telemetry::{Check, Health};
use tokio::time::{MissedTickBehavior, interval, timeout};
use tokio_util::sync::CancellationToken;

/// How often to look.
const EVERY: Duration = Duration::from_secs(1);

/// How long the database may take to answer that it is there.
const ANSWER: Duration = Duration::from_secs(5);

/// How old the last look may be before what it saw counts as unknown.
const KEEPS: Duration = Duration::from_secs(15);

/// Looks at the database, and at the ledger's writers when there are any in this process, until `stop`.
pub struct Readiness {
    pool: Pool,
    database: Check,
    writers: Option<(Ledger, Check)>,
}

impl Readiness {
    /// The checks `database` and, with a ledger to write, `ledger`; both red until looked at.
    pub fn new(health: &Health, pool: Pool, ledger: Option<Ledger>) -> Self {
        Self {
            pool,
            database: health.check("database"),
            writers: ledger.map(|ledger| (ledger, health.check("ledger"))),
        }
    }

    /// Looks once a second.
    pub async fn run(self, stop: CancellationToken) {
        let mut tick = interval(EVERY);
        tick.set_missed_tick_behavior(MissedTickBehavior::Delay);
        while stop.run_until_cancelled(tick.tick()).await.is_some() {
            if stop.run_until_cancelled(self.look()).await.is_none() {
                return;
            }
        }
    }

    /// Looks at everything once.
    pub async fn look(&self) {
        match timeout(ANSWER, ledger::pool::answers(&self.pool)).await {
            Ok(Ok(())) => self.database.ok_for(KEEPS),
            Ok(Err(error)) => self
                .database
                .failing(format!("the database does not answer: {error}")),
            Err(_) => self.database.failing(format!(
                "the database has not answered for {} s",
                ANSWER.as_secs()
            )),
        }
        match &self.writers {
            Some((ledger, check)) if ledger.is_writing() => check.ok_for(KEEPS),
            Some((_, check)) => check.failing("the ledger takes nothing more on"),
            None => {}
        }
    }
}
