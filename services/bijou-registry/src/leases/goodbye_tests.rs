//! Who was cancelled: what a goodbye that is told late ends, who is back, and what of an override is left.

use bijou_eureka::{DigestEntry, Hearsay, Instance, json::ReplicationAction};

use super::{
    tests::{START, at, check_heard, check_status, orders, registered, told},
    *,
};

/// A goodbye by a peer that says no more of it.
fn said(age_s: u64) -> Hearsay {
    Hearsay { age_ms: age_s * 1000, overridden_ms: None }
}

#[test]
fn a_heartbeat_from_before_the_end_of_a_cancelled_lease_is_no_sign_of_life_however_late_it_is_told() {
    let mut leases = registered(&["a"]);
    leases.cancel("ORDERS", "a", said(0), at(1));
    let beat = |age_s: u64| Beat { age_ms: age_s * 1000, ..Beat::new(Origin::Peer, Some(START.unix_ms)) };
    leases.renew("ORDERS", "a", beat(9), at(20));
    assert!(!leases.register(told(orders("a"), 9, 0), Origin::Peer, at(20)));
    assert!(leases.register(told(orders("a"), 8, 0), Origin::Peer, at(20)));
    // Java's servers do not tell how long ago that was, and register whom they renewed.
    leases.cancel("ORDERS", "a", said(0), at(20));
    assert!(!leases.register(orders("a"), Origin::Peer, at(30)));
    leases.renew("ORDERS", "a", beat(0), at(30));
    assert!(!leases.register(orders("a"), Origin::Peer, at(30)));
    leases.renew("ORDERS", "a", beat(0), at(31));
    assert!(leases.register(orders("a"), Origin::Peer, at(31)));
}

/// Somebody else under the same id, or the same one started again, whose clock was set back.
#[test]
fn a_goodbye_told_late_ends_no_lease_of_whom_others_heard_of_since() {
    let goodbye = |leases: &mut Leases, age_s: u64, now: Moment| leases.cancel("ORDERS", "a", said(age_s), now);
    let mut leases = registered(&[]);
    leases.register(told(orders("a"), 1, 0), Origin::Peer, at(20));
    assert!(!goodbye(&mut leases, 12, at(20)), "it was heard of more than a lease after that");
    check_heard(&leases, Heard::Peer);
    // Within a lease it may be an echo of the one that ended.
    assert!(goodbye(&mut leases, 11, at(20)));
    assert_eq!(leases.count(), 0);
    // The goodbye counts from when it was said: a lease after that who is heard of is there.
    assert!(!leases.register(told(orders("a"), 1, 0), Origin::Peer, at(20)));
    assert!(leases.register(told(orders("a"), 0, 0), Origin::Peer, at(20)));
}

#[test]
fn of_a_lease_from_before_a_restart_nobody_was_heard_since() {
    let mut before = registered(&["a"]);
    let key: Key = ("ORDERS".into(), "a".into());
    let instance = before.kept(&key).expect("it is there").0.instance.clone();
    let mut leases = registered(&[]);
    leases.restore([Kept { number: 1, instance, overridden_ms: 0, override_reason: None }], at(20));
    assert!(leases.cancel("ORDERS", "a", said(19), at(21)));
    before.cancel("ORDERS", "a", said(0), at(2));
    // Nor has a peer that tells of it so.
    let entry = |is_first_hand| DigestEntry {
        is_first_hand,
        age_ms: Some(0),
        ..registered(&["a"]).digest_entries(|_| true, at(0))[0].clone()
    };
    let apps: [Arc<str>; 1] = ["ORDERS".into()];
    assert_eq!(before.differences(&apps, &[entry(false)], at(21)), [(key, ReplicationAction::Cancel)]);
    assert_eq!(before.differences(&apps, &[entry(true)], at(21)), []);
}

#[test]
fn peers_are_told_how_long_ago_a_goodbye_was_also_where_the_instance_is_there_again() {
    let mut leases = registered(&["a"]);
    let key: Key = ("ORDERS".into(), "a".into());
    // By a clock that is ahead.
    let ended_ms = at(3600).unix_ms;
    let told = |age_s: u64| Hearsay { overridden_ms: Some(ended_ms), ..said(age_s) };
    assert_eq!(leases.goodbye(&key, at(1)), None);
    leases.cancel("ORDERS", "a", told(2), at(3));
    assert_eq!(leases.goodbye(&key, at(4)), Some(told(3)));
    leases.register(orders("a"), Origin::Client, at(5));
    assert_eq!(leases.goodbye(&key, at(6)), Some(told(5)));
    assert_eq!(leases.digest_entries(|_| true, at(6))[0].overridden_ms, ended_ms);
    // Of the same one again, whose end it is still.
    leases.cancel("ORDERS", "a", told(5), at(6));
    assert_eq!(leases.goodbye(&key, at(7)), Some(told(6)));
}

#[test]
fn a_goodbye_told_late_ends_the_override_of_whom_it_leaves_there() {
    let [mut leases, mut late] = [registered(&["a"]), registered(&["a"])];
    let key: Key = ("ORDERS".into(), "a".into());
    let word = Word { at_ms: at(1).unix_ms, status: Some(Status::OutOfService) };
    for leases in [&mut leases, &mut late] {
        leases.take_word("ORDERS", "a", word, (Status::OutOfService, None), at(1), at(1));
    }
    leases.cancel("ORDERS", "a", said(0), at(2));
    late.renew("ORDERS", "a", Beat::new(Origin::Client, Some(START.unix_ms)), at(20));
    let told = leases.goodbye(&key, at(20)).expect("it was said");
    assert!(!late.cancel("ORDERS", "a", told, at(20)));
    check_status(&late, "a", Status::Up, Status::Unknown);
    // What is said since counts.
    late.override_status("ORDERS", "a", Status::Down, at(21));
    assert!(!late.cancel("ORDERS", "a", told, at(21)));
    check_status(&late, "a", Status::Down, Status::Down);
}

#[test]
fn an_override_ends_with_its_lease_also_for_a_node_that_has_not_heard_of_the_end() {
    // Back soon, or so late that its heartbeat alone says that it is there.
    for back_s in [3, 13] {
        let mut leases = registered(&["a"]);
        leases.override_status("ORDERS", "a", Status::OutOfService, at(1));
        leases.cancel("ORDERS", "a", said(0), at(2));
        let back = at(back_s);
        let renewal = leases.renew("ORDERS", "a", Beat::new(Origin::Client, Some(START.unix_ms)), back);
        assert!(matches!(renewal, Renewal::RegisterAgain), "{renewal:?}");
        leases.register(Instance { last_dirty_ms: back.unix_ms, ..orders("a") }, Origin::Client, back);
        let word = Word { at_ms: at(1).unix_ms, status: Some(Status::OutOfService) };
        leases.take_word("ORDERS", "a", word, (Status::OutOfService, Some(START.unix_ms)), back, back);
        check_status(&leases, "a", Status::Up, Status::Unknown);
    }
}

#[test]
fn the_end_of_an_override_with_its_lease_is_later_than_the_override_also_where_the_clock_is_behind() {
    let mut leases = registered(&["a"]);
    let ahead = Word { at_ms: at(3600).unix_ms, status: Some(Status::OutOfService) };
    leases.take_word("ORDERS", "a", ahead, (Status::OutOfService, None), at(1), at(1));
    leases.cancel("ORDERS", "a", said(0), at(2));
    leases.register(Instance { last_dirty_ms: at(3).unix_ms, ..orders("a") }, Origin::Client, at(3));
    // A node that has not heard of the end.
    leases.take_word("ORDERS", "a", ahead, (Status::OutOfService, Some(START.unix_ms)), at(4), at(4));
    check_status(&leases, "a", Status::Up, Status::Unknown);
}
