//! How the house does over a stretch of time, by what roles count of every request: rate, errors and duration of the whole,
//! of each service and of each route. Nothing here is sampled.

use std::collections::BTreeMap;

use super::series::{Series, Steps, Sum, quantile_of, sum, total};
use bijou_telemetry::openmetrics::{Kind, Labels};

/// Durations of requests, of every role.
pub const TOOK: &str = "http_server_request_duration_seconds";

/// The gateway's answers by status.
pub const ANSWERED: &str = "bijou_gateway_requests";

/// Who speaks for what comes from outside.
pub const EDGE: &str = "gateway";

/// What roles count, as it was kept.
#[derive(Debug, Default)]
pub struct Counted {
    /// Durations, by role, route and, but for the gateway's, method and status.
    pub took: Vec<Series>,
    /// The gateway's answers by route and status, which its durations do not tell.
    pub answered: Vec<Series>,
}

/// Whose requests are meant: of one role, and of one of its routes.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Whose {
    pub role: String,
    /// As [`Row`] names it.
    pub route: Option<String>,
}

/// Rate, errors and duration, step by step; `None` where nothing is known, or nothing came that could be slow.
#[derive(Debug, Default, PartialEq)]
pub struct Traffic {
    /// A second.
    pub requests: Vec<Option<f64>>,
    /// A second, answered 5xx.
    pub failed: Vec<Option<f64>>,
    pub p50_ms: Vec<Option<f64>>,
    pub p99_ms: Vec<Option<f64>>,
}

/// A service, or a route of it, over the whole stretch.
#[derive(Debug, PartialEq)]
pub struct Row {
    pub whose: Whose,
    pub requests: f64,
    /// Over the time that is known of.
    pub per_second: f64,
    pub failed: f64,
    pub p50_ms: Option<f64>,
    pub p99_ms: Option<f64>,
}

/// Step by step.
pub fn traffic(counted: &Counted, whose: &Whose, steps: Steps) -> Traffic {
    let by_route = whose.route.is_some();
    let mine =
        |series: &&Series| (by_route || !is_wait(&series.labels)) && of(series, by_route).as_ref() == Some(whose);
    let took: Vec<_> = counted.took.iter().filter(mine).collect();
    let failed: Vec<_> = counted.failed().filter(mine).collect();
    let all = sum(Kind::Histogram, &took, steps);
    let failed = sum(Kind::Counter, &failed, steps).steps;
    let per_s = |count: f64| count / steps.step_s as f64;
    let quantile = |share: f64| {
        let of = |step: &Option<Sum>| Some(quantile_of(share, &all.bounds, &step.as_ref()?.counts)? * 1_000.0);
        all.steps.iter().map(of).collect()
    };
    let requests: Vec<_> = all.steps.iter().map(|step| Some(per_s(*step.as_ref()?.counts.last()?))).collect();
    // Where requests are known and none failed, nobody has written a failure.
    let none = |requests: &Option<f64>| requests.map(|_| 0.0);
    let failed = failed.iter().map(|step| step.as_ref().map(|step| per_s(came(step))));
    let failed = failed.zip(&requests).map(|(failed, requests)| failed.or_else(|| none(requests))).collect();
    Traffic { failed, p50_ms: quantile(0.5), p99_ms: quantile(0.99), requests }
}

/// Over the whole stretch, from the first step until `until_s`, the busiest first; of each service, or of each route. Counts are
/// whole: what failed once has failed once.
pub fn rows(counted: &Counted, by_route: bool, steps: Steps, until_s: i64) -> Vec<Row> {
    let mut took: BTreeMap<Whose, Vec<&Series>> = BTreeMap::new();
    let mut failed: BTreeMap<Whose, Vec<&Series>> = BTreeMap::new();
    for series in counted.took.iter().filter(|series| by_route || !is_wait(&series.labels)) {
        took.entry(of(series, by_route).unwrap_or_else(nobody)).or_default().push(series);
    }
    for series in counted.failed() {
        failed.entry(of(series, by_route).unwrap_or_else(nobody)).or_default().push(series);
    }
    let tail_s = (until_s - steps.end_s()).max(0);
    let mut rows: Vec<Row> = took
        .into_iter()
        .map(|(whose, series)| {
            let known = sum(Kind::Histogram, &series, steps).steps.iter().flatten().count() as i64;
            let known_s = if known > 0 { known * steps.step_s + tail_s } else { 0 };
            let (bounds, all) = total(&series, steps.from_s, until_s);
            let failed = failed.get(&whose).map(|series| {
                // A gateway's are counters, everybody else's histograms.
                series.iter().map(|one| came(&total(&[*one], steps.from_s, until_s).1)).sum()
            });
            let requests = came(&all);
            let quantile = |share| quantile_of(share, &bounds, &all.counts).map(|seconds| seconds * 1_000.0);
            Row {
                whose,
                requests,
                per_second: if known_s > 0 { requests / known_s as f64 } else { 0.0 },
                failed: failed.unwrap_or_default(),
                p50_ms: quantile(0.5),
                p99_ms: quantile(0.99),
            }
        })
        .filter(|row| row.requests > 0.0 || row.failed > 0.0)
        .collect();
    rows.sort_by(|a, b| b.requests.total_cmp(&a.requests));
    rows
}

/// What a counter rose by in the minute before the end of each step: so that a graph of short steps is one of minutes too.
pub fn a_minute(series: &[Series], steps: Steps) -> Vec<Option<f64>> {
    let window = usize::try_from((60 / steps.step_s).max(1)).unwrap_or(1);
    let back = window as i64 - 1;
    let longer = Steps { from_s: steps.from_s - back * steps.step_s, count: steps.count + window - 1, ..steps };
    let came = sum(Kind::Counter, &series.iter().collect::<Vec<_>>(), longer).steps;
    let minutes = (window as i64 * steps.step_s) as f64 / 60.0;
    came.windows(window)
        .map(|steps| {
            // Of a minute that is known in part, the part.
            steps.last()?.as_ref()?;
            Some(steps.iter().flatten().map(|step| step.value).sum::<f64>() / minutes)
        })
        .collect()
}

impl Counted {
    /// Series of answers 5xx.
    fn failed(&self) -> impl Iterator<Item = &Series> {
        self.took.iter().chain(&self.answered).filter(|series| is_failure(&series.labels))
    }
}

/// Whether these labels are of answers 5xx.
pub fn is_failure(labels: &Labels) -> bool {
    labels.get("http_response_status_code").is_some_and(|status| status.starts_with('5'))
}

/// Whether these labels are of one role waiting for another's next event (`GET /events`, up to half a minute). A wait is no
/// work: it would be the slowest hundredth of every role that has an outbox.
pub fn is_wait(labels: &Labels) -> bool {
    labels.get("http_route").is_some_and(|route| route == "/events")
}

/// How many came: a histogram's in its last bucket, a counter's as they are.
fn came(step: &Sum) -> f64 {
    step.counts.last().copied().unwrap_or(step.value)
}

fn of(series: &Series, by_route: bool) -> Option<Whose> {
    let role = series.labels.get("role")?.clone();
    Some(Whose { role, route: by_route.then(|| route(&series.labels)) })
}

/// A series without a role is of somebody who keeps no house with us.
fn nobody() -> Whose {
    Whose { role: String::new(), route: None }
}

/// `GET /v1/titles/{id}`; the gateway names its own, and of any method.
fn route(labels: &Labels) -> String {
    let route = labels.get("http_route").map_or("", String::as_str);
    labels.get("http_request_method").map_or_else(|| route.to_owned(), |method| format!("{method} {route}"))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::series::Point;

    const STEPS: Steps = Steps { from_s: 100, step_s: 10, count: 3 };

    fn labels(pairs: &[(&str, &str)]) -> Labels {
        pairs.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect()
    }

    /// Durations up to 0.1 s, up to 1 s, and longer.
    fn took(pairs: &[(&str, &str)], points: &[(i64, [f64; 3])]) -> Series {
        let points = points.iter().map(|(at_s, counts)| Point { at_s: *at_s, value: 0.0, counts: counts.to_vec() });
        Series { labels: labels(pairs), bounds: vec![0.1, 1.0, f64::INFINITY], points: points.collect() }
    }

    fn counter(pairs: &[(&str, &str)], points: &[(i64, f64)]) -> Series {
        let points = points.iter().map(|(at_s, value)| Point { at_s: *at_s, value: *value, counts: Vec::new() });
        Series { labels: labels(pairs), bounds: Vec::new(), points: points.collect() }
    }

    fn counted() -> Counted {
        let catalog = |status, points: &[_]| {
            let pairs = [
                ("role", "catalog"),
                ("http_request_method", "GET"),
                ("http_route", "/v1/titles"),
                ("http_response_status_code", status),
            ];
            took(&pairs, points)
        };
        let edge = [("role", "gateway"), ("http_route", "catalog")];
        Counted {
            took: vec![
                took(&edge, &[(100, [0.0; 3]), (110, [90.0, 100.0, 100.0]), (120, [90.0, 110.0, 110.0])]),
                catalog("200", &[(100, [0.0; 3]), (110, [90.0, 90.0, 90.0])]),
                catalog("503", &[(100, [0.0; 3]), (110, [10.0, 10.0, 10.0])]),
            ],
            answered: vec![
                counter(&[&edge[..], &[("http_response_status_code", "200")]].concat(), &[(100, 0.0), (110, 90.0)]),
                counter(&[&edge[..], &[("http_response_status_code", "5xx")]].concat(), &[(100, 0.0), (120, 10.0)]),
            ],
        }
    }

    #[test]
    fn traffic_is_rate_errors_and_duration_step_by_step() {
        let whose = Whose { role: "gateway".to_owned(), route: None };
        let traffic = traffic(&counted(), &whose, STEPS);
        assert_eq!(traffic.requests, [Some(10.0), Some(1.0), Some(0.0)]);
        assert_eq!(traffic.failed, [Some(0.0), Some(1.0), Some(0.0)]);
        assert_eq!((traffic.p50_ms[2], traffic.p99_ms[2]), (None, None), "nothing came that could be slow");
        assert!(traffic.p50_ms[0].is_some_and(|ms| ms < 100.0) && traffic.p99_ms[0].is_some_and(|ms| ms > 100.0));
    }

    #[test]
    fn services_and_routes_are_told_over_the_whole_stretch_with_what_failed_by_their_own_words() {
        let short = |rows: Vec<Row>| -> Vec<_> {
            rows.into_iter().map(|row| (row.whose.role, row.whose.route, row.requests, row.failed)).collect()
        };
        let (gateway, catalog) = ("gateway".to_owned(), "catalog".to_owned());
        assert_eq!(
            short(rows(&counted(), false, STEPS, 130)),
            [(gateway.clone(), None, 110.0, 10.0), (catalog.clone(), None, 100.0, 10.0)]
        );
        assert_eq!(
            short(rows(&counted(), true, STEPS, 130)),
            [(gateway, Some(catalog.clone()), 110.0, 10.0), (catalog, Some("GET /v1/titles".to_owned()), 100.0, 10.0)]
        );
    }

    #[test]
    fn who_waits_for_events_is_told_by_route_and_slows_no_service() {
        let mut counted = counted();
        let waits = [("role", "catalog"), ("http_request_method", "GET"), ("http_route", "/events")];
        counted.took.push(took(&waits, &[(100, [0.0; 3]), (110, [0.0, 0.0, 500.0])]));
        assert_eq!(rows(&counted, false, STEPS, 130), rows(&self::counted(), false, STEPS, 130));
        assert_eq!(rows(&counted, true, STEPS, 130)[0].whose.route.as_deref(), Some("GET /events"));
        let catalog = Whose { role: "catalog".to_owned(), route: None };
        assert_eq!(traffic(&counted, &catalog, STEPS).requests[0], Some(10.0));
    }

    #[test]
    fn one_failure_is_told_as_soon_as_it_was_seen_though_no_step_has_ended_since() {
        let mut counted = counted();
        let edge = [("role", "gateway"), ("http_route", "catalog"), ("http_response_status_code", "503")];
        counted.answered = vec![counter(&edge, &[(122, 0.0), (132, 1.0)])];
        let failed = |until_s| rows(&counted, false, STEPS, until_s).iter().map(|row| row.failed).collect::<Vec<_>>();
        assert_eq!(failed(131), [0.0, 10.0], "nobody has seen it yet");
        assert_eq!(failed(133), [1.0, 10.0]);
    }

    #[test]
    fn a_route_is_narrowed_to_by_the_name_it_is_told_by() {
        let whose = Whose { role: "catalog".to_owned(), route: Some("GET /v1/titles".to_owned()) };
        let narrowed = traffic(&counted(), &whose, STEPS);
        assert_eq!((narrowed.requests[0], narrowed.failed[0]), (Some(10.0), Some(1.0)));
        let whose = Whose { route: Some("GET /v1/none".to_owned()), ..whose };
        assert_eq!(traffic(&counted(), &whose, STEPS).requests, [None, None, None]);
    }

    #[test]
    fn a_graph_of_short_steps_tells_minutes_all_the_same() {
        let starts = counter(&[], &[(40, 0.0), (50, 2.0), (70, 3.0), (110, 4.0), (130, 6.0)]);
        assert_eq!(a_minute(std::slice::from_ref(&starts), STEPS), [Some(2.0), Some(2.0), Some(3.0)]);
        // Of two minutes, and of what was seen ten seconds after them the half.
        let steps = Steps { from_s: 0, step_s: 120, count: 1 };
        assert_eq!(a_minute(&[starts], steps), [Some(2.5)]);
        assert_eq!(a_minute(&[], STEPS), [None, None, None]);
    }
}
