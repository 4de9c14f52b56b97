//! Whose an address is: identity's part when an operator follows a viewer's complaint.

use axum::extract::State;
use bijou_chassis::{Caller, Json, Reject};
use bijou_problem::Problem;
use http::StatusCode;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::domain::email::Email;
use crate::error::IdentityError;
use crate::routes::Shared;

/// The one who asks.
const CONSOLE: &str = "console";

/// The address a viewer complained from.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = IdentityWhose)]
pub(crate) struct Whose {
    #[schema(example = "ada@example.org")]
    email: String,
}

/// The account of an address: its id and no more.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = IdentityAccountDiagnosis)]
pub(crate) struct AccountDiagnosis {
    account_id: String,
}

/// Say whose an e-mail address is
///
/// For the console only, which records who wanted to know. By a body: addresses stand in no path and no log.
#[utoipa::path(
    post,
    path = "/v1/diagnoses/accounts",
    tag = "services",
    request_body = Whose,
    responses(
        (status = 200, description = "Its account", body = AccountDiagnosis),
        (status = 403, description = "`service-only`", body = Problem, content_type = "application/problem+json"),
        (status = 404, description = "`account-not-found`", body = Problem, content_type = "application/problem+json"),
        (status = 422, description = "`email-invalid`", body = Problem, content_type = "application/problem+json"),
        (status = 503, description = "`unavailable`", body = Problem, content_type = "application/problem+json"),
    )
)]
pub(crate) async fn find_account(
    State(identity): Shared,
    caller: Caller,
    Json(whose): Json<Whose>,
) -> Result<Json<AccountDiagnosis>, Reject> {
    caller.require_role(CONSOLE)?;
    let email = Email::parse(&whose.email).map_err(IdentityError::from)?;
    let found = identity.store.account_by_email(&email).await.map_err(IdentityError::from)?;
    let (account, _) = found.ok_or_else(|| {
        let problem = Problem::new(StatusCode::NOT_FOUND, "account-not-found");
        Reject::new(problem.title("There is no account with this e-mail address"))
    })?;
    Ok(Json(AccountDiagnosis { account_id: account.id }))
}
