//! Every metric of this crate.

use std::time::Duration;

use bijou_telemetry::{HTTP_SECONDS, Metrics};
use prometheus_client::metrics::counter::Counter;
use prometheus_client::metrics::gauge::Gauge;
use prometheus_client::metrics::histogram::Histogram;
use prometheus_client::registry::Unit;

/// Bounds in seconds for laying out one profile's page.
const LAYOUT_SECONDS: [f64; 8] = [0.000_25, 0.000_5, 0.001, 0.002, 0.005, 0.01, 0.025, 0.1];

/// Of pages.
#[derive(Debug, Clone)]
pub(crate) struct PageMetrics {
    seconds: Histogram,
    titles: Gauge,
    personal_seconds: Histogram,
    shelves_missed: Counter,
    impressions: Counter,
}

impl PageMetrics {
    pub(crate) fn new(metrics: &Metrics) -> Self {
        let page = Self {
            seconds: Histogram::new(HTTP_SECONDS),
            titles: Gauge::default(),
            personal_seconds: Histogram::new(LAYOUT_SECONDS),
            shelves_missed: Counter::default(),
            impressions: Counter::default(),
        };
        metrics.register(|registry| {
            registry.register_with_unit(
                "bijou_page_make",
                "Time to make what pages are laid out from",
                Unit::Seconds,
                page.seconds.clone(),
            );
            registry.register("bijou_page_titles", "Titles the page is made from", page.titles.clone());
            registry.register_with_unit(
                "bijou_personal_page",
                "Time to lay out and write one profile's page, without asking profiles",
                Unit::Seconds,
                page.personal_seconds.clone(),
            );
            registry.register(
                "bijou_shelves_missed",
                "Pages made without an answer of profiles",
                page.shelves_missed.clone(),
            );
            registry.register("bijou_impressions", "Impressions that were kept", page.impressions.clone());
        });
        page
    }

    pub(crate) fn made(&self, took: Duration, titles: usize) {
        self.seconds.observe(took.as_secs_f64());
        self.titles.set(i64::try_from(titles).unwrap_or(i64::MAX));
    }

    pub(crate) fn laid_out(&self, took: Duration) {
        self.personal_seconds.observe(took.as_secs_f64());
    }

    pub(crate) fn shelf_missed(&self) {
        self.shelves_missed.inc();
    }

    pub(crate) fn seen(&self, impressions: usize) {
        self.impressions.inc_by(impressions as u64);
    }
}
