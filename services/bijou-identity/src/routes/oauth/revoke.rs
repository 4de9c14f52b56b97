//! Revocation (RFC 7009): ends the session a refresh token belongs to.
//!
//! Holding the token is enough, as for our own apps there is no client to authenticate. Access tokens cannot be
//! revoked; being asked to is no error (RFC 7009, 2.2).

use axum::extract::State;
use axum::response::{IntoResponse, Response};
use bijou_chassis::note_person;
use http::header::{CACHE_CONTROL, SET_COOKIE};
use http::{HeaderMap, StatusCode};
use utoipa::ToSchema;

use super::{Fields, Parameters};
use crate::oauth_error::{OauthError, OauthErrorBody};
use crate::routes::{Shared, grant};
use crate::{cookie, told};

/// Parameters of a revocation.
#[derive(Debug, ToSchema)]
#[schema(as = IdentityRevocation)]
#[expect(dead_code, reason = "only describes the form, which is read leniently")]
pub(crate) struct Revocation {
    /// The refresh token; absent when it is in the cookie.
    #[schema(nullable = false)]
    token: Option<String>,
}

/// Revoke a refresh token
#[utoipa::path(
    post,
    path = "/oauth/revoke",
    tag = "identity",
    request_body(content = Revocation, content_type = "application/x-www-form-urlencoded"),
    responses(
        (status = 200, description = "The token is of no use (any more)"),
        (status = 400, description = "`invalid_request`", body = OauthErrorBody),
        (status = 401, description = "`invalid_client`", body = OauthErrorBody),
        (status = 415, description = "`invalid_request`", body = OauthErrorBody),
        (status = 503, description = "`temporarily_unavailable`", body = OauthErrorBody),
    )
)]
pub(crate) async fn revoke_token(
    State(identity): Shared,
    headers: HeaderMap,
    form: Fields,
) -> Result<Response, OauthError> {
    let parameters = Parameters::read(form.0)?;
    let in_form = parameters.get("token");
    let in_cookie = cookie::read(&headers).filter(|_| in_form.is_none());
    let uses_cookie = in_cookie.is_some();
    let token = in_form.map(str::to_owned).or(in_cookie).ok_or(OauthError::InvalidRequest("`token` is missing"))?;
    let revoked = identity.store.revoke_by_token(&grant::hash(&token), identity.clock.now_ms()).await?;
    if let Some(revoked) = revoked {
        note_person(&revoked.account_id, Some(&revoked.session_id));
        told::signed_out(&revoked.account_id, &revoked.session_id, true);
    }
    let mut response = (StatusCode::OK, [(CACHE_CONTROL, "no-store")]).into_response();
    if uses_cookie {
        response.headers_mut().insert(SET_COOKIE, cookie::remove(identity.config.sessions.cookie_secure));
    }
    Ok(response)
}
