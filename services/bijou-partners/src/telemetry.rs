//! Every metric of this crate.

use bijou_telemetry::Metrics;
use prometheus_client::encoding::EncodeLabelSet;
use prometheus_client::metrics::counter::Counter;
use prometheus_client::metrics::family::Family;
use prometheus_client::metrics::gauge::Gauge;

/// What partners counts. Cheap to clone.
#[derive(Debug, Clone, Default)]
pub(crate) struct Counts {
    calls: Family<Outcome, Counter>,
    deliveries: Family<Outcome, Counter>,
    pub(crate) queue_depth: Gauge,
}

#[derive(Debug, Clone, PartialEq, Eq, Hash, EncodeLabelSet)]
struct Outcome {
    outcome: &'static str,
}

impl Counts {
    pub(crate) fn new(metrics: &Metrics) -> Self {
        let counts = Self::default();
        metrics.register(|registry| {
            registry.register("bijou_partner_calls", "Calls with an API key by outcome", counts.calls.clone());
            registry.register("bijou_webhook_deliveries", "Tries to deliver by outcome", counts.deliveries.clone());
            registry.register("bijou_webhook_due", "Deliveries being sent, at most 64", counts.queue_depth.clone());
        });
        counts
    }

    pub(crate) fn call(&self, outcome: &'static str) {
        self.calls.get_or_create(&Outcome { outcome }).inc();
    }

    pub(crate) fn delivery(&self, outcome: &'static str) {
        self.deliveries.get_or_create(&Outcome { outcome }).inc();
    }
}
