//! Synthetic checks: their history, and running one now.

use axum::extract::State;
use bijou_chassis::{Json, Query, Reject};
use bijou_problem::Problem;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use super::Operator;
use crate::audit::{Actor, Change};
use crate::checks::{Check, Step};
use crate::time;

/// Checks on a page, unless asked otherwise, and at most.
const LIMIT: i64 = 50;
const LIMIT_MAX: i64 = 500;

/// Which checks to show.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct Filter {
    /// At most so many, up to 500.
    limit: Option<i64>,
    /// The `next` of the page before.
    before: Option<i64>,
}

/// A finished check.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = ConsoleCheck)]
pub struct CheckView {
    /// RFC 3339, UTC.
    at: String,
    took_ms: u64,
    /// `schedule`, or who asked.
    by: String,
    passed: bool,
    /// The steps that were made; the ones after a failed one are only for leaving.
    steps: Vec<Step>,
}

/// A page of checks, newest first.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = ConsoleChecks)]
pub struct ChecksView {
    /// Whether there is an account to check as (`console.checks`).
    configured: bool,
    /// The pause between two; absent when none are made by themselves.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    every_s: Option<u64>,
    items: Vec<CheckView>,
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    next: Option<i64>,
}

impl From<Check> for CheckView {
    fn from(check: Check) -> Self {
        Self {
            at: time::rfc3339_ms(u64::try_from(check.at_ms).unwrap_or_default()),
            took_ms: check.took_ms,
            passed: check.failed().is_none(),
            by: check.by,
            steps: check.steps,
        }
    }
}

/// List synthetic checks
///
/// Sign in, search, play ten seconds through the gateway: how it went, newest first, for a week.
#[utoipa::path(
    get, path = "/api/checks", tag = "checks", params(Filter),
    responses(
        (status = 200, description = "A page, newest first", body = ChecksView),
        (status = 401, description = "Not signed in", body = Problem, content_type = "application/problem+json"),
        (status = 503, description = "The database is away", body = Problem, content_type = "application/problem+json"),
    )
)]
pub async fn list_checks(
    State(operator): State<Operator>,
    Query(filter): Query<Filter>,
) -> Result<Json<ChecksView>, Reject> {
    let limit = filter.limit.unwrap_or(LIMIT).clamp(1, LIMIT_MAX);
    // One more than asked for tells whether there is a next page.
    let mut items = operator.checks.list(filter.before, limit + 1).await.map_err(Reject::unavailable)?;
    let has_more = items.len() as i64 > limit;
    items.truncate(usize::try_from(limit).unwrap_or(usize::MAX));
    Ok(Json(ChecksView {
        configured: operator.checks.are_configured(),
        every_s: operator.checks.every_s(),
        next: items.last().filter(|_| has_more).map(|check| check.at_ms),
        items: items.into_iter().map(CheckView::from).collect(),
    }))
}

/// Run a synthetic check now
///
/// Answers when it is over. A check that fails is an answer, too.
#[utoipa::path(
    post, path = "/api/checks/run", tag = "checks",
    responses(
        (status = 200, description = "How it went", body = CheckView),
        (status = 401, description = "Not signed in", body = Problem, content_type = "application/problem+json"),
        (status = 403, description = "Another page", body = Problem, content_type = "application/problem+json"),
        (status = 409, description = "`checks-not-configured`, `check-running`", body = Problem, content_type = "application/problem+json"),
        (status = 503, description = "`audit-unavailable`, or the result cannot be kept", body = Problem, content_type = "application/problem+json"),
    )
)]
pub async fn run_check(State(operator): State<Operator>, actor: Actor) -> Result<Json<CheckView>, Reject> {
    let turn = operator.checks.admit()?;
    let change = Change { action: "check.run", target: "gateway".to_owned(), ..Change::default() };
    operator.audit.record(&actor, change).await?;
    let check = turn.run(actor.who()).await.map_err(Reject::unavailable)?;
    Ok(Json(check.into()))
}
