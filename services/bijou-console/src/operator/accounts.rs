//! Whose an e-mail address is: a complaint names an address, everything that is kept names an account.

use axum::extract::State;
use bijou_chassis::{Json, Reject};
use bijou_client::{CallContext, CallError};
use bijou_problem::Problem;
use http::StatusCode;
use serde::{Deserialize, Serialize};
use serde_json::json;
use utoipa::ToSchema;

use super::Operator;
use crate::audit::{Actor, Change};

/// Where accounts are.
const IDENTITY: &str = "IDENTITY";

/// An address as somebody complained from it.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = ConsoleAccountWanted)]
pub struct Wanted {
    #[schema(example = "ada@example.org")]
    email: String,
}

/// The account of an address.
#[derive(Debug, Deserialize, Serialize, ToSchema)]
#[schema(as = ConsoleAccountFound)]
pub struct Found {
    /// What sessions, requests and log lines name it by.
    account_id: String,
}

/// Find the account of an e-mail address
///
/// Identity is asked, and who wanted to know it is recorded with the account, not with the address.
#[utoipa::path(
    post, path = "/api/accounts/find", tag = "sessions", request_body = Wanted,
    responses(
        (status = 200, description = "Its account", body = Found),
        (status = 401, description = "Not signed in", body = Problem, content_type = "application/problem+json"),
        (status = 403, description = "Another page", body = Problem, content_type = "application/problem+json"),
        (status = 404, description = "`account-not-found`", body = Problem, content_type = "application/problem+json"),
        (status = 422, description = "`email-invalid`", body = Problem, content_type = "application/problem+json"),
        (status = 503, description = "`identity-away`, `audit-unavailable`", body = Problem, content_type = "application/problem+json"),
    )
)]
pub async fn find_account(
    State(operator): State<Operator>,
    actor: Actor,
    Json(Wanted { email }): Json<Wanted>,
) -> Result<Json<Found>, Reject> {
    let call = CallContext::service();
    let asked = json!({ "email": email.trim() });
    // Asking twice is asking once.
    let request = operator.context.client.to(IDENTITY).post("/v1/diagnoses/accounts").json(&asked).idempotent(true);
    let found: Found = request.context(&call).send_json().await.map_err(refused)?;
    let target = format!("account:{}", found.account_id);
    operator.audit.record(&actor, Change { action: "sessions.find-account", target, ..Change::default() }).await?;
    Ok(Json(found))
}

/// What is wrong with the address is the operator's to know; everything else is identity's trouble.
fn refused(error: CallError) -> Reject {
    match error {
        CallError::Problem { status: StatusCode::NOT_FOUND, problem, .. } if problem.code == "account-not-found" => {
            Reject::new(*problem)
        }
        CallError::Problem { status: StatusCode::UNPROCESSABLE_ENTITY, problem, .. } => Reject::new(*problem),
        other => {
            let problem = Problem::new(StatusCode::SERVICE_UNAVAILABLE, "identity-away")
                .title("Addresses cannot be looked up for a moment")
                .detail("Identity does not answer; sessions are found by account id and device without it.");
            Reject::new(problem).with_retry_after_s(2).because(other)
        }
    }
}
