//! The overview: rate, errors and duration of everything, and the business pulse, by what roles count.

use std::collections::BTreeMap;

use axum::extract::State;
use bijou_chassis::{Json, Query, Reject};
use bijou_problem::Problem;
use bijou_store::StoreError;
use futures_util::future::try_join_all;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use super::Operator;
use super::metrics::{steps, until_s};
use crate::archive::{Archive, Stretch};
use crate::domain::overview::{ANSWERED, Counted, EDGE, Row, TOOK, Traffic, Whose, a_minute, rows, traffic};
use crate::domain::series::Steps;
use crate::time;
use bijou_telemetry::openmetrics::Labels;

/// How far back, unless asked otherwise, in seconds.
const REACH_S: i64 = 900;

/// Routes told, the busiest.
const ROUTES_MAX: usize = 200;

/// The business pulse: what it is called here, and who counts it.
const PULSE: [(&str, &str); 4] = [
    ("starts", "bijou_playback_starts"),
    ("completions", "bijou_playback_completions"),
    ("failures", "bijou_playback_failures"),
    ("rebuffers", "bijou_playback_rebuffers"),
];

/// What to look at.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct Asked {
    /// Draw this role's requests; without it those from outside, which the gateway counts.
    role: Option<String>,
    /// Draw this route's requests, by the name `routes` has; with `role`.
    route: Option<String>,
    /// Seconds a step, 10 at least; without it so many that a graph has about a hundred.
    step_s: Option<i64>,
    /// From then on, RFC 3339; a quarter of an hour ago without it.
    since: Option<String>,
    /// Until then, RFC 3339; without it graphs end when everybody was asked last, some ten seconds ago, and tables now.
    until: Option<String>,
}

/// Requests, step by step; null where nothing is known, or nothing came that could be slow.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = ConsoleTraffic)]
pub struct TrafficView {
    /// A second.
    requests: Vec<Option<f64>>,
    /// A second, answered 5xx.
    failed: Vec<Option<f64>>,
    p50_ms: Vec<Option<f64>>,
    p99_ms: Vec<Option<f64>>,
}

/// Playback, step by step, as so many in the minute before; null where nothing is known.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = ConsolePulse)]
pub struct PulseView {
    /// Viewers who saw the first picture.
    starts: Vec<Option<f64>>,
    /// Viewers who got to the end.
    completions: Vec<Option<f64>>,
    /// Errors that ended a film.
    failures: Vec<Option<f64>>,
    /// Pictures that stood still because nothing was loaded.
    rebuffers: Vec<Option<f64>>,
}

/// A service, or a route, over the whole time.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = ConsoleServed)]
pub struct ServedView {
    role: String,
    /// `GET /v1/titles/{id}`; of the gateway the id of its route.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    route: Option<String>,
    /// How many, whole: graphs divide what came among their steps, tables do not.
    requests: f64,
    /// Over the time something is known of.
    per_second: f64,
    /// Answered 5xx.
    failed: f64,
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    p50_ms: Option<f64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    p99_ms: Option<f64>,
}

impl From<Row> for ServedView {
    fn from(Row { whose: Whose { role, route }, requests, per_second, failed, p50_ms, p99_ms }: Row) -> Self {
        Self { role, route, requests, per_second, failed, p50_ms, p99_ms }
    }
}

/// How the house does.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = ConsoleOverview)]
pub struct OverviewView {
    /// End of the first step, RFC 3339, UTC.
    first_at: String,
    step_s: i64,
    traffic: TrafficView,
    pulse: PulseView,
    /// The busiest first.
    services: Vec<ServedView>,
    /// The busiest first, 200 at most.
    routes: Vec<ServedView>,
    /// More points than can be looked at: numbers lack some.
    is_cut: bool,
}

/// Show how the house does
///
/// Rate, errors and duration by what every role counts of every request, and playback's starts, completions, failures and
/// stalls a minute. Nothing of it is sampled; instances are asked every ten seconds.
#[utoipa::path(
    get, path = "/api/overview", tag = "overview", params(Asked),
    responses(
        (status = 200, description = "Graphs and tables", body = OverviewView),
        (status = 400, description = "A parameter is wrong", body = Problem, content_type = "application/problem+json"),
        (status = 401, description = "Not signed in", body = Problem, content_type = "application/problem+json"),
        (status = 503, description = "The archive is away", body = Problem, content_type = "application/problem+json"),
    )
)]
pub async fn get_overview(
    State(operator): State<Operator>,
    Query(asked): Query<Asked>,
) -> Result<Json<OverviewView>, Reject> {
    let steps = steps(asked.since.as_deref(), asked.until.as_deref(), asked.step_s, REACH_S)?;
    let whose = Whose { role: asked.role.unwrap_or_else(|| EDGE.to_owned()), route: asked.route };
    let until_s = until_s(asked.until.as_deref())?;
    let (counted, mut pulse, is_cut) =
        read(operator.shared.archive(), steps, until_s).await.map_err(Reject::unavailable)?;
    let Traffic { requests, failed, p50_ms, p99_ms } = traffic(&counted, &whose, steps);
    let mut routes = rows(&counted, true, steps, until_s);
    routes.truncate(ROUTES_MAX);
    let mut take = |name: &str| pulse.remove(name).unwrap_or_default();
    let pulse = PulseView {
        starts: take("starts"),
        completions: take("completions"),
        failures: take("failures"),
        rebuffers: take("rebuffers"),
    };
    Ok(Json(OverviewView {
        first_at: time::rfc3339_ms(u64::try_from(steps.from_s + steps.step_s).unwrap_or_default() * 1_000),
        step_s: steps.step_s,
        traffic: TrafficView { requests, failed, p50_ms, p99_ms },
        pulse,
        services: rows(&counted, false, steps, until_s).into_iter().map(ServedView::from).collect(),
        routes: routes.into_iter().map(ServedView::from).collect(),
        is_cut,
    }))
}

type Pulse = BTreeMap<&'static str, Vec<Option<f64>>>;

async fn read(archive: &Archive, steps: Steps, until_s: i64) -> Result<(Counted, Pulse, bool), StoreError> {
    let (all, of_gateway) = (Labels::new(), Labels::from([("role".to_owned(), EDGE.to_owned())]));
    let stretch = Stretch::of(steps);
    let until = stretch.until(until_s);
    let (took, answered) =
        tokio::try_join!(archive.points(TOOK, &all, until), archive.points(ANSWERED, &of_gateway, until))?;
    // A minute before the first step belongs to it.
    let earlier = Stretch { from_s: stretch.from_s - 60, ..stretch };
    let beats = try_join_all(PULSE.iter().map(|(_, name)| archive.points(name, &all, earlier))).await?;
    let is_cut = took.is_cut || answered.is_cut || beats.iter().any(|found| found.is_cut);
    let pulse = PULSE.iter().zip(beats).map(|((name, _), found)| (*name, a_minute(&found.series, steps)));
    let pulse = pulse.collect();
    Ok((Counted { took: took.series, answered: answered.series }, pulse, is_cut))
}
