//! Whether offers hold in one country at one time, and when that changes: the same rule as for viewers, with its reasons.

use bijou_catalog_api::{Offer, Terms, Territory, Viewer};
use jiff::Timestamp;

/// What offers come to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Window {
    pub is_offered: bool,
    /// When they do not hold: the next time from which they do.
    pub opens_at: Option<Timestamp>,
    /// When they do: the first moment at which they do not any more.
    pub ends_at: Option<Timestamp>,
}

/// Looks at the offers from a country, `None` for somewhere nobody knows.
pub fn window(offers: &[Offer], territory: Option<&str>, at: Timestamp) -> Window {
    let somebody = Viewer { maturity: None, territory: Viewer::new(None, territory).territory };
    let holds = |at| somebody.may_see(Terms { certification_age: 0, offers }, at);
    let is_offered = holds(at);
    // Offers of one country may overlap or follow each other: only a moment at which the answer changes is one.
    let mut changes: Vec<Timestamp> = match &somebody.territory {
        Territory::In(country) => offers
            .iter()
            .filter(|offer| offer.territory.eq_ignore_ascii_case(country))
            .flat_map(|offer| [offer.from, offer.until])
            .flatten()
            .filter(|change| *change > at)
            .collect(),
        Territory::Unknown | Territory::Everywhere => Vec::new(),
    };
    changes.sort_unstable();
    let next = changes.into_iter().find(|change| holds(*change) != is_offered);
    let (opens_at, ends_at) = if is_offered { (None, next) } else { (next, None) };
    Window { is_offered, opens_at, ends_at }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(second: i64) -> Timestamp {
        Timestamp::from_second(second).expect("a time")
    }

    fn offer(territory: &str, from: Option<i64>, until: Option<i64>) -> Offer {
        Offer { territory: territory.to_owned(), from: from.map(at), until: until.map(at) }
    }

    #[track_caller]
    fn check(offers: &[Offer], territory: Option<&str>, second: i64, expected: (bool, Option<i64>, Option<i64>)) {
        let told = window(offers, territory, at(second));
        let seconds = |time: Option<Timestamp>| time.map(Timestamp::as_second);
        assert_eq!((told.is_offered, seconds(told.opens_at), seconds(told.ends_at)), expected);
    }

    #[test]
    fn a_window_says_when_it_opens_and_when_it_ends() {
        let offers = [offer("DE", Some(10), Some(20)), offer("FR", None, None)];
        check(&offers, Some("DE"), 5, (false, Some(10), None));
        check(&offers, Some("de"), 10, (true, None, Some(20)));
        check(&offers, Some("DE"), 20, (false, None, None));
        check(&offers, Some("FR"), 5, (true, None, None));
        check(&offers, None, 5, (false, None, None));
        check(&[], None, 5, (true, None, None));
    }

    #[test]
    fn offers_that_follow_each_other_are_one_window() {
        let offers =
            [offer("DE", Some(10), Some(20)), offer("DE", Some(20), Some(30)), offer("DE", Some(15), Some(18))];
        check(&offers, Some("DE"), 12, (true, None, Some(30)));
        check(&offers, Some("DE"), 1, (false, Some(10), None));
    }
}
