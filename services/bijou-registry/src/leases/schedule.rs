//! When to look at which lease. A heartbeat does not touch it: an entry whose time has come is looked up, and planned
//! anew when its lease was renewed meanwhile. So a renewal costs nothing here, and every lease is seen when it ends.

use std::{cmp::Reverse, collections::BinaryHeap};

use super::Key;

#[derive(Debug, Default)]
pub(super) struct Schedule(BinaryHeap<Reverse<(u64, Key)>>);

/// When a lease is looked at next. Kept with the lease: entries of the schedule that say otherwise are leftovers.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Planned(Option<u64>);

impl Schedule {
    /// Plans a look at `expires_ms`. A lease that is looked at earlier anyway is left as it is.
    pub(super) fn plan(&mut self, planned: &mut Planned, key: &Key, expires_ms: u64) {
        if planned.0.is_none_or(|planned_ms| planned_ms > expires_ms) {
            planned.0 = Some(expires_ms);
            self.0.push(Reverse((expires_ms, key.clone())));
        }
    }

    /// Takes out an entry that is planned up to `now_ms`. It may be a leftover: see [`Planned::has_come`].
    pub(super) fn due(&mut self, now_ms: u64) -> Option<(u64, Key)> {
        self.0.peek().filter(|Reverse((at_ms, _))| *at_ms <= now_ms)?;
        self.0.pop().map(|Reverse(due)| due)
    }

    pub(super) fn next_ms(&self) -> Option<u64> {
        self.0.peek().map(|Reverse((at_ms, _))| *at_ms)
    }
}

impl Planned {
    /// Whether that entry was meant; then nothing is planned any more.
    pub(super) fn has_come(&mut self, at_ms: u64) -> bool {
        self.0.take_if(|planned_ms| *planned_ms == at_ms).is_some()
    }
}

#[cfg(test)]
mod tests {
    use std::collections::HashMap;

    use super::*;

    #[derive(Default)]
    struct Plans {
        schedule: Schedule,
        leases: HashMap<Key, Planned>,
    }

    impl Plans {
        fn plan(&mut self, id: &str, expires_ms: u64) {
            let key = key(id);
            let planned = self.leases.entry(key.clone()).or_default();
            self.schedule.plan(planned, &key, expires_ms);
        }

        fn due(&mut self, now_ms: u64) -> Vec<Key> {
            let mut due = Vec::new();
            while let Some((at_ms, key)) = self.schedule.due(now_ms) {
                if self.leases.get_mut(&key).is_some_and(|planned| planned.has_come(at_ms)) {
                    due.push(key);
                }
            }
            due
        }
    }

    fn key(id: &str) -> Key {
        ("ORDERS".into(), id.into())
    }

    #[test]
    fn each_lease_is_due_once_at_its_planned_time() {
        let mut plans = Plans::default();
        plans.plan("a", 10);
        plans.plan("b", 20);
        assert_eq!(plans.schedule.next_ms(), Some(10));
        assert_eq!(plans.due(9), []);
        assert_eq!(plans.due(10), [key("a")]);
        assert_eq!(plans.due(30), [key("b")]);
        assert_eq!(plans.due(30), []);
    }

    #[test]
    fn a_later_end_is_found_out_about_when_the_earlier_one_comes() {
        let mut plans = Plans::default();
        plans.plan("a", 10);
        plans.plan("a", 50);
        assert_eq!(plans.schedule.next_ms(), Some(10));
        plans.plan("a", 5);
        assert_eq!(plans.due(5), [key("a")]);
        assert_eq!(plans.due(50), []);
    }

    #[test]
    fn what_has_ended_is_never_due_even_when_it_begins_again() {
        let mut plans = Plans::default();
        plans.plan("a", 10);
        plans.leases.clear();
        plans.plan("a", 40);
        assert_eq!(plans.due(39), []);
        assert_eq!(plans.due(40), [key("a")]);
    }
}
