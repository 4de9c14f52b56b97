//! The outbox: what happened, written in the transaction of the change itself, and read in commit order.
//!
//! **No reader skips an event.** Numbers come from one row, `outbox_head`, updated in the writing transaction:
//! its row lock (on SQLite the write lock) is held until commit, so numbers are given in commit order and a
//! rollback gives its number back. An identity column would number at insert: a reader could then see 8 before 7
//! is committed, move its cursor past 7, and lose it.
//!
//! Consumers keep their cursor in their own store, moved in the transaction that applies the events
//! ([`advance`]): each event has its effect exactly once, though it may be delivered again.
//!
//! On the wire an event is a CloudEvent 1.0 in JSON ([`CloudEvent`]), and a list of them a [`Batch`].

use std::time::Duration;

use serde::{Deserialize, Serialize};
use serde_json::Value;
use sqlx::any::AnyRow;
use sqlx::{AnyConnection, Row};
use tokio::time::Instant;

use crate::{Database, Migration, StoreError, WriteTransaction};

/// The tables of outbox and cursors; part of the migrations of every service that writes or reads events.
pub const MIGRATION: Migration = Migration {
    version: 1_000_001,
    name: "outbox",
    sql: "CREATE TABLE outbox_head (id BIGINT NOT NULL PRIMARY KEY, seq BIGINT NOT NULL);
          INSERT INTO outbox_head (id, seq) VALUES (1, 0);
          CREATE TABLE outbox (
              seq BIGINT NOT NULL PRIMARY KEY,
              id TEXT NOT NULL,
              type TEXT NOT NULL,
              subject TEXT NOT NULL,
              time_ms BIGINT NOT NULL,
              data TEXT NOT NULL
          );
          CREATE TABLE outbox_cursors (source TEXT NOT NULL PRIMARY KEY, seq BIGINT NOT NULL);",
};

/// [`MIGRATION`] as a set of its own, for [`Database::open_all`].
pub const MIGRATIONS: &[Migration] = &[MIGRATION];

/// How many events one read gives at most, whatever was asked for.
pub const LIMIT_MAX: u32 = 1_000;

/// How often a waiting reader looks for events of other processes on the same database.
const LOOK_EVERY: Duration = Duration::from_millis(200);

/// An event to be written.
#[derive(Debug, Clone)]
pub struct NewEvent {
    /// What happened, `noun.verb` in the past: `title.published`.
    pub type_: String,
    /// The id of what it happened to.
    pub subject: String,
    /// When, in milliseconds since 1970 UTC.
    pub time_ms: i64,
    /// The facts, an object.
    pub data: Value,
}

/// An event as it is stored.
#[derive(Debug, Clone, PartialEq)]
pub struct StoredEvent {
    /// Its place in commit order, from 1, without gaps.
    pub seq: i64,
    /// Unique everywhere; for consumers that deduplicate.
    pub id: String,
    pub type_: String,
    pub subject: String,
    pub time_ms: i64,
    pub data: Value,
}

impl StoredEvent {
    /// The event as others read it; `source` is the role that tells it.
    pub fn to_cloud_event(&self, source: &str) -> CloudEvent {
        CloudEvent {
            specversion: "1.0".to_owned(),
            id: self.id.clone(),
            source: format!("/bijou/{source}"),
            type_: self.type_.clone(),
            subject: self.subject.clone(),
            time: jiff::Timestamp::from_millisecond(self.time_ms).unwrap_or_default(),
            datacontenttype: "application/json".to_owned(),
            seq: self.seq.to_string(),
            data: self.data.clone(),
        }
    }
}

/// A CloudEvent 1.0 in its JSON form, with one extension attribute, `seq`.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct CloudEvent {
    pub specversion: String,
    pub id: String,
    pub source: String,
    #[serde(rename = "type")]
    pub type_: String,
    pub subject: String,
    pub time: jiff::Timestamp,
    pub datacontenttype: String,
    /// The place in the source's order: the cursor of who has applied everything up to this event.
    pub seq: String,
    pub data: Value,
}

impl CloudEvent {
    /// The place in the source's order as a number, `None` when the source wrote something else.
    pub fn seq(&self) -> Option<i64> {
        self.seq.parse().ok()
    }
}

/// One answer of `GET /events`.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Batch {
    pub items: Vec<CloudEvent>,
    /// What to ask for next (`after=`): the last event's `seq`, or the one asked for when nothing came.
    pub next: String,
    /// The newest event there is. Less than the cursor of a reader when the source lost its store:
    /// such a reader starts again from 0.
    pub head: String,
}

/// Writes an event; it is there for readers once `tx` commits. Gives its number.
///
/// Holds back every other writer of events until the transaction ends: append last, commit soon.
pub async fn append(tx: &mut WriteTransaction, event: &NewEvent) -> Result<i64, StoreError> {
    append_all(tx, std::slice::from_ref(event)).await
}

/// Writes events in this order, as [`append`] does one, with one look at the head. Gives the last one's number, the
/// head's when there are none.
pub async fn append_all(tx: &mut WriteTransaction, events: &[NewEvent]) -> Result<i64, StoreError> {
    let last: i64 = sqlx::query("UPDATE outbox_head SET seq = seq + $1 WHERE id = 1 RETURNING seq")
        .bind(i64::try_from(events.len()).expect("fewer events than a memory holds"))
        .fetch_one(&mut **tx)
        .await?
        .try_get(0)?;
    let mut seq = last - events.len() as i64;
    for event in events {
        seq += 1;
        sqlx::query("INSERT INTO outbox (seq, id, type, subject, time_ms, data) VALUES ($1, $2, $3, $4, $5, $6)")
            .bind(seq)
            .bind(uuid::Uuid::now_v7().to_string())
            .bind(event.type_.as_str())
            .bind(event.subject.as_str())
            .bind(event.time_ms)
            .bind(serde_json::to_string(&event.data)?)
            .execute(&mut **tx)
            .await?;
    }
    tx.has_appended |= !events.is_empty();
    Ok(last)
}

/// The events after number `seq` in order, at most `limit` ([`LIMIT_MAX`] at most).
pub async fn read_after(database: &Database, seq: i64, limit: u32) -> Result<Vec<StoredEvent>, StoreError> {
    let rows =
        sqlx::query("SELECT seq, id, type, subject, time_ms, data FROM outbox WHERE seq > $1 ORDER BY seq LIMIT $2")
            .bind(seq)
            .bind(i64::from(limit.clamp(1, LIMIT_MAX)))
            .fetch_all(database.pool())
            .await
            .map_err(|error| database.explain(error))?;
    rows.iter().map(stored).collect()
}

/// As [`read_after`], but waits up to `wait` for the first event when there is none.
pub async fn wait_after(
    database: &Database,
    seq: i64,
    limit: u32,
    wait: Duration,
) -> Result<Vec<StoredEvent>, StoreError> {
    let until = Instant::now() + wait;
    let mut appended = database.appended();
    loop {
        appended.mark_unchanged();
        let events = read_after(database, seq, limit).await?;
        let left = until.saturating_duration_since(Instant::now());
        if !events.is_empty() || left.is_zero() {
            return Ok(events);
        }
        // Either this process commits, or it is time to look whether another one did.
        let _ = tokio::time::timeout(left.min(LOOK_EVERY), appended.changed()).await;
    }
}

/// The answer to `GET /events?after=&limit=&wait_ms=` of the service `source`.
pub async fn batch(
    database: &Database,
    source: &str,
    after: i64,
    limit: u32,
    wait: Duration,
) -> Result<Batch, StoreError> {
    let events = wait_after(database, after, limit, wait).await?;
    let head = match events.last() {
        Some(last) if events.len() < limit.clamp(1, LIMIT_MAX) as usize => last.seq,
        _ => head(database).await?,
    };
    Ok(Batch {
        next: events.last().map_or(after, |last| last.seq).to_string(),
        head: head.to_string(),
        items: events.iter().map(|event| event.to_cloud_event(source)).collect(),
    })
}

/// The number of the newest event, 0 when there is none.
pub async fn head(database: &Database) -> Result<i64, StoreError> {
    let row = sqlx::query("SELECT seq FROM outbox_head WHERE id = 1")
        .fetch_one(database.pool())
        .await
        .map_err(|error| database.explain(error))?;
    Ok(row.try_get(0)?)
}

/// Up to where this service has applied the events of `source`; 0 at first.
pub async fn cursor(database: &Database, source: &str) -> Result<i64, StoreError> {
    let row = sqlx::query("SELECT seq FROM outbox_cursors WHERE source = $1")
        .bind(source)
        .fetch_optional(database.pool())
        .await
        .map_err(|error| database.explain(error))?;
    Ok(row.map(|row| row.try_get(0)).transpose()?.unwrap_or(0))
}

/// Moves the cursor in the transaction that applies the events: first thing in it, since it also decides who may.
///
/// `false` when the cursor is not at `from` any more: another instance of this service has applied these events,
/// and the caller drops its transaction.
pub async fn advance(tx: &mut AnyConnection, source: &str, from: i64, to: i64) -> Result<bool, StoreError> {
    sqlx::query("INSERT INTO outbox_cursors (source, seq) VALUES ($1, 0) ON CONFLICT (source) DO NOTHING")
        .bind(source)
        .execute(&mut *tx)
        .await?;
    let moved = sqlx::query("UPDATE outbox_cursors SET seq = $3 WHERE source = $1 AND seq = $2")
        .bind(source)
        .bind(from)
        .bind(to)
        .execute(&mut *tx)
        .await?;
    Ok(moved.rows_affected() == 1)
}

fn stored(row: &AnyRow) -> Result<StoredEvent, StoreError> {
    Ok(StoredEvent {
        seq: row.try_get(0)?,
        id: row.try_get(1)?,
        type_: row.try_get(2)?,
        subject: row.try_get(3)?,
        time_ms: row.try_get(4)?,
        data: serde_json::from_str(&row.try_get::<String, _>(5)?)?,
    })
}
