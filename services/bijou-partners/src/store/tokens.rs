//! Tokens that were given for a client's secret.

use bijou_store::StoreError;
use sqlx::Row;

use super::Store;
use super::apps::{App, COLUMN_COUNT, COLUMNS, app};
use crate::domain::app::Stage;

impl Store {
    /// The app with this id, and the key, if `hash` is a secret of it that works: not revoked, not over, the app in
    /// production.
    pub(crate) async fn client(&self, id: &str, hash: &str, now_ms: i64) -> Result<Option<(App, String)>, StoreError> {
        let sql = format!(
            "SELECT {COLUMNS}, k.id FROM keys k JOIN apps a ON a.id = k.app_id
             WHERE a.id = $1 AND k.hash = $2 AND k.environment = 'client' AND k.revoked_ms IS NULL
                   AND (k.expires_ms IS NULL OR k.expires_ms > $3)"
        );
        let row = sqlx::query(sqlx::AssertSqlSafe(sql))
            .bind(id)
            .bind(hash)
            .bind(now_ms)
            .fetch_optional(self.database.pool())
            .await
            .map_err(|error| self.explain(error))?;
        let Some(row) = row else { return Ok(None) };
        let app = app(&row)?;
        let key_id = row.try_get(COLUMN_COUNT)?;
        Ok((app.stage == Stage::Production).then_some((app, key_id)))
    }

    /// Keeps a token, and forgets those that are over.
    pub(crate) async fn add_token(
        &self,
        hash: &str,
        key_id: &str,
        scopes: &str,
        expires_ms: i64,
        now_ms: i64,
    ) -> Result<(), StoreError> {
        let mut tx = self.database.begin_write().await?;
        sqlx::query("DELETE FROM tokens WHERE expires_ms <= $1").bind(now_ms).execute(&mut *tx).await?;
        sqlx::query("INSERT INTO tokens (hash, key_id, scopes, expires_ms) VALUES ($1, $2, $3, $4)")
            .bind(hash)
            .bind(key_id)
            .bind(scopes)
            .bind(expires_ms)
            .execute(&mut *tx)
            .await?;
        tx.commit().await
    }

    /// Whose token this is, with the token's scopes in place of the app's, if it works: not over, its secret not revoked,
    /// its app still in production.
    pub(crate) async fn admitted_by_token(&self, hash: &str, now_ms: i64) -> Result<Option<App>, StoreError> {
        let sql = format!(
            "SELECT {COLUMNS}, t.scopes FROM tokens t JOIN keys k ON k.id = t.key_id JOIN apps a ON a.id = k.app_id
             WHERE t.hash = $1 AND t.expires_ms > $2 AND k.revoked_ms IS NULL"
        );
        let row = sqlx::query(sqlx::AssertSqlSafe(sql))
            .bind(hash)
            .bind(now_ms)
            .fetch_optional(self.database.pool())
            .await
            .map_err(|error| self.explain(error))?;
        let Some(row) = row else { return Ok(None) };
        let app = App { scopes: row.try_get(COLUMN_COUNT)?, ..app(&row)? };
        Ok((app.stage == Stage::Production).then_some(app))
    }
}
