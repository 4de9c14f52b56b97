//! The watch as bytes on the wire, and the endpoints for operators.

use std::time::Duration;

use bijou_eureka::{json, sse};
use bytes::Bytes;
use http::{HeaderMap, Method};
use http_body_util::BodyExt;
use hyper::body::Incoming;
use tokio::time::timeout;

use crate::support::{PATIENCE, Site};

struct Watch {
    body: Incoming,
    parser: sse::Parser,
    events: std::collections::VecDeque<sse::Event>,
}

impl Watch {
    async fn open(site: &Site) -> Self {
        Self::open_at(site, "/eureka/watch").await
    }

    async fn open_at(site: &Site, path: &str) -> Self {
        let response = site.open(Method::GET, path, HeaderMap::new(), Bytes::new()).await;
        assert_eq!(response.status(), 200);
        assert_eq!(response.headers()["content-type"], "text/event-stream");
        Watch { body: response.into_body(), parser: sse::Parser::new(1 << 24), events: [].into() }
    }

    /// The next event; `None` when the stream ended.
    async fn next(&mut self) -> Option<sse::Event> {
        while self.events.is_empty() {
            let frame = timeout(PATIENCE, self.body.frame()).await.expect("an event in time")?.ok()?;
            self.events.extend(self.parser.feed(frame.data_ref().unwrap()).unwrap());
        }
        self.events.pop_front()
    }

    async fn snapshot(&mut self) -> (String, u64, usize) {
        let event = self.next().await.unwrap();
        match json::read_watch_event(&event.name, &event.data).unwrap().unwrap() {
            json::WatchEvent::Snapshot { epoch, revision, applications, .. } => {
                assert_eq!(event.id, Some(format!("{epoch}:{revision}")));
                (epoch, revision, applications.iter().map(|application| application.instances.len()).sum())
            }
            change @ json::WatchEvent::Change { .. } => panic!("not a snapshot: {change:?}"),
        }
    }

    async fn change(&mut self) -> (u64, bool, String) {
        let event = self.next().await.unwrap();
        match json::read_watch_event(&event.name, &event.data).unwrap().unwrap() {
            json::WatchEvent::Change { revision, is_removal, instance } => (revision, is_removal, instance.instance_id),
            snapshot @ json::WatchEvent::Snapshot { .. } => panic!("not a change: {snapshot:?}"),
        }
    }
}

#[tokio::test]
async fn a_watcher_gets_everything_and_then_each_change_in_order() {
    let site = Site::start();
    site.register("ORDERS", "a", 90).await;
    let mut watch = Watch::open(&site).await;
    let (epoch, revision, count) = watch.snapshot().await;
    assert_eq!((revision, count), (1, 1));

    site.register("ORDERS", "b", 90).await;
    assert_eq!(watch.change().await, (2, false, "b".to_owned()));
    let cancelled = site.send(Method::DELETE, "/eureka/apps/ORDERS/a", HeaderMap::new(), Bytes::new()).await;
    assert_eq!(cancelled.status, 200);
    assert_eq!(watch.change().await, (3, true, "a".to_owned()));

    let (same_epoch, revision, count) = Watch::open(&site).await.snapshot().await;
    assert_eq!((same_epoch, revision, count), (epoch, 3, 1));
    site.stop().await;
}

#[tokio::test]
async fn a_watcher_that_comes_back_is_told_what_it_missed_and_nothing_twice() {
    let site = Site::start();
    site.register("ORDERS", "a", 90).await;
    let mut first = Watch::open(&site).await;
    let (epoch, ..) = first.snapshot().await;
    site.register("ORDERS", "b", 90).await;
    assert_eq!(first.change().await.0, 2);
    drop(first);
    for id in ["c", "d"] {
        site.register("ORDERS", id, 90).await;
    }
    let mut back = Watch::open_at(&site, &format!("/eureka/watch?since={epoch}:2")).await;
    assert_eq!(back.change().await, (3, false, "c".to_owned()));
    assert_eq!(back.change().await, (4, false, "d".to_owned()));
    site.register("ORDERS", "e", 90).await;
    assert_eq!(back.change().await, (5, false, "e".to_owned()));

    // Who comes from another life, from the future, or with nonsense starts from everything.
    for since in ["0123456789abcdef:2", &format!("{epoch}:99"), &format!("{epoch}:x"), "2"] {
        let mut anew = Watch::open_at(&site, &format!("/eureka/watch?since={since}")).await;
        assert_eq!(anew.snapshot().await.2, 5, "{since}");
    }
    // And so does who was away for longer than is remembered.
    for number in 0..4_100 {
        let path = format!("/eureka/apps/ORDERS/a/metadata?k={number}");
        assert_eq!(site.send(Method::PUT, &path, HeaderMap::new(), Bytes::new()).await.status, 200);
    }
    let mut late = Watch::open_at(&site, &format!("/eureka/watch?since={epoch}:5")).await;
    assert_eq!(late.snapshot().await, (epoch, 4_105, 5));
    site.stop().await;
}

#[tokio::test]
async fn a_watcher_of_one_application_or_address_hears_of_nothing_else() {
    let site = Site::start();
    for app in ["ORDERS", "BASKET"] {
        site.register(app, "a", 90).await;
    }
    let mut of_app = Watch::open_at(&site, "/eureka/watch?app=orders").await;
    let (epoch, revision, count) = of_app.snapshot().await;
    assert_eq!((revision, count), (2, 1));
    let mut of_vip = Watch::open_at(&site, "/eureka/watch?vip=ORDERS").await;
    assert_eq!(of_vip.snapshot().await.2, 1);
    site.register("BASKET", "b", 90).await;
    site.register("ORDERS", "b", 90).await;
    assert_eq!(of_app.change().await, (4, false, "b".to_owned()));
    assert_eq!(of_vip.change().await, (4, false, "b".to_owned()));
    let mut back = Watch::open_at(&site, &format!("/eureka/watch?app=ORDERS&since={epoch}:{revision}")).await;
    assert_eq!(back.change().await, (4, false, "b".to_owned()));
    site.stop().await;
}

#[tokio::test]
async fn a_thousand_watchers_hear_of_a_change_and_cost_one_copy_of_it() {
    let site = Site::start();
    site.register("ORDERS", "a", 90).await;
    let mut watches = Vec::new();
    for _ in 0..1_000 {
        let mut watch = Watch::open(&site).await;
        watch.snapshot().await;
        watches.push(watch);
    }
    site.register("ORDERS", "b", 90).await;
    for watch in &mut watches {
        assert_eq!(watch.change().await, (2, false, "b".to_owned()));
    }
    let metrics = String::from_utf8(site.get("/metrics").await.body.to_vec()).unwrap();
    assert!(metrics.contains("bijou_registry_watchers 1000"), "{metrics}");
    site.stop().await;
}

#[tokio::test]
async fn a_lease_nobody_renews_ends_on_the_watch_when_it_says() {
    let site = Site::start();
    let mut watch = Watch::open(&site).await;
    watch.snapshot().await;
    let registered = tokio::time::Instant::now();
    site.register("ORDERS", "a", 1).await;
    assert_eq!(watch.change().await, (1, false, "a".to_owned()));
    assert_eq!(watch.change().await, (2, true, "a".to_owned()));
    // Not before its time (the clocks tick in milliseconds), and not a full sweep later either.
    let age = registered.elapsed();
    assert!(age >= Duration::from_millis(980) && age < Duration::from_secs(10), "{age:?}");
    assert_eq!(site.get("/eureka/apps/ORDERS/a").await.status, 404);
    site.stop().await;
}

#[tokio::test]
async fn a_watcher_that_does_not_read_is_sent_the_whole_list_in_place_of_what_it_missed() {
    let site = Site::start();
    let mut slow = Watch::open(&site).await;
    slow.snapshot().await;
    // More than the broadcast holds and the socket buffers take.
    let entry = "x".repeat(8_000);
    site.register("ORDERS", "a", 90).await;
    for number in 0..2_500 {
        let path = format!("/eureka/apps/ORDERS/a/metadata?k={number}{entry}");
        let answer = site.send(Method::PUT, &path, HeaderMap::new(), Bytes::new()).await;
        assert_eq!(answer.status, 200);
    }
    let mut revision = 0;
    let mut was_sent_anew = false;
    while revision < 2_501 {
        let event = slow.next().await.unwrap();
        revision = match json::read_watch_event(&event.name, &event.data).unwrap().unwrap() {
            json::WatchEvent::Snapshot { revision, .. } => {
                was_sent_anew = true;
                revision
            }
            json::WatchEvent::Change { revision: next, .. } => {
                assert_eq!(next, revision + 1, "a change is missing");
                next
            }
        };
    }
    assert!(was_sent_anew);
    let metrics = String::from_utf8(site.get("/metrics").await.body.to_vec()).unwrap();
    assert!(metrics.contains("bijou_registry_watchers 1"), "{metrics}");
    assert!(!metrics.contains("bijou_registry_watch_restarts_total 0"), "{metrics}");
    site.stop().await;
}

#[tokio::test]
async fn watches_end_when_the_registry_stops() {
    let site = Site::start();
    let mut watch = Watch::open(&site).await;
    watch.snapshot().await;
    timeout(PATIENCE, site.stop()).await.expect("it does not wait for watchers");
    assert_eq!(watch.next().await, None);
}

#[tokio::test]
async fn operators_see_leases_health_and_metrics() {
    let site = Site::start();
    site.register("ORDERS", "a", 90).await;
    let report = bijou_eureka::RegistryClient::new(&site.url).unwrap().leases().await.unwrap();
    assert_eq!((report.leases.len(), report.self_preservation.state.as_str()), (1, "off"));
    let lease = &report.leases[0];
    assert_eq!((lease.app.as_str(), lease.instance_id.as_str(), lease.duration_s), ("ORDERS", "a", 90));
    assert!(lease.expires_in_ms > 80_000 && lease.expires_in_ms <= 90_000);

    assert_eq!(site.get_json("/healthz").await["status"], "ok");
    assert_eq!(site.get_json("/readyz").await["ready"], true);
    let metrics = String::from_utf8(site.get("/metrics").await.body.to_vec()).unwrap();
    for line in ["bijou_registry_instances{status=\"UP\"} 1", "bijou_registry_registrations_total 1"] {
        assert!(metrics.contains(line), "{line} is not in {metrics}");
    }
    let nothing = site.get("/nothing").await;
    assert_eq!(
        (nothing.status.as_u16(), &nothing.headers["content-type"]),
        (404, &"application/problem+json".parse().unwrap())
    );
    site.stop().await;
}

#[tokio::test]
async fn a_port_in_use_is_an_error_that_names_the_setting() {
    let site = Site::start();
    let settings = bijou_registry::Settings { listen: site.addr, threads: 2, ..Default::default() };
    let second = bijou_registry::start(
        &settings,
        None,
        bijou_telemetry::Metrics::new(),
        None,
        "test",
        tokio_util::sync::CancellationToken::new(),
    );
    let error = second.unwrap_err().to_string();
    assert!(error.contains("in use") && error.contains("registry.listen"), "{error}");
    site.stop().await;
}
