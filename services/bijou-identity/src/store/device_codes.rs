//! Devices that wait for somebody to sign them in. Device codes are here only as hashes; user codes as they are: they
//! are short, live for minutes, and sign nobody in by themselves.

use bijou_store::StoreError;
use sqlx::Row;
use sqlx::any::AnyRow;

use super::Store;
use super::sessions::{Session, insert};
use crate::domain::device::{Decision, Verdict, Waiting, judge};
use crate::domain::user_code::UserCode;

/// What a device said when it began to wait, and what became of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Device {
    pub(crate) client_id: String,
    pub(crate) scopes: String,
    /// What the developer of its app calls that; absent for the platform's own.
    pub(crate) client_name: Option<String>,
    /// The only account it may be signed in to.
    pub(crate) only_account_id: Option<String>,
    /// How it calls itself.
    pub(crate) name: Option<String>,
    /// Where it asks from, as the gateway saw it.
    pub(crate) address: Option<String>,
    pub(crate) created_ms: i64,
    /// Who decided about it.
    pub(crate) account_id: Option<String>,
    pub(crate) waiting: Waiting,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum AddDevice {
    Added,
    /// Another device has this user code.
    CodeTaken,
    /// As many wait as may.
    Full,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Decided {
    /// It is as wanted, by this request or by one before.
    Done,
    Unknown,
    /// It was decided otherwise, or by somebody else.
    Otherwise,
}

impl Store {
    /// Lets a device wait, if fewer than `waiting_max` do.
    pub(crate) async fn add_device(
        &self,
        hash: &str,
        user_code: &UserCode,
        device: &Device,
        waiting_max: i64,
    ) -> Result<AddDevice, StoreError> {
        let mut tx = self.database.begin_write().await?;
        let added = sqlx::query(
            "INSERT INTO device_codes (hash, user_code, client_id, scopes, device_name, address, created_ms, expires_ms,
                                       interval_s, client_name, only_account_id)
             VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11) ON CONFLICT (user_code) DO NOTHING",
        )
        .bind(hash)
        .bind(user_code.as_str())
        .bind(device.client_id.as_str())
        .bind(device.scopes.as_str())
        .bind(device.name.as_deref())
        .bind(device.address.as_deref())
        .bind(device.created_ms)
        .bind(device.waiting.expires_ms)
        .bind(device.waiting.interval_s)
        .bind(device.client_name.as_deref())
        .bind(device.only_account_id.as_deref())
        .execute(&mut *tx)
        .await?;
        if added.rows_affected() == 0 {
            return Ok(AddDevice::CodeTaken);
        }
        let waiting: i64 = sqlx::query("SELECT count(*) FROM device_codes WHERE expires_ms > $1")
            .bind(device.created_ms)
            .fetch_one(&mut *tx)
            .await?
            .try_get(0)?;
        if waiting > waiting_max {
            // Dropped without a commit: it is gone again.
            return Ok(AddDevice::Full);
        }
        tx.commit().await?;
        Ok(AddDevice::Added)
    }

    /// A device of `client_id` asks whether it is signed in.
    pub(crate) async fn poll_device(
        &self,
        hash: &str,
        client_id: &str,
        now_ms: i64,
    ) -> Result<Option<(Device, Verdict)>, StoreError> {
        let mut tx = self.database.begin_write().await?;
        // Changes nothing but locks the row: of two questions at once the second sees what the first left.
        let row = sqlx::query(
            "UPDATE device_codes SET hash = hash WHERE hash = $1 AND client_id = $2
             RETURNING client_id, scopes, device_name, address, created_ms, account_id, expires_ms, interval_s,
                       polled_ms, decision, used_ms, client_name, only_account_id",
        )
        .bind(hash)
        .bind(client_id)
        .fetch_optional(&mut *tx)
        .await?;
        let Some(row) = row else { return Ok(None) };
        let device = device(&row)?;
        let verdict = judge(&device.waiting, now_ms);
        let interval_s = match verdict {
            Verdict::Pending => device.waiting.interval_s,
            Verdict::SlowDown { interval_s } => interval_s,
            Verdict::Approved | Verdict::Denied | Verdict::Expired | Verdict::Used => {
                return Ok(Some((device, verdict)));
            }
        };
        sqlx::query("UPDATE device_codes SET polled_ms = $2, interval_s = $3 WHERE hash = $1")
            .bind(hash)
            .bind(now_ms)
            .bind(interval_s)
            .execute(&mut *tx)
            .await?;
        tx.commit().await?;
        Ok(Some((device, verdict)))
    }

    /// Uses an approval up for a session. `false` when it is no longer there to be used: then no session began.
    pub(crate) async fn redeem_device(
        &self,
        hash: &str,
        session: &Session,
        token_hash: &str,
        now_ms: i64,
    ) -> Result<bool, StoreError> {
        let mut tx = self.database.begin_write().await?;
        let used = sqlx::query(
            "UPDATE device_codes SET used_ms = $3
             WHERE hash = $1 AND account_id = $2 AND decision = $4 AND used_ms IS NULL AND expires_ms > $3",
        )
        .bind(hash)
        .bind(session.account_id.as_str())
        .bind(now_ms)
        .bind(name(Decision::Approved))
        .execute(&mut *tx)
        .await?;
        if used.rows_affected() == 0 {
            return Ok(false);
        }
        insert(&mut tx, session, token_hash).await?;
        tx.commit().await?;
        Ok(true)
    }

    /// The device of a user code that nobody decided about yet.
    pub(crate) async fn undecided_device(
        &self,
        user_code: &UserCode,
        now_ms: i64,
    ) -> Result<Option<Device>, StoreError> {
        let row = sqlx::query(
            "SELECT client_id, scopes, device_name, address, created_ms, account_id, expires_ms, interval_s, polled_ms,
                    decision, used_ms, client_name, only_account_id
             FROM device_codes WHERE user_code = $1 AND decision IS NULL AND expires_ms > $2",
        )
        .bind(user_code.as_str())
        .bind(now_ms)
        .fetch_optional(self.database.pool())
        .await
        .map_err(|error| self.explain(error))?;
        row.as_ref().map(device).transpose()
    }

    /// Decides about a device, once.
    pub(crate) async fn decide_device(
        &self,
        user_code: &UserCode,
        account_id: &str,
        decision: Decision,
        now_ms: i64,
    ) -> Result<Decided, StoreError> {
        let mut tx = self.database.begin_write().await?;
        let decided = sqlx::query(
            "UPDATE device_codes SET decision = $2, account_id = $3
             WHERE user_code = $1 AND decision IS NULL AND expires_ms > $4",
        )
        .bind(user_code.as_str())
        .bind(name(decision))
        .bind(account_id)
        .bind(now_ms)
        .execute(&mut *tx)
        .await?;
        if decided.rows_affected() == 1 {
            tx.commit().await?;
            return Ok(Decided::Done);
        }
        let before =
            sqlx::query("SELECT decision, account_id FROM device_codes WHERE user_code = $1 AND expires_ms > $2")
                .bind(user_code.as_str())
                .bind(now_ms)
                .fetch_optional(&mut *tx)
                .await?;
        let Some(before) = before else { return Ok(Decided::Unknown) };
        let is_same = before.try_get::<Option<String>, _>(0)?.as_deref() == Some(name(decision))
            && before.try_get::<Option<String>, _>(1)?.as_deref() == Some(account_id);
        Ok(if is_same { Decided::Done } else { Decided::Otherwise })
    }

    /// Forgets devices whose time was over before `ms`.
    pub(crate) async fn remove_devices_over_before(&self, ms: i64) -> Result<(), StoreError> {
        let mut tx = self.database.begin_write().await?;
        sqlx::query("DELETE FROM device_codes WHERE expires_ms < $1").bind(ms).execute(&mut *tx).await?;
        tx.commit().await
    }
}

fn name(decision: Decision) -> &'static str {
    match decision {
        Decision::Approved => "approved",
        Decision::Denied => "denied",
    }
}

fn device(row: &AnyRow) -> Result<Device, StoreError> {
    let decision: Option<String> = row.try_get(9)?;
    Ok(Device {
        client_id: row.try_get(0)?,
        scopes: row.try_get(1)?,
        client_name: row.try_get(11)?,
        only_account_id: row.try_get(12)?,
        name: row.try_get(2)?,
        address: row.try_get(3)?,
        created_ms: row.try_get(4)?,
        account_id: row.try_get(5)?,
        waiting: Waiting {
            expires_ms: row.try_get(6)?,
            interval_s: row.try_get(7)?,
            polled_ms: row.try_get(8)?,
            // Only an approval approves.
            decision: decision.map(|known| match known.as_str() {
                "approved" => Decision::Approved,
                _ => Decision::Denied,
            }),
            is_used: row.try_get::<Option<i64>, _>(10)?.is_some(),
        },
    })
}
