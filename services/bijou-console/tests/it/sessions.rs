//! One account's evening, out of what gateway, identity and playback delivered.

use axum::http::StatusCode;
use axum::http::header::CONTENT_TYPE;
use axum::response::{IntoResponse as _, Response};
use axum::routing::post;
use axum::{Json, Router};
use bijou_testkit::{TestService, wait_until};
use opentelemetry_proto::tonic::collector::logs::v1::ExportLogsServiceRequest;
use opentelemetry_proto::tonic::common::v1::KeyValue;
use opentelemetry_proto::tonic::trace::v1::span::SpanKind;
use prost::Message as _;
use serde_json::{Value, json};

use crate::support::{Console, TOKEN, batch, log_batch, number, span, text};

const PROTOBUF: &str = "application/x-protobuf";

/// A request of somebody, at the gateway.
async fn ask(console: &Console, trace: u128, account: &str, (method, path, status): (&str, &str, i64), at: u64) {
    let attributes = vec![
        text("http.request.method", method),
        text("url.path", path),
        text("enduser.id", account),
        number("http.response.status_code", status),
    ];
    let spans = vec![span(trace, 1, 0, SpanKind::Server, (at, at + 10), attributes)];
    let body = batch("gateway", spans).encode_to_vec();
    console.service.service("gateway").post("/v1/traces").body(PROTOBUF, body).send().await.expect(200);
}

/// A sign-in by password: the gateway does not know whose it is, only identity finds out, and says so.
async fn sign_in(console: &Console, trace: u128, status: i64, at: u64, (words, outcome): (&str, &str)) {
    let asked = vec![
        text("http.request.method", "POST"),
        text("url.path", "/v1/sessions"),
        number("http.response.status_code", status),
    ];
    let found = [asked.clone(), vec![text("enduser.id", "acc-1")]].concat();
    let gateway = console.service.service("gateway");
    let edge = batch("gateway", vec![span(trace, 1, 0, SpanKind::Server, (at, at + 90), asked)]);
    gateway.post("/v1/traces").body(PROTOBUF, edge.encode_to_vec()).send().await.expect(200);
    let identity = console.service.service("identity");
    let served = batch("identity", vec![span(trace, 2, 1, SpanKind::Server, (at + 2, at + 88), found)]);
    identity.post("/v1/traces").body(PROTOBUF, served.encode_to_vec()).send().await.expect(200);
    let mut line = log_batch("identity", trace, at + 87, words);
    let attributes = &mut line.resource_logs[0].scope_logs[0].log_records[0].attributes;
    attributes.extend([text("enduser.id", "acc-1"), text("sign_in.way", "password")]);
    attributes.push(text("sign_in.outcome", outcome));
    identity.post("/v1/logs").body(PROTOBUF, line.encode_to_vec()).send().await.expect(200);
}

/// A line of playback about somebody.
async fn say(console: &Console, at: u64, message: &str, more: Vec<KeyValue>) {
    let mut line: ExportLogsServiceRequest = log_batch("playback", 99, at, message);
    let attributes = &mut line.resource_logs[0].scope_logs[0].log_records[0].attributes;
    attributes.extend([text("enduser.id", "acc-1"), text("bijou.playback.id", "p-1")]);
    attributes.extend(more);
    let body = line.encode_to_vec();
    console.service.service("playback").post("/v1/logs").body(PROTOBUF, body).send().await.expect(200);
}

async fn items(console: &Console, path: &str) -> Vec<Value> {
    console.ask(path).await["items"].as_array().expect("a list").clone()
}

#[tokio::test]
async fn a_complaint_is_followed_from_home_to_the_stall() {
    let console = Console::start().await;
    ask(&console, 1, "acc-1", ("GET", "/v1/home", 200), 0).await;
    ask(&console, 2, "acc-1", ("POST", "/v1/playbacks", 201), 5_000).await;
    ask(&console, 3, "acc-1", ("GET", "/v1/titles/x", 503), 90_000).await;
    // Another one, and the same one on another day.
    ask(&console, 4, "acc-2", ("GET", "/v1/home", 200), 0).await;
    ask(&console, 5, "acc-1", ("GET", "/v1/home", 200), 86_400_000).await;
    let asset = vec![text("asset.id", "a"), text("title.id", "film"), text("device.name", "Living room")];
    say(&console, 5_005, "playback begins", asset).await;
    let met = r#"[{"kind":"startup"},{"kind":"error","fatal":true}]"#;
    let report = vec![number("player.startup_ms", 800), number("player.stalls", 2), text("player.events", met)];
    say(&console, 60_000, "the player met 2 events", report).await;
    wait_until("all of it is kept", async || {
        let sessions = items(&console, "/api/sessions").await;
        sessions.len() == 3 && sessions.iter().any(|session| session["moment_count"] == 5)
    })
    .await;

    let sessions = items(&console, "/api/sessions?account=acc-1&device=living").await;
    assert_eq!(sessions.len(), 1, "{sessions:?}");
    assert_eq!((&sessions[0]["failed"], &sessions[0]["devices"]), (&json!(2), &json!(["Living room"])));
    assert!(items(&console, "/api/sessions?device=kitchen").await.is_empty());

    let id = sessions[0]["id"].as_str().expect("an id");
    let story = console.ask(&format!("/api/sessions/{id}")).await;
    let kinds: Vec<_> = story["moments"].as_array().expect("moments").iter().map(|moment| &moment["kind"]).collect();
    assert_eq!(kinds, ["home", "play", "play", "error", "request"]);
    let playback = &story["playbacks"][0];
    assert_eq!((&playback["title_id"], &playback["startup_ms"]), (&json!("film"), &json!(800)));
    assert_eq!((&playback["stalls"], &playback["errors"]), (&json!(2), &json!(1)));
    for unknown in ["nobody", "acc-9.1"] {
        let asked = console.stranger().get(&format!("/api/sessions/{unknown}"));
        let answer = asked.header("authorization", &format!("Bearer {TOKEN}")).send().await;
        answer.expect_problem(404, "session-not-found");
    }
    console.stranger().get("/api/sessions").send().await.expect_problem(401, "operator-sign-in-required");
}

#[tokio::test]
async fn a_sign_in_is_told_though_the_edge_did_not_know_whose_it_was() {
    let console = Console::start().await;
    let wrong = "could not sign in by password on `TV`: the password is wrong";
    let right = "signed in by password on `TV`";
    sign_in(&console, 1, 401, 0, (wrong, "refused")).await;
    sign_in(&console, 2, 201, 20_000, (right, "succeeded")).await;
    // Not sampled: there is what identity says.
    let mut line = log_batch("identity", 3, 40_000, "signed out");
    let attributes = &mut line.resource_logs[0].scope_logs[0].log_records[0].attributes;
    attributes.extend([text("enduser.id", "acc-1"), text("sign_in.way", "sign-out")]);
    let identity = console.service.service("identity");
    identity.post("/v1/logs").body(PROTOBUF, line.encode_to_vec()).send().await.expect(200);
    let expected = json!([
        ["sign-in", "refused", format!("{wrong} (POST /v1/sessions answered 401 in 90 ms)")],
        ["sign-in", "ok", format!("{right} (POST /v1/sessions answered 201 in 90 ms)")],
        ["sign-out", "ok", "signed out"],
    ]);
    wait_until("the three are one story", async || {
        let sessions = items(&console, "/api/sessions?account=acc-1").await;
        let [session] = sessions.as_slice() else { return false };
        let story = console.ask(&format!("/api/sessions/{}", session["id"].as_str().expect("an id"))).await;
        let moments = story["moments"].as_array().expect("moments").iter();
        let told = moments.map(|moment| json!([moment["kind"], moment["outcome"], moment["words"]]));
        told.collect::<Value>() == expected
    })
    .await;
}

/// An identity that knows one address.
fn identity() -> Router {
    let find = async move |Json(asked): Json<Value>| -> Response {
        if asked == json!({ "email": "ada@example.org" }) {
            return Json(json!({ "account_id": "acc-1" })).into_response();
        }
        let code = "account-not-found";
        let body = json!({"type": "/problems/account-not-found", "title": code, "status": 404, "code": code});
        (StatusCode::NOT_FOUND, [(CONTENT_TYPE, "application/problem+json")], body.to_string()).into_response()
    };
    Router::new().route("/v1/diagnoses/accounts", post(find))
}

#[tokio::test]
async fn a_complaint_by_e_mail_leads_to_the_sessions_also_after_a_restart_and_is_recorded() {
    let with_identity = || TestService::of(bijou_console::ROLE).stand_in("IDENTITY", identity());
    let console = Console::start_with(with_identity()).await;
    sign_in(&console, 1, 401, 0, ("could not sign in by password: the password is wrong", "refused")).await;
    wait_until("it is kept", async || items(&console, "/api/sessions").await.len() == 1).await;
    let data = console.service.stop().await;
    let console = Console::start_with(with_identity().data(data)).await;

    let find = async |email: &str| {
        let request = console.stranger().post("/api/accounts/find").json(&json!({ "email": email }));
        request.header("authorization", &format!("Bearer {TOKEN}")).send().await
    };
    let found = find(" ada@example.org ").await.expect(200).value();
    assert_eq!(found, json!({ "account_id": "acc-1" }));
    let sessions = items(&console, "/api/sessions?account=acc-1").await;
    assert_eq!(sessions.len(), 1, "{sessions:?}");
    let story = console.ask(&format!("/api/sessions/{}", sessions[0]["id"].as_str().expect("an id"))).await;
    assert_eq!(story["moments"][0]["kind"], "sign-in", "{story}");
    find("eve@example.org").await.expect_problem(404, "account-not-found");

    let audit = console.ask("/api/audit?action=sessions.find-account").await;
    assert_eq!((&audit["items"][0]["actor"], &audit["items"][0]["target"]), (&json!("token"), &json!("account:acc-1")));
    assert!(!console.ask("/api/audit").await.to_string().contains("@example.org"), "an address is in the audit");
    console.service.remove_peers("IDENTITY");
    find("ada@example.org").await.expect_problem(503, "identity-away");
}
