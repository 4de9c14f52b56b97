//! What profiles says, applied here: a lower ceiling ends sessions, a deleted profile leaves nothing.

use bijou_store::outbox;
use bijou_store::{StoreError, WriteTransaction};
use serde_json::Value;
use sqlx::Row;

use super::{Playable, Store, absent_if_empty};
use crate::domain::streams::Closing;

/// Events looked at in one step of an erasure.
const SCRUB_CHUNK: i64 = 2000;

/// What an event of profiles means here.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ProfileChange {
    /// The profile may see titles up to this age.
    Ceiling {
        profile_id: String,
        maturity: u8,
    },
    Deleted {
        profile_id: String,
        erasure_id: String,
    },
}

/// An erasure that profiles waits for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PendingErasure {
    pub profile_id: String,
    pub erasure_id: String,
    pub removed: i64,
}

/// A playback as it is told to whose it is.
#[derive(Debug, Clone, PartialEq)]
pub struct RecordedSession {
    pub id: String,
    pub playable: Playable,
    pub device_name: String,
    pub state: String,
    pub position_ms: i64,
    pub created_ms: i64,
    pub expires_ms: i64,
}

impl Store {
    /// All playbacks of a profile that are kept, the latest first.
    pub async fn sessions_of_profile(&self, profile_id: &str) -> Result<Vec<RecordedSession>, StoreError> {
        // Sessions of accounts as a whole have no profile, which nobody may ask for by an empty name.
        let rows = sqlx::query(
            "SELECT id, title_id, episode_id, device_name, state, position_ms, created_ms, expires_ms
             FROM playback_sessions WHERE profile_id = $1 AND profile_id <> '' ORDER BY created_ms DESC, id",
        )
        .bind(profile_id)
        .fetch_all(self.database.pool())
        .await
        .map_err(|error| self.database.explain(error))?;
        let read = |row: &sqlx::any::AnyRow| {
            Ok(RecordedSession {
                id: row.try_get("id")?,
                playable: Playable {
                    title_id: row.try_get("title_id")?,
                    episode_id: absent_if_empty(row.try_get("episode_id")?),
                },
                device_name: row.try_get("device_name")?,
                state: row.try_get("state")?,
                position_ms: row.try_get("position_ms")?,
                created_ms: row.try_get("created_ms")?,
                expires_ms: row.try_get("expires_ms")?,
            })
        };
        Ok(rows.iter().map(read).collect::<Result<_, sqlx::Error>>()?)
    }

    /// Up to where events of `source` are applied.
    pub async fn cursor(&self, source: &str) -> Result<i64, StoreError> {
        outbox::cursor(&self.database, source).await
    }

    /// Applies changes and moves the cursor, in one step. Another instance may have been quicker: then nothing happens.
    pub async fn apply_profile_changes(
        &self,
        source: &str,
        (from, to): (i64, i64),
        changes: &[ProfileChange],
        now_ms: i64,
    ) -> Result<(), StoreError> {
        let mut tx = self.database.begin_write().await?;
        if !outbox::advance(&mut tx, source, from, to).await? {
            return tx.rollback().await;
        }
        for change in changes {
            match change {
                ProfileChange::Ceiling { profile_id, maturity } => {
                    restrict(&mut tx, profile_id, *maturity, now_ms).await?;
                }
                ProfileChange::Deleted { profile_id, erasure_id } => {
                    forget_profile(&mut tx, profile_id, erasure_id, now_ms).await?;
                }
            }
        }
        tx.commit().await
    }

    /// Erasures profiles has not heard from us about.
    pub async fn open_erasures(&self) -> Result<Vec<PendingErasure>, StoreError> {
        let rows = sqlx::query(
            "SELECT profile_id, erasure_id, removed FROM erasures WHERE done_ms = 0 ORDER BY heard_ms LIMIT 100",
        )
        .fetch_all(self.database.pool())
        .await
        .map_err(|error| self.database.explain(error))?;
        let read = |row: &sqlx::any::AnyRow| {
            Ok(PendingErasure {
                profile_id: row.try_get("profile_id")?,
                erasure_id: row.try_get("erasure_id")?,
                removed: row.try_get("removed")?,
            })
        };
        Ok(rows.iter().map(read).collect::<Result<_, sqlx::Error>>()?)
    }

    /// Takes the profile, its account and its sessions out of events that were told; that something was watched stays. How
    /// many there were. Done in pieces, so that nobody waits for the database.
    pub async fn scrub_events(&self, profile_id: &str) -> Result<i64, StoreError> {
        let (mut scrubbed, mut after) = (0, 0);
        loop {
            let rows = sqlx::query("SELECT seq, data FROM outbox WHERE seq > $1 ORDER BY seq LIMIT $2")
                .bind(after)
                .bind(SCRUB_CHUNK)
                .fetch_all(self.database.pool())
                .await
                .map_err(|error| self.database.explain(error))?;
            let Some(last) = rows.last() else {
                return Ok(scrubbed);
            };
            after = last.try_get("seq")?;
            let mut found: Vec<(i64, String)> = Vec::new();
            for row in &rows {
                let text: String = row.try_get("data")?;
                if let Some(data) = scrubbed_data(&text, profile_id) {
                    found.push((row.try_get("seq")?, data));
                }
            }
            if found.is_empty() {
                continue;
            }
            let mut tx = self.database.begin_write().await?;
            for (seq, data) in &found {
                sqlx::query("UPDATE outbox SET data = $1 WHERE seq = $2")
                    .bind(data)
                    .bind(seq)
                    .execute(&mut *tx)
                    .await?;
            }
            tx.commit().await?;
            scrubbed += i64::try_from(found.len()).unwrap_or(i64::MAX);
        }
    }

    /// Notes that profiles knows.
    pub async fn finish_erasure(&self, profile_id: &str, now_ms: i64) -> Result<(), StoreError> {
        let mut tx = self.database.begin_write().await?;
        sqlx::query("UPDATE erasures SET done_ms = $1 WHERE profile_id = $2")
            .bind(now_ms)
            .bind(profile_id)
            .execute(&mut *tx)
            .await?;
        tx.commit().await
    }
}

async fn restrict(tx: &mut WriteTransaction, profile_id: &str, maturity: u8, now_ms: i64) -> Result<(), StoreError> {
    sqlx::query(
        "UPDATE playback_sessions SET closed = $1, closed_ms = $2, lease_until_ms = 0
         WHERE profile_id = $3 AND closed = '' AND certification_age > $4",
    )
    .bind(Closing::Restricted.name())
    .bind(now_ms)
    .bind(profile_id)
    .bind(i64::from(maturity))
    .execute(&mut **tx)
    .await?;
    Ok(())
}

/// Session rows stay as long as their tokens are good, to be refused by id, and say nothing else any more.
async fn forget_profile(
    tx: &mut WriteTransaction,
    profile_id: &str,
    erasure_id: &str,
    now_ms: i64,
) -> Result<(), StoreError> {
    let sessions = sqlx::query(
        "UPDATE playback_sessions SET closed = $1, closed_ms = $2, lease_until_ms = 0, account_id = '', profile_id = '',
             asset_id = '', title_id = '', episode_id = '', device_name = '', certification_age = 0, position_ms = 0
         WHERE profile_id = $3",
    )
    .bind(Closing::Erased.name())
    .bind(now_ms)
    .bind(profile_id)
    .execute(&mut **tx)
    .await?;
    sqlx::query(
        "INSERT INTO erasures (profile_id, erasure_id, removed, heard_ms, done_ms) VALUES ($1, $2, $3, $4, 0)
         ON CONFLICT (profile_id) DO NOTHING",
    )
    .bind(profile_id)
    .bind(erasure_id)
    .bind(i64::try_from(sessions.rows_affected()).unwrap_or(i64::MAX))
    .bind(now_ms)
    .execute(&mut **tx)
    .await?;
    Ok(())
}

/// The data of an event of this profile without what names somebody; `None` when it is not of this profile.
fn scrubbed_data(text: &str, profile_id: &str) -> Option<String> {
    if !text.contains(profile_id) {
        return None;
    }
    let mut data: Value = serde_json::from_str(text).ok()?;
    let members = data.as_object_mut()?;
    if members.get("profile_id")?.as_str() != Some(profile_id) {
        return None;
    }
    members.remove("profile_id");
    for member in ["account_id", "playback_id"] {
        members.insert(member.to_owned(), Value::String(String::new()));
    }
    Some(data.to_string())
}
