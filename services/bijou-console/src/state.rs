//! What all parts of the console share: the memory, the last minute, and the readers of the live stream.

use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, MutexGuard};
use std::time::{Instant, SystemTime};

use serde::Serialize;
use tokio::sync::{Notify, broadcast};
use utoipa::ToSchema;

use crate::archive::Archive;
use crate::domain::memory::Memory;
use crate::domain::minute::Minutes;
use crate::domain::slow::Usual;
use crate::domain::story::Request;
use crate::domain::trace::{LogLine, Span};
use crate::otlp::Told;
use crate::pushed::Pushed;
use crate::time;

/// Events a slow reader may lag behind before it is told how many it missed.
const LAG_MAX: usize = 1_024;

/// Something that readers of the live stream are told.
#[derive(Debug, Clone)]
pub enum Live {
    /// A request has finished, or is told anew.
    Request(Arc<Request>),
    /// The registry's picture or somebody's health changed.
    Instances,
}

/// The console's state. Cheap to clone.
#[derive(Debug, Clone)]
pub struct Shared(Arc<Inner>);

#[derive(Debug)]
struct Inner {
    memory: Mutex<Memory>,
    minutes: Mutex<Minutes>,
    usual: Mutex<Usual>,
    pushed: Mutex<Pushed>,
    live: broadcast::Sender<Live>,
    arrived: Notify,
    received: Received,
    archive: Archive,
    lines: broadcast::Sender<Arc<LogLine>>,
}

#[derive(Debug, Default)]
struct Received {
    spans: AtomicU64,
    logs: AtomicU64,
    points: AtomicU64,
    rejected: AtomicU64,
}

/// Records received since the start.
#[derive(Debug, Clone, Copy, Serialize, ToSchema)]
#[schema(as = ConsoleReceived)]
pub struct ReceivedView {
    pub spans: u64,
    pub logs: u64,
    pub rejected: u64,
}

impl Shared {
    /// Nothing yet, and at most so many bytes of it ever; the archive has the rest.
    pub fn new(memory_bytes_max: usize, archive: Archive) -> Self {
        Self(Arc::new(Inner {
            memory: Mutex::new(Memory::new(memory_bytes_max)),
            minutes: Mutex::default(),
            usual: Mutex::default(),
            pushed: Mutex::default(),
            live: broadcast::Sender::new(LAG_MAX),
            arrived: Notify::new(),
            received: Received::default(),
            archive,
            lines: broadcast::Sender::new(LAG_MAX),
        }))
    }

    /// Takes a batch of spans; `unusable` ones were left out of it.
    pub fn take_spans(&self, spans: Vec<Span>, unusable: usize) {
        let now = Instant::now();
        self.0.received.spans.fetch_add(spans.len() as u64, Ordering::Relaxed);
        self.0.received.rejected.fetch_add(unusable as u64, Ordering::Relaxed);
        let notable: Vec<bool> = {
            let mut usual = self.0.usual.lock().expect("nothing panics while it is held");
            spans.iter().map(|span| usual.is_notable(span)).collect()
        };
        for (span, notable) in spans.iter().zip(&notable) {
            self.0.archive.keep_span(span, *notable);
        }
        let mut memory = self.memory();
        for (span, notable) in spans.into_iter().zip(notable) {
            memory.add_span(span, notable, now);
        }
        drop(memory);
        self.0.arrived.notify_one();
    }

    /// Takes a batch of log lines.
    pub fn take_logs(&self, lines: Vec<LogLine>) {
        let now = Instant::now();
        self.0.received.logs.fetch_add(lines.len() as u64, Ordering::Relaxed);
        let is_followed = self.0.lines.receiver_count() > 0;
        for line in &lines {
            self.0.archive.keep_line(line);
            if is_followed {
                let _ = self.0.lines.send(Arc::new(line.clone()));
            }
        }
        let mut memory = self.memory();
        for line in lines {
            memory.add_log(line, now);
        }
        drop(memory);
        self.0.arrived.notify_one();
    }

    /// Takes a batch of metrics; `unusable` points were left out of it. How many more there was no room for.
    pub fn take_metrics(&self, told: Vec<Told>, unusable: usize) -> usize {
        let at_s = (time::unix_ns(SystemTime::now()) / 1_000_000_000) as i64;
        let mut left_out = 0;
        for told in told {
            self.0.received.points.fetch_add(told.page.samples.len() as u64, Ordering::Relaxed);
            let families = told.page.families.clone();
            let news = self.0.pushed.lock().expect("nothing panics while it is held").take(told, at_s);
            let of_news = |name: &str| news.points.iter().any(|(sample, _)| sample.name == name);
            for family in families.iter().filter(|family| of_news(&family.name)) {
                self.0.archive.keep_pushed_family(family);
            }
            news.points.iter().for_each(|(sample, at_s)| self.0.archive.keep_pushed_point(sample, *at_s));
            left_out += news.left_out;
        }
        self.0.received.rejected.fetch_add((unusable + left_out) as u64, Ordering::Relaxed);
        left_out
    }

    /// What is remembered.
    pub fn memory(&self) -> MutexGuard<'_, Memory> {
        self.0.memory.lock().expect("nothing panics while it is held")
    }

    /// The last minute of every instance.
    pub fn minutes(&self) -> MutexGuard<'_, Minutes> {
        self.0.minutes.lock().expect("nothing panics while it is held")
    }

    /// Follows the live stream from now on.
    pub fn follow(&self) -> broadcast::Receiver<Live> {
        self.0.live.subscribe()
    }

    /// Follows log lines from now on.
    pub fn follow_lines(&self) -> broadcast::Receiver<Arc<LogLine>> {
        self.0.lines.subscribe()
    }

    /// What is on disk.
    pub fn archive(&self) -> &Archive {
        &self.0.archive
    }

    /// How many follow it.
    pub fn readers(&self) -> usize {
        self.0.live.receiver_count()
    }

    /// Tells all readers; nobody listening is fine.
    pub fn tell(&self, event: Live) {
        let _ = self.0.live.send(event);
    }

    /// Records received since the start.
    pub fn received(&self) -> ReceivedView {
        let Received { spans, logs, rejected, .. } = &self.0.received;
        let [spans, logs, rejected] = [spans, logs, rejected].map(|count| count.load(Ordering::Relaxed));
        ReceivedView { spans, logs, rejected }
    }

    /// Points of metrics that were delivered since the start.
    pub fn points_received(&self) -> u64 {
        self.0.received.points.load(Ordering::Relaxed)
    }

    /// Tells requests as they settle, for ever.
    pub async fn settle_for_ever(&self) {
        loop {
            let due = self.memory().next_due();
            let due = async {
                match due {
                    Some(at) => tokio::time::sleep_until(at.into()).await,
                    None => std::future::pending().await,
                }
            };
            // What arrives may be due before what was waited for.
            tokio::select! {
                () = due => {}
                () = self.0.arrived.notified() => {}
            }
            self.settle(Instant::now());
        }
    }

    /// Tells what has settled by `now`. Whether something is the matter with a trace is known only now: what the archive left
    /// out of it meanwhile is made good.
    fn settle(&self, now: Instant) {
        let mut memory = self.memory();
        let told = memory.settle(now);
        for request in told {
            let notable = memory.notable(&request);
            self.0.archive.keep_request(&request, notable.is_some());
            if let Some((id, trace)) = notable {
                self.0.archive.make_good(id, trace);
            }
            self.tell(Live::Request(request));
        }
    }
}

#[cfg(test)]
mod tests;
