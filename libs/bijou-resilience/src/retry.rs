//! Retry budget: retries are a share of recent requests, so that an outage is not answered with a storm.
//!
//! A window of ten one-second slots counts requests and retries. A retry is granted while retries in the window stay
//! within `floor_per_s * window + share * requests`. The floor lets a quiet client retry at all; the share bounds the
//! extra load at `share` whatever happens behind. Compared with a plain limit per request (three tries each), this one
//! does not multiply load by three exactly when the other side is on its knees.

use std::time::{Duration, Instant};

const SLOTS: usize = 10;
const SLOT: Duration = Duration::from_secs(1);

/// How many retries are allowed.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct RetryPolicy {
    /// Retries per request in the window, 0.2 by default: a fifth more load at most.
    pub share: f64,
    /// Retries per second that are always allowed, 3 by default.
    pub floor_per_s: u32,
}

impl Default for RetryPolicy {
    fn default() -> Self {
        Self { share: 0.2, floor_per_s: 3 }
    }
}

/// Counts of one client towards one service.
#[derive(Debug, Clone)]
pub struct RetryBudget {
    policy: RetryPolicy,
    started: Instant,
    /// Number of the slot that `slots` was last written in, counted from `started`.
    current: u64,
    slots: [Slot; SLOTS],
}

#[derive(Debug, Clone, Copy, Default)]
struct Slot {
    requests: u64,
    retries: u64,
}

impl RetryBudget {
    /// An empty window.
    pub fn new(policy: RetryPolicy, now: Instant) -> Self {
        Self { policy, started: now, current: 0, slots: [Slot::default(); SLOTS] }
    }

    /// Counts one request (not its retries).
    pub fn record_request(&mut self, now: Instant) {
        self.slot(now).requests += 1;
    }

    /// Takes one retry from the budget, `false` when it is used up.
    pub fn try_retry(&mut self, now: Instant) -> bool {
        self.slot(now);
        if self.available() < 1.0 {
            return false;
        }
        self.slot(now).retries += 1;
        true
    }

    /// Retries that would be granted now, for metrics.
    pub fn available_at(&mut self, now: Instant) -> u64 {
        self.slot(now);
        self.available().max(0.0) as u64
    }

    fn available(&self) -> f64 {
        let requests: u64 = self.slots.iter().map(|slot| slot.requests).sum();
        let retries: u64 = self.slots.iter().map(|slot| slot.retries).sum();
        let floor = f64::from(self.policy.floor_per_s) * SLOTS as f64;
        self.policy.share.mul_add(requests as f64, floor) - retries as f64
    }

    /// The slot of `now`, after forgetting those that left the window. A clock that went backwards counts as no time.
    fn slot(&mut self, now: Instant) -> &mut Slot {
        let number = now.saturating_duration_since(self.started).as_secs() / SLOT.as_secs();
        let passed = number.saturating_sub(self.current).min(SLOTS as u64);
        for step in 1..=passed {
            self.slots[((number - passed + step) % SLOTS as u64) as usize] = Slot::default();
        }
        self.current = self.current.max(number);
        &mut self.slots[(self.current % SLOTS as u64) as usize]
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn the_floor_is_there_without_any_request() {
        let now = Instant::now();
        let mut budget = RetryBudget::new(RetryPolicy { share: 0.0, floor_per_s: 1 }, now);
        assert_eq!((0..20).filter(|_| budget.try_retry(now)).count(), 10);
        assert!(budget.try_retry(now + SLOT * 10), "the window passed");
    }

    #[test]
    fn an_outage_costs_a_fifth_more_load_not_three_times() {
        let start = Instant::now();
        let mut budget = RetryBudget::new(RetryPolicy { share: 0.2, floor_per_s: 0 }, start);
        let mut retries = 0;
        for n in 0..10_000_u64 {
            let now = start + Duration::from_millis(n);
            budget.record_request(now);
            retries += u64::from(budget.try_retry(now)) + u64::from(budget.try_retry(now));
        }
        assert!((1_990..=2_000).contains(&retries), "{retries} retries for 10,000 failed requests");
    }

    proptest! {
        #[test]
        fn retries_in_any_full_window_stay_within_the_policy(
            share in 0.0_f64..1.0, floor_per_s in 0_u32..5, steps in prop::collection::vec((0_u64..1_500, any::<bool>()), 1..400),
        ) {
            let start = Instant::now();
            let mut budget = RetryBudget::new(RetryPolicy { share, floor_per_s }, start);
            let (mut at_ms, mut log) = (0_u64, Vec::new());
            for (wait_ms, is_request) in steps {
                at_ms += wait_ms;
                let now = start + Duration::from_millis(at_ms);
                if is_request {
                    budget.record_request(now);
                    log.push((at_ms / 1000, true));
                } else if budget.try_retry(now) {
                    log.push((at_ms / 1000, false));
                    let window = || log.iter().filter(|(second, _)| second + SLOTS as u64 > at_ms / 1000);
                    let requests = window().filter(|(_, is_request)| *is_request).count();
                    let retries = window().count() - requests;
                    let bound = share * requests as f64 + f64::from(floor_per_s) * SLOTS as f64;
                    prop_assert!(retries as f64 <= bound + 1e-6, "{retries} retries, bound {bound}");
                }
            }
        }
    }
}
