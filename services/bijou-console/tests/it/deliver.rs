//! Roles deliver telemetry; it becomes requests and their stories.

use std::io::Write as _;

use axum::http::Method;
use bijou_testkit::{assert_refuses_strangers, wait_until};
use flate2::Compression;
use flate2::write::GzEncoder;
use prost::Message as _;
use serde_json::json;

use crate::support::{Console, crossing, log_batch};

const PROTOBUF: &str = "application/x-protobuf";

#[tokio::test]
async fn what_two_roles_deliver_in_either_encoding_becomes_one_story() {
    let console = Console::start().await;
    let [gateway, catalog] = crossing(7, 200);
    // The inner one first, as it happens, and each in another encoding.
    let role = console.service.service("catalog");
    role.post("/v1/traces")
        .body("application/json", serde_json::to_vec(&catalog).expect("serialises"))
        .send()
        .await
        .expect(200);
    let mut packed = GzEncoder::new(Vec::new(), Compression::fast());
    packed.write_all(&gateway.encode_to_vec()).expect("memory takes it");
    let packed = packed.finish().expect("memory takes it");
    let role = console.service.service("gateway");
    role.post("/v1/traces").header("content-encoding", "gzip").body(PROTOBUF, packed).send().await.expect(200);
    let line = log_batch("catalog", 7, 5, "read title 7").encode_to_vec();
    console.service.service("catalog").post("/v1/logs").body(PROTOBUF, line).send().await.expect(200);

    wait_until("the request with both its parts", async || {
        let request = console.ask("/api/requests").await["items"][0].clone();
        request["hops"].as_array().is_some_and(|hops| hops.len() == 2) && request["logs"] == 1
    })
    .await;
    let request = console.ask("/api/requests").await["items"][0].clone();
    let edges: Vec<_> = request["hops"]
        .as_array()
        .expect("hops")
        .iter()
        .map(|hop| json!([hop["from"], hop["to"], hop["duration_ms"]]))
        .collect();
    assert_eq!(edges, [json!(["client", "gateway", 12.0]), json!(["gateway", "catalog", 10.0])]);
    assert_eq!(
        (&request["path"], &request["entry"], &request["logs"]),
        (&json!("/v1/titles/7"), &json!("gateway"), &json!(1))
    );

    let story = console.ask("/api/requests/r-7").await;
    assert_eq!(story["id"], request["id"]);
    assert_eq!(story["spans"].as_array().map(Vec::len), Some(3));
    assert_eq!(story["log_lines"][0]["message"], "read title 7");
    assert_eq!(story["log_lines"][0]["at_ms"], 5.0);
    assert_eq!(story["attempts"][0]["instance_id"], "host:catalog:0");

    let status = console.ask("/api/status").await;
    assert_eq!(status["received"], json!({"spans": 3, "logs": 1, "rejected": 0}));
    assert_eq!(status["traces"]["held"], 1);
}

#[tokio::test]
async fn requests_can_be_narrowed_and_paged() {
    let console = Console::start().await;
    let role = console.service.service("gateway");
    for trace in 1..=4 {
        for batch in crossing(trace, if trace == 3 { 503 } else { 200 }) {
            role.post("/v1/traces").body(PROTOBUF, batch.encode_to_vec()).send().await.expect(200);
        }
    }
    let count = async |path: &str| console.ask(path).await["items"].as_array().expect("a list").len();
    wait_until("all requests", async || count("/api/requests").await == 4).await;
    assert_eq!(count("/api/requests?outcome=failed").await, 1);
    assert_eq!(count("/api/requests?role=catalog&path=titles/2").await, 1);
    assert_eq!(count("/api/requests?role=playback").await, 0);
    let page = console.ask("/api/requests?limit=3").await;
    let next = page["next"].as_str().expect("a fourth is left");
    assert_eq!(count(&format!("/api/requests?limit=3&before={next}")).await, 1);
}

#[tokio::test]
async fn what_is_no_telemetry_is_refused() {
    let console = Console::start().await;
    let role = console.service.service("catalog");
    for path in ["/v1/traces", "/v1/logs", "/v1/metrics"] {
        role.post(path).body(PROTOBUF, "no message").send().await.expect_problem(400, "otlp-malformed");
        role.post(path).body("application/json", "{").send().await.expect_problem(400, "otlp-malformed");
        role.post(path).body("text/plain", "x").send().await.expect_problem(415, "media-type-unsupported");
        let packed = role.post(path).header("content-encoding", "gzip").body(PROTOBUF, "not packed");
        packed.send().await.expect_problem(400, "otlp-malformed");
        let other = role.post(path).header("content-encoding", "zstd").body(PROTOBUF, "");
        other.send().await.expect_problem(415, "media-type-unsupported");
    }
}

#[tokio::test]
async fn a_body_that_unpacks_to_too_much_is_refused() {
    let console = Console::start().await;
    let mut bomb = GzEncoder::new(Vec::new(), Compression::best());
    bomb.write_all(&vec![0; 1 << 20]).expect("memory takes it");
    let bomb = bomb.finish().expect("memory takes it");
    let request = console.service.service("catalog").post("/v1/traces").header("content-encoding", "gzip");
    request.body(PROTOBUF, bomb).send().await.expect_problem(413, "body-too-large");
}

#[tokio::test]
async fn spans_without_ids_are_left_out_and_counted() {
    let console = Console::start().await;
    let [mut gateway, _] = crossing(1, 200);
    gateway.resource_spans[0].scope_spans[0].spans[1].trace_id = vec![1, 2, 3];
    let body = serde_json::to_vec(&gateway).expect("serialises");
    let answer = console.service.service("gateway").post("/v1/traces").body("application/json", body).send().await;
    assert_eq!(answer.expect(200).value()["partialSuccess"]["rejectedSpans"], 1);
    assert_eq!(console.ask("/api/status").await["received"], json!({"spans": 1, "logs": 0, "rejected": 1}));
}

#[tokio::test]
async fn only_services_deliver() {
    let console = Console::start().await;
    assert_refuses_strangers(&console.service, Method::POST, "/v1/traces").await;
    assert_refuses_strangers(&console.service, Method::POST, "/v1/logs").await;
    assert_refuses_strangers(&console.service, Method::POST, "/v1/metrics").await;
    let answer = console.service.account("acc-1").post("/v1/traces").body(PROTOBUF, "").send().await;
    answer.expect_problem(403, "service-only");
}
