//! Every metric of the console: how much came in, how full the memory is, who watches.

use bijou_telemetry::Metrics;
use prometheus_client::collector::Collector;
use prometheus_client::encoding::{DescriptorEncoder, EncodeMetric as _};
use prometheus_client::metrics::MetricType;
use prometheus_client::metrics::counter::{ConstCounter, Counter};
use prometheus_client::metrics::family::Family;
use prometheus_client::metrics::gauge::{ConstGauge, Gauge};
use prometheus_client::metrics::histogram::{Histogram, exponential_buckets};

use crate::archive::Dropped;
use crate::checks::Check;
use crate::state::Shared;

/// Registers them.
pub fn register(metrics: &Metrics, shared: &Shared) {
    metrics.register(|registry| registry.register_collector(Box::new(Console(shared.clone()))));
}

/// How checks go.
#[derive(Debug, Clone)]
pub struct CheckMetrics {
    runs: Family<[(&'static str, &'static str); 1], Counter>,
    seconds: Family<[(&'static str, String); 1], Histogram>,
    passing: Gauge,
}

impl CheckMetrics {
    /// Registers them.
    pub fn register(metrics: &Metrics) -> Self {
        let new: fn() -> Histogram = || Histogram::new(exponential_buckets(0.005, 2.0, 12));
        let own =
            Self { runs: Family::default(), seconds: Family::new_with_constructor(new), passing: Gauge::default() };
        let (runs, seconds, passing) = (own.runs.clone(), own.seconds.clone(), own.passing.clone());
        metrics.register(|registry| {
            registry.register("bijou_check_runs", "Synthetic checks, by how they ended", runs);
            registry.register("bijou_check_step_seconds", "Time of a check's steps", seconds);
            registry.register("bijou_check_passing", "1 when the last check passed", passing);
        });
        own
    }

    /// Counts a finished check.
    pub fn note(&self, check: &Check) {
        let is_passed = check.failed().is_none();
        self.runs.get_or_create(&[("outcome", if is_passed { "passed" } else { "failed" })]).inc();
        self.passing.set(i64::from(is_passed));
        for step in &check.steps {
            self.seconds.get_or_create(&[("step", step.name.clone())]).observe(step.took_ms as f64 / 1_000.0);
        }
    }
}

/// Read when scraped: the numbers are kept anyway.
#[derive(Debug)]
struct Console(Shared);

impl Collector for Console {
    fn encode(&self, mut encoder: DescriptorEncoder<'_>) -> Result<(), std::fmt::Error> {
        let fill = self.0.memory().fill();
        let received = self.0.received();
        let archive = self.0.archive().fill();
        let gauges = [
            ("bijou_console_traces_held", "Traces remembered", fill.held as u64),
            ("bijou_console_memory_bytes", "Memory taken by them, about", fill.bytes as u64),
            ("bijou_console_memory_bytes_max", "Memory they may take", fill.bytes_max as u64),
            ("bijou_console_archive_bytes", "Disk taken by the archive", archive.bytes),
            ("bijou_console_archive_bytes_max", "Disk it may take", archive.bytes_max),
            ("bijou_console_archive_files", "Files of the archive", archive.files as u64),
            (
                "bijou_console_archive_queue_bytes",
                "Records waiting for the disk or being written",
                archive.queue_bytes as u64,
            ),
            ("bijou_console_archive_queue_bytes_max", "Records that may", archive.queue_bytes_max as u64),
            ("bijou_console_live_readers", "Readers of the live stream", self.0.readers() as u64),
        ];
        for (name, help, value) in gauges {
            let metric = encoder.encode_descriptor(name, help, None, MetricType::Gauge)?;
            ConstGauge::new(value).encode(metric)?;
        }
        let counters = [
            ("bijou_console_traces_forgotten", "Traces pushed out by newer ones", fill.forgotten),
            (
                "bijou_console_archive_forgotten_files",
                "Oldest files removed to stay in the budget",
                archive.forgotten_files,
            ),
            ("bijou_console_archive_forgotten_bytes", "Their bytes", archive.forgotten_bytes),
            ("bijou_console_spans_received", "Spans received", received.spans),
            ("bijou_console_logs_received", "Log lines received", received.logs),
            ("bijou_console_points_received", "Points of metrics delivered unasked", self.0.points_received()),
            ("bijou_console_records_rejected", "Records that could not be used", received.rejected),
        ];
        for (name, help, value) in counters {
            let metric = encoder.encode_descriptor(name, help, None, MetricType::Counter)?;
            ConstCounter::new(value).encode(metric)?;
        }
        let Dropped { full, notable, sampled, disk } = archive.dropped;
        let help = "Records not archived: the queue was full, even for notable ones, left out under flood, or the disk refused them";
        let mut dropped =
            encoder.encode_descriptor("bijou_console_archive_dropped", help, None, MetricType::Counter)?;
        for (reason, count) in [("full", full), ("notable", notable), ("sampled", sampled), ("disk", disk)] {
            ConstCounter::new(count).encode(dropped.encode_family(&[("reason", reason)])?)?;
        }
        Ok(())
    }
}
