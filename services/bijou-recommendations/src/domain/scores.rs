//! What a profile's signals say about every title, and which of them says most.

use crate::domain::taste::Signal;

/// What a weight between two titles is from.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(crate) enum By {
    /// Those who watched one watched the other.
    #[default]
    Viewing,
    /// They share genres and people; for titles that too few have watched.
    Likeness,
}

/// Weights between titles, named by their places.
pub(crate) trait Weights {
    /// Shows `visit` every title that having watched `title` says something about, with how much.
    fn visit(&self, title: usize, visit: &mut dyn FnMut(usize, f32, By));
}

/// The signals' sum for each title.
#[derive(Debug, Clone, Default, PartialEq)]
pub(crate) struct Scores {
    total: Vec<f32>,
    /// The largest part of each sum.
    best: Vec<Best>,
}

/// A part of a title's score.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub(crate) struct Best {
    pub(crate) amount: f32,
    /// Which of the signals. Two bytes: there is one of these for each title and request.
    pub(crate) signal: u16,
    pub(crate) by: By,
}

/// A part of a title's score, in full.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct Contribution {
    /// Which of the signals.
    pub(crate) signal: usize,
    /// The weight from the signal's title to this one.
    pub(crate) weight: f32,
    /// Weight times the signal's strength.
    pub(crate) amount: f32,
    pub(crate) by: By,
}

impl Scores {
    /// The scores of `count` titles.
    pub(crate) fn of(weights: &impl Weights, signals: &[Signal<usize>], count: usize) -> Self {
        let mut scores = Self { total: vec![0.0; count], best: vec![Best::default(); count] };
        for (number, signal) in (0..=u16::MAX).zip(signals) {
            weights.visit(signal.title, &mut |title, weight, by| {
                let amount = weight * signal.strength;
                scores.total[title] += amount;
                if amount > scores.best[title].amount {
                    scores.best[title] = Best { amount, signal: number, by };
                }
            });
        }
        scores
    }

    /// Nobody said anything about any title: 0 for all.
    pub(crate) fn score(&self, title: usize) -> f32 {
        self.total.get(title).copied().unwrap_or_default()
    }

    /// What says most for a title; `None` when nothing does.
    pub(crate) fn best(&self, title: usize) -> Option<Best> {
        self.best.get(title).copied().filter(|best| best.amount > 0.0)
    }

    /// Titles with a positive score, the highest first, at most `count`.
    pub(crate) fn highest(&self, count: usize, is_wanted: impl Fn(usize) -> bool) -> Vec<usize> {
        let falling = |a: &usize, b: &usize| self.total[*b].total_cmp(&self.total[*a]).then_with(|| a.cmp(b));
        let positive = self.total.iter().enumerate().filter(|(title, score)| **score > 0.0 && is_wanted(*title));
        let mut titles: Vec<usize> = positive.map(|(title, _)| title).collect();
        if titles.len() > count && count > 0 {
            titles.select_nth_unstable_by(count - 1, falling);
        }
        titles.truncate(count);
        titles.sort_unstable_by(falling);
        titles
    }
}

/// Every part of one title's score, the largest first.
pub(crate) fn contributions(weights: &impl Weights, signals: &[Signal<usize>], title: usize) -> Vec<Contribution> {
    let mut parts = Vec::new();
    for (number, signal) in signals.iter().enumerate() {
        weights.visit(signal.title, &mut |about, weight, by| {
            if about == title {
                parts.push(Contribution { signal: number, weight, amount: weight * signal.strength, by });
            }
        });
    }
    parts.sort_by(|a, b| b.amount.total_cmp(&a.amount));
    parts
}

#[cfg(test)]
pub(crate) mod tests {
    use std::collections::HashMap;

    use proptest::prelude::*;

    use super::*;
    use crate::domain::taste::SignalKind;

    /// Weights written down by hand.
    #[derive(Debug, Default)]
    pub(crate) struct Written(pub(crate) HashMap<usize, Vec<(usize, f32)>>);

    impl Weights for Written {
        fn visit(&self, title: usize, visit: &mut dyn FnMut(usize, f32, By)) {
            for (other, weight) in self.0.get(&title).into_iter().flatten() {
                visit(*other, *weight, By::Viewing);
            }
        }
    }

    pub(crate) fn watched(title: usize, strength: f32) -> Signal<usize> {
        Signal { title, kind: SignalKind::Watched, strength, at_ms: Some(1_000) }
    }

    proptest! {
        #[test]
        fn contributions_add_up_to_the_score_and_the_best_is_the_largest(
            weights in prop::collection::hash_map(0_usize..12, prop::collection::btree_map(0_usize..12, -1.0_f32..1.0, 0..12), 0..12),
            history in prop::collection::btree_map(0_usize..12, 0.1_f32..2.0, 0..12),
        ) {
            let written = Written(weights.into_iter().map(|(title, row)| (title, row.into_iter().collect())).collect());
            let signals: Vec<_> = history.into_iter().map(|(title, strength)| watched(title, strength)).collect();
            let scores = Scores::of(&written, &signals, 12);
            for title in 0..12 {
                let parts = contributions(&written, &signals, title);
                let sum: f32 = parts.iter().map(|part| part.amount).sum();
                prop_assert!((sum - scores.score(title)).abs() < 1e-5);
                let best = parts.first().filter(|part| part.amount > 0.0);
                prop_assert_eq!(best.map(|part| part.amount), scores.best(title).map(|best| best.amount));
            }
            let highest = scores.highest(5, |title| title != 3);
            prop_assert!(highest.is_sorted_by(|a, b| scores.score(*a) >= scores.score(*b)));
            prop_assert!(!highest.contains(&3) && highest.len() <= 5);
        }
    }
}
