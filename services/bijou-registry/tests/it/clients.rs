//! Our own client library against a real registry, also while that dies and comes back.

use std::time::Duration;

use bijou_eureka::{
    Discovery, DiscoverySettings, Instance, Registration, RegistrationHandle, RegistrationState, Status,
};
use tokio::time::{Instant, sleep, timeout};
use tokio_util::sync::CancellationToken;

use crate::support::{PATIENCE, Site};

fn orders(slot: u16) -> Instance {
    Instance::new("orders", &format!("host:orders:{slot}"), "127.0.0.1", "127.0.0.1", 8080 + slot).with_lease(1, 3)
}

fn follow(site: &Site, grace: Duration, stop: &CancellationToken) -> Discovery {
    let settings = DiscoverySettings { grace, ..DiscoverySettings::new(&site.url) };
    Discovery::start_with(&settings, stop.child_token()).unwrap()
}

fn join(site: &Site, instance: Instance, discovery: &Discovery, stop: &CancellationToken) -> RegistrationHandle {
    Registration::start(&site.url, instance, Some(discovery), stop.child_token()).unwrap()
}

async fn until_there_are(discovery: &Discovery, count: usize) {
    let arrived = discovery.wait_for(|snapshot| snapshot.is_heard() && snapshot.instances("ORDERS").len() == count);
    timeout(PATIENCE, arrived).await.unwrap_or_else(|_| panic!("there are never {count} instances"));
}

#[tokio::test]
async fn a_change_reaches_a_follower_at_once() {
    let (site, stop) = (Site::start(), CancellationToken::new());
    let discovery = follow(&site, Duration::from_secs(10), &stop);
    until_there_are(&discovery, 0).await;
    let began = Instant::now();
    let handle = join(&site, orders(0), &discovery, &stop);
    until_there_are(&discovery, 1).await;
    assert!(began.elapsed() < Duration::from_secs(5), "{:?}", began.elapsed());
    let endpoint = discovery.snapshot().instances("ORDERS")[0].clone();
    assert_eq!((endpoint.instance_id.as_str(), endpoint.addr.port()), ("host:orders:0", 8080));

    handle.set_metadata("bijou.playable", "3");
    let told = discovery.wait_for(|snapshot| {
        snapshot.instances("ORDERS").iter().any(|endpoint| endpoint.metadata.contains_key("bijou.playable"))
    });
    timeout(PATIENCE, told).await.unwrap();

    handle.set_status(Status::Down);
    until_there_are(&discovery, 0).await;
    assert_eq!(discovery.snapshot().all("ORDERS").len(), 1);
    handle.set_status(Status::Up);
    until_there_are(&discovery, 1).await;

    handle.deregister().await;
    assert_eq!(handle.state(), RegistrationState::Ended);
    until_there_are(&discovery, 0).await;
    stop.cancel();
    site.stop().await;
}

#[tokio::test]
async fn who_wants_one_application_is_told_of_no_other() {
    let (site, stop) = (Site::start(), CancellationToken::new());
    site.register("BASKET", "host:basket:0", 90).await;
    let settings = DiscoverySettings { app: Some("ORDERS".to_owned()), ..DiscoverySettings::new(&site.url) };
    let discovery = Discovery::start_with(&settings, stop.child_token()).unwrap();
    until_there_are(&discovery, 0).await;
    // Revisions of other applications are left out, before and between its own.
    for (count, id) in [(1, "host:orders:0"), (2, "host:orders:1")] {
        site.register("BASKET", &format!("host:basket:{count}"), 90).await;
        site.register("ORDERS", id, 90).await;
        until_there_are(&discovery, count).await;
    }
    assert_eq!(discovery.snapshot().applications().collect::<Vec<_>>(), ["ORDERS"]);
    stop.cancel();
    site.stop().await;
}

#[tokio::test]
async fn a_registration_is_renewed_beyond_its_lease() {
    let (site, stop) = (Site::start(), CancellationToken::new());
    let discovery = follow(&site, Duration::from_secs(10), &stop);
    let handle = join(&site, orders(0), &discovery, &stop);
    assert!(handle.registered().await);
    sleep(Duration::from_secs(4)).await;
    assert_eq!(discovery.snapshot().instances("ORDERS").len(), 1);
    stop.cancel();
    site.stop().await;
}

/// The registry goes away for a while and comes back knowing nobody. At no moment does a follower see fewer instances.
#[tokio::test]
async fn nobody_notices_a_registry_restart() {
    let (site, stop) = (Site::start(), CancellationToken::new());
    let discovery = follow(&site, Duration::from_secs(10), &stop);
    let handles = [join(&site, orders(0), &discovery, &stop), join(&site, orders(1), &discovery, &stop)];
    until_there_are(&discovery, 2).await;
    let first_epoch = discovery.snapshot().epoch().unwrap().to_owned();

    let watcher = tokio::spawn({
        let discovery = discovery.clone();
        async move {
            let mut fewest = usize::MAX;
            loop {
                let snapshot = discovery.snapshot();
                fewest = fewest.min(snapshot.instances("ORDERS").len());
                if snapshot.epoch().is_some_and(|epoch| epoch != first_epoch) && snapshot.revision() >= 2 {
                    return fewest;
                }
                discovery.changed_since(snapshot.generation()).await;
            }
        }
    });
    let port = site.addr.port();
    site.stop().await;
    let gone = Instant::now();
    while discovery.is_connected() || handles.iter().any(|handle| handle.state() != RegistrationState::Pending) {
        assert!(gone.elapsed() < PATIENCE, "nobody notices that the registry is gone");
        sleep(Duration::from_millis(20)).await;
    }
    assert_eq!(discovery.snapshot().instances("ORDERS").len(), 2);

    let back = Instant::now();
    let site = Site::start_with(bijou_registry::Settings::default(), port);
    // Both have registered again: two changes in the new epoch.
    let fewest = timeout(PATIENCE, watcher).await.expect("everybody registers again").unwrap();
    assert!(back.elapsed() < Duration::from_secs(10), "{:?}", back.elapsed());
    assert_eq!(fewest, 2);
    assert_eq!(site.get_json("/eureka/apps").await["applications"]["apps__hashcode"], "UP_2_");
    stop.cancel();
    site.stop().await;
}

#[tokio::test]
async fn an_instance_that_died_with_the_registry_is_believed_for_the_grace_only() {
    let (site, stop) = (Site::start(), CancellationToken::new());
    let discovery = follow(&site, Duration::from_secs(5), &stop);
    let _alive = join(&site, orders(0), &discovery, &stop);
    // Its client is not heard of again.
    site.register("ORDERS", "host:orders:1", 8).await;
    until_there_are(&discovery, 2).await;
    let port = site.addr.port();
    site.stop().await;
    let site = Site::start_with(bijou_registry::Settings::default(), port);
    let restarted = discovery.wait_for(|snapshot| snapshot.revision() >= 1);
    timeout(PATIENCE, restarted).await.expect("the live one registers again");
    assert_eq!(discovery.snapshot().instances("ORDERS").len(), 2);
    until_there_are(&discovery, 1).await;
    assert_eq!(discovery.snapshot().instances("ORDERS")[0].instance_id, "host:orders:0");
    stop.cancel();
    site.stop().await;
}

#[tokio::test]
async fn an_instance_the_registry_forgot_registers_again_by_itself() {
    let (site, stop) = (Site::start(), CancellationToken::new());
    let discovery = follow(&site, Duration::from_secs(10), &stop);
    let _handle = join(&site, orders(0), &discovery, &stop);
    until_there_are(&discovery, 1).await;
    let forget = site.send(
        http::Method::DELETE,
        "/eureka/apps/ORDERS/host:orders:0",
        http::HeaderMap::new(),
        bytes::Bytes::new(),
    );
    assert_eq!(forget.await.status, 200);
    // It may be back before the follower has looked: the registry itself is asked.
    let is_back = async || {
        let ask = site.send(
            http::Method::GET,
            "/eureka/apps/ORDERS/host:orders:0",
            http::HeaderMap::new(),
            bytes::Bytes::new(),
        );
        ask.await.status == 200
    };
    timeout(PATIENCE, async {
        while !is_back().await {
            sleep(Duration::from_millis(20)).await;
        }
    })
    .await
    .expect("it registers again");
    until_there_are(&discovery, 1).await;
    stop.cancel();
    site.stop().await;
}

#[tokio::test]
async fn clients_started_before_the_registry_wait_for_it() {
    let site = Site::start();
    let port = site.addr.port();
    let url = site.url.clone();
    site.stop().await;
    let stop = CancellationToken::new();
    let discovery = Discovery::start(&url, stop.child_token()).unwrap();
    let handle = Registration::start(&url, orders(0), Some(&discovery), stop.child_token()).unwrap();
    sleep(Duration::from_millis(300)).await;
    assert!(!discovery.snapshot().is_heard());
    let site = Site::start_with(bijou_registry::Settings::default(), port);
    assert!(timeout(PATIENCE, handle.registered()).await.unwrap());
    until_there_are(&discovery, 1).await;
    stop.cancel();
    site.stop().await;
}
