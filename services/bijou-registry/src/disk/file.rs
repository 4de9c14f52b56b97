//! The store's file. What is written is the operating system's from then on, and outlives this process; when it is put on
//! the medium is decided apart from that.

use std::{
    fs::OpenOptions,
    io,
    ops::Bound,
    path::Path,
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
};

use redb::{BackendError, DatabaseError, StorageBackend, backends::FileBackend};
use tracing::error;

/// A file whose store believes that all is on the medium.
#[derive(Debug)]
pub(super) struct LazyFile(Arc<File>);

/// The same file, for whoever puts it there.
#[derive(Debug)]
pub(super) struct Medium(Arc<File>);

#[derive(Debug)]
struct File {
    file: FileBackend,
    is_behind: AtomicBool,
}

impl LazyFile {
    pub(super) fn open(path: &Path) -> Result<(LazyFile, Medium), DatabaseError> {
        let file = OpenOptions::new().read(true).write(true).create(true).truncate(false).open(path)?;
        let file = Arc::new(File { file: FileBackend::new(file)?, is_behind: AtomicBool::new(false) });
        Ok((LazyFile(Arc::clone(&file)), Medium(file)))
    }
}

impl Medium {
    /// Puts on the medium what is not there yet. Whether there was anything.
    pub(super) fn sync(&self) -> bool {
        let was_behind = self.0.is_behind.swap(false, Ordering::AcqRel);
        if was_behind && let Err(error) = self.0.file.sync_data() {
            error!(error = &error as &dyn std::error::Error, "leases were written, but may not be on the medium");
        }
        was_behind
    }
}

impl StorageBackend for LazyFile {
    fn len(&self) -> io::Result<u64> {
        self.0.file.len()
    }

    fn read(&self, offset: u64, out: &mut [u8]) -> io::Result<()> {
        self.0.file.read(offset, out)
    }

    fn set_len(&self, length: u64) -> io::Result<()> {
        self.0.file.set_len(length)
    }

    fn sync_data(&self) -> io::Result<()> {
        self.0.is_behind.store(true, Ordering::Release);
        Ok(())
    }

    fn write(&self, offset: u64, data: &[u8]) -> io::Result<()> {
        self.0.file.write(offset, data)
    }

    fn close(&self) -> io::Result<()> {
        self.0.file.close()
    }

    fn try_lock_range(&self, start: Bound<u64>, end: Bound<u64>) -> Result<bool, BackendError> {
        self.0.file.try_lock_range(start, end)
    }

    fn try_lock_shared_range(&self, start: Bound<u64>, end: Bound<u64>) -> Result<bool, BackendError> {
        self.0.file.try_lock_shared_range(start, end)
    }

    fn lock_range(&self, start: Bound<u64>, end: Bound<u64>) -> Result<(), BackendError> {
        self.0.file.lock_range(start, end)
    }

    fn lock_shared_range(&self, start: Bound<u64>, end: Bound<u64>) -> Result<(), BackendError> {
        self.0.file.lock_shared_range(start, end)
    }

    fn unlock_range(&self, start: Bound<u64>, end: Bound<u64>) -> Result<(), BackendError> {
        self.0.file.unlock_range(start, end)
    }

    fn query_lock_range(&self, start: Bound<u64>, end: Bound<u64>) -> Result<bool, BackendError> {
        self.0.file.query_lock_range(start, end)
    }
}
