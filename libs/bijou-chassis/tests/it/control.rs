//! What the console, and only the console, may ask and change of a running role.

use axum::http::Method;
use bijou_testkit::{TestService, assert_refuses_strangers, wait_until};
use serde_json::json;

use crate::service::{Held, ROLE, build};

async fn start() -> TestService {
    let settings = "[catalog]\nlimits.in_flight_max = 7\ndatabase = 'postgres://bijou:hush@db/bijou'\n";
    TestService::of(ROLE).own_contract().settings(settings).start(build(Held::default())).await
}

fn sheet(ttl_ms: u64, faults: serde_json::Value) -> serde_json::Value {
    json!({ "injector": "host:console:0", "ttl_ms": ttl_ms, "faults": faults })
}

/// A body that would be taken from the console.
fn asked_for(path: &str) -> serde_json::Value {
    if path == "/-/faults" { sheet(1, json!([])) } else { json!({"level": "info", "duration_s": 1}) }
}

#[tokio::test]
async fn only_the_console_is_answered() {
    let service = start().await;
    for (method, path) in [
        (Method::GET, "/-/status"),
        (Method::GET, "/-/config"),
        (Method::PUT, "/-/log-level"),
        (Method::PUT, "/-/drain"),
        (Method::DELETE, "/-/drain"),
        (Method::POST, "/-/restart"),
        (Method::PUT, "/-/faults"),
    ] {
        assert_refuses_strangers(&service, method.clone(), path).await;
        for user in [service.service("gateway"), service.account("acc-1"), service.anonymous()] {
            let asked = user.request(method.clone(), path).json(&asked_for(path));
            asked.send().await.expect_problem(403, "console-only");
        }
    }
}

#[tokio::test]
async fn settings_come_with_their_origin_and_without_secrets() {
    let service = start().await;
    let settings = service.service("console").get("/-/config").send().await.expect(200).value();
    let of = |path: &str| {
        let items = settings.as_array().expect("a list");
        items.iter().find(|item| item["path"] == path).cloned().unwrap_or_default()
    };
    assert_eq!(of("catalog.limits.in_flight_max")["value"], "7");
    assert_ne!(of("catalog.limits.in_flight_max")["origin"], "default");
    assert_eq!(of("stop.finish_ms")["origin"], "default");
    assert!(!settings.to_string().contains("hush"), "{settings}");
    assert!(of("playback.listen").is_null());
}

#[tokio::test]
async fn an_instance_that_is_taken_out_says_so_and_goes_on_serving() {
    let service = start().await;
    let console = service.service("console");
    let status = console.put("/-/drain").send().await.expect(200).value();
    assert_eq!((&status["drained"], &status["limits"]["in_flight_max"]), (&json!(true), &json!(7)));
    assert_eq!(status["limits"]["in_flight"], 1);
    let readyz = service.nobody().get("/readyz").send().await.expect(503).value();
    assert!(readyz.to_string().contains("an operator has taken this instance out"), "{readyz}");
    service.anonymous().get("/v1/things/7").send().await.expect(200);

    let status = console.delete("/-/drain").send().await.expect(200).value();
    assert_eq!(status["drained"], false);
    service.nobody().get("/readyz").send().await.expect(200);
}

#[tokio::test]
async fn a_log_level_falls_back_by_itself() {
    let service = start().await;
    let console = service.service("console");
    let set = |level: &str, duration_s: u64| {
        console.put("/-/log-level").json(&json!({ "level": level, "duration_s": duration_s })).send()
    };
    set("inof", 1).await.expect_problem(422, "log-level-unknown");
    set("debug", 0).await.expect_problem(422, "duration-refused");
    set("debug", 100_000).await.expect_problem(422, "duration-refused");

    // One test changes it, for the level is the process's and tests share one.
    let before = console.get("/-/status").send().await.expect(200).value()["log"].clone();
    assert!(before.get("falls_back_in_ms").is_none(), "{before}");
    let status = set("error", 1).await.expect(200).value();
    assert_eq!(status["log"]["level"], "error");
    assert!(status["log"]["falls_back_in_ms"].as_u64().is_some_and(|ms| ms <= 1_000), "{status}");
    wait_until("the level has fallen back", async || {
        let log = console.get("/-/status").send().await.expect(200).value()["log"].clone();
        log["level"] == log["configured"] && log.get("falls_back_in_ms").is_none()
    })
    .await;
}

#[tokio::test]
async fn who_has_no_supervisor_is_not_restarted() {
    let service = start().await;
    let answer = service.service("console").post("/-/restart").send().await;
    answer.expect_problem(409, "not-supervised");
    service.nobody().get("/readyz").send().await.expect(200);
}

#[tokio::test]
async fn faults_are_taken_counted_and_end_with_an_empty_sheet() {
    let service = start().await;
    let console = service.service("console");
    let fault = json!([{ "id": "f-1", "does": { "kind": "abort", "status": 503 }, "percent": 100, "ends_in_ms": 60_000,
        "at": { "kind": "edge", "to": "identity" } }]);
    let hits = console.put("/-/faults").json(&sheet(20_000, fault)).send().await.expect(200).value();
    assert_eq!(hits, json!([{ "id": "f-1", "hits": 0 }]));
    let metrics = service.nobody().get("/metrics").send().await.expect(200).text();
    assert!(metrics.contains("bijou_faults_injected_total{kind=\"abort\"} 0"), "{metrics}");
    console.put("/-/faults").json(&sheet(20_000, json!([]))).send().await.expect(200);
}
