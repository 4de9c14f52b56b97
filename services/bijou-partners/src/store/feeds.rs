//! Feeds as they were made last.

use bijou_store::StoreError;
use sqlx::Row;

use super::Store;

#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct FeedRow {
    pub(crate) name: String,
    pub(crate) territory: String,
    pub(crate) items: i64,
    pub(crate) sha256: String,
    /// The number of the newest change in it.
    pub(crate) seq: i64,
    pub(crate) made_ms: i64,
    /// Titles that came and went with it.
    pub(crate) added: i64,
    pub(crate) removed: i64,
    /// Sorted.
    pub(crate) ids: Vec<String>,
    pub(crate) document: String,
    /// Why a newer one was not taken.
    pub(crate) refused: Option<String>,
}

impl Store {
    pub(crate) async fn feed(&self, name: &str, territory: &str) -> Result<Option<FeedRow>, StoreError> {
        let row = sqlx::query(
            "SELECT name, territory, items, sha256, seq, made_ms, added, removed, ids, document, refused
             FROM feeds WHERE name = $1 AND territory = $2",
        )
        .bind(name)
        .bind(territory)
        .fetch_optional(self.database.pool())
        .await
        .map_err(|error| self.explain(error))?;
        let Some(row) = row else { return Ok(None) };
        Ok(Some(FeedRow {
            name: row.try_get(0)?,
            territory: row.try_get(1)?,
            items: row.try_get(2)?,
            sha256: row.try_get(3)?,
            seq: row.try_get(4)?,
            made_ms: row.try_get(5)?,
            added: row.try_get(6)?,
            removed: row.try_get(7)?,
            ids: serde_json::from_str(&row.try_get::<String, _>(8)?)?,
            document: row.try_get(9)?,
            refused: row.try_get(10)?,
        }))
    }

    /// Takes over a feed as the newest one.
    pub(crate) async fn put_feed(&self, feed: &FeedRow) -> Result<(), StoreError> {
        let mut tx = self.database.begin_write().await?;
        sqlx::query(
            "INSERT INTO feeds (name, territory, items, sha256, bytes, seq, made_ms, added, removed, ids, document)
             VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)
             ON CONFLICT (name, territory) DO UPDATE SET
                 items = excluded.items, sha256 = excluded.sha256, bytes = excluded.bytes, seq = excluded.seq,
                 made_ms = excluded.made_ms, added = excluded.added, removed = excluded.removed, ids = excluded.ids,
                 document = excluded.document, refused = NULL",
        )
        .bind(feed.name.as_str())
        .bind(feed.territory.as_str())
        .bind(feed.items)
        .bind(feed.sha256.as_str())
        .bind(feed.document.len() as i64)
        .bind(feed.seq)
        .bind(feed.made_ms)
        .bind(feed.added)
        .bind(feed.removed)
        .bind(serde_json::to_string(&feed.ids)?)
        .bind(feed.document.as_str())
        .execute(&mut *tx)
        .await?;
        tx.commit().await
    }

    /// Says why a newer feed was not taken. The one that is there goes on being served.
    pub(crate) async fn refuse_feed(&self, name: &str, territory: &str, reason: &str) -> Result<(), StoreError> {
        let mut tx = self.database.begin_write().await?;
        sqlx::query("UPDATE feeds SET refused = $3 WHERE name = $1 AND territory = $2")
            .bind(name)
            .bind(territory)
            .bind(reason)
            .execute(&mut *tx)
            .await?;
        tx.commit().await
    }
}
