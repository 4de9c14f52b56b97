//! The layout of the page: which rows, which titles in them, in which order.
//!
//! Row by row from the top, each taking from what the rows above have left, so that no title comes twice. What can be
//! played comes first everywhere: a page of promises is no use in the evening. A row that cannot be what its name says
//! (nothing was played yet, nothing is new) is filled with what there is, under another name, and says so.

use std::collections::HashMap;

use crate::domain::plays::DAY_MS;
use crate::domain::reason::Reason;

/// Most titles in a row.
pub(crate) const ITEMS_MAX: usize = 15;

/// Fewest titles worth a row of their own.
pub(crate) const ITEMS_MIN: usize = 3;

/// Most rows of the whole page.
const ROWS_MAX: usize = 40;

/// What came into the catalog within this time is new.
const NEW_MS: i64 = 30 * DAY_MS;

/// A title as the layout sees it.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Candidate {
    pub(crate) id: String,
    pub(crate) is_playable: bool,
    pub(crate) year: i32,
    pub(crate) added_ms: i64,
    /// Id and name.
    pub(crate) genres: Vec<(String, String)>,
    /// Decayed weight of its plays at the time of the layout.
    pub(crate) score: f64,
    /// Plays by people: in the last seven days, and ever.
    pub(crate) plays_week: i64,
    pub(crate) plays: i64,
}

/// The whole page. Titles are named by their place in the list of candidates.
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
}

/// A row of titles.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Row {
    pub(crate) id: String,
    pub(crate) name: String,
    pub(crate) kind: RowKind,
    pub(crate) fallback: Option<Fallback>,
    pub(crate) items: Vec<Placed>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum RowKind {
    Popular,
    New,
    Genre,
    More,
}

/// Why a row is not what it would like to be.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Fallback {
    /// Too little was played: filled with what can be played.
    FewPlays,
    /// Nothing is new: filled with the latest.
    NothingNew,
    /// The catalog is away: titles as they were known last.
    LastKnownTitles,
    /// Playback is away: counts as they were known last.
    LastKnownPlays,
}

impl RowKind {
    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Popular => "popular",
            Self::New => "new",
            Self::Genre => "genre",
            Self::More => "more",
        }
    }
}

impl Fallback {
    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::FewPlays => "few-plays",
            Self::NothingNew => "nothing-new",
            Self::LastKnownTitles => "last-known-titles",
            Self::LastKnownPlays => "last-known-plays",
        }
    }
}

/// Lays the page out at `now_ms`.
pub(crate) fn lay_out(candidates: &[Candidate], now_ms: i64) -> Layout {
    let mut table = Table { candidates, free: vec![true; candidates.len()], now_ms };
    let by_plays = table.order(|a, b| b.score.total_cmp(&a.score));
    let by_age = table.order(newest_first);
    let hero = table.hero(&by_plays, &by_age);
    // A quarter each, so that a small library has something left for its genres.
    let share = (candidates.len() / 4).clamp(4, ITEMS_MAX);
    let mut rows = Vec::new();
    rows.extend(table.popular(&by_plays, &by_age, share));
    rows.extend(table.latest(&by_age, share));
    rows.extend(table.genres(&by_plays));
    rows.extend(table.more(&by_plays));
    Layout { hero, rows }
}

struct Table<'a> {
    candidates: &'a [Candidate],
    free: Vec<bool>,
    now_ms: i64,
}

impl Table<'_> {
    /// All places: what can be played first, then as told, and by id where nothing else decides.
    fn order(&self, then: impl Fn(&Candidate, &Candidate) -> std::cmp::Ordering) -> Vec<usize> {
        let mut places: Vec<usize> = (0..self.candidates.len()).collect();
        places.sort_by(|a, b| {
            let (a, b) = (&self.candidates[*a], &self.candidates[*b]);
            b.is_playable.cmp(&a.is_playable).then_with(|| then(a, b)).then_with(|| a.id.cmp(&b.id))
        });
        places
    }

    fn hero(&mut self, by_plays: &[usize], by_age: &[usize]) -> Option<Placed> {
        let played = by_plays.iter().copied().find(|at| self.is_popular(*at));
        let place = played.or_else(|| by_age.first().copied())?;
        self.free[place] = false;
        let reason = if played.is_some() { self.popularity(place) } else { self.presence(place) };
        Some(Placed { candidate: place, reason })
    }

    fn popular(&mut self, by_plays: &[usize], by_age: &[usize], share: usize) -> Option<Row> {
        let mut items = Vec::new();
        for &at in by_plays {
            if items.len() < share && self.is_popular(at) && self.take(at) {
                items.push(Placed { candidate: at, reason: self.popularity(at) });
            }
        }
        let is_named_so = !items.is_empty();
        let enough = items.len() >= ITEMS_MIN;
        if !enough {
            // In the first minutes of a library there are titles before there are films: those are not ready.
            let ready: Vec<usize> = by_age.iter().copied().filter(|at| self.candidates[*at].is_playable).collect();
            self.fill(&mut items, &ready, share, Self::presence);
        }
        let name = if is_named_so { "Popular now" } else { "Ready to watch" };
        Row::of("popular", name, RowKind::Popular, (!enough).then_some(Fallback::FewPlays), items)
    }

    fn latest(&mut self, by_age: &[usize], share: usize) -> Option<Row> {
        let mut items = Vec::new();
        for &at in by_age {
            let is_new = self.now_ms - self.candidates[at].added_ms < NEW_MS;
            if items.len() < share && is_new && self.take(at) {
                items.push(Placed { candidate: at, reason: self.age(at) });
            }
        }
        let enough = !items.is_empty();
        if !enough {
            self.fill(&mut items, by_age, share, Self::age);
        }
        let (name, fallback) = if enough { ("New", None) } else { ("Latest additions", Some(Fallback::NothingNew)) };
        Row::of("new", name, RowKind::New, fallback, items)
    }

    /// One row for each genre with enough titles left, the most played genre first.
    fn genres(&mut self, by_plays: &[usize]) -> Vec<Row> {
        let mut genres: HashMap<&str, (&str, Vec<usize>, f64)> = HashMap::new();
        for &at in by_plays {
            for (id, name) in &self.candidates[at].genres {
                let genre = genres.entry(id).or_insert((name, Vec::new(), 0.0));
                genre.1.push(at);
                genre.2 += self.candidates[at].score;
            }
        }
        let mut genres: Vec<_> = genres.into_iter().collect();
        genres.sort_by(|(a_id, a), (b_id, b)| {
            b.2.total_cmp(&a.2).then_with(|| b.1.len().cmp(&a.1.len())).then_with(|| a_id.cmp(b_id))
        });
        let mut rows = Vec::new();
        for (id, (name, places, _)) in genres {
            let left: Vec<usize> = places.into_iter().filter(|at| self.free[*at]).take(ITEMS_MAX).collect();
            if left.len() < ITEMS_MIN || rows.len() + 3 >= ROWS_MAX {
                continue;
            }
            let place = |at: usize| {
                let reason = Reason::Genre { name: name.to_owned(), year: self.candidates[at].year };
                Placed { candidate: at, reason }
            };
            let items: Vec<Placed> = left.iter().map(|at| place(*at)).collect();
            for at in left {
                self.free[at] = false;
            }
            rows.extend(Row::of(&format!("genre-{id}"), name, RowKind::Genre, None, items));
        }
        rows
    }

    fn more(&mut self, by_plays: &[usize]) -> Option<Row> {
        let mut items = Vec::new();
        self.fill(&mut items, by_plays, ITEMS_MAX, |table, at| match table.candidates[at].genres.first() {
            Some((_, name)) => Reason::Genre { name: name.clone(), year: table.candidates[at].year },
            None => table.presence(at),
        });
        Row::of("more", "More to discover", RowKind::More, None, items)
    }

    fn fill(
        &mut self,
        items: &mut Vec<Placed>,
        order: &[usize],
        up_to: usize,
        reason: impl Fn(&Self, usize) -> Reason,
    ) {
        for &at in order {
            if items.len() >= up_to {
                return;
            }
            if self.take(at) {
                items.push(Placed { candidate: at, reason: reason(self, at) });
            }
        }
    }

    fn take(&mut self, at: usize) -> bool {
        std::mem::replace(&mut self.free[at], false)
    }

    fn is_popular(&self, at: usize) -> bool {
        self.candidates[at].is_playable && self.candidates[at].score > 0.0
    }

    fn popularity(&self, at: usize) -> Reason {
        let title = &self.candidates[at];
        match (title.plays_week, title.plays) {
            (times @ 1.., _) => Reason::PlayedThisWeek { times },
            (_, times @ 1..) => Reason::Played { times },
            _ => Reason::PlayedInDemo,
        }
    }

    fn age(&self, at: usize) -> Reason {
        Reason::added(self.candidates[at].added_ms, self.now_ms)
    }

    fn presence(&self, at: usize) -> Reason {
        if self.candidates[at].is_playable { Reason::Playable } else { Reason::Listed }
    }
}

impl Row {
    fn of(id: &str, name: &str, kind: RowKind, fallback: Option<Fallback>, items: Vec<Placed>) -> Option<Self> {
        (!items.is_empty()).then(|| Self { id: id.to_owned(), name: name.to_owned(), kind, fallback, items })
    }
}

/// By the hour: titles of one import are equally new, and then the later film comes first.
fn newest_first(a: &Candidate, b: &Candidate) -> std::cmp::Ordering {
    let hour = |title: &Candidate| title.added_ms.div_euclid(3_600_000);
    hour(b).cmp(&hour(a)).then_with(|| b.year.cmp(&a.year))
}

#[cfg(test)]
#[path = "page_tests.rs"]
mod tests;
