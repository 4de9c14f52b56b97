//! Deadline: the instant after which nobody waits for the answer any more.
//!
//! It travels as *remaining milliseconds* in `bijou-deadline-ms` (clocks of two machines need not agree, the few
//! milliseconds on the wire are lost in everybody's favour) and becomes an [`Instant`] where it arrives.

use std::time::{Duration, Instant};

/// When the work for one request must be over.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Deadline(Instant);

/// A `bijou-deadline-ms` value that is not a whole number of milliseconds.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("`bijou-deadline-ms` is `{value}`, expected whole milliseconds such as `2500`")]
pub struct InvalidDeadline {
    /// What was sent, cut to a length that is safe to log.
    pub value: String,
}

impl Deadline {
    /// Name of the header that carries the remaining budget, in whole milliseconds.
    pub const HEADER: &'static str = "bijou-deadline-ms";

    /// Longest budget believed from a header. A caller that waits longer for one answer has other problems, and an
    /// unbounded value would overflow arithmetic on instants.
    pub const BUDGET_MAX: Duration = Duration::from_mins(10);

    /// The deadline `budget` from `now`, at most [`Deadline::BUDGET_MAX`].
    pub fn after(now: Instant, budget: Duration) -> Self {
        Self(now + budget.min(Self::BUDGET_MAX))
    }

    /// The deadline at an instant.
    pub fn at(instant: Instant) -> Self {
        Self(instant)
    }

    /// Reads a header value received at `now`. Zero is a deadline that has passed.
    pub fn from_header_ms(value: &str, now: Instant) -> Result<Self, InvalidDeadline> {
        let digits_only = !value.is_empty() && value.len() <= 12 && value.bytes().all(|byte| byte.is_ascii_digit());
        match value.parse::<u64>() {
            Ok(ms) if digits_only => Ok(Self::after(now, Duration::from_millis(ms))),
            _ => Err(InvalidDeadline { value: value.chars().take(32).collect() }),
        }
    }

    /// The instant itself, for `tokio::time::timeout_at`.
    pub fn instant(self) -> Instant {
        self.0
    }

    /// Time left, zero once it has passed.
    pub fn remaining(self, now: Instant) -> Duration {
        self.0.saturating_duration_since(now)
    }

    /// Whether nobody waits any more.
    pub fn is_past(self, now: Instant) -> bool {
        self.0 <= now
    }

    /// The remaining budget as a header value, rounded down so that it shrinks on every hop and never grows.
    pub fn header_value(self, now: Instant) -> String {
        self.remaining(now).as_millis().to_string()
    }

    /// The earlier of two: a local time-out never outlives the caller's.
    pub fn earlier(self, other: Self) -> Self {
        self.min(other)
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn a_header_that_is_not_whole_milliseconds_is_refused() {
        for value in ["", "-1", "+5", "1.5", "1s", " 7", "1000000000000000"] {
            assert!(Deadline::from_header_ms(value, Instant::now()).is_err(), "`{value}` was accepted");
        }
    }

    #[test]
    fn zero_has_passed_on_arrival() {
        let now = Instant::now();
        let deadline = Deadline::from_header_ms("0", now).expect("zero is a number");
        assert!(deadline.is_past(now));
        assert_eq!(deadline.header_value(now), "0");
    }

    #[test]
    fn a_budget_beyond_the_maximum_is_cut() {
        let now = Instant::now();
        let deadline = Deadline::from_header_ms("999999999999", now).expect("digits");
        assert_eq!(deadline.remaining(now), Deadline::BUDGET_MAX);
    }

    proptest! {
        #[test]
        fn the_budget_shrinks_by_the_time_spent_and_never_grows(budget_ms in 0_u64..600_000, spent_us in 0_u64..900_000_000) {
            let now = Instant::now();
            let here = Deadline::from_header_ms(&budget_ms.to_string(), now).expect("digits");
            let later = now + Duration::from_micros(spent_us);
            let passed_on = Deadline::from_header_ms(&here.header_value(later), later).expect("own value");
            // Once it has passed it is past for the next hop too: never later than the moment it was passed on.
            prop_assert!(passed_on <= here.max(Deadline::at(later)));
            let expected_ms = (budget_ms * 1000).saturating_sub(spent_us) / 1000;
            prop_assert_eq!(passed_on.remaining(later), Duration::from_millis(expected_ms));
        }
    }
}
