//! Printed and resized images, kept: in memory for the ones in use, on disk for the rest, both with a bound.
//!
//! Printing costs CPU, so few are printed at once, each picture once however many ask for it, and only so many askers
//! wait. The disk's folder is shared by all instances on a machine and may be deleted at any time.

use std::collections::{HashMap, VecDeque};
use std::path::PathBuf;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, PoisonError};

use bytes::Bytes;
use prometheus_client::metrics::counter::Counter;
use prometheus_client::metrics::histogram::Histogram;
use tokio::sync::{OnceCell, Semaphore};
use tracing::warn;

use super::{ImageError, Role, Spec};
use crate::telemetry::ImageMetrics;

/// Bounds of the cache.
#[derive(Debug, Clone, Copy)]
pub struct Bounds {
    pub memory_bytes_max: usize,
    pub disk_bytes_max: u64,
    /// Images printed at the same time.
    pub printing_max: usize,
    /// Askers that wait for a printer; more are refused.
    pub waiting_max: usize,
}

impl Bounds {
    /// As configured; what is left open is set by the machine.
    pub fn of(config: &crate::ImagesConfig) -> Self {
        let processors = std::thread::available_parallelism().map_or(1, std::num::NonZero::get);
        let printing_max = match config.printing_max {
            0 => (processors - 1).max(1),
            told => told,
        };
        Self {
            memory_bytes_max: config.memory_bytes_max,
            disk_bytes_max: config.disk_bytes_max,
            printing_max,
            waiting_max: config.waiting_max,
        }
    }
}

/// The images of one instance. Cheap to clone.
#[derive(Clone)]
pub struct Images(Arc<Inner>);

struct Inner {
    folder: PathBuf,
    bounds: Bounds,
    memory: Mutex<Memory>,
    flights: Mutex<HashMap<String, Arc<OnceCell<Bytes>>>>,
    printers: Semaphore,
    waiting: Semaphore,
    disk_bytes: AtomicU64,
    metrics: ImageMetrics,
}

/// Why there is no image.
#[derive(Debug)]
pub enum NoImage {
    /// Too many wait already.
    Busy,
    Failed(ImageError),
}

impl Images {
    /// Images kept in `folder`.
    pub fn new(folder: PathBuf, bounds: Bounds, metrics: ImageMetrics) -> Self {
        let disk_bytes = entries(&folder).iter().map(|entry| entry.bytes).sum();
        Self(Arc::new(Inner {
            folder,
            bounds,
            memory: Mutex::new(Memory::default()),
            flights: Mutex::new(HashMap::new()),
            printers: Semaphore::new(bounds.printing_max.max(1)),
            waiting: Semaphore::new(bounds.waiting_max.max(1)),
            disk_bytes: AtomicU64::new(disk_bytes),
            metrics,
        }))
    }

    /// The image of this hash, role and size; `make` prints it when nobody has yet.
    pub async fn get(
        &self,
        hash: &str,
        role: Role,
        spec: Spec,
        make: impl FnOnce() -> Result<Vec<u8>, ImageError> + Send + 'static,
    ) -> Result<Bytes, NoImage> {
        let key = format!("{hash}-{}-{}", role.as_str(), spec.name);
        if let Some(bytes) = self.0.memory().get(&key) {
            self.0.metrics.hits.inc();
            return Ok(bytes);
        }
        let flight = Arc::clone(self.0.flights().entry(key.clone()).or_default());
        let made = flight.get_or_try_init(|| self.find_or_make(&key, make)).await.cloned();
        self.0.flights().remove(&key);
        let bytes = made?;
        self.0.memory().put(key, bytes.clone(), self.0.bounds.memory_bytes_max);
        Ok(bytes)
    }

    async fn find_or_make(
        &self,
        key: &str,
        make: impl FnOnce() -> Result<Vec<u8>, ImageError> + Send + 'static,
    ) -> Result<Bytes, NoImage> {
        let path = self.0.folder.join(format!("{key}.jpg"));
        if let Ok(bytes) = tokio::fs::read(&path).await
            && bytes.ends_with(&[0xff, 0xd9])
        {
            self.0.metrics.hits.inc();
            return Ok(bytes.into());
        }
        let Ok(_waiting) = self.0.waiting.try_acquire() else {
            self.0.metrics.refused.inc();
            return Err(NoImage::Busy);
        };
        let _printer = self.0.printers.acquire().await.map_err(|_| NoImage::Failed(ImageError::GivenUp))?;
        let inner = Arc::clone(&self.0);
        let made = tokio::task::spawn_blocking(move || {
            let started = std::time::Instant::now();
            let bytes = Bytes::from(make()?);
            inner.metrics.print_seconds.observe(started.elapsed().as_secs_f64());
            inner.keep(&path, &bytes);
            Ok(bytes)
        })
        .await;
        match made {
            Ok(result) => result.map_err(NoImage::Failed),
            Err(_) => Err(NoImage::Failed(ImageError::GivenUp)),
        }
    }
}

impl Inner {
    fn memory(&self) -> std::sync::MutexGuard<'_, Memory> {
        self.memory.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn flights(&self) -> std::sync::MutexGuard<'_, HashMap<String, Arc<OnceCell<Bytes>>>> {
        self.flights.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Writes an image beside its place and moves it there, so that no reader sees half of one.
    fn keep(&self, path: &std::path::Path, bytes: &[u8]) {
        let half = path.with_extension(format!("{}.half", std::process::id()));
        let written = std::fs::create_dir_all(&self.folder)
            .and_then(|()| std::fs::write(&half, bytes))
            .and_then(|()| std::fs::rename(&half, path));
        if let Err(error) = written {
            warn!(file.path = %path.display(), "image not kept on disk, it will be printed again: {error}");
            return;
        }
        let used = self.disk_bytes.fetch_add(bytes.len() as u64, Ordering::Relaxed) + bytes.len() as u64;
        if used > self.bounds.disk_bytes_max {
            self.sweep();
        }
    }

    /// Deletes the oldest images until a fifth of the room is free again.
    fn sweep(&self) {
        let mut files = entries(&self.folder);
        files.sort_by_key(|entry| entry.modified);
        let mut used: u64 = files.iter().map(|entry| entry.bytes).sum();
        for entry in files {
            if used <= self.bounds.disk_bytes_max / 5 * 4 {
                break;
            }
            if std::fs::remove_file(&entry.path).is_ok() {
                used -= entry.bytes;
            }
        }
        self.disk_bytes.store(used, Ordering::Relaxed);
    }
}

struct Entry {
    path: PathBuf,
    bytes: u64,
    modified: std::time::SystemTime,
}

fn entries(folder: &std::path::Path) -> Vec<Entry> {
    let Ok(files) = std::fs::read_dir(folder) else {
        return Vec::new();
    };
    files
        .filter_map(|file| {
            let file = file.ok()?;
            let metadata = file.metadata().ok()?;
            Some(Entry { path: file.path(), bytes: metadata.len(), modified: metadata.modified().ok()? })
        })
        .collect()
}

/// Images in use, the least recently added out first.
#[derive(Default)]
struct Memory {
    images: HashMap<String, Bytes>,
    order: VecDeque<String>,
    bytes: usize,
}

impl Memory {
    fn get(&self, key: &str) -> Option<Bytes> {
        self.images.get(key).cloned()
    }

    fn put(&mut self, key: String, bytes: Bytes, bytes_max: usize) {
        self.bytes += bytes.len();
        if let Some(old) = self.images.insert(key.clone(), bytes) {
            self.bytes -= old.len();
        } else {
            self.order.push_back(key);
        }
        while self.bytes > bytes_max {
            let Some(oldest) = self.order.pop_front() else {
                break;
            };
            if let Some(old) = self.images.remove(&oldest) {
                self.bytes -= old.len();
            }
        }
    }
}

/// Counters without a registry, for tests and tools.
impl Default for ImageMetrics {
    fn default() -> Self {
        Self {
            hits: Counter::default(),
            refused: Counter::default(),
            print_seconds: Histogram::new([0.005, 0.01, 0.02, 0.05, 0.1, 0.25, 1.0]),
        }
    }
}

#[cfg(test)]
mod tests {
    use std::sync::atomic::AtomicU32;

    use super::*;

    const BOUNDS: Bounds = Bounds { memory_bytes_max: 30, disk_bytes_max: 100, printing_max: 1, waiting_max: 2 };

    fn images(folder: &std::path::Path) -> Images {
        Images::new(folder.to_owned(), BOUNDS, ImageMetrics::default())
    }

    fn jpeg() -> Vec<u8> {
        vec![0xff, 0xd8, 0, 0, 0, 0, 0, 0, 0xff, 0xd9]
    }

    #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
    async fn many_askers_get_one_printing() {
        let folder = tempfile::tempdir().expect("a folder");
        let images = images(folder.path());
        let printed = Arc::new(AtomicU32::new(0));
        let asking: Vec<_> = (0..8)
            .map(|_| {
                let (images, printed) = (images.clone(), Arc::clone(&printed));
                tokio::spawn(async move {
                    images
                        .get("a", Role::Poster, Role::Poster.usual(), move || {
                            printed.fetch_add(1, Ordering::SeqCst);
                            std::thread::sleep(std::time::Duration::from_millis(30));
                            Ok(jpeg())
                        })
                        .await
                        .is_ok()
                })
            })
            .collect();
        for answer in asking {
            assert!(answer.await.expect("no panic"));
        }
        assert_eq!(printed.load(Ordering::SeqCst), 1);
    }

    #[tokio::test]
    async fn what_is_on_disk_is_not_printed_again() {
        let folder = tempfile::tempdir().expect("a folder");
        let spec = Role::Poster.usual();
        images(folder.path()).get("a", Role::Poster, spec, || Ok(jpeg())).await.expect("printed");
        let again = images(folder.path()).get("a", Role::Poster, spec, || Err(ImageError::Size)).await.expect("read");
        assert_eq!(again, jpeg());
    }

    #[tokio::test]
    async fn half_a_file_is_printed_anew() {
        let folder = tempfile::tempdir().expect("a folder");
        let spec = Role::Poster.usual();
        std::fs::write(folder.path().join("a-poster-w480.jpg"), [0xff, 0xd8, 1]).expect("written");
        let bytes = images(folder.path()).get("a", Role::Poster, spec, || Ok(jpeg())).await.expect("printed");
        assert_eq!(bytes, jpeg());
    }

    #[tokio::test]
    async fn disk_and_memory_stay_within_their_bounds() {
        let folder = tempfile::tempdir().expect("a folder");
        let images = images(folder.path());
        for number in 0..40 {
            let made = images.get(&format!("{number}"), Role::Poster, Role::Poster.usual(), || Ok(jpeg())).await;
            made.expect("printed");
        }
        let on_disk: u64 = entries(folder.path()).iter().map(|entry| entry.bytes).sum();
        assert!(on_disk <= 100, "{on_disk}");
        assert!(images.0.memory().bytes <= 30);
    }

    #[tokio::test]
    async fn a_failed_printing_is_told_and_tried_again() {
        let folder = tempfile::tempdir().expect("a folder");
        let images = images(folder.path());
        let spec = Role::Poster.usual();
        let failed = images.get("a", Role::Poster, spec, || Err(ImageError::Size)).await;
        assert!(matches!(failed, Err(NoImage::Failed(ImageError::Size))));
        images.get("a", Role::Poster, spec, || Ok(jpeg())).await.expect("printed now");
    }
}
