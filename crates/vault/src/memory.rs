//! Unwrapped keys, kept for a short while and never longer than they may be used.
//!
//! The database numbers what is taken from subjects. Each key here says how far those numbers went when it was read, and of each
//! subject that something was taken from since, the number is known: so a key that was read before it was destroyed is not used
//! after anybody here has heard of that, whichever of the two answers came first.

use std::collections::{HashMap, HashSet};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use domain::ids::SubjectId;
use moka::sync::Cache;

use crate::key::DataKey;

/// How many unwrapped keys are kept in memory, and how long at most.
const KEPT: u64 = 50_000;
const KEPT_FOR: Duration = Duration::from_mins(5);

/// The number of a withdrawal.
pub(crate) type Withdrawal = i64;

/// Keys in memory.
pub(crate) struct Memory {
    keys: Cache<SubjectId, Kept>,
    heard: Mutex<Heard>,
}

#[derive(Clone)]
struct Kept {
    key: Arc<DataKey>,
    /// Nothing up to here was taken from its subject.
    sound_at: Withdrawal,
}

/// What has been heard of withdrawals.
#[derive(Default)]
struct Heard {
    /// Every one up to here.
    up_to: Withdrawal,
    /// The last one from each subject there was one from.
    last: HashMap<SubjectId, Withdrawal>,
}

impl Heard {
    fn sound(&self, subject: SubjectId, at: Withdrawal) -> bool {
        self.last.get(&subject).is_none_or(|last| *last <= at)
    }
}

impl Memory {
    pub(crate) fn new() -> Self {
        let keys = Cache::builder()
            .max_capacity(KEPT)
            .time_to_live(KEPT_FOR)
            .build();
        Self {
            keys,
            heard: Mutex::default(),
        }
    }

    /// Those of these subjects' keys that are here, good for who then asks about every withdrawal after the one given.
    pub(crate) fn held(
        &self,
        subjects: &HashSet<SubjectId>,
    ) -> (Withdrawal, HashMap<SubjectId, Arc<DataKey>>) {
        let heard = self.heard();
        let kept = subjects
            .iter()
            .filter_map(|subject| Some((*subject, self.keys.get(subject)?)));
        let sound = kept.filter(|(subject, kept)| heard.sound(*subject, kept.sound_at));
        let held = sound.map(|(subject, kept)| (subject, kept.key)).collect();
        (heard.up_to, held)
    }

    /// Takes in every withdrawal there was after `since`, and answers how far they go.
    pub(crate) fn hear(
        &self,
        since: Withdrawal,
        withdrawals: impl Iterator<Item = (SubjectId, Withdrawal)>,
    ) -> Withdrawal {
        let mut heard = self.heard();
        let mut up_to = since;
        for (subject, withdrawal) in withdrawals {
            let last = heard.last.entry(subject).or_default();
            *last = withdrawal.max(*last);
            up_to = up_to.max(withdrawal);
            self.keys.invalidate(&subject);
        }
        heard.up_to = heard.up_to.max(up_to);
        up_to
    }

    /// Keeps a key that was read when withdrawals went this far.
    pub(crate) fn keep(&self, subject: SubjectId, key: Arc<DataKey>, sound_at: Withdrawal) {
        let heard = self.heard();
        if heard.sound(subject, sound_at) {
            self.keys.insert(subject, Kept { key, sound_at });
        }
    }

    /// Drops the key; it is wiped when nobody uses it any more.
    pub(crate) fn drop_key(&self, subject: SubjectId) {
        self.keys.invalidate(&subject);
        self.keys.run_pending_tasks();
    }

    fn heard(&self) -> MutexGuard<'_, Heard> {
        self.heard.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// How many keys are here.
    #[cfg(test)]
    pub(crate) fn count(&self) -> u64 {
        self.keys.run_pending_tasks();
        self.keys.entry_count()
    }
}

#[cfg(test)]
mod tests {
    use uuid::Uuid;

    use super::*;
    use crate::randomness::SystemRandomness;

    fn subject(of: u128) -> SubjectId {
        SubjectId::new(Uuid::from_u128(of))
    }

    fn key() -> Arc<DataKey> {
        Arc::new(DataKey::draw(&SystemRandomness).expect("a key"))
    }

    fn held(memory: &Memory, of: u128) -> (Withdrawal, bool) {
        let (since, held) = memory.held(&HashSet::from([subject(of)]));
        (since, held.contains_key(&subject(of)))
    }

    #[test]
    fn what_was_read_before_a_withdrawal_is_not_kept_after_it_was_heard_of() {
        let memory = Memory::new();
        let (since, _) = held(&memory, 1);
        // Another answer, which was read later, comes first.
        assert_eq!(memory.hear(since, [(subject(1), 7)].into_iter()), 7);
        memory.keep(subject(1), key(), since);
        assert_eq!(held(&memory, 1), (7, false), "its key is gone");
        assert_eq!(memory.count(), 0, "nor does it lie about");
        memory.keep(subject(2), key(), since);
        assert_eq!(held(&memory, 2), (7, true), "nothing was taken from it");
    }

    #[test]
    fn what_is_taken_later_takes_the_key_out_and_an_older_answer_changes_nothing() {
        let memory = Memory::new();
        memory.keep(subject(1), key(), 3);
        memory.keep(subject(2), key(), 3);
        assert_eq!(memory.hear(3, [(subject(1), 9)].into_iter()), 9);
        assert_eq!(held(&memory, 1), (9, false));
        assert_eq!(held(&memory, 2), (9, true));
        assert_eq!(memory.hear(3, [(subject(1), 8)].into_iter()), 8);
        assert_eq!(held(&memory, 1).0, 9, "what was heard stays heard");
        memory.keep(subject(1), key(), 8);
        assert!(!held(&memory, 1).1);
    }
}
