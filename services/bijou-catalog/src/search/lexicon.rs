//! The words of one field in memory, in order, each with the titles that have it.
//!
//! Words in order put what begins alike side by side, and so are the titles they lead to: all that begins with a letter
//! is one run of both, read from one end to the other. A query that is typed to its second letter costs a pass over what
//! it finds, and a walk for typos (`walk`) says whole runs at a time.

use std::ops::Range;

/// Words and their titles.
#[derive(Debug, Default)]
pub struct Lexicon {
    /// All words in order, one after the other.
    text: String,
    /// Where each word ends in `text`.
    ends: Vec<u32>,
    /// How many letters each word shares with the one before it, from the front.
    shared: Vec<u8>,
    /// Titles, those of each word together.
    titles: Vec<u32>,
    /// Where each word's titles end in `titles`.
    titles_end: Vec<u32>,
}

/// Words compared at a time while passing over a run of them.
const STRIDE: usize = 32;

impl Lexicon {
    /// Adds a word after all that are there, with its titles.
    ///
    /// # Panics
    ///
    /// When it is not after the last: everything here rests on the order.
    pub fn push(&mut self, word: &str, titles: impl IntoIterator<Item = u32>) {
        let before = self.len().checked_sub(1).map_or("", |last| self.word(last));
        assert!(self.ends.is_empty() || before < word, "words come in order, and `{word}` is after `{before}`");
        let shared = before.chars().zip(word.chars()).take_while(|(one, two)| one == two).count();
        self.text.push_str(word);
        self.shared.push(shared.min(usize::from(u8::MAX)) as u8);
        self.ends.push(self.text.len() as u32);
        self.titles.extend(titles);
        self.titles_end.push(self.titles.len() as u32);
    }

    pub fn len(&self) -> usize {
        self.ends.len()
    }

    pub fn word(&self, at: usize) -> &str {
        let start = at.checked_sub(1).map_or(0, |before| self.ends[before]);
        &self.text[start as usize..self.ends[at] as usize]
    }

    /// The titles that have one of these words; one with several comes several times.
    pub fn titles(&self, words: Range<usize>) -> &[u32] {
        let end = |words: usize| words.checked_sub(1).map_or(0, |last| self.titles_end[last] as usize);
        &self.titles[end(words.start)..end(words.end)]
    }

    /// The place of this very word.
    pub fn find(&self, word: &str) -> Option<usize> {
        let at = self.first_from(word);
        (at < self.len() && self.word(at) == word).then_some(at)
    }

    /// The titles that have this very word.
    pub fn titles_of(&self, word: &str) -> &[u32] {
        self.find(word).map_or(&[], |at| self.titles(at..at + 1))
    }

    /// All words that begin so.
    pub fn beginning(&self, prefix: &str) -> Range<usize> {
        let start = self.first_from(prefix);
        let (mut low, mut high) = (start, self.len());
        while low < high {
            let middle = low.midpoint(high);
            if self.word(middle).starts_with(prefix) {
                low = middle + 1;
            } else {
                high = middle;
            }
        }
        start..low
    }

    /// How many letters a word shares with the one before it.
    pub(super) fn shared(&self, at: usize) -> usize {
        usize::from(self.shared[at])
    }

    /// The end of the run of words after `at` that share its first `letters` with it.
    pub(super) fn run_end(&self, at: usize, letters: usize) -> usize {
        let letters = u8::try_from(letters).unwrap_or(u8::MAX);
        let mut end = at + 1;
        // The least of a stride is found in one step of the processor; looking at them one by one is not.
        while let Some(stride) = self.shared.get(end..end + STRIDE)
            && stride.iter().fold(u8::MAX, |least, shared| least.min(*shared)) >= letters
        {
            end += STRIDE;
        }
        end + self.shared[end..].iter().take_while(|shared| **shared >= letters).count()
    }

    /// Bytes of memory.
    pub fn bytes(&self) -> usize {
        self.text.len() + self.shared.len() + 4 * (self.ends.len() + self.titles.len() + self.titles_end.len())
    }

    /// The place of the first word that is not before this one.
    fn first_from(&self, word: &str) -> usize {
        let (mut low, mut high) = (0, self.len());
        while low < high {
            let middle = low.midpoint(high);
            if self.word(middle) < word {
                low = middle + 1;
            } else {
                high = middle;
            }
        }
        low
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn lexicon() -> Lexicon {
        let mut lexicon = Lexicon::default();
        for (word, titles) in [("star", &[1, 7][..]), ("starving", &[2]), ("wars", &[1]), ("élan", &[4])] {
            lexicon.push(word, titles.iter().copied());
        }
        lexicon
    }

    #[test]
    fn words_lead_to_their_titles() {
        let lexicon = lexicon();
        assert_eq!(lexicon.titles_of("star"), [1, 7]);
        assert_eq!(lexicon.titles_of("élan"), [4]);
        assert!(["", "sta", "stars", "zzz"].iter().all(|word| lexicon.titles_of(word).is_empty()));
        assert!(Lexicon::default().titles_of("star").is_empty());
    }

    #[test]
    fn what_begins_alike_is_one_run() {
        let lexicon = lexicon();
        assert_eq!(lexicon.beginning("sta"), 0..2);
        assert_eq!(lexicon.titles(0..2), [1, 7, 2]);
        assert_eq!(lexicon.beginning("starv"), 1..2);
        assert_eq!(lexicon.beginning(""), 0..4);
        assert_eq!(lexicon.beginning("é"), 3..4);
        assert!(lexicon.beginning("q").is_empty() && lexicon.beginning("zzzz").is_empty());
        assert!(lexicon.titles(4..4).is_empty());
    }

    #[test]
    fn long_runs_are_passed_over_in_strides() {
        let mut lexicon = Lexicon::default();
        (0..100).for_each(|number| lexicon.push(&format!("ab{number:03}"), [number]));
        lexicon.push("ac", []);
        assert_eq!(lexicon.run_end(0, 2), 100);
        assert_eq!(lexicon.run_end(0, 4), 10);
        assert_eq!(lexicon.run_end(99, 5), 100);
        assert_eq!(lexicon.run_end(7, 1), 101);
    }

    #[test]
    #[should_panic(expected = "words come in order")]
    fn disorder_is_refused() {
        lexicon().push("star", []);
    }
}
