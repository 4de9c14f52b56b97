//! The fault lab: put a fault in, see what it strikes, take it out, take all of them out. Recorded before it is done.

use axum::extract::State;
use bijou_chassis::{Json, Path, Reject};
use bijou_client::{FaultKind, FaultPlace};
use bijou_problem::Problem;
use http::StatusCode;
use serde::Serialize;
use serde_json::json;
use utoipa::ToSchema;

use super::Operator;
use super::instances::reason;
use crate::audit::{Actor, Change};
use crate::faults::{Fault, FaultPlan, NewFault, ROLES, told};
use crate::time;

/// Faults, and how far one may go.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = ConsoleFaults)]
pub struct FaultsView {
    /// Running ones first, then the last that are over; the newest first.
    items: Vec<FaultView>,
    /// Largest share of the requests at one place, in percent.
    percent_max: u8,
    /// Longest time.
    duration_s_max: u64,
    /// Roles between which calls can be broken.
    roles: Vec<&'static str>,
}

/// A fault that was put in.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = ConsoleFault)]
pub struct FaultView {
    id: String,
    /// `running`, `ended` (by itself) or `stopped`.
    state: &'static str,
    /// `delay`, `abort` or `limit`.
    kind: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    delay_ms: Option<u64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    status: Option<u16>,
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    per_second: Option<u32>,
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    route: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    from: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    to: Option<String>,
    percent: u8,
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    accounts_percent: Option<u8>,
    /// RFC 3339, UTC.
    started_at: String,
    /// When it ends or ended, RFC 3339, UTC.
    ends_at: String,
    by: String,
    reason: String,
    /// Requests it struck.
    hits: u64,
    /// Instances that had it when they were told last.
    instances: usize,
    /// Instances that could not be told; there it ends within seconds.
    instances_not_told: usize,
}

impl From<Fault> for FaultView {
    fn from(fault: Fault) -> Self {
        let (delay_ms, status, per_second) = match fault.plan.does {
            FaultKind::Delay { ms } => (Some(ms), None, None),
            FaultKind::Abort { status } => (None, Some(status), None),
            FaultKind::Limit { per_second } => (None, None, Some(per_second.get())),
        };
        let (route, from, to) = match fault.plan.at.clone() {
            FaultPlace::Route { route } => (Some(route), None, None),
            FaultPlace::Edge { from, to } => (None, from, Some(to)),
        };
        let moment = |at| time::rfc3339(time::unix_ns(at));
        Self {
            id: fault.id.to_string(),
            state: match fault.over {
                None => "running",
                Some((_, false)) => "ended",
                Some((_, true)) => "stopped",
            },
            kind: fault.plan.does.name(),
            delay_ms,
            status,
            per_second,
            route,
            from,
            to,
            percent: fault.plan.percent,
            accounts_percent: fault.plan.accounts_percent,
            started_at: moment(fault.started),
            ends_at: moment(fault.over.map_or(fault.ends_at, |(at, _)| at)),
            hits: fault.hits(),
            by: fault.by,
            reason: fault.reason,
            instances: fault.told,
            instances_not_told: fault.not_told,
        }
    }
}

/// List faults
///
/// Those that run and the last fifty that are over, with the requests each has struck.
#[utoipa::path(
    get, path = "/api/faults", tag = "faults",
    responses(
        (status = 200, description = "Running ones first", body = FaultsView),
        (status = 401, description = "Not signed in", body = Problem, content_type = "application/problem+json"),
    )
)]
pub async fn list_faults(State(operator): State<Operator>) -> Json<FaultsView> {
    let limits = operator.faults.limits();
    Json(FaultsView {
        items: operator.faults.list().into_iter().map(FaultView::from).collect(),
        percent_max: limits.percent_max,
        duration_s_max: limits.duration_s_max,
        roles: ROLES.to_vec(),
    })
}

/// Put a fault in
///
/// A delay, an answer or a limit, at a route of the gateway or where one role calls another. It ends by itself, and when
/// the console is gone.
#[utoipa::path(
    post, path = "/api/faults", tag = "faults", request_body = NewFault,
    responses(
        (status = 201, description = "It is in force", body = FaultView),
        (status = 401, description = "Not signed in", body = Problem, content_type = "application/problem+json"),
        (status = 403, description = "Another page", body = Problem, content_type = "application/problem+json"),
        (status = 409, description = "`too-many-faults`", body = Problem, content_type = "application/problem+json"),
        (status = 422, description = "`fault-invalid`, `fault-too-large`, `fault-too-long`, `reason-missing`", body = Problem, content_type = "application/problem+json"),
        (status = 503, description = "`audit-unavailable`", body = Problem, content_type = "application/problem+json"),
    )
)]
pub async fn start_fault(
    State(operator): State<Operator>,
    actor: Actor,
    Json(new): Json<NewFault>,
) -> Result<(StatusCode, Json<FaultView>), Reject> {
    let refused = |refused: crate::faults::Refused| Reject::new(refused.problem());
    let plan = FaultPlan::of(&new, &operator.faults.limits()).map_err(refused)?;
    operator.faults.check(&plan).map_err(refused)?;
    let reason = reason(new.reason)?;
    let change = Change {
        action: "fault.start",
        target: plan.place(),
        after: Some(told(&plan)),
        reason: Some(reason.clone()),
        ..Change::default()
    };
    operator.audit.record(&actor, change).await?;
    let fault = operator.faults.start(plan, actor.who(), reason).await;
    Ok((StatusCode::CREATED, Json(fault.into())))
}

/// Take a fault out
#[utoipa::path(
    delete, path = "/api/faults/{id}", tag = "faults",
    params(("id" = String, Path, description = "Its id")),
    responses(
        (status = 204, description = "It is over"),
        (status = 401, description = "Not signed in", body = Problem, content_type = "application/problem+json"),
        (status = 403, description = "Another page", body = Problem, content_type = "application/problem+json"),
        (status = 404, description = "It does not run", body = Problem, content_type = "application/problem+json"),
        (status = 503, description = "`audit-unavailable`", body = Problem, content_type = "application/problem+json"),
    )
)]
pub async fn stop_fault(
    State(operator): State<Operator>,
    actor: Actor,
    Path(id): Path<String>,
) -> Result<StatusCode, Reject> {
    let Some(fault) = operator.faults.find(&id) else {
        let problem = Problem::new(StatusCode::NOT_FOUND, "fault-not-found")
            .title("No such fault runs")
            .detail("It may have ended by itself meanwhile.");
        return Err(Reject::new(problem));
    };
    let change = Change {
        action: "fault.stop",
        target: fault.plan.place(),
        before: Some(told(&fault.plan)),
        ..Change::default()
    };
    operator.audit.record(&actor, change).await?;
    operator.faults.stop(Some(&id)).await;
    Ok(StatusCode::NO_CONTENT)
}

/// Take all faults out
///
/// Whatever runs. Done even when it cannot be recorded: what is broken on purpose must always be mendable.
#[utoipa::path(
    delete, path = "/api/faults", tag = "faults",
    responses(
        (status = 204, description = "Nothing is broken on purpose any more"),
        (status = 401, description = "Not signed in", body = Problem, content_type = "application/problem+json"),
        (status = 403, description = "Another page", body = Problem, content_type = "application/problem+json"),
        (status = 503, description = "`audit-unavailable`: done, but not recorded", body = Problem, content_type = "application/problem+json"),
    )
)]
pub async fn stop_faults(State(operator): State<Operator>, actor: Actor) -> Result<StatusCode, Reject> {
    let running: Vec<_> = operator.faults.list().into_iter().filter(|fault| fault.over.is_none()).collect();
    operator.faults.stop(None).await;
    let before = running.iter().map(|fault| told(&fault.plan)).collect::<Vec<_>>();
    let change = Change {
        action: "fault.stop-all",
        target: "faults".to_owned(),
        before: Some(json!(before)),
        ..Change::default()
    };
    operator.audit.record(&actor, change).await?;
    Ok(StatusCode::NO_CONTENT)
}
