//! Who came and went, in the archive.

use bijou_store::StoreError;
use serde_json::json;
use sqlx::Row as _;

use super::Archive;
use super::segment::Segment;
use crate::domain::comings::Coming;

/// Comings read at once, the newest: a crash loop must not make a list nobody can read.
const COMINGS_MAX: usize = 2_000;

pub const INSERT_COMINGS: &str = "INSERT INTO comings (at_ms, body) SELECT value->>0, value->>1 FROM json_each($1)";

/// A row: its moment, and all of it.
pub fn row(coming: &Coming) -> String {
    json!([coming.at_ms, coming]).to_string()
}

impl Archive {
    /// Those from one moment to another, in milliseconds since 1970, oldest first.
    pub async fn comings(&self, from_ms: i64, to_ms: i64) -> Result<Vec<Coming>, StoreError> {
        let mut found = Vec::new();
        for segment in self.segments().iter().rev() {
            if found.len() < COMINGS_MAX {
                found.extend(segment.comings(from_ms, to_ms).await?);
            }
        }
        found.truncate(COMINGS_MAX);
        found.sort_by_key(|coming| coming.at_ms);
        Ok(found)
    }
}

impl Segment {
    /// The newest first.
    async fn comings(&self, from_ms: i64, to_ms: i64) -> Result<Vec<Coming>, StoreError> {
        let sql = "SELECT body FROM comings WHERE at_ms >= $1 AND at_ms <= $2 ORDER BY at_ms DESC LIMIT $3";
        let rows = sqlx::query(sql)
            .bind(from_ms)
            .bind(to_ms)
            .bind(COMINGS_MAX as i64)
            .fetch_all(self.database.pool())
            .await
            .map_err(|error| self.database.explain(error))?;
        let mut comings = Vec::with_capacity(rows.len());
        for row in &rows {
            // What another version wrote and this one cannot read is not worth the rest.
            comings.extend(serde_json::from_str::<Coming>(&row.try_get::<String, _>(0)?).ok());
        }
        Ok(comings)
    }
}
