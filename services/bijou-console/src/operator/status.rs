//! Who is there, and how the console itself is.

use axum::extract::State;
use bijou_chassis::Json;
use bijou_problem::Problem;
use serde::Serialize;
use utoipa::ToSchema;

use super::Operator;
use crate::domain::memory::Fill;
use crate::instances::{InstancesView, instances};
use crate::state::ReceivedView;

/// List instances
///
/// With lease age, health and the last minute of each, and what came from outside: both by what is counted of every request.
#[utoipa::path(
    get, path = "/api/instances", tag = "instances",
    responses(
        (status = 200, description = "Everybody the registry knows", body = InstancesView),
        (status = 401, description = "Not signed in", body = Problem, content_type = "application/problem+json"),
    )
)]
pub async fn list_instances(State(operator): State<Operator>) -> Json<InstancesView> {
    let Operator { registry, registry_url, context, book, shared, .. } = &operator;
    Json(instances(registry.as_deref(), registry_url, &context.discovery, book, shared).await)
}

/// The console's own state.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = ConsoleStatus)]
pub struct StatusView {
    traces: Fill,
    /// Who follows the live stream.
    readers: usize,
    received: ReceivedView,
}

/// Show how full the memory is
#[utoipa::path(
    get, path = "/api/status", tag = "status",
    responses(
        (status = 200, description = "Fill, readers, records received", body = StatusView),
        (status = 401, description = "Not signed in", body = Problem, content_type = "application/problem+json"),
    )
)]
pub async fn get_status(State(operator): State<Operator>) -> Json<StatusView> {
    let traces = operator.shared.memory().fill();
    Json(StatusView { traces, readers: operator.shared.readers(), received: operator.shared.received() })
}
