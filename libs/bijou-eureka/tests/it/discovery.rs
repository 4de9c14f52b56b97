//! Following a registry that has no watch, or a bad one.

use std::{
    sync::{
        Arc,
        atomic::{AtomicUsize, Ordering},
    },
    time::Duration,
};

use bijou_eureka::{Discovery, DiscoverySettings, Instance, json};
use tokio::time::timeout;
use tokio_util::sync::CancellationToken;

use crate::scripted::{Reply, Scripted};

const PATIENCE: Duration = Duration::from_secs(30);

fn instance(id: &str) -> String {
    let mut out = Vec::new();
    json::write_instance(&mut out, &Instance::new("orders", id, "n7", "10.4.0.7", 8080));
    String::from_utf8(out).unwrap()
}

fn applications(ids: &[&str]) -> String {
    let instances = ids.iter().map(|id| instance(id)).collect::<Vec<_>>().join(",");
    if ids.is_empty() { "[]".to_owned() } else { format!(r#"[{{"name":"ORDERS","instance":[{instances}]}}]"#) }
}

fn list(ids: &[&str]) -> Reply {
    let applications = applications(ids);
    Reply::Json(format!(
        r#"{{"applications":{{"versions__delta":"1","apps__hashcode":"","application":{applications}}}}}"#
    ))
}

fn snapshot(epoch: &str, revision: u64, ids: &[&str]) -> String {
    let applications = applications(ids);
    format!(
        "event: snapshot\ndata: {{\"epoch\":\"{epoch}\",\"revision\":{revision},\"applications\":{applications}}}\n\n"
    )
}

fn upsert(revision: u64, id: &str) -> String {
    let instance = instance(id);
    format!("event: change\ndata: {{\"revision\":{revision},\"kind\":\"upsert\",\"instance\":{instance}}}\n\n")
}

fn follow(registry: &Scripted, stop: &CancellationToken) -> Discovery {
    let settings = DiscoverySettings {
        poll_every: Duration::from_millis(20),
        silence_max: Duration::from_millis(300),
        grace: Duration::from_millis(400),
        ..DiscoverySettings::new(&registry.url)
    };
    Discovery::start_with(&settings, stop.child_token()).unwrap()
}

#[track_caller]
fn ids(discovery: &Discovery) -> Vec<String> {
    discovery.snapshot().instances("ORDERS").iter().map(|endpoint| endpoint.instance_id.clone()).collect()
}

async fn until_there_are(discovery: &Discovery, expected: &[&str]) {
    let arrived = discovery.wait_for(|snapshot| {
        snapshot.is_heard()
            && snapshot
                .instances("ORDERS")
                .iter()
                .map(|endpoint| endpoint.instance_id.as_str())
                .eq(expected.iter().copied())
    });
    timeout(PATIENCE, arrived).await.unwrap_or_else(|_| panic!("never {expected:?}, but {:?}", ids(discovery)));
}

#[tokio::test]
async fn a_foreign_registry_without_a_watch_is_polled() {
    let polls = Arc::new(AtomicUsize::new(0));
    let registry = Scripted::start(move |seen, _| match seen.line.as_str() {
        "GET /eureka/watch" => Reply::Status(404),
        "GET /eureka/apps" => match polls.fetch_add(1, Ordering::Relaxed) {
            0 => list(&["a"]),
            1 => list(&["a", "b"]),
            _ => list(&["b"]),
        },
        other => panic!("{other}"),
    })
    .await;
    let stop = CancellationToken::new();
    let discovery = follow(&registry, &stop);
    until_there_are(&discovery, &["b"]).await;
    assert_eq!(discovery.snapshot().epoch(), None);
    assert!(discovery.is_connected());
    // In between it asks for a watch again: the registry may have been replaced by one that has it.
    while registry.count("GET /eureka/watch") < 2 {
        timeout(PATIENCE, discovery.changed()).await.unwrap();
    }
    stop.cancel();
}

#[tokio::test]
async fn of_a_polled_list_only_the_wanted_application_is_kept() {
    let registry = Scripted::start(|seen, _| match seen.line.as_str() {
        "GET /eureka/watch?app=BASKET" => Reply::Status(404),
        "GET /eureka/apps" => list(&["a"]),
        other => panic!("{other}"),
    })
    .await;
    let stop = CancellationToken::new();
    let settings = DiscoverySettings { app: Some("BASKET".to_owned()), ..DiscoverySettings::new(&registry.url) };
    let discovery = Discovery::start_with(&settings, stop.child_token()).unwrap();
    timeout(PATIENCE, discovery.wait_for(bijou_eureka::Snapshot::is_heard)).await.unwrap();
    assert_eq!(discovery.snapshot().applications().count(), 0);
    stop.cancel();
}

#[tokio::test]
async fn a_polled_registry_that_restarts_empty_gets_the_grace() {
    let polls = Arc::new(AtomicUsize::new(0));
    let registry = Scripted::start(move |seen, _| match seen.line.as_str() {
        "GET /eureka/watch" => Reply::Status(404),
        _ if polls.fetch_add(1, Ordering::Relaxed) == 0 => list(&["a"]),
        _ => list(&[]),
    })
    .await;
    let stop = CancellationToken::new();
    let discovery = follow(&registry, &stop);
    until_there_are(&discovery, &["a"]).await;
    let began = tokio::time::Instant::now();
    until_there_are(&discovery, &[]).await;
    assert!(began.elapsed() >= Duration::from_millis(350), "{:?}", began.elapsed());
    stop.cancel();
}

#[tokio::test]
async fn a_gap_in_the_revisions_makes_it_open_the_watch_again() {
    let registry = Scripted::start(|_, before| match before {
        0 => Reply::Events { events: snapshot("e", 1, &["a"]) + &upsert(3, "c"), stays_open: true },
        _ => Reply::Events { events: snapshot("e", 3, &["a", "b", "c"]), stays_open: true },
    })
    .await;
    let stop = CancellationToken::new();
    let discovery = follow(&registry, &stop);
    until_there_are(&discovery, &["a", "b", "c"]).await;
    stop.cancel();
}

#[tokio::test]
async fn events_that_cannot_be_read_do_not_spoil_what_is_known() {
    let registry = Scripted::start(|_, before| match before {
        0 => Reply::Events { events: snapshot("e", 1, &["a"]), stays_open: false },
        1 => Reply::Events { events: "event: snapshot\ndata: {broken\n\n".to_owned(), stays_open: false },
        2 => Reply::Status(503),
        _ => Reply::Events { events: snapshot("e", 1, &["a"]) + &upsert(2, "b"), stays_open: true },
    })
    .await;
    let stop = CancellationToken::new();
    let discovery = follow(&registry, &stop);
    until_there_are(&discovery, &["a"]).await;
    until_there_are(&discovery, &["a", "b"]).await;
    stop.cancel();
}

#[tokio::test]
async fn a_watch_that_falls_silent_is_opened_again() {
    let registry = Scripted::start(|_, before| match before {
        0 => Reply::Events { events: snapshot("e", 1, &["a"]), stays_open: true },
        _ => Reply::Events { events: snapshot("e", 2, &["a", "b"]), stays_open: true },
    })
    .await;
    let stop = CancellationToken::new();
    let discovery = follow(&registry, &stop);
    until_there_are(&discovery, &["a", "b"]).await;
    stop.cancel();
}

#[tokio::test]
async fn a_watch_that_ends_as_soon_as_it_opens_is_not_opened_in_a_busy_loop() {
    let registry = Scripted::start(|_, _| Reply::Events { events: snapshot("e", 1, &["a"]), stays_open: false }).await;
    let stop = CancellationToken::new();
    let discovery = follow(&registry, &stop);
    until_there_are(&discovery, &["a"]).await;
    tokio::time::sleep(Duration::from_secs(2)).await;
    // Pauses double up to a second and are at least halved by chance: about eight attempts fit at most.
    let opened = registry.count("GET /eureka/watch");
    assert!((2..=10).contains(&opened), "opened {opened} times");
    assert_eq!(ids(&discovery), ["a"]);
    stop.cancel();
}

#[tokio::test]
async fn a_new_epoch_keeps_the_old_instances_for_the_grace() {
    let registry = Scripted::start(|_, before| match before {
        0 => Reply::Events { events: snapshot("first", 9, &["a", "b"]), stays_open: false },
        _ => Reply::Events { events: snapshot("second", 0, &[]) + &upsert(1, "a"), stays_open: true },
    })
    .await;
    let stop = CancellationToken::new();
    let discovery = follow(&registry, &stop);
    let mut epochs = discovery.epochs();
    let second = discovery.wait_for(|snapshot| snapshot.epoch() == Some("second"));
    timeout(PATIENCE, second).await.unwrap();
    assert_eq!(ids(&discovery), ["a", "b"]);
    assert_eq!(epochs.borrow_and_update().as_deref(), Some("second"));
    until_there_are(&discovery, &["a"]).await;
    stop.cancel();
}

#[tokio::test]
async fn a_manual_discovery_shows_what_it_is_given() {
    let (discovery, publisher) = Discovery::manual();
    assert!(!discovery.snapshot().is_heard());
    let waiting = tokio::spawn({
        let discovery = discovery.clone();
        async move { discovery.wait_for(|snapshot| snapshot.instances("ORDERS").len() == 1).await.generation() }
    });
    publisher.publish(&[Instance::new("orders", "a", "n7", "10.4.0.7", 8080)]);
    assert_eq!(timeout(PATIENCE, waiting).await.unwrap().unwrap(), 1);
    publisher.publish(&[]);
    assert_eq!(discovery.generation(), 2);
    assert!(discovery.snapshot().is_heard());
}
