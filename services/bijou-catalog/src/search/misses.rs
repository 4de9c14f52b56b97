//! Queries that found nothing: what people look for and the catalog has not, for whoever buys films.
//!
//! In memory and bounded; texts only, folded, and nothing of who asked. A restart forgets them: the counter in the
//! metrics goes on, and what matters is asked for again.

use std::collections::HashMap;

/// Texts kept; the one asked for longest ago goes first.
const MISSES_MAX: usize = 200;
/// Longer texts were pasted, and may be anything.
const LETTERS_MAX: usize = 60;

/// Texts that found nothing.
#[derive(Debug, Default)]
pub struct Misses(HashMap<String, Miss>);

/// How often and when last.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Miss {
    pub count: u64,
    pub last_ms: i64,
}

impl Misses {
    pub fn note(&mut self, text: &str, now_ms: i64) {
        if text.chars().count() > LETTERS_MAX {
            return;
        }
        if let Some(miss) = self.0.get_mut(text) {
            miss.count += 1;
            miss.last_ms = now_ms;
            return;
        }
        if self.0.len() >= MISSES_MAX {
            let oldest = self.0.iter().min_by_key(|(_, miss)| miss.last_ms).map(|(text, _)| text.clone());
            oldest.and_then(|text| self.0.remove(&text));
        }
        self.0.insert(text.to_owned(), Miss { count: 1, last_ms: now_ms });
    }

    /// The most frequent first, then the most recent.
    pub fn list(&self) -> Vec<(String, Miss)> {
        let mut list: Vec<_> = self.0.iter().map(|(text, miss)| (text.clone(), *miss)).collect();
        list.sort_unstable_by(|(one, a), (two, b)| {
            (b.count, b.last_ms).cmp(&(a.count, a.last_ms)).then_with(|| one.cmp(two))
        });
        list
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_missed_most_comes_first_and_the_oldest_goes() {
        let mut misses = Misses::default();
        misses.note("solaris", 1);
        for at in 0..MISSES_MAX as i64 - 1 {
            misses.note(&format!("film {at}"), 10 + at);
        }
        misses.note("solaris", 5);
        assert_eq!(misses.list()[0], ("solaris".to_owned(), Miss { count: 2, last_ms: 5 }));
        misses.note("one more", 1_000);
        assert_eq!(misses.list().len(), MISSES_MAX);
        assert!(misses.list().iter().all(|(text, _)| text != "solaris"), "asked for longest ago");
    }

    #[test]
    fn long_texts_are_not_kept() {
        let mut misses = Misses::default();
        misses.note(&"x".repeat(LETTERS_MAX + 1), 1);
        assert!(misses.list().is_empty());
    }
}
