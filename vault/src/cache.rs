//! A map that forgets what was used longest ago.

use std::{
    collections::{BTreeMap, HashMap},
    hash::Hash,
};

/// Holds at most `bound` entries.
pub struct Cache<K, V> {
    bound: usize,
    turn: u64,
    entries: HashMap<K, (u64, V)>,
    by_turn: BTreeMap<u64, K>,
}

impl<K: Clone + Eq + Hash, V: Clone> Cache<K, V> {
    pub fn new(bound: usize) -> Cache<K, V> {
        Cache { bound: bound.max(1), turn: 0, entries: HashMap::new(), by_turn: BTreeMap::new() }
    }

    pub fn get(&mut self, key: &K) -> Option<V> {
        let turn = self.next_turn();
        let (used, value) = self.entries.get_mut(key)?;
        self.by_turn.remove(used);
        self.by_turn.insert(turn, key.clone());
        *used = turn;
        Some(value.clone())
    }

    pub fn put(&mut self, key: K, value: V) {
        self.remove(&key);
        while self.entries.len() >= self.bound {
            let Some((_, oldest)) = self.by_turn.pop_first() else { break };
            self.entries.remove(&oldest);
        }
        let turn = self.next_turn();
        self.by_turn.insert(turn, key.clone());
        self.entries.insert(key, (turn, value));
    }

    pub fn remove(&mut self, key: &K) {
        if let Some((used, _)) = self.entries.remove(key) {
            self.by_turn.remove(&used);
        }
    }

    /// Keeps the entries whose keys satisfy this.
    pub fn retain(&mut self, keep: impl Fn(&K) -> bool) {
        self.entries.retain(|key, _| keep(key));
        self.by_turn.retain(|_, key| keep(key));
    }

    fn next_turn(&mut self) -> u64 {
        self.turn += 1;
        self.turn
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::Cache;

    #[test]
    fn the_entry_used_longest_ago_goes_first() {
        let mut cache = Cache::new(2);
        cache.put("a", 1);
        cache.put("b", 2);
        assert_eq!(cache.get(&"a"), Some(1));
        cache.put("c", 3);
        assert_eq!((cache.get(&"a"), cache.get(&"b"), cache.get(&"c")), (Some(1), None, Some(3)));
        cache.remove(&"a");
        assert_eq!(cache.get(&"a"), None);
        cache.put("d", 4);
        cache.retain(|key| *key == "d");
        assert_eq!((cache.get(&"c"), cache.get(&"d"), cache.by_turn.len()), (None, Some(4), 1));
    }

    proptest! {
        #[test]
        fn it_stays_bounded_and_answers_truly(bound in 1usize..8, keys in prop::collection::vec(0u8..20, 0..200)) {
            let mut cache = Cache::new(bound);
            for key in keys {
                if let Some(value) = cache.get(&key) {
                    prop_assert_eq!(value, u32::from(key) * 7);
                }
                cache.put(key, u32::from(key) * 7);
                prop_assert_eq!(cache.get(&key), Some(u32::from(key) * 7));
                prop_assert!(cache.entries.len() <= bound);
                prop_assert_eq!(cache.entries.len(), cache.by_turn.len());
            }
        }
    }
}
