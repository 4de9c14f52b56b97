//! Exponentially weighted moving average over time, not over samples.
//!
//! An observation loses half its weight per half-life whether or not another one follows, so a service asked once a
//! minute and one asked a thousand times a second mean the same by "recent".

use std::time::{Duration, Instant};

/// A moving average with a half-life.
#[derive(Debug, Clone, Copy)]
pub struct Ewma {
    half_life: Duration,
    value: f64,
    at: Instant,
}

impl Ewma {
    /// Starts at `initial`. A half-life of zero would forget everything at once and is taken as one nanosecond.
    pub fn new(half_life: Duration, initial: f64, now: Instant) -> Self {
        Self { half_life: half_life.max(Duration::from_nanos(1)), value: initial, at: now }
    }

    /// Mixes in an observation: the longer since the last one, the more the new one counts.
    pub fn observe(&mut self, value: f64, now: Instant) {
        let kept = self.kept(now);
        self.value = self.value.mul_add(kept, value * (1.0 - kept));
        self.at = self.at.max(now);
    }

    /// Like [`Ewma::observe`], but a value above the average replaces it at once: slow to forgive, quick to notice.
    pub fn observe_peak(&mut self, value: f64, now: Instant) {
        if value > self.value {
            self.value = value;
            self.at = self.at.max(now);
        } else {
            self.observe(value, now);
        }
    }

    /// Adds to a sum that decays: for counting events rather than averaging sizes.
    pub fn add(&mut self, amount: f64, now: Instant) {
        self.value = self.value.mul_add(self.kept(now), amount);
        self.at = self.at.max(now);
    }

    /// The average as of its last observation.
    pub fn value(&self) -> f64 {
        self.value
    }

    /// The decayed sum at `now`, for values kept with [`Ewma::add`].
    pub fn decayed(&self, now: Instant) -> f64 {
        self.value * self.kept(now)
    }

    /// Share of the old value that is left at `now`. A clock that went backwards keeps all of it.
    fn kept(&self, now: Instant) -> f64 {
        let elapsed = now.saturating_duration_since(self.at).as_secs_f64();
        (-elapsed / self.half_life.as_secs_f64()).exp2()
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn one_half_life_later_half_is_left() {
        let now = Instant::now();
        let mut sum = Ewma::new(Duration::from_secs(10), 0.0, now);
        sum.add(8.0, now);
        assert!((sum.decayed(now + Duration::from_secs(10)) - 4.0).abs() < 1e-9);
        assert!((sum.decayed(now + Duration::from_secs(30)) - 1.0).abs() < 1e-9);
    }

    #[test]
    fn a_peak_counts_at_once_and_fades_slowly() {
        let now = Instant::now();
        let mut load = Ewma::new(Duration::from_secs(10), 1.0, now);
        load.observe_peak(9.0, now + Duration::from_millis(1));
        assert!((load.value() - 9.0).abs() < 1e-9);
        load.observe_peak(1.0, now + Duration::from_secs(10));
        assert!((4.9..5.1).contains(&load.value()), "{}", load.value());
    }

    proptest! {
        #[test]
        fn the_average_stays_within_what_was_observed(values in prop::collection::vec((0.0_f64..1e6, 0_u64..100_000), 1..100)) {
            let mut now = Instant::now();
            let first = values[0].0;
            let (mut low, mut high) = (first, first);
            let mut average = Ewma::new(Duration::from_secs(5), first, now);
            for (value, wait_ms) in values {
                now += Duration::from_millis(wait_ms);
                low = low.min(value);
                high = high.max(value);
                average.observe(value, now);
                prop_assert!(average.value() >= low - 1e-6 && average.value() <= high + 1e-6);
            }
        }

        #[test]
        fn decay_does_not_depend_on_how_often_it_is_looked_at(cuts in prop::collection::vec(0_u64..60_000, 0..20)) {
            let start = Instant::now();
            let (mut often, mut once) = (Ewma::new(Duration::from_secs(7), 0.0, start), Ewma::new(Duration::from_secs(7), 0.0, start));
            often.add(100.0, start);
            once.add(100.0, start);
            let mut now = start;
            for cut in cuts {
                now += Duration::from_millis(cut);
                often.add(0.0, now);
            }
            prop_assert!((often.decayed(now) - once.decayed(now)).abs() < 1e-6);
        }
    }
}
