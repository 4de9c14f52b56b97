//! What a registry does unasked, as people learn of it: in the log, from the interface, on a gauge.

use std::time::Duration;

use bijou_eureka::{ApplicationPreservation, Instance, LeaseReport, PackedInstance};
use http::Method;
use tokio::time::advance;

use crate::{
    in_process::{BEGAN_UNIX_MS, InProcess},
    leases::{Beat, Kept, Origin},
    settings::Settings,
    test_log::Log,
};

const LEASE_S: u32 = 10;

fn instance(number: usize) -> Instance {
    let app = if number < 10 { "orders" } else { "basket" };
    let instance = Instance::new(app, &format!("i-{number:02}"), "n7", "10.4.0.7", 8080).with_lease(3, LEASE_S);
    Instance { last_dirty_ms: BEGAN_UNIX_MS, ..instance }
}

async fn report(site: &InProcess) -> LeaseReport {
    let answer = site.ask(Method::GET, "/eureka/leases?summary=true", &[], b"").await;
    serde_json::from_slice(&answer.body).expect("a report")
}

/// The value of a series, if it is there.
async fn metric(site: &InProcess, series: &str) -> Option<String> {
    let text = site.ask(Method::GET, "/metrics", &[], b"").await.body;
    let text = String::from_utf8(text.to_vec()).expect("text");
    text.lines().find_map(|line| line.strip_prefix(series)?.strip_prefix(' ')).map(str::to_owned)
}

/// Lets seconds pass in which those from `first` on renew.
async fn pass(site: &InProcess, seconds: u32, first: usize) {
    for _ in 0..seconds {
        advance(Duration::from_secs(1)).await;
        for number in first..100 {
            let Instance { app, instance_id, .. } = instance(number);
            site.registry().renew(&app, &instance_id, Beat::new(Origin::Client, None));
        }
        site.registry().sweep();
    }
}

#[track_caller]
fn check_logged(log: &Log, parts: &[&str]) {
    let logged = log.take();
    let is_meant = |line: &&String| parts.iter().all(|part| line.contains(part));
    assert_eq!(logged.iter().filter(is_meant).count(), 1, "of {parts:?} once in {logged:#?}");
}

#[tokio::test(start_paused = true)]
async fn self_preservation_says_whom_it_keeps_why_and_when_it_is_over() {
    const OF_ORDERS: &str = r#"bijou_registry_application_expired_kept{app="ORDERS"}"#;
    let log = Log::default();
    let _guard = tracing::subscriber::set_default(log.clone());
    let site = InProcess::start(&Settings::default());
    for number in 0..100 {
        site.registry().register(instance(number), Origin::Client);
    }
    // Four of the ten of ORDERS fall silent.
    log.take();
    pass(&site, 12, 4).await;
    let told = report(&site).await.self_preservation;
    assert_eq!((told.state.as_str(), told.instances, told.expired_kept), ("watching", 100, 4));
    let [ApplicationPreservation { app, state, instances, expired, gone_max, explanation, since_ms, until_ms, .. }] =
        &told.applications[..]
    else {
        panic!("one application has something to tell: {:?}", told.applications)
    };
    assert_eq!((app.as_str(), state.as_str(), *instances, *expired, *gone_max), ("ORDERS", "preserving", 10, 4, 1));
    let kept_for = "ORDERS: expected 200 renewals a minute, got 72, keeping 4 silent instances of 10 since ";
    assert!(explanation.starts_with(kept_for), "{explanation}");
    let began_ms = BEGAN_UNIX_MS + u64::from(LEASE_S) * 1000;
    assert_eq!((*since_ms, *until_ms), (Some(began_ms), Some(began_ms + 300_000)));
    check_logged(&log, &["self-preservation: ORDERS: ", "keeping 4 silent instances of 10"]);
    assert_eq!(metric(&site, OF_ORDERS).await.as_deref(), Some("4"));
    assert_eq!(metric(&site, "bijou_registry_self_preservation").await.as_deref(), Some("0"));

    // They are back.
    pass(&site, 1, 0).await;
    check_logged(&log, &["self-preservation of `ORDERS` is over"]);
    assert_eq!((report(&site).await.self_preservation.applications.len(), metric(&site, OF_ORDERS).await), (0, None));

    // Now everybody falls silent.
    pass(&site, 12, 100).await;
    let told = report(&site).await.self_preservation;
    assert_eq!((told.state.as_str(), told.instances, told.expired_kept, told.gone_max), ("preserving", 100, 100, 15));
    let kept_for = "expected 2,000 renewals a minute, got ";
    assert!(told.explanation.starts_with(kept_for), "{}", told.explanation);
    assert!(told.explanation.contains("keeping 100 silent instances of 100 since "), "{}", told.explanation);
    check_logged(&log, &["self-preservation: expected 2,000 renewals", "keeping 100 silent"]);
    assert_eq!(metric(&site, "bijou_registry_self_preservation").await.as_deref(), Some("1"));
    assert_eq!(metric(&site, "bijou_registry_expired_kept").await.as_deref(), Some("100"));

    pass(&site, 1, 0).await;
    check_logged(&log, &["self-preservation is over: leases end when they say again"]);
    assert_eq!(metric(&site, "bijou_registry_self_preservation").await.as_deref(), Some("0"));
    assert_eq!(report(&site).await.self_preservation.state, "watching");
}

#[tokio::test(start_paused = true)]
async fn after_a_restart_it_says_how_many_are_back_and_how_many_have_not_renewed_yet() {
    const UNCONFIRMED: &str = "bijou_registry_restored_unconfirmed";
    let log = Log::default();
    let _guard = tracing::subscriber::set_default(log.clone());
    let site = InProcess::start(&Settings::default());
    advance(Duration::from_secs(5)).await;
    let kept = |number: usize| Kept {
        number: number as u64,
        instance: PackedInstance::from(&instance(number)),
        overridden_ms: 0,
        override_reason: None,
    };
    site.registry().restore_for_test((0..5).map(kept).collect());
    check_logged(&log, &["5 leases are back from disk; each has one lease from now on"]);
    let restored = report(&site).await.restored.expect("it says so");
    assert_eq!((restored.leases, restored.unconfirmed, restored.since_ms), (5, 5, BEGAN_UNIX_MS + 5_000));
    assert_eq!(metric(&site, UNCONFIRMED).await.as_deref(), Some("5"));

    advance(Duration::from_secs(4)).await;
    for number in 0..3 {
        let Instance { app, instance_id, .. } = instance(number);
        site.registry().renew(&app, &instance_id, Beat::new(Origin::Client, None));
    }
    assert_eq!(report(&site).await.restored.map(|restored| restored.unconfirmed), Some(2));
    assert_eq!(metric(&site, UNCONFIRMED).await.as_deref(), Some("2"));
    // The others' grace ends with one lease, and with it what there is to say.
    advance(Duration::from_secs(6) - Duration::from_millis(1)).await;
    site.registry().sweep();
    assert_eq!(report(&site).await.self_preservation.instances, 5);
    advance(Duration::from_millis(1)).await;
    site.registry().sweep();
    let told = report(&site).await;
    assert_eq!((told.self_preservation.instances, told.restored.is_none()), (3, true));
    assert_eq!(metric(&site, UNCONFIRMED).await.as_deref(), Some("0"));
}
