//! What is kept of a profile beside its plays: the cards it saw, and what it refused however long ago.

use bijou_profiles_api::events::THUMB_SET;
use bijou_testkit::wait_until;
use serde_json::{Value, json};

use crate::personal::{home, profile, shelf, town};
use crate::world::{ids, row, titles, world, worlds};

#[tokio::test]
async fn an_impression_keeps_place_row_and_model_of_the_card_that_was_seen() {
    let world = town(world().await, bijou_testkit::seed()).await;
    world.profiles.set_shelf("p-1", shelf("v", &["c-0", "c-1"], json!({})));
    let ada = profile(&world, "p-1", None);
    let page = home(&ada).await;
    let picks = row(&page, "top-picks").expect("picks")["items"].as_array().expect("cards").clone();
    let (third, fourth) = (&picks[2], &picks[3]);
    // The one where it was made for, the other where the screen says that it was.
    let seen =
        json!({ "items": [{ "card": third["card"] }, { "card": fourth["card"], "row": "grid", "position": 11 }] });
    ada.post("/v1/impressions").json(&seen).send().await.expect(204);
    let asked = world.service.service("console").get("/v1/diagnoses/titles/c-0").send().await.expect(200).value();
    let version = asked["model"].as_str().expect("a trained model").to_owned();
    let record = world.service.service("profiles").get("/v1/records/p-1").send().await.expect(200).value();
    let kept: Vec<Value> = record["impressions"].as_array().expect("a list").clone();
    for (card, row, position) in [(third, "top_picks", 2), (fourth, "grid", 11)] {
        let one = kept.iter().find(|one| one["title_id"] == card["title_id"]).unwrap_or_else(|| panic!("{record}"));
        assert_eq!((&one["row_id"], &one["position"]), (&json!(row), &json!(position)), "{one}");
        assert_eq!(one["model_version"], version.as_str(), "{one}");
    }
    assert_eq!(kept.len(), 2, "{record}");
}

#[tokio::test]
async fn a_thumb_down_of_long_ago_keeps_a_title_off_the_page_although_the_shelf_is_full_of_newer_ones() {
    for world in worlds().await {
        world.catalog.publish(titles(12, "drama")).await;
        world.home_once("the titles", |home| ids(home).len() == 12).await;
        let down = json!({ "profile_id": "p-1", "title_id": "drama-003", "value": "down" });
        world.profiles.tell(THUMB_SET, "p-1", down).await;
        world.profiles.set_shelf("p-1", shelf("v", &[], json!({ "more_thumbs": true })));
        let ada = profile(&world, "p-1", None);
        wait_until("the thumb", async || {
            let record = world.service.service("profiles").get("/v1/records/p-1").send().await.expect(200).value();
            record["interactions"][0]["thumb"] == "down"
        })
        .await;
        assert_eq!(ids(&home(&ada).await).len(), 11, "{}", world.database.engine);
        let similar = ada.get("/v1/similar/drama-001").send().await.expect(200).text();
        assert!(!similar.contains("drama-003"), "{similar}");
    }
}
