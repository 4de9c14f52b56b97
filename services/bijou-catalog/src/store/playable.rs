//! What can be played, as playback tells it: its events applied once each, with the cursor in the same transaction.

use std::collections::{BTreeSet, HashMap};

use bijou_store::sqlx::{self, Row as _};
use bijou_store::{StoreError, outbox};

use super::write::{append_updates, refresh_playable};
use super::{Store, Title};

/// The role whose events these are, as the cursor's name.
pub const SOURCE: &str = "PLAYBACK";

/// One change of what can be played.
#[derive(Debug, Clone, PartialEq)]
pub struct Playable {
    pub title_id: String,
    /// Empty for a movie.
    pub episode_id: String,
    /// The encode this is about. A newer one takes its place, and its end does not end the newer one.
    pub asset_id: String,
    /// `None`: it cannot be played any more.
    pub duration_s: Option<f64>,
}

impl Store {
    /// Up to where playback's events are applied.
    pub async fn playback_cursor(&self) -> Result<i64, StoreError> {
        outbox::cursor(&self.database, SOURCE).await
    }

    /// Applies changes and moves the cursor. `false` when another instance was faster; nothing is changed then.
    pub async fn apply_playables(
        &self,
        changes: &[Playable],
        from: i64,
        to: i64,
        now_ms: i64,
    ) -> Result<bool, StoreError> {
        let mut tx = self.database.begin_write().await?;
        if !outbox::advance(&mut tx, SOURCE, from, to).await? {
            return Ok(false);
        }
        for change in changes {
            let query = match change.duration_s {
                Some(duration_s) => sqlx::query(
                    "INSERT INTO playables (title_id, episode_id, asset_id, duration_s) VALUES ($1, $2, $3, $4)
                     ON CONFLICT (title_id, episode_id) DO UPDATE
                        SET asset_id = excluded.asset_id, duration_s = excluded.duration_s",
                )
                .bind(change.title_id.as_str())
                .bind(change.episode_id.as_str())
                .bind(change.asset_id.as_str())
                .bind(duration_s),
                None => sqlx::query("DELETE FROM playables WHERE title_id = $1 AND episode_id = $2 AND asset_id = $3")
                    .bind(change.title_id.as_str())
                    .bind(change.episode_id.as_str())
                    .bind(change.asset_id.as_str()),
            };
            query.execute(&mut *tx).await?;
        }
        let titles: BTreeSet<&str> = changes.iter().map(|change| change.title_id.as_str()).collect();
        let titles: Vec<&str> = titles.into_iter().collect();
        refresh_playable(&mut tx, &titles).await?;
        append_updates(&mut tx, &titles, now_ms).await?;
        tx.commit().await?;
        Ok(true)
    }

    /// Forgets everything playback has said, when its store was lost and it starts to tell anew.
    pub async fn forget_playables(&self, from: i64, now_ms: i64) -> Result<bool, StoreError> {
        let mut tx = self.database.begin_write().await?;
        if !outbox::advance(&mut tx, SOURCE, from, 0).await? {
            return Ok(false);
        }
        let rows = sqlx::query("SELECT DISTINCT title_id FROM playables").fetch_all(&mut *tx).await?;
        let titles = rows.iter().map(|row| row.try_get(0)).collect::<Result<Vec<String>, _>>()?;
        sqlx::query("DELETE FROM playables").execute(&mut *tx).await?;
        let titles: Vec<&str> = titles.iter().map(String::as_str).collect();
        refresh_playable(&mut tx, &titles).await?;
        append_updates(&mut tx, &titles, now_ms).await?;
        tx.commit().await?;
        Ok(true)
    }

    /// Durations in seconds of a show's playable episodes, by episode.
    pub async fn playable_episodes(&self, show: &Title) -> Result<HashMap<String, f64>, StoreError> {
        let rows = sqlx::query("SELECT episode_id, duration_s FROM playables WHERE title_id = $1 AND episode_id <> ''")
            .bind(show.document.id.as_str())
            .fetch_all(self.database.pool())
            .await
            .map_err(|error| self.database.explain(error))?;
        rows.iter().map(|row| Ok((row.try_get(0)?, row.try_get(1)?))).collect()
    }
}
