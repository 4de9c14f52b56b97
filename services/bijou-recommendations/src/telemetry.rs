//! Every metric of this crate.

use std::time::Duration;

use bijou_telemetry::{HTTP_SECONDS, Metrics};
use prometheus_client::metrics::gauge::Gauge;
use prometheus_client::metrics::histogram::Histogram;
use prometheus_client::registry::Unit;

/// Of the page.
#[derive(Debug, Clone)]
pub(crate) struct PageMetrics {
    seconds: Histogram,
    titles: Gauge,
}

impl PageMetrics {
    pub(crate) fn new(metrics: &Metrics) -> Self {
        let page = Self { seconds: Histogram::new(HTTP_SECONDS), titles: Gauge::default() };
        metrics.register(|registry| {
            registry.register_with_unit(
                "bijou_page_make",
                "Time to lay out the page",
                Unit::Seconds,
                page.seconds.clone(),
            );
            registry.register("bijou_page_titles", "Titles the page is made from", page.titles.clone());
        });
        page
    }

    pub(crate) fn made(&self, took: Duration, titles: usize) {
        self.seconds.observe(took.as_secs_f64());
        self.titles.set(i64::try_from(titles).unwrap_or(i64::MAX));
    }
}
