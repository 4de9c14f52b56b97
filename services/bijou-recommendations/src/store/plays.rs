//! Plays: a decaying weight for the order, plain counts for the sentence on the card.

use std::collections::HashMap;

use bijou_store::{StoreError, WriteTransaction, outbox};
use sqlx::Row;

use super::interactions::add_plays;
use super::{Store, changed};
use crate::domain::plays::{DAY_MS, Play, Tally, Weight, tally};

/// Days over which "this week" counts.
const WEEK_DAYS: i64 = 7;

/// Days after which a day's counts are of no use any more.
const KEEP_DAYS: i64 = 60;

/// What is known about the plays of one title.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub(crate) struct PlayCounts {
    pub(crate) weight: Weight,
    /// Plays by people, ever.
    pub(crate) people: i64,
    /// Plays by people in the last seven days, today included.
    pub(crate) people_week: i64,
}

impl Store {
    /// The plays of every title that was ever played.
    pub(crate) async fn plays(&self, now_ms: i64) -> Result<HashMap<String, PlayCounts>, StoreError> {
        let rows = sqlx::query(
            "SELECT p.title_id, p.weight, p.weight_at_ms, p.people,
                    CAST(COALESCE((SELECT sum(d.people) FROM plays_by_day d
                                   WHERE d.title_id = p.title_id AND d.day > $1), 0) AS BIGINT)
             FROM plays p",
        )
        .bind(now_ms.div_euclid(DAY_MS) - WEEK_DAYS)
        .fetch_all(self.database.pool())
        .await
        .map_err(|error| self.explain(error))?;
        let mut plays = HashMap::with_capacity(rows.len());
        for row in rows {
            let counts = PlayCounts {
                weight: Weight { amount: row.try_get(1)?, at_ms: row.try_get(2)? },
                people: row.try_get(3)?,
                people_week: row.try_get(4)?,
            };
            plays.insert(row.try_get(0)?, counts);
        }
        Ok(plays)
    }

    /// Counts the plays that events `from` to `to` of `source` tell of.
    /// `false` when another instance has counted them.
    pub(crate) async fn count_plays(
        &self,
        source: &str,
        from: i64,
        to: i64,
        plays: &[Play],
        now_ms: i64,
    ) -> Result<bool, StoreError> {
        let mut tx = self.database.begin_write().await?;
        // First, because it also decides who counts: whoever comes later waits here and then finds the cursor moved.
        if !outbox::advance(&mut tx, source, from, to).await? {
            return Ok(false);
        }
        for (title_id, tally) in tally(plays, now_ms) {
            add(&mut tx, title_id, &tally).await?;
        }
        add_plays(&mut tx, plays, now_ms).await?;
        if !plays.is_empty() {
            changed(&mut tx, "plays").await?;
        }
        tx.commit().await?;
        Ok(true)
    }

    /// Forgets the daily counts of long ago.
    pub(crate) async fn forget_old_days(&self, now_ms: i64) -> Result<(), StoreError> {
        let mut tx = self.database.begin_write().await?;
        sqlx::query("DELETE FROM plays_by_day WHERE day < $1")
            .bind(now_ms.div_euclid(DAY_MS) - KEEP_DAYS)
            .execute(&mut *tx)
            .await?;
        tx.commit().await
    }
}

async fn add(tx: &mut WriteTransaction, title_id: &str, tally: &Tally) -> Result<(), StoreError> {
    let known = sqlx::query("SELECT weight, weight_at_ms FROM plays WHERE title_id = $1")
        .bind(title_id)
        .fetch_optional(&mut **tx)
        .await?;
    let known = match known {
        Some(row) => Weight { amount: row.try_get(0)?, at_ms: row.try_get(1)? },
        None => Weight::default(),
    };
    let weight = known.plus(tally.weight);
    sqlx::query(
        "INSERT INTO plays (title_id, weight, weight_at_ms, people) VALUES ($1, $2, $3, $4)
         ON CONFLICT (title_id) DO UPDATE SET weight = excluded.weight, weight_at_ms = excluded.weight_at_ms,
             people = plays.people + excluded.people",
    )
    .bind(title_id)
    .bind(weight.amount)
    .bind(weight.at_ms)
    .bind(tally.people)
    .execute(&mut **tx)
    .await?;
    for (day, (people, synthetic)) in &tally.by_day {
        sqlx::query(
            "INSERT INTO plays_by_day (title_id, day, people, synthetic) VALUES ($1, $2, $3, $4)
             ON CONFLICT (title_id, day) DO UPDATE SET people = plays_by_day.people + excluded.people,
                 synthetic = plays_by_day.synthetic + excluded.synthetic",
        )
        .bind(title_id)
        .bind(*day)
        .bind(*people)
        .bind(*synthetic)
        .execute(&mut **tx)
        .await?;
    }
    Ok(())
}
