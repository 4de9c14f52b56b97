//! The last minutes of each instance by what it counts of every request, and of all that came from outside by what gateways
//! count: how much, how much of it failed, how long it took. Nothing of it is sampled.
//!
//! Fed with every page of metrics that is read, some ten seconds apart; what came is the difference between two of them. Time is
//! an argument. What is asked of longer stretches is the archive's.

use std::collections::{BTreeMap, HashMap, HashSet, VecDeque};
use std::time::{Duration, Instant};

use bijou_telemetry::openmetrics::Page;
use serde::Serialize;
use utoipa::ToSchema;

use super::overview::{ANSWERED, EDGE, TOOK, is_failure, is_wait};
use super::series::{quantile_of, rise};

/// How far back a minute reaches from the last page.
const REACH: Duration = Duration::from_mins(1);

/// How far back looks are remembered.
const REMEMBERED: Duration = Duration::from_mins(5);

/// Looks remembered of an instance: they are ten seconds apart, but for those that a change in the registry asks for.
const LOOKS_MAX: usize = 120;

/// A page older than this says nothing about now.
const STALE: Duration = Duration::from_secs(45);

/// Who counts requests at all says how many it works on.
const ACTIVE: &str = "http_server_active_requests";

/// What an instance did in the last minute, up to its last page.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, ToSchema)]
#[schema(as = ConsoleMinute)]
pub struct Minute {
    pub requests: u64,
    /// Answered 5xx.
    pub failed: u64,
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub p50_ms: Option<f64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub p99_ms: Option<f64>,
}

/// What came from outside, as gateways count it.
#[derive(Debug, Clone, PartialEq)]
pub struct Outside {
    pub last_minute: Minute,
    /// Over as much of the last minute as is known.
    pub per_second: f64,
    /// Oldest first; of the last five minutes as much as is known.
    pub looks: Vec<Look>,
}

/// What came from outside between two pages.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Look {
    /// Until when.
    pub at: Instant,
    pub per_second: f64,
}

/// Everything an instance has counted since it began.
#[derive(Debug, Clone, Default, PartialEq)]
struct Counted {
    failed: f64,
    bounds: Vec<f64>,
    /// How many were at most each bound.
    counts: Vec<f64>,
}

/// What came between two pages of an instance.
#[derive(Debug, Clone)]
struct Came {
    at: Instant,
    took: Duration,
    counted: Counted,
}

#[derive(Debug)]
struct Known {
    role: String,
    asked_at: Instant,
    counted: Counted,
    came: VecDeque<Came>,
}

/// The last minutes of all instances.
#[derive(Debug, Default)]
pub struct Minutes(HashMap<String, Known>);

impl Minutes {
    /// Notes what an instance's page says. `age`: for how long it has served, where that is known; of one that was not asked
    /// before and is younger than a minute, everything it counts came since it began.
    pub fn note(&mut self, instance_id: &str, role: &str, page: &Page, at: Instant, age: Option<Duration>) {
        let Some(counted) = Counted::of(page) else { return };
        let Some(known) = self.0.get_mut(instance_id) else {
            let age = age.filter(|age| *age < REACH && !age.is_zero());
            let came = age.map(|took| Came { at, took, counted: counted.clone() });
            let known = Known { role: role.to_owned(), asked_at: at, counted, came: came.into_iter().collect() };
            self.0.insert(instance_id.to_owned(), known);
            return;
        };
        let came =
            Came { at, took: at.saturating_duration_since(known.asked_at), counted: counted.since(&known.counted) };
        known.came.push_back(came);
        known.came.retain(|came| at < came.at + REMEMBERED);
        if known.came.len() > LOOKS_MAX {
            known.came.pop_front();
        }
        (known.asked_at, known.counted) = (at, counted);
    }

    /// Forgets who is not there any more.
    pub fn forget_but(&mut self, instances: &HashSet<String>) {
        self.0.retain(|instance_id, _| instances.contains(instance_id));
    }

    /// What an instance did in the last minute; `None` where it does not count or was not asked lately.
    pub fn of(&self, instance_id: &str, now: Instant) -> Option<Minute> {
        let known = self.0.get(instance_id).filter(|known| known.is_fresh(now))?;
        Some(minute(known.lately().map(|came| &came.counted)))
    }

    /// What came from outside; `None` while no gateway has been asked twice, or none was lately.
    pub fn outside(&self, now: Instant) -> Option<Outside> {
        let gateways: Vec<_> = self.0.values().filter(|known| known.role == EDGE && known.is_fresh(now)).collect();
        if gateways.is_empty() {
            return None;
        }
        let last_minute = minute(gateways.iter().flat_map(|known| known.lately()).map(|came| &came.counted));
        let per_second = gateways.iter().map(|known| known.per_second()).sum();
        // All are asked in the same moment.
        let mut looks: BTreeMap<Instant, f64> = BTreeMap::new();
        for came in gateways.iter().flat_map(|known| &known.came).filter(|came| !came.took.is_zero()) {
            *looks.entry(came.at).or_default() += came.counted.requests() / came.took.as_secs_f64();
        }
        let looks = looks.into_iter().map(|(at, per_second)| Look { at, per_second }).collect();
        Some(Outside { last_minute, per_second, looks })
    }
}

impl Known {
    fn is_fresh(&self, now: Instant) -> bool {
        now < self.asked_at + STALE && !self.came.is_empty()
    }

    /// What came in the minute before the last page.
    fn lately(&self) -> impl Iterator<Item = &Came> {
        self.came.iter().filter(|came| self.asked_at < came.at + REACH)
    }

    fn per_second(&self) -> f64 {
        let took: Duration = self.lately().map(|came| came.took).sum();
        let requests: f64 = self.lately().map(|came| came.counted.requests()).sum();
        if took.is_zero() { 0.0 } else { requests / took.as_secs_f64() }
    }
}

impl Counted {
    /// What a page counts of requests; `None` when it counts none.
    fn of(page: &Page) -> Option<Self> {
        let mut all = Self::default();
        let mut is_counted = false;
        for sample in &page.samples {
            is_counted |= sample.name == TOOK || sample.name == ACTIVE;
            if is_wait(&sample.labels) {
                continue;
            }
            let is_histogram = sample.name == TOOK && !sample.buckets.is_empty();
            let requests =
                if is_histogram { sample.buckets.last().map_or(0.0, |(_, count)| *count) } else { sample.value };
            if (is_histogram || sample.name == ANSWERED) && is_failure(&sample.labels) {
                all.failed += requests;
            }
            if !is_histogram {
                continue;
            }
            if all.bounds.is_empty() {
                all.bounds = sample.buckets.iter().map(|(bound, _)| *bound).collect();
                all.counts = vec![0.0; all.bounds.len()];
            }
            if sample.buckets.len() == all.counts.len() {
                all.counts.iter_mut().zip(&sample.buckets).for_each(|(all, (_, count))| *all += count);
            }
        }
        is_counted.then_some(all)
    }

    fn requests(&self) -> f64 {
        self.counts.last().copied().unwrap_or_default()
    }

    /// What came since `before`; after a restart everything did.
    fn since(&self, before: &Self) -> Self {
        if before.counts.is_empty() || self.requests() < before.requests() {
            return self.clone();
        }
        let counts = self.counts.iter().zip(&before.counts).map(|(now, before)| rise(*before, *now)).collect();
        Self { failed: rise(before.failed, self.failed), bounds: self.bounds.clone(), counts }
    }
}

fn minute<'a>(came: impl Iterator<Item = &'a Counted>) -> Minute {
    let mut all = Counted::default();
    for came in came {
        all.failed += came.failed;
        if all.bounds.is_empty() {
            (all.bounds, all.counts) = (came.bounds.clone(), came.counts.clone());
        } else if all.bounds == came.bounds {
            all.counts.iter_mut().zip(&came.counts).for_each(|(all, count)| *all += count);
        }
    }
    let quantile = |share| quantile_of(share, &all.bounds, &all.counts).map(|seconds| seconds * 1_000.0);
    Minute {
        requests: all.requests().round() as u64,
        failed: all.failed.round() as u64,
        p50_ms: quantile(0.5),
        p99_ms: quantile(0.99),
    }
}

#[cfg(test)]
mod tests {
    use bijou_telemetry::openmetrics;

    use super::*;

    /// A service's page: so many took at most 10 ms, so many at most 100 ms and failed.
    fn page(quick: u64, failed: u64) -> Page {
        let series = |status: &str, quick: u64, all: u64| {
            let labels = format!("http_route=\"/v1/titles\",http_response_status_code=\"{status}\"");
            format!(
                "{TOOK}_bucket{{{labels},le=\"0.01\"}} {quick}\n{TOOK}_bucket{{{labels},le=\"0.1\"}} {all}\n\
                 {TOOK}_bucket{{{labels},le=\"+Inf\"}} {all}\n"
            )
        };
        let text = format!("# TYPE {TOOK} histogram\n{}{}", series("200", quick, quick), series("503", 0, failed));
        // Who waits for events is nobody's slow request.
        let waits = format!(
            "{TOOK}_bucket{{http_route=\"/events\",le=\"0.01\"}} 0\n{TOOK}_bucket{{http_route=\"/events\",le=\"0.1\"}} 0\n\
             {TOOK}_bucket{{http_route=\"/events\",le=\"+Inf\"}} {}\n",
            10 * (quick + failed)
        );
        openmetrics::read(&(text + &waits))
    }

    /// A gateway's, which counts answers apart from durations.
    fn gateway(requests: u64, failed: u64) -> Page {
        openmetrics::read(&format!(
            "# TYPE {TOOK} histogram\n{TOOK}_bucket{{http_route=\"a\",le=\"0.1\"}} {requests}\n\
             {TOOK}_bucket{{http_route=\"a\",le=\"+Inf\"}} {requests}\n# TYPE {ANSWERED} counter\n\
             {ANSWERED}_total{{http_route=\"a\",http_response_status_code=\"5xx\"}} {failed}\n"
        ))
    }

    const fn s(seconds: u64) -> Duration {
        Duration::from_secs(seconds)
    }

    #[track_caller]
    fn check(minutes: &Minutes, now: Instant, expected: Option<(u64, u64)>) {
        let minute = minutes.of("catalog:0", now);
        assert_eq!(minute.map(|minute| (minute.requests, minute.failed)), expected);
    }

    #[test]
    fn a_minute_is_what_was_counted_in_it_and_one_failure_is_one() {
        let (start, mut minutes) = (Instant::now(), Minutes::default());
        let note = |minutes: &mut Minutes, after, quick, failed| {
            minutes.note("catalog:0", "catalog", &page(quick, failed), start + s(after), None);
        };
        note(&mut minutes, 0, 1_000, 5);
        check(&minutes, start, None);
        note(&mut minutes, 10, 1_098, 6);
        check(&minutes, start + s(10), Some((99, 1)));
        let minute = minutes.of("catalog:0", start + s(10)).expect("known");
        assert!(minute.p50_ms.is_some_and(|ms| ms < 10.0) && minute.p99_ms.is_some_and(|ms| ms > 10.0), "{minute:?}");
        for after in [20, 30, 40, 50, 60] {
            note(&mut minutes, after, 1_098 + after, 6);
        }
        check(&minutes, start + s(60), Some((159, 1)));
        note(&mut minutes, 70, 1_098 + 70, 6);
        check(&minutes, start + s(70), Some((70, 0)));
        // It began anew, and answered four.
        note(&mut minutes, 80, 4, 0);
        check(&minutes, start + s(80), Some((54, 0)));
        check(&minutes, start + s(200), None);
    }

    #[test]
    fn what_a_young_instance_counts_came_since_it_began_and_who_counts_nothing_is_not_said_to_do_nothing() {
        let (start, mut minutes) = (Instant::now(), Minutes::default());
        minutes.note("catalog:0", "catalog", &page(3, 1), start, Some(s(4)));
        check(&minutes, start, Some((4, 1)));
        let other = openmetrics::read("# TYPE a counter\na_total 3\n");
        minutes.note("registry:0", "registry", &other, start, None);
        minutes.note("registry:0", "registry", &other, start + s(10), None);
        assert_eq!(minutes.of("registry:0", start + s(10)), None);
        let idle = openmetrics::read(&format!("# TYPE {ACTIVE} gauge\n{ACTIVE} 0\n"));
        minutes.note("idle:0", "partners", &idle, start, None);
        minutes.note("idle:0", "partners", &idle, start + s(10), None);
        let nothing = Minute { requests: 0, failed: 0, p50_ms: None, p99_ms: None };
        assert_eq!(minutes.of("idle:0", start + s(10)), Some(nothing));
        minutes.forget_but(&HashSet::new());
        check(&minutes, start, None);
    }

    #[test]
    fn what_came_from_outside_is_what_all_gateways_count() {
        let (start, mut minutes) = (Instant::now(), Minutes::default());
        assert_eq!(minutes.outside(start), None);
        for (after, one, other) in [(0, 100, 7), (10, 150, 17), (20, 150, 37)] {
            minutes.note("gateway:0", "gateway", &gateway(one, 2), start + s(after), None);
            minutes.note("gateway:1", "gateway", &gateway(other, after / 20), start + s(after), None);
            minutes.note("catalog:0", "catalog", &page(one, 0), start + s(after), None);
        }
        let outside = minutes.outside(start + s(20)).expect("known");
        assert_eq!((outside.last_minute.requests, outside.last_minute.failed), (80, 1));
        assert!((outside.per_second - 4.0).abs() < 1e-9, "{outside:?}");
        let looks: Vec<_> = outside.looks.iter().map(|look| (look.at - start, look.per_second)).collect();
        assert_eq!(looks, [(s(10), 6.0), (s(20), 2.0)]);
    }
}
