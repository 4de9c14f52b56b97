//! Every metric of this crate.

use bijou_telemetry::Metrics;
use prometheus_client::encoding::EncodeLabelSet;
use prometheus_client::metrics::counter::Counter;
use prometheus_client::metrics::family::Family;

/// What identity counts. Cheap to clone.
#[derive(Debug, Clone, Default)]
pub(crate) struct Counts {
    sign_ins: Family<Outcome, Counter>,
    refreshes: Family<Outcome, Counter>,
    exchanges: Family<Outcome, Counter>,
    device_codes: Family<Outcome, Counter>,
    hashing_refused: Counter,
}

#[derive(Debug, Clone, PartialEq, Eq, Hash, EncodeLabelSet)]
struct Outcome {
    outcome: &'static str,
}

impl Counts {
    pub(crate) fn new(metrics: &Metrics) -> Self {
        let counts = Self::default();
        metrics.register(|registry| {
            registry.register("bijou_sign_ins", "Sign-ins by outcome", counts.sign_ins.clone());
            registry.register("bijou_refreshes", "Refresh tokens presented, by outcome", counts.refreshes.clone());
            registry.register(
                "bijou_device_codes",
                "Devices to be signed in by a code, by what became of them",
                counts.device_codes.clone(),
            );
            registry.register("bijou_token_exchanges", "Token exchanges by outcome", counts.exchanges.clone());
            registry.register(
                "bijou_hashing_refused",
                "Sign-ins refused because too many passwords were being hashed",
                counts.hashing_refused.clone(),
            );
        });
        counts
    }

    #[cfg(test)]
    pub(crate) fn unregistered() -> Self {
        Self::default()
    }

    pub(crate) fn sign_in(&self, outcome: &'static str) {
        self.sign_ins.get_or_create(&Outcome { outcome }).inc();
    }

    pub(crate) fn refresh(&self, outcome: &'static str) {
        self.refreshes.get_or_create(&Outcome { outcome }).inc();
    }

    pub(crate) fn exchange(&self, outcome: &'static str) {
        self.exchanges.get_or_create(&Outcome { outcome }).inc();
    }

    pub(crate) fn device_code(&self, outcome: &'static str) {
        self.device_codes.get_or_create(&Outcome { outcome }).inc();
    }

    pub(crate) fn hashing_refused(&self) {
        self.hashing_refused.inc();
    }
}
