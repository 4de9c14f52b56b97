//! What would happen to a request, by the gateway's own words: nothing is sent to a service.

use axum::extract::State;
use bijou_chassis::{Json, Query, Reject};
use bijou_problem::Problem;
use http::StatusCode;

use super::Operator;
use crate::instances::control::Instance;
use crate::instances::explanation::{Explanation, Question};

/// Explain a request
///
/// Which route it would take and why not another, what each filter would say, among whom the balancer would choose and
/// what it would send. The request is not made; nothing is counted.
#[utoipa::path(
    get, path = "/api/explain", tag = "explain", params(Question),
    responses(
        (status = 200, description = "What would happen", body = Explanation),
        (status = 400, description = "`query-invalid`", body = Problem, content_type = "application/problem+json"),
        (status = 401, description = "Not signed in", body = Problem, content_type = "application/problem+json"),
        (status = 409, description = "The gateway cannot explain", body = Problem, content_type = "application/problem+json"),
        (status = 422, description = "`question-invalid`", body = Problem, content_type = "application/problem+json"),
        (status = 502, description = "The gateway does not answer", body = Problem, content_type = "application/problem+json"),
        (status = 503, description = "`no-gateway`: none is registered", body = Problem, content_type = "application/problem+json"),
    )
)]
pub async fn explain_request(
    State(operator): State<Operator>,
    Query(question): Query<Question>,
) -> Result<Json<Explanation>, Reject> {
    let snapshot = operator.context.discovery.snapshot();
    let gateway = snapshot.instances("GATEWAY").first().ok_or_else(no_gateway)?;
    Instance::of(&operator.context.client, gateway).explain(&question).await.map(Json)
}

fn no_gateway() -> Reject {
    let problem = Problem::new(StatusCode::SERVICE_UNAVAILABLE, "no-gateway")
        .title("No gateway is there to explain it")
        .detail("The registry lists none at the moment.");
    Reject::new(problem)
}
