//! The service under test: one operation for every way to end.

use std::future::{Ready, ready};
use std::sync::Arc;
use std::time::{Duration, Instant};

use axum::extract::State;
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse as _, Response};
use bijou_chassis::{BoxError, Caller, Context, Form, Json, Path, Query, Reject, RequestContext, Service};
use bijou_problem::Problem;
use serde::{Deserialize, Serialize};
use serde_json::json;
use tokio::sync::Notify;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

/// The role it plays.
pub const ROLE: &str = "catalog";

/// Lets a test hold a request in flight.
#[derive(Clone, Default)]
pub struct Held {
    pub arrived: Arc<Notify>,
    pub go_on: Arc<Notify>,
}

#[derive(Debug, Deserialize, Serialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
struct TestThing {
    name: String,
    age: u8,
}

#[derive(Debug, Deserialize, utoipa::IntoParams)]
#[serde(deny_unknown_fields)]
struct Page {
    limit: Option<u16>,
}

#[utoipa::path(post, path = "/v1/things", request_body = TestThing, responses((status = 201, body = TestThing)))]
async fn create_thing(Json(thing): Json<TestThing>) -> Response {
    (StatusCode::CREATED, Json(thing)).into_response()
}

#[utoipa::path(get, path = "/v1/things", params(Page), responses((status = 200, body = Object)))]
async fn list_things(Query(page): Query<Page>) -> Json<serde_json::Value> {
    Json(json!({ "limit": page.limit }))
}

#[utoipa::path(get, path = "/v1/things/{number}", params(("number" = u32, Path)), responses(
    (status = 200, body = Object), (status = 404, body = Problem, content_type = "application/problem+json")))]
async fn get_thing(Path(number): Path<u32>) -> Result<Json<serde_json::Value>, Reject> {
    if number == 7 {
        return Ok(Json(json!({ "number": number })));
    }
    let problem = Problem::new(StatusCode::NOT_FOUND, "thing-not-found").detail(format!("no thing {number}"));
    Err(Reject::new(problem).because(std::io::Error::other("looked everywhere")))
}

#[utoipa::path(get, path = "/v1/caller", responses((status = 200, body = Object)))]
async fn get_caller(caller: Caller, context: RequestContext) -> Json<serde_json::Value> {
    Json(json!({
        "account": caller.account(),
        "service": caller.service(),
        "request_id": context.request_id(),
        "left_ms": context.deadline().remaining(Instant::now()).as_millis() as u64,
    }))
}

#[utoipa::path(get, path = "/v1/account", responses((status = 200, body = Object),
    (status = 401, body = Problem, content_type = "application/problem+json")))]
async fn get_account(caller: Caller) -> Result<Json<serde_json::Value>, Reject> {
    Ok(Json(json!({ "account": caller.require_account()? })))
}

#[utoipa::path(get, path = "/v1/panic", responses((status = 200, body = Object)))]
async fn panic() -> Json<()> {
    panic!("the answer is missing")
}

#[utoipa::path(get, path = "/v1/slow", responses((status = 200, body = Object)))]
async fn slow() -> Json<()> {
    tokio::time::sleep(Duration::from_mins(1)).await;
    Json(())
}

#[utoipa::path(get, path = "/v1/bare", responses((status = 410, body = Problem, content_type = "application/problem+json")))]
async fn bare() -> StatusCode {
    StatusCode::GONE
}

#[derive(Debug, Deserialize, utoipa::ToSchema)]
struct TestGrant {
    grant_type: String,
}

#[utoipa::path(post, path = "/oauth/token", request_body(content = TestGrant, content_type = "application/x-www-form-urlencoded"),
    responses((status = 200, body = Object), (status = "4XX", body = Object)))]
async fn token(Form(grant): Form<TestGrant>) -> Json<serde_json::Value> {
    Json(json!({ "grant_type": grant.grant_type }))
}

#[utoipa::path(get, path = "/.well-known/jwks.json", responses((status = 200, body = Object)))]
async fn jwks() -> Json<serde_json::Value> {
    Json(json!({ "keys": [] }))
}

#[utoipa::path(get, path = "/v1/held", responses((status = 200, body = Object)))]
async fn hold(State(held): State<Held>) -> Json<serde_json::Value> {
    held.arrived.notify_one();
    held.go_on.notified().await;
    Json(json!({ "held": true }))
}

fn oauth_error(problem: &Problem) -> Response {
    let error = if problem.status == StatusCode::UNAUTHORIZED { "invalid_client" } else { "invalid_request" };
    let body = Json(json!({ "error": error, "error_description": problem.title }));
    (problem.status, [(header::CACHE_CONTROL, "no-store")], body).into_response()
}

/// Its routes and manners.
pub fn build(held: Held) -> impl FnOnce(Context) -> Ready<Result<Service, BoxError>> + Send + 'static {
    move |_| ready(Ok(Service::new(router(held)).with_error_form("/oauth", oauth_error)))
}

/// Its routes alone.
pub fn router(held: Held) -> OpenApiRouter {
    OpenApiRouter::new()
        .routes(routes!(create_thing, list_things))
        .routes(routes!(get_thing))
        .routes(routes!(get_caller))
        .routes(routes!(get_account))
        .routes(routes!(panic))
        .routes(routes!(slow))
        .routes(routes!(bare))
        .routes(routes!(token))
        .routes(routes!(jwks))
        .routes(routes!(hold))
        .with_state(held)
}
