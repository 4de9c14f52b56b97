//! OTLP messages as plain spans and lines. What cannot be used is counted, never fatal.

use std::sync::Arc;

use bijou_telemetry::{SpanId, TraceId};
use opentelemetry_proto::tonic::collector::logs::v1::ExportLogsServiceRequest;
use opentelemetry_proto::tonic::collector::trace::v1::ExportTraceServiceRequest;
use opentelemetry_proto::tonic::common::v1::{AnyValue, KeyValue, any_value};
use opentelemetry_proto::tonic::logs::v1::LogRecord;
use opentelemetry_proto::tonic::resource::v1::Resource;
use opentelemetry_proto::tonic::trace::v1::Span as ProtoSpan;
use opentelemetry_proto::tonic::trace::v1::span::SpanKind;
use opentelemetry_proto::tonic::trace::v1::status::StatusCode;
use serde_json::{Map, Value, json};

use crate::domain::trace::{Attributes, Event, Kind, Level, LogLine, Source, Span};

/// Longest text kept of an attribute or a message; telemetry is no place for documents.
const TEXT_BYTES_MAX: usize = 8 * 1024;

/// Most attributes kept of one record.
const ATTRIBUTES_MAX: usize = 64;

/// Most events kept of one span.
const EVENTS_MAX: usize = 64;

/// The spans of a batch, and how many of it were of no use.
pub fn spans(request: ExportTraceServiceRequest) -> (Vec<Span>, usize) {
    let mut unusable = 0;
    let mut spans = Vec::new();
    for of_resource in request.resource_spans {
        let source = source(of_resource.resource.as_ref());
        for proto in of_resource.scope_spans.into_iter().flat_map(|of_scope| of_scope.spans) {
            match span(proto, &source) {
                Some(span) => spans.push(span),
                None => unusable += 1,
            }
        }
    }
    (spans, unusable)
}

/// The log lines of a batch.
pub fn logs(request: ExportLogsServiceRequest) -> Vec<LogLine> {
    let mut lines = Vec::new();
    for of_resource in request.resource_logs {
        let source = source(of_resource.resource.as_ref());
        let records = of_resource.scope_logs.into_iter().flat_map(|of_scope| of_scope.log_records);
        lines.extend(records.map(|record| line(record, &source)));
    }
    lines
}

pub(super) fn source(resource: Option<&Resource>) -> Source {
    let text = |name: &str| {
        let pair = resource?.attributes.iter().find(|pair| pair.key == name)?;
        match pair.value.as_ref()?.value.as_ref()? {
            any_value::Value::StringValue(text) => Some(cut(text.clone())),
            _ => None,
        }
    };
    Source {
        role: text("service.name").map_or_else(|| "unknown".into(), |name| name.to_ascii_lowercase().into()),
        instance_id: text("service.instance.id").map(Arc::from),
    }
}

fn span(proto: ProtoSpan, source: &Source) -> Option<Span> {
    let failure = proto.status.filter(|status| status.code() == StatusCode::Error).map(|status| cut(status.message));
    let kind = match SpanKind::try_from(proto.kind) {
        Ok(SpanKind::Server | SpanKind::Consumer) => Kind::Server,
        Ok(SpanKind::Client | SpanKind::Producer) => Kind::Client,
        _ => Kind::Internal,
    };
    let events = proto.events.into_iter().take(EVENTS_MAX).map(|event| Event {
        name: cut(event.name),
        at_ns: event.time_unix_nano,
        attributes: attributes(event.attributes),
    });
    Some(Span {
        trace_id: trace_id(&proto.trace_id)?,
        span_id: span_id(&proto.span_id)?,
        parent: span_id(&proto.parent_span_id),
        source: source.clone(),
        name: cut(proto.name),
        kind,
        start_ns: proto.start_time_unix_nano,
        end_ns: proto.end_time_unix_nano.max(proto.start_time_unix_nano),
        attributes: attributes(proto.attributes),
        events: events.collect(),
        failure,
    })
}

fn line(record: LogRecord, source: &Source) -> LogLine {
    let mut attributes = attributes(record.attributes);
    let mut take = |name: &str| {
        let at = attributes.iter().position(|(key, _)| key == name)?;
        attributes.remove(at).1.as_str().map(str::to_owned)
    };
    LogLine {
        request_id: take("bijou.request_id"),
        target: take("code.namespace"),
        trace_id: trace_id(&record.trace_id),
        span_id: span_id(&record.span_id),
        source: source.clone(),
        at_ns: if record.time_unix_nano == 0 { record.observed_time_unix_nano } else { record.time_unix_nano },
        level: level(record.severity_number),
        message: record
            .body
            .map(value)
            .map(|body| body.as_str().map_or_else(|| body.to_string(), str::to_owned))
            .unwrap_or_default(),
        attributes,
    }
}

/// Severity numbers come in fours (OpenTelemetry's logs data model).
fn level(severity: i32) -> Level {
    match severity {
        1..=4 => Level::Trace,
        5..=8 => Level::Debug,
        13..=16 => Level::Warn,
        17.. => Level::Error,
        _ => Level::Info,
    }
}

pub(super) fn trace_id(bytes: &[u8]) -> Option<TraceId> {
    TraceId::new(u128::from_be_bytes(bytes.try_into().ok()?))
}

fn span_id(bytes: &[u8]) -> Option<SpanId> {
    SpanId::new(u64::from_be_bytes(bytes.try_into().ok()?))
}

pub(super) fn attributes(pairs: Vec<KeyValue>) -> Attributes {
    let pairs = pairs.into_iter().take(ATTRIBUTES_MAX);
    pairs.map(|pair| (cut(pair.key), pair.value.map_or(Value::Null, value))).collect()
}

fn value(any: AnyValue) -> Value {
    use any_value::Value as Proto;
    match any.value {
        Some(Proto::StringValue(text)) => Value::String(cut(text)),
        Some(Proto::BoolValue(yes)) => Value::Bool(yes),
        Some(Proto::IntValue(number)) => json!(number),
        Some(Proto::DoubleValue(number)) => json!(number),
        Some(Proto::ArrayValue(list)) => {
            Value::Array(list.values.into_iter().take(ATTRIBUTES_MAX).map(value).collect())
        }
        Some(Proto::KvlistValue(list)) => {
            let pairs = attributes(list.values);
            Value::Object(pairs.into_iter().collect::<Map<_, _>>())
        }
        Some(Proto::BytesValue(bytes)) => Value::String(format!("{} bytes", bytes.len())),
        // Absent, or a reference into a table that only the profiles signal has.
        _ => Value::Null,
    }
}

fn cut(text: String) -> String {
    cut_at(text, TEXT_BYTES_MAX)
}

pub(super) fn cut_at(mut text: String, bytes_max: usize) -> String {
    if text.len() > bytes_max {
        text.truncate(text.floor_char_boundary(bytes_max));
        text.push('…');
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::otlp::Encoding;

    /// As the specification's own example writes it: ids in hexadecimal, 64-bit numbers as text.
    const JSON: &str = r#"{"resourceSpans":[{"resource":{"attributes":[
        {"key":"service.name","value":{"stringValue":"Catalog"}},
        {"key":"service.instance.id","value":{"stringValue":"host:catalog:0"}}]},
        "scopeSpans":[{"spans":[
            {"traceId":"5B8EFFF798038103D269B633813FC60C","spanId":"EEE19B7EC3C1B174","parentSpanId":"EEE19B7EC3C1B173",
             "name":"GET /v1/titles","startTimeUnixNano":"1544712660000000000","endTimeUnixNano":"1544712661000000000",
             "kind":2,"attributes":[{"key":"http.response.status_code","value":{"intValue":"200"}}],
             "status":{"code":2,"message":"it burns"}},
            {"traceId":"","spanId":"","name":"no ids","kind":1}]}]}]}"#;

    #[test]
    fn json_with_hexadecimal_ids_is_read() {
        let (spans, unusable) = spans(Encoding::Json.read(JSON.as_bytes()).expect("valid"));
        assert_eq!((spans.len(), unusable), (1, 1));
        let span = &spans[0];
        assert_eq!(span.trace_id.to_string(), "5b8efff798038103d269b633813fc60c");
        assert_eq!((&*span.source.role, span.source.instance_id.as_deref()), ("catalog", Some("host:catalog:0")));
        assert_eq!((span.kind, span.status(), span.duration_ms()), (Kind::Server, Some(200), 1_000.0));
        assert_eq!(span.failure.as_deref(), Some("it burns"));
        assert_eq!(span.parent.map(|id| id.to_string()).as_deref(), Some("eee19b7ec3c1b173"));
    }

    #[test]
    fn severities_become_levels() {
        let levels: Vec<_> = [0, 1, 5, 9, 13, 17, 24].map(level).into();
        let expected = [Level::Info, Level::Trace, Level::Debug, Level::Info, Level::Warn, Level::Error, Level::Error];
        assert_eq!(levels, expected);
    }

    #[test]
    fn long_text_is_cut_at_a_character() {
        let cut = cut("ä".repeat(TEXT_BYTES_MAX));
        assert!(cut.len() <= TEXT_BYTES_MAX + 3 && cut.ends_with("ä…"));
    }
}
