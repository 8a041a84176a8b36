//! Taking turns: one command at a time for each key, without a lock for every key there ever was.

use std::collections::HashMap;
use std::hash::Hash;
use std::sync::{Arc, Mutex, PoisonError, Weak};

use foldhash::fast::RandomState;
use tokio::sync::{Mutex as AsyncMutex, OwnedMutexGuard};

/// How many keys are tracked before those nobody uses are swept out.
const SWEEP_FROM: usize = 1_024;

/// Whose turn it is.
pub(super) struct Turns<K> {
    keys: Mutex<Keys<K>>,
}

struct Keys<K> {
    locks: HashMap<K, Weak<AsyncMutex<()>>, RandomState>,
    sweep_at: usize,
}

/// A turn, until dropped.
pub(super) type Turn = OwnedMutexGuard<()>;

impl<K> Default for Turns<K> {
    fn default() -> Self {
        let keys = Keys {
            locks: HashMap::default(),
            sweep_at: SWEEP_FROM,
        };
        Self {
            keys: Mutex::new(keys),
        }
    }
}

impl<K: Eq + Hash> Turns<K> {
    /// Waits for a turn, first come first served.
    pub(super) async fn take(&self, key: K) -> Turn {
        let lock = self.lock(key);
        lock.lock_owned().await
    }

    fn lock(&self, key: K) -> Arc<AsyncMutex<()>> {
        let mut keys = self.keys.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(lock) = keys.locks.get(&key).and_then(Weak::upgrade) {
            return lock;
        }
        if keys.locks.len() >= keys.sweep_at {
            keys.locks.retain(|_, lock| lock.strong_count() > 0);
            keys.sweep_at = (keys.locks.len() * 2).max(SWEEP_FROM);
        }
        let lock = Arc::new(AsyncMutex::new(()));
        keys.locks.insert(key, Arc::downgrade(&lock));
        lock
    }
}

#[cfg(test)]
mod tests {
    use super::{SWEEP_FROM, Turns};

    #[tokio::test]
    async fn a_turn_is_waited_for_and_passed_on() {
        let turns = Turns::default();
        let first = turns.take("key").await;
        let other = turns.take("other key").await;
        let mut second = std::pin::pin!(turns.take("key"));
        assert!(futures::poll!(second.as_mut()).is_pending());
        drop(first);
        second.await;
        drop(other);
    }

    #[tokio::test]
    async fn keys_nobody_uses_are_forgotten() {
        let turns = Turns::default();
        for key in 0..SWEEP_FROM * 10 {
            drop(turns.take(key).await);
        }
        let held = turns.keys.lock().unwrap().locks.len();
        assert!(held <= SWEEP_FROM, "{held} held");
    }
}
