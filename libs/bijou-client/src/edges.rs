//! What is counted of the calls to each application: attempts, failures, retries, and how long answers' heads took.
//!
//! Plain numbers; whoever shows them registers them. Calls that are kept out of telemetry (probes, scrapes, the exporter's)
//! are kept out of these, too: nobody's request waits for them.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, MutexGuard};
use std::time::Duration;

use bijou_telemetry::HTTP_SECONDS;

/// What is known of the calls to one application since the start.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct EdgeReport {
    /// Retries among them.
    pub attempts: u64,
    /// No answer, or one of 500 and above.
    pub failures: u64,
    /// Attempts behind the first of their call.
    pub retries: u64,
    /// Attempts by how long they took, each of [`HTTP_SECONDS`] and then longer ones; not added up.
    pub buckets: [u64; HTTP_SECONDS.len() + 1],
    /// All of them together.
    pub seconds: f64,
}

/// All applications this client has called.
#[derive(Debug, Default)]
pub(crate) struct Edges(Mutex<BTreeMap<Arc<str>, EdgeReport>>);

impl Edges {
    /// Counts an attempt, the first of its call being number 1.
    pub(crate) fn note(&self, app: &Arc<str>, number: u32, failed: bool, took: Duration) {
        if bijou_telemetry::is_suppressed() {
            return;
        }
        let mut edges = self.lock();
        // `entry` would need an owned key on every call.
        if !edges.contains_key(app) {
            edges.insert(Arc::clone(app), EdgeReport::default());
        }
        let edge = edges.get_mut(app).expect("inserted above");
        let seconds = took.as_secs_f64();
        let bucket = HTTP_SECONDS.iter().position(|bound| seconds <= *bound).unwrap_or(HTTP_SECONDS.len());
        edge.attempts += 1;
        edge.failures += u64::from(failed);
        edge.retries += u64::from(number > 1);
        edge.buckets[bucket] += 1;
        edge.seconds += seconds;
    }

    /// By application.
    pub(crate) fn report(&self) -> BTreeMap<Arc<str>, EdgeReport> {
        self.lock().clone()
    }

    fn lock(&self) -> MutexGuard<'_, BTreeMap<Arc<str>, EdgeReport>> {
        self.0.lock().expect("nothing panics while it is held")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn attempts_are_counted_by_whom_they_went_to_and_probes_are_not() {
        let (edges, catalog) = (Edges::default(), Arc::from("CATALOG"));
        edges.note(&catalog, 1, true, Duration::from_millis(3));
        edges.note(&catalog, 2, false, Duration::from_secs(20));
        bijou_telemetry::suppressed(async { edges.note(&catalog, 1, true, Duration::ZERO) }).await;
        let report = edges.report().remove("CATALOG").expect("called");
        assert_eq!((report.attempts, report.failures, report.retries), (2, 1, 1));
        assert_eq!((report.buckets[0], report.buckets[HTTP_SECONDS.len()]), (1, 1));
        assert!((report.seconds - 20.003).abs() < 1e-9);
    }
}
