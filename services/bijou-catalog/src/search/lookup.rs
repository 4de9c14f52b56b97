//! One question in one part of the index: what its words may mean there, and which titles that makes.
//!
//! Ways of fitting: the whole name; every word somewhere; and every word in the names, with two neighbours typed apart
//! that the name has as one.

use std::ops::Range;

use super::meaning::{Meaning, Place};
use super::part::Part;
use super::question::{Leniency, Question};
use super::tally::{Clause, Tally};
use super::walk::Near;
use crate::domain::words::is_small;

/// What a whole name is worth.
const WHOLE: f32 = 100.0;

/// Neighbours looked up as one, from the front.
const JOINED_MAX: usize = 6;

/// A question being looked up.
pub struct Lookup<'a> {
    pub part: &'a Part,
    words: &'a [Word],
    /// What the words may mean, and those at a place with the one after it.
    meanings: Vec<Meaning<'a>>,
    joined: Vec<Meaning<'a>>,
    name: WholeName<'a>,
    tally: Tally,
}

/// A question taken apart, for every part of the index.
pub struct Asking {
    words: Vec<Word>,
    /// Each pair of neighbours as one word.
    pairs: Vec<String>,
    whole: String,
}

struct Word {
    text: String,
    weight: f32,
}

impl Asking {
    pub fn new(question: &Question, weights: &[f32]) -> Self {
        let words = question.words.iter().zip(weights);
        Self {
            words: words.map(|(text, weight)| Word { text: text.clone(), weight: *weight }).collect(),
            pairs: question.words.windows(2).take(JOINED_MAX).map(<[String]>::concat).collect(),
            whole: question.whole(),
        }
    }
}

impl<'a> Lookup<'a> {
    /// Looks the words up as they are typed.
    pub fn new(part: &'a Part, asking: &'a Asking) -> Self {
        let contents = &*part.contents;
        let count = asking.words.len();
        let words = asking.words.iter().enumerate();
        let pairs = asking.pairs.iter().enumerate();
        Self {
            part,
            words: &asking.words,
            meanings: words
                .map(|(at, word)| Meaning::new(contents, &word.text, at + 1 == count, &Place::ALL))
                .collect(),
            joined: pairs.map(|(at, pair)| Meaning::new(contents, pair, at + 2 == count, &Place::NAMES)).collect(),
            name: WholeName::new(part, &asking.whole),
            tally: Tally::new(contents.facts.len()),
        }
    }

    /// Titles that fit as leniently, each with what it is worth.
    pub fn titles(&mut self, leniency: Leniency) -> impl Iterator<Item = (u32, f32)> {
        self.meanings.iter_mut().chain(&mut self.joined).for_each(|meaning| meaning.forgive(leniency.typos()));
        if leniency != Leniency::Strict {
            self.name.forgive();
        }
        let (clauses, missing) = self.by_words(&Place::ALL, leniency, None);
        let joined: Vec<_> = (0..self.joined.len())
            .filter(|at| !self.joined[*at].titles(&Place::NAMES, leniency.typos()).is_empty())
            .map(|at| self.by_words(&Place::NAMES, leniency, Some(at)))
            .collect();
        self.tally.clear();
        self.tally.add(vec![Clause { titles: self.name.titles(), is_required: true }], 0);
        self.tally.add(clauses, missing);
        for (clauses, missing) in joined {
            self.tally.add(clauses, missing);
        }
        self.tally.found()
    }

    /// Titles whose people are meant.
    pub fn credited(&mut self, leniency: Leniency) -> impl Iterator<Item = (u32, f32)> {
        // Half a name is everybody of that name.
        let leniency = if leniency == Leniency::WordMissing { Leniency::Forgiving } else { leniency };
        let (clauses, missing) = self.by_words(&[Place::People], leniency, None);
        self.tally.clear();
        self.tally.add(clauses, missing);
        self.tally.found()
    }

    /// Every word by itself in one of these places, those at `joined` and after it as one; how many may be missing.
    fn by_words(&self, places: &[Place], leniency: Leniency, joined: Option<usize>) -> (Vec<Clause<'a>>, usize) {
        let mut clauses = Vec::new();
        let mut required = 0;
        let mut at = 0;
        while at < self.words.len() {
            let is_joined = joined == Some(at);
            let (meaning, weight, count) = if is_joined {
                (&self.joined[at], self.words[at].weight + self.words[at + 1].weight, 2)
            } else {
                (&self.meanings[at], self.words[at].weight, 1)
            };
            let is_last = at + count >= self.words.len();
            // "The Matrix" is "Matrix" to many; "The" alone is a title, and "the" the beginning of one.
            let may_miss = !is_joined && is_small(&self.words[at].text) && !(is_last && required == 0);
            // Beside a joined word the others are as typed: two guesses at once find anything.
            let typos = if joined.is_none() || is_joined { leniency.typos() } else { 0 };
            let mut titles = meaning.titles(places, typos);
            for (_, worth) in &mut titles {
                *worth *= weight;
            }
            required += usize::from(!may_miss);
            clauses.push(Clause { titles, is_required: !may_miss });
            at += count;
        }
        if leniency == Leniency::WordMissing && required > 1 {
            // Small words would be enough otherwise.
            clauses.retain(|clause| clause.is_required);
            return (clauses, 1);
        }
        (clauses, 0)
    }
}

/// A query as a name.
struct WholeName<'a> {
    part: &'a Part,
    letters: Vec<char>,
    matches: Vec<(Range<usize>, f32)>,
    is_forgiving: bool,
}

impl<'a> WholeName<'a> {
    /// Looks it up as typed, as far as typed, and with one typo.
    fn new(part: &'a Part, name: &str) -> Self {
        let whole = &part.contents.whole;
        let mut matches = vec![(whole.beginning(name), WHOLE * 0.3)];
        matches.extend(whole.find(name).map(|at| (at..at + 1, WHOLE)));
        let mut looked_up = Self { part, letters: name.chars().collect(), matches, is_forgiving: false };
        if looked_up.letters.len() >= 4 {
            looked_up.look(1, None, looked_up.likely(4.0, 60.0));
        }
        looked_up
    }

    /// Looks it up as far as it is typed with one typo, and with two.
    fn forgive(&mut self) {
        if std::mem::replace(&mut self.is_forgiving, true) {
            return;
        }
        if self.letters.len() >= 5 {
            self.look(1, Some(self.likely(2.0, 20.0)), 0.0);
        }
        if self.letters.len() >= 8 {
            self.look(2, None, self.likely(2.0, 30.0));
        }
    }

    /// The longer a name, the less likely it is by chance that another is a letter away.
    fn likely(&self, share: f32, most: f32) -> f32 {
        (self.letters.len() as f32 * share).min(most)
    }

    fn look(&mut self, typos: usize, begun: Option<f32>, worth: f32) {
        self.part.contents.whole.near(&self.letters, typos, begun.is_some(), |near| match near {
            Near::Word { at, .. } => self.matches.push((at..at + 1, worth)),
            Near::Begun(words) => self.matches.push((words, begun.unwrap_or_default())),
        });
    }

    fn titles(&self) -> Vec<(&'a [u32], f32)> {
        let titles = self.matches.iter().map(|(words, worth)| (self.part.contents.whole.titles(words.clone()), *worth));
        titles.filter(|(titles, worth)| !titles.is_empty() && *worth > 0.0).collect()
    }
}
