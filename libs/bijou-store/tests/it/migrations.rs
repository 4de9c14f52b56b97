//! Migrations on both databases: all or nothing, once, and never backwards.

use bijou_store::sqlx::Row;
use bijou_store::{Database, Migration, StoreError};

use bijou_testkit::databases;

const FIRST: Migration = Migration {
    version: 1,
    name: "films",
    sql: "CREATE TABLE films (id TEXT NOT NULL PRIMARY KEY, year BIGINT);
          INSERT INTO films (id, year) VALUES ('metropolis', 1927);",
};

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn instances_that_start_at_once_migrate_once() {
    for fixture in databases().await {
        let starts: Vec<_> = (0..6)
            .map(|_| {
                let url = fixture.url.clone();
                tokio::spawn(async move { Database::open(&url, &[FIRST]).await })
            })
            .collect();
        for start in starts {
            let database = start.await.unwrap().unwrap();
            let row = bijou_store::sqlx::query("SELECT count(*) FROM films").fetch_one(database.pool()).await.unwrap();
            assert_eq!(row.get::<i64, _>(0), 1, "{}", fixture.url);
            database.close().await;
        }
    }
}

#[tokio::test]
async fn a_failed_migration_leaves_nothing_behind() {
    const BROKEN: &[Migration] = &[
        FIRST,
        Migration { version: 2, name: "people", sql: "CREATE TABLE people (id TEXT); CREATE TABLE films (id TEXT);" },
    ];
    for fixture in databases().await {
        let error = Database::open(&fixture.url, BROKEN).await.unwrap_err();
        assert_eq!(error.to_string(), "migration 2 `people` failed; nothing of it was kept");

        let database = Database::open(&fixture.url, &[FIRST]).await.unwrap();
        let people = bijou_store::sqlx::query("SELECT * FROM people").fetch_all(database.pool()).await;
        assert!(people.is_err(), "the first statement of the broken step was undone");
    }
}

#[tokio::test]
async fn the_database_of_a_newer_version_is_refused() {
    const NEWER: &[Migration] =
        &[FIRST, Migration { version: 2, name: "people", sql: "CREATE TABLE people (id TEXT)" }];
    for fixture in databases().await {
        Database::open(&fixture.url, NEWER).await.unwrap().close().await;
        let error = Database::open(&fixture.url, &[FIRST]).await.unwrap_err();
        assert!(matches!(error, StoreError::Newer { version: 2, .. }), "{error}");
    }
}

#[tokio::test]
async fn a_migration_whose_text_changed_is_refused() {
    const CHANGED: &[Migration] =
        &[Migration { version: 1, name: "films", sql: "CREATE TABLE films (id TEXT, name TEXT)" }];
    for fixture in databases().await {
        Database::open(&fixture.url, &[FIRST]).await.unwrap().close().await;
        let error = Database::open(&fixture.url, CHANGED).await.unwrap_err();
        assert!(matches!(error, StoreError::MigrationChanged { version: 1, .. }), "{error}");
    }
}
