//! What players tell of how well it plays.

use bijou_playback::service;
use bijou_playback_api::PlaybackSession;
use bijou_testkit::{TestService, User, sqlite_database};
use serde_json::{Value, json};

use crate::clip::{ingest_small, library_of};

async fn play(user: &User) -> PlaybackSession {
    user.post("/v1/playbacks").json(&json!({ "title_id": "film" })).send().await.expect(201).json()
}

async fn tell(user: &User, session: &PlaybackSession, kind: &str, position_s: f64, events: &Value) {
    let report = json!({ "kind": kind, "position_s": position_s, "events": events });
    user.post(&session.events_url).json(&report).send().await.expect(202);
}

/// Starts, completions, failures, rebuffers and milliseconds stood still.
async fn counted(service: &TestService) -> Vec<u64> {
    let text = service.nobody().get("/metrics").send().await.text();
    ["starts", "completions", "failures", "rebuffers", "stalled_milliseconds"]
        .map(|name| {
            let name = format!("bijou_playback_{name}_total ");
            let line = text.lines().find_map(|line| line.strip_prefix(&name));
            line.unwrap_or_else(|| panic!("no {name}in {text}")).parse().expect("a number")
        })
        .to_vec()
}

#[tokio::test]
async fn an_evening_is_counted_once_however_often_it_is_told() {
    let database = sqlite_database();
    let service = TestService::of("playback").database(&database.url).start(service).await;
    ingest_small(&library_of(&service, &database).await, "film").await;
    let viewer = service.account("acc-1");
    let session = play(&viewer).await;
    let begun = json!([
        { "kind": "rendition_switched", "at_ms": 90, "position_s": 0, "reason": "first", "bitrate_kbps": 400, "height": 90 },
        { "kind": "startup", "at_ms": 800, "position_s": 0, "duration_ms": 800, "buffer_ms": 2000, "throughput_kbps": 5000 },
    ]);
    tell(&viewer, &session, "started", 0.0, &begun).await;
    tell(&viewer, &session, "started", 0.1, &json!([])).await;
    let stood = json!([
        { "kind": "stall_began", "at_ms": 2000, "position_s": 1 },
        { "kind": "stall_ended", "at_ms": 3500, "position_s": 1, "duration_ms": 1500 },
        { "kind": "error", "at_ms": 3600, "position_s": 1, "error": "fragLoadError", "status": 503 },
    ]);
    tell(&viewer, &session, "progress", 1.0, &stood).await;
    tell(&viewer, &session, "stopped", 3.0, &json!([{ "kind": "ended", "at_ms": 5000, "position_s": 3 }])).await;
    tell(&viewer, &session, "stopped", 3.0, &json!([])).await;
    assert_eq!(counted(&service).await, [1, 1, 0, 1, 1500]);

    let second = play(&viewer).await;
    let failed = json!([{ "kind": "error", "at_ms": 9, "position_s": 0, "error": "manifestLoadError", "fatal": true }]);
    tell(&viewer, &second, "progress", 0.0, &failed).await;
    tell(&viewer, &second, "stopped", 0.0, &json!([])).await;
    assert_eq!(counted(&service).await, [1, 1, 1, 1, 1500]);
    // Who never saw a picture is no viewer: nobody trains on them.
    let batch = service.service("recommendations").get("/events?after=0&limit=100").send().await.value();
    let heard = batch["items"].as_array().unwrap().iter().filter(|event| event["data"]["playback_id"] == second.id);
    assert_eq!(heard.count(), 0);
}

#[tokio::test]
async fn what_no_player_tells_is_refused_and_changes_nothing() {
    let database = sqlite_database();
    let service = TestService::of("playback").database(&database.url).start(service).await;
    ingest_small(&library_of(&service, &database).await, "film").await;
    let viewer = service.account("acc-1");
    let session = play(&viewer).await;
    let refused = async |events: Value, code: &str| {
        let report = json!({ "kind": "started", "position_s": 0, "events": events });
        viewer.post(&session.events_url).json(&report).send().await.expect_problem(422, code);
    };
    let stall = json!({ "kind": "stall_began", "at_ms": 1, "position_s": 0 });
    refused(json!(vec![stall; 65]), "player-events-invalid").await;
    refused(json!([{ "kind": "error", "at_ms": 1, "position_s": 0, "error": "<script>" }]), "player-events-invalid")
        .await;
    refused(json!([{ "kind": "ended", "at_ms": 1, "position_s": -1 }]), "player-events-invalid").await;
    refused(json!([{ "kind": "coughed", "at_ms": 1, "position_s": 0 }]), "json-invalid").await;
    refused(json!([{ "kind": "ended", "at_ms": -1, "position_s": 0 }]), "json-invalid").await;
    refused(json!([{ "kind": "ended", "at_ms": 1, "position_s": 0, "mood": 1 }]), "json-invalid").await;
    assert_eq!(counted(&service).await, [0, 0, 0, 0, 0]);
}
