//! Waiting until the views have caught up with a position, so that people read their own writes.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use domain::ids::LedgerId;
use ledger::Position;
use sqlx::PgPool;
use tokio::sync::watch;
use tokio::time::{Instant, timeout_at};

use crate::checkpoint;

/// How long to wait for word from this process's projector before looking at the checkpoints.
const LOOK_EVERY: Duration = Duration::from_millis(100);

/// Why views were not waited for any longer.
#[derive(Debug, thiserror::Error)]
pub enum WaitError {
    /// The deadline passed first.
    #[error("the views are at position {reached}; {wanted} has not been reached in time")]
    Late {
        /// The position asked for.
        wanted: Position,
        /// The position reached.
        reached: Position,
    },
    /// The checkpoints could not be read.
    #[error("the views' checkpoints could not be read")]
    Database(#[from] sqlx::Error),
}

/// Knows how far all views of each ledger have got. Cheap to clone; every clone knows the same.
///
/// The projector of this process tells it ([`Projected::tell`]); what other processes' projectors do is
/// found in the checkpoints.
#[derive(Clone, Debug)]
pub struct Projected {
    pool: PgPool,
    known: Arc<Mutex<HashMap<LedgerId, watch::Sender<Position>>>>,
}

impl Projected {
    /// Knows nothing yet; looks at checkpoints through `pool`.
    pub fn new(pool: PgPool) -> Self {
        Self {
            pool,
            known: Arc::default(),
        }
    }

    /// All views of `ledger` have reached `position`. Word that comes late takes nothing back.
    pub fn tell(&self, ledger: LedgerId, position: Position) {
        self.channel(ledger).send_if_modified(|known| {
            let further = position > *known;
            if further {
                *known = position;
            }
            further
        });
    }

    /// Waits until all views of `ledger` have reached `at_least`. Gives the position they are known
    /// to have reached.
    ///
    /// # Errors
    /// [`WaitError::Late`] when `deadline` passes first, [`WaitError::Database`] when the checkpoints
    /// could not be read.
    pub async fn wait(
        &self,
        ledger: LedgerId,
        at_least: Position,
        deadline: Instant,
    ) -> Result<Position, WaitError> {
        let mut known = self.channel(ledger).subscribe();
        loop {
            let reached = *known.borrow_and_update();
            if reached >= at_least {
                return Ok(reached);
            }
            let look_at = deadline.min(Instant::now() + LOOK_EVERY);
            if timeout_at(look_at, known.changed()).await.is_err() {
                let reached = checkpoint::projected(&self.pool, ledger).await?;
                self.tell(ledger, reached);
                if reached < at_least && Instant::now() >= deadline {
                    return Err(WaitError::Late {
                        wanted: at_least,
                        reached,
                    });
                }
            }
        }
    }

    fn channel(&self, ledger: LedgerId) -> watch::Sender<Position> {
        let mut known = self.known.lock().unwrap_or_else(PoisonError::into_inner);
        known
            .entry(ledger)
            .or_insert_with(|| watch::Sender::new(0))
            .clone()
    }
}
