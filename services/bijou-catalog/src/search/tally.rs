//! Adding up what titles are worth to a query, in one part of the index.
//!
//! A column a title, written from lists of titles: nothing is sorted and nothing merged. Required words are counted by the
//! fewest titles first; a title that has missed too many of them is not looked at any more.

/// What one word adds: lists of titles, each worth something; the most a title is in counts.
pub struct Clause<'a> {
    pub titles: Vec<(&'a [u32], f32)>,
    /// Whether a title must have it, or is only better for it.
    pub is_required: bool,
}

/// Titles and what they are worth.
pub struct Tally {
    found: Vec<u32>,
    /// By title: the way it fits best, and all ways together.
    most: Vec<f32>,
    sum: Vec<f32>,
    /// While a way is added up, by title: of the word at hand, of all words so far, and how many of them.
    best: Vec<f32>,
    score: Vec<f32>,
    count: Vec<u8>,
}

/// What ways besides the best are worth.
const BESIDES: f32 = 0.1;

impl Tally {
    /// Of a part with so many titles.
    pub fn new(titles: usize) -> Self {
        let zeros = || vec![0.0; titles];
        Self { found: Vec::new(), most: zeros(), sum: zeros(), best: zeros(), score: zeros(), count: vec![0; titles] }
    }

    /// Adds one way of fitting: all required words but `missing`, and whatever else there is of the others.
    pub fn add(&mut self, clauses: Vec<Clause<'_>>, missing: usize) {
        let (mut required, other): (Vec<_>, Vec<_>) = clauses.into_iter().partition(|clause| clause.is_required);
        required.sort_by_cached_key(|clause| clause.titles.iter().map(|(titles, _)| titles.len()).sum::<usize>());
        let mut fitting = Vec::new();
        for (before, clause) in required.iter().enumerate() {
            if before > missing && fitting.is_empty() {
                return;
            }
            for title in self.best_of(clause, before.saturating_sub(missing)) {
                let at = title as usize;
                if self.count[at] == 0 {
                    fitting.push(title);
                }
                self.score[at] += std::mem::take(&mut self.best[at]);
                self.count[at] += 1;
            }
        }
        let least = required.len() - missing;
        for clause in &other {
            for title in self.best_of(clause, least) {
                self.score[title as usize] += std::mem::take(&mut self.best[title as usize]);
            }
        }
        for title in fitting {
            let at = title as usize;
            let (score, count) = (std::mem::take(&mut self.score[at]), std::mem::take(&mut self.count[at]));
            if usize::from(count) < least {
                continue;
            }
            if self.most[at] == 0.0 {
                self.found.push(title);
            }
            self.most[at] = self.most[at].max(score);
            self.sum[at] += score;
        }
    }

    /// Titles that fit, each once, with what they are worth.
    pub fn found(&self) -> impl Iterator<Item = (u32, f32)> {
        self.found.iter().map(|title| {
            let most = self.most[*title as usize];
            (*title, most + BESIDES * (self.sum[*title as usize] - most))
        })
    }

    /// Forgets everything.
    pub fn clear(&mut self) {
        for title in self.found.drain(..) {
            self.most[title as usize] = 0.0;
            self.sum[title as usize] = 0.0;
        }
    }

    /// Notes in `best` what a clause is worth to each title that has `count` words so far; gives those titles.
    fn best_of(&mut self, clause: &Clause<'_>, count: usize) -> Vec<u32> {
        let mut touched = Vec::new();
        for (titles, worth) in &clause.titles {
            for title in *titles {
                let at = *title as usize;
                if usize::from(self.count[at]) < count {
                    continue;
                }
                if self.best[at] == 0.0 {
                    touched.push(*title);
                }
                self.best[at] = self.best[at].max(*worth);
            }
        }
        touched
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn clause<'a>(titles: &[(&'a [u32], f32)], is_required: bool) -> Clause<'a> {
        Clause { titles: titles.to_vec(), is_required }
    }

    #[track_caller]
    fn check(tally: &Tally, expected: &[(u32, f32)]) {
        let mut found: Vec<(u32, f32)> = tally.found().collect();
        found.sort_by_key(|(title, _)| *title);
        assert_eq!(found, expected);
    }

    #[test]
    fn titles_have_every_required_word_and_are_better_for_others() {
        let mut tally = Tally::new(10);
        let star = clause(&[(&[1, 2, 3, 9], 4.0), (&[3], 8.0)], true);
        let wars = clause(&[(&[2, 3, 5], 2.0)], true);
        let the = clause(&[(&[3, 7, 9], 1.0)], false);
        tally.add(vec![star, wars, the], 0);
        check(&tally, &[(2, 6.0), (3, 11.0)]);
        tally.clear();
        check(&tally, &[]);
        tally.add(vec![clause(&[(&[7], 1.0)], true), clause(&[], true)], 0);
        check(&tally, &[]);
    }

    #[test]
    fn one_word_may_be_missing() {
        let mut tally = Tally::new(10);
        let clauses = || {
            vec![
                clause(&[(&[1, 2, 3], 1.0)], true),
                clause(&[(&[2, 3, 4], 1.0)], true),
                clause(&[(&[3, 4, 5, 6], 1.0)], true),
            ]
        };
        tally.add(clauses(), 1);
        check(&tally, &[(2, 2.0), (3, 3.0), (4, 2.0)]);
        tally.clear();
        tally.add(clauses(), 0);
        check(&tally, &[(3, 3.0)]);
    }

    #[test]
    fn the_best_way_counts_and_others_a_little() {
        let mut tally = Tally::new(3);
        tally.add(vec![clause(&[(&[0, 1, 1], 10.0)], true)], 0);
        tally.add(vec![clause(&[(&[1, 2], 20.0)], true)], 0);
        check(&tally, &[(0, 10.0), (1, 21.0), (2, 20.0)]);
    }
}
