//! Every metric of the registry, under OpenTelemetry's names where there is one.

use std::time::Duration;

use bijou_eureka::Status;
use bijou_telemetry::{HTTP_SECONDS, Metrics};
use http::{Method, StatusCode};
use prometheus_client::{
    encoding::EncodeLabelSet,
    metrics::{counter::Counter, family::Family, gauge::Gauge, histogram::Histogram},
    registry::Unit,
};

use crate::leases::Verdict;

#[derive(Clone, Debug, PartialEq, Eq, Hash, EncodeLabelSet)]
#[expect(clippy::struct_field_names, reason = "the names of the fields are the labels")]
struct Served {
    http_request_method: &'static str,
    http_route: &'static str,
    http_response_status_code: u16,
}

#[derive(Clone, Debug, PartialEq, Eq, Hash, EncodeLabelSet)]
struct OfStatus {
    status: &'static str,
}

/// Handles to the metrics. Cheap to clone.
#[derive(Clone, Debug)]
pub struct Telemetry {
    metrics: Metrics,
    duration: Family<Served, Histogram, fn() -> Histogram>,
    instances: Family<OfStatus, Gauge>,
    pub registrations: Counter,
    pub renewals: Counter,
    pub renewals_refused: Counter,
    pub cancellations: Counter,
    pub overrides: Counter,
    pub evictions: Counter,
    pub watchers: Gauge,
    pub watch_restarts: Counter,
    expired_kept: Gauge,
    is_preserving: Gauge,
}

impl Telemetry {
    pub fn new(metrics: Metrics) -> Self {
        let own = Telemetry {
            metrics,
            duration: Family::new_with_constructor(|| Histogram::new(HTTP_SECONDS)),
            instances: Family::default(),
            registrations: Counter::default(),
            renewals: Counter::default(),
            renewals_refused: Counter::default(),
            cancellations: Counter::default(),
            overrides: Counter::default(),
            evictions: Counter::default(),
            watchers: Gauge::default(),
            watch_restarts: Counter::default(),
            expired_kept: Gauge::default(),
            is_preserving: Gauge::default(),
        };
        own.metrics.register(|registry| {
            let help = "Time from the request's head to the head of its answer";
            registry.register_with_unit("http_server_request_duration", help, Unit::Seconds, own.duration.clone());
            registry.register("bijou_registry_instances", "Registered instances by status", own.instances.clone());
            let counters = [
                ("registrations", "Registrations taken", &own.registrations),
                ("renewals", "Leases renewed", &own.renewals),
                ("renewals_refused", "Renewals answered with: register again", &own.renewals_refused),
                ("cancellations", "Leases ended by their client", &own.cancellations),
                ("overrides", "Status overrides set or removed", &own.overrides),
                ("evictions", "Leases ended because nobody renewed them", &own.evictions),
                ("watch_restarts", "Watchers too slow for single changes, sent the whole list", &own.watch_restarts),
            ];
            for (name, help, counter) in counters {
                registry.register(format!("bijou_registry_{name}"), help, counter.clone());
            }
            let gauges = [
                ("watchers", "Open watches", &own.watchers),
                ("expired_kept", "Expired leases kept by self-preservation", &own.expired_kept),
                ("self_preservation", "1 while expired leases are kept", &own.is_preserving),
            ];
            for (name, help, gauge) in gauges {
                registry.register(format!("bijou_registry_{name}"), help, gauge.clone());
            }
        });
        own
    }

    pub fn served(&self, method: &Method, route: &'static str, status: StatusCode, took: Duration) {
        let http_request_method = match *method {
            Method::GET => "GET",
            Method::PUT => "PUT",
            Method::POST => "POST",
            Method::DELETE => "DELETE",
            Method::HEAD => "HEAD",
            _ => "_OTHER",
        };
        let labels = Served { http_request_method, http_route: route, http_response_status_code: status.as_u16() };
        self.duration.get_or_create(&labels).observe(took.as_secs_f64());
    }

    /// All metrics as text. What is read off the leases is read now.
    pub fn encode(&self, status_counts: [usize; Status::ALL.len()], verdict: Verdict) -> String {
        for (status, count) in Status::ALL.into_iter().zip(status_counts) {
            self.instances.get_or_create(&OfStatus { status: status.as_str() }).set(count as i64);
        }
        self.expired_kept.set(if verdict.standing.keeps_expired() { verdict.expired as i64 } else { 0 });
        self.is_preserving.set(i64::from(verdict.standing.keeps_expired()));
        self.metrics.encode()
    }
}
