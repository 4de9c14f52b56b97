//! The store's file. What is written together is one row, after all rows before it, and holds each lease whole: how it
//! stands, and what its client says as the registry keeps that in memory.
//!
//! A row a lease would be simpler to read and dearer to write: leases that change together lie on pages far apart, each of
//! which is read, logged and later put in its place for a few hundred bytes. Here they are on the same pages, in order.
//! The price is that rows hold what was said again since. The oldest of them is taken out once such rests are half of the
//! file, and what of it still counts is written once more (the cleaner of log-structured storage: Rosenblum and Ousterhout,
//! 1992).
//!
//! SQLite logs ahead of writing, so that a transaction is there whole or not at all. From the log rows go to their places
//! when all is put on the medium.

use std::{collections::HashMap, path::Path, sync::Arc, time::Duration};

use bijou_eureka::{ActionType, LeaseInfo, PackedInstance, Status};
use rusqlite::{Connection, ErrorCode, OptionalExtension, Transaction, TransactionBehavior};
use tracing::warn;

use super::Rows;
use crate::leases::{Kept, Record};

/// What was written, the latest last. A version that packs leases differently has a table of another name.
const TABLE: &str = "CREATE TABLE IF NOT EXISTS changes_1 (place INTEGER PRIMARY KEY, leases BLOB NOT NULL)";
/// What the store's files end in: the store, and its log.
pub(super) const PARTS: [&str; 2] = ["", "-wal"];
/// A row that has so many bytes gets no further lease.
const ROW_BYTES: usize = 1 << 16;
/// Rests of so many bytes are left however few leases there are.
const RESTS_BYTES: usize = 1 << 20;
/// Bytes of old rows taken out with one writing, beside twice as many as are written: so that it keeps up, and nobody
/// waits long for it.
const CLEANED_BYTES: usize = 1 << 16;
/// Pages the store keeps in memory, in KiB. It is read once, at the start.
const CACHE_KIB: i64 = -256;
/// What is left of the log once its pages are in their places.
const LOG_BYTES_MAX: i64 = 4 << 20;

/// A lease to be written.
#[derive(Clone, Debug)]
pub struct Row {
    pub record: Arc<Record>,
    pub overridden_ms: u64,
    pub override_reason: Option<Arc<str>>,
}

/// An open store. Its methods wait, and so are called from a thread that may.
pub(super) struct Store {
    connection: Connection,
    held: Held,
    /// Something was written that may not be on the medium.
    is_behind: bool,
}

/// Where in the file what counts is.
#[derive(Debug, Default)]
struct Held {
    /// The row of the last word on each lease, and that word's bytes. The word may be that it is over.
    last: HashMap<u64, (i64, usize)>,
    /// Of all last words.
    last_bytes: usize,
    /// Of all rows.
    bytes: usize,
    /// Of the next row.
    place: i64,
}

impl Store {
    /// Opens a file, which nobody else can then, and reads every lease that is there.
    pub(super) fn open(path: &Path) -> Result<(Store, Vec<Kept>), rusqlite::Error> {
        let connection = Connection::open(path)?;
        connection.busy_timeout(Duration::ZERO)?;
        connection.pragma_update(None, "locking_mode", "EXCLUSIVE")?;
        connection.pragma_update(None, "journal_mode", "WAL")?;
        // A commit does not wait for the medium; whatever of the log is there after a loss of power is whole.
        connection.pragma_update(None, "synchronous", "NORMAL")?;
        connection.pragma_update(None, "wal_autocheckpoint", 0)?;
        connection.pragma_update(None, "journal_size_limit", LOG_BYTES_MAX)?;
        connection.pragma_update(None, "cache_size", CACHE_KIB)?;
        connection.execute(TABLE, ())?;
        let (held, kept) = read(&connection)?;
        Ok((Store { connection, held, is_behind: false }, kept))
    }

    /// Writes leases, and that others are over: all of it or nothing.
    pub(super) fn write(&mut self, rows: &Rows) -> Result<(), rusqlite::Error> {
        if rows.is_empty() {
            return Ok(());
        }
        self.is_behind = true;
        let writing = self.connection.transaction_with_behavior(TransactionBehavior::Immediate)?;
        let mut written = Written::default();
        for (number, row) in rows {
            written.put(*number, row.as_ref().map(packed).as_deref().unwrap_or_default());
        }
        let cleaned_max = CLEANED_BYTES + 2 * written.bytes;
        let mut cleaned = 0;
        while cleaned < cleaned_max && self.held.rests() + written.bytes > RESTS_BYTES + cleaned {
            let Some((place, leases)) = oldest(&writing)? else { break };
            cleaned += leases.len();
            for (number, lease) in words(&leases) {
                // That a lease is over need not be said once nothing is left of it.
                let is_last = self.held.last.get(&number).is_some_and(|(last, _)| *last == place);
                if is_last && !lease.is_empty() && !rows.contains_key(&number) {
                    written.put(number, lease);
                }
            }
            writing.prepare_cached("DELETE FROM changes_1 WHERE place = ?")?.execute([place])?;
            written.cleaned.push((place, leases));
        }
        for (place, row) in (self.held.place..).zip(&written.rows) {
            writing.prepare_cached("INSERT INTO changes_1 VALUES (?, ?)")?.execute((place, row))?;
        }
        writing.commit()?;
        self.held.take_over(&written);
        Ok(())
    }

    /// Puts on the medium what is not there yet. Whether there was anything.
    pub(super) fn sync(&mut self) -> Result<bool, rusqlite::Error> {
        let was_behind = std::mem::take(&mut self.is_behind);
        if was_behind {
            self.connection.query_row("PRAGMA wal_checkpoint(PASSIVE)", (), |_| Ok(()))?;
        }
        Ok(was_behind)
    }

    /// Puts all on the medium, and lets others have the file.
    pub(super) fn close(self) {
        if let Err((_, error)) = self.connection.close() {
            warn!(error = &error as &dyn std::error::Error, "leases were written, but may not be on the medium");
        }
    }
}

/// What one transaction writes and takes out.
#[derive(Debug, Default)]
struct Written {
    rows: Vec<Vec<u8>>,
    bytes: usize,
    cleaned: Vec<(i64, Vec<u8>)>,
}

impl Written {
    /// Adds a word on a lease: the lease, or nothing when it is over.
    fn put(&mut self, number: u64, lease: &[u8]) {
        if self.rows.last().is_none_or(|row| row.len() >= ROW_BYTES) {
            self.rows.push(Vec::new());
        }
        let row = self.rows.last_mut().expect("one was just put there if there was none");
        let before = row.len();
        row.extend_from_slice(&number.to_le_bytes());
        row.extend_from_slice(&(lease.len() as u32).to_le_bytes());
        row.extend_from_slice(lease);
        self.bytes += row.len() - before;
    }
}

impl Held {
    /// Bytes beyond twice those that count.
    fn rests(&self) -> usize {
        self.bytes.saturating_sub(2 * self.last_bytes)
    }

    fn take_over(&mut self, written: &Written) {
        for row in &written.rows {
            self.add(row);
        }
        for (place, leases) in &written.cleaned {
            self.bytes -= leases.len();
            for (number, lease) in words(leases) {
                if self.last.get(&number).is_some_and(|(last, _)| last == place) {
                    self.last.remove(&number);
                    self.last_bytes -= WORD_BYTES + lease.len();
                }
            }
        }
    }

    /// Takes note of the next row.
    fn add(&mut self, row: &[u8]) {
        for (number, lease) in words(row) {
            let bytes = WORD_BYTES + lease.len();
            let before = self.last.insert(number, (self.place, bytes));
            self.last_bytes = self.last_bytes + bytes - before.map_or(0, |(_, bytes)| bytes);
        }
        self.bytes += row.len();
        self.place += 1;
    }
}

/// Reads all rows in their order.
fn read(connection: &Connection) -> Result<(Held, Vec<Kept>), rusqlite::Error> {
    let (mut held, mut leases) = (Held::default(), HashMap::new());
    let mut query = connection.prepare("SELECT place, leases FROM changes_1 ORDER BY place")?;
    let mut rows = query.query(())?;
    while let Some(row) = rows.next()? {
        held.place = row.get(0)?;
        let row = row.get_ref(1)?.as_blob()?;
        held.add(row);
        for (number, lease) in words(row) {
            leases.insert(number, lease.to_vec());
        }
    }
    let mut kept = Vec::with_capacity(leases.len());
    for (number, lease) in leases.into_iter().filter(|(_, lease)| !lease.is_empty()) {
        let Some(lease) = unpacked(number, &lease) else {
            warn!("a lease on disk cannot be read: number {number}");
            continue;
        };
        kept.push(lease);
    }
    kept.sort_unstable_by_key(|lease| lease.number);
    Ok((held, kept))
}

fn oldest(writing: &Transaction<'_>) -> Result<Option<(i64, Vec<u8>)>, rusqlite::Error> {
    let mut query = writing.prepare_cached("SELECT place, leases FROM changes_1 ORDER BY place LIMIT 1")?;
    query.query_row((), |row| Ok((row.get(0)?, row.get(1)?))).optional()
}

/// Whether a store cannot be opened because another process has it.
pub(super) fn is_of_another(error: &rusqlite::Error) -> bool {
    error.sqlite_error_code() == Some(ErrorCode::DatabaseBusy)
}

/// A lease's number, and how many bytes follow.
const WORD_BYTES: usize = 8 + 4;

/// The leases of a row with their numbers. One that is over has no bytes.
fn words(mut row: &[u8]) -> impl Iterator<Item = (u64, &[u8])> {
    std::iter::from_fn(move || {
        let (number, rest) = row.split_first_chunk()?;
        let (bytes, rest) = rest.split_first_chunk()?;
        let (lease, rest) = rest.split_at_checked(u32::from_le_bytes(*bytes) as usize)?;
        row = rest;
        Some((u64::from_le_bytes(*number), lease))
    })
}

/// Two statuses, the last action, two spans, six times, the bytes of the override's reason.
const STANDS_BYTES: usize = 3 + 2 * 4 + 6 * 8 + 4;
const ACTIONS: [ActionType; 3] = [ActionType::Added, ActionType::Modified, ActionType::Deleted];
/// In place of the bytes of a reason that was not given.
const NO_REASON: u32 = u32::MAX;

/// How a lease stands, why, then what it says.
fn packed(row: &Row) -> Vec<u8> {
    let instance = &row.record.instance;
    let PackedInstance { status, overridden_status, action, lease, last_updated_ms, last_dirty_ms, .. } = instance;
    let action = ACTIONS.iter().zip(1..).find(|(known, _)| *action == Some(**known)).map_or(0, |(_, code)| code);
    let reason = row.override_reason.as_deref();
    let mut out = Vec::with_capacity(STANDS_BYTES + reason.map_or(0, str::len) + instance.said().len());
    out.extend_from_slice(&[*status as u8, *overridden_status as u8, action]);
    out.extend_from_slice(&lease.renewal_interval_s.to_le_bytes());
    out.extend_from_slice(&lease.duration_s.to_le_bytes());
    for time in [
        lease.registration_ms,
        lease.last_renewal_ms,
        lease.service_up_ms,
        *last_updated_ms,
        *last_dirty_ms,
        row.overridden_ms,
    ] {
        out.extend_from_slice(&time.to_le_bytes());
    }
    out.extend_from_slice(&reason.map_or(NO_REASON, |reason| reason.len() as u32).to_le_bytes());
    out.extend_from_slice(reason.unwrap_or_default().as_bytes());
    out.extend_from_slice(instance.said());
    out
}

fn unpacked(number: u64, lease: &[u8]) -> Option<Kept> {
    let (stands, rest) = lease.split_first_chunk::<STANDS_BYTES>()?;
    let status = |code: u8| Status::ALL.get(usize::from(code)).copied().unwrap_or_default();
    let word = |at: usize| u32::from_le_bytes([stands[at], stands[at + 1], stands[at + 2], stands[at + 3]]);
    let mut times = [0; 6];
    for (time, bytes) in times.iter_mut().zip(stands[11..].chunks_exact(8)) {
        *time = bytes.iter().rev().fold(0, |time, byte| time << 8 | u64::from(*byte));
    }
    let [registration_ms, last_renewal_ms, service_up_ms, last_updated_ms, last_dirty_ms, overridden_ms] = times;
    let (override_reason, said) = match word(STANDS_BYTES - 4) {
        NO_REASON => (None, rest),
        bytes => {
            let (reason, said) = rest.split_at_checked(bytes as usize)?;
            (Some(str::from_utf8(reason).ok()?.to_owned()), said)
        }
    };
    let mut instance = PackedInstance::of_said(said)?;
    (instance.status, instance.overridden_status) = (status(stands[0]), status(stands[1]));
    instance.action = usize::from(stands[2]).checked_sub(1).and_then(|code| ACTIONS.get(code).copied());
    instance.lease = LeaseInfo { registration_ms, last_renewal_ms, service_up_ms, ..LeaseInfo::new(word(3), word(7)) };
    (instance.last_updated_ms, instance.last_dirty_ms) = (last_updated_ms, last_dirty_ms);
    Some(Kept { number, instance, overridden_ms, override_reason })
}
