//! Where somebody stopped, and with it the history: both are written from the same reports.

use bijou_store::{StoreError, WriteTransaction};
use sqlx::Row;
use sqlx::any::AnyRow;

use super::{Store, shelf_changed};
use crate::domain::reports::Report;

const COLUMNS: &str = "playable_id, title_id, episode_id, position_ms, duration_ms, at_ms, session, seq";

impl Store {
    /// Writes reports, each only where it is newer than what is known. Those of profiles that are gone are passed over,
    /// and those of viewing whose history was deleted.
    pub(crate) async fn write_reports(&self, reports: &[(String, Report)]) -> Result<(), StoreError> {
        if reports.is_empty() {
            return Ok(());
        }
        let mut tx = self.database.begin_write().await?;
        for (profile, report) in reports {
            let counts = sqlx::query(
                "UPDATE profiles SET shelf_version = shelf_version + 1 WHERE id = $1 AND history_since_ms < $2
                 AND NOT EXISTS (SELECT 1 FROM history_deleted WHERE profile_id = $1 AND session = $3
                                 AND playable_id = $4 AND at_ms >= $2)",
            )
            .bind(profile.as_str())
            .bind(report.at_ms)
            .bind(report.session.as_str())
            .bind(report.playable_id.as_str())
            .execute(&mut *tx)
            .await?;
            if counts.rows_affected() == 1 {
                write_position(&mut tx, profile, report).await?;
                write_history(&mut tx, profile, report).await?;
            }
        }
        tx.commit().await
    }

    /// The newest positions of a profile.
    pub(crate) async fn positions(&self, profile: &str, positions_max: i64) -> Result<Vec<Report>, StoreError> {
        let sql = format!("SELECT {COLUMNS} FROM positions WHERE profile_id = $1 ORDER BY at_ms DESC LIMIT $2");
        let rows = sqlx::query(sqlx::AssertSqlSafe(sql))
            .bind(profile)
            .bind(positions_max)
            .fetch_all(self.database.pool())
            .await
            .map_err(|error| self.explain(error))?;
        rows.iter().map(report).collect()
    }

    pub(crate) async fn position(&self, profile: &str, playable: &str) -> Result<Option<Report>, StoreError> {
        let sql = format!("SELECT {COLUMNS} FROM positions WHERE profile_id = $1 AND playable_id = $2");
        let row = sqlx::query(sqlx::AssertSqlSafe(sql))
            .bind(profile)
            .bind(playable)
            .fetch_optional(self.database.pool())
            .await
            .map_err(|error| self.explain(error))?;
        row.as_ref().map(report).transpose()
    }

    /// Hides a title from the row to go on with, until it is played again; one that was never played is not there.
    pub(crate) async fn hide(&self, profile: &str, title: &str, now_ms: i64) -> Result<(), StoreError> {
        let mut tx = self.database.begin_write().await?;
        shelf_changed(&mut tx, profile).await?;
        // A player whose clock is ahead has stopped later than now.
        sqlx::query(
            "INSERT INTO hidden (profile_id, title_id, at_ms)
             SELECT $1, $2, CASE WHEN max(at_ms) > $3 THEN max(at_ms) ELSE $3 END FROM positions
             WHERE profile_id = $1 AND title_id = $2 GROUP BY title_id
             ON CONFLICT (profile_id, title_id) DO UPDATE SET at_ms = excluded.at_ms",
        )
        .bind(profile)
        .bind(title)
        .bind(now_ms)
        .execute(&mut *tx)
        .await?;
        tx.commit().await
    }

    /// When each title was hidden.
    pub(crate) async fn hidden(&self, profile: &str) -> Result<Vec<(String, i64)>, StoreError> {
        let rows = sqlx::query("SELECT title_id, at_ms FROM hidden WHERE profile_id = $1")
            .bind(profile)
            .fetch_all(self.database.pool())
            .await
            .map_err(|error| self.explain(error))?;
        rows.iter().map(|row| Ok((row.try_get(0)?, row.try_get(1)?))).collect()
    }

    /// What comes after an episode, if anything, and when the catalog said so.
    pub(crate) async fn next_episode(&self, episode: &str) -> Result<Option<(Option<String>, i64)>, StoreError> {
        let row = sqlx::query("SELECT next_id, asked_ms FROM next_episodes WHERE episode_id = $1")
            .bind(episode)
            .fetch_optional(self.database.pool())
            .await
            .map_err(|error| self.explain(error))?;
        Ok(row.map(|row| Ok::<_, sqlx::Error>((row.try_get(0)?, row.try_get(1)?))).transpose()?)
    }

    pub(crate) async fn set_next_episode(
        &self,
        episode: &str,
        next: Option<&str>,
        now_ms: i64,
    ) -> Result<(), StoreError> {
        let mut tx = self.database.begin_write().await?;
        sqlx::query(
            "INSERT INTO next_episodes (episode_id, next_id, asked_ms) VALUES ($1, $2, $3)
             ON CONFLICT (episode_id) DO UPDATE SET next_id = excluded.next_id, asked_ms = excluded.asked_ms",
        )
        .bind(episode)
        .bind(next)
        .bind(now_ms)
        .execute(&mut *tx)
        .await?;
        tx.commit().await
    }
}

async fn write_position(tx: &mut WriteTransaction, profile: &str, report: &Report) -> Result<(), StoreError> {
    // The same rule as `Report::newest`.
    sqlx::query(
        "INSERT INTO positions
             (profile_id, playable_id, title_id, episode_id, position_ms, duration_ms, at_ms, session, seq)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)
         ON CONFLICT (profile_id, playable_id) DO UPDATE SET
             title_id = excluded.title_id, episode_id = excluded.episode_id, position_ms = excluded.position_ms,
             duration_ms = excluded.duration_ms, session = excluded.session, seq = excluded.seq,
             at_ms = CASE WHEN excluded.at_ms > positions.at_ms THEN excluded.at_ms ELSE positions.at_ms END
         WHERE CASE WHEN excluded.session = positions.session THEN excluded.seq > positions.seq
             ELSE excluded.at_ms > positions.at_ms
                 OR (excluded.at_ms = positions.at_ms AND excluded.seq > positions.seq)
                 OR (excluded.at_ms = positions.at_ms AND excluded.seq = positions.seq
                     AND excluded.session > positions.session) END",
    )
    .bind(profile)
    .bind(report.playable_id.as_str())
    .bind(report.title_id.as_str())
    .bind(report.episode_id.as_deref())
    .bind(report.position_ms)
    .bind(report.duration_ms)
    .bind(report.at_ms)
    .bind(report.session.as_str())
    .bind(report.seq)
    .execute(&mut **tx)
    .await?;
    Ok(())
}

/// An entry begins with the first report of its session and grows with later ones.
async fn write_history(tx: &mut WriteTransaction, profile: &str, report: &Report) -> Result<(), StoreError> {
    sqlx::query(
        "INSERT INTO history
             (id, profile_id, session, playable_id, title_id, episode_id, started_ms, last_ms, position_ms, duration_ms, seq)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $7, $8, $9, $10)
         ON CONFLICT (profile_id, session, playable_id) DO UPDATE SET
             started_ms = CASE WHEN excluded.started_ms < history.started_ms THEN excluded.started_ms ELSE history.started_ms END,
             last_ms = CASE WHEN excluded.last_ms > history.last_ms THEN excluded.last_ms ELSE history.last_ms END,
             position_ms = CASE WHEN excluded.seq > history.seq THEN excluded.position_ms ELSE history.position_ms END,
             duration_ms = CASE WHEN excluded.seq > history.seq THEN excluded.duration_ms ELSE history.duration_ms END,
             seq = CASE WHEN excluded.seq > history.seq THEN excluded.seq ELSE history.seq END",
    )
    .bind(uuid::Uuid::now_v7().to_string())
    .bind(profile)
    .bind(report.session.as_str())
    .bind(report.playable_id.as_str())
    .bind(report.title_id.as_str())
    .bind(report.episode_id.as_deref())
    .bind(report.at_ms)
    .bind(report.position_ms)
    .bind(report.duration_ms)
    .bind(report.seq)
    .execute(&mut **tx)
    .await?;
    Ok(())
}

fn report(row: &AnyRow) -> Result<Report, StoreError> {
    Ok(Report {
        playable_id: row.try_get(0)?,
        title_id: row.try_get(1)?,
        episode_id: row.try_get(2)?,
        position_ms: row.try_get(3)?,
        duration_ms: row.try_get(4)?,
        at_ms: row.try_get(5)?,
        session: row.try_get(6)?,
        seq: row.try_get(7)?,
    })
}
