//! Faults as a caller feels them: how often, how long, to whom.

use super::*;

const ABORT: FaultKind = FaultKind::Abort { status: 503 };

fn order(id: &str, does: FaultKind) -> FaultOrder {
    let at = FaultPlace::Edge { from: None, to: "catalog".to_owned() };
    FaultOrder { id: id.to_owned(), does, at, percent: 100, accounts_percent: None, ends_in_ms: 60_000 }
}

fn sheet(faults: Vec<FaultOrder>) -> FaultSheet {
    FaultSheet { injector: "host:console:0".to_owned(), ttl_ms: 5_000, faults }
}

fn spot(account: Option<&str>) -> Spot<'_> {
    Spot { route: Some("titles"), from: "gateway", to: "CATALOG", account }
}

fn in_force(faults: Vec<FaultOrder>) -> (Faults, Instant) {
    let (all, now) = (Faults::default(), Instant::now());
    all.renew(sheet(faults), now);
    (all, now)
}

fn after(now: Instant, ms: u64) -> Instant {
    now + Duration::from_millis(ms)
}

#[test]
fn what_is_not_renewed_ends() {
    let (faults, now) = in_force(vec![order("f", ABORT)]);
    assert!(faults.strike(spot(None), after(now, 4_999), || 0.0).is_some());
    assert!(faults.strike(spot(None), after(now, 5_000), || 0.0).is_none());
    assert!(!faults.is_any());
}

#[test]
fn renewing_does_not_go_beyond_the_end_and_keeps_what_was_struck() {
    let (faults, now) = in_force(vec![FaultOrder { ends_in_ms: 6_000, ..order("f", ABORT) }]);
    faults.strike(spot(None), now, || 0.0).expect("struck");
    let later = after(now, 4_000);
    let hits = faults.renew(sheet(vec![FaultOrder { ends_in_ms: 2_000, ..order("f", ABORT) }]), later);
    assert_eq!(hits, [FaultHits { id: "f".to_owned(), hits: 1 }]);
    assert!(faults.strike(spot(None), after(now, 5_900), || 0.0).is_some());
    assert!(faults.strike(spot(None), after(now, 6_000), || 0.0).is_none());
}

#[test]
fn an_empty_sheet_ends_everything_and_tells_the_last_count() {
    let (faults, now) = in_force(vec![order("f", ABORT)]);
    faults.strike(spot(None), now, || 0.0).expect("struck");
    assert_eq!(faults.renew(sheet(Vec::new()), now), [FaultHits { id: "f".to_owned(), hits: 1 }]);
    assert!(faults.strike(spot(None), now, || 0.0).is_none());
    assert_eq!(faults.struck()[1], ("abort", 1));
}

#[test]
fn injectors_do_not_touch_each_others_faults() {
    let (faults, now) = in_force(vec![order("f", ABORT)]);
    faults.renew(FaultSheet { injector: "other".to_owned(), ..sheet(Vec::new()) }, now);
    assert!(faults.strike(spot(None), now, || 0.0).is_some());
}

#[test]
fn what_may_strike_is_told_without_striking() {
    let (faults, now) = in_force(vec![
        FaultOrder { percent: 1, ..order("rare", ABORT) },
        FaultOrder { at: FaultPlace::Route { route: "home".to_owned() }, ..order("elsewhere", ABORT) },
    ]);
    let told = |at| faults.covering(spot(None), at).into_iter().map(|fault| fault.id).collect::<Vec<_>>();
    assert_eq!(told(now), ["rare"]);
    assert!(told(after(now, 5_000)).is_empty());
    assert_eq!(faults.struck()[1], ("abort", 0));
}

#[track_caller]
fn check(at: FaultPlace, expected: bool) {
    let (faults, now) = in_force(vec![FaultOrder { at: at.clone(), ..order("f", ABORT) }]);
    assert_eq!(faults.strike(spot(None), now, || 0.5).is_some(), expected, "{at:?}");
}

#[test]
fn a_fault_strikes_its_place_only() {
    check(FaultPlace::Route { route: "titles".to_owned() }, true);
    check(FaultPlace::Route { route: "home".to_owned() }, false);
    check(FaultPlace::Edge { from: Some("gateway".to_owned()), to: "catalog".to_owned() }, true);
    check(FaultPlace::Edge { from: Some("playback".to_owned()), to: "catalog".to_owned() }, false);
    check(FaultPlace::Edge { from: None, to: "identity".to_owned() }, false);
}

#[test]
fn a_share_is_drawn_and_a_cohort_is_always_the_same() {
    let (faults, now) = in_force(vec![FaultOrder { percent: 20, ..order("f", ABORT) }]);
    assert!(faults.strike(spot(None), now, || 0.19).is_some());
    assert!(faults.strike(spot(None), now, || 0.20).is_none());

    let accounts: Vec<String> = (0..10_000).map(|n| format!("acc-{n}")).collect();
    let (faults, now) = in_force(vec![FaultOrder { accounts_percent: Some(10), ..order("f", ABORT) }]);
    let struck = |account: &&String| faults.strike(spot(Some(account.as_str())), now, || 0.99).is_some();
    let first: Vec<_> = accounts.iter().filter(struck).collect();
    assert!((800..1_200).contains(&first.len()), "{}", first.len());
    assert_eq!(accounts.iter().filter(struck).collect::<Vec<_>>(), first);
    assert!(faults.strike(spot(None), now, || 0.0).is_none(), "nobody's request belongs to no cohort");
}

#[test]
fn each_fault_has_dice_of_its_own() {
    let half = |id: &str| FaultOrder { percent: 50, ..order(id, ABORT) };
    let (faults, now) = in_force(vec![half("first"), half("second")]);
    let struck = |dice: [f64; 2]| {
        let mut dice = dice.into_iter();
        faults.strike(spot(None), now, || dice.next().expect("two faults")).map(|strike| strike.id.to_string())
    };
    assert_eq!(struck([0.1, 0.9]).as_deref(), Some("first"));
    assert_eq!(struck([0.9, 0.1]).as_deref(), Some("second"));
    assert_eq!(struck([0.9, 0.9]), None);
}

#[test]
fn a_limit_strikes_what_is_beyond_it() {
    let per_second = NonZeroU32::new(2).expect("two");
    let (faults, now) = in_force(vec![order("f", FaultKind::Limit { per_second })]);
    assert!(faults.strike(spot(None), now, || 0.0).is_none());
    assert!(faults.strike(spot(None), now, || 0.0).is_none());
    let struck = faults.strike(spot(None), now, || 0.0).expect("the third is too many");
    assert_eq!(struck.effect, FaultEffect::Limit(Duration::from_millis(500)));
    assert!(faults.strike(spot(None), after(now, 500), || 0.0).is_none());
}

#[test]
fn what_ends_faults_is_spared() {
    for path in ["/-/faults", "/.well-known/passport-keys", "/readyz"] {
        assert!(is_spared(path), "{path}");
    }
    assert!(!is_spared("/v1/titles"));
}
