//! One look for many: whoever asks while another's look is under way shares the next one with all who do.
//!
//! A look under way may have begun before something that whoever asks now must be told of, so it is never shared with them; the one
//! after it begins later than all of them asked.

use std::fmt;
use std::sync::{Arc, Mutex, PoisonError};

use futures::FutureExt;
use futures::future::{BoxFuture, Shared};

/// How often whoever is to look lets others go first: who was told a moment ago is about to ask again, and a look costs the same for many. With
/// nobody about it takes microseconds.
const LETS_OTHERS_GO_FIRST: u32 = 2;

/// A look that has not begun.
type Look<T> = Shared<BoxFuture<'static, T>>;

/// Looks, one at a time. Cheap to clone; every clone shares the same.
#[derive(Clone)]
pub(crate) struct Together<T: Clone> {
    next: Arc<Mutex<Option<Look<T>>>>,
    turn: Arc<tokio::sync::Mutex<()>>,
}

impl<T: Clone> Default for Together<T> {
    fn default() -> Self {
        Self {
            next: Arc::default(),
            turn: Arc::default(),
        }
    }
}

impl<T: Clone + Send + Sync + 'static> Together<T> {
    /// What `look` finds, begun after this was asked. One who goes away leaves it to the others.
    pub(crate) async fn look<F>(&self, look: impl FnOnce() -> F + Send + 'static) -> T
    where
        F: Future<Output = T> + Send,
    {
        let mine = {
            let mut next = self.next.lock().unwrap_or_else(PoisonError::into_inner);
            let begin = || self.in_turn(look);
            next.get_or_insert_with(begin).clone()
        };
        mine.await
    }

    fn in_turn<F>(&self, look: impl FnOnce() -> F + Send + 'static) -> Look<T>
    where
        F: Future<Output = T> + Send,
    {
        let (next, turn) = (Arc::downgrade(&self.next), Arc::clone(&self.turn));
        let looking = async move {
            let _turn = turn.lock().await;
            for _ in 0..LETS_OTHERS_GO_FIRST {
                tokio::task::yield_now().await;
            }
            // Whoever asks from here on gets another.
            if let Some(next) = next.upgrade() {
                next.lock().unwrap_or_else(PoisonError::into_inner).take();
            }
            look().await
        };
        looking.boxed().shared()
    }
}

impl<T: Clone> fmt::Debug for Together<T> {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.debug_struct("Together").finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests {
    use std::sync::atomic::{AtomicU64, Ordering};
    use std::time::Duration;

    use tokio::sync::Notify;
    use tokio::time::timeout;

    use super::*;

    const DEADLINE: Duration = Duration::from_secs(10);

    /// Something that moves on, and looks at it, each of which may be held up.
    #[derive(Default)]
    struct World {
        at: AtomicU64,
        looks: AtomicU64,
        go_on: Notify,
    }

    impl World {
        async fn look(self: Arc<Self>) -> u64 {
            self.looks.fetch_add(1, Ordering::SeqCst);
            let found = self.at.load(Ordering::SeqCst);
            self.go_on.notified().await;
            found
        }
    }

    fn ask(together: &Together<u64>, world: &Arc<World>) -> tokio::task::JoinHandle<u64> {
        let (together, world) = (together.clone(), Arc::clone(world));
        tokio::spawn(async move { together.look(move || world.look()).await })
    }

    async fn looked(world: &World, times: u64) {
        let looking = async {
            while world.looks.load(Ordering::SeqCst) < times {
                tokio::task::yield_now().await;
            }
        };
        timeout(DEADLINE, looking).await.expect("a look began");
    }

    async fn told(asked: tokio::task::JoinHandle<u64>) -> u64 {
        let told = timeout(DEADLINE, asked).await;
        told.expect("told in time").expect("told")
    }

    #[tokio::test]
    async fn who_asks_during_a_look_shares_the_next_and_misses_nothing() {
        let (together, world) = (Together::default(), Arc::new(World::default()));
        let first = ask(&together, &world);
        looked(&world, 1).await;
        world.at.store(7, Ordering::SeqCst);
        let others = [(); 20].map(|()| ask(&together, &world));
        tokio::task::yield_now().await;
        world.go_on.notify_one();
        assert_eq!(told(first).await, 0, "it looked before");
        looked(&world, 2).await;
        world.go_on.notify_one();
        for other in others {
            assert_eq!(told(other).await, 7, "it asked after");
        }
        assert_eq!(world.looks.load(Ordering::SeqCst), 2);
    }

    #[tokio::test]
    async fn who_goes_away_leaves_the_look_to_the_others() {
        let (together, world) = (Together::default(), Arc::new(World::default()));
        let gone = ask(&together, &world);
        looked(&world, 1).await;
        let second = ask(&together, &world);
        let third = ask(&together, &world);
        tokio::task::yield_now().await;
        gone.abort();
        second.abort();
        looked(&world, 2).await;
        world.go_on.notify_one();
        assert_eq!(told(third).await, 0);
    }
}
