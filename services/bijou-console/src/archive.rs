//! The archive: spans, log lines, told requests, metrics, and who came and went, on disk, within a budget of bytes, oldest dropped first.
//!
//! Intake puts rows into a bounded queue ([`queue`]) and goes on; one task writes them, twice a second at least, into the
//! newest of several SQLite files ([`segment`]). A file that has its share of the budget is sealed and the next one begun;
//! whatever is beyond the budget goes by removing the oldest file. [`read`] finds things again. Why files of its own, on
//! PostgreSQL too: `docs/adr/0030`.

mod comings;
mod points;
mod queue;
mod read;
mod record;
mod segment;

use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, RwLock};
use std::time::Duration;

use bijou_chassis::BoxError;
use bijou_telemetry::TraceId;
use tokio::sync::Notify;
use tokio_util::sync::CancellationToken;
use tracing::{info, warn};

use self::queue::{Queue, Rows, Signal};
use self::segment::Segment;
use crate::domain::comings::Coming;
use crate::domain::story::Request;
use crate::domain::trace::{Level, LogLine, Span, Trace};
use bijou_telemetry::openmetrics::{Family, Sample};

pub use self::points::{Example, Stretch};
pub use self::queue::Dropped;
pub use self::read::{LinesWanted, words};
pub use self::record::first_seq;

/// The least budget: below it a file would hold next to nothing.
pub const BYTES_MIN: u64 = 8 * 1024 * 1024;

/// Files the budget is divided into; so much of it goes at once when the oldest goes.
const FILES: u64 = 16;

/// Rows that may wait for the disk, in bytes.
const QUEUE_BYTES_MAX: usize = 16 * 1024 * 1024;

/// How long rows wait for company. A killed process loses what waits.
const WRITE_EVERY: Duration = Duration::from_millis(400);

/// The most that is written in one transaction, in bytes.
const PART_BYTES_MAX: u64 = 4 * 1024 * 1024;

/// The archive. Cheap to clone.
#[derive(Debug, Clone)]
pub struct Archive(Arc<Inner>);

#[derive(Debug)]
struct Inner {
    folder: PathBuf,
    bytes_max: u64,
    queue: Mutex<Queue>,
    came: Notify,
    /// Oldest first; never empty.
    segments: RwLock<Vec<Arc<Segment>>>,
    bytes: AtomicU64,
    forgotten_files: AtomicU64,
    forgotten_bytes: AtomicU64,
    is_failing: AtomicBool,
}

/// How full the archive is, and what it lost.
#[derive(Debug, Clone, Copy)]
pub struct Fill {
    pub bytes: u64,
    pub bytes_max: u64,
    pub files: usize,
    pub queue_bytes: usize,
    pub queue_bytes_max: usize,
    pub forgotten_files: u64,
    pub forgotten_bytes: u64,
    pub dropped: Dropped,
}

impl Archive {
    /// Opens what a folder holds. A file that cannot be read is removed: it is a copy of the past, not worth a start.
    pub async fn open(folder: &Path, bytes_max: u64) -> Result<Self, BoxError> {
        if bytes_max < BYTES_MIN {
            return Err(format!("console.archive_bytes_max is {bytes_max}; give it {BYTES_MIN} at least").into());
        }
        std::fs::create_dir_all(folder)?;
        let mut segments = Vec::new();
        for number in segment::numbers(folder)? {
            match Segment::open(folder, number).await {
                Ok(segment) => segments.push(Arc::new(segment)),
                Err(error) => {
                    warn!(
                        error = &error as &dyn std::error::Error,
                        number, "a file of the archive cannot be read and is removed"
                    );
                    std::fs::remove_file(folder.join(format!("{number:08}.sqlite")))?;
                }
            }
        }
        if segments.is_empty() {
            segments.push(Arc::new(Segment::open(folder, 1).await?));
        }
        let archive = Self(Arc::new(Inner {
            folder: folder.to_owned(),
            bytes_max,
            queue: Mutex::new(Queue::new(QUEUE_BYTES_MAX)),
            came: Notify::new(),
            segments: RwLock::new(segments),
            bytes: AtomicU64::new(0),
            forgotten_files: AtomicU64::new(0),
            forgotten_bytes: AtomicU64::new(0),
            is_failing: AtomicBool::new(false),
        }));
        archive.keep_within_budget().await?;
        Ok(archive)
    }

    /// Keeps a span, if there is room; a notable one failed, or was slow for its route.
    pub fn keep_span(&self, span: &Span, notable: bool) {
        self.keep(Some(span.trace_id), notable, Signal::Spans, || record::span_row(span));
    }

    /// Keeps what was left out of a trace that turned out to be notable.
    pub fn make_good(&self, id: TraceId, trace: &Trace) {
        let Some(lines) = self.queue().take_left_out(u128::from_be_bytes(id.to_bytes())) else { return };
        // Those that were kept meanwhile are known by their ids when the trace is read.
        trace.spans.iter().for_each(|span| self.keep_span(span, true));
        // What was left out came before what was not.
        for line in trace.logs.iter().take(lines) {
            self.keep_as(line, true);
        }
    }

    /// Keeps a line, if there is room.
    pub fn keep_line(&self, line: &LogLine) {
        self.keep_as(line, line.level >= Level::Warn);
    }

    fn keep_as(&self, line: &LogLine, notable: bool) {
        self.keep(line.trace_id, notable, Signal::Lines, || record::line_row(record::seq(line.at_ns), line));
    }

    /// Keeps a told request, if there is room.
    pub fn keep_request(&self, request: &Request, notable: bool) {
        self.keep(record::trace_id(&request.id), notable, Signal::Requests, || record::request_row(request));
    }

    /// Keeps a value of a metric at a second since 1970, if there is room.
    pub fn keep_point(&self, sample: &Sample, at_s: i64) {
        self.keep(None, true, Signal::Points, || points::point_row(sample, at_s));
    }

    /// Keeps what is said of a metric, if there is room.
    pub fn keep_family(&self, family: &Family) {
        self.keep(None, true, Signal::Families, || points::family_row(family));
    }

    /// Keeps what somebody delivered unasked, unless it is crowded: that must not push out what an operator looks for.
    pub fn keep_pushed_point(&self, sample: &Sample, at_s: i64) {
        self.keep(None, false, Signal::Points, || points::point_row(sample, at_s));
    }

    /// Keeps what is said of such a metric, unless it is crowded.
    pub fn keep_pushed_family(&self, family: &Family) {
        self.keep(None, false, Signal::Families, || points::family_row(family));
    }

    /// Keeps that an instance came or went, if there is room.
    pub fn keep_coming(&self, coming: &Coming) {
        self.keep(None, true, Signal::Comings, || comings::row(coming));
    }

    /// How full it is.
    pub fn fill(&self) -> Fill {
        let queue = self.queue();
        let ((queue_bytes, queue_bytes_max), dropped) = (queue.fill(), queue.dropped());
        drop(queue);
        Fill {
            bytes: self.0.bytes.load(Ordering::Relaxed),
            bytes_max: self.0.bytes_max,
            files: self.segments().len(),
            queue_bytes,
            queue_bytes_max,
            forgotten_files: self.0.forgotten_files.load(Ordering::Relaxed),
            forgotten_bytes: self.0.forgotten_bytes.load(Ordering::Relaxed),
            dropped,
        }
    }

    /// Writes what comes until `stop`, and then the rest.
    pub async fn write_until(&self, stop: CancellationToken) {
        loop {
            let is_stopping = tokio::select! {
                () = stop.cancelled() => true,
                () = tokio::time::sleep(WRITE_EVERY) => false,
                () = self.0.came.notified() => false,
            };
            self.write_waiting().await;
            if is_stopping {
                return;
            }
        }
    }

    /// Closes every file.
    pub async fn close(self) {
        for segment in self.segments() {
            segment.database.close().await;
        }
    }

    /// Writes what waits.
    pub async fn write_waiting(&self) {
        let rows = self.queue().take();
        if rows.len() == 0 {
            return;
        }
        for part in rows.parts(PART_BYTES_MAX.min(self.file_bytes_max() / 4) as usize) {
            let result = self.write(&part).await;
            let was_failing = self.0.is_failing.swap(result.is_err(), Ordering::Relaxed);
            match result {
                Ok(()) if was_failing => info!("the archive takes records again"),
                Ok(()) => {}
                Err(error) => {
                    self.queue().lose(part.len());
                    // Once, not twice a second for as long as the disk is full.
                    if !was_failing {
                        warn!(
                            error = &*error as &dyn std::error::Error,
                            "the archive cannot be written; records are lost until it can"
                        );
                    }
                }
            }
        }
        self.queue().written();
    }

    async fn write(&self, rows: &Rows) -> Result<(), BoxError> {
        let newest = self.newest();
        newest.write(rows).await?;
        if newest.wal_bytes() > self.file_bytes_max() / 4 {
            newest.fold().await?;
        }
        if newest.bytes() >= self.file_bytes_max() {
            newest.fold().await?;
            let next = Segment::open(&self.0.folder, newest.number + 1).await?;
            self.0.segments.write().expect("nothing panics while it is held").push(Arc::new(next));
        }
        self.keep_within_budget().await
    }

    /// Removes the oldest files until the rest, and another one, fit.
    async fn keep_within_budget(&self) -> Result<(), BoxError> {
        loop {
            let segments = self.segments();
            let bytes: u64 = segments.iter().map(|segment| segment.bytes()).sum();
            self.0.bytes.store(bytes, Ordering::Relaxed);
            // The newest may still grow by a part and its write-ahead log.
            if bytes + self.file_bytes_max() <= self.0.bytes_max || segments.len() == 1 {
                return Ok(());
            }
            let oldest = self.0.segments.write().expect("nothing panics while it is held").remove(0);
            let freed = oldest.bytes();
            oldest.remove().await?;
            self.0.forgotten_files.fetch_add(1, Ordering::Relaxed);
            self.0.forgotten_bytes.fetch_add(freed, Ordering::Relaxed);
        }
    }

    fn keep(&self, trace: Option<TraceId>, notable: bool, signal: Signal, row: impl FnOnce() -> String) {
        let trace = trace.map(|id| u128::from_be_bytes(id.to_bytes()));
        if !self.queue().admits(trace, notable, signal) {
            return;
        }
        // Written outside of the lock; a row too many is no harm.
        let row = row();
        let mut queue = self.queue();
        queue.push(signal, row);
        let (bytes, bytes_max) = queue.fill();
        drop(queue);
        if bytes > bytes_max / 4 {
            self.0.came.notify_one();
        }
    }

    fn queue(&self) -> MutexGuard<'_, Queue> {
        self.0.queue.lock().expect("nothing panics while it is held")
    }

    /// All files, oldest first.
    fn segments(&self) -> Vec<Arc<Segment>> {
        self.0.segments.read().expect("nothing panics while it is held").clone()
    }

    fn newest(&self) -> Arc<Segment> {
        let segments = self.0.segments.read().expect("nothing panics while it is held");
        Arc::clone(segments.last().expect("there is one from the beginning"))
    }

    fn file_bytes_max(&self) -> u64 {
        self.0.bytes_max / FILES
    }
}

#[cfg(test)]
mod tests;
