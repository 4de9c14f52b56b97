//! The layout of one profile's page.
//!
//! Rows have fixed seats, from what is surely wanted (what was begun, what was put on the list) over what the profile's
//! own plays say to what others watch; each takes from what the rows above have left. One exception: the week's ten are
//! put aside before what trends and what stands in for picks, since these would eat them up in a house where little is
//! played. Within the picks no single film and no single genre may speak for everything: each further title with the
//! same best reason or genre counts less.

use std::collections::HashMap;

use crate::domain::orders::Orders;
use crate::domain::page::{NEW_MS, Table};
use crate::domain::reason::Reason;
use crate::domain::row::{Candidate, Fallback, ITEMS_MAX, ITEMS_MIN, Layout, Placed, Progress, Row, RowKind};
use crate::domain::scores::{By, Scores, Weights};
use crate::domain::taste::Signal;

/// Most titles in the rows of what was begun and what was put on the list.
const OWN_ITEMS_MAX: usize = 40;

/// Titles of the highest scores that rows choose from.
const RANKED_MAX: usize = 1_000;

/// Titles from which the picks are chosen, for each one chosen.
const CHOICE: usize = 4;

/// What a title counts less for each one chosen before for the same reason, or of the same genre.
const SAME_REASON: f32 = 0.85;
const SAME_GENRE: f32 = 0.93;

const BECAUSE_ROWS_MAX: usize = 3;

/// Signals that may get a row of their own.
const BECAUSE_SOURCES_MAX: usize = 12;

/// New titles looked at: the newest ones.
const NEW_LOOKED_AT: usize = 200;

/// Rows of genres: the profile's own ones first.
const GENRE_ROWS_MAX: usize = 12;

/// Whom the page is for. Titles are named by their places.
#[derive(Debug, Clone, Default, PartialEq)]
pub(crate) struct Person {
    pub(crate) name: Option<String>,
    pub(crate) signals: Vec<Signal<usize>>,
    /// What was begun, the latest first.
    pub(crate) begun: Vec<(usize, Progress)>,
    pub(crate) list: Vec<usize>,
    /// Not to be recommended: watched already. The latest first.
    pub(crate) seen: Vec<usize>,
    /// Not to be shown: thumbs down.
    pub(crate) refused: Vec<usize>,
    /// Whether all of this was told by profiles just now.
    pub(crate) is_current: bool,
}

/// Lays out the page of `person` at `now_ms`, of the titles that are `allowed`. `weights`: the model, if there is one.
pub(crate) fn lay_out_for(
    person: &Person,
    candidates: &[Candidate],
    orders: &Orders,
    allowed: &[bool],
    weights: Option<&impl Weights>,
    now_ms: i64,
) -> Layout {
    let mut table = Table { candidates, orders, free: allowed.to_vec(), now_ms };
    let share = table.share();
    for at in &person.refused {
        table.free[*at] = false;
    }
    let mut rows = Vec::new();
    rows.extend(begun(&mut table, person));
    rows.extend(list(&mut table, person));
    let mut seen = Vec::new();
    for at in &person.seen {
        if table.take(*at) {
            seen.push(*at);
        }
    }
    let scores = weights.map(|weights| Scores::of(weights, &person.signals, candidates.len())).unwrap_or_default();
    let ranked = scores.highest(RANKED_MAX, |at| table.free[at]);
    let mut page = Page { table, person, scores, ranked };
    let hero = page.hero();
    let picks = page.top_picks(share);
    if picks.is_none() {
        // Who is new here is told first what the house watches, in the order in which it does.
        rows.extend(page.top10(allowed));
    }
    rows.extend(picks.or_else(|| page.stand_in(share, weights.is_some())));
    let mut because = BecauseRows { used: Vec::new(), genres: Vec::new() };
    rows.extend(weights.and_then(|weights| because.next(&mut page, weights)));
    // None when it leads the page.
    let top10 = page.top10(allowed);
    rows.extend(page.trending(share));
    rows.extend(weights.and_then(|weights| because.next(&mut page, weights)));
    rows.extend(top10);
    rows.extend(page.newest(share));
    rows.extend(weights.and_then(|weights| because.next(&mut page, weights)));
    rows.extend(page.genres());
    rows.extend(page.table.popular(share));
    rows.extend(page.table.more());
    rows.extend(again(&page.table, &seen));
    if !person.is_current {
        for row in rows.iter_mut().filter(|row| matches!(row.kind, RowKind::TopPicks | RowKind::Because)) {
            row.fallback = row.fallback.or(Some(Fallback::LastKnownHistory));
        }
    }
    Layout { hero, rows }
}

fn begun(table: &mut Table<'_>, person: &Person) -> Option<Row> {
    let mut items = Vec::new();
    for (at, progress) in person.begun.iter().take(OWN_ITEMS_MAX) {
        // What cannot be played any more cannot be gone on with.
        if table.candidates[*at].is_playable && table.take(*at) {
            let reason = Reason::progress(progress);
            items.push(Placed { candidate: *at, reason, progress: Some(progress.clone()) });
        }
    }
    Row::of("continue", "Continue watching", RowKind::Continue, None, items)
}

fn list(table: &mut Table<'_>, person: &Person) -> Option<Row> {
    let mut items = Vec::new();
    table.fill(&mut items, person.list.iter().copied(), OWN_ITEMS_MAX, |_, _| Reason::OnList);
    Row::of("my-list", "My list", RowKind::List, None, items)
}

/// What was watched before: recommended nowhere, but not hidden either.
fn again(table: &Table<'_>, seen: &[usize]) -> Option<Row> {
    let playable = seen.iter().copied().filter(|at| table.candidates[*at].is_playable);
    let items = playable.take(ITEMS_MAX).map(|at| Placed::new(at, Reason::Watched)).collect();
    Row::of("again", "Watch again", RowKind::Again, None, items)
}

struct Page<'a> {
    table: Table<'a>,
    person: &'a Person,
    scores: Scores,
    /// The highest scores of what was free at first.
    ranked: Vec<usize>,
}

impl Page<'_> {
    fn hero(&mut self) -> Option<Placed> {
        let first = self.ranked.iter().copied().find(|at| self.table.candidates[*at].is_playable);
        match first {
            Some(at) if self.table.take(at) => Some(Placed::new(at, self.because(at))),
            _ => self.table.hero(),
        }
    }

    /// What the profile's own plays say. `None` when they say too little.
    fn top_picks(&mut self, share: usize) -> Option<Row> {
        let picks = self.diverse(share);
        if picks.len() < ITEMS_MIN {
            return None;
        }
        let mut items = Vec::new();
        for at in picks {
            if self.table.take(at) {
                items.push(Placed::new(at, self.because(at)));
            }
        }
        let name =
            self.person.name.as_ref().map_or_else(|| "Top picks".to_owned(), |who| format!("Top picks for {who}"));
        Row::of("top-picks", &name, RowKind::TopPicks, None, items)
    }

    /// What others watch, in the seat of the picks: half of it at most when that leaves another row of it, which is what
    /// trends.
    fn stand_in(&mut self, share: usize, has_model: bool) -> Option<Row> {
        let fallback = if has_model { Fallback::NoHistory } else { Fallback::NoModel };
        let table = &self.table;
        let popular = table.orders.by_plays.iter().take_while(|at| table.is_popular(**at));
        let count = popular.filter(|at| table.free[**at]).take(2 * share).count();
        let share = if count < 2 * ITEMS_MIN { share } else { share.min(count.div_ceil(2)) };
        let popular = self.table.popular(share)?;
        let name = if popular.fallback.is_none() { "Popular with everyone" } else { &popular.name };
        Row::of("top-picks", name, RowKind::TopPicks, Some(fallback), popular.items)
    }

    /// The best of the ranked titles, each counting less the more it resembles those chosen before it.
    fn diverse(&self, count: usize) -> Vec<usize> {
        let free = self.ranked.iter().copied().filter(|at| self.table.free[*at]);
        let (mut left, rest): (Vec<usize>, Vec<usize>) = free.partition(|at| self.table.candidates[*at].is_playable);
        left.truncate(count * CHOICE);
        // What cannot be played yet only fills up.
        let missing = (count * CHOICE).saturating_sub(left.len());
        let playable = left.len();
        left.extend(rest.into_iter().take(missing));
        let mut penalties = vec![1.0_f32; left.len()];
        let mut chosen = Vec::new();
        while chosen.len() < count.min(left.len()) {
            let is_choosing_playable = chosen.len() < playable;
            let value = |n: &usize| penalties[*n] * self.scores.score(left[*n]);
            let open = (0..left.len()).filter(|n| penalties[*n] > 0.0 && (!is_choosing_playable || *n < playable));
            let Some(best) = open.max_by(|a, b| value(a).total_cmp(&value(b)).then_with(|| b.cmp(a))) else { break };
            chosen.push(left[best]);
            penalties[best] = 0.0;
            let (reason, genre) = (self.source(left[best]), self.table.candidates[left[best]].genres.first());
            for (other, penalty) in left.iter().zip(&mut penalties) {
                if self.source(*other) == reason {
                    *penalty *= SAME_REASON;
                }
                if genre.is_some() && self.table.candidates[*other].genres.first() == genre {
                    *penalty *= SAME_GENRE;
                }
            }
        }
        chosen
    }

    fn source(&self, at: usize) -> Option<usize> {
        self.scores.best(at).map(|best| usize::from(best.signal))
    }

    /// The largest part of the title's score, as a sentence.
    fn because(&self, at: usize) -> Reason {
        match self.scores.best(at) {
            Some(best) => self.because_of(best.signal.into(), best.by),
            None => self.table.presence(at),
        }
    }

    fn because_of(&self, signal: usize, by: By) -> Reason {
        let signal = &self.person.signals[signal];
        Reason::Because { name: self.table.candidates[signal.title].name.to_string(), kind: signal.kind, by }
    }

    fn trending(&mut self, share: usize) -> Option<Row> {
        let mut items = Vec::new();
        let rising = self.table.orders.rising.iter().copied();
        self.table.fill(&mut items, rising, share, Table::popularity);
        self.worth_it("trending", "Trending now", RowKind::Trending, None, items)
    }

    /// The most played titles of the week, at their true places: what is shown elsewhere or was seen leaves a gap.
    fn top10(&mut self, allowed: &[bool]) -> Option<Row> {
        let ranking: Vec<usize> =
            self.table.orders.by_week.iter().copied().filter(|at| allowed[*at]).take(10).collect();
        let mut items = Vec::new();
        for (place, &at) in (1..).zip(&ranking) {
            if self.table.take(at) {
                let times = self.table.candidates[at].plays_week;
                items.push(Placed::new(at, Reason::Ranked { place, times }));
            }
        }
        let fallback = (ranking.len() < 10).then_some(Fallback::FewPlays);
        self.worth_it("top10", "Top 10 this week", RowKind::Top10, fallback, items)
    }

    fn newest(&mut self, share: usize) -> Option<Row> {
        let table = &self.table;
        let newest = table.orders.added_after(table.candidates, table.now_ms - NEW_MS);
        let newest = newest.filter(|at| table.free[*at]).take(NEW_LOOKED_AT);
        let mut newest: Vec<usize> = newest.collect();
        newest.sort_by(|a, b| {
            let is_playable = |at: &usize| table.candidates[*at].is_playable;
            let score = |at: &usize| self.scores.score(*at).max(0.0);
            is_playable(b).cmp(&is_playable(a)).then_with(|| score(b).total_cmp(&score(a)))
        });
        if newest.is_empty() {
            return self.table.latest(share);
        }
        let now_ms = self.table.now_ms;
        let mut items = Vec::new();
        self.table.fill(&mut items, newest, share, |table, at| Reason::added(table.candidates[at].added_ms, now_ms));
        Row::of("new", "New", RowKind::New, None, items)
    }

    /// The genres of what the profile watched first, each led by the titles with the highest scores.
    fn genres(&mut self) -> Vec<Row> {
        let mut liking: HashMap<u16, f32> = HashMap::new();
        for signal in &self.person.signals {
            let genres = &self.table.candidates[signal.title].genres;
            for genre in genres.iter() {
                *liking.entry(*genre).or_default() += signal.strength / genres.len() as f32;
            }
        }
        let mut ranked: HashMap<u16, Vec<usize>> = HashMap::new();
        for &at in &self.ranked {
            for genre in self.table.candidates[at].genres.iter() {
                ranked.entry(*genre).or_default().push(at);
            }
        }
        let orders = self.table.orders;
        let mut places: Vec<usize> = (0..orders.genres.len()).collect();
        let liked = |place: &usize| liking.get(&orders.genres[*place].0).copied().unwrap_or_default();
        places.sort_by(|a, b| liked(b).total_cmp(&liked(a)));
        let mut rows = Vec::new();
        for place in places {
            if rows.len() >= GENRE_ROWS_MAX {
                break;
            }
            let first = ranked.get(&orders.genres[place].0).map_or(&[][..], Vec::as_slice);
            rows.extend(self.table.genre(place, first));
        }
        rows
    }

    /// The row, or nothing and its titles free again when there are too few.
    fn worth_it(
        &mut self,
        id: &str,
        name: &str,
        kind: RowKind,
        fallback: Option<Fallback>,
        items: Vec<Placed>,
    ) -> Option<Row> {
        if items.len() >= ITEMS_MIN {
            return Row::of(id, name, kind, fallback, items);
        }
        for item in items {
            self.table.free[item.candidate] = true;
        }
        None
    }
}

/// Rows of single signals, the strongest first, no two about the same genre.
struct BecauseRows {
    used: Vec<usize>,
    genres: Vec<u16>,
}

impl BecauseRows {
    fn next(&mut self, page: &mut Page<'_>, weights: &impl Weights) -> Option<Row> {
        if self.genres.len() >= BECAUSE_ROWS_MAX {
            return None;
        }
        let signals = &page.person.signals;
        let mut sources: Vec<usize> = (0..signals.len()).filter(|source| !self.used.contains(source)).collect();
        sources.sort_by(|a, b| signals[*b].strength.total_cmp(&signals[*a].strength));
        for source in sources.into_iter().take(BECAUSE_SOURCES_MAX) {
            let title = &page.table.candidates[signals[source].title];
            let genre = title.genres.first().copied().unwrap_or(u16::MAX);
            if self.genres.contains(&genre) {
                continue;
            }
            self.used.push(source);
            let mut about: Vec<(usize, f32, By)> = Vec::new();
            weights.visit(signals[source].title, &mut |at, weight, by| {
                if weight > 0.0 && page.table.free[at] {
                    about.push((at, weight, by));
                }
            });
            if about.len() < ITEMS_MIN {
                continue;
            }
            let is_playable = |at: usize| page.table.candidates[at].is_playable;
            about.sort_by(|a, b| {
                is_playable(b.0).cmp(&is_playable(a.0)).then_with(|| b.1.total_cmp(&a.1)).then_with(|| a.0.cmp(&b.0))
            });
            let mut items = Vec::new();
            for (at, _, by) in about.into_iter().take(ITEMS_MAX) {
                if page.table.take(at) {
                    items.push(Placed::new(at, page.because_of(source, by)));
                }
            }
            self.genres.push(genre);
            let name = format!("Because you {} {}", signals[source].kind.name(), title.name);
            let row = Row::of(&format!("because-{}", title.id), &name, RowKind::Because, None, items)?;
            return Some(row.about(&title.id));
        }
        None
    }
}

#[cfg(test)]
#[path = "personal_tests.rs"]
pub(crate) mod tests;
