//! Which models there are, and which one is in use. The models themselves are files.

use std::collections::HashMap;

use bijou_store::StoreError;
use serde::{Deserialize, Serialize};
use sqlx::Row;
use sqlx::any::AnyRow;

use super::{Store, changed};
use crate::domain::card::model_mark;

/// A model as it is listed.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct ModelRow {
    pub(crate) version: String,
    pub(crate) made_ms: i64,
    /// Of the whole file, in hexadecimal digits.
    pub(crate) sha256: String,
    pub(crate) bytes: i64,
    pub(crate) facts: ModelFacts,
    pub(crate) is_active: bool,
}

/// What a model was made from and how long that took.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub(crate) struct ModelFacts {
    pub(crate) profiles: usize,
    pub(crate) interactions: usize,
    /// Titles that learn from plays, and those that enter by genres and people.
    pub(crate) titles_played: usize,
    pub(crate) titles_alike: usize,
    pub(crate) lambda: f32,
    pub(crate) seconds: f64,
}

/// Why a model was not put to use.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum NotThere {
    /// There is no model of this version.
    Version,
    /// There is no model that was in use before.
    Before,
}

const COLUMNS: &str = "SELECT version, made_ms, sha256, bytes, facts, is_active FROM models";

/// The model in use before the present one.
const BEFORE: &str = "SELECT version FROM models WHERE is_active = 0 AND activated_ms > 0
                      ORDER BY activated_ms DESC, version DESC LIMIT 1";

impl Store {
    /// All models, the newest first.
    pub(crate) async fn models(&self) -> Result<Vec<ModelRow>, StoreError> {
        let rows = sqlx::query(sqlx::AssertSqlSafe(format!("{COLUMNS} ORDER BY made_ms DESC, version DESC")))
            .fetch_all(self.database.pool())
            .await
            .map_err(|error| self.explain(error))?;
        rows.iter().map(model).collect()
    }

    /// The model in use.
    pub(crate) async fn active_model(&self) -> Result<Option<ModelRow>, StoreError> {
        let row = sqlx::query(sqlx::AssertSqlSafe(format!("{COLUMNS} WHERE is_active = 1")))
            .fetch_optional(self.database.pool())
            .await
            .map_err(|error| self.explain(error))?;
        row.as_ref().map(model).transpose()
    }

    /// Versions by how cards name them.
    pub(crate) async fn model_marks(&self) -> Result<HashMap<[u8; 4], String>, StoreError> {
        let models = self.models().await?;
        Ok(models.into_iter().map(|model| (model_mark(&model.version), model.version)).collect())
    }

    /// Lists a new model and puts it to use.
    pub(crate) async fn add_model(&self, row: &ModelRow) -> Result<(), StoreError> {
        let mut tx = self.database.begin_write().await?;
        sqlx::query("UPDATE models SET is_active = 0").execute(&mut *tx).await?;
        sqlx::query(
            "INSERT INTO models (version, made_ms, sha256, bytes, facts, is_active, activated_ms)
             VALUES ($1, $2, $3, $4, $5, 1, $2)",
        )
        .bind(row.version.as_str())
        .bind(row.made_ms)
        .bind(row.sha256.as_str())
        .bind(row.bytes)
        .bind(serde_json::to_string(&row.facts)?)
        .execute(&mut *tx)
        .await?;
        changed(&mut tx, "models").await?;
        tx.commit().await
    }

    /// Puts a model to use.
    pub(crate) async fn activate_model(&self, version: &str, now_ms: i64) -> Result<Result<(), NotThere>, StoreError> {
        let mut tx = self.database.begin_write().await?;
        sqlx::query("UPDATE models SET is_active = 0").execute(&mut *tx).await?;
        let found = sqlx::query("UPDATE models SET is_active = 1, activated_ms = $2 WHERE version = $1")
            .bind(version)
            .bind(now_ms)
            .execute(&mut *tx)
            .await?;
        if found.rows_affected() == 0 {
            return Ok(Err(NotThere::Version));
        }
        changed(&mut tx, "models").await?;
        tx.commit().await?;
        Ok(Ok(()))
    }

    /// The model that a rollback would put to use.
    pub(crate) async fn model_before(&self) -> Result<Option<String>, StoreError> {
        let before = sqlx::query(BEFORE).fetch_optional(self.database.pool()).await;
        let before = before.map_err(|error| self.explain(error))?;
        before.map(|row| Ok(row.try_get(0)?)).transpose()
    }

    /// Puts the model to use that was in use before the present one, which is not gone back to by another rollback.
    pub(crate) async fn rollback_model(&self) -> Result<Result<String, NotThere>, StoreError> {
        let mut tx = self.database.begin_write().await?;
        sqlx::query("UPDATE models SET activated_ms = 0 WHERE is_active = 1").execute(&mut *tx).await?;
        let before = sqlx::query(BEFORE).fetch_optional(&mut *tx).await?;
        let Some(before) = before else { return Ok(Err(NotThere::Before)) };
        let version: String = before.try_get(0)?;
        sqlx::query("UPDATE models SET is_active = CASE WHEN version = $1 THEN 1 ELSE 0 END")
            .bind(version.as_str())
            .execute(&mut *tx)
            .await?;
        changed(&mut tx, "models").await?;
        tx.commit().await?;
        Ok(Ok(version))
    }

    /// Takes a model that is not in use off the list.
    pub(crate) async fn forget_model(&self, version: &str) -> Result<(), StoreError> {
        let mut tx = self.database.begin_write().await?;
        sqlx::query("DELETE FROM models WHERE version = $1 AND is_active = 0").bind(version).execute(&mut *tx).await?;
        tx.commit().await
    }
}

fn model(row: &AnyRow) -> Result<ModelRow, StoreError> {
    Ok(ModelRow {
        version: row.try_get(0)?,
        made_ms: row.try_get(1)?,
        sha256: row.try_get(2)?,
        bytes: row.try_get(3)?,
        facts: serde_json::from_str(&row.try_get::<String, _>(4)?)?,
        is_active: row.try_get::<i64, _>(5)? == 1,
    })
}
