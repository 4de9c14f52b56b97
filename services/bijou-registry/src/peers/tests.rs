//! Which peers there are when the addresses of a name change.

use std::{
    future::pending,
    net::SocketAddr,
    sync::{
        Arc,
        atomic::{AtomicUsize, Ordering},
    },
};

use bijou_eureka::{Dial, Dialing, Instance, ServiceUrl};
use bijou_telemetry::Metrics;
use tokio_util::sync::CancellationToken;

use super::*;
use crate::{
    clock::Clock,
    leases::Origin,
    regions::Regions,
    settings::{self, SelfPreservation},
    telemetry::Telemetry,
};

/// Leads nowhere, and counts how many are on their way there.
#[derive(Debug, Default)]
struct Nowhere(Arc<AtomicUsize>);

/// One on its way.
struct Walker(Arc<AtomicUsize>);

impl Drop for Walker {
    fn drop(&mut self) {
        self.0.fetch_sub(1, Ordering::Relaxed);
    }
}

impl Dial for Nowhere {
    fn dial<'a>(&'a self, _: &'a ServiceUrl) -> Dialing<'a> {
        self.0.fetch_add(1, Ordering::Relaxed);
        let walker = Walker(Arc::clone(&self.0));
        Box::pin(async move {
            let _walker = walker;
            pending().await
        })
    }
}

/// A registry with `urls` in its settings, which are not asked anything yet.
pub fn registry(urls: &[&str], dial: Arc<dyn Dial>) -> Arc<Registry> {
    let settings =
        settings::Peers { urls: urls.iter().map(|url| (*url).to_owned()).collect(), ..settings::Peers::default() };
    Arc::new(Registry::new(
        &SelfPreservation::default(),
        Clock::start(),
        Telemetry::new(Metrics::new()),
        "1".to_owned(),
        Peers::new(settings, dial),
        Arc::new(Regions::new(&[], true).expect("none")),
    ))
}

/// Lets the peers' tasks go as far as they can.
async fn settle() {
    for _ in 0..20 {
        tokio::task::yield_now().await;
    }
}

#[tokio::test(start_paused = true)]
async fn addresses_that_leave_a_name_are_let_go_and_new_ones_met_while_those_that_stay_go_on() {
    const CONFIGURED: &str = "http://registry-0:8761/eureka";
    let on_their_way = Arc::default();
    let registry = registry(&[CONFIGURED], Arc::new(Nowhere(Arc::clone(&on_their_way))));
    let (peers, stop) = (&registry.peers, CancellationToken::new());
    let named = ServiceUrl::parse("http://registries:8761/eureka").expect("a good url");
    let at = |number: u8| named.with_address(SocketAddr::from(([10, 4, 0, number], 8761)));
    let listed = || peers.views(0).into_iter().map(|peer| (peer.url, peer.queued)).collect::<Vec<_>>();

    peers.add(ServiceUrl::parse(CONFIGURED).expect("a good url"), &registry, &stop);
    peers.keep_only(&[at(1), at(2)], &registry, &stop);
    settle().await;
    registry.register(Instance::new("orders", "a", "n7", "10.4.0.7", 8080), Origin::Client);
    assert_eq!(on_their_way.load(Ordering::Relaxed), 3);
    let gone = Arc::clone(&peers.list.load()[2]);
    assert_eq!(gone.url, at(2));

    peers.keep_only(&[at(1), at(3)], &registry, &stop);
    settle().await;
    // What waits for those that stay still waits; the new one asks for the whole list anyway.
    let expected = [(CONFIGURED.to_owned(), 1), (at(1).to_string(), 1), (at(3).to_string(), 0)];
    assert_eq!(listed(), expected);
    assert!(gone.stop.is_cancelled());
    assert_eq!(on_their_way.load(Ordering::Relaxed), 3, "one that left the name is still being called");

    // The same again changes nothing.
    let before = peers.list.load_full();
    peers.keep_only(&[at(3), at(1)], &registry, &stop);
    assert!(before.iter().zip(peers.list.load().iter()).all(|(before, now)| Arc::ptr_eq(before, now)));
    assert_eq!(peers.list.load().len(), 3);
}
