//! The layout of everybody's page: which rows, which titles in them, in which order.
//!
//! Row by row from the top, each taking from what the rows above have left, so that no title comes twice. A row that
//! cannot be what its name says (nothing was played yet, nothing is new) is filled with what there is, under another
//! name, and says so.

use crate::domain::orders::Orders;
use crate::domain::plays::DAY_MS;
use crate::domain::reason::Reason;
use crate::domain::row::{Candidate, Fallback, ITEMS_MAX, ITEMS_MIN, Layout, Placed, ROWS_MAX, Row, RowKind};

/// What came into the catalog within this time is new.
pub(crate) const NEW_MS: i64 = 30 * DAY_MS;

/// Lays the page out at `now_ms`, of the titles that are `allowed`.
pub(crate) fn lay_out(candidates: &[Candidate], orders: &Orders, allowed: &[bool], now_ms: i64) -> Layout {
    let mut table = Table { candidates, orders, free: allowed.to_vec(), now_ms };
    let hero = table.hero();
    let share = table.share();
    let mut rows = Vec::new();
    rows.extend(table.popular(share));
    rows.extend(table.latest(share));
    let genres = 0..orders.genres.len();
    rows.extend(table.genres(genres, ROWS_MAX - 3));
    rows.extend(table.more());
    Layout { hero, rows }
}

/// A page being laid out.
pub(crate) struct Table<'a> {
    pub(crate) candidates: &'a [Candidate],
    pub(crate) orders: &'a Orders,
    /// What may be shown and is not yet.
    pub(crate) free: Vec<bool>,
    pub(crate) now_ms: i64,
}

impl Table<'_> {
    /// Titles in the first rows: a quarter each, so that a small library has something left for its genres.
    pub(crate) fn share(&self) -> usize {
        let free = self.free.iter().filter(|is_free| **is_free).count();
        (free / 4).clamp(4, ITEMS_MAX)
    }

    pub(crate) fn hero(&mut self) -> Option<Placed> {
        let played = self.orders.by_plays.iter().copied().find(|at| self.free[*at] && self.is_popular(*at));
        let place = played.or_else(|| self.orders.by_age.iter().copied().find(|at| self.free[*at]))?;
        self.free[place] = false;
        let reason = if played.is_some() { self.popularity(place) } else { self.presence(place) };
        Some(Placed::new(place, reason))
    }

    pub(crate) fn popular(&mut self, share: usize) -> Option<Row> {
        let mut items = self.most_played(share);
        let is_named_so = !items.is_empty();
        let enough = items.len() >= ITEMS_MIN;
        if !enough {
            // In the first minutes of a library there are titles before there are films: those are not ready.
            let ready = self.orders.by_age.iter().copied().take_while(|at| self.candidates[*at].is_playable);
            self.fill(&mut items, ready, share, Self::presence);
        }
        let name = if is_named_so { "Popular now" } else { "Ready to watch" };
        Row::of("popular", name, RowKind::Popular, (!enough).then_some(Fallback::FewPlays), items)
    }

    /// What was played most of late, if it can be played.
    pub(crate) fn most_played(&mut self, share: usize) -> Vec<Placed> {
        let mut items = Vec::new();
        for &at in &self.orders.by_plays {
            if items.len() >= share || !self.is_popular(at) {
                break;
            }
            if self.take(at) {
                items.push(Placed::new(at, self.popularity(at)));
            }
        }
        items
    }

    pub(crate) fn latest(&mut self, share: usize) -> Option<Row> {
        let mut items = Vec::new();
        let newest = self.orders.added_after(self.candidates, self.now_ms - NEW_MS);
        self.fill(&mut items, newest, share, Self::age);
        let enough = !items.is_empty();
        if !enough {
            self.fill(&mut items, self.orders.by_age.iter().copied(), share, Self::age);
        }
        let (name, fallback) = if enough { ("New", None) } else { ("Latest additions", Some(Fallback::NothingNew)) };
        Row::of("new", name, RowKind::New, fallback, items)
    }

    /// One row for each genre (by its place in `orders.genres`) with enough titles left.
    fn genres(&mut self, places: impl IntoIterator<Item = usize>, rows_max: usize) -> Vec<Row> {
        let mut rows = Vec::new();
        for place in places {
            if rows.len() >= rows_max {
                break;
            }
            rows.extend(self.genre(place, &[]));
        }
        rows
    }

    /// The row of a genre: `first` these titles, then what was played most. None when too few are left.
    pub(crate) fn genre(&mut self, place: usize, first: &[usize]) -> Option<Row> {
        let (genre, titles) = &self.orders.genres[place];
        let genre = &self.orders.genre_names[usize::from(*genre)];
        let mut left: Vec<usize> = first.iter().copied().filter(|at| self.free[*at]).take(ITEMS_MAX).collect();
        let firsts = left.len();
        for &at in titles {
            if left.len() >= ITEMS_MAX {
                break;
            }
            if self.free[at] && !left[..firsts].contains(&at) {
                left.push(at);
            }
        }
        // What can be played first, whoever likes it.
        left.sort_by_key(|at| !self.candidates[*at].is_playable);
        if left.len() < ITEMS_MIN {
            return None;
        }
        let mut items = Vec::new();
        self.fill(&mut items, left, ITEMS_MAX, |table, at| Reason::Genre {
            name: genre.name.to_string(),
            year: table.candidates[at].year,
        });
        let row = Row::of(&format!("genre-{}", genre.id), &genre.name, RowKind::Genre, None, items)?;
        Some(row.about(&genre.id))
    }

    pub(crate) fn more(&mut self) -> Option<Row> {
        let mut items = Vec::new();
        self.fill(&mut items, self.orders.by_plays.iter().copied(), ITEMS_MAX, |table, at| {
            match table.candidates[at].genres.first() {
                Some(genre) => Reason::Genre {
                    name: table.orders.genre_names[usize::from(*genre)].name.to_string(),
                    year: table.candidates[at].year,
                },
                None => table.presence(at),
            }
        });
        Row::of("more", "More to discover", RowKind::More, None, items)
    }

    pub(crate) fn fill(
        &mut self,
        items: &mut Vec<Placed>,
        order: impl IntoIterator<Item = usize>,
        up_to: usize,
        reason: impl Fn(&Self, usize) -> Reason,
    ) {
        for at in order {
            if items.len() >= up_to {
                return;
            }
            if self.take(at) {
                items.push(Placed::new(at, reason(self, at)));
            }
        }
    }

    pub(crate) fn take(&mut self, at: usize) -> bool {
        std::mem::replace(&mut self.free[at], false)
    }

    pub(crate) fn is_popular(&self, at: usize) -> bool {
        self.candidates[at].is_playable && self.candidates[at].score > 0.0
    }

    pub(crate) fn popularity(&self, at: usize) -> Reason {
        Reason::popularity(&self.candidates[at])
    }

    fn age(&self, at: usize) -> Reason {
        Reason::added(self.candidates[at].added_ms, self.now_ms)
    }

    pub(crate) fn presence(&self, at: usize) -> Reason {
        if self.candidates[at].is_playable { Reason::Playable } else { Reason::Listed }
    }
}

#[cfg(test)]
#[path = "page_tests.rs"]
mod tests;
