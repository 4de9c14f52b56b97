//! Login sessions.

use bijou_store::StoreError;
use sqlx::Row;
use sqlx::any::AnyRow;

use super::Store;

/// Sessions listed; more than anybody's devices.
const LISTED_MAX: i64 = 100;

#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Session {
    pub(crate) id: String,
    pub(crate) account_id: String,
    pub(crate) device_name: Option<String>,
    pub(crate) created_ms: i64,
    pub(crate) last_seen_ms: i64,
    pub(crate) expires_ms: i64,
}

impl Store {
    /// Begins a session with its first refresh token.
    pub(crate) async fn add_session(&self, session: &Session, token_hash: &str) -> Result<(), StoreError> {
        let mut tx = self.database.begin_write().await?;
        sqlx::query(
            "INSERT INTO sessions (id, account_id, device_name, created_ms, last_seen_ms, expires_ms)
             VALUES ($1, $2, $3, $4, $5, $6)",
        )
        .bind(session.id.as_str())
        .bind(session.account_id.as_str())
        .bind(session.device_name.as_deref())
        .bind(session.created_ms)
        .bind(session.last_seen_ms)
        .bind(session.expires_ms)
        .execute(&mut *tx)
        .await?;
        sqlx::query("INSERT INTO refresh_tokens (hash, session_id, created_ms) VALUES ($1, $2, $3)")
            .bind(token_hash)
            .bind(session.id.as_str())
            .bind(session.created_ms)
            .execute(&mut *tx)
            .await?;
        tx.commit().await
    }

    /// The sessions of an account that go on, most recently used first.
    pub(crate) async fn sessions(&self, account_id: &str, now_ms: i64) -> Result<Vec<Session>, StoreError> {
        let rows = sqlx::query(
            "SELECT id, account_id, device_name, created_ms, last_seen_ms, expires_ms FROM sessions
             WHERE account_id = $1 AND revoked_ms IS NULL AND expires_ms > $2
             ORDER BY last_seen_ms DESC, id LIMIT $3",
        )
        .bind(account_id)
        .bind(now_ms)
        .bind(LISTED_MAX)
        .fetch_all(self.database.pool())
        .await
        .map_err(|error| self.explain(error))?;
        rows.iter().map(session).collect()
    }

    /// Ends a session of this account. `false` when it has none of that id that goes on.
    pub(crate) async fn revoke_session(&self, id: &str, account_id: &str, now_ms: i64) -> Result<bool, StoreError> {
        let mut tx = self.database.begin_write().await?;
        let revoked = sqlx::query(
            "UPDATE sessions SET revoked_ms = $3
             WHERE id = $1 AND account_id = $2 AND revoked_ms IS NULL AND expires_ms > $3",
        )
        .bind(id)
        .bind(account_id)
        .bind(now_ms)
        .execute(&mut *tx)
        .await?;
        tx.commit().await?;
        Ok(revoked.rows_affected() == 1)
    }

    /// Forgets sessions that were over before `ms`, with their tokens.
    pub(crate) async fn remove_sessions_over_before(&self, ms: i64) -> Result<u64, StoreError> {
        let mut tx = self.database.begin_write().await?;
        let removed = sqlx::query("DELETE FROM sessions WHERE expires_ms < $1 OR revoked_ms < $1")
            .bind(ms)
            .execute(&mut *tx)
            .await?;
        // Tokens used long ago only tell reuse from nonsense, and a session may live for months of ten minutes each.
        sqlx::query("DELETE FROM refresh_tokens WHERE used_ms < $1").bind(ms).execute(&mut *tx).await?;
        tx.commit().await?;
        Ok(removed.rows_affected())
    }
}

fn session(row: &AnyRow) -> Result<Session, StoreError> {
    Ok(Session {
        id: row.try_get(0)?,
        account_id: row.try_get(1)?,
        device_name: row.try_get(2)?,
        created_ms: row.try_get(3)?,
        last_seen_ms: row.try_get(4)?,
        expires_ms: row.try_get(5)?,
    })
}
