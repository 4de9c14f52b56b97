//! Encode jobs, shared by all instances through leases.
//!
//! A job is run by whoever holds its lease; the lease is renewed while the encode runs, so that a killed instance's job
//! becomes free again by itself.

use bijou_store::{StoreError, WriteTransaction};
use sqlx::Row;
use sqlx::any::AnyRow;

use super::Store;

/// How often a job is tried that keeps losing its process.
const ATTEMPTS_MAX: i64 = 5;

/// A job to be queued, or to be run at once by its creator.
#[derive(Debug, Clone)]
pub struct NewJob {
    pub id: String,
    pub playable_id: String,
    /// JSON.
    pub work: String,
    /// Smaller goes first.
    pub priority: i64,
}

/// Who runs a job, and until when without a word.
#[derive(Debug, Clone, Copy)]
pub struct Claim<'a> {
    pub owner: &'a str,
    pub now_ms: i64,
    pub lease_ms: i64,
}

/// A job that was claimed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Job {
    pub id: String,
    pub work: String,
    pub priority: i64,
    /// From 1.
    pub attempt: i64,
}

/// Where a job stands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum JobState {
    Queued,
    /// In thousandths.
    Running(i64),
    Failed(String),
}

impl Store {
    /// Queues jobs once in the life of this store. `false`: that has been done under this name.
    pub async fn queue_once(&self, milestone: &str, jobs: &[NewJob], now_ms: i64) -> Result<bool, StoreError> {
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
        for job in jobs {
            insert(&mut tx, job, Claim { owner: "", now_ms, lease_ms: -now_ms }).await?;
        }
        tx.commit().await?;
        Ok(true)
    }

    /// Creates a job that its creator runs itself.
    pub async fn begin_job(&self, job: &NewJob, claim: Claim<'_>) -> Result<(), StoreError> {
        let mut tx = self.database.begin_write().await?;
        insert(&mut tx, job, claim).await?;
        tx.commit().await
    }

    /// Takes the next job that is queued or whose runner has gone silent.
    pub async fn claim_job(&self, claim: Claim<'_>) -> Result<Option<Job>, StoreError> {
        loop {
            let claimed = self.try_claim_job(claim).await?;
            // On PostgreSQL nothing may mean: lost to somebody. Each loss is a job taken, so this ends.
            if claimed.is_some() || self.count_claimable_jobs(claim.now_ms).await? == 0 {
                return Ok(claimed);
            }
        }
    }

    async fn try_claim_job(&self, claim: Claim<'_>) -> Result<Option<Job>, StoreError> {
        let mut tx = self.database.begin_write().await?;
        // The condition is repeated outside: on PostgreSQL two claimers may find the same job, and the second, once the
        // first has committed, looks at the row again by the outer condition alone.
        let row = sqlx::query(
            "UPDATE jobs SET state = 'running', owner = $1, lease_until_ms = $2, attempts = attempts + 1, updated_ms = $3
             WHERE id = (SELECT id FROM jobs
                         WHERE attempts < $4 AND state IN ('queued', 'running') AND lease_until_ms < $3
                         ORDER BY priority, created_ms, id LIMIT 1)
               AND state IN ('queued', 'running') AND lease_until_ms < $3
             RETURNING id, work, priority, attempts",
        )
        .bind(claim.owner)
        .bind(claim.now_ms + claim.lease_ms)
        .bind(claim.now_ms)
        .bind(ATTEMPTS_MAX)
        .fetch_optional(&mut *tx)
        .await?;
        let job = row.as_ref().map(read).transpose()?;
        tx.commit().await?;
        Ok(job)
    }

    /// Keeps a job and notes how far it is. `false`: it is somebody else's now.
    pub async fn renew_job(&self, id: &str, claim: Claim<'_>, progress: i64) -> Result<bool, StoreError> {
        let mut tx = self.database.begin_write().await?;
        let done = sqlx::query(
            "UPDATE jobs SET lease_until_ms = $1, progress = $2, updated_ms = $3 WHERE id = $4 AND owner = $5 AND state = 'running'",
        )
        .bind(claim.now_ms + claim.lease_ms)
        .bind(progress)
        .bind(claim.now_ms)
        .bind(id)
        .bind(claim.owner)
        .execute(&mut *tx)
        .await?;
        tx.commit().await?;
        Ok(done.rows_affected() == 1)
    }

    /// Gives a job back to be tried again, not before `not_before_ms`.
    pub async fn retry_job(
        &self,
        id: &str,
        owner: &str,
        error: &str,
        not_before_ms: i64,
        now_ms: i64,
    ) -> Result<(), StoreError> {
        let mut tx = self.database.begin_write().await?;
        sqlx::query(
            "UPDATE jobs SET state = 'queued', owner = '', lease_until_ms = $1, error = $2, updated_ms = $3
             WHERE id = $4 AND owner = $5 AND state = 'running'",
        )
        .bind(not_before_ms)
        .bind(error)
        .bind(now_ms)
        .bind(id)
        .bind(owner)
        .execute(&mut *tx)
        .await?;
        tx.commit().await
    }

    /// Fails jobs that have lost their process or failed too often; how many.
    pub async fn give_up_jobs(&self, now_ms: i64) -> Result<u64, StoreError> {
        let mut tx = self.database.begin_write().await?;
        let done = sqlx::query(
            "UPDATE jobs SET state = 'failed', error = CASE WHEN error = '' THEN 'its process died each time' ELSE error END, updated_ms = $1
             WHERE attempts >= $2 AND state IN ('queued', 'running') AND lease_until_ms < $1",
        )
        .bind(now_ms)
        .bind(ATTEMPTS_MAX)
        .execute(&mut *tx)
        .await?;
        tx.commit().await?;
        Ok(done.rows_affected())
    }

    /// Gives a job back unfinished: this process is stopping.
    pub async fn release_job(&self, id: &str, owner: &str, now_ms: i64) -> Result<(), StoreError> {
        let mut tx = self.database.begin_write().await?;
        // Stopping is no attempt.
        sqlx::query(
            "UPDATE jobs SET state = 'queued', owner = '', lease_until_ms = 0, attempts = attempts - 1, updated_ms = $1
             WHERE id = $2 AND owner = $3 AND state = 'running'",
        )
        .bind(now_ms)
        .bind(id)
        .bind(owner)
        .execute(&mut *tx)
        .await?;
        tx.commit().await
    }

    /// Frees what an instance of the same name held before it was killed.
    pub async fn release_jobs_of(&self, owner: &str, now_ms: i64) -> Result<u64, StoreError> {
        let mut tx = self.database.begin_write().await?;
        let done = sqlx::query("UPDATE jobs SET state = 'queued', owner = '', lease_until_ms = 0, updated_ms = $1 WHERE owner = $2 AND state = 'running'")
            .bind(now_ms)
            .bind(owner)
            .execute(&mut *tx)
            .await?;
        tx.commit().await?;
        Ok(done.rows_affected())
    }

    /// Ends a job that cannot succeed.
    pub async fn fail_job(&self, id: &str, owner: &str, error: &str, now_ms: i64) -> Result<(), StoreError> {
        let mut tx = self.database.begin_write().await?;
        sqlx::query("UPDATE jobs SET state = 'failed', error = $1, updated_ms = $2 WHERE id = $3 AND owner = $4 AND state = 'running'")
            .bind(error)
            .bind(now_ms)
            .bind(id)
            .bind(owner)
            .execute(&mut *tx)
            .await?;
        tx.commit().await
    }

    /// How the newest job for a film or episode stands, if it is not done.
    pub async fn unfinished_job(&self, playable_id: &str) -> Result<Option<JobState>, StoreError> {
        let row = sqlx::query(
            "SELECT state, progress, error FROM jobs WHERE playable_id = $1 AND state <> 'done' ORDER BY created_ms DESC LIMIT 1",
        )
        .bind(playable_id)
        .fetch_optional(self.database.pool())
        .await
        .map_err(|error| self.database.explain(error))?;
        let Some(row) = row else {
            return Ok(None);
        };
        Ok(Some(match row.try_get::<String, _>("state")?.as_str() {
            "queued" => JobState::Queued,
            "running" => JobState::Running(row.try_get("progress")?),
            _ => JobState::Failed(row.try_get("error")?),
        }))
    }

    /// How many jobs could be claimed now.
    pub async fn count_claimable_jobs(&self, now_ms: i64) -> Result<i64, StoreError> {
        let row = sqlx::query(
            "SELECT CAST(count(*) AS BIGINT) FROM jobs WHERE attempts < $1 AND state IN ('queued', 'running') AND lease_until_ms < $2",
        )
        .bind(ATTEMPTS_MAX)
        .bind(now_ms)
        .fetch_one(self.database.pool())
        .await
        .map_err(|error| self.database.explain(error))?;
        Ok(row.try_get(0)?)
    }

    /// How many jobs wait or run.
    pub async fn count_open_jobs(&self) -> Result<i64, StoreError> {
        let row = sqlx::query("SELECT CAST(count(*) AS BIGINT) FROM jobs WHERE state IN ('queued', 'running')")
            .fetch_one(self.database.pool())
            .await
            .map_err(|error| self.database.explain(error))?;
        Ok(row.try_get(0)?)
    }
}

/// Without an owner the job is queued, with one it is running.
async fn insert(tx: &mut WriteTransaction, job: &NewJob, claim: Claim<'_>) -> Result<(), StoreError> {
    let is_running = !claim.owner.is_empty();
    sqlx::query(
        "INSERT INTO jobs (id, playable_id, work, priority, state, owner, lease_until_ms, attempts, progress, error, created_ms, updated_ms)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, 0, '', $9, $9)",
    )
    .bind(&job.id)
    .bind(&job.playable_id)
    .bind(&job.work)
    .bind(job.priority)
    .bind(if is_running { "running" } else { "queued" })
    .bind(claim.owner)
    .bind(claim.now_ms + claim.lease_ms)
    .bind(i64::from(is_running))
    .bind(claim.now_ms)
    .execute(&mut **tx)
    .await?;
    Ok(())
}

fn read(row: &AnyRow) -> Result<Job, sqlx::Error> {
    Ok(Job {
        id: row.try_get("id")?,
        work: row.try_get("work")?,
        priority: row.try_get("priority")?,
        attempt: row.try_get("attempts")?,
    })
}
