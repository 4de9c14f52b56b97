//! Playback sessions and what viewers report.

use bijou_playback_api::PlaybackState;
use bijou_playback_api::events::{PLAYBACK_PROGRESS, PLAYBACK_STARTED, PLAYBACK_STOPPED, PlaybackEvent};
use bijou_store::StoreError;
use bijou_store::outbox::{self, NewEvent};
use serde_json::json;
use sqlx::Row;

use super::{Playable, Store, absent_if_empty};

/// One account playing one asset.
#[derive(Debug, Clone, PartialEq)]
pub struct Session {
    pub id: String,
    pub account_id: String,
    pub asset_id: String,
    pub playable: Playable,
    pub duration_ms: i64,
    pub expires_ms: i64,
}

impl Store {
    pub async fn begin_session(&self, session: &Session, now_ms: i64) -> Result<(), StoreError> {
        let mut tx = self.database.begin_write().await?;
        sqlx::query(
            "INSERT INTO playback_sessions (id, account_id, asset_id, title_id, episode_id, duration_ms, state, position_ms, created_ms, expires_ms)
             VALUES ($1, $2, $3, $4, $5, $6, 'created', 0, $7, $8)",
        )
        .bind(&session.id)
        .bind(&session.account_id)
        .bind(&session.asset_id)
        .bind(&session.playable.title_id)
        .bind(session.playable.episode_id.as_deref().unwrap_or_default())
        .bind(session.duration_ms)
        .bind(now_ms)
        .bind(session.expires_ms)
        .execute(&mut *tx)
        .await?;
        tx.commit().await
    }

    /// Notes a report and puts it into the outbox, in one step. `None`: this account has no such session.
    ///
    /// What says nothing new is taken without an event: a second `started`, or progress without progress.
    pub async fn report(
        &self,
        session_id: &str,
        account_id: &str,
        state: PlaybackState,
        position_ms: i64,
        now_ms: i64,
    ) -> Result<Option<()>, StoreError> {
        let (name, type_) = match state {
            PlaybackState::Started => ("started", PLAYBACK_STARTED),
            PlaybackState::Progress => ("progress", PLAYBACK_PROGRESS),
            PlaybackState::Stopped => ("stopped", PLAYBACK_STOPPED),
        };
        let mut tx = self.database.begin_write().await?;
        // Takes the row's lock, so that reports of one session are told in one order.
        let row = sqlx::query(
            "UPDATE playback_sessions SET expires_ms = expires_ms WHERE id = $1 AND account_id = $2
             RETURNING title_id, episode_id, duration_ms, state, position_ms",
        )
        .bind(session_id)
        .bind(account_id)
        .fetch_optional(&mut *tx)
        .await?;
        let Some(row) = row else {
            tx.rollback().await?;
            return Ok(None);
        };
        let duration_ms: i64 = row.try_get("duration_ms")?;
        let (before, position_before): (String, i64) = (row.try_get("state")?, row.try_get("position_ms")?);
        let position_ms = position_ms.clamp(0, duration_ms);
        let is_repeated = match state {
            PlaybackState::Started => before != "created",
            PlaybackState::Progress | PlaybackState::Stopped => before == name && position_before == position_ms,
        };
        if is_repeated {
            tx.rollback().await?;
            return Ok(Some(()));
        }
        sqlx::query("UPDATE playback_sessions SET state = $1, position_ms = $2 WHERE id = $3")
            .bind(name)
            .bind(position_ms)
            .bind(session_id)
            .execute(&mut *tx)
            .await?;
        let title_id: String = row.try_get("title_id")?;
        let data = PlaybackEvent {
            playback_id: session_id.to_owned(),
            account_id: account_id.to_owned(),
            title_id: title_id.clone(),
            episode_id: absent_if_empty(row.try_get("episode_id")?),
            position_s: position_ms as f64 / 1000.0,
            duration_s: duration_ms as f64 / 1000.0,
            synthetic: false,
        };
        outbox::append(
            &mut tx,
            &NewEvent { type_: type_.to_owned(), subject: title_id, time_ms: now_ms, data: json!(data) },
        )
        .await?;
        tx.commit().await?;
        Ok(Some(()))
    }

    /// Writes events of invented viewers, once in the life of this store. `false`: they are there.
    pub async fn append_once(&self, milestone: &str, events: &[NewEvent], now_ms: i64) -> Result<bool, StoreError> {
        let mut tx = self.database.begin_write().await?;
        let first = sqlx::query("INSERT INTO milestones (name, at_ms) VALUES ($1, $2) ON CONFLICT (name) DO NOTHING")
            .bind(milestone)
            .bind(now_ms)
            .execute(&mut *tx)
            .await?;
        if first.rows_affected() == 0 {
            tx.rollback().await?;
            return Ok(false);
        }
        for event in events {
            outbox::append(&mut tx, event).await?;
        }
        tx.commit().await?;
        Ok(true)
    }

    /// Forgets sessions that ended before `until_ms`.
    pub async fn forget_sessions(&self, until_ms: i64) -> Result<(), StoreError> {
        let mut tx = self.database.begin_write().await?;
        sqlx::query("DELETE FROM playback_sessions WHERE expires_ms < $1").bind(until_ms).execute(&mut *tx).await?;
        tx.commit().await
    }
}
