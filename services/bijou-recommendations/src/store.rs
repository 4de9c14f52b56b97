//! What others said, kept so that the page can be made without them; one set of queries for SQLite and PostgreSQL.
//!
//! Every change of what pages are made from moves one of three revisions in its own transaction. Instances on one
//! database look at them to see what another one applied.

mod impressions;
mod interactions;
mod models;
mod plays;
mod secrets;
mod titles;

pub(crate) use impressions::Impression;
pub(crate) use interactions::ProfileChange;
pub(crate) use models::{ModelFacts, ModelRow, NotThere};
pub(crate) use plays::PlayCounts;
pub(crate) use titles::TitleFeatures;

use bijou_store::{Database, StoreError, WriteTransaction, outbox};
use sqlx::Row;

/// The store. Cheap to clone.
#[derive(Debug, Clone)]
pub(crate) struct Store {
    database: Database,
}

/// How often each kind of data has changed.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(crate) struct Revisions {
    pub(crate) titles: i64,
    pub(crate) plays: i64,
    pub(crate) models: i64,
}

impl Store {
    pub(crate) fn new(database: Database) -> Self {
        Self { database }
    }

    pub(crate) async fn revisions(&self) -> Result<Revisions, StoreError> {
        let rows = sqlx::query("SELECT name, revision FROM revisions")
            .fetch_all(self.database.pool())
            .await
            .map_err(|error| self.explain(error))?;
        let mut revisions = Revisions::default();
        for row in rows {
            match row.try_get::<String, _>(0)?.as_str() {
                "titles" => revisions.titles = row.try_get(1)?,
                "plays" => revisions.plays = row.try_get(1)?,
                "models" => revisions.models = row.try_get(1)?,
                _ => {}
            }
        }
        Ok(revisions)
    }

    /// Up to where the events of `source` are applied.
    pub(crate) async fn cursor(&self, source: &str) -> Result<i64, StoreError> {
        outbox::cursor(&self.database, source).await
    }

    /// Moves a cursor alone: nothing in between concerns us. `false` when another instance moved it.
    pub(crate) async fn advance(&self, source: &str, from: i64, to: i64) -> Result<bool, StoreError> {
        let mut tx = self.database.begin_write().await?;
        let moved = outbox::advance(&mut tx, source, from, to).await?;
        tx.commit().await?;
        Ok(moved)
    }

    fn explain(&self, error: sqlx::Error) -> StoreError {
        self.database.explain(error)
    }
}

async fn changed(tx: &mut WriteTransaction, name: &str) -> Result<(), StoreError> {
    sqlx::query("UPDATE revisions SET revision = revision + 1 WHERE name = $1").bind(name).execute(&mut **tx).await?;
    Ok(())
}
