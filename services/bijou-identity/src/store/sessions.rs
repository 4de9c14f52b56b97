//! Login sessions.

use bijou_store::{StoreError, WriteTransaction};
use sqlx::Row;
use sqlx::any::AnyRow;

use super::Store;
use crate::domain::rights::{Profile, Rights};

/// Sessions listed; more than anybody's devices.
const LISTED_MAX: i64 = 100;

#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Session {
    pub(crate) id: String,
    pub(crate) account_id: String,
    pub(crate) device_name: Option<String>,
    /// The app: `bijou-app`, `bijou-tv`.
    pub(crate) client_id: String,
    /// What its tokens may ask for, separated by spaces.
    pub(crate) scopes: String,
    /// Whose it is, and what was last known of what they may see.
    pub(crate) rights: Rights,
    pub(crate) created_ms: i64,
    pub(crate) last_seen_ms: i64,
    pub(crate) expires_ms: i64,
}

impl Store {
    /// Begins a session with its first refresh token.
    pub(crate) async fn add_session(&self, session: &Session, token_hash: &str) -> Result<(), StoreError> {
        let mut tx = self.database.begin_write().await?;
        insert(&mut tx, session, token_hash).await?;
        tx.commit().await
    }

    /// The sessions of an account that go on, most recently used first.
    pub(crate) async fn sessions(&self, account_id: &str, now_ms: i64) -> Result<Vec<Session>, StoreError> {
        let rows = sqlx::query(
            "SELECT s.id, s.account_id, s.device_name, s.client_id, s.scopes, s.profile_id, s.profile_name, s.kids,
                    s.maturity, s.created_ms, s.last_seen_ms, s.expires_ms
             FROM sessions s WHERE s.account_id = $1 AND s.revoked_ms IS NULL AND s.expires_ms > $2
             ORDER BY s.last_seen_ms DESC, s.id LIMIT $3",
        )
        .bind(account_id)
        .bind(now_ms)
        .bind(LISTED_MAX)
        .fetch_all(self.database.pool())
        .await
        .map_err(|error| self.explain(error))?;
        rows.iter().map(session).collect()
    }

    /// A session of this account that goes on.
    pub(crate) async fn session(&self, id: &str, account_id: &str, now_ms: i64) -> Result<Option<Session>, StoreError> {
        let row = sqlx::query(
            "SELECT s.id, s.account_id, s.device_name, s.client_id, s.scopes, s.profile_id, s.profile_name, s.kids,
                    s.maturity, s.created_ms, s.last_seen_ms, s.expires_ms
             FROM sessions s WHERE s.id = $1 AND s.account_id = $2 AND s.revoked_ms IS NULL AND s.expires_ms > $3",
        )
        .bind(id)
        .bind(account_id)
        .bind(now_ms)
        .fetch_optional(self.database.pool())
        .await
        .map_err(|error| self.explain(error))?;
        row.as_ref().map(session).transpose()
    }

    /// Remembers what profiles said of a session that is `from`'s until now. `false` when it is somebody else's by now
    /// (neither `from`'s nor already the one in `rights`), or over, or the profile is deleted: then nothing was written.
    pub(crate) async fn set_rights(
        &self,
        session_id: &str,
        from: Option<&str>,
        rights: &Rights,
        now_ms: i64,
    ) -> Result<bool, StoreError> {
        let profile_id = rights.profile_id();
        let mut tx = self.database.begin_write().await?;
        let written = sqlx::query(
            "UPDATE sessions SET profile_id = $2, profile_name = $3, kids = $4, maturity = $5
             WHERE id = $1 AND coalesce(profile_id, '') IN ($6, $7) AND revoked_ms IS NULL AND expires_ms > $8
                 AND NOT EXISTS (SELECT 1 FROM erasures WHERE erasures.profile_id = $7)",
        )
        .bind(session_id)
        .bind(profile_id)
        .bind(rights.profile.as_ref().and_then(|profile| profile.name.as_deref()))
        .bind(i64::from(rights.kids))
        .bind(rights.maturity.map(i64::from))
        .bind(from.unwrap_or_default())
        .bind(profile_id.unwrap_or_default())
        .bind(now_ms)
        .execute(&mut *tx)
        .await?;
        tx.commit().await?;
        Ok(written.rows_affected() == 1)
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

/// Begins a session within a transaction that has more to do.
pub(super) async fn insert(tx: &mut WriteTransaction, session: &Session, token_hash: &str) -> Result<(), StoreError> {
    let rights = &session.rights;
    sqlx::query(
        "INSERT INTO sessions (id, account_id, device_name, client_id, scopes, profile_id, profile_name, kids, maturity,
                               created_ms, last_seen_ms, expires_ms)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)",
    )
    .bind(session.id.as_str())
    .bind(session.account_id.as_str())
    .bind(session.device_name.as_deref())
    .bind(session.client_id.as_str())
    .bind(session.scopes.as_str())
    .bind(rights.profile_id())
    .bind(rights.profile.as_ref().and_then(|profile| profile.name.as_deref()))
    .bind(i64::from(rights.kids))
    .bind(rights.maturity.map(i64::from))
    .bind(session.created_ms)
    .bind(session.last_seen_ms)
    .bind(session.expires_ms)
    .execute(&mut **tx)
    .await?;
    sqlx::query("INSERT INTO refresh_tokens (hash, session_id, created_ms) VALUES ($1, $2, $3)")
        .bind(token_hash)
        .bind(session.id.as_str())
        .bind(session.created_ms)
        .execute(&mut **tx)
        .await?;
    sqlx::query("UPDATE accounts SET signed_in_ms = $2 WHERE id = $1")
        .bind(session.account_id.as_str())
        .bind(session.created_ms)
        .execute(&mut **tx)
        .await?;
    Ok(())
}

/// Reads the columns from `id` to `expires_ms` in the order of the queries here.
pub(super) fn session(row: &AnyRow) -> Result<Session, StoreError> {
    let profile_id: Option<String> = row.try_get(5)?;
    let name: Option<String> = row.try_get(6)?;
    let maturity: Option<i64> = row.try_get(8)?;
    Ok(Session {
        id: row.try_get(0)?,
        account_id: row.try_get(1)?,
        device_name: row.try_get(2)?,
        client_id: row.try_get(3)?,
        scopes: row.try_get(4)?,
        rights: Rights {
            profile: profile_id.map(|id| Profile { id, name }),
            kids: row.try_get::<i64, _>(7)? != 0,
            // Ages are written from a byte; one that is none would be somebody else's doing, and is the lowest.
            maturity: maturity.map(|age| u8::try_from(age).unwrap_or(0)),
        },
        created_ms: row.try_get(9)?,
        last_seen_ms: row.try_get(10)?,
        expires_ms: row.try_get(11)?,
    })
}
