//! Metrics over time: which there are, and graphs of one by its labels.

use std::collections::BTreeMap;
use std::time::SystemTime;

use axum::extract::State;
use bijou_chassis::{Json, Query, Reject};
use bijou_problem::Problem;
use http::StatusCode;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use super::Operator;
use super::asked::{moment, not_accepted};
use crate::archive::{Example, Stretch};
use crate::domain::series::{LOOKED_AT_EVERY_S, Steps, draw};
use crate::time;
use bijou_telemetry::openmetrics::Labels;

/// How far back, unless asked otherwise, in seconds.
const REACH_S: i64 = 3_600;

/// Steps of a graph: more than a screen has room for says nothing.
const STEPS_MAX: i64 = 500;

/// Shortest step in seconds: everybody is asked once in that.
const STEP_MIN_S: i64 = 10;

/// Lines of a graph, the strongest first.
const LINES_MAX: usize = 150;

/// Examples told with a graph, the largest first.
const EXAMPLES_MAX: usize = 40;

/// A metric.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = ConsoleMetric)]
pub struct MetricView {
    name: String,
    /// `counter`, `gauge` or `histogram`.
    kind: &'static str,
    /// `seconds`, `bytes`; empty where it is a number of things.
    unit: String,
    help: String,
    /// Label names and their values.
    labels: BTreeMap<String, Vec<String>>,
}

/// Every metric there are numbers of.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = ConsoleMetrics)]
pub struct MetricsView {
    items: Vec<MetricView>,
}

/// List metrics
///
/// Of every instance, asked every ten seconds; `role` and `instance` are labels of all.
#[utoipa::path(
    get, path = "/api/metrics", tag = "metrics",
    responses(
        (status = 200, description = "By name", body = MetricsView),
        (status = 401, description = "Not signed in", body = Problem, content_type = "application/problem+json"),
        (status = 503, description = "The archive is away", body = Problem, content_type = "application/problem+json"),
    )
)]
pub async fn list_metrics(State(operator): State<Operator>) -> Result<Json<MetricsView>, Reject> {
    let known = operator.shared.archive().metrics().await.map_err(Reject::unavailable)?;
    let items = known.into_iter().map(|known| MetricView {
        kind: known.family.kind.as_str(),
        name: known.family.name,
        unit: known.family.unit,
        help: known.family.help,
        labels: known.labels.into_iter().map(|(name, values)| (name, values.into_iter().collect())).collect(),
    });
    Ok(Json(MetricsView { items: items.collect() }))
}

/// What to draw.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct Asked {
    /// The metric, as the list has it.
    name: String,
    /// Only series with these labels: `role=catalog,http_route=/v1/home`.
    labels: Option<String>,
    /// A line for each value of these labels: `role,http_route`. Without it all series are one line.
    by: Option<String>,
    /// Quantiles of a histogram, above 0 and up to 1, such as `0.5,0.99`, which is what is told without it.
    quantiles: Option<String>,
    /// Seconds a step, 10 at least; without it so many that the graph has about a hundred.
    step_s: Option<i64>,
    /// From then on, RFC 3339; an hour ago without it.
    since: Option<String>,
    /// Until then, RFC 3339; without it until everybody was asked last, some ten seconds ago.
    until: Option<String>,
}

/// One line of a graph.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = ConsoleGraphLine)]
pub struct LineView {
    labels: Labels,
    /// `value` (of a gauge), `rate` (a second), or a quantile such as `p99`.
    stat: String,
    /// One for each step; null where nothing is known, or nothing came that could be slow.
    values: Vec<Option<f64>>,
}

/// A measurement that leads to a request.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = ConsoleExemplar)]
pub struct ExemplarView {
    /// RFC 3339, UTC.
    at: String,
    value: f64,
    trace_id: String,
    labels: Labels,
}

impl From<Example> for ExemplarView {
    fn from(example: Example) -> Self {
        Self {
            at: time::rfc3339_ms(u64::try_from(example.at_s).unwrap_or_default() * 1_000),
            value: example.exemplar.value,
            trace_id: example.exemplar.trace_id,
            labels: example.labels,
        }
    }
}

/// A graph.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = ConsoleGraph)]
pub struct GraphView {
    name: String,
    /// `counter`, `gauge` or `histogram`.
    kind: &'static str,
    unit: String,
    /// End of the first step, RFC 3339, UTC.
    first_at: String,
    step_s: i64,
    /// The 150 strongest at most; those of one group stand together.
    lines: Vec<LineView>,
    /// Lines that were left out.
    left_out: usize,
    /// More points than can be looked at: the graph lacks some. Narrow it.
    is_cut: bool,
    /// Where roles send them, the largest first.
    exemplars: Vec<ExemplarView>,
}

/// Draw a metric
///
/// Counters as rates a second, histograms as rates and quantiles, gauges as they stood; summed over series of one group.
#[utoipa::path(
    get, path = "/api/metrics/query", tag = "metrics", params(Asked),
    responses(
        (status = 200, description = "Its lines", body = GraphView),
        (status = 400, description = "A parameter is wrong", body = Problem, content_type = "application/problem+json"),
        (status = 401, description = "Not signed in", body = Problem, content_type = "application/problem+json"),
        (status = 404, description = "No such metric", body = Problem, content_type = "application/problem+json"),
        (status = 503, description = "The archive is away", body = Problem, content_type = "application/problem+json"),
    )
)]
pub async fn query_metric(
    State(operator): State<Operator>,
    Query(asked): Query<Asked>,
) -> Result<Json<GraphView>, Reject> {
    let (since, until) = (asked.since.as_deref(), asked.until.as_deref());
    let steps = steps(since, until, asked.step_s, REACH_S)?;
    let wanted = labels(asked.labels.as_deref().unwrap_or_default())?;
    let quantiles = quantiles(asked.quantiles.as_deref().unwrap_or("0.5,0.99"))?;
    let by: Vec<_> = parts(asked.by.as_deref().unwrap_or_default()).map(str::to_owned).collect();
    let archive = operator.shared.archive();
    let family = archive.family(&asked.name).await.map_err(Reject::unavailable)?.ok_or_else(|| {
        let problem = Problem::new(StatusCode::NOT_FOUND, "metric-not-found")
            .title("There is no metric of this name")
            .detail("`/api/metrics` lists those that are kept; a new one is there within ten seconds.");
        Reject::new(problem)
    })?;
    let found = archive.points(&family.name, &wanted, Stretch::of(steps)).await.map_err(Reject::unavailable)?;
    let drawn = draw(family.kind, &found.series, &by, &quantiles, steps);
    let per_group = if drawn.iter().any(|line| line.stat == "rate" || line.stat == "value") {
        drawn.iter().take_while(|line| line.labels == drawn[0].labels).count()
    } else {
        1
    };
    let mut groups: Vec<_> = drawn.chunks(per_group.max(1)).map(<[_]>::to_vec).collect();
    let strength = |group: &Vec<crate::domain::series::Drawn>| group[0].values.iter().flatten().sum::<f64>();
    groups.sort_by(|a, b| strength(b).total_cmp(&strength(a)));
    let kept = (LINES_MAX / per_group.max(1)).max(1);
    let left_out = groups.len().saturating_sub(kept) * per_group;
    let lines = groups.into_iter().take(kept).flatten();
    let mut examples = found.examples;
    examples.retain(|example| example.at_s > steps.from_s);
    examples.sort_by(|a, b| b.exemplar.value.total_cmp(&a.exemplar.value));
    examples.dedup_by(|a, b| a.exemplar.trace_id == b.exemplar.trace_id);
    examples.truncate(EXAMPLES_MAX);
    Ok(Json(GraphView {
        name: family.name,
        kind: family.kind.as_str(),
        unit: family.unit,
        first_at: time::rfc3339_ms(u64::try_from(steps.from_s + steps.step_s).unwrap_or_default() * 1_000),
        step_s: steps.step_s,
        lines: lines.map(|line| LineView { labels: line.labels, stat: line.stat, values: line.values }).collect(),
        left_out,
        is_cut: found.is_cut,
        exemplars: examples.into_iter().map(ExemplarView::from).collect(),
    }))
}

/// Until when a count reaches: to the moment asked for, or to now.
pub fn until_s(until: Option<&str>) -> Result<i64, Reject> {
    let until = moment("until", until)?.unwrap_or_else(|| time::unix_ns(SystemTime::now()));
    Ok((until / 1_000_000_000) as i64)
}

/// Whole steps, the last of them over and known; `reach_s` seconds back without `since`.
pub fn steps(since: Option<&str>, until: Option<&str>, step_s: Option<i64>, reach_s: i64) -> Result<Steps, Reject> {
    let seconds = |ns: u64| (ns / 1_000_000_000) as i64;
    let now_ns = time::unix_ns(SystemTime::now());
    // Of the last seconds nobody has been asked yet.
    let to_s = moment("until", until)?.map_or(seconds(now_ns) - LOOKED_AT_EVERY_S, seconds);
    let from_s = moment("since", since)?.map_or(to_s - reach_s, seconds);
    if from_s >= to_s {
        return Err(not_accepted("since", "is not before `until`"));
    }
    let about_a_hundred = ((to_s - from_s) / 100 / STEP_MIN_S).max(1) * STEP_MIN_S;
    let step_s = step_s.unwrap_or(about_a_hundred);
    if step_s < STEP_MIN_S {
        return Err(not_accepted("step_s", "is less than 10"));
    }
    let count = (to_s - from_s) / step_s;
    if !(1..=STEPS_MAX).contains(&count) {
        return Err(not_accepted("step_s", "makes no step, or more than 500 of them"));
    }
    // Steps begin at multiples of their length, so that a graph asked for again has the same ones.
    let from_s = (to_s / step_s - count) * step_s;
    Ok(Steps { from_s, step_s, count: count as usize })
}

fn labels(text: &str) -> Result<Labels, Reject> {
    let pair = |part: &str| {
        let (name, value) =
            part.split_once('=').ok_or_else(|| not_accepted("labels", "is not of the form `name=value`"))?;
        Ok((name.to_owned(), value.to_owned()))
    };
    parts(text).map(pair).collect()
}

fn quantiles(text: &str) -> Result<Vec<f64>, Reject> {
    let quantile = |part: &str| {
        let number = part.parse::<f64>().ok().filter(|number| *number > 0.0 && *number <= 1.0);
        number.ok_or_else(|| not_accepted("quantiles", "has something that is not above 0 and up to 1"))
    };
    parts(text).map(quantile).collect()
}

fn parts(text: &str) -> impl Iterator<Item = &str> {
    text.split(',').map(str::trim).filter(|part| !part.is_empty())
}
