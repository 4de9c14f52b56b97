//! The fault lab: told to whom it concerns, again and again, within limits, recorded, and over when it is over.

use std::sync::{Arc, Mutex};

use axum::extract::State;
use axum::routing::put;
use axum::{Json, Router};
use bijou_testkit::{TestRequest, TestService, wait_until};
use serde_json::{Value, json};

use crate::support::{Console, TOKEN};

/// The sheets an instance was told, in order.
type Told = Arc<Mutex<Vec<Value>>>;

/// A catalog that says that each fault has struck three requests.
fn catalog(told: Told) -> Router {
    let take = async |State(told): State<Told>, Json(sheet): Json<Value>| {
        let faults = sheet["faults"].as_array().expect("a list").clone();
        let hits: Vec<Value> = faults.iter().map(|fault| json!({ "id": fault["id"], "hits": 3 })).collect();
        told.lock().expect("nothing panics while it is held").push(sheet);
        Json(hits)
    };
    Router::new().route("/-/faults", put(take)).with_state(told)
}

async fn start() -> (Console, Told) {
    let told = Told::default();
    let service = TestService::of(bijou_console::ROLE).stand_in("CATALOG", catalog(Arc::clone(&told)));
    (Console::start_with(service).await, told)
}

fn signed(request: TestRequest) -> TestRequest {
    request.header("authorization", &format!("Bearer {TOKEN}"))
}

fn abort() -> Value {
    json!({ "kind": "abort", "status": 503, "to": "catalog", "percent": 20, "duration_s": 600, "reason": "a drill" })
}

fn with(changes: Value) -> Value {
    let mut fault = abort();
    for (name, value) in changes.as_object().expect("members") {
        fault[name] = value.clone();
    }
    fault
}

fn last(told: &Told) -> Value {
    told.lock().expect("nothing panics while it is held").last().cloned().unwrap_or_default()
}

async fn put_in(console: &Console, fault: Value) -> Value {
    signed(console.stranger().post("/api/faults")).json(&fault).send().await.expect(201).value()
}

#[tokio::test]
async fn a_fault_is_told_and_renewed_until_it_is_taken_out() {
    let (console, told) = start().await;
    let fault = put_in(&console, abort()).await;
    assert_eq!((&fault["state"], &fault["instances"], &fault["to"]), (&json!("running"), &json!(1), &json!("catalog")));
    let sheet = last(&told);
    assert_eq!(sheet["faults"][0]["does"], json!({ "kind": "abort", "status": 503 }));
    assert_eq!(sheet["faults"][0]["at"], json!({ "kind": "edge", "to": "catalog" }));
    assert!(sheet["ttl_ms"].as_u64().is_some_and(|ms| ms <= 5_000), "{sheet}");
    wait_until("it is renewed", async || told.lock().expect("nothing panics while it is held").len() >= 3).await;
    let shown = console.ask("/api/faults").await;
    assert_eq!((&shown["items"][0]["hits"], &shown["percent_max"]), (&json!(3), &json!(50)));

    let path = format!("/api/faults/{}", fault["id"].as_str().expect("an id"));
    signed(console.stranger().delete(&path)).send().await.expect(204);
    assert_eq!(last(&told)["faults"], json!([]));
    assert_eq!(console.ask("/api/faults").await["items"][0]["state"], "stopped");
    signed(console.stranger().delete(&path)).send().await.expect_problem(404, "fault-not-found");

    let items = console.ask("/api/audit").await["items"].clone();
    assert_eq!((&items[1]["action"], &items[2]["action"]), (&json!("fault.stop"), &json!("fault.start")), "{items}");
    assert_eq!((&items[2]["target"], &items[2]["reason"]), (&json!("*->catalog"), &json!("a drill")));
    assert_eq!(items[2]["after"]["percent"], 20);
}

#[tokio::test]
async fn a_fault_ends_by_itself_and_that_is_recorded() {
    let (console, told) = start().await;
    put_in(&console, with(json!({ "duration_s": 1 }))).await;
    wait_until("it has ended", async || console.ask("/api/faults").await["items"][0]["state"] == "ended").await;
    wait_until("the catalog knows", async || last(&told)["faults"] == json!([])).await;
    wait_until("it is recorded", async || {
        let newest = console.ask("/api/audit").await["items"][0].clone();
        newest["action"] == "fault.end" && newest["actor"] == "system:faults"
    })
    .await;
}

#[tokio::test]
async fn one_button_stops_all_even_when_it_cannot_be_recorded() {
    let (console, told) = start().await;
    put_in(&console, abort()).await;
    put_in(&console, with(json!({ "to": null, "route": "titles" }))).await;
    assert_eq!(last(&told)["faults"].as_array().map(Vec::len), Some(2));
    crate::audit::tamper(&console, "ALTER TABLE audit RENAME TO gone").await;
    signed(console.stranger().delete("/api/faults")).send().await.expect_problem(503, "audit-unavailable");
    assert_eq!(last(&told)["faults"], json!([]));
    let refused = signed(console.stranger().post("/api/faults")).json(&abort()).send().await;
    refused.expect_problem(503, "audit-unavailable");
    assert_eq!(last(&told)["faults"], json!([]));
}

#[tokio::test]
async fn beyond_the_limits_nothing_is_put_in() {
    let (console, told) = start().await;
    let user = console.stranger();
    for (changes, code) in [
        (json!({ "percent": 51 }), "fault-too-large"),
        (json!({ "duration_s": 901 }), "fault-too-long"),
        (json!({ "to": "registry" }), "fault-invalid"),
        (json!({ "reason": " " }), "reason-missing"),
    ] {
        let asked = signed(user.post("/api/faults")).json(&with(changes));
        asked.send().await.expect_problem(422, code);
    }
    user.post("/api/faults").json(&abort()).send().await.expect_problem(401, "operator-sign-in-required");
    assert_eq!(last(&told), Value::Null);

    // Two halves make a whole.
    put_in(&console, with(json!({ "percent": 30 }))).await;
    let second = signed(user.post("/api/faults")).json(&with(json!({ "percent": 30 })));
    let problem = second.send().await.expect_problem(422, "fault-too-large");
    assert!(problem.detail.is_some_and(|detail| detail.contains("60 %")));
}
