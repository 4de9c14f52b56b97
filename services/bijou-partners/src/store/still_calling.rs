//! Who still calls what is going away, by day.

use bijou_store::StoreError;
use sqlx::Row;
use sqlx::any::AnyRow;

use super::Store;
use crate::still_calling::Calls;

/// Rows read at a time: a month of a great many apps.
const READ_MAX: i64 = 20_000;

/// Calls of an app that is there.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct CallsOf {
    pub(crate) app_name: String,
    pub(crate) calls: Calls,
}

impl Store {
    /// Adds to the figures; apps that are gone are passed over. Figures from before `forget_before` go.
    pub(crate) async fn add_deprecated_calls(&self, all: &[Calls], forget_before: &str) -> Result<(), StoreError> {
        let mut tx = self.database.begin_write().await?;
        for calls in all {
            sqlx::query(
                "INSERT INTO deprecated_calls (app_id, day, operation, calls)
                 SELECT a.id, $2, $3, CAST($4 AS BIGINT) FROM apps a WHERE a.id = $1
                 ON CONFLICT (app_id, day, operation) DO UPDATE SET calls = deprecated_calls.calls + excluded.calls",
            )
            .bind(calls.app_id.as_str())
            .bind(calls.day.as_str())
            .bind(calls.operation.as_str())
            .bind(calls.count)
            .execute(&mut *tx)
            .await?;
        }
        sqlx::query("DELETE FROM deprecated_calls WHERE day < $1").bind(forget_before).execute(&mut *tx).await?;
        tx.commit().await
    }

    /// Figures since a day, of one app or of all, the newest day first.
    pub(crate) async fn deprecated_calls(&self, app_id: Option<&str>, since: &str) -> Result<Vec<CallsOf>, StoreError> {
        let rows = sqlx::query(
            "SELECT a.name, d.app_id, d.day, d.operation, d.calls FROM deprecated_calls d JOIN apps a ON a.id = d.app_id
             WHERE d.day >= $1 AND ($2 = '' OR d.app_id = $2) ORDER BY d.day DESC, d.calls DESC, d.app_id LIMIT $3",
        )
        .bind(since)
        .bind(app_id.unwrap_or_default())
        .bind(READ_MAX)
        .fetch_all(self.database.pool())
        .await
        .map_err(|error| self.explain(error))?;
        rows.iter().map(calls_of).collect()
    }
}

fn calls_of(row: &AnyRow) -> Result<CallsOf, StoreError> {
    Ok(CallsOf {
        app_name: row.try_get(0)?,
        calls: Calls {
            app_id: row.try_get(1)?,
            day: row.try_get(2)?,
            operation: row.try_get(3)?,
            count: row.try_get(4)?,
        },
    })
}
