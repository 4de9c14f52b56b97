//! Where to go on.

/// Less of a film than this is a look into it, more than the rest of it is its end: both begin at the beginning. The same
/// shares decide what is offered to go on watching.
const BEGUN_SHARE: f64 = 0.02;
const ENDED_SHARE: f64 = 0.95;

/// Where a film of this length goes on for somebody who stopped at `position_s`; `None`: at the beginning.
///
/// `credits_s`: where the credits begin, if that is known. Who got that far has seen it.
pub fn resume(position_s: f64, duration_s: f64, credits_s: Option<f64>) -> Option<f64> {
    // An encode may be shorter than the one that was watched.
    let end_s = credits_s.unwrap_or(f64::INFINITY).min(duration_s * ENDED_SHARE);
    (position_s >= duration_s * BEGUN_SHARE && position_s < end_s).then_some(position_s)
}

/// Whether somebody who stopped there has seen it all.
pub fn has_ended(position_ms: i64, duration_ms: i64) -> bool {
    duration_ms > 0 && position_ms as f64 >= duration_ms as f64 * ENDED_SHARE
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(position_s: f64, credits_s: Option<f64>, expected: Option<f64>) {
        assert_eq!(resume(position_s, 100.0, credits_s), expected, "{position_s} {credits_s:?}");
    }

    #[test]
    fn between_a_first_look_and_the_end_it_goes_on_where_it_stopped() {
        check(0.0, None, None);
        check(1.9, None, None);
        check(2.0, None, Some(2.0));
        check(94.9, None, Some(94.9));
        check(95.0, None, None);
        check(250.0, None, None);
        check(f64::NAN, None, None);
    }

    #[test]
    fn a_film_has_been_seen_when_its_last_part_has_begun() {
        assert!(has_ended(95, 100) && has_ended(100, 100));
        assert!(!has_ended(94, 100) && !has_ended(0, 0));
    }

    #[test]
    fn the_credits_are_the_end() {
        check(79.9, Some(80.0), Some(79.9));
        check(80.0, Some(80.0), None);
        // Credits that begin after the last minute lengthen nothing.
        check(96.0, Some(99.0), None);
    }
}
