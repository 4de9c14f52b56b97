//! A catalog with the demo's titles, on either database.

use bijou_testkit::{TestDatabase, TestService, databases};

/// A running catalog and what keeps its database there.
pub struct World {
    pub service: TestService,
    pub database: TestDatabase,
}

/// Demo catalogs on both databases.
pub async fn worlds() -> Vec<World> {
    let mut worlds = Vec::new();
    for database in databases().await {
        worlds.push(world(database).await);
    }
    worlds
}

pub async fn world(database: TestDatabase) -> World {
    let service = TestService::of(bijou_catalog::ROLE)
        .database(&database.url)
        .settings("[demo]\nenabled = true\n")
        .start(bijou_catalog::service)
        .await;
    World { service, database }
}

/// The ids of a list, in its order.
pub fn ids(page: &serde_json::Value) -> Vec<String> {
    page["items"].as_array().unwrap().iter().map(|item| item["id"].as_str().unwrap().to_owned()).collect()
}
