//! Backoff: how long to wait before trying again, doubling up to a bound, with jitter.
//!
//! Jitter only lengthens: a waiting time below the nominal one would let a fleet come back earlier than promised.

use std::time::Duration;

use rand::{Rng, RngExt};

/// Exponential waiting times between `min` and `max`, lengthened by up to `jitter` of themselves.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Backoff {
    min: Duration,
    max: Duration,
    jitter: f64,
}

/// Why a [`Backoff`] cannot be built.
#[derive(Debug, Clone, Copy, PartialEq, thiserror::Error)]
pub enum InvalidBackoff {
    /// Waiting no time at all is a busy loop.
    #[error("the shortest wait must be above zero")]
    MinIsZero,
    /// The bounds are the wrong way round.
    #[error("the longest wait is shorter than the shortest")]
    MaxBelowMin,
    /// Jitter is a share of the wait, not a factor or a percentage.
    #[error("jitter is {0}, expected 0 to 1")]
    JitterOutOfRange(f64),
}

impl Backoff {
    /// Checks the bounds and builds.
    pub fn new(min: Duration, max: Duration, jitter: f64) -> Result<Self, InvalidBackoff> {
        if min.is_zero() {
            return Err(InvalidBackoff::MinIsZero);
        }
        if max < min {
            return Err(InvalidBackoff::MaxBelowMin);
        }
        if !(0.0..=1.0).contains(&jitter) {
            return Err(InvalidBackoff::JitterOutOfRange(jitter));
        }
        Ok(Self { min, max, jitter })
    }

    /// The wait after failure number `attempt` (the first is 0). Never below `min`; at most `max * (1 + jitter)`.
    pub fn delay(&self, attempt: u32, rng: &mut (impl Rng + ?Sized)) -> Duration {
        // 2^31 times any non-zero Duration of ours is beyond every sensible maximum.
        let nominal = self.min.saturating_mul(1 << attempt.min(31)).min(self.max);
        if self.jitter == 0.0 {
            return nominal;
        }
        nominal.saturating_add(nominal.mul_f64(rng.random_range(0.0..=self.jitter)))
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use rand::SeedableRng;
    use rand::rngs::StdRng;

    use super::*;

    #[test]
    fn bounds_and_jitter_are_checked() {
        let second = Duration::from_secs(1);
        assert_eq!(Backoff::new(Duration::ZERO, second, 0.1), Err(InvalidBackoff::MinIsZero));
        assert_eq!(Backoff::new(second, second / 2, 0.1), Err(InvalidBackoff::MaxBelowMin));
        assert_eq!(Backoff::new(second, second, 1.5), Err(InvalidBackoff::JitterOutOfRange(1.5)));
        assert!(Backoff::new(second, second, f64::NAN).is_err());
    }

    #[test]
    fn doubles_until_the_maximum() {
        let backoff = Backoff::new(Duration::from_millis(100), Duration::from_secs(1), 0.0).expect("valid");
        let waits: Vec<u64> =
            (0..6).map(|n| backoff.delay(n, &mut StdRng::seed_from_u64(1)).as_millis() as u64).collect();
        assert_eq!(waits, [100, 200, 400, 800, 1000, 1000]);
    }

    proptest! {
        #[test]
        fn stays_between_nominal_and_nominal_plus_jitter(
            min_ms in 1_u64..10_000, factor in 1_u64..1_000, jitter in 0.0_f64..=1.0, attempt in 0_u32..100, seed: u64,
        ) {
            let (min, max) = (Duration::from_millis(min_ms), Duration::from_millis(min_ms * factor));
            let backoff = Backoff::new(min, max, jitter).expect("valid");
            let nominal = Backoff::new(min, max, 0.0).expect("valid").delay(attempt, &mut StdRng::seed_from_u64(seed));
            let delay = backoff.delay(attempt, &mut StdRng::seed_from_u64(seed));
            prop_assert!(delay >= nominal && delay >= min);
            prop_assert!(delay <= nominal.mul_f64(1.0 + jitter) + Duration::from_nanos(2));
        }
    }
}
