//! The last minute of each instance: how much it did, how much of it failed, how long it took.
//!
//! Of traced requests only; under load those are the share the edge samples, so read the counts as "at least".

use std::collections::{HashMap, VecDeque};
use std::sync::Arc;
use std::time::{Duration, Instant};

use serde::Serialize;
use utoipa::ToSchema;

/// How far back it reaches.
const REACH: Duration = Duration::from_mins(1);

/// Requests remembered per instance.
const HELD_MAX: usize = 4_096;

/// Instances remembered: gone ones are forgotten with their last request.
const INSTANCES_MAX: usize = 512;

#[derive(Debug, Clone, Copy)]
struct Served {
    at: Instant,
    took_ms: f64,
    failed: bool,
}

/// What an instance did in the last minute.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, ToSchema)]
#[schema(as = ConsoleMinute)]
pub struct Minute {
    pub requests: usize,
    pub failed: usize,
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub p50_ms: Option<f64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub p99_ms: Option<f64>,
}

/// The last minute of all instances.
#[derive(Debug, Default)]
pub struct Minutes(HashMap<Arc<str>, VecDeque<Served>>);

impl Minutes {
    /// Notes a request an instance has served.
    pub fn note(&mut self, instance_id: &Arc<str>, took_ms: f64, failed: bool, at: Instant) {
        if !self.0.contains_key(instance_id) && self.0.len() >= INSTANCES_MAX {
            self.0.retain(|_, served| served.back().is_some_and(|last| at < last.at + REACH));
            if self.0.len() >= INSTANCES_MAX {
                return;
            }
        }
        let served = self.0.entry(Arc::clone(instance_id)).or_default();
        if served.len() >= HELD_MAX {
            served.pop_front();
        }
        served.push_back(Served { at, took_ms, failed });
    }

    /// What an instance did in the minute before `now`.
    pub fn of(&self, instance_id: &str, now: Instant) -> Minute {
        let served = self.0.get(instance_id).into_iter().flatten();
        let lately: Vec<_> = served.filter(|served| now < served.at + REACH).collect();
        let mut took: Vec<_> = lately.iter().map(|served| served.took_ms).collect();
        took.sort_by(f64::total_cmp);
        Minute {
            requests: lately.len(),
            failed: lately.iter().filter(|served| served.failed).count(),
            p50_ms: quantile(&took, 0.5),
            p99_ms: quantile(&took, 0.99),
        }
    }
}

/// Nearest rank: a value that was measured, not one in between.
fn quantile(sorted: &[f64], share: f64) -> Option<f64> {
    let rank = (share * sorted.len() as f64).ceil() as usize;
    sorted.get(rank.saturating_sub(1)).copied()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_older_than_a_minute_does_not_count() {
        let (start, instance) = (Instant::now(), Arc::from("host:catalog:0"));
        let mut minutes = Minutes::default();
        minutes.note(&instance, 900.0, true, start);
        for ms in 1..=100 {
            minutes.note(&instance, f64::from(ms), false, start + Duration::from_secs(30));
        }
        let minute = minutes.of("host:catalog:0", start + Duration::from_secs(59));
        assert_eq!((minute.requests, minute.failed, minute.p99_ms), (101, 1, Some(100.0)));
        let minute = minutes.of("host:catalog:0", start + Duration::from_secs(61));
        assert_eq!((minute.requests, minute.failed), (100, 0));
        assert_eq!((minute.p50_ms, minute.p99_ms), (Some(50.0), Some(99.0)));
        let minute = minutes.of("host:catalog:0", start + Duration::from_secs(91));
        assert_eq!((minute.requests, minute.p50_ms), (0, None));
        assert_eq!(minutes.of("nobody", start).requests, 0);
    }
}
