//! The store's file: a row a lease, under a number of its own. In it the lease is one piece of bytes: how it stands, and
//! what its client says as the registry keeps that in memory.
//!
//! Write-ahead logging, so that a change appends the pages it is on and moves nothing. From the log they go to their places
//! when all is put on the medium.

use std::{path::Path, sync::Arc, time::Duration};

use bijou_eureka::{ActionType, LeaseInfo, PackedInstance, Status};
use futures_util::TryStreamExt;
use sqlx::{
    AssertSqlSafe, ConnectOptions, Connection, Executor, Row as _, Sqlite,
    sqlite::{
        SqliteConnectOptions, SqliteConnection, SqliteJournalMode, SqliteLockingMode, SqliteRow, SqliteSynchronous,
    },
};
use tokio::runtime::{self, Runtime};
use tracing::warn;

use super::Rows;
use crate::leases::{Kept, Record};

/// Where leases are. A version that packs them differently has a table of another name.
const TABLE: &str = "CREATE TABLE IF NOT EXISTS leases_1 \
                     (number INTEGER PRIMARY KEY, lease BLOB NOT NULL, override_reason TEXT)";
/// What the store's files end in: the store, and its log.
pub(super) const PARTS: [&str; 2] = ["", "-wal"];
/// Rows of one statement. Each number of rows is a statement of its own, and is kept.
const ROWS_MAX: usize = 32;
/// Pages the store keeps in memory, in KiB. It is read once, at the start.
const CACHE_KIB: &str = "-256";
/// What is left of the log once its pages are in their places.
const LOG_BYTES_MAX: &str = "4194304";

/// A lease to be written.
#[derive(Clone, Debug)]
pub struct Row {
    pub record: Arc<Record>,
    pub overridden_ms: u64,
    pub override_reason: Option<Arc<str>>,
}

/// An open store. Its methods wait, and so are called from a thread that may.
pub(super) struct Store {
    connection: SqliteConnection,
    runtime: Runtime,
    /// Something was written that may not be on the medium.
    is_behind: bool,
}

impl Store {
    /// Opens a file, which nobody else can then, and reads every lease that is there.
    pub(super) fn open(path: &Path) -> Result<(Store, Vec<Kept>), sqlx::Error> {
        let options = SqliteConnectOptions::new()
            .filename(path)
            .create_if_missing(true)
            .locking_mode(SqliteLockingMode::Exclusive)
            .journal_mode(SqliteJournalMode::Wal)
            // A commit does not wait for the medium; whatever of the log is there after a loss of power is whole.
            .synchronous(SqliteSynchronous::Normal)
            .pragma("wal_autocheckpoint", "0")
            .pragma("journal_size_limit", LOG_BYTES_MAX)
            .pragma("cache_size", CACHE_KIB)
            .busy_timeout(Duration::ZERO)
            .disable_statement_logging();
        let runtime = runtime::Builder::new_current_thread().build()?;
        let (connection, kept) = runtime.block_on(async {
            let mut connection = SqliteConnection::connect_with(&options).await?;
            connection.execute(TABLE).await?;
            let mut kept = Vec::new();
            let mut rows = sqlx::query("SELECT number, lease, override_reason FROM leases_1").fetch(&mut connection);
            while let Some(row) = rows.try_next().await? {
                kept.extend(kept_in(&row));
            }
            drop(rows);
            Ok::<_, sqlx::Error>((connection, kept))
        })?;
        Ok((Store { connection, runtime, is_behind: false }, kept))
    }

    /// Takes out leases that are over, and writes the others. Those may be there already.
    pub(super) fn write(&mut self, rows: &Rows) -> Result<(), sqlx::Error> {
        let over = rows.iter().filter(|(_, row)| row.is_none()).map(|(number, _)| number).collect::<Vec<_>>();
        let put = rows.iter().filter_map(|(number, row)| Some((number, row.as_ref()?))).collect::<Vec<_>>();
        self.is_behind |= !rows.is_empty();
        let Store { connection, runtime, .. } = self;
        runtime.block_on(async {
            // First, so that no moment has two leases of an instance that left and came back.
            for numbers in over.chunks(ROWS_MAX) {
                let places = vec!["?"; numbers.len()].join(",");
                let remove = format!("DELETE FROM leases_1 WHERE number IN ({places})");
                let mut query = sqlx::query::<Sqlite>(AssertSqlSafe(remove));
                for number in numbers {
                    query = query.bind(**number as i64);
                }
                query.execute(&mut *connection).await?;
            }
            for rows in put.chunks(ROWS_MAX) {
                let places = vec!["(?,?,?)"; rows.len()].join(",");
                let put = format!("INSERT OR REPLACE INTO leases_1 VALUES {places}");
                let mut query = sqlx::query::<Sqlite>(AssertSqlSafe(put));
                for (number, row) in rows {
                    query = query.bind(**number as i64).bind(packed(row)).bind(row.override_reason.as_deref());
                }
                query.execute(&mut *connection).await?;
            }
            Ok(())
        })
    }

    /// Puts on the medium what is not there yet. Whether there was anything.
    pub(super) fn sync(&mut self) -> Result<bool, sqlx::Error> {
        let was_behind = std::mem::take(&mut self.is_behind);
        if was_behind {
            self.runtime.block_on(self.connection.execute("PRAGMA wal_checkpoint(PASSIVE)"))?;
        }
        Ok(was_behind)
    }

    /// Puts all on the medium, and lets others have the file.
    pub(super) fn close(self) {
        if let Err(error) = self.runtime.block_on(self.connection.close()) {
            warn!(error = &error as &dyn std::error::Error, "leases were written, but may not be on the medium");
        }
    }
}

/// Whether a store cannot be opened because another process has it.
pub(super) fn is_of_another(error: &sqlx::Error) -> bool {
    const BUSY: u32 = 5;
    let code = error.as_database_error().and_then(|error| error.code()?.parse::<u32>().ok());
    // The rest of an extended code says why.
    code.is_some_and(|code| code & 0xff == BUSY)
}

fn kept_in(row: &SqliteRow) -> Option<Kept> {
    let number = row.get::<i64, _>(0) as u64;
    let unpacked = row.try_get(1).ok().and_then(unpacked);
    if unpacked.is_none() {
        warn!("a lease on disk cannot be read: number {number}");
    }
    let (instance, overridden_ms) = unpacked?;
    Some(Kept { number, instance, overridden_ms, override_reason: row.try_get(2).ok().flatten() })
}

/// Two statuses, the last action, two spans, six times.
const STANDS_BYTES: usize = 3 + 2 * 4 + 6 * 8;
const ACTIONS: [ActionType; 3] = [ActionType::Added, ActionType::Modified, ActionType::Deleted];

/// How a lease stands, then what it says.
fn packed(row: &Row) -> Vec<u8> {
    let instance = &row.record.instance;
    let PackedInstance { status, overridden_status, action, lease, last_updated_ms, last_dirty_ms, .. } = instance;
    let action = ACTIONS.iter().zip(1..).find(|(known, _)| *action == Some(**known)).map_or(0, |(_, code)| code);
    let mut out = Vec::with_capacity(STANDS_BYTES + instance.said().len());
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
    out.extend_from_slice(instance.said());
    out
}

/// The instance, and when its override was set.
fn unpacked(lease: &[u8]) -> Option<(PackedInstance, u64)> {
    let (stands, said) = lease.split_first_chunk::<STANDS_BYTES>()?;
    let status = |code: u8| Status::ALL.get(usize::from(code)).copied().unwrap_or_default();
    let seconds = |at: usize| u32::from_le_bytes([stands[at], stands[at + 1], stands[at + 2], stands[at + 3]]);
    let mut times = [0; 6];
    for (time, bytes) in times.iter_mut().zip(stands[11..].chunks_exact(8)) {
        *time = bytes.iter().rev().fold(0, |time, byte| time << 8 | u64::from(*byte));
    }
    let [registration_ms, last_renewal_ms, service_up_ms, last_updated_ms, last_dirty_ms, overridden_ms] = times;
    let mut instance = PackedInstance::of_said(said)?;
    (instance.status, instance.overridden_status) = (status(stands[0]), status(stands[1]));
    instance.action = usize::from(stands[2]).checked_sub(1).and_then(|code| ACTIONS.get(code).copied());
    instance.lease =
        LeaseInfo { registration_ms, last_renewal_ms, service_up_ms, ..LeaseInfo::new(seconds(3), seconds(7)) };
    (instance.last_updated_ms, instance.last_dirty_ms) = (last_updated_ms, last_dirty_ms);
    Some((instance, overridden_ms))
}
