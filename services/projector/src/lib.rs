//! Folds each ledger into read models: writes views and nothing else.
//!
//! Wiring only. It leases ledgers, follows each in a task of its own, tells who waits how far it got,
//! and says how it is. What a view is and how rows are saved is the views' business.

mod follow;
mod watch;

use std::collections::HashMap;
use std::sync::Arc;
use std::time::Duration;

use domain::clock::Clock;
use domain::ids::LedgerId;
use ledger::{Pool, Reader};
use telemetry::Health;
use tokio::task::JoinHandle;
use tokio::time::{MissedTickBehavior, interval};
use tokio_util::sync::{CancellationToken, DropGuard};
use tokio_util::task::TaskTracker;
use uuid::Uuid;
use views::{Leases, Projected, Projection};

use crate::follow::Follower;
use crate::watch::LagWatch;

/// How a projector goes about its work.
#[derive(Clone, Debug)]
pub struct Settings {
    /// Who it is among the projectors: unlike any other that runs.
    pub holder: Uuid,
    /// How long a ledger stays its own without word from it; then another takes over.
    pub lease: Duration,
    /// How old the oldest entry not yet in the views may be before `/readyz` turns red.
    pub readiness_lag: Duration,
}

impl Settings {
    /// The usual settings for the projector `holder`.
    pub const fn new(holder: Uuid) -> Self {
        Self {
            holder,
            lease: Duration::from_secs(10),
            readiness_lag: Duration::from_secs(10),
        }
    }
}

/// What a projector works with.
#[derive(Clone)]
pub struct Deps {
    /// Reads ledgers, and is woken by appends of this process.
    pub reader: Reader,
    /// Writes views.
    pub pool: Pool,
    /// Is told how far the views have got.
    pub projected: Projected,
    /// Is told how the projector is, as the check `projector`.
    pub health: Health,
    /// Tells how old what is waiting is.
    pub clock: Arc<dyn Clock>,
}

/// Follows ledgers until `stop`, then finishes the steps under way and gives its leases up.
pub async fn run(deps: Deps, settings: Settings, stop: CancellationToken) {
    let leases = Leases::new(deps.pool.clone(), settings.holder, settings.lease);
    let followers = TaskTracker::new();
    followers.spawn(LagWatch::new(&deps, settings.readiness_lag).run(stop.clone()));
    let mut followed = Followed::new(deps, followers.clone());
    // Often enough to renew well before a lease runs out, and to notice a new ledger soon.
    let mut tick = interval((settings.lease / 4).min(Duration::from_millis(500)));
    tick.set_missed_tick_behavior(MissedTickBehavior::Delay);
    loop {
        tokio::select! {
            () = stop.cancelled() => break,
            _ = tick.tick() => {}
        }
        match leases.renew().await {
            Ok(held) => followed.keep_to(&held),
            Err(error) => tracing::warn!(%error, "leases could not be renewed; trying again"),
        }
    }
    followed.keep_to(&[]);
    followers.close();
    followers.wait().await;
    if let Err(error) = leases.release().await {
        tracing::warn!(%error, "leases could not be given up; they run out by themselves");
    }
}

/// The ledgers followed now.
struct Followed {
    deps: Deps,
    tasks: TaskTracker,
    ledgers: HashMap<LedgerId, Following>,
}

/// One ledger being followed, by a task that stops when this is dropped.
struct Following {
    task: JoinHandle<()>,
    _stop: DropGuard,
}

impl Followed {
    fn new(deps: Deps, tasks: TaskTracker) -> Self {
        Self {
            deps,
            tasks,
            ledgers: HashMap::new(),
        }
    }

    /// Follows those in `held` and no others. Whoever broke while following one is replaced: it would
    /// keep its lease otherwise, and nobody would follow that ledger.
    fn keep_to(&mut self, held: &[LedgerId]) {
        self.ledgers.retain(|ledger, following| {
            let broke = following.task.is_finished();
            if broke {
                metrics::counter!("projector_follower_restarts_total").increment(1);
                tracing::error!(%ledger, "the task that followed this ledger broke; another follows it now");
            }
            held.contains(ledger) && !broke
        });
        for ledger in held {
            if !self.ledgers.contains_key(ledger) {
                self.ledgers.insert(*ledger, self.follow(*ledger));
            }
        }
    }

    fn follow(&self, ledger: LedgerId) -> Following {
        let stop = CancellationToken::new();
        let follower = Follower {
            projection: Projection::new(self.deps.reader.clone(), self.deps.pool.clone()),
            reader: self.deps.reader.clone(),
            pool: self.deps.pool.clone(),
            projected: self.deps.projected.clone(),
            ledger,
        };
        Following {
            task: self.tasks.spawn(follower.run(stop.clone())),
            _stop: stop.drop_guard(),
        }
    }
}
