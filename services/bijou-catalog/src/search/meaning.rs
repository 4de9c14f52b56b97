//! What a word of a query may mean in one part of the index: words that are there, by how far they are from it.
//!
//! Looked up once and kept: a search that grows more forgiving adds what is a typo further away and asks nothing again.

use std::ops::Range;

use super::lexicon::Lexicon;
use super::part::Contents;
use super::walk::Near;
use crate::domain::words::typos_max;

/// Where a word may be.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Place {
    Name,
    /// Two words of a name as one.
    Joined,
    People,
    Genres,
    Moods,
}

impl Place {
    pub const ALL: [Self; 5] = [Self::Name, Self::Joined, Self::People, Self::Genres, Self::Moods];
    pub const NAMES: [Self; 2] = [Self::Name, Self::Joined];

    /// What a word is worth here.
    fn worth(self) -> f32 {
        match self {
            Self::Name => 1.0,
            Self::Joined => 0.9,
            Self::People => 0.8,
            Self::Genres => 0.6,
            Self::Moods => 0.5,
        }
    }

    /// Genres and moods are few, and joined words are found by the whole name too: those are as typed.
    fn forgives(self) -> bool {
        matches!(self, Self::Name | Self::People)
    }

    fn lexicon(self, contents: &Contents) -> &Lexicon {
        match self {
            Self::Name => &contents.name,
            Self::Joined => &contents.joined,
            Self::People => &contents.people,
            Self::Genres => &contents.genres,
            Self::Moods => &contents.moods,
        }
    }
}

/// A run of words that may be meant.
#[derive(Debug, Clone, PartialEq)]
struct Match {
    place: Place,
    words: Range<usize>,
    /// How well it fits: 1 as typed.
    share: f32,
    /// Typos that must be forgiven for it.
    typos: usize,
}

/// A word and what it may mean.
pub struct Meaning<'a> {
    contents: &'a Contents,
    word: &'a str,
    letters: Vec<char>,
    is_last: bool,
    places: &'static [Place],
    /// Typos looked up so far.
    typos: usize,
    matches: Vec<Match>,
}

impl<'a> Meaning<'a> {
    /// Looks a word up as it is typed; the last one as the beginning of words, too.
    pub fn new(contents: &'a Contents, word: &'a str, is_last: bool, places: &'static [Place]) -> Self {
        let mut matches = Vec::new();
        for &place in places {
            let lexicon = place.lexicon(contents);
            if let Some(at) = lexicon.find(word) {
                matches.push(Match { place, words: at..at + 1, share: 1.0, typos: 0 });
            }
            if is_last {
                matches.push(Match { place, words: lexicon.beginning(word), share: 0.8, typos: 0 });
            }
        }
        Self { contents, word, letters: word.chars().collect(), is_last, places, typos: 0, matches }
    }

    /// Looks up what is up to so many typos away, as far as the word is long enough for them.
    pub fn forgive(&mut self, typos: usize) {
        let typos = typos.min(usize::from(typos_max(self.word)));
        for allowed in self.typos + 1..=typos {
            for &place in self.places.iter().filter(|place| place.forgives()) {
                // Two typos in a word that is not typed to its end would leave little of it.
                let begun = self.is_last && allowed == 1;
                place.lexicon(self.contents).near(&self.letters, allowed, begun, |near| {
                    let (words, share) = match near {
                        Near::Word { at, typos } if typos == allowed => {
                            (at..at + 1, if typos == 1 { 0.55 } else { 0.3 })
                        }
                        Near::Word { .. } => return,
                        Near::Begun(words) => (words, 0.4),
                    };
                    self.matches.push(Match { place, words, share, typos: allowed });
                });
            }
            self.typos = allowed;
        }
    }

    /// Titles that have one of the words meant, with what that is worth of the word: those in these places, with at most
    /// so many typos.
    pub fn titles(&self, places: &[Place], typos: usize) -> Vec<(&'a [u32], f32)> {
        let meant = self.matches.iter().filter(|found| found.typos <= typos && places.contains(&found.place));
        meant
            .map(|found| {
                let titles = found.place.lexicon(self.contents).titles(found.words.clone());
                (titles, found.share * found.place.worth())
            })
            .filter(|(titles, _)| !titles.is_empty())
            .collect()
    }
}
