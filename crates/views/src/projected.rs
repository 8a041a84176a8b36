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
use crate::together::Together;
use crate::view::ViewName;

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
    /// Parked views hold it up, and will until they are rebuilt: the others have reached it.
    #[error("{} is parked at position {reached}, so {wanted} is not reached before a rebuild", names(.parked))]
    Parked {
        /// The position asked for.
        wanted: Position,
        /// The position reached.
        reached: Position,
        /// The views that stand still.
        parked: Vec<ViewName>,
    },
    /// The checkpoints could not be read.
    #[error("the views' checkpoints could not be read")]
    Database(#[from] sqlx::Error),
}

fn names(views: &[ViewName]) -> String {
    let names: Vec<&str> = views.iter().map(|view| view.as_str()).collect();
    names.join(", ")
}

/// Knows how far all views of each ledger have got. Cheap to clone; every clone knows the same.
///
/// The projector of this process tells it ([`Projected::tell`]); what other processes' projectors do is
/// found in the checkpoints. It remembers ledgers of which something has been folded, and no others:
/// whoever waits for a ledger that does not exist leaves no trace.
#[derive(Clone, Debug)]
pub struct Projected {
    pool: PgPool,
    known: Arc<Mutex<HashMap<LedgerId, watch::Sender<Position>>>>,
    folded: Together<Result<Folded, Arc<sqlx::Error>>>,
}

/// A figure for each ledger that is another as soon as anything more of it is shown.
pub type Folded = Arc<[(LedgerId, u64)]>;

impl Projected {
    /// Knows nothing yet; looks at checkpoints through `pool`.
    pub fn new(pool: PgPool) -> Self {
        Self {
            pool,
            known: Arc::default(),
            folded: Together::default(),
        }
    }

    /// All views of `ledger` have reached `position`. Word that comes late takes nothing back.
    pub fn tell(&self, ledger: LedgerId, position: Position) {
        if position == 0 {
            return;
        }
        let mut known = self.known.lock().unwrap_or_else(PoisonError::into_inner);
        let channel = known.entry(ledger).or_default();
        channel.send_if_modified(|known| {
            let further = position > *known;
            if further {
                *known = position;
            }
            further
        });
    }

    /// How far all views of `ledger` are known to have got without looking; 0 when nothing is known.
    pub fn known(&self, ledger: LedgerId) -> Position {
        self.channel(ledger).map_or(0, |channel| *channel.borrow())
    }

    /// How many ledgers it remembers: at most as many as there are.
    pub fn remembered(&self) -> usize {
        let known = self.known.lock().unwrap_or_else(PoisonError::into_inner);
        known.len()
    }

    /// How far the views of every ledger have been folded by now, whichever process did it. Who asks at the same time is told
    /// from one look at the checkpoints, which began after each of them asked.
    ///
    /// # Errors
    /// When the checkpoints could not be read.
    pub async fn folded(&self) -> Result<Folded, Arc<sqlx::Error>> {
        let pool = self.pool.clone();
        let look = || async move {
            let folded = checkpoint::folded(&pool).await.map_err(Arc::new)?;
            Ok(folded.into())
        };
        self.folded.look(look).await
    }

    /// Waits until all views of `ledger` have reached `at_least`. Gives the position they are known
    /// to have reached.
    ///
    /// # Errors
    /// [`WaitError::Late`] when `deadline` passes first, [`WaitError::Parked`] as soon as only parked views
    /// have not reached it, for which waiting is no use, and [`WaitError::Database`] when the checkpoints
    /// could not be read.
    pub async fn wait(
        &self,
        ledger: LedgerId,
        at_least: Position,
        deadline: Instant,
    ) -> Result<Position, WaitError> {
        loop {
            let reached = self.known(ledger);
            if reached >= at_least {
                return Ok(reached);
            }
            let look_at = deadline.min(Instant::now() + LOOK_EVERY);
            if timeout_at(look_at, self.word(ledger, at_least))
                .await
                .is_err()
            {
                let reach = checkpoint::reach(&self.pool, ledger).await?;
                let reached = reach.all;
                self.tell(ledger, reached);
                if reach.stands_still_before(at_least) {
                    return Err(WaitError::Parked {
                        wanted: at_least,
                        reached,
                        parked: reach.parked,
                    });
                }
                if reached < at_least && Instant::now() >= deadline {
                    return Err(WaitError::Late {
                        wanted: at_least,
                        reached,
                    });
                }
            }
        }
    }

    /// Ends when this process's projector has told of `at_least`; never for a ledger nothing is known of.
    async fn word(&self, ledger: LedgerId, at_least: Position) {
        let told = match self.channel(ledger) {
            Some(mut channel) => channel.wait_for(|known| *known >= at_least).await.is_ok(),
            None => false,
        };
        if !told {
            std::future::pending::<()>().await;
        }
    }

    fn channel(&self, ledger: LedgerId) -> Option<watch::Receiver<Position>> {
        let known = self.known.lock().unwrap_or_else(PoisonError::into_inner);
        known.get(&ledger).map(watch::Sender::subscribe)
    }
}
