//! The internal listener for operators' tools: metrics, stories, routes, filters, instances, explanations.
//!
//! Only CONSOLE may ask, by its passport for GATEWAY; `/metrics` and `/healthz` are open, as in every role. What changes
//! something is the chassis' (`/-/`: log level, restart, faults).

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;
use std::sync::{Arc, PoisonError};
use std::time::SystemTime;

use axum::extract::{Path, Query, Request, State};
use axum::http::{HeaderMap, StatusCode, header};
use axum::middleware::{self, Next};
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use axum::{Json, Router};
use bijou_chassis::Caller;
use bijou_passport::{Passport, Verifier, VerifyError};
use bijou_problem::{MEDIA_TYPE, Problem};
use serde::Deserialize;
use serde_json::{Value, json};
use tokio_util::sync::CancellationToken;
use tracing::error;

use crate::balance::HealthState;
use crate::explain::{Question, explain};
use crate::shared::Shared;
use crate::story::Record;

/// The role that may look.
const OPERATORS_ROLE: &str = "console";
/// Stories given at once.
const STORIES_MAX: usize = 500;
const STORIES_DEFAULT: usize = 100;

struct Admin {
    shared: Arc<Shared>,
    verifier: Verifier,
}

/// Serves until told to stop.
pub(crate) async fn serve(
    shared: Arc<Shared>,
    verifier: Verifier,
    listener: std::net::TcpListener,
    control: Option<Router>,
    stop: CancellationToken,
) {
    let admin = Arc::new(Admin { shared, verifier });
    let app = Router::new()
        .route("/requests", get(requests))
        .route("/requests/{id}", get(request))
        .route("/routes", get(routes))
        .route("/filters", get(filters))
        .route("/instances", get(instances))
        .route("/-/explain", get(explained))
        .merge(control.unwrap_or_default().with_state(()))
        .merge(bijou_chassis::fault_routes(admin.shared.faults.clone()).with_state(()))
        .layer(middleware::from_fn_with_state(Arc::clone(&admin), only_console))
        .route("/metrics", get(metrics))
        .route("/healthz", get(|| async { Json(json!({ "status": "alive" })) }))
        .fallback(|| async { answer(&Problem::new(StatusCode::NOT_FOUND, "no-route")) })
        .with_state(admin);
    let listener = match tokio::net::TcpListener::from_std(listener) {
        Ok(listener) => listener,
        Err(source) => return error!(error = %source, "the admin listener could not be used"),
    };
    if let Err(source) = axum::serve(listener, app).with_graceful_shutdown(stop.cancelled_owned()).await {
        error!(error = %source, "the admin listener has ended");
    }
}

async fn only_console(State(admin): State<Arc<Admin>>, mut request: Request, next: Next) -> Response {
    match check(&admin.verifier, request.headers()).await {
        Ok(passport) => {
            request.extensions_mut().insert(Caller::of(passport));
            next.run(request).await
        }
        Err(problem) => answer(&problem),
    }
}

async fn check(verifier: &Verifier, headers: &HeaderMap) -> Result<Arc<Passport>, Problem> {
    let refused = |code: &'static str| Problem::new(StatusCode::UNAUTHORIZED, code);
    let token = headers
        .get(bijou_passport::HEADER)
        .and_then(|value| value.to_str().ok())
        .ok_or_else(|| refused("passport-missing"))?;
    let passport = verifier.verify(token, SystemTime::now()).await.map_err(|error| {
        refused(match error {
            VerifyError::Expired { .. } => "passport-expired",
            VerifyError::WrongAudience { .. } => "passport-wrong-audience",
            _ => "passport-invalid",
        })
    })?;
    if passport.service() == Some(OPERATORS_ROLE) {
        return Ok(passport);
    }
    Err(Problem::new(StatusCode::FORBIDDEN, "console-only").detail("only the console may look in here"))
}

fn answer(problem: &Problem) -> Response {
    (problem.status, [(header::CONTENT_TYPE, MEDIA_TYPE)], problem.to_bytes()).into_response()
}

async fn metrics(State(admin): State<Arc<Admin>>) -> Response {
    ([(header::CONTENT_TYPE, bijou_telemetry::CONTENT_TYPE)], metrics_text(&admin.shared)).into_response()
}

/// Everything that is counted, as OpenMetrics text.
pub(crate) fn metrics_text(shared: &Shared) -> String {
    let mut text = String::with_capacity(32 * 1024);
    shared.stats.write(&mut text);
    text.push_str("# HELP bijou_gateway_filter_waiting Requests waiting in a filter.\n# TYPE bijou_gateway_filter_waiting gauge\n");
    for (filter, waiting, _) in shared.chain.waiting() {
        let _ = writeln!(text, "bijou_gateway_filter_waiting{{filter=\"{filter}\"}} {waiting}");
    }
    let _ = write_faults(&mut text, shared);
    let _ = write_edges(&mut text, shared);
    // What waits to be exported and what was lost, as every role shows it.
    if let Some(role) = &shared.role {
        text.push_str(bijou_telemetry::Metrics::for_role(role).encode().trim_end_matches("# EOF\n"));
    }
    text.push_str("# HELP bijou_gateway_token_key_fetches Fetches of identity's key set.\n# TYPE bijou_gateway_token_key_fetches counter\n");
    let _ = writeln!(text, "bijou_gateway_token_key_fetches_total {}\n# EOF", shared.keys.fetches());
    text
}

fn write_faults(text: &mut String, shared: &Shared) -> std::fmt::Result {
    text.push_str("# HELP bijou_faults_injected Requests struck by a fault that an operator put in.\n# TYPE bijou_faults_injected counter\n");
    for (kind, count) in shared.faults.struck() {
        writeln!(text, "bijou_faults_injected_total{{kind=\"{kind}\"}} {count}")?;
    }
    Ok(())
}

/// What goes to whom, and how many instances of each some worker sends nothing because they failed several times in a row.
fn write_edges(text: &mut String, shared: &Shared) -> std::fmt::Result {
    let settings = shared.settings.load_full();
    let routes = settings.table.routes().iter();
    let apps = routes.map(|route| (Arc::clone(&route.id), Arc::clone(route.target.name()))).collect();
    shared.stats.write_edges(text, &apps)?;
    let mut open: BTreeMap<String, BTreeSet<Arc<str>>> = BTreeMap::new();
    for view in shared.instance_views() {
        let open = open.entry(view.application.to_ascii_lowercase()).or_default();
        if view.state == HealthState::Tripped.name() {
            open.insert(view.instance_id);
        }
    }
    text.push_str("# HELP bijou_edge_breakers_open Instances of a role whose breaker is open, as seen from here.\n# TYPE bijou_edge_breakers_open gauge\n");
    for (app, instances) in open {
        writeln!(text, "bijou_edge_breakers_open{{to=\"{app}\"}} {}", instances.len())?;
    }
    Ok(())
}

/// What to list.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct RequestsQuery {
    limit: Option<usize>,
    /// `success`, `local`, `client` or `origin`; `failed` for local and origin together.
    category: Option<String>,
    route: Option<String>,
    account: Option<String>,
    /// Only those that took at least so long.
    took_us_min: Option<u64>,
}

impl RequestsQuery {
    fn covers(&self, record: &Record) -> bool {
        let category = self
            .category
            .as_deref()
            .is_none_or(|wanted| wanted == record.category || (wanted == "failed" && record.is_failure()));
        let route = self.route.as_deref().is_none_or(|wanted| record.route.as_deref() == Some(wanted));
        let account = self.account.as_deref().is_none_or(|wanted| record.account.as_deref() == Some(wanted));
        category && route && account && self.took_us_min.is_none_or(|min| record.took_us >= min)
    }
}

async fn requests(State(admin): State<Arc<Admin>>, Query(query): Query<RequestsQuery>) -> Json<Value> {
    let limit = query.limit.unwrap_or(STORIES_DEFAULT).min(STORIES_MAX);
    let stories = admin.shared.stories();
    let items: Vec<_> = stories.iter().filter(|record| query.covers(record)).take(limit).collect();
    Json(json!({ "items": items }))
}

async fn request(State(admin): State<Arc<Admin>>, Path(id): Path<String>) -> Response {
    match admin.shared.find_story(&id) {
        Some(record) => Json(&*record).into_response(),
        None => answer(
            &Problem::new(StatusCode::NOT_FOUND, "request-not-found").detail("it was not kept, or is forgotten by now"),
        ),
    }
}

async fn explained(State(admin): State<Arc<Admin>>, Query(question): Query<Question>) -> Response {
    match explain(&admin.shared, &question) {
        Ok(explanation) => Json(explanation).into_response(),
        Err(wrong) => {
            let problem = Problem::new(StatusCode::UNPROCESSABLE_ENTITY, "question-invalid");
            answer(&problem.title("There can be no such request").detail(wrong))
        }
    }
}

async fn routes(State(admin): State<Arc<Admin>>) -> Json<Value> {
    let settings = admin.shared.settings.load_full();
    let reloads = admin.shared.stats.reloads.lock().unwrap_or_else(PoisonError::into_inner).clone();
    let items: Vec<Value> = settings
        .table
        .routes()
        .iter()
        .map(|route| {
            json!({
                "id": &*route.id,
                "application": &**route.target.name(),
                "hosts": route.config.hosts,
                "paths": route.config.paths,
                "methods": route.config.methods,
                "access": format!("{:?}", route.access).to_ascii_lowercase(),
                "scopes": route.scopes,
                "passport_audience": &*route.audience,
                "rate_limit": route.rate_limit.as_ref().map(|policy| policy.policy_field.to_str().unwrap_or_default()),
                "authorizer": route.config.authorizer,
                "timeout_ms": route.timeout.as_millis() as u64,
                "attempt_ms": route.attempt_timeout.as_millis() as u64,
                "body_bytes_max": route.body_bytes_max,
                "retry": route.retry,
                "compress": route.compress,
                "requests": route.stats.iter().map(crate::stats::RouteStats::requests).sum::<u64>(),
                "in_flight": route.stats.iter().map(|stats| stats.in_flight.get()).fold(0, u64::wrapping_add),
            })
        })
        .collect();
    Json(json!({
        "items": items,
        "reloads": { "accepted": reloads.accepted, "rejected": reloads.rejected, "last_error": reloads.last_error },
    }))
}

async fn filters(State(admin): State<Arc<Admin>>) -> Json<Value> {
    let order = admin.shared.chain.order();
    let waiting: Vec<Value> = admin.shared.chain.waiting().into_iter()
        .map(|(filter, waiting, waiting_max)| json!({ "filter": filter, "waiting": waiting, "waiting_max": waiting_max }))
        .collect();
    Json(json!({ "inbound": order.inbound, "outbound": order.outbound, "waiting": waiting }))
}

async fn instances(State(admin): State<Arc<Admin>>) -> Json<Value> {
    Json(json!({ "items": admin.shared.instance_views(), "registry_connected": admin.shared.discovery.is_connected() }))
}
