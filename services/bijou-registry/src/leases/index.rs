//! Which instances carry a VIP address. Addresses are lists separated by commas, compared part by part, untrimmed and
//! case-sensitively, as Eureka does.

use std::collections::{BTreeSet, HashMap};

use super::Key;

#[derive(Debug, Default)]
pub(super) struct VipIndex(HashMap<Box<str>, BTreeSet<Key>>);

impl VipIndex {
    pub(super) fn add(&mut self, key: &Key, addresses: Option<&str>) {
        for address in addresses.into_iter().flat_map(|addresses| addresses.split(',')) {
            self.0.entry(address.into()).or_default().insert(key.clone());
        }
    }

    pub(super) fn remove(&mut self, key: &Key, addresses: Option<&str>) {
        for address in addresses.into_iter().flat_map(|addresses| addresses.split(',')) {
            let Some(keys) = self.0.get_mut(address) else { continue };
            keys.remove(key);
            if keys.is_empty() {
                self.0.remove(address);
            }
        }
    }

    /// In order of application and id.
    pub(super) fn keys(&self, address: &str) -> impl Iterator<Item = Key> {
        self.0.get(address).into_iter().flatten().cloned()
    }
}
