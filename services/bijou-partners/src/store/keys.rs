//! Keys: made, used, replaced with a time of overlap, revoked.

use bijou_store::StoreError;
use sqlx::Row;

use super::Store;
use super::apps::{App, COLUMN_COUNT, COLUMNS, app};
use crate::domain::app::Stage;
use crate::domain::key::Environment;

#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Key {
    pub(crate) id: String,
    pub(crate) app_id: String,
    pub(crate) environment: Environment,
    pub(crate) hint: String,
    pub(crate) created_ms: i64,
    pub(crate) expires_ms: Option<i64>,
}

impl Store {
    /// Keeps a new key, unless the app has `keys_max` that work.
    pub(crate) async fn add_key(&self, key: &Key, hash: &str, keys_max: i64) -> Result<bool, StoreError> {
        let mut tx = self.database.begin_write().await?;
        let added = sqlx::query(
            "INSERT INTO keys (id, app_id, environment, hint, hash, created_ms, expires_ms)
             SELECT $1, $2, $3, $4, $5, CAST($6 AS BIGINT), CAST($7 AS BIGINT)
             WHERE (SELECT count(*) FROM keys WHERE app_id = $2 AND revoked_ms IS NULL
                    AND (expires_ms IS NULL OR expires_ms > $6)) < $8",
        )
        .bind(key.id.as_str())
        .bind(key.app_id.as_str())
        .bind(key.environment.as_str())
        .bind(key.hint.as_str())
        .bind(hash)
        .bind(key.created_ms)
        .bind(key.expires_ms)
        .bind(keys_max)
        .execute(&mut *tx)
        .await?;
        tx.commit().await?;
        Ok(added.rows_affected() == 1)
    }

    /// The keys of an app that work, the newest first.
    pub(crate) async fn keys_of(&self, app_id: &str, now_ms: i64) -> Result<Vec<Key>, StoreError> {
        let rows = sqlx::query(
            "SELECT id, app_id, environment, hint, created_ms, expires_ms FROM keys
             WHERE app_id = $1 AND revoked_ms IS NULL AND (expires_ms IS NULL OR expires_ms > $2)
             ORDER BY created_ms DESC, id",
        )
        .bind(app_id)
        .bind(now_ms)
        .fetch_all(self.database.pool())
        .await
        .map_err(|error| self.explain(error))?;
        rows.iter()
            .map(|row| {
                Ok(Key {
                    id: row.try_get(0)?,
                    app_id: row.try_get(1)?,
                    environment: environment(&row.try_get::<String, _>(2)?),
                    hint: row.try_get(3)?,
                    created_ms: row.try_get(4)?,
                    expires_ms: row.try_get(5)?,
                })
            })
            .collect()
    }

    /// Lets a key work until `expires_ms` and no longer; never prolongs one. `false`: there is no such key that works.
    pub(crate) async fn expire_key(
        &self,
        app_id: &str,
        id: &str,
        expires_ms: i64,
        now_ms: i64,
    ) -> Result<bool, StoreError> {
        let mut tx = self.database.begin_write().await?;
        let changed = sqlx::query(
            "UPDATE keys SET expires_ms = CASE WHEN expires_ms IS NULL OR expires_ms > $3 THEN $3 ELSE expires_ms END
             WHERE id = $1 AND app_id = $2 AND revoked_ms IS NULL AND (expires_ms IS NULL OR expires_ms > $4)",
        )
        .bind(id)
        .bind(app_id)
        .bind(expires_ms)
        .bind(now_ms)
        .execute(&mut *tx)
        .await?;
        tx.commit().await?;
        Ok(changed.rows_affected() == 1)
    }

    /// Ends a key at once. `false`: there is no such key that works.
    pub(crate) async fn revoke_key(&self, app_id: &str, id: &str, now_ms: i64) -> Result<bool, StoreError> {
        let mut tx = self.database.begin_write().await?;
        let changed = sqlx::query(
            "UPDATE keys SET revoked_ms = $3
             WHERE id = $1 AND app_id = $2 AND revoked_ms IS NULL AND (expires_ms IS NULL OR expires_ms > $3)",
        )
        .bind(id)
        .bind(app_id)
        .bind(now_ms)
        .execute(&mut *tx)
        .await?;
        tx.commit().await?;
        Ok(changed.rows_affected() == 1)
    }

    /// Whose key this is, if it works: not revoked, not over, its app not suspended, a production key only of an app that
    /// was approved.
    pub(crate) async fn admitted(&self, hash: &str, now_ms: i64) -> Result<Option<App>, StoreError> {
        let sql = format!(
            "SELECT {COLUMNS}, k.environment FROM keys k JOIN apps a ON a.id = k.app_id
             WHERE k.hash = $1 AND k.revoked_ms IS NULL AND (k.expires_ms IS NULL OR k.expires_ms > $2)"
        );
        let row = sqlx::query(sqlx::AssertSqlSafe(sql))
            .bind(hash)
            .bind(now_ms)
            .fetch_optional(self.database.pool())
            .await
            .map_err(|error| self.explain(error))?;
        let Some(row) = row else { return Ok(None) };
        let app = app(&row)?;
        let works = match (app.stage, environment(&row.try_get::<String, _>(COLUMN_COUNT)?)) {
            // A client's secret goes to the token endpoint and nowhere else.
            (Stage::Suspended, _)
            | (_, Environment::Client)
            | (Stage::Sandbox | Stage::Requested, Environment::Production) => false,
            (Stage::Sandbox | Stage::Requested, Environment::Sandbox)
            | (Stage::Production, Environment::Sandbox | Environment::Production) => true,
        };
        Ok(works.then_some(app))
    }
}

/// An unknown word opens the least.
fn environment(text: &str) -> Environment {
    Environment::parse(text).unwrap_or(Environment::Sandbox)
}
