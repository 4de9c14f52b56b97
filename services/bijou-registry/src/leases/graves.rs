//! Whom we took out at their own request, for as long as somebody may still speak of them as alive.
//!
//! Replication is not ordered: a peer's registration can arrive after the cancellation that followed it, and a peer that
//! missed the cancellation goes on believing. Eureka has nothing against either (a cancelled instance returns as a
//! zombie). Here a peer's word from before the cancellation is no news. The client's own word always is, and so is a
//! peer's that it was registered again: with a newer version, or at a later time. Versions and times are read from clocks
//! that may jump, so there is a third sign of life that needs none: whose client was heard of when the lease it had would
//! have been over has a client that speaks.
//!
//! A goodbye may be told late too, of an instance that is there again meanwhile. So it counts from when it was said, and a
//! grave that was opened is remembered like any other: the peers are told how long ago it was dug.

use std::collections::{HashMap, VecDeque};

use bijou_eureka::Hearsay;

use super::{Key, Lease, Word};
use crate::clock::Moment;

/// Longer than peers are usually out of touch, and many leases.
const REMEMBERED_MS: u64 = 3_600_000;
/// The oldest are forgotten first.
const GRAVES_MAX: usize = 20_000;

#[derive(Clone, Copy, Debug)]
struct Grave {
    dirty_ms: u64,
    /// When its client said so, at whatever node.
    cancelled: Moment,
    /// How long the lease would have gone on at most.
    duration_ms: u64,
    /// The end of its override as an operator's word: later than all that were given.
    ended_ms: u64,
    /// Its client was heard of since.
    is_open: bool,
    /// It is there again: what is said of its override since, its lease knows.
    is_registered: bool,
}

#[derive(Debug, Default)]
pub(super) struct Graves {
    graves: HashMap<Key, Grave>,
    order: VecDeque<(u64, Key)>,
}

impl Graves {
    /// Who `told` of the goodbye may have dated the end of the override: one date is better than one from each clock.
    pub(super) fn bury(&mut self, key: Key, lease: &Lease, cancelled: Moment, told: Hearsay, now: Moment) {
        self.prune(now.mono_ms);
        let word = lease.word();
        // Told again of a goodbye, it may know that end already.
        let ended = told.overridden_ms.map(|at_ms| Word { at_ms, status: None }).filter(|ended| *ended >= word);
        self.order.push_back((cancelled.mono_ms, key.clone()));
        let grave = Grave {
            dirty_ms: lease.record.instance.last_dirty_ms,
            cancelled,
            duration_ms: lease.duration_ms,
            ended_ms: ended.unwrap_or_else(|| word.followed_by(None, cancelled)).at_ms,
            is_open: false,
            is_registered: false,
        };
        self.graves.insert(key, grave);
    }

    /// It is there again. Says when its override ended, as an operator's word, if it was cancelled.
    pub(super) fn open(&mut self, key: &Key) -> Option<u64> {
        if self.graves.is_empty() {
            return None;
        }
        let grave = self.graves.get_mut(key)?;
        grave.is_open = true;
        let is_first = !std::mem::replace(&mut grave.is_registered, true);
        is_first.then_some(grave.ended_ms)
    }

    /// Its client renewed it at `heard`, here or at a peer, and is asked to register: that ends the override all the same.
    pub(super) fn hear_heartbeat(&mut self, app: &str, id: &str, heard: Moment) {
        if self.graves.is_empty() {
            return;
        }
        let key: Key = (app.into(), id.into());
        if let Some(grave) = self.graves.get_mut(&key)
            && outlives(heard, grave.cancelled, grave.duration_ms)
        {
            grave.is_open = true;
        }
    }

    /// Whether a peer speaks of an instance as it was before it was cancelled here: of its version, the time at which that
    /// was registered, and when its client was `heard` of, where that is known.
    pub(super) fn is_before(&self, key: &Key, dirty_ms: u64, registered_ms: u64, heard: Option<Moment>) -> bool {
        self.graves.get(key).filter(|grave| !grave.is_open).is_some_and(|grave| {
            let is_told_late = dirty_ms <= grave.dirty_ms && registered_ms <= grave.cancelled.unix_ms;
            is_told_late && !heard.is_some_and(|heard| outlives(heard, grave.cancelled, grave.duration_ms))
        })
    }

    /// What is told of its last goodbye, also where it is there again.
    pub(super) fn goodbye(&self, key: &Key, now: Moment) -> Option<Hearsay> {
        self.graves.get(key).map(|grave| Hearsay {
            age_ms: now.mono_ms.saturating_sub(grave.cancelled.mono_ms),
            overridden_ms: Some(grave.ended_ms),
        })
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

/// Whether a client that was heard of then is there after a goodbye: so late comes no echo of the lease that it ended.
pub(super) fn outlives(heard: Moment, cancelled: Moment, duration_ms: u64) -> bool {
    cancelled.mono_ms + duration_ms < heard.mono_ms
}
