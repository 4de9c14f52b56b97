//! A client's picture over the life of several registry processes.

use super::*;

const GRACE: Duration = Duration::from_secs(10);

fn orders(id: &str) -> Instance {
    Instance::new("orders", id, "n7", "10.4.0.7", 8080)
}

#[track_caller]
fn check(view: &View, expected: &[&str]) {
    let snapshot = view.snapshot(1);
    let ids = snapshot.instances("ORDERS").iter().map(|endpoint| endpoint.instance_id.as_str()).collect::<Vec<_>>();
    assert_eq!(ids, expected);
}

fn started() -> (View, Instant) {
    let mut view = View::new(GRACE);
    let start = Instant::now();
    view.take_list(Some("first"), 7, &[orders("a"), orders("b")], start);
    (view, start)
}

#[test]
fn a_list_of_the_same_epoch_is_taken_at_its_word() {
    let (mut view, start) = started();
    view.take_list(Some("first"), 9, &[orders("b")], start);
    check(&view, &["b"]);
}

#[test]
fn a_new_epoch_keeps_what_it_does_not_list_until_the_grace_ends() {
    let (mut view, start) = started();
    view.take_list(Some("second"), 0, &[], start);
    check(&view, &["a", "b"]);
    assert_eq!(view.next_expiry(), Some(start + GRACE));

    assert_eq!(view.upsert(1, &orders("a")), Applied::Changed);
    assert!(!view.expire(start + GRACE.saturating_sub(Duration::from_millis(1))));
    check(&view, &["a", "b"]);

    assert!(view.expire(start + GRACE));
    check(&view, &["a"]);
    assert_eq!(view.next_expiry(), None);
}

#[test]
fn what_is_carried_survives_a_reconnection_within_the_grace() {
    let (mut view, start) = started();
    view.take_list(Some("second"), 0, &[], start);
    view.take_list(Some("second"), 1, &[orders("a")], start + Duration::from_secs(1));
    check(&view, &["a", "b"]);
    view.take_list(Some("second"), 1, &[orders("a")], start + GRACE);
    check(&view, &["a"]);
}

#[test]
fn an_instance_that_says_goodbye_to_the_new_epoch_is_gone_at_once() {
    let (mut view, start) = started();
    view.take_list(Some("second"), 0, &[], start);
    assert_eq!(view.upsert(1, &orders("a")), Applied::Changed);
    assert_eq!(view.remove(2, &orders("a")), Applied::Changed);
    check(&view, &["b"]);
}

#[test]
fn a_polled_registry_that_suddenly_lists_nothing_is_taken_for_a_restarted_one() {
    let mut view = View::new(GRACE);
    let start = Instant::now();
    view.take_list(None, 0, &[orders("a"), orders("b")], start);
    view.take_list(None, 0, &[orders("a")], start);
    check(&view, &["a"]);
    view.take_list(None, 0, &[], start);
    check(&view, &["a"]);
    view.take_list(None, 0, &[], start + GRACE / 2);
    check(&view, &["a"]);
    view.take_list(None, 0, &[], start + GRACE);
    check(&view, &[]);
}

#[test]
fn a_missing_revision_is_noticed_and_an_old_one_ignored() {
    let (mut view, _) = started();
    assert_eq!(view.upsert(9, &orders("c")), Applied::Gap);
    assert_eq!(view.upsert(7, &orders("c")), Applied::Unchanged);
    assert_eq!(view.remove(8, &orders("c")), Applied::Unchanged);
    assert_eq!(view.upsert(9, &orders("c")), Applied::Changed);
    check(&view, &["a", "b", "c"]);
}

#[test]
fn an_upsert_that_changes_nothing_for_callers_is_no_change() {
    let (mut view, _) = started();
    assert_eq!(view.upsert(8, &orders("a")), Applied::Unchanged);
    assert_eq!(view.upsert(9, &orders("a").with_status(crate::Status::Down)), Applied::Changed);
    check(&view, &["b"]);
}

#[test]
fn a_process_that_tells_new_metadata_keeps_its_identity_and_another_one_does_not() {
    let told = |process: &str, dirty_ms, playable: &str| {
        let mut instance = orders("a").with_metadata("bijou.process", process).with_metadata("playable", playable);
        instance.last_dirty_ms = dirty_ms;
        instance
    };
    let identity = |view: &View| view.snapshot(1).instances("ORDERS")[0].last_dirty_ms;
    let mut view = View::new(GRACE);
    view.take_list(Some("first"), 1, &[told("p1", 10, "1")], Instant::now());
    assert_eq!(view.upsert(2, &told("p1", 20, "2")), Applied::Changed);
    assert_eq!(identity(&view), 10);
    // The same after a break of the watch, and after a restart of the registry.
    view.take_list(Some("second"), 1, &[told("p1", 30, "2")], Instant::now());
    assert_eq!(identity(&view), 10);
    view.upsert(2, &told("p2", 40, "2"));
    assert_eq!(identity(&view), 40);
    // Who does not say which process it is may be another one with every version.
    let mut nameless = told("p2", 50, "2");
    nameless.metadata.remove("bijou.process");
    view.upsert(3, &nameless);
    assert_eq!(identity(&view), 50);
}
