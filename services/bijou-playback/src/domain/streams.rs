//! How many of one account's sessions may play at the same time.
//!
//! A session is *open* from its beginning until it is closed, and *live* while its lease runs. The limit holds for open
//! ones, so that there are never more tokens that open anything than there are places; but a silent one gives way as soon
//! as its place is wanted. Who was silent and is still open goes on without asking: the place was never given away.

/// A session that is open.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OpenStream {
    pub id: String,
    /// In milliseconds since 1970; 0 when its place was given up.
    pub lease_until_ms: i64,
}

/// Why a session is over.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Closing {
    /// Somebody of the account asked for its place.
    TakenOver,
    /// It had been silent, and its place was wanted.
    Displaced,
    /// Its profile's ceiling is lower now than the title's age.
    Restricted,
    /// Its profile is no more.
    Erased,
}

/// Whether one more may begin.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Admission {
    /// It may, and these end.
    Admitted(Vec<(String, Closing)>),
    /// All places are held.
    Full,
}

/// Decides about one more session of an account. `places`: how many there are, 0 for any number.
pub fn admit(open: &[OpenStream], take_over: Option<&str>, places: usize, now_ms: i64) -> Admission {
    let (taken, others): (Vec<_>, Vec<_>) = open.iter().partition(|stream| Some(stream.id.as_str()) == take_over);
    let mut closing: Vec<_> = taken.into_iter().map(|stream| (stream.id.clone(), Closing::TakenOver)).collect();
    if places == 0 {
        return Admission::Admitted(closing);
    }
    let (live, mut silent): (Vec<_>, Vec<_>) = others.into_iter().partition(|stream| stream.lease_until_ms > now_ms);
    let Some(left) = places.checked_sub(live.len() + 1) else {
        return Admission::Full;
    };
    // Who was heard last is the likeliest to come back.
    silent.sort_by(|a, b| (b.lease_until_ms, &b.id).cmp(&(a.lease_until_ms, &a.id)));
    closing.extend(silent.into_iter().skip(left).map(|stream| (stream.id.clone(), Closing::Displaced)));
    Admission::Admitted(closing)
}

impl Closing {
    /// The name in the store.
    pub fn name(self) -> &'static str {
        match self {
            Self::TakenOver => "taken-over",
            Self::Displaced => "displaced",
            Self::Restricted => "restricted",
            Self::Erased => "erased",
        }
    }

    /// The closing of this name; `None` for a session that is open. A name of a newer version counts as the gentlest.
    pub fn of(name: &str) -> Option<Self> {
        match name {
            "" => None,
            "taken-over" => Some(Self::TakenOver),
            "restricted" => Some(Self::Restricted),
            "erased" => Some(Self::Erased),
            _ => Some(Self::Displaced),
        }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    const NOW: i64 = 1000;

    fn streams(leases: &[i64]) -> Vec<OpenStream> {
        (0..)
            .zip(leases)
            .map(|(index, &lease_until_ms)| OpenStream { id: format!("s{index}"), lease_until_ms })
            .collect()
    }

    #[track_caller]
    fn check(leases: &[i64], take_over: Option<&str>, places: usize, expected: Option<&[(&str, Closing)]>) {
        let expected = expected.map_or(Admission::Full, |closing| {
            Admission::Admitted(closing.iter().map(|(id, closing)| ((*id).to_owned(), *closing)).collect())
        });
        assert_eq!(admit(&streams(leases), take_over, places, NOW), expected);
    }

    #[test]
    fn places_are_held_while_the_lease_runs() {
        check(&[], None, 1, Some(&[]));
        check(&[NOW + 1], None, 2, Some(&[]));
        check(&[NOW + 1, NOW + 1], None, 2, None);
        check(&[NOW + 1, NOW], None, 2, Some(&[("s1", Closing::Displaced)]));
    }

    #[test]
    fn a_silent_session_keeps_its_place_until_it_is_wanted_and_the_longest_silent_goes_first() {
        check(&[500, 900, 0], None, 4, Some(&[]));
        check(&[500, 900, 0], None, 3, Some(&[("s2", Closing::Displaced)]));
        check(&[500, 900, 0], None, 2, Some(&[("s0", Closing::Displaced), ("s2", Closing::Displaced)]));
    }

    #[test]
    fn taking_over_ends_that_one_alone() {
        check(&[NOW + 1, NOW + 9], Some("s0"), 2, Some(&[("s0", Closing::TakenOver)]));
        check(&[NOW + 1], Some("s0"), 4, Some(&[("s0", Closing::TakenOver)]));
        check(&[NOW + 1, NOW + 1], Some("somebody-else"), 2, None);
        check(&[NOW + 1, NOW + 1, NOW + 1], Some("s0"), 2, None);
        check(&[NOW + 1; 9], None, 0, Some(&[]));
    }

    #[test]
    fn names_of_closings_read_back() {
        for closing in [Closing::TakenOver, Closing::Displaced, Closing::Restricted, Closing::Erased] {
            assert_eq!(Closing::of(closing.name()), Some(closing));
        }
        assert_eq!(Closing::of(""), None);
        assert_eq!(Closing::of("of a newer version"), Some(Closing::Displaced));
    }

    proptest! {
        #[test]
        fn there_are_never_more_open_sessions_than_places(
            leases in prop::collection::vec(0..2 * NOW, 0..12),
            places in 1_usize..6,
            taken in 0_usize..12,
        ) {
            let open = streams(&leases);
            let take_over = format!("s{taken}");
            if let Admission::Admitted(closing) = admit(&open, Some(&take_over), places, NOW) {
                prop_assert!(open.len() - closing.len() < places);
                // Nobody who is there loses a place that was not asked for.
                for (id, why) in &closing {
                    let stream = open.iter().find(|stream| stream.id == *id).expect("one of them");
                    prop_assert!(*why == Closing::TakenOver || stream.lease_until_ms <= NOW);
                }
            } else {
                let live = open.iter().filter(|stream| stream.lease_until_ms > NOW && stream.id != take_over);
                prop_assert!(live.count() >= places);
            }
        }
    }
}
