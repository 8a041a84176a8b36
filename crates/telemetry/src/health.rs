//! Whether this process can do its work, check by check.
//!
//! Each part that can fail holds a [`Check`] and says how it is. Nothing is green by default: a part that has not reported
//! yet, has stopped, or has not been heard of for too long is red, with a reason a person can read. `/readyz` is
//! [`Health::report`]; `/healthz` needs none of this, answering at all is the answer.

use std::{
    collections::BTreeMap,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    time::{Duration, Instant},
};

use serde::Serialize;

/// The checks of this process. Clones share them.
#[derive(Debug, Clone, Default)]
pub struct Health {
    checks: Arc<Mutex<BTreeMap<String, State>>>,
}

/// How a part last said it was.
#[derive(Debug, Clone)]
enum State {
    Ok { until: Option<Instant> },
    Failing { reason: String },
}

/// One part's own check. When it is dropped, because the part ended or panicked, the check stays, and is red.
#[derive(Debug)]
pub struct Check {
    name: String,
    health: Health,
}

/// How every part is, at one moment.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Report {
    /// Whether all are well, and there is at least one to ask.
    pub ready: bool,
    /// Each check by its name.
    pub checks: BTreeMap<String, Status>,
}

/// How one part is.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(tag = "status", rename_all = "lowercase")]
pub enum Status {
    /// It can do its work.
    Ok,
    /// It cannot.
    Failing {
        /// Why, for a person.
        reason: String,
    },
}

impl Health {
    /// Adds a check, red until its part reports. Adding a name again starts it anew.
    pub fn check(&self, name: impl Into<String>) -> Check {
        let check = Check {
            name: name.into(),
            health: self.clone(),
        };
        check.failing("has not reported yet");
        check
    }

    /// How every part is now.
    pub fn report(&self) -> Report {
        self.report_at(Instant::now())
    }

    fn report_at(&self, now: Instant) -> Report {
        let checks: BTreeMap<_, _> = self
            .states()
            .iter()
            .map(|(name, state)| (name.clone(), state.status_at(now)))
            .collect();
        let ready = !checks.is_empty() && checks.values().all(|status| *status == Status::Ok);
        Report { ready, checks }
    }

    /// A panic while the map is held cannot leave it half-changed, so its poison is of no interest.
    fn states(&self) -> MutexGuard<'_, BTreeMap<String, State>> {
        self.checks.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl State {
    fn status_at(&self, now: Instant) -> Status {
        match self {
            Self::Failing { reason } => Status::Failing {
                reason: reason.clone(),
            },
            Self::Ok { until: Some(until) } if now > *until => {
                let overdue = now.duration_since(*until).as_secs();
                Status::Failing {
                    reason: format!("has not reported in time; {overdue} s overdue"),
                }
            }
            Self::Ok { .. } => Status::Ok,
        }
    }
}

impl Check {
    /// All is well, until said otherwise.
    pub fn ok(&self) {
        self.set(State::Ok { until: None });
    }

    /// All is well, and I shall say so again within `time`: for a loop that could hang.
    pub fn ok_for(&self, time: Duration) {
        self.set(State::Ok {
            until: Instant::now().checked_add(time),
        });
    }

    /// The work cannot be done, because of `reason`.
    pub fn failing(&self, reason: impl Into<String>) {
        self.set(State::Failing {
            reason: reason.into(),
        });
    }

    fn set(&self, state: State) {
        self.health.states().insert(self.name.clone(), state);
    }
}

impl Drop for Check {
    fn drop(&mut self) {
        self.failing("has stopped");
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_is_ready_before_it_says_so_and_one_red_check_makes_the_whole_red() {
        let health = Health::default();
        assert!(!health.report().ready, "no checks is not a good sign");
        let ledger = health.check("ledger");
        let projector = health.check("projector");
        ledger.ok();
        assert!(!health.report().ready);
        projector.ok();
        assert!(health.report().ready);
        projector.failing("42 s behind");
        assert!(!health.report().ready);
    }

    #[test]
    fn a_part_that_goes_silent_turns_red_by_itself() {
        let health = Health::default();
        let projector = health.check("projector");
        projector.ok_for(Duration::from_secs(5));
        assert!(health.report().ready);
        let later = Instant::now() + Duration::from_mins(1);
        assert!(!health.report_at(later).ready);
    }

    #[test]
    fn a_part_that_has_ended_is_red() {
        let health = Health::default();
        let check = health.check("writer");
        check.ok();
        drop(check);
        let stopped = Status::Failing {
            reason: "has stopped".into(),
        };
        assert_eq!(health.report().checks["writer"], stopped);
    }

    #[test]
    fn a_report_reads_as_json() {
        let health = Health::default();
        let ledger = health.check("ledger");
        let database = health.check("database");
        ledger.ok();
        database.failing("no connection");
        assert_eq!(
            serde_json::to_value(health.report()).unwrap(),
            serde_json::json!({
                "ready": false,
                "checks": {
                    "database": { "status": "failing", "reason": "no connection" },
                    "ledger": { "status": "ok" },
                },
            })
        );
    }
}
