//! Nothing without a token, and no token for long.

use bijou_playback::service;
use bijou_playback_api::PlaybackSession;
use bijou_testkit::{TestService, sqlite_database, wait_for};
use serde_json::json;

use crate::clip::{ingest_small, library_of};

#[tokio::test]
async fn only_a_live_token_for_this_very_asset_opens_anything() {
    let database = sqlite_database();
    let service =
        TestService::of("playback").database(&database.url).settings("[playback]\ntoken_s = 0").start(service).await;
    let library = library_of(&service, &database).await;
    ingest_small(&library, "film").await;
    ingest_small(&library, "other").await;
    let viewer = service.account("acc-1");
    let play = async |title: &str| -> PlaybackSession {
        viewer.post("/v1/playbacks").json(&json!({ "title_id": title })).send().await.json()
    };
    let (film, other) = (play("film").await, play("other").await);

    let parts: Vec<&str> = film.manifest.hls.split('/').collect();
    let [_, _, asset, token, _] = parts.as_slice() else { panic!("{parts:?}") };
    let other_asset = other.manifest.hls.split('/').nth(2).unwrap();
    let player = service.anonymous();
    let refused = async |asset: &str, token: &str, status: u16, code: &str| {
        for path in [format!("/m/{asset}/{token}/master.m3u8"), format!("/s/{asset}/{token}/v90.mp4")] {
            player.get(&path).send().await.expect_problem(status, code);
        }
    };
    refused(asset, "x", 401, "playback-token-invalid").await;
    refused(asset, "a.b.c", 401, "playback-token-invalid").await;
    refused("no-asset", "x", 401, "playback-token-invalid").await;
    refused(other_asset, token, 403, "playback-token-other-asset").await;
    let forged: String = token
        .chars()
        .rev()
        .enumerate()
        .map(|(place, letter)| if place == 5 { if letter == 'A' { 'B' } else { 'A' } } else { letter })
        .collect::<Vec<_>>()
        .into_iter()
        .rev()
        .collect();
    refused(asset, &forged, 401, "playback-token-invalid").await;

    // With no time of its own the token lasts as long as the film: three seconds.
    let expired = wait_for("the token to expire", async || {
        let response = player.get(&film.manifest.hls).send().await;
        (response.status.as_u16() != 200).then_some(response)
    })
    .await;
    expired.expect_problem(401, "playback-token-expired");
    refused(asset, token, 401, "playback-token-expired").await;
}

#[tokio::test]
async fn a_token_of_one_instance_is_good_at_another() {
    let database = sqlite_database();
    let one = TestService::of("playback").database(&database.url).start(service).await;
    ingest_small(&library_of(&one, &database).await, "film").await;
    let session: PlaybackSession =
        one.account("acc-1").post("/v1/playbacks").json(&json!({ "title_id": "film" })).send().await.json();
    let data = one.stop().await;
    let other = TestService::of("playback").database(&database.url).data(data).start(service).await;
    assert_eq!(other.anonymous().get(&session.manifest.hls).send().await.status.as_u16(), 200);
}
