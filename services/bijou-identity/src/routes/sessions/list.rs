//! The sign-ins of an account.

use axum::extract::State;
use axum::response::IntoResponse;
use bijou_chassis::{Caller, Json, Reject};
use bijou_problem::Problem;
use http::header::CACHE_CONTROL;
use serde::Serialize;
use utoipa::ToSchema;

use super::SessionBody;
use crate::error::IdentityError;
use crate::routes::Shared;

/// Sessions, most recently used first.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = IdentitySessions)]
pub(crate) struct Sessions {
    items: Vec<SessionBody>,
}

/// The account's sessions
#[utoipa::path(
    get,
    path = "/v1/sessions",
    tag = "identity",
    responses(
        (status = 200, description = "All that go on", body = Sessions),
        (status = 401, description = "`sign-in-required`", body = Problem, content_type = "application/problem+json"),
    )
)]
pub(crate) async fn list_sessions(State(identity): Shared, caller: Caller) -> Result<impl IntoResponse, Reject> {
    let account = caller.require_account()?;
    let current = caller.passport().claims.session.as_deref();
    let sessions = identity.store.sessions(account, identity.clock.now_ms()).await.map_err(IdentityError::from)?;
    let items = sessions.into_iter().map(|session| SessionBody::of(session, current)).collect();
    Ok(([(CACHE_CONTROL, "private, no-store")], Json(Sessions { items })))
}
