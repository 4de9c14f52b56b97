//! The exporter: takes what a role collected, in batches, and hands it to the transport.
//!
//! While the collector is away one batch is held and tried again with growing pauses; the queue behind it fills and
//! then counts drops. Nothing here can slow or fail the program.
//!
//! What the exporter itself does is not recorded: [`suppressed`] marks every poll of the transport, and calls made
//! under it carry an unsampled `traceparent`, so that the collector does not trace them either.

use std::cell::Cell;
use std::error::Error;
use std::future::{Future, poll_fn};
use std::pin::pin;
use std::time::Duration;

use bytes::Bytes;
use tokio::time::{Instant, sleep_until, timeout};

use crate::otlp;
use crate::role::Role;

/// Any error, owned.
pub type BoxError = Box<dyn Error + Send + Sync>;

/// Path of the trace signal below a collector's base URL.
pub const TRACES_PATH: &str = "/v1/traces";
/// Path of the log signal below a collector's base URL.
pub const LOGS_PATH: &str = "/v1/logs";

/// How long a record waits for company. Short: people watch requests live.
pub const FLUSH_INTERVAL: Duration = Duration::from_millis(200);
const RETRY_PAUSE_MAX: Duration = Duration::from_secs(5);
const BATCH_MAX: usize = 512;
const SEND_TIMEOUT: Duration = Duration::from_secs(5);
const LAST_FLUSH_TIMEOUT: Duration = Duration::from_secs(1);

/// The way to a collector: posts `body` (`application/x-protobuf`) to `path`, an error for anything but 2xx.
///
/// Implemented by every `Fn(&'static str, Bytes) -> Future`.
pub trait Transport: Send + Sync {
    fn send(&self, path: &'static str, body: Bytes) -> impl Future<Output = Result<(), BoxError>> + Send;
}

impl<F, Fut> Transport for F
where
    F: Fn(&'static str, Bytes) -> Fut + Send + Sync,
    Fut: Future<Output = Result<(), BoxError>> + Send,
{
    fn send(&self, path: &'static str, body: Bytes) -> impl Future<Output = Result<(), BoxError>> + Send {
        self(path, body)
    }
}

thread_local! {
    static SUPPRESSED: Cell<bool> = const { Cell::new(false) };
}

/// Whether what happens on this thread right now is to be kept out of the collector.
pub fn is_suppressed() -> bool {
    SUPPRESSED.get()
}

/// Runs a future without recording its spans and logs for export. Log lines on stderr stay.
///
/// For the exporter, and for whoever serves its requests.
pub async fn suppressed<F: Future>(future: F) -> F::Output {
    let mut future = pin!(future);
    poll_fn(|context| {
        let before = SUPPRESSED.replace(true);
        let polled = future.as_mut().poll(context);
        SUPPRESSED.set(before);
        polled
    })
    .await
}

struct Batch {
    path: &'static str,
    body: Bytes,
    count: u64,
}

/// Exports until `stop` completes, then flushes once more within a second. Returns at once for a role that exports
/// nothing.
pub async fn export<T: Transport>(role: Role, transport: T, stop: impl Future<Output = ()>) {
    if !role.exports() {
        return;
    }
    let mut stop = pin!(stop);
    let mut held: Option<Batch> = None;
    let mut pause = FLUSH_INTERVAL;
    loop {
        let wake = Instant::now() + pause;
        tokio::select! {
            () = &mut stop => break,
            () = sleep_until(wake) => {}
        }
        let flushed = tokio::select! {
            () = &mut stop => break,
            flushed = flush(&role, &transport, &mut held) => flushed,
        };
        pause = if flushed { FLUSH_INTERVAL } else { (pause * 2).min(RETRY_PAUSE_MAX) };
    }
    let _ = timeout(LAST_FLUSH_TIMEOUT, flush(&role, &transport, &mut held)).await;
    count_lost(&role, held);
}

/// Sends all that waits. False when the collector refused or was away: the batch in hand is then kept.
async fn flush<T: Transport>(role: &Role, transport: &T, held: &mut Option<Batch>) -> bool {
    while let Some(batch) = held.take().or_else(|| next_batch(role)) {
        let body = batch.body.clone();
        let path = batch.path;
        // Put back first: this future may be dropped while the transport works.
        *held = Some(batch);
        match timeout(SEND_TIMEOUT, suppressed(transport.send(path, body))).await {
            Ok(Ok(())) => *held = None,
            Ok(Err(_)) | Err(_) => return false,
        }
    }
    true
}

fn next_batch(role: &Role) -> Option<Batch> {
    let queue = role.queue();
    let spans = queue.spans.take(BATCH_MAX);
    if !spans.is_empty() {
        let count = spans.len() as u64;
        return Some(Batch { path: TRACES_PATH, body: otlp::traces(role, spans), count });
    }
    let logs = queue.logs.take(BATCH_MAX);
    let count = logs.len() as u64;
    (count > 0).then(|| Batch { path: LOGS_PATH, body: otlp::logs(role, logs), count })
}

fn count_lost(role: &Role, held: Option<Batch>) {
    let queue = role.queue();
    match held {
        Some(batch) if batch.path == TRACES_PATH => queue.spans.lose(batch.count),
        Some(batch) => queue.logs.lose(batch.count),
        None => {}
    }
    queue.spans.lose(queue.spans.take(usize::MAX).len() as u64);
    queue.logs.lose(queue.logs.take(usize::MAX).len() as u64);
}
