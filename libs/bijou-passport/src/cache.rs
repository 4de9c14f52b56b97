//! Verified passports, so that the same one is not verified for every request of its minute.
//!
//! Two generations instead of a least-recently-used list: when the young one is full it becomes the old one and the old
//! one is dropped. No links to maintain, at most `2 * generation_max` entries, and what is used stays.

use std::collections::HashMap;
use std::sync::Arc;

use crate::Passport;

pub(crate) struct Cache {
    generation_max: usize,
    young: HashMap<Arc<str>, Arc<Passport>>,
    old: HashMap<Arc<str>, Arc<Passport>>,
}

impl Cache {
    pub(crate) fn new(generation_max: usize) -> Self {
        Self { generation_max: generation_max.max(1), young: HashMap::new(), old: HashMap::new() }
    }

    pub(crate) fn get(&mut self, token: &str) -> Option<Arc<Passport>> {
        if let Some(found) = self.young.get(token) {
            return Some(Arc::clone(found));
        }
        let found = self.old.remove(token)?;
        self.insert(Arc::clone(&found));
        Some(found)
    }

    pub(crate) fn insert(&mut self, passport: Arc<Passport>) {
        if self.young.len() >= self.generation_max {
            self.old = std::mem::take(&mut self.young);
        }
        self.young.insert(passport.shared_token(), passport);
    }

    pub(crate) fn remove(&mut self, token: &str) {
        self.young.remove(token);
        self.old.remove(token);
    }

    #[cfg(test)]
    fn len(&self) -> usize {
        self.young.len() + self.old.len()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Claims;

    fn passport(n: usize) -> Arc<Passport> {
        Arc::new(Passport::new(Claims::default(), format!("token-{n}").into()))
    }

    #[test]
    fn stays_bounded_and_keeps_what_is_used() {
        let mut cache = Cache::new(10);
        cache.insert(passport(0));
        for n in 1..1_000 {
            cache.insert(passport(n));
            assert!(cache.get("token-0").is_some(), "the one in use was dropped after {n}");
            assert!(cache.len() <= 20);
        }
        assert!(cache.get("token-1").is_none());
    }
}
