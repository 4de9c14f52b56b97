//! What somebody typed, as queries: strict first, then forgiving, then a word less.
//!
//! A title fits by its whole name (the same, a typo away, or as far as it is typed), or because each word of the query is
//! a word of its names, its people, its genres or its moods. Scores are constants of ours: how rare a misspelt word is says nothing
//! about how well it fits, which is what statistics would make of it.

use tantivy::query::{
    BooleanQuery, BoostQuery, ConstScoreQuery, DisjunctionMaxQuery, EmptyQuery, FuzzyTermQuery, Occur, Query, TermQuery,
};
use tantivy::schema::{Field, IndexRecordOption};
use tantivy::{Searcher, Term};

use super::schema::Fields;
use crate::domain::words::{is_small, typos_max, whole, words};

/// Words looked at; who types more pastes a text.
pub const WORDS_MAX: usize = 12;

/// How far from what was typed a title may be.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Leniency {
    /// The words as typed, the last one perhaps not to its end; a whole name with one typo.
    Strict,
    /// With a typo in any word, two in the whole.
    Forgiving,
    /// With two typos in long words: walking that far from each of them takes longest.
    VeryForgiving,
    /// With a typo in any word, and any one word may be missing.
    WordMissing,
}

impl Leniency {
    /// In the order in which they are tried.
    pub const ALL: [Self; 4] = [Self::Strict, Self::Forgiving, Self::VeryForgiving, Self::WordMissing];
}

/// A query as typed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Question {
    pub words: Vec<String>,
}

/// What the whole name is worth, and what all words together are.
const WHOLE: f32 = 100.0;
const WORDS: f32 = 25.0;

impl Question {
    pub fn new(text: &str) -> Self {
        let mut words = words(text);
        words.truncate(WORDS_MAX);
        Self { words }
    }

    pub fn is_empty(&self) -> bool {
        self.words.is_empty()
    }

    /// The query as one text, for logs and comparison.
    pub fn whole(&self) -> String {
        whole(&self.words)
    }

    /// The query for the index.
    pub fn query(&self, fields: &Fields, searcher: &Searcher, leniency: Leniency) -> Box<dyn Query> {
        if self.is_empty() {
            return Box::new(EmptyQuery);
        }
        let mut ways = self.whole_name(fields, leniency);
        let weights = self.weights(fields, searcher);
        let anywhere =
            [(fields.name, 1.0), (fields.joined, 0.9), (fields.people, 0.8), (fields.genres, 0.6), (fields.moods, 0.5)];
        ways.push(self.by_words(fields, &anywhere, &weights, leniency, None));
        // Two words typed where the name has one.
        let names = [(fields.name, 1.0), (fields.joined, 0.9)];
        for at in 0..self.words.len().saturating_sub(1).min(6) {
            ways.push(self.by_words(fields, &names, &weights, leniency, Some(at)));
        }
        Box::new(DisjunctionMaxQuery::with_tie_breaker(ways, 0.1))
    }

    /// The query for titles whose people are meant.
    pub fn people_query(&self, fields: &Fields, searcher: &Searcher, leniency: Leniency) -> Box<dyn Query> {
        if self.is_empty() {
            return Box::new(EmptyQuery);
        }
        // Half a name is everybody of that name.
        let leniency = if leniency == Leniency::WordMissing { Leniency::Forgiving } else { leniency };
        self.by_words(fields, &[(fields.people, 1.0)], &self.weights(fields, searcher), leniency, None)
    }

    fn whole_name(&self, fields: &Fields, leniency: Leniency) -> Vec<Box<dyn Query>> {
        let text = self.whole();
        let letters = text.chars().count();
        let term = || Term::from_field_text(fields.whole, &text);
        let mut ways: Vec<Box<dyn Query>> = vec![
            constant(exact(fields.whole, &text), WHOLE),
            constant(FuzzyTermQuery::new_prefix(term(), 0, true), WHOLE * 0.3),
        ];
        // The longer a name, the less likely it is by chance that another is a letter away.
        let likely = |share: f32, most: f32| (letters as f32 * share).min(most);
        if letters >= 4 {
            ways.push(constant(FuzzyTermQuery::new(term(), 1, true), likely(4.0, 60.0)));
        }
        if leniency != Leniency::Strict {
            if letters >= 5 {
                ways.push(constant(FuzzyTermQuery::new_prefix(term(), 1, true), likely(2.0, 20.0)));
            }
            if letters >= 8 {
                ways.push(constant(FuzzyTermQuery::new(term(), 2, true), likely(2.0, 30.0)));
            }
        }
        ways
    }

    /// Every word by itself in one of these fields, of so much worth; those at `joined` and after it as one.
    fn by_words(
        &self,
        fields: &Fields,
        places: &[(Field, f32)],
        weights: &[f32],
        leniency: Leniency,
        joined: Option<usize>,
    ) -> Box<dyn Query> {
        let mut clauses: Vec<(Occur, Box<dyn Query>)> = Vec::new();
        let mut required = 0;
        let mut at = 0;
        while at < self.words.len() {
            let is_joined = joined == Some(at);
            let (word, weight) = if is_joined {
                (self.words[at..at + 2].concat(), weights[at] + weights[at + 1])
            } else {
                (self.words[at].clone(), weights[at])
            };
            at += if is_joined { 2 } else { 1 };
            let is_last = at >= self.words.len();
            // "The Matrix" is "Matrix" to many; "The" alone is a title, and "the" the beginning of one.
            let may_miss = !is_joined && is_small(&word) && !(is_last && required == 0);
            // Beside a joined word the others are as typed: both would be walked for every pair.
            let leniency = if joined.is_none() || is_joined { leniency } else { Leniency::Strict };
            let query = word_query(fields, places, &word, weight, is_last, leniency);
            if may_miss {
                clauses.push((Occur::Should, query));
            } else {
                required += 1;
                clauses.push((Occur::Must, query));
            }
        }
        if leniency == Leniency::WordMissing && required > 1 {
            // Small words would be enough otherwise.
            let telling = clauses.into_iter().filter(|(occur, _)| *occur == Occur::Must);
            let clauses = telling.map(|(_, query)| (Occur::Should, query)).collect();
            return Box::new(BooleanQuery::with_minimum_required_clauses(clauses, required - 1));
        }
        Box::new(BooleanQuery::new(clauses))
    }

    /// What each word is worth of [`WORDS`]: rare ones more. A word nobody has is misspelt, and as rare as most.
    fn weights(&self, fields: &Fields, searcher: &Searcher) -> Vec<f32> {
        let titles = searcher.num_docs() as f32;
        let rarity = |word: &String| {
            let frequency = |field| searcher.doc_freq(&Term::from_field_text(field, word)).unwrap_or(0);
            match frequency(fields.name).max(frequency(fields.people)) {
                0 => 6.0,
                frequency => (1.0 + titles / frequency as f32).ln(),
            }
        };
        let rarities: Vec<f32> = self.words.iter().map(rarity).collect();
        let sum: f32 = rarities.iter().sum();
        rarities.iter().map(|rarity| WORDS * rarity / sum.max(f32::EPSILON)).collect()
    }
}

/// Titles that have a word, or something like it, in one of these places.
fn word_query(
    fields: &Fields,
    places: &[(Field, f32)],
    word: &str,
    weight: f32,
    is_last: bool,
    leniency: Leniency,
) -> Box<dyn Query> {
    let mut ways: Vec<Box<dyn Query>> = Vec::new();
    for &(field, worth) in places {
        let term = || Term::from_field_text(field, word);
        let mut way = |query: Box<dyn Query>, share: f32| {
            ways.push(Box::new(BoostQuery::new(query, weight * worth * share)));
        };
        way(constant(exact(field, word), 1.0), 1.0);
        if is_last {
            way(constant(FuzzyTermQuery::new_prefix(term(), 0, true), 1.0), 0.8);
        }
        // Genres and moods are few, and joined words are found by the whole name too.
        let is_exact = [fields.genres, fields.moods, fields.joined].contains(&field);
        let typos = typos_max(word);
        if leniency == Leniency::Strict || is_exact || typos == 0 {
            continue;
        }
        way(constant(FuzzyTermQuery::new(term(), 1, true), 1.0), 0.55);
        if is_last {
            way(constant(FuzzyTermQuery::new_prefix(term(), 1, true), 1.0), 0.4);
        }
        if typos >= 2 && leniency == Leniency::VeryForgiving {
            way(constant(FuzzyTermQuery::new(term(), 2, true), 1.0), 0.3);
        }
    }
    Box::new(DisjunctionMaxQuery::with_tie_breaker(ways, 0.05))
}

fn exact(field: Field, text: &str) -> TermQuery {
    TermQuery::new(Term::from_field_text(field, text), IndexRecordOption::Basic)
}

fn constant(query: impl Query, score: f32) -> Box<dyn Query> {
    Box::new(ConstScoreQuery::new(Box::new(query), score))
}
