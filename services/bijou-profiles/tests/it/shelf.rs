//! Everything a page is made of, and telling whether it has changed.

use bijou_profiles_api::{Shelf, Thumb};
use http::Method;
use serde_json::json;

use crate::world::{Player, worlds};

#[tokio::test]
async fn a_shelf_holds_what_a_page_needs() {
    for world in worlds().await {
        let (id, ada) = world.ada().await;
        let now = world.time.now_ms();
        Player::of(&ada, "old").paused(1, now - 100_000, 990.0).await;
        Player::of(&ada, "film").playing(1, now, 400.0).await;
        ada.put("/v1/me/list/kept").send().await.expect(204);
        ada.put("/v1/me/thumbs/liked").json(&json!({ "value": "double_up" })).send().await.expect(204);
        let shelf: Shelf = ada.get("/v1/me/shelf").send().await.expect(200).json();
        assert_eq!((shelf.profile.id.as_str(), shelf.profile.name.as_str()), (id.as_str(), "Ada"));
        let recent: Vec<_> = shelf.recent.iter().map(|one| (one.title_id.as_str(), one.fraction)).collect();
        assert_eq!(recent, [("film", 0.4), ("old", 0.99)]);
        assert_eq!(shelf.going_on.iter().map(|one| one.title_id.as_str()).collect::<Vec<_>>(), ["film"]);
        assert_eq!(shelf.list[0].title_id, "kept");
        assert_eq!((shelf.thumbs[0].title_id.as_str(), shelf.thumbs[0].value), ("liked", Thumb::DoubleUp));
    }
}

#[tokio::test]
async fn a_shelf_says_when_there_are_more_thumbs_than_it_holds() {
    for world in worlds().await {
        let (_, ada) = world.ada().await;
        let shelf = async || ada.get("/v1/me/shelf").send().await.expect(200).json::<Shelf>();
        let down = async |n: u32| {
            world.time.pass_s(1);
            let thumb = ada.put(&format!("/v1/me/thumbs/t-{n}")).json(&json!({ "value": "down" }));
            thumb.send().await.expect(204);
        };
        for n in 0..500 {
            down(n).await;
        }
        let full = shelf().await;
        assert_eq!((full.thumbs.len(), full.more_thumbs), (500, false));
        down(500).await;
        let over = shelf().await;
        assert_eq!((over.thumbs.len(), over.more_thumbs), (500, true));
        assert_eq!((over.thumbs[0].title_id.as_str(), over.thumbs[499].title_id.as_str()), ("t-500", "t-1"));
        ada.delete("/v1/me/thumbs/t-0").send().await.expect(204);
        assert!(!shelf().await.more_thumbs);
    }
}

#[tokio::test]
async fn a_shelf_is_the_same_until_something_on_it_changes() {
    for world in worlds().await {
        let (id, ada) = world.ada().await;
        let (_, bob) = world.profile(&json!({ "name": "Bob" })).await;
        let film = Player::of(&ada, "film");
        let now = world.time.now_ms();
        let mut tag = ada.get("/v1/me/shelf").send().await.expect(200).header("etag").to_owned();
        for step in 0..9 {
            ada.get("/v1/me/shelf").header("if-none-match", &tag).send().await.expect(304);
            // What others do does not matter.
            Player::of(&bob, "film").paused(step, now, 100.0).await;
            ada.get("/v1/me/shelf").header("if-none-match", &format!("W/{tag}")).send().await.expect(304);
            match step {
                0 => film.playing(1, now, 100.0).await,
                1 => film.playing(2, now + 1, 110.0).await,
                2 => film.paused(3, now + 2, 120.0).await,
                3 => drop(ada.put("/v1/me/list/film").send().await.expect(204)),
                4 => drop(ada.put("/v1/me/thumbs/film").json(&json!({ "value": "up" })).send().await.expect(204)),
                5 => drop(ada.post("/v1/me/continue/film/hide").send().await.expect(204)),
                6 => drop(ada.delete("/v1/me/history").send().await.expect(204)),
                7 => {
                    let path = format!("/v1/profiles/{id}");
                    let renamed = ada.request(Method::PATCH, &path).json(&json!({ "name": "Adele" }));
                    drop(renamed.send().await.expect(200));
                }
                _ => drop(ada.put("/v1/me/picks").json(&json!({ "title_ids": ["x"] })).send().await.expect(204)),
            }
            let fresh = ada.get("/v1/me/shelf").header("if-none-match", &tag).send().await;
            tag = fresh.expect(200).header("etag").to_owned();
        }
    }
}

#[tokio::test]
async fn a_shelf_without_the_catalogs_word_is_asked_for_again() {
    for world in worlds().await {
        let (_, ada) = world.ada().await;
        Player::of(&ada, "show").episode("e1").paused(1, world.time.now_ms(), 990.0).await;
        let partial = ada.get("/v1/me/shelf").send().await.expect(200);
        let again = ada.get("/v1/me/shelf").header("if-none-match", partial.header("etag"));
        again.send().await.expect(200);
    }
}
