//! Who speaks: the resource that every span and log record of a role carries, and the role of the current thread.
//!
//! In `--one-process` each role runs on threads of its own (whose makers bind them as they start), so the role is a
//! property of the thread. That holds for spawned tasks and library callbacks too, which a task-local or a span would
//! lose. Tests that share one runtime wrap futures in [`Role::scope`] instead.

use std::cell::RefCell;
use std::future::Future;
use std::pin::Pin;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, OnceLock};
use std::task::{Context, Poll};
use std::time::{Duration, Instant};

use tracing::Level;

use crate::export;
use crate::layer::LogRecord;
use crate::queue::{Dropped, Kept, Queue};
use crate::sampler::RateSampler;
use crate::settings::{Destination, TelemetrySettings};
use crate::slow::SlowLimits;
use crate::span::{Outcome, SpanRecord};

thread_local! {
    static CURRENT: RefCell<Option<Role>> = const { RefCell::new(None) };
}

/// The first role of the process speaks for threads that nobody bound.
static FIRST: OnceLock<Role> = OnceLock::new();

/// One role in this process. Cheap to clone.
#[derive(Clone, Debug)]
pub struct Role(Arc<Inner>);

#[derive(Debug)]
struct Inner {
    name: &'static str,
    instance_id: String,
    version: &'static str,
    sampler: RateSampler,
    /// How many that were not sampled may be kept because they were slow.
    slow_sampler: RateSampler,
    slow: SlowLimits,
    kept_failed: AtomicU64,
    kept_slow: AtomicU64,
    left_out: AtomicU64,
    started: Instant,
    /// One for each place: none waits for another.
    queues: Vec<(Destination, Queue)>,
}

impl Role {
    /// `name` becomes `service.name`, `instance_id` `service.instance.id`, `version` `service.version`.
    pub fn new(name: &'static str, instance_id: &str, version: &'static str, settings: &TelemetrySettings) -> Self {
        let role = Self(Arc::new(Inner {
            name,
            instance_id: instance_id.to_owned(),
            version,
            sampler: RateSampler::new(settings.sample_per_second),
            slow_sampler: RateSampler::new(settings.sample_per_second),
            slow: SlowLimits::default(),
            kept_failed: AtomicU64::new(0),
            kept_slow: AtomicU64::new(0),
            left_out: AtomicU64::new(0),
            started: Instant::now(),
            queues: settings.places().map(|place| (place, Queue::new())).collect(),
        }));
        let _ = FIRST.set(role.clone());
        role
    }

    pub fn name(&self) -> &'static str {
        self.0.name
    }

    pub fn instance_id(&self) -> &str {
        &self.0.instance_id
    }

    pub fn version(&self) -> &'static str {
        self.0.version
    }

    /// Everything this thread does from now on is this role's. For threads a role owns:
    /// `runtime_builder.on_thread_start(move || role.bind_thread())`.
    pub fn bind_thread(&self) {
        CURRENT.set(Some(self.clone()));
    }

    /// Binds the thread until the guard goes.
    pub fn enter(&self) -> RoleGuard {
        RoleGuard { before: CURRENT.replace(Some(self.clone())) }
    }

    /// Everything this future does is this role's, whichever thread polls it.
    pub fn scope<F: Future>(&self, future: F) -> impl Future<Output = F::Output> + use<F> {
        Scoped { role: self.clone(), future: Box::pin(future) }
    }

    /// The role of this thread, or the first one of the process.
    pub fn current() -> Option<Self> {
        CURRENT.with_borrow(Clone::clone).or_else(|| FIRST.get().cloned())
    }

    /// Whether a trace that begins now is to be recorded.
    pub fn samples(&self) -> bool {
        self.exports() && !export::is_suppressed() && self.0.sampler.admits(self.uptime())
    }

    /// Since the role was made.
    pub fn uptime(&self) -> Duration {
        self.0.started.elapsed()
    }

    /// Whether a request that was slow is to be recorded though it was not sampled: as many a second as are sampled.
    pub fn keeps_slow(&self) -> bool {
        let keeps = self.exports() && self.0.slow_sampler.admits(self.uptime());
        if keeps {
            self.0.kept_slow.fetch_add(1, Ordering::Relaxed);
        }
        keeps
    }

    /// Whether a span of this name that took so long was slow. Learns from it.
    pub(crate) fn is_slow(&self, name: &str, took: Duration) -> bool {
        self.0.slow.of(name).is_slow(took)
    }

    /// Whether a span that was not sampled is recorded all the same: it failed, or was slow.
    pub(crate) fn keeps(&self, failed: bool, slow: bool) -> bool {
        if failed {
            self.0.kept_failed.fetch_add(1, Ordering::Relaxed);
            return true;
        }
        if slow && self.keeps_slow() {
            return true;
        }
        self.0.left_out.fetch_add(1, Ordering::Relaxed);
        false
    }

    /// What became of spans that were not sampled.
    pub fn kept(&self) -> Kept {
        let read = |count: &AtomicU64| count.load(Ordering::Relaxed);
        Kept { failed: read(&self.0.kept_failed), slow: read(&self.0.kept_slow), left_out: read(&self.0.left_out) }
    }

    /// Queues a finished span. Never blocks on anything but a short lock; a full queue counts a drop. One that failed may
    /// take the room that is kept for it.
    pub fn record(&self, span: SpanRecord) {
        let is_notable = matches!(span.outcome, Outcome::Failed(_));
        self.queue_span(span, is_notable);
    }

    /// Queues a span of a request with which something is the matter, whether with the span itself or not.
    pub fn record_notable(&self, span: SpanRecord) {
        self.queue_span(span, true);
    }

    fn queue_span(&self, span: SpanRecord, notable: bool) {
        if let Some(((_, last), others)) = self.0.queues.split_last() {
            for (_, queue) in others {
                queue.spans.push(span.clone(), notable);
            }
            last.spans.push(span, notable);
        }
    }

    pub(crate) fn record_log(&self, log: LogRecord) {
        let notable = log.level <= Level::WARN;
        if let Some(((_, last), others)) = self.0.queues.split_last() {
            for (_, queue) in others {
                queue.logs.push(log.clone(), notable);
            }
            last.logs.push(log, notable);
        }
    }

    /// Records lost since the start, on the way to any of the places: the queue was full, the collector took them not, or
    /// the last flush failed.
    pub fn dropped(&self) -> Dropped {
        let queues = self.0.queues.iter().map(|(_, queue)| queue);
        queues.fold(Dropped::default(), |sum, queue| Dropped {
            spans: sum.spans + queue.spans.dropped(),
            logs: sum.logs + queue.logs.dropped(),
        })
    }

    pub(crate) fn exports(&self) -> bool {
        !self.0.queues.is_empty()
    }

    pub(crate) fn queues(&self) -> &[(Destination, Queue)] {
        &self.0.queues
    }
}

/// Gives the thread back to the role it belonged to.
#[derive(Debug)]
#[must_use = "the thread is bound only while the guard lives"]
pub struct RoleGuard {
    before: Option<Role>,
}

impl Drop for RoleGuard {
    fn drop(&mut self) {
        CURRENT.set(self.before.take());
    }
}

/// Boxed because pinning a field by projection needs either `unsafe` or a crate for it.
struct Scoped<F> {
    role: Role,
    future: Pin<Box<F>>,
}

impl<F: Future> Future for Scoped<F> {
    type Output = F::Output;

    fn poll(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<F::Output> {
        let _entered = self.role.enter();
        self.future.as_mut().poll(context)
    }
}
