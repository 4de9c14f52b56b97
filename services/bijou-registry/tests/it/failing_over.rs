//! Two registries that are peers, and Bijou's own client beside them: one is killed, and nobody is lost from sight.

use std::net::TcpListener;

use bijou_eureka::{Discovery, Instance, Registration, RegistryClient, Status};
use bijou_registry::{Peers, Settings};
use http::StatusCode;
use tokio::time::{Duration, Instant, sleep, timeout};
use tokio_util::sync::CancellationToken;

use crate::support::{PATIENCE, Site};

async fn wait_until_listed(site: &Site, id: &str) {
    let until = Instant::now() + PATIENCE;
    while site.get(&format!("/eureka/apps/ORDERS/{id}")).await.status != StatusCode::OK {
        assert!(Instant::now() < until, "`{id}` is not listed");
        sleep(Duration::from_millis(20)).await;
    }
}

#[tokio::test]
async fn when_one_of_two_registries_is_gone_the_other_is_told_renewed_and_watched() {
    let places = [(); 2].map(|()| TcpListener::bind("127.0.0.1:0").unwrap());
    let ports = places.each_ref().map(|place| place.local_addr().unwrap().port());
    drop(places);
    let urls = ports.map(|port| format!("http://127.0.0.1:{port}/eureka"));
    let [first, second] = ports.map(|port| {
        let peers = Peers { urls: urls.to_vec(), ..Peers::default() };
        Site::start_with(Settings { peers, ..Settings::default() }, port)
    });
    let url = urls.join(",");
    let stop = CancellationToken::new();
    let discovery = Discovery::start(&url, stop.clone()).unwrap();
    let start = |id: &str| {
        let instance = Instance::new("orders", id, "n7", "127.0.0.1", 8080).with_lease(1, 90);
        Registration::start(&url, instance, Some(&discovery), stop.clone()).unwrap()
    };
    let _before = start("before");
    let seen = discovery.wait_for(|snapshot| snapshot.instances("ORDERS").len() == 1);
    timeout(PATIENCE, seen).await.expect("both are reached");
    wait_until_listed(&first, "before").await;

    first.stop().await;
    wait_until_listed(&second, "before").await;
    let _after = start("after");
    wait_until_listed(&second, "after").await;
    let seen = discovery.wait_for(|snapshot| snapshot.instances("ORDERS").len() == 2);
    timeout(PATIENCE, seen).await.expect("the other one is watched");
    stop.cancel();
    second.stop().await;
}

#[tokio::test]
async fn the_first_of_several_that_answers_is_enough_at_the_start() {
    let site = Site::start();
    let url = format!("http://127.0.0.1:1/eureka, {},", site.url);
    let stop = CancellationToken::new();
    let discovery = Discovery::start(&url, stop.clone()).unwrap();
    let instance = Instance::new("orders", "a", "n7", "127.0.0.1", 8080);
    let handle = Registration::start(&url, instance, Some(&discovery), stop.clone()).unwrap();
    assert!(timeout(PATIENCE, handle.registered()).await.unwrap());
    let seen = discovery.wait_for(|snapshot| snapshot.instances("ORDERS").len() == 1);
    timeout(PATIENCE, seen).await.expect("it is watched");

    // Told where it is registered, also when it leaves.
    handle.deregister().await;
    assert_eq!(site.get("/eureka/apps/ORDERS/a").await.status, StatusCode::NOT_FOUND);
    stop.cancel();
    site.stop().await;
}

#[tokio::test]
async fn an_operator_asks_whichever_node_answers() {
    let [first, second] = [Site::start(), Site::start()];
    first.register("ORDERS", "a", 90).await;
    second.register("ORDERS", "b", 90).await;
    let url = format!("http://127.0.0.1:1/eureka, {}, {},", first.url, second.url);
    let client = RegistryClient::new(&url).unwrap();
    let listed = || async {
        let report = client.leases().await.unwrap();
        report.leases.into_iter().map(|lease| lease.instance_id).collect::<Vec<_>>()
    };
    assert_eq!(listed().await, ["a"]);
    assert!(client.override_status("ORDERS", "a", Status::OutOfService, "a drill").await.unwrap());
    first.stop().await;
    assert_eq!(listed().await, ["b"]);
    assert!(client.watch(None, None).await.unwrap().next().await.unwrap().is_some());
    second.stop().await;
    let error = client.leases().await.unwrap_err();
    assert!(error.to_string().contains("failed to connect"), "{error}");
}

#[tokio::test]
async fn where_no_node_answers_each_is_named_with_its_reason_in_one_line() {
    let places = [(); 2].map(|()| TcpListener::bind("127.0.0.1:0").unwrap());
    let ports = places.each_ref().map(|place| place.local_addr().unwrap().port());
    drop(places);
    let url = ports.map(|port| format!("http://127.0.0.1:{port}/eureka")).join(",");
    let client = RegistryClient::new(&url).unwrap();
    // Whichever was asked last.
    for _ in 0..2 {
        let error = client.leases().await.unwrap_err().to_string();
        for port in ports {
            assert!(error.contains(&format!("failed to connect to `127.0.0.1:{port}`: Connection refused")), "{error}");
        }
        assert_eq!(error.lines().count(), 1, "{error}");
    }
}
