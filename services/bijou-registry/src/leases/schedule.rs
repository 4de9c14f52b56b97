//! When to look at which lease. A heartbeat does not touch it: an entry whose time has come is looked up, and planned
//! anew when its lease was renewed meanwhile. So a renewal costs nothing here, and every lease is seen when it ends.

use std::{
    cmp::Reverse,
    collections::{BinaryHeap, HashMap},
};

use super::Key;

#[derive(Debug, Default)]
pub(super) struct Schedule {
    queue: BinaryHeap<Reverse<(u64, Key)>>,
    /// The one entry of each lease that counts; others in the queue are leftovers.
    planned: HashMap<Key, u64>,
}

impl Schedule {
    /// Plans a look at `expires_ms`. Unless `must`, a lease that is looked at earlier anyway is left as it is.
    pub(super) fn plan(&mut self, key: Key, expires_ms: u64, must: bool) {
        match self.planned.get(&key) {
            Some(planned) if *planned <= expires_ms && !must => return,
            Some(planned) if *planned == expires_ms => return,
            _ => {}
        }
        self.planned.insert(key.clone(), expires_ms);
        self.queue.push(Reverse((expires_ms, key)));
    }

    pub(super) fn forget(&mut self, key: &Key) {
        self.planned.remove(key);
    }

    /// Takes out everything planned up to `now_ms`.
    pub(super) fn due(&mut self, now_ms: u64) -> Vec<Key> {
        let mut due = Vec::new();
        while let Some(Reverse((at_ms, _))) = self.queue.peek()
            && *at_ms <= now_ms
        {
            let Some(Reverse((at_ms, key))) = self.queue.pop() else { break };
            if self.planned.get(&key) == Some(&at_ms) {
                self.planned.remove(&key);
                due.push(key);
            }
        }
        due
    }

    pub(super) fn next_ms(&self) -> Option<u64> {
        self.queue.peek().map(|Reverse((at_ms, _))| *at_ms)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn key(id: &str) -> Key {
        ("ORDERS".into(), id.into())
    }

    #[test]
    fn each_lease_is_due_once_at_its_planned_time() {
        let mut schedule = Schedule::default();
        schedule.plan(key("a"), 10, true);
        schedule.plan(key("b"), 20, true);
        assert_eq!(schedule.next_ms(), Some(10));
        assert_eq!(schedule.due(9), []);
        assert_eq!(schedule.due(10), [key("a")]);
        assert_eq!(schedule.due(30), [key("b")]);
        assert_eq!(schedule.due(30), []);
    }

    #[test]
    fn a_later_end_is_found_out_about_when_the_earlier_one_comes() {
        let mut schedule = Schedule::default();
        schedule.plan(key("a"), 10, true);
        schedule.plan(key("a"), 50, false);
        assert_eq!(schedule.next_ms(), Some(10));
        schedule.plan(key("a"), 5, false);
        assert_eq!(schedule.due(5), [key("a")]);
        assert_eq!(schedule.due(50), []);
    }

    #[test]
    fn what_is_forgotten_is_never_due_even_when_planned_again() {
        let mut schedule = Schedule::default();
        schedule.plan(key("a"), 10, true);
        schedule.forget(&key("a"));
        schedule.plan(key("a"), 40, true);
        assert_eq!(schedule.due(39), []);
        assert_eq!(schedule.due(40), [key("a")]);
    }
}
