//! What partners remembers, in one set of queries for SQLite and PostgreSQL.

mod apps;
mod feeds;
mod keys;
mod still_calling;
mod titles;
mod tokens;
mod usage;
mod webhooks;

pub(crate) use apps::{App, Said};
pub(crate) use feeds::FeedRow;
pub(crate) use keys::Key;
pub(crate) use still_calling::CallsOf;
pub(crate) use titles::{Change, Heard};
pub(crate) use usage::Tally;
pub(crate) use webhooks::{Delivery, Due, Outcome, Shares, Webhook};

use bijou_store::{Database, Migration, StoreError, outbox};

const MIGRATIONS: &[Migration] = &[
    Migration { version: 1, name: "partners", sql: include_str!("store/migrations/0001_partners.sql") },
    Migration { version: 2, name: "tokens", sql: include_str!("store/migrations/0002_tokens.sql") },
    Migration { version: 3, name: "silent webhooks", sql: include_str!("store/migrations/0003_silent_webhooks.sql") },
    Migration { version: 4, name: "seasons", sql: include_str!("store/migrations/0004_seasons.sql") },
    Migration { version: 5, name: "reasons", sql: include_str!("store/migrations/0005_reasons.sql") },
    Migration { version: 6, name: "still calling", sql: include_str!("store/migrations/0006_still_calling.sql") },
];

/// The database of partners. Cheap to clone.
#[derive(Debug, Clone)]
pub(crate) struct Store {
    database: Database,
}

impl Store {
    /// Opens the database and brings its tables up to date. `epoch` names a store that is new.
    pub(crate) async fn open(url: &str, epoch: &str) -> Result<Self, StoreError> {
        let database = Database::open_all(url, &[MIGRATIONS, outbox::MIGRATIONS]).await?;
        let store = Self { database };
        store.begin_changes(epoch).await?;
        Ok(store)
    }

    pub(crate) async fn close(self) {
        self.database.close().await;
    }

    fn explain(&self, error: sqlx::Error) -> StoreError {
        self.database.explain(error)
    }
}
