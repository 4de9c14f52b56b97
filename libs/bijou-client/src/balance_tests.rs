//! Choosing among instances.

use std::collections::HashMap;

use bijou_eureka::Instance;

use super::*;

const APP: &str = "CATALOG";

fn snapshot(generation: u64, ports: &[u16]) -> Snapshot {
    let endpoints = ports.iter().map(|port| {
        let instance = Instance::new(APP, &format!("host:catalog:{port}"), "host", "127.0.0.1", *port);
        Arc::new(Endpoint::of(&instance).expect("it has an address"))
    });
    Snapshot::new(generation, None, 0, endpoints)
}

fn choose(balancer: &Balancer, snapshot: &Snapshot, tried: &[SocketAddr]) -> Result<Lease, NoChoice> {
    balancer.choose(APP, snapshot, tried, &ClientConfig::default(), Instant::now())
}

#[test]
fn an_empty_snapshot_offers_nobody() {
    assert_eq!(choose(&Balancer::default(), &snapshot(1, &[]), &[]).err(), Some(NoChoice::NoneUp));
}

#[test]
fn the_next_attempt_goes_to_another_instance() {
    let (balancer, snapshot) = (Balancer::default(), snapshot(1, &[1, 2, 3]));
    let mut tried = Vec::new();
    for _ in 0..3 {
        let lease = choose(&balancer, &snapshot, &tried).expect("one is untried");
        assert!(!tried.contains(&lease.member().addr));
        tried.push(lease.member().addr);
    }
    assert_eq!(choose(&balancer, &snapshot, &tried).err(), Some(NoChoice::AllTried));
}

#[test]
fn calls_in_flight_spread_evenly() {
    let (balancer, snapshot) = (Balancer::default(), snapshot(1, &[1, 2, 3, 4]));
    let leases: Vec<_> = (0..400).map(|_| choose(&balancer, &snapshot, &[]).expect("all are up")).collect();
    let mut counts: HashMap<u16, u32> = HashMap::new();
    for lease in &leases {
        *counts.entry(lease.member().addr.port()).or_default() += 1;
    }
    // Purely random choice would be off by 30 and more; two choices keep it to a handful.
    assert!(counts.values().all(|count| (90..=110).contains(count)), "{counts:?}");
}

#[test]
fn the_own_zone_is_preferred_until_nobody_is_left_in_it() {
    let zones = [(1, "a"), (2, "a"), (3, "b"), (4, "b")];
    let endpoints = zones.iter().map(|(port, zone)| {
        let instance = Instance::new(APP, &format!("host:catalog:{port}"), "host", "127.0.0.1", *port);
        Arc::new(Endpoint::of(&instance.with_metadata("zone", *zone)).expect("it has an address"))
    });
    let (balancer, snapshot) = (Balancer::default(), Snapshot::new(1, None, 0, endpoints));
    let config = ClientConfig { zone: Some("b".to_owned()), ..ClientConfig::default() };
    let mut tried = Vec::new();
    let mut ports = Vec::new();
    for _ in 0..4 {
        let lease = balancer.choose(APP, &snapshot, &tried, &config, Instant::now()).expect("one is untried");
        tried.push(lease.member().addr);
        ports.push(lease.member().addr.port());
    }
    ports[..2].sort_unstable();
    assert_eq!(ports[..2], [3, 4]);
    let elsewhere = ClientConfig { zone: Some("c".to_owned()), ..ClientConfig::default() };
    assert!(Balancer::default().choose(APP, &snapshot, &[], &elsewhere, Instant::now()).is_ok());
}

#[test]
fn an_instance_that_fails_gets_less_and_then_nothing() {
    let (balancer, snapshot) = (Balancer::default(), snapshot(1, &[1, 2]));
    let mut sent_to_bad = 0;
    for _ in 0..100 {
        let mut lease = choose(&balancer, &snapshot, &[]).expect("one is fine");
        if lease.member().addr.port() == 1 {
            sent_to_bad += 1;
            lease.failed(Instant::now());
        } else {
            lease.answered(true, Instant::now());
        }
    }
    assert!(sent_to_bad <= 3, "{sent_to_bad} calls to the dead one");
}

#[test]
fn error_answers_make_an_instance_unattractive_but_do_not_shut_it() {
    let (balancer, one) = (Balancer::default(), snapshot(1, &[1]));
    for _ in 0..20 {
        choose(&balancer, &one, &[]).expect("never shut").answered(false, Instant::now());
    }
    assert_eq!(balancer.report(Instant::now())[0].breaker, "closed");
    let two = snapshot(2, &[1, 2]);
    let chosen = choose(&balancer, &two, &[]).expect("two are up");
    assert_eq!(chosen.member().addr.port(), 2);
}

#[test]
fn a_shut_instance_is_told_apart_from_none() {
    let (balancer, snapshot) = (Balancer::default(), snapshot(1, &[1]));
    for _ in 0..3 {
        choose(&balancer, &snapshot, &[]).expect("not shut yet").failed(Instant::now());
    }
    assert_eq!(choose(&balancer, &snapshot, &[]).err(), Some(NoChoice::AllShut));
}

#[test]
fn a_restarted_instance_starts_with_a_clean_record() {
    let balancer = Balancer::default();
    let before = snapshot(1, &[1]);
    for _ in 0..3 {
        choose(&balancer, &before, &[]).expect("not shut yet").failed(Instant::now());
    }
    // Same slot, other port.
    let mut instance = Instance::new(APP, "host:catalog:1", "host", "127.0.0.1", 2);
    instance.last_dirty_ms = 1;
    let after = Snapshot::new(2, None, 0, [Arc::new(Endpoint::of(&instance).expect("it has an address"))]);
    assert!(choose(&balancer, &after, &[]).is_ok());
}

#[test]
fn a_new_snapshot_keeps_what_is_known_about_those_who_stay() {
    let balancer = Balancer::default();
    let lease = choose(&balancer, &snapshot(1, &[1]), &[]).expect("one is up");
    drop(choose(&balancer, &snapshot(2, &[1, 2]), &[]).expect("two are up"));
    let report = balancer.report(Instant::now());
    assert_eq!(report.iter().map(|one| one.in_flight).collect::<Vec<_>>(), [1, 0]);
    drop(lease);
    assert!(balancer.report(Instant::now()).iter().all(|one| one.in_flight == 0));
}
