//! Every metric of the catalog.

use bijou_telemetry::Metrics;
use prometheus_client::metrics::counter::Counter;
use prometheus_client::metrics::histogram::{Histogram, exponential_buckets};
use prometheus_client::registry::Unit;

/// Of the images.
#[derive(Debug, Clone)]
pub struct ImageMetrics {
    pub hits: Counter,
    pub refused: Counter,
    pub print_seconds: Histogram,
}

impl ImageMetrics {
    pub fn register(metrics: &Metrics) -> Self {
        let image = Self::default();
        metrics.register(|registry| {
            registry.register("bijou_image_hits", "Images answered without printing", image.hits.clone());
            registry.register(
                "bijou_image_refusals",
                "Images refused because too many were waited for",
                image.refused.clone(),
            );
            registry.register_with_unit(
                "bijou_image_print",
                "Time to print or resize an image",
                Unit::Seconds,
                image.print_seconds.clone(),
            );
        });
        image
    }
}

/// Of search.
#[derive(Debug, Clone)]
pub struct SearchMetrics {
    pub seconds: Histogram,
    pub misses: Counter,
    pub builds: Counter,
}

impl SearchMetrics {
    pub fn register(metrics: &Metrics) -> Self {
        let search = Self {
            seconds: Histogram::new(exponential_buckets(0.000_25, 2.0, 14)),
            misses: Counter::default(),
            builds: Counter::default(),
        };
        metrics.register(|registry| {
            registry.register_with_unit(
                "bijou_search",
                "Time to search the index, waiting for a thread included",
                Unit::Seconds,
                search.seconds.clone(),
            );
            registry.register("bijou_search_misses", "Searches that found nothing", search.misses.clone());
            registry.register("bijou_search_builds", "Times the index was built from nothing", search.builds.clone());
        });
        search
    }
}
