//! Why a title is where it is: a sentence that is true.

use crate::domain::plays::DAY_MS;
use crate::domain::row::{Candidate, Progress};
use crate::domain::scores::By;
use crate::domain::taste::SignalKind;

/// The reason on a card.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Reason {
    /// People played it, so often in the last seven days.
    PlayedThisWeek { times: i64 },
    /// People played it, so often so far, none of it lately.
    Played { times: i64 },
    /// Only the demo's invented members did.
    PlayedInDemo,
    /// It came into the catalog so many days ago.
    Added { days: i64 },
    /// It is of this genre.
    Genre { name: String, year: i32 },
    /// Of all that this profile watched, this says most for it.
    Because { name: String, kind: SignalKind, by: By },
    /// So many plays brought it to this place of the week's list.
    Ranked { place: usize, times: i64 },
    /// It was begun, and so many seconds are left.
    Begun { left_s: f64 },
    /// The episode before it was watched to its end.
    NextEpisode,
    /// The profile put it on its list.
    OnList,
    /// The profile has watched it to its end.
    Watched,
    /// It is like this title.
    Similar { name: String, by: By },
    /// Nothing but that it can be played.
    Playable,
    /// Nothing but that it is there.
    Listed,
}

impl Reason {
    /// The reason of what is new at `now_ms`.
    pub(crate) fn added(added_ms: i64, now_ms: i64) -> Self {
        Self::Added { days: (now_ms - added_ms).max(0) / DAY_MS }
    }

    /// The reason of what others play.
    pub(crate) fn popularity(title: &Candidate) -> Self {
        match (title.plays_week, title.plays) {
            (times @ 1.., _) => Self::PlayedThisWeek { times },
            (_, times @ 1..) => Self::Played { times },
            _ => Self::PlayedInDemo,
        }
    }

    /// The reason of what was begun.
    pub(crate) fn progress(progress: &Progress) -> Self {
        if progress.is_next {
            Self::NextEpisode
        } else {
            Self::Begun { left_s: (progress.duration_s - progress.position_s).max(0.0) }
        }
    }

    /// A name for programs.
    pub(crate) fn code(&self) -> &'static str {
        match self {
            Self::PlayedThisWeek { .. } | Self::Played { .. } => "popular",
            Self::PlayedInDemo => "popular-in-demo",
            Self::Added { .. } => "new",
            Self::Genre { .. } => "genre",
            Self::Because { by: By::Viewing, .. } => "because",
            Self::Because { by: By::Likeness, .. } | Self::Similar { by: By::Likeness, .. } => "alike",
            Self::Ranked { .. } => "ranked",
            Self::Begun { .. } => "begun",
            Self::NextEpisode => "next-episode",
            Self::OnList => "on-list",
            Self::Watched => "watched",
            Self::Similar { by: By::Viewing, .. } => "similar",
            Self::Playable => "playable",
            Self::Listed => "listed",
        }
    }

    /// The sentence.
    pub(crate) fn text(&self) -> String {
        match self {
            Self::PlayedThisWeek { times } => format!("Played {} this week", count(*times)),
            Self::Played { times } => format!("Played {} so far", count(*times)),
            Self::PlayedInDemo => "Popular with the demo's invented viewers".to_owned(),
            Self::Added { days: 0 } => "Added in the last 24 hours".to_owned(),
            Self::Added { days: 1 } => "Added yesterday".to_owned(),
            Self::Added { days } => format!("Added {days} days ago"),
            Self::Genre { name, year } => format!("{name} from {year}"),
            Self::Because { name, kind, by: By::Viewing } => format!("Because you {} {name}", kind.name()),
            Self::Because { name, kind, by: By::Likeness } => format!("Like {name}, which you {}", kind.name()),
            Self::Ranked { place, times } => format!("No. {place} this week, played {}", count(*times)),
            Self::Begun { left_s } => match left_s / 60.0 {
                ..1.0 => "Less than a minute left".to_owned(),
                ..2.0 => "A minute left".to_owned(),
                minutes => format!("{minutes:.0} minutes left"),
            },
            Self::NextEpisode => "The next episode".to_owned(),
            Self::OnList => "On your list".to_owned(),
            Self::Watched => "You have watched it".to_owned(),
            Self::Similar { name, by: By::Viewing } => format!("Watched by those who watched {name}"),
            Self::Similar { name, by: By::Likeness } => format!("Shares genres or people with {name}"),
            Self::Playable => "Ready to play".to_owned(),
            Self::Listed => "In the catalog".to_owned(),
        }
    }
}

fn count(times: i64) -> String {
    match times {
        1 => "once".to_owned(),
        2 => "twice".to_owned(),
        times => format!("{times} times"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(reason: Reason, expected: &str) {
        assert_eq!(reason.text(), expected);
    }

    #[test]
    fn sentences_read_as_people_say_them() {
        check(Reason::PlayedThisWeek { times: 1 }, "Played once this week");
        check(Reason::PlayedThisWeek { times: 12 }, "Played 12 times this week");
        check(Reason::Played { times: 2 }, "Played twice so far");
        check(Reason::added(0, DAY_MS - 1), "Added in the last 24 hours");
        check(Reason::added(0, DAY_MS), "Added yesterday");
        check(Reason::added(0, 9 * DAY_MS + 5), "Added 9 days ago");
        check(Reason::added(DAY_MS, 0), "Added in the last 24 hours");
        let because = |by| Reason::Because { name: "Sintel".to_owned(), kind: SignalKind::Loved, by };
        check(because(By::Viewing), "Because you loved Sintel");
        check(because(By::Likeness), "Like Sintel, which you loved");
        check(Reason::Ranked { place: 3, times: 2 }, "No. 3 this week, played twice");
        check(Reason::Begun { left_s: 59.0 }, "Less than a minute left");
        check(Reason::Begun { left_s: 719.0 }, "12 minutes left");
        check(Reason::Genre { name: "Animation".to_owned(), year: 2008 }, "Animation from 2008");
    }
}
