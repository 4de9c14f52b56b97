//! How many requests a second are traced, whatever the load.
//!
//! A rate, not a share: a share is either nothing on a laptop or a flood at peak. The first requests of a second win,
//! which is unfair to nobody in particular and costs one atomic operation.

use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

/// Admits at most so many per second. Shared between threads.
#[derive(Debug)]
pub struct RateSampler {
    per_second: u32,
    /// The second in the upper half, how many it admitted in the lower.
    window: AtomicU64,
}

impl RateSampler {
    /// `0` admits nothing.
    pub fn new(per_second: u32) -> Self {
        Self { per_second, window: AtomicU64::new(0) }
    }

    /// `now` is any clock that does not run backwards, for instance the time since the process started.
    pub fn admits(&self, now: Duration) -> bool {
        let second = now.as_secs() & u64::from(u32::MAX);
        let mut seen = self.window.load(Ordering::Relaxed);
        loop {
            let admitted = if seen >> 32 == second { seen as u32 } else { 0 };
            if admitted >= self.per_second {
                return false;
            }
            let next = (second << 32) | u64::from(admitted + 1);
            match self.window.compare_exchange_weak(seen, next, Ordering::Relaxed, Ordering::Relaxed) {
                Ok(_) => return true,
                Err(current) => seen = current,
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(per_second: u32, milliseconds: &[u64], expected: usize) {
        let sampler = RateSampler::new(per_second);
        let admitted = milliseconds.iter().filter(|ms| sampler.admits(Duration::from_millis(**ms))).count();
        assert_eq!(admitted, expected);
    }

    #[test]
    fn each_second_starts_afresh() {
        check(2, &[0, 1, 2, 999], 2);
        check(2, &[0, 1, 2, 1000, 1001, 1002], 4);
    }

    #[test]
    fn zero_admits_nothing() {
        check(0, &[0, 1000, 5000], 0);
    }

    #[test]
    fn threads_together_never_exceed_the_rate() {
        let sampler = RateSampler::new(100);
        let admitted: usize = std::thread::scope(|scope| {
            let count = || (0..1000).filter(|_| sampler.admits(Duration::from_secs(7))).count();
            let workers: Vec<_> = (0..4).map(|_| scope.spawn(count)).collect();
            workers.into_iter().map(|worker| worker.join().expect("no panic")).sum()
        });
        assert_eq!(admitted, 100);
    }
}
