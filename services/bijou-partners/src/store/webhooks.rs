//! Webhooks and what they are sent.

use bijou_store::{StoreError, WriteTransaction};
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
    /// Since when its receiver has not answered at all.
    pub(crate) silent_since_ms: Option<i64>,
    /// Nothing is sent before.
    pub(crate) resting_until_ms: i64,
}

/// What a try came to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Outcome {
    pub(crate) delivered: bool,
    /// Whether the receiver answered anything.
    pub(crate) answered: bool,
    /// When to try again; `None`: it is over, delivered or not.
    pub(crate) next_ms: Option<i64>,
    /// In words.
    pub(crate) text: String,
}

/// How much is sent side by side.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Shares {
    pub(crate) in_all: i64,
    pub(crate) per_app: i64,
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
    /// Tries of the webhook, whatever was sent, that met silence.
    pub(crate) silent_tries: i64,
    pub(crate) silent_since_ms: Option<i64>,
}

const WEBHOOK_COLUMNS: &str =
    "w.id, w.app_id, w.url, w.secret, w.types, w.created_ms, w.disabled_ms, w.silent_since_ms, w.resting_until_ms";

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
        let sql = format!("SELECT {WEBHOOK_COLUMNS} FROM webhooks w WHERE w.app_id = $1 ORDER BY w.created_ms, w.id");
        let rows = sqlx::query(sqlx::AssertSqlSafe(sql)).bind(app_id).fetch_all(self.database.pool()).await;
        rows.map_err(|error| self.explain(error))?.iter().map(webhook).collect()
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
        queue_in(&mut tx, deliveries).await?;
        tx.commit().await
    }

    /// Takes deliveries whose time has come, for this instance alone until `lease_until_ms`: the first of every webhook that
    /// neither rests nor is being sent to by anybody, of each app and in all as many as its share leaves.
    pub(crate) async fn take_due(
        &self,
        now_ms: i64,
        lease_until_ms: i64,
        shares: Shares,
    ) -> Result<Vec<Due>, StoreError> {
        let mut tx = self.database.begin_write().await?;
        let taken = sqlx::query(
            "WITH busy AS (
                 SELECT d.webhook_id, w.app_id FROM deliveries d JOIN webhooks w ON w.id = d.webhook_id
                 WHERE d.state = 'waiting' AND d.lease_until_ms > $1),
             firsts AS (
                 SELECT w.app_id,
                        (SELECT d.id FROM deliveries d
                         WHERE d.webhook_id = w.id AND d.state = 'waiting' AND d.next_ms <= $1
                         ORDER BY d.next_ms, d.id LIMIT 1) AS id
                 FROM webhooks w
                 WHERE w.disabled_ms IS NULL AND w.resting_until_ms <= $1
                   AND NOT EXISTS (SELECT 1 FROM busy b WHERE b.webhook_id = w.id)),
             placed AS (
                 SELECT d.id, d.next_ms,
                        row_number() OVER (PARTITION BY f.app_id ORDER BY d.next_ms, d.id)
                            + (SELECT count(*) FROM busy b WHERE b.app_id = f.app_id) AS place
                 FROM firsts f JOIN deliveries d ON d.id = f.id)
             UPDATE deliveries SET lease_until_ms = $2
             WHERE id IN (SELECT p.id FROM placed p WHERE p.place <= $4 ORDER BY p.next_ms, p.id LIMIT $3)
               AND lease_until_ms <= $1 RETURNING id",
        )
        .bind(now_ms)
        .bind(lease_until_ms)
        .bind(shares.in_all)
        .bind(shares.per_app)
        .fetch_all(&mut *tx)
        .await?;
        tx.commit().await?;
        let mut due = Vec::with_capacity(taken.len());
        let sql = format!(
            "SELECT {DELIVERY_COLUMNS}, w.url, w.secret, w.silent_tries, w.silent_since_ms
             FROM deliveries d JOIN webhooks w ON w.id = d.webhook_id WHERE d.id = $1"
        );
        for row in taken {
            let found = sqlx::query(sqlx::AssertSqlSafe(sql.clone()))
                .bind(row.try_get::<String, _>(0)?)
                .fetch_optional(self.database.pool())
                .await
                .map_err(|error| self.explain(error))?;
            if let Some(row) = found {
                due.push(Due {
                    delivery: delivery(&row)?,
                    url: row.try_get(10)?,
                    secret: row.try_get(11)?,
                    silent_tries: row.try_get(12)?,
                    silent_since_ms: row.try_get(13)?,
                });
            }
        }
        Ok(due)
    }

    /// Notes what a try came to, of the delivery and of its webhook, which rests until `rest_until_ms`.
    /// A webhook whose last try of all failed is disabled.
    pub(crate) async fn settle(
        &self,
        due: &Delivery,
        outcome: &Outcome,
        rest_until_ms: i64,
        now_ms: i64,
    ) -> Result<(), StoreError> {
        let state = match (outcome.delivered, outcome.next_ms) {
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
        .bind(outcome.next_ms.unwrap_or(now_ms))
        .bind(outcome.text.as_str())
        .execute(&mut *tx)
        .await?;
        let noted = if outcome.answered {
            sqlx::query(
                "UPDATE webhooks SET silent_since_ms = NULL, silent_tries = 0, resting_until_ms = $2
                 WHERE id = $1 AND (silent_since_ms IS NOT NULL OR resting_until_ms <> $2)",
            )
            .bind(due.webhook_id.as_str())
            .bind(rest_until_ms)
        } else {
            sqlx::query(
                "UPDATE webhooks SET silent_since_ms = COALESCE(silent_since_ms, $2), silent_tries = silent_tries + 1,
                                     resting_until_ms = $3
                 WHERE id = $1",
            )
            .bind(due.webhook_id.as_str())
            .bind(now_ms)
            .bind(rest_until_ms)
        };
        noted.execute(&mut *tx).await?;
        if state == "failed" {
            sqlx::query("UPDATE webhooks SET disabled_ms = $2 WHERE id = $1 AND disabled_ms IS NULL")
                .bind(due.webhook_id.as_str())
                .bind(now_ms)
                .execute(&mut *tx)
                .await?;
        }
        tx.commit().await
    }

    /// Lets a webhook be tried at once, however long it was to rest.
    pub(crate) async fn wake_webhook(&self, id: &str) -> Result<(), StoreError> {
        let mut tx = self.database.begin_write().await?;
        sqlx::query("UPDATE webhooks SET resting_until_ms = 0 WHERE id = $1").bind(id).execute(&mut *tx).await?;
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
            sqlx::query(
                "UPDATE webhooks SET disabled_ms = NULL, silent_since_ms = NULL, silent_tries = 0, resting_until_ms = 0
                 WHERE id = $1",
            )
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

/// Everybody who may hear of something, as the transaction sees them.
pub(super) async fn listening(tx: &mut WriteTransaction) -> Result<Vec<Webhook>, StoreError> {
    let sql = format!(
        "SELECT {WEBHOOK_COLUMNS} FROM webhooks w JOIN apps a ON a.id = w.app_id
         WHERE w.disabled_ms IS NULL AND a.stage <> 'suspended'"
    );
    let rows = sqlx::query(sqlx::AssertSqlSafe(sql)).fetch_all(&mut **tx).await?;
    rows.iter().map(webhook).collect()
}

pub(super) async fn queue_in(tx: &mut WriteTransaction, deliveries: &[Delivery]) -> Result<(), StoreError> {
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
        .execute(&mut **tx)
        .await?;
    }
    Ok(())
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
        silent_since_ms: row.try_get(7)?,
        resting_until_ms: row.try_get(8)?,
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
