//! What is slow: longer than the slowest hundredth of its own kind, followed as it comes.
//!
//! One number for each kind, moved a little by every duration: up by a tenth when one lies above it, down by a thousandth when
//! not, which comes to rest where one in a hundred lies above. No buckets and no lock: an atomic read and an atomic write.
//! Two writers at once may lose a step, which the next ones make up for.

use std::sync::atomic::{AtomicU64, Ordering::Relaxed};
use std::time::Duration;

/// Quicker than this is never slow, whatever is usual: nobody looks for what took two milliseconds instead of one.
const NEVER_SLOW: Duration = Duration::from_millis(5);

/// Kinds told apart by a table; two that share a place have one number.
const PLACES: usize = 256;

/// Follows the 99th percentile of what it is shown.
#[derive(Debug, Default)]
pub struct SlowLimit(
    /// Nanoseconds; 0 before the first.
    AtomicU64,
);

impl SlowLimit {
    /// Whether this duration lies above what is usual. Learns from it.
    pub fn is_slow(&self, took: Duration) -> bool {
        let took_ns = u64::try_from(took.as_nanos()).unwrap_or(u64::MAX).max(1_000);
        let limit_ns = self.0.load(Relaxed);
        if limit_ns == 0 {
            self.0.store(took_ns.saturating_mul(2), Relaxed);
            return false;
        }
        let is_above = took_ns > limit_ns;
        let next_ns = if is_above { limit_ns.saturating_add(limit_ns / 10) } else { limit_ns - limit_ns / 1_000 };
        self.0.store(next_ns, Relaxed);
        is_above && took >= NEVER_SLOW
    }
}

/// Limits by name.
#[derive(Debug)]
pub(crate) struct SlowLimits([SlowLimit; PLACES]);

impl Default for SlowLimits {
    fn default() -> Self {
        Self(std::array::from_fn(|_| SlowLimit::default()))
    }
}

impl SlowLimits {
    /// The limit of what has this name.
    pub(crate) fn of(&self, name: &str) -> &SlowLimit {
        // FNV-1a: a few bytes, no state, nobody chooses them to collide.
        let hash = name
            .bytes()
            .fold(0xcbf2_9ce4_8422_2325_u64, |hash, byte| (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3));
        &self.0[(hash >> 32) as usize % PLACES]
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const MS: Duration = Duration::from_millis(1);

    /// Shows it `count` durations spread evenly up to `max`, in an order that is none.
    fn slow_of(limit: &SlowLimit, count: u32, max: Duration) -> usize {
        (0..count).filter(|number| limit.is_slow(max * (number * 7_919 % 1_000) / 1_000)).count()
    }

    #[test]
    fn about_one_in_a_hundred_is_slow() {
        let limit = SlowLimit::default();
        slow_of(&limit, 20_000, 100 * MS);
        let slow = slow_of(&limit, 100_000, 100 * MS);
        assert!((500..2_000).contains(&slow), "{slow} of 100000");
    }

    #[test]
    fn an_outlier_is_slow_and_what_becomes_usual_is_not_any_more() {
        let limit = SlowLimit::default();
        slow_of(&limit, 20_000, 10 * MS);
        assert!(limit.is_slow(500 * MS));
        let slow = (0..1_000).filter(|_| limit.is_slow(500 * MS)).count();
        assert!((10..100).contains(&slow), "{slow}");
    }

    #[test]
    fn the_quickest_are_never_slow_and_the_first_is_not() {
        let limit = SlowLimit::default();
        assert!(!limit.is_slow(9_000 * MS), "nobody knows yet what is usual");
        let quick = SlowLimit::default();
        assert_eq!(slow_of(&quick, 50_000, 4 * MS), 0);
    }

    #[test]
    fn names_are_told_apart() {
        let limits = SlowLimits::default();
        for _ in 0..100 {
            limits.of("GET /v1/home").is_slow(10 * MS);
            limits.of("GET /s/{asset}").is_slow(900 * MS);
        }
        assert!(limits.of("GET /v1/home").is_slow(100 * MS));
        assert!(!limits.of("GET /s/{asset}").is_slow(901 * MS));
    }
}
