//! What somebody saw, and its owner's right to have it gone.

use bijou_testkit::User;
use serde_json::Value;

use crate::world::{Player, position_s, text, texts, world, worlds};

async fn history(user: &User, query: &str) -> Value {
    user.get(&format!("/v1/me/history{query}")).send().await.expect(200).value()
}

#[tokio::test]
async fn each_playback_is_an_entry_and_pages_lead_through_all_of_them() {
    for world in worlds().await {
        let (_, ada) = world.ada().await;
        let now = world.time.now_ms();
        for n in 0..7 {
            Player::of(&ada, "film").session(&format!("s{n}")).paused(1, now - 1_000 + n, 100.0).await;
        }
        Player::of(&ada, "show").episode("e1").playing(1, now, 100.0).await;
        let whole = history(&ada, "").await;
        assert_eq!(texts(&whole, "title_id"), ["show", "film", "film", "film", "film", "film", "film", "film"]);
        assert_eq!(whole["items"][0]["episode_id"], "e1");
        let (mut seen, mut query) = (Vec::new(), "?limit=3".to_owned());
        loop {
            let page = history(&ada, &query).await;
            seen.extend(texts(&page, "id"));
            let Some(next) = page["next"].as_str() else { break };
            query = format!("?limit=3&cursor={next}");
        }
        assert_eq!(seen, texts(&whole, "id"));
    }
}

#[tokio::test]
async fn a_cursor_of_somebody_else_leads_nowhere() {
    let world = world().await;
    let (_, ada) = world.ada().await;
    let (_, bob) = world.profile(&serde_json::json!({ "name": "Bob" })).await;
    for n in 0..3 {
        Player::of(&ada, "film").session(&format!("s{n}")).paused(1, world.time.now_ms() - n, 100.0).await;
    }
    let cursor = text(&history(&ada, "?limit=1").await, "next");
    for path in [format!("/v1/me/history?cursor={cursor}"), "/v1/me/history?cursor=x".to_owned()] {
        bob.get(&path).send().await.expect_problem(400, "cursor-invalid");
    }
    ada.get(&format!("/v1/me/list?cursor={cursor}")).send().await.expect_problem(400, "cursor-invalid");
    ada.get("/v1/me/history?limit=0").send().await.expect_problem(400, "query-invalid");
    ada.get("/v1/me/history?limt=5").send().await.expect_problem(400, "query-invalid");
}

#[tokio::test]
async fn a_deleted_entry_was_never_watched() {
    for world in worlds().await {
        let (_, ada) = world.ada().await;
        let now = world.time.now_ms();
        let (before, last) = (Player::of(&ada, "film").session("before"), Player::of(&ada, "film").session("last"));
        before.paused(1, now - 100_000, 200.0).await;
        last.playing(1, now - 50_000, 700.0).await;
        let entries = texts(&history(&ada, "").await, "id");
        ada.delete(&format!("/v1/me/history/{}", entries[0])).send().await.expect(204);
        // The one before says where to go on.
        assert_eq!(position_s(&ada, "film").await, Some(200.0));
        // A player's queue does not bring it back,
        last.paused(2, now - 40_000, 710.0).await;
        assert_eq!(texts(&history(&ada, "").await, "id"), &entries[1..]);
        assert_eq!(position_s(&ada, "film").await, Some(200.0));
        ada.delete(&format!("/v1/me/history/{}", entries[0]))
            .send()
            .await
            .expect_problem(404, "history-entry-not-found");
        ada.delete(&format!("/v1/me/history/{}", entries[1])).send().await.expect(204);
        assert_eq!(position_s(&ada, "film").await, None);
        // going on watching does.
        world.time.pass_s(60);
        last.paused(3, now + 30_000, 720.0).await;
        assert_eq!(history(&ada, "").await["items"].as_array().map(Vec::len), Some(1));
    }
}

#[tokio::test]
async fn an_entry_is_deleted_by_its_owner_only() {
    let world = world().await;
    let (_, ada) = world.ada().await;
    let (_, bob) = world.profile(&serde_json::json!({ "name": "Bob" })).await;
    Player::of(&ada, "film").paused(1, world.time.now_ms(), 200.0).await;
    let entry = texts(&history(&ada, "").await, "id").remove(0);
    bob.delete(&format!("/v1/me/history/{entry}")).send().await.expect_problem(404, "history-entry-not-found");
    assert_eq!(texts(&history(&ada, "").await, "id"), [entry]);
}

#[tokio::test]
async fn all_of_it_goes_and_late_reports_do_not_bring_it_back() {
    for world in worlds().await {
        let (_, ada) = world.ada().await;
        let now = world.time.now_ms();
        let film = Player::of(&ada, "film");
        film.paused(1, now - 10_000, 200.0).await;
        Player::of(&ada, "other").playing(1, now - 5_000, 300.0).await;
        ada.put("/v1/me/list/kept").send().await.expect(204);
        ada.delete("/v1/me/history").send().await.expect(204);
        film.paused(2, now - 1_000, 210.0).await;
        Player::of(&ada, "unheard-of").paused(1, now - 2_000, 50.0).await;
        assert_eq!(history(&ada, "").await["items"], serde_json::json!([]));
        for playable in ["film", "other", "unheard-of"] {
            assert_eq!(position_s(&ada, playable).await, None, "{playable}");
        }
        assert_eq!(texts(&ada.get("/v1/me/list").send().await.expect(200).value(), "title_id"), ["kept"]);
        let events = world.service.service("recommendations").get("/events?limit=100").send().await.expect(200).value();
        let removed = events["items"].as_array().expect("a list").iter().find(|one| one["type"] == "history.removed");
        let mut told = removed.expect("told")["data"]["title_ids"].as_array().expect("titles").clone();
        told.sort_by_key(ToString::to_string);
        assert_eq!(told, ["film", "other"]);
    }
}
