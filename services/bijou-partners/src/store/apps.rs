//! Apps.

use bijou_store::StoreError;
use sqlx::Row;
use sqlx::any::AnyRow;

use super::Store;
use crate::domain::app::{Decision, Stage, decide};

/// Listed at a time.
const LISTED_MAX: i64 = 500;

#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct App {
    pub(crate) id: String,
    pub(crate) account_id: String,
    pub(crate) name: String,
    pub(crate) stage: Stage,
    pub(crate) scopes: String,
    pub(crate) per_minute: u32,
    pub(crate) per_day: u32,
    pub(crate) created_ms: i64,
    /// Why an operator declined or stopped it.
    pub(crate) reason: Option<String>,
}

/// What an operator says of an app.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Said<'a> {
    pub(crate) decision: Decision,
    /// For its developer.
    pub(crate) reason: Option<&'a str>,
}

/// How many columns [`app`] reads.
pub(super) const COLUMN_COUNT: usize = 9;

/// The columns [`app`] reads, in its order.
pub(super) const COLUMNS: &str =
    "a.id, a.account_id, a.name, a.stage, a.scopes, a.per_minute, a.per_day, a.created_ms, a.reason";

impl Store {
    /// Keeps a new app, unless its account has `apps_max` already.
    pub(crate) async fn add_app(&self, app: &App, apps_max: i64) -> Result<bool, StoreError> {
        let mut tx = self.database.begin_write().await?;
        let added = sqlx::query(
            "INSERT INTO apps (id, account_id, name, stage, scopes, per_minute, per_day, created_ms)
             SELECT $1, $2, $3, $4, $5, CAST($6 AS BIGINT), CAST($7 AS BIGINT), CAST($8 AS BIGINT)
             WHERE (SELECT count(*) FROM apps WHERE account_id = $2) < $9",
        )
        .bind(app.id.as_str())
        .bind(app.account_id.as_str())
        .bind(app.name.as_str())
        .bind(app.stage.as_str())
        .bind(app.scopes.as_str())
        .bind(i64::from(app.per_minute))
        .bind(i64::from(app.per_day))
        .bind(app.created_ms)
        .bind(apps_max)
        .execute(&mut *tx)
        .await?;
        tx.commit().await?;
        Ok(added.rows_affected() == 1)
    }

    /// The apps of an account, the newest first.
    pub(crate) async fn apps_of(&self, account_id: &str) -> Result<Vec<App>, StoreError> {
        self.apps("a.account_id = $1", account_id).await
    }

    /// The apps at a stage, the newest first, whoever's they are.
    pub(crate) async fn apps_at(&self, stage: Stage) -> Result<Vec<App>, StoreError> {
        self.apps("a.stage = $1", stage.as_str()).await
    }

    async fn apps(&self, condition: &'static str, value: &str) -> Result<Vec<App>, StoreError> {
        let sql = format!(
            "SELECT {COLUMNS} FROM apps a WHERE {condition} ORDER BY a.created_ms DESC, a.id LIMIT {LISTED_MAX}"
        );
        let rows = sqlx::query(sqlx::AssertSqlSafe(sql)).bind(value).fetch_all(self.database.pool()).await;
        rows.map_err(|error| self.explain(error))?.iter().map(app).collect()
    }

    pub(crate) async fn app(&self, id: &str) -> Result<Option<App>, StoreError> {
        let sql = format!("SELECT {COLUMNS} FROM apps a WHERE a.id = $1");
        let row = sqlx::query(sqlx::AssertSqlSafe(sql)).bind(id).fetch_optional(self.database.pool()).await;
        row.map_err(|error| self.explain(error))?.as_ref().map(app).transpose()
    }

    /// Removes an app with its keys, webhooks and figures.
    pub(crate) async fn remove_app(&self, id: &str) -> Result<(), StoreError> {
        let mut tx = self.database.begin_write().await?;
        sqlx::query("DELETE FROM apps WHERE id = $1").bind(id).execute(&mut *tx).await?;
        tx.commit().await
    }

    /// An operator decides; with the stage come its quotas, calls in a minute and a day. `None`: at its stage there is
    /// nothing to decide so.
    pub(crate) async fn decide_app(
        &self,
        app: &App,
        said: Said<'_>,
        (per_minute, per_day): (u32, u32),
    ) -> Result<Option<Stage>, StoreError> {
        let Some(stage) = decide(app.stage, said.decision) else { return Ok(None) };
        let mut tx = self.database.begin_write().await?;
        let moved = sqlx::query(
            "UPDATE apps SET stage = $3, per_minute = $4, per_day = $5, reason = $6 WHERE id = $1 AND stage = $2",
        )
        .bind(app.id.as_str())
        .bind(app.stage.as_str())
        .bind(stage.as_str())
        .bind(i64::from(per_minute))
        .bind(i64::from(per_day))
        .bind(said.reason)
        .execute(&mut *tx)
        .await?;
        tx.commit().await?;
        Ok((moved.rows_affected() == 1).then_some(stage))
    }

    /// Its owner asks for production. `false`: there was nothing to ask.
    pub(crate) async fn request_production(&self, id: &str) -> Result<bool, StoreError> {
        let mut tx = self.database.begin_write().await?;
        let moved =
            sqlx::query("UPDATE apps SET stage = 'requested', reason = NULL WHERE id = $1 AND stage = 'sandbox'")
                .bind(id)
                .execute(&mut *tx)
                .await?;
        tx.commit().await?;
        Ok(moved.rows_affected() == 1)
    }
}

pub(super) fn app(row: &AnyRow) -> Result<App, StoreError> {
    let whole = |index: usize| -> Result<u32, StoreError> {
        Ok(u32::try_from(row.try_get::<i64, _>(index)?).unwrap_or_default())
    };
    Ok(App {
        id: row.try_get(0)?,
        account_id: row.try_get(1)?,
        name: row.try_get(2)?,
        stage: Stage::of(&row.try_get::<String, _>(3)?),
        scopes: row.try_get(4)?,
        per_minute: whole(5)?,
        per_day: whole(6)?,
        created_ms: row.try_get(7)?,
        reason: row.try_get(8)?,
    })
}
