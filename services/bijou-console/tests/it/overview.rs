//! The overview, by what roles count, and the time line beside it.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use axum::Router;
use axum::routing::get;
use bijou_testkit::{TestService, wait_for, wait_until};
use serde_json::{Value, json};

use crate::support::{Console, TOKEN};

/// A gateway's page after so many requests, one in five of which failed, and as many configurations taken.
fn gateway(count: u64) -> String {
    let failed = count / 5;
    format!(
        r#"# TYPE http_server_request_duration_seconds histogram
http_server_request_duration_seconds_sum{{http_route="home"}} 0
http_server_request_duration_seconds_bucket{{http_route="home",le="0.1"}} {count}
http_server_request_duration_seconds_bucket{{http_route="home",le="+Inf"}} {count}
# TYPE bijou_gateway_requests counter
bijou_gateway_requests_total{{http_route="home",http_response_status_code="200"}} {}
bijou_gateway_requests_total{{http_route="home",http_response_status_code="503"}} {failed}
# TYPE bijou_gateway_config_reloads counter
bijou_gateway_config_reloads_total{{outcome="accepted"}} {count}
"#,
        count - failed
    )
}

/// Playback's, after so many starts.
fn playback(starts: u64) -> String {
    format!(
        "# TYPE bijou_playback_starts counter\nbijou_playback_starts_total {starts}\n\
         # TYPE bijou_playback_failures counter\nbijou_playback_failures_total 0\n"
    )
}

/// A caller's page after so many calls of the catalog: one in ten failed, one in twenty was another attempt.
fn caller(count: u64) -> String {
    let (failed, again) = (count / 10, count / 20);
    format!(
        r#"# TYPE bijou_edge_attempts counter
bijou_edge_attempts_total{{to="catalog"}} {count}
# TYPE bijou_edge_failures counter
bijou_edge_failures_total{{to="catalog"}} {failed}
# TYPE bijou_edge_retries counter
bijou_edge_retries_total{{to="catalog"}} {again}
# TYPE bijou_edge_seconds histogram
bijou_edge_seconds_sum{{to="catalog"}} 0
bijou_edge_seconds_bucket{{to="catalog",le="0.1"}} {count}
bijou_edge_seconds_bucket{{to="catalog",le="+Inf"}} {count}
# TYPE bijou_edge_breakers_open gauge
bijou_edge_breakers_open{{to="catalog"}} 1
"#
    )
}

fn page_of(count: &Arc<AtomicU64>, page: fn(u64) -> String) -> Router {
    let count = Arc::clone(count);
    Router::new().route("/metrics", get(async move || page(count.load(Ordering::Relaxed))))
}

/// A step that ends behind now has what stands now.
fn soon() -> jiff::Timestamp {
    jiff::Timestamp::now() + std::time::Duration::from_secs(30)
}

/// To the thousandth: what came is divided among steps.
fn rounded(value: f64) -> f64 {
    (value * 1_000.0).round() / 1_000.0
}

fn sum(values: &Value) -> f64 {
    rounded(values.as_array().into_iter().flatten().filter_map(Value::as_f64).sum())
}

#[tokio::test]
async fn rate_errors_duration_and_the_pulse_are_of_every_request_that_was_counted() {
    let count = Arc::new(AtomicU64::new(100));
    let service = TestService::of(bijou_console::ROLE)
        .stand_in("GATEWAY", page_of(&count, gateway))
        .stand_in("PLAYBACK", page_of(&count, playback));
    let console = Console::start_with(service).await;
    let known = async |name: &str| {
        let query = format!("/api/metrics/query?name={name}&step_s=10&until={}", soon());
        let request = console.stranger().get(&query).header("authorization", &format!("Bearer {TOKEN}"));
        request.send().await.status == 200
    };
    wait_until("both were asked", async || {
        known("bijou_gateway_requests").await && known("bijou_playback_starts").await
    })
    .await;
    count.store(150, Ordering::Relaxed);
    // Whoever is new has everybody asked again soon.
    console.service.add_peer("OTHER", ([127, 0, 0, 1], 1).into());
    let overview = wait_for("what came since", async || {
        let overview = console.ask(&format!("/api/overview?step_s=10&until={}", soon())).await;
        (overview["services"] != json!([]) && sum(&overview["pulse"]["starts"]) > 0.0).then_some(overview)
    })
    .await;

    let service = &overview["services"][0];
    let number = |of: &Value, name: &str| of[name].as_f64().map(rounded);
    assert_eq!(
        (&service["role"], number(service, "requests"), number(service, "failed")),
        (&json!("gateway"), Some(50.0), Some(10.0)),
        "what was counted before anybody asked is of no known time"
    );
    let route = &overview["routes"][0];
    assert_eq!(
        (&route["role"], &route["route"], number(route, "requests")),
        (&json!("gateway"), &json!("home"), Some(50.0))
    );
    let traffic = &overview["traffic"];
    assert_eq!((sum(&traffic["requests"]), sum(&traffic["failed"])), (5.0, 1.0));
    assert!(sum(&traffic["p99_ms"]) > 0.0 && sum(&traffic["p99_ms"]) <= 100.0, "{traffic}");
    let last = |name: &str| overview["pulse"][name].as_array().and_then(|values| values.last()?.as_f64()).map(rounded);
    assert_eq!((last("starts"), last("failures")), (Some(50.0), Some(0.0)));
    assert_eq!(last("completions"), None, "nobody counts them here");

    let narrowed = console.ask(&format!("/api/overview?step_s=10&role=gateway&route=none&until={}", soon())).await;
    assert!(sum(&narrowed["traffic"]["requests"]) < 1e-9, "{narrowed}");

    // The header and the instances tell the last minute by the same counts; nothing was traced here.
    let instances = console.ask("/api/instances").await;
    let minute = &instances["outside"]["last_minute"];
    assert_eq!((&minute["requests"], &minute["failed"]), (&json!(50), &json!(10)), "{instances}");
    assert!(instances["outside"]["per_second"].as_f64().is_some_and(|rate| rate > 0.0), "{instances}");
    let of_app =
        |app: &str| instances["items"].as_array().into_iter().flatten().find(|item| item["app"] == app).cloned();
    assert_eq!(&of_app("GATEWAY").expect("it is there")["last_minute"], minute);
    assert!(of_app("PLAYBACK").expect("it is there").get("last_minute").is_none(), "it counts no requests here");

    let happenings = console.ask("/api/happenings").await;
    let items = happenings["items"].as_array().expect("a list");
    let of = |kind: &str| items.iter().filter(|item| item["kind"] == kind).collect::<Vec<_>>();
    assert_eq!(of("config").len(), 1, "{happenings}");
    assert_eq!(of("config")[0]["words"], "gateway took a new configuration");
}

#[tokio::test]
async fn an_edge_of_the_map_is_what_its_caller_counts() {
    let count = Arc::new(AtomicU64::new(100));
    let service = TestService::of(bijou_console::ROLE).stand_in("GATEWAY", page_of(&count, caller));
    let console = Console::start_with(service).await;
    wait_until("it was asked", async || {
        let query = "/api/metrics/query?name=bijou_edge_attempts";
        let request = console.stranger().get(query).header("authorization", &format!("Bearer {TOKEN}"));
        request.send().await.status == 200
    })
    .await;
    count.store(300, Ordering::Relaxed);
    // Whoever is new has everybody asked again soon.
    console.service.add_peer("OTHER", ([127, 0, 0, 1], 1).into());
    let edges = wait_for("what was called since", async || {
        let told = console.ask(&format!("/api/edges?until={}", soon())).await;
        (told["items"][0]["calls"].as_f64() > Some(0.0)).then_some(told)
    })
    .await;
    let [edge] = &edges["items"].as_array().expect("a list")[..] else { panic!("{edges}") };
    assert_eq!((&edge["from"], &edge["to"]), (&json!("gateway"), &json!("catalog")));
    let number = |name: &str| edge[name].as_f64().map(rounded);
    assert_eq!(
        (number("calls"), number("failed"), number("retries"), &edge["breakers_open"]),
        (Some(200.0), Some(20.0), Some(10.0), &json!(1)),
        "{edge}"
    );
    assert!(number("p50_ms") > Some(0.0) && number("p99_ms") <= Some(100.0) && number("p50_ms") < number("p99_ms"));
}

#[tokio::test]
async fn the_time_line_has_who_came_and_what_was_broken_and_outlives_a_restart() {
    let console = Console::start().await;
    console.service.add_peer("CATALOG", ([127, 0, 0, 1], 1).into());
    let items = async |console: &Console| {
        let told = console.ask("/api/happenings").await;
        told["items"].as_array().expect("a list").clone()
    };
    wait_until("the start", async || items(&console).await.iter().any(|item| item["kind"] == "start")).await;
    let fault = json!({ "kind": "abort", "status": 503, "to": "catalog", "percent": 20, "duration_s": 600, "reason": "a drill" });
    let bearer = format!("Bearer {TOKEN}");
    let asked = console.stranger().post("/api/faults").header("authorization", &bearer).json(&fault);
    asked.send().await.expect(201);
    console.stranger().delete("/api/faults").header("authorization", &bearer).send().await.expect(204);

    let data = console.service.stop().await;
    let console = Console::start_with(TestService::of(bijou_console::ROLE).data(data)).await;
    let told = items(&console).await;
    let [fault, start] = &told[..] else { panic!("{told:?}") };
    assert_eq!((&start["kind"], &start["words"]), (&json!("start"), &json!("catalog test started")));
    assert_eq!((&start["role"], &start["instance_id"]), (&json!("catalog"), &json!("test:CATALOG:0")));
    assert_eq!(
        (&fault["kind"], &fault["words"], &fault["by"], &fault["reason"]),
        (&json!("fault"), &json!("fault: answer 503, everybody → catalog"), &json!("token"), &json!("a drill"))
    );
    assert!(fault["until"].as_str() < Some(&*(jiff::Timestamp::now().to_string())), "it was stopped: {fault}");
}

#[tokio::test]
async fn what_cannot_be_looked_at_is_told() {
    let console = Console::start().await;
    for (path, parameter) in [
        ("/api/overview?step_s=1", "step_s"),
        ("/api/overview?since=yesterday", "since"),
        ("/api/happenings?until=now", "until"),
        ("/api/edges?since=yesterday", "since"),
    ] {
        let answer = console.stranger().get(path).header("authorization", &format!("Bearer {TOKEN}")).send().await;
        answer.expect_problem(400, "query-invalid");
        assert_eq!(answer.value()["parameter"], parameter, "{path}");
    }
}
