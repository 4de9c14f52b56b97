//! One request, one story: what happened to it, when, and why it went where it went.
//!
//! While a request runs only a few numbers are noted. When it is over it becomes a [`Record`], kept in the worker's
//! [`Ring`]: every failure, as many others as telemetry samples, and as many that were slow. The same record is what spans are made of
//! ([`crate::spans`]), so a trace and a story never disagree.

use std::collections::VecDeque;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use serde::Serialize;

use bijou_telemetry::TraceContext;

/// One try with one instance.
#[derive(Debug, Clone, Serialize)]
pub struct Attempt {
    /// From 1.
    pub number: u32,
    /// The span the instance sees as its caller.
    #[serde(skip)]
    pub span_id: bijou_telemetry::SpanId,
    pub instance_id: Arc<str>,
    pub address: std::net::SocketAddr,
    /// `same-zone`, `other-zone` or `unknown-zone`; absent where the gateway has none.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub locality: Option<&'static str>,
    /// How many instances could have been chosen.
    pub candidates: usize,
    pub score: f32,
    /// Whom it was preferred to, with that one's score.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub over: Option<(Arc<str>, f32)>,
    /// Microseconds from the request's start.
    pub started_us: u64,
    /// Microseconds until the answer's head, or until it failed.
    pub took_us: u64,
    /// What remained of the deadline when it began, as sent to the instance.
    pub deadline_ms: u64,
    /// Status, when it answered.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub status: Option<u16>,
    /// What went wrong, when it did not.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub fault: Option<&'static str>,
    /// Why it was, or was not, followed by another one; absent when it simply succeeded.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub then: Option<&'static str>,
}

/// A filter's part in the story.
#[derive(Debug, Clone, Serialize)]
pub struct FilterStep {
    pub filter: &'static str,
    /// Microseconds from the request's start.
    pub started_us: u64,
    pub took_ns: u64,
    /// Whether it answered the request itself.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub answered: bool,
}

/// What is noted while a request runs.
#[derive(Debug)]
pub struct Story {
    pub started: Instant,
    /// Whether filters are noted, too. Attempts always are.
    pub is_detailed: bool,
    pub steps: Vec<FilterStep>,
    pub attempts: Vec<Attempt>,
    /// What filters wanted remembered.
    pub notes: Vec<(&'static str, String)>,
    /// When the origin's head was there, from the start.
    pub origin_head: Option<Duration>,
}

impl Story {
    /// A story that begins now.
    pub fn begin(started: Instant, is_detailed: bool) -> Self {
        Self { started, is_detailed, steps: Vec::new(), attempts: Vec::new(), notes: Vec::new(), origin_head: None }
    }

    /// Time spent in attempts: the origin's share of the whole.
    pub fn origin_time(&self) -> Duration {
        Duration::from_micros(self.attempts.iter().map(|attempt| attempt.took_us).sum())
    }

    /// Microseconds since the start.
    pub fn at_us(&self, now: Instant) -> u64 {
        now.saturating_duration_since(self.started).as_micros() as u64
    }
}

/// A finished request, as shown at `/requests/{id}`.
#[derive(Debug, Clone, Serialize)]
pub struct Record {
    pub request_id: String,
    #[serde(serialize_with = "as_text")]
    pub trace_id: bijou_telemetry::TraceId,
    #[serde(skip)]
    pub trace: TraceContext,
    /// The caller's span, when it sent one.
    #[serde(skip)]
    pub parent: Option<bijou_telemetry::SpanId>,
    #[serde(skip)]
    pub started_ns: u64,
    /// Milliseconds since 1970.
    pub started_ms: u64,
    pub took_us: u64,
    /// Until the origin's head, all attempts together.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub origin_us: Option<u64>,
    pub method: String,
    pub host: String,
    pub path: String,
    pub protocol: &'static str,
    pub client: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub user_agent: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub route: Option<Arc<str>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub application: Option<Arc<str>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub account: Option<String>,
    /// The login session of the access token.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub session: Option<String>,
    pub status: u16,
    /// `success`, `local`, `client` or `origin`.
    pub category: &'static str,
    /// Kept because it was slower than its route usually is.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub is_slow: bool,
    /// Code of the gateway's own problem.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub code: Option<&'static str>,
    /// That problem as JSON, without what the story says already; for the span.
    #[serde(skip)]
    pub problem: Option<String>,
    pub request_bytes: u64,
    pub response_bytes: u64,
    /// `complete`, or why the client did not get everything.
    pub outcome: &'static str,
    pub worker: usize,
    pub attempts: Vec<Attempt>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub filters: Vec<FilterStep>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub notes: Vec<(&'static str, String)>,
}

impl Record {
    /// Whether somebody failed: kept whatever the sampling says.
    pub fn is_failure(&self) -> bool {
        matches!(self.category, "local" | "origin") || self.status >= 500 || self.outcome == "origin-broke-off"
    }

    /// Whether the client was refused something: worth keeping before ordinary successes, too.
    pub fn is_refusal(&self) -> bool {
        self.category == "client" && self.code.is_some()
    }
}

fn as_text<T: std::fmt::Display, S: serde::Serializer>(value: &T, serializer: S) -> Result<S::Ok, S::Error> {
    serializer.collect_str(value)
}

/// The last stories of one worker. Failures and the rest have a half each, so that a busy hour of successes cannot push
/// out the one failure somebody looks for.
#[derive(Debug)]
pub struct Ring {
    inner: Mutex<Rings>,
    each_max: usize,
}

#[derive(Debug, Default)]
struct Rings {
    failures: VecDeque<Arc<Record>>,
    others: VecDeque<Arc<Record>>,
}

impl Ring {
    /// At most `records_max` stories.
    pub fn new(records_max: usize) -> Self {
        Self { inner: Mutex::default(), each_max: (records_max / 2).max(1) }
    }

    /// Keeps a story, forgetting the oldest of its kind.
    pub fn push(&self, record: Arc<Record>) {
        let mut rings = self.inner.lock().unwrap_or_else(PoisonError::into_inner);
        let ring = if record.is_failure() || record.is_refusal() { &mut rings.failures } else { &mut rings.others };
        if ring.len() >= self.each_max {
            ring.pop_front();
        }
        ring.push_back(record);
    }

    /// The story of a request.
    pub fn find(&self, request_id: &str) -> Option<Arc<Record>> {
        let rings = self.inner.lock().unwrap_or_else(PoisonError::into_inner);
        rings.failures.iter().chain(&rings.others).find(|record| record.request_id == request_id).cloned()
    }

    /// All stories, in no particular order.
    pub fn all(&self) -> Vec<Arc<Record>> {
        let rings = self.inner.lock().unwrap_or_else(PoisonError::into_inner);
        rings.failures.iter().chain(&rings.others).cloned().collect()
    }
}

#[cfg(test)]
pub(crate) mod tests {
    use super::*;

    /// A record of nothing in particular.
    pub(crate) fn record(request_id: &str, category: &'static str) -> Record {
        let trace = TraceContext::root(true);
        Record {
            request_id: request_id.to_owned(),
            trace_id: trace.trace_id,
            trace,
            parent: None,
            started_ns: 0,
            started_ms: 0,
            took_us: 1_500,
            origin_us: None,
            method: "GET".to_owned(),
            host: "localhost".to_owned(),
            path: "/v1/home".to_owned(),
            protocol: "1.1",
            client: "127.0.0.1".to_owned(),
            user_agent: None,
            route: None,
            application: None,
            account: None,
            session: None,
            status: if category == "success" { 200 } else { 503 },
            category,
            is_slow: false,
            code: None,
            problem: None,
            request_bytes: 0,
            response_bytes: 0,
            outcome: "complete",
            worker: 0,
            attempts: Vec::new(),
            filters: Vec::new(),
            notes: Vec::new(),
        }
    }

    #[test]
    fn successes_do_not_push_out_failures() {
        let ring = Ring::new(20);
        ring.push(Arc::new(record("failed", "origin")));
        for n in 0..1_000 {
            ring.push(Arc::new(record(&n.to_string(), "success")));
        }
        assert!(ring.find("failed").is_some());
        assert!(ring.find("0").is_none());
        assert_eq!(ring.all().len(), 11);
    }
}
