//! Ids for rows: all different, the same in every run, and cheap to make.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use uuid::Uuid;

/// A row of ids that no other name's row shares.
///
/// Random to look at, as the ids of real streams and commands are: an index is then hit all over and not
/// only at its end.
#[derive(Clone, Debug)]
pub struct Ids {
    seed: u64,
    next: Arc<AtomicU64>,
}

impl Ids {
    /// The ids under `name`.
    pub fn of(name: &str) -> Self {
        let (seed, _) = Uuid::new_v5(&Uuid::NAMESPACE_OID, name.as_bytes()).as_u64_pair();
        Self {
            seed,
            next: Arc::new(AtomicU64::new(0)),
        }
    }

    /// The next.
    pub fn next(&self) -> Uuid {
        let count = self.next.fetch_add(1, Ordering::Relaxed);
        let high = mix(self.seed ^ mix(count));
        let low = mix(high.wrapping_add(count));
        uuid::Builder::from_random_bytes(Uuid::from_u64_pair(high, low).into_bytes()).into_uuid()
    }
}

/// `SplitMix64`: every bit of the answer depends on every bit of what is asked.
const fn mix(value: u64) -> u64 {
    let value = value.wrapping_add(0x9e37_79b9_7f4a_7c15);
    let value = (value ^ (value >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    let value = (value ^ (value >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    value ^ (value >> 31)
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use super::Ids;

    #[test]
    fn ids_are_all_different_and_the_same_in_every_run() {
        let ids = Ids::of("here");
        let found: HashSet<_> = (0..10_000).map(|_| ids.next()).collect();
        assert_eq!(found.len(), 10_000);
        assert!(found.contains(&Ids::of("here").next()));
        assert!(!found.contains(&Ids::of("there").next()));
    }
}
