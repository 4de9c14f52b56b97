//! Who calls whom, and how it goes: the edges of the map, by what callers count.

use std::collections::BTreeMap;

use super::series::{Series, Steps, Sum, quantile_of, sum, total};
use bijou_telemetry::openmetrics::Kind;

/// What callers count of their calls, as it was kept; each series has the labels `role`, who calls, and `to`.
#[derive(Debug, Default)]
pub struct Calls {
    pub attempts: Vec<Series>,
    pub failures: Vec<Series>,
    pub retries: Vec<Series>,
    pub seconds: Vec<Series>,
    pub breakers_open: Vec<Series>,
}

/// One role calling another, over a stretch of time.
#[derive(Debug, PartialEq)]
pub struct Edge {
    pub from: String,
    pub to: String,
    /// Attempts at calls, retries among them.
    pub calls: f64,
    pub per_second: f64,
    /// Not answered, or with 500 and above.
    pub failed: f64,
    pub retries: f64,
    pub p50_ms: Option<f64>,
    pub p99_ms: Option<f64>,
    /// Instances whose breaker is open now, as the caller that sees most of them does.
    pub breakers_open: u64,
}

/// The edges over which something went from the first step until `until_s`, and those that are broken; the busiest first.
/// Counts are whole: what failed once has failed once.
pub fn edges(calls: &Calls, steps: Steps, until_s: i64) -> Vec<Edge> {
    let within = (steps.from_s, until_s);
    let failures = totals(&calls.failures, within);
    let retries = totals(&calls.retries, within);
    let open = open(&calls.breakers_open, steps);
    let mut seconds: BTreeMap<Ends, Vec<&Series>> = BTreeMap::new();
    for series in &calls.seconds {
        seconds.entry(ends(series)).or_default().push(series);
    }
    let known_s = (until_s - steps.from_s) as f64;
    let mut edges: Vec<Edge> = totals(&calls.attempts, within)
        .into_iter()
        .map(|(ends, count)| {
            let took = seconds.get(&ends).map(|series| total(series, steps.from_s, until_s));
            let quantile = |share: f64| {
                let (bounds, took) = took.as_ref()?;
                quantile_of(share, bounds, &took.counts).map(|seconds| seconds * 1_000.0)
            };
            Edge {
                calls: count,
                per_second: count / known_s,
                failed: failures.get(&ends).copied().unwrap_or_default(),
                retries: retries.get(&ends).copied().unwrap_or_default(),
                p50_ms: quantile(0.5),
                p99_ms: quantile(0.99),
                breakers_open: open.get(&ends).copied().unwrap_or_default(),
                from: ends.0,
                to: ends.1,
            }
        })
        .filter(|edge| edge.calls > 0.0 || edge.breakers_open > 0)
        .collect();
    edges.sort_by(|a, b| b.calls.total_cmp(&a.calls));
    edges
}

/// Who calls, and who is called.
type Ends = (String, String);

fn ends(series: &Series) -> Ends {
    let label = |name: &str| series.labels.get(name).cloned().unwrap_or_default();
    (label("role"), label("to"))
}

fn totals(series: &[Series], (from_s, until_s): (i64, i64)) -> BTreeMap<Ends, f64> {
    let mut totals: BTreeMap<Ends, f64> = BTreeMap::new();
    for one in series {
        *totals.entry(ends(one)).or_default() += total(&[one], from_s, until_s).1.value;
    }
    totals
}

/// Several callers of one role each have a view of their own: a broken instance is not to be counted by every one of them.
fn open(series: &[Series], steps: Steps) -> BTreeMap<Ends, u64> {
    let mut open: BTreeMap<Ends, u64> = BTreeMap::new();
    for one in series {
        let stands: Option<Sum> = sum(Kind::Gauge, &[one], steps).steps.pop().flatten();
        let count = stands.map_or(0, |stands| stands.value as u64);
        let known = open.entry(ends(one)).or_default();
        *known = count.max(*known);
    }
    open
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::series::Point;

    const STEPS: Steps = Steps { from_s: 100, step_s: 10, count: 2 };

    fn series(to: &str, instance: &str, points: &[(i64, f64)]) -> Series {
        let labels = [("role", "gateway"), ("to", to), ("instance", instance)];
        let labels = labels.map(|(name, value)| (name.to_owned(), value.to_owned())).into();
        let points = points.iter().map(|(at_s, value)| Point { at_s: *at_s, value: *value, counts: Vec::new() });
        Series { labels, bounds: Vec::new(), points: points.collect() }
    }

    #[test]
    fn an_edge_has_rate_errors_duration_retries_and_open_breakers() {
        let counts = |at_s, counts: [f64; 2]| Point { at_s, value: 0.0, counts: counts.into() };
        let seconds = Series {
            bounds: vec![0.1, f64::INFINITY],
            points: vec![counts(100, [0.0; 2]), counts(110, [50.0; 2])],
            ..series("catalog", "a", &[])
        };
        let calls = Calls {
            attempts: vec![
                series("catalog", "a", &[(100, 0.0), (110, 30.0), (120, 40.0)]),
                series("catalog", "b", &[(100, 5.0), (110, 15.0)]),
                series("identity", "a", &[(100, 7.0), (110, 7.0)]),
                series("playback", "a", &[(100, 7.0), (110, 7.0)]),
            ],
            failures: vec![series("catalog", "a", &[(100, 0.0), (120, 4.0)])],
            retries: vec![series("catalog", "b", &[(100, 0.0), (120, 3.0)])],
            seconds: vec![seconds],
            breakers_open: vec![
                series("catalog", "a", &[(110, 1.0)]),
                series("catalog", "b", &[(110, 2.0), (118, 0.0)]),
                series("playback", "a", &[(118, 1.0)]),
            ],
        };
        let [catalog, playback] = &edges(&calls, STEPS, 120)[..] else { panic!("quiet and whole edges are not told") };
        assert_eq!((catalog.from.as_str(), catalog.to.as_str(), catalog.calls), ("gateway", "catalog", 50.0));
        assert_eq!((catalog.per_second, catalog.failed, catalog.retries), (2.5, 4.0, 3.0));
        assert_eq!((catalog.p50_ms, catalog.breakers_open), (Some(50.0), 1));
        assert_eq!((playback.to.as_str(), playback.calls, playback.breakers_open), ("playback", 0.0, 1));
    }
}
