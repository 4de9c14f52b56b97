//! One instance: everything about it, and what an operator may do to it. Each change is recorded before it is made.

use axum::extract::State;
use bijou_chassis::{Json, Path, Reject};
use bijou_problem::Problem;
use http::StatusCode;
use serde::{Deserialize, Serialize};
use serde_json::json;
use utoipa::ToSchema;

use super::Operator;
use crate::audit::{Actor, Change};
use crate::instances::control::{self, Instance, NewLevel, Setting};
use crate::instances::{InstanceView, instances};

/// Longest reason.
const REASON_LENGTH_MAX: usize = 500;

/// One instance with everything about it.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = ConsoleInstanceDetail)]
pub struct DetailView {
    instance: InstanceView,
    /// Absent when it cannot be asked: see `problem`.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    state: Option<control::State>,
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    configuration: Option<Vec<Setting>>,
    /// Why it cannot be asked: `instance-not-controllable` or `instance-unreachable`.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    problem: Option<String>,
}

/// Why something is done.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = ConsoleReason)]
pub struct Reason {
    /// Recorded in the audit.
    #[schema(example = "looking for the slow query")]
    reason: String,
}

/// A log level for a while.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = ConsoleNewLogLevel)]
pub struct LevelFor {
    /// `debug`, or by target: `info,bijou_catalog=debug`.
    level: String,
    /// After so many seconds, an hour at most, it falls back by itself.
    duration_s: u64,
    /// Recorded in the audit.
    reason: String,
}

/// Show an instance
///
/// Lease, health and last minute; its limits, log level and effective configuration by its own words.
#[utoipa::path(
    get, path = "/api/instances/{app}/{id}", tag = "instances",
    params(("app" = String, Path, description = "`CATALOG`"), ("id" = String, Path, description = "Instance id")),
    responses(
        (status = 200, description = "Everything about it", body = DetailView),
        (status = 401, description = "Not signed in", body = Problem, content_type = "application/problem+json"),
        (status = 404, description = "No such instance", body = Problem, content_type = "application/problem+json"),
    )
)]
pub async fn get_instance(
    State(operator): State<Operator>,
    Path((app, id)): Path<(String, String)>,
) -> Result<Json<DetailView>, Reject> {
    let Operator { registry, registry_url, context, book, shared, .. } = &operator;
    let all = instances(registry.as_deref(), registry_url, &context.discovery, book, shared).await;
    let instance = all.items.into_iter().find(|item| item.app == app && item.instance_id == id);
    let instance = instance.ok_or_else(control::not_found)?;
    let asked = async {
        let found = find(&operator, &app, &id)?;
        Ok::<_, Reject>((found.state().await?, found.settings().await?))
    };
    let (state, configuration, problem) = match asked.await {
        Ok((state, settings)) => (Some(state), Some(settings), None),
        Err(reject) => (None, None, Some(reject.problem().code.to_string())),
    };
    Ok(Json(DetailView { instance, state, configuration, problem }))
}

/// Change an instance's log level
///
/// It falls back by itself.
#[utoipa::path(
    put, path = "/api/instances/{app}/{id}/log-level", tag = "instances", request_body = LevelFor,
    params(("app" = String, Path, description = "`CATALOG`"), ("id" = String, Path, description = "Instance id")),
    responses(
        (status = 200, description = "Changed", body = control::State),
        (status = 401, description = "Not signed in", body = Problem, content_type = "application/problem+json"),
        (status = 403, description = "Another page", body = Problem, content_type = "application/problem+json"),
        (status = 404, description = "No such instance", body = Problem, content_type = "application/problem+json"),
        (status = 409, description = "It cannot be changed", body = Problem, content_type = "application/problem+json"),
        (status = 422, description = "`log-level-unknown`, `duration-refused`, `reason-missing`", body = Problem, content_type = "application/problem+json"),
        (status = 502, description = "It does not answer", body = Problem, content_type = "application/problem+json"),
        (status = 503, description = "`audit-unavailable`", body = Problem, content_type = "application/problem+json"),
    )
)]
pub async fn put_log_level(
    State(operator): State<Operator>,
    actor: Actor,
    Path((app, id)): Path<(String, String)>,
    Json(new): Json<LevelFor>,
) -> Result<Json<control::State>, Reject> {
    let reason = reason(new.reason)?;
    let instance = find(&operator, &app, &id)?;
    let before = instance.state().await?;
    let change = Change {
        action: "log-level.set",
        target: format!("{app}/{id}"),
        before: Some(json!({ "level": before.log.level })),
        after: Some(json!({ "level": new.level, "duration_s": new.duration_s })),
        reason: Some(reason),
    };
    operator.audit.record(&actor, change).await?;
    let level = NewLevel { level: &new.level, duration_s: new.duration_s };
    instance.set_level(&level).await.map(Json)
}

/// Take an instance out
///
/// Nobody is sent there any more; what it works on is finished. Lasts until it is put back or restarted.
#[utoipa::path(
    post, path = "/api/instances/{app}/{id}/drain", tag = "instances", request_body = Reason,
    params(("app" = String, Path, description = "`CATALOG`"), ("id" = String, Path, description = "Instance id")),
    responses(
        (status = 200, description = "Taken out", body = control::State),
        (status = 401, description = "Not signed in", body = Problem, content_type = "application/problem+json"),
        (status = 403, description = "Another page", body = Problem, content_type = "application/problem+json"),
        (status = 404, description = "No such instance", body = Problem, content_type = "application/problem+json"),
        (status = 409, description = "It cannot be changed", body = Problem, content_type = "application/problem+json"),
        (status = 422, description = "`reason-missing`", body = Problem, content_type = "application/problem+json"),
        (status = 502, description = "It does not answer", body = Problem, content_type = "application/problem+json"),
        (status = 503, description = "`audit-unavailable`", body = Problem, content_type = "application/problem+json"),
    )
)]
pub async fn drain_instance(
    State(operator): State<Operator>,
    actor: Actor,
    Path((app, id)): Path<(String, String)>,
    Json(why): Json<Reason>,
) -> Result<Json<control::State>, Reject> {
    let reason = reason(why.reason)?;
    let instance = find(&operator, &app, &id)?;
    let before = instance.state().await?;
    operator.audit.record(&actor, drained("instance.drain", &app, &id, before.drained, Some(reason))).await?;
    instance.drain().await.map(Json)
}

/// Put an instance back
#[utoipa::path(
    delete, path = "/api/instances/{app}/{id}/drain", tag = "instances",
    params(("app" = String, Path, description = "`CATALOG`"), ("id" = String, Path, description = "Instance id")),
    responses(
        (status = 200, description = "Put back", body = control::State),
        (status = 401, description = "Not signed in", body = Problem, content_type = "application/problem+json"),
        (status = 403, description = "Another page", body = Problem, content_type = "application/problem+json"),
        (status = 404, description = "No such instance", body = Problem, content_type = "application/problem+json"),
        (status = 409, description = "It cannot be changed", body = Problem, content_type = "application/problem+json"),
        (status = 502, description = "It does not answer", body = Problem, content_type = "application/problem+json"),
        (status = 503, description = "`audit-unavailable`", body = Problem, content_type = "application/problem+json"),
    )
)]
pub async fn undrain_instance(
    State(operator): State<Operator>,
    actor: Actor,
    Path((app, id)): Path<(String, String)>,
) -> Result<Json<control::State>, Reject> {
    let instance = find(&operator, &app, &id)?;
    let before = instance.state().await?;
    operator.audit.record(&actor, drained("instance.undrain", &app, &id, before.drained, None)).await?;
    instance.undrain().await.map(Json)
}

/// Restart an instance
///
/// It finishes what it works on and ends; under `bijou up` it is started again. Elsewhere 409 `not-supervised`.
#[utoipa::path(
    post, path = "/api/instances/{app}/{id}/restart", tag = "instances", request_body = Reason,
    params(("app" = String, Path, description = "`CATALOG`"), ("id" = String, Path, description = "Instance id")),
    responses(
        (status = 202, description = "It is on its way down"),
        (status = 401, description = "Not signed in", body = Problem, content_type = "application/problem+json"),
        (status = 403, description = "Another page", body = Problem, content_type = "application/problem+json"),
        (status = 404, description = "No such instance", body = Problem, content_type = "application/problem+json"),
        (status = 409, description = "`not-supervised`, `instance-not-controllable`", body = Problem, content_type = "application/problem+json"),
        (status = 422, description = "`reason-missing`", body = Problem, content_type = "application/problem+json"),
        (status = 502, description = "It does not answer", body = Problem, content_type = "application/problem+json"),
        (status = 503, description = "`audit-unavailable`", body = Problem, content_type = "application/problem+json"),
    )
)]
pub async fn restart_instance(
    State(operator): State<Operator>,
    actor: Actor,
    Path((app, id)): Path<(String, String)>,
    Json(why): Json<Reason>,
) -> Result<StatusCode, Reject> {
    let reason = reason(why.reason)?;
    let instance = find(&operator, &app, &id)?;
    let before = instance.state().await?;
    let change = Change {
        action: "instance.restart",
        target: format!("{app}/{id}"),
        before: Some(json!({ "phase": before.phase, "version": before.version })),
        after: None,
        reason: Some(reason),
    };
    operator.audit.record(&actor, change).await?;
    instance.restart().await?;
    Ok(StatusCode::ACCEPTED)
}

fn find(operator: &Operator, app: &str, id: &str) -> Result<Instance, Reject> {
    Instance::find(&operator.context.client, &operator.context.discovery, app, id)
}

fn drained(action: &'static str, app: &str, id: &str, before: bool, reason: Option<String>) -> Change {
    Change {
        action,
        target: format!("{app}/{id}"),
        before: Some(json!({ "drained": before })),
        after: Some(json!({ "drained": action == "instance.drain" })),
        reason,
    }
}

/// The reason somebody gave: a few words at least, or the audit is worth nothing later.
pub(super) fn reason(given: String) -> Result<String, Reject> {
    let length = given.trim().chars().count();
    if (1..=REASON_LENGTH_MAX).contains(&length) {
        return Ok(given.trim().to_owned());
    }
    let problem = Problem::new(StatusCode::UNPROCESSABLE_ENTITY, "reason-missing")
        .title("Say why")
        .detail(format!("`reason` takes 1 to {REASON_LENGTH_MAX} characters; they are kept in the audit"));
    Err(Reject::new(problem))
}
