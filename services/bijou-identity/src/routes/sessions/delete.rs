//! Signing out, here or on another device.

use axum::extract::State;
use axum::response::{IntoResponse, Response};
use bijou_chassis::{Caller, Path, Reject};
use bijou_problem::Problem;
use http::StatusCode;
use http::header::SET_COOKIE;

use crate::error::IdentityError;
use crate::routes::Shared;
use crate::{cookie, told};

/// The name of the session a request belongs to.
const CURRENT: &str = "current";

/// End a session
///
/// Its refresh token stops working at once, its access token when its ten minutes are over.
#[utoipa::path(
    delete,
    path = "/v1/sessions/{session_id}",
    tag = "identity",
    params(("session_id" = String, Path, description = "An id of `GET /v1/sessions`, or `current`")),
    responses(
        (status = 204, description = "It is over"),
        (status = 401, description = "`sign-in-required`", body = Problem, content_type = "application/problem+json"),
        (status = 403, description = "`kids-profile`: a child signs out here and nowhere else", body = Problem, content_type = "application/problem+json"),
        (status = 404, description = "`session-not-found`: never was, is over already, or is somebody else's", body = Problem, content_type = "application/problem+json"),
    )
)]
pub(crate) async fn delete_session(
    State(identity): Shared,
    caller: Caller,
    Path(id): Path<String>,
) -> Result<Response, Reject> {
    let account = caller.require_account()?;
    let current = caller.passport().claims.session.as_deref();
    let id = match (id.as_str(), current) {
        (CURRENT, Some(current)) => current,
        (CURRENT, None) => return Err(IdentityError::SessionNotFound.into()),
        (other, _) => other,
    };
    if caller.passport().claims.kids && current != Some(id) {
        return Err(IdentityError::KidsProfile.into());
    }
    let revoked = identity.store.revoke_session(id, account, identity.clock.now_ms()).await;
    if !revoked.map_err(IdentityError::from)? {
        return Err(IdentityError::SessionNotFound.into());
    }
    let is_own = current == Some(id);
    told::signed_out(account, id, is_own);
    let mut response = StatusCode::NO_CONTENT.into_response();
    if is_own {
        response.headers_mut().insert(SET_COOKIE, cookie::remove(identity.config.sessions.cookie_secure));
    }
    Ok(response)
}
