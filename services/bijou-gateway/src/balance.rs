//! Which instance gets a request: the better of two taken at random.
//!
//! Two random candidates, the lower score wins: nearly as even as knowing all, without the stampede onto the one that
//! looks best to everybody. The score grows with requests in flight and with recent failures, because an instance that
//! fails fast has few in flight and would otherwise attract traffic. Failures fade within half a minute, so whatever was
//! avoided is tried again. Everything is this worker's own view; no other worker is asked. Where the gateway has a zone,
//! [`zones`] says which side the two are taken from.

pub mod zones;

use std::cell::Cell;

use rand::{Rng, RngExt};

use crate::clock::Moment;

/// In what time a failure is forgotten, linearly.
const FADE_MS: f32 = 30_000.0;
/// Failures in a row after which an instance is left out for a while.
const TRIP_AFTER: u32 = 3;
const TRIP_MS_MIN: u64 = 500;
const TRIP_MS_MAX: u64 = 30_000;
/// Failures beyond which it gets no worse: else a long outage would never fade.
const FAILURES_MAX: f32 = 20.0;

/// What one worker knows about an instance.
#[derive(Debug, Default)]
pub struct Health {
    in_flight: Cell<u32>,
    failures: Cell<f32>,
    failures_at: Cell<Moment>,
    failed_in_a_row: Cell<u32>,
    tripped: Cell<Option<(Moment, u64)>>,
    answered: Cell<u64>,
    failed: Cell<u64>,
}

/// The state of an instance by name.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum HealthState {
    /// It never answered yet: one request at a time.
    Probation,
    Healthy,
    /// It failed lately and gets less.
    Suspect,
    /// It failed several times in a row and gets nothing while there are others.
    Tripped,
}

impl HealthState {
    /// As shown to operators.
    pub fn name(self) -> &'static str {
        match self {
            Self::Probation => "probation",
            Self::Healthy => "healthy",
            Self::Suspect => "suspect",
            Self::Tripped => "tripped",
        }
    }
}

impl Health {
    /// An attempt begins.
    pub fn begin(&self) {
        self.in_flight.set(self.in_flight.get() + 1);
    }

    /// An attempt, its answer's body included, is over.
    pub fn end(&self) {
        self.in_flight.set(self.in_flight.get().saturating_sub(1));
    }

    /// It answered, whatever it said.
    pub fn answered(&self) {
        self.answered.set(self.answered.get() + 1);
        self.failed_in_a_row.set(0);
        self.tripped.set(None);
    }

    /// It did not answer, or said that it cannot.
    pub fn failed(&self, now: Moment) {
        self.failed.set(self.failed.get() + 1);
        self.failures.set((self.failures_now(now) + 1.0).min(FAILURES_MAX));
        self.failures_at.set(now);
        let in_a_row = self.failed_in_a_row.get() + 1;
        self.failed_in_a_row.set(in_a_row);
        if in_a_row >= TRIP_AFTER {
            let ms = TRIP_MS_MIN << (in_a_row - TRIP_AFTER).min(16);
            self.tripped.set(Some((now, ms.min(TRIP_MS_MAX))));
        }
    }

    /// Requests in flight from this worker.
    pub fn in_flight(&self) -> u32 {
        self.in_flight.get()
    }

    /// Attempts it answered and attempts it failed.
    pub fn totals(&self) -> (u64, u64) {
        (self.answered.get(), self.failed.get())
    }

    /// Its state by name.
    pub fn state(&self, now: Moment) -> HealthState {
        if self.is_tripped(now) {
            HealthState::Tripped
        } else if self.failures_now(now) > 0.0 {
            HealthState::Suspect
        } else if self.answered.get() == 0 {
            HealthState::Probation
        } else {
            HealthState::Healthy
        }
    }

    /// Lower is better.
    pub fn score(&self, now: Moment) -> f32 {
        let in_flight = self.in_flight.get();
        let probation = if self.answered.get() == 0 && in_flight > 0 { 4.0 } else { 1.0 };
        (in_flight as f32 + 1.0) * (1.0 + self.failures_now(now)) * probation
    }

    /// What it can carry of what a sound one could: 0 while it is tripped.
    pub fn capacity(&self, now: Moment) -> f32 {
        if self.is_tripped(now) { 0.0 } else { 1.0 / (1.0 + self.failures_now(now)) }
    }

    /// Whether it gets nothing while there are others.
    pub fn is_tripped(&self, now: Moment) -> bool {
        self.tripped.get().is_some_and(|(since, ms)| now.ms_since(since) < ms)
    }

    fn failures_now(&self, now: Moment) -> f32 {
        let age = now.ms_since(self.failures_at.get()) as f32;
        self.failures.get() * (1.0 - age / FADE_MS).max(0.0)
    }
}

/// What was chosen, and over what.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Choice {
    /// Index of the chosen one.
    pub index: usize,
    pub score: f32,
    /// The other candidate and its score; `None` when there was no other.
    pub loser: Option<(usize, f32)>,
    /// How many could have been chosen.
    pub candidates: usize,
}

/// Chooses among `len` instances. `score` is `None` for those that must not be chosen.
///
/// Ties go to the first one drawn, which is random, so equals share evenly.
pub fn choose(len: usize, score: impl Fn(usize) -> Option<f32>, rng: &mut impl Rng) -> Option<Choice> {
    let candidates = (0..len).filter(|&index| score(index).is_some()).count();
    let nth = |rank: usize| (0..len).filter(|&index| score(index).is_some()).nth(rank);
    match candidates {
        0 => None,
        1 => nth(0).map(|index| Choice { index, score: score(index).unwrap_or_default(), loser: None, candidates }),
        _ => {
            let first = rng.random_range(0..candidates);
            let second = (first + rng.random_range(1..candidates)) % candidates;
            let (first, second) = (nth(first)?, nth(second)?);
            let (first_score, second_score) = (score(first)?, score(second)?);
            Some(if second_score < first_score {
                Choice { index: second, score: second_score, loser: Some((first, first_score)), candidates }
            } else {
                Choice { index: first, score: first_score, loser: Some((second, second_score)), candidates }
            })
        }
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use proptest::prelude::*;
    use rand::SeedableRng;
    use rand::rngs::SmallRng;

    use super::*;
    use crate::clock::Coarse;

    fn at(ms: u64) -> Moment {
        let clock = Coarse::default();
        clock.set(Duration::from_millis(ms));
        clock.now()
    }

    #[test]
    fn three_failures_in_a_row_trip_and_time_or_an_answer_mends() {
        let health = Health::default();
        health.answered();
        for n in 1..=3 {
            assert!(!health.is_tripped(at(1_000)), "after {n} failures less one");
            health.failed(at(1_000));
        }
        assert_eq!(health.state(at(1_000)), HealthState::Tripped);
        assert_eq!(health.state(at(1_500)), HealthState::Suspect);
        health.failed(at(1_500));
        assert_eq!(health.state(at(2_400)), HealthState::Tripped, "the second time is longer");
        health.answered();
        assert_eq!(health.state(at(2_400)), HealthState::Suspect);
        assert_eq!(health.state(at(40_000)), HealthState::Healthy);
    }

    #[test]
    fn an_unproven_instance_gets_one_request_at_a_time() {
        let (new, old) = (Health::default(), Health::default());
        old.answered();
        new.begin();
        (0..3).for_each(|_| old.begin());
        assert!(old.score(at(0)) < new.score(at(0)));
    }

    #[test]
    fn a_fast_failing_instance_does_not_attract_traffic() {
        let (busy, broken) = (Health::default(), Health::default());
        busy.answered();
        (0..4).for_each(|_| busy.begin());
        (0..5).for_each(|_| broken.failed(at(100)));
        assert!(busy.score(at(100)) < broken.score(at(100)));
    }

    #[test]
    fn equals_share_evenly() {
        let mut rng = SmallRng::seed_from_u64(7);
        let mut hits = [0_u32; 3];
        for _ in 0..30_000 {
            hits[choose(3, |_| Some(1.0), &mut rng).expect("three candidates").index] += 1;
        }
        assert!(hits.iter().all(|&count| (9_500..10_500).contains(&count)), "{hits:?}");
    }

    proptest! {
        #[test]
        fn the_choice_is_allowed_and_never_the_worse_of_its_two(
            scores in prop::collection::vec(prop::option::of(0.0_f32..10.0), 0..12), seed: u64,
        ) {
            let choice = choose(scores.len(), |index| scores[index], &mut SmallRng::seed_from_u64(seed));
            let allowed = scores.iter().flatten().count();
            match choice {
                None => prop_assert_eq!(allowed, 0),
                Some(choice) => {
                    prop_assert_eq!(Some(choice.score), scores[choice.index]);
                    prop_assert_eq!(choice.candidates, allowed);
                    prop_assert_eq!(choice.loser.is_some(), allowed > 1);
                    if let Some((loser, score)) = choice.loser {
                        prop_assert!(loser != choice.index && score >= choice.score);
                    }
                }
            }
        }

        #[test]
        fn in_flight_and_failures_never_go_below_zero(steps in prop::collection::vec((0_u8..4, 0_u64..60_000), 0..60)) {
            let health = Health::default();
            let mut now = 0;
            for (step, wait) in steps {
                now += wait;
                match step {
                    0 => health.begin(),
                    1 => health.end(),
                    2 => health.answered(),
                    _ => health.failed(at(now)),
                }
                prop_assert!(health.score(at(now)) >= 1.0);
                prop_assert!(health.score(at(now)).is_finite());
            }
        }
    }
}
