//! What playback tells, over its own outbox on a real database, served as the chassis serves it.

use std::sync::Arc;

use axum::Router;
use axum::extract::{Query, State};
use axum::routing::get;
use bijou_store::Database;
use bijou_store::outbox::{self, NewEvent};
use bijou_testkit::{TestDatabase, TestService, databases, sqlite_database, wait_until};
use serde_json::{Value, json};

/// A stand-in for playback: the outbox, and nothing else.
struct Playback {
    database: Database,
    _place: TestDatabase,
}

impl Playback {
    async fn new() -> Self {
        let place = sqlite_database();
        Self { database: Database::open(&place.url, outbox::MIGRATIONS).await.unwrap(), _place: place }
    }

    async fn tell(&self, type_: &str, data: Value) {
        let mut tx = self.database.begin_write().await.unwrap();
        let event = NewEvent { type_: type_.to_owned(), subject: "x".to_owned(), time_ms: 0, data };
        outbox::append(&mut tx, &event).await.unwrap();
        tx.commit().await.unwrap();
    }

    fn routes(&self) -> Router {
        Router::new().route("/events", get(events)).with_state(Arc::new(self.database.clone()))
    }
}

#[derive(serde::Deserialize)]
struct After {
    after: i64,
    wait_ms: u64,
}

async fn events(State(database): State<Arc<Database>>, Query(query): Query<After>) -> axum::Json<outbox::Batch> {
    let wait = std::time::Duration::from_millis(query.wait_ms.min(2_000));
    axum::Json(outbox::batch(&database, "playback", query.after, 100, wait).await.unwrap())
}

fn asset(id: &str, title: &str, episode: Option<&str>, duration_s: f64) -> Value {
    let mut asset = json!({ "asset_id": id, "title_id": title, "duration_s": duration_s });
    if let Some(episode) = episode {
        asset["episode_id"] = episode.into();
    }
    asset
}

async fn title(service: &TestService, id: &str) -> Value {
    service.anonymous().get(&format!("/v1/titles/{id}")).send().await.expect(200).json()
}

async fn until_playable(service: &TestService, id: &str, expected: bool) {
    wait_until("playback's word to arrive", async || title(service, id).await["playable"] == expected).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_can_be_played_is_learned_and_unlearned() {
    for database in databases().await {
        let playback = Playback::new().await;
        let service = TestService::of(bijou_catalog::ROLE)
            .database(&database.url)
            .settings("[demo]\nenabled = true\n")
            .stand_in("PLAYBACK", playback.routes())
            .start(bijou_catalog::service)
            .await;
        assert_eq!(title(&service, "big-buck-bunny").await["playable"], false);

        playback.tell("asset.ready", asset("a1", "big-buck-bunny", None, 596.4)).await;
        until_playable(&service, "big-buck-bunny", true).await;
        assert_eq!(title(&service, "big-buck-bunny").await["runtime_s"], 596);
        let list: Value = service.anonymous().get("/v1/titles?playable=true").send().await.expect(200).json();
        assert_eq!(crate::fixture::ids(&list), ["big-buck-bunny"]);

        // A better encode takes the first one's place; the end of the first does not end it.
        playback.tell("asset.ready", asset("a2", "big-buck-bunny", None, 597.0)).await;
        playback.tell("asset.withdrawn", asset("a1", "big-buck-bunny", None, 596.4)).await;
        playback.tell("asset.ready", asset("a3", "bo-short-circuits", Some("bo-short-circuits-s1e2"), 12.0)).await;
        until_playable(&service, "bo-short-circuits", true).await;
        assert_eq!(title(&service, "big-buck-bunny").await["playable"], true);
        let path = "/v1/seasons/bo-short-circuits-s1/episodes";
        let episodes: Value = service.anonymous().get(path).send().await.expect(200).json();
        let playable: Vec<bool> =
            episodes["items"].as_array().unwrap().iter().map(|item| item["playable"] == true).collect();
        assert_eq!(playable, [false, true, false]);

        playback.tell("asset.withdrawn", asset("a2", "big-buck-bunny", None, 597.0)).await;
        until_playable(&service, "big-buck-bunny", false).await;
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_change_is_told_on_and_strangers_events_are_passed_over() {
    let playback = Playback::new().await;
    playback.tell("playback.started", json!({ "anything": true })).await;
    playback.tell("asset.ready", json!({ "unreadable": true })).await;
    playback.tell("asset.ready", asset("a1", "not-imported-yet", None, 5.0)).await;
    playback.tell("asset.ready", asset("a2", "sintel", None, 888.0)).await;
    let service = TestService::of(bijou_catalog::ROLE)
        .settings("[demo]\nenabled = true\n")
        .stand_in("PLAYBACK", playback.routes())
        .start(bijou_catalog::service)
        .await;
    until_playable(&service, "sintel", true).await;

    let path = "/events?after=47&limit=10";
    let batch: Value = service.service("recommendations").get(path).send().await.expect(200).json();
    let told = &batch["items"][0];
    assert_eq!((told["type"].as_str(), told["subject"].as_str()), (Some("title.updated"), Some("sintel")));
    assert_eq!(told["data"]["playable"], true);
    assert_eq!(batch["items"].as_array().unwrap().len(), 1, "nothing is told of a title that is not there");
    service.anonymous().get(path).send().await.expect_problem(403, "service-only");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn playback_that_lost_its_store_is_listened_to_from_the_start() {
    let data = {
        let playback = Playback::new().await;
        playback.tell("asset.ready", asset("a1", "sintel", None, 888.0)).await;
        playback.tell("asset.ready", asset("a2", "spring", None, 464.0)).await;
        let service = TestService::of(bijou_catalog::ROLE)
            .settings("[demo]\nenabled = true\n")
            .stand_in("PLAYBACK", playback.routes())
            .start(bijou_catalog::service)
            .await;
        until_playable(&service, "spring", true).await;
        service.stop().await
    };
    let playback = Playback::new().await;
    playback.tell("asset.ready", asset("b1", "charge", None, 262.0)).await;
    let service = TestService::of(bijou_catalog::ROLE)
        .data(data)
        .stand_in("PLAYBACK", playback.routes())
        .start(bijou_catalog::service)
        .await;
    until_playable(&service, "charge", true).await;
    assert_eq!(title(&service, "spring").await["playable"], false);
}
