//! The life of leases, one rule at a time.

use bijou_eureka::{Hearsay, Instance, json::ReplicationAction};

use super::*;

pub(super) const START: Moment = Moment { mono_ms: 10_000, unix_ms: 1_790_000_000_000 };

const RULE: Rule = Rule { is_enabled: false, instances_min: 10, gone_share_max: 0.15, keep_max_ms: 300_000 };

pub(super) fn at(seconds: u64) -> Moment {
    Moment { mono_ms: START.mono_ms + seconds * 1000, unix_ms: START.unix_ms + seconds * 1000 }
}

pub(super) fn orders(id: &str) -> Instance {
    let mut instance = Instance::new("orders", id, "n7", "10.4.0.7", 8080).with_lease(3, 10);
    instance.last_dirty_ms = START.unix_ms;
    instance
}

pub(super) fn registered(ids: &[&str]) -> Leases {
    let mut leases = Leases::new(Preservation::new(RULE));
    for id in ids {
        leases.register(orders(id), Origin::Client, START);
    }
    leases.take_changes();
    leases
}

#[track_caller]
pub(super) fn check_status(leases: &Leases, id: &str, status: Status, overridden: Status) {
    let instance = leases.instance("ORDERS", id).expect("registered");
    assert_eq!((instance.status, instance.overridden_status), (status, overridden));
}

/// Runs the eviction timer every second up to `until` and says when each instance went.
fn sweep(leases: &mut Leases, from: u64, until: u64) -> Vec<(u64, usize)> {
    (from..=until).map(|second| (second, leases.evict(at(second)).evicted)).filter(|(_, count)| *count > 0).collect()
}

#[test]
fn a_lease_ends_exactly_when_it_says() {
    let mut leases = registered(&["a"]);
    leases.evict(at(0));
    assert_eq!(sweep(&mut leases, 1, 9), []);
    let last_millisecond = Moment { mono_ms: at(10).mono_ms - 1, ..at(10) };
    assert_eq!(leases.evict(last_millisecond).evicted, 0);
    assert_eq!(leases.next_eviction_ms(), Some(at(10).mono_ms));
    assert_eq!(leases.evict(at(10)).evicted, 1);
    assert!(leases.instance("ORDERS", "a").is_none());
    assert_eq!((leases.hash_code().as_str(), leases.count()), ("", 0));
}

#[test]
fn a_renewal_counts_from_its_own_moment() {
    let mut leases = registered(&["a"]);
    leases.evict(at(0));
    assert!(matches!(leases.renew("ORDERS", "a", Beat::new(Origin::Client, None), at(8)), Renewal::Renewed));
    assert_eq!(sweep(&mut leases, 1, 30), [(18, 1)]);
}

#[test]
fn a_renewal_is_not_a_change_but_shows_in_the_instance() {
    let mut leases = registered(&["a"]);
    leases.renew("ORDERS", "a", Beat::new(Origin::Client, Some(START.unix_ms)), at(3));
    assert!(leases.take_changes().is_empty());
    let instance = leases.instance("ORDERS", "a").expect("registered");
    assert_eq!(instance.lease.last_renewal_ms, at(3).unix_ms);
    assert_eq!(instance.lease.registration_ms, START.unix_ms);
}

#[test]
fn dirty_timestamps_decide_a_renewals_answer() {
    let mut leases = registered(&["a"]);
    let mut renew = |origin, dirty_ms| leases.renew("ORDERS", "a", Beat::new(origin, Some(dirty_ms)), at(1));
    assert!(matches!(renew(Origin::Client, START.unix_ms), Renewal::Renewed));
    assert!(matches!(renew(Origin::Client, START.unix_ms - 1), Renewal::Renewed));
    assert!(matches!(renew(Origin::Client, START.unix_ms + 1), Renewal::RegisterAgain));
    assert!(matches!(renew(Origin::Peer, START.unix_ms - 1), Renewal::OursIsNewer(_)));
    assert!(matches!(renew(Origin::Peer, START.unix_ms + 1), Renewal::RegisterAgain));
    assert!(matches!(leases.renew("ORDERS", "b", Beat::new(Origin::Client, None), at(1)), Renewal::RegisterAgain));
}

#[test]
fn a_lease_is_renewed_even_when_the_client_is_told_to_register_again() {
    let mut leases = registered(&["a"]);
    leases.evict(at(0));
    leases.renew("ORDERS", "a", Beat::new(Origin::Client, Some(u64::MAX)), at(8));
    assert_eq!(sweep(&mut leases, 1, 30), [(18, 1)]);
}

#[test]
fn registering_again_without_news_is_no_change_and_with_older_news_keeps_ours() {
    let mut leases = registered(&["a"]);
    leases.register(orders("a"), Origin::Client, at(1));
    let mut older = orders("a").with_metadata("colour", "red");
    older.last_dirty_ms -= 1;
    leases.register(older, Origin::Client, at(2));
    assert!(leases.take_changes().is_empty());

    let mut newer = orders("a").with_metadata("colour", "blue");
    newer.last_dirty_ms += 1;
    leases.register(newer, Origin::Client, at(3));
    let changes = leases.take_changes();
    assert_eq!(changes.len(), 1);
    assert_eq!(changes[0].record.look().metadata.get("colour"), Some("blue"));
    assert_eq!(changes[0].record.instance.lease.service_up_ms, START.unix_ms);
}

#[test]
fn an_override_survives_heartbeats_and_registrations_until_it_is_removed() {
    let mut leases = registered(&["a"]);
    assert!(leases.override_status("ORDERS", "a", Status::OutOfService, at(1)));
    check_status(&leases, "a", Status::OutOfService, Status::OutOfService);
    leases.renew("ORDERS", "a", Beat::new(Origin::Client, Some(START.unix_ms)), at(2));
    let mut again = orders("a");
    again.last_dirty_ms += 1;
    leases.register(again, Origin::Client, at(3));
    check_status(&leases, "a", Status::OutOfService, Status::OutOfService);

    assert!(leases.remove_override("ORDERS", "a", Some(Status::Up), at(4)));
    check_status(&leases, "a", Status::Up, Status::Unknown);
}

#[test]
fn an_override_removed_into_the_unknown_makes_the_client_register_again() {
    let mut leases = registered(&["a"]);
    leases.override_status("ORDERS", "a", Status::OutOfService, at(1));
    leases.remove_override("ORDERS", "a", Some(Status::Unknown), at(2));
    check_status(&leases, "a", Status::Unknown, Status::Unknown);
    assert!(matches!(leases.renew("ORDERS", "a", Beat::new(Origin::Client, None), at(3)), Renewal::RegisterAgain));
    leases.register(orders("a"), Origin::Client, at(4));
    check_status(&leases, "a", Status::Up, Status::Unknown);
}

#[test]
fn an_override_removed_without_a_word_gives_back_what_the_instance_last_said() {
    let mut leases = registered(&["a", "b", "c"]);
    for id in ["a", "b", "c"] {
        leases.override_status("ORDERS", id, Status::OutOfService, at(1));
    }
    // One says that it is not well while it is drained, and another that it is and then is not.
    let mut said = |id: &str, status: Status, version: u64| {
        let mut instance = orders(id).with_status(status);
        instance.last_dirty_ms += version;
        leases.register(instance, Origin::Client, at(2));
    };
    said("b", Status::Down, 1);
    said("c", Status::Down, 1);
    said("c", Status::Up, 2);
    for (id, own) in [("a", Status::Up), ("b", Status::Down), ("c", Status::Up)] {
        leases.remove_override("ORDERS", id, None, at(3));
        check_status(&leases, id, own, Status::Unknown);
    }
}

#[test]
fn what_an_instance_says_below_an_override_is_not_learned_from_a_peer() {
    let mut leases = registered(&[]);
    let mut told = orders("a").with_status(Status::OutOfService);
    told.overridden_status = Status::OutOfService;
    leases.register(told.clone(), Origin::Peer, at(1));
    leases.remove_override("ORDERS", "a", None, at(2));
    check_status(&leases, "a", Status::Unknown, Status::Unknown);

    // But what it said here is not forgotten over a peer's repetition of it.
    leases.register(orders("b"), Origin::Client, at(3));
    leases.override_status("ORDERS", "b", Status::OutOfService, at(4));
    told.instance_id = "b".to_owned();
    leases.register(told, Origin::Peer, at(5));
    leases.remove_override("ORDERS", "b", None, at(6));
    check_status(&leases, "b", Status::Up, Status::Unknown);
}

#[test]
fn an_override_to_what_already_is_stores_none() {
    let mut leases = registered(&["a"]);
    leases.override_status("ORDERS", "a", Status::Up, at(1));
    assert!(leases.take_changes().is_empty());
    check_status(&leases, "a", Status::Up, Status::Unknown);
}

#[test]
fn overrides_of_two_applications_on_one_host_do_not_meet() {
    let mut leases = registered(&["n7"]);
    let basket = Instance::new("basket", "n7", "n7", "10.4.0.7", 8081);
    leases.register(basket, Origin::Client, START);
    leases.override_status("ORDERS", "n7", Status::OutOfService, at(1));
    assert_eq!(leases.instance("BASKET", "n7").map(|instance| instance.status), Some(Status::Up));
    assert_eq!(leases.hash_code(), "OUT_OF_SERVICE_1_UP_1_");
}

#[test]
fn a_client_that_registers_again_would_say_so_once_more_and_nobody_else_would() {
    let mut leases = registered(&["a"]);
    let mut is_later = |act: &dyn Fn(&mut Leases)| {
        act(&mut leases);
        leases.take_changes().iter().map(Change::is_later_version).collect::<Vec<_>>()
    };
    let version = |second: u64, status| Instance { last_dirty_ms: at(second).unix_ms, status, ..orders("a") };
    let register = |instance: Instance, second: u64| {
        move |leases: &mut Leases| assert!(leases.register(instance.clone(), Origin::Client, at(second)))
    };
    assert_eq!(is_later(&register(version(1, Status::Down), 2)), [true]);
    assert_eq!(is_later(&register(version(2, Status::Up), 3)), [true]);
    // Heartbeats do not tell the difference, nor do those of a client that has no versions.
    assert_eq!(is_later(&register(version(2, Status::Starting), 3)), [false]);
    assert_eq!(is_later(&register(Instance { last_dirty_ms: 0, ..version(0, Status::Down) }, 4)), [false]);
    let entries = BTreeMap::from([("colour".to_owned(), "blue".to_owned())]);
    let merge = |leases: &mut Leases| assert!(leases.merge_metadata("ORDERS", "a", entries.clone(), at(4)));
    assert_eq!(is_later(&merge), [false]);
    let say = |leases: &mut Leases| assert!(leases.override_status("ORDERS", "a", Status::OutOfService, at(5)));
    assert_eq!(is_later(&say), [false]);
    let cancel = |leases: &mut Leases| assert!(leases.cancel("ORDERS", "a", Hearsay::default(), at(6)));
    assert_eq!(is_later(&cancel), [false]);
    assert_eq!(is_later(&register(version(7, Status::Up), 7)), [false]);
}

#[test]
fn metadata_is_merged_and_the_version_number_stays() {
    let mut leases = registered(&["a"]);
    let entries = BTreeMap::from([("colour".to_owned(), "blue".to_owned())]);
    assert!(leases.merge_metadata("ORDERS", "a", entries.clone(), at(1)));
    let instance = leases.instance("ORDERS", "a").expect("registered");
    assert_eq!((instance.metadata["colour"].as_str(), instance.last_dirty_ms), ("blue", START.unix_ms));
    assert_eq!(leases.take_changes().len(), 1);
    leases.merge_metadata("ORDERS", "a", entries, at(2));
    assert!(leases.take_changes().is_empty());
    assert!(!leases.merge_metadata("ORDERS", "b", BTreeMap::new(), at(2)));
}

#[test]
fn a_delta_holds_each_touched_instance_once_for_three_minutes() {
    let mut leases = registered(&["a", "b"]);
    leases.override_status("ORDERS", "a", Status::Down, at(10));
    leases.cancel("ORDERS", "b", Hearsay::default(), at(20));
    let delta = leases.delta(at(20));
    let told = delta.applications[0]
        .records
        .iter()
        .map(|record| (record.instance.id(), record.instance.action, record.instance.lease.eviction_ms));
    let expected = [("a", Some(ActionType::Modified), 0), ("b", Some(ActionType::Deleted), at(20).unix_ms)];
    assert_eq!(told.collect::<Vec<_>>(), expected);
    assert_eq!(delta.hash_code, "DOWN_1_");
    let version = leases.delta_version(at(189));
    assert_eq!(version, delta.version);
    let later = leases.delta(at(190));
    assert_eq!(later.applications[0].records.len(), 1);
    assert!(later.version > version);
    assert!(leases.delta(at(200)).applications.is_empty());
}

#[test]
fn cancelling_ends_the_lease_the_override_and_the_application() {
    let mut leases = registered(&["a"]);
    leases.override_status("ORDERS", "a", Status::OutOfService, at(1));
    assert!(leases.cancel("ORDERS", "a", Hearsay::default(), at(2)));
    assert!(!leases.cancel("ORDERS", "a", Hearsay::default(), at(2)));
    assert!(leases.application("ORDERS").is_none());
    leases.register(orders("a"), Origin::Client, at(3));
    check_status(&leases, "a", Status::Up, Status::Unknown);
}

#[test]
fn amazon_instances_get_the_id_they_left_out() {
    let mut leases = registered(&[]);
    let mut instance = orders("i-0a");
    instance.data_center =
        Some(bijou_eureka::DataCenter { name: bijou_eureka::DataCenterName::Amazon, metadata: BTreeMap::new() });
    leases.register(instance, Origin::Client, START);
    let data_center = leases.instance("ORDERS", "i-0a").and_then(|instance| instance.data_center);
    assert_eq!(data_center.expect("kept").metadata["instance-id"], "i-0a");
}

#[test]
fn vip_addresses_are_found_part_by_part() {
    let mut leases = registered(&["a"]);
    let mut both = orders("b");
    both.vip_address = Some("orders,orders.canary".to_owned());
    leases.register(both, Origin::Client, START);
    let count = |leases: &Leases, vip| leases.with_vip(vip).iter().map(|listed| listed.records.len()).sum::<usize>();
    assert_eq!(count(&leases, "orders"), 2);
    assert_eq!(count(&leases, "orders.canary"), 1);
    assert_eq!(count(&leases, "ORDERS"), 0);
    leases.cancel("ORDERS", "b", Hearsay::default(), at(1));
    assert_eq!(count(&leases, "orders.canary"), 0);
}

#[test]
fn a_fleet_that_falls_silent_at_once_is_kept_and_single_losses_are_not() {
    let mut leases = Leases::new(Preservation::new(Rule { is_enabled: true, ..RULE }));
    let ids = (0..20).map(|number| format!("i{number:02}")).collect::<Vec<_>>();
    for id in &ids {
        leases.register(orders(id), Origin::Client, START);
    }
    leases.evict(at(0));
    // Three die, the rest renew: three of twenty may go.
    for second in 1..=12 {
        for id in &ids[3..] {
            leases.renew("ORDERS", id, Beat::new(Origin::Client, None), at(second));
        }
        leases.evict(at(second));
    }
    assert_eq!(leases.count(), 17);

    // Now everybody falls silent.
    for second in 13..=120 {
        leases.evict(at(second));
    }
    let verdict = leases.verdict(at(120));
    assert_eq!((verdict.standing, verdict.expired, leases.count()), (Standing::Preserving, 17, 17));

    // All but one come back: that one may go.
    for id in &ids[4..] {
        leases.renew("ORDERS", id, Beat::new(Origin::Client, None), at(121));
    }
    let eviction = leases.evict(at(121));
    assert_eq!((eviction.evicted, eviction.verdict.standing), (1, Standing::Watching));
    assert_eq!(leases.count(), 16);
}

#[track_caller]
pub(super) fn check_heard(leases: &Leases, heard: Heard) {
    assert_eq!(leases.each().map(|shown| shown.heard).collect::<Vec<_>>(), [heard]);
}

#[test]
fn what_a_client_told_us_stays_first_hand_until_a_peer_has_a_newer_version() {
    let mut leases = registered(&["a"]);
    check_heard(&leases, Heard::Client);
    // A peer repeats what we know, or knows less.
    leases.register(orders("a"), Origin::Peer, at(1));
    leases.renew("ORDERS", "a", Beat::new(Origin::Peer, Some(START.unix_ms)), at(2));
    leases.renew("ORDERS", "a", Beat::new(Origin::Peer, Some(START.unix_ms - 1)), at(3));
    leases.renew("ORDERS", "a", Beat::new(Origin::Peer, None), at(4));
    let mut older = orders("a");
    older.last_dirty_ms -= 1;
    leases.register(older, Origin::Peer, at(5));
    check_heard(&leases, Heard::Client);

    // The client went there, and said something new.
    let mut newer = orders("a");
    newer.last_dirty_ms += 1;
    leases.register(newer, Origin::Peer, at(6));
    check_heard(&leases, Heard::Peer);
    // And it came back.
    leases.renew("ORDERS", "a", Beat::new(Origin::Client, Some(START.unix_ms + 1)), at(7));
    check_heard(&leases, Heard::Client);
}

#[test]
fn what_only_a_peer_told_us_is_second_hand() {
    let mut leases = registered(&[]);
    leases.register(orders("a"), Origin::Peer, START);
    check_heard(&leases, Heard::Peer);
    leases.renew("ORDERS", "a", Beat::new(Origin::Peer, Some(START.unix_ms)), at(1));
    check_heard(&leases, Heard::Peer);
}

/// What a peer of our kind tells.
pub(super) fn told(instance: Instance, age_s: u64, overridden_ms: u64) -> Registration {
    let hearsay = Hearsay { age_ms: age_s * 1000, overridden_ms: Some(overridden_ms) };
    Registration::told(instance, Some(hearsay))
}

#[test]
fn nobody_lives_on_by_being_talked_about() {
    let mut leases = registered(&["a"]);
    // Seven seconds after its last word a peer tells of it once more, and a third one of somebody else.
    leases.register(told(orders("a"), 7, 0), Origin::Peer, at(7));
    leases.register(told(orders("b"), 8, 0), Origin::Peer, at(7));
    let late = Beat { age_ms: 9_000, ..Beat::new(Origin::Peer, Some(START.unix_ms)) };
    leases.renew("ORDERS", "a", late, at(9));
    let word = Word { at_ms: at(9).unix_ms, status: Some(Status::Down) };
    assert!(leases.take_word("ORDERS", "a", word, (Status::Down, None), at(0), at(9)));
    assert_eq!(sweep(&mut leases, 7, 30), [(9, 1), (10, 1)]);
    // Whose lease is over where this comes from is not there at all.
    assert!(!leases.register(told(orders("a"), 10, 0), Origin::Peer, at(31)));
    assert!(leases.register(told(orders("a"), 9, 0), Origin::Peer, at(31)));
    assert_eq!(sweep(&mut leases, 31, 40), [(32, 1)]);
}

#[test]
fn of_a_lease_that_is_over_no_peer_is_told() {
    let leases = registered(&["a"]);
    let apps: [Arc<str>; 1] = ["ORDERS".into()];
    let key: Key = ("ORDERS".into(), "a".into());
    assert_eq!(leases.differences(&apps, &[], at(9)), [(key, ReplicationAction::Register)]);
    assert_eq!(leases.differences(&apps, &[], at(10)), []);
}

#[test]
fn of_two_words_of_operators_the_later_counts_in_whatever_order_they_are_heard() {
    let [first, second, third] = [1, 2, 3].map(|second| at(second).unix_ms);
    let words = [(first, Some(Status::OutOfService)), (second, Some(Status::Down)), (third, None)];
    for order in [[0, 1, 2], [0, 2, 1], [1, 0, 2], [1, 2, 0], [2, 0, 1], [2, 1, 0]] {
        let mut leases = registered(&["a"]);
        for at_ms in order {
            let (at_ms, status) = words[at_ms];
            let stands = (status.unwrap_or(Status::Up), Some(START.unix_ms));
            assert!(leases.take_word("ORDERS", "a", Word { at_ms, status }, stands, at(4), at(4)));
        }
        check_status(&leases, "a", Status::Up, Status::Unknown);
        assert_eq!(
            leases.telling(&("ORDERS".into(), "a".into()), at(4)).map(|told| told.hearsay.overridden_ms),
            Some(Some(third))
        );
    }
    // Of the same moment every node chooses the same.
    for statuses in [[Status::Down, Status::OutOfService], [Status::OutOfService, Status::Down]] {
        let mut leases = registered(&["a"]);
        for status in statuses {
            let word = Word { at_ms: first, status: Some(status) };
            leases.take_word("ORDERS", "a", word, (status, None), at(4), at(4));
        }
        check_status(&leases, "a", Status::OutOfService, Status::OutOfService);
    }
}

#[test]
fn the_next_word_is_later_than_all_that_were_heard_also_where_the_clock_is_behind() {
    let mut leases = registered(&["a"]);
    let ahead = Word { at_ms: at(3600).unix_ms, status: Some(Status::OutOfService) };
    leases.take_word("ORDERS", "a", ahead, (Status::OutOfService, None), at(1), at(1));
    leases.remove_override("ORDERS", "a", None, at(2));
    check_status(&leases, "a", Status::Up, Status::Unknown);
    // The other node still believes what it said.
    let mut believed = orders("a");
    (believed.status, believed.overridden_status) = (Status::OutOfService, Status::OutOfService);
    leases.register(told(believed, 0, ahead.at_ms), Origin::Peer, at(3));
    check_status(&leases, "a", Status::Up, Status::Unknown);
}

#[test]
fn there_is_a_word_after_the_last_moment_that_can_be_told() {
    let mut leases = registered(&["a"]);
    let last = Word { at_ms: u64::MAX, status: Some(Status::OutOfService) };
    leases.take_word("ORDERS", "a", last, (Status::OutOfService, None), at(1), at(1));
    leases.remove_override("ORDERS", "a", None, at(2));
    check_status(&leases, "a", Status::Up, Status::Unknown);
}

#[test]
fn a_newer_version_from_a_node_with_an_older_word_stands_under_the_later_one() {
    let mut leases = registered(&["a"]);
    leases.override_status("ORDERS", "a", Status::OutOfService, at(2));
    let newer = || Instance { last_dirty_ms: START.unix_ms + 1, ..orders("a") };
    leases.register(told(newer(), 0, 0), Origin::Peer, at(3));
    check_status(&leases, "a", Status::OutOfService, Status::OutOfService);

    // Taken back here; the other node has not heard that, and hides what the instance says of itself: it is asked.
    let mut leases = registered(&["a"]);
    leases.override_status("ORDERS", "a", Status::OutOfService, at(2));
    leases.remove_override("ORDERS", "a", None, at(3));
    let hidden = Instance { status: Status::OutOfService, overridden_status: Status::OutOfService, ..newer() };
    leases.register(told(hidden, 0, at(2).unix_ms), Origin::Peer, at(4));
    check_status(&leases, "a", Status::Unknown, Status::Unknown);
    let renewal = leases.renew("ORDERS", "a", Beat::new(Origin::Peer, Some(START.unix_ms + 1)), at(5));
    assert!(matches!(renewal, Renewal::RegisterAgain));
}
