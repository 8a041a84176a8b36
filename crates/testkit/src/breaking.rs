//! Tasks broken from outside: what they are given, a clock or the figures they report to, panics when told.
//!
//! So a test can break a task half-way, and nothing in the task itself has to know of tests.

use std::collections::HashMap;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, PoisonError};

use chrono::{DateTime, Utc};
use domain::clock::Clock;
use metrics::{
    Counter, CounterFn, Gauge, Histogram, HistogramFn, Key, KeyName, Metadata, Recorder,
    SharedString, Unit,
};

/// How many more times to panic. None, until [`Charges::set`].
#[derive(Debug, Default)]
pub struct Charges(AtomicU64);

impl Charges {
    /// Panics `count` more times from now on.
    pub fn set(&self, count: u64) {
        self.0.store(count, Ordering::SeqCst);
    }

    /// Panics if there is a charge left, and uses it up.
    ///
    /// # Panics
    /// That is what it is for.
    pub fn fire(&self) {
        let less = |left: u64| left.checked_sub(1);
        let left = self
            .0
            .fetch_update(Ordering::SeqCst, Ordering::SeqCst, less);
        assert!(left.is_err(), "broken by the test");
    }
}

impl HistogramFn for Charges {
    fn record(&self, _: f64) {
        self.fire();
    }
}

impl CounterFn for Charges {
    fn increment(&self, _: u64) {
        self.fire();
    }

    fn absolute(&self, _: u64) {
        self.fire();
    }
}

/// A clock that stands still, and breaks who asks it while there are charges.
#[derive(Debug)]
pub struct BreakingClock {
    /// What it says.
    pub now: DateTime<Utc>,
    /// How often it breaks who asks.
    pub charges: Arc<Charges>,
}

impl Clock for BreakingClock {
    fn now(&self) -> DateTime<Utc> {
        self.charges.fire();
        self.now
    }
}

/// Figures of which one breaks who reports it, while there are charges. Counters are counted.
///
/// Install it for the thread the test runs on with `metrics::set_default_local_recorder`.
#[derive(Debug)]
pub struct BreakingFigures {
    name: &'static str,
    charges: Arc<Charges>,
    counted: Mutex<HashMap<String, Arc<AtomicU64>>>,
}

impl BreakingFigures {
    /// Breaks who reports `name`, a counter or a histogram, once charges are set.
    pub fn on(name: &'static str) -> Self {
        Self {
            name,
            charges: Arc::default(),
            counted: Mutex::default(),
        }
    }

    /// How often it breaks who reports the figure.
    pub fn charges(&self) -> &Charges {
        &self.charges
    }

    /// How far a counter has been counted, over all its labels.
    pub fn counted(&self, name: &str) -> u64 {
        self.counter(name).load(Ordering::SeqCst)
    }

    fn counter(&self, name: &str) -> Arc<AtomicU64> {
        let mut counted = self.counted.lock().unwrap_or_else(PoisonError::into_inner);
        Arc::clone(counted.entry(name.to_owned()).or_default())
    }
}

impl Recorder for BreakingFigures {
    fn describe_counter(&self, _: KeyName, _: Option<Unit>, _: SharedString) {}

    fn describe_gauge(&self, _: KeyName, _: Option<Unit>, _: SharedString) {}

    fn describe_histogram(&self, _: KeyName, _: Option<Unit>, _: SharedString) {}

    fn register_counter(&self, key: &Key, _: &Metadata<'_>) -> Counter {
        if key.name() == self.name {
            Counter::from_arc(Arc::clone(&self.charges))
        } else {
            Counter::from_arc(self.counter(key.name()))
        }
    }

    fn register_gauge(&self, _: &Key, _: &Metadata<'_>) -> Gauge {
        Gauge::noop()
    }

    fn register_histogram(&self, key: &Key, _: &Metadata<'_>) -> Histogram {
        if key.name() == self.name {
            Histogram::from_arc(Arc::clone(&self.charges))
        } else {
            Histogram::noop()
        }
    }
}
