//! One file of the archive.

use std::path::{Path, PathBuf};
use std::sync::Mutex;

use bijou_store::{Database, Migration, StoreError, sqlite_url};
use sqlx::Row as _;

use super::comings::INSERT_COMINGS;
use super::points::{INSERT_FAMILIES, INSERT_POINTS, INSERT_SERIES};
use super::queue::Rows;

const MIGRATIONS: &[Migration] = &[
    Migration { version: 1, name: "archive", sql: include_str!("migrations/0001_archive.sql") },
    Migration { version: 2, name: "metrics", sql: include_str!("migrations/0002_metrics.sql") },
    Migration { version: 3, name: "comings", sql: include_str!("migrations/0003_comings.sql") },
];

const INSERT_SPANS: &str = "INSERT INTO spans (trace, body) SELECT unhex(value->>0), value->>1 FROM json_each($1)";

// In the order of their places, which is what the index of words is quickest at.
const INSERT_LINES: &str = "INSERT OR REPLACE INTO lines (seq, level, role, trace, message, body)
    SELECT value->>0, value->>1, value->>2, unhex(value->>3), value->>4, value->>5 FROM json_each($1) ORDER BY 1";

const INSERT_WORDS: &str =
    "INSERT INTO line_text (rowid, text) SELECT value->>0, value->>6 FROM json_each($1) ORDER BY 1";

const INSERT_REQUESTS: &str = "INSERT INTO requests
        (trace, start_ns, request_id, duration_us, route, status, outcome, account, revision, body)
    SELECT unhex(value->>0), value->>1, value->>2, value->>3, value->>4, value->>5, value->>6, value->>7, value->>8, value->>9
    FROM json_each($1) WHERE true
    ON CONFLICT (trace) DO UPDATE SET
        start_ns = excluded.start_ns, request_id = excluded.request_id, duration_us = excluded.duration_us,
        route = excluded.route, status = excluded.status, outcome = excluded.outcome, account = excluded.account,
        revision = excluded.revision, body = excluded.body
    WHERE excluded.revision > requests.revision";

/// First and last place of what a file holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Span {
    pub first: i64,
    pub last: i64,
}

/// What a file holds, so that readers open only those they need.
#[derive(Debug, Clone, Copy, Default)]
pub struct Bounds {
    /// Places of lines.
    pub lines: Option<Span>,
    /// Starts of requests, in nanoseconds since 1970.
    pub requests: Option<Span>,
}

/// An open file.
#[derive(Debug)]
pub struct Segment {
    pub number: u64,
    path: PathBuf,
    pub database: Database,
    bounds: Mutex<Bounds>,
}

impl Segment {
    /// Opens file `number` of a folder, or makes it.
    pub async fn open(folder: &Path, number: u64) -> Result<Self, StoreError> {
        let path = folder.join(format!("{number:08}.sqlite"));
        let database = Database::open(&sqlite_url(&path), MIGRATIONS).await?;
        let segment = Self { number, path, database, bounds: Mutex::default() };
        let bounds = segment.read_bounds().await?;
        *segment.bounds.lock().expect("nothing panics while it is held") = bounds;
        Ok(segment)
    }

    /// What it holds.
    pub fn bounds(&self) -> Bounds {
        *self.bounds.lock().expect("nothing panics while it is held")
    }

    /// Bytes on disk, the write-ahead log included.
    pub fn bytes(&self) -> u64 {
        self.file_bytes("") + self.wal_bytes()
    }

    /// Bytes of the write-ahead log.
    pub fn wal_bytes(&self) -> u64 {
        self.file_bytes("-wal")
    }

    /// Writes all rows, or none.
    pub async fn write(&self, rows: &Rows) -> Result<(), StoreError> {
        let mut tx = self.database.begin_write().await?;
        let statements = [
            (INSERT_SPANS, &rows.spans),
            (INSERT_LINES, &rows.lines),
            (INSERT_WORDS, &rows.lines),
            (INSERT_REQUESTS, &rows.requests),
            (INSERT_FAMILIES, &rows.families),
            (INSERT_SERIES, &rows.points),
            (INSERT_POINTS, &rows.points),
            (INSERT_COMINGS, &rows.comings),
        ];
        for (sql, rows) in statements.into_iter().filter(|(_, rows)| !rows.is_empty()) {
            let batch = format!("[{}]", rows.join(","));
            let written = sqlx::query(sql).bind(batch).execute(&mut *tx).await;
            written.map_err(|error| self.database.explain(error))?;
        }
        tx.commit().await?;
        let bounds = self.read_bounds().await?;
        *self.bounds.lock().expect("nothing panics while it is held") = bounds;
        Ok(())
    }

    /// Folds the write-ahead log back into the file.
    pub async fn fold(&self) -> Result<(), StoreError> {
        sqlx::query("PRAGMA wal_checkpoint(TRUNCATE)")
            .fetch_all(self.database.pool())
            .await
            .map_err(|error| self.database.explain(error))?;
        Ok(())
    }

    /// Closes it and removes it from the disk. Who still reads it reads to the end.
    pub async fn remove(&self) -> std::io::Result<()> {
        self.database.close().await;
        for suffix in ["-wal", "-shm", ""] {
            match tokio::fs::remove_file(self.file(suffix)).await {
                Err(error) if error.kind() != std::io::ErrorKind::NotFound => return Err(error),
                _ => {}
            }
        }
        Ok(())
    }

    /// Both ends of both tables: four steps down an index.
    async fn read_bounds(&self) -> Result<Bounds, StoreError> {
        let row = sqlx::query(
            "SELECT (SELECT min(seq) FROM lines), (SELECT max(seq) FROM lines),
                    (SELECT min(start_ns) FROM requests), (SELECT max(start_ns) FROM requests)",
        )
        .fetch_one(self.database.pool())
        .await
        .map_err(|error| self.database.explain(error))?;
        let span = |at: usize| -> Result<Option<Span>, StoreError> {
            let ends: (Option<i64>, Option<i64>) = (row.try_get(at)?, row.try_get(at + 1)?);
            Ok(ends.0.zip(ends.1).map(|(first, last)| Span { first, last }))
        };
        Ok(Bounds { lines: span(0)?, requests: span(2)? })
    }

    fn file(&self, suffix: &str) -> PathBuf {
        let mut path = self.path.clone().into_os_string();
        path.push(suffix);
        path.into()
    }

    fn file_bytes(&self, suffix: &str) -> u64 {
        std::fs::metadata(self.file(suffix)).map_or(0, |metadata| metadata.len())
    }
}

/// The numbers of the files in a folder, oldest first.
pub fn numbers(folder: &Path) -> std::io::Result<Vec<u64>> {
    let mut numbers = Vec::new();
    for entry in std::fs::read_dir(folder)? {
        let name = entry?.file_name();
        numbers.extend(name.to_str().and_then(|name| name.strip_suffix(".sqlite")?.parse::<u64>().ok()));
    }
    numbers.sort_unstable();
    Ok(numbers)
}
