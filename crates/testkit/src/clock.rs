//! A clock the test sets.

use std::sync::{Mutex, PoisonError};

use chrono::{DateTime, Duration, Utc};
use domain::clock::Clock;

/// A clock that stands where it was last set; it can be set back.
#[derive(Debug)]
pub struct SetClock(Mutex<DateTime<Utc>>);

impl SetClock {
    /// A clock that stands at `moment`.
    pub const fn at(moment: DateTime<Utc>) -> Self {
        Self(Mutex::new(moment))
    }

    /// Moves it by `by`, which may be negative.
    pub fn turn(&self, by: Duration) {
        *self.0.lock().unwrap_or_else(PoisonError::into_inner) += by;
    }
}

impl Clock for SetClock {
    fn now(&self) -> DateTime<Utc> {
        *self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
