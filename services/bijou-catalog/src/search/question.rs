//! What somebody typed, and how far from it a title may be: strict first, then forgiving, then a word less.
//!
//! A title fits by its whole name (the same, a typo away, or as far as it is typed), or because each word of the query is
//! a word of its names, its people, its genres or its moods. Scores are constants of ours: how rare a misspelt word is says nothing
//! about how well it fits, which is what statistics would make of it.

use super::part::Shelf;
use crate::domain::words::{whole, words};

/// Words looked at; who types more pastes a text.
pub const WORDS_MAX: usize = 12;

/// What all words together are worth; a whole name is worth 100.
const WORDS: f32 = 25.0;

/// How far from what was typed a title may be.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Leniency {
    /// The words as typed, the last one perhaps not to its end; a whole name with one typo.
    Strict,
    /// With a typo in any word, two in the whole.
    Forgiving,
    /// With two typos in long words.
    VeryForgiving,
    /// With a typo in any word, and any one word may be missing.
    WordMissing,
}

impl Leniency {
    /// In the order in which they are tried.
    pub const ALL: [Self; 4] = [Self::Strict, Self::Forgiving, Self::VeryForgiving, Self::WordMissing];

    /// Typos forgiven in a word that is long enough for them.
    pub fn typos(self) -> usize {
        match self {
            Self::Strict => 0,
            Self::Forgiving | Self::WordMissing => 1,
            Self::VeryForgiving => 2,
        }
    }
}

/// A query as typed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Question {
    pub words: Vec<String>,
}

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

    /// What each word is worth of what all are: rare ones more. A word nobody has is misspelt, and as rare as most.
    pub fn weights(&self, shelf: &Shelf) -> Vec<f32> {
        let titles = shelf.len() as f32;
        let rarity = |word: &String| {
            let parts = || shelf.parts.iter().map(|part| &part.contents);
            let in_names: usize = parts().map(|contents| contents.name.titles_of(word).len()).sum();
            let in_people: usize = parts().map(|contents| contents.people.titles_of(word).len()).sum();
            match in_names.max(in_people) {
                0 => 6.0,
                frequency => (1.0 + titles / frequency as f32).ln(),
            }
        };
        let rarities: Vec<f32> = self.words.iter().map(rarity).collect();
        let sum: f32 = rarities.iter().sum();
        rarities.iter().map(|rarity| WORDS * rarity / sum.max(f32::EPSILON)).collect()
    }
}
