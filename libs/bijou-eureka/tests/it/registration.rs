//! Staying registered at a registry that refuses, forgets, or does not answer.

use std::time::Duration;

use bijou_eureka::{Instance, Registration, RegistrationHandle, RegistrationState, Status, json};
use tokio::time::{Instant, sleep, timeout};
use tokio_util::sync::CancellationToken;

use crate::scripted::{Reply, Scripted};

const PATIENCE: Duration = Duration::from_secs(30);

fn join(registry: &Scripted, stop: &CancellationToken) -> RegistrationHandle {
    let instance = Instance::new("orders", "host:orders:0", "127.0.0.1", "127.0.0.1", 8080).with_lease(1, 3);
    Registration::start(&registry.url, instance, None, stop.child_token()).unwrap()
}

async fn wait_for(what: &str, is_met: impl Fn() -> bool) {
    let until = Instant::now() + PATIENCE;
    while !is_met() {
        assert!(Instant::now() < until, "{what}");
        sleep(Duration::from_millis(10)).await;
    }
}

#[tokio::test]
async fn a_registry_that_refuses_at_first_is_asked_again() {
    let registry = Scripted::start(|_, before| Reply::Status(if before < 3 { 503 } else { 204 })).await;
    let stop = CancellationToken::new();
    let handle = join(&registry, &stop);
    assert_eq!(handle.state(), RegistrationState::Pending);
    assert!(timeout(PATIENCE, handle.registered()).await.unwrap());
    assert_eq!(registry.lines(), vec!["POST /eureka/apps/ORDERS"; 4]);
    stop.cancel();
}

#[tokio::test]
async fn a_forgotten_instance_registers_again_at_once_as_a_newer_version() {
    let registry = Scripted::start(|seen, before| match seen.line.split(' ').next() {
        Some("PUT") if before == 1 => Reply::Status(404),
        Some("POST") => Reply::Status(204),
        _ => Reply::Status(200),
    })
    .await;
    let stop = CancellationToken::new();
    let _handle = join(&registry, &stop);
    wait_for("it registers again", || registry.count("POST") >= 2).await;
    let versions =
        registry.bodies("POST").into_iter().map(|body| json::read_instance(body.as_bytes()).unwrap().last_dirty_ms);
    let versions = versions.collect::<Vec<_>>();
    assert!(versions[1] > versions[0], "{versions:?}");
    wait_for("it goes on renewing", || registry.count("PUT") >= 2).await;
    let renewal = registry.lines().into_iter().rfind(|line| line.starts_with("PUT")).unwrap();
    let expected = format!("PUT /eureka/apps/ORDERS/host%3Aorders%3A0?status=UP&lastDirtyTimestamp={}", versions[1]);
    assert_eq!(renewal, expected);
    stop.cancel();
}

#[tokio::test]
async fn changes_made_in_a_burst_are_told_together() {
    let registry = Scripted::start(|_, _| Reply::Status(204)).await;
    let stop = CancellationToken::new();
    let handle = join(&registry, &stop);
    assert!(handle.registered().await);
    handle.set_metadata("a", "1");
    handle.set_metadata("b", "2");
    handle.set_status(Status::Down);
    // What is already so is not told again.
    handle.set_status(Status::Down);
    wait_for("the changes are told", || registry.count("POST") >= 2).await;
    let told = json::read_instance(registry.bodies("POST")[1].as_bytes()).unwrap();
    let told_keys = told.metadata.keys().map(String::as_str).collect::<Vec<_>>();
    // The third says which process this is.
    assert_eq!((told.status, told_keys.as_slice()), (Status::Down, ["a", "b", "bijou.process"].as_slice()));
    handle.set_metadata("a", "1");
    sleep(Duration::from_millis(100)).await;
    assert_eq!(registry.count("POST"), 2);
    stop.cancel();
}

#[tokio::test]
async fn deregistering_says_goodbye_and_is_the_last_word() {
    let registry = Scripted::start(|_, _| Reply::Status(200)).await;
    let stop = CancellationToken::new();
    let handle = join(&registry, &stop);
    assert!(handle.registered().await);
    timeout(PATIENCE, handle.deregister()).await.unwrap();
    assert_eq!(handle.state(), RegistrationState::Ended);
    assert_eq!(registry.lines().last().unwrap(), "DELETE /eureka/apps/ORDERS/host%3Aorders%3A0");
    let count = registry.lines().len();
    handle.set_metadata("a", "1");
    sleep(Duration::from_millis(1_200)).await;
    assert_eq!(registry.lines().len(), count);
    // And again is no harm.
    timeout(PATIENCE, handle.deregister()).await.unwrap();
    assert!(!handle.registered().await);
}

#[tokio::test]
async fn shutdown_alone_deregisters_too() {
    let registry = Scripted::start(|_, _| Reply::Status(204)).await;
    let stop = CancellationToken::new();
    let handle = join(&registry, &stop);
    assert!(handle.registered().await);
    stop.cancel();
    wait_for("it says goodbye", || registry.count("DELETE") >= 1).await;
}

#[tokio::test]
async fn a_registry_that_never_answers_does_not_hold_up_a_goodbye_for_long() {
    let registry = Scripted::start(|_, before| if before == 0 { Reply::Status(204) } else { Reply::Silence }).await;
    let stop = CancellationToken::new();
    let handle = join(&registry, &stop);
    assert!(handle.registered().await);
    let began = Instant::now();
    timeout(PATIENCE, handle.deregister()).await.unwrap();
    assert!(began.elapsed() < Duration::from_secs(9), "{:?}", began.elapsed());
}

#[tokio::test]
async fn the_registration_outlives_its_handles() {
    let registry = Scripted::start(|_, _| Reply::Status(204)).await;
    let stop = CancellationToken::new();
    drop(join(&registry, &stop));
    wait_for("it registers", || registry.count("POST") == 1).await;
    wait_for("it renews", || registry.count("PUT") >= 1).await;
    stop.cancel();
}
