//! Plays, from playback's outbox to the page.

use bijou_playback_api::events::PLAYBACK_STARTED;
use serde_json::{Value, json};

use crate::sources::{append, event};
use crate::world::{World, ids, row, titles, world, worlds};

async fn with_titles(world: World) -> World {
    world.catalog.publish(titles(12, "drama")).await;
    world.home_once("the titles", |home| ids(home).len() == 12).await;
    world
}

fn hero_reason(home: &Value) -> &str {
    home["hero"]["reason"]["text"].as_str().unwrap_or_default()
}

#[tokio::test]
async fn the_first_play_is_on_the_next_page() {
    for world in worlds().await {
        let world = with_titles(world).await;
        let home = world.home().await;
        assert_eq!(row(&home, "popular").expect("there")["fallback"], "few-plays");
        world.playback.started("drama-007").await;
        let home = world.home_once("the play", |home| home["hero"]["title_id"] == "drama-007").await;
        assert_eq!(hero_reason(&home), "Played once this week");
    }
}

#[tokio::test]
async fn counts_say_how_often_people_played_and_nothing_else() {
    for world in worlds().await {
        let world = with_titles(world).await;
        for _ in 0..3 {
            world.playback.started("drama-001").await;
            world.playback.progressed("drama-001").await;
            world.playback.stopped("drama-001", 20.0).await;
            world.playback.started("drama-002").await;
            world.playback.stopped("drama-002", 2.0).await;
        }
        world.playback.started_by_invented("drama-003").await;
        world.playback.tell(PLAYBACK_STARTED, "drama-004", json!({ "not": "a play" })).await;
        world.playback.started("not-in-the-catalog").await;
        let home = world
            .home_once("all plays", |home| {
                row(home, "popular").is_some_and(|row| {
                    row["items"]
                        .as_array()
                        .is_some_and(|items| items.get(1).is_some_and(|card| card["title_id"] == "drama-003"))
                })
            })
            .await;
        assert_eq!((&home["hero"]["title_id"], hero_reason(&home)), (&json!("drama-001"), "Played 3 times this week"));
        let items = row(&home, "popular").expect("there")["items"].as_array().expect("items").clone();
        assert_eq!(
            (&items[0]["title_id"], &items[0]["reason"]["text"]),
            (&json!("drama-002"), &json!("Played 3 times this week"))
        );
        assert_eq!(items[1]["reason"]["code"], "popular-in-demo");
        assert!(items[2..].iter().all(|card| card["reason"]["code"] == "playable"), "{items:?}");
    }
}

#[tokio::test]
async fn plays_are_still_counted_after_a_restart_and_none_twice() {
    for world in worlds().await {
        let world = with_titles(world).await;
        for _ in 0..5 {
            world.playback.started("drama-005").await;
        }
        world.home_once("five plays", |home| hero_reason(home) == "Played 5 times this week").await;
        let World { service, catalog, playback, profiles, database, settings } = world;
        service.stop().await;
        playback.started("drama-005").await;
        let service = bijou_testkit::TestService::of(bijou_recommendations::ROLE)
            .database(&database.url)
            .stand_in("CATALOG", catalog.router())
            .stand_in("PLAYBACK", playback.router())
            .start(bijou_recommendations::service)
            .await;
        let world = World { service, catalog, playback, profiles, database, settings };
        world.home_once("the sixth", |home| hero_reason(home) == "Played 6 times this week").await;
    }
}

/// Two transactions on playback's store, the first of which commits last: their plays come in commit order, and the
/// one that was open while the other committed is not skipped.
#[tokio::test]
async fn a_play_in_a_transaction_that_commits_late_is_not_skipped() {
    let postgres = bijou_testkit::postgres_database().await;
    for playback_store in [bijou_testkit::sqlite_database(), postgres] {
        let playback = crate::sources::Source::new("playback", playback_store).await;
        let catalog = crate::sources::Source::new("catalog", bijou_testkit::sqlite_database()).await;
        let database = bijou_testkit::sqlite_database();
        let service = bijou_testkit::TestService::of(bijou_recommendations::ROLE)
            .database(&database.url)
            .stand_in("CATALOG", catalog.router())
            .stand_in("PLAYBACK", playback.router())
            .start(bijou_recommendations::service)
            .await;
        let profiles = crate::sources::Source::new("profiles", bijou_testkit::sqlite_database()).await;
        let world =
            with_titles(World { service, catalog, playback, profiles, database, settings: String::new() }).await;

        let mut late = world.playback.database().begin_write().await.expect("a transaction");
        append(&mut late, PLAYBACK_STARTED, "drama-001", event("drama-001", 0.0, false)).await;
        let other = world.playback.clone();
        let early = tokio::spawn(async move {
            for _ in 0..2 {
                other.started("drama-002").await;
            }
        });
        // The reader is asking all the while. Nothing is visible yet, whatever number it got.
        tokio::time::sleep(std::time::Duration::from_millis(300)).await;
        assert_eq!(world.home().await["hero"]["reason"]["code"], "playable");
        late.commit().await.expect("committed");
        early.await.expect("no panic");
        let home = world.home_once("both", |home| hero_reason(home) == "Played twice this week").await;
        assert_eq!(home["hero"]["title_id"], "drama-002");
        let popular = &row(&home, "popular").expect("there")["items"][0];
        assert_eq!(
            (&popular["title_id"], &popular["reason"]["text"]),
            (&json!("drama-001"), &json!("Played once this week"))
        );
    }
}

#[tokio::test]
async fn a_playback_that_lost_its_store_is_heard_from_the_start() {
    let world = with_titles(world().await).await;
    for _ in 0..3 {
        world.playback.started("drama-001").await;
    }
    world.home_once("three plays", |home| hero_reason(home) == "Played 3 times this week").await;
    let fresh = crate::sources::Source::new("playback", bijou_testkit::sqlite_database()).await;
    fresh.started("drama-001").await;
    let World { service, catalog, profiles, database, settings, .. } = world;
    service.stop().await;
    let service = bijou_testkit::TestService::of(bijou_recommendations::ROLE)
        .database(&database.url)
        .stand_in("CATALOG", catalog.router())
        .stand_in("PLAYBACK", fresh.router())
        .start(bijou_recommendations::service)
        .await;
    let world = World { service, catalog, playback: fresh, profiles, database, settings };
    world.home_once("what was, and the new one", |home| hero_reason(home) == "Played 4 times this week").await;
}
