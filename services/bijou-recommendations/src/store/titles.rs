//! Titles as the catalog last described them.

use std::collections::HashSet;

use bijou_catalog_api::TitleSummary;
use bijou_store::{StoreError, WriteTransaction, outbox};
use sqlx::Row;

use super::{Store, changed};

/// What training knows about a title besides who watched it.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct TitleFeatures {
    pub(crate) title: TitleSummary,
    /// Ids of who made it and plays in it; empty while the catalog has not been asked.
    pub(crate) people: Vec<String>,
}

impl Store {
    /// All titles with the people of their credits, for training.
    pub(crate) async fn title_features(&self) -> Result<Vec<TitleFeatures>, StoreError> {
        let rows = sqlx::query("SELECT document, people FROM titles ORDER BY id")
            .fetch_all(self.database.pool())
            .await
            .map_err(|error| self.explain(error))?;
        let mut features = Vec::with_capacity(rows.len());
        for row in rows {
            let (document, people): (String, Option<String>) = (row.try_get(0)?, row.try_get(1)?);
            let Ok(title) = serde_json::from_str(&document) else { continue };
            let people = people.map(|people| serde_json::from_str(&people)).transpose()?.unwrap_or_default();
            features.push(TitleFeatures { title, people });
        }
        Ok(features)
    }

    /// Some titles whose credits were not asked for yet.
    pub(crate) async fn titles_without_people(&self, limit: i64) -> Result<Vec<String>, StoreError> {
        let rows = sqlx::query("SELECT id FROM titles WHERE people IS NULL ORDER BY id LIMIT $1")
            .bind(limit)
            .fetch_all(self.database.pool())
            .await
            .map_err(|error| self.explain(error))?;
        rows.iter().map(|row| Ok(row.try_get(0)?)).collect()
    }

    /// Keeps who made these titles and plays in them.
    pub(crate) async fn set_people(&self, titles: &[(String, Vec<String>)]) -> Result<(), StoreError> {
        let mut tx = self.database.begin_write().await?;
        for (title_id, people) in titles {
            sqlx::query("UPDATE titles SET people = $2 WHERE id = $1")
                .bind(title_id.as_str())
                .bind(serde_json::to_string(people)?)
                .execute(&mut *tx)
                .await?;
        }
        tx.commit().await
    }

    /// All titles. One that this version cannot read any more is left out: the next comparison brings it again.
    pub(crate) async fn titles(&self) -> Result<Vec<TitleSummary>, StoreError> {
        let rows = sqlx::query("SELECT document FROM titles ORDER BY id")
            .fetch_all(self.database.pool())
            .await
            .map_err(|error| self.explain(error))?;
        let mut titles = Vec::with_capacity(rows.len());
        for row in rows {
            let document: String = row.try_get(0)?;
            match serde_json::from_str(&document) {
                Ok(title) => titles.push(title),
                Err(error) => tracing::warn!("a stored title is unreadable and left out: {error}"),
            }
        }
        Ok(titles)
    }

    /// Applies what events `from` to `to` of `source` say: these titles are so, those are gone.
    /// `false` when another instance has applied them.
    pub(crate) async fn change_titles(
        &self,
        source: &str,
        from: i64,
        to: i64,
        are: &[TitleSummary],
        gone: &[String],
    ) -> Result<bool, StoreError> {
        let mut tx = self.database.begin_write().await?;
        if !outbox::advance(&mut tx, source, from, to).await? {
            return Ok(false);
        }
        for title in are {
            put(&mut tx, title).await?;
        }
        for id in gone {
            remove(&mut tx, id).await?;
        }
        changed(&mut tx, "titles").await?;
        tx.commit().await?;
        Ok(true)
    }

    /// Replaces all titles by these, which the catalog listed when its newest event was `to`.
    /// `false` when another instance was quicker.
    pub(crate) async fn replace_titles(
        &self,
        source: &str,
        from: i64,
        to: i64,
        are: &[TitleSummary],
    ) -> Result<bool, StoreError> {
        let mut tx = self.database.begin_write().await?;
        if !outbox::advance(&mut tx, source, from, to).await? {
            return Ok(false);
        }
        let rows = sqlx::query("SELECT id, document FROM titles").fetch_all(&mut *tx).await?;
        let listed: HashSet<&str> = are.iter().map(|title| title.id.as_str()).collect();
        let mut known = std::collections::HashMap::with_capacity(rows.len());
        for row in rows {
            known.insert(row.try_get::<String, _>(0)?, row.try_get::<String, _>(1)?);
        }
        let mut is_different = false;
        for id in known.keys().filter(|id| !listed.contains(id.as_str())) {
            remove(&mut tx, id).await?;
            is_different = true;
        }
        for title in are {
            let document = serde_json::to_string(title)?;
            if known.get(&title.id) != Some(&document) {
                put(&mut tx, title).await?;
                is_different = true;
            }
        }
        if is_different {
            changed(&mut tx, "titles").await?;
        }
        tx.commit().await?;
        Ok(true)
    }
}

async fn put(tx: &mut WriteTransaction, title: &TitleSummary) -> Result<(), StoreError> {
    sqlx::query(
        // Whoever changed may have other credits too.
        "INSERT INTO titles (id, document) VALUES ($1, $2)
         ON CONFLICT (id) DO UPDATE SET document = excluded.document, people = NULL",
    )
    .bind(title.id.as_str())
    .bind(serde_json::to_string(title)?)
    .execute(&mut **tx)
    .await?;
    Ok(())
}

async fn remove(tx: &mut WriteTransaction, id: &str) -> Result<(), StoreError> {
    sqlx::query("DELETE FROM titles WHERE id = $1").bind(id).execute(&mut **tx).await?;
    Ok(())
}
