//! Two instances on one database: each event counts once, and both show it.

use crate::world::{home_once, titles, worlds};

#[tokio::test]
async fn two_instances_count_each_play_once_and_show_the_same_page() {
    for world in worlds().await {
        let other = world.another().await;
        world.catalog.publish(titles(12, "drama")).await;
        for _ in 0..40 {
            world.playback.started("drama-004").await;
        }
        let is_counted = |home: &serde_json::Value| home["hero"]["reason"]["text"] == "Played 40 times this week";
        let here = world.home_once("forty plays", is_counted).await;
        let there = home_once(&other, "forty plays there", is_counted).await;
        assert_eq!(here["hero"], there["hero"], "{}", world.database.engine);
        // A part begun here goes on there.
        if let Some(cursor) = here["next"].as_str() {
            other.anonymous().get(&format!("/v1/home?cursor={cursor}")).send().await.expect(200);
        }
    }
}
