//! Webhooks and what they are sent.

use bijou_store::StoreError;
use sqlx::Row;
use sqlx::any::AnyRow;

use super::Store;

#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Webhook {
    pub(crate) id: String,
    pub(crate) app_id: String,
    pub(crate) url: String,
    pub(crate) secret: String,
    /// Separated by spaces; empty: all.
    pub(crate) types: String,
    pub(crate) created_ms: i64,
    pub(crate) disabled_ms: Option<i64>,
}

/// Something a webhook is sent, or was.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Delivery {
    pub(crate) id: String,
    pub(crate) webhook_id: String,
    pub(crate) message_id: String,
    pub(crate) type_: String,
    pub(crate) body: String,
    pub(crate) created_ms: i64,
    pub(crate) state: String,
    pub(crate) tries: i64,
    pub(crate) next_ms: i64,
    pub(crate) outcome: Option<String>,
}

/// A delivery whose time has come, with where it goes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Due {
    pub(crate) delivery: Delivery,
    pub(crate) url: String,
    pub(crate) secret: String,
}

const DELIVERY_COLUMNS: &str =
    "d.id, d.webhook_id, d.message_id, d.type, d.body, d.created_ms, d.state, d.tries, d.next_ms, d.outcome";

/// Deliveries shown of one webhook.
const SHOWN_MAX: i64 = 100;

impl Store {
    /// Keeps a new webhook, unless the app has `webhooks_max`.
    pub(crate) async fn add_webhook(&self, webhook: &Webhook, webhooks_max: i64) -> Result<bool, StoreError> {
        let mut tx = self.database.begin_write().await?;
        let added = sqlx::query(
            "INSERT INTO webhooks (id, app_id, url, secret, types, created_ms)
             SELECT $1, $2, $3, $4, $5, CAST($6 AS BIGINT)
             WHERE (SELECT count(*) FROM webhooks WHERE app_id = $2) < $7",
        )
        .bind(webhook.id.as_str())
        .bind(webhook.app_id.as_str())
        .bind(webhook.url.as_str())
        .bind(webhook.secret.as_str())
        .bind(webhook.types.as_str())
        .bind(webhook.created_ms)
        .bind(webhooks_max)
        .execute(&mut *tx)
        .await?;
        tx.commit().await?;
        Ok(added.rows_affected() == 1)
    }

    pub(crate) async fn webhooks_of(&self, app_id: &str) -> Result<Vec<Webhook>, StoreError> {
        let rows = sqlx::query(
            "SELECT id, app_id, url, secret, types, created_ms, disabled_ms FROM webhooks
             WHERE app_id = $1 ORDER BY created_ms, id",
        )
        .bind(app_id)
        .fetch_all(self.database.pool())
        .await
        .map_err(|error| self.explain(error))?;
        rows.iter().map(webhook).collect()
    }

    /// Everybody who is to hear of an event of this type.
    pub(crate) async fn webhooks_for(&self, type_: &str) -> Result<Vec<Webhook>, StoreError> {
        let rows = sqlx::query(
            "SELECT w.id, w.app_id, w.url, w.secret, w.types, w.created_ms, w.disabled_ms
             FROM webhooks w JOIN apps a ON a.id = w.app_id
             WHERE w.disabled_ms IS NULL AND a.stage <> 'suspended'",
        )
        .fetch_all(self.database.pool())
        .await
        .map_err(|error| self.explain(error))?;
        let webhooks: Vec<Webhook> = rows.iter().map(webhook).collect::<Result<_, _>>()?;
        let wants = |webhook: &Webhook| webhook.types.is_empty() || webhook.types.split(' ').any(|one| one == type_);
        Ok(webhooks.into_iter().filter(wants).collect())
    }

    /// `false`: the app has no such webhook.
    pub(crate) async fn remove_webhook(&self, app_id: &str, id: &str) -> Result<bool, StoreError> {
        let mut tx = self.database.begin_write().await?;
        let removed = sqlx::query("DELETE FROM webhooks WHERE id = $1 AND app_id = $2")
            .bind(id)
            .bind(app_id)
            .execute(&mut *tx)
            .await?;
        tx.commit().await?;
        Ok(removed.rows_affected() == 1)
    }

    /// Queues deliveries.
    pub(crate) async fn queue(&self, deliveries: &[Delivery]) -> Result<(), StoreError> {
        let mut tx = self.database.begin_write().await?;
        for delivery in deliveries {
            sqlx::query(
                "INSERT INTO deliveries (id, webhook_id, message_id, type, body, created_ms, state, tries, next_ms,
                                         lease_until_ms)
                 VALUES ($1, $2, $3, $4, $5, $6, 'waiting', 0, $6, 0)",
            )
            .bind(delivery.id.as_str())
            .bind(delivery.webhook_id.as_str())
            .bind(delivery.message_id.as_str())
            .bind(delivery.type_.as_str())
            .bind(delivery.body.as_str())
            .bind(delivery.created_ms)
            .execute(&mut *tx)
            .await?;
        }
        tx.commit().await
    }

    /// Takes deliveries whose time has come, for this instance alone until `lease_until_ms`.
    pub(crate) async fn take_due(&self, now_ms: i64, lease_until_ms: i64, limit: i64) -> Result<Vec<Due>, StoreError> {
        let mut tx = self.database.begin_write().await?;
        let taken = sqlx::query(
            "UPDATE deliveries SET lease_until_ms = $2 WHERE id IN (
                 SELECT d.id FROM deliveries d JOIN webhooks w ON w.id = d.webhook_id
                 WHERE d.state = 'waiting' AND d.next_ms <= $1 AND d.lease_until_ms <= $1 AND w.disabled_ms IS NULL
                 ORDER BY d.next_ms LIMIT $3)
             AND lease_until_ms <= $1 RETURNING id",
        )
        .bind(now_ms)
        .bind(lease_until_ms)
        .bind(limit)
        .fetch_all(&mut *tx)
        .await?;
        tx.commit().await?;
        let mut due = Vec::with_capacity(taken.len());
        let sql = format!(
            "SELECT {DELIVERY_COLUMNS}, w.url, w.secret FROM deliveries d JOIN webhooks w ON w.id = d.webhook_id
             WHERE d.id = $1"
        );
        for row in taken {
            let found = sqlx::query(sqlx::AssertSqlSafe(sql.clone()))
                .bind(row.try_get::<String, _>(0)?)
                .fetch_optional(self.database.pool())
                .await
                .map_err(|error| self.explain(error))?;
            if let Some(row) = found {
                due.push(Due { delivery: delivery(&row)?, url: row.try_get(10)?, secret: row.try_get(11)? });
            }
        }
        Ok(due)
    }

    /// What a try came to. `next_ms`: when to try again; `None`: it is over, `delivered` or not. A webhook whose last try of
    /// all failed is disabled.
    pub(crate) async fn settle(
        &self,
        due: &Delivery,
        delivered: bool,
        next_ms: Option<i64>,
        outcome: &str,
        now_ms: i64,
    ) -> Result<(), StoreError> {
        let state = match (delivered, next_ms) {
            (true, _) => "delivered",
            (false, Some(_)) => "waiting",
            (false, None) => "failed",
        };
        let mut tx = self.database.begin_write().await?;
        sqlx::query(
            "UPDATE deliveries SET state = $2, tries = tries + 1, next_ms = $3, lease_until_ms = 0, outcome = $4
             WHERE id = $1",
        )
        .bind(due.id.as_str())
        .bind(state)
        .bind(next_ms.unwrap_or(now_ms))
        .bind(outcome)
        .execute(&mut *tx)
        .await?;
        if state == "failed" {
            sqlx::query("UPDATE webhooks SET disabled_ms = $2 WHERE id = $1 AND disabled_ms IS NULL")
                .bind(due.webhook_id.as_str())
                .bind(now_ms)
                .execute(&mut *tx)
                .await?;
        }
        tx.commit().await
    }

    /// The newest deliveries of a webhook.
    pub(crate) async fn deliveries_of(&self, webhook_id: &str) -> Result<Vec<Delivery>, StoreError> {
        let sql = format!(
            "SELECT {DELIVERY_COLUMNS} FROM deliveries d WHERE d.webhook_id = $1
             ORDER BY d.created_ms DESC, d.id DESC LIMIT {SHOWN_MAX}"
        );
        let rows = sqlx::query(sqlx::AssertSqlSafe(sql)).bind(webhook_id).fetch_all(self.database.pool()).await;
        rows.map_err(|error| self.explain(error))?.iter().map(delivery).collect()
    }

    /// Sends a delivery again from the start, and lets a disabled webhook work again. `false`: there is none.
    pub(crate) async fn replay(&self, webhook_id: &str, id: &str, now_ms: i64) -> Result<bool, StoreError> {
        let mut tx = self.database.begin_write().await?;
        let queued = sqlx::query(
            "UPDATE deliveries SET state = 'waiting', tries = 0, next_ms = $3 WHERE id = $1 AND webhook_id = $2",
        )
        .bind(id)
        .bind(webhook_id)
        .bind(now_ms)
        .execute(&mut *tx)
        .await?;
        if queued.rows_affected() == 1 {
            sqlx::query("UPDATE webhooks SET disabled_ms = NULL WHERE id = $1")
                .bind(webhook_id)
                .execute(&mut *tx)
                .await?;
        }
        tx.commit().await?;
        Ok(queued.rows_affected() == 1)
    }

    /// Forgets deliveries that are over since before `before_ms`.
    pub(crate) async fn forget_deliveries(&self, before_ms: i64) -> Result<u64, StoreError> {
        let mut tx = self.database.begin_write().await?;
        let gone = sqlx::query("DELETE FROM deliveries WHERE state <> 'waiting' AND created_ms < $1")
            .bind(before_ms)
            .execute(&mut *tx)
            .await?;
        tx.commit().await?;
        Ok(gone.rows_affected())
    }
}

fn webhook(row: &AnyRow) -> Result<Webhook, StoreError> {
    Ok(Webhook {
        id: row.try_get(0)?,
        app_id: row.try_get(1)?,
        url: row.try_get(2)?,
        secret: row.try_get(3)?,
        types: row.try_get(4)?,
        created_ms: row.try_get(5)?,
        disabled_ms: row.try_get(6)?,
    })
}

fn delivery(row: &AnyRow) -> Result<Delivery, StoreError> {
    Ok(Delivery {
        id: row.try_get(0)?,
        webhook_id: row.try_get(1)?,
        message_id: row.try_get(2)?,
        type_: row.try_get(3)?,
        body: row.try_get(4)?,
        created_ms: row.try_get(5)?,
        state: row.try_get(6)?,
        tries: row.try_get(7)?,
        next_ms: row.try_get(8)?,
        outcome: row.try_get(9)?,
    })
}
