//! The endpoints every role has: probes, metrics, its document, its keys, and the outbox where there is one.

use std::sync::Arc;

use axum::Router;
use axum::response::{IntoResponse as _, Response};
use axum::routing::get;
use bijou_passport::{KEYS_PATH, Signer};
use bijou_problem::Problem;
use bijou_telemetry::Metrics;
use bytes::Bytes;
use http::header::{CACHE_CONTROL, CONTENT_TYPE};
use http::{Method, StatusCode, Uri};
use serde::Serialize;
use utoipa::openapi::OpenApi;

use crate::Reject;
use crate::extract::Json;
use crate::lifecycle::{Phase, PhaseCell};
use crate::readiness::{Check, Readiness};

/// What the probes tell of.
#[derive(Clone)]
pub(crate) struct Probes {
    pub(crate) role: &'static str,
    pub(crate) instance_id: Arc<str>,
    pub(crate) version: &'static str,
    pub(crate) phase: PhaseCell,
    pub(crate) readiness: Readiness,
    pub(crate) metrics: Metrics,
    pub(crate) signer: Arc<Signer>,
}

#[derive(Serialize)]
struct Healthz {
    status: &'static str,
    role: &'static str,
    instance_id: Arc<str>,
    version: &'static str,
}

#[derive(Serialize)]
struct Readyz {
    ready: bool,
    role: &'static str,
    instance_id: Arc<str>,
    phase: &'static str,
    checks: Vec<Check>,
}

/// Routes of the role's own, beside the service's.
pub(crate) fn routes(probes: Probes, document: &OpenApi) -> Router {
    let document = Bytes::from(serde_json::to_vec(document).expect("an OpenAPI document serialises"));
    let keys = Bytes::from(probes.signer.jwks().to_string());
    let (health, ready, metrics) = (probes.clone(), probes.clone(), probes);
    Router::new()
        .route("/healthz", get(async move || health_of(&health)))
        .route("/readyz", get(async move || ready_of(&ready)))
        .route("/metrics", get(async move || metrics_of(&metrics)))
        .route("/openapi.json", get(async move || json_bytes(document)))
        .route(KEYS_PATH, get(async move || json_bytes(keys)))
}

/// Alive: the runtime answers. It says nothing about others, or a broken database would get every instance killed.
fn health_of(probes: &Probes) -> Response {
    let Probes { role, instance_id, version, .. } = probes.clone();
    uncached(Json(Healthz { status: "ok", role, instance_id, version }).into_response())
}

fn ready_of(probes: &Probes) -> Response {
    let report = probes.readiness.report();
    let phase = probes.phase.get();
    let ready = report.ready && phase == Phase::Serving;
    let body = Readyz {
        ready,
        role: probes.role,
        instance_id: Arc::clone(&probes.instance_id),
        phase: phase.name(),
        checks: report.checks,
    };
    let mut response = Json(body).into_response();
    if !ready {
        *response.status_mut() = StatusCode::SERVICE_UNAVAILABLE;
    }
    uncached(response)
}

fn metrics_of(probes: &Probes) -> Response {
    uncached(([(CONTENT_TYPE, bijou_telemetry::CONTENT_TYPE)], probes.metrics.encode()).into_response())
}

fn json_bytes(bytes: Bytes) -> Response {
    uncached(([(CONTENT_TYPE, "application/json")], bytes).into_response())
}

fn uncached(mut response: Response) -> Response {
    response.headers_mut().insert(CACHE_CONTROL, http::HeaderValue::from_static("no-store"));
    response
}

/// 404 for a path no route has.
pub(crate) async fn unknown_route(uri: Uri) -> Reject {
    let problem = Problem::new(StatusCode::NOT_FOUND, "route-not-found")
        .title("There is nothing at this path")
        .detail(format!("no operation has the path `{}`", uri.path()));
    Reject::new(problem)
}

/// 405 for a method the path does not have; `Allow` names those it has.
pub(crate) async fn unknown_method(method: Method, uri: Uri) -> Reject {
    let problem = Problem::new(StatusCode::METHOD_NOT_ALLOWED, "method-not-allowed")
        .title("The path does not take this method")
        .detail(format!("`{}` does not take {method}", uri.path()));
    Reject::new(problem)
}
