//! What the catalog remembers, in one set of queries for SQLite and PostgreSQL.
//!
//! A title is a document; columns beside it exist for filters and orders, side tables for looking it up by genre,
//! person, season and episode. Reads take several statements without a transaction: between two of them a title may
//! change, which shows as one answer being a moment older in one part, and costs nothing else.

mod artwork;
mod list;
mod playable;
mod sql;
mod write;

use std::collections::{BTreeMap, HashMap};

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use bijou_store::outbox;
use bijou_store::sqlx::any::AnyRow;
use bijou_store::sqlx::{self, Row as _};
use bijou_store::{Database, Migration, StoreError};
use sha2::{Digest, Sha256};

use crate::document::Document;
use crate::domain::text::hex;
use crate::domain::viewing::Viewing;

use sql::{Arg, Sql};

pub use artwork::{ArtworkRow, NewArtwork};
pub use list::{Counts, kind_name};
pub use playable::{Playable, SOURCE as PLAYBACK};
pub use write::{Change, GenreNames};

const MIGRATIONS: &[Migration] = &[
    Migration { version: 1, name: "catalog", sql: include_str!("../migrations/0001_catalog.sql") },
    Migration { version: 2, name: "facts", sql: include_str!("../migrations/0002_facts.sql") },
    Migration { version: 3, name: "offers", sql: include_str!("../migrations/0003_offers.sql") },
    Migration { version: 4, name: "orders", sql: include_str!("../migrations/0004_orders.sql") },
];

/// The catalog's database. Cheap to clone.
#[derive(Debug, Clone)]
pub struct Store {
    database: Database,
}

/// A title with what is known about it beside its document.
#[derive(Debug, Clone, PartialEq)]
pub struct Title {
    pub document: Document,
    pub added_ms: i64,
    pub playable: bool,
    /// How long it plays here, in seconds; movies only.
    pub playable_s: Option<f64>,
}

/// The columns [`title_of`] reads, in its order.
const TITLE_COLUMNS: &str = "t.document, t.added_ms, t.playable, t.playable_s";

impl Store {
    /// Opens the database and brings its tables up to date.
    pub async fn open(url: &str) -> Result<Self, StoreError> {
        let database = Database::open_all(url, &[MIGRATIONS, outbox::MIGRATIONS]).await?;
        Ok(Self { database })
    }

    pub fn database(&self) -> &Database {
        &self.database
    }

    /// Changes whenever anything here changes that others can see.
    pub async fn revision(&self) -> Result<i64, StoreError> {
        outbox::head(&self.database).await
    }

    /// Whether there is no title at all.
    pub async fn is_empty(&self) -> Result<bool, StoreError> {
        let any = sqlx::query("SELECT id FROM titles LIMIT 1").fetch_optional(self.database.pool()).await;
        Ok(any.map_err(|error| self.database.explain(error))?.is_none())
    }

    /// What tells this store from others: the same for all instances on it, another after it was lost.
    pub async fn identity(&self) -> Result<String, StoreError> {
        let key = self.cursor_key().await?;
        Ok(hex(&Sha256::digest(key)[..12]))
    }

    /// The key this catalog signs cursors with: made by the first instance that asks, the same for all after it.
    pub async fn cursor_key(&self) -> Result<[u8; 32], StoreError> {
        let fresh: [u8; 32] = rand::random();
        let mut tx = self.database.begin_write().await?;
        sqlx::query("INSERT INTO secrets (name, value) VALUES ('cursor', $1) ON CONFLICT (name) DO NOTHING")
            .bind(STANDARD.encode(fresh))
            .execute(&mut *tx)
            .await?;
        let row = sqlx::query("SELECT value FROM secrets WHERE name = 'cursor'").fetch_one(&mut *tx).await?;
        tx.commit().await?;
        let key = STANDARD.decode(row.try_get::<String, _>(0)?).unwrap_or_default();
        // A key of another length was put there by hand; cursors do not outlive it.
        Ok(<[u8; 32]>::try_from(key.as_slice()).unwrap_or(fresh))
    }

    pub async fn title(&self, id: &str) -> Result<Option<Title>, StoreError> {
        let sql = format!("SELECT {TITLE_COLUMNS} FROM titles t WHERE t.id = $1");
        let row = sqlx::query(sqlx::AssertSqlSafe(sql)).bind(id).fetch_optional(self.database.pool()).await;
        row.map_err(|error| self.database.explain(error))?.as_ref().map(title_of).transpose()
    }

    /// The titles of these ids, as far as there are some.
    pub async fn titles(&self, ids: &[String]) -> Result<HashMap<String, Title>, StoreError> {
        let mut titles = HashMap::with_capacity(ids.len());
        for chunk in ids.chunks(1_000) {
            let mut sql = Sql::new(&format!("SELECT {TITLE_COLUMNS} FROM titles t WHERE t.id IN "));
            sql.push_list(chunk.iter().map(|id| Arg::from(id.as_str())));
            let rows = sql.query().fetch_all(self.database.pool()).await;
            for row in rows.map_err(|error| self.database.explain(error))? {
                let title = title_of(&row)?;
                titles.insert(title.document.id.clone(), title);
            }
        }
        Ok(titles)
    }

    /// All titles by id, a part at a time: those after this id, at most `limit`.
    pub async fn titles_after(&self, id: &str, limit: u32) -> Result<Vec<Title>, StoreError> {
        let mut sql = Sql::new(&format!("SELECT {TITLE_COLUMNS} FROM titles t WHERE "));
        sql.push("t.id > ? ORDER BY t.id LIMIT ?", [Arg::from(id), Arg::from(i64::from(limit))]);
        let rows = sql.query().fetch_all(self.database.pool()).await;
        rows.map_err(|error| self.database.explain(error))?.iter().map(title_of).collect()
    }

    /// The show a season or episode belongs to.
    pub async fn title_of_part(&self, kind: PartKind, id: &str) -> Result<Option<Title>, StoreError> {
        let sql = format!(
            "SELECT {TITLE_COLUMNS} FROM parts p JOIN titles t ON t.id = p.title_id WHERE p.id = $1 AND p.kind = $2"
        );
        let row = sqlx::query(sqlx::AssertSqlSafe(sql))
            .bind(id)
            .bind(kind.as_str())
            .fetch_optional(self.database.pool())
            .await;
        row.map_err(|error| self.database.explain(error))?.as_ref().map(title_of).transpose()
    }

    /// A person's name and the titles they worked on that are there for the viewer, newest first.
    pub async fn person(&self, id: &str, viewing: &Viewing) -> Result<Option<(String, Vec<Title>)>, StoreError> {
        let pool = self.database.pool();
        let person = sqlx::query("SELECT name FROM people WHERE id = $1").bind(id).fetch_optional(pool).await;
        let Some(person) = person.map_err(|error| self.database.explain(error))? else {
            return Ok(None);
        };
        let mut sql =
            Sql::new(&format!("SELECT {TITLE_COLUMNS} FROM title_people p JOIN titles t ON t.id = p.title_id WHERE "));
        sql.push("p.person_id = ?", [Arg::from(id)]);
        list::visible(&mut sql, viewing);
        sql.push(" ORDER BY t.year DESC, t.id LIMIT 500", []);
        let rows = sql.query().fetch_all(pool).await;
        let titles =
            rows.map_err(|error| self.database.explain(error))?.iter().map(title_of).collect::<Result<_, _>>()?;
        Ok(Some((person.try_get(0)?, titles)))
    }

    /// Names of all genres, by id and language.
    pub async fn genre_names(&self) -> Result<HashMap<String, BTreeMap<String, String>>, StoreError> {
        let rows = sqlx::query("SELECT id, names FROM genres").fetch_all(self.database.pool()).await;
        rows.map_err(|error| self.database.explain(error))?
            .iter()
            .map(|row| {
                let names = serde_json::from_str(&row.try_get::<String, _>(1)?)?;
                Ok((row.try_get(0)?, names))
            })
            .collect()
    }
}

/// What a row of `parts` tells of.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum PartKind {
    Season,
    Episode,
}

impl PartKind {
    fn as_str(self) -> &'static str {
        match self {
            Self::Season => "season",
            Self::Episode => "episode",
        }
    }
}

fn title_of(row: &AnyRow) -> Result<Title, StoreError> {
    Ok(Title {
        document: serde_json::from_str(&row.try_get::<String, _>(0)?)?,
        added_ms: row.try_get(1)?,
        playable: row.try_get::<i64, _>(2)? != 0,
        playable_s: row.try_get(3)?,
    })
}
