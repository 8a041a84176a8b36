//! The clock as an argument: services hold a [`Clock`], the domain is handed dates.

use chrono::{DateTime, Duration, NaiveDate, Utc};

/// Tells the time. [`SystemClock`] in service, a fixed or stepped one in tests.
pub trait Clock: Send + Sync {
    /// The moment it is now.
    fn now(&self) -> DateTime<Utc>;

    /// Today's date where the compacts live.
    ///
    /// The United Kingdom is at UTC or one hour ahead of it. An hour is added all year, so that a
    /// date entered just after midnight in summer is not refused as lying in the future.
    fn today(&self) -> NaiveDate {
        (self.now() + Duration::hours(1)).date_naive()
    }
}

/// The machine's clock.
#[derive(Clone, Copy, Debug, Default)]
pub struct SystemClock;

impl Clock for SystemClock {
    #[expect(clippy::disallowed_methods, reason = "the one provider of time")]
    fn now(&self) -> DateTime<Utc> {
        Utc::now()
    }
}

/// A clock that stands still.
#[derive(Clone, Copy, Debug)]
pub struct FixedClock(pub DateTime<Utc>);

impl Clock for FixedClock {
    fn now(&self) -> DateTime<Utc> {
        self.0
    }
}
