//! Rate limit by the generic cell rate algorithm (GCRA): one instant per key, no buckets to refill.
//!
//! A [`Quota`] says how much in which period; a [`Pace`] is what one key has used (the "theoretical arrival time" of
//! its next request). Both are plain values. [`KeyedLimiter`] keeps paces for a bounded number of keys.

use std::collections::HashMap;
use std::hash::Hash;
use std::num::NonZeroU32;
use std::time::{Duration, Instant};

/// `limit` requests per `period`, all of which may come at once.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Quota {
    limit: NonZeroU32,
    period: Duration,
    interval: Duration,
}

/// What one key has used of its quota. `Pace::default()` has used nothing.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Pace(Option<Instant>);

/// The request may pass; what is left after it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Spare {
    /// Requests that may follow at once.
    pub remaining: u32,
    /// Time until the whole quota is back.
    pub reset_after: Duration,
}

/// The request may not pass.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("rate limit reached, next request allowed in {} ms", retry_after.as_millis())]
pub struct Limited {
    /// Time until one more is allowed. Never zero.
    pub retry_after: Duration,
    /// Time until the whole quota is back.
    pub reset_after: Duration,
}

impl Quota {
    /// `limit` per `period`. A period of zero (or too short to divide) is taken as one nanosecond a request.
    pub fn new(limit: NonZeroU32, period: Duration) -> Self {
        let interval = (period / limit.get()).max(Duration::from_nanos(1));
        Self { limit, period: interval * limit.get(), interval }
    }

    /// `limit` per second.
    pub fn per_second(limit: NonZeroU32) -> Self {
        Self::new(limit, Duration::from_secs(1))
    }

    /// `limit` per minute.
    pub fn per_minute(limit: NonZeroU32) -> Self {
        Self::new(limit, Duration::from_mins(1))
    }

    /// Most requests at once.
    pub fn limit(&self) -> u32 {
        self.limit.get()
    }

    /// Time in which a used up quota comes back.
    pub fn period(&self) -> Duration {
        self.period
    }

    /// Counts one request against `pace`. A refused one costs nothing, so waiting `retry_after` is always enough.
    pub fn check(&self, pace: &mut Pace, now: Instant) -> Result<Spare, Limited> {
        let used_until = pace.0.map_or(now, |at| at.max(now));
        let next = used_until + self.interval;
        let used = next - now;
        if used > self.period {
            return Err(Limited { retry_after: used.saturating_sub(self.period), reset_after: used_until - now });
        }
        pace.0 = Some(next);
        let remaining = self.period.saturating_sub(used).as_nanos() / self.interval.as_nanos();
        Ok(Spare { remaining: remaining as u32, reset_after: used })
    }

    /// Takes back one request counted by [`Quota::check`].
    pub fn refund(&self, pace: &mut Pace) {
        pace.0 = pace.0.and_then(|at| at.checked_sub(self.interval));
    }

    /// Whether `pace` is as good as new, so that its key need not be remembered.
    pub fn is_idle(&self, pace: Pace, now: Instant) -> bool {
        pace.0.is_none_or(|at| at <= now)
    }
}

/// Paces for many keys, at most `keys_max` of them.
///
/// When it is full, keys whose quota is back are dropped; when none is, the newcomer is refused. Refusing is the safe
/// side: whoever can invent keys must not be able to push out the pace of a key that is being limited.
#[derive(Debug)]
pub struct KeyedLimiter<K> {
    quota: Quota,
    keys_max: usize,
    paces: HashMap<K, Pace>,
    swept: Option<Instant>,
}

impl<K: Eq + Hash> KeyedLimiter<K> {
    /// An empty limiter.
    pub fn new(quota: Quota, keys_max: usize) -> Self {
        Self { quota, keys_max: keys_max.max(1), paces: HashMap::new(), swept: None }
    }

    /// Counts one request for `key`.
    pub fn check(&mut self, key: K, now: Instant) -> Result<Spare, Limited> {
        if let Some(pace) = self.paces.get_mut(&key) {
            return self.quota.check(pace, now);
        }
        if self.paces.len() >= self.keys_max {
            self.sweep(now);
            if self.paces.len() >= self.keys_max {
                return Err(Limited { retry_after: self.quota.interval, reset_after: self.quota.period });
            }
        }
        let mut pace = Pace::default();
        let spare = self.quota.check(&mut pace, now);
        self.paces.insert(key, pace);
        spare
    }

    /// Gives back one request of `key`: it turned out not to be of the kind that is limited.
    pub fn refund(&mut self, key: &K) {
        if let Some(pace) = self.paces.get_mut(key) {
            self.quota.refund(pace);
        }
    }

    /// Gives `key` its whole quota back (the caller proved to be who it says).
    pub fn forgive(&mut self, key: &K) {
        self.paces.remove(key);
    }

    /// Keys remembered now.
    pub fn len(&self) -> usize {
        self.paces.len()
    }

    /// Whether no key is remembered.
    pub fn is_empty(&self) -> bool {
        self.paces.is_empty()
    }

    /// The quota every key has.
    pub fn quota(&self) -> Quota {
        self.quota
    }

    /// Drops idle keys, at most once per interval: a full table under attack must not cost a scan per request.
    fn sweep(&mut self, now: Instant) {
        if self.swept.is_some_and(|at| now.saturating_duration_since(at) < self.quota.interval) {
            return;
        }
        self.swept = Some(now);
        self.paces.retain(|_, pace| !self.quota.is_idle(*pace, now));
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn quota(limit: u32, period: Duration) -> Quota {
        Quota::new(NonZeroU32::new(limit).expect("not zero"), period)
    }

    #[test]
    fn the_whole_quota_may_come_at_once_and_then_one_per_interval() {
        let (quota, now, mut pace) = (quota(3, Duration::from_secs(3)), Instant::now(), Pace::default());
        let remaining: Vec<u32> = (0..3).map(|_| quota.check(&mut pace, now).expect("within").remaining).collect();
        assert_eq!(remaining, [2, 1, 0]);
        let limited = quota.check(&mut pace, now).expect_err("fourth");
        assert_eq!(limited.retry_after, Duration::from_secs(1));
        assert_eq!(limited.reset_after, Duration::from_secs(3));
        assert!(quota.check(&mut pace, now + Duration::from_millis(999)).is_err());
        assert!(quota.check(&mut pace, now + Duration::from_secs(1)).is_ok());
    }

    #[test]
    fn a_full_table_refuses_newcomers_until_a_key_is_idle() {
        let now = Instant::now();
        let mut limiter = KeyedLimiter::new(quota(2, Duration::from_secs(2)), 2);
        assert!(limiter.check("a", now).is_ok());
        assert!(limiter.check("b", now).is_ok());
        assert!(limiter.check("c", now).is_err());
        assert!(limiter.check("a", now).is_ok(), "known keys are served");
        let later = now + Duration::from_secs(1);
        assert!(limiter.check("c", later).is_ok(), "b is idle again");
        assert_eq!(limiter.len(), 2);
    }

    #[test]
    fn a_refunded_request_was_never_made() {
        let now = Instant::now();
        let mut limiter = KeyedLimiter::new(quota(2, Duration::from_mins(1)), 10);
        for _ in 0..50 {
            assert!(limiter.check("a", now).is_ok());
            limiter.refund(&"a");
        }
        assert_eq!(limiter.check("a", now).map(|spare| spare.remaining), Ok(1));
    }

    #[test]
    fn a_forgiven_key_starts_anew() {
        let now = Instant::now();
        let mut limiter = KeyedLimiter::new(quota(1, Duration::from_mins(1)), 10);
        assert!(limiter.check("a", now).is_ok());
        assert!(limiter.check("a", now).is_err());
        limiter.forgive(&"a");
        assert!(limiter.check("a", now).is_ok());
    }

    proptest! {
        #[test]
        fn no_span_of_time_passes_more_than_the_limit_plus_its_share(
            limit in 1_u32..20, period_ms in 20_u64..5_000, waits in prop::collection::vec(0_u64..500, 1..300),
        ) {
            let quota = quota(limit, Duration::from_millis(period_ms));
            let (start, mut pace, mut at_ms, mut passed) = (Instant::now(), Pace::default(), 0_u64, Vec::new());
            for wait in waits {
                at_ms += wait;
                let now = start + Duration::from_millis(at_ms);
                match quota.check(&mut pace, now) {
                    Ok(spare) => {
                        passed.push(at_ms);
                        prop_assert!(spare.remaining < limit);
                    }
                    Err(limited) => {
                        prop_assert!(limited.retry_after > Duration::ZERO);
                        let mut copy = pace;
                        prop_assert!(quota.check(&mut copy, now + limited.retry_after).is_ok(), "waiting was not enough");
                    }
                }
            }
            for (first, from) in passed.iter().enumerate() {
                for (count, to) in passed[first..].iter().enumerate() {
                    let bound = f64::from(limit) + (to - from) as f64 / period_ms as f64 * f64::from(limit);
                    prop_assert!((count + 1) as f64 <= bound + 1.001, "{} passed in {} ms", count + 1, to - from);
                }
            }
        }
    }
}
