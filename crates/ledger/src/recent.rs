//! A bounded memory of what was used recently.

use std::collections::HashMap;
use std::hash::Hash;

use foldhash::fast::RandomState;

/// Remembers at least the last `size` keys used and at most twice as many.
///
/// Two generations: when the younger is full the elder is forgotten. Nothing is kept in order, so
/// using a key costs a look-up and no more.
pub(crate) struct Recent<K, V> {
    size: usize,
    younger: HashMap<K, V, RandomState>,
    elder: HashMap<K, V, RandomState>,
}

impl<K: Eq + Hash + Copy, V> Recent<K, V> {
    pub(crate) fn new(size: usize) -> Self {
        Self {
            size: size.max(1),
            younger: HashMap::default(),
            elder: HashMap::default(),
        }
    }

    /// What is remembered under `key`, which is thereby used.
    pub(crate) fn get(&mut self, key: &K) -> Option<&V> {
        if !self.younger.contains_key(key) {
            let value = self.elder.remove(key)?;
            self.insert(*key, value);
        }
        self.younger.get(key)
    }

    pub(crate) fn insert(&mut self, key: K, value: V) {
        if self.younger.len() >= self.size && !self.younger.contains_key(&key) {
            self.elder = std::mem::take(&mut self.younger);
        }
        if !self.elder.is_empty() {
            self.elder.remove(&key);
        }
        self.younger.insert(key, value);
    }

    /// Forgets `key` and gives what was remembered under it.
    pub(crate) fn remove(&mut self, key: &K) -> Option<V> {
        let younger = self.younger.remove(key);
        if self.elder.is_empty() {
            return younger;
        }
        let elder = self.elder.remove(key);
        younger.or(elder)
    }
}

#[cfg(test)]
mod tests {
    use super::Recent;

    #[test]
    fn what_was_used_last_is_remembered_and_the_rest_is_bounded() {
        let mut recent = Recent::new(10);
        for key in 0..1_000 {
            recent.insert(key, key);
        }
        let kept: Vec<i32> = (0..1_000).filter(|key| recent.get(key).is_some()).collect();
        assert!((990..1_000).all(|key| kept.contains(&key)));
        assert!(kept.len() <= 20, "{} kept", kept.len());
    }

    #[test]
    fn a_key_in_use_outlives_many_others() {
        let mut recent = Recent::new(4);
        recent.insert(0, "kept");
        for key in 1..100 {
            recent.insert(key, "passing");
            assert_eq!(recent.get(&0), Some(&"kept"));
        }
        assert_eq!(recent.remove(&0), Some("kept"));
        assert_eq!(recent.get(&0), None);
    }

    #[test]
    fn the_last_value_under_a_key_wins_across_generations() {
        let mut recent = Recent::new(1);
        recent.insert(1, "old");
        recent.insert(2, "other");
        recent.insert(1, "new");
        recent.insert(3, "other");
        assert_eq!(recent.get(&1), Some(&"new"));
    }
}
