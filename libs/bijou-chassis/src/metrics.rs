//! What every role counts about the requests it serves, under OpenTelemetry's names.
//!
//! `http.server.request.duration` and `http.server.active_requests` (semantic conventions for HTTP, stable), written
//! with underscores and the unit as Prometheus wants it.

use std::time::{Duration, SystemTime};

use bijou_telemetry::{HTTP_SECONDS, Metrics, TraceId};
use http::{Method, StatusCode};
use prometheus_client::encoding::EncodeLabelSet;
use prometheus_client::metrics::counter::Counter;
use prometheus_client::metrics::exemplar::HistogramWithExemplars;
use prometheus_client::metrics::family::Family;
use prometheus_client::metrics::gauge::Gauge;
use prometheus_client::registry::Unit;

/// Requests served, in flight and refused.
#[derive(Debug, Clone)]
pub(crate) struct HttpMetrics {
    duration: Family<Served, Durations, fn() -> Durations>,
    active: Gauge,
    refused: Family<Refused, Counter>,
}

#[derive(Debug, Clone, PartialEq, Eq, Hash, EncodeLabelSet)]
#[expect(clippy::struct_field_names, reason = "OpenTelemetry's names")]
struct Served {
    http_request_method: &'static str,
    http_route: String,
    http_response_status_code: u16,
}

#[derive(Debug, Clone, PartialEq, Eq, Hash, EncodeLabelSet)]
struct Refused {
    reason: &'static str,
}

/// Durations, with the trace of the last one in each bucket.
type Durations = HistogramWithExemplars<[(&'static str, String); 1]>;

fn seconds() -> Durations {
    Durations::new(HTTP_SECONDS.into_iter())
}

impl HttpMetrics {
    pub(crate) fn new(metrics: &Metrics) -> Self {
        let own = Self {
            duration: Family::new_with_constructor(seconds as fn() -> Durations),
            active: Gauge::default(),
            refused: Family::default(),
        };
        metrics.register(|registry| {
            registry.register_with_unit(
                "http_server_request_duration",
                "Time from the request's head to the end of its answer",
                Unit::Seconds,
                own.duration.clone(),
            );
            registry.register("http_server_active_requests", "Requests being worked on", own.active.clone());
            registry.register(
                "bijou_requests_refused",
                "Requests refused before their handler ran",
                own.refused.clone(),
            );
        });
        own
    }

    pub(crate) fn began(&self) {
        self.active.inc();
    }

    /// `trace` is where the request's trace is found, if it is kept.
    pub(crate) fn ended(
        &self,
        method: &Method,
        route: &str,
        status: StatusCode,
        took: Duration,
        trace: Option<TraceId>,
    ) {
        self.active.dec();
        let served = Served {
            http_request_method: known(method),
            http_route: route.to_owned(),
            http_response_status_code: status.as_u16(),
        };
        let example = trace.map(|trace| [("trace_id", trace.to_string())]);
        let at = example.is_some().then(SystemTime::now);
        self.duration.get_or_create(&served).observe(took.as_secs_f64(), example, at);
    }

    pub(crate) fn refused(&self, reason: &'static str) {
        self.refused.get_or_create(&Refused { reason }).inc();
    }
}

/// Methods are the caller's text: only known ones become a label.
fn known(method: &Method) -> &'static str {
    match method.as_str() {
        "GET" => "GET",
        "POST" => "POST",
        "PUT" => "PUT",
        "PATCH" => "PATCH",
        "DELETE" => "DELETE",
        "HEAD" => "HEAD",
        "OPTIONS" => "OPTIONS",
        _ => "_OTHER",
    }
}
