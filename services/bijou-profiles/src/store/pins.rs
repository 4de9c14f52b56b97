//! PINs and how often they were guessed.

use bijou_store::StoreError;
use sqlx::Row;

use super::Store;

/// Whether another try may be looked at.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Try {
    /// It may, and so many after it.
    Allowed {
        left: u32,
    },
    Locked {
        retry_after_ms: i64,
    },
}

impl Store {
    /// Counts a try before it is looked at: of `tries_max` in `locked_ms`, counted from the first of them.
    pub(crate) async fn begin_pin_try(
        &self,
        profile: &str,
        tries_max: u32,
        locked_ms: i64,
        now_ms: i64,
    ) -> Result<Try, StoreError> {
        let mut tx = self.database.begin_write().await?;
        let row = sqlx::query(
            "INSERT INTO pin_tries (profile_id, failed, until_ms) VALUES ($1, 1, $2)
             ON CONFLICT (profile_id) DO UPDATE SET
                 failed = CASE WHEN pin_tries.until_ms <= $3 THEN 1 ELSE pin_tries.failed + 1 END,
                 until_ms = CASE WHEN pin_tries.until_ms <= $3 OR pin_tries.failed < $4 THEN $2 ELSE pin_tries.until_ms END
             RETURNING failed, until_ms",
        )
        .bind(profile)
        .bind(now_ms + locked_ms)
        .bind(now_ms)
        .bind(i64::from(tries_max))
        .fetch_one(&mut *tx)
        .await?;
        let (failed, until_ms): (i64, i64) = (row.try_get(0)?, row.try_get(1)?);
        tx.commit().await?;
        let left = i64::from(tries_max) - failed;
        Ok(match u32::try_from(left) {
            Ok(left) => Try::Allowed { left },
            Err(_) => Try::Locked { retry_after_ms: (until_ms - now_ms).max(1) },
        })
    }

    /// The try was not looked at after all.
    pub(crate) async fn give_back_pin_try(&self, profile: &str) -> Result<(), StoreError> {
        let mut tx = self.database.begin_write().await?;
        sqlx::query("UPDATE pin_tries SET failed = failed - 1 WHERE profile_id = $1 AND failed > 0")
            .bind(profile)
            .execute(&mut *tx)
            .await?;
        tx.commit().await
    }

    /// The try was right: the count starts again.
    pub(crate) async fn forget_pin_tries(&self, profile: &str) -> Result<(), StoreError> {
        let mut tx = self.database.begin_write().await?;
        sqlx::query("DELETE FROM pin_tries WHERE profile_id = $1").bind(profile).execute(&mut *tx).await?;
        tx.commit().await
    }

    /// Sets or takes away a PIN, with what was guessed of the one before. `false` when the profile is gone.
    pub(crate) async fn set_pin(&self, account: &str, id: &str, hash: Option<&str>) -> Result<bool, StoreError> {
        let mut tx = self.database.begin_write().await?;
        let changed = sqlx::query(
            "UPDATE profiles SET pin_hash = $3, shelf_version = shelf_version + 1 WHERE id = $1 AND account_id = $2",
        )
        .bind(id)
        .bind(account)
        .bind(hash)
        .execute(&mut *tx)
        .await?;
        sqlx::query("DELETE FROM pin_tries WHERE profile_id = $1").bind(id).execute(&mut *tx).await?;
        tx.commit().await?;
        Ok(changed.rows_affected() == 1)
    }
}
