//! Contracts by their owners' own words, calls through the gateway alone, and partners let in.

use std::collections::BTreeMap;

use axum::body::Body;
use axum::extract::{Path, Query, Request};
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse as _, Response};
use axum::routing::{any, get, post};
use axum::{Json, Router};
use bijou_testkit::{TestRequest, TestService};
use serde_json::{Value, json};

use crate::support::{Console, TOKEN};

fn as_operator(request: TestRequest) -> TestRequest {
    request.header("authorization", &format!("Bearer {TOKEN}"))
}

/// A gateway that says what came to it.
fn gateway() -> Router {
    let echo = async |request: Request| {
        let (parts, body) = request.into_parts();
        let field = |name: &str| parts.headers.get(name).map(|value| value.to_str().expect("text").to_owned());
        let body = axum::body::to_bytes(body, 1 << 20).await.expect("a body");
        let told = json!({
            "method": parts.method.as_str(), "path": parts.uri.to_string(), "authorization": field("authorization"),
            "key": field("x-api-key"), "type": field("content-type"), "cookie": field("cookie"),
            "body": String::from_utf8_lossy(&body), "sampled": field("traceparent").is_some_and(|line| line.ends_with("-01")),
        });
        ([("x-request-id", "r-7"), ("set-cookie", "refresh=secret")], Json(told))
    };
    let large = async || "ä".repeat(1 << 20);
    let picture = async || ([(header::CONTENT_TYPE, "image/jpeg")], vec![0xff_u8, 0xd8, 0xff]);
    let busy = async || -> Response { (StatusCode::SERVICE_UNAVAILABLE, Body::from("{}")).into_response() };
    Router::new()
        .route("/large", get(large))
        .route("/picture", get(picture))
        .route("/busy", get(busy))
        .route("/{*rest}", any(echo))
}

async fn console() -> Console {
    Console::start_with(TestService::of(bijou_console::ROLE).stand_in("GATEWAY", gateway())).await
}

async fn call(console: &Console, body: Value) -> Value {
    as_operator(console.stranger().post("/api/calls").json(&body)).send().await.expect(200).value()
}

#[tokio::test]
async fn a_call_arrives_as_it_was_written_and_its_trace_is_kept() {
    let console = console().await;
    let fields =
        json!({ "authorization": "Bearer viewer", "x-api-key": "k", "content-type": "application/merge-patch+json" });
    let asked = json!({ "method": "PATCH", "path": "/v1/x?a=b%20c", "fields": fields, "body": "{\"name\":\"Ada\"}" });
    let told = call(&console, asked).await;
    assert_eq!((&told["status"], &told["request_id"]), (&json!(200), &json!("r-7")));
    let arrived: Value = serde_json::from_str(told["body"].as_str().expect("text")).expect("JSON");
    let expected = json!({
        "method": "PATCH", "path": "/v1/x?a=b%20c", "authorization": "Bearer viewer", "key": "k", "cookie": null,
        "type": "application/merge-patch+json", "body": "{\"name\":\"Ada\"}", "sampled": true,
    });
    assert_eq!(arrived, expected);
    assert_eq!(told["trace_id"].as_str().map(str::len), Some(32));
    assert!(!told.to_string().contains("refresh=secret"), "{told}");
}

#[tokio::test]
async fn what_may_change_something_is_recorded_without_its_body_or_token() {
    let console = console().await;
    let fields = json!({ "authorization": "Bearer viewer" });
    call(&console, json!({ "method": "POST", "path": "/v1/profiles?x=y", "fields": fields, "body": "hush" })).await;
    let audit = console.ask("/api/audit?action=call.send").await;
    assert_eq!(
        (&audit["items"][0]["actor"], &audit["items"][0]["target"]),
        (&json!("token"), &json!("POST /v1/profiles"))
    );
    call(&console, json!({ "method": "GET", "path": "/v1/titles" })).await;
    assert_eq!(console.ask("/api/audit").await["items"].as_array().map(Vec::len), Some(1), "reading is no change");
    assert!(!audit.to_string().contains("hush") && !audit.to_string().contains("viewer"), "{audit}");
    let refused =
        as_operator(console.stranger().post("/api/calls").json(&json!({ "method": "GET", "path": "http://x/" })));
    refused.send().await.expect_problem(422, "call-refused");
    let foreign = as_operator(console.stranger().post("/api/calls").json(&json!({ "method": "GET", "path": "/" })));
    foreign.header("sec-fetch-site", "cross-site").send().await.expect_problem(403, "foreign-origin");
    console
        .stranger()
        .post("/api/calls")
        .json(&json!({ "method": "GET", "path": "/" }))
        .send()
        .await
        .expect_problem(401, "operator-sign-in-required");
}

#[tokio::test]
async fn answers_are_shown_as_far_as_they_can_be() {
    let console = console().await;
    let large = call(&console, json!({ "method": "GET", "path": "/large" })).await;
    assert_eq!((&large["is_cut"], &large["body_bytes"]), (&json!(true), &json!(1 << 20)));
    let picture = call(&console, json!({ "method": "GET", "path": "/picture" })).await;
    assert_eq!((&picture["is_text"], &picture["body"], &picture["body_bytes"]), (&json!(false), &json!(""), &json!(3)));
    let busy = call(&console, json!({ "method": "GET", "path": "/busy" })).await;
    assert_eq!(busy["status"], 503);
    let away = Console::start().await;
    let asked = as_operator(away.stranger().post("/api/calls").json(&json!({ "method": "GET", "path": "/" })));
    asked.send().await.expect_problem(502, "gateway-unreachable");
}

#[tokio::test]
async fn contracts_are_those_of_who_is_up_and_the_operators_own() {
    let document = json!({ "openapi": "3.1.0", "info": { "title": "Catalog", "version": "9" }, "paths": {} });
    let answer = document.clone();
    let catalog = Router::new().route("/openapi.json", get(async move || Json(answer)));
    let service = TestService::of(bijou_console::ROLE).stand_in("CATALOG", catalog).stand_in("OTHERS", Router::new());
    let console = Console::start_with(service).await;
    let listed = console.ask("/api/contracts").await;
    let names: Vec<_> = listed["items"].as_array().expect("items").iter().map(|item| item["name"].clone()).collect();
    assert_eq!(names, ["catalog", "operator", "others"]);
    assert_eq!(console.ask("/api/contracts/catalog").await, document);
    let own = console.ask("/api/contracts/operator").await;
    assert!(own["paths"]["/api/calls"]["post"].is_object());
    for (name, status, code) in [("others", 502, "contract-unavailable"), ("nobody", 404, "contract-not-found")] {
        let asked = as_operator(console.stranger().get(&format!("/api/contracts/{name}")));
        asked.send().await.expect_problem(status, code);
    }
}

/// As partners says it of an app that nobody has.
fn unknown() -> Response {
    let problem = json!({ "type": "/problems/app-not-found", "title": "No", "status": 404, "code": "app-not-found" });
    (StatusCode::NOT_FOUND, [(header::CONTENT_TYPE, "application/problem+json")], problem.to_string()).into_response()
}

#[tokio::test]
async fn a_partners_app_is_let_in_with_a_reason_that_is_recorded() {
    let app = |stage: &str| {
        json!({
            "id": "app-1", "name": "Lantern TV", "stage": stage, "scopes": ["catalog"], "per_minute": 60, "per_day": 5000,
            "created_at": "2026-11-26T20:00:00Z",
        })
    };
    let decided = app("production");
    let list =
        async move |Query(asked): Query<BTreeMap<String, String>>| Json(json!({ "items": [app(&asked["stage"])] }));
    let one = async move |Path(id): Path<String>| -> Response {
        if id == "app-1" { Json(app("suspended")).into_response() } else { unknown() }
    };
    let decide = async move |Path(id): Path<String>, Json(body): Json<Value>| -> Response {
        // What is to be improved is for its developer; why it was let in is nobody's business there.
        assert_eq!(body.get("reason").is_some(), body["decision"] == "decline", "{body}");
        assert_eq!(id, "app-1", "nothing is decided about what is not there");
        Json(decided).into_response()
    };
    let partners = Router::new()
        .route("/partner/v1/apps", get(list))
        .route("/partner/v1/apps/{id}", get(one))
        .route("/partner/v1/apps/{id}/decisions", post(decide));
    let console = Console::start_with(TestService::of(bijou_console::ROLE).stand_in("PARTNERS", partners)).await;
    for (path, stage) in [
        ("/api/partners/requests", "requested"),
        ("/api/partners/apps", "requested"),
        ("/api/partners/apps?stage=production", "production"),
    ] {
        let listed = console.ask(path).await["items"][0].clone();
        assert_eq!((&listed["name"], &listed["stage"]), (&json!("Lantern TV"), &json!(stage)), "{path}");
    }
    as_operator(console.stranger().get("/api/partners/apps?stage=heaven")).send().await.expect(400);
    console.stranger().get("/api/partners/apps?stage=production").send().await.expect(401);
    let decide = |id: &str, reason: &str| {
        let decision = if reason == "no" { "decline" } else { "approve" };
        let body = json!({ "decision": decision, "reason": reason });
        as_operator(console.stranger().post(&format!("/api/partners/apps/{id}/decisions")).json(&body))
    };
    decide("app-1", " ").send().await.expect_problem(422, "reason-missing");
    let answer = decide("app-1", "their contract is signed").send().await.expect(200).value();
    assert_eq!(answer["stage"], "production");
    decide("app-1", "no").send().await.expect(200);
    decide("app-2", "who?").send().await.expect_problem(404, "app-not-found");
    let audit = console.ask("/api/audit?action=partner.decide").await;
    assert_eq!(audit["items"].as_array().map(Vec::len), Some(2), "an app that nobody has was decided about by nobody");
    let entry = &audit["items"][1];
    assert_eq!((&entry["target"], &entry["reason"]), (&json!("app-1"), &json!("their contract is signed")));
    assert_eq!(
        entry["before"],
        json!({ "name": "Lantern TV", "stage": "suspended" }),
        "also of one that does not wait"
    );
    assert_eq!(entry["after"]["decision"], "approve");
    let away = Console::start().await;
    as_operator(away.stranger().get("/api/partners/requests")).send().await.expect_problem(503, "partners-away");
}

#[tokio::test]
async fn which_apps_still_call_what_is_going_away_is_told() {
    let told = json!({ "items": [{
        "operation": "list_titles", "method": "GET", "path": "/partner/v1/titles", "since": "2027-01-01T00:00:00Z",
        "sunset": "2027-07-01T00:00:00Z", "link": "https://films.example/moving-on", "calls": 3,
        "apps": [{ "id": "app-1", "name": "Lantern TV", "calls": 3, "days": [{ "day": "2027-01-15", "calls": 3 }] }],
    }] });
    let partners = told.clone();
    let partners = Router::new().route("/partner/v1/deprecations", get(async move || Json(partners)));
    let console = Console::start_with(TestService::of(bijou_console::ROLE).stand_in("PARTNERS", partners)).await;
    assert_eq!(console.ask("/api/partners/deprecations").await, told);
    console.stranger().get("/api/partners/deprecations").send().await.expect(401);
}
