//! Decisions: what the policies answered before.
//!
//! The policies answer by who asks, with which roles, for what and on which day, and by nothing else. So whoever asks the same again with
//! the same roles on the same day is given the same answer. Which roles they have is found out for every request ([`crate::grants`]):
//! with one more or one less it is somebody else who asks.

use std::collections::HashMap;
use std::hash::Hash;
use std::sync::{Arc, Mutex, PoisonError};

use access::{Access, Action, CompactLedger, Principal, Resource};
use chrono::NaiveDate;
use domain::Reach;
use moka::sync::Cache;

/// Of how many who ask decisions are remembered.
const ASKING: u64 = 32;

/// How many of each kind are remembered of one who asks.
const EACH: usize = 1024;

/// The policies, and what they answered before. Cheap to clone; every clone remembers the same.
#[derive(Clone)]
pub struct Decisions {
    access: Arc<Access>,
    known: Cache<(Principal, NaiveDate), Arc<Decided>>,
}

impl Decisions {
    /// Nothing is decided yet by these policies.
    pub fn by(access: Arc<Access>) -> Self {
        let known = Cache::new(ASKING);
        Self { access, known }
    }

    /// What is decided about somebody with these roles on the day `today`.
    pub(crate) fn about(&self, principal: &Principal, today: NaiveDate) -> Arc<Decided> {
        let begin = || {
            Arc::new(Decided {
                access: Arc::clone(&self.access),
                principal: principal.clone(),
                today,
                allowed: Memory::default(),
                reached: Memory::default(),
            })
        };
        let who = (principal.clone(), today);
        self.known.get_with(who, begin)
    }
}

/// What is decided about somebody.
pub(crate) struct Decided {
    access: Arc<Access>,
    principal: Principal,
    today: NaiveDate,
    allowed: Memory<(Action, Resource), bool>,
    reached: Memory<CompactLedger, Option<Reach>>,
}

impl Decided {
    /// Whether they may do this. What could not be decided may not be done, and is asked again the next time.
    pub(crate) fn may(&self, action: Action, resource: Resource) -> bool {
        let asked = (action, resource);
        if let Some(allowed) = self.allowed.of(&asked) {
            return allowed;
        }
        let decision = self
            .access
            .decide(&self.principal, action, &asked.1, self.today);
        for error in &decision.errors {
            let action = action.name();
            tracing::error!(error, action, "the policies could not decide");
        }
        if decision.errors.is_empty() {
            self.allowed.keep(asked, decision.allowed);
        }
        decision.allowed
    }

    /// How low they read in a compact's ledger; none when nothing there is read.
    pub(crate) fn reach(&self, ledger: CompactLedger) -> Option<Reach> {
        if let Some(reach) = self.reached.of(&ledger) {
            return reach;
        }
        let reach = self.access.reach(&self.principal, ledger, self.today);
        self.reached.keep(ledger, reach.clone());
        reach
    }
}

/// Answers given before, at most [`EACH`] of them.
struct Memory<K, V>(Mutex<HashMap<K, V>>);

impl<K: Eq + Hash, V: Clone> Memory<K, V> {
    fn of(&self, key: &K) -> Option<V> {
        let known = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        known.get(key).cloned()
    }

    fn keep(&self, key: K, answer: V) {
        let mut known = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if known.len() >= EACH {
            known.clear();
        }
        known.insert(key, answer);
    }
}

impl<K, V> Default for Memory<K, V> {
    fn default() -> Self {
        Self(Mutex::default())
    }
}

#[cfg(test)]
mod tests {
    use access::Grant;
    use domain::Post;
    use domain::ids::CompactId;
    use uuid::Uuid;

    use super::*;

    fn id(number: u128) -> Uuid {
        Uuid::from_u128(number)
    }

    fn day(day: u32) -> NaiveDate {
        NaiveDate::from_ymd_opt(2007, 9, day).expect("a day")
    }

    fn secretariat(compact_id: CompactId) -> Principal {
        Principal::account(
            id(1).into(),
            [Grant {
                id: id(2).into(),
                account: id(1).into(),
                region: id(3).into(),
                post: Post::Secretariat { compact_id },
                from: day(1),
                until: Some(day(24)),
            }],
        )
    }

    #[test]
    fn a_decision_is_remembered_for_whoever_asks_with_the_same_roles_on_the_same_day() {
        let decisions = Decisions::by(Arc::new(Access::load().expect("the policies")));
        let (compact, other) = (id(4).into(), id(5).into());
        let region = id(3).into();
        let ledger = CompactLedger { compact, region };
        let draft = || Resource::from(ledger.matter(domain::Visibility::Draft));
        let reads = |principal, on| {
            let decided = decisions.about(&principal, on);
            let may = decided.may(Action::ReadRecord, draft());
            assert_eq!(
                decided
                    .reach(ledger)
                    .is_some_and(|it| it.lowest == domain::Visibility::Draft),
                may
            );
            assert_eq!(decided.may(Action::ReadRecord, draft()), may, "asked again");
            may
        };
        for _ in 0..2 {
            assert!(reads(secretariat(compact), day(24)));
            assert!(!reads(secretariat(compact), day(25)), "no longer theirs");
            assert!(!reads(secretariat(other), day(24)), "another compact's");
            assert!(!reads(Principal::PUBLIC, day(24)));
        }
        decisions.known.run_pending_tasks();
        assert_eq!(decisions.known.entry_count(), 4);
        let decided = decisions.about(&secretariat(compact), day(24));
        let known = decided.allowed.0.lock().expect("a memory");
        assert_eq!(known.len(), 1);
    }

    #[test]
    fn no_more_than_so_many_are_remembered() {
        let memory = Memory::default();
        for number in 0..=EACH {
            memory.keep(number, number);
        }
        assert_eq!(memory.of(&EACH), Some(EACH));
        assert_eq!(memory.of(&0), None);
    }
}
