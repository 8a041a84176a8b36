//! Waiting for a condition with a deadline.

use std::{
    thread,
    time::{Duration, Instant},
};

/// How often a condition outside our process is looked at.
const INTERVAL: Duration = Duration::from_millis(10);

/// Looks until `condition` answers or `deadline` has passed; it is looked at once even with no time at all.
pub(crate) fn wait_until<T>(
    deadline: Duration,
    mut condition: impl FnMut() -> Option<T>,
) -> Option<T> {
    let started = Instant::now();
    loop {
        if let Some(answer) = condition() {
            return Some(answer);
        }
        if started.elapsed() >= deadline {
            return None;
        }
        thread::sleep(INTERVAL);
    }
}
