//! Sifting what a query matched, in one pass: who may see it, which filters it passes, how it ranks, what is counted.
//!
//! The rule of who may see a title comes first and is `bijou-catalog-api`'s (`Viewer::may_see`): whatever it hides is
//! neither found nor counted. Facets are counted as lists count them: each as if its own filter were not set.

use std::cmp::Ordering;
use std::collections::{BTreeMap, HashMap};

use bijou_catalog_api::Kind;

use super::facts::Fact;
use super::part::{Part, Shelf};
use crate::domain::query::Filter;
use crate::domain::viewing::Viewing;
use crate::store::{Counts, kind_name};

/// What is wanted of the titles a query matches.
#[derive(Debug, Clone, Copy)]
pub struct Sift<'a> {
    pub filter: &'a Filter,
    pub viewing: &'a Viewing,
    /// How many of the best are wanted.
    pub top: usize,
    /// Words the query has, to which names are compared in length.
    pub words: usize,
}

/// What a pass found.
#[derive(Debug, Default)]
pub struct Sifted {
    /// The best, best first.
    pub best: Vec<Found>,
    pub counts: Counts,
    /// Titles the query matches that are there for the viewer, whatever the filter.
    pub visible: u64,
}

/// One title among the best.
#[derive(Debug, Clone, Copy)]
pub struct Found {
    score: f32,
    /// Newer titles come first where nothing else decides.
    year: i32,
    /// Which part of the index it is in, and its place there.
    part: usize,
    title: u32,
}

impl Found {
    /// The title's id.
    pub fn id(self, shelf: &Shelf) -> &str {
        shelf.parts[self.part].contents.id(self.title)
    }

    fn compare(&self, other: &Self) -> Ordering {
        let by_score = other.score.total_cmp(&self.score);
        by_score
            .then_with(|| other.year.cmp(&self.year))
            .then_with(|| (self.part, self.title).cmp(&(other.part, other.title)))
    }
}

impl Sift<'_> {
    /// Sifts everything there is, as if all fitted alike.
    pub fn everything(self, shelf: &Shelf) -> Sifted {
        let mut pass = Pass::new(self);
        for (number, part) in shelf.parts.iter().enumerate() {
            pass.part(number, part, (0..part.contents.facts.len() as u32).map(|title| (title, 1.0)));
        }
        pass.sifted()
    }

    /// Sifts titles with what they are worth, from all parts in the order of the shelf.
    pub fn titles<'p, T>(self, parts: impl Iterator<Item = (&'p Part, T)>) -> Sifted
    where
        T: Iterator<Item = (u32, f32)>,
    {
        let mut pass = Pass::new(self);
        parts.enumerate().for_each(|(number, (part, titles))| pass.part(number, part, titles));
        pass.sifted()
    }
}

/// A pass over the parts.
struct Pass<'a> {
    sift: Sift<'a>,
    found: Vec<Found>,
    /// Movies, shows.
    kinds: [u64; 2],
    genres: HashMap<String, u64>,
    decades: BTreeMap<i32, u64>,
    total: u64,
    visible: u64,
}

impl<'a> Pass<'a> {
    fn new(sift: Sift<'a>) -> Self {
        let (genres, decades) = (HashMap::new(), BTreeMap::new());
        Self { sift, found: Vec::new(), kinds: [0; 2], genres, decades, total: 0, visible: 0 }
    }

    fn part(&mut self, number: usize, part: &Part, titles: impl Iterator<Item = (u32, f32)>) {
        let facts = &part.contents.facts;
        let filter = self.sift.filter;
        // A genre that no title here has fits none.
        let genre = filter.genre.as_ref().map(|genre| facts.genre_ids.iter().position(|id| id == genre));
        let mut genre_counts = vec![0_u64; facts.genre_ids.len()];
        let mut decade_counts = vec![0_u64; facts.decades.len()];
        for (title, score) in titles {
            if !part.is_alive(title) || !facts.may_be_seen(title, self.sift.viewing) {
                continue;
            }
            self.visible += 1;
            let fact = facts.of(title);
            if filter.age_max.is_some_and(|age| fact.age > age)
                || filter.playable.is_some_and(|wanted| wanted != fact.is_playable)
            {
                continue;
            }
            let genres = facts.genres(title);
            let fits_kind = filter.kind.is_none_or(|kind| kind == fact.kind);
            let fits_year = filter.year_from.is_none_or(|from| from <= fact.year)
                && filter.year_to.is_none_or(|to| fact.year <= to);
            let fits_genre = match genre {
                None => true,
                Some(wanted) => wanted.is_some_and(|wanted| genres.contains(&(wanted as u32))),
            };
            if fits_kind && fits_year {
                for genre in genres {
                    genre_counts[*genre as usize] += 1;
                }
            }
            if fits_genre && fits_year {
                self.kinds[usize::from(fact.kind == Kind::Show)] += 1;
            }
            if fits_genre && fits_kind {
                decade_counts[usize::from(fact.decade)] += 1;
            }
            if fits_genre && fits_kind && fits_year {
                self.total += 1;
                if self.sift.top > 0 {
                    let score = rank(fact, score, self.sift.words);
                    self.found.push(Found { score, year: fact.year, part: number, title });
                }
            }
        }
        for (id, count) in facts.genre_ids.iter().zip(genre_counts).filter(|(_, count)| *count > 0) {
            *self.genres.entry(id.clone()).or_default() += count;
        }
        for (decade, count) in facts.decades.iter().zip(decade_counts).filter(|(_, count)| *count > 0) {
            *self.decades.entry(*decade).or_default() += count;
        }
    }

    fn sifted(mut self) -> Sifted {
        if self.found.len() > self.sift.top {
            self.found.select_nth_unstable_by(self.sift.top, Found::compare);
            self.found.truncate(self.sift.top);
        }
        self.found.sort_unstable_by(Found::compare);
        // As the store counts: the most frequent first, decades newest first.
        let kinds = [Kind::Movie, Kind::Show].map(|kind| kind_name(kind).to_owned());
        let mut kinds: Vec<_> = kinds.into_iter().zip(self.kinds).filter(|(_, count)| *count > 0).collect();
        let mut genres: Vec<_> = self.genres.into_iter().collect();
        for values in [&mut kinds, &mut genres] {
            values.sort_unstable_by(|(one, more), (two, less)| less.cmp(more).then_with(|| one.cmp(two)));
        }
        let decades = self.decades.into_iter().rev().map(|(decade, count)| (i64::from(decade), count)).collect();
        let counts = Counts { total: self.total, kinds, genres, decades };
        Sifted { best: self.found, counts, visible: self.visible }
    }
}

/// How well a title fits, given how well its words do: names much longer than the query fit less, what many people care
/// for and what can be played fits a little better.
fn rank(fact: &Fact, score: f32, words: usize) -> f32 {
    let extra = usize::from(fact.name_words).saturating_sub(words).min(10);
    let playable = f32::from(u8::from(fact.is_playable));
    score * (1.0 - 0.03 * extra as f32) * (1.0 + 0.25 * fact.popularity + 0.05 * playable)
}
