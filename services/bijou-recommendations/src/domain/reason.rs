//! Why a title is where it is: a sentence that is true.

use crate::domain::plays::DAY_MS;

/// The reason on a card.
#[derive(Debug, Clone, PartialEq, Eq)]
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

    /// A name for programs.
    pub(crate) fn code(&self) -> &'static str {
        match self {
            Self::PlayedThisWeek { .. } | Self::Played { .. } => "popular",
            Self::PlayedInDemo => "popular-in-demo",
            Self::Added { .. } => "new",
            Self::Genre { .. } => "genre",
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
        check(Reason::Genre { name: "Animation".to_owned(), year: 2008 }, "Animation from 2008");
    }
}
