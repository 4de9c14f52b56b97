//! Our records as OTLP messages (opentelemetry-proto 1.x, HTTP/protobuf body of `/v1/traces`, `/v1/logs` and `/v1/metrics`).

mod metrics;

use std::borrow::Cow;

use bytes::Bytes;
use opentelemetry_proto::tonic::collector::logs::v1::{ExportLogsServiceRequest, ExportLogsServiceResponse};
use opentelemetry_proto::tonic::collector::metrics::v1::ExportMetricsServiceResponse;
use opentelemetry_proto::tonic::collector::trace::v1::{ExportTraceServiceRequest, ExportTraceServiceResponse};
use opentelemetry_proto::tonic::common::v1::{AnyValue, InstrumentationScope, KeyValue, any_value};
use opentelemetry_proto::tonic::logs::v1::{LogRecord as ProtoLog, ResourceLogs, ScopeLogs, SeverityNumber};
use opentelemetry_proto::tonic::resource::v1::Resource;
use opentelemetry_proto::tonic::trace::v1::span::{Event, SpanKind};
use opentelemetry_proto::tonic::trace::v1::status::StatusCode;
use opentelemetry_proto::tonic::trace::v1::{ResourceSpans, ScopeSpans, Span, Status};
use prost::Message;
use tracing::Level;

use crate::export::{METRICS_PATH, TRACES_PATH};
use crate::layer::LogRecord;
use crate::role::Role;
use crate::span::{Kind, Outcome, SpanRecord};
use crate::value::Value;

pub(crate) use metrics::{Times, metrics};

pub(crate) fn traces(role: &Role, spans: Vec<SpanRecord>) -> Bytes {
    let scope_spans =
        ScopeSpans { scope: Some(scope()), spans: spans.into_iter().map(span).collect(), ..ScopeSpans::default() };
    let resource_spans =
        ResourceSpans { resource: Some(resource(role)), scope_spans: vec![scope_spans], ..ResourceSpans::default() };
    ExportTraceServiceRequest { resource_spans: vec![resource_spans] }.encode_to_vec().into()
}

pub(crate) fn logs(role: &Role, records: Vec<LogRecord>) -> Bytes {
    let scope_logs =
        ScopeLogs { scope: Some(scope()), log_records: records.into_iter().map(log).collect(), ..ScopeLogs::default() };
    let resource_logs =
        ResourceLogs { resource: Some(resource(role)), scope_logs: vec![scope_logs], ..ResourceLogs::default() };
    ExportLogsServiceRequest { resource_logs: vec![resource_logs] }.encode_to_vec().into()
}

/// Records of a batch that the collector says it did not take; 0 for an answer that is none of OTLP's.
pub(crate) fn rejected(path: &str, answer: &Bytes) -> i64 {
    match path {
        TRACES_PATH => {
            let answer = ExportTraceServiceResponse::decode(answer.clone()).unwrap_or_default();
            answer.partial_success.map_or(0, |partial| partial.rejected_spans)
        }
        METRICS_PATH => {
            let answer = ExportMetricsServiceResponse::decode(answer.clone()).unwrap_or_default();
            answer.partial_success.map_or(0, |partial| partial.rejected_data_points)
        }
        _ => {
            let answer = ExportLogsServiceResponse::decode(answer.clone()).unwrap_or_default();
            answer.partial_success.map_or(0, |partial| partial.rejected_log_records)
        }
    }
}

fn resource(role: &Role) -> Resource {
    let attributes = vec![
        pair("service.name", role.name().into()),
        pair("service.instance.id", role.instance_id().to_owned().into()),
        pair("service.version", role.version().into()),
    ];
    Resource { attributes, ..Resource::default() }
}

fn scope() -> InstrumentationScope {
    InstrumentationScope { name: "bijou-telemetry".into(), ..InstrumentationScope::default() }
}

fn span(record: SpanRecord) -> Span {
    let status = match record.outcome {
        Outcome::Unset => None,
        Outcome::Failed(message) => Some(Status { message: message.into_owned(), code: StatusCode::Error.into() }),
    };
    let kind = match record.kind {
        Kind::Internal => SpanKind::Internal,
        Kind::Server => SpanKind::Server,
        Kind::Client => SpanKind::Client,
    };
    let events = record.events.into_iter().map(|event| Event {
        time_unix_nano: event.at_unix_ns,
        name: event.name.into_owned(),
        attributes: pairs(event.attributes),
        dropped_attributes_count: 0,
    });
    Span {
        trace_id: record.trace_id.to_bytes().to_vec(),
        span_id: record.span_id.to_bytes().to_vec(),
        parent_span_id: record.parent.map(|id| id.to_bytes().to_vec()).unwrap_or_default(),
        flags: 1,
        name: record.name.into_owned(),
        kind: kind.into(),
        start_time_unix_nano: record.start_unix_ns,
        end_time_unix_nano: record.end_unix_ns.max(record.start_unix_ns),
        attributes: pairs(record.attributes),
        events: events.collect(),
        status,
        ..Span::default()
    }
}

fn log(record: LogRecord) -> ProtoLog {
    let severity = match record.level {
        Level::TRACE => SeverityNumber::Trace,
        Level::DEBUG => SeverityNumber::Debug,
        Level::INFO => SeverityNumber::Info,
        Level::WARN => SeverityNumber::Warn,
        Level::ERROR => SeverityNumber::Error,
    };
    let mut attributes = pairs(record.attributes);
    if let Some(request_id) = record.request_id {
        attributes.push(pair("bijou.request_id", request_id.to_string().into()));
    }
    attributes.push(pair("code.namespace", record.target.into()));
    ProtoLog {
        time_unix_nano: record.at_unix_ns,
        observed_time_unix_nano: record.at_unix_ns,
        severity_number: severity.into(),
        severity_text: record.level.as_str().into(),
        body: Some(any(record.message.into())),
        attributes,
        trace_id: record.trace.map(|trace| trace.trace_id.to_bytes().to_vec()).unwrap_or_default(),
        span_id: record.trace.map(|trace| trace.span_id.to_bytes().to_vec()).unwrap_or_default(),
        flags: record.trace.map_or(0, |trace| trace.sampled.into()),
        ..ProtoLog::default()
    }
}

fn pairs(attributes: Vec<(Cow<'static, str>, Value)>) -> Vec<KeyValue> {
    attributes
        .into_iter()
        .map(|(key, value)| KeyValue { key: key.into_owned(), value: Some(any(value)), ..KeyValue::default() })
        .collect()
}

fn pair(key: &str, value: Value) -> KeyValue {
    KeyValue { key: key.to_owned(), value: Some(any(value)), ..KeyValue::default() }
}

fn any(value: Value) -> AnyValue {
    let value = match value {
        Value::Bool(value) => any_value::Value::BoolValue(value),
        Value::Int(value) => any_value::Value::IntValue(value),
        Value::Double(value) => any_value::Value::DoubleValue(value),
        Value::Text(value) => any_value::Value::StringValue(value.into_owned()),
    };
    AnyValue { value: Some(value) }
}
