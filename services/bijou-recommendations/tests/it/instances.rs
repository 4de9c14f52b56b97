//! Two instances on one database: each event counts once, and both show it; a model in a folder they share serves both.

use bijou_testkit::{databases, wait_until};

use crate::models::{train, with_members};
use crate::personal::is_ready_at;
use crate::world::{World, home_once, titles, worlds};

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

#[tokio::test]
async fn a_model_in_a_folder_of_all_is_used_by_an_instance_with_a_data_folder_of_its_own() {
    for database in databases().await {
        let folder = tempfile::tempdir().expect("a folder");
        let named = format!("models_dir = {:?}", folder.path());
        let world = with_members(World::with(database, named).await).await;
        let other = world.another().await;
        assert_ne!(world.service.data_dir(), other.data_dir());
        assert!(!is_ready_at(&other, "model").await);
        let place = format!("recommendations.models_dir={}", folder.path().display());
        let made = train(&world, &place).await.expect("a model").expect("made");
        assert!(folder.path().join(format!("{}.model", made.version)).is_file());
        wait_until("the model here and there", async || {
            is_ready_at(&world.service, "model").await && is_ready_at(&other, "model").await
        })
        .await;
    }
}
