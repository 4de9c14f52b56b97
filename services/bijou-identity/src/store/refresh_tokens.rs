//! Refresh tokens: each presentation is one transaction, and the rules are `domain::refresh`'s.

use bijou_store::{StoreError, WriteTransaction};
use sqlx::Row;

use super::Store;
use super::accounts::{Account, account_at};
use super::sessions::{Session, session};
use crate::domain::refresh::{Policy, Presented, SessionTimes, Verdict, expires_ms, judge};

/// What came of presenting a token.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Presentation {
    /// Never given out, or forgotten.
    Unknown,
    /// The session goes on with the new token.
    Granted(Box<Granted>),
    /// The session is over.
    Over(Box<Session>),
    /// It was presented before: the session ended just now.
    Reused(Box<Session>),
}

/// Whose session goes on.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Granted {
    pub(crate) session: Session,
    pub(crate) account: Account,
    /// The token had been used a moment ago.
    pub(crate) is_repeat: bool,
}

/// The session that a token ended.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Revoked {
    pub(crate) session_id: String,
    pub(crate) account_id: String,
}

struct Token {
    session_id: String,
    parent: Option<String>,
    used_ms: Option<i64>,
}

impl Store {
    /// Presents the token of hash `hash`; if it is good, the one of hash `next` follows it.
    pub(crate) async fn present(
        &self,
        hash: &str,
        next: &str,
        now_ms: i64,
        policy: &Policy,
    ) -> Result<Presentation, StoreError> {
        let mut tx = self.database.begin_write().await?;
        let Some(token) = take(&mut tx, hash, now_ms).await? else {
            return Ok(Presentation::Unknown);
        };
        let row = sqlx::query(
            "SELECT s.id, s.account_id, s.device_name, s.client_id, s.scopes, s.profile_id, s.profile_name, s.kids,
                    s.maturity, s.created_ms, s.last_seen_ms, s.expires_ms,
                    a.id, a.email, a.name, a.scopes, a.created_ms, a.signed_in_ms,
                    s.revoked_ms, (SELECT count(*) FROM refresh_tokens WHERE parent = $2)
             FROM sessions s JOIN accounts a ON a.id = s.account_id WHERE s.id = $1",
        )
        .bind(token.session_id.as_str())
        .bind(hash)
        .fetch_one(&mut *tx)
        .await?;
        let session = session(&row)?;
        let times =
            SessionTimes { expires_ms: session.expires_ms, is_revoked: row.try_get::<Option<i64>, _>(18)?.is_some() };
        let presented = Presented { used_ms: token.used_ms, successors: row.try_get(19)? };
        let verdict = judge(presented, times, now_ms, policy);
        let presentation = match verdict {
            Verdict::Rotate | Verdict::Repeat => {
                let expires_ms = expires_ms(session.created_ms, now_ms, policy);
                follow(&mut tx, &token, hash, next, now_ms, expires_ms, verdict == Verdict::Rotate).await?;
                Presentation::Granted(Box::new(Granted {
                    session: Session { expires_ms, last_seen_ms: now_ms, ..session },
                    account: account_at(&row, 12)?,
                    is_repeat: verdict == Verdict::Repeat,
                }))
            }
            Verdict::SessionOver => Presentation::Over(Box::new(session)),
            Verdict::Reuse => {
                revoke(&mut tx, &token.session_id, now_ms).await?;
                Presentation::Reused(Box::new(session))
            }
        };
        tx.commit().await?;
        Ok(presentation)
    }

    /// Ends the session a token belongs to, whatever became of the token. Unknown ones are ignored (RFC 7009, 2.2), and
    /// give `None`, as do those whose session is ended already.
    pub(crate) async fn revoke_by_token(&self, hash: &str, now_ms: i64) -> Result<Option<Revoked>, StoreError> {
        let mut tx = self.database.begin_write().await?;
        let row = sqlx::query(
            "UPDATE sessions SET revoked_ms = $2
             WHERE revoked_ms IS NULL AND id = (SELECT session_id FROM refresh_tokens WHERE hash = $1)
             RETURNING id, account_id",
        )
        .bind(hash)
        .bind(now_ms)
        .fetch_optional(&mut *tx)
        .await?;
        tx.commit().await?;
        row.map(|row| Ok(Revoked { session_id: row.try_get(0)?, account_id: row.try_get(1)? })).transpose()
    }
}

/// Marks the token as used if it was not, so that of two who present it at once only one sees it unused.
async fn take(tx: &mut WriteTransaction, hash: &str, now_ms: i64) -> Result<Option<Token>, StoreError> {
    let first = sqlx::query(
        "UPDATE refresh_tokens SET used_ms = $2 WHERE hash = $1 AND used_ms IS NULL RETURNING session_id, parent",
    )
    .bind(hash)
    .bind(now_ms)
    .fetch_optional(&mut **tx)
    .await?;
    if let Some(row) = first {
        return Ok(Some(Token { session_id: row.try_get(0)?, parent: row.try_get(1)?, used_ms: None }));
    }
    let again = sqlx::query("SELECT session_id, parent, used_ms FROM refresh_tokens WHERE hash = $1")
        .bind(hash)
        .fetch_optional(&mut **tx)
        .await?;
    again
        .map(|row| Ok(Token { session_id: row.try_get(0)?, parent: row.try_get(1)?, used_ms: row.try_get(2)? }))
        .transpose()
}

async fn follow(
    tx: &mut WriteTransaction,
    token: &Token,
    hash: &str,
    next: &str,
    now_ms: i64,
    expires_ms: i64,
    retire_siblings: bool,
) -> Result<(), StoreError> {
    if retire_siblings && let Some(parent) = &token.parent {
        sqlx::query("UPDATE refresh_tokens SET used_ms = $2 WHERE parent = $1 AND used_ms IS NULL")
            .bind(parent.as_str())
            .bind(now_ms)
            .execute(&mut **tx)
            .await?;
    }
    sqlx::query("INSERT INTO refresh_tokens (hash, session_id, parent, created_ms) VALUES ($1, $2, $3, $4)")
        .bind(next)
        .bind(token.session_id.as_str())
        .bind(hash)
        .bind(now_ms)
        .execute(&mut **tx)
        .await?;
    sqlx::query("UPDATE sessions SET last_seen_ms = $2, expires_ms = $3 WHERE id = $1")
        .bind(token.session_id.as_str())
        .bind(now_ms)
        .bind(expires_ms)
        .execute(&mut **tx)
        .await?;
    Ok(())
}

async fn revoke(tx: &mut WriteTransaction, session_id: &str, now_ms: i64) -> Result<(), StoreError> {
    sqlx::query("UPDATE sessions SET revoked_ms = $2 WHERE id = $1 AND revoked_ms IS NULL")
        .bind(session_id)
        .bind(now_ms)
        .execute(&mut **tx)
        .await?;
    Ok(())
}
