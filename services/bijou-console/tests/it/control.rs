//! One instance, looked at and changed: recorded before, done after.

use std::sync::{Arc, Mutex};

use axum::extract::{Request, State};
use axum::http::{StatusCode, header::CONTENT_TYPE};
use axum::middleware::{self, Next};
use axum::response::{IntoResponse as _, Response};
use axum::{Json, Router};
use bijou_testkit::{TestRequest, TestService, wait_until};
use serde_json::{Value, json};

use crate::support::{Console, TOKEN};

/// What an instance was asked, in order.
type Asked = Arc<Mutex<Vec<String>>>;

fn state(drained: bool) -> Value {
    json!({
        "role": "catalog", "instance_id": "x", "version": "1.2.3", "phase": "serving", "supervised": true, "drained": drained,
        "limits": {"in_flight": 1, "in_flight_max": 256, "body_bytes_max": 1, "deadline_ms": 1},
        "log": {"level": "info", "configured": "info", "process_wide": false},
    })
}

/// A catalog that can be controlled, as the chassis would.
fn catalog(asked: Asked) -> Router {
    let note = async |State(asked): State<Asked>, request: Request, next: Next| {
        if request.uri().path().starts_with("/-/") {
            let line = format!("{} {}", request.method(), request.uri().path());
            asked.lock().expect("nothing panics while it is held").push(line);
        }
        next.run(request).await
    };
    let level = async |Json(new): Json<Value>| -> Response {
        if new["level"] == "inof" {
            let problem = json!({"type": "/problems/log-level-unknown", "title": "That is no log level", "status": 422,
                "code": "log-level-unknown"});
            let content_type = [(CONTENT_TYPE, "application/problem+json")];
            return (StatusCode::UNPROCESSABLE_ENTITY, content_type, problem.to_string()).into_response();
        }
        Json(state(false)).into_response()
    };
    let setting = json!([{"path": "catalog.listen", "value": "\"127.0.0.1:0\"", "origin": "default"}]);
    Router::new()
        .route("/-/status", axum::routing::get(async || Json(state(false))))
        .route("/-/config", axum::routing::get(async move || Json(setting)))
        .route("/-/log-level", axum::routing::put(level))
        .route("/-/drain", axum::routing::put(async || Json(state(true))).delete(async || Json(state(false))))
        .route("/-/restart", axum::routing::post(async || StatusCode::ACCEPTED))
        .layer(middleware::from_fn_with_state(asked, note))
}

async fn start() -> (Console, Asked) {
    let asked = Asked::default();
    let service = TestService::of(bijou_console::ROLE).stand_in("CATALOG", catalog(Arc::clone(&asked)));
    (Console::start_with(service).await, asked)
}

fn signed(request: TestRequest) -> TestRequest {
    request.header("authorization", &format!("Bearer {TOKEN}"))
}

/// The path of the only catalog.
async fn path(console: &Console) -> String {
    let items = console.ask("/api/instances").await["items"].clone();
    let items = items.as_array().expect("a list");
    let catalog = items.iter().find(|item| item["app"] == "CATALOG").expect("the stand-in");
    format!("/api/instances/CATALOG/{}", catalog["instance_id"].as_str().expect("an id"))
}

#[tokio::test]
async fn an_instance_is_shown_with_its_settings_and_limits() {
    let (console, _) = start().await;
    let shown = console.ask(&path(&console).await).await;
    assert_eq!(shown["instance"]["app"], "CATALOG");
    assert_eq!(shown["state"]["limits"]["in_flight_max"], 256);
    assert_eq!(shown["configuration"][0]["origin"], "default");
    signed(console.stranger().get("/api/instances/CATALOG/nobody"))
        .send()
        .await
        .expect_problem(404, "instance-not-found");
}

#[tokio::test]
async fn every_change_is_recorded_with_before_after_and_why() {
    let (console, asked) = start().await;
    let path = path(&console).await;
    let user = console.stranger();
    let why = json!({"reason": "it is slow"});
    let level = json!({"level": "debug", "duration_s": 60, "reason": "it is slow"});
    signed(user.put(&format!("{path}/log-level"))).json(&level).send().await.expect(200);
    signed(user.post(&format!("{path}/drain"))).json(&why).send().await.expect(200);
    signed(user.delete(&format!("{path}/drain"))).send().await.expect(200);
    signed(user.post(&format!("{path}/restart"))).json(&why).send().await.expect(202);

    let asked = asked.lock().expect("nothing panics while it is held").clone();
    let changes: Vec<_> = asked.iter().filter(|line| !line.starts_with("GET")).collect();
    assert_eq!(changes, ["PUT /-/log-level", "PUT /-/drain", "DELETE /-/drain", "POST /-/restart"]);

    let items = console.ask("/api/audit").await["items"].as_array().expect("a list").clone();
    let actions: Vec<_> = items.iter().map(|item| item["action"].as_str().unwrap_or_default()).collect();
    assert_eq!(actions, ["instance.restart", "instance.undrain", "instance.drain", "log-level.set"]);
    assert_eq!(items[3]["before"], json!({"level": "info"}));
    assert_eq!(items[3]["after"], json!({"level": "debug", "duration_s": 60}));
    assert_eq!(items[3]["reason"], "it is slow");
    assert!(items[3]["target"].as_str().is_some_and(|target| target.starts_with("CATALOG/")), "{}", items[3]);
}

#[tokio::test]
async fn what_cannot_be_changed_is_not_and_is_said() {
    let (console, asked) = start().await;
    let path = path(&console).await;
    let user = console.stranger();
    let wrong = json!({"level": "inof", "duration_s": 60, "reason": "a typo"});
    signed(user.put(&format!("{path}/log-level"))).json(&wrong).send().await.expect_problem(422, "log-level-unknown");
    // Recorded twice: that it was tried, and that it came to nothing.
    let items = console.ask("/api/audit").await["items"].clone();
    assert_eq!((&items[0]["action"], &items[1]["action"]), (&json!("request.refused"), &json!("log-level.set")));

    asked.lock().expect("nothing panics while it is held").clear();
    let silent = json!({"reason": " "});
    signed(user.post(&format!("{path}/drain"))).json(&silent).send().await.expect_problem(422, "reason-missing");
    user.post(&format!("{path}/drain")).json(&silent).send().await.expect_problem(401, "operator-sign-in-required");
    let foreign = signed(user.post(&format!("{path}/restart"))).header("sec-fetch-site", "cross-site");
    foreign.json(&json!({"reason": "x"})).send().await.expect_problem(403, "foreign-origin");
    crate::audit::tamper(&console, "ALTER TABLE audit RENAME TO gone").await;
    let why = json!({"reason": "unrecorded"});
    signed(user.post(&format!("{path}/restart"))).json(&why).send().await.expect_problem(503, "audit-unavailable");
    let changes = asked.lock().expect("nothing panics while it is held").clone();
    assert!(changes.iter().all(|line| line.starts_with("GET")), "{changes:?}");
}

#[tokio::test]
async fn an_instance_without_the_endpoints_or_gone_is_shown_with_the_reason() {
    let service = TestService::of(bijou_console::ROLE).stand_in("FOREIGN", Router::new());
    let console = Console::start_with(service).await;
    console.service.add_peer("PLAYBACK", ([127, 0, 0, 1], 1).into());
    wait_until("both are listed", async || {
        let items = console.ask("/api/instances").await["items"].clone();
        items.as_array().is_some_and(|items| items.iter().filter(|item| item["app"] != "REGISTRY").count() == 2)
    })
    .await;
    let items = console.ask("/api/instances").await["items"].clone();
    for (app, problem) in [("FOREIGN", "instance-not-controllable"), ("PLAYBACK", "instance-unreachable")] {
        let item = items.as_array().expect("a list").iter().find(|item| item["app"] == app).expect(app).clone();
        let path = format!("/api/instances/{app}/{}", item["instance_id"].as_str().expect("an id"));
        assert_eq!(console.ask(&path).await["problem"], problem);
        let answer =
            signed(console.stranger().post(&format!("{path}/restart"))).json(&json!({"reason": "x"})).send().await;
        answer.expect_problem(if app == "FOREIGN" { 409 } else { 502 }, problem);
    }
}
