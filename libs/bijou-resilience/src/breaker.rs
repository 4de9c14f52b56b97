//! Breaker: stops asking an instance that keeps failing, and finds out cheaply when it is back.
//!
//! Closed: failures in a row are counted. Open: nobody is let through for a while, each time longer. Half-open: one
//! probe at a time; its success closes, its failure opens again. A probe whose outcome is never reported (its future
//! was dropped) frees its seat after `probe_for`, so that a lost report cannot keep an instance out for ever.
//!
//! It counts failures in a row, not a rate: with instances chosen by load and failures already, the breaker is there
//! for the dead one, and a rate needs traffic that a breaker has just taken away.

use std::time::{Duration, Instant};

use rand::Rng;

use crate::Backoff;

/// When to open and for how long.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct BreakerPolicy {
    /// Failures in a row that open it; at least 1.
    pub failures_max: u32,
    /// Time open: first, then doubling with each failed probe.
    pub open_for: Backoff,
    /// How long a probe keeps its seat without a report.
    pub probe_for: Duration,
}

impl Default for BreakerPolicy {
    fn default() -> Self {
        Self {
            failures_max: 5,
            open_for: Backoff::new(Duration::from_millis(500), Duration::from_secs(10), 0.2)
                .expect("the bounds are in order"),
            probe_for: Duration::from_secs(5),
        }
    }
}

/// The states by the names they are shown with.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum BreakerState {
    /// Lets everything through.
    Closed,
    /// Lets nothing through until its time is over.
    Open,
    /// Lets one probe through at a time.
    HalfOpen,
}

impl BreakerState {
    /// `closed`, `open`, `half-open`: for metrics and the operator's page.
    pub fn name(self) -> &'static str {
        match self {
            Self::Closed => "closed",
            Self::Open => "open",
            Self::HalfOpen => "half-open",
        }
    }
}

/// The breaker of one instance.
#[derive(Debug, Clone)]
pub struct Breaker {
    policy: BreakerPolicy,
    state: Inner,
}

#[derive(Debug, Clone, Copy)]
enum Inner {
    Closed { failures: u32 },
    Open { until: Instant, rounds: u32 },
    HalfOpen { probe_until: Option<Instant>, rounds: u32 },
}

impl Breaker {
    /// A closed breaker.
    pub fn new(policy: BreakerPolicy) -> Self {
        Self { policy, state: Inner::Closed { failures: 0 } }
    }

    /// Whether a request would be let through now. Changes nothing: for choosing among instances.
    pub fn admits(&self, now: Instant) -> bool {
        match self.state {
            Inner::Closed { .. } => true,
            Inner::Open { until, .. } => until <= now,
            Inner::HalfOpen { probe_until, .. } => probe_until.is_none_or(|until| until <= now),
        }
    }

    /// Lets one request through, or not. Whoever gets `true` reports [`Breaker::success`] or [`Breaker::failure`].
    pub fn acquire(&mut self, now: Instant) -> bool {
        if !self.admits(now) {
            return false;
        }
        if let Inner::Open { rounds, .. } | Inner::HalfOpen { rounds, .. } = self.state {
            self.state = Inner::HalfOpen { probe_until: Some(now + self.policy.probe_for), rounds };
        }
        true
    }

    /// The instance answered. A success of a request sent before it opened is news as good as a probe's.
    pub fn success(&mut self) {
        self.state = Inner::Closed { failures: 0 };
    }

    /// The instance failed: no connection, no answer in time, or an answer that says it cannot serve.
    pub fn failure(&mut self, now: Instant, rng: &mut (impl Rng + ?Sized)) {
        self.state = match self.state {
            Inner::Closed { failures } if failures + 1 < self.policy.failures_max => {
                Inner::Closed { failures: failures + 1 }
            }
            Inner::Closed { .. } => self.opened(0, now, rng),
            // A late failure of an old request says nothing new.
            Inner::Open { .. } => self.state,
            Inner::HalfOpen { rounds, .. } => self.opened(rounds.saturating_add(1), now, rng),
        };
    }

    /// The request ended without saying anything about the instance (the caller went away).
    pub fn forget(&mut self) {
        if let Inner::HalfOpen { rounds, .. } = self.state {
            self.state = Inner::HalfOpen { probe_until: None, rounds };
        }
    }

    /// The state by name. An open one whose time is over shows as half-open: the next request is the probe.
    pub fn state(&self, now: Instant) -> BreakerState {
        match self.state {
            Inner::Closed { .. } => BreakerState::Closed,
            Inner::Open { until, .. } if until > now => BreakerState::Open,
            Inner::Open { .. } | Inner::HalfOpen { .. } => BreakerState::HalfOpen,
        }
    }

    fn opened(&self, rounds: u32, now: Instant, rng: &mut (impl Rng + ?Sized)) -> Inner {
        Inner::Open { until: now + self.policy.open_for.delay(rounds, rng), rounds }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use rand::SeedableRng;
    use rand::rngs::StdRng;

    use super::*;

    const POLICY_FAILURES: u32 = 3;

    fn breaker() -> Breaker {
        Breaker::new(BreakerPolicy {
            failures_max: POLICY_FAILURES,
            open_for: Backoff::new(Duration::from_secs(1), Duration::from_secs(8), 0.0).expect("valid"),
            probe_for: Duration::from_secs(2),
        })
    }

    fn opened(now: Instant) -> Breaker {
        let mut breaker = breaker();
        for _ in 0..POLICY_FAILURES {
            assert!(breaker.acquire(now));
            breaker.failure(now, &mut StdRng::seed_from_u64(7));
        }
        breaker
    }

    #[test]
    fn opens_at_the_last_allowed_failure_in_a_row() {
        let now = Instant::now();
        let mut breaker = breaker();
        let rng = &mut StdRng::seed_from_u64(7);
        breaker.failure(now, rng);
        breaker.failure(now, rng);
        breaker.success();
        breaker.failure(now, rng);
        breaker.failure(now, rng);
        assert_eq!(breaker.state(now), BreakerState::Closed);
        breaker.failure(now, rng);
        assert_eq!(breaker.state(now), BreakerState::Open);
        assert!(!breaker.acquire(now));
    }

    #[test]
    fn lets_one_probe_through_and_closes_on_its_success() {
        let now = Instant::now();
        let mut breaker = opened(now);
        let later = now + Duration::from_secs(1);
        assert_eq!(breaker.state(later), BreakerState::HalfOpen);
        assert!(breaker.acquire(later));
        assert!(!breaker.acquire(later), "a second probe at the same time");
        breaker.success();
        assert_eq!(breaker.state(later), BreakerState::Closed);
    }

    #[test]
    fn a_failed_probe_doubles_the_time_open() {
        let now = Instant::now();
        let mut breaker = opened(now);
        let probe = now + Duration::from_secs(1);
        assert!(breaker.acquire(probe));
        breaker.failure(probe, &mut StdRng::seed_from_u64(7));
        assert!(!breaker.admits(probe + Duration::from_millis(1_999)));
        assert!(breaker.admits(probe + Duration::from_secs(2)));
    }

    #[test]
    fn a_probe_that_never_reports_frees_its_seat() {
        let now = Instant::now();
        let mut breaker = opened(now);
        let probe = now + Duration::from_secs(1);
        assert!(breaker.acquire(probe));
        assert!(!breaker.admits(probe + Duration::from_millis(1_999)));
        assert!(breaker.admits(probe + Duration::from_secs(2)));
    }

    #[test]
    fn a_probe_whose_caller_left_frees_its_seat_at_once() {
        let now = Instant::now();
        let mut breaker = opened(now);
        let probe = now + Duration::from_secs(1);
        assert!(breaker.acquire(probe));
        breaker.forget();
        assert!(breaker.admits(probe));
    }

    #[derive(Debug, Clone)]
    enum Step {
        Acquire,
        Success,
        Failure,
        Forget,
        Wait(u64),
    }

    fn steps() -> impl Strategy<Value = Vec<Step>> {
        let step = prop_oneof![
            4 => Just(Step::Acquire), 2 => Just(Step::Success), 4 => Just(Step::Failure), 1 => Just(Step::Forget),
            3 => (0_u64..9_000).prop_map(Step::Wait),
        ];
        prop::collection::vec(step, 0..200)
    }

    proptest! {
        #[test]
        fn never_stays_shut_for_longer_than_its_longest_wait(steps in steps(), seed: u64) {
            let (mut now, mut breaker, mut rng) = (Instant::now(), breaker(), StdRng::seed_from_u64(seed));
            for step in steps {
                match step {
                    Step::Acquire => {
                        let admitted = breaker.admits(now);
                        prop_assert_eq!(breaker.acquire(now), admitted, "asking first changed the answer");
                    }
                    Step::Success => breaker.success(),
                    Step::Failure => breaker.failure(now, &mut rng),
                    Step::Forget => breaker.forget(),
                    Step::Wait(ms) => now += Duration::from_millis(ms),
                }
                prop_assert!(breaker.admits(now + Duration::from_secs(8)), "shut beyond the maximum: {breaker:?}");
                if breaker.state(now) == BreakerState::Open {
                    prop_assert!(!breaker.admits(now));
                }
            }
        }
    }
}
