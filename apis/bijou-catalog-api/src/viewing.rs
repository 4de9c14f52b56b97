//! Who may see a title: the one rule of ceiling and offers, for every service that shows or plays titles.
//!
//! The catalog asks it of what it answers, recommendations of its cards, playback before it plays; a rule that is
//! written twice is two rules by next year. It is pure: the viewer comes from the passport, the terms from the title
//! (or its event), the time is an argument.
//!
//! Left out: who somebody is (the passport says), and what can be played technically (`playable`).

use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// A title is offered in one country for some time.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[schema(as = CatalogOffer)]
pub struct Offer {
    /// ISO 3166-1 alpha-2, in capitals.
    #[schema(example = "DE")]
    pub territory: String,
    /// The first moment of the offer; absent: from the beginning.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<String>, format = DateTime, nullable = false)]
    pub from: Option<Timestamp>,
    /// The first moment after the offer; absent: without end.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<String>, format = DateTime, nullable = false)]
    pub until: Option<Timestamp>,
}

/// On what terms a title may be seen.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Terms<'a> {
    /// From what age on.
    pub certification_age: u8,
    /// Where and when; everywhere and always when there is none.
    pub offers: &'a [Offer],
}

/// Who looks. The default is somebody of whom nothing is known.
#[derive(Debug, Clone, Default, PartialEq, Eq, Hash)]
pub struct Viewer {
    /// Highest certification age they may see (`maturity` of the passport); absent: any.
    pub maturity: Option<u8>,
    /// Where they are.
    pub territory: Territory,
}

/// Where somebody is.
#[derive(Debug, Clone, Default, PartialEq, Eq, Hash)]
pub enum Territory {
    /// Nobody knows: what is not offered everywhere is not offered to them.
    #[default]
    Unknown,
    /// In this country, ISO 3166-1 alpha-2.
    In(String),
    /// Not somebody who watches: a service that keeps titles for all its viewers.
    Everywhere,
}

impl Viewer {
    /// Somebody, by `maturity` and `territory` of their passport.
    pub fn new(maturity: Option<u8>, territory: Option<&str>) -> Self {
        let territory = territory.map_or(Territory::Unknown, |country| Territory::In(country.to_ascii_uppercase()));
        Self { maturity, territory }
    }

    /// A service on its own account: it sees everything, since it keeps titles for others.
    pub fn service() -> Self {
        Self { maturity: None, territory: Territory::Everywhere }
    }

    /// Whether this viewer may see a title of these terms at that time.
    pub fn may_see(&self, terms: Terms<'_>, at: Timestamp) -> bool {
        self.maturity.is_none_or(|ceiling| terms.certification_age <= ceiling)
            && (terms.offers.is_empty() || terms.offers.iter().any(|offer| self.is_offered(offer, at)))
    }

    fn is_offered(&self, offer: &Offer, at: Timestamp) -> bool {
        match &self.territory {
            Territory::Everywhere => true,
            Territory::Unknown => false,
            Territory::In(country) => country.eq_ignore_ascii_case(&offer.territory) && offer.holds_at(at),
        }
    }
}

impl Offer {
    /// Whether the offer holds at that time: from its first moment until before its end.
    pub fn holds_at(&self, at: Timestamp) -> bool {
        self.from.is_none_or(|from| from <= at) && self.until.is_none_or(|until| at < until)
    }
}

impl Terms<'_> {
    /// The first moment after `at` from which somebody may see the title who may not now, or the reverse.
    pub fn next_change(&self, at: Timestamp) -> Option<Timestamp> {
        self.offers.iter().flat_map(|offer| [offer.from, offer.until]).flatten().filter(|change| *change > at).min()
    }
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
    fn check(viewer: &Viewer, certification_age: u8, offers: &[Offer], second: i64, expected: bool) {
        let may_see = viewer.may_see(Terms { certification_age, offers }, at(second));
        assert_eq!(may_see, expected, "{viewer:?}, from {certification_age}, {offers:?}, at {second}");
    }

    #[test]
    fn the_ceiling_is_the_highest_age_that_may_be_seen() {
        let child = Viewer::new(Some(6), Some("US"));
        check(&child, 0, &[], 0, true);
        check(&child, 6, &[], 0, true);
        check(&child, 7, &[], 0, false);
        check(&Viewer::new(Some(0), Some("US")), 1, &[], 0, false);
        check(&Viewer::new(None, Some("US")), 18, &[], 0, true);
        check(&Viewer::default(), 18, &[], 0, true);
    }

    #[test]
    fn an_offer_holds_in_its_country_from_its_beginning_until_before_its_end() {
        let offers = [offer("DE", Some(10), Some(20))];
        for (second, expected) in [(9, false), (10, true), (19, true), (20, false)] {
            check(&Viewer::new(None, Some("DE")), 0, &offers, second, expected);
            check(&Viewer::new(None, Some("de")), 0, &offers, second, expected);
            check(&Viewer::new(None, Some("US")), 0, &offers, second, false);
            check(&Viewer::new(None, None), 0, &offers, second, false);
            check(&Viewer::service(), 0, &offers, second, true);
        }
    }

    #[test]
    fn one_of_several_offers_is_enough_and_open_ends_are_open() {
        let offers = [offer("DE", None, Some(10)), offer("DE", Some(20), None), offer("FR", None, None)];
        let viewer = Viewer::new(None, Some("DE"));
        for (second, expected) in [(-5, true), (9, true), (10, false), (19, false), (20, true), (99_999, true)] {
            check(&viewer, 0, &offers, second, expected);
        }
        check(&Viewer::new(None, Some("FR")), 0, &offers, 15, true);
    }

    #[test]
    fn an_offer_does_not_lift_the_ceiling() {
        let offers = [offer("DE", None, None)];
        check(&Viewer::new(Some(12), Some("DE")), 16, &offers, 0, false);
        check(&Viewer::new(Some(16), Some("DE")), 16, &offers, 0, true);
    }

    #[test]
    fn the_next_change_is_the_next_beginning_or_end() {
        let offers = [offer("DE", Some(10), Some(20)), offer("FR", Some(15), None)];
        let terms = Terms { certification_age: 0, offers: &offers };
        assert_eq!(terms.next_change(at(9)), Some(at(10)));
        assert_eq!(terms.next_change(at(10)), Some(at(15)));
        assert_eq!(terms.next_change(at(15)), Some(at(20)));
        assert_eq!(terms.next_change(at(20)), None);
    }

    #[test]
    fn an_offer_travels_without_what_it_does_not_say() {
        let wire = serde_json::json!({ "territory": "DE", "from": "1970-01-01T00:00:10Z" });
        let read: Offer = serde_json::from_value(wire.clone()).expect("readable");
        assert_eq!(read, offer("DE", Some(10), None));
        assert_eq!(serde_json::to_value(&read).expect("writable"), wire);
    }
}
