//! What changed within the last three minutes: the body of a delta. One entry an instance, the latest wins.

use std::{
    collections::{BTreeMap, HashMap},
    sync::Arc,
};

use super::{Key, Listed, Record};

/// Clients that poll every 30 s may miss five polls and still be told.
const RETENTION_MS: u64 = 180_000;

#[derive(Debug, Default)]
pub struct Recent {
    /// By the order of changes.
    entries: BTreeMap<u64, (u64, Key, Arc<Record>)>,
    places: HashMap<Key, u64>,
    next_place: u64,
    version: u64,
}

impl Recent {
    pub fn push(&mut self, key: Key, record: Arc<Record>, now_ms: u64) {
        if let Some(place) = self.places.insert(key.clone(), self.next_place) {
            self.entries.remove(&place);
        }
        self.entries.insert(self.next_place, (now_ms, key, record));
        self.next_place += 1;
        self.version += 1;
        self.prune(now_ms);
    }

    /// Forgets what is too old; that too is a new version.
    pub fn prune(&mut self, now_ms: u64) {
        while let Some(entry) = self.entries.first_entry()
            && entry.get().0 + RETENTION_MS <= now_ms
        {
            let (_, key, _) = entry.remove();
            self.places.remove(&key);
            self.version += 1;
        }
    }

    /// Eureka's clients compare it only for equality; it begins at 1 as Eureka's does.
    pub fn version(&self) -> u64 {
        self.version + 1
    }

    pub fn listed(&self) -> Vec<Listed> {
        let mut applications: BTreeMap<&Arc<str>, Vec<Arc<Record>>> = BTreeMap::new();
        for (_, (app, _), record) in self.entries.values() {
            applications.entry(app).or_default().push(Arc::clone(record));
        }
        applications.into_iter().map(|(name, records)| Listed { name: Arc::clone(name), records }).collect()
    }
}
