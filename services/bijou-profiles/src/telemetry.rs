//! Every metric of this crate.

use std::sync::atomic::AtomicU64;

use bijou_telemetry::Metrics;
use prometheus_client::encoding::EncodeLabelSet;
use prometheus_client::metrics::counter::Counter;
use prometheus_client::metrics::family::Family;
use prometheus_client::metrics::gauge::Gauge;

/// What profiles counts. Cheap to clone.
#[derive(Debug, Clone, Default)]
pub(crate) struct Counts {
    position_reports: Counter,
    position_writes: Counter,
    position_commits: Counter,
    positions_waiting: Gauge<u64, AtomicU64>,
    positions_full: Counter,
    admissions: Family<Outcome, Counter>,
    pins_refused: Counter,
    exports: Family<Outcome, Counter>,
}

#[derive(Debug, Clone, PartialEq, Eq, Hash, EncodeLabelSet)]
struct Outcome {
    outcome: &'static str,
}

impl Counts {
    pub(crate) fn new(metrics: &Metrics, waiting_max: usize) -> Self {
        let counts = Self::default();
        let limit = Gauge::<u64, AtomicU64>::default();
        limit.set(waiting_max as u64);
        metrics.register(|registry| {
            registry.register("bijou_position_reports", "Positions told by players", counts.position_reports.clone());
            registry.register("bijou_position_writes", "Positions written", counts.position_writes.clone());
            registry.register(
                "bijou_position_commits",
                "Transactions positions were written in",
                counts.position_commits.clone(),
            );
            registry.register(
                "bijou_positions_waiting",
                "Positions that wait to be written",
                counts.positions_waiting.clone(),
            );
            registry.register("bijou_positions_waiting_max", "Most positions that may wait", limit);
            registry.register(
                "bijou_positions_full",
                "Positions written at once because too many waited",
                counts.positions_full.clone(),
            );
            registry.register("bijou_admissions", "Changes of profile by outcome", counts.admissions.clone());
            registry.register(
                "bijou_pins_refused",
                "PINs refused because too many were being checked",
                counts.pins_refused.clone(),
            );
            registry.register("bijou_profile_exports", "Exports ended, by outcome", counts.exports.clone());
        });
        counts
    }

    pub(crate) fn position_reported(&self) {
        self.position_reports.inc();
    }

    /// So many positions in one transaction.
    pub(crate) fn positions_written(&self, count: usize) {
        self.position_writes.inc_by(count as u64);
        self.position_commits.inc();
    }

    pub(crate) fn positions_waiting(&self, count: usize) {
        self.positions_waiting.set(count as u64);
    }

    pub(crate) fn positions_full(&self) {
        self.positions_full.inc();
    }

    pub(crate) fn admission(&self, outcome: &'static str) {
        self.admissions.get_or_create(&Outcome { outcome }).inc();
    }

    pub(crate) fn pin_refused(&self) {
        self.pins_refused.inc();
    }

    pub(crate) fn export_ended(&self, outcome: &'static str) {
        self.exports.get_or_create(&Outcome { outcome }).inc();
    }

    #[cfg(test)]
    pub(crate) fn reports(&self) -> u64 {
        self.position_reports.get()
    }

    #[cfg(test)]
    pub(crate) fn writes(&self) -> u64 {
        self.position_writes.get()
    }

    #[cfg(test)]
    pub(crate) fn commits(&self) -> u64 {
        self.position_commits.get()
    }
}
