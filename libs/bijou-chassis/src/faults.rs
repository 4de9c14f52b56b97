//! `PUT /-/faults`: the console tells what faults are in force here, and renews it every moment. The answer says how many
//! requests each has struck. What a fault is and when it ends is the outbound client's ([`bijou_client::Faults`]).

use std::time::Instant;

use axum::Router;
use axum::extract::State;
use axum::routing::put;
use bijou_client::{FaultHits, FaultSheet, Faults};
use bijou_telemetry::Metrics;
use prometheus_client::collector::Collector;
use prometheus_client::encoding::{DescriptorEncoder, EncodeMetric as _};
use prometheus_client::metrics::MetricType;
use prometheus_client::metrics::counter::ConstCounter;
use tracing::warn;

use crate::Reject;
use crate::control::require_console;
use crate::extract::{Caller, Json};

/// Where it is.
pub(crate) const PATH: &str = "/-/faults";

/// The endpoint, for `faults`. In a role with a runner of its own, that checks who asks and puts the [`Caller`] into the
/// request.
pub fn fault_routes(faults: Faults) -> Router {
    Router::new().route(PATH, put(put_faults)).with_state(faults)
}

async fn put_faults(
    State(faults): State<Faults>,
    caller: Caller,
    Json(sheet): Json<FaultSheet>,
) -> Result<Json<Vec<FaultHits>>, Reject> {
    require_console(&caller)?;
    let (before, count) = (faults.is_any(), sheet.faults.len());
    let hits = faults.renew(sheet, Instant::now());
    // Once, not at every renewal.
    if faults.is_any() != before {
        warn!(count, "faults put in by an operator {}", if before { "have ended" } else { "are in force" });
    }
    Ok(Json(hits))
}

/// Registers `bijou_faults_injected_total`.
pub(crate) fn register(metrics: &Metrics, faults: &Faults) {
    metrics.register(|registry| registry.register_collector(Box::new(Injected(faults.clone()))));
}

/// Read when scraped: the numbers are kept anyway.
#[derive(Debug)]
struct Injected(Faults);

impl Collector for Injected {
    fn encode(&self, mut encoder: DescriptorEncoder<'_>) -> Result<(), std::fmt::Error> {
        let help = "Requests struck by a fault that an operator put in";
        let mut family = encoder.encode_descriptor("bijou_faults_injected", help, None, MetricType::Counter)?;
        for (kind, count) in self.0.struck() {
            ConstCounter::new(count).encode(family.encode_family(&[("kind", kind)])?)?;
        }
        Ok(())
    }
}
