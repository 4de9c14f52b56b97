//! Which report of a position counts.
//!
//! Players report every few seconds, again after a lost answer, late from a queue, from two screens at once, by clocks
//! that are wrong. Of two reports of one session the one with the higher number counts, whatever its clock says: a clock
//! may be set back while a film plays. Of two sessions the one with the later time. So applying a report twice, or any
//! number of them in any order, ends in the same place; memory and store apply the same rule.

use bijou_profiles_api::PositionReport;

/// A report whose values are in range.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Report {
    pub(crate) playable_id: String,
    pub(crate) title_id: String,
    pub(crate) episode_id: Option<String>,
    pub(crate) position_ms: i64,
    pub(crate) duration_ms: i64,
    pub(crate) at_ms: i64,
    pub(crate) session: String,
    pub(crate) seq: i64,
}

/// Why a report is refused.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub(crate) enum InvalidReport {
    #[error("`{path}` is not a number of seconds from 0 to {SECONDS_MAX}")]
    Seconds { path: &'static str },
    #[error("the position is beyond the end")]
    BeyondTheEnd,
    #[error("the path names neither the title nor its episode")]
    OtherPlayable,
    #[error("`{path}` has 1 to {ID_MAX} characters")]
    Id { path: &'static str },
}

impl InvalidReport {
    /// The member that is wrong.
    pub(crate) fn path(self) -> &'static str {
        match self {
            Self::Seconds { path } | Self::Id { path } => path,
            Self::BeyondTheEnd => "position_s",
            Self::OtherPlayable => "title_id",
        }
    }
}

/// A week.
const SECONDS_MAX: u32 = 7 * 24 * 60 * 60;
/// Characters of an id.
const ID_MAX: usize = 200;
/// How far a player may be beyond what it says is the end: durations are rounded differently.
const SLACK_S: f64 = 5.0;
/// How far a player's clock may be ahead before it is taken for wrong.
const AHEAD_MS: i64 = 60_000;
/// How long a player may have kept a report: a television that was off begins in 1970.
const BEHIND_MS: i64 = 30 * 24 * 3_600_000;

impl Report {
    /// Checks a report about `playable_id` that came at `now_ms`.
    pub(crate) fn of(playable_id: &str, told: PositionReport, now_ms: i64) -> Result<Self, InvalidReport> {
        let playable = told.episode_id.as_deref().unwrap_or(&told.title_id);
        for (path, id) in [("title_id", told.title_id.as_str()), ("session", &told.session), ("episode_id", playable)] {
            if id.is_empty() || id.chars().count() > ID_MAX {
                return Err(InvalidReport::Id { path });
            }
        }
        if playable != playable_id {
            return Err(InvalidReport::OtherPlayable);
        }
        let position_ms = milliseconds("position_s", told.position_s)?;
        let duration_ms = milliseconds("duration_s", told.duration_s)?;
        if told.position_s > told.duration_s + SLACK_S {
            return Err(InvalidReport::BeyondTheEnd);
        }
        // What is to come would win over everything until then, what is too old over nothing.
        let told_ms = told.at.as_millisecond();
        let is_credible = (now_ms - BEHIND_MS..=now_ms + AHEAD_MS).contains(&told_ms);
        let at_ms = if is_credible { told_ms } else { now_ms };
        Ok(Self {
            playable_id: playable_id.to_owned(),
            title_id: told.title_id,
            episode_id: told.episode_id,
            position_ms: position_ms.min(duration_ms),
            duration_ms,
            at_ms,
            session: told.session,
            seq: i64::from(told.seq),
        })
    }

    /// Whether this one counts when `other` is known.
    pub(crate) fn supersedes(&self, other: &Self) -> bool {
        if self.session == other.session {
            return self.seq > other.seq;
        }
        (self.at_ms, self.seq, &self.session) > (other.at_ms, other.seq, &other.session)
    }

    /// The one that counts of two about the same thing. Time does not go back within a session.
    pub(crate) fn newest(self, other: Self) -> Self {
        let at_ms = if self.session == other.session { self.at_ms.max(other.at_ms) } else { 0 };
        let newest = if self.supersedes(&other) { self } else { other };
        Self { at_ms: newest.at_ms.max(at_ms), ..newest }
    }
}

fn milliseconds(path: &'static str, seconds: f64) -> Result<i64, InvalidReport> {
    if !(0.0..=f64::from(SECONDS_MAX)).contains(&seconds) {
        return Err(InvalidReport::Seconds { path });
    }
    #[expect(clippy::cast_possible_truncation, reason = "checked to be at most a week")]
    Ok((seconds * 1000.0).round() as i64)
}

#[cfg(test)]
mod tests {
    use bijou_profiles_api::PositionState;
    use proptest::prelude::*;

    use super::*;

    const NOW_MS: i64 = 1_800_000_000_000;

    fn told(position_s: f64, duration_s: f64, at_ms: i64) -> PositionReport {
        PositionReport {
            title_id: "film".to_owned(),
            episode_id: None,
            session: "s".to_owned(),
            seq: 1,
            position_s,
            duration_s,
            at: jiff::Timestamp::from_millisecond(at_ms).expect("in range"),
            state: PositionState::Playing,
        }
    }

    #[test]
    fn values_out_of_range_are_named() {
        for wrong in [-1.0, f64::NAN, f64::INFINITY, 1e9] {
            let refused = Report::of("film", told(wrong, 100.0, NOW_MS), NOW_MS);
            assert_eq!(refused, Err(InvalidReport::Seconds { path: "position_s" }));
        }
        assert_eq!(Report::of("film", told(106.0, 100.0, NOW_MS), NOW_MS), Err(InvalidReport::BeyondTheEnd));
        assert_eq!(Report::of("other", told(1.0, 100.0, NOW_MS), NOW_MS), Err(InvalidReport::OtherPlayable));
        let slightly = Report::of("film", told(102.0, 100.0, NOW_MS), NOW_MS).expect("rounding");
        assert_eq!(slightly.position_ms, 100_000);
    }

    #[test]
    fn a_clock_that_is_ahead_does_not_win_for_ever() {
        let report = Report::of("film", told(1.0, 100.0, NOW_MS + 3_600_000), NOW_MS).expect("taken as now");
        assert_eq!(report.at_ms, NOW_MS);
        let television = Report::of("film", told(1.0, 100.0, 5_000), NOW_MS).expect("taken as now");
        assert_eq!(television.at_ms, NOW_MS);
        let queued = Report::of("film", told(1.0, 100.0, NOW_MS - 3_600_000), NOW_MS).expect("of an hour ago");
        assert_eq!(queued.at_ms, NOW_MS - 3_600_000);
    }

    #[test]
    fn a_clock_set_back_during_the_film_loses_nothing() {
        let before = Report { at_ms: 9_000, seq: 1, position_ms: 10, ..a_report() };
        let after = Report { at_ms: 5_000, seq: 2, position_ms: 20, ..a_report() };
        let other_screen = Report { at_ms: 8_000, session: "t".to_owned(), position_ms: 1, ..a_report() };
        let kept = before.newest(after).newest(other_screen);
        assert_eq!((kept.position_ms, kept.at_ms), (20, 9_000));
    }

    fn a_report() -> Report {
        Report {
            playable_id: "film".to_owned(),
            title_id: "film".to_owned(),
            episode_id: None,
            position_ms: 0,
            duration_ms: 100_000,
            at_ms: 0,
            session: "s".to_owned(),
            seq: 0,
        }
    }

    /// Of three sessions, each by a clock that goes forward.
    fn reports() -> impl Strategy<Value = Vec<Report>> {
        let report = (0..6i64, 0..3i64).prop_map(|(seq, session)| Report {
            position_ms: seq * 7 + session,
            at_ms: session * 5 + seq * 3,
            session: session.to_string(),
            seq,
            ..a_report()
        });
        prop::collection::vec(report, 1..20)
    }

    fn apply(reports: &[Report]) -> Report {
        reports.iter().cloned().reduce(Report::newest).expect("at least one")
    }

    proptest! {
        #[test]
        fn order_and_repetition_do_not_matter(mut reports in reports(), by in any::<prop::sample::Index>()) {
            let expected = apply(&reports);
            let at = by.index(reports.len());
            reports.rotate_left(at);
            let again = reports[at].clone();
            reports.push(again);
            reports.reverse();
            prop_assert_eq!(apply(&reports), expected);
        }

        #[test]
        fn whatever_its_clock_does_a_sessions_last_report_counts(
            mut reports in prop::collection::vec((0..50i64, 0..100i64), 1..20).prop_map(|told| {
                told.into_iter().map(|(seq, at_ms)| Report { seq, at_ms, position_ms: seq, ..a_report() }).collect::<Vec<_>>()
            }),
        ) {
            let last = reports.iter().map(|report| report.seq).max().expect("at least one");
            prop_assert_eq!(apply(&reports).position_ms, last);
            reports.reverse();
            prop_assert_eq!(apply(&reports).position_ms, last);
        }
    }
}
