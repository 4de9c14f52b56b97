//! Where somebody stopped: whatever players, clocks and processes do.

use bijou_testkit::wait_until;
use serde_json::json;

use crate::world::{Player, World, claims, position_s, world, world_with, worlds};

/// Never writes by itself while a test runs.
const RARELY: &str = "[profiles]\npositions_write_s = 60\n";

#[tokio::test]
async fn a_heartbeat_is_known_at_once_and_a_pause_is_written() {
    for world in worlds().await {
        let (_, ada) = world.ada().await;
        let (film, other) = (Player::of(&ada, "film"), Player::of(&ada, "other"));
        assert_eq!(film.position_s().await, None);
        film.playing(1, world.time.now_ms(), 30.0).await;
        other.playing(1, world.time.now_ms(), 10.0).await;
        other.paused(2, world.time.now_ms() + 1, 12.5).await;
        assert_eq!((film.position_s().await, other.position_s().await), (Some(30.0), Some(12.5)));
        // Another process knows what would be left if this one was killed now.
        let left = world.another().await;
        let there = left.claims(&claims(&own_profile(&world).await));
        assert_eq!(position_s(&there, "other").await, Some(12.5));
        assert_eq!(position_s(&there, "film").await, None);
    }
}

async fn own_profile(world: &World) -> serde_json::Value {
    world.account().get("/v1/profiles").send().await.expect(200).value()["items"][0].clone()
}

#[tokio::test]
async fn heartbeats_are_written_after_a_while() {
    let world = world_with(|service| service.settings("[profiles]\npositions_write_s = 1\n")).await;
    let (_, ada) = world.ada().await;
    Player::of(&ada, "film").playing(1, world.time.now_ms(), 30.0).await;
    let another = world.another().await;
    let there = another.claims(&claims(&own_profile(&world).await));
    wait_until("the position to be written", async || position_s(&there, "film").await == Some(30.0)).await;
}

#[tokio::test]
async fn a_graceful_stop_writes_what_waits() {
    for database in bijou_testkit::databases().await {
        let world = World::on(database, |service| service.settings(RARELY)).await;
        let (_, ada) = world.ada().await;
        Player::of(&ada, "film").playing(1, world.time.now_ms(), 30.0).await;
        let profile = own_profile(&world).await;
        let World { service, database, .. } = world;
        service.stop().await;
        let world = World::on(database, |service| service).await;
        assert_eq!(position_s(&world.user(&profile), "film").await, Some(30.0));
    }
}

#[tokio::test]
async fn reports_twice_and_out_of_order_end_where_the_last_one_was() {
    for world in worlds().await {
        let (_, ada) = world.ada().await;
        let film = Player::of(&ada, "film");
        let now = world.time.now_ms();
        for (seq, state) in [(3, "paused"), (1, "playing"), (3, "paused"), (2, "paused"), (2, "playing")] {
            let at_ms = now - 100_000 + i64::from(seq) * 30_000;
            film.try_report(seq, at_ms, f64::from(seq) * 30.0, state).await.expect(204);
        }
        assert_eq!(film.position_s().await, Some(90.0));
        let history = ada.get("/v1/me/history").send().await.expect(200).value();
        assert_eq!(history["items"].as_array().map(Vec::len), Some(1));
        assert_eq!(history["items"][0]["position_s"], 90.0);
    }
}

#[tokio::test]
async fn of_two_screens_the_later_one_counts_whichever_reports_first() {
    for world in worlds().await {
        let (_, ada) = world.ada().await;
        let now = world.time.now_ms();
        let television = Player::of(&ada, "film").session("television");
        // The telephone was in a tunnel: it reports at last what it showed before.
        let telephone = Player::of(&ada, "film").session("telephone");
        television.paused(1, now - 1_000, 500.0).await;
        telephone.paused(9, now - 60_000, 100.0).await;
        assert_eq!(television.position_s().await, Some(500.0));
        telephone.paused(10, now, 120.0).await;
        assert_eq!(television.position_s().await, Some(120.0));
    }
}

#[tokio::test]
async fn clocks_that_jump_lose_nothing() {
    for world in worlds().await {
        let (_, ada) = world.ada().await;
        let now = world.time.now_ms();
        let film = Player::of(&ada, "film");
        film.paused(1, now, 100.0).await;
        // Set back an hour while it plays,
        film.paused(2, now - 3_600_000, 200.0).await;
        assert_eq!(film.position_s().await, Some(200.0));
        // a player of next year,
        world.time.pass_s(60);
        Player::of(&ada, "film").session("ahead").paused(1, now + 31_536_000_000, 300.0).await;
        assert_eq!(film.position_s().await, Some(300.0));
        // one of 1970,
        world.time.pass_s(60);
        Player::of(&ada, "film").session("television").paused(1, 5_000, 400.0).await;
        assert_eq!(film.position_s().await, Some(400.0));
        // and ours, set back: what is told meanwhile is in the history, and what is told afterwards counts.
        world.time.pass_s(-86_400);
        let later = film.session("later");
        later.paused(1, now + 180_000, 500.0).await;
        assert_eq!(later.position_s().await, Some(400.0));
        world.time.pass_s(86_400);
        later.paused(2, now + 180_000, 510.0).await;
        assert_eq!(later.position_s().await, Some(510.0));
        let history = ada.get("/v1/me/history").send().await.expect(200).value();
        assert_eq!(history["items"].as_array().map(Vec::len), Some(4), "{history}");
    }
}

#[tokio::test]
async fn what_cannot_be_a_position_is_refused() {
    let world = world().await;
    let (_, ada) = world.ada().await;
    let (film, now) = (Player::of(&ada, "film"), world.time.now_ms());
    film.try_report(1, now, 1_200.0, "paused").await.expect_problem(422, "position-beyond-end");
    let negative = film.try_report(1, now, -1.0, "paused").await;
    assert_eq!(negative.expect_problem(422, "position-invalid").extra["path"], "position_s");
    let other = json!({
        "title_id": "other", "session": "s", "seq": 1, "position_s": 1, "duration_s": 9,
        "at": "2027-01-15T08:00:00Z", "state": "paused",
    });
    let other = ada.put("/v1/me/positions/film").json(&other).send().await;
    assert_eq!(other.expect_problem(422, "position-invalid").extra["path"], "title_id");
    assert_eq!(film.position_s().await, None);
    // The last frame is later than the length that was rounded.
    film.paused(1, now, 1_003.0).await;
    assert_eq!(film.position_s().await, Some(1_000.0));
}

#[tokio::test]
async fn when_too_many_wait_a_position_is_written_at_once() {
    let world = world_with(|service| service.settings("[profiles]\npositions_waiting_max = 1\n")).await;
    let (_, ada) = world.ada().await;
    Player::of(&ada, "film").playing(1, world.time.now_ms(), 30.0).await;
    Player::of(&ada, "other").playing(1, world.time.now_ms(), 40.0).await;
    let another = world.another().await;
    let there = another.claims(&claims(&own_profile(&world).await));
    assert_eq!(position_s(&there, "other").await, Some(40.0));
    let metrics = world.service.nobody().get("/metrics").send().await.expect(200).text();
    for line in ["bijou_positions_full_total 1", "bijou_positions_waiting 1", "bijou_positions_waiting_max 1"] {
        assert!(metrics.contains(line), "{line} in {metrics}");
    }
}

#[tokio::test]
async fn nobody_sees_where_another_stopped() {
    let world = world().await;
    let (_, ada) = world.ada().await;
    let (_, bob) = world.profile(&json!({ "name": "Bob" })).await;
    Player::of(&ada, "film").paused(1, world.time.now_ms(), 30.0).await;
    assert_eq!(position_s(&bob, "film").await, None);
}
