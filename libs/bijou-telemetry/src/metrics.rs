//! Metrics: a shared registry around `prometheus-client`, scraped as OpenMetrics text.
//!
//! Names are OpenTelemetry's where one exists (`http_server_request_duration_seconds`), `bijou_<noun>_<unit>`
//! otherwise; `docs/logging.md` has the rules. `prometheus-client` itself appends `_total` to counters and the unit
//! given at registration.

use std::sync::{Arc, Mutex, PoisonError};

use prometheus_client::collector::Collector;
use prometheus_client::encoding::{DescriptorEncoder, EncodeMetric};
use prometheus_client::metrics::MetricType;
use prometheus_client::metrics::counter::ConstCounter;
use prometheus_client::metrics::gauge::ConstGauge;
use prometheus_client::registry::Registry;

use crate::role::Role;

/// `Content-Type` of [`Metrics::encode`].
pub const CONTENT_TYPE: &str = "application/openmetrics-text; version=1.0.0; charset=utf-8";

/// Bucket bounds in seconds that OpenTelemetry recommends for HTTP durations.
pub const HTTP_SECONDS: [f64; 14] = [0.005, 0.01, 0.025, 0.05, 0.075, 0.1, 0.25, 0.5, 0.75, 1.0, 2.5, 5.0, 7.5, 10.0];

/// The metrics of one role. Cheap to clone.
#[derive(Clone, Debug, Default)]
pub struct Metrics(Arc<Mutex<Registry>>);

impl Metrics {
    /// An empty registry.
    pub fn new() -> Self {
        Self::default()
    }

    /// A registry that shows the exporter's queue and losses of this role.
    pub fn for_role(role: &Role) -> Self {
        let metrics = Self::new();
        metrics.register(|registry| registry.register_collector(Box::new(Exporter(role.clone()))));
        metrics
    }

    /// Adds metrics; what `add` returns (usually handles to them) is passed on.
    pub fn register<R>(&self, add: impl FnOnce(&mut Registry) -> R) -> R {
        add(&mut self.0.lock().unwrap_or_else(PoisonError::into_inner))
    }

    /// All metrics as OpenMetrics text.
    pub fn encode(&self) -> String {
        let mut text = String::new();
        let registry = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        prometheus_client::encoding::text::encode(&mut text, &registry).expect("writing to a String cannot fail");
        text
    }
}

#[derive(Debug)]
struct Exporter(Role);

impl Collector for Exporter {
    fn encode(&self, mut encoder: DescriptorEncoder<'_>) -> Result<(), std::fmt::Error> {
        let dropped = self.0.dropped();
        let queues = || self.0.queues().iter().map(|(_, queue)| queue);
        let spans = queues().map(|queue| queue.spans.depth()).sum::<usize>();
        let logs = queues().map(|queue| queue.logs.depth()).sum::<usize>();
        let depths = [("spans", spans), ("logs", logs)];
        for (signal, depth) in depths {
            let name = format!("bijou_telemetry_{signal}_queue_depth");
            let gauge = ConstGauge::new(depth as u64);
            let metric =
                encoder.encode_descriptor(&name, "Records waiting to be exported", None, gauge.metric_type())?;
            gauge.encode(metric)?;
        }
        for (signal, lost) in [("spans", dropped.spans), ("logs", dropped.logs)] {
            let name = format!("bijou_telemetry_{signal}_dropped");
            let counter = ConstCounter::new(lost);
            let metric = encoder.encode_descriptor(
                &name,
                "Records lost: queue full, refused by a collector, or collector away at the end",
                None,
                counter.metric_type(),
            )?;
            counter.encode(metric)?;
        }
        let kept = self.0.kept();
        let mut counters = |name: &str, help: &str, counts: &[(&str, u64)]| {
            let mut family = encoder.encode_descriptor(name, help, None, MetricType::Counter)?;
            counts.iter().try_for_each(|(reason, count)| {
                ConstCounter::new(*count).encode(family.encode_family(&[("reason", *reason)])?)
            })
        };
        counters(
            "bijou_telemetry_spans_kept",
            "Spans recorded though their request was not sampled",
            &[("failed", kept.failed), ("slow", kept.slow)],
        )?;
        counters(
            "bijou_telemetry_spans_left_out",
            "Spans of requests that were not sampled, and had nothing the matter or were too many",
            &[("ordinary", kept.left_out)],
        )
    }
}
