//! Who watched and thumbed what: what training learns from, and what a page is made of while profiles is away.

use std::collections::{BTreeMap, HashSet};

use bijou_store::{StoreError, WriteTransaction, outbox};
use sqlx::Row;

use super::Store;
use crate::domain::plays::{Play, Step};
use crate::domain::taste::{Interaction, Thumb};

/// Most interactions of one profile that a page looks at, the latest first.
const OF_PROFILE_MAX: i64 = 2_000;

/// What profiles' events say.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum ProfileChange {
    /// A thumb was given, or taken back.
    Thumb { profile_id: String, title_id: String, thumb: Thumb, at_ms: i64 },
    /// Entries were taken out of a history; all of them when no title is named.
    HistoryRemoved { profile_id: String, title_ids: Option<Vec<String>> },
    /// A profile is to be forgotten.
    Deleted { profile_id: String, erasure_id: String, at_ms: i64 },
}

/// An erasure that profiles has not been told of.
#[derive(Debug, Clone, PartialEq, Eq)]
#[expect(clippy::struct_field_names, reason = "as profiles calls it")]
pub(crate) struct Erasure {
    pub(crate) profile_id: String,
    pub(crate) erasure_id: String,
    /// Rows that were deleted.
    pub(crate) removed: i64,
}

impl Store {
    /// What a profile watched and thumbed, the latest first, as many as a page looks at; and all that it refused, which
    /// must not come back because it was long ago.
    pub(crate) async fn interactions_of(&self, profile_id: &str) -> Result<Vec<Interaction>, StoreError> {
        let mut interactions = self.latest_interactions_of(profile_id, OF_PROFILE_MAX).await?;
        if interactions.len() == OF_PROFILE_MAX as usize {
            let known: HashSet<String> = interactions.iter().map(|one| one.title_id.clone()).collect();
            let refused = self.refused_by(profile_id).await?.into_iter();
            interactions.extend(refused.filter(|one| !known.contains(&one.title_id)));
        }
        Ok(interactions)
    }

    /// What a profile gave a thumb down, the latest first. Profiles keeps no more than 5,000.
    async fn refused_by(&self, profile_id: &str) -> Result<Vec<Interaction>, StoreError> {
        let rows = sqlx::query(
            "SELECT title_id, plays, finished, thumb, last_ms FROM interactions
             WHERE profile_id = $1 AND thumb = $2 ORDER BY last_ms DESC, title_id",
        )
        .bind(profile_id)
        .bind(Thumb::Down.number())
        .fetch_all(self.database.pool())
        .await
        .map_err(|error| self.explain(error))?;
        rows.iter().map(|row| interaction(row, 0)).collect()
    }

    /// All that a profile watched and thumbed, the latest first.
    pub(crate) async fn all_interactions_of(&self, profile_id: &str) -> Result<Vec<Interaction>, StoreError> {
        self.latest_interactions_of(profile_id, i64::MAX).await
    }

    async fn latest_interactions_of(&self, profile_id: &str, max: i64) -> Result<Vec<Interaction>, StoreError> {
        let rows = sqlx::query(
            "SELECT title_id, plays, finished, thumb, last_ms FROM interactions
             WHERE profile_id = $1 ORDER BY last_ms DESC, title_id LIMIT $2",
        )
        .bind(profile_id)
        .bind(max)
        .fetch_all(self.database.pool())
        .await
        .map_err(|error| self.explain(error))?;
        rows.iter().map(|row| interaction(row, 0)).collect()
    }

    /// All interactions, profile by profile.
    pub(crate) async fn interactions(&self) -> Result<BTreeMap<String, Vec<Interaction>>, StoreError> {
        let rows = sqlx::query("SELECT profile_id, title_id, plays, finished, thumb, last_ms FROM interactions")
            .fetch_all(self.database.pool())
            .await
            .map_err(|error| self.explain(error))?;
        let mut profiles = BTreeMap::<String, Vec<Interaction>>::new();
        for row in &rows {
            profiles.entry(row.try_get(0)?).or_default().push(interaction(row, 1)?);
        }
        Ok(profiles)
    }

    /// Applies what events `from` to `to` of `source` say. `false` when another instance has applied them.
    pub(crate) async fn change_profiles(
        &self,
        source: &str,
        from: i64,
        to: i64,
        changes: &[ProfileChange],
    ) -> Result<bool, StoreError> {
        let mut tx = self.database.begin_write().await?;
        if !outbox::advance(&mut tx, source, from, to).await? {
            return Ok(false);
        }
        for change in changes {
            apply(&mut tx, change).await?;
        }
        tx.commit().await?;
        Ok(true)
    }

    /// Erasures that profiles has still to be told of.
    pub(crate) async fn erasures_to_acknowledge(&self) -> Result<Vec<Erasure>, StoreError> {
        let rows = sqlx::query("SELECT profile_id, erasure_id, removed FROM erasures WHERE acknowledged = 0")
            .fetch_all(self.database.pool())
            .await
            .map_err(|error| self.explain(error))?;
        let erasure = |row: &sqlx::any::AnyRow| -> Result<Erasure, StoreError> {
            Ok(Erasure { profile_id: row.try_get(0)?, erasure_id: row.try_get(1)?, removed: row.try_get(2)? })
        };
        rows.iter().map(erasure).collect()
    }

    /// Profiles knows of this erasure.
    pub(crate) async fn acknowledged(&self, profile_id: &str) -> Result<(), StoreError> {
        let mut tx = self.database.begin_write().await?;
        sqlx::query("UPDATE erasures SET acknowledged = 1 WHERE profile_id = $1")
            .bind(profile_id)
            .execute(&mut *tx)
            .await?;
        tx.commit().await
    }
}

/// Adds plays to what their profiles watched. Nothing is kept of a profile that is gone.
pub(super) async fn add_plays(tx: &mut WriteTransaction, plays: &[Play], now_ms: i64) -> Result<(), StoreError> {
    let profiles: HashSet<&str> = plays.iter().filter_map(|play| play.profile_id.as_deref()).collect();
    let mut gone = HashSet::new();
    for profile in profiles {
        if is_erased(tx, profile).await? {
            gone.insert(profile);
        }
    }
    for play in plays {
        let Some(profile) = play.profile_id.as_deref().filter(|profile| !gone.contains(profile)) else { continue };
        sqlx::query(
            "INSERT INTO interactions (profile_id, title_id, plays, finished, thumb, synthetic, last_ms)
             VALUES ($1, $2, $3, $4, 0, $5, $6)
             ON CONFLICT (profile_id, title_id) DO UPDATE SET plays = interactions.plays + excluded.plays,
                 finished = interactions.finished + excluded.finished,
                 last_ms = CASE WHEN excluded.last_ms > interactions.last_ms
                           THEN excluded.last_ms ELSE interactions.last_ms END",
        )
        .bind(profile)
        .bind(play.title_id.as_str())
        .bind(i64::from(play.step == Step::Started))
        .bind(i64::from(play.step == Step::Finished))
        .bind(i64::from(play.is_synthetic))
        .bind(play.at_ms.min(now_ms))
        .execute(&mut **tx)
        .await?;
    }
    Ok(())
}

async fn apply(tx: &mut WriteTransaction, change: &ProfileChange) -> Result<(), StoreError> {
    match change {
        ProfileChange::Thumb { profile_id, title_id, thumb, at_ms } => {
            if is_erased(tx, profile_id).await? {
                return Ok(());
            }
            sqlx::query(
                "INSERT INTO interactions (profile_id, title_id, plays, finished, thumb, synthetic, last_ms)
                 VALUES ($1, $2, 0, 0, $3, 0, $4)
                 ON CONFLICT (profile_id, title_id) DO UPDATE SET thumb = excluded.thumb",
            )
            .bind(profile_id.as_str())
            .bind(title_id.as_str())
            .bind(thumb.number())
            .bind(*at_ms)
            .execute(&mut **tx)
            .await?;
            // Neither watched nor thumbed: nothing is known any more.
            forget_empty(tx, profile_id).await
        }
        ProfileChange::HistoryRemoved { profile_id, title_ids: None } => {
            sqlx::query("UPDATE interactions SET plays = 0, finished = 0 WHERE profile_id = $1")
                .bind(profile_id.as_str())
                .execute(&mut **tx)
                .await?;
            forget_empty(tx, profile_id).await
        }
        ProfileChange::HistoryRemoved { profile_id, title_ids: Some(title_ids) } => {
            for title_id in title_ids {
                sqlx::query("UPDATE interactions SET plays = 0, finished = 0 WHERE profile_id = $1 AND title_id = $2")
                    .bind(profile_id.as_str())
                    .bind(title_id.as_str())
                    .execute(&mut **tx)
                    .await?;
            }
            forget_empty(tx, profile_id).await
        }
        ProfileChange::Deleted { profile_id, erasure_id, at_ms } => {
            let mut removed = 0;
            for sql in
                ["DELETE FROM interactions WHERE profile_id = $1", "DELETE FROM impressions WHERE profile_id = $1"]
            {
                removed += sqlx::query(sql).bind(profile_id.as_str()).execute(&mut **tx).await?.rows_affected();
            }
            sqlx::query(
                "INSERT INTO erasures (profile_id, erasure_id, removed, erased_ms, acknowledged)
                 VALUES ($1, $2, $3, $4, 0) ON CONFLICT (profile_id) DO NOTHING",
            )
            .bind(profile_id.as_str())
            .bind(erasure_id.as_str())
            .bind(i64::try_from(removed).unwrap_or(i64::MAX))
            .bind(*at_ms)
            .execute(&mut **tx)
            .await?;
            Ok(())
        }
    }
}

async fn forget_empty(tx: &mut WriteTransaction, profile_id: &str) -> Result<(), StoreError> {
    sqlx::query("DELETE FROM interactions WHERE profile_id = $1 AND plays = 0 AND finished = 0 AND thumb = 0")
        .bind(profile_id)
        .execute(&mut **tx)
        .await?;
    Ok(())
}

async fn is_erased(tx: &mut WriteTransaction, profile_id: &str) -> Result<bool, StoreError> {
    let found =
        sqlx::query("SELECT 1 FROM erasures WHERE profile_id = $1").bind(profile_id).fetch_optional(&mut **tx).await?;
    Ok(found.is_some())
}

fn interaction(row: &sqlx::any::AnyRow, from: usize) -> Result<Interaction, StoreError> {
    Ok(Interaction {
        title_id: row.try_get(from)?,
        plays: row.try_get(from + 1)?,
        finished: row.try_get(from + 2)?,
        thumb: Thumb::of_number(row.try_get(from + 3)?),
        last_ms: row.try_get(from + 4)?,
    })
}
