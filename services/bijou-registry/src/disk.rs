//! Leases on disk, so that a restart forgets nobody. An embedded store (SQLite), see [`store`].
//!
//! A change is noted under the registry's lock and written by a thread of its own, together with all that were noted
//! while it wrote what came before. Who changed something waits for that ([`Disk::written`]), so that a process killed at
//! any moment has forgotten no change it answered. Who is registered and registers again does not wait ([`Haste`]), and
//! renewals are not written: after a restart every lease gets the same grace.
//!
//! Written means handed to the operating system, which outlives this process. It is told to put it on the medium once a
//! second: doing so for every registration would cost more than all else a registration does. A machine that loses its
//! power may so lose the last second: whoever is there registers again within a renewal.

mod store;

use std::{
    collections::BTreeMap,
    fs,
    path::{Path, PathBuf},
    sync::{
        Arc, Condvar, Mutex, MutexGuard, PoisonError,
        atomic::{AtomicBool, Ordering},
        mpsc,
    },
    thread::JoinHandle,
    time::{Duration, Instant},
};

use tokio::sync::Notify;
use tracing::{error, warn};

pub use self::store::Row;
use self::store::Store;
use crate::leases::Kept;

/// Changes are written so long after those before them, together: a transaction costs more than its rows. After a quiet time
/// they are written at once.
const APART: Duration = Duration::from_millis(1);
/// After so long repetitions are written. A killed process forgets the latest.
const REPETITIONS_WAIT: Duration = Duration::from_secs(1);
/// How often what was written is put on the medium.
const SYNC_EVERY: Duration = Duration::from_secs(1);
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
        source: rusqlite::Error,
    },
    #[error("failed to start the thread that writes leases")]
    Thread(#[source] std::io::Error),
}

/// Rows by their number; `None` for those that are over.
type Rows = BTreeMap<u64, Option<Row>>;

/// Whether somebody waits until it is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Haste {
    Awaited,
    /// It is written with what comes next. A process killed before that forgets it, and the client says it again: see
    /// [`Change::is_later_version`](crate::leases::Change::is_later_version).
    Soon,
    /// The client said again what it had said, at a later time. Without it on disk a registry that was killed has the lease
    /// all the same, and at most asks that client to say it once more.
    Repetition,
}

/// What is written at once, as those see it who wait for it.
#[derive(Debug, Default)]
struct Batch {
    is_written: AtomicBool,
    written: Notify,
}

#[derive(Debug, Default)]
struct Noted {
    rows: Rows,
    /// Of these rows.
    batch: Arc<Batch>,
    /// Whether one of these rows is awaited.
    is_awaited: bool,
    /// Other rows, and until when they may wait.
    repetitions: Rows,
    repetitions_until: Option<Instant>,
    /// What is being written, if it is awaited.
    writing: Option<Arc<Batch>>,
    /// Nobody is made to wait for a disk that takes nothing.
    is_failing: bool,
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

impl Disk {
    /// Opens the store in `folder` and reads what is there.
    pub fn open(folder: &Path) -> Result<(Disk, Vec<Kept>), DiskError> {
        fs::create_dir_all(folder).map_err(|source| DiskError::Folder { folder: folder.to_owned(), source })?;
        let path = folder.join("leases.sqlite");
        let shared = Arc::new(Shared::default());
        let (tell_opened, opened) = mpsc::sync_channel(1);
        let writer = std::thread::Builder::new()
            .name("registry-disk".to_owned())
            .spawn({
                let shared = Arc::clone(&shared);
                move || match open(&path) {
                    Ok((store, kept)) => {
                        let _ = tell_opened.send(Ok(kept));
                        write_all(store, &shared);
                    }
                    Err(error) => {
                        let _ = tell_opened.send(Err(error));
                    }
                }
            })
            .map_err(DiskError::Thread)?;
        let kept = opened.recv().expect("the thread tells what became of it")?;
        Ok((Disk { shared, writer: Mutex::new(Some(writer)) }, kept))
    }

    /// Notes what a lease is now; `None` when it is over.
    pub fn note(&self, number: u64, row: Option<Row>, haste: Haste) {
        let mut noted = self.shared.lock();
        let is_first = noted.note(number, row, haste);
        drop(noted);
        if is_first {
            self.shared.wake.notify_one();
        }
    }

    /// Waits until all that was noted so far and is awaited is written, or cannot be.
    pub async fn written(&self) {
        let batch = {
            let noted = self.shared.lock();
            if noted.is_failing || noted.is_over {
                return;
            }
            match &noted.writing {
                writing if !noted.is_awaited => writing.clone(),
                _ => Some(Arc::clone(&noted.batch)),
            }
        };
        if let Some(batch) = batch {
            batch.wait().await;
        }
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

impl Noted {
    /// Notes a row, and says whether it is the first that is to be written then.
    fn note(&mut self, number: u64, row: Option<Row>, haste: Haste) -> bool {
        if haste == Haste::Repetition && !self.rows.contains_key(&number) {
            let is_first = self.repetitions.is_empty();
            if is_first {
                self.repetitions_until = Some(Instant::now() + REPETITIONS_WAIT);
            }
            self.repetitions.insert(number, row);
            return is_first;
        }
        self.is_awaited |= haste == Haste::Awaited;
        let is_first = self.rows.is_empty();
        self.repetitions.remove(&number);
        self.rows.insert(number, row);
        is_first
    }

    /// Takes what is to be written now.
    fn take(&mut self) -> Rows {
        let mut rows = std::mem::take(&mut self.rows);
        if self.is_over || self.repetitions_until.is_some_and(|until| until <= Instant::now()) {
            self.repetitions_until = None;
            rows.append(&mut self.repetitions);
        }
        rows
    }
}

impl Batch {
    async fn wait(&self) {
        let written = self.written.notified();
        tokio::pin!(written);
        // Before looking, or it could be told in between.
        written.as_mut().enable();
        if !self.is_written.load(Ordering::Acquire) {
            written.await;
        }
    }

    fn finish(&self) {
        self.is_written.store(true, Ordering::Release);
        self.written.notify_waiters();
    }
}

impl Shared {
    fn lock(&self) -> MutexGuard<'_, Noted> {
        self.noted.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Takes what is to be written, once there is something or all is over; or nothing, when the medium's turn has come.
    fn take(&self, sync_at: Option<Instant>) -> (Rows, Arc<Batch>, bool) {
        let mut noted = self.lock();
        while noted.rows.is_empty() && !noted.is_over {
            let Some(turn_at) = sync_at.into_iter().chain(noted.repetitions_until).min() else {
                noted = self.wake.wait(noted).unwrap_or_else(PoisonError::into_inner);
                continue;
            };
            let left = turn_at.saturating_duration_since(Instant::now());
            if left.is_zero() {
                break;
            }
            noted = self.wake.wait_timeout(noted, left).unwrap_or_else(PoisonError::into_inner).0;
        }
        let batch = std::mem::take(&mut noted.batch);
        noted.writing = std::mem::take(&mut noted.is_awaited).then(|| Arc::clone(&batch));
        (noted.take(), batch, noted.is_over)
    }
}

/// Opens the store and reads it. One that cannot be read is put aside.
fn open(path: &Path) -> Result<(Store, Vec<Kept>), DiskError> {
    let failed = |source: rusqlite::Error| {
        let path = path.to_owned();
        if store::is_of_another(&source) { DiskError::InUse { path } } else { DiskError::Open { path, source } }
    };
    let opened = Store::open(path).map_err(failed);
    let Err(DiskError::Open { source, .. }) = &opened else { return opened };
    // Who is there says so again within a renewal; a registry that does not start helps nobody.
    let aside = path.with_extension("unreadable");
    error!(
        error = source as &dyn std::error::Error,
        "`{}` cannot be read, it is put aside as `{}`",
        path.display(),
        aside.display()
    );
    for part in store::PARTS {
        let [from, to] = [path, &aside].map(|name| format!("{}{part}", name.display()));
        match fs::rename(from, to) {
            Err(error) if error.kind() != std::io::ErrorKind::NotFound => {
                return Err(DiskError::Folder { folder: aside, source: error });
            }
            _ => {}
        }
    }
    Store::open(path).map_err(failed)
}

/// The writer's thread.
fn write_all(mut store: Store, shared: &Shared) {
    let mut sync_at = None;
    loop {
        let (rows, batch, is_over) = shared.take(sync_at);
        let (began, is_quiet) = (Instant::now(), rows.is_empty());
        let has_failed = store.write(&rows).is_err_and(|error| {
            tell(shared, &error);
            true
        });
        {
            let mut noted = shared.lock();
            noted.writing = None;
            noted.is_failing = has_failed;
            if has_failed {
                // What was noted since is newer.
                let mut rows = rows;
                rows.append(&mut noted.rows);
                noted.rows = rows;
            }
        }
        batch.finish();
        if is_over {
            store.close();
            return;
        }
        if has_failed {
            std::thread::sleep(PAUSE);
        } else if sync_at.is_none_or(|at| at <= Instant::now()) {
            // The first change after a quiet time is put on the medium at once.
            let was_behind = store.sync().unwrap_or_else(|error| {
                warn!(error = &error as &dyn std::error::Error, "leases were written, but may not be on the medium");
                true
            });
            sync_at = was_behind.then(|| Instant::now() + SYNC_EVERY);
        }
        if !is_quiet {
            std::thread::sleep(APART.saturating_sub(began.elapsed()));
        }
    }
}

fn tell(shared: &Shared, error: &rusqlite::Error) {
    if !shared.lock().is_failing {
        error!(error = error as &dyn std::error::Error, "leases cannot be written, it is tried again");
    }
}

#[cfg(test)]
mod tests;
