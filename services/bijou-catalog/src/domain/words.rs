//! Words as search compares them: folded, without punctuation; names whole, and words joined in pairs.
//!
//! One way for what is indexed and for what is asked, so that both meet. Stemming and stop lists by language are left
//! out: names are not prose, and a title must be found by exactly what it is called.

use super::text::folded;

/// Longer words and names are cut: nobody types them, and automata grow with them.
pub const WORD_LETTERS_MAX: usize = 40;
pub const NAME_LETTERS_MAX: usize = 120;

/// Articles and such that may be missing on either side.
const SMALL: &[&str] = &[
    "a", "an", "and", "das", "de", "der", "die", "el", "in", "la", "las", "le", "les", "los", "of", "on", "the", "to",
    "und",
];

/// The words of a text in order: lower case, without accents; all that is no letter and no digit parts them, but for most apostrophes.
pub fn words(text: &str) -> Vec<String> {
    let mut words = Vec::new();
    let mut word = String::new();
    for letter in folded(text).chars() {
        match letter {
            letter if letter.is_alphanumeric() => word.push(letter),
            // "D'Amélie" is about Amélie, "Schindler's" is one word.
            '\'' | '\u{2019}' | '\u{2bc}' if word.chars().count() <= 2 => take(&mut word, &mut words),
            // Other apostrophes, and marks on the letter before them.
            '\'' | '\u{2019}' | '\u{2bc}' | '\u{300}'..='\u{36f}' => {}
            _ => take(&mut word, &mut words),
        }
    }
    take(&mut word, &mut words);
    words
}

fn take(word: &mut String, words: &mut Vec<String>) {
    if !word.is_empty() {
        words.push(cut(word, WORD_LETTERS_MAX).to_owned());
        word.clear();
    }
}

/// A name as a whole: its words with single spaces.
pub fn whole(words: &[String]) -> String {
    let joined = words.join(" ");
    cut(&joined, NAME_LETTERS_MAX).to_owned()
}

/// What neighbours give when they are written as one: "sponge bob" as "spongebob", and all of a short name.
pub fn joined(words: &[String]) -> Vec<String> {
    let mut joined: Vec<String> = words.windows(2).map(<[String]>::concat).collect();
    if words.len() > 2 {
        joined.push(words.concat());
    }
    joined.retain(|word| word.chars().count() <= WORD_LETTERS_MAX);
    joined
}

/// Whether a word says little about which title is meant.
pub fn is_small(word: &str) -> bool {
    SMALL.contains(&word)
}

/// How many typos are forgiven in a word: none in short ones, where everything is one letter from something.
pub fn typos_max(word: &str) -> u8 {
    match word.chars().count() {
        0..=3 => 0,
        4..=7 => 1,
        _ => 2,
    }
}

fn cut(text: &str, letters: usize) -> &str {
    text.char_indices().nth(letters).map_or(text, |(end, _)| &text[..end])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(text: &str, expected: &[&str]) {
        assert_eq!(words(text), expected, "{text}");
    }

    #[test]
    fn words_are_folded_and_parted() {
        check("Amélie – Le Fabuleux…", &["amelie", "le", "fabuleux"]);
        check("Schindler's List", &["schindlers", "list"]);
        check("Le Destin d'Amélie", &["le", "destin", "d", "amelie"]);
        check("D.O.A. (1949)", &["d", "o", "a", "1949"]);
        check("STALKER / Сталкер", &["stalker", "сталкер"]);
        check("A\u{301}gua", &["agua"]);
        check("  !? ", &[]);
    }

    #[test]
    fn neighbours_are_joined() {
        assert_eq!(joined(&words("Sponge Bob")), ["spongebob"]);
        assert_eq!(joined(&words("Spider Man Two")), ["spiderman", "mantwo", "spidermantwo"]);
        assert_eq!(joined(&words("Metropolis")), Vec::<String>::new());
    }

    #[test]
    fn long_texts_are_cut_between_letters() {
        assert_eq!(words(&"ä".repeat(100))[0].chars().count(), WORD_LETTERS_MAX);
        assert_eq!(whole(&words(&"жар ".repeat(100))).chars().count(), NAME_LETTERS_MAX);
    }

    #[test]
    fn short_words_are_taken_as_they_are() {
        assert_eq!(["up", "jaws", "metropolis"].map(typos_max), [0, 1, 2]);
        assert!(is_small("the") && !is_small("them"));
    }
}
