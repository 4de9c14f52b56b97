//! What playback remembers: assets, what is published, encode jobs, sessions, marks, erasures, token keys.
//!
//! One set of queries for SQLite and PostgreSQL. Media bytes are elsewhere ([`crate::media`]); a row decides whether
//! they exist for anybody: an asset is visible from the moment its id stands in `playables`, and not before.

mod assets;
mod jobs;
mod keys;
mod marks;
mod profiles;
mod sessions;

pub use assets::{Asset, NewAsset, Playable};
pub use jobs::{Claim, Job, JobState, NewJob};
pub use profiles::{ProfileChange, RecordedSession};
pub use sessions::{Beginning, Closed, LiveStream, Noted, Place, Report, Reported, Session};

use bijou_store::{Database, Migration, StoreError};

/// The service's own tables; those of the outbox come from the library.
pub const MIGRATIONS: &[Migration] = &[
    Migration { version: 1, name: "playback", sql: include_str!("../migrations/0001_playback.sql") },
    Migration { version: 2, name: "persons", sql: include_str!("../migrations/0002_persons.sql") },
];

/// Playback's tables. Cheap to clone.
#[derive(Debug, Clone)]
pub struct Store {
    database: Database,
}

impl Store {
    /// Opens the database at `url` and brings its tables up to date.
    pub async fn open(url: &str) -> Result<Self, StoreError> {
        Ok(Self { database: Database::open_all(url, &[MIGRATIONS, bijou_store::outbox::MIGRATIONS]).await? })
    }

    /// The database, for the outbox.
    pub fn database(&self) -> &Database {
        &self.database
    }

    /// Claims the right to do something that is done once in the life of this store. `false`: it has been claimed.
    pub async fn claim_once(&self, name: &str, now_ms: i64) -> Result<bool, StoreError> {
        let mut tx = self.database.begin_write().await?;
        let done = sqlx::query("INSERT INTO milestones (name, at_ms) VALUES ($1, $2) ON CONFLICT (name) DO NOTHING")
            .bind(name)
            .bind(now_ms)
            .execute(&mut *tx)
            .await?;
        tx.commit().await?;
        Ok(done.rows_affected() == 1)
    }

    /// Whether [`claim_once`](Self::claim_once) has succeeded for anybody.
    pub async fn is_claimed(&self, name: &str) -> Result<bool, StoreError> {
        let row = sqlx::query("SELECT 1 FROM milestones WHERE name = $1")
            .bind(name)
            .fetch_optional(self.database.pool())
            .await
            .map_err(|error| self.database.explain(error))?;
        Ok(row.is_some())
    }
}

/// Columns hold `''` for "none": it keeps them usable in keys, where NULL is never equal to itself.
fn absent_if_empty(text: String) -> Option<String> {
    (!text.is_empty()).then_some(text)
}

#[cfg(test)]
mod sessions_tests;
#[cfg(test)]
mod tests;
