//! Which status an instance has: what it says, what an operator says, what it was before. Eureka's order, first match
//! wins.
//!
//! One deliberate difference. In Eureka an instance that once registered as OUT_OF_SERVICE can never register itself UP
//! again (and the other way round), because its previous status wins over its own word. Here the client's own newer
//! word (a greater `lastDirtyTimestamp`) wins; only a repetition of the old one does not.

use bijou_eureka::Status;

use super::Origin;

/// The entry that a registration meets.
#[derive(Clone, Copy, Debug)]
pub(super) struct Previous {
    pub(super) status: Status,
    /// The registration's version number is greater than the entry's.
    pub(super) is_newer_now: bool,
}

pub(super) fn status_of_registration(
    own: Status,
    overridden: Option<Status>,
    previous: Option<Previous>,
    origin: Origin,
) -> Status {
    // An instance that says it is not ready is believed: no override may send traffic to it.
    if !takes_part(own) {
        return own;
    }
    if let Some(overridden) = overridden {
        return overridden;
    }
    match previous {
        Some(previous) if origin == Origin::Client && takes_part(previous.status) && !previous.is_newer_now => {
            previous.status
        }
        _ => own,
    }
}

pub(super) fn status_of_renewal(own: Status, overridden: Option<Status>) -> Status {
    if takes_part(own) { overridden.unwrap_or(own) } else { own }
}

fn takes_part(status: Status) -> bool {
    matches!(status, Status::Up | Status::OutOfService)
}

#[cfg(test)]
mod tests {
    use Status::{Down, OutOfService, Starting, Unknown, Up};

    use super::*;

    #[track_caller]
    fn check(own: Status, overridden: Option<Status>, previous: Option<(Status, bool)>, expected: Status) {
        let previous = previous.map(|(status, is_newer_now)| Previous { status, is_newer_now });
        assert_eq!(status_of_registration(own, overridden, previous, Origin::Client), expected);
    }

    #[test]
    fn an_override_wins_over_up_but_never_hides_that_an_instance_is_not_ready() {
        check(Up, Some(OutOfService), None, OutOfService);
        check(OutOfService, Some(Up), None, Up);
        for own in [Down, Starting, Unknown] {
            check(own, Some(Up), Some((Up, false)), own);
        }
    }

    #[test]
    fn a_repeated_registration_keeps_the_status_it_meets() {
        check(Up, None, Some((OutOfService, false)), OutOfService);
        check(OutOfService, None, Some((Up, false)), Up);
        check(Up, None, Some((Down, false)), Up);
    }

    #[test]
    fn a_newer_word_of_the_client_is_believed() {
        check(Up, None, Some((OutOfService, true)), Up);
        check(OutOfService, None, Some((Up, true)), OutOfService);
    }

    #[test]
    fn what_a_peer_tells_is_taken_as_it_is() {
        let previous = Some(Previous { status: Up, is_newer_now: false });
        assert_eq!(status_of_registration(OutOfService, None, previous, Origin::Peer), OutOfService);
    }

    #[test]
    fn a_renewal_follows_the_override() {
        assert_eq!(status_of_renewal(Up, Some(OutOfService)), OutOfService);
        assert_eq!(status_of_renewal(Down, Some(Up)), Down);
        assert_eq!(status_of_renewal(Up, None), Up);
    }
}
