//! Durations by bucket, and the last request in each whose trace is kept.

use std::fmt::Write as _;
use std::sync::{Mutex, PoisonError};
use std::time::{Duration, SystemTime};

use bijou_telemetry::TraceId;

use super::Count;

/// Upper bounds of the duration buckets in microseconds: OpenTelemetry's, with three finer ones in front, because a
/// gateway's own share lives there.
pub const BUCKETS_US: [u64; 17] = [
    250, 500, 1_000, 5_000, 10_000, 25_000, 50_000, 75_000, 100_000, 250_000, 500_000, 750_000, 1_000_000, 2_500_000,
    5_000_000, 7_500_000, 10_000_000,
];

/// Durations by bucket.
#[derive(Debug, Default)]
pub struct Histogram {
    buckets: [Count; BUCKETS_US.len() + 1],
    sum_us: Count,
    /// The last request in each bucket whose trace is kept; written as seldom as traces are.
    examples: Mutex<[Option<Example>; BUCKETS_US.len() + 1]>,
}

/// A request that says where its time went.
#[derive(Debug, Clone, Copy)]
struct Example {
    trace: TraceId,
    took: Duration,
    at: SystemTime,
}

impl Histogram {
    /// Counts one duration.
    pub fn observe(&self, duration: Duration) {
        self.buckets[bucket_of(duration)].add(1);
        self.sum_us.add(duration.as_micros() as u64);
    }

    /// Notes a request that was counted and whose trace is kept.
    pub fn note(&self, trace: TraceId, took: Duration, at: SystemTime) {
        let mut examples = self.examples.lock().unwrap_or_else(PoisonError::into_inner);
        examples[bucket_of(took)] = Some(Example { trace, took, at });
    }

    fn example(&self, bucket: usize) -> Option<Example> {
        self.examples.lock().unwrap_or_else(PoisonError::into_inner)[bucket]
    }
}

fn bucket_of(duration: Duration) -> usize {
    let us = duration.as_micros() as u64;
    BUCKETS_US.iter().position(|&bound| us <= bound).unwrap_or(BUCKETS_US.len())
}

pub(super) fn write_histogram<'a>(
    out: &mut String,
    name: &str,
    labels: &str,
    parts: impl Iterator<Item = &'a Histogram> + Clone,
) -> std::fmt::Result {
    let mut total = 0;
    for (index, bound) in BUCKETS_US.iter().map(|us| *us as f64 / 1e6).chain([f64::INFINITY]).enumerate() {
        total += parts.clone().map(|one| one.buckets[index].get()).sum::<u64>();
        let bound = if bound.is_finite() { bound.to_string() } else { "+Inf".to_owned() };
        write!(out, "{name}_bucket{{{labels},le=\"{bound}\"}} {total}")?;
        // Of several workers the newest.
        if let Some(Example { trace, took, at }) =
            parts.clone().filter_map(|one| one.example(index)).max_by_key(|example| example.at)
        {
            let at_s = at.duration_since(SystemTime::UNIX_EPOCH).unwrap_or_default().as_secs_f64();
            write!(out, " # {{trace_id=\"{trace}\"}} {} {at_s:.3}", took.as_secs_f64())?;
        }
        writeln!(out)?;
    }
    let sum = parts.map(|one| one.sum_us.get()).sum::<u64>() as f64 / 1e6;
    writeln!(out, "{name}_sum{{{labels}}} {sum}")?;
    writeln!(out, "{name}_count{{{labels}}} {total}")
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use super::*;
    use crate::stats::Stats;

    #[test]
    fn a_bucket_leads_to_the_newest_trace_that_is_kept() {
        let (stats, id) = (Stats::new(2), Arc::from("home"));
        let route = stats.route(&id);
        let trace = |number| TraceId::new(number).expect("not zero");
        let at = |seconds| SystemTime::UNIX_EPOCH + Duration::from_secs(seconds);
        route[0].duration.note(trace(1), Duration::from_millis(6), at(10));
        route[1].duration.note(trace(2), Duration::from_millis(7), at(20));
        let mut text = String::new();
        stats.write(&mut text);
        let line = text.lines().find(|line| line.contains("le=\"0.01\"")).expect("a bucket");
        assert!(line.ends_with(&format!("# {{trace_id=\"{}\"}} 0.007 20.000", trace(2))), "{line}");
        assert_eq!(text.matches("trace_id").count(), 1);
    }
}
