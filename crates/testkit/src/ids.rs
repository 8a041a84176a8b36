//! Ids that are the same in every run.

use std::sync::atomic::{AtomicU64, Ordering};

use domain::ids::IdSource;
use uuid::Uuid;

/// Hands out `…-000000000001`, `…-000000000002` and so on, under a seed.
#[derive(Debug)]
pub struct CountingIds {
    seed: u64,
    next: AtomicU64,
}

impl CountingIds {
    /// Starts again from 1; different seeds never hand out the same id.
    pub const fn new(seed: u64) -> Self {
        Self {
            seed,
            next: AtomicU64::new(1),
        }
    }
}

impl IdSource for CountingIds {
    fn next(&self) -> Uuid {
        Uuid::from_u64_pair(self.seed, self.next.fetch_add(1, Ordering::Relaxed))
    }
}
