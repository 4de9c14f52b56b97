//! The title doctor asks every owner, and lives without any of them.

use axum::extract::{Path, Query};
use axum::http::HeaderMap;
use axum::routing::get;
use axum::{Json, Router};
use bijou_testkit::TestService;
use serde_json::{Value, json};
use std::collections::HashMap;

use crate::support::{Console, TOKEN};

/// An owner that answers this, and expects a passport to be shown.
fn owner(path: &str, answer: Value) -> Router {
    let handler = async move |headers: HeaderMap, Path(_): Path<String>, Query(_): Query<HashMap<String, String>>| {
        assert!(headers.contains_key("bijou-passport") || headers.contains_key("authorization"), "{headers:?}");
        Json(answer)
    };
    Router::new().route(path, get(handler))
}

fn title() -> Value {
    json!({
        "title_id": "film", "kind": "movie", "name": "Film", "certification_age": 16,
        "offers": [{ "territory": "DE", "until": "2030-01-01T00:00:00Z" }], "offered": true,
        "ends_at": "2030-01-01T00:00:00Z", "playable": true, "indexed": true, "something_new": 1,
    })
}

fn verdicts(told: &Value) -> Vec<(&str, &str)> {
    let checks = told["checks"].as_array().expect("checks").iter();
    checks.map(|check| (check["id"].as_str().expect("an id"), check["verdict"].as_str().expect("a verdict"))).collect()
}

#[tokio::test]
async fn a_complaint_is_followed_to_its_cause() {
    let path = "/v1/diagnoses/titles/{id}";
    let rung = json!({ "width": 640, "height": 360, "codec": "avc1.64001e", "bitrate_kbps": 500 });
    let asset = json!({
        "id": "a", "duration_s": 60.0, "complete": true, "video": [rung], "subtitle_languages": ["de"],
        "audio": [{ "language": "en", "codec": "mp4a.40.2", "channels": 2 }],
    });
    let playback = json!({ "title_id": "film", "state": "ready", "episodes_ready": 0, "asset": asset });
    let taste = json!({
        "title_id": "film", "candidate": true, "playable": true, "plays_week": 1, "plays": 2, "modeled": false,
        "profile": { "plays": 1, "seen": false, "thumb": "down" },
    });
    let profile = json!({ "profile_id": "p1", "account_id": "a1", "maturity": 12, "kids": false });
    let service = TestService::of(bijou_console::ROLE)
        .stand_in("CATALOG", owner(path, title()))
        .stand_in("PLAYBACK", owner(path, playback))
        .stand_in("RECOMMENDATIONS", owner(path, taste))
        .stand_in("PROFILES", owner("/v1/diagnoses/profiles/{id}", profile));
    let console = Console::start_with(service).await;
    let told = console.ask("/api/doctor/titles/film?territory=DE&profile=p1&account=a1&device=avc1,mp4a").await;
    assert_eq!(
        verdicts(&told),
        [
            ("catalog", "ok"),
            ("offer", "ok"),
            ("maturity", "blocks"),
            ("playable", "ok"),
            ("device", "ok"),
            ("heard", "ok"),
            ("search", "ok"),
            ("recommendations", "ok"),
            ("taste", "blocks"),
        ]
    );
    assert_eq!((&told["name"], &told["verdict"]), (&json!("Film"), &json!("blocks")));
    assert!(told["words"].as_str().is_some_and(|words| words.contains("only up to 12")), "{told}");
    assert_eq!(told["checks"][1]["evidence"]["ends_at"], "2030-01-01T00:00:00Z");
}

#[tokio::test]
async fn without_owners_everything_is_unknown_and_nothing_an_error() {
    let console = Console::start().await;
    let told = console.ask("/api/doctor/titles/film?profile=p1&device=avc1").await;
    assert_eq!(told["verdict"], "unknown");
    assert!(verdicts(&told).iter().all(|(_, verdict)| *verdict == "unknown"), "{told}");
}

#[tokio::test]
async fn a_wrong_question_is_named_and_strangers_are_refused() {
    let console = Console::start().await;
    for (query, parameter) in [("territory=de", "territory"), ("at=noon", "at"), ("device=my%20tv", "device")] {
        let asked = console.stranger().get(&format!("/api/doctor/titles/film?{query}"));
        let answer = asked.header("authorization", &format!("Bearer {TOKEN}")).send().await;
        answer.expect_problem(400, "query-invalid");
        assert_eq!(answer.value()["parameter"], parameter);
    }
    console.stranger().get("/api/doctor/titles/film").send().await.expect_problem(401, "operator-sign-in-required");
}
