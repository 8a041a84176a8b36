//! Ids for rows: all different, the same in every run, and cheap to make.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use uuid::Uuid;

/// When the first id was made, in milliseconds since 1970.
const FIRST: u64 = 1_772_323_200_000;

/// How many are made in a millisecond.
const IN_A_MILLISECOND: u64 = 32;

/// A row of ids that no other name's row shares.
///
/// Of version 7, as the house makes them: those made at about the same time begin alike, and are random after that. So what is found by
/// a new id lies at an index's end, and what is found by one made earlier, as a stream is, lies anywhere in it.
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
        let made = FIRST + count / IN_A_MILLISECOND;
        let mut random = [0; 10];
        random[..2].copy_from_slice(&high.to_be_bytes()[..2]);
        random[2..].copy_from_slice(&low.to_be_bytes());
        uuid::Builder::from_unix_timestamp_millis(made, &random).into_uuid()
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
    fn ids_made_at_about_the_same_time_begin_alike_and_later_ones_come_after() {
        let ids = Ids::of("here");
        let made: Vec<_> = (0..100).map(|_| ids.next()).collect();
        assert_eq!(made[0].get_version_num(), 7);
        assert_eq!(made[0].as_bytes()[..6], made[31].as_bytes()[..6]);
        assert!(made[..32].iter().all(|early| *early < made[32]));
    }

    #[test]
    fn ids_are_all_different_and_the_same_in_every_run() {
        let ids = Ids::of("here");
        let found: HashSet<_> = (0..10_000).map(|_| ids.next()).collect();
        assert_eq!(found.len(), 10_000);
        assert!(found.contains(&Ids::of("here").next()));
        assert!(!found.contains(&Ids::of("there").next()));
    }
}
