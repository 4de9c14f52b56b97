//! A running recommendations service with somebody to follow.

use bijou_catalog_api::TitleSummary;
use bijou_recommendations::ROLE;
use bijou_testkit::{TestDatabase, TestService, databases, sqlite_database, wait_for};
use serde_json::{Value, json};

use crate::sources::Source;

pub struct World {
    pub service: TestService,
    pub catalog: Source,
    pub playback: Source,
    pub profiles: Source,
    pub database: TestDatabase,
    /// Lines of `[recommendations]` that all instances of this world have.
    pub settings: String,
}

/// One world on each database.
pub async fn worlds() -> Vec<World> {
    let mut worlds = Vec::new();
    for database in databases().await {
        worlds.push(World::on(database).await);
    }
    worlds
}

/// A world for what has nothing to do with the database.
pub async fn world() -> World {
    World::on(sqlite_database()).await
}

impl World {
    pub async fn on(database: TestDatabase) -> Self {
        Self::with(database, String::new()).await
    }

    pub async fn with(database: TestDatabase, settings: String) -> Self {
        let catalog = Source::new("catalog", sqlite_database()).await;
        let playback = Source::new("playback", sqlite_database()).await;
        let profiles = Source::new("profiles", sqlite_database()).await;
        let service = start(&database, &catalog, &playback, &profiles, &settings).await;
        Self { service, catalog, playback, profiles, database, settings }
    }

    /// Another instance on the same database.
    pub async fn another(&self) -> TestService {
        start(&self.database, &self.catalog, &self.playback, &self.profiles, &self.settings).await
    }

    /// The first part of the page.
    pub async fn home(&self) -> Value {
        self.service.anonymous().get("/v1/home").send().await.expect(200).value()
    }

    /// The page once it is as described.
    pub async fn home_once(&self, what: &str, is_so: impl Fn(&Value) -> bool) -> Value {
        home_once(&self.service, what, is_so).await
    }
}

/// The page of one instance once it is as described.
pub async fn home_once(service: &TestService, what: &str, is_so: impl Fn(&Value) -> bool) -> Value {
    let user = service.anonymous();
    wait_for(what, async || {
        let answer = user.get("/v1/home").send().await;
        (answer.status == 200).then(|| answer.value()).filter(|home| is_so(home))
    })
    .await
}

async fn start(
    database: &TestDatabase,
    catalog: &Source,
    playback: &Source,
    profiles: &Source,
    settings: &str,
) -> TestService {
    TestService::of(ROLE)
        .database(&database.url)
        .stand_in("CATALOG", catalog.router())
        .stand_in("PLAYBACK", playback.router())
        .stand_in("PROFILES", profiles.router())
        // Debug builds on a busy machine: what waits for profiles to be away sets this lower.
        .settings(&format!("[recommendations]\nshelf_ms = 20000\n{settings}"))
        .start(bijou_recommendations::service)
        .await
}

/// A title that can be played, of one genre, added long ago.
pub fn title(id: &str, genre: &str) -> TitleSummary {
    let image = |role: &str| json!({ "url": format!("/img/{id}/{role}/w480/0123456789abcdef.jpg"), "width": 480, "height": 720, "tint": "#223344" });
    let summary = json!({
        "id": id, "kind": "movie", "name": id.to_uppercase(), "year": 2020, "certification_age": 6, "playable": true,
        "genres": [{ "id": genre, "name": genre }], "artwork": { "poster": image("poster"), "backdrop": image("backdrop") },
        "added_at": "2020-01-01T00:00:00Z", "synopsis_short": "A film.",
    });
    serde_json::from_value(summary).expect("a title")
}

pub fn titles(count: usize, genre: &str) -> Vec<TitleSummary> {
    (0..count).map(|n| title(&format!("{genre}-{n:03}"), genre)).collect()
}

/// Ids of all cards.
pub fn ids(home: &Value) -> Vec<String> {
    let rows = home["rows"].as_array().expect("rows").iter();
    let cards = home.get("hero").into_iter().chain(rows.flat_map(|row| row["items"].as_array().expect("items")));
    cards.map(|card| card["title_id"].as_str().expect("an id").to_owned()).collect()
}

pub fn row<'a>(home: &'a Value, id: &str) -> Option<&'a Value> {
    home["rows"].as_array().expect("rows").iter().find(|row| row["id"] == id)
}
