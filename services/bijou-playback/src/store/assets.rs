//! Assets and the pointer that publishes one of them.

use bijou_playback_api::events::{ASSET_READY, ASSET_WITHDRAWN, AssetEvent};
use bijou_playback_api::{Marks, SubtitleOption};
use bijou_store::outbox::{self, NewEvent};
use bijou_store::{StoreError, WriteTransaction};
use serde_json::json;
use sqlx::Row;
use sqlx::any::AnyRow;

use super::{Store, absent_if_empty};

/// What can be played: a film, or an episode of a show.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Playable {
    pub title_id: String,
    pub episode_id: Option<String>,
}

impl Playable {
    /// The episode's id or the title's.
    pub fn id(&self) -> &str {
        self.episode_id.as_deref().unwrap_or(&self.title_id)
    }
}

/// One encode.
#[derive(Debug, Clone, PartialEq)]
pub struct Asset {
    pub id: String,
    pub playable: Playable,
    pub duration_ms: i64,
    pub height_max: u32,
    pub attribution: Option<String>,
    pub audio_languages: Vec<String>,
    pub subtitles: Vec<SubtitleOption>,
    pub stills: Vec<String>,
    /// What the file itself says may be skipped.
    pub marks: Marks,
}

/// An asset about to be made.
#[derive(Debug, Clone)]
pub struct NewAsset<'a> {
    pub id: &'a str,
    pub playable: &'a Playable,
    pub job_id: &'a str,
    pub attribution: Option<&'a str>,
}

const COLUMNS: &str = "a.id, a.title_id, a.episode_id, a.duration_ms, a.height_max, a.attribution, a.audio_languages, a.subtitles, a.stills, a.marks";

impl Store {
    /// Notes that an asset is being made, before its first byte exists.
    pub async fn begin_asset(&self, asset: &NewAsset<'_>, now_ms: i64) -> Result<(), StoreError> {
        let mut tx = self.database.begin_write().await?;
        sqlx::query(
            "INSERT INTO assets (id, title_id, episode_id, state, job_id, duration_ms, height_max, attribution,
                 audio_languages, subtitles, stills, created_ms, retired_ms)
             VALUES ($1, $2, $3, 'making', $4, 0, 0, $5, '[]', '[]', '[]', $6, 0)",
        )
        .bind(asset.id)
        .bind(&asset.playable.title_id)
        .bind(asset.playable.episode_id.as_deref().unwrap_or_default())
        .bind(asset.job_id)
        .bind(asset.attribution.unwrap_or_default())
        .bind(now_ms)
        .execute(&mut *tx)
        .await?;
        tx.commit().await
    }

    /// Makes a finished asset the one that is played, tells the world, retires the one before and finishes the job:
    /// all or nothing. `false`: the job has passed to somebody else meanwhile, and nothing was changed.
    pub async fn publish(&self, asset: &Asset, job_id: &str, owner: &str, now_ms: i64) -> Result<bool, StoreError> {
        let mut tx = self.database.begin_write().await?;
        let done = sqlx::query(
            "UPDATE jobs SET state = 'done', progress = 1000, error = '', updated_ms = $1
             WHERE id = $2 AND owner = $3 AND state = 'running'",
        )
        .bind(now_ms)
        .bind(job_id)
        .bind(owner)
        .execute(&mut *tx)
        .await?;
        if done.rows_affected() == 0 {
            tx.rollback().await?;
            return Ok(false);
        }
        let ready = sqlx::query(
            "UPDATE assets SET state = 'ready', duration_ms = $1, height_max = $2, audio_languages = $3, subtitles = $4, stills = $5, marks = $6
             WHERE id = $7 AND state = 'making'",
        )
        .bind(asset.duration_ms)
        .bind(i64::from(asset.height_max))
        .bind(json!(asset.audio_languages).to_string())
        .bind(json!(asset.subtitles).to_string())
        .bind(json!(asset.stills).to_string())
        .bind(json!(asset.marks).to_string())
        .bind(&asset.id)
        .execute(&mut *tx)
        .await?;
        if ready.rows_affected() == 0 {
            // Cleaned up as abandoned: its files are going or gone.
            tx.rollback().await?;
            return Ok(false);
        }
        retire_published(&mut tx, asset.playable.id(), now_ms).await?;
        sqlx::query(
            "INSERT INTO playables (playable_id, title_id, episode_id, asset_id, published_ms) VALUES ($1, $2, $3, $4, $5)
             ON CONFLICT (playable_id) DO UPDATE SET asset_id = excluded.asset_id, published_ms = excluded.published_ms",
        )
        .bind(asset.playable.id())
        .bind(&asset.playable.title_id)
        .bind(asset.playable.episode_id.as_deref().unwrap_or_default())
        .bind(&asset.id)
        .bind(now_ms)
        .execute(&mut *tx)
        .await?;
        outbox::append(&mut tx, &event(ASSET_READY, asset, now_ms)).await?;
        tx.commit().await?;
        Ok(true)
    }

    /// Takes a film or episode away from viewers. Who is watching may finish. `None`: it was not there.
    pub async fn withdraw(&self, playable_id: &str, now_ms: i64) -> Result<Option<Asset>, StoreError> {
        let Some(asset) = self.published(playable_id).await? else {
            return Ok(None);
        };
        let mut tx = self.database.begin_write().await?;
        retire_published(&mut tx, playable_id, now_ms).await?;
        let gone = sqlx::query("DELETE FROM playables WHERE playable_id = $1 AND asset_id = $2")
            .bind(playable_id)
            .bind(&asset.id)
            .execute(&mut *tx)
            .await?;
        if gone.rows_affected() == 0 {
            tx.rollback().await?;
            return Ok(None);
        }
        outbox::append(&mut tx, &event(ASSET_WITHDRAWN, &asset, now_ms)).await?;
        tx.commit().await?;
        Ok(Some(asset))
    }

    /// What is played for a film or episode.
    pub async fn published(&self, playable_id: &str) -> Result<Option<Asset>, StoreError> {
        let row = sqlx::query(sqlx::AssertSqlSafe(format!(
            "SELECT {COLUMNS} FROM playables p JOIN assets a ON a.id = p.asset_id WHERE p.playable_id = $1"
        )))
        .bind(playable_id)
        .fetch_optional(self.database.pool())
        .await
        .map_err(|error| self.database.explain(error))?;
        Ok(row.as_ref().map(read).transpose()?)
    }

    /// What is played for a title, of a show its first episode, with how many of its episodes can be played.
    pub async fn published_of(&self, title_id: &str) -> Result<(Option<Asset>, u64), StoreError> {
        let rows = sqlx::query(sqlx::AssertSqlSafe(format!(
            "SELECT {COLUMNS} FROM playables p JOIN assets a ON a.id = p.asset_id WHERE p.title_id = $1
             ORDER BY p.episode_id"
        )))
        .bind(title_id)
        .fetch_all(self.database.pool())
        .await
        .map_err(|error| self.database.explain(error))?;
        let assets = rows.iter().map(read).collect::<Result<Vec<Asset>, _>>()?;
        let episodes = assets.iter().filter(|asset| asset.playable.episode_id.is_some()).count() as u64;
        Ok((assets.into_iter().next(), episodes))
    }

    /// Whether any episode of this show can be played.
    pub async fn has_episodes(&self, title_id: &str) -> Result<bool, StoreError> {
        let row =
            sqlx::query("SELECT CAST(count(*) AS BIGINT) FROM playables WHERE title_id = $1 AND episode_id <> ''")
                .bind(title_id)
                .fetch_one(self.database.pool())
                .await
                .map_err(|error| self.database.explain(error))?;
        Ok(row.try_get::<i64, _>(0)? > 0)
    }

    /// How many titles can be played; a show counts once.
    pub async fn count_playable_titles(&self) -> Result<i64, StoreError> {
        let row = sqlx::query("SELECT CAST(count(DISTINCT title_id) AS BIGINT) FROM playables")
            .fetch_one(self.database.pool())
            .await
            .map_err(|error| self.database.explain(error))?;
        Ok(row.try_get(0)?)
    }

    /// Published assets whose stills the catalog does not have yet.
    pub async fn with_stills_to_deliver(&self, limit: i64) -> Result<Vec<Asset>, StoreError> {
        let rows = sqlx::query(sqlx::AssertSqlSafe(format!(
            "SELECT {COLUMNS} FROM playables p JOIN assets a ON a.id = p.asset_id WHERE a.stills <> '[]' ORDER BY p.published_ms LIMIT $1"
        )))
        .bind(limit)
        .fetch_all(self.database.pool())
        .await
        .map_err(|error| self.database.explain(error))?;
        Ok(rows.iter().map(read).collect::<Result<_, _>>()?)
    }

    /// Notes that the catalog has the stills.
    pub async fn mark_stills_delivered(&self, asset_id: &str) -> Result<(), StoreError> {
        let mut tx = self.database.begin_write().await?;
        sqlx::query("UPDATE assets SET stills = '[]' WHERE id = $1").bind(asset_id).execute(&mut *tx).await?;
        tx.commit().await
    }

    /// Marks assets nobody can use as being deleted and names them: retired before `retired_before_ms`, half made by a job
    /// whose lease ended before `silent_since_ms`, or marked by a clean-up that did not finish.
    pub async fn condemn_assets(
        &self,
        retired_before_ms: i64,
        silent_since_ms: i64,
    ) -> Result<Vec<String>, StoreError> {
        let mut tx = self.database.begin_write().await?;
        let rows = sqlx::query(
            "UPDATE assets SET state = 'deleting'
             WHERE state = 'deleting'
                OR (state = 'retired' AND retired_ms < $1)
                OR (state = 'making' AND created_ms < $2 AND NOT EXISTS (
                    SELECT 1 FROM jobs j WHERE j.id = assets.job_id AND j.state = 'running' AND j.lease_until_ms > $2
                        AND NOT EXISTS (SELECT 1 FROM assets newer WHERE newer.job_id = assets.job_id AND newer.created_ms > assets.created_ms)))
             RETURNING id",
        )
        .bind(retired_before_ms)
        .bind(silent_since_ms)
        .fetch_all(&mut *tx)
        .await?;
        let ids = rows.iter().map(|row| row.try_get(0)).collect::<Result<_, _>>()?;
        tx.commit().await?;
        Ok(ids)
    }

    /// Forgets an asset whose files are gone.
    pub async fn forget_asset(&self, asset_id: &str) -> Result<(), StoreError> {
        let mut tx = self.database.begin_write().await?;
        sqlx::query("DELETE FROM assets WHERE id = $1 AND state IN ('making', 'deleting')")
            .bind(asset_id)
            .execute(&mut *tx)
            .await?;
        tx.commit().await
    }

    /// Whether nothing was ever made here.
    pub async fn has_no_assets(&self) -> Result<bool, StoreError> {
        let row = sqlx::query("SELECT CAST(count(*) AS BIGINT) FROM assets")
            .fetch_one(self.database.pool())
            .await
            .map_err(|error| self.database.explain(error))?;
        Ok(row.try_get::<i64, _>(0)? == 0)
    }
}

async fn retire_published(tx: &mut WriteTransaction, playable_id: &str, now_ms: i64) -> Result<(), StoreError> {
    sqlx::query(
        "UPDATE assets SET state = 'retired', retired_ms = $1
         WHERE id IN (SELECT asset_id FROM playables WHERE playable_id = $2)",
    )
    .bind(now_ms)
    .bind(playable_id)
    .execute(&mut **tx)
    .await?;
    Ok(())
}

fn event(type_: &str, asset: &Asset, now_ms: i64) -> NewEvent {
    let data = AssetEvent {
        asset_id: asset.id.clone(),
        title_id: asset.playable.title_id.clone(),
        episode_id: asset.playable.episode_id.clone(),
        duration_s: asset.duration_ms as f64 / 1000.0,
        height_max: asset.height_max,
        audio_languages: asset.audio_languages.clone(),
        subtitle_languages: asset.subtitles.iter().map(|track| track.language.clone()).collect(),
    };
    NewEvent { type_: type_.to_owned(), subject: asset.playable.id().to_owned(), time_ms: now_ms, data: json!(data) }
}

fn read(row: &AnyRow) -> Result<Asset, sqlx::Error> {
    // Written by this file alone; a value that does not parse is a damaged row.
    let list = |column: &str| -> Result<String, sqlx::Error> { row.try_get(column) };
    let damaged = |error: serde_json::Error| sqlx::Error::Decode(error.into());
    Ok(Asset {
        id: row.try_get("id")?,
        playable: Playable {
            title_id: row.try_get("title_id")?,
            episode_id: absent_if_empty(row.try_get("episode_id")?),
        },
        duration_ms: row.try_get("duration_ms")?,
        height_max: u32::try_from(row.try_get::<i64, _>("height_max")?).unwrap_or(0),
        attribution: absent_if_empty(row.try_get("attribution")?),
        audio_languages: serde_json::from_str(&list("audio_languages")?).map_err(damaged)?,
        subtitles: serde_json::from_str(&list("subtitles")?).map_err(damaged)?,
        stills: serde_json::from_str(&list("stills")?).map_err(damaged)?,
        // Empty in rows from before there were any.
        marks: absent_if_empty(list("marks")?)
            .map(|text| serde_json::from_str(&text).map_err(damaged))
            .transpose()?
            .unwrap_or_default(),
    })
}
