//! Signing keys.

use bijou_store::StoreError;
use sqlx::Row;

use super::Store;
use crate::domain::keys::KeyTimes;

#[derive(Clone)]
pub(crate) struct StoredKey {
    pub(crate) times: KeyTimes,
    pub(crate) kid: String,
    /// The 32 secret bytes, base64url.
    pub(crate) seed: String,
    pub(crate) created_ms: i64,
}

impl Store {
    pub(crate) async fn signing_keys(&self) -> Result<Vec<StoredKey>, StoreError> {
        let rows = sqlx::query(
            "SELECT generation, active_from_ms, kid, seed, created_ms FROM signing_keys ORDER BY generation",
        )
        .fetch_all(self.database.pool())
        .await
        .map_err(|error| self.explain(error))?;
        let key = |row: &sqlx::any::AnyRow| {
            Ok(StoredKey {
                times: KeyTimes { generation: row.try_get(0)?, active_from_ms: row.try_get(1)? },
                kid: row.try_get(2)?,
                seed: row.try_get(3)?,
                created_ms: row.try_get(4)?,
            })
        };
        rows.iter().map(key).collect()
    }

    /// `false` when there is a key of that generation already.
    pub(crate) async fn add_signing_key(&self, key: &StoredKey) -> Result<bool, StoreError> {
        let mut tx = self.database.begin_write().await?;
        let added = sqlx::query(
            "INSERT INTO signing_keys (generation, kid, seed, created_ms, active_from_ms)
             VALUES ($1, $2, $3, $4, $5) ON CONFLICT (generation) DO NOTHING",
        )
        .bind(key.times.generation)
        .bind(key.kid.as_str())
        .bind(key.seed.as_str())
        .bind(key.created_ms)
        .bind(key.times.active_from_ms)
        .execute(&mut *tx)
        .await?;
        tx.commit().await?;
        Ok(added.rows_affected() == 1)
    }

    pub(crate) async fn remove_signing_key(&self, generation: i64) -> Result<(), StoreError> {
        let mut tx = self.database.begin_write().await?;
        sqlx::query("DELETE FROM signing_keys WHERE generation = $1").bind(generation).execute(&mut *tx).await?;
        tx.commit().await
    }
}
