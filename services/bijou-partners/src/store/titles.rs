//! Titles and their changes: one row for each, numbered anew whenever it changes, also when it goes.
//!
//! So the list of changes is never longer than the list of titles, a reader that was away for a year reads each title once,
//! and a snapshot is the changes since nothing. Numbers come from one row that the writing transaction holds until it
//! commits: no reader sees 8 before 7.

use std::collections::HashMap;

use bijou_catalog_api::{Kind, TitleSummary};
use bijou_store::{StoreError, WriteTransaction, outbox};
use sqlx::Row;
use sqlx::any::AnyRow;

use super::{Delivery, Store, Webhook, webhooks};
use crate::domain::cursor::Cursor;
use crate::domain::season::Known;

/// A title that changed, `None` when it has gone.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Change {
    pub(crate) seq: i64,
    pub(crate) id: String,
    pub(crate) changed_ms: i64,
    pub(crate) title: Option<Known>,
}

/// What the catalog told up to `to`: these titles are so now, those are gone.
#[derive(Debug)]
pub(crate) struct Heard<'a> {
    /// Where the telling began: whoever finds another place there has been overtaken.
    pub(crate) from: i64,
    pub(crate) to: i64,
    pub(crate) titles: &'a [Known],
    pub(crate) gone: &'a [String],
    pub(crate) now_ms: i64,
}

impl Store {
    pub(super) async fn begin_changes(&self, epoch: &str) -> Result<(), StoreError> {
        let mut tx = self.database.begin_write().await?;
        sqlx::query("INSERT INTO change_head (id, seq, epoch) VALUES (1, 0, $1) ON CONFLICT (id) DO NOTHING")
            .bind(epoch)
            .execute(&mut *tx)
            .await?;
        tx.commit().await
    }

    /// The place of the newest change.
    pub(crate) async fn change_head(&self) -> Result<Cursor, StoreError> {
        let row = sqlx::query("SELECT seq, epoch FROM change_head WHERE id = 1")
            .fetch_one(self.database.pool())
            .await
            .map_err(|error| self.explain(error))?;
        Ok(Cursor { seq: row.try_get(0)?, epoch: row.try_get(1)? })
    }

    /// Changes after a number, in order, at most `limit`.
    pub(crate) async fn changes_after(&self, seq: i64, limit: i64) -> Result<Vec<Change>, StoreError> {
        let rows = sqlx::query(
            "SELECT document, seasons, seq, id, changed_ms FROM titles WHERE seq > $1 ORDER BY seq LIMIT $2",
        )
        .bind(seq)
        .bind(limit)
        .fetch_all(self.database.pool())
        .await
        .map_err(|error| self.explain(error))?;
        rows.iter()
            .map(|row| {
                let title = known(row)?;
                Ok(Change { seq: row.try_get(2)?, id: row.try_get(3)?, changed_ms: row.try_get(4)?, title })
            })
            .collect()
    }

    pub(crate) async fn title(&self, id: &str) -> Result<Option<Known>, StoreError> {
        let row = sqlx::query("SELECT document, seasons FROM titles WHERE id = $1")
            .bind(id)
            .fetch_optional(self.database.pool())
            .await
            .map_err(|error| self.explain(error))?;
        row.as_ref().map_or(Ok(None), known)
    }

    /// The show a season belongs to.
    pub(crate) async fn show_of_season(&self, season: &str) -> Result<Option<Known>, StoreError> {
        let row = sqlx::query(
            "SELECT t.document, t.seasons FROM titles t JOIN seasons s ON s.title_id = t.id WHERE s.id = $1",
        )
        .bind(season)
        .fetch_optional(self.database.pool())
        .await
        .map_err(|error| self.explain(error))?;
        row.as_ref().map_or(Ok(None), known)
    }

    pub(crate) async fn catalog_cursor(&self) -> Result<i64, StoreError> {
        outbox::cursor(&self.database, SOURCE).await
    }

    /// Applies what the catalog told, unless another instance has. `tell` makes deliveries of what really changed (ids, and
    /// whether they are gone), for these webhooks and with that place; they are queued with the change or not at all.
    pub(crate) async fn change_titles(
        &self,
        heard: &Heard<'_>,
        tell: impl FnOnce(&[(String, bool)], &[Webhook], &Cursor) -> Vec<Delivery>,
    ) -> Result<(), StoreError> {
        let &Heard { from, to, titles, gone, now_ms } = heard;
        let mut tx = self.database.begin_write().await?;
        if !outbox::advance(&mut tx, SOURCE, from, to).await? {
            return Ok(());
        }
        let mut changed = Vec::new();
        for Known { summary, seasons } in titles {
            let is_show = summary.kind == Kind::Show;
            let seasons_text = is_show.then(|| serde_json::to_string(seasons)).transpose()?;
            let document = serde_json::to_string(summary)?;
            if put(&mut tx, &summary.id, Some((&document, seasons_text.as_deref())), now_ms).await? {
                let ids: Vec<_> = seasons.iter().map(|known| known.season.id.as_str()).collect();
                put_seasons(&mut tx, &summary.id, &ids).await?;
                changed.push((summary.id.clone(), false));
            }
        }
        for id in gone {
            if put(&mut tx, id, None, now_ms).await? {
                put_seasons(&mut tx, id, &[]).await?;
                changed.push((id.clone(), true));
            }
        }
        if !changed.is_empty() {
            let webhooks = webhooks::listening(&mut tx).await?;
            let row = sqlx::query("SELECT seq, epoch FROM change_head WHERE id = 1").fetch_one(&mut *tx).await?;
            let head = Cursor { seq: row.try_get(0)?, epoch: row.try_get(1)? };
            webhooks::queue_in(&mut tx, &tell(&changed, &webhooks, &head)).await?;
        }
        tx.commit().await
    }

    /// What to change to come to the catalog's whole list: what differs or is a show that nobody has looked into yet, and who
    /// is not on it any more. What is in a show is not compared: its events tell.
    pub(crate) async fn differences(
        &self,
        titles: &[TitleSummary],
    ) -> Result<(Vec<TitleSummary>, Vec<String>), StoreError> {
        let rows = sqlx::query(
            "SELECT id, document, CASE WHEN seasons IS NULL THEN CAST(0 AS BIGINT) ELSE CAST(1 AS BIGINT) END FROM titles
             WHERE document IS NOT NULL",
        )
            .fetch_all(self.database.pool())
            .await
            .map_err(|error| self.explain(error))?;
        let mut known = HashMap::with_capacity(rows.len());
        for row in rows {
            known.insert(row.try_get::<String, _>(0)?, (row.try_get::<String, _>(1)?, row.try_get::<i64, _>(2)? == 1));
        }
        let mut different = Vec::new();
        for title in titles {
            let is_different = known.remove(&title.id).is_none_or(|(before, is_looked_into)| {
                let is_open = title.kind == Kind::Show && !is_looked_into;
                is_open || serde_json::to_string(title).is_ok_and(|now| now != before)
            });
            if is_different {
                different.push(title.clone());
            }
        }
        Ok((different, known.into_keys().collect()))
    }
}

/// Name of the cursor in the catalog's events.
const SOURCE: &str = "catalog";

/// Reads the columns `document` and `seasons`, which come first; `None`: gone.
fn known(row: &AnyRow) -> Result<Option<Known>, StoreError> {
    let Some(document) = row.try_get::<Option<String>, _>(0)? else { return Ok(None) };
    let seasons: Option<String> = row.try_get(1)?;
    let seasons = seasons.map(|text| serde_json::from_str(&text)).transpose()?.unwrap_or_default();
    Ok(Some(Known { summary: serde_json::from_str(&document)?, seasons }))
}

/// Writes a title (its document and, of a show, its seasons) as it is now. `false`: it was so already.
async fn put(
    tx: &mut WriteTransaction,
    id: &str,
    title: Option<(&str, Option<&str>)>,
    now_ms: i64,
) -> Result<bool, StoreError> {
    let row =
        sqlx::query("UPDATE change_head SET seq = seq + 1 WHERE id = 1 RETURNING seq").fetch_one(&mut **tx).await?;
    let seq: i64 = row.try_get(0)?;
    let written = match title {
        Some((document, seasons)) => {
            sqlx::query(
                "INSERT INTO titles (id, seq, changed_ms, document, seasons) VALUES ($1, $2, $3, $4, $5)
                 ON CONFLICT (id) DO UPDATE SET seq = excluded.seq, changed_ms = excluded.changed_ms,
                                                document = excluded.document, seasons = excluded.seasons
                 WHERE titles.document IS NULL OR titles.document <> excluded.document
                       OR coalesce(titles.seasons, '') <> coalesce(excluded.seasons, '')",
            )
            .bind(id)
            .bind(seq)
            .bind(now_ms)
            .bind(document)
            .bind(seasons)
            .execute(&mut **tx)
            .await?
        }
        None => {
            sqlx::query(
                "UPDATE titles SET seq = $2, changed_ms = $3, document = NULL, seasons = NULL
                 WHERE id = $1 AND document IS NOT NULL",
            )
            .bind(id)
            .bind(seq)
            .bind(now_ms)
            .execute(&mut **tx)
            .await?
        }
    };
    Ok(written.rows_affected() == 1)
}

/// Notes whose these seasons are, in place of those noted before.
async fn put_seasons(tx: &mut WriteTransaction, title_id: &str, ids: &[&str]) -> Result<(), StoreError> {
    sqlx::query("DELETE FROM seasons WHERE title_id = $1").bind(title_id).execute(&mut **tx).await?;
    for id in ids {
        sqlx::query(
            "INSERT INTO seasons (id, title_id) VALUES ($1, $2) ON CONFLICT (id) DO UPDATE SET title_id = excluded.title_id",
        )
        .bind(*id)
        .bind(title_id)
        .execute(&mut **tx)
        .await?;
    }
    Ok(())
}
