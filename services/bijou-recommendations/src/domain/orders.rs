//! All titles in the orders that rows are filled from. Made once for everybody; pages only walk along them.

use std::cmp::Ordering;
use std::sync::Arc;

use crate::domain::row::Candidate;

const HOUR_MS: i64 = 3_600_000;

/// A genre as it is shown.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Genre {
    pub(crate) id: Arc<str>,
    pub(crate) name: Arc<str>,
}

/// Places of titles, what can be played first everywhere: a page of promises is no use in the evening.
#[derive(Debug, Clone, Default, PartialEq)]
pub(crate) struct Orders {
    /// What was played most of late.
    pub(crate) by_plays: Vec<usize>,
    /// What came last.
    pub(crate) by_age: Vec<usize>,
    /// How many can be played: those come first in `by_age` and `by_plays`.
    playable: usize,
    /// What is played more than it used to be; only what was played at all.
    pub(crate) rising: Vec<usize>,
    /// Plays by people in the last seven days, most first; only what was played.
    pub(crate) by_week: Vec<usize>,
    /// Genres by the plays of their titles; those in the order of `by_plays`.
    pub(crate) genres: Vec<(u16, Vec<usize>)>,
    pub(crate) genre_names: Vec<Genre>,
}

impl Orders {
    pub(crate) fn of(candidates: &[Candidate], genre_names: Vec<Genre>) -> Self {
        let order = |then: &dyn Fn(&Candidate, &Candidate) -> Ordering| {
            let mut places: Vec<usize> = (0..candidates.len()).collect();
            places.sort_by(|a, b| {
                let (a, b) = (&candidates[*a], &candidates[*b]);
                b.is_playable.cmp(&a.is_playable).then_with(|| then(a, b)).then_with(|| a.id.cmp(&b.id))
            });
            places
        };
        let by_plays = order(&|a, b| b.score.total_cmp(&a.score));
        let mut rising = order(&|a, b| rise(b).total_cmp(&rise(a)));
        rising.retain(|at| candidates[*at].score > 0.0);
        let mut by_week: Vec<usize> = by_plays.iter().copied().filter(|at| candidates[*at].plays_week > 0).collect();
        by_week.sort_by_key(|at| std::cmp::Reverse(candidates[*at].plays_week));
        let genres = genres(candidates, &by_plays, &genre_names);
        let playable = candidates.iter().filter(|title| title.is_playable).count();
        Self { by_age: order(&newest_first), playable, by_plays, rising, by_week, genres, genre_names }
    }

    /// What came after this time, in the order of `by_age`.
    pub(crate) fn added_after(&self, candidates: &[Candidate], ms: i64) -> impl Iterator<Item = usize> {
        let (playable, listed) = self.by_age.split_at(self.playable);
        let is_of_late = move |at: &&usize| hour(&candidates[**at]) >= ms.div_euclid(HOUR_MS);
        let late = playable.iter().take_while(is_of_late).chain(listed.iter().take_while(is_of_late));
        late.copied().filter(move |at| candidates[*at].added_ms > ms)
    }
}

/// Weight of late against plays ever: what everybody knows already has to be played much more to be on the rise.
fn rise(title: &Candidate) -> f64 {
    title.score / (4.0 + title.plays as f64).sqrt()
}

/// The most played genre first.
fn genres(candidates: &[Candidate], by_plays: &[usize], names: &[Genre]) -> Vec<(u16, Vec<usize>)> {
    let mut genres: Vec<(u16, Vec<usize>)> = (0..).take(names.len()).map(|genre| (genre, Vec::new())).collect();
    let mut plays = vec![0.0; names.len()];
    for &at in by_plays {
        for genre in candidates[at].genres.iter() {
            genres[usize::from(*genre)].1.push(at);
            plays[usize::from(*genre)] += candidates[at].score;
        }
    }
    genres.sort_by(|(a, a_titles), (b, b_titles)| {
        let (a, b) = (usize::from(*a), usize::from(*b));
        plays[b]
            .total_cmp(&plays[a])
            .then_with(|| b_titles.len().cmp(&a_titles.len()))
            .then_with(|| names[a].id.cmp(&names[b].id))
    });
    genres
}

fn hour(title: &Candidate) -> i64 {
    title.added_ms.div_euclid(HOUR_MS)
}

/// By the hour: titles of one import are equally new, and then the later film comes first.
fn newest_first(a: &Candidate, b: &Candidate) -> Ordering {
    hour(b).cmp(&hour(a)).then_with(|| b.year.cmp(&a.year))
}
