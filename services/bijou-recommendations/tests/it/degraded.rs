//! What is served while somebody is away.

use bijou_testkit::{TestService, wait_until};
use serde_json::Value;

use crate::world::{World, ids, row, titles, world, worlds};

#[tokio::test]
async fn with_nobody_there_and_nothing_known_the_service_is_up_and_says_so() {
    let service = TestService::start(bijou_recommendations::ROLE, "", bijou_recommendations::service).await;
    let answer = service.anonymous().get("/v1/home").send().await;
    answer.expect_problem(503, "home-not-ready");
    assert_eq!(answer.header("retry-after"), "1");
    let ready = service.nobody().get("/readyz").send().await.expect(200).value();
    let names: Vec<&Value> = ready["checks"]
        .as_array()
        .expect("checks")
        .iter()
        .filter(|check| check["ready"] == false)
        .map(|check| &check["name"])
        .collect();
    assert_eq!(names, ["model", "catalog", "playback", "profiles"]);
}

#[tokio::test]
async fn what_was_known_is_served_after_a_restart_with_nobody_there() {
    for world in worlds().await {
        world.catalog.publish(titles(12, "drama")).await;
        world.playback.started("drama-003").await;
        let is_complete = |home: &Value| home["hero"]["title_id"] == "drama-003" && ids(home).len() == 12;
        let before = ids(&world.home_once("all titles and the play", is_complete).await);
        let World { service, database, .. } = world;
        service.stop().await;
        let alone = TestService::of(bijou_recommendations::ROLE)
            .database(&database.url)
            .start(bijou_recommendations::service)
            .await;
        let home = alone.anonymous().get("/v1/home").send().await.expect(200).value();
        assert_eq!(ids(&home), before);
        assert_eq!(row(&home, "new").expect("there")["fallback"], "nothing-new");
        assert_eq!(row(&home, "genre-drama").expect("there")["fallback"], "last-known-titles");
    }
}

#[tokio::test]
async fn rows_say_who_is_away_and_stop_saying_so() {
    let world = world().await;
    world.catalog.publish(titles(20, "drama")).await;
    for n in 0..4 {
        world.playback.started(&format!("drama-00{n}")).await;
    }
    let fallback = |home: &Value, id: &str| row(home, id).and_then(|row| row.get("fallback")).cloned();
    let is_whole = |home: &Value| {
        row(home, "popular").is_some() && fallback(home, "popular").is_none() && fallback(home, "genre-drama").is_none()
    };
    world.home_once("a whole page", is_whole).await;
    world.playback.set_up(false);
    world.home_once("playback missed", |home| fallback(home, "popular") == Some("last-known-plays".into())).await;
    world.catalog.set_up(false);
    world.home_once("catalog missed", |home| fallback(home, "genre-drama") == Some("last-known-titles".into())).await;
    world.playback.set_up(true);
    world.catalog.set_up(true);
    world.home_once("a whole page again", is_whole).await;
    world.playback.started("drama-009").await;
    wait_until("plays counted again", async || ids(&world.home().await).iter().take(6).any(|id| id == "drama-009"))
        .await;
}

#[tokio::test]
async fn a_title_that_went_without_a_word_is_missed_at_the_next_comparison() {
    let world = world().await;
    world.catalog.publish(titles(6, "drama")).await;
    world.home_once("the titles", |home| ids(home).len() == 6).await;
    world.catalog.withdraw("drama-002", false).await;
    // A new process compares first of all.
    let other = world.another().await;
    crate::world::home_once(&other, "five titles", |home| ids(home).len() == 5).await;
    world.home_once("five titles here too", |home| ids(home).len() == 5).await;
}
