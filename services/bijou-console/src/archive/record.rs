//! Records as rows: one JSON array each, so that a batch of any length is one parameter of one statement.

use std::borrow::Cow;
use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};

use bijou_telemetry::{SpanId, TraceId};
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use crate::domain::story::Request;
use crate::domain::trace::{Attributes, Event, Kind, Level, LogLine, Source, Span};

/// Lines of one microsecond that can be told apart.
const SEQ_PER_US: i64 = 1_024;

/// A span as it is kept. Short names: they are written with every row.
#[derive(Serialize, Deserialize)]
struct SpanBody<'a> {
    #[serde(rename = "i")]
    span_id: String,
    #[serde(rename = "p", skip_serializing_if = "Option::is_none", default)]
    parent: Option<String>,
    #[serde(rename = "r")]
    role: Arc<str>,
    #[serde(rename = "h", skip_serializing_if = "Option::is_none", default)]
    instance_id: Option<Arc<str>>,
    #[serde(rename = "n")]
    name: Cow<'a, str>,
    #[serde(rename = "k")]
    kind: char,
    #[serde(rename = "s")]
    start_ns: u64,
    #[serde(rename = "d")]
    duration_ns: u64,
    #[serde(rename = "a")]
    attributes: Cow<'a, Attributes>,
    #[serde(rename = "e", skip_serializing_if = "Vec::is_empty", default)]
    events: Vec<EventBody<'a>>,
    #[serde(rename = "f", skip_serializing_if = "Option::is_none", default)]
    failure: Option<Cow<'a, str>>,
}

#[derive(Serialize, Deserialize)]
struct EventBody<'a>(Cow<'a, str>, u64, Cow<'a, Attributes>);

#[derive(Serialize, Deserialize)]
struct LineBody<'a> {
    #[serde(rename = "h", skip_serializing_if = "Option::is_none", default)]
    instance_id: Option<Arc<str>>,
    #[serde(rename = "t", skip_serializing_if = "Option::is_none", default)]
    target: Option<Cow<'a, str>>,
    #[serde(rename = "s", skip_serializing_if = "Option::is_none", default)]
    span_id: Option<String>,
    #[serde(rename = "q", skip_serializing_if = "Option::is_none", default)]
    request_id: Option<Cow<'a, str>>,
    #[serde(rename = "a")]
    attributes: Cow<'a, Attributes>,
}

/// A span's row: trace and body.
pub fn span_row(span: &Span) -> String {
    let body = SpanBody {
        span_id: span.span_id.to_string(),
        parent: span.parent.map(|id| id.to_string()),
        role: Arc::clone(&span.source.role),
        instance_id: span.source.instance_id.clone(),
        name: Cow::Borrowed(&span.name),
        kind: match span.kind {
            Kind::Server => 's',
            Kind::Client => 'c',
            Kind::Internal => 'i',
        },
        start_ns: span.start_ns,
        duration_ns: span.end_ns - span.start_ns,
        attributes: Cow::Borrowed(&span.attributes),
        events: span
            .events
            .iter()
            .map(|event| EventBody(Cow::Borrowed(&event.name), event.at_ns, Cow::Borrowed(&event.attributes)))
            .collect(),
        failure: span.failure.as_deref().map(Cow::Borrowed),
    };
    written(&(span.trace_id.to_string(), body))
}

/// The span of a row.
pub fn span(trace_id: TraceId, body: &str) -> Option<Span> {
    let body: SpanBody = serde_json::from_str(body).ok()?;
    Some(Span {
        trace_id,
        span_id: span_id(&body.span_id)?,
        parent: body.parent.as_deref().and_then(span_id),
        source: Source { role: body.role, instance_id: body.instance_id },
        name: body.name.into_owned(),
        kind: match body.kind {
            's' => Kind::Server,
            'c' => Kind::Client,
            _ => Kind::Internal,
        },
        start_ns: body.start_ns,
        end_ns: body.start_ns.saturating_add(body.duration_ns),
        attributes: body.attributes.into_owned(),
        events: body
            .events
            .into_iter()
            .map(|EventBody(name, at_ns, attributes)| Event {
                name: name.into_owned(),
                at_ns,
                attributes: attributes.into_owned(),
            })
            .collect(),
        failure: body.failure.map(Cow::into_owned),
    })
}

/// A line's row: place, level, role, trace, message, body, and the words to find it by.
pub fn line_row(seq: i64, line: &LogLine) -> String {
    let body = LineBody {
        instance_id: line.source.instance_id.clone(),
        target: line.target.as_deref().map(Cow::Borrowed),
        span_id: line.span_id.map(|id| id.to_string()),
        request_id: line.request_id.as_deref().map(Cow::Borrowed),
        attributes: Cow::Borrowed(&line.attributes),
    };
    let trace = line.trace_id.map(|id| id.to_string());
    written(&(seq, line.level as u8, &line.source.role, trace, &line.message, body, line.text()))
}

/// The line of a row.
pub fn line(seq: i64, level: i64, role: &str, trace: Option<&str>, message: String, body: &str) -> Option<LogLine> {
    let body: LineBody = serde_json::from_str(body).ok()?;
    Some(LogLine {
        trace_id: trace.and_then(trace_id),
        span_id: body.span_id.as_deref().and_then(span_id),
        request_id: body.request_id.map(Cow::into_owned),
        source: Source { role: role.into(), instance_id: body.instance_id },
        at_ns: at_ns(seq),
        level: Level::of_number(level),
        message,
        target: body.target.map(Cow::into_owned),
        attributes: body.attributes.into_owned(),
    })
}

/// A told request's row.
pub fn request_row(request: &Request) -> String {
    let duration_us = (request.duration_ms * 1_000.0) as u64;
    let Request { id, start_ns, request_id, route, status, outcome, account, revision, .. } = request;
    written(&json!([id, start_ns, request_id, duration_us, route, status, outcome, account, revision, request,]))
}

/// Where a line of this moment stands among all lines.
pub fn seq(at_ns: u64) -> i64 {
    static LAST: AtomicI64 = AtomicI64::new(0);
    let number = LAST.fetch_add(1, Ordering::Relaxed).rem_euclid(SEQ_PER_US);
    first_seq(at_ns) + number
}

/// The first place of a moment.
pub fn first_seq(at_ns: u64) -> i64 {
    let at_us = i64::try_from(at_ns / 1_000).unwrap_or(i64::MAX);
    at_us.saturating_mul(SEQ_PER_US).min(i64::MAX - SEQ_PER_US)
}

/// The moment of a place, to the microsecond.
fn at_ns(seq: i64) -> u64 {
    u64::try_from(seq / SEQ_PER_US).unwrap_or_default().saturating_mul(1_000)
}

/// A trace id as the tables show it, in either case.
pub fn trace_id(hex: &str) -> Option<TraceId> {
    TraceId::new(u128::from_str_radix(hex, 16).ok()?)
}

fn span_id(hex: &str) -> Option<SpanId> {
    SpanId::new(u64::from_str_radix(hex, 16).ok()?)
}

fn written(row: &impl Serialize) -> String {
    serde_json::to_string(row).unwrap_or_else(|_| Value::Null.to_string())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::fixtures::{home, line as a_line};

    #[test]
    fn a_span_and_a_line_come_back_as_they_were() {
        for before in home().spans {
            let row: (String, Value) = serde_json::from_str(&span_row(&before)).expect("a row");
            let after = span(before.trace_id, &row.1.to_string()).expect("a span");
            assert_eq!(format!("{after:?}"), format!("{before:?}"));
        }
        let before = a_line("catalog", 9, "read 12 titles");
        let row: Value = serde_json::from_str(&line_row(seq(before.at_ns), &before)).expect("a row");
        let (seq, level) = (row[0].as_i64().expect("a place"), row[1].as_i64().expect("a level"));
        let message = row[4].as_str().expect("a message").to_owned();
        let after = line(seq, level, "catalog", row[3].as_str(), message, &row[5].to_string()).expect("a line");
        assert_eq!(format!("{after:?}"), format!("{before:?}"));
    }

    #[test]
    fn lines_stand_in_the_order_of_their_times() {
        assert!(seq(1_000) < seq(2_000) && seq(u64::MAX) > seq(1 << 62));
        assert_ne!(seq(5_000), seq(5_000));
    }
}
