//! A request's span, as a collector receives it.

use std::sync::{Arc, Mutex};

use axum::Router;
use axum::body::Bytes;
use axum::extract::State;
use axum::http::HeaderMap;
use axum::routing::post;
use bijou_testkit::{TestService, wait_for};
use opentelemetry_proto::tonic::collector::trace::v1::ExportTraceServiceRequest;
use opentelemetry_proto::tonic::common::v1::any_value::Value;
use opentelemetry_proto::tonic::trace::v1::Span;
use opentelemetry_proto::tonic::trace::v1::span::SpanKind;
use prost::Message as _;
use tokio_util::sync::CancellationToken;

use crate::service::{Held, ROLE, build};

type Received = Arc<Mutex<Vec<Span>>>;

/// As a collector outside the platform: it must be told nothing but spans.
async fn take(State(received): State<Received>, headers: HeaderMap, body: Bytes) {
    assert!(!headers.contains_key("bijou-passport") && !headers.contains_key("traceparent"), "{headers:?}");
    let request = ExportTraceServiceRequest::decode(body).expect("protobuf");
    let scopes = request.resource_spans.into_iter().flat_map(|of_resource| of_resource.scope_spans);
    received.lock().expect("no panic").extend(scopes.flat_map(|of_scope| of_scope.spans));
}

async fn start() -> (TestService, Received) {
    let received = Received::default();
    let listener = bijou_chassis::bind(([127, 0, 0, 1], 0).into(), "test").expect("any port");
    let url = format!("http://{}", listener.local_addr().expect("bound"));
    let routes = Router::new().route("/v1/traces", post(take)).with_state(Arc::clone(&received)).fallback(|| async {});
    tokio::spawn(bijou_chassis::serve(listener, routes, CancellationToken::new()));
    let settings = format!("[telemetry]\notlp = '{url}'\n");
    (TestService::of(ROLE).own_contract().settings(&settings).start(build(Held::default())).await, received)
}

fn attribute<'a>(span: &'a Span, name: &str) -> Option<&'a Value> {
    let pair = span.attributes.iter().find(|pair| pair.key == name)?;
    pair.value.as_ref()?.value.as_ref()
}

fn text(words: &str) -> Value {
    Value::StringValue(words.to_owned())
}

#[tokio::test]
async fn a_span_continues_the_callers_trace_and_says_how_it_ended() {
    let (service, received) = start().await;
    let parent = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01";
    let request = service.anonymous().get("/v1/things/8").header("traceparent", parent).header("x-request-id", "r-1");
    request.send().await.expect(404);
    let span = wait_for("the span", async || received.lock().expect("no panic").first().cloned()).await;
    assert_eq!(span.trace_id, 0x0af7_6519_16cd_43dd_8448_eb21_1c80_319c_u128.to_be_bytes());
    assert_eq!(span.parent_span_id, 0xb7ad_6b71_6920_3331_u64.to_be_bytes());
    assert_eq!((span.name.as_str(), span.kind()), ("GET /v1/things/{number}", SpanKind::Server));
    assert_eq!(attribute(&span, "http.route"), Some(&text("/v1/things/{number}")));
    assert_eq!(attribute(&span, "bijou.request_id"), Some(&text("r-1")));
    assert_eq!(attribute(&span, "error.type"), Some(&text("thing-not-found")));
    let Some(Value::StringValue(problem)) = attribute(&span, "bijou.problem") else { panic!("{span:?}") };
    assert!(problem.contains("\"code\":\"thing-not-found\"") && !problem.contains("r-1"), "{problem}");
    assert_eq!(attribute(&span, "http.response.status_code"), Some(&Value::IntValue(404)));
}

#[tokio::test]
async fn probes_keys_and_what_the_caller_did_not_sample_leave_no_spans() {
    let (service, received) = start().await;
    for path in ["/healthz", "/readyz", "/metrics", "/openapi.json", "/.well-known/passport-keys"] {
        service.nobody().get(path).send().await.expect(200);
    }
    let unsampled = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-00";
    service.anonymous().get("/v1/things").header("traceparent", unsampled).send().await.expect(200);
    service.anonymous().get("/v1/caller").send().await.expect(200);
    let first = wait_for("the last one", async || received.lock().expect("no panic").first().cloned()).await;
    assert_eq!(first.name, "GET /v1/caller");
    assert_eq!(received.lock().expect("no panic").len(), 1);
}
