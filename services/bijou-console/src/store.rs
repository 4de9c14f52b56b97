//! What the console keeps on disk besides telemetry, in one set of queries for SQLite and PostgreSQL.

mod audit;
mod checks;

use bijou_store::{Database, Migration, StoreError};

pub use audit::{Wanted, Written};

const MIGRATIONS: &[Migration] = &[
    Migration { version: 1, name: "audit", sql: include_str!("store/migrations/0001_audit.sql") },
    Migration { version: 2, name: "checks", sql: include_str!("store/migrations/0002_checks.sql") },
];

/// The console's database. Cheap to clone.
#[derive(Debug, Clone)]
pub struct Store {
    database: Database,
}

impl Store {
    /// Opens the database and brings its tables up to date.
    pub async fn open(url: &str) -> Result<Self, StoreError> {
        Ok(Self { database: Database::open(url, MIGRATIONS).await? })
    }

    /// Closes every connection.
    pub async fn close(self) {
        self.database.close().await;
    }

    fn explain(&self, error: sqlx::Error) -> StoreError {
        self.database.explain(error)
    }
}
