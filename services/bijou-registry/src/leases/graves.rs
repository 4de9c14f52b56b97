//! Whom we took out at their own request, for as long as somebody may still speak of them as alive.
//!
//! Replication is not ordered: a peer's registration can arrive after the cancellation that followed it, and a peer that
//! missed the cancellation goes on believing. Eureka has nothing against either (a cancelled instance returns as a
//! zombie). Here a peer's word from before the cancellation is no news. The client's own word always is, and so is a
//! peer's that it was registered again: with a newer version, or at a later time. Versions and times are read from clocks
//! that may jump, so there is a third sign of life that needs none: who still sends heartbeats when the lease it had would
//! be over long ago has a client that sends them.

use std::collections::{HashMap, VecDeque};

use bijou_eureka::PackedInstance;

use super::Key;
use crate::clock::Moment;

/// Longer than peers are usually out of touch, and many leases.
const REMEMBERED_MS: u64 = 3_600_000;
/// The oldest are forgotten first.
const GRAVES_MAX: usize = 20_000;

#[derive(Clone, Copy, Debug)]
struct Grave {
    dirty_ms: u64,
    cancelled: Moment,
    /// How long the lease would have gone on at most.
    duration_ms: u64,
}

#[derive(Debug, Default)]
pub(super) struct Graves {
    graves: HashMap<Key, Grave>,
    order: VecDeque<(u64, Key)>,
}

impl Graves {
    pub(super) fn bury(&mut self, key: Key, dirty_ms: u64, duration_ms: u64, now: Moment) {
        self.prune(now.mono_ms);
        self.order.push_back((now.mono_ms, key.clone()));
        self.graves.insert(key, Grave { dirty_ms, cancelled: now, duration_ms });
    }

    /// It is there again. Says when it was cancelled, by the wall clock, if it was.
    pub(super) fn open(&mut self, key: &Key) -> Option<u64> {
        if self.graves.is_empty() {
            return None;
        }
        self.graves.remove(key).map(|grave| grave.cancelled.unix_ms)
    }

    /// A peer's client renewed it at `heard`: late enough, that is no echo of the lease that was cancelled.
    pub(super) fn hear_heartbeat(&mut self, app: &str, id: &str, heard: Moment) {
        if self.graves.is_empty() {
            return;
        }
        let key: Key = (app.into(), id.into());
        if self.graves.get(&key).is_some_and(|grave| grave.cancelled.mono_ms + grave.duration_ms < heard.mono_ms) {
            self.graves.remove(&key);
        }
    }

    /// Whether a peer speaks of an instance as it was before it was cancelled here.
    pub(super) fn holds(&self, key: &Key, instance: &PackedInstance) -> bool {
        self.is_before(key, instance.last_dirty_ms, instance.lease.registration_ms)
    }

    /// The same of a version and the time at which that was registered.
    pub(super) fn is_before(&self, key: &Key, dirty_ms: u64, registered_ms: u64) -> bool {
        self.graves.get(key).is_some_and(|grave| dirty_ms <= grave.dirty_ms && registered_ms <= grave.cancelled.unix_ms)
    }

    fn prune(&mut self, now_ms: u64) {
        while let Some((at_ms, key)) = self.order.front()
            && (*at_ms + REMEMBERED_MS <= now_ms || self.order.len() >= GRAVES_MAX)
        {
            // Cancelled again since: the later entry of the queue counts.
            if self.graves.get(key).is_some_and(|grave| grave.cancelled.mono_ms == *at_ms) {
                self.graves.remove(key);
            }
            self.order.pop_front();
        }
    }
}
