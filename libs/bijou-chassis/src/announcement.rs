//! What an instance says about itself in the registry besides its address.
//!
//! Values may be set before there is a registration and at any time after; the chassis carries the newest ones there.

use std::collections::BTreeMap;
use std::sync::Arc;

use tokio::sync::watch;

/// The instance's metadata. Cheap to clone.
#[derive(Debug, Clone)]
pub struct Announcement(Arc<watch::Sender<BTreeMap<String, String>>>);

impl Default for Announcement {
    fn default() -> Self {
        Self(Arc::new(watch::Sender::new(BTreeMap::new())))
    }
}

impl Announcement {
    /// Sets one entry; setting the same value again costs nothing.
    pub fn set(&self, key: impl Into<String>, value: impl Into<String>) {
        let (key, value) = (key.into(), value.into());
        self.0.send_if_modified(|entries| {
            if entries.get(&key) == Some(&value) {
                return false;
            }
            entries.insert(key, value);
            true
        });
    }

    /// One entry as it stands.
    pub fn get(&self, key: &str) -> Option<String> {
        self.0.borrow().get(key).cloned()
    }

    pub(crate) fn subscribe(&self) -> watch::Receiver<BTreeMap<String, String>> {
        self.0.subscribe()
    }
}
