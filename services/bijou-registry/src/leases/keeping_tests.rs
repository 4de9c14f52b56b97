//! Whose lease is over and who is kept all the same: one application's fleet, and everybody after a restart.

use bijou_eureka::Instance;

use super::*;

const START: Moment = Moment { mono_ms: 10_000, unix_ms: 1_790_000_000_000 };
const RULE: Rule = Rule { is_enabled: true, instances_min: 10, gone_share_max: 0.15, keep_max_ms: 300_000 };
const LEASE_S: u64 = 10;

fn at(seconds: u64) -> Moment {
    Moment { mono_ms: START.mono_ms + seconds * 1000, unix_ms: START.unix_ms + seconds * 1000 }
}

fn instance(app: &str, number: usize) -> Instance {
    let instance = Instance::new(app, &format!("i-{number:02}"), "n7", "10.4.0.7", 8080);
    Instance { last_dirty_ms: START.unix_ms, ..instance.with_lease(3, LEASE_S as u32) }
}

/// How an application stands, if there is anything to tell.
fn standing(leases: &mut Leases, app: &str, second: u64) -> Option<(Standing, usize, usize)> {
    let verdicts = leases.application_verdicts(at(second));
    let verdict = verdicts.iter().find(|one| *one.app == *app).map(|one| one.verdict)?;
    Some((verdict.standing, verdict.instances, verdict.expired))
}

#[test]
fn an_application_that_falls_silent_is_kept_for_its_time_while_others_lose_theirs_at_once() {
    let mut leases = Leases::new(Preservation::new(RULE));
    let mut fleet = (0..10).map(|number| instance("orders", number)).collect::<Vec<_>>();
    fleet.extend((0..90).map(|number| instance("basket", number)));
    for instance in &fleet {
        leases.register(instance.clone(), Origin::Client, START);
    }
    leases.evict(at(0));
    // Four of ORDERS and one of BASKET fall silent: of the whole registry that is one in twenty.
    let silent = |at: usize| at < 4 || at == 10;
    let mut ended = Vec::new();
    for second in 1..=320 {
        for (_, instance) in fleet.iter().enumerate().filter(|(at, _)| !silent(*at)) {
            leases.renew(&instance.app, instance.id(), Beat::new(Origin::Client, None), at(second));
        }
        let eviction = leases.evict(at(second));
        assert_eq!(eviction.verdict.standing, Standing::Watching);
        if eviction.evicted > 0 {
            ended.push((second, eviction.evicted));
        }
        // As the registry does with every look, which forgets what is over.
        leases.application_verdicts(at(second));
        match second {
            LEASE_S => {
                assert_eq!(standing(&mut leases, "ORDERS", second), Some((Standing::Preserving, 10, 4)));
                assert_eq!(standing(&mut leases, "BASKET", second), Some((Standing::Watching, 89, 0)));
            }
            309 => assert_eq!(standing(&mut leases, "ORDERS", second), Some((Standing::Preserving, 10, 4))),
            _ => {}
        }
    }
    assert_eq!(ended, [(LEASE_S, 1), (LEASE_S + 300, 4)]);
    assert_eq!((leases.count(), standing(&mut leases, "ORDERS", 320)), (95, None));
}

#[test]
fn an_application_is_kept_no_longer_once_enough_are_back() {
    let mut leases = Leases::new(Preservation::new(RULE));
    for number in 0..20 {
        leases.register(instance("orders", number), Origin::Client, START);
    }
    for number in 0..200 {
        leases.register(instance("basket", number).with_lease(30, 90), Origin::Client, START);
    }
    let renew = |leases: &mut Leases, numbers: std::ops::Range<usize>, second| {
        for number in numbers {
            leases.renew("ORDERS", &format!("i-{number:02}"), Beat::new(Origin::Client, None), at(second));
        }
    };
    for second in 0..=20 {
        renew(&mut leases, 4..20, second);
        assert_eq!(leases.evict(at(second)).evicted, 0);
    }
    assert_eq!(standing(&mut leases, "ORDERS", 20), Some((Standing::Preserving, 20, 4)));
    // Three of twenty may go.
    renew(&mut leases, 3..20, 21);
    assert_eq!(leases.evict(at(21)).evicted, 3);
    assert_eq!(standing(&mut leases, "ORDERS", 21), Some((Standing::Watching, 17, 0)));
}

#[test]
fn after_a_restart_each_lease_has_its_own_length_to_be_renewed_in_and_it_is_known_who_did() {
    let mut leases = Leases::new(Preservation::new(Rule { is_enabled: false, ..RULE }));
    let durations = [10, 10, 10, 25];
    let kept = |(number, duration_s): (usize, u32)| Kept {
        number: number as u64,
        instance: PackedInstance::from(&instance("orders", number).with_lease(3, duration_s)),
        overridden_ms: 0,
        override_reason: None,
    };
    leases.restore(durations.into_iter().enumerate().map(kept), at(100));
    let unconfirmed = |leases: &Leases| leases.restored().unconfirmed;
    assert_eq!(leases.restored(), Restored { leases: 4, unconfirmed: 4, since_unix_ms: at(100).unix_ms });
    // Nothing was told: those who poll had them before.
    assert!(leases.take_changes().is_empty());

    // One renews and one registers again, which each counts once.
    for second in [103, 106] {
        leases.renew("ORDERS", "i-00", Beat::new(Origin::Client, None), at(second));
        leases.register(instance("orders", 1), Origin::Client, at(second));
        assert_eq!(unconfirmed(&leases), 2);
    }
    let mut ended = Vec::new();
    for second in 101..=125 {
        let evicted = leases.evict(at(second)).evicted;
        if evicted > 0 {
            ended.push((second, evicted, unconfirmed(&leases)));
        }
        assert_eq!(leases.evict(Moment { mono_ms: at(second).mono_ms + 999, ..at(second) }).evicted, 0);
    }
    // Neither before its lease is over nor after: who stayed silent, those who renewed once and then did not, the long one.
    assert_eq!(ended, [(110, 1, 1), (116, 2, 1), (125, 1, 0)]);
    assert_eq!(leases.restored().leases, 4);
}
