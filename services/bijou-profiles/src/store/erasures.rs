//! Deleting a profile, here at once and elsewhere by and by: who has said that nothing is left.

use bijou_profiles_api::events::{ErasureEvent, PROFILE_DELETED};
use bijou_store::{StoreError, WriteTransaction};
use sqlx::Row;

use super::Store;
use super::profiles::append;

/// What hangs on a profile.
const TABLES: &[&str] =
    &["pin_tries", "positions", "history", "history_deleted", "hidden", "list_items", "thumbs", "exports"];

/// A profile on its way out.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Erasure {
    pub(crate) id: String,
    pub(crate) profile_id: String,
    pub(crate) begun_ms: i64,
    /// Applications that have to say that nothing is left.
    pub(crate) expected: Vec<String>,
    pub(crate) acknowledged: Vec<Acknowledgement>,
}

/// Nothing is left with this application.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Acknowledgement {
    pub(crate) service: String,
    pub(crate) removed: i64,
    pub(crate) at_ms: i64,
}

impl Store {
    /// Deletes a profile and everything about it here, `own` being this application, and tells everybody else to.
    /// `None` when it is gone already.
    pub(crate) async fn delete_profile(
        &self,
        account: &str,
        id: &str,
        own: &str,
        others: &[String],
        now_ms: i64,
    ) -> Result<Option<String>, StoreError> {
        let mut tx = self.database.begin_write().await?;
        // Holds the profile: nobody writes about it while its records are counted.
        let is_there =
            sqlx::query("UPDATE profiles SET shelf_version = shelf_version + 1 WHERE id = $1 AND account_id = $2")
                .bind(id)
                .bind(account)
                .execute(&mut *tx)
                .await?;
        if is_there.rows_affected() == 0 {
            tx.rollback().await?;
            return Ok(None);
        }
        let removed = remove(&mut tx, id).await?;
        let erasure = uuid::Uuid::now_v7().to_string();
        let expected = std::iter::once(own).chain(others.iter().map(String::as_str)).collect::<Vec<_>>().join(" ");
        sqlx::query(
            "INSERT INTO erasures (id, account_id, profile_id, begun_ms, expected) VALUES ($1, $2, $3, $4, $5)",
        )
        .bind(erasure.as_str())
        .bind(account)
        .bind(id)
        .bind(now_ms)
        .bind(expected)
        .execute(&mut *tx)
        .await?;
        acknowledge(&mut tx, &erasure, own, removed, now_ms).await?;
        let event =
            ErasureEvent { erasure_id: erasure.clone(), profile_id: id.to_owned(), account_id: account.to_owned() };
        append(&mut tx, PROFILE_DELETED, id, serde_json::to_value(event)?, now_ms).await?;
        tx.commit().await?;
        Ok(Some(erasure))
    }

    /// An erasure of this account's.
    pub(crate) async fn erasure(&self, account: &str, id: &str) -> Result<Option<Erasure>, StoreError> {
        let row = sqlx::query("SELECT profile_id, begun_ms, expected FROM erasures WHERE id = $1 AND account_id = $2")
            .bind(id)
            .bind(account)
            .fetch_optional(self.database.pool())
            .await
            .map_err(|error| self.explain(error))?;
        let Some(row) = row else { return Ok(None) };
        let rows = sqlx::query(
            "SELECT service, removed, at_ms FROM erasure_acknowledgements WHERE erasure_id = $1 ORDER BY at_ms, service",
        )
        .bind(id)
        .fetch_all(self.database.pool())
        .await
        .map_err(|error| self.explain(error))?;
        let mut acknowledged = Vec::with_capacity(rows.len());
        for row in &rows {
            acknowledged.push(Acknowledgement {
                service: row.try_get(0)?,
                removed: row.try_get(1)?,
                at_ms: row.try_get(2)?,
            });
        }
        let expected: String = row.try_get(2)?;
        Ok(Some(Erasure {
            id: id.to_owned(),
            profile_id: row.try_get(0)?,
            begun_ms: row.try_get(1)?,
            expected: expected.split(' ').map(str::to_owned).collect(),
            acknowledged,
        }))
    }

    /// Notes that nothing is left with a service; what it said first counts. `false` when there is no such erasure.
    pub(crate) async fn acknowledge_erasure(
        &self,
        id: &str,
        service: &str,
        removed: i64,
        now_ms: i64,
    ) -> Result<bool, StoreError> {
        let mut tx = self.database.begin_write().await?;
        // Begins with a write, and holds the erasure.
        let is_there = sqlx::query("UPDATE erasures SET begun_ms = begun_ms WHERE id = $1").bind(id).execute(&mut *tx);
        if is_there.await?.rows_affected() == 0 {
            tx.rollback().await?;
            return Ok(false);
        }
        acknowledge(&mut tx, id, service, removed, now_ms).await?;
        tx.commit().await?;
        Ok(true)
    }
}

async fn acknowledge(
    tx: &mut WriteTransaction,
    erasure: &str,
    service: &str,
    removed: i64,
    now_ms: i64,
) -> Result<(), StoreError> {
    sqlx::query(
        "INSERT INTO erasure_acknowledgements (erasure_id, service, removed, at_ms) VALUES ($1, $2, $3, $4)
         ON CONFLICT (erasure_id, service) DO NOTHING",
    )
    .bind(erasure)
    .bind(service)
    .bind(removed)
    .bind(now_ms)
    .execute(&mut **tx)
    .await?;
    Ok(())
}

/// How many records went. What the outbox told about the profile is emptied too; its places stay, readers count them.
async fn remove(tx: &mut WriteTransaction, profile: &str) -> Result<i64, StoreError> {
    let mut removed = 0;
    for table in TABLES {
        let sql = format!("DELETE FROM {table} WHERE profile_id = $1");
        removed += sqlx::query(sqlx::AssertSqlSafe(sql)).bind(profile).execute(&mut **tx).await?.rows_affected();
    }
    removed +=
        sqlx::query("DELETE FROM profiles WHERE id = $1").bind(profile).execute(&mut **tx).await?.rows_affected();
    removed += sqlx::query("UPDATE outbox SET type = 'erased', data = '{}' WHERE subject = $1")
        .bind(profile)
        .execute(&mut **tx)
        .await?
        .rows_affected();
    Ok(i64::try_from(removed).unwrap_or(i64::MAX))
}
