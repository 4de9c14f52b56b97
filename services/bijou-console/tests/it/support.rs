//! A running console, and telemetry to feed it.

use std::borrow::Cow;

use bijou_chassis::{Asset, Context};
use bijou_testkit::{TestService, TestServiceBuilder, User, contract::Contract};
use opentelemetry_proto::tonic::collector::logs::v1::ExportLogsServiceRequest;
use opentelemetry_proto::tonic::collector::trace::v1::ExportTraceServiceRequest;
use opentelemetry_proto::tonic::common::v1::{AnyValue, KeyValue, any_value::Value};
use opentelemetry_proto::tonic::logs::v1::{LogRecord, ResourceLogs, ScopeLogs};
use opentelemetry_proto::tonic::resource::v1::Resource;
use opentelemetry_proto::tonic::trace::v1::span::SpanKind;
use opentelemetry_proto::tonic::trace::v1::{ResourceSpans, ScopeSpans, Span};

pub const TOKEN: &str = "the operator's token";

/// When everything begins: 2026-11-23T07:00:00Z.
pub const START_NS: u64 = 1_795_417_200_000_000_000;

/// The console and its operator listener.
pub struct Console {
    pub service: TestService,
    /// `http://127.0.0.1:<port>`.
    pub operator_url: String,
}

impl Console {
    pub async fn start() -> Self {
        Self::start_with(TestService::of(bijou_console::ROLE)).await
    }

    pub async fn start_with(builder: TestServiceBuilder) -> Self {
        let settings = format!("[console]\noperator_listen = '127.0.0.1:0'\noperator_token = \"{TOKEN}\"\n");
        let (send, address) = std::sync::mpsc::channel();
        let build = async move |context: Context| {
            let announcement = context.announcement.clone();
            let service = bijou_console::service(context, assets).await?;
            send.send(announcement.get("bijou.operator-address")).expect("the test waits");
            Ok(service)
        };
        let service = builder.settings(&settings).start(build).await;
        let address = address.recv().expect("built").expect("announced");
        Self { service, operator_url: format!("http://{address}") }
    }

    /// Somebody at the operator listener, without anything.
    pub fn stranger(&self) -> User {
        let document = serde_json::to_value(bijou_console::operator_openapi()).expect("a document");
        User::at(&self.operator_url, Contract::of(document))
    }

    /// Somebody who looks at pages, which no contract describes.
    pub fn visitor(&self) -> User {
        User::at(&self.operator_url, Contract::of(serde_json::Value::Null))
    }

    /// A JSON answer to an operator.
    pub async fn ask(&self, path: &str) -> serde_json::Value {
        let request = self.stranger().get(path).header("authorization", &format!("Bearer {TOKEN}"));
        request.send().await.expect(200).value()
    }
}

/// The files of an app that was built.
pub fn assets(path: &str) -> Option<Asset> {
    let (content, content_type) = match path {
        "index.html" => ("<!doctype html><title>Console</title>", "text/html; charset=utf-8"),
        "assets/main-1.js" => ("run()", "text/javascript; charset=utf-8"),
        "assets/main-1.js.br" => ("packed", "text/javascript; charset=utf-8"),
        _ => return None,
    };
    Some(Asset { bytes: Cow::Borrowed(content.as_bytes()), content_type, etag: format!("\"{}\"", content.len()) })
}

fn pair(key: &str, value: Value) -> KeyValue {
    KeyValue { key: key.to_owned(), value: Some(AnyValue { value: Some(value) }), ..KeyValue::default() }
}

pub fn text(key: &str, value: &str) -> KeyValue {
    pair(key, Value::StringValue(value.to_owned()))
}

pub fn number(key: &str, value: i64) -> KeyValue {
    pair(key, Value::IntValue(value))
}

fn resource(role: &str) -> Resource {
    let attributes = vec![text("service.name", role), text("service.instance.id", &format!("host:{role}:0"))];
    Resource { attributes, ..Resource::default() }
}

/// A span of a trace, from `start` to `end` milliseconds.
pub fn span(
    trace: u128,
    id: u64,
    parent: u64,
    kind: SpanKind,
    (start, end): (u64, u64),
    attributes: Vec<KeyValue>,
) -> Span {
    Span {
        trace_id: trace.to_be_bytes().to_vec(),
        span_id: id.to_be_bytes().to_vec(),
        parent_span_id: if parent == 0 { Vec::new() } else { parent.to_be_bytes().to_vec() },
        name: format!("span {id}"),
        kind: kind.into(),
        start_time_unix_nano: START_NS + start * 1_000_000,
        end_time_unix_nano: START_NS + end * 1_000_000,
        attributes,
        ..Span::default()
    }
}

/// A batch of one role's spans.
pub fn batch(role: &str, spans: Vec<Span>) -> ExportTraceServiceRequest {
    let scope_spans = vec![ScopeSpans { spans, ..ScopeSpans::default() }];
    let resource_spans = ResourceSpans { resource: Some(resource(role)), scope_spans, ..ResourceSpans::default() };
    ExportTraceServiceRequest { resource_spans: vec![resource_spans] }
}

/// A batch of one log line.
pub fn log_batch(role: &str, trace: u128, at: u64, message: &str) -> ExportLogsServiceRequest {
    let record = LogRecord {
        time_unix_nano: START_NS + at * 1_000_000,
        severity_number: 9,
        trace_id: trace.to_be_bytes().to_vec(),
        body: Some(AnyValue { value: Some(Value::StringValue(message.to_owned())) }),
        ..LogRecord::default()
    };
    let scope_logs = vec![ScopeLogs { log_records: vec![record], ..ScopeLogs::default() }];
    let resource_logs = ResourceLogs { resource: Some(resource(role)), scope_logs, ..ResourceLogs::default() };
    ExportLogsServiceRequest { resource_logs: vec![resource_logs] }
}

/// `GET /v1/titles/<trace>` through gateway and catalog: the batches both would send.
pub fn crossing(trace: u128, status: i64) -> [ExportTraceServiceRequest; 2] {
    let edge = vec![
        text("http.request.method", "GET"),
        text("url.path", &format!("/v1/titles/{trace}")),
        text("bijou.request_id", &format!("r-{trace}")),
        number("http.response.status_code", status),
    ];
    let call = vec![text("peer.service", "CATALOG"), number("http.response.status_code", status)];
    let served = vec![number("http.response.status_code", status)];
    [
        batch(
            "gateway",
            vec![
                span(trace, 1, 0, SpanKind::Server, (0, 12), edge),
                span(trace, 2, 1, SpanKind::Client, (1, 11), call),
            ],
        ),
        batch("catalog", vec![span(trace, 3, 2, SpanKind::Server, (2, 10), served)]),
    ]
}
