//! A peer that answers, but late: others are not kept waiting for it, what waits for it has an end, and in the end it knows
//! everything.

use super::*;

/// What a minute of registrations at node 0 looked like, to which node 2 answers after a round trip.
struct Minute {
    /// After how long node 2 knew the last of them, or ten seconds.
    took: Duration,
    /// The peer as it was seen at node 0, once a second.
    seen: Vec<bijou_eureka::PeerView>,
    /// Node 0's metrics at the end of it.
    metrics: String,
}

async fn minute(round_trip: Duration) -> Minute {
    let mut world = World::start(5, 9, false);
    world.pass(Duration::from_secs(5)).await;
    world.check("at the beginning");
    world.conditions.net.slow(0, 2, round_trip / 2);
    let mut seen = Vec::new();
    for _ in 0..60 {
        world.appear();
        world.clients.last_mut().expect("one appeared").home = 0;
        world.pass(Duration::from_secs(1)).await;
        let (node, other) = (world.nodes[0].as_ref().expect("it runs"), world.nodes[1].as_ref().expect("it runs"));
        // The other peer is told at once.
        let newest = world.clients.last().expect("one appeared").instance.id();
        assert!(other.registry.instance(&world.clients.last().expect("one").instance.app, newest).is_some());
        let views = node.registry.peers.views(node.registry.now().mono_ms);
        let slow = views.iter().find(|peer| peer.url.contains("node-2")).expect("it is listed");
        // An instance that waits is one entry, however often it renews meanwhile.
        assert!(slow.queued <= world.clients.len(), "{} wait of {}", slow.queued, world.clients.len());
        seen.push(slow.clone());
    }
    let metrics = world.nodes[0].as_ref().expect("it runs").registry.metrics();
    // The last ones, if they get through.
    let began = Instant::now();
    let newest = world.clients.last().expect("one appeared").instance.clone();
    let is_known =
        |world: &World| world.nodes[2].as_ref().expect("it runs").registry.instance(&newest.app, newest.id());
    while is_known(&world).is_none() && began.elapsed() < Duration::from_secs(10) {
        world.pass(Duration::from_millis(100)).await;
    }
    let took = began.elapsed();
    world.conditions.net.hurry(0, 2);
    world.pass(TWO_LEASES).await;
    world.check(&format!("a round trip of {round_trip:?}"));
    Minute { took, seen, metrics }
}

#[track_caller]
fn check_metric(metrics: &str, name: &str, peer: usize, value: u64) {
    let line = format!("bijou_registry_peer_{name}{{peer=\"http://node-{peer}:80/eureka\"}} {value}");
    assert!(metrics.lines().any(|told| told == line), "no `{line}` in {metrics}");
}

#[tokio::test(start_paused = true)]
async fn a_peer_that_answers_late_is_told_all_of_it_a_little_later() {
    let Minute { took, seen, metrics } = minute(Duration::from_secs(2)).await;
    assert!(took < Duration::from_secs(5), "it took {took:?}");
    // Once it has been met again it stays up, and what waits for it is of the last few seconds.
    let later = &seen[10..];
    assert!(later.iter().all(|peer| peer.state == "up" && peer.lag_ms < 5_000 && peer.dropped == 0), "{later:#?}");
    let last = &later[later.len() - 1];
    assert!(last.sent > later[0].sent);
    check_metric(&metrics, "up", 2, 1);
    check_metric(&metrics, "sent_events", 2, last.sent);
}

#[tokio::test(start_paused = true)]
async fn a_peer_that_answers_too_late_is_down_and_is_told_the_outcome_once_it_does_not() {
    let Minute { seen, metrics, .. } = minute(Duration::from_secs(10)).await;
    let last = seen.last().expect("some");
    assert_eq!((last.state.as_str(), last.dropped), ("down", 0));
    assert!(last.last_error.is_some());
    check_metric(&metrics, "up", 2, 0);
    check_metric(&metrics, "up", 1, 1);
    let told = [("queued", last.queued as u64), ("lag_ms", last.lag_ms), ("dropped_events", 0)];
    for (name, value) in told {
        check_metric(&metrics, name, 2, value);
    }
}
