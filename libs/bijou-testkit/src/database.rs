//! An empty database of each engine for a test.

use std::sync::atomic::{AtomicU32, Ordering};

use bijou_store::sqlx::{AnyConnection, AssertSqlSafe, Connection as _, Executor as _};
use tempfile::TempDir;

use crate::postgres;

/// A database URL, and what keeps the database there.
pub struct TestDatabase {
    /// For `Database::open` or the setting `<role>.database`.
    pub url: String,
    /// `sqlite` or `postgres`, for messages.
    pub engine: &'static str,
    _folder: Option<TempDir>,
}

/// One empty SQLite file and one empty PostgreSQL database. A test of a store runs on both.
pub async fn databases() -> [TestDatabase; 2] {
    [sqlite_database(), postgres_database().await]
}

/// An empty SQLite file.
pub fn sqlite_database() -> TestDatabase {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let url = bijou_store::sqlite_url(&folder.path().join("test.sqlite"));
    TestDatabase { url, engine: "sqlite", _folder: Some(folder) }
}

/// An empty PostgreSQL database on the server `BIJOU_TEST_POSTGRES_URL` names, or on one started for this process.
pub async fn postgres_database() -> TestDatabase {
    static NEXT: AtomicU32 = AtomicU32::new(0);
    let server = postgres::server_url().await;
    let name = format!("bijou_{}_{}", std::process::id(), NEXT.fetch_add(1, Ordering::Relaxed));
    bijou_store::sqlx::any::install_default_drivers();
    let mut admin = AnyConnection::connect(&server).await.expect("the test server takes connections");
    // Of a process that had the same id before.
    for statement in [format!("DROP DATABASE IF EXISTS {name}"), format!("CREATE DATABASE {name}")] {
        admin.execute(AssertSqlSafe(statement)).await.expect("the test server's user may create databases");
    }
    admin.close().await.expect("an open connection");
    let (base, _) = server.rsplit_once('/').expect("the server's URL names a database");
    TestDatabase { url: format!("{base}/{name}"), engine: "postgres", _folder: None }
}

#[cfg(test)]
mod tests {
    use bijou_store::{Database, Migration};

    use super::*;

    const TABLES: &[Migration] = &[Migration { version: 1, name: "films", sql: "CREATE TABLE films (id TEXT)" }];

    #[tokio::test]
    async fn both_engines_give_an_empty_database() {
        for _ in 0..2 {
            for database in databases().await {
                let opened = Database::open(&database.url, TABLES).await;
                opened.unwrap_or_else(|error| panic!("{}: {error}", database.engine)).close().await;
            }
        }
    }
}
