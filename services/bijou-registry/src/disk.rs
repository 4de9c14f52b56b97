//! Leases on disk, so that a restart forgets nobody. An embedded store (redb), one table, one row a lease.
//!
//! Written behind: a change is noted under the registry's lock and written by a thread of its own, many at a time, a few
//! milliseconds later. A registration costs its caller nothing; what was acknowledged in the last moments before a kill
//! may be missing, and its client is told at its next renewal to register again, as ever. Renewals are not written:
//! after a restart every lease gets the same grace.

use std::{
    collections::HashMap,
    fs,
    path::{Path, PathBuf},
    sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError},
    thread::JoinHandle,
    time::Duration,
};

use bijou_eureka::{PackedInstance, json};
use redb::{Database, ReadableDatabase, ReadableTable, TableDefinition};
use serde::{Deserialize, Serialize};
use serde_json::value::RawValue;
use tracing::{error, warn};

use crate::{
    documents::Form,
    leases::{Kept, Key, Record},
};

const LEASES: TableDefinition<'static, &[u8], &[u8]> = TableDefinition::new("leases");
/// Changes are gathered for so long, so that a burst is one transaction.
const GATHER: Duration = Duration::from_millis(10);
/// Pages the store keeps in memory. Its own default is a gigabyte, for readers; here it is read once, at the start.
const CACHE_BYTES: usize = 4 * 1024 * 1024;
/// After a failure.
const PAUSE: Duration = Duration::from_secs(1);

#[derive(Debug, thiserror::Error)]
pub enum DiskError {
    #[error("failed to make folder `{}`", folder.display())]
    Folder {
        folder: PathBuf,
        #[source]
        source: std::io::Error,
    },
    #[error("`{}` is in use: another registry runs on this data folder", path.display())]
    InUse { path: PathBuf },
    #[error("failed to open `{}`", path.display())]
    Open {
        path: PathBuf,
        #[source]
        source: Box<redb::Error>,
    },
    #[error("failed to start the thread that writes leases")]
    Thread(#[source] std::io::Error),
}

type Row = (Arc<Record>, u64, Option<Arc<str>>);

#[derive(Debug, Default)]
struct Noted {
    rows: HashMap<Key, Option<Row>>,
    is_over: bool,
}

#[derive(Debug, Default)]
struct Shared {
    noted: Mutex<Noted>,
    wake: Condvar,
}

#[derive(Debug)]
pub struct Disk {
    shared: Arc<Shared>,
    writer: Mutex<Option<JoinHandle<()>>>,
}

/// A row as it is written.
#[derive(Serialize, Deserialize)]
struct Written<'a> {
    #[serde(default)]
    overridden_ms: u64,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    override_reason: Option<String>,
    #[serde(borrow)]
    instance: &'a RawValue,
}

impl Disk {
    /// Opens the store in `folder` and reads what is there.
    pub fn open(folder: &Path) -> Result<(Disk, Vec<Kept>), DiskError> {
        fs::create_dir_all(folder).map_err(|source| DiskError::Folder { folder: folder.to_owned(), source })?;
        let path = folder.join("leases.redb");
        let database = match open(&path) {
            Err(DiskError::Open { path, source }) => {
                // Who is there says so again within a renewal; a registry that does not start helps nobody.
                let aside = path.with_extension("unreadable");
                error!(
                    error = &*source as &dyn std::error::Error,
                    "`{}` cannot be read, it is put aside as `{}`",
                    path.display(),
                    aside.display()
                );
                fs::rename(&path, &aside).map_err(|source| DiskError::Folder { folder: aside, source })?;
                open(&path)?
            }
            other => other?,
        };
        let kept = read(&database).map_err(|source| DiskError::Open { path, source: Box::new(source) })?;
        let shared = Arc::new(Shared::default());
        let writer = std::thread::Builder::new()
            .name("registry-disk".to_owned())
            .spawn({
                let shared = Arc::clone(&shared);
                move || write_all(&database, &shared)
            })
            .map_err(DiskError::Thread)?;
        Ok((Disk { shared, writer: Mutex::new(Some(writer)) }, kept))
    }

    /// Notes what a lease is now; `None` when it is over.
    pub fn note(&self, key: Key, row: Option<Row>) {
        self.shared.lock().rows.insert(key, row);
        self.shared.wake.notify_one();
    }

    /// Writes what is noted, and closes.
    pub fn finish(&self) {
        self.shared.lock().is_over = true;
        self.shared.wake.notify_one();
        let writer = self.writer.lock().unwrap_or_else(PoisonError::into_inner).take();
        // The thread does not panic; if it did there is nothing left to write.
        let _ = writer.map(JoinHandle::join);
    }
}

impl Shared {
    fn lock(&self) -> MutexGuard<'_, Noted> {
        self.noted.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

fn open(path: &Path) -> Result<Database, DiskError> {
    Database::builder().set_cache_size(CACHE_BYTES).create(path).map_err(|error| match error {
        redb::DatabaseError::DatabaseAlreadyOpen => DiskError::InUse { path: path.to_owned() },
        other => DiskError::Open { path: path.to_owned(), source: Box::new(other.into()) },
    })
}

fn read(database: &Database) -> Result<Vec<Kept>, redb::Error> {
    let transaction = database.begin_read()?;
    let table = match transaction.open_table(LEASES) {
        Ok(table) => table,
        Err(redb::TableError::TableDoesNotExist(_)) => return Ok(Vec::new()),
        Err(error) => return Err(error.into()),
    };
    let mut kept = Vec::new();
    for row in table.iter()? {
        let (key, value) = row?;
        if let Some(lease) = parsed(value.value()) {
            kept.push(lease);
        } else {
            warn!("a lease on disk cannot be read: `{}`", String::from_utf8_lossy(key.value()));
        }
    }
    Ok(kept)
}

fn parsed(bytes: &[u8]) -> Option<Kept> {
    let written: Written<'_> = serde_json::from_slice(bytes).ok()?;
    let instance = json::read_instance(written.instance.get().as_bytes()).ok()?;
    let instance = PackedInstance::from(&instance);
    Some(Kept { instance, overridden_ms: written.overridden_ms, override_reason: written.override_reason })
}

fn write_all(database: &Database, shared: &Shared) {
    let mut has_failed = false;
    loop {
        let is_over = {
            let mut noted = shared.lock();
            while noted.rows.is_empty() && !noted.is_over {
                noted = shared.wake.wait(noted).unwrap_or_else(PoisonError::into_inner);
            }
            noted.is_over
        };
        if !is_over {
            std::thread::sleep(GATHER);
        }
        let rows = std::mem::take(&mut shared.lock().rows);
        match write(database, &rows) {
            Ok(()) => has_failed = false,
            Err(error) => {
                if !std::mem::replace(&mut has_failed, true) {
                    error!(error = &error as &dyn std::error::Error, "leases cannot be written, it is tried again");
                }
                // What was noted since is newer.
                let mut noted = shared.lock();
                for (key, row) in rows {
                    noted.rows.entry(key).or_insert(row);
                }
                drop(noted);
                if is_over {
                    return;
                }
                std::thread::sleep(PAUSE);
                continue;
            }
        }
        if is_over {
            return;
        }
    }
}

fn write(database: &Database, rows: &HashMap<Key, Option<Row>>) -> Result<(), redb::Error> {
    if rows.is_empty() {
        return Ok(());
    }
    let transaction = database.begin_write()?;
    {
        let mut table = transaction.open_table(LEASES)?;
        for ((app, id), row) in rows {
            let key = [app.as_bytes(), b"\0", id.as_bytes()].concat();
            match row {
                None => drop(table.remove(key.as_slice())?),
                Some((record, overridden_ms, reason)) => {
                    let value = written(record, *overridden_ms, reason.as_deref());
                    table.insert(key.as_slice(), value.as_slice())?;
                }
            }
        }
    }
    transaction.commit()?;
    Ok(())
}

fn written(record: &Record, overridden_ms: u64, reason: Option<&str>) -> Vec<u8> {
    let mut out = Vec::with_capacity(1536);
    out.extend_from_slice(format!(r#"{{"overridden_ms":{overridden_ms},"#).as_bytes());
    if let Some(reason) = reason {
        out.extend_from_slice(br#""override_reason":"#);
        json::write_text(&mut out, reason);
        out.push(b',');
    }
    out.extend_from_slice(br#""instance":"#);
    record.write(&mut out, Form::Json);
    out.push(b'}');
    out
}

#[cfg(test)]
mod tests {
    use bijou_eureka::{Instance, Status};

    use super::*;

    fn row(id: &str, status: Status) -> (Key, Option<Row>) {
        let mut instance = Instance::new("orders", id, "n7", "10.4.0.7", 8080).with_metadata("zone", "a \"b\"");
        instance.overridden_status = status;
        let record = Arc::new(Record::new(&instance));
        (("ORDERS".into(), id.into()), Some((record, 7, Some("a \"drill\"".into()))))
    }

    #[test]
    fn what_was_noted_is_there_after_opening_again_and_what_ended_is_not() {
        let folder = tempfile::tempdir().expect("a folder");
        let (disk, kept) = Disk::open(folder.path()).expect("new");
        assert!(kept.is_empty());
        for id in ["a", "b"] {
            let (key, row) = row(id, Status::OutOfService);
            disk.note(key, row);
        }
        disk.note(("ORDERS".into(), "b".into()), None);
        disk.finish();
        drop(disk);
        let (disk, kept) = Disk::open(folder.path()).expect("again");
        assert_eq!(kept.len(), 1);
        assert_eq!((kept[0].instance.id(), kept[0].instance.overridden_status), ("a", Status::OutOfService));
        assert_eq!((kept[0].overridden_ms, kept[0].override_reason.as_deref()), (7, Some("a \"drill\"")));
        assert_eq!(kept[0].instance.to_instance().metadata["zone"], "a \"b\"");
        let second = Disk::open(folder.path()).map(|_| ()).expect_err("one registry a folder");
        assert!(second.to_string().contains("another registry"), "{second}");
        disk.finish();
    }

    #[test]
    fn a_store_that_cannot_be_read_is_put_aside() {
        let folder = tempfile::tempdir().expect("a folder");
        fs::write(folder.path().join("leases.redb"), "not a database").expect("written");
        let (disk, kept) = Disk::open(folder.path()).expect("a new one");
        assert!(kept.is_empty());
        assert!(folder.path().join("leases.unreadable").exists());
        disk.finish();
    }
}
