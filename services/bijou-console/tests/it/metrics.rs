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
