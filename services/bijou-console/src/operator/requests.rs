//! Finished requests: the list, and the story of one.

use axum::extract::State;
use bijou_chassis::{Json, Path, Query, Reject};
use bijou_problem::Problem;
use http::StatusCode;
use serde::{Deserialize, Serialize};
use std::sync::Arc;
use utoipa::{IntoParams, ToSchema};

use super::Operator;
use crate::domain::memory::{Place, Wanted};
use crate::domain::story::{Outcome, Request, Story};

/// Requests on a page, unless asked otherwise, and at most.
const LIMIT: usize = 50;
const LIMIT_MAX: usize = 200;

/// What to show of the list.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct Filter {
    /// At most so many, up to 200.
    limit: Option<usize>,
    /// The `next` of the page before.
    before: Option<String>,
    /// Only those that ended so.
    #[param(value_type = Option<String>)]
    outcome: Option<Outcome>,
    /// Only those that reached this role.
    role: Option<String>,
    /// Only those whose path contains this.
    path: Option<String>,
}

/// A page of finished requests, newest first.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = ConsoleRequestList)]
pub struct RequestList {
    #[schema(value_type = Vec<Request>)]
    items: Vec<Arc<Request>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    next: Option<String>,
}

/// List finished requests
#[utoipa::path(
    get, path = "/api/requests", tag = "requests", params(Filter),
    responses(
        (status = 200, description = "A page, newest first", body = RequestList),
        (status = 401, description = "Not signed in", body = Problem, content_type = "application/problem+json"),
    )
)]
pub async fn list_requests(
    State(operator): State<Operator>,
    Query(filter): Query<Filter>,
) -> Result<Json<RequestList>, Reject> {
    let before = filter.before.as_deref().map(str::parse::<Place>).transpose().map_err(|_| {
        let problem = Problem::new(StatusCode::BAD_REQUEST, "query-invalid")
            .title("A query parameter is not accepted")
            .detail("`before` is not the `next` of another page")
            .with("parameter", "before");
        Reject::new(problem)
    })?;
    let wanted = Wanted {
        outcome: filter.outcome,
        role: filter.role,
        path: filter.path,
        before,
        limit: filter.limit.unwrap_or(LIMIT).clamp(1, LIMIT_MAX),
    };
    let (items, next) = operator.shared.memory().list(&wanted);
    Ok(Json(RequestList { items, next: next.map(|place| place.to_string()) }))
}

/// Tell the story of a request
///
/// By trace id or by request id.
#[utoipa::path(
    get, path = "/api/requests/{id}", tag = "requests", params(("id" = String, Path, description = "Trace id or request id")),
    responses(
        (status = 200, description = "Its story", body = Story),
        (status = 401, description = "Not signed in", body = Problem, content_type = "application/problem+json"),
        (status = 404, description = "Not remembered", body = Problem, content_type = "application/problem+json"),
    )
)]
pub async fn get_request(State(operator): State<Operator>, Path(id): Path<String>) -> Result<Json<Story>, Reject> {
    let story = operator.shared.memory().story(&id);
    story.map(Json).ok_or_else(|| {
        let problem = Problem::new(StatusCode::NOT_FOUND, "request-not-found")
            .title("This request is not remembered")
            .detail("Only the newest requests are, and under load only a part of them is traced.");
        Reject::new(problem)
    })
}
