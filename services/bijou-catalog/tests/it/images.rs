//! Images: printed, resized, real artwork before printed, and nothing that is not on the list of sizes.

use bijou_testkit::sqlite_database;
use serde_json::Value;

use crate::fixture::{World, world, worlds};

async fn image_url(world: &World, id: &str, role: &str) -> String {
    let title: Value = world.service.anonymous().get(&format!("/v1/titles/{id}")).send().await.expect(200).json();
    title["artwork"][role]["url"].as_str().unwrap().to_owned()
}

fn size_of(jpeg: &[u8]) -> (u32, u32) {
    let image = image::load_from_memory(jpeg).unwrap();
    (image.width(), image.height())
}

fn png(width: u32, height: u32) -> Vec<u8> {
    let mut bytes = Vec::new();
    let image = image::RgbImage::from_pixel(width, height, image::Rgb([180, 60, 40]));
    image.write_to(&mut std::io::Cursor::new(&mut bytes), image::ImageFormat::Png).unwrap();
    bytes
}

#[tokio::test]
async fn every_title_has_a_printed_poster_and_backdrop_in_every_size() {
    let world = world(sqlite_database()).await;
    let user = world.service.anonymous();
    for (role, usual, sizes) in [
        ("poster", "w480", [("w240", (240, 360)), ("w480", (480, 720)), ("w960", (960, 1440))]),
        ("backdrop", "w1280", [("w640", (640, 360)), ("w1280", (1280, 720)), ("w1920", (1920, 1080))]),
    ] {
        let url = image_url(&world, "metropolis", role).await;
        assert!(url.contains(usual), "{url}");
        for (size, expected) in sizes {
            let answer = user.get(&url.replace(usual, size)).send().await.expect(200);
            assert_eq!(answer.header("content-type"), "image/jpeg");
            assert_eq!(answer.header("cache-control"), "public, max-age=31536000, immutable");
            assert_eq!(size_of(&answer.body), expected);
            let tag = answer.header("etag").to_owned();
            user.get(&url.replace(usual, size)).header("if-none-match", &tag).send().await.expect(304);
        }
    }
}

#[tokio::test]
async fn the_same_title_is_printed_the_same_by_every_catalog() {
    let (one, two) = (world(sqlite_database()).await, world(sqlite_database()).await);
    let (url, other) = (image_url(&one, "nosferatu", "poster").await, image_url(&two, "nosferatu", "poster").await);
    let first = one.service.anonymous().get(&url).send().await.expect(200);
    let second = two.service.anonymous().get(&other).send().await.expect(200);
    assert!(first.body == second.body, "equal bytes");
    assert_eq!(first.header("etag"), second.header("etag"));
    // The picture is the same, the seal is not.
    two.service.anonymous().get(&url).send().await.expect_problem(404, "image-not-found");
}

/// The URL of somebody who knows the picture's hash, and not its seal.
pub fn guessed(url: &str) -> String {
    let (before, name) = url.rsplit_once('/').unwrap();
    format!("{before}/{}0000000000000000.jpg", &name[..16])
}

#[tokio::test]
async fn what_is_no_image_is_not_found() {
    let world = world(sqlite_database()).await;
    let user = world.service.anonymous();
    let url = image_url(&world, "metropolis", "poster").await;
    for wrong in [
        url.replace("w480", "w481"),
        url.replace("poster", "logo"),
        url.replace(".jpg", ".png"),
        url.replace("metropolis", "nobody"),
        url.replace("poster", "still").replace("w480", "w640"),
        guessed(&url),
        url.replace(".jpg", "0.jpg"),
        "/img/metropolis/poster/w480/..%2f..%2fetc.jpg".to_owned(),
    ] {
        user.get(&wrong).send().await.expect_problem(404, "image-not-found");
    }
}

#[tokio::test]
async fn real_artwork_wins_over_the_printed_poster() {
    for world in worlds().await {
        let printed = image_url(&world, "metropolis", "backdrop").await;
        let playback = world.service.service("playback");
        let put = playback.put("/v1/titles/metropolis/artwork/backdrop").body("image/png", png(1280, 720));
        put.send().await.expect(204);

        let user = world.service.anonymous();
        let real = image_url(&world, "metropolis", "backdrop").await;
        assert_ne!(real, printed);
        let answer = user.get(&real.replace("w1280", "w640")).send().await.expect(200);
        assert_eq!(size_of(&answer.body), (640, 360));
        // A page read a moment ago still names the printed one.
        let moved = user.get(&printed).send().await.expect(307);
        assert_eq!(moved.header("location"), real);

        let still = playback.put("/v1/titles/bo-short-circuits-s1e2/artwork/still").body("image/png", png(640, 360));
        still.send().await.expect(204);
        let episodes: Value = user.get("/v1/seasons/bo-short-circuits-s1/episodes").send().await.expect(200).json();
        let url = |at: usize| episodes["items"][at]["artwork"]["url"].as_str().unwrap();
        assert!(url(0).starts_with("/img/bo-short-circuits/backdrop/"), "the show's, where there is no still");
        assert!(url(1).starts_with("/img/bo-short-circuits-s1e2/still/"));
        user.get(url(1)).send().await.expect(200);
    }
}

#[tokio::test]
async fn only_services_bring_artwork_and_only_pictures_are_taken() {
    let world = world(sqlite_database()).await;
    let playback = world.service.service("playback");
    let put = |user: &bijou_testkit::User, path: &str, body: Vec<u8>| user.put(path).body("image/png", body).send();
    let path = "/v1/titles/metropolis/artwork/poster";
    put(&world.service.account("a1"), path, png(480, 720)).await.expect_problem(403, "service-only");
    put(&playback, path, b"not a picture".to_vec()).await.expect_problem(422, "picture-invalid");
    put(&playback, path, png(20, 30)).await.expect_problem(422, "picture-invalid");
    put(&playback, "/v1/titles/nobody/artwork/poster", png(480, 720)).await.expect_problem(404, "title-not-found");
    put(&playback, "/v1/titles/metropolis/artwork/logo", png(480, 720)).await.expect_problem(404, "image-not-found");
}
