//! The demo library, and life without ffmpeg.

use std::time::Duration;

use bijou_playback::service;
use bijou_testkit::{TestService, wait_for};
use serde_json::json;

#[tokio::test]
async fn an_empty_library_makes_its_first_film_at_once_and_brings_members() {
    let service = TestService::start("playback", "[demo]\nenabled = true\nfetch_films = false", service).await;
    let viewer = service.account("acc-1");
    // How fast it is, is measured elsewhere; here the encoder may share the machine with a build.
    let session = tokio::time::timeout(Duration::from_mins(2), async {
        loop {
            let response = viewer.post("/v1/playbacks").json(&json!({ "title_id": "bo-lanterns" })).send().await;
            if response.status.as_u16() == 201 {
                return response.value();
            }
            response.expect_problem(409, "title-being-prepared");
            tokio::time::sleep(Duration::from_millis(100)).await;
        }
    })
    .await
    .expect("the first film in two minutes");
    assert!(session["duration_s"].as_f64().is_some_and(|seconds| seconds > 15.0), "{session}");
    let synthetic = wait_for("the members", async || {
        let batch = service.service("recommendations").get("/events?after=1&limit=10").send().await.value();
        batch["items"].as_array().and_then(|items| items.first().cloned())
    })
    .await;
    assert_eq!(synthetic["data"]["synthetic"], true);

    // The rest waits its turn, and says so.
    let problem = viewer.post("/v1/playbacks").json(&json!({ "title_id": "bo-encore" })).send().await;
    problem.expect_problem(409, "title-being-prepared");

    // Stopped in the middle of an encode and started again: what was made is there, and nothing is made twice.
    let data = service.stop().await;
    let again = TestService::of("playback")
        .settings("[demo]\nenabled = true\nfetch_films = false")
        .data(data)
        .start(bijou_playback::service)
        .await;
    let response =
        again.account("acc-1").post("/v1/playbacks").json(&json!({ "title_id": "bo-lanterns" })).send().await;
    assert_eq!(response.status.as_u16(), 201);
}

#[tokio::test]
async fn without_ffmpeg_the_service_runs_and_says_what_is_missing() {
    let service =
        TestService::start("playback", "[demo]\nenabled = true\n[playback]\nffmpeg = 'no-such-ffmpeg'", service).await;
    let report = wait_for("the reason", async || {
        let report = service.nobody().get("/readyz").send().await;
        report.text().contains("no-such-ffmpeg").then_some(report)
    })
    .await;
    assert_eq!(report.status.as_u16(), 200);
    assert!(report.text().contains("apt-get install ffmpeg"), "{}", report.text());
    let response =
        service.account("acc-1").post("/v1/playbacks").json(&json!({ "title_id": "bo-lanterns" })).send().await;
    response.expect_problem(409, "title-being-prepared");
}
