//! Keys of playback tokens. They are in the database so that every instance can check what another one signed.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use bijou_store::StoreError;
use sqlx::Row;

use super::Store;
use crate::domain::token::Key;

impl Store {
    /// Keys created after `since_ms`, newest first.
    pub async fn token_keys(&self, since_ms: i64) -> Result<Vec<(Key, i64)>, StoreError> {
        let rows = sqlx::query(
            "SELECT id, secret, created_ms FROM token_keys WHERE created_ms > $1 ORDER BY created_ms DESC, id",
        )
        .bind(since_ms)
        .fetch_all(self.database.pool())
        .await
        .map_err(|error| self.database.explain(error))?;
        let mut keys = Vec::with_capacity(rows.len());
        for row in rows {
            let secret: String = row.try_get("secret")?;
            let secret = URL_SAFE_NO_PAD.decode(secret).map_err(|error| sqlx::Error::Decode(error.into()))?;
            let secret =
                secret.try_into().map_err(|_| sqlx::Error::Decode("a token key is not 32 bytes long".into()))?;
            keys.push((Key { id: row.try_get("id")?, secret }, row.try_get("created_ms")?));
        }
        Ok(keys)
    }

    /// Adds a key unless another instance has added one after `unless_since_ms`. `false`: it has.
    pub async fn add_token_key(&self, key: &Key, now_ms: i64, unless_since_ms: i64) -> Result<bool, StoreError> {
        let mut tx = self.database.begin_write().await?;
        // A write first: of two instances on PostgreSQL, the second waits here and then sees the first one's key.
        sqlx::query("INSERT INTO milestones (name, at_ms) VALUES ('token-key', $1) ON CONFLICT (name) DO UPDATE SET at_ms = excluded.at_ms")
            .bind(now_ms)
            .execute(&mut *tx)
            .await?;
        let done = sqlx::query(
            "INSERT INTO token_keys (id, secret, created_ms) SELECT $1, $2, $3
             WHERE NOT EXISTS (SELECT 1 FROM token_keys WHERE created_ms > $4)",
        )
        .bind(&key.id)
        .bind(URL_SAFE_NO_PAD.encode(key.secret))
        .bind(now_ms)
        .bind(unless_since_ms)
        .execute(&mut *tx)
        .await?;
        tx.commit().await?;
        Ok(done.rows_affected() == 1)
    }

    /// Forgets keys no live token can be signed with.
    pub async fn forget_token_keys(&self, until_ms: i64) -> Result<(), StoreError> {
        let mut tx = self.database.begin_write().await?;
        sqlx::query("DELETE FROM token_keys WHERE created_ms <= $1").bind(until_ms).execute(&mut *tx).await?;
        tx.commit().await
    }
}
