//! How much apps have asked, by day.

use bijou_store::StoreError;
use sqlx::Row;

use super::Store;

/// Calls of one day (UTC).
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Usage {
    /// `2027-01-15`.
    pub(crate) day: String,
    pub(crate) calls: i64,
    pub(crate) refused: i64,
}

/// What one app did since figures were written last.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(crate) struct Tally {
    pub(crate) calls: i64,
    pub(crate) refused: i64,
}

impl Store {
    /// Adds to the figures of these apps and days; apps that are gone are passed over.
    pub(crate) async fn add_usage(&self, tallies: &[((String, String), Tally)]) -> Result<(), StoreError> {
        let mut tx = self.database.begin_write().await?;
        for ((app_id, day), tally) in tallies {
            sqlx::query(
                "INSERT INTO usage (app_id, day, calls, refused)
                 SELECT a.id, $2, CAST($3 AS BIGINT), CAST($4 AS BIGINT) FROM apps a WHERE a.id = $1
                 ON CONFLICT (app_id, day) DO UPDATE SET calls = usage.calls + excluded.calls,
                                                         refused = usage.refused + excluded.refused",
            )
            .bind(app_id.as_str())
            .bind(day.as_str())
            .bind(tally.calls)
            .bind(tally.refused)
            .execute(&mut *tx)
            .await?;
        }
        tx.commit().await
    }

    /// The last days of an app, the newest first.
    pub(crate) async fn usage_of(&self, app_id: &str, days: i64) -> Result<Vec<Usage>, StoreError> {
        let rows = sqlx::query("SELECT day, calls, refused FROM usage WHERE app_id = $1 ORDER BY day DESC LIMIT $2")
            .bind(app_id)
            .bind(days)
            .fetch_all(self.database.pool())
            .await
            .map_err(|error| self.explain(error))?;
        rows.iter()
            .map(|row| Ok(Usage { day: row.try_get(0)?, calls: row.try_get(1)?, refused: row.try_get(2)? }))
            .collect()
    }

    /// Calls of an app on one day.
    pub(crate) async fn calls_on(&self, app_id: &str, day: &str) -> Result<i64, StoreError> {
        let row = sqlx::query("SELECT calls FROM usage WHERE app_id = $1 AND day = $2")
            .bind(app_id)
            .bind(day)
            .fetch_optional(self.database.pool())
            .await
            .map_err(|error| self.explain(error))?;
        Ok(row.map(|row| row.try_get(0)).transpose()?.unwrap_or(0))
    }
}
