//! A gateway that has a zone: who answers, and where that is told.

use bijou_eureka::Instance;
use serde_json::json;

use crate::support::{Call, Origin, Platform, ROUTE_X, call, config, wait_for};

const REQUESTS: u64 = 400;

/// A gateway in zone `a`, alone unless told otherwise.
async fn start() -> Platform {
    let mut settings = config(ROUTE_X);
    "a".clone_into(&mut settings.zone);
    Platform::start(settings).await
}

async fn origin(platform: &mut Platform, id: &str, zone: Option<&str>) -> Origin {
    let origin = Origin::echo(id).await;
    platform.register_instance(instance("X", id, origin.addr.port(), zone));
    origin
}

fn instance(app: &str, id: &str, port: u16, zone: Option<&str>) -> Instance {
    let instance = Instance::new(app, id, "localhost", "127.0.0.1", port);
    zone.map_or(instance.clone(), |zone| instance.with_metadata("zone", zone))
}

/// Another gateway, in zone `b`: half of all requests come from there.
fn another_gateway(platform: &mut Platform) {
    platform.register_instance(instance("GATEWAY", "here", 1, Some("a")));
    platform.register_instance(instance("GATEWAY", "there", 1, Some("b")));
}

async fn ask(platform: &Platform) {
    for _ in 0..REQUESTS {
        assert_eq!(platform.get("/x").await.status, 200);
    }
}

fn attempts(platform: &Platform, locality: &str) -> Option<u64> {
    let text = platform.gateway.metrics()();
    let named = format!("bijou_edge_zone_attempts_total{{to=\"x\",zone=\"{locality}\"}} ");
    text.lines().find_map(|line| line.strip_prefix(&named)?.parse().ok())
}

#[tokio::test]
async fn requests_stay_in_a_zone_that_can_carry_them_and_that_is_told() {
    let mut platform = start().await;
    another_gateway(&mut platform);
    let near = [origin(&mut platform, "near-1", Some("a")).await, origin(&mut platform, "near-2", Some("a")).await];
    let far = [origin(&mut platform, "far-1", Some("b")).await, origin(&mut platform, "far-2", None).await];
    ask(&platform).await;
    assert_eq!((far[0].seen(), far[1].seen()), (0, 0));
    assert!(near.iter().all(|origin| origin.seen() > 0));
    assert_eq!(attempts(&platform, "same-zone"), Some(REQUESTS));
    assert_eq!((attempts(&platform, "other-zone"), attempts(&platform, "unknown-zone")), (Some(0), Some(0)));

    let told = platform.admin("/-/explain?method=GET&url=/x").await;
    assert_eq!((&told["zones"]["own"], &told["zones"]["share"]), (&json!("a"), &json!(1.0)), "{told}");
    assert_eq!(told["zones"]["why"], "it has 50 % of the capacity for 50 % of the gateways: that is enough");
    let candidates = told["candidates"].as_array().unwrap();
    let of = |id: &str| candidates.iter().find(|one| one["instance_id"] == id).unwrap();
    assert_eq!((&of("near-1")["zone"], &of("near-1")["locality"]), (&json!("a"), &json!("same-zone")));
    assert_eq!((&of("far-1")["zone"], &of("far-1")["locality"]), (&json!("b"), &json!("other-zone")));
    assert_eq!(of("far-2")["locality"], "unknown-zone");
}

#[tokio::test]
async fn a_small_zone_is_not_overloaded_and_the_rest_goes_elsewhere() {
    let mut platform = start().await;
    let near = origin(&mut platform, "near", Some("a")).await;
    let mut far = Vec::new();
    for id in ["far-1", "far-2", "far-3"] {
        far.push(origin(&mut platform, id, Some("b")).await);
    }
    let told = platform.admin("/-/explain?method=GET&url=/x").await;
    assert_eq!(told["zones"]["share"], 0.375, "{told}");
    ask(&platform).await;
    // An even share would be 100; half as much again is 150, give or take five standard deviations of drawing.
    assert!((100..=200).contains(&near.seen()), "{} of {REQUESTS} stayed", near.seen());
    assert!(far.iter().all(|origin| origin.seen() > 0));
    assert_eq!(
        attempts(&platform, "same-zone").zip(attempts(&platform, "other-zone")).map(|(a, b)| a + b),
        Some(REQUESTS)
    );
}

#[tokio::test]
async fn a_zone_that_dies_is_left_without_a_failed_request() {
    let mut platform = start().await;
    another_gateway(&mut platform);
    let near = origin(&mut platform, "near", Some("a")).await;
    let far = origin(&mut platform, "far", Some("b")).await;
    assert_eq!(platform.get("/x").await.status, 200);
    assert_eq!((near.seen(), far.seen()), (1, 0));
    near.kill();
    ask(&platform).await;
    assert_eq!(far.seen(), REQUESTS);
    wait_for("the dead one to be seen as such", async || {
        let told = platform.admin("/-/explain?method=GET&url=/x").await;
        told["candidates"]
            .as_array()
            .unwrap()
            .iter()
            .any(|one| one["instance_id"] == "near" && one["state"] != "healthy")
    })
    .await;
}

#[tokio::test]
async fn an_attempts_story_says_where_its_instance_is() {
    let mut platform = start().await;
    let _far = origin(&mut platform, "far", Some("b")).await;
    let broken = call(platform.addr(), Call::get("/x")).await;
    assert_eq!(broken.status, 200);
    // A request that fails is always kept.
    platform.register_instance(instance("X", "far", 1, Some("b")));
    let failed = platform.get("/x").await;
    assert_eq!(failed.status, 502);
    let story = platform.story(failed.header("x-request-id")).await;
    assert_eq!(story["attempts"][0]["locality"], "other-zone", "{story}");
}

#[tokio::test]
async fn without_a_zone_nothing_is_preferred_and_nothing_told() {
    let mut platform = Platform::start(config(ROUTE_X)).await;
    let here = origin(&mut platform, "here", Some("a")).await;
    let there = origin(&mut platform, "there", Some("b")).await;
    ask(&platform).await;
    assert!((100..=300).contains(&here.seen()) && (100..=300).contains(&there.seen()));
    assert_eq!(attempts(&platform, "same-zone"), None);
    let told = platform.admin("/-/explain?method=GET&url=/x").await;
    assert!(told.get("zones").is_none() && told["candidates"][0].get("locality").is_none(), "{told}");
}
