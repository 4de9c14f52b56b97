//! Why something was found: how a word that was asked for fits one that is there.
//!
//! The index says which titles; this says it of the few that are shown, for people to see why.

use strsim::osa_distance;

use super::words::{is_small, joined, typos_max, words};

/// How a word fits another, best first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Fit {
    Exact,
    /// As far as it was typed.
    Begins,
    /// With so many typos.
    Typos(usize),
}

/// How `asked` fits `word`; `is_last` when it may not be typed to its end.
pub fn fit(asked: &str, word: &str, is_last: bool) -> Option<Fit> {
    if asked == word {
        return Some(Fit::Exact);
    }
    if is_last && word.starts_with(asked) {
        return Some(Fit::Begins);
    }
    let typos = usize::from(typos_max(asked));
    if typos == 0 {
        return None;
    }
    let mut distance = osa_distance(asked, word);
    if is_last && distance > typos {
        let typed: String = word.chars().take(asked.chars().count()).collect();
        distance = osa_distance(asked, &typed);
    }
    (distance <= typos).then_some(Fit::Typos(distance))
}

/// The best fit of `asked` among `there`, with the word it fits.
pub fn best<'a>(asked: &str, there: &'a [String], is_last: bool) -> Option<(Fit, &'a str)> {
    there.iter().filter_map(|word| Some((fit(asked, word, is_last)?, word.as_str()))).min_by_key(|(fit, _)| *fit)
}

/// Words of a text with what its neighbours give joined, to be asked about.
pub fn there(text: &str) -> Vec<String> {
    let mut there = words(text);
    there.extend(joined(&there));
    there
}

/// Whether every word that says something fits the name of somebody, or of something.
pub fn all_fit(asked: &[String], name: &str) -> bool {
    let there = there(name);
    let last = asked.len().saturating_sub(1);
    let mut telling = asked.iter().enumerate().filter(|(at, word)| *at == last || !is_small(word)).peekable();
    telling.peek().is_some() && telling.all(|(at, word)| best(word, &there, at == last).is_some())
}

/// The query in the words of what was found, when that is another than the one typed and explains all of it.
pub fn corrected(asked: &[String], found: &[String]) -> Option<String> {
    let last = asked.len().saturating_sub(1);
    let mut is_other = false;
    let mut words = Vec::with_capacity(asked.len());
    for (at, word) in asked.iter().enumerate() {
        match best(word, found, at == last) {
            Some((Fit::Typos(_), meant)) => {
                is_other = true;
                words.push(meant);
            }
            Some(_) => words.push(word.as_str()),
            None if is_small(word) => words.push(word.as_str()),
            None => return None,
        }
    }
    is_other.then(|| words.join(" "))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(asked: &str, word: &str, is_last: bool, expected: Option<Fit>) {
        assert_eq!(fit(asked, word, is_last), expected, "{asked} for {word}");
    }

    #[test]
    fn words_fit_whole_begun_or_misspelt() {
        check("metropolis", "metropolis", false, Some(Fit::Exact));
        check("metro", "metropolis", true, Some(Fit::Begins));
        check("metro", "metropolis", false, None);
        check("metorpolis", "metropolis", false, Some(Fit::Typos(1)));
        check("mteorpolis", "metropolis", false, Some(Fit::Typos(2)));
        check("metorp", "metropolis", true, Some(Fit::Typos(1)));
        check("jwas", "jaws", false, Some(Fit::Typos(1)));
        check("up", "us", false, None);
    }

    #[test]
    fn a_correction_is_in_the_words_of_what_was_found() {
        let found = there("The General");
        let asked = |text| words(text);
        assert_eq!(corrected(&asked("the genral"), &found).as_deref(), Some("the general"));
        assert_eq!(corrected(&asked("the gener"), &found), None, "not typed to its end is no mistake");
        assert_eq!(corrected(&asked("genral keaton"), &found), None, "that would explain half of it");
    }

    #[test]
    fn everything_that_says_something_must_fit() {
        assert!(all_fit(&words("buster keat"), "Buster Keaton"));
        assert!(all_fit(&words("spongebob"), "Sponge Bob"));
        assert!(!all_fit(&words("buster the general"), "Buster Keaton"));
        assert!(!all_fit(&[], "Buster Keaton"));
    }
}
