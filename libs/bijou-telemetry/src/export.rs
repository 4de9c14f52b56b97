//! The exporter: takes what a role collected, in batches, and hands it to the transport; metrics as they stand, now and then.
//!
//! Every place and every signal has a lane of its own: a collector that is away, or takes no logs, holds up nothing else.
//! While it is away one batch is held and tried again with growing pauses; the lane behind it fills and then counts
//! drops. What a collector refuses is dropped and counted, for it would refuse it again (OTLP 1.x, "Failures":
//! only 429, 502, 503 and 504 are worth another try). Nothing here can slow or fail the program.
//!
//! What the exporter itself does is not recorded: [`suppressed`] marks every poll of the transport, and calls made
//! under it carry an unsampled `traceparent`, so that the console does not trace them either.

use std::cell::Cell;
use std::error::Error;
use std::future::{Future, poll_fn};
use std::pin::{Pin, pin};
use std::task::Poll;
use std::time::{Duration, SystemTime};

use bytes::Bytes;
use tokio::sync::watch;
use tokio::time::{sleep, timeout};
use tracing::{info, warn};

use crate::openmetrics;
use crate::otlp;
use crate::queue::Lane;
use crate::role::Role;
use crate::settings::Destination;
use crate::span::unix_nanos;

/// Any error, owned.
pub type BoxError = Box<dyn Error + Send + Sync>;

/// Path of the trace signal below a collector's base URL.
pub const TRACES_PATH: &str = "/v1/traces";
/// Path of the log signal below a collector's base URL.
pub const LOGS_PATH: &str = "/v1/logs";
/// Path of the metric signal below a collector's base URL.
pub const METRICS_PATH: &str = "/v1/metrics";

/// How long a record waits for company. Short: people watch requests live.
pub const FLUSH_INTERVAL: Duration = Duration::from_millis(200);
/// How often metrics are sent.
pub const METRICS_INTERVAL: Duration = Duration::from_secs(15);
/// A collector that asks for more gets no more.
const RETRY_AFTER_MAX: Duration = Duration::from_mins(5);
const RETRY_PAUSE_MAX: Duration = Duration::from_secs(5);
const BATCH_MAX: usize = 512;
const SEND_TIMEOUT: Duration = Duration::from_secs(5);
const LAST_FLUSH_TIMEOUT: Duration = Duration::from_secs(1);

/// What a collector answered.
#[derive(Clone, Debug, Default)]
pub struct Answer {
    pub status: u16,
    /// The field `Retry-After`.
    pub retry_after: Option<Duration>,
    pub body: Bytes,
}

/// The way to a collector: posts `body` (`application/x-protobuf`) to `path` at a place; an error when nothing answers.
///
/// Implemented by every `Fn(Destination, &'static str, Bytes) -> Future`.
pub trait Transport: Send + Sync {
    fn send(
        &self,
        to: Destination,
        path: &'static str,
        body: Bytes,
    ) -> impl Future<Output = Result<Answer, BoxError>> + Send;
}

impl<F, Fut> Transport for F
where
    F: Fn(Destination, &'static str, Bytes) -> Fut + Send + Sync,
    Fut: Future<Output = Result<Answer, BoxError>> + Send,
{
    fn send(
        &self,
        to: Destination,
        path: &'static str,
        body: Bytes,
    ) -> impl Future<Output = Result<Answer, BoxError>> + Send {
        self(to, path, body)
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

/// Exports until `stop` completes, then flushes once more within a second. Returns at once for a role that exports
/// nothing.
pub async fn export<T: Transport>(role: Role, transport: T, stop: impl Future<Output = ()>) {
    if !role.exports() {
        return;
    }
    let (stopping, stopped) = watch::channel(false);
    let mut ways: Vec<Pin<Box<dyn Future<Output = ()> + Send + '_>>> = Vec::new();
    for (to, queue) in role.queues() {
        let (role, transport) = (&role, &transport);
        let spans = Way { role, to, lane: &queue.spans, path: TRACES_PATH, encode: otlp::traces };
        let logs = Way { role, to, lane: &queue.logs, path: LOGS_PATH, encode: otlp::logs };
        ways.push(Box::pin(spans.run(transport, stopped.clone())));
        ways.push(Box::pin(logs.run(transport, stopped.clone())));
    }
    let all = poll_fn(|context| {
        ways.retain_mut(|way| way.as_mut().poll(context).is_pending());
        if ways.is_empty() { Poll::Ready(()) } else { Poll::Pending }
    });
    let stop = async {
        stop.await;
        let _ = stopping.send(true);
    };
    tokio::join!(all, stop);
}

/// Sends what `read` shows, OpenMetrics text, to every collector outside, until `stop` completes and once more then. The
/// console asks for it itself.
///
/// Nothing is kept for a collector that is away: numbers are added up since the start, so the next ones say as much.
pub async fn export_metrics<T: Transport>(
    role: Role,
    read: impl Fn() -> String + Send,
    transport: T,
    stop: impl Future<Output = ()>,
) {
    let mut places: Vec<(Destination, bool)> = role.queues().iter().map(|(place, _)| (place.clone(), false)).collect();
    places.retain(|(place, _)| matches!(place, Destination::Collector(_)));
    if places.is_empty() {
        return;
    }
    let began_ns = unix_nanos(SystemTime::now() - role.uptime());
    let mut stop = pin!(stop);
    let mut is_last = false;
    while !is_last {
        tokio::select! {
            () = &mut stop => is_last = true,
            () = sleep(METRICS_INTERVAL) => {}
        }
        let page = openmetrics::read(&read());
        let times = otlp::Times { began_ns, now_ns: unix_nanos(SystemTime::now()) };
        let body = otlp::metrics(&role, &page, times);
        let limit = if is_last { LAST_FLUSH_TIMEOUT } else { SEND_TIMEOUT };
        for (place, has_warned) in &mut places {
            let sent = timeout(limit, suppressed(transport.send(place.clone(), METRICS_PATH, body.clone()))).await;
            // Silence is no refusal: spans and lines tell of it by what they lose.
            let Ok(Ok(answer)) = sent else { continue };
            let is_refused =
                matches!(verdict(METRICS_PATH, &answer), Verdict::Refused | Verdict::Taken { rejected: 1.. });
            if is_refused != *has_warned {
                *has_warned = is_refused;
                tell_of_metrics(place, answer.status, is_refused).await;
            }
        }
    }
}

/// Once each, not every time.
async fn tell_of_metrics(place: &Destination, status: u16, is_refused: bool) {
    suppressed(async {
        if is_refused {
            warn!(%place, status, "a collector refuses metrics");
        } else {
            info!(%place, "the collector takes metrics again");
        }
    })
    .await;
}

/// One signal on its way to one place.
struct Way<'a, R> {
    role: &'a Role,
    to: &'a Destination,
    lane: &'a Lane<R>,
    path: &'static str,
    encode: fn(&Role, Vec<R>) -> Bytes,
}

struct Batch {
    body: Bytes,
    count: u64,
}

/// What an answer means for the batch it is about.
#[derive(Debug, PartialEq, Eq)]
enum Verdict {
    /// All of it but so many records arrived.
    Taken { rejected: u64 },
    /// The same batch may be sent again, not before this wait.
    NotNow(Option<Duration>),
    /// It is never taken.
    Refused,
}

fn verdict(path: &str, answer: &Answer) -> Verdict {
    match answer.status {
        200..=299 => {
            let rejected = otlp::rejected(path, &answer.body);
            Verdict::Taken { rejected: u64::try_from(rejected).unwrap_or(0) }
        }
        429 | 502..=504 => Verdict::NotNow(answer.retry_after),
        _ => Verdict::Refused,
    }
}

impl<R> Way<'_, R> {
    async fn run<T: Transport>(self, transport: &T, stopped: watch::Receiver<bool>) {
        let stop = async || {
            let _ = stopped.clone().wait_for(|is_stopped| *is_stopped).await;
        };
        let mut held: Option<Batch> = None;
        let mut has_warned = false;
        let mut pause = FLUSH_INTERVAL;
        loop {
            tokio::select! {
                () = stop() => break,
                () = sleep(pause) => {}
            }
            let flushed = tokio::select! {
                () = stop() => break,
                flushed = self.flush(transport, &mut held, &mut has_warned) => flushed,
            };
            pause = match flushed {
                Ok(()) => FLUSH_INTERVAL,
                Err(wait) => wait.unwrap_or_default().min(RETRY_AFTER_MAX).max((pause * 2).min(RETRY_PAUSE_MAX)),
            };
        }
        let _ = timeout(LAST_FLUSH_TIMEOUT, self.flush(transport, &mut held, &mut has_warned)).await;
        self.lane.lose(held.map_or(0, |batch| batch.count));
        self.lane.lose(self.lane.take(usize::MAX).len() as u64);
    }

    /// Sends all that waits. An error when the place is away: the batch in hand is then kept, for at least that wait.
    async fn flush<T: Transport>(
        &self,
        transport: &T,
        held: &mut Option<Batch>,
        has_warned: &mut bool,
    ) -> Result<(), Option<Duration>> {
        while let Some(batch) = held.take().or_else(|| self.next_batch()) {
            let (body, count) = (batch.body.clone(), batch.count);
            // Put back first: this future may be dropped while the transport works.
            *held = Some(batch);
            let sent = timeout(SEND_TIMEOUT, suppressed(transport.send(self.to.clone(), self.path, body))).await;
            let answer = sent.map_err(|_| None::<Duration>)?.map_err(|_| None::<Duration>)?;
            let lost = match verdict(self.path, &answer) {
                Verdict::Taken { rejected } => rejected.min(count),
                Verdict::Refused => count,
                Verdict::NotNow(wait) => return Err(wait),
            };
            *held = None;
            self.lane.lose(lost);
            self.tell(&answer, lost, has_warned).await;
        }
        Ok(())
    }

    fn next_batch(&self) -> Option<Batch> {
        let records = self.lane.take(BATCH_MAX);
        let count = records.len() as u64;
        (count > 0).then(|| Batch { body: (self.encode)(self.role, records), count })
    }

    /// Says on stderr that records are refused, and that they no longer are: once each, not for every batch.
    async fn tell(&self, answer: &Answer, lost: u64, has_warned: &mut bool) {
        if *has_warned == (lost > 0) {
            return;
        }
        *has_warned = lost > 0;
        let (place, path, status) = (self.to, self.path, answer.status);
        suppressed(async {
            if lost > 0 {
                warn!(%place, path, status, lost, "a collector refuses what it is sent; it is dropped and counted");
            } else {
                info!(%place, path, "the collector takes everything again");
            }
        })
        .await;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(status: u16, expected: &Verdict) {
        let retry_after = Some(Duration::from_secs(7));
        assert_eq!(verdict(TRACES_PATH, &Answer { status, retry_after, body: Bytes::new() }), *expected, "{status}");
    }

    #[test]
    fn only_what_passes_by_itself_is_tried_again() {
        check(200, &Verdict::Taken { rejected: 0 });
        for status in [429, 502, 503, 504] {
            check(status, &Verdict::NotNow(Some(Duration::from_secs(7))));
        }
        for status in [301, 400, 401, 404, 413, 500, 501] {
            check(status, &Verdict::Refused);
        }
    }

    #[test]
    fn a_partial_success_names_what_was_not_taken() {
        // ExportTraceServiceResponse { partial_success: { rejected_spans: 3, error_message: "old" } }, by hand.
        let body = Bytes::from_static(b"\x0a\x07\x08\x03\x12\x03old");
        let taken = |path, body| verdict(path, &Answer { status: 200, body, ..Answer::default() });
        assert_eq!(taken(TRACES_PATH, body.clone()), Verdict::Taken { rejected: 3 });
        assert_eq!(taken(METRICS_PATH, body.clone()), Verdict::Taken { rejected: 3 });
        assert_eq!(taken(LOGS_PATH, body), Verdict::Taken { rejected: 3 });
        assert_eq!(taken(LOGS_PATH, Bytes::from_static(b"fine")), Verdict::Taken { rejected: 0 });
    }
}
