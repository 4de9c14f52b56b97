//! What happens when a refresh token is presented.
//!
//! Tokens of a session form a family. Each is used once, for the next one; presenting a used one means that two parties
//! hold it, so the whole family ends (RFC 9700, 4.14.2). The usual cause is harmless, though: the answer was lost, or
//! two tabs refreshed at once. So for a few seconds a used token still works and gives a *sibling* of its first
//! successor. As soon as one sibling is used the others count as used, so that a single line goes on: whoever
//! holds another sibling presents a used token, and the family ends after all.

/// Successors one token may have.
pub(crate) const SIBLINGS_MAX: i64 = 5;

/// A presented token that is on record.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Presented {
    /// When it was used before; `None` when this is the first time.
    pub(crate) used_ms: Option<i64>,
    /// Tokens already given for it.
    pub(crate) successors: i64,
}

/// The session it belongs to.
#[derive(Debug, Clone, Copy)]
pub(crate) struct SessionTimes {
    pub(crate) expires_ms: i64,
    pub(crate) is_revoked: bool,
}

/// How long things last.
#[derive(Debug, Clone, Copy)]
#[expect(clippy::struct_field_names, reason = "units go last")]
pub(crate) struct Policy {
    pub(crate) idle_ms: i64,
    pub(crate) lifetime_ms: i64,
    pub(crate) grace_ms: i64,
}

/// What to do.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Verdict {
    /// Give the next token; its siblings count as used.
    Rotate,
    /// The answer was lost a moment ago: give a sibling.
    Repeat,
    /// Somebody else has it too: end the session.
    Reuse,
    /// The session is over: revoked, unused for too long, or too old.
    SessionOver,
}

/// Decides on a presented token at `now_ms`.
pub(crate) fn judge(token: Presented, session: SessionTimes, now_ms: i64, policy: &Policy) -> Verdict {
    if session.is_revoked || session.expires_ms <= now_ms {
        return Verdict::SessionOver;
    }
    match token.used_ms {
        None => Verdict::Rotate,
        Some(used_ms) if now_ms - used_ms <= policy.grace_ms && token.successors < SIBLINGS_MAX => Verdict::Repeat,
        Some(_) => Verdict::Reuse,
    }
}

/// When a session that is used at `now_ms` ends without further use.
pub(crate) fn expires_ms(created_ms: i64, now_ms: i64, policy: &Policy) -> i64 {
    (now_ms + policy.idle_ms).min(created_ms + policy.lifetime_ms)
}

#[cfg(test)]
mod tests {
    use super::*;

    const POLICY: Policy = Policy { idle_ms: 1_000_000, lifetime_ms: 3_000_000, grace_ms: 10_000 };

    #[track_caller]
    fn check(used_ms: Option<i64>, successors: i64, now_ms: i64, expected: Verdict) {
        let session = SessionTimes { expires_ms: 1_000_000, is_revoked: false };
        assert_eq!(judge(Presented { used_ms, successors }, session, now_ms, &POLICY), expected);
    }

    #[test]
    fn a_token_works_once_and_for_a_moment_more() {
        check(None, 0, 500_000, Verdict::Rotate);
        check(Some(500_000), 1, 510_000, Verdict::Repeat);
        check(Some(500_000), 1, 510_001, Verdict::Reuse);
        check(Some(500_000), SIBLINGS_MAX, 500_001, Verdict::Reuse);
    }

    #[test]
    fn nothing_works_in_a_session_that_is_over() {
        check(None, 0, 1_000_000, Verdict::SessionOver);
        let revoked = SessionTimes { expires_ms: 1_000_000, is_revoked: true };
        for used_ms in [None, Some(0)] {
            assert_eq!(judge(Presented { used_ms, successors: 0 }, revoked, 1, &POLICY), Verdict::SessionOver);
        }
    }

    #[test]
    fn use_prolongs_a_session_up_to_its_lifetime() {
        assert_eq!(expires_ms(0, 500_000, &POLICY), 1_500_000);
        assert_eq!(expires_ms(0, 2_900_000, &POLICY), 3_000_000);
    }
}
