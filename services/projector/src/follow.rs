//! Following one ledger: step while there is something to fold, then wait for more.

use std::time::Duration;

use domain::ids::LedgerId;
use ledger::Pool;
use ledger::Reader;
use tokio::time::{sleep, timeout};
use tokio_util::sync::CancellationToken;
use tracing::field::Empty;
use views::{Projected, Projection, ProjectionError, Step};

/// How long to wait for a wake-up before looking anyway.
const LOOK_EVERY: Duration = Duration::from_millis(500);

/// The first and the longest pause after a step that failed.
const PAUSE: Duration = Duration::from_millis(50);
const LONGEST_PAUSE: Duration = Duration::from_secs(5);

/// Follows one ledger.
pub(crate) struct Follower {
    pub(crate) projection: Projection,
    pub(crate) reader: Reader,
    pub(crate) pool: Pool,
    pub(crate) projected: Projected,
    pub(crate) ledger: LedgerId,
}

impl Follower {
    /// Follows until `stop`. A step under way is finished first.
    pub(crate) async fn run(self, stop: CancellationToken) {
        let mut head = self.reader.watch(self.ledger);
        let mut pause = PAUSE;
        while !stop.is_cancelled() {
            // Marked as seen before the step: a wake-up that comes during it is not lost.
            head.borrow_and_update();
            match self.step().await {
                Ok(made) => {
                    pause = PAUSE;
                    let more = made.folded > 0 && !made.caught_up;
                    if !more {
                        tokio::select! {
                            () = stop.cancelled() => return,
                            _ = timeout(LOOK_EVERY, head.changed()) => {}
                        }
                    }
                }
                Err(error) => {
                    tracing::warn!(ledger = %self.ledger, %error, "step failed; trying again");
                    metrics::counter!("projector_failed_steps_total").increment(1);
                    tokio::select! {
                        () = stop.cancelled() => return,
                        () = sleep(pause) => {}
                    }
                    pause = (pause * 2).min(LONGEST_PAUSE);
                }
            }
        }
    }

    /// The span is given the command of the first entry folded, and how many entries there are: what ties it
    /// to the requests they came from.
    #[tracing::instrument(
        name = "project",
        skip(self),
        fields(ledger = %self.ledger, command = Empty, entries = Empty)
    )]
    async fn step(&self) -> Result<Step, ProjectionError> {
        let step = self.projection.step(self.ledger).await?;
        if step.folded > 0 {
            metrics::counter!("projector_entries_folded_total").increment(step.folded);
            let reached = views::projected(&self.pool, self.ledger).await?;
            tracing::debug!(reached, "projected");
            self.projected.tell(self.ledger, reached);
        }
        Ok(step)
    }
}
