//! Real artwork: what an import or another service brought for a title or an episode.

use std::collections::HashMap;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use bijou_store::sqlx::{self, Row as _};
use bijou_store::{StoreError, WriteTransaction};

use super::Store;
use super::sql::{Arg, Sql};

/// A picture's facts, without the picture.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ArtworkRow {
    pub hash: String,
    pub width: u32,
    pub height: u32,
    pub tint: String,
}

/// A picture to be stored.
#[derive(Debug, Clone)]
pub struct NewArtwork {
    /// A title's or an episode's id.
    pub subject: String,
    /// `poster`, `backdrop` or `still`.
    pub role: &'static str,
    pub facts: ArtworkRow,
    pub jpeg: Vec<u8>,
}

impl Store {
    /// What real artwork the subjects have, by subject and role.
    pub async fn artwork_of(&self, subjects: &[&str]) -> Result<HashMap<(String, String), ArtworkRow>, StoreError> {
        if subjects.is_empty() {
            return Ok(HashMap::new());
        }
        let mut sql = Sql::new("SELECT subject_id, role, hash, width, height, tint FROM artwork WHERE subject_id IN ");
        sql.push_list(subjects.iter().map(|subject| Arg::from(*subject)));
        let rows = sql.query().fetch_all(self.database.pool()).await;
        rows.map_err(|error| self.database.explain(error))?
            .iter()
            .map(|row| {
                let facts = ArtworkRow {
                    hash: row.try_get(2)?,
                    width: row.try_get::<i64, _>(3)? as u32,
                    height: row.try_get::<i64, _>(4)? as u32,
                    tint: row.try_get(5)?,
                };
                Ok(((row.try_get(0)?, row.try_get(1)?), facts))
            })
            .collect()
    }

    /// A picture as it is stored: its hash and the JPEG.
    pub async fn artwork_jpeg(&self, subject: &str, role: &str) -> Result<Option<(String, Vec<u8>)>, StoreError> {
        let row = sqlx::query("SELECT hash, jpeg_base64 FROM artwork WHERE subject_id = $1 AND role = $2")
            .bind(subject)
            .bind(role)
            .fetch_optional(self.database.pool())
            .await
            .map_err(|error| self.database.explain(error))?;
        let Some(row) = row else {
            return Ok(None);
        };
        let jpeg = STANDARD.decode(row.try_get::<String, _>(1)?).unwrap_or_default();
        Ok(Some((row.try_get(0)?, jpeg)))
    }
}

/// Stores a picture, in place of the one that was there.
pub(super) async fn put(tx: &mut WriteTransaction, artwork: &NewArtwork) -> Result<(), StoreError> {
    sqlx::query(
        "INSERT INTO artwork (subject_id, role, hash, width, height, tint, jpeg_base64)
         VALUES ($1, $2, $3, $4, $5, $6, $7)
         ON CONFLICT (subject_id, role) DO UPDATE SET hash = excluded.hash, width = excluded.width,
             height = excluded.height, tint = excluded.tint, jpeg_base64 = excluded.jpeg_base64",
    )
    .bind(artwork.subject.as_str())
    .bind(artwork.role)
    .bind(artwork.facts.hash.as_str())
    .bind(i64::from(artwork.facts.width))
    .bind(i64::from(artwork.facts.height))
    .bind(artwork.facts.tint.as_str())
    .bind(STANDARD.encode(&artwork.jpeg))
    .execute(&mut **tx)
    .await?;
    Ok(())
}
