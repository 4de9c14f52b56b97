//! What a peer's answers lead to.

use std::{future::pending, sync::Arc};

use bijou_eureka::{Dial, Dialing, Instance, ServiceUrl};
use bijou_telemetry::Metrics;
use tokio_util::sync::CancellationToken;

use super::*;
use crate::{
    clock::Clock,
    leases::Origin,
    peers::Peers,
    regions::Regions,
    settings::{self, SelfPreservation},
    telemetry::Telemetry,
};

/// Leads nowhere: the peer's own task waits, and the test plays its part.
#[derive(Debug)]
struct Nowhere;

impl Dial for Nowhere {
    fn dial<'a>(&'a self, _: &'a ServiceUrl) -> Dialing<'a> {
        Box::pin(pending())
    }
}

/// What is queued for a peer that answered `status` to `action`.
#[track_caller]
fn check(action: ReplicationAction, status: u16, expected: &[ReplicationAction]) {
    let registry = Arc::new(Registry::new(
        &SelfPreservation::default(),
        Clock::start(),
        Telemetry::new(Metrics::new()),
        "1".to_owned(),
        Peers::new(settings::Peers::default(), Arc::new(Nowhere)),
        Arc::new(Regions::new(&[], true).expect("none")),
    ));
    // Told by a peer, so that nothing is queued yet.
    registry.register(Instance::new("orders", "a", "n7", "10.4.0.7", 8080), Origin::Peer);
    let url = ServiceUrl::parse("http://registry-2:8761/eureka").expect("a good url");
    registry.peers.add(url, &registry, &CancellationToken::new());
    let list = registry.peers.list.load();
    take_reply(&list[0], &registry, &ReplicationItem::new("ORDERS", "a", action), ReplicationReply::of(status));
    let queued = list[0].queue().take().into_iter().map(|(_, action)| action).collect::<Vec<_>>();
    assert_eq!(queued, expected, "{} was answered {status}", action.as_str());
}

#[tokio::test]
async fn a_peer_that_does_not_know_an_instance_is_told_of_it() {
    check(ReplicationAction::Heartbeat, 404, &[ReplicationAction::Register]);
    check(ReplicationAction::StatusUpdate, 404, &[ReplicationAction::Register]);
    check(ReplicationAction::DeleteStatusOverride, 404, &[ReplicationAction::Register]);
}

#[tokio::test]
async fn a_peer_is_not_told_again_of_what_it_took_refused_or_had_cancelled() {
    check(ReplicationAction::Heartbeat, 200, &[]);
    check(ReplicationAction::StatusUpdate, 200, &[]);
    check(ReplicationAction::StatusUpdate, 500, &[]);
    check(ReplicationAction::Cancel, 404, &[]);
    check(ReplicationAction::Register, 404, &[]);
}
