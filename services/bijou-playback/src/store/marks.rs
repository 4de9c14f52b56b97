//! What operators say may be skipped; what the file itself said lies with its asset.

use bijou_playback_api::Marks;
use bijou_store::StoreError;
use serde_json::json;
use sqlx::Row;

use super::Store;

impl Store {
    /// What an operator said of a film or episode.
    pub async fn marks(&self, playable_id: &str) -> Result<Option<Marks>, StoreError> {
        let row = sqlx::query("SELECT marks FROM marks WHERE playable_id = $1")
            .bind(playable_id)
            .fetch_optional(self.database.pool())
            .await
            .map_err(|error| self.database.explain(error))?;
        let Some(row) = row else {
            return Ok(None);
        };
        let read = serde_json::from_str(&row.try_get::<String, _>(0)?);
        Ok(Some(read.map_err(|error| sqlx::Error::Decode(error.into()))?))
    }

    /// Says what may be skipped, whatever the file says.
    pub async fn set_marks(&self, playable_id: &str, marks: &Marks, now_ms: i64) -> Result<(), StoreError> {
        let mut tx = self.database.begin_write().await?;
        sqlx::query(
            "INSERT INTO marks (playable_id, marks, updated_ms) VALUES ($1, $2, $3)
             ON CONFLICT (playable_id) DO UPDATE SET marks = excluded.marks, updated_ms = excluded.updated_ms",
        )
        .bind(playable_id)
        .bind(json!(marks).to_string())
        .bind(now_ms)
        .execute(&mut *tx)
        .await?;
        tx.commit().await
    }

    /// Takes that back: what the file says counts again.
    pub async fn clear_marks(&self, playable_id: &str) -> Result<(), StoreError> {
        let mut tx = self.database.begin_write().await?;
        sqlx::query("DELETE FROM marks WHERE playable_id = $1").bind(playable_id).execute(&mut *tx).await?;
        tx.commit().await
    }
}
