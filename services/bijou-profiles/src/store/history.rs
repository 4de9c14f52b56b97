//! What somebody saw.

use bijou_profiles_api::events::{HISTORY_REMOVED, HistoryEvent};
use bijou_store::{StoreError, WriteTransaction};
use sqlx::Row;
use sqlx::any::AnyRow;

use super::profiles::append;
use super::{Store, shelf_changed};
use crate::domain::cursor::Place;

/// One playable of one playback session.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Entry {
    pub(crate) id: String,
    pub(crate) title_id: String,
    pub(crate) episode_id: Option<String>,
    pub(crate) started_ms: i64,
    pub(crate) last_ms: i64,
    pub(crate) position_ms: i64,
    pub(crate) duration_ms: i64,
}

const COLUMNS: &str = "id, title_id, episode_id, started_ms, last_ms, position_ms, duration_ms";

impl Store {
    /// Entries before a place in the order, the newest first.
    pub(crate) async fn history(
        &self,
        profile: &str,
        before: Option<&Place>,
        limit: u32,
    ) -> Result<Vec<Entry>, StoreError> {
        let (before_ms, before_id) = before.map_or((i64::MAX, ""), |place| (place.at_ms, place.id.as_str()));
        let sql = format!(
            "SELECT {COLUMNS} FROM history
             WHERE profile_id = $1 AND (started_ms < $2 OR (started_ms = $2 AND id < $3))
             ORDER BY started_ms DESC, id DESC LIMIT $4"
        );
        let rows = sqlx::query(sqlx::AssertSqlSafe(sql))
            .bind(profile)
            .bind(before_ms)
            .bind(before_id)
            .bind(i64::from(limit))
            .fetch_all(self.database.pool())
            .await
            .map_err(|error| self.explain(error))?;
        rows.iter().map(entry).collect()
    }

    /// Deletes one entry; its position becomes that of the entry before, if there is one. `false` when there was none.
    pub(crate) async fn delete_entry(&self, profile: &str, id: &str, now_ms: i64) -> Result<bool, StoreError> {
        let mut tx = self.database.begin_write().await?;
        shelf_changed(&mut tx, profile).await?;
        let row = sqlx::query(
            "DELETE FROM history WHERE id = $1 AND profile_id = $2
             RETURNING title_id, playable_id, session, last_ms",
        )
        .bind(id)
        .bind(profile)
        .fetch_optional(&mut *tx)
        .await?;
        let Some(row) = row else {
            tx.rollback().await?;
            return Ok(false);
        };
        let (title, playable, session): (String, String, String) = (row.try_get(0)?, row.try_get(1)?, row.try_get(2)?);
        // A player whose clock is ahead was there later than now.
        let until_ms = now_ms.max(row.try_get(3)?);
        remember(&mut tx, profile, &session, &playable, until_ms).await?;
        sqlx::query("DELETE FROM positions WHERE profile_id = $1 AND playable_id = $2 AND session = $3")
            .bind(profile)
            .bind(playable.as_str())
            .bind(session.as_str())
            .execute(&mut *tx)
            .await?;
        sqlx::query(
            "INSERT INTO positions
                 (profile_id, playable_id, title_id, episode_id, position_ms, duration_ms, at_ms, session, seq)
             SELECT profile_id, playable_id, title_id, episode_id, position_ms, duration_ms, last_ms, session, seq
             FROM history WHERE profile_id = $1 AND playable_id = $2 ORDER BY last_ms DESC LIMIT 1
             ON CONFLICT (profile_id, playable_id) DO NOTHING",
        )
        .bind(profile)
        .bind(playable.as_str())
        .execute(&mut *tx)
        .await?;
        let event = HistoryEvent { profile_id: profile.to_owned(), title_ids: vec![title], all: false };
        append(&mut tx, HISTORY_REMOVED, profile, serde_json::to_value(event)?, now_ms).await?;
        tx.commit().await?;
        Ok(true)
    }

    /// Deletes all of it, positions included.
    pub(crate) async fn delete_history(&self, profile: &str, now_ms: i64) -> Result<(), StoreError> {
        let mut tx = self.database.begin_write().await?;
        shelf_changed(&mut tx, profile).await?;
        let rows = sqlx::query("SELECT title_id, max(last_ms) FROM history WHERE profile_id = $1 GROUP BY title_id")
            .bind(profile)
            .fetch_all(&mut *tx)
            .await?;
        let (mut title_ids, mut until_ms) = (Vec::new(), now_ms);
        for row in &rows {
            title_ids.push(row.try_get(0)?);
            until_ms = until_ms.max(row.try_get(1)?);
        }
        sqlx::query("UPDATE profiles SET history_since_ms = $2 WHERE id = $1")
            .bind(profile)
            .bind(until_ms)
            .execute(&mut *tx)
            .await?;
        for table in ["history", "history_deleted", "positions", "hidden"] {
            sqlx::query(sqlx::AssertSqlSafe(format!("DELETE FROM {table} WHERE profile_id = $1")))
                .bind(profile)
                .execute(&mut *tx)
                .await?;
        }
        let event = HistoryEvent { profile_id: profile.to_owned(), title_ids, all: true };
        append(&mut tx, HISTORY_REMOVED, profile, serde_json::to_value(event)?, now_ms).await?;
        tx.commit().await
    }

    /// Forgets deletions whose late reports would not be believed any more.
    pub(crate) async fn forget_deletions_before(&self, before_ms: i64) -> Result<u64, StoreError> {
        let mut tx = self.database.begin_write().await?;
        let forgotten =
            sqlx::query("DELETE FROM history_deleted WHERE at_ms < $1").bind(before_ms).execute(&mut *tx).await?;
        tx.commit().await?;
        Ok(forgotten.rows_affected())
    }

    /// What was watched last, each title once, the newest first.
    pub(crate) async fn recent(&self, profile: &str, limit: u32) -> Result<Vec<Entry>, StoreError> {
        let sql = format!(
            "SELECT {COLUMNS} FROM history h WHERE profile_id = $1 AND NOT EXISTS
                 (SELECT 1 FROM history n WHERE n.profile_id = h.profile_id AND n.title_id = h.title_id
                  AND (n.last_ms > h.last_ms OR (n.last_ms = h.last_ms AND n.id > h.id)))
             ORDER BY last_ms DESC, id DESC LIMIT $2"
        );
        let rows = sqlx::query(sqlx::AssertSqlSafe(sql))
            .bind(profile)
            .bind(i64::from(limit))
            .fetch_all(self.database.pool())
            .await
            .map_err(|error| self.explain(error))?;
        rows.iter().map(entry).collect()
    }
}

/// Late reports of this viewing make no new entry.
async fn remember(
    tx: &mut WriteTransaction,
    profile: &str,
    session: &str,
    playable: &str,
    until_ms: i64,
) -> Result<(), StoreError> {
    sqlx::query(
        "INSERT INTO history_deleted (profile_id, session, playable_id, at_ms) VALUES ($1, $2, $3, $4)
         ON CONFLICT (profile_id, session, playable_id) DO UPDATE SET at_ms = excluded.at_ms",
    )
    .bind(profile)
    .bind(session)
    .bind(playable)
    .bind(until_ms)
    .execute(&mut **tx)
    .await?;
    Ok(())
}

fn entry(row: &AnyRow) -> Result<Entry, StoreError> {
    Ok(Entry {
        id: row.try_get(0)?,
        title_id: row.try_get(1)?,
        episode_id: row.try_get(2)?,
        started_ms: row.try_get(3)?,
        last_ms: row.try_get(4)?,
        position_ms: row.try_get(5)?,
        duration_ms: row.try_get(6)?,
    })
}
