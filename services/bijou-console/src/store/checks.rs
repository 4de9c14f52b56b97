//! Results of checks, by when they began.

use bijou_store::StoreError;
use sqlx::Row as _;
use sqlx::any::AnyRow;

use super::Store;
use crate::checks::Check;

impl Store {
    /// Adds a result and forgets those from before `keep_since_ms`.
    pub async fn add_check(&self, check: &Check, keep_since_ms: i64) -> Result<(), StoreError> {
        let mut tx = self.database.begin_write().await?;
        sqlx::query("INSERT INTO checks (id, at_ms, took_ms, by_whom, steps_json) VALUES ($1, $2, $3, $4, $5)")
            .bind(format!("{:032x}", rand::random::<u128>()))
            .bind(check.at_ms)
            .bind(i64::try_from(check.took_ms).unwrap_or(i64::MAX))
            .bind(check.by.as_str())
            .bind(serde_json::to_string(&check.steps)?)
            .execute(&mut *tx)
            .await
            .map_err(|error| self.explain(error))?;
        sqlx::query("DELETE FROM checks WHERE at_ms < $1").bind(keep_since_ms).execute(&mut *tx).await?;
        tx.commit().await
    }

    /// The newest results that began before this, newest first.
    pub async fn checks(&self, before_ms: Option<i64>, limit: i64) -> Result<Vec<Check>, StoreError> {
        let rows = sqlx::query(
            "SELECT at_ms, took_ms, by_whom, steps_json FROM checks WHERE at_ms < $1 ORDER BY at_ms DESC, id LIMIT $2",
        )
        .bind(before_ms.unwrap_or(i64::MAX))
        .bind(limit)
        .fetch_all(self.database.pool())
        .await
        .map_err(|error| self.explain(error))?;
        rows.iter().map(check).collect()
    }
}

fn check(row: &AnyRow) -> Result<Check, StoreError> {
    Ok(Check {
        at_ms: row.try_get(0)?,
        took_ms: u64::try_from(row.try_get::<i64, _>(1)?).unwrap_or_default(),
        by: row.try_get(2)?,
        steps: serde_json::from_str(&row.try_get::<String, _>(3)?)?,
    })
}
