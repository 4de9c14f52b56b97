//! What a peer has not been told yet. One entry an instance, whatever happened to it how often: a storm of heartbeats
//! costs one event, and a peer that was away for an hour is told the outcome, not the history.
//!
//! Pure: time is an argument. Bounded: when it is full the rest is counted and left to the next comparison.

use std::collections::{HashMap, VecDeque};

use bijou_eureka::json::ReplicationAction;

use crate::leases::Key;

/// Events of one batch; Java's servers send as many.
const BATCH_MAX: usize = 250;
/// A change waits for so long for others to travel with it.
const LINGER_MS: u64 = 20;
/// So does a heartbeat, which nobody waits for.
const HEARTBEAT_LINGER_MS: u64 = 500;

/// What is to be told of one instance, in this order.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
struct Pending {
    cancel: bool,
    register: bool,
    status: Option<ReplicationAction>,
    heartbeat: bool,
    since_ms: u64,
}

#[derive(Debug)]
pub struct Queue {
    instances_max: usize,
    pending: HashMap<Key, Pending>,
    /// Instances with changes first, those with heartbeats only behind. An instance may stand in both, or in vain.
    changes: VecDeque<(u64, Key)>,
    heartbeats: VecDeque<(u64, Key)>,
    pub dropped: u64,
}

impl Queue {
    pub fn new(instances_max: usize) -> Self {
        Queue {
            instances_max,
            pending: HashMap::new(),
            changes: VecDeque::new(),
            heartbeats: VecDeque::new(),
            dropped: 0,
        }
    }

    /// Adds an event. `false` when there is no room.
    pub fn push(&mut self, key: Key, action: ReplicationAction, now_ms: u64) -> bool {
        if self.pending.len() >= self.instances_max && !self.pending.contains_key(&key) {
            self.dropped += 1;
            return false;
        }
        let pending =
            self.pending.entry(key.clone()).or_insert_with(|| Pending { since_ms: now_ms, ..Pending::default() });
        let had_change = pending.has_change();
        let was_empty = !had_change && !pending.heartbeat;
        match action {
            ReplicationAction::Cancel => {
                *pending = Pending { cancel: true, since_ms: pending.since_ms, ..Pending::default() };
            }
            ReplicationAction::Register => (pending.register, pending.heartbeat) = (true, false),
            ReplicationAction::StatusUpdate | ReplicationAction::DeleteStatusOverride => pending.status = Some(action),
            // A registration renews too.
            ReplicationAction::Heartbeat => pending.heartbeat = !pending.register,
        }
        if pending.has_change() && !had_change {
            self.changes.push_back((now_ms, key));
        } else if pending.heartbeat && was_empty {
            self.heartbeats.push_back((now_ms, key));
        }
        true
    }

    /// When the next batch should go.
    pub fn ready_ms(&self) -> Option<u64> {
        if self.pending.len() >= BATCH_MAX {
            return Some(0);
        }
        let change_ms = self.changes.front().map(|(at_ms, _)| at_ms + LINGER_MS);
        let heartbeat_ms = self.heartbeats.front().map(|(at_ms, _)| at_ms + HEARTBEAT_LINGER_MS);
        [change_ms, heartbeat_ms].into_iter().flatten().min()
    }

    /// Takes a batch out: changes first, and of one instance everything together, in order.
    pub fn take(&mut self) -> Vec<(Key, ReplicationAction)> {
        let mut batch = Vec::new();
        while batch.len() < BATCH_MAX {
            let Some((_, key)) = self.changes.pop_front().or_else(|| self.heartbeats.pop_front()) else { break };
            let Some(pending) = self.pending.remove(&key) else { continue };
            batch.extend(pending.actions().map(|action| (key.clone(), action)));
        }
        batch
    }

    /// Puts a batch back that could not be sent. What happened since counts more; heartbeats come again by themselves.
    pub fn put_back(&mut self, batch: Vec<(Key, ReplicationAction)>, now_ms: u64) {
        for (key, action) in batch {
            match self.pending.get_mut(&key) {
                Some(newer) if newer.cancel => {}
                Some(newer) => match action {
                    ReplicationAction::Cancel => newer.cancel = true,
                    ReplicationAction::Register => newer.register = true,
                    ReplicationAction::Heartbeat => {}
                    status => newer.status = newer.status.or(Some(status)),
                },
                None if action == ReplicationAction::Heartbeat => {}
                None => drop(self.push(key, action, now_ms)),
            }
        }
    }

    pub fn len(&self) -> usize {
        self.pending.len()
    }

    /// Since when the oldest instance waits.
    pub fn oldest_ms(&self) -> Option<u64> {
        [self.changes.front(), self.heartbeats.front()].into_iter().flatten().map(|(at_ms, _)| *at_ms).min()
    }
}

impl Pending {
    fn has_change(self) -> bool {
        self.cancel || self.register || self.status.is_some()
    }

    fn actions(self) -> impl Iterator<Item = ReplicationAction> {
        let when = |is_so: bool, action| is_so.then_some(action);
        [
            when(self.cancel, ReplicationAction::Cancel),
            when(self.register, ReplicationAction::Register),
            self.status,
            when(self.heartbeat, ReplicationAction::Heartbeat),
        ]
        .into_iter()
        .flatten()
    }
}

#[cfg(test)]
mod tests {
    use ReplicationAction::{Cancel, DeleteStatusOverride, Heartbeat, Register, StatusUpdate};

    use super::*;

    fn key(id: &str) -> Key {
        ("ORDERS".into(), id.into())
    }

    #[track_caller]
    fn check(pushed: &[ReplicationAction], sent: &[ReplicationAction]) {
        let mut queue = Queue::new(10);
        for action in pushed {
            queue.push(key("a"), *action, 1);
        }
        let actions = queue.take().into_iter().map(|(_, action)| action).collect::<Vec<_>>();
        assert_eq!(actions, sent);
        assert_eq!((queue.len(), queue.ready_ms()), (0, None));
    }

    #[test]
    fn of_one_instance_only_the_outcome_is_told_in_an_order_that_leads_there() {
        check(&[Heartbeat, Heartbeat, Heartbeat], &[Heartbeat]);
        check(&[Heartbeat, Register, Heartbeat], &[Register]);
        check(&[Register, StatusUpdate, Cancel], &[Cancel]);
        check(&[Cancel, Register, Heartbeat], &[Cancel, Register]);
        check(&[StatusUpdate, DeleteStatusOverride, Heartbeat], &[DeleteStatusOverride, Heartbeat]);
        check(&[StatusUpdate, Register], &[Register, StatusUpdate]);
    }

    #[test]
    fn a_change_goes_soon_and_takes_the_heartbeats_along() {
        let mut queue = Queue::new(1000);
        queue.push(key("a"), Heartbeat, 1_000);
        assert_eq!(queue.ready_ms(), Some(1_500));
        queue.push(key("b"), Register, 1_100);
        assert_eq!(queue.ready_ms(), Some(1_120));
        assert_eq!(queue.oldest_ms(), Some(1_000));
        assert_eq!(queue.take(), [(key("b"), Register), (key("a"), Heartbeat)]);
    }

    #[test]
    fn a_batch_has_an_end_and_a_full_one_does_not_wait() {
        let mut queue = Queue::new(1000);
        for id in 0..300 {
            queue.push(key(&id.to_string()), Heartbeat, 1_000);
        }
        assert_eq!(queue.ready_ms(), Some(0));
        assert_eq!((queue.take().len(), queue.take().len(), queue.len()), (250, 50, 0));
    }

    #[test]
    fn what_finds_no_room_is_counted() {
        let mut queue = Queue::new(2);
        assert!(queue.push(key("a"), Register, 1) && queue.push(key("b"), Register, 1));
        assert!(!queue.push(key("c"), Register, 1));
        assert!(queue.push(key("a"), Cancel, 1), "an instance that waits already always finds room");
        assert_eq!((queue.len(), queue.dropped), (2, 1));
    }

    #[test]
    fn what_is_put_back_yields_to_what_happened_since() {
        let mut queue = Queue::new(10);
        queue.push(key("a"), Register, 1);
        queue.push(key("b"), Heartbeat, 1);
        queue.push(key("c"), StatusUpdate, 1);
        let batch = queue.take();
        queue.push(key("a"), Cancel, 2);
        queue.push(key("c"), DeleteStatusOverride, 2);
        queue.put_back(batch, 3);
        assert_eq!(queue.take(), [(key("a"), Cancel), (key("c"), DeleteStatusOverride)]);
    }
}
