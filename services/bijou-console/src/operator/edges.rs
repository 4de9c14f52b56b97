//! The edges of the map: who calls whom, and how it goes.

use axum::extract::State;
use bijou_chassis::{Json, Query, Reject};
use bijou_problem::Problem;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use super::Operator;
use super::metrics::{steps, until_s};
use crate::archive::Stretch;
use crate::domain::edges::{Calls, Edge, edges};
use bijou_telemetry::openmetrics::Labels;

/// How far back, unless asked otherwise, in seconds.
const REACH_S: i64 = 60;

/// Which time to tell of.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct Asked {
    /// From then on, RFC 3339; a minute ago without it.
    since: Option<String>,
    /// Until then, RFC 3339; now without it.
    until: Option<String>,
}

/// One role calling another.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = ConsoleEdge)]
pub struct EdgeView {
    from: String,
    to: String,
    /// Attempts at calls, retries among them.
    calls: f64,
    per_second: f64,
    /// Not answered, or with 500 and above.
    failed: f64,
    /// Attempts behind the first of their call.
    retries: f64,
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    p50_ms: Option<f64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    p99_ms: Option<f64>,
    /// Instances of the called role that get nothing now because they failed several times in a row.
    breakers_open: u64,
}

impl From<Edge> for EdgeView {
    fn from(edge: Edge) -> Self {
        let Edge { from, to, calls, per_second, failed, retries, p50_ms, p99_ms, breakers_open } = edge;
        Self { from, to, calls, per_second, failed, retries, p50_ms, p99_ms, breakers_open }
    }
}

/// Who calls whom, the busiest first.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = ConsoleEdges)]
pub struct EdgesView {
    items: Vec<EdgeView>,
}

/// Show who calls whom
///
/// Rate, errors, duration, retries and open breakers of every edge, by what callers count of every call.
#[utoipa::path(
    get, path = "/api/edges", tag = "overview", params(Asked),
    responses(
        (status = 200, description = "The busiest first", body = EdgesView),
        (status = 400, description = "A parameter is wrong", body = Problem, content_type = "application/problem+json"),
        (status = 401, description = "Not signed in", body = Problem, content_type = "application/problem+json"),
        (status = 503, description = "The archive is away", body = Problem, content_type = "application/problem+json"),
    )
)]
pub async fn list_edges(
    State(operator): State<Operator>,
    Query(asked): Query<Asked>,
) -> Result<Json<EdgesView>, Reject> {
    let steps = steps(asked.since.as_deref(), asked.until.as_deref(), None, REACH_S)?;
    let until_s = until_s(asked.until.as_deref())?;
    let archive = operator.shared.archive();
    let (all, stretch) = (Labels::new(), Stretch::of(steps).until(until_s));
    let points = async |name: &str| archive.points(name, &all, stretch).await.map(|found| found.series);
    let (attempts, failures, retries, seconds, breakers_open) = tokio::try_join!(
        points("bijou_edge_attempts"),
        points("bijou_edge_failures"),
        points("bijou_edge_retries"),
        points("bijou_edge_seconds"),
        points("bijou_edge_breakers_open"),
    )
    .map_err(Reject::unavailable)?;
    let told = edges(&Calls { attempts, failures, retries, seconds, breakers_open }, steps, until_s);
    Ok(Json(EdgesView { items: told.into_iter().map(EdgeView::from).collect() }))
}
