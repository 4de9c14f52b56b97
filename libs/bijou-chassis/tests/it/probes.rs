//! What a supervisor and a scraper see.

use bijou_chassis::Service;
use bijou_testkit::TestService;
use serde_json::json;

use crate::service::{Held, ROLE, build, router};

#[tokio::test]
async fn readiness_names_what_is_missing_while_health_is_fine() {
    let (condition, conditions) = std::sync::mpsc::channel();
    let service = TestService::of(ROLE)
        .own_contract()
        .launch(async move |context: bijou_chassis::Context| {
            let index = context.readiness.condition("index", "being built");
            context.readiness.informational("playback", "no instance yet");
            condition.send(index).expect("the test waits");
            Ok(Service::new(router(Held::default())))
        })
        .await;
    let index = conditions.recv().expect("built");
    service.nobody().get("/healthz").send().await.expect(200);
    let answer = service.nobody().get("/readyz").send().await.expect(503);
    assert_eq!(answer.value()["ready"], false);
    assert_eq!(answer.value()["checks"][0], json!({"name": "index", "ready": false, "reason": "being built"}));

    index.ready();
    let answer = service.nobody().get("/readyz").send().await.expect(200);
    assert_eq!((&answer.value()["phase"], &answer.value()["role"]), (&json!("serving"), &json!("catalog")));
    assert_eq!(answer.value()["checks"][1]["informational"], true);

    index.not_ready("the disk is full");
    service.nobody().get("/readyz").send().await.expect(503);
}

#[tokio::test]
async fn metrics_have_opentelemetrys_names_and_routes_as_labels() {
    let service = TestService::of(ROLE).own_contract().start(build(Held::default())).await;
    service.anonymous().get("/v1/things/7").send().await.expect(200);
    service.nobody().get("/v1/things/7").send().await.expect(401);
    // An answer is counted once its last byte is handed over, which may be a moment after we have it.
    let wanted = [
        r#"http_server_request_duration_seconds_count{http_request_method="GET",http_route="/v1/things/{number}",http_response_status_code="200"} 1"#,
        r#"bijou_requests_refused_total{reason="passport"} 1"#,
        "http_server_active_requests 0",
        "bijou_telemetry_spans_queue_depth",
    ];
    bijou_testkit::wait_until("the metrics", async || {
        let text = service.nobody().get("/metrics").send().await.text();
        wanted.iter().all(|line| text.contains(line))
    })
    .await;
}

#[tokio::test]
async fn the_document_and_the_keys_are_served() {
    let service = TestService::of(ROLE).own_contract().start(build(Held::default())).await;
    let document = service.nobody().get("/openapi.json").send().await.value();
    assert!(document["paths"]["/v1/things"]["post"].is_object(), "{document}");
    let keys = service.nobody().get("/.well-known/passport-keys").send().await.value();
    assert_eq!(keys["keys"][0]["crv"], "Ed25519");
}
