//! What to go on with.

use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};

use axum::extract::Path;
use axum::routing::get;
use axum::{Json, Router};
use bijou_testkit::{User, wait_until};
use http::StatusCode;
use serde_json::{Value, json};

use crate::world::{Player, texts, world, world_with, worlds};

async fn row(user: &User) -> Value {
    user.get("/v1/me/continue").send().await.expect(200).value()
}

/// An episode as the catalog tells of it.
fn episode(id: &str, next: Option<&str>) -> Value {
    let image = json!({ "url": "/img/x.jpg", "width": 2, "height": 3, "tint": "#000000" });
    let next = next.map(|next| {
        json!({ "episode_id": next, "season_id": "s1", "season": 1, "number": 2, "name": next, "playable": true })
    });
    let mut episode = json!({
        "id": id, "season_id": "s1", "show_id": "show", "number": 1, "name": id, "playable": true, "artwork": image,
        "season": { "id": "s1", "show_id": "show", "number": 1, "episode_count": 3 },
        "show": {
            "id": "show", "kind": "show", "name": "Show", "year": 2026, "genres": [], "certification_age": 0,
            "playable": true, "artwork": { "poster": image, "backdrop": image }, "added_at": "2026-01-01T00:00:00Z",
        },
    });
    if let Some(next) = next {
        episode["next"] = next;
    }
    episode
}

/// A show of three episodes; counts how often anybody asks.
fn catalog(asked: &Arc<AtomicU32>) -> Router {
    let asked = Arc::clone(asked);
    let get_episode = async move |Path(id): Path<String>| {
        asked.fetch_add(1, Ordering::SeqCst);
        match id.as_str() {
            "e1" => Ok(Json(episode("e1", Some("e2")))),
            "e3" => Ok(Json(episode("e3", None))),
            _ => Err(StatusCode::NOT_FOUND),
        }
    };
    Router::new().route("/v1/episodes/{id}", get(get_episode))
}

#[tokio::test]
async fn what_is_begun_and_not_finished_is_gone_on_with_the_newest_first() {
    for world in worlds().await {
        let (_, ada) = world.ada().await;
        let now = world.time.now_ms();
        for (n, (title, position_s)) in
            (0..).zip([("looked-at", 10.0), ("begun", 20.0), ("nearly", 949.0), ("finished", 950.0)])
        {
            Player::of(&ada, title).paused(1, now - 10_000 + n * 1000, position_s).await;
        }
        Player::of(&ada, "playing").playing(1, now, 500.0).await;
        let row = row(&ada).await;
        assert_eq!(texts(&row, "title_id"), ["playing", "nearly", "begun"]);
        let first = &row["items"][0];
        assert_eq!((first["position_s"].as_f64(), first["duration_s"].as_f64()), (Some(500.0), Some(1000.0)));
        assert_eq!((first["fraction"].as_f64(), first["next"].as_bool()), (Some(0.5), Some(false)));
    }
}

#[tokio::test]
async fn after_the_credits_comes_the_next_episode_if_there_is_one() {
    let asked = Arc::default();
    let world = world_with(|service| service.stand_in("CATALOG", catalog(&asked))).await;
    let (_, ada) = world.ada().await;
    let now = world.time.now_ms();
    Player::of(&ada, "over").episode("e3").paused(1, now - 2, 990.0).await;
    Player::of(&ada, "show").episode("e1").paused(1, now - 1, 990.0).await;
    // A page does not wait for the catalog; the next one knows.
    wait_until("the next episode", async || texts(&row(&ada).await, "title_id") == ["show"]).await;
    let row = row(&ada).await;
    assert_eq!(row["items"][0]["episode_id"], "e2");
    assert_eq!((row["items"][0]["next"].as_bool(), row["items"][0]["position_s"].as_f64()), (Some(true), Some(0.0)));
    wait_until("what is known not to be asked again", async || {
        let before = asked.load(Ordering::SeqCst);
        self::row(&ada).await;
        asked.load(Ordering::SeqCst) == before
    })
    .await;
    Player::of(&ada, "show").episode("e2").paused(1, now, 100.0).await;
    assert_eq!(self::row(&ada).await["items"][0]["next"], false);
}

#[tokio::test]
async fn without_the_catalog_the_row_comes_without_what_it_knows() {
    let world = world().await;
    let (_, ada) = world.ada().await;
    Player::of(&ada, "show").episode("e1").paused(1, world.time.now_ms() - 1, 990.0).await;
    Player::of(&ada, "film").paused(1, world.time.now_ms(), 500.0).await;
    assert_eq!(texts(&row(&ada).await, "title_id"), ["film"]);
}

#[tokio::test]
async fn what_is_hidden_stays_hidden_until_it_is_played_again() {
    for world in worlds().await {
        let (_, ada) = world.ada().await;
        let now = world.time.now_ms();
        // Its clock is ahead of ours.
        let film = Player::of(&ada, "film");
        film.playing(1, now + 30_000, 500.0).await;
        ada.post("/v1/me/continue/film/hide").send().await.expect(204);
        ada.post("/v1/me/continue/never-played/hide").send().await.expect(204);
        assert_eq!(texts(&row(&ada).await, "title_id"), Vec::<String>::new());
        assert_eq!(film.position_s().await, Some(500.0));
        film.playing(2, now + 31_000, 510.0).await;
        assert_eq!(texts(&row(&ada).await, "title_id"), ["film"]);
    }
}
