//! Sifting what a query matched, in one pass: who may see it, which filters it passes, how it ranks, what is counted.
//!
//! The rule of who may see a title comes first and is `bijou-catalog-api`'s (`Viewer::may_see`) on columns: whatever it
//! hides is neither found nor counted. Facets are counted as lists count them: each as if its own filter were not set.

use std::cmp::Ordering;
use std::collections::HashMap;

use bijou_catalog_api::Territory;
use tantivy::collector::{Collector, SegmentCollector};
use tantivy::columnar::{Column, StrColumn};
use tantivy::{DocAddress, DocId, Score, SegmentOrdinal, SegmentReader};

use super::schema::{self, kind_number, territory_number};
use crate::domain::query::Filter;
use crate::domain::viewing::Viewing;
use crate::store::Counts;

/// What is wanted of the titles a query matches.
#[derive(Debug, Clone)]
pub struct Sift {
    filter: Filter,
    ceiling: u64,
    /// The viewer's country; absent: nowhere. Not asked when `sees_all_offers`.
    territory: Option<u64>,
    sees_all_offers: bool,
    at_ms: i64,
    /// How many of the best are wanted.
    top: usize,
    /// Words the query has, to which names are compared in length.
    words: u64,
}

/// What a pass found.
#[derive(Debug, Default)]
pub struct Sifted {
    /// The best, best first.
    pub best: Vec<(Score, DocAddress)>,
    pub counts: Counts,
    /// Titles the query matches that are there for the viewer, whatever the filter.
    pub visible: u64,
}

impl Sift {
    pub fn new(filter: &Filter, viewing: &Viewing, top: usize, words: usize) -> Self {
        let territory = match &viewing.viewer.territory {
            Territory::In(country) => Some(territory_number(country)),
            Territory::Unknown | Territory::Everywhere => None,
        };
        Self {
            filter: filter.clone(),
            ceiling: viewing.viewer.maturity.map_or(u64::MAX, u64::from),
            territory,
            sees_all_offers: viewing.viewer.territory == Territory::Everywhere,
            at_ms: viewing.at_ms(),
            top,
            words: words as u64,
        }
    }
}

impl Collector for Sift {
    type Fruit = Sifted;
    type Child = Segment;

    fn for_segment(&self, ordinal: SegmentOrdinal, reader: &SegmentReader) -> tantivy::Result<Segment> {
        let columns = reader.fast_fields();
        let genres = columns.str(schema::GENRE)?;
        let genre = match (&self.filter.genre, &genres) {
            (None, _) => Wanted::Any,
            (Some(_), None) => Wanted::None,
            (Some(genre), Some(column)) => {
                column.dictionary().term_ord(genre.as_bytes())?.map_or(Wanted::None, Wanted::Is)
            }
        };
        Ok(Segment {
            sift: self.clone(),
            ordinal,
            genre,
            genre_counts: vec![0; genres.as_ref().map_or(0, |column| column.num_terms())],
            genres,
            kind: columns.u64(schema::KIND)?,
            year: columns.i64(schema::YEAR)?,
            age: columns.u64(schema::AGE)?,
            playable: columns.u64(schema::PLAYABLE)?,
            popularity: columns.u64(schema::POPULARITY)?,
            name_words: columns.u64(schema::NAME_WORDS)?,
            // Columns nobody has a value in do not exist.
            offer_territory: columns.column_opt(schema::OFFER_TERRITORY)?,
            offer_from: columns.column_opt(schema::OFFER_FROM)?,
            offer_until: columns.column_opt(schema::OFFER_UNTIL)?,
            kinds: [0; 2],
            decades: HashMap::new(),
            total: 0,
            visible: 0,
            found: Vec::new(),
        })
    }

    fn requires_scoring(&self) -> bool {
        self.top > 0
    }

    fn merge_fruits(&self, segments: Vec<Part>) -> tantivy::Result<Sifted> {
        let mut best = Vec::new();
        let mut sifted = Sifted::default();
        let (mut kinds, mut genres, mut decades) = ([0; 2], HashMap::new(), HashMap::new());
        for part in segments {
            sifted.counts.total += part.total;
            sifted.visible += part.visible;
            kinds.iter_mut().zip(part.kinds).for_each(|(sum, count)| *sum += count);
            part.genres.into_iter().for_each(|(genre, count)| *genres.entry(genre).or_insert(0) += count);
            part.decades.into_iter().for_each(|(decade, count)| *decades.entry(decade).or_insert(0) += count);
            best.extend(part.found);
        }
        best.sort_unstable_by(Found::compare);
        best.truncate(self.top);
        sifted.best = best.into_iter().map(|found| (found.score, found.address)).collect();
        let counts = &mut sifted.counts;
        counts.kinds = [("movie".to_owned(), kinds[0]), ("show".to_owned(), kinds[1])].into();
        counts.genres = genres.into_iter().collect();
        counts.decades = decades.into_iter().collect();
        // As the store counts: the most frequent first, decades newest first.
        for values in [&mut counts.kinds, &mut counts.genres] {
            values.retain(|(_, count)| *count > 0);
            values.sort_unstable_by(|(one, more), (two, less)| less.cmp(more).then_with(|| one.cmp(two)));
        }
        counts.decades.sort_unstable_by_key(|(decade, _)| std::cmp::Reverse(*decade));
        Ok(sifted)
    }
}

/// What a segment's dictionary says to a filter.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Wanted {
    Any,
    Is(u64),
    None,
}

/// One title among the best.
#[derive(Debug, Clone, Copy)]
struct Found {
    score: Score,
    /// Newer titles come first where nothing else decides.
    year: i64,
    address: DocAddress,
}

impl Found {
    fn compare(&self, other: &Self) -> Ordering {
        other
            .score
            .total_cmp(&self.score)
            .then_with(|| other.year.cmp(&self.year))
            .then_with(|| self.address.cmp(&other.address))
    }
}

/// A pass over one segment.
pub struct Segment {
    sift: Sift,
    ordinal: SegmentOrdinal,
    genre: Wanted,
    genres: Option<StrColumn>,
    kind: Column<u64>,
    year: Column<i64>,
    age: Column<u64>,
    playable: Column<u64>,
    popularity: Column<u64>,
    name_words: Column<u64>,
    offer_territory: Option<Column<u64>>,
    offer_from: Option<Column<i64>>,
    offer_until: Option<Column<i64>>,
    kinds: [u64; 2],
    genre_counts: Vec<u64>,
    decades: HashMap<i64, u64>,
    total: u64,
    visible: u64,
    found: Vec<Found>,
}

/// What a pass over one segment gives.
pub struct Part {
    found: Vec<Found>,
    kinds: [u64; 2],
    genres: Vec<(String, u64)>,
    decades: HashMap<i64, u64>,
    total: u64,
    visible: u64,
}

impl Segment {
    /// `Viewer::may_see` on columns.
    fn may_be_seen(&self, doc: DocId) -> bool {
        // What has no age is for nobody: every title has one.
        if self.age.first(doc).unwrap_or(u64::MAX) > self.sift.ceiling {
            return false;
        }
        if self.sift.sees_all_offers {
            return true;
        }
        let (Some(territories), Some(froms), Some(untils)) =
            (&self.offer_territory, &self.offer_from, &self.offer_until)
        else {
            return true;
        };
        let mut is_limited = false;
        let windows = territories.values_for_doc(doc).zip(froms.values_for_doc(doc)).zip(untils.values_for_doc(doc));
        for ((territory, from), until) in windows {
            is_limited = true;
            if self.sift.territory == Some(territory) && from <= self.sift.at_ms && self.sift.at_ms < until {
                return true;
            }
        }
        !is_limited
    }

    /// How well a title fits, given how well its words do: names much longer than the query fit less, what many people
    /// care for and what can be played fits a little better.
    fn rank(&self, doc: DocId, score: Score) -> Score {
        let extra = self.name_words.first(doc).unwrap_or(0).saturating_sub(self.sift.words).min(10);
        let popularity = self.popularity.first(doc).unwrap_or(0) as Score;
        // Ten million people are as popular as it gets.
        let popularity = (popularity.ln_1p() / 10_000_000_f32.ln_1p()).min(1.0);
        let playable = self.playable.first(doc).unwrap_or(0).min(1) as Score;
        score * (1.0 - 0.03 * extra as Score) * (1.0 + 0.25 * popularity + 0.05 * playable)
    }
}

impl SegmentCollector for Segment {
    type Fruit = Part;

    fn collect(&mut self, doc: DocId, score: Score) {
        if !self.may_be_seen(doc) {
            return;
        }
        self.visible += 1;
        let filter = &self.sift.filter;
        let playable = self.playable.first(doc).unwrap_or(0) == 1;
        if filter.age_max.is_some_and(|age| self.age.first(doc).unwrap_or(u64::MAX) > u64::from(age))
            || filter.playable.is_some_and(|wanted| wanted != playable)
        {
            return;
        }
        let kind = self.kind.first(doc).unwrap_or(0);
        let year = self.year.first(doc).unwrap_or(0);
        let fits_kind = filter.kind.is_none_or(|wanted| kind_number(wanted) == kind);
        let fits_year = filter.year_from.is_none_or(|from| i64::from(from) <= year)
            && filter.year_to.is_none_or(|to| year <= i64::from(to));
        let ords = |genres: &Option<StrColumn>| -> Vec<u64> {
            genres.as_ref().map(|column| column.ords().values_for_doc(doc).collect()).unwrap_or_default()
        };
        let ords = ords(&self.genres);
        let fits_genre = match self.genre {
            Wanted::Any => true,
            Wanted::None => false,
            Wanted::Is(ord) => ords.contains(&ord),
        };
        if fits_kind && fits_year {
            for ord in &ords {
                self.genre_counts[*ord as usize] += 1;
            }
        }
        if fits_genre && fits_year {
            self.kinds[usize::from(kind == 1)] += 1;
        }
        if fits_genre && fits_kind {
            *self.decades.entry(year / 10 * 10).or_insert(0) += 1;
        }
        if fits_genre && fits_kind && fits_year {
            self.total += 1;
            if self.sift.top > 0 {
                let score = self.rank(doc, score);
                self.found.push(Found { score, year, address: DocAddress::new(self.ordinal, doc) });
            }
        }
    }

    fn harvest(mut self) -> Part {
        if self.found.len() > self.sift.top {
            self.found.select_nth_unstable_by(self.sift.top, Found::compare);
            self.found.truncate(self.sift.top);
        }
        let mut genres = Vec::new();
        if let Some(column) = &self.genres {
            for (ord, count) in self.genre_counts.iter().enumerate().filter(|(_, count)| **count > 0) {
                let mut name = String::new();
                // An ordinal of this very dictionary has a name, unless the file is damaged: then it is not counted.
                if column.ord_to_str(ord as u64, &mut name).unwrap_or(false) {
                    genres.push((name, *count));
                }
            }
        }
        Part {
            found: self.found,
            kinds: self.kinds,
            genres,
            decades: self.decades,
            total: self.total,
            visible: self.visible,
        }
    }
}
