//! A walk through a lexicon for what is a typo or two from a word: a letter lost, added, exchanged, or two swapped.
//!
//! Words in order are a tree whose branches nobody has to store. For each letter on the way down there is one row of
//! the table of edit distances (optimal string alignment, as `domain::fit` has it), of which only the cells near the
//! diagonal can matter: five for two typos. Once none of them is near enough no word below can be, and the whole run is
//! passed over. Rows of letters that a word shares with the one before it are still there.
//!
//! Left out: more than two typos, which would be another word.

use std::ops::Range;

use super::lexicon::Lexicon;

/// Most typos a walk goes.
pub const TYPOS_MAX: usize = 2;
const CELLS: usize = 2 * TYPOS_MAX + 1;
/// Far away; small enough to be added to.
const FAR: u8 = 100;

/// What a walk comes by.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Near {
    /// A word with so many typos.
    Word { at: usize, typos: usize },
    /// Words that begin with what was asked for, typos included; each run once, with the words of it that are near whole
    /// told besides.
    Begun(Range<usize>),
}

/// Distances of what was asked for, cut after each of the letters near the diagonal, from a beginning of a word.
#[derive(Clone, Copy)]
struct Row {
    cells: [u8; CELLS],
    /// The last letter of the beginning, and where it ends in the word.
    letter: char,
    end: usize,
}

impl Lexicon {
    /// All words at most `typos` from `asked`; with `begun` also those that have a beginning as near.
    pub fn near(&self, asked: &[char], typos: usize, begun: bool, mut found: impl FnMut(Near)) {
        debug_assert!(typos <= TYPOS_MAX);
        let walk = Walk { asked, typos };
        let mut rows = vec![walk.first()];
        let mut begun_until = 0;
        let mut at = 0;
        'words: while at < self.len() {
            rows.truncate(self.shared(at) + 1);
            let word = self.word(at);
            let rest = rows.last().map_or(0, |row| row.end);
            for (end, letter) in word[rest..].char_indices() {
                let row = walk.next(&rows, letter, rest + end + letter.len_utf8());
                let letters = rows.len();
                if row.cells.iter().all(|cell| usize::from(*cell) > typos) {
                    at = self.run_end(at, letters);
                    continue 'words;
                }
                rows.push(row);
                if begun && at >= begun_until && walk.distance(&rows).is_some() {
                    begun_until = self.run_end(at, letters);
                    found(Near::Begun(at..begun_until));
                }
            }
            if let Some(typos) = walk.distance(&rows) {
                found(Near::Word { at, typos });
            }
            at += 1;
        }
    }
}

struct Walk<'a> {
    asked: &'a [char],
    typos: usize,
}

impl Walk<'_> {
    /// No letter yet: as far from each beginning of `asked` as that has letters.
    fn first(&self) -> Row {
        let mut cells = [FAR; CELLS];
        for letters in 0..=self.typos.min(self.asked.len()) {
            cells[self.typos + letters] = letters as u8;
        }
        Row { cells, letter: '\0', end: 0 }
    }

    /// The row after these, for one more letter. Cell `c` of row `r` is about the first `r + c - typos` of `asked`.
    fn next(&self, rows: &[Row], letter: char, end: usize) -> Row {
        let row = rows.len();
        let above = &rows[row - 1];
        let mut cells = [FAR; CELLS];
        for cell in 0..=2 * self.typos {
            let Some(column) = (row + cell).checked_sub(self.typos).filter(|column| *column <= self.asked.len()) else {
                continue;
            };
            if column == 0 {
                cells[cell] = row as u8;
                continue;
            }
            let is_same = self.asked[column - 1] == letter;
            let mut least = above.cells[cell] + u8::from(!is_same);
            if cell < 2 * self.typos {
                least = least.min(above.cells[cell + 1] + 1);
            }
            if cell > 0 {
                least = least.min(cells[cell - 1] + 1);
            }
            if row > 1 && column > 1 && self.asked[column - 2] == letter && self.asked[column - 1] == above.letter {
                least = least.min(rows[row - 2].cells[cell] + 1);
            }
            cells[cell] = least.min(FAR);
        }
        Row { cells, letter, end }
    }

    /// How far the beginning these rows are of is from all that was asked for, if near enough.
    fn distance(&self, rows: &[Row]) -> Option<usize> {
        let cell = (self.asked.len() + self.typos).checked_sub(rows.len() - 1).filter(|cell| *cell < CELLS)?;
        let distance = usize::from(rows.last()?.cells[cell]);
        (distance <= self.typos).then_some(distance)
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use rand::rngs::StdRng;
    use rand::{RngExt as _, SeedableRng as _};
    use strsim::osa_distance;

    use super::*;

    fn lexicon<'a>(words: impl IntoIterator<Item = &'a str>) -> Lexicon {
        let words: BTreeSet<&str> = words.into_iter().collect();
        let mut lexicon = Lexicon::default();
        for word in words {
            lexicon.push(word, []);
        }
        lexicon
    }

    /// Words near as a whole with their typos, and words begun.
    fn walked(lexicon: &Lexicon, asked: &str, typos: usize) -> (Vec<(String, usize)>, BTreeSet<String>) {
        let letters: Vec<char> = asked.chars().collect();
        let (mut near, mut begun) = (Vec::new(), BTreeSet::new());
        lexicon.near(&letters, typos, true, |found| match found {
            Near::Word { at, typos } => near.push((lexicon.word(at).to_owned(), typos)),
            Near::Begun(words) => {
                for word in words {
                    assert!(begun.insert(lexicon.word(word).to_owned()), "each once");
                }
            }
        });
        (near, begun)
    }

    #[track_caller]
    fn check(lexicon: &Lexicon, asked: &str, typos: usize) {
        let words: Vec<&str> = (0..lexicon.len()).map(|at| lexicon.word(at)).collect();
        let near: Vec<(String, usize)> = words
            .iter()
            .map(|word| ((*word).to_owned(), osa_distance(asked, word)))
            .filter(|(_, distance)| *distance <= typos)
            .collect();
        let begins = |word: &str| {
            let ends = word.char_indices().map(|(at, letter)| at + letter.len_utf8());
            ends.clone().any(|end| osa_distance(asked, &word[..end]) <= typos)
        };
        let begun: BTreeSet<String> = words.iter().filter(|word| begins(word)).map(|word| (*word).to_owned()).collect();
        assert_eq!(walked(lexicon, asked, typos), (near, begun), "{asked}, {typos} typos, among {words:?}");
    }

    #[test]
    fn typos_are_letters_lost_added_exchanged_or_swapped() {
        let lexicon = lexicon(["metropolis", "metro", "metropole", "amelie", "сталкер", "élan", "a"]);
        for asked in
            ["metropolis", "mteropolis", "metropolsi", "metropols", "metroopolis", "amilie", "сталекр", "", "a"]
        {
            (0..=TYPOS_MAX).for_each(|typos| check(&lexicon, asked, typos));
        }
        assert_eq!(walked(&lexicon, "mteropolis", 1).0, [("metropolis".to_owned(), 1)]);
        assert_eq!(walked(&lexicon, "metorp", 1).1, BTreeSet::from(["metropole", "metropolis"].map(str::to_owned)));
    }

    #[test]
    fn a_walk_finds_what_comparing_with_every_word_finds() {
        let seed = bijou_testkit::seed();
        println!("seed {seed}");
        let mut random = StdRng::seed_from_u64(seed);
        // Few letters, so that nearly everything is near something.
        let word = |random: &mut StdRng| -> String {
            (0..random.random_range(0..9)).map(|_| ['a', 'b', 'é', 'ж'][random.random_range(0..4)]).collect()
        };
        for _ in 0..150 {
            let words: Vec<String> = (0..random.random_range(1..120)).map(|_| word(&mut random)).collect();
            let lexicon = lexicon(words.iter().map(String::as_str));
            let asked = word(&mut random);
            (0..=TYPOS_MAX).for_each(|typos| check(&lexicon, &asked, typos));
        }
    }
}
