//! Metrics over time: points of many series as a few lines of a graph.
//!
//! Counters and histograms as what came in each step (a fall is a restart, which counts from zero), gauges as what stood at
//! its end. A series that said nothing for a while is gone, not constant.

use std::collections::BTreeMap;

use bijou_telemetry::openmetrics::{Kind, Labels};

/// A point older than this says nothing about now: unchanged values are repeated more often.
pub const STALE_S: i64 = 90;

/// How far apart in seconds the moments are at which a value is looked at. One that did not change is not written: what came
/// came since it was looked at last.
pub const LOOKED_AT_EVERY_S: i64 = 10;

/// A value at a moment.
#[derive(Debug, Clone, PartialEq)]
pub struct Point {
    /// Seconds since 1970.
    pub at_s: i64,
    pub value: f64,
    /// How many were at most each bound; empty unless it is a histogram.
    pub counts: Vec<f64>,
}

/// A series as it was kept: its points by time.
#[derive(Debug, Clone)]
pub struct Series {
    pub labels: Labels,
    /// The buckets' upper bounds; empty unless it is a histogram.
    pub bounds: Vec<f64>,
    pub points: Vec<Point>,
}

/// The steps of a graph.
#[derive(Debug, Clone, Copy)]
pub struct Steps {
    /// Start of the first, in seconds since 1970.
    pub from_s: i64,
    pub step_s: i64,
    pub count: usize,
}

impl Steps {
    /// End of the last one, in seconds since 1970.
    pub fn end_s(self) -> i64 {
        self.from_s + self.step_s * self.count as i64
    }
}

/// One line of a graph: a value for each step, where there is one.
#[derive(Debug, Clone, PartialEq)]
pub struct Drawn {
    pub labels: Labels,
    /// `rate`, `value`, or a quantile such as `p99`.
    pub stat: String,
    pub values: Vec<Option<f64>>,
}

/// What a group has in one step: what came, or of gauges what stood at its end.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Sum {
    pub value: f64,
    /// How many were at most each bound; empty unless it is a histogram.
    pub counts: Vec<f64>,
}

/// Several series added up, step by step; `None` where none of them says anything.
#[derive(Debug, Clone, PartialEq)]
pub struct Summed {
    pub bounds: Vec<f64>,
    pub steps: Vec<Option<Sum>>,
}

/// The lines of a metric, by the labels they are grouped by.
pub fn draw(kind: Kind, series: &[Series], by: &[String], quantiles: &[f64], steps: Steps) -> Vec<Drawn> {
    let mut groups: BTreeMap<Labels, Vec<&Series>> = BTreeMap::new();
    for one in series {
        let labels = by.iter().filter_map(|name| Some((name.clone(), one.labels.get(name)?.clone()))).collect();
        groups.entry(labels).or_default().push(one);
    }
    groups.into_iter().flat_map(|(labels, series)| group(kind, labels, &series, quantiles, steps)).collect()
}

/// Adds series up. Those whose buckets have another shape than the first one's are left out: they cannot be added.
pub fn sum(kind: Kind, series: &[&Series], steps: Steps) -> Summed {
    let bounds = series.first().map(|one| one.bounds.clone()).unwrap_or_default();
    let mut sums: Vec<Option<Sum>> = vec![None; steps.count];
    for one in series.iter().filter(|one| one.bounds == bounds) {
        for (sum, found) in sums.iter_mut().zip(of_steps(kind, one, steps)) {
            let Some(found) = found else { continue };
            let sum = sum.get_or_insert_default();
            sum.value += found.value;
            sum.counts.resize(found.counts.len(), 0.0);
            sum.counts.iter_mut().zip(&found.counts).for_each(|(sum, count)| *sum += count);
        }
    }
    Summed { bounds, steps: sums }
}

/// What came in a whole stretch, behind `from_s` and up to `to_s`: every rise whole, in the moment it was seen. A graph divides
/// them among its steps and ends with the last whole one; a count that says how often something happened must do neither, or
/// what happened once is a fraction.
pub fn total(series: &[&Series], from_s: i64, to_s: i64) -> (Vec<f64>, Sum) {
    let bounds = series.first().map(|one| one.bounds.clone()).unwrap_or_default();
    let mut all = Sum { value: 0.0, counts: vec![0.0; bounds.len()] };
    for one in series.iter().filter(|one| one.bounds == bounds) {
        for [from, to] in one.points.array_windows().filter(|[_, to]| to.at_s > from_s && to.at_s <= to_s) {
            all.value += rise(from.value, to.value);
            let pairs = from.counts.iter().zip(&to.counts);
            all.counts.iter_mut().zip(pairs).for_each(|(all, (from, to))| *all += rise(*from, *to));
        }
    }
    (bounds, all)
}

fn group(kind: Kind, labels: Labels, series: &[&Series], quantiles: &[f64], steps: Steps) -> Vec<Drawn> {
    let Summed { bounds, steps: sums } = sum(kind, series, steps);
    let per_s = |count: f64| count / steps.step_s as f64;
    let line = |stat: &str, value: &dyn Fn(&Sum) -> Option<f64>| Drawn {
        labels: labels.clone(),
        stat: stat.to_owned(),
        values: sums.iter().map(|sum| value(sum.as_ref()?)).collect(),
    };
    match kind {
        Kind::Gauge => vec![line("value", &|sum| Some(sum.value))],
        Kind::Counter => vec![line("rate", &|sum| Some(per_s(sum.value)))],
        Kind::Histogram => {
            let mut lines = vec![line("rate", &|sum| Some(per_s(*sum.counts.last()?)))];
            for quantile in quantiles {
                lines.push(line(&stat_of(*quantile), &|sum| quantile_of(*quantile, &bounds, &sum.counts)));
            }
            lines
        }
    }
}

/// `p50`, `p99.9`.
fn stat_of(quantile: f64) -> String {
    format!("p{}", (quantile * 100_000.0).round() / 1_000.0)
}

/// What one series has in each step.
fn of_steps(kind: Kind, series: &Series, steps: Steps) -> Vec<Option<Sum>> {
    let stood = stood(series, steps);
    if kind == Kind::Gauge {
        return stood.map(|point| Some(Sum { value: point?.value, counts: Vec::new() })).collect();
    }
    let nothing = |point: &Point| Sum { value: 0.0, counts: vec![0.0; point.counts.len()] };
    let mut sums: Vec<_> = stood.map(|point| point.map(nothing)).collect();
    for pair in series.points.windows(2) {
        spread(&pair[0], &pair[1], steps, &mut sums);
    }
    sums
}

/// What stood at the end of each step, unless it is too old to say anything.
fn stood(series: &Series, steps: Steps) -> impl Iterator<Item = Option<&Point>> {
    let mut points = series.points.iter().peekable();
    let mut last: Option<&Point> = None;
    (1..=steps.count as i64).map(move |step| {
        let end = steps.from_s + step * steps.step_s;
        while let Some(point) = points.next_if(|point| point.at_s <= end) {
            last = Some(point);
        }
        last.filter(|last| last.at_s > end - STALE_S)
    })
}

/// Divides what came between two points among the steps it came in. Nobody looks just when a step ends: counted where it
/// was seen, every few steps would have nothing and the next one twice as much.
fn spread(from: &Point, to: &Point, steps: Steps, sums: &mut [Option<Sum>]) {
    let looked_at_every = LOOKED_AT_EVERY_S.max(steps.step_s / 4);
    let began = from.at_s.max(to.at_s - looked_at_every);
    let took = to.at_s - began;
    if took <= 0 {
        return;
    }
    let step_of = |at_s: i64| (at_s - steps.from_s).div_euclid(steps.step_s);
    for step in step_of(began).max(0)..=step_of(to.at_s - 1).min(steps.count as i64 - 1) {
        let begin = steps.from_s + step * steps.step_s;
        let within = (begin + steps.step_s).min(to.at_s) - begin.max(began);
        let share = within as f64 / took as f64;
        let sum = sums[step as usize].get_or_insert_default();
        sum.value += share * rise(from.value, to.value);
        sum.counts.resize(to.counts.len(), 0.0);
        let pairs = from.counts.iter().zip(&to.counts);
        sum.counts.iter_mut().zip(pairs).for_each(|(sum, (from, to))| *sum += share * rise(*from, *to));
    }
}

/// How much a counter rose; one that fell began anew.
pub fn rise(from: f64, to: f64) -> f64 {
    if to >= from { to - from } else { to }
}

/// By straight lines within a bucket, as everybody does; beyond the last bound it is that bound.
pub fn quantile_of(quantile: f64, bounds: &[f64], counts: &[f64]) -> Option<f64> {
    let all = *counts.last()?;
    if all <= 0.0 {
        return None;
    }
    let rank = quantile * all;
    let at = counts.iter().position(|count| *count >= rank)?;
    let (upper, lower) = (*bounds.get(at)?, if at == 0 { 0.0 } else { bounds[at - 1] });
    if upper.is_infinite() {
        return Some(lower);
    }
    let below = if at == 0 { 0.0 } else { counts[at - 1] };
    let within = counts[at] - below;
    Some(if within > 0.0 { lower + (upper - lower) * (rank - below) / within } else { upper })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn series(role: &str, points: &[(i64, f64)]) -> Series {
        let points = points.iter().map(|(at_s, value)| Point { at_s: *at_s, value: *value, counts: Vec::new() });
        let labels = [("role".to_owned(), role.to_owned())].into();
        Series { labels, bounds: Vec::new(), points: points.collect() }
    }

    const STEPS: Steps = Steps { from_s: 100, step_s: 10, count: 4 };

    #[track_caller]
    fn check(kind: Kind, series: &[Series], expected: &[Option<f64>]) {
        let drawn = draw(kind, series, &[], &[], STEPS);
        assert_eq!(drawn.iter().map(|line| &line.values[..]).collect::<Vec<_>>(), [expected]);
    }

    #[test]
    fn counters_are_told_as_rates_over_restarts_and_repeated_values() {
        let grows = series("a", &[(100, 5.0), (110, 15.0), (115, 16.0), (120, 35.0), (130, 3.0)]);
        check(Kind::Counter, &[grows], &[Some(1.0), Some(2.0), Some(0.3), Some(0.0)]);
        check(Kind::Counter, &[series("a", &[(115, 5.0), (135, 10.0)])], &[None, Some(0.0), Some(0.25), Some(0.25)]);
        check(
            Kind::Counter,
            &[series("a", &[(100, 1.0), (110, 11.0)]), series("b", &[(100, 1.0), (110, 6.0)])],
            &[Some(1.5), Some(0.0), Some(0.0), Some(0.0)],
        );
    }

    #[test]
    fn what_came_is_of_the_steps_it_came_in_whenever_it_was_looked_at() {
        // Every ten seconds and a bit: the step up to 130 has nobody looking in it, the one after has two.
        let steady = series("a", &[(89, 0.0), (100, 11.0), (110, 21.0), (120, 31.0), (131, 42.0), (140, 51.0)]);
        check(Kind::Counter, &[steady], &[Some(1.0), Some(1.0), Some(0.99), Some(1.01)]);
    }

    #[test]
    fn what_happened_once_is_one_wherever_steps_begin_and_end() {
        // Seen seven seconds behind the last step: to a graph that ends there it is three tenths of something.
        let once = series("a", &[(130, 0.0), (147, 1.0)]);
        let drawn = sum(Kind::Counter, &[&once], STEPS).steps.iter().flatten().map(|step| step.value).sum::<f64>();
        assert!(drawn < 0.5, "{drawn}");
        let whole = |from_s, to_s| total(&[&once, &once], from_s, to_s).1.value;
        assert!((whole(100, 147) - 2.0).abs() < f64::EPSILON);
        assert!(whole(100, 146).abs() < f64::EPSILON, "nobody has seen it yet");
        assert!(whole(147, 150).abs() < f64::EPSILON, "it was before");
        let anew = series("a", &[(100, 7.0), (110, 8.0), (120, 2.0)]);
        assert!((total(&[&anew], 100, 120).1.value - 3.0).abs() < f64::EPSILON);
    }

    #[test]
    fn gauges_stand_until_nobody_says_so_any_more() {
        check(
            Kind::Gauge,
            &[series("a", &[(112, 4.0)]), series("b", &[(135, 2.0)])],
            &[None, Some(4.0), Some(4.0), Some(6.0)],
        );
        check(Kind::Gauge, &[series("a", &[(25, 4.0)])], &[Some(4.0), None, None, None]);
    }

    #[test]
    fn groups_are_by_label_and_in_order() {
        let drawn = draw(
            Kind::Gauge,
            &[series("b", &[(100, 1.0)]), series("a", &[(100, 2.0)])],
            &["role".to_owned()],
            &[],
            STEPS,
        );
        let short: Vec<_> = drawn.iter().map(|line| (line.labels["role"].as_str(), line.values[0])).collect();
        assert_eq!(short, [("a", Some(2.0)), ("b", Some(1.0))]);
    }

    #[test]
    fn histograms_are_told_as_rate_and_quantiles_of_what_came() {
        let point = |at_s, counts: [f64; 3]| Point { at_s, value: 0.0, counts: counts.into() };
        let one = Series {
            labels: Labels::new(),
            bounds: vec![0.1, 0.5, f64::INFINITY],
            points: vec![point(100, [100.0; 3]), point(110, [150.0, 190.0, 200.0])],
        };
        let drawn = draw(Kind::Histogram, &[one], &[], &[0.5, 0.7, 0.99], STEPS);
        let short: Vec<_> = drawn.iter().map(|line| (line.stat.as_str(), line.values[0])).collect();
        assert_eq!(short[..2], [("rate", Some(10.0)), ("p50", Some(0.1))]);
        assert_eq!((short[2].0, short[3]), ("p70", ("p99", Some(0.5))));
        assert!(short[2].1.is_some_and(|value| (value - 0.3).abs() < 1e-9));
        assert_eq!(drawn[1].values[1], None, "nothing came, so nothing was slow");
    }
}
