//! From `POST /v1/playbacks` to bytes that decode, and what others hear of it.

use bijou_playback::service;
use bijou_playback_api::PlaybackSession;
use bijou_testkit::{TestService, User, databases, sqlite_database};
use m3u8_rs::Playlist;
use serde_json::{Value, json};

use crate::clip::{SUBTITLES, ingest_clip, ingest_small, library_of};

async fn play(user: &User, title: &str) -> PlaybackSession {
    let response = user.post("/v1/playbacks").json(&json!({ "title_id": title })).send().await;
    assert_eq!(response.status.as_u16(), 201, "{response:?}");
    response.json()
}

/// Follows a relative URL.
fn join(base: &str, relative: &str) -> String {
    let mut path: Vec<&str> = base.split('/').collect();
    path.pop();
    for part in relative.split('/') {
        match part {
            ".." => drop(path.pop()),
            part => path.push(part),
        }
    }
    path.join("/")
}

async fn playlist(user: &User, path: &str) -> Playlist {
    let response = user.get(path).send().await;
    assert_eq!(response.status.as_u16(), 200, "{response:?}");
    assert_eq!(response.header("content-type"), "application/vnd.apple.mpegurl");
    m3u8_rs::parse_playlist_res(&response.body).unwrap()
}

async fn media_playlist(user: &User, path: &str) -> m3u8_rs::MediaPlaylist {
    match playlist(user, path).await {
        Playlist::MediaPlaylist(media) => media,
        Playlist::MasterPlaylist(_) => panic!("{path} is a master playlist"),
    }
}

#[tokio::test]
async fn a_film_plays_from_the_first_request_to_the_last_byte_on_both_databases() {
    for database in databases().await {
        let service = TestService::of("playback").database(&database.url).start(service).await;
        ingest_clip(&library_of(&service, &database).await, "film").await;
        let viewer = service.account("acc-1");
        let session = play(&viewer, "film").await;
        assert_eq!(session.attribution.as_deref(), Some("made by a test"));
        assert_eq!(session.subtitles.iter().map(|track| track.language.as_str()).collect::<Vec<_>>(), ["de"]);

        let Playlist::MasterPlaylist(master) = playlist(&viewer, &session.manifest.hls).await else {
            panic!("a media playlist")
        };
        assert_eq!(master.variants.iter().filter(|variant| !variant.is_i_frame).count(), 2);
        // A native player sends no credentials but the token: the gateway makes it nobody.
        let player = service.anonymous();
        for variant in &master.variants {
            let path = join(&session.manifest.hls, &variant.uri);
            let media = media_playlist(&player, &path).await;
            let total: f32 = media.segments.iter().map(|segment| segment.duration).sum();
            assert!((total - 3.0).abs() < 0.05, "{path}: {total}");
            for segment in &media.segments {
                let range = segment.byte_range.clone().unwrap();
                let offset = range.offset.unwrap();
                let spec = format!("bytes={offset}-{}", offset + range.length - 1);
                let part = player.get(&join(&path, &segment.uri)).header("range", &spec).send().await;
                assert_eq!(part.status.as_u16(), 206);
                assert_eq!(part.body.len() as u64, range.length);
                // Each segment and each key frame begins with the header of its fragment.
                assert_eq!(&part.body[4..8], b"moof");
            }
        }
        let names: Vec<_> = master.alternatives.iter().filter_map(|media| media.language.clone()).collect();
        assert_eq!(names, ["de", "en", "de"]);
        let subtitles = master.alternatives.last().unwrap().uri.clone().unwrap();
        let path = join(&session.manifest.hls, &subtitles);
        let track = media_playlist(&player, &path).await;
        let text = player.get(&join(&path, &track.segments[0].uri)).send().await;
        assert_eq!(text.header("content-type"), "text/vtt; charset=utf-8");
        assert_eq!(text.text(), SUBTITLES);
    }
}

#[tokio::test]
async fn dash_names_the_very_same_bytes() {
    let database = sqlite_database();
    let service = TestService::of("playback").database(&database.url).start(service).await;
    ingest_small(&library_of(&service, &database).await, "film").await;
    let viewer = service.account("acc-1");
    let session = play(&viewer, "film").await;
    let manifest = viewer.get(&session.manifest.dash).send().await;
    assert_eq!(manifest.header("content-type"), "application/dash+xml");
    let text = manifest.text();
    let between = |text: &str, before: &str, after: &str| -> String {
        let start = text.find(before).unwrap_or_else(|| panic!("no {before} in {text}")) + before.len();
        text[start..].split(after).next().unwrap().to_owned()
    };
    let url = join(&session.manifest.dash, &between(&text, "<BaseURL>", "</BaseURL>"));
    let index = between(&text, "indexRange=\"", "\"");
    let part = viewer.get(&url).header("range", &format!("bytes={index}")).send().await;
    assert_eq!(part.status.as_u16(), 206);
    assert_eq!(&part.body[4..8], b"sidx");
    // The index's first reference is HLS's first segment.
    let first = u64::from(u32::from_be_bytes(part.body[40..44].try_into().unwrap()));
    let media = media_playlist(&viewer, &join(&session.manifest.hls, "v90.m3u8")).await;
    assert_eq!(media.segments[0].byte_range.as_ref().unwrap().length, first);
}

#[tokio::test]
async fn reports_reach_the_outbox_once_and_in_order_on_both_databases() {
    for database in databases().await {
        let service = TestService::of("playback").database(&database.url).start(service).await;
        ingest_small(&library_of(&service, &database).await, "film").await;
        let viewer = service.account("acc-1");
        let session = play(&viewer, "film").await;
        for (kind, position_s) in
            [("started", 0.0), ("started", 0.1), ("progress", 1.5), ("progress", 1.5), ("stopped", 99.0)]
        {
            let report = json!({ "kind": kind, "position_s": position_s });
            let response = viewer.post(&session.events_url).json(&report).send().await;
            assert_eq!(response.status.as_u16(), 202, "{response:?}");
        }
        let batch = service.service("recommendations").get("/events?after=0&limit=100").send().await.value();
        let told: Vec<(&str, &Value)> = batch["items"]
            .as_array()
            .unwrap()
            .iter()
            .map(|event| (event["type"].as_str().unwrap(), &event["data"]))
            .collect();
        let kinds: Vec<_> = told.iter().map(|(kind, _)| *kind).collect();
        assert_eq!(
            kinds,
            ["asset.ready", "playback.started", "playback.progress", "playback.stopped"],
            "{}",
            database.engine
        );
        assert_eq!(told[0].1["height_max"], 90);
        assert_eq!(told[3].1["account_id"], "acc-1");
        // No further than the film goes.
        assert!(told[3].1["position_s"].as_f64().unwrap() < 3.1);
        assert_eq!(told[3].1.get("synthetic"), None);
    }
}

#[tokio::test]
async fn what_cannot_be_played_says_why() {
    let service = TestService::start("playback", "", service).await;
    let viewer = service.account("acc-1");
    let ask = async |body: Value| viewer.post("/v1/playbacks").json(&body).send().await;
    ask(json!({ "title_id": "nothing" })).await.expect_problem(404, "title-not-playable");
    ask(json!({ "title_id": 7 })).await.expect_problem(422, "json-invalid");
    ask(json!({ "title_id": "a", "quality": "best" })).await.expect_problem(422, "json-invalid");
    service
        .anonymous()
        .post("/v1/playbacks")
        .json(&json!({ "title_id": "a" }))
        .send()
        .await
        .expect_problem(401, "sign-in-required");
    let report = json!({ "kind": "progress", "position_s": 1 });
    viewer.post("/v1/playbacks/nothing/events").json(&report).send().await.expect_problem(404, "playback-not-found");
    let before = json!({ "kind": "progress", "position_s": -1 });
    viewer.post("/v1/playbacks/nothing/events").json(&before).send().await.expect_problem(422, "position-invalid");
}

#[tokio::test]
async fn a_session_is_its_accounts_alone() {
    let database = sqlite_database();
    let service = TestService::of("playback").database(&database.url).start(service).await;
    ingest_small(&library_of(&service, &database).await, "film").await;
    let session = play(&service.account("acc-1"), "film").await;
    let stranger = service.account("acc-2");
    let report = json!({ "kind": "progress", "position_s": 1 });
    stranger.post(&session.events_url).json(&report).send().await.expect_problem(404, "playback-not-found");
    stranger.get(&session.manifest.hls).send().await.expect_problem(403, "playback-token-other-account");
}

#[tokio::test]
async fn a_better_encode_replaces_the_film_and_running_playback_goes_on() {
    let database = sqlite_database();
    let service = TestService::of("playback").database(&database.url).start(service).await;
    let library = library_of(&service, &database).await;
    ingest_small(&library, "film").await;
    let viewer = service.account("acc-1");
    let before = play(&viewer, "film").await;
    ingest_small(&library, "film").await;
    let after = play(&viewer, "film").await;
    assert_ne!(before.manifest.hls, after.manifest.hls);
    for session in [&before, &after] {
        assert_eq!(viewer.get(&session.manifest.hls).send().await.status.as_u16(), 200);
    }
    assert!(library.withdraw("film").await.unwrap());
    assert!(!library.withdraw("film").await.unwrap());
    viewer
        .post("/v1/playbacks")
        .json(&json!({ "title_id": "film" }))
        .send()
        .await
        .expect_problem(404, "title-not-playable");
    assert_eq!(viewer.get(&after.manifest.hls).send().await.status.as_u16(), 200);
}
