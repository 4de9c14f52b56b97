//! What profiles remembers, in one set of queries for SQLite and PostgreSQL.
//!
//! Everything hangs on a profile and goes with it. Whatever a page may show moves the profile's `shelf_version` in its
//! own transaction, so that a shelf that was made can be told from one that would be made now by reading one number.

pub(crate) mod erasures;
pub(crate) mod exports;
pub(crate) mod history;
pub(crate) mod kept;
pub(crate) mod pins;
pub(crate) mod positions;
pub(crate) mod profiles;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use bijou_store::{Database, StoreError, WriteTransaction};
use sqlx::Row;

/// The store. Cheap to clone.
#[derive(Debug, Clone)]
pub(crate) struct Store {
    database: Database,
}

impl Store {
    pub(crate) fn new(database: Database) -> Self {
        Self { database }
    }

    /// The key cursors are signed with, one for all instances: `fresh`, unless somebody was here before.
    pub(crate) async fn cursor_key(&self, fresh: &[u8]) -> Result<Vec<u8>, StoreError> {
        let mut tx = self.database.begin_write().await?;
        sqlx::query("INSERT INTO secrets (name, value) VALUES ('cursor', $1) ON CONFLICT (name) DO NOTHING")
            .bind(STANDARD.encode(fresh))
            .execute(&mut *tx)
            .await?;
        let row = sqlx::query("SELECT value FROM secrets WHERE name = 'cursor'").fetch_one(&mut *tx).await?;
        let value: String = row.try_get(0)?;
        tx.commit().await?;
        // Text that is not ours is a key all the same: all instances only have to agree on it.
        Ok(STANDARD.decode(&value).unwrap_or_else(|_| value.into_bytes()))
    }

    fn explain(&self, error: sqlx::Error) -> StoreError {
        self.database.explain(error)
    }
}

/// Something a page may show has changed; `false` when the profile is gone.
async fn shelf_changed(tx: &mut WriteTransaction, profile: &str) -> Result<bool, StoreError> {
    let changed = sqlx::query("UPDATE profiles SET shelf_version = shelf_version + 1 WHERE id = $1")
        .bind(profile)
        .execute(&mut **tx)
        .await?;
    Ok(changed.rows_affected() == 1)
}
