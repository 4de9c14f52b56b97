//! Traces for tests: short to write, times in milliseconds after a fixed moment.

use bijou_telemetry::{SpanId, TraceId};
use serde_json::{Value, json};

use super::trace::{Event, Kind, Level, LogLine, Source, Span, Trace};

/// When everything begins: 2026-11-23T07:00:00Z.
pub const START_NS: u64 = 1_795_417_200_000_000_000;

pub fn trace_id(number: u128) -> TraceId {
    TraceId::new(number).expect("not zero")
}

pub fn span_id(number: u64) -> SpanId {
    SpanId::new(number).expect("not zero")
}

pub fn source(role: &str) -> Source {
    Source { role: role.into(), instance_id: Some(format!("host:{role}:0").into()) }
}

/// A span of trace 1 from `start` to `end` milliseconds.
pub fn span(role: &str, kind: Kind, id: u64, parent: Option<u64>, (start, end): (u64, u64)) -> Span {
    Span {
        trace_id: trace_id(1),
        span_id: span_id(id),
        parent: parent.map(span_id),
        source: source(role),
        name: format!("{role} {id}"),
        kind,
        start_ns: START_NS + start * 1_000_000,
        end_ns: START_NS + end * 1_000_000,
        attributes: Vec::new(),
        events: Vec::new(),
        failure: None,
    }
}

impl Span {
    pub fn with(mut self, name: &str, value: impl Into<Value>) -> Self {
        self.attributes.push((name.to_owned(), value.into()));
        self
    }

    pub fn of_trace(mut self, number: u128) -> Self {
        self.trace_id = trace_id(number);
        self
    }

    pub fn failed(mut self, words: &str) -> Self {
        self.failure = Some(words.to_owned());
        self
    }
}

/// A line of trace 1.
pub fn line(role: &str, at: u64, message: &str) -> LogLine {
    LogLine {
        trace_id: Some(trace_id(1)),
        span_id: None,
        request_id: Some("r-1".to_owned()),
        source: source(role),
        at_ns: START_NS + at * 1_000_000,
        level: Level::Info,
        message: message.to_owned(),
        target: None,
        attributes: Vec::new(),
    }
}

/// Home as it should be: the gateway asks recommendations, which asks catalog; a retry on the way.
pub fn home() -> Trace {
    let call = |role: &str, id, parent, times, to: &str| {
        span(role, Kind::Client, id, Some(parent), times).with("peer.service", to)
    };
    let mut edge = span("gateway", Kind::Server, 1, None, (0, 30))
        .with("http.request.method", "GET")
        .with("url.path", "/v1/home")
        .with("http.route", "/v1/home")
        .with("http.response.status_code", 200)
        .with("bijou.request_id", "r-1");
    edge.events.push(Event {
        name: "discovery pick".to_owned(),
        at_ns: START_NS + 1_000_000,
        attributes: vec![
            ("peer.service".to_owned(), json!("RECOMMENDATIONS")),
            ("bijou.upstream.instance_id".to_owned(), json!("host:recommendations:0")),
            ("bijou.candidates".to_owned(), json!(2)),
        ],
    });
    let refused = call("gateway", 2, 1, (2, 3), "RECOMMENDATIONS")
        .with("server.address", "127.0.0.1:4001")
        .with("bijou.upstream.instance_id", "host:recommendations:1")
        .failed("connection refused");
    let second = call("gateway", 3, 1, (4, 28), "RECOMMENDATIONS")
        .with("http.request.resend_count", 1)
        .with("http.response.status_code", 200);
    let served = span("recommendations", Kind::Server, 4, Some(3), (5, 27)).with("http.response.status_code", 200);
    let asked = call("recommendations", 5, 4, (6, 16), "CATALOG").with("http.response.status_code", 200);
    let told = span("catalog", Kind::Server, 6, Some(5), (7, 15)).with("http.response.status_code", 200);
    let read = span("catalog", Kind::Internal, 7, Some(6), (8, 12));
    // In the order in which they are over, as they come.
    Trace {
        spans: vec![refused, read, told, asked, served, second, edge],
        logs: vec![line("catalog", 9, "read 12 titles")],
    }
}
