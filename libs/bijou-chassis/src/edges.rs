//! What a role's calls to others look like, as metrics: the edges of the console's map. The gateway writes the same names.

use std::collections::{BTreeMap, HashMap};

use bijou_client::Client;
use bijou_telemetry::{HTTP_SECONDS, Metrics};
use prometheus_client::collector::Collector;
use prometheus_client::encoding::{DescriptorEncoder, EncodeMetric as _, NoLabelSet};
use prometheus_client::metrics::MetricType;
use prometheus_client::metrics::counter::ConstCounter;
use prometheus_client::metrics::exemplar::Exemplar;
use prometheus_client::metrics::gauge::ConstGauge;
use prometheus_client::registry::Unit;

/// Registers `bijou_edge_*`.
pub(crate) fn register(metrics: &Metrics, client: &Client) {
    metrics.register(|registry| registry.register_collector(Box::new(Edges(client.clone()))));
}

/// Read when scraped: the numbers are kept anyway.
#[derive(Debug)]
struct Edges(Client);

impl Collector for Edges {
    fn encode(&self, mut encoder: DescriptorEncoder<'_>) -> Result<(), std::fmt::Error> {
        let edges: BTreeMap<String, _> =
            self.0.edges().into_iter().map(|(app, edge)| (app.to_ascii_lowercase(), edge)).collect();
        if edges.is_empty() {
            // A family without a line is not one.
            return Ok(());
        }
        let counters: [(&str, &str, Vec<u64>); 3] = [
            ("bijou_edge_attempts", "Attempts at calls to a role", edges.values().map(|edge| edge.attempts).collect()),
            (
                "bijou_edge_failures",
                "Attempts that were not answered, or with 500 and above",
                edges.values().map(|edge| edge.failures).collect(),
            ),
            ("bijou_edge_retries", "Attempts behind the first", edges.values().map(|edge| edge.retries).collect()),
        ];
        for (name, help, counts) in counters {
            let mut family = encoder.encode_descriptor(name, help, None, MetricType::Counter)?;
            for (to, count) in edges.keys().zip(counts) {
                ConstCounter::new(count).encode(family.encode_family(&[("to", to.as_str())])?)?;
            }
        }
        let help = "How long attempts took";
        let mut family = encoder.encode_descriptor("bijou_edge", help, Some(&Unit::Seconds), MetricType::Histogram)?;
        for (to, edge) in &edges {
            let bounds = HTTP_SECONDS.into_iter().chain([f64::INFINITY]);
            let buckets: Vec<_> = bounds.zip(edge.buckets).collect();
            let none: Option<&HashMap<usize, Exemplar<NoLabelSet, f64>>> = None;
            let labels = [("to", to.as_str())];
            family.encode_family(&labels)?.encode_histogram(edge.seconds, edge.attempts, &buckets, none)?;
        }
        let mut open: BTreeMap<&str, u64> = edges.keys().map(|to| (to.as_str(), 0)).collect();
        let report = self.0.report();
        for instance in report.iter().filter(|instance| instance.breaker != "closed") {
            let to = edges.keys().find(|to| to.eq_ignore_ascii_case(&instance.app));
            if let Some(open) = to.and_then(|to| open.get_mut(to.as_str())) {
                *open += 1;
            }
        }
        let help = "Instances of a role whose breaker is open, as seen from here";
        let mut family = encoder.encode_descriptor("bijou_edge_breakers_open", help, None, MetricType::Gauge)?;
        for (to, count) in open {
            ConstGauge::new(count).encode(family.encode_family(&[("to", to)])?)?;
        }
        Ok(())
    }
}
