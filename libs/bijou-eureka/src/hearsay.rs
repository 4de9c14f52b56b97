//! What one Bijou registry tells another beside Eureka's words: of each event in a batch how long ago the instance's
//! client was heard of, and since when its override is what it is.
//!
//! Eureka's items have no place for either, and its servers refuse a whole batch for one member they do not know. So both
//! travel in a header of the batch and of its answers, which those servers do not look at: an entry for each item, in the
//! items' order. Deliberately absent: wall clocks in ages. An age is the difference of two readings of the sender's own
//! monotonic clock, so that no two clocks are compared.

use std::fmt::Write;

/// The header's name.
pub const HEARSAY: &str = "bijou-hearsay";

/// What is told of one instance.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Hearsay {
    /// Milliseconds since the instance's client was heard of, wherever that was; of a cancellation, since it was said.
    pub age_ms: u64,
    /// When an operator last set or removed its override, or a cancellation ended it, in milliseconds since 1970; 0 if
    /// never. `None` where that is not known, or not what the event is about.
    pub overridden_ms: Option<u64>,
}

impl Hearsay {
    /// The header's value: `age`, or `age@time`, or nothing, separated by commas. `None` where there is nothing to tell.
    pub fn write(told: impl IntoIterator<Item = Option<Hearsay>>) -> Option<String> {
        let (mut text, mut is_any) = (String::new(), false);
        for (at, told) in told.into_iter().enumerate() {
            if at > 0 {
                text.push(',');
            }
            let Some(Hearsay { age_ms, overridden_ms }) = told else { continue };
            is_any = true;
            // Writing to a string cannot fail.
            let _ = write!(text, "{age_ms}");
            if let Some(overridden_ms) = overridden_ms {
                let _ = write!(text, "@{overridden_ms}");
            }
        }
        is_any.then_some(text)
    }

    /// Reads a header's value that tells of `count` items. What does not tell of so many, or not in numbers, tells nothing:
    /// it is better taken for news than for somebody else's age.
    pub fn read(text: &str, count: usize) -> Option<Vec<Option<Hearsay>>> {
        let told = text.split(',').map(|entry| {
            if entry.is_empty() {
                return Ok(None);
            }
            let (age_ms, overridden_ms) =
                entry.split_once('@').map_or((entry, None), |(age_ms, overridden_ms)| (age_ms, Some(overridden_ms)));
            let overridden_ms = overridden_ms.map(str::parse).transpose()?;
            Ok(Some(Hearsay { age_ms: age_ms.parse()?, overridden_ms }))
        });
        let told = told.collect::<Result<Vec<_>, std::num::ParseIntError>>().ok()?;
        (told.len() == count).then_some(told)
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn a_batch_of_which_nothing_is_known_has_no_header() {
        assert_eq!(Hearsay::write([None, None]), None);
        assert_eq!(Hearsay::write([]), None);
    }

    #[test]
    fn what_does_not_tell_of_every_item_in_numbers_tells_nothing() {
        let age = |age_ms| Some(Hearsay { age_ms, overridden_ms: None });
        assert_eq!(Hearsay::read("7,,9", 3), Some(vec![age(7), None, age(9)]));
        for text in ["7,,9,1", "7,9", "", "7,old,9", "7,@5,9", "7,1@,9", "7,-1,9", "7,1@2@3,9"] {
            assert_eq!(Hearsay::read(text, 3), None, "{text}");
        }
    }

    proptest! {
        #[test]
        fn what_is_written_is_read_back(told in proptest::collection::vec(
            proptest::option::of((any::<u64>(), proptest::option::of(any::<u64>()))), 1..300,
        )) {
            let of = |(age_ms, overridden_ms)| Hearsay { age_ms, overridden_ms };
            let told = told.into_iter().map(|told| told.map(of)).collect::<Vec<_>>();
            match Hearsay::write(told.iter().copied()) {
                Some(text) => prop_assert_eq!(Hearsay::read(&text, told.len()), Some(told)),
                None => prop_assert!(told.iter().all(Option::is_none)),
            }
        }

        #[test]
        fn no_text_is_too_odd(text in ".{0,80}", count in 0..9_usize) {
            if let Some(told) = Hearsay::read(&text, count) {
                prop_assert_eq!(told.len(), count);
            }
        }
    }
}
