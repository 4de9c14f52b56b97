//! Every metric of the catalog.

use bijou_telemetry::Metrics;
use prometheus_client::metrics::counter::Counter;
use prometheus_client::metrics::histogram::Histogram;
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
