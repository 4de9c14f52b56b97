//! What a television that asks whether it is signed in is answered (RFC 8628, 3.5), and who may decide about it.
//!
//! ```text
//! begun --approved--> approved --asked for once--> used
//!   |----denied-----> denied
//!   any of them, ten minutes after it began: expired
//! ```

/// How long a code is good for.
pub(crate) const LIFE_MS: i64 = 600_000;

/// Seconds between two questions, to begin with.
pub(crate) const INTERVAL_S: i64 = 5;

/// What a device that asks too often has to add to that (RFC 8628, 3.5), up to the longest.
const SLOWER_BY_S: i64 = 5;
const INTERVAL_MAX_S: i64 = 60;

/// Clocks and networks are not exact: who asks a little early is not too fast.
const EARLY_MS: i64 = 500;

/// A decision about a device.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Decision {
    Approved,
    Denied,
}

/// A device that waits.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Waiting {
    pub(crate) expires_ms: i64,
    pub(crate) interval_s: i64,
    /// When it last asked.
    pub(crate) polled_ms: Option<i64>,
    pub(crate) decision: Option<Decision>,
    /// It got its tokens.
    pub(crate) is_used: bool,
}

/// The answer to a device's question.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Verdict {
    Pending,
    /// Still pending, and asked too early: it has to wait so long from now on.
    SlowDown {
        interval_s: i64,
    },
    Approved,
    Denied,
    Expired,
    Used,
}

/// Decides on a question at `now_ms`.
pub(crate) fn judge(device: &Waiting, now_ms: i64) -> Verdict {
    if device.is_used {
        return Verdict::Used;
    }
    if device.expires_ms <= now_ms {
        return Verdict::Expired;
    }
    match device.decision {
        // Slowing down is for those who still wait: whoever has an answer gets it.
        Some(Decision::Approved) => Verdict::Approved,
        Some(Decision::Denied) => Verdict::Denied,
        None if is_early(device, now_ms) => {
            Verdict::SlowDown { interval_s: (device.interval_s + SLOWER_BY_S).min(INTERVAL_MAX_S) }
        }
        None => Verdict::Pending,
    }
}

fn is_early(device: &Waiting, now_ms: i64) -> bool {
    device.polled_ms.is_some_and(|polled_ms| now_ms - polled_ms < device.interval_s * 1000 - EARLY_MS)
}

#[cfg(test)]
mod tests {
    use super::*;

    const FRESH: Waiting =
        Waiting { expires_ms: LIFE_MS, interval_s: INTERVAL_S, polled_ms: None, decision: None, is_used: false };

    #[track_caller]
    fn check(device: Waiting, now_ms: i64, expected: Verdict) {
        assert_eq!(judge(&device, now_ms), expected, "{device:?} at {now_ms}");
    }

    #[test]
    fn a_device_waits_as_long_as_nobody_decides() {
        check(FRESH, 0, Verdict::Pending);
        check(Waiting { polled_ms: Some(0), ..FRESH }, 5_000, Verdict::Pending);
        check(Waiting { polled_ms: Some(0), ..FRESH }, 4_500, Verdict::Pending);
        check(FRESH, LIFE_MS, Verdict::Expired);
    }

    #[test]
    fn asking_too_often_costs_five_seconds_a_question() {
        check(Waiting { polled_ms: Some(0), ..FRESH }, 4_499, Verdict::SlowDown { interval_s: 10 });
        check(Waiting { polled_ms: Some(0), interval_s: 58, ..FRESH }, 1, Verdict::SlowDown { interval_s: 60 });
        check(Waiting { polled_ms: Some(0), interval_s: 60, ..FRESH }, 1, Verdict::SlowDown { interval_s: 60 });
    }

    #[test]
    fn whoever_has_an_answer_gets_it_however_often_they_ask() {
        let approved = Waiting { polled_ms: Some(0), decision: Some(Decision::Approved), ..FRESH };
        check(approved, 1, Verdict::Approved);
        check(Waiting { decision: Some(Decision::Denied), ..approved }, 1, Verdict::Denied);
    }

    #[test]
    fn an_approval_is_used_once_and_in_time() {
        let approved = Waiting { decision: Some(Decision::Approved), ..FRESH };
        check(Waiting { is_used: true, ..approved }, 1, Verdict::Used);
        check(approved, LIFE_MS, Verdict::Expired);
    }
}
