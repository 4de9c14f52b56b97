//! Rows, and the titles in them. Titles are named by their place in the list of candidates.

use std::sync::Arc;

use crate::domain::reason::Reason;

/// Most titles in a row.
pub(crate) const ITEMS_MAX: usize = 15;

/// Fewest titles worth a row of their own.
pub(crate) const ITEMS_MIN: usize = 3;

/// Most rows of the whole page.
pub(crate) const ROWS_MAX: usize = 40;

/// A title as the layout sees it.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Candidate {
    pub(crate) id: Arc<str>,
    pub(crate) name: Arc<str>,
    pub(crate) is_playable: bool,
    pub(crate) year: i32,
    pub(crate) added_ms: i64,
    /// By their place in [`Orders`](super::orders::Orders).
    pub(crate) genres: Arc<[u16]>,
    /// Decayed weight of its plays at the time of the layout.
    pub(crate) score: f64,
    /// Plays by people: in the last seven days, and ever.
    pub(crate) plays_week: i64,
    pub(crate) plays: i64,
}

/// The whole page.
#[derive(Debug, Clone, Default, PartialEq)]
pub(crate) struct Layout {
    pub(crate) hero: Option<Placed>,
    pub(crate) rows: Vec<Row>,
}

/// A title in its place.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Placed {
    pub(crate) candidate: usize,
    pub(crate) reason: Reason,
    /// Where to go on, in rows of what was begun.
    pub(crate) progress: Option<Progress>,
}

/// How far somebody got.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Progress {
    pub(crate) episode_id: Option<String>,
    pub(crate) position_s: f64,
    pub(crate) duration_s: f64,
    /// Whether this is the episode after the one that was watched to its end.
    pub(crate) is_next: bool,
}

/// A row of titles.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Row {
    pub(crate) id: String,
    pub(crate) name: String,
    pub(crate) kind: RowKind,
    /// What the row is about, where the kind does not say it all: a title's id, a genre's.
    pub(crate) subject: String,
    pub(crate) fallback: Option<Fallback>,
    pub(crate) items: Vec<Placed>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum RowKind {
    Hero,
    Continue,
    List,
    TopPicks,
    Because,
    Trending,
    Top10,
    New,
    Genre,
    Popular,
    More,
    /// What was watched before.
    Again,
    /// Titles like another one, on that one's page.
    Similar,
}

/// Why a row is not what it would like to be.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Fallback {
    /// Too little was played: filled with what can be played.
    FewPlays,
    /// Nothing is new: filled with the latest.
    NothingNew,
    /// This profile has watched nothing yet: what others watch.
    NoHistory,
    /// No model is in use: what others watch.
    NoModel,
    /// The catalog is away: titles as they were known last.
    LastKnownTitles,
    /// Playback is away: counts as they were known last.
    LastKnownPlays,
    /// Profiles is away: plays and thumbs as they were known last.
    LastKnownHistory,
}

const KINDS: [RowKind; 13] = [
    RowKind::Hero,
    RowKind::Continue,
    RowKind::List,
    RowKind::TopPicks,
    RowKind::Because,
    RowKind::Trending,
    RowKind::Top10,
    RowKind::New,
    RowKind::Genre,
    RowKind::Popular,
    RowKind::More,
    RowKind::Again,
    RowKind::Similar,
];

impl RowKind {
    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Hero => "hero",
            Self::Continue => "continue",
            Self::List => "my_list",
            Self::TopPicks => "top_picks",
            Self::Because => "because",
            Self::Trending => "trending",
            Self::Top10 => "top10",
            Self::New => "new",
            Self::Genre => "genre",
            Self::Popular => "popular",
            Self::More => "more",
            Self::Again => "again",
            Self::Similar => "similar",
        }
    }

    /// A number that stays: it is in cards that people keep.
    pub(crate) fn number(self) -> u8 {
        KINDS.iter().zip(0..).find_map(|(kind, number)| (*kind == self).then_some(number)).unwrap_or(u8::MAX)
    }

    pub(crate) fn of_number(number: u8) -> Option<Self> {
        KINDS.get(usize::from(number)).copied()
    }
}

impl Fallback {
    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::FewPlays => "few-plays",
            Self::NothingNew => "nothing-new",
            Self::NoHistory => "no-history",
            Self::NoModel => "no-model",
            Self::LastKnownTitles => "last-known-titles",
            Self::LastKnownPlays => "last-known-plays",
            Self::LastKnownHistory => "last-known-history",
        }
    }
}

impl Placed {
    pub(crate) fn new(candidate: usize, reason: Reason) -> Self {
        Self { candidate, reason, progress: None }
    }
}

impl Row {
    /// A row, if there is anything in it.
    pub(crate) fn of(
        id: &str,
        name: &str,
        kind: RowKind,
        fallback: Option<Fallback>,
        items: Vec<Placed>,
    ) -> Option<Self> {
        (!items.is_empty()).then(|| Self {
            id: id.to_owned(),
            name: name.to_owned(),
            kind,
            subject: String::new(),
            fallback,
            items,
        })
    }

    /// The row of a subject.
    pub(crate) fn about(mut self, subject: &str) -> Self {
        subject.clone_into(&mut self.subject);
        self
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn kinds_have_names_and_numbers_of_their_own() {
        for (number, kind) in (0..).zip(KINDS) {
            assert_eq!((kind.number(), RowKind::of_number(number)), (number, Some(kind)));
        }
        let names: std::collections::HashSet<&str> = KINDS.iter().map(|kind| kind.name()).collect();
        assert_eq!((names.len(), RowKind::of_number(99)), (KINDS.len(), None));
    }
}
