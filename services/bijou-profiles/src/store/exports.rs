//! Exports as jobs: queued, worked on under a lease, ready or failed, and forgotten after a while.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use bijou_store::StoreError;
use sqlx::Row;
use sqlx::any::AnyRow;

use super::Store;

/// How far an export is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum State {
    Queued,
    Running,
    Ready,
    Failed,
}

impl State {
    const ALL: [(Self, &'static str); 4] =
        [(Self::Queued, "queued"), (Self::Running, "running"), (Self::Ready, "ready"), (Self::Failed, "failed")];

    /// A word of a newer version is taken for a failure: nothing can be done with it here.
    fn of(word: &str) -> Self {
        Self::ALL.iter().find(|(_, known)| *known == word).map_or(Self::Failed, |(state, _)| *state)
    }
}

/// An export, without its archive.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Export {
    pub(crate) id: String,
    pub(crate) account_id: String,
    pub(crate) profile_id: String,
    pub(crate) begun_ms: i64,
    pub(crate) state: State,
    pub(crate) parts_done: i64,
    /// Roles that did not say what they keep; of a ready one.
    pub(crate) missing: Vec<String>,
}

const COLUMNS: &str = "id, account_id, profile_id, begun_ms, state, parts_done, missing";

impl Store {
    /// Begins an export, unless one is being made: then that one.
    pub(crate) async fn begin_export(&self, account: &str, profile: &str, now_ms: i64) -> Result<Export, StoreError> {
        let mut tx = self.database.begin_write().await?;
        // Begins with a write, and keeps two of these apart.
        sqlx::query("UPDATE profiles SET created_ms = created_ms WHERE id = $1")
            .bind(profile)
            .execute(&mut *tx)
            .await?;
        let sql = format!("SELECT {COLUMNS} FROM exports WHERE profile_id = $1 AND state IN ('queued', 'running')");
        let row = sqlx::query(sqlx::AssertSqlSafe(sql)).bind(profile).fetch_optional(&mut *tx).await?;
        if let Some(row) = row {
            tx.rollback().await?;
            return export(&row);
        }
        let export = Export {
            id: uuid::Uuid::now_v7().to_string(),
            account_id: account.to_owned(),
            profile_id: profile.to_owned(),
            begun_ms: now_ms,
            state: State::Queued,
            parts_done: 0,
            missing: Vec::new(),
        };
        sqlx::query(
            "INSERT INTO exports (id, account_id, profile_id, begun_ms, state, lease_until_ms, parts_done)
             VALUES ($1, $2, $3, $4, 'queued', 0, 0)",
        )
        .bind(export.id.as_str())
        .bind(account)
        .bind(profile)
        .bind(now_ms)
        .execute(&mut *tx)
        .await?;
        tx.commit().await?;
        Ok(export)
    }

    /// An export of this account's.
    pub(crate) async fn export(&self, account: &str, id: &str) -> Result<Option<Export>, StoreError> {
        let sql = format!("SELECT {COLUMNS} FROM exports WHERE id = $1 AND account_id = $2");
        let row = sqlx::query(sqlx::AssertSqlSafe(sql))
            .bind(id)
            .bind(account)
            .fetch_optional(self.database.pool())
            .await
            .map_err(|error| self.explain(error))?;
        row.as_ref().map(export).transpose()
    }

    /// The archive of a finished one.
    pub(crate) async fn archive(&self, id: &str) -> Result<Option<Vec<u8>>, StoreError> {
        let row = sqlx::query("SELECT archive FROM exports WHERE id = $1 AND state = 'ready'")
            .bind(id)
            .fetch_optional(self.database.pool())
            .await
            .map_err(|error| self.explain(error))?;
        let text: Option<String> = row.map(|row| row.try_get(0)).transpose()?.flatten();
        Ok(text.and_then(|text| STANDARD.decode(text).ok()))
    }

    /// The next one to work on, until `lease_until_ms`: one that waits, or one whose worker fell silent.
    pub(crate) async fn take_export(&self, lease_until_ms: i64, now_ms: i64) -> Result<Option<Export>, StoreError> {
        let mut tx = self.database.begin_write().await?;
        let sql = format!(
            "UPDATE exports SET state = 'running', lease_until_ms = $1, parts_done = 0
             WHERE id = (SELECT id FROM exports WHERE state = 'queued' OR (state = 'running' AND lease_until_ms < $2)
                         ORDER BY begun_ms LIMIT 1)
                 AND (state = 'queued' OR lease_until_ms < $2)
             RETURNING {COLUMNS}"
        );
        let row =
            sqlx::query(sqlx::AssertSqlSafe(sql)).bind(lease_until_ms).bind(now_ms).fetch_optional(&mut *tx).await?;
        tx.commit().await?;
        row.as_ref().map(export).transpose()
    }

    /// One more part is gathered; the worker has until `lease_until_ms` for the next one.
    pub(crate) async fn export_progress(
        &self,
        id: &str,
        parts_done: i64,
        lease_until_ms: i64,
    ) -> Result<(), StoreError> {
        let mut tx = self.database.begin_write().await?;
        sqlx::query("UPDATE exports SET parts_done = $2, lease_until_ms = $3 WHERE id = $1 AND state = 'running'")
            .bind(id)
            .bind(parts_done)
            .bind(lease_until_ms)
            .execute(&mut *tx)
            .await?;
        tx.commit().await
    }

    /// Ends one with its archive, in which the parts of these roles are missing.
    pub(crate) async fn finish_export(&self, id: &str, archive: &[u8], missing: &[String]) -> Result<(), StoreError> {
        let mut tx = self.database.begin_write().await?;
        sqlx::query(
            "UPDATE exports SET state = 'ready', archive = $2, missing = $3 WHERE id = $1 AND state = 'running'",
        )
        .bind(id)
        .bind(STANDARD.encode(archive))
        .bind(missing.join(" "))
        .execute(&mut *tx)
        .await?;
        tx.commit().await
    }

    /// Ends one without an archive.
    pub(crate) async fn fail_export(&self, id: &str) -> Result<(), StoreError> {
        let mut tx = self.database.begin_write().await?;
        sqlx::query("UPDATE exports SET state = 'failed' WHERE id = $1 AND state = 'running'")
            .bind(id)
            .execute(&mut *tx)
            .await?;
        tx.commit().await
    }

    /// Forgets exports begun before.
    pub(crate) async fn forget_exports_before(&self, before_ms: i64) -> Result<u64, StoreError> {
        let mut tx = self.database.begin_write().await?;
        let forgotten =
            sqlx::query("DELETE FROM exports WHERE begun_ms < $1").bind(before_ms).execute(&mut *tx).await?;
        tx.commit().await?;
        Ok(forgotten.rows_affected())
    }
}

fn export(row: &AnyRow) -> Result<Export, StoreError> {
    let (state, missing): (String, String) = (row.try_get(4)?, row.try_get(6)?);
    Ok(Export {
        id: row.try_get(0)?,
        account_id: row.try_get(1)?,
        profile_id: row.try_get(2)?,
        begun_ms: row.try_get(3)?,
        state: State::of(&state),
        parts_done: row.try_get(5)?,
        missing: missing.split_whitespace().map(str::to_owned).collect(),
    })
}
