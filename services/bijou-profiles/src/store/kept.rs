//! What somebody keeps and thinks: list and thumbs.

use bijou_profiles_api::Thumb;
use bijou_profiles_api::events::{LIST_CHANGED, ListEvent, THUMB_SET, ThumbEvent};
use bijou_store::StoreError;
use sqlx::Row;

use super::profiles::{append, word};
use super::{Store, shelf_changed};
use crate::domain::cursor::Place;

/// What became of something to be kept.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Kept {
    Done,
    /// There is no room for one more.
    Full,
    /// There is no such profile any more.
    Gone,
}

impl Store {
    /// Titles on the list after a place, the newest first.
    pub(crate) async fn list(
        &self,
        profile: &str,
        after: Option<&Place>,
        limit: u32,
    ) -> Result<Vec<(String, i64)>, StoreError> {
        let (at_ms, id) = after.map_or((i64::MAX, ""), |place| (place.at_ms, place.id.as_str()));
        let rows = sqlx::query(
            "SELECT title_id, added_ms FROM list_items
             WHERE profile_id = $1 AND (added_ms < $2 OR (added_ms = $2 AND title_id < $3))
             ORDER BY added_ms DESC, title_id DESC LIMIT $4",
        )
        .bind(profile)
        .bind(at_ms)
        .bind(id)
        .bind(i64::from(limit))
        .fetch_all(self.database.pool())
        .await
        .map_err(|error| self.explain(error))?;
        rows.iter().map(|row| Ok((row.try_get(0)?, row.try_get(1)?))).collect()
    }

    /// Puts a title on the list; one that is there keeps its place.
    pub(crate) async fn list_title(
        &self,
        profile: &str,
        title: &str,
        titles_max: i64,
        now_ms: i64,
    ) -> Result<Kept, StoreError> {
        let mut tx = self.database.begin_write().await?;
        if !shelf_changed(&mut tx, profile).await? {
            tx.rollback().await?;
            return Ok(Kept::Gone);
        }
        let added = sqlx::query(
            "INSERT INTO list_items (profile_id, title_id, added_ms) SELECT $1, $2, $3
             WHERE (SELECT CAST(count(*) AS BIGINT) FROM list_items WHERE profile_id = $1) < $4
             ON CONFLICT (profile_id, title_id) DO NOTHING",
        )
        .bind(profile)
        .bind(title)
        .bind(now_ms)
        .bind(titles_max)
        .execute(&mut *tx)
        .await?;
        if added.rows_affected() == 0 {
            let row = sqlx::query("SELECT 1 FROM list_items WHERE profile_id = $1 AND title_id = $2")
                .bind(profile)
                .bind(title)
                .fetch_optional(&mut *tx)
                .await?;
            tx.rollback().await?;
            return Ok(if row.is_some() { Kept::Done } else { Kept::Full });
        }
        let event = ListEvent { profile_id: profile.to_owned(), title_id: title.to_owned(), listed: true };
        append(&mut tx, LIST_CHANGED, profile, serde_json::to_value(event)?, now_ms).await?;
        tx.commit().await?;
        Ok(Kept::Done)
    }

    /// Takes a title off the list, if it is there.
    pub(crate) async fn unlist_title(&self, profile: &str, title: &str, now_ms: i64) -> Result<(), StoreError> {
        let mut tx = self.database.begin_write().await?;
        shelf_changed(&mut tx, profile).await?;
        let removed = sqlx::query("DELETE FROM list_items WHERE profile_id = $1 AND title_id = $2")
            .bind(profile)
            .bind(title)
            .execute(&mut *tx)
            .await?;
        if removed.rows_affected() == 0 {
            return tx.rollback().await;
        }
        let event = ListEvent { profile_id: profile.to_owned(), title_id: title.to_owned(), listed: false };
        append(&mut tx, LIST_CHANGED, profile, serde_json::to_value(event)?, now_ms).await?;
        tx.commit().await
    }

    /// Verdicts after a place, the newest first.
    pub(crate) async fn thumbs(
        &self,
        profile: &str,
        after: Option<&Place>,
        limit: u32,
    ) -> Result<Vec<(String, Thumb, i64)>, StoreError> {
        let (at_ms, id) = after.map_or((i64::MAX, ""), |place| (place.at_ms, place.id.as_str()));
        let rows = sqlx::query(
            "SELECT title_id, value, at_ms FROM thumbs
             WHERE profile_id = $1 AND (at_ms < $2 OR (at_ms = $2 AND title_id < $3))
             ORDER BY at_ms DESC, title_id DESC LIMIT $4",
        )
        .bind(profile)
        .bind(at_ms)
        .bind(id)
        .bind(i64::from(limit))
        .fetch_all(self.database.pool())
        .await
        .map_err(|error| self.explain(error))?;
        rows.iter()
            .map(|row| {
                let value: String = row.try_get(1)?;
                Ok((row.try_get(0)?, serde_json::from_value(value.into())?, row.try_get(2)?))
            })
            .collect()
    }

    /// Gives a verdict, or another one.
    pub(crate) async fn set_thumb(
        &self,
        profile: &str,
        title: &str,
        value: Thumb,
        thumbs_max: i64,
        now_ms: i64,
    ) -> Result<Kept, StoreError> {
        let mut tx = self.database.begin_write().await?;
        if !shelf_changed(&mut tx, profile).await? {
            tx.rollback().await?;
            return Ok(Kept::Gone);
        }
        let set = sqlx::query(
            "INSERT INTO thumbs (profile_id, title_id, value, at_ms) SELECT $1, $2, $3, $4
             WHERE EXISTS (SELECT 1 FROM thumbs WHERE profile_id = $1 AND title_id = $2)
                 OR (SELECT CAST(count(*) AS BIGINT) FROM thumbs WHERE profile_id = $1) < $5
             ON CONFLICT (profile_id, title_id) DO UPDATE SET value = excluded.value, at_ms = excluded.at_ms",
        )
        .bind(profile)
        .bind(title)
        .bind(word(&value)?)
        .bind(now_ms)
        .bind(thumbs_max)
        .execute(&mut *tx)
        .await?;
        if set.rows_affected() == 0 {
            tx.rollback().await?;
            return Ok(Kept::Full);
        }
        let event = ThumbEvent { profile_id: profile.to_owned(), title_id: title.to_owned(), value: Some(value) };
        append(&mut tx, THUMB_SET, profile, serde_json::to_value(event)?, now_ms).await?;
        tx.commit().await?;
        Ok(Kept::Done)
    }

    /// Takes a verdict back, if there is one.
    pub(crate) async fn unset_thumb(&self, profile: &str, title: &str, now_ms: i64) -> Result<(), StoreError> {
        let mut tx = self.database.begin_write().await?;
        shelf_changed(&mut tx, profile).await?;
        let removed = sqlx::query("DELETE FROM thumbs WHERE profile_id = $1 AND title_id = $2")
            .bind(profile)
            .bind(title)
            .execute(&mut *tx)
            .await?;
        if removed.rows_affected() == 0 {
            return tx.rollback().await;
        }
        let event = ThumbEvent { profile_id: profile.to_owned(), title_id: title.to_owned(), value: None };
        append(&mut tx, THUMB_SET, profile, serde_json::to_value(event)?, now_ms).await?;
        tx.commit().await
    }
}
