//! Deleted profiles, until nothing of them is left and profiles knows.
//!
//! A session of a deleted profile goes on as the account's, with the ceiling it had: the next refresh asks for the true
//! one. It is not signed out, since somebody else of the household may hold it.

use bijou_store::{StoreError, outbox};
use sqlx::Row;

use super::Store;
use super::sessions::{Session, session};

/// A profile that profiles says is deleted.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Erasure {
    pub(crate) profile_id: String,
    pub(crate) erasure_id: String,
}

impl Store {
    /// Up to where the events of `source` are applied.
    pub(crate) async fn cursor(&self, source: &str) -> Result<i64, StoreError> {
        outbox::cursor(&self.database, source).await
    }

    /// Notes erasures that events told of and moves the cursor, in one step. Another instance may have been quicker: then
    /// nothing happens.
    pub(crate) async fn note_erasures(
        &self,
        source: &str,
        (from, to): (i64, i64),
        erasures: &[Erasure],
        now_ms: i64,
    ) -> Result<(), StoreError> {
        let mut tx = self.database.begin_write().await?;
        if !outbox::advance(&mut tx, source, from, to).await? {
            return tx.rollback().await;
        }
        for erasure in erasures {
            sqlx::query(
                "INSERT INTO erasures (profile_id, erasure_id, removed, heard_ms, done_ms) VALUES ($1, $2, 0, $3, 0)
                 ON CONFLICT (profile_id) DO NOTHING",
            )
            .bind(erasure.profile_id.as_str())
            .bind(erasure.erasure_id.as_str())
            .bind(now_ms)
            .execute(&mut *tx)
            .await?;
        }
        tx.commit().await
    }

    /// Erasures that profiles has still to be told of.
    pub(crate) async fn open_erasures(&self) -> Result<Vec<Erasure>, StoreError> {
        let rows =
            sqlx::query("SELECT profile_id, erasure_id FROM erasures WHERE done_ms = 0 ORDER BY heard_ms LIMIT 100")
                .fetch_all(self.database.pool())
                .await
                .map_err(|error| self.explain(error))?;
        rows.iter().map(|row| Ok(Erasure { profile_id: row.try_get(0)?, erasure_id: row.try_get(1)? })).collect()
    }

    /// Takes an erased profile out of all sessions, those that are over too. How many named it, this time and before.
    pub(crate) async fn erase_profile(&self, profile_id: &str) -> Result<i64, StoreError> {
        let mut tx = self.database.begin_write().await?;
        let removed = sqlx::query("UPDATE sessions SET profile_id = NULL, profile_name = NULL WHERE profile_id = $1")
            .bind(profile_id)
            .execute(&mut *tx)
            .await?
            .rows_affected();
        let row = sqlx::query("UPDATE erasures SET removed = removed + $2 WHERE profile_id = $1 RETURNING removed")
            .bind(profile_id)
            .bind(i64::try_from(removed).unwrap_or(i64::MAX))
            .fetch_one(&mut *tx)
            .await?;
        tx.commit().await?;
        Ok(row.try_get(0)?)
    }

    /// Notes that profiles knows.
    pub(crate) async fn finish_erasure(&self, profile_id: &str, now_ms: i64) -> Result<(), StoreError> {
        let mut tx = self.database.begin_write().await?;
        sqlx::query("UPDATE erasures SET done_ms = $2 WHERE profile_id = $1")
            .bind(profile_id)
            .bind(now_ms)
            .execute(&mut *tx)
            .await?;
        tx.commit().await
    }

    /// Forgets erasures that were done before `ms`. Until then, what a request wrote while its profile was being erased is
    /// taken out once more.
    pub(crate) async fn remove_erasures_done_before(&self, ms: i64) -> Result<(), StoreError> {
        let mut tx = self.database.begin_write().await?;
        sqlx::query(
            "UPDATE sessions SET profile_id = NULL, profile_name = NULL
             WHERE profile_id IN (SELECT profile_id FROM erasures)",
        )
        .execute(&mut *tx)
        .await?;
        sqlx::query("DELETE FROM erasures WHERE done_ms > 0 AND done_ms < $1").bind(ms).execute(&mut *tx).await?;
        tx.commit().await
    }

    /// All sessions that name a profile, the latest first.
    pub(crate) async fn sessions_of_profile(&self, profile_id: &str) -> Result<Vec<Session>, StoreError> {
        let rows = sqlx::query(
            "SELECT s.id, s.account_id, s.device_name, s.client_id, s.scopes, s.profile_id, s.profile_name, s.kids,
                    s.maturity, s.created_ms, s.last_seen_ms, s.expires_ms
             FROM sessions s WHERE s.profile_id = $1 ORDER BY s.last_seen_ms DESC, s.id",
        )
        .bind(profile_id)
        .fetch_all(self.database.pool())
        .await
        .map_err(|error| self.explain(error))?;
        rows.iter().map(session).collect()
    }
}
