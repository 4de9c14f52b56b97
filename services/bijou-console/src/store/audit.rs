//! The audit's rows: added at the end, read newest first, walked from the beginning.

use bijou_store::StoreError;
use sqlx::Row as _;
use sqlx::any::AnyRow;

use super::Store;
use crate::domain::chain::{Entry, GENESIS, Link, seal};

/// Tries to be the next when another console on the same PostgreSQL was faster. SQLite has one writer.
const TRIES: usize = 5;

const COLUMNS: &str = "seq, at_ms, actor, action, target, before_json, after_json, reason, previous, hash";

/// An entry as it stands in the table.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Written {
    pub entry: Entry,
    pub link: Link,
}

/// Which entries to read.
#[derive(Debug, Clone, Default)]
pub struct Wanted {
    pub actor: Option<String>,
    pub action: Option<String>,
    /// Part of the target.
    pub target: Option<String>,
    /// Not older than this.
    pub since_ms: Option<i64>,
    /// Only those written before this one.
    pub before: Option<i64>,
    pub limit: i64,
}

impl Store {
    /// Adds an entry behind the last one.
    pub async fn append_audit(&self, entry: &Entry) -> Result<Link, StoreError> {
        let mut tries = 0;
        loop {
            tries += 1;
            match self.try_append_audit(entry).await {
                Err(error) if error.is_unique_violation() && tries < TRIES => {}
                result => return result,
            }
        }
    }

    async fn try_append_audit(&self, entry: &Entry) -> Result<Link, StoreError> {
        let mut tx = self.database.begin_write().await?;
        let last = sqlx::query("SELECT seq, hash FROM audit ORDER BY seq DESC LIMIT 1")
            .fetch_optional(&mut *tx)
            .await
            .map_err(|error| self.explain(error))?;
        let (seq, previous) = match last {
            Some(row) => (row.try_get::<i64, _>(0)? + 1, row.try_get(1)?),
            None => (1, GENESIS.to_owned()),
        };
        let link = seal(entry, seq, previous);
        sqlx::query(
            "INSERT INTO audit (seq, at_ms, actor, action, target, before_json, after_json, reason, previous, hash)
             VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)",
        )
        .bind(link.seq)
        .bind(entry.at_ms)
        .bind(entry.actor.as_str())
        .bind(entry.action.as_str())
        .bind(entry.target.as_str())
        .bind(entry.before.as_deref())
        .bind(entry.after.as_deref())
        .bind(entry.reason.as_deref())
        .bind(link.previous.as_str())
        .bind(link.hash.as_str())
        .execute(&mut *tx)
        .await
        .map_err(|error| self.explain(error))?;
        tx.commit().await?;
        Ok(link)
    }

    /// The newest entries that are wanted, newest first.
    pub async fn audit(&self, wanted: &Wanted) -> Result<Vec<Written>, StoreError> {
        // One text for every combination: an absent filter lets everything through.
        let sql = format!(
            "SELECT {COLUMNS} FROM audit
             WHERE (CAST($1 AS TEXT) IS NULL OR actor = $1) AND (CAST($2 AS TEXT) IS NULL OR action = $2)
               AND (CAST($3 AS TEXT) IS NULL OR target LIKE $3 ESCAPE '!')
               AND at_ms >= $4 AND seq < $5
             ORDER BY seq DESC LIMIT $6"
        );
        let rows = sqlx::query(sqlx::AssertSqlSafe(sql))
            .bind(wanted.actor.as_deref())
            .bind(wanted.action.as_deref())
            .bind(wanted.target.as_deref().map(contains))
            .bind(wanted.since_ms.unwrap_or(0))
            .bind(wanted.before.unwrap_or(i64::MAX))
            .bind(wanted.limit)
            .fetch_all(self.database.pool())
            .await
            .map_err(|error| self.explain(error))?;
        rows.iter().map(written).collect()
    }

    /// Entries behind `seq`, in the order they were written.
    pub async fn audit_behind(&self, seq: i64, limit: i64) -> Result<Vec<Written>, StoreError> {
        let sql = format!("SELECT {COLUMNS} FROM audit WHERE seq > $1 ORDER BY seq LIMIT $2");
        let rows = sqlx::query(sqlx::AssertSqlSafe(sql))
            .bind(seq)
            .bind(limit)
            .fetch_all(self.database.pool())
            .await
            .map_err(|error| self.explain(error))?;
        rows.iter().map(written).collect()
    }
}

/// A pattern for `LIKE ... ESCAPE '!'` that finds the text as it stands.
fn contains(text: &str) -> String {
    let escaped = text.replace('!', "!!").replace('%', "!%").replace('_', "!_");
    format!("%{escaped}%")
}

fn written(row: &AnyRow) -> Result<Written, StoreError> {
    Ok(Written {
        entry: Entry {
            at_ms: row.try_get(1)?,
            actor: row.try_get(2)?,
            action: row.try_get(3)?,
            target: row.try_get(4)?,
            before: row.try_get(5)?,
            after: row.try_get(6)?,
            reason: row.try_get(7)?,
        },
        link: Link { seq: row.try_get(0)?, previous: row.try_get(8)?, hash: row.try_get(9)? },
    })
}
