//! What a play counts, and how it is forgotten.
//!
//! A title's weight is a sum that halves every three days: "popular now" means now. Adding is all that is ever done to
//! it, so the order of events does not matter, and an event from the past counts as much as if it had come in time.

use std::collections::BTreeMap;

/// Half of a play is forgotten in this time.
pub(crate) const HALF_LIFE_MS: i64 = 3 * DAY_MS;

pub(crate) const DAY_MS: i64 = 24 * 3_600_000;

/// A film counts as watched to its end from this share on: credits are long.
const FINISHED_SHARE: f64 = 0.7;

/// What a play of the demo's invented members counts: one real viewer outweighs twenty of them.
const SYNTHETIC_WEIGHT: f64 = 0.05;

/// A step of somebody watching something.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Play {
    pub(crate) title_id: String,
    /// Who watched; absent where an account has no profiles yet.
    pub(crate) profile_id: Option<String>,
    pub(crate) at_ms: i64,
    pub(crate) step: Step,
    pub(crate) is_synthetic: bool,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Step {
    Started,
    /// Seen to the end, or nearly.
    Finished,
}

/// What happened to one title in a batch of plays.
#[derive(Debug, Clone, Default, PartialEq)]
pub(crate) struct Tally {
    /// Weight as of `as_of_ms`.
    pub(crate) weight: Weight,
    /// Plays begun by people.
    pub(crate) people: i64,
    /// Plays begun, by day since 1970: by people, by invented members.
    pub(crate) by_day: BTreeMap<i64, (i64, i64)>,
}

/// A decaying sum: what it was, and when.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub(crate) struct Weight {
    pub(crate) amount: f64,
    pub(crate) at_ms: i64,
}

impl Weight {
    /// What is left of it at `now_ms`. For a time before its own it is what it must have been to become this.
    pub(crate) fn at(self, now_ms: i64) -> f64 {
        let half_lives = (now_ms - self.at_ms) as f64 / HALF_LIFE_MS as f64;
        self.amount * (-half_lives).exp2()
    }

    /// The sum of two, as of the later one.
    pub(crate) fn plus(self, other: Self) -> Self {
        let at_ms = self.at_ms.max(other.at_ms);
        Self { amount: self.at(at_ms) + other.at(at_ms), at_ms }
    }
}

impl Step {
    /// The step a position means when somebody stopped there; `None` when they gave up early.
    pub(crate) fn of_stop(position_s: f64, duration_s: f64) -> Option<Self> {
        (duration_s > 0.0 && position_s >= duration_s * FINISHED_SHARE).then_some(Self::Finished)
    }
}

/// Sums up a batch by title. A time in the future (a clock that is wrong elsewhere) counts as now.
pub(crate) fn tally(plays: &[Play], now_ms: i64) -> BTreeMap<&str, Tally> {
    let mut tallies = BTreeMap::<&str, Tally>::new();
    for play in plays {
        let at_ms = play.at_ms.min(now_ms);
        let tally = tallies.entry(play.title_id.as_str()).or_default();
        let amount = if play.is_synthetic { SYNTHETIC_WEIGHT } else { 1.0 };
        tally.weight = tally.weight.plus(Weight { amount, at_ms });
        if play.step == Step::Started {
            let day = tally.by_day.entry(at_ms.div_euclid(DAY_MS)).or_default();
            if play.is_synthetic {
                day.1 += 1;
            } else {
                day.0 += 1;
                tally.people += 1;
            }
        }
    }
    tallies
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn play(at_ms: i64, step: Step, is_synthetic: bool) -> Play {
        Play { title_id: "bo-lanterns".to_owned(), profile_id: None, at_ms, step, is_synthetic }
    }

    #[test]
    fn a_play_halves_every_three_days() {
        let weight = Weight { amount: 8.0, at_ms: 0 };
        assert!((weight.at(HALF_LIFE_MS) - 4.0).abs() < 1e-9);
        assert!((weight.at(3 * HALF_LIFE_MS) - 1.0).abs() < 1e-9);
    }

    #[test]
    fn beginning_and_finishing_weigh_alike_and_only_beginnings_are_plays() {
        let plays = [
            play(DAY_MS, Step::Started, false),
            play(DAY_MS, Step::Finished, false),
            play(DAY_MS, Step::Started, true),
        ];
        let tallies = tally(&plays, 2 * DAY_MS);
        let tally = &tallies["bo-lanterns"];
        assert_eq!((tally.people, &tally.by_day), (1, &BTreeMap::from([(1, (1, 1))])));
        assert!((tally.weight.at(DAY_MS) - 2.05).abs() < 1e-9);
    }

    #[test]
    fn giving_up_early_is_no_finish() {
        assert_eq!(Step::of_stop(69.0, 100.0), None);
        assert_eq!(Step::of_stop(70.0, 100.0), Some(Step::Finished));
        assert_eq!(Step::of_stop(0.0, 0.0), None);
        assert_eq!(Step::of_stop(f64::NAN, 100.0), None);
    }

    #[test]
    fn the_future_counts_as_now() {
        let plays = [play(i64::MAX / 2, Step::Started, false)];
        assert_eq!(tally(&plays, DAY_MS)["bo-lanterns"].weight, Weight { amount: 1.0, at_ms: DAY_MS });
    }

    proptest! {
        #[test]
        fn neither_order_nor_batches_matter(
            mut times in prop::collection::vec(0_i64..60 * DAY_MS, 1..50), split in 0_usize..50, seed: u64,
        ) {
            let now_ms = 60 * DAY_MS;
            let whole: Vec<_> = times.iter().map(|at| play(*at, Step::Started, false)).collect();
            let expected = tally(&whole, now_ms)["bo-lanterns"].weight.at(now_ms);
            let len = times.len();
            for at in 0..len {
                times.swap(at, (seed as usize).wrapping_mul(at + 1) % len);
            }
            let (first, second) = times.split_at(split.min(len));
            let mut sum = Weight::default();
            for part in [first, second] {
                let plays: Vec<_> = part.iter().map(|at| play(*at, Step::Started, false)).collect();
                if let Some(tally) = tally(&plays, now_ms).get("bo-lanterns") {
                    sum = sum.plus(tally.weight);
                }
            }
            prop_assert!((sum.at(now_ms) - expected).abs() < 1e-6);
        }
    }
}
