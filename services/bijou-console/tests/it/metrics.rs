//! Metrics: every instance is asked, and what it said is drawn.

use axum::Router;
use axum::routing::get;
use bijou_testkit::{TestService, wait_for};
use serde_json::{Value, json};

use crate::support::{Console, TOKEN};

const PAGE: &str = r#"# HELP http_server_request_duration_seconds Time from head to end.
# TYPE http_server_request_duration_seconds histogram
# UNIT http_server_request_duration_seconds seconds
http_server_request_duration_seconds_sum{http_route="/v1/titles"} 1.5
http_server_request_duration_seconds_bucket{http_route="/v1/titles",le="1.0"} 3
http_server_request_duration_seconds_bucket{http_route="/v1/titles",le="+Inf"} 4 # {trace_id="0000000000000000000000000000000a"} 1.25
http_server_request_duration_seconds_count{http_route="/v1/titles"} 4
# TYPE held gauge
held{shelf="a"} 3
held{shelf="b"} 4
# EOF
"#;

#[tokio::test]
async fn an_instances_metrics_are_listed_and_drawn() {
    let catalog = Router::new().route("/metrics", get(async || PAGE));
    let console = Console::start_with(TestService::of(bijou_console::ROLE).stand_in("CATALOG", catalog)).await;
    let of = |told: &Value, name: &str| {
        told["items"].as_array().expect("a list").iter().find(|item| item["name"] == name).cloned()
    };
    let took = "http_server_request_duration_seconds";
    let known = wait_for("its metrics", async || of(&console.ask("/api/metrics").await, took)).await;
    assert_eq!(
        (&known["kind"], &known["unit"], &known["help"]),
        (&json!("histogram"), &json!("seconds"), &json!("Time from head to end"))
    );
    assert_eq!(
        known["labels"],
        json!({"http_route": ["/v1/titles"], "instance": ["test:CATALOG:0"], "role": ["catalog"]})
    );

    // A step that ends behind now has what stands now.
    let soon = jiff::Timestamp::now() + std::time::Duration::from_secs(30);
    let graph = async |query: &str| console.ask(&format!("/api/metrics/query?until={soon}&step_s=10&{query}")).await;
    let held = graph("name=held&by=shelf&labels=role=catalog").await;
    assert_eq!(
        (&held["kind"], &held["step_s"], &held["left_out"], &held["is_cut"]),
        (&json!("gauge"), &json!(10), &json!(0), &json!(false))
    );
    let lines = held["lines"].as_array().expect("lines");
    let last = |line: &Value| line["values"].as_array().and_then(|values| values.last().cloned());
    assert_eq!((lines.len(), &lines[0]["labels"], last(&lines[0])), (2, &json!({"shelf": "b"}), Some(json!(4.0))));
    assert_eq!(last(&graph("name=held").await["lines"][0]), Some(json!(7.0)));
    assert_eq!(graph("name=held&labels=shelf=c").await["lines"], json!([]));

    let took = graph(&format!("name={took}&by=role,http_route&quantiles=0.5,0.99")).await;
    let stats: Vec<_> = took["lines"].as_array().expect("lines").iter().map(|line| line["stat"].clone()).collect();
    assert_eq!(stats, ["rate", "p50", "p99"]);
    assert_eq!(
        (&took["exemplars"][0]["trace_id"], &took["exemplars"][0]["value"]),
        (&json!(format!("{:032x}", 10)), &json!(1.25))
    );
}

#[tokio::test]
async fn what_cannot_be_drawn_is_told() {
    let console = Console::start().await;
    let ask = async |path: &str| {
        let request = console.stranger().get(path).header("authorization", &format!("Bearer {TOKEN}"));
        request.send().await
    };
    ask("/api/metrics/query?name=none").await.expect_problem(404, "metric-not-found");
    for (query, parameter) in [
        ("labels=role", "labels"),
        ("quantiles=0", "quantiles"),
        ("quantiles=high", "quantiles"),
        ("step_s=1", "step_s"),
        ("step_s=7200", "step_s"),
        ("since=2026-11-01T00:00:00Z&step_s=10", "step_s"),
        ("since=2026-11-02T00:00:00Z&until=2026-11-01T00:00:00Z", "since"),
    ] {
        let answer = ask(&format!("/api/metrics/query?name=none&{query}")).await;
        answer.expect_problem(400, "query-invalid");
        assert_eq!(answer.value()["parameter"], parameter, "{query}");
    }
}

/// What a program that is not ours has counted, as OpenTelemetry's own exporters send it (OTLP 1.x, JSON).
fn counted(requests: u64) -> Value {
    let text = |key: &str, value: &str| json!({ "key": key, "value": { "stringValue": value } });
    json!({ "resourceMetrics": [{
        "resource": { "attributes": [text("service.name", "greeter"), text("service.instance.id", "host:greeter:1")] },
        "scopeMetrics": [{ "metrics": [
            { "name": "http.server.request.duration", "unit": "s", "histogram": { "aggregationTemporality": 2, "dataPoints": [{
                "count": requests.to_string(), "sum": 1.0, "explicitBounds": [0.1], "bucketCounts": [requests.to_string(), "0"],
                "attributes": [text("http.route", "/hello"), text("http.request.method", "GET")],
                "exemplars": [{ "asDouble": 0.05, "traceId": format!("{:032x}", 11), "spanId": "00000000000000b7" }],
            }] } },
            { "name": "doors", "gauge": { "dataPoints": [{ "asInt": "3" }] } },
            { "name": "since.last.time", "sum": { "aggregationTemporality": 1, "isMonotonic": true,
                "dataPoints": [{ "asInt": "1" }] } },
        ] }],
    }] })
}

#[tokio::test]
async fn what_a_program_delivers_by_itself_is_drawn_beside_what_roles_are_asked_for() {
    let console = Console::start().await;
    let greeter = console.service.service("greeter");
    let deliver = async |requests| {
        let body = serde_json::to_vec(&counted(requests)).expect("serialises");
        greeter.post("/v1/metrics").body("application/json", body).send().await.expect(200).value()
    };
    let told = deliver(3).await;
    assert_eq!(told["partialSuccess"]["rejectedDataPoints"], 1, "differences are not taken: {told}");
    let took = "http_server_request_duration_seconds";
    let known = wait_for("its metrics", async || {
        let told = console.ask("/api/metrics").await;
        told["items"].as_array()?.iter().find(|item| item["name"] == took).cloned()
    })
    .await;
    assert_eq!((&known["kind"], &known["unit"]), (&json!("histogram"), &json!("seconds")));
    assert_eq!(
        known["labels"],
        json!({"http_request_method": ["GET"], "http_route": ["/hello"], "instance": ["host:greeter:1"], "role": ["greeter"]})
    );
    // One that is told within the same second is the later word about it.
    let next_second = jiff::Timestamp::now().as_second() + 1;
    wait_for("another second", async || (jiff::Timestamp::now().as_second() >= next_second).then_some(())).await;
    deliver(13).await;
    let soon = jiff::Timestamp::now() + std::time::Duration::from_secs(30);
    let row = wait_for("what came since", async || {
        let overview = console.ask(&format!("/api/overview?step_s=10&until={soon}")).await;
        overview["routes"].as_array()?.first().cloned()
    })
    .await;
    assert_eq!((&row["role"], &row["route"]), (&json!("greeter"), &json!("GET /hello")));
    assert!(row["requests"].as_f64().is_some_and(|count| (count - 10.0).abs() < 1e-6), "{row}");
    let graph = console.ask(&format!("/api/metrics/query?name={took}&until={soon}&step_s=10")).await;
    assert_eq!(graph["exemplars"][0]["trace_id"], json!(format!("{:032x}", 11)));
    let doors = console.ask(&format!("/api/metrics/query?name=doors&until={soon}&step_s=10")).await;
    let last = doors["lines"][0]["values"].as_array().and_then(|values| values.last().cloned());
    assert_eq!(last, Some(json!(3.0)));
    let own = console.service.nobody().get("/metrics").send().await.expect(200).text();
    assert!(own.contains("bijou_console_points_received_total 4") && own.contains("records_rejected_total 2"), "{own}");
}
