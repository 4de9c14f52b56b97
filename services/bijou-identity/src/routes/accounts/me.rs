//! Who am I.

use axum::extract::State;
use axum::response::IntoResponse;
use bijou_chassis::{Caller, Json, Reject};
use bijou_problem::Problem;
use http::header::CACHE_CONTROL;

use super::AccountBody;
use crate::error::IdentityError;
use crate::routes::Shared;

/// The signed-in account
#[utoipa::path(
    get,
    path = "/v1/accounts/me",
    tag = "identity",
    responses(
        (status = 200, description = "The account", body = AccountBody),
        (status = 401, description = "`sign-in-required`, `account-gone`", body = Problem, content_type = "application/problem+json"),
    )
)]
pub(crate) async fn get_own_account(State(identity): Shared, caller: Caller) -> Result<impl IntoResponse, Reject> {
    let id = caller.require_account()?;
    let account = identity.store.account(id).await.map_err(IdentityError::from)?;
    let account = account.ok_or(IdentityError::AccountGone)?;
    Ok(([(CACHE_CONTROL, "private, no-store")], Json(AccountBody::from(account))))
}
