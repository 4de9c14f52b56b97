//! Segments by range, as RFC 9110 wants it.

use bijou_playback::service;
use bijou_testkit::{TestService, sqlite_database};
use http::Method;
use serde_json::json;

use crate::clip::{ingest_small, library_of};

#[tokio::test]
async fn ranges_conditions_and_head_are_answered_as_the_rfc_says() {
    let database = sqlite_database();
    let service = TestService::of("playback").database(&database.url).start(service).await;
    ingest_small(&library_of(&service, &database).await, "film").await;
    let session =
        service.account("acc-1").post("/v1/playbacks").json(&json!({ "title_id": "film" })).send().await.value();
    let manifest = session["manifest"]["hls"].as_str().unwrap();
    let path = manifest.replacen("/m/", "/s/", 1).replace("master.m3u8", "v90.mp4");
    let player = service.anonymous();

    let whole = player.get(&path).send().await;
    assert_eq!(whole.status.as_u16(), 200);
    assert_eq!(whole.header("content-type"), "video/mp4");
    assert_eq!(whole.header("accept-ranges"), "bytes");
    assert!(whole.header("cache-control").starts_with("private, max-age=2"), "{}", whole.header("cache-control"));
    let length = whole.body.len();
    let etag = whole.header("etag").to_owned();
    assert!(etag.starts_with('"') && etag.ends_with('"'));

    let ranged = async |range: &str| player.get(&path).header("range", range).send().await;
    let part = ranged("bytes=100-199").await;
    assert_eq!(part.status.as_u16(), 206);
    assert_eq!(part.header("content-range"), format!("bytes 100-199/{length}"));
    assert_eq!(part.body, whole.body[100..200]);
    let end = ranged("bytes=-50").await;
    assert_eq!(end.body, whole.body[length - 50..]);
    let rest = ranged(&format!("bytes={}-", length - 10)).await;
    assert_eq!(rest.header("content-range"), format!("bytes {}-{}/{length}", length - 10, length - 1));

    let outside = ranged(&format!("bytes={length}-")).await;
    outside.expect_problem(416, "range-not-satisfiable");
    assert_eq!(outside.header("content-range"), format!("bytes */{length}"));
    // Several ranges, and what is no range at all: the whole file.
    assert_eq!(ranged("bytes=0-1,5-6").await.status.as_u16(), 200);
    assert_eq!(ranged("pages=1-2").await.status.as_u16(), 200);

    let same = player.get(&path).header("range", "bytes=0-9").header("if-range", &etag).send().await;
    assert_eq!((same.status.as_u16(), same.body.len()), (206, 10));
    let other = player.get(&path).header("range", "bytes=0-9").header("if-range", "\"other\"").send().await;
    assert_eq!((other.status.as_u16(), other.body.len()), (200, length));
    let unchanged = player.get(&path).header("if-none-match", &etag).send().await;
    assert_eq!((unchanged.status.as_u16(), unchanged.body.len()), (304, 0));

    let head = player.request(Method::HEAD, &path).header("range", "bytes=0-9").send().await;
    assert_eq!((head.status.as_u16(), head.body.len()), (200, 0));
    assert_eq!(head.header("content-length"), length.to_string());

    player.get(&path.replace("v90.mp4", "index.json")).send().await.expect_problem(404, "media-file-not-found");
    player
        .get(&path.replace("v90.mp4", "..%2F..%2Fplayback.sqlite"))
        .send()
        .await
        .expect_problem(404, "media-file-not-found");
}
