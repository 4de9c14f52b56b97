//! What was shown to whom, where, by which model: the other half of judging a model, beside what was played.

use bijou_store::StoreError;
use sqlx::Row;

use super::Store;

/// How long impressions are kept.
const KEEP_MS: i64 = 30 * crate::domain::plays::DAY_MS;

/// A card that somebody saw.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Impression {
    pub(crate) title_id: String,
    pub(crate) row_id: String,
    /// From 0.
    pub(crate) position: i64,
    /// Empty when no model was involved.
    pub(crate) model_version: String,
}

impl Store {
    /// Logs what a profile saw.
    pub(crate) async fn add_impressions(
        &self,
        profile_id: &str,
        now_ms: i64,
        impressions: &[Impression],
    ) -> Result<(), StoreError> {
        let mut tx = self.database.begin_write().await?;
        for seen in impressions {
            sqlx::query(
                "INSERT INTO impressions (profile_id, at_ms, title_id, row_id, position, model_version)
                 VALUES ($1, $2, $3, $4, $5, $6)",
            )
            .bind(profile_id)
            .bind(now_ms)
            .bind(seen.title_id.as_str())
            .bind(seen.row_id.as_str())
            .bind(seen.position)
            .bind(seen.model_version.as_str())
            .execute(&mut *tx)
            .await?;
        }
        tx.commit().await
    }

    /// What a profile saw and when, the latest first.
    pub(crate) async fn impressions_of(&self, profile_id: &str) -> Result<Vec<(i64, Impression)>, StoreError> {
        let rows = sqlx::query(
            "SELECT at_ms, title_id, row_id, position, model_version FROM impressions
             WHERE profile_id = $1 ORDER BY at_ms DESC, row_id, position",
        )
        .bind(profile_id)
        .fetch_all(self.database.pool())
        .await
        .map_err(|error| self.explain(error))?;
        let seen = |row: &sqlx::any::AnyRow| -> Result<(i64, Impression), StoreError> {
            let seen = Impression {
                title_id: row.try_get(1)?,
                row_id: row.try_get(2)?,
                position: row.try_get(3)?,
                model_version: row.try_get(4)?,
            };
            Ok((row.try_get(0)?, seen))
        };
        rows.iter().map(seen).collect()
    }

    /// Forgets impressions of long ago.
    pub(crate) async fn forget_old_impressions(&self, now_ms: i64) -> Result<(), StoreError> {
        let mut tx = self.database.begin_write().await?;
        sqlx::query("DELETE FROM impressions WHERE at_ms < $1").bind(now_ms - KEEP_MS).execute(&mut *tx).await?;
        tx.commit().await
    }
}
